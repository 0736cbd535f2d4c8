"""Copying what staff have sent from LINE before LINE forgets it, and carrying out what waited for it."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from admin_commands import book, cards, desk
from bot import coupons, events
from bot.lanes import Sender
from jobs import configuration, heard, media, ports
from jobs import coupons as offered
from storage import clock, database, inbox, outbox
from storage.media import contents, received

AT_ONCE = 4
WISHES = 20
LONGEST_PAUSE = 60.0  # seconds between two tries
GIVE_UP = 1_500  # tries: about a day of them
YOUNG = 3600.0  # seconds in which a file may still be on its way to its name

log = structlog.get_logger()


class Copier:
    """One process's copying; any number of processes may, since each thing is claimed in the database."""

    def __init__(self, line: ports.Line, cache: configuration.Cache, sender: Sender, folder: Path) -> None:
        self._line = line
        self._cache = cache
        self._sender = sender
        self._folder = folder
        self._tasks: set[asyncio.Task[None]] = set()

    async def look(self) -> None:
        """Begin to copy what is wanted, as far as there is room, and carry out wishes that others have left."""
        room = AT_ONCE - len(self._tasks)
        if room > 0:
            for one in await database.repeated(lambda: received.claim(room)):
                task = asyncio.create_task(self._copy(one), name="copy")
                self._tasks.add(task)
                task.add_done_callback(self._done)
        for wish in await received.wishes(WISHES):
            await self._carry_out(wish)

    async def stop(self) -> None:
        """What is on its way is left to whoever finds it when its lease has run out."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("copying failed", error=type(error).__name__, exc_info=error)

    async def _copy(self, one: received.Wanted) -> None:
        try:
            made = await self._fetch(one)
        except media.Unfit as unfit:
            log.info("content unfit", received=one.id, why=unfit.message)
            await database.repeated(lambda: received.lost(one.id, "unfit"))
        except ports.TooLarge:
            await database.repeated(lambda: received.lost(one.id, "unfit"))
        except ports.Never:
            await database.repeated(lambda: received.lost(one.id, "gone"))
        except ports.Later as error:
            if one.tries < GIVE_UP:
                await self._put_off(one, error)
                return
            await database.repeated(lambda: received.lost(one.id, "gone"))
        else:
            await database.repeated(lambda: received.copied(one.id, made))
        for wish in await received.wishes(WISHES):
            await self._carry_out(wish)

    async def _fetch(self, one: received.Wanted) -> contents.Made:
        """The content, fit to be kept. Raises Later, Never and Unfit."""
        path = await asyncio.to_thread(_empty_file, self._folder)
        name = secrets.token_hex(16)
        try:
            with path.open("wb") as file:
                await self._line.content(one.message_id, file, media.MOST[one.kind])
            preview = await self._preview(one) if one.kind == "video" else None
            made = await asyncio.to_thread(media.read, path, one.duration_ms, preview, name)
            if any(version.file for version in made.versions):
                await asyncio.to_thread(_settle, path, self._folder / name)
            return made
        finally:
            path.unlink(missing_ok=True)

    async def _preview(self, one: received.Wanted) -> bytes | None:
        try:
            return await self._line.content_preview(one.message_id, media.MOST_PREVIEW)
        except (ports.Later, ports.Never):
            return None

    async def _put_off(self, one: received.Wanted, error: ports.Later) -> None:
        """Try again soon; whoever waits for it is told once that it takes a while."""
        log.info("content not yet", received=one.id, tries=one.tries, error=type(error).__name__)
        await database.repeated(lambda: received.later(one.id, min(2.0 ** min(one.tries - 1, 10), LONGEST_PAUSE)))
        self._sender.send_soon(await database.repeated(lambda: _tell_to_wait(one.id)))

    async def _carry_out(self, wish: received.Wish) -> None:
        try:
            rows = await database.repeated(lambda: self._answer(wish))
        except desk.CouponsWanted:
            told = await coupons.told(self._line)
            rows = await database.repeated(lambda: self._answer(wish, told))
        self._sender.send_soon(rows)

    async def _answer(self, wish: received.Wish, told: offered.Told | None = None) -> list[int]:
        """The command as if it were said now, quoting what has come; in its chat's lane, as all that is said there."""
        if not await inbox.lock([wish.chat]) or not await received.granted(wish.id):
            return []
        now = await clock.now()
        private = wish.chat == wish.person
        answer = await book.answer(
            desk.Heard(
                chat=wish.chat,
                group=None if private else wish.chat,
                person=wish.person,
                what=heard.Said(wish.command, quoted_message_id=wish.message_id),
                at=now,
                now=now,
                inbox_id=wish.event or 0,
                coupons=told,
            ),
            self._cache,
        )
        if answer is None:
            return []
        return [*await _reply(wish, answer.messages), *answer.rows]


async def _tell_to_wait(received_id: int) -> list[int]:
    wish = await received.waiting_wish(received_id)
    if wish is None:
        return []
    said = cards.Say("📥 受け取り中です。届きしだい登録して、次にどなたかが発言した時にお知らせします。")
    return await _reply(wish, cards.objects(said))


async def _reply(wish: received.Wish, said: Sequence[cards.Message]) -> list[int]:
    """By the reply of the event that still waits for its answer; else with the next word in the chat."""
    event = await inbox.find(wish.event) if wish.event is not None else None
    token = events.read(event.body).reply_token if event is not None else None
    if event is None or token is None:
        await outbox.leave([wish.chat], f"media:{wish.id}", said, wish.person)
        return []
    row = await outbox.answer(wish.chat, wish.person, said, event.id, token)
    return [row] if row is not None else []


def _empty_file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="part-", dir=folder)
    os.close(handle)
    return Path(name)


def _settle(path: Path, name: Path) -> None:
    """Durable under its own name before the database speaks of it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(name)


async def forget(folder: Path) -> None:
    """What is a week old and has no name, what has gone from the bin, and files nothing leads to."""
    await database.repeated(received.forget_old)
    await database.repeated(contents.forget_unused)
    lying = await asyncio.to_thread(_old_files, folder)
    for name in lying.keys() - await contents.files_of(list(lying)):
        lying[name].unlink(missing_ok=True)


def _old_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    newest = _empty_file(folder)  # what time it is, the disk says itself
    young = newest.stat().st_mtime - YOUNG
    newest.unlink()
    return {path.name: path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < young}

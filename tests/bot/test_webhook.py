"""What LINE delivers is acknowledged when it is safe, and not before."""

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hmac import digest
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import aiohttp
import orjson
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot import events, webhook
from jobs import heard
from storage import database, inbox
from tests.simulator.control import Channel, Done

SECRET, NEXT_SECRET = "channel_secret", "next_secret"
BOT = "U" + "b" * 32
YUKI = "U" + "1" * 32
KEN = "U" + "2" * 32
GROUP = "C" + "3" * 32


def event(event_id: str | None = "01A", user: str = YUKI, **more: Any) -> dict[str, Any]:
    named = {} if event_id is None else {"webhookEventId": event_id}
    return {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": user},
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "b60d432864f44d079f6d8efe86cf404b",
        "message": {"type": "text", "id": "1", "text": "こんにちは😊"},
        **named,
        **more,
    }


def payload(*events: Any, destination: str | None = BOT) -> bytes:
    return orjson.dumps({"destination": destination, "events": list(events)})


def signature(body: bytes, secret: str = SECRET) -> str:
    return b64encode(digest(secret.encode(), body, "sha256")).decode()


class Door:
    """The webhook, served."""

    def __init__(self, url: str, session: aiohttp.ClientSession, intake: webhook.Intake, woken: list[str]) -> None:
        self.url, self.session, self.intake, self.woken = url, session, intake, woken

    async def post(self, body: Any, signed: str | None = None, **headers: str) -> int:
        if signed is None and isinstance(body, bytes):
            signed = signature(body)
        sent = headers | ({} if signed is None else {"X-Line-Signature": signed})
        async with self.session.post(self.url, data=body, headers=sent) as answer:
            assert await answer.read() == b""
            return answer.status


@asynccontextmanager
async def serving() -> AsyncIterator[Door]:
    woken: list[str] = []
    intake = webhook.Intake(woken.extend)
    await intake.start()
    app = web.Application()
    app.add_routes(webhook.routes(intake, [SECRET, NEXT_SECRET], lambda: BOT))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{webhook.PATH}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Door(url, session, intake, woken)
    await runner.cleanup()
    await intake.stop(patience=0.2)


@pytest.fixture
async def door(db: str) -> AsyncIterator[Door]:
    async with serving() as door:
        yield door


async def rows() -> list[inbox.InboxEvent]:
    return await inbox.InboxEvent.all().order_by("webhook_event_id")


async def until(true: Any, seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < ends, "it did not happen"
        await asyncio.sleep(0.02)


# What is let in


def test_it_signs_as_line_does() -> None:
    known = "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="
    assert webhook.signed(b"bodybodybodybody", known, [b"channel_secret"])


async def test_it_stores_every_event_of_a_request_before_it_answers(door: Door) -> None:
    odd = event("01B", KEN, invented={"by": ["line", 5, None]})
    assert await door.post(payload(event("01A"), odd, event("01C", source={"type": "group", "groupId": GROUP}))) == 200
    found = await rows()
    assert [(row.webhook_event_id, row.chat, row.state) for row in found] == [
        ("01A", YUKI, "open"),
        ("01B", KEN, "open"),
        ("01C", GROUP, "open"),
    ]
    assert orjson.loads(found[1].body) == odd
    assert found[1].event_at == datetime.fromtimestamp(odd["timestamp"] / 1000, UTC)


async def test_it_wakes_the_chats_that_have_new_work(door: Door) -> None:
    await door.post(payload(event("01A", YUKI), event("01B", KEN), event("01C", YUKI)))
    assert sorted(door.woken) == [YUKI, KEN]
    await door.post(payload(event("01A", YUKI)))
    assert len(door.woken) == 2


async def test_it_takes_a_signature_of_each_secret_in_use(door: Door) -> None:
    body = payload(event())
    assert await door.post(body, signature(body, NEXT_SECRET)) == 200
    async with door.session.post(door.url, data=body, headers={"x-LINE-signature": signature(body)}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "given",
    ["", "x", "=", "é", "\udcff", signature(b"another"), signature(payload(), "wrong"), signature(payload())[:-1]],
)
async def test_it_stores_nothing_without_a_right_signature(door: Door, given: str) -> None:
    assert await door.post(payload(event()), given) == 401
    assert await door.post(payload(event()), signature(payload(event("01B")))) == 401
    assert await rows() == []


async def test_it_stores_nothing_without_any_signature(door: Door) -> None:
    async with door.session.post(door.url, data=payload(event())) as answer:
        assert answer.status == 401
    assert await rows() == []


@pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""]])
def test_it_does_not_start_where_anybody_could_sign(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="channel secret"):
        webhook.routes(webhook.Intake(lambda chats: None), secrets, lambda: None)


async def test_it_takes_a_body_of_a_megabyte_and_no_more(door: Door) -> None:
    frame = len(payload(event(text="")))
    full = payload(event(text="x" * (webhook.LARGEST_BODY - frame)))
    assert len(full) == webhook.LARGEST_BODY
    assert await door.post(full) == 200
    over = full + b" "
    assert await door.post(BytesIO(over), signature(over)) == 413
    assert len(await rows()) == 1


async def test_it_takes_no_more_than_a_megabyte_in_pieces_either(door: Door) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 65536

    assert await door.post(pieces(17)) == 413
    whole = b"x" * 65536 * 16
    assert await door.post(pieces(16), signature(whole)) == 200
    assert [row.state for row in await rows()] == ["unreadable"]


async def test_it_waits_for_no_slow_body(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SLOWEST_BODY", 0.2)
    stuck = asyncio.Event()

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await stuck.wait()

    assert await door.post(trickle()) == 408
    stuck.set()


async def test_it_answers_the_consoles_verify_button(door: Door) -> None:
    assert await door.post(payload()) == 200
    assert await door.post(b'{"events":[]}') == 200
    assert await rows() == []


# What is stored how


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"{}",
        b'{"events":5}',
        b'{"events":null}',
        b"\xff\xfe{}",
        b"[" * 5000,
        b'{"events":[NaN]}',
    ],
)
async def test_it_keeps_whole_what_it_cannot_read(door: Door, body: bytes) -> None:
    assert await door.post(body) == 200
    assert await door.post(body) == 200
    (row,) = await rows()
    assert (row.body, row.state, row.chat) == (body, "unreadable", "")
    assert door.woken == []


async def test_it_reads_the_good_events_beside_one_that_is_none(door: Door) -> None:
    assert await door.post(payload(event("01A"), 7, event("01B", KEN))) == 200
    assert sorted(row.state for row in await rows()) == ["open", "open", "unreadable"]


async def test_it_keeps_what_postgresql_text_could_not_hold(door: Door) -> None:
    body = rb'{"events":[{"webhookEventId":"01A","message":{"text":"a\ud83d\u0000b"}}]}'
    assert await door.post(body) == 200
    (row,) = await rows()
    assert row.state == "open"
    assert b"\\ud83d\\u0000b" in row.body


@pytest.mark.parametrize("odd", [None, 5, "", "x" * 65, "a\0", "\ud800", "..", "歩み"])
async def test_it_gives_an_event_without_an_id_one_that_stays(door: Door, odd: object) -> None:
    nameless = event(None) if odd is None else event(webhookEventId=odd)
    again = nameless | {"deliveryContext": {"isRedelivery": True}}
    assert await door.post(events.serialise({"events": [nameless]})) == 200
    assert await door.post(events.serialise({"events": [dict(reversed(again.items()))]})) == 200
    assert await door.post(payload(event(None, message={"text": "another"}))) == 200
    found = await rows()
    assert len(found) == 2
    assert all(row.webhook_event_id.startswith("~") for row in found)


@pytest.mark.parametrize("source", [None, 5, [], {}, {"type": "moon"}, {"userId": "U\0"}, {"userId": "x" * 65}])
async def test_it_keeps_an_event_that_comes_from_nowhere(door: Door, source: object) -> None:
    assert await door.post(payload(event(source=source))) == 200
    (row,) = await rows()
    assert (row.chat, row.state) == ("", "open")


@pytest.mark.parametrize("at", [None, "x", -1, True, 1e300, {}])
async def test_it_keeps_an_event_without_a_time(door: Door, at: object) -> None:
    assert await door.post(payload(event(timestamp=at))) == 200
    (row,) = await rows()
    assert row.event_at == row.received_at


async def test_it_keeps_and_ignores_what_is_for_another_account(door: Door) -> None:
    assert await door.post(payload(event("01A"), destination="U" + "c" * 32)) == 200
    assert await door.post(payload(event("01B"), destination=None)) == 200
    assert [row.state for row in await rows()] == ["foreign", "open"]
    assert door.woken == [YUKI]


async def test_it_keeps_and_ignores_what_is_older_than_the_ids(door: Door) -> None:
    old = int((time.time() - 8 * 86400) * 1000)
    assert await door.post(payload(event(timestamp=old))) == 200
    assert [row.state for row in await rows()] == ["stale"]
    assert door.woken == []


async def test_it_takes_a_redelivery_for_the_same_event(door: Door) -> None:
    await door.post(payload(event()))
    await database.run("UPDATE inbox SET received_at = received_at - interval '5 minutes'")
    assert await door.post(payload(event(deliveryContext={"isRedelivery": True}))) == 200
    (row,) = await rows()
    assert datetime.now(UTC) - row.received_at < timedelta(seconds=10)


# Many at once


async def test_it_stores_what_arrives_together_in_few_statements(door: Door) -> None:
    answers = await asyncio.gather(*(door.post(payload(event(f"{number:03}"))) for number in range(200)))
    assert answers == [200] * 200
    assert len(await rows()) == 200
    assert await database.value("SELECT count(DISTINCT xmin::text) FROM inbox") < 100  # transactions


async def test_it_stores_the_same_request_once_however_often_it_comes(door: Door) -> None:
    body = payload(event("01A"), event("01B", KEN))
    assert await asyncio.gather(*(door.post(body) for _ in range(30))) == [200] * 30
    assert len(await rows()) == 2
    assert sorted(door.woken) == [YUKI, KEN]


async def test_it_stores_one_by_one_when_a_row_is_refused(door: Door) -> None:
    now = datetime.now(UTC)
    bad = inbox.Incoming("01B", "U\0", now, b'{"kept":1}')
    with capture_logs() as logs:
        await door.intake.store([inbox.Incoming("01A", YUKI, now, b"{}"), bad, inbox.Incoming("01C", KEN, now, b"{}")])
    found = {row.state: row for row in await rows()}
    assert sorted(row.state for row in await rows()) == ["open", "open", "unreadable"]
    assert found["unreadable"].body == b'{"kept":1}'
    assert sorted(door.woken) == [YUKI, KEN]
    assert [entry["event"] for entry in logs] == ["events go in one by one"]


async def test_it_survives_a_wake_up_that_fails(door: Door) -> None:
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failures.append(context))

    def fail(chats: list[str]) -> None:
        raise ZeroDivisionError

    door.intake._wake = fail  # noqa: SLF001 - the callback is given once, at the start
    assert await door.post(payload(event("01A"))) == 200
    assert await door.post(payload(event("01B"))) == 200
    assert [type(failure["exception"]) for failure in failures] == [ZeroDivisionError] * 2


async def test_it_says_503_and_why_when_a_bug_has_ended_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "INSERT", None)
    with capture_logs() as logs:
        assert await door.post(payload(event("01A"))) == 503
        assert await door.post(payload(event("01B"))) == 503
    assert [entry["event"] for entry in logs] == ["the intake has ended"]
    assert not door.intake.running


# The database away


class Proxy:
    """The way to PostgreSQL, which can be cut and frozen."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self._host, self._port = parts.hostname, parts.port or 5432
        self._socket = f"{query['host'][0]}/.s.PGSQL.{query.get('port', ['5432'])[0]}" if "host" in query else None
        self._parts = parts
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.after_commit = False  # cut when the answer to the next insert (one row asked for, then ready) comes back

    @property
    def url(self) -> str:
        user = quote(self._parts.username or "postgres")
        word = f":{quote(self._parts.password)}" if self._parts.password else ""
        return f"postgres://{user}{word}@127.0.0.1:{self.port}{self._parts.path}?sslmode=disable"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._one, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nobody listens any more, and who was connected is not."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._socket:
            behind = await asyncio.open_unix_connection(self._socket)
        else:
            behind = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, behind[1]}
        for source, target in ((reader, behind[1]), (behind[0], writer)):
            task = asyncio.create_task(self._pass_on(source, target, answers=target is writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: bool) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                if answers and self.after_commit and b"s\0\0\0\4Z" in data:
                    self.after_commit = False
                    for one in self._writers:
                        one.transport.abort()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def proxy(db: str) -> AsyncIterator[Proxy]:
    """The connected database behind a proxy."""
    await database.disconnect()
    proxy = Proxy(db)
    await proxy.open()
    await database.connect(proxy.url, pool=3, intake=2)
    yield proxy
    proxy.thaw()
    await proxy.cut()


async def answered_in_time(door: Door, body: bytes) -> int:
    began = time.monotonic()
    status = await door.post(body)
    assert time.monotonic() - began < 2
    return status


@pytest.fixture
def quiet() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs


async def test_it_says_503_in_time_while_the_database_is_gone_and_stores_when_it_is_back(
    proxy: Proxy, quiet: list[Any]
) -> None:
    async with serving() as door:
        assert await door.post(payload(event("01A"))) == 200
        await proxy.cut()
        statuses = await asyncio.gather(
            *(answered_in_time(door, payload(event(f"01{letter}", KEN))) for letter in "BCD")
        )
        assert statuses == [503, 503, 503]
        assert door.woken == [YUKI]
        await proxy.open()

        async def all_there() -> bool:
            return door.woken.count(KEN) > 0

        await until(all_there)
        assert [row.webhook_event_id for row in await rows()] == ["01A", "01B", "01C", "01D"]
        assert await door.post(payload(event("01E"))) == 200
    assert {entry["event"] for entry in quiet} == {"events wait for the database"}
    assert "こんにちは" not in repr(quiet)
    assert YUKI not in repr(quiet)


async def test_it_says_503_in_time_while_the_database_is_frozen(proxy: Proxy, quiet: list[Any]) -> None:
    async with serving() as door:
        assert await door.post(payload(event("01A"))) == 200
        proxy.freeze()
        assert await answered_in_time(door, payload(event("01B"))) == 503
        proxy.thaw()

        async def stored() -> bool:
            return len(await rows()) == 2

        await until(stored)
        assert await door.post(payload(event("01B"))) == 200


async def test_it_acknowledges_nothing_whose_commit_it_has_not_seen(proxy: Proxy, quiet: list[Any]) -> None:
    """The answer to a commit is lost: the same rows again find themselves stored, and their chat is woken."""
    async with serving() as door:
        assert await door.post(payload(event("01A"))) == 200
        proxy.after_commit = True
        assert await door.post(payload(event("01B", KEN))) == 200
        assert proxy.after_commit is False
        assert door.woken == [YUKI, KEN]
    assert len(await rows()) == 2


async def test_it_stays_within_bounds_while_the_database_is_away(
    proxy: Proxy, quiet: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "WAITING_ROWS", 3)
    async with serving() as door:
        assert await door.post(payload(event("01A"))) == 200
        await proxy.cut()
        many = [asyncio.create_task(door.post(payload(event(f"02{letter}")))) for letter in "BCDEFG"]
        done, _ = await asyncio.wait(many, timeout=1.0)
        assert [task.result() for task in done] == [503] * 3
        assert [await task for task in many] == [503] * 6
        await proxy.open()

        async def kept() -> bool:
            return len(await rows()) == 4

        await until(kept)
        assert await door.post(payload(event("03A"))) == 200


async def test_it_stores_what_has_queued_before_it_ends(db: str) -> None:
    woken: list[str] = []
    intake = webhook.Intake(woken.extend)
    await intake.start()
    now = datetime.now(UTC)
    waiting = [asyncio.create_task(intake.store([inbox.Incoming(f"{n:02}", YUKI, now, b"{}")])) for n in range(20)]
    await asyncio.sleep(0)
    await intake.stop()
    await asyncio.gather(*waiting)
    assert len(await rows()) == 20
    with pytest.raises(webhook.Away):
        await intake.store([inbox.Incoming("x", YUKI, now, b"{}")])


# From LINE


async def posted(done: Done) -> tuple[str | None, int]:
    return done.outcome, done.status


async def test_it_takes_what_line_sends(db: str, channel: Channel) -> None:
    woken: list[str] = []
    intake = webhook.Intake(woken.extend)
    await intake.start()
    app = web.Application()
    app.add_routes(webhook.routes(intake, [channel.secret], lambda: channel.bot_user_id))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await channel.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}{webhook.PATH}")
    hanako = await channel.user("田中 花子")
    followed = await hanako.follow()
    assert await posted(followed) == ("ok", 200)
    await channel.duplicate_webhooks(times=2, parallel=True)
    assert await posted(await hanako.says("予約したい😊")) == ("ok", 200)
    assert await posted(await channel.send_events([])) == ("ok", 200)
    assert await posted(await channel.send_events([{"type": "invented"}])) == ("ok", 200)
    assert await posted(await channel.send_events([event("01F")], destination="U" + "c" * 32)) == ("ok", 200)
    assert await posted(await channel.send_bytes(b"no json")) == ("ok", 200)
    assert await posted(await channel.send_bytes(b"{}", signature="bad")) == ("error_status_code", 401)
    assert followed.event is not None
    assert await posted(await channel.redeliver(followed.event["webhookEventId"])) == ("ok", 200)
    assert sorted(row.state for row in await rows()) == ["foreign", "open", "open", "open", "unreadable"]
    told = [events.read(one.body) for one in await inbox.oldest([hanako.id])]
    assert [one.what for one in told] == [heard.Followed(False)]
    await runner.cleanup()
    await intake.stop()

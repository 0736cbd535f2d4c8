"""`/m/…` as LINE's servers and phones ask for it; and what is copied, tried again, given up and forgotten."""

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from bot import server, wiring, work
from bot.media import copying
from jobs import media as reading
from storage import bin, clock, database, media
from storage.media import contents, received
from tests import photos
from tests.simulator import control

GROUP = "C" + "0" * 32


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}/m"


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def copier(house: wiring.House) -> AsyncIterator[copying.Copier]:
    copier = copying.Copier(house.line, house.cache, house.sender, house.settings.media_dir)
    yield copier
    await copier.stop()


async def named(house: wiring.House, data: bytes, name: str = "外観") -> str:
    """A content kept under a name; the end of its address."""
    folder = house.settings.media_dir
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "part-of-test"
    path.write_bytes(data)
    made = reading.read(path, 3000, None, f"file-{name}")
    if made.versions[0].file is not None:
        path.replace(folder / made.versions[0].file)
    number = await media.make(name, made.kind, await contents.keep(made), await clock.now())
    return (await media.get([number]))[number].public_id


async def sent(channel: control.Channel, kind: str, data: bytes, **properties: object) -> str:
    """Somebody has sent this in the staff's group; its message id. Nobody has copied it yet."""
    yamada = await channel.user("山田")
    group = await channel.group("管理", [yamada])
    await group.invite_bot(wait=False)
    done = await yamada.sends(kind, content=data, in_group=group, wait=False, **properties)
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ($1, '管理', 'claimed', now())"
        " ON CONFLICT (line_group_id) DO NOTHING",
        group.id,
    )
    await received.note([received.Arrival(done.message_id, group.id, yamada.id, kind, None, 1)])
    return done.message_id


async def state(message_id: str) -> str:
    found: str = await database.value("SELECT state FROM received WHERE message_id = $1", message_id)
    return found


async def settled(copier: copying.Copier, message_id: str, wanted: str) -> None:
    """Looked for until it is in this state, whatever is put off being due again at once."""
    for _ in range(100):
        await copier.look()
        if await state(message_id) == wanted:
            return
        await database.run("SELECT pg_sleep(0.03)")
    raise AssertionError(await state(message_id))


async def test_it_serves_a_picture_with_what_caches_need(
    house: wiring.House, origin: str, web: aiohttp.ClientSession
) -> None:
    address = f"{origin}/{await named(house, photos.photo())}"
    async with web.get(address) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age" in answer.headers["Cache-Control"]
        data, tag = await answer.read(), answer.headers["ETag"]
    assert Image.open(io.BytesIO(data)).size == (1280, 960)
    async with web.get(address, headers={"If-None-Match": f'"other", W/{tag}'}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with web.head(address) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(data)))


async def test_it_makes_each_version_once_and_serves_it(
    house: wiring.House, origin: str, web: aiohttp.ClientSession
) -> None:
    address = f"{origin}/{await named(house, photos.photo(2000, 1000))}"
    sizes = {"preview": (720, 360), "1040": (1040, 520), "240": (240, 120), "1024": (1024, 512), "icon": (400, 400)}
    for variant, size in sizes.items():
        for _ in range(2):
            async with web.get(f"{address}/{variant}") as answer:
                assert answer.status == 200
                assert Image.open(io.BytesIO(await answer.read())).size == size
    assert await database.value("SELECT count(*) FROM content_versions") == 6


@pytest.mark.parametrize("ballast", [600_000, 11 * 1024 * 1024])
async def test_it_serves_pieces_of_a_film_from_the_database_and_from_a_file(
    house: wiring.House, origin: str, web: aiohttp.ClientSession, ballast: int
) -> None:
    address = f"{origin}/{await named(house, photos.film(ballast=ballast))}"
    async with web.get(address) as answer:
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Accept-Ranges"] == "bytes"
        whole, tag = await answer.read(), answer.headers["ETag"]
    size = len(whole)
    assert await database.value("SELECT file IS NOT NULL FROM content_versions WHERE variant = 'original'") == (
        ballast > contents.IN_DATABASE
    )
    for wanted, start, stop in (
        ("bytes=0-1", 0, 2),
        ("bytes=100-599999", 100, 600_000),
        (f"bytes={size - 7}-", size - 7, size),
        ("bytes=-5", size - 5, size),
        (f"bytes=9-{size + 50}", 9, size),
    ):
        async with web.get(address, headers={"Range": wanted, "If-Range": tag}) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
            assert await answer.read() == whole[start:stop]
    async with web.get(address, headers={"Range": "bytes=0-1", "If-Range": '"another"'}) as answer:
        assert (answer.status, len(await answer.read())) == (200, size)
    for wanted in (f"bytes={size}-", "bytes=5-2", "lines=1-2"):
        async with web.get(address, headers={"Range": wanted}) as answer:
            assert answer.status == 416
            assert answer.headers["Content-Range"] == f"bytes */{size}"
    async with web.get(f"{address}/preview") as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"


async def test_it_shows_nobody_what_has_no_name_or_lies_in_the_bin(
    house: wiring.House, origin: str, web: aiohttp.ClientSession
) -> None:
    gone = await named(house, photos.photo())
    sound = await named(house, photos.film(picture=False), "声")
    assert await contents.keep(contents.Made("image", 1, 1, None, [contents.version("original", "image/png", b"x")]))
    await bin.put_in("media", 1, await clock.now())
    for path in (
        gone,
        f"{gone}/preview",
        "A" * 22,
        "1",
        f"{sound}/preview",
        f"{sound}/1040",
        f"{sound}/999",
        "",
        "../m",
    ):
        async with web.get(f"{origin}/{path}") as answer:
            assert answer.status == 404, path


async def test_it_serves_no_ribbon_and_stays_calm(house: wiring.House, origin: str, web: aiohttp.ClientSession) -> None:
    address = f"{origin}/{await named(house, photos.photo(10, 2000))}"
    async with web.get(f"{address}/1040") as answer:
        assert answer.status == 404
    async with web.get(f"{address}/preview") as answer:
        assert answer.status == 200


async def test_it_copies_each_message_once_however_often_it_is_told_of(
    house: wiring.House, channel: control.Channel, copier: copying.Copier
) -> None:
    message = await sent(channel, "image", photos.photo())
    await sent_again(message)
    await settled(copier, message, "kept")
    await copier.look()
    assert await database.value("SELECT count(*) FROM received") == 1
    assert await database.value("SELECT count(*) FROM contents") == 1


async def sent_again(message: str) -> None:
    row = await database.row("SELECT chat, person FROM received WHERE message_id = $1", message)
    assert row is not None
    assert await received.note([received.Arrival(message, row["chat"], row["person"], "image", None, 2)]) == set()


async def test_it_takes_over_what_a_dead_process_had_in_hand(
    house: wiring.House, channel: control.Channel, copier: copying.Copier
) -> None:
    message = await sent(channel, "image", photos.photo())
    [dead] = await received.claim(5)
    assert dead.message_id == message
    assert await received.claim(5) == []
    await database.run("UPDATE received SET try_at = now()")  # its lease has run out
    await settled(copier, message, "kept")
    made = reading.read(await laid(house, photos.photo(50, 50)), None, None, "x")
    assert not await received.copied(dead.id, made), "what comes late from the dead changes nothing"
    assert await database.value("SELECT count(*) FROM contents") == 1


async def laid(house: wiring.House, data: bytes) -> Path:
    path = house.settings.media_dir / "part-late"
    path.write_bytes(data)
    return path


async def test_it_tries_again_while_line_is_in_trouble(
    house: wiring.House, channel: control.Channel, copier: copying.Copier
) -> None:
    message = await sent(channel, "image", photos.photo())
    await channel.fault("error_before", "content", calls=2)
    for _ in range(100):
        await copier.look()
        await database.run("UPDATE received SET try_at = now() WHERE state = 'wanted' AND tries < 3")
        if await state(message) == "kept":
            break
        await database.run("SELECT pg_sleep(0.05)")
    assert await database.value("SELECT tries FROM received") == 3


async def test_it_gives_up_what_line_has_no_more(
    house: wiring.House, channel: control.Channel, copier: copying.Copier
) -> None:
    message = await sent(channel, "image", photos.photo())
    await database.run("UPDATE received SET message_id = '999999999'")
    await settled(copier, "999999999", "gone")
    assert message
    await copier.look()
    assert await database.value("SELECT tries FROM received") == 1


@pytest.mark.parametrize("data", [b"GIF89a, or so it says", photos.photo()[:4000], b"\xff\xd8\xff" + b"\0" * 500])
async def test_it_keeps_no_picture_that_is_none(
    house: wiring.House, channel: control.Channel, copier: copying.Copier, data: bytes
) -> None:
    message = await sent(channel, "image", data)
    await settled(copier, message, "unfit")
    assert await database.value("SELECT count(*) FROM contents") == 0
    assert list(house.settings.media_dir.iterdir()) == []


async def test_it_lays_a_large_film_into_the_media_folder_and_forgets_it_there(
    house: wiring.House, channel: control.Channel, copier: copying.Copier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "IN_DATABASE", 50_000)
    message = await sent(channel, "video", photos.film(ballast=100_000), duration=3000)
    await settled(copier, message, "kept")
    [file] = house.settings.media_dir.iterdir()
    assert file.name == await database.value("SELECT file FROM content_versions WHERE file IS NOT NULL")
    await received.take_back([(message, await database.value("SELECT chat FROM received"))])
    await copying.forget(house.settings.media_dir)
    assert file.exists(), "a young file may be on its way to its name"
    old = file.stat().st_mtime - 2 * copying.YOUNG
    os.utime(file, (old, old))
    await copying.forget(house.settings.media_dir)
    assert list(house.settings.media_dir.iterdir()) == []


async def test_it_forgets_after_a_week_what_has_no_name(
    house: wiring.House, channel: control.Channel, copier: copying.Copier
) -> None:
    message = await sent(channel, "image", photos.photo())
    await settled(copier, message, "kept")
    await named(house, photos.photo(64, 64))
    await copying.forget(house.settings.media_dir)
    assert await database.value("SELECT count(*) FROM contents") == 2
    await database.run("UPDATE received SET at = at - interval '8 days'")
    await copying.forget(house.settings.media_dir)
    assert await database.value("SELECT count(*) FROM received") == 0
    assert await database.value("SELECT count(*) FROM contents") == 1
    await bin.put_in("media", 1, await clock.now())
    await copying.forget(house.settings.media_dir)
    assert await database.value("SELECT count(*) FROM contents") == 1
    await database.run("UPDATE media SET deleted_at = deleted_at - interval '31 days'")
    while await database.repeated(work.clear_bin):
        pass
    await copying.forget(house.settings.media_dir)
    assert await database.value("SELECT count(*) FROM content_versions") == 0

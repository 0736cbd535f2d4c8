"""`/d/…`: a file is fetched once, by its button; whoever only looks uses nothing up."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from playwright.async_api import BrowserContext

from bot import server, wiring, work
from storage import backups, clock, database

ROBOT = {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}
TEXT = "タグ 作成 VIP, ①㈱\n"


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}/d"


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def issued() -> str:
    now = await clock.now()
    kept, _ = await backups.keep(TEXT, None, now)
    return await backups.issue(kept.id, now + timedelta(minutes=10))


async def test_it_gives_the_file_once(origin: str, web: aiohttp.ClientSession) -> None:
    address = f"{origin}/{await issued()}"
    async with web.post(address) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="ayumi-')
        assert answer.headers["Cache-Control"] == "no-store"
        data = await answer.read()
    assert data.startswith(b"\xef\xbb\xbf// ")
    assert data.decode("utf-8-sig").endswith(f"\n\n{TEXT}")
    async with web.post(address) as answer:
        assert answer.status == 410
        assert TEXT not in await answer.text()
    async with web.get(address) as answer:
        assert answer.status == 410
        assert "もう使われたか" in await answer.text()


async def test_it_is_used_up_by_nobody_who_only_looks(origin: str, web: aiohttp.ClientSession) -> None:
    address = f"{origin}/{await issued()}?openExternalBrowser=1"
    for _ in range(3):
        async with web.get(address, headers=ROBOT) as answer:
            assert answer.status == 200
            assert "VIP" not in await answer.text()
            assert answer.headers["X-Robots-Tag"].startswith("noindex")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
        async with web.head(address, headers=ROBOT) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
    for method in ("PUT", "DELETE", "PATCH"):
        async with web.request(method, address) as answer:
            assert answer.status == 405
    async with web.post(address) as answer:
        assert answer.status == 200


async def test_it_is_over_after_its_time(origin: str, web: aiohttp.ClientSession) -> None:
    address = f"{origin}/{await issued()}"
    await clock.move(await clock.now() + timedelta(minutes=10))
    for method in ("GET", "POST"):
        async with web.request(method, address) as answer:
            assert answer.status == 410
    assert await database.value("SELECT used_at FROM backup_tickets") is None


@pytest.mark.parametrize("token", ["x" * 43, "x" * 42, "a/b", "%00" * 43, "'; DROP TABLE backups; --"])
async def test_it_knows_no_other_token(origin: str, web: aiohttp.ClientSession, token: str) -> None:
    await issued()
    for method in ("GET", "HEAD", "POST"):
        async with web.request(method, f"{origin}/{token}") as answer:
            assert answer.status == 404


async def test_it_keeps_no_token_that_could_be_read(origin: str) -> None:
    token = await issued()
    assert len(token) == 43
    [row] = await database.rows("SELECT * FROM backup_tickets")
    assert token not in str(row)


async def test_it_is_fetched_by_a_press_in_a_browser(origin: str, browser: BrowserContext) -> None:
    page = await browser.new_page()
    await page.goto(f"{origin}/{await issued()}")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="ファイルを受け取る").click()
    file = await waiting.value
    assert file.suggested_filename.endswith(".txt")
    await page.reload()
    assert await page.get_by_text("もう使われたか").count() == 1


async def test_it_is_kept_at_night_when_something_has_changed(house: wiring.House) -> None:
    zone = house.settings.zone
    await database.run("INSERT INTO tags (name, name_key, created_at) VALUES ('VIP', 'vip', now())")
    noon = (await clock.now()).astimezone(zone).replace(hour=12) + timedelta(days=1)
    await clock.move(noon)
    await work.keep_at_night(house)
    assert await database.value("SELECT count(*) FROM backups") == 0
    await clock.move(noon + timedelta(hours=15))
    await work.keep_at_night(house)
    await clock.move(noon + timedelta(hours=39))
    await work.keep_at_night(house)
    assert await database.value("SELECT text FROM backups") == "タグ 作成 VIP\n"
    await database.run("UPDATE tags SET name = 'お得意様'")
    await work.keep_at_night(house)
    assert await database.value("SELECT count(*) FROM backups") == 2

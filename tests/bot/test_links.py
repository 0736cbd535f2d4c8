"""`/l/…`: a measured link leads on at once; people are counted, robots are not, and nobody else gets anywhere."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot import links as door
from bot import server, wiring
from jobs import tokens
from storage import bin, clock, database, links
from tests.jobs import engine
from tests.kinds import stage
from tests.simulator import control

TARGET = "https://example.com/spring?a=1&b=%E6%98%A5"
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari Line/15.0.0"}
ROBOT = {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"}
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}/l"


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=PHONE) as session:
        yield session


async def clicked() -> list[tuple[int, int]]:
    found = await database.rows("SELECT link_id, friend_id FROM link_clicks ORDER BY id")
    return [(row["link_id"], row["friend_id"]) for row in found]


async def test_it_leads_on_and_counts_people_only(origin: str, web: aiohttp.ClientSession) -> None:
    [friend] = await engine.add_friends(1)
    link = await links.make("春", TARGET, await clock.now())
    address = f"{origin}/{tokens.of_link(KEY, link, friend)}"
    for method, headers in (("HEAD", {}), ("GET", ROBOT), ("GET", {"Sec-Purpose": "prefetch;prerender"})):
        async with web.request(method, address, headers=headers, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, TARGET)
            assert answer.headers["Cache-Control"] == "no-store"
    assert await clicked() == []
    for _ in range(3):  # an impatient thumb is one click
        async with web.get(f"{address}?openExternalBrowser=1", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, TARGET)
    assert await clicked() == [(link, friend)]
    await clock.move((await clock.now()).replace(year=2040))
    async with web.get(address, allow_redirects=False) as answer:
        assert answer.status == 302
    assert await clicked() == [(link, friend)] * 2


async def test_it_leads_nobody_to_what_we_have_not_signed(origin: str, web: aiohttp.ClientSession) -> None:
    [friend] = await engine.add_friends(1)
    link = await links.make("春", TARGET, await clock.now())
    good = tokens.of_link(KEY, link, friend)
    said, _, signature = good.rpartition(".")
    for token in (
        f"{said}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        f"{link}.{friend + 1}.{signature}",
        tokens.of_link("f" * 32, link, friend),
        tokens.of_link(KEY, link + 1, friend),
        tokens.of_link(KEY, (1 << 62) + 5, friend),
        f"{good}/https://evil.example",
        f"{good}%0d%0aLocation:x",
        "a" * 3000,
        "https://evil.example/",
        "",
    ):
        async with web.get(f"{origin}/{token}", allow_redirects=False) as answer:
            assert answer.status == 404, token
            assert "リンクが途中で切れているか" in await answer.text()
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert await clicked() == []


async def test_it_knows_addresses_signed_with_an_older_key_and_counts_nobody_unknown(
    origin: str, web: aiohttp.ClientSession, house: wiring.House
) -> None:
    [friend] = await engine.add_friends(1)
    link = await links.make("春", TARGET, await clock.now())
    assert tokens.holder(["n" * 32, KEY], tokens.of_link(KEY, link, friend, 77)) == tokens.Holder(link, friend, 77)
    async with web.get(f"{origin}/{tokens.of_link(KEY, link, friend + 9)}", allow_redirects=False) as answer:
        assert answer.status == 302  # the friend has been forgotten: the link still leads somewhere
    await bin.put_in("links", link, await clock.now())
    async with web.get(f"{origin}/{tokens.of_link(KEY, link, friend)}", allow_redirects=False) as answer:
        assert answer.status == 302
    assert await clicked() == []


@pytest.mark.parametrize(
    ("agent", "person"),
    [
        (PHONE["User-Agent"], True),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT_X70) Chrome/120 Mobile Line/14.1.0/IAB", True),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT) Chrome/120 Mobile", True),
        (ROBOT["User-Agent"], False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        ("Slackbot-LinkExpanding 1.0", False),
        ("Twitterbot/1.0", False),
        ("WhatsApp/2.23", False),
        ("curl/8.5", False),
        ("", False),
    ],
)
def test_it_tells_people_from_robots(agent: str, person: bool) -> None:
    assert door.by_a_person({"User-Agent": agent}) is person


@pytest.mark.usefixtures("bot")
async def test_it_does_what_the_link_says_when_a_customer_opens_it(
    channel: control.Channel, web: aiohttp.ClientSession
) -> None:
    """Made in a block, sent with the greeting, opened on a phone; LINE's robot looks at it, too."""
    shop = await stage.opened(channel)
    told = await shop.asks(
        "■あいさつ 友だち追加\n▼新規\nようこそ。{リンク:会員証} もどうぞ\n"
        "＋リンク https://example.com/style 名前=スタイル一覧 → タグ付ける スタイル閲覧 → 送る 「ご覧くださり感謝」"
    )
    assert "差し込み {リンク:会員証} はありません" in told
    await shop.asks("リンク 作成 会員証 https://example.com/card クリック時=タグ付ける 会員証を見た")
    told = await shop.asks(
        "■あいさつ 友だち追加\n▼新規\nようこそ。{リンク:会員証} もどうぞ\n"
        "＋リンク https://example.com/style 名前=スタイル一覧 → タグ付ける スタイル閲覧 → 送る 「ご覧くださり感謝」\n"
        "＋ボタン 地図 → https://example.com/map"
    )
    assert "新しく作ったリンク: スタイル一覧" in told + await shop.presses("反映する")
    tanaka, sato = await channel.user("田中"), await channel.user("佐藤")
    opened = []
    for user in (tanaka, sato):
        await user.follow()
        seen = await user.sees("ようこそ")
        template = seen.message["template"]
        opened.append(template["actions"][0]["uri"])
        assert template["actions"][0]["label"] == "スタイル一覧"
        words, place = template["text"], template["actions"][1]["uri"]
    assert opened[0] != opened[1]
    card = words.split("ようこそ。")[1].split(" もどうぞ")[0]
    for address, target in (
        (opened[0], "https://example.com/style"),
        (card, "https://example.com/card"),
        (place, "https://example.com/map"),
    ):
        async with web.get(address, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, target)
    await tanaka.sees("ご覧くださり感謝")
    assert "スタイル閲覧" in await shop.asks("友だち 表示 田中")
    assert "会員証を見た" in await shop.asks("友だち 表示 佐藤")
    assert "1回・1人" in await shop.asks("リンク 結果 「https://example.com/map」")
    told = await shop.asks("リンク 表示 スタイル一覧")
    for said in ("2人（LINEが受け付けた人数）", "1人（50%）・1回", "田中", "あいさつ「新規」"):
        assert said in told, said
    assert await database.value("SELECT count(*) FROM link_clicks WHERE state <> 'done'") == 0

"""The crawler looks at links in words, and phones fetch what messages show, if the knobs say so."""

from typing import Any

import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Json, Line, text

LINE_POKER = "facebookexternalhit/1.1;line-poker/1.0"
MEGABYTE = 1024 * 1024
PNG = menus.picture(600, 400)
SQUARE = menus.picture(60, 60)


def jpeg(size: int) -> bytes:
    """A small JPEG that has grown to so many bytes: what follows a JPEG's end is not looked at."""
    data = menus.picture(100, 100, "JPEG")
    return data + b"\0" * (size - len(data))


def image(bot: Bot, **changes: Any) -> Json:
    paths = {"originalContentUrl": "/a.png", "previewImageUrl": "/b.png"} | changes
    return {"type": "image", **{key: bot.origin + path for key, path in paths.items()}}


async def test_it_looks_at_nothing_unless_switched_on(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    await line.push(tanaka.id, text(f"{bot.origin}/go/x"), image(bot))
    assert await channel.fetches() == []
    assert bot.visits == []


async def test_it_crawls_links_in_words(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """facebookexternalhit/1.1;line-poker/1.0 on plain-text addresses only, each once [T, LINE_PLATFORM 5.2]"""
    await channel.change(crawl_links=True)
    bot.files["/go/x"] = (302, "text/plain", b"https://example.com/")
    words = f"詳しくは {bot.origin}/go/x?u=1 と {bot.origin}/go/x?u=1 まで"
    button = {"type": "uri", "label": "開く", "uri": f"{bot.origin}/go/button"}
    template = {"type": "buttons", "text": f"{bot.origin}/go/template", "actions": [button]}
    await line.push(tanaka.id, text(words), {"type": "template", "altText": "alt", "template": template})
    assert [(one.place, one.by, one.status) for one in await channel.fetches("preview")] == [
        ("messages[0].text", None, 302)
    ]
    assert bot.visits == [("/go/x?u=1", LINE_POKER)]


async def test_it_crawls_what_reaches_somebody_only(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    await channel.change(crawl_links=True)
    suzuki = await channel.user("鈴木 一郎")
    await line.push(suzuki.id, text(f"{bot.origin}/stranger"))
    await tanaka.block()
    await line.multicast([tanaka.id], text(f"{bot.origin}/blocked"))
    assert await channel.fetches() == []
    await tanaka.unblock()
    await line.multicast([tanaka.id, suzuki.id], text(f"{bot.origin}/friend"))
    assert [one.url for one in await channel.fetches()] == [f"{bot.origin}/friend"]


async def test_it_asks_no_foreign_hosts(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """noted, and nobody else's server is bothered by tests"""
    await channel.change(crawl_links=True, fetch_media=True, check_messages=False)
    far = {"type": "image", "originalContentUrl": "https://example.com/a.png", "previewImageUrl": "http://x.test/b.png"}
    await line.push(tanaka.id, text(f"https://example.com/ {bot.origin}.evil.test/"), far)
    found = [(one.url, one.status, one.problem) for one in await channel.fetches()]
    foreign = "not asked: a foreign host"
    assert found == [
        ("https://example.com/", None, foreign),
        (f"{bot.origin}.evil.test/", None, foreign),
        ("https://example.com/a.png", None, foreign),
        ("http://x.test/b.png", None, "https is needed"),
    ]


async def test_it_lets_each_phone_fetch_the_media(
    channel: Channel, bot: Bot, line: Line, tanaka: User, group: Group
) -> None:
    """in proportion to those who see it; in a group every member [R#imagemap, P:development-guidelines]"""
    await channel.change(fetch_media=True)
    bot.files |= {"/a.png": (200, "image/png", PNG), "/b.png": (200, "image/png", PNG)}
    await line.push(tanaka.id, image(bot))
    await line.push(group.id, image(bot))
    found = await channel.fetches("media")
    assert len(found) == 6
    assert {one.by for one in found} == {tanaka.id, *(await group.about())["members"]}
    assert {(one.status, one.content_type, one.size, one.problem) for one in found} == {
        (200, "image/png", len(PNG), None)
    }
    assert {path for path, _ in bot.visits} == {"/a.png", "/b.png"}
    assert all("Line/" in agent for _, agent in bot.visits)


async def fetched(channel: Channel, bot: Bot, line: Line, person: User, message: Json) -> dict[str, str | None]:
    """What each address of this message came to: place -> problem."""
    await channel.change(fetch_media=True)
    answer = await line.push(person.id, message)
    assert answer.status == 200, answer.body
    return {one.place.removeprefix("messages[0]."): one.problem for one in await channel.fetches()}


@pytest.mark.parametrize(
    ("original", "preview", "problems"),
    [
        ((200, "image/jpeg", jpeg(10 * MEGABYTE)), (200, "image/jpeg", jpeg(MEGABYTE)), (None, None)),
        (
            (200, "image/jpeg", jpeg(10 * MEGABYTE + 1)),
            (200, "image/jpeg", jpeg(MEGABYTE + 1)),
            (f"more than {10 * MEGABYTE} bytes", f"more than {MEGABYTE} bytes"),
        ),
        ((404, "image/png", PNG), (500, "image/png", PNG), ("status 404", "status 500")),
        (
            (200, "image/gif", PNG),
            (200, "text/html", PNG),
            ("the type image/gif is not shown", "the type text/html is not shown"),
        ),
        ((200, "image/png", b"<html>"), (200, "image/png", PNG[:100]), ("no picture that can be read",) * 2),
        ((302, "text/plain", b"/c.png"), (200, "image/jpeg", jpeg(5_000)), ("status 302", None)),
    ],
)
async def test_it_says_why_a_picture_is_not_shown(
    channel: Channel,
    bot: Bot,
    line: Line,
    tanaka: User,
    original: tuple[int, str, bytes],
    preview: tuple[int, str, bytes],
    problems: tuple[str | None, str | None],
) -> None:
    """original <= 10 MB, preview <= 1 MB, JPEG or PNG [R#image-message]"""
    bot.files |= {"/a.png": original, "/b.png": preview}
    found = await fetched(channel, bot, line, tanaka, image(bot))
    assert (found["originalContentUrl"], found["previewImageUrl"]) == problems


async def test_it_fetches_every_kind_of_media(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """film, sound, imagemap at one width, thumbnails, Flex, sender and quick reply icons (LINE_PLATFORM 4, 3.7)"""
    await channel.change(fetch_media=True)
    o = bot.origin
    bot.files = {
        "/p.png": (200, "image/png", PNG),
        "/s.png": (200, "image/png", SQUARE),
        "/wide.png": (200, "image/png", menus.picture(1025, 10)),
        "/f.mp4": (200, "video/mp4", b"film"),
        "/s.m4a": (200, "audio/mp4", b"sound"),
        "/map/1040": (200, "image/png", PNG),
    }
    tap: Json = {"type": "uri", "label": "見る", "uri": "https://example.com/"}
    replies = [{"type": "action", "imageUrl": f"{o}/p.png", "action": {"type": "message", "label": "a", "text": "a"}}]
    columns = [{"imageUrl": f"{o}/p.png", "action": tap}]
    bubble = {
        "type": "bubble",
        "hero": {"type": "image", "url": f"{o}/wide.png"},
        "body": {"type": "box", "layout": "baseline", "contents": [{"type": "icon", "url": f"{o}/s.png"}]},
    }
    sends: list[Json] = [
        {"type": "video", "originalContentUrl": f"{o}/f.mp4", "previewImageUrl": f"{o}/p.png"},
        {"type": "audio", "originalContentUrl": f"{o}/s.m4a", "duration": 1},
        {"type": "imagemap", "baseUrl": f"{o}/map", "altText": "a", "baseSize": {"width": 1040, "height": 1040}}
        | {"actions": []},
        {"type": "template", "altText": "a", "template": {"type": "image_carousel", "columns": columns}},
        {"type": "flex", "altText": "a", "contents": bubble, "sender": {"name": "田中", "iconUrl": f"{o}/s.png"}}
        | {"quickReply": {"items": replies}},
    ]
    assert (await line.push(tanaka.id, *sends)).status == 200
    assert {one.place: one.problem for one in await channel.fetches()} == {
        "messages[0].originalContentUrl": None,
        "messages[0].previewImageUrl": None,
        "messages[1].originalContentUrl": None,
        "messages[2].baseUrl": None,
        "messages[3].template.columns[0].imageUrl": None,
        "messages[4].contents.hero.url": "1025 x 10 is too large",
        "messages[4].contents.body.contents[0].url": None,
        "messages[4].sender.iconUrl": None,
        "messages[4].quickReply.items[0].imageUrl": "600 x 400 is no square",
    }


async def test_it_says_when_nobody_answers(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    await channel.change(fetch_media=True, http_origins=["http://127.0.0.1:9"])
    message = {"type": "audio", "originalContentUrl": "http://127.0.0.1:9/s.m4a", "duration": 1}
    await line.push(tanaka.id, message)
    [one] = await channel.fetches()
    assert (one.status, one.problem) == (None, "no answer: ClientConnectorError")

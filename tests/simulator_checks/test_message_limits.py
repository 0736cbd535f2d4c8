"""Each limit on message objects, at it and one beyond (section 4)."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator.messages import counting
from tests.simulator_checks.bots import Bot, Json, Line, text

URL = "https://example.com/"
FAMILY = "👨‍👩‍👧"


def uri(label: str = "開く", address: str = URL) -> Json:
    return {"type": "uri", "label": label, "uri": address}


def postback(**more: Any) -> Json:
    return {"type": "postback", "label": "はい", "data": "b=1", **more}


def buttons(**more: Any) -> Json:
    return template({"type": "buttons", "text": "選んで", "actions": [uri()], **more})


def confirm(**more: Any) -> Json:
    return template({"type": "confirm", "text": "よい？", "actions": [uri(), uri()], **more})


def template(inner: Json, alt: str = "代わり") -> Json:
    return {"type": "template", "altText": alt, "template": inner}


def column(**more: Any) -> Json:
    return {"text": "一枚", "actions": [uri()], **more}


def carousel(*columns: Json) -> Json:
    return template({"type": "carousel", "columns": list(columns)})


def pictures(count: int, label: str = "見る") -> Json:
    return template({"type": "image_carousel", "columns": [{"imageUrl": URL, "action": uri(label)}] * count})


def flex(contents: Json, alt: str = "代わり") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubble(*contents: Json, **more: Any) -> Json:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "bubble", "body": body, **more}


def bubbles(count: int, **more: Any) -> Json:
    return {"type": "carousel", "contents": [bubble({"type": "text", "text": "x"}, **more)] * count}


def heavy(size: int) -> Json:
    """A bubble of exactly so many bytes as JSON."""
    empty = bubble({"type": "text", "text": ""})
    return bubble({"type": "text", "text": "x" * (size - len(orjson.dumps(empty)))})


def heavy_carousel(size: int) -> Json:
    start = {"type": "carousel", "contents": [heavy(25_000), heavy(25_000)]}
    rest = size - len(orjson.dumps(start))
    return {"type": "carousel", "contents": [heavy(25_000), heavy(25_000 + rest)]}


def quick(count: int, label: str = "はい") -> Json:
    item = {"type": "action", "action": {"type": "message", "label": label, "text": "はい"}}
    return {**text(), "quickReply": {"items": [item] * count}}


def media(kind: str, **more: Any) -> Json:
    return {"type": kind, "originalContentUrl": URL, "previewImageUrl": URL, **more}


def place(**more: Any) -> Json:
    return {"type": "location", "title": "店", "address": "東京", "latitude": 35.0, "longitude": 139.0, **more}


def picker(**more: Any) -> Json:
    return {"type": "datetimepicker", "label": "日時", "data": "d", **more}


def long_url(length: int) -> str:
    return URL + "a" * (length - len(URL))


LIMITS: list[tuple[str, Callable[[int], Json], int, str]] = [
    ("text 5000", lambda n: text("あ" * n), 5000, "messages[0].text"),
    ("text in UTF-16", lambda n: text("🙂" * 2499 + "x" * (n - 4998)), 5000, "messages[0].text"),
    (
        "emojis 20",
        lambda n: {**text("$"), "emojis": [{"index": 0, "productId": "p", "emojiId": "1"}] * n},
        20,
        "messages[0].emojis",
    ),
    ("url 2000", lambda n: media("image", originalContentUrl=long_url(n)), 2000, "messages[0].originalContentUrl"),
    ("video trackingId 100", lambda n: media("video", trackingId="a" * n), 100, "messages[0].trackingId"),
    ("location title 100", lambda n: place(title="あ" * n), 100, "messages[0].title"),
    ("location address 100", lambda n: place(address="あ" * n), 100, "messages[0].address"),
    ("sender name 20", lambda n: {**text(), "sender": {"name": "あ" * n}}, 20, "messages[0].sender.name"),
    ("template altText 1500", lambda n: template(buttons()["template"], "あ" * n), 1500, "messages[0].altText"),
    ("buttons title 40", lambda n: buttons(title=FAMILY * n), 40, "messages[0].template.title"),
    ("buttons text 160", lambda n: buttons(text=FAMILY * n), 160, "messages[0].template.text"),
    ("buttons text 60 with title", lambda n: buttons(title="題", text="あ" * n), 60, "messages[0].template.text"),
    (
        "buttons text 60 with image",
        lambda n: buttons(thumbnailImageUrl=URL, text="あ" * n),
        60,
        "messages[0].template.text",
    ),
    ("buttons actions 4", lambda n: buttons(actions=[uri()] * n), 4, "messages[0].template.actions"),
    ("template label 20", lambda n: buttons(actions=[uri(FAMILY * n)]), 20, "messages[0].template.actions[0].label"),
    ("confirm text 240", lambda n: confirm(text="あ" * n), 240, "messages[0].template.text"),
    ("confirm actions 2", lambda n: confirm(actions=[uri()] * n), 2, "messages[0].template.actions"),
    ("carousel columns 10", lambda n: carousel(*[column()] * n), 10, "messages[0].template.columns"),
    ("carousel title 40", lambda n: carousel(column(title="あ" * n)), 40, "messages[0].template.columns[0].title"),
    ("carousel text 120", lambda n: carousel(column(text="あ" * n)), 120, "messages[0].template.columns[0].text"),
    (
        "carousel text 60 with title",
        lambda n: carousel(column(title="題", text="あ" * n)),
        60,
        "messages[0].template.columns[0].text",
    ),
    (
        "carousel actions 3",
        lambda n: carousel(column(actions=[uri()] * n)),
        3,
        "messages[0].template.columns[0].actions",
    ),
    ("image carousel columns 10", pictures, 10, "messages[0].template.columns"),
    ("image carousel label 12", lambda n: pictures(1, "あ" * n), 12, "messages[0].template.columns[0].action.label"),
    ("flex altText 1500", lambda n: flex(bubble({"type": "text", "text": "x"}), "あ" * n), 1500, "messages[0].altText"),
    ("flex bubble 30 KB", lambda n: flex(heavy(n)), 30 * 1024, "/"),
    ("flex carousel 50 KB", lambda n: flex(heavy_carousel(n)), 50 * 1024, "/"),
    ("flex bubbles 12", lambda n: flex(bubbles(n)), 12, "/contents"),
    (
        "flex animations 10",
        lambda n: flex(bubble(*[{"type": "image", "url": URL, "animated": True}] * n)),
        10,
        "/contents",
    ),
    (
        "flex button label 40",
        lambda n: flex(bubble({"type": "button", "action": uri("あ" * n)})),
        40,
        "/body/contents/0/action/label",
    ),
    (
        "flex image three times as high as wide",
        lambda n: flex(bubble({"type": "image", "url": URL, "aspectRatio": f"10:{n}"})),
        30,
        "/body/contents/0/aspectRatio",
    ),
    ("quick replies 13", quick, 13, "messages[0].quickReply.items"),
    ("quick reply label 20", lambda n: quick(1, "あ" * n), 20, "messages[0].quickReply.items[0].action.label"),
    (
        "postback data 300",
        lambda n: buttons(actions=[postback(data="x" * n)]),
        300,
        "messages[0].template.actions[0].data",
    ),
    (
        "postback displayText 300",
        lambda n: buttons(actions=[postback(displayText=FAMILY * n)]),
        300,
        "messages[0].template.actions[0].displayText",
    ),
    (
        "postback fillInText 300",
        lambda n: buttons(actions=[postback(inputOption="openKeyboard", fillInText="あ" * n)]),
        300,
        "messages[0].template.actions[0].fillInText",
    ),
    (
        "message action 300",
        lambda n: buttons(actions=[{"type": "message", "label": "x", "text": "あ" * n}]),
        300,
        "messages[0].template.actions[0].text",
    ),
    ("uri 1000", lambda n: buttons(actions=[uri("x", long_url(n))]), 1000, "messages[0].template.actions[0].uri"),
    (
        "clipboard 1000",
        lambda n: buttons(actions=[{"type": "clipboard", "label": "x", "clipboardText": "あ" * n}]),
        1000,
        "messages[0].template.actions[0].clipboardText",
    ),
]


@pytest.mark.parametrize(("message", "most", "path"), [pytest.param(*rest, id=name) for name, *rest in LIMITS])
async def test_it_accepts_the_limit_and_refuses_one_more(
    line: Line, message: Callable[[int], Json], most: int, path: str
) -> None:
    """[R#message-objects, #action-objects, G:text-character-count, O]"""
    at_it = await line.validate(message(most))
    assert (at_it.status, at_it.body) == (200, {})
    beyond = await line.validate(message(most + 1))
    assert beyond.status == 400
    assert path in beyond.properties


GOOD: list[tuple[str, Json]] = [
    ("confirm", confirm()),
    (
        "two kinds of picker",
        buttons(actions=[picker(mode="date", initial="2026-01-01"), picker(mode="time", min="09:00", max="18:00")]),
    ),
    (
        "picker of LINE's whole range",
        buttons(actions=[picker(mode="datetime", min="1900-01-01T00:00", max="2100-12-31T23:59")]),
    ),
    (
        "camera in a quick reply",
        {**text(), "quickReply": {"items": [{"type": "action", "action": {"type": "camera", "label": "撮る"}}]}},
    ),
    ("tel", buttons(actions=[uri(address="tel:0312345678")])),
    ("line scheme", buttons(actions=[uri(address="line://nv/recommendOA/@x")])),
    ("audio", {"type": "audio", "originalContentUrl": URL, "duration": 1000}),
    ("emoji in its place", {**text("🙂 $ !"), "emojis": [{"index": 3, "productId": "p", "emojiId": "1"}]}),
    (
        "video in a mega hero",
        flex(
            bubble(hero={"type": "video", "url": URL, "previewUrl": URL, "altContent": {"type": "image", "url": URL}})
        ),
    ),
    ("spans", flex(bubble({"type": "text", "contents": [{"type": "span", "text": "x", "weight": "bold"}]}))),
    (
        "icon in a baseline",
        flex(bubble({"type": "box", "layout": "baseline", "contents": [{"type": "icon", "url": URL}]})),
    ),
    ("sender", {**text(), "sender": {"name": "店長", "iconUrl": URL}}),
]

BAD: list[tuple[str, Json, str]] = [
    ("empty text", text(""), "messages[0].text"),
    ("no text", {"type": "text"}, "messages[0].text"),
    ("number for text", {"type": "text", "text": 5}, "messages[0].text"),
    ("unknown type", {"type": "poem", "text": "x"}, "messages[0].type"),
    ("no type", {"text": "x"}, "messages[0].type"),
    (
        "emoji without its $",
        {**text("🙂 $"), "emojis": [{"index": 2, "productId": "p", "emojiId": "1"}]},
        "messages[0].emojis[0].index",
    ),
    ("http image", media("image", previewImageUrl="http://example.com/a.png"), "messages[0].previewImageUrl"),
    (
        "address with Japanese letters",
        media("image", previewImageUrl="https://example.com/店.png"),
        "messages[0].previewImageUrl",
    ),
    ("no preview", {"type": "image", "originalContentUrl": URL}, "messages[0].previewImageUrl"),
    ("sticker without package", {"type": "sticker", "stickerId": "1"}, "messages[0].packageId"),
    ("north of the pole", place(latitude=90.1), "messages[0].latitude"),
    ("audio without duration", {"type": "audio", "originalContentUrl": URL}, "messages[0].duration"),
    ("confirm with one action", confirm(actions=[uri()]), "messages[0].template.actions"),
    ("buttons without label", buttons(actions=[{"type": "uri", "uri": URL}]), "messages[0].template.actions[0].label"),
    ("ftp", buttons(actions=[uri(address="ftp://example.com")]), "messages[0].template.actions[0].uri"),
    ("javascript", buttons(actions=[uri(address="javascript:alert(1)")]), "messages[0].template.actions[0].uri"),
    ("columns of different length", carousel(column(), column(actions=[uri(), uri()])), "messages[0].template.columns"),
    ("title in one column only", carousel(column(), column(title="題")), "messages[0].template.columns"),
    ("image in one column only", carousel(column(thumbnailImageUrl=URL), column()), "messages[0].template.columns"),
    (
        "camera in a template",
        buttons(actions=[{"type": "camera", "label": "撮る"}]),
        "messages[0].template.actions[0].type",
    ),
    (
        "richmenuswitch in a message",
        buttons(actions=[{"type": "richmenuswitch", "label": "x", "data": "d", "richMenuAliasId": "a"}]),
        "messages[0].template.actions[0].type",
    ),
    (
        "displayText and text",
        buttons(actions=[postback(displayText="x", text="y")]),
        "messages[0].template.actions[0].text",
    ),
    (
        "fillInText without keyboard",
        buttons(actions=[postback(fillInText="x")]),
        "messages[0].template.actions[0].fillInText",
    ),
    ("picker without mode", buttons(actions=[picker()]), "messages[0].template.actions[0].mode"),
    (
        "picker of another format",
        buttons(actions=[picker(mode="date", initial="2026-1-1")]),
        "messages[0].template.actions[0].initial",
    ),
    (
        "picker before 1900",
        buttons(actions=[picker(mode="date", min="1899-12-31")]),
        "messages[0].template.actions[0].min",
    ),
    (
        "picker after 2100",
        buttons(actions=[picker(mode="date", max="2101-01-01")]),
        "messages[0].template.actions[0].max",
    ),
    (
        "picker turned round",
        buttons(actions=[picker(mode="time", min="18:00", max="09:00")]),
        "messages[0].template.actions[0].max",
    ),
    ("empty quick reply", quick(0), "messages[0].quickReply.items"),
    ("bubble of nothing", flex({"type": "bubble"}), "/"),
    (
        "bubbles of different size",
        flex({"type": "carousel", "contents": [bubble(size="kilo", body=bubble()["body"]), bubble(size="mega")]}),
        "/contents",
    ),
    ("body that is no box", flex({"type": "bubble", "body": {"type": "text", "text": "x"}}), "/body/type"),
    ("box without layout", flex({"type": "bubble", "body": {"type": "box", "contents": []}}), "/body/layout"),
    ("box without contents", flex({"type": "bubble", "body": {"type": "box", "layout": "vertical"}}), "/body/contents"),
    ("icon in a vertical box", flex(bubble({"type": "icon", "url": URL})), "/body/contents/0/type"),
    ("button without action", flex(bubble({"type": "button"})), "/body/contents/0/action"),
    ("flex text without words", flex(bubble({"type": "text", "text": ""})), "/body/contents/0/text"),
    ("colour by name", flex(bubble({"type": "text", "text": "x", "color": "red"})), "/body/contents/0/color"),
    ("video in the body", flex(bubble({"type": "video", "url": URL})), "/body/contents/0/type"),
    (
        "video in a carousel",
        flex(
            bubbles(
                1, hero={"type": "video", "url": URL, "previewUrl": URL, "altContent": {"type": "image", "url": URL}}
            )
        ),
        "/contents/0/hero/type",
    ),
]


@pytest.mark.parametrize("message", [pytest.param(message, id=name) for name, message in GOOD])
async def test_it_accepts_good_messages(line: Line, message: Json) -> None:
    answer = await line.validate(message)
    assert (answer.status, answer.body) == (200, {})


@pytest.mark.parametrize(("message", "path"), [pytest.param(*rest, id=name) for name, *rest in BAD])
async def test_it_names_what_is_wrong(line: Line, message: Json, path: str) -> None:
    """details[] with property paths, JSON pointers in Flex [3.6]"""
    answer = await line.validate(message)
    assert answer.status == 400
    assert path in answer.properties
    if path.startswith("/"):
        assert answer.message == "A message (messages[0]) in the request body is invalid"
    else:
        assert answer.message == f"The request body has {len(answer.properties)} error(s)"


async def test_it_refuses_the_whole_send_for_one_bad_message(line: Line, tanaka: User) -> None:
    answer = await line.push(tanaka.id, text(), text(""))
    assert answer.properties == ["messages[1].text"]
    assert await tanaka.seen() == []


@pytest.mark.parametrize("path", ["reply", "push", "multicast"])
async def test_it_validates_for_each_way_of_sending(line: Line, path: str) -> None:
    """[R#validate-message-objects-of-reply-message]"""
    at = f"/v2/bot/message/validate/{path}"
    assert (await line.post(at, {"messages": [text()]})).status == 200
    assert (await line.post(at, {"messages": []})).properties == ["messages"]


async def test_it_accepts_http_from_the_bots_own_origin_only(channel: Channel, bot: Bot, line: Line) -> None:
    own = bot.url.removesuffix("/line/webhook")
    assert (
        await line.validate(media("image", originalContentUrl=f"{own}/m/1", previewImageUrl=f"{own}/m/2"))
    ).status == 200
    assert (await line.validate(media("image", originalContentUrl=f"{own}9/m/1"))).status == 400
    await channel.change(http_origins=["http://shop.test"])
    assert (await line.validate(media("image", originalContentUrl="http://shop.test/a.png"))).status == 200


async def test_it_refuses_tracked_videos_in_groups(line: Line, group: Group, tanaka: User) -> None:
    """trackingId not allowed toward group/room [section 4]"""
    tracked = media("video", trackingId="t")
    assert (await line.push(group.id, tracked)).properties == ["messages[0].trackingId"]
    assert (await line.push(tanaka.id, tracked)).status == 200


@pytest.mark.parametrize(
    ("units", "status"), [([], 200), (["spring_2026"], 200), (["a" * 31], 400), (["a", "b"], 400), (["春"], 400)]
)
async def test_it_takes_one_aggregation_unit(line: Line, tanaka: User, units: list[str], status: int) -> None:
    """exactly 1 unit, [a-zA-Z0-9_]{1,30} [5.1]"""
    body = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": units}
    assert (await line.post("/v2/bot/message/push", body)).status == status


@pytest.mark.parametrize(
    ("words", "units", "graphemes"),
    [
        ("あいう", 3, 3),
        ("🙂", 2, 1),
        (FAMILY, 8, 1),
        ("👍🏽", 4, 1),
        ("🇯🇵🇫🇷", 8, 2),
        ("か\u3099", 2, 1),
        ("ｶﾞ", 2, 1),
        ("❤️‍🔥", 5, 1),
        ("1️⃣", 3, 1),
        ("\r\n", 2, 1),
        ("\u1100\u1161\u11a8", 3, 1),
        ("a\u200db", 3, 2),
        ("", 0, 0),
    ],
)
def test_it_counts_as_line_counts(words: str, units: int, graphemes: int) -> None:
    """UTF-16 code units, or grapheme clusters [G:text-character-count]"""
    assert counting.utf16(words) == units
    assert counting.graphemes(words) == graphemes

"""LINE's limits, each kept at the limit and broken one past it, with the fault in words for staff."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from jobs import messages

WEB = "https://example.com/"


def action(label: str = "押す", **more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": "b=1"} | more


def buttons(count: int = 1, **more: Any) -> dict[str, Any]:
    template = {"type": "buttons", "text": "本文", "actions": [action()] * count} | more
    return {"type": "template", "altText": "本文", "template": template}


def tapped(tap: dict[str, Any]) -> dict[str, Any]:
    return buttons(actions=[tap])


def column(**more: Any) -> dict[str, Any]:
    return {"text": "本文", "actions": [action()]} | more


def carousel(*columns: dict[str, Any]) -> dict[str, Any]:
    template = {"type": "carousel", "columns": list(columns)}
    return {"type": "template", "altText": "本文", "template": template}


def pictures(*columns: dict[str, Any]) -> dict[str, Any]:
    template = {"type": "image_carousel", "columns": list(columns)}
    return {"type": "template", "altText": "本文", "template": template}


def picture(**more: Any) -> dict[str, Any]:
    return {"imageUrl": WEB, "action": action()} | more


def quick(count: int = 1, **more: Any) -> dict[str, Any]:
    item = {"type": "action", "action": action()} | more
    return messages.text("a") | {"quickReply": {"items": [item] * count}}


def bubble(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(parts)}
    return {"type": "bubble", "body": body} | more


def box(layout: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(parts)} | more


GRADIENT = {"type": "linearGradient", "angle": "90deg", "startColor": "#000000", "endColor": "#FFFFFF80"}
FILM = {"type": "video", "url": WEB, "previewUrl": WEB, "altContent": {"type": "image", "url": WEB}}


def flex(contents: dict[str, Any], alt: str = "x") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubbles(*each: dict[str, Any]) -> dict[str, Any]:
    return flex({"type": "carousel", "contents": list(each)})


def sized_bubble(size: int) -> dict[str, Any]:
    empty = bubble({"type": "text", "text": "a"})
    return bubble({"type": "text", "text": "a" * (size - len(orjson.dumps(empty)) + 1)})


def sized_carousel(size: int) -> dict[str, Any]:
    one, two = sized_bubble(25_000), sized_bubble(20_000)
    rest = size - len(orjson.dumps({"type": "carousel", "contents": [one, two]})) + 20_000
    return bubbles(one, sized_bubble(rest))


def emoji(count: int) -> dict[str, Any]:
    places = [{"index": index, "productId": "p", "emojiId": "1"} for index in range(count)]
    return {"type": "text", "text": "$" * count, "emojis": places}


def web(length: int) -> str:
    return WEB + "a" * (length - len(WEB))


def location(**more: Any) -> dict[str, Any]:
    return {"type": "location", "title": "店", "address": "東京", "latitude": 35.6, "longitude": 139.7} | more


FAMILY = "👨‍👩‍👧‍👦"  # eleven UTF-16 units, one character

LIMITS: list[tuple[str, str, int, Callable[[int], dict[str, Any]]]] = [
    ("text", "messages[0].text", 5000, lambda n: messages.text("あ" * n)),
    ("text in UTF-16", "messages[0].text", 5000, lambda n: messages.text("😀" * (n // 2) + "a" * (n % 2))),
    ("emojis", "messages[0].emojis", 20, emoji),
    ("image", "messages[0].originalContentUrl", 2000, lambda n: messages.image(WEB) | {"originalContentUrl": web(n)}),
    ("location title", "messages[0].title", 100, lambda n: location(title="あ" * n)),
    ("location address", "messages[0].address", 100, lambda n: location(address="あ" * n)),
    ("altText", "messages[0].altText", 1500, lambda n: buttons() | {"altText": "あ" * n}),
    ("buttons title", "messages[0].template.title", 40, lambda n: buttons(title="あ" * n)),
    ("buttons text", "messages[0].template.text", 160, lambda n: buttons(text=FAMILY * n)),
    ("buttons text, title", "messages[0].template.text", 60, lambda n: buttons(title="a", text="あ" * n)),
    (
        "buttons text, image",
        "messages[0].template.text",
        60,
        lambda n: buttons(thumbnailImageUrl=WEB, text="あ" * n),
    ),
    ("buttons", "messages[0].template.actions", 4, buttons),
    (
        "confirm text",
        "messages[0].template.text",
        240,
        lambda n: messages.confirm("あ" * n, action(), action()),
    ),
    ("columns", "messages[0].template.columns", 10, lambda n: carousel(*[column()] * n)),
    ("column title", "messages[0].template.columns[0].title", 40, lambda n: carousel(column(title="あ" * n))),
    ("column text", "messages[0].template.columns[0].text", 120, lambda n: carousel(column(text="あ" * n))),
    (
        "column text, image",
        "messages[0].template.columns[0].text",
        60,
        lambda n: carousel(column(text="あ" * n, thumbnailImageUrl=WEB)),
    ),
    (
        "column buttons",
        "messages[0].template.columns[0].actions",
        3,
        lambda n: carousel(column(actions=[action()] * n)),
    ),
    (
        "column label",
        "messages[0].template.columns[2].actions[1].label",
        20,
        lambda n: carousel(*[column(actions=[action(), action()])] * 2, column(actions=[action(), action("あ" * n)])),
    ),
    ("pictures", "messages[0].template.columns", 10, lambda n: pictures(*[picture()] * n)),
    (
        "picture label",
        "messages[0].template.columns[0].action.label",
        12,
        lambda n: pictures(picture(action=action("あ" * n))),
    ),
    ("flex altText", "messages[0].altText", 1500, lambda n: flex(bubble(), "あ" * n)),
    ("flex bubble", "messages[0].contents", 30_000, lambda n: flex(sized_bubble(n))),
    ("flex carousel", "messages[0].contents", 50_000, sized_carousel),
    ("flex bubbles", "messages[0].contents.contents", 12, lambda n: bubbles(*[bubble()] * n)),
    (
        "flex label",
        "messages[0].contents.body.contents[0].action.label",
        40,
        lambda n: flex(bubble({"type": "button", "action": action("あ" * n)})),
    ),
    (
        "flex animations",
        "messages[0].contents",
        10,
        lambda n: flex(bubble(*[{"type": "image", "url": WEB, "animated": True}] * n)),
    ),
    ("quick replies", "messages[0].quickReply.items", 13, quick),
    (
        "quick reply label",
        "messages[0].quickReply.items[0].action.label",
        20,
        lambda n: quick(action=action("あ" * n)),
    ),
    ("sender", "messages[0].sender.name", 20, lambda n: messages.text("a") | {"sender": {"name": "あ" * n}}),
    ("label", "messages[0].template.actions[0].label", 20, lambda n: tapped(action(FAMILY * n))),
    ("data", "messages[0].template.actions[0].data", 300, lambda n: tapped(action(data="あ" * n))),
    (
        "displayText",
        "messages[0].template.actions[0].displayText",
        300,
        lambda n: tapped(action(displayText=FAMILY * n)),
    ),
    ("postback text", "messages[0].template.actions[0].text", 300, lambda n: tapped(action(text="あ" * n))),
    (
        "fillInText",
        "messages[0].template.actions[0].fillInText",
        300,
        lambda n: tapped(action(inputOption="openKeyboard", fillInText="あ" * n)),
    ),
    ("message", "messages[0].template.actions[0].text", 300, lambda n: tapped(messages.say("a", FAMILY * n))),
    (
        "uri",
        "messages[0].template.actions[0].uri",
        1000,
        lambda n: tapped({"type": "uri", "label": "a", "uri": web(n)}),
    ),
    (
        "altUri",
        "messages[0].contents.body.contents[0].action.altUri.desktop",
        1000,
        lambda n: flex(bubble({"type": "button", "action": messages.link("a", WEB) | {"altUri": {"desktop": web(n)}}})),
    ),
    (
        "picker data",
        "messages[0].template.actions[0].data",
        300,
        lambda n: tapped({"type": "datetimepicker", "label": "a", "mode": "date", "data": "a" * n}),
    ),
    (
        "clipboard",
        "messages[0].template.actions[0].clipboardText",
        1000,
        lambda n: tapped({"type": "clipboard", "label": "a", "clipboardText": "あ" * n}),
    ),
]


@pytest.mark.parametrize(("path", "limit", "make"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_it_takes_what_is_at_the_limit_and_names_what_is_past_it(
    path: str, limit: int, make: Callable[[int], dict[str, Any]]
) -> None:
    assert messages.check([make(limit)]) == []
    faults = messages.check([make(limit + 1)])
    assert [(fault.path, fault.limit, fault.found) for fault in faults] == [(path, limit, limit + 1)]
    assert f"{limit:,}" in faults[0].message_ja or str(limit) in faults[0].message_ja


def test_it_speaks_to_staff_with_the_limit_and_what_stands_there_now() -> None:
    (fault,) = messages.check([tapped(action("あ" * 23))])
    assert fault.message_ja == "ボタンの文字は20字までです（今 23字）"


def test_it_takes_one_to_five_messages() -> None:
    assert messages.check([messages.text("a")] * 5) == []
    assert [(f.path, f.found) for f in messages.check([messages.text("a")] * 6)] == [("messages", 6)]
    assert [(f.path, f.found) for f in messages.check([])] == [("messages", 0)]


def test_it_names_all_faults_at_once() -> None:
    wrong = carousel(column(actions=[action("あ" * 21)]), column(text="", actions=[{"type": "uri", "label": "a"}]))
    paths = {fault.path for fault in messages.check([messages.text(""), wrong])}
    assert paths == {
        "messages[0].text",
        "messages[1].template.columns[0].actions[0].label",
        "messages[1].template.columns[1].text",
        "messages[1].template.columns[1].actions[0].uri",
    }


GOOD: list[dict[str, Any]] = [
    messages.sticker("446", "1988"),
    messages.video(WEB, WEB, "track-1"),
    messages.audio(WEB, 30_000),
    location(),
    messages.text("日本語\n😀"),
    emoji(3),
    quick(action={"type": "camera", "label": "撮る"}),
    quick(imageUrl=WEB),
    tapped({"type": "uri", "label": "a", "uri": "tel:0581234567"}),
    tapped({"type": "uri", "label": "a", "uri": "line://nv/chat"}),
    tapped({"type": "uri", "label": "a", "uri": "http://example.com"}),
    tapped(
        {
            "type": "datetimepicker",
            "label": "a",
            "data": "d",
            "mode": "datetime",
            "min": "2026-01-01t00:00",
            "max": "2026-12-31T23:59",
        }
    ),
    buttons(defaultAction={"type": "uri", "uri": WEB}, thumbnailImageUrl=WEB, imageSize="contain"),
    pictures(picture(action={"type": "uri", "uri": WEB})),
    flex(bubble({"type": "text", "contents": [{"type": "span", "text": "a"}]}, {"type": "separator"})),
    flex(bubble({"type": "image", "url": WEB, "aspectRatio": "1:3"})),
    flex(bubble(box("baseline", {"type": "icon", "url": WEB, "size": "3xl"}, {"type": "filler"}))),
    flex(bubble(box("horizontal", background=GRADIENT | {"centerPosition": "10.5%"}, paddingAll="5%", spacing="md"))),
    flex(bubble(box("vertical", width="50%", cornerRadius="xxl", borderWidth="semi-bold", justifyContent="center"))),
    flex(
        bubble(hero=FILM | {"action": {"type": "uri", "label": "a", "uri": WEB}}, styles={"hero": {"separator": True}})
    ),
    flex(
        bubble(
            hero={
                "type": "video",
                "url": WEB,
                "previewUrl": WEB,
                "altContent": {"type": "image", "url": WEB},
            }
        )
    ),
]


@pytest.mark.parametrize("message", GOOD)
def test_it_finds_nothing_wrong_with_what_line_takes(message: dict[str, Any]) -> None:
    assert messages.check([message]) == []


BAD: list[tuple[dict[str, Any], str]] = [
    ({"type": "text"}, "messages[0].text"),
    ({"type": "text", "text": 3}, "messages[0].text"),
    (messages.text(" \u3000\n"), "messages[0].text"),
    (messages.text("a\x00"), "messages[0]"),
    (messages.text("\ud83d"), "messages[0]"),
    ({"type": "file"}, "messages[0].type"),
    ({"type": ["text"]}, "messages[0].type"),
    ({"type": "sticker", "packageId": "a", "stickerId": "1"}, "messages[0].packageId"),
    ({"type": "sticker", "packageId": "1"}, "messages[0].stickerId"),
    (messages.image(WEB) | {"previewImageUrl": "http://example.com"}, "messages[0].previewImageUrl"),
    (messages.image(WEB) | {"originalContentUrl": WEB + "絵"}, "messages[0].originalContentUrl"),
    (messages.image(WEB) | {"originalContentUrl": "https:///a"}, "messages[0].originalContentUrl"),
    (messages.image(WEB) | {"originalContentUrl": "https://{名前}.jp/"}, "messages[0].originalContentUrl"),
    (messages.video(WEB, WEB) | {"trackingId": "あ"}, "messages[0].trackingId"),
    (messages.video(WEB, WEB) | {"trackingId": "a" * 101}, "messages[0].trackingId"),
    (messages.audio(WEB, 0), "messages[0].duration"),
    (messages.audio(WEB, True), "messages[0].duration"),
    (location(latitude=91), "messages[0].latitude"),
    (emoji(1) | {"text": "a"}, "messages[0].emojis[0].index"),
    (emoji(1) | {"text": "{名前|$}"}, "messages[0].emojis[0].index"),
    (messages.confirm("a", action(), action()) | {"template": None}, "messages[0].template"),
    (buttons(0), "messages[0].template.actions"),
    (buttons(title=""), "messages[0].template.title"),
    (buttons(imageSize="huge"), "messages[0].template.imageSize"),
    (carousel(column(), column(actions=[action()] * 2)), "messages[0].template.columns"),
    (carousel(column(), column(title="a")), "messages[0].template.columns[1]"),
    (carousel(column(thumbnailImageUrl=WEB), column()), "messages[0].template.columns[1]"),
    (tapped({"type": "camera", "label": "a"}), "messages[0].template.actions[0].type"),
    (tapped({"type": "richmenuswitch", "label": "a"}), "messages[0].template.actions[0].type"),
    (tapped(action(displayText="a", text="b")), "messages[0].template.actions[0].text"),
    (tapped(action(fillInText="a")), "messages[0].template.actions[0].fillInText"),
    (tapped(action(inputOption="sing")), "messages[0].template.actions[0].inputOption"),
    (tapped(action("")), "messages[0].template.actions[0].label"),
    (tapped(messages.link("a", WEB) | {"uri": "ftp://a"}), "messages[0].template.actions[0].uri"),
    (tapped(messages.link("a", WEB) | {"uri": "javascript:alert(1)"}), "messages[0].template.actions[0].uri"),
    (tapped(messages.link("a", WEB) | {"altUri": {}}), "messages[0].template.actions[0].altUri"),
    (
        tapped({"type": "datetimepicker", "label": "a", "data": "d", "mode": "date", "initial": "2026-2-30"}),
        "messages[0].template.actions[0].initial",
    ),
    (
        tapped({"type": "datetimepicker", "label": "a", "data": "d", "mode": "date", "min": "1899-12-31"}),
        "messages[0].template.actions[0].min",
    ),
    (
        tapped({"type": "datetimepicker", "label": "a", "data": "d", "mode": "time", "min": "10:00", "max": "10:00"}),
        "messages[0].template.actions[0].max",
    ),
    (flex({"type": "bubble"}), "messages[0].contents"),
    (flex(bubble(size="tera")), "messages[0].contents.size"),
    (flex(bubble({"type": "text", "text": ""})), "messages[0].contents.body.contents[0].text"),
    (flex(bubble({"type": "video"})), "messages[0].contents.body.contents[0]"),
    (flex(bubble({"type": "marquee"})), "messages[0].contents.body.contents[0].type"),
    (flex(bubble({"type": "image"})), "messages[0].contents.body.contents[0].url"),
    (
        flex(bubble({"type": "image", "url": WEB, "aspectRatio": "1:4"})),
        "messages[0].contents.body.contents[0].aspectRatio",
    ),
    (
        flex(bubble({"type": "image", "url": WEB, "aspectRatio": "100001:1"})),
        "messages[0].contents.body.contents[0].aspectRatio",
    ),
    (bubbles(bubble(size="kilo"), bubble()), "messages[0].contents.contents"),
    (
        flex(bubble(hero={"type": "video", "url": WEB, "previewUrl": WEB})),
        "messages[0].contents.hero.altContent",
    ),
    (
        flex(
            bubble(
                size="nano",
                hero={"type": "video", "url": WEB, "previewUrl": WEB, "altContent": {"type": "image", "url": WEB}},
            )
        ),
        "messages[0].contents.hero",
    ),
    (
        bubbles(
            bubble(hero={"type": "video", "url": WEB, "previewUrl": WEB, "altContent": {"type": "image", "url": WEB}})
        ),
        "messages[0].contents.contents[0].hero",
    ),
    (messages.text("a") | {"quickReply": {"items": []}}, "messages[0].quickReply.items"),
    (messages.text("a") | {"sender": {"iconUrl": "http://a.b/"}}, "messages[0].sender.iconUrl"),
    (messages.text("a") | {"sender": {"name": "LINE 公式"}}, "messages[0].sender.name"),
    (messages.text("{なまえ}さん"), "messages[0].text"),
    (messages.image(WEB) | {"originalContentUrl": WEB + "%zz"}, "messages[0].originalContentUrl"),
    (messages.image(WEB) | {"originalContentUrl": "HTTPS://example.com/"}, "messages[0].originalContentUrl"),
    (buttons(imageBackgroundColor="white"), "messages[0].template.imageBackgroundColor"),
    *[
        (flex(bubble({"type": "text", "text": "a"} | look)), f"messages[0].contents.body.contents[0].{key}")
        for key, look in (
            ("color", {"color": "red"}),
            ("margin", {"margin": "10%"}),
            ("size", {"size": "full"}),
            ("flex", {"flex": 1.5}),
            ("wrap", {"wrap": "yes"}),
            ("offsetTop", {"position": "absolute", "offsetTop": "top"}),
        )
    ],
    (flex(bubble({"type": "icon", "url": WEB})), "messages[0].contents.body.contents[0].type"),
    (flex(bubble({"type": "spacer"})), "messages[0].contents.body.contents[0].type"),
    (flex(bubble(box("baseline", {"type": "separator"}))), "messages[0].contents.body.contents[0].contents[0].type"),
    (flex(bubble(box("vertical", borderWidth="thick"))), "messages[0].contents.body.contents[0].borderWidth"),
    (
        flex(bubble(box("vertical", background=GRADIENT | {"angle": "360deg"}))),
        "messages[0].contents.body.contents[0].background.angle",
    ),
    (flex(bubble(styles={"body": {"backgroundColor": "red"}})), "messages[0].contents.styles.body.backgroundColor"),
    (
        flex(bubble(hero=FILM | {"action": {"type": "message", "label": "a", "text": "a"}})),
        "messages[0].contents.hero.action.type",
    ),
]


@pytest.mark.parametrize(("message", "path"), BAD)
def test_it_names_what_line_would_turn_down(message: dict[str, Any], path: str) -> None:
    faults = messages.check([message])
    assert [fault.path for fault in faults] == [path]


def test_it_wants_quick_replies_on_the_last_message_only() -> None:
    assert [f.path for f in messages.check([quick(), messages.text("a")])] == ["messages[0].quickReply"]
    assert messages.check([messages.text("a"), quick()]) == []


def test_it_asks_what_was_meant_by_an_unknown_variable_on_its_line() -> None:
    (fault,) = messages.check([messages.text("こんにちは\n{お名前}さん")])
    assert "もしかして {名前}" in fault.message_ja
    assert "{{お名前}}" in fault.message_ja
    assert fault.row == 1


def test_it_leaves_foreign_braces_of_flex_alone() -> None:
    part = {"type": "text", "text": "{price} {{x}} {名前}"}
    message = flex(bubble(part))
    assert messages.check([message]) == []
    (shown,) = messages.render([message], {"名前": "花子"})
    assert shown["contents"]["body"]["contents"][0]["text"] == "{price} {{x}} 花子"


def test_it_keeps_bytes_free_for_every_value_in_flex() -> None:
    part = {"type": "text", "text": "{名前}"}
    full = flex(bubble(part, {"type": "text", "text": "a" * 29_850}))
    assert [fault.path for fault in messages.check([full])] == ["messages[0].contents"]


@pytest.mark.parametrize(
    ("written", "uri"), [("TEL:110", "tel:110"), ("LINE://nv", "line://nv"), ("Https://A.jp", "https://A.jp")]
)
def test_it_writes_the_scheme_of_a_link_small(written: str, uri: str) -> None:
    assert messages.link("a", written)["uri"] == uri
    assert messages.check([tapped(messages.link("a", written))]) == []

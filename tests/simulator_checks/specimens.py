"""Message objects to try LINE's limits on: small ones that are good, to be spoiled in one place."""

from typing import Any

import orjson

from tests.simulator_checks.bots import Json, text

URL = "https://example.com/"
FAMILY = "👨‍👩‍👧"


def uri(label: str = "開く", address: str = URL) -> Json:
    return {"type": "uri", "label": label, "uri": address}


def postback(**more: Any) -> Json:
    return {"type": "postback", "label": "はい", "data": "b=1", **more}


def picker(**more: Any) -> Json:
    return {"type": "datetimepicker", "label": "日時", "data": "d", **more}


def buttons(**more: Any) -> Json:
    return template({"type": "buttons", "text": "選んで", "actions": [uri()], **more})


def pressed(action: Json) -> Json:
    """A message with this action in a place where most are allowed."""
    return buttons(actions=[action])


def confirm(**more: Any) -> Json:
    return template({"type": "confirm", "text": "よい？", "actions": [uri(), uri()], **more})


def template(inner: Json, alt: str = "代わり") -> Json:
    return {"type": "template", "altText": alt, "template": inner}


def column(**more: Any) -> Json:
    return {"text": "一枚", "actions": [uri()], **more}


def carousel(*columns: Json, **more: Any) -> Json:
    return template({"type": "carousel", "columns": list(columns), **more})


def pictures(count: int, label: str = "見る") -> Json:
    return template({"type": "image_carousel", "columns": [{"imageUrl": URL, "action": uri(label)}] * count})


def flex(contents: Json, alt: str = "代わり") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubble(*contents: Json, **more: Any) -> Json:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "bubble", "body": body, **more}


def component(**part: Any) -> Json:
    """A Flex message whose body holds this one component, at /body/contents/0."""
    return flex(bubble(part))


def words(**more: Any) -> Json:
    return component(type="text", text="x", **more)


def box(*contents: Json, layout: str = "horizontal", **more: Any) -> Json:
    return component(type="box", layout=layout, contents=list(contents), **more)


def photo(**more: Any) -> Json:
    return component(**{"type": "image", "url": URL, **more})


def film(**more: Any) -> Json:
    """A video for a hero."""
    instead = {"type": "image", "url": URL}
    return {"type": "video", "url": URL, "previewUrl": URL, "altContent": instead, **more}


def gradient(**more: Any) -> Json:
    full = {"type": "linearGradient", "angle": "0deg", "startColor": "#000000", "endColor": "#ffffff", **more}
    return box(background={key: value for key, value in full.items() if value is not None})


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


def nested(depth: int) -> Json:
    """A bubble whose body holds boxes in boxes."""
    inner: Json = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(depth):
        inner = {"type": "box", "layout": "vertical", "contents": [inner]}
    return flex({"type": "bubble", "body": inner})


def quick(count: int, label: str = "はい") -> Json:
    return quick_reply(*[{"type": "message", "label": label, "text": "はい"}] * count)


def quick_reply(*actions: Json, **more: Any) -> Json:
    return {**text(), "quickReply": {"items": [{"type": "action", "action": action, **more} for action in actions]}}


def media(kind: str, **more: Any) -> Json:
    return {"type": kind, "originalContentUrl": URL, "previewImageUrl": URL, **more}


def audio(**more: Any) -> Json:
    return {"type": "audio", "originalContentUrl": URL, "duration": 1000, **more}


def place(**more: Any) -> Json:
    return {"type": "location", "title": "店", "address": "東京", "latitude": 35.0, "longitude": 139.0, **more}


def emojis(count: int) -> Json:
    return {
        **text("$" * count),
        "emojis": [{"index": index, "productId": "p", "emojiId": "1"} for index in range(count)],
    }


FACE = {"type": "emoji", "productId": "p", "emojiId": "1"}
EVERYBODY = {"type": "mention", "mentionee": {"type": "all"}}


def mention(user_id: str) -> Json:
    return {"type": "mention", "mentionee": {"type": "user", "userId": user_id}}


def v2(words: str, **substitution: Json) -> Json:
    return {"type": "textV2", "text": words, **({"substitution": substitution} if substitution else {})}


def v2_with(count: int, substitution: Json) -> Json:
    """A text with so many different keys of one kind."""
    keys = [f"k{number}" for number in range(count)]
    return v2("".join(f"{{{key}}}" for key in keys), **dict.fromkeys(keys, substitution))


AREA = {"x": 0, "y": 0, "width": 520, "height": 520}


def tap(**more: Any) -> Json:
    return {"type": "message", "text": "はい", "area": AREA, **more}


def imagemap(*actions: Json, **more: Any) -> Json:
    size = {"width": 1040, "height": 520}
    return {
        "type": "imagemap",
        "baseUrl": URL + "m",
        "altText": "地図",
        "baseSize": size,
        "actions": list(actions),
    } | more


def with_film(**more: Any) -> Json:
    """An imagemap with a video on it."""
    return imagemap(tap(), video={"originalContentUrl": URL, "previewImageUrl": URL, "area": AREA, **more})


def long_url(length: int) -> str:
    return URL + "a" * (length - len(URL))

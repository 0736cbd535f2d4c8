"""LINE's limits on Flex messages: sizes in bytes, bubbles and their blocks."""

from collections.abc import Mapping
from typing import Any

import orjson

from jobs.messages import action_limits, limits, placeholders
from jobs.messages.flex_limits import looks, parts

BUBBLE_BYTES = 30_000  # LINE says 30 KB and 50 KB; the smaller reading is safe under both
CAROUSEL_BYTES = 50_000
MOST_BUBBLES = 12
VALUE_BYTES = 100  # kept free for each variable's value, in JSON
MOST_ANIMATIONS = 10

SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
_VIDEO_SIZES = ("kilo", "mega", "giga")
_BLOCKS = ("header", "hero", "body", "footer")


def check(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    """A Flex message, altText included."""
    survey.words(message, "altText", path, "通知に出る文", 1500, loose=True)
    contents = survey.inner(message, "contents", path, "Flexの中身")
    if contents is None:
        return
    where = f"{path}.contents"
    if not survey.choice(contents, "type", where, "Flexの種類", ("bubble", "carousel"), required=True):
        return
    if contents["type"] == "bubble":
        _bubble(survey, contents, where, alone=True)
    else:
        _carousel(survey, contents, where)
    animations = _animations(contents)
    if animations > MOST_ANIMATIONS:
        survey.fault(where, f"動く画像は{MOST_ANIMATIONS}枚までです（今 {animations}枚）", MOST_ANIMATIONS, animations)


def room_per_value(contents: dict[str, Any], known: Mapping[str, str]) -> dict[str, int]:
    """The bytes of JSON each variable's value may take, by the path of its bubble below `contents`."""
    if contents.get("type") != "carousel":
        return {"": _share(contents, BUBBLE_BYTES, known)}
    share = _share(contents, CAROUSEL_BYTES, known)
    bubbles = contents.get("contents")
    return {
        f".contents[{index}]": min(share, _share(bubble, BUBBLE_BYTES, known))
        for index, bubble in enumerate(bubbles if isinstance(bubbles, list) else [])
    }


def _share(tree: object, most: int, known: Mapping[str, str]) -> int:
    values = _values(tree, known)
    return max(0, most - len(orjson.dumps(tree))) // values if values else most


def _values(tree: object, known: Mapping[str, str]) -> int:
    return sum(
        piece.kind == "value"
        for place in placeholders.places(tree)
        for piece in placeholders.parse(place.text, known, loose=True)
    )


def _within(survey: limits.Survey, tree: dict[str, Any], path: str, what: str, most: int) -> None:
    values = _values(tree, survey.known)
    size = len(orjson.dumps(tree)) + values * VALUE_BYTES
    if size > most:
        margin = f"差し込み{values}か所の余白を含む、" if values else ""
        survey.fault(
            path,
            f"{what}は{most:,}バイトまでです（{margin}今 {size:,}バイト）。内容を減らしてください",
            most,
            size,
        )


def _carousel(survey: limits.Survey, carousel: dict[str, Any], path: str) -> None:
    bubbles = survey.items(carousel, "contents", path, "Flexのカード", 1, MOST_BUBBLES)
    for bubble, where in bubbles:
        if survey.choice(bubble, "type", where, "カードの種類", ("bubble",), required=True):
            _bubble(survey, bubble, where, alone=False)
    if len({str(bubble.get("size") or "mega") for bubble, _ in bubbles}) > 1:
        survey.fault(f"{path}.contents", "カードの大きさ（size）は全部そろえてください")
    _within(survey, carousel, path, "Flexのカード全部", CAROUSEL_BYTES)


def _bubble(survey: limits.Survey, bubble: dict[str, Any], path: str, *, alone: bool) -> None:
    survey.choice(bubble, "size", path, "カードの大きさ", SIZES)
    survey.choice(bubble, "direction", path, "文字の向き", ("ltr", "rtl"))
    blocks = [key for key in _BLOCKS if bubble.get(key) is not None]
    if not blocks:
        survey.fault(path, "カードの中身（body など）がありません")
    for key in blocks:
        block = survey.inner(bubble, key, path, key)
        if block is not None:
            kinds = ("box", "image", "video") if key == "hero" else ("box",)
            parts.check(survey, block, f"{path}.{key}", kinds, f"{key} の種類")
    hero = bubble.get("hero")
    if isinstance(hero, dict) and hero.get("type") == "video":
        _video_place(survey, bubble, f"{path}.hero", alone=alone)
    _styles(survey, bubble, path)
    parts.tap(survey, bubble, path, action_limits.FLEX_PART)
    _within(survey, bubble, path, "Flexのカード1枚", BUBBLE_BYTES)


def _video_place(survey: limits.Survey, bubble: dict[str, Any], path: str, *, alone: bool) -> None:
    if not alone:
        survey.fault(path, "動画は2枚以上のカードには入れられません")
    if (bubble.get("size") or "mega") not in _VIDEO_SIZES:
        survey.fault(path, "動画のあるカードの size は kilo / mega / giga にしてください")


def _styles(survey: limits.Survey, bubble: dict[str, Any], path: str) -> None:
    if bubble.get("styles") is None:
        return
    styles = survey.inner(bubble, "styles", path, "カードの見た目")
    for key in _BLOCKS:
        if styles is not None and styles.get(key) is not None:
            style = survey.inner(styles, key, f"{path}.styles", f"{key} の見た目")
            if style is not None:
                looks.check(survey, style, f"{path}.styles.{key}", "style")


def _animations(contents: object) -> int:
    count, waiting = 0, [contents]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            count += part.get("animated") is True
            waiting.extend(part.values())
    return count

"""LINE's limits on Flex messages: sizes in bytes, bubbles, and what each component needs."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from jobs.messages import action_limits, limits, placeholders

BUBBLE_BYTES = 30_000  # LINE says 30 KB and 50 KB; the smaller reading is safe under both
CAROUSEL_BYTES = 50_000
MOST_BUBBLES = 12
VALUE_BYTES = 100  # kept free for each variable's value, in JSON
MOST_ANIMATIONS = 10

SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
_VIDEO_SIZES = ("kilo", "mega", "giga")
_LAYOUTS = ("horizontal", "vertical", "baseline")
_RATIO = re.compile(r"(\d{1,6})(?:\.\d{1,2})?:(\d{1,6})(?:\.\d{1,2})?\Z", re.ASCII)


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
    if len({str(bubble.get("size", "mega")) for bubble, _ in bubbles}) > 1:
        survey.fault(f"{path}.contents", "カードの大きさ（size）は全部そろえてください")
    _within(survey, carousel, path, "Flexのカード全部", CAROUSEL_BYTES)


def _bubble(survey: limits.Survey, bubble: dict[str, Any], path: str, *, alone: bool) -> None:
    survey.choice(bubble, "size", path, "カードの大きさ", SIZES)
    survey.choice(bubble, "direction", path, "文字の向き", ("ltr", "rtl"))
    parts = [key for key in ("header", "hero", "body", "footer") if bubble.get(key) is not None]
    if not parts:
        survey.fault(path, "カードの中身（body など）がありません")
    for key in parts:
        part = survey.inner(bubble, key, path, key)
        if part is None:
            continue
        where = f"{path}.{key}"
        if key == "hero" and part.get("type") == "video":
            _video(survey, part, where, bubble, alone=alone)
        elif key == "hero":
            if survey.choice(part, "type", where, "hero の種類", ("box", "image", "video"), required=True):
                _component(survey, part, where)
        elif survey.choice(part, "type", where, f"{key} の種類", ("box",), required=True):
            _component(survey, part, where)
    _tap(survey, bubble, path)
    _within(survey, bubble, path, "Flexのカード1枚", BUBBLE_BYTES)


def _component(survey: limits.Survey, part: dict[str, Any], path: str) -> None:
    if survey.choice(part, "type", path, "Flexの部品", _COMPONENTS, required=True):
        more = _COMPONENTS[part["type"]]
        if more is not None:
            more(survey, part, path)


def _box(survey: limits.Survey, box: dict[str, Any], path: str) -> None:
    survey.choice(box, "layout", path, "並べ方", _LAYOUTS, required=True)
    for part, where in survey.items(box, "contents", path, "箱の中身", 0, 1000):
        _component(survey, part, where)
    _tap(survey, box, path)


def _text(survey: limits.Survey, text: dict[str, Any], path: str) -> None:
    spans = text.get("contents")
    survey.words(text, "text", path, "文字", required=not spans, loose=True)
    if spans is not None:
        for span, where in survey.items(text, "contents", path, "文字の一部", 0, 1000):
            if survey.choice(span, "type", where, "文字の一部の種類", ("span",), required=True):
                survey.words(span, "text", where, "文字", loose=True)
    _tap(survey, text, path)


def _button(survey: limits.Survey, button: dict[str, Any], path: str) -> None:
    action_limits.check(survey, button, "action", path, action_limits.FLEX_BUTTON)
    survey.choice(button, "style", path, "ボタンの見た目", ("primary", "secondary", "link"))


def _image(survey: limits.Survey, image: dict[str, Any], path: str) -> None:
    survey.address(image, "url", path, "画像")
    _ratio(survey, image, path)
    survey.choice(image, "aspectMode", path, "画像の収め方", ("cover", "fit"))
    _tap(survey, image, path)


def _icon(survey: limits.Survey, icon: dict[str, Any], path: str) -> None:
    survey.address(icon, "url", path, "アイコン")
    _ratio(survey, icon, path)


def _stray_video(survey: limits.Survey, _video: dict[str, Any], path: str) -> None:
    survey.fault(path, "動画はカードの hero にだけ置けます")


def _video(survey: limits.Survey, video: dict[str, Any], path: str, bubble: dict[str, Any], *, alone: bool) -> None:
    survey.address(video, "url", path, "動画")
    survey.address(video, "previewUrl", path, "動画の見出し画像")
    _ratio(survey, video, path)
    if not alone:
        survey.fault(path, "動画は2枚以上のカードには入れられません")
    if bubble.get("size", "mega") not in _VIDEO_SIZES:
        survey.fault(path, "動画のあるカードの size は kilo / mega / giga にしてください")
    instead = survey.inner(video, "altContent", path, "動画が映らないときの内容（altContent）")
    if instead is None:
        return
    where = f"{path}.altContent"
    if survey.choice(instead, "type", where, "altContent の種類", ("box", "image"), required=True):
        _component(survey, instead, where)
    _tap(survey, video, path)


def _tap(survey: limits.Survey, part: dict[str, Any], path: str) -> None:
    if part.get("action") is not None:
        action_limits.check(survey, part, "action", path, action_limits.FLEX_PART)


def _ratio(survey: limits.Survey, part: dict[str, Any], path: str) -> None:
    ratio = part.get("aspectRatio")
    if ratio is None:
        return
    found = _RATIO.match(ratio) if isinstance(ratio, str) else None
    width, height = (float(side) for side in ratio.split(":")) if found else (0.0, 0.0)
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        survey.fault(
            f"{path}.aspectRatio",
            "aspectRatio は 20:13 のように書き、高さは幅の3倍までにしてください（数は1〜100000）",
        )


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


_COMPONENTS: dict[str, Callable[[limits.Survey, dict[str, Any], str], None] | None] = {
    "box": _box,
    "text": _text,
    "button": _button,
    "image": _image,
    "icon": _icon,
    "separator": None,
    "filler": None,
    "spacer": None,
    "video": _stray_video,
}

"""LINE's limits on the components of Flex messages: what may stand in what, and what each needs."""

import re
from collections.abc import Callable
from typing import Any

from jobs.messages import action_limits, limits
from jobs.messages.flex_limits import looks

_LAYOUTS = ("horizontal", "vertical", "baseline")
_IN_BOX = ("box", "button", "image", "text", "separator", "filler")
_IN_BASELINE = ("icon", "text", "filler")
_SIDE = r"(\d{1,6}(?:\.\d{1,2})?)"
_RATIO = re.compile(rf"{_SIDE}:{_SIDE}\Z", re.ASCII)


def check(survey: limits.Survey, part: dict[str, Any], path: str, kinds: tuple[str, ...], what: str) -> None:
    """A component that may be one of these kinds, with all that stands in it."""
    if part.get("type") == "video" and "video" not in kinds:
        survey.fault(path, "動画はカードの hero にだけ置けます")
        return
    if not survey.choice(part, "type", path, what, kinds, required=True):
        return
    looks.check(survey, part, path, part["type"])
    more = _COMPONENTS.get(part["type"])
    if more is not None:
        more(survey, part, path)


def tap(survey: limits.Survey, part: dict[str, Any], path: str, spot: action_limits.Spot) -> None:
    """What pressing the part does, if anything."""
    if part.get("action") is not None:
        action_limits.check(survey, part, "action", path, spot)


def _box(survey: limits.Survey, box: dict[str, Any], path: str) -> None:
    survey.choice(box, "layout", path, "並べ方", _LAYOUTS, required=True)
    baseline = box.get("layout") == "baseline"
    kinds, what = (_IN_BASELINE, "layout が baseline の箱の部品") if baseline else (_IN_BOX, "Flexの部品")
    for part, where in survey.items(box, "contents", path, "箱の中身", 0, 1000):
        check(survey, part, where, kinds, what)
    if box.get("background") is not None:
        _background(survey, box, path)
    tap(survey, box, path, action_limits.FLEX_PART)


def _background(survey: limits.Survey, box: dict[str, Any], path: str) -> None:
    background = survey.inner(box, "background", path, "背景")
    if background is None:
        return
    where = f"{path}.background"
    survey.choice(background, "type", where, "背景の種類", ("linearGradient",), required=True)
    looks.check_one(survey, background, where, "angle", looks.ANGLE)
    looks.check_one(survey, background, where, "startColor", looks.COLOUR)
    looks.check_one(survey, background, where, "endColor", looks.COLOUR)
    looks.check(survey, background, where, "background")


def _text(survey: limits.Survey, text: dict[str, Any], path: str) -> None:
    spans = text.get("contents")
    survey.words(text, "text", path, "文字", required=not spans, loose=True)
    if spans is not None:
        for span, where in survey.items(text, "contents", path, "文字の一部", 0, 1000):
            if survey.choice(span, "type", where, "文字の一部の種類", ("span",), required=True):
                survey.words(span, "text", where, "文字", loose=True)
                looks.check(survey, span, where, "span")
    tap(survey, text, path, action_limits.FLEX_PART)


def _button(survey: limits.Survey, button: dict[str, Any], path: str) -> None:
    action_limits.check(survey, button, "action", path, action_limits.FLEX_BUTTON)


def _image(survey: limits.Survey, image: dict[str, Any], path: str) -> None:
    survey.address(image, "url", path, "画像")
    _ratio(survey, image, path)
    tap(survey, image, path, action_limits.FLEX_PART)


def _icon(survey: limits.Survey, icon: dict[str, Any], path: str) -> None:
    survey.address(icon, "url", path, "アイコン")
    _ratio(survey, icon, path)


def _video(survey: limits.Survey, video: dict[str, Any], path: str) -> None:
    survey.address(video, "url", path, "動画")
    survey.address(video, "previewUrl", path, "動画の見出し画像")
    _ratio(survey, video, path)
    instead = survey.inner(video, "altContent", path, "動画が映らないときの内容（altContent）")
    if instead is not None:
        check(survey, instead, f"{path}.altContent", ("box", "image"), "altContent の種類")
    tap(survey, video, path, action_limits.FLEX_VIDEO)


def _ratio(survey: limits.Survey, part: dict[str, Any], path: str) -> None:
    ratio = part.get("aspectRatio")
    if ratio is None:
        return
    found = _RATIO.match(ratio) if isinstance(ratio, str) else None
    width, height = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        survey.fault(
            f"{path}.aspectRatio",
            "aspectRatio は 20:13 のように書き、高さは幅の3倍までにしてください（数は1〜100000）",
        )


_COMPONENTS: dict[str, Callable[[limits.Survey, dict[str, Any], str], None]] = {
    "box": _box,
    "text": _text,
    "button": _button,
    "image": _image,
    "icon": _icon,
    "video": _video,
}

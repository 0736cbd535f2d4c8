"""How sizes, spaces, colours and the like are written in Flex messages, and what to tell staff who wrote otherwise."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jobs.messages import limits


class Look(NamedTuple):
    """Everything a property may say, and an example of it in words for staff."""

    shape: re.Pattern[str]
    example: str


_NUMBER = r"\d{1,6}(\.\d{1,6})?"
_STEPS = "none|xs|sm|md|lg|xl|xxl"
_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"


def _look(pattern: str, example: str) -> Look:
    return Look(re.compile(rf"(?:{pattern})\Z", re.ASCII), example)


def _one_of(*options: str) -> Look:
    return _look("|".join(options), " / ".join(options))


COLOUR = _look(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", "#FF0000")
SPACE = _look(rf"{_STEPS}|{_NUMBER}px", "md か 10px")
PADDING = _look(rf"{_STEPS}|{_NUMBER}(px|%)", "md か 10px、5%")
OFFSET = _look(rf"{_STEPS}|-?{_NUMBER}(px|%)", "md か 10px、5%")
LENGTH = _look(rf"{_NUMBER}(px|%)", "100px か 50%")
PIXELS = _look(rf"{_NUMBER}px", "10px")
BORDER = _look(rf"none|light|normal|medium|semi-bold|bold|{_NUMBER}px", "normal か 2px")
LETTERS = _look(rf"{_SIZES}|{_NUMBER}px", "md か 20px")
PICTURE = _look(rf"{_SIZES}|full|{_NUMBER}(px|%)", "md か full、50%")
ANGLE = _look(r"([0-2]?\d?\d|3[0-5]\d)(\.\d{1,6})?deg", "90deg（360未満）")
WITHIN = _look(r"(100(\.0{1,6})?|\d{1,2}(\.\d{1,6})?)%", "50%（100%まで）")
ALIGN = _one_of("start", "end", "center")
GRAVITY = _one_of("top", "bottom", "center")
SPREAD = _one_of("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly")

_OFFSETS = {
    "position": _one_of("relative", "absolute"),
    "offsetTop": OFFSET,
    "offsetBottom": OFFSET,
    "offsetStart": OFFSET,
    "offsetEnd": OFFSET,
}
_WORDS = {
    "size": LETTERS,
    "color": COLOUR,
    "weight": _one_of("regular", "bold"),
    "style": _one_of("normal", "italic"),
    "decoration": _one_of("none", "underline", "line-through"),
}
_FITTING = {"adjustMode": _one_of("shrink-to-fit")}

STRINGS: dict[str, dict[str, Look]] = {
    "box": {
        "margin": SPACE,
        **_OFFSETS,
        "spacing": SPACE,
        "backgroundColor": COLOUR,
        "borderColor": COLOUR,
        "borderWidth": BORDER,
        "cornerRadius": SPACE,
        **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), LENGTH),
        **dict.fromkeys(("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), PADDING),
        "justifyContent": SPREAD,
        "alignItems": _one_of("center", "flex-start", "flex-end"),
    },
    "text": {
        "margin": SPACE,
        **_OFFSETS,
        **_WORDS,
        **_FITTING,
        "align": ALIGN,
        "gravity": GRAVITY,
        "lineSpacing": PIXELS,
    },
    "span": _WORDS,
    "button": {
        "margin": SPACE,
        **_OFFSETS,
        **_FITTING,
        "gravity": GRAVITY,
        "color": COLOUR,
        "style": _one_of("primary", "secondary", "link"),
        "height": _one_of("sm", "md"),
    },
    "image": {
        "margin": SPACE,
        **_OFFSETS,
        "size": PICTURE,
        "align": ALIGN,
        "gravity": GRAVITY,
        "aspectMode": _one_of("cover", "fit"),
        "backgroundColor": COLOUR,
    },
    "icon": {"margin": SPACE, **_OFFSETS, "size": LETTERS},
    "separator": {"margin": SPACE, "color": COLOUR},
    "background": {"centerColor": COLOUR, "centerPosition": WITHIN},
    "style": {"backgroundColor": COLOUR, "separatorColor": COLOUR},
}
FLAGS: dict[str, tuple[str, ...]] = {
    "text": ("wrap", "scaling"),
    "button": ("scaling",),
    "icon": ("scaling",),
    "image": ("animated",),
    "style": ("separator",),
}
WHOLES: dict[str, tuple[str, ...]] = {
    "box": ("flex",),
    "text": ("flex", "maxLines"),
    "button": ("flex",),
    "image": ("flex",),
    "filler": ("flex",),
}


def check(survey: limits.Survey, part: Mapping[str, Any], path: str, kind: str) -> None:
    """The optional properties of one part that say how it looks."""
    for key, look in STRINGS.get(kind, {}).items():
        if part.get(key) is not None:
            check_one(survey, part, path, key, look)
    for key in FLAGS.get(kind, ()):
        if part.get(key) is not None and not isinstance(part[key], bool):
            survey.fault(f"{path}.{key}", f"{key} は true か false にしてください")
    for key in WHOLES.get(kind, ()):
        value = part.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31):
            survey.fault(f"{path}.{key}", f"{key} は0以上の整数にしてください")


def check_one(survey: limits.Survey, part: Mapping[str, Any], path: str, key: str, look: Look) -> None:
    """A property that must be there and look like this."""
    value = part.get(key)
    if not isinstance(value, str) or not look.shape.match(value):
        survey.fault(f"{path}.{key}", f"{key} は {look.example} のように書いてください")

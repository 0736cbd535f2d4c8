"""Actions behind buttons, pictures, quick replies and the areas of rich menus [R#action-objects]."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.simulator.messages import counting
from tests.simulator.messages.places import Place

FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
SHAPES = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "time": re.compile(r"\d\d:\d\d", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d", re.ASCII),
}
EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
ALIAS_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Where:
    """How long a label may be and whether one is needed; `also` are kinds allowed only there."""

    label: int
    required: bool = True
    also: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


TEMPLATE = Where(20)
TEMPLATE_DEFAULT = Where(20, required=False)
IMAGE_CAROUSEL = Where(12, required=False)
QUICK_REPLY = Where(20, also=("camera", "cameraRoll", "location"))
FLEX_BUTTON = Where(40)
FLEX_OTHER = Where(40, required=False)
FLEX_VIDEO = Where(40, only=("uri",))
RICH_MENU = Where(20, required=False, also=("richmenuswitch",))


def check(action: Place, where: Where) -> None:
    kinds = where.only if where.only is not None else (*ANYWHERE, *where.also)
    kind = action.choice("type", kinds)
    action.string("label", where.label, required=where.required, count=counting.graphemes)
    if kind in CHECKS:
        CHECKS[kind](action)


def check_postback(action: Place) -> None:
    action.string("data", 300)
    action.string("displayText", 300, required=False, count=counting.graphemes)
    action.string("text", 300, required=False, count=counting.graphemes)
    if action.value.get("displayText") is not None and action.value.get("text") is not None:
        action.wrong("text", "May not be used together with displayText")
    options = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
    option = action.choice("inputOption", options, required=False)
    action.string("fillInText", 300, required=False, count=counting.graphemes)
    if action.value.get("fillInText") is not None and option != "openKeyboard":
        action.wrong("fillInText", "May be used with openKeyboard only")


def check_message(action: Place) -> None:
    action.string("text", 300, count=counting.graphemes)


def check_uri(action: Place) -> None:
    """altUri is taken everywhere, though only Flex makes use of it."""
    action.link("uri")
    other = action.inner("altUri", required=False)
    if other is not None:
        other.link("desktop", required=False)


def check_datetimepicker(action: Place) -> None:
    action.string("data", 300)
    mode = action.choice("mode", FORMATS)
    if mode is None:
        return
    read = {key: read_moment(action, key, mode) for key in ("initial", "min", "max")}
    low, high = read["min"], read["max"]
    if low is not None and high is not None and low >= high:
        action.wrong("max", "must be later than min")


def read_moment(action: Place, key: str, mode: str) -> datetime | None:
    text = action.string(key, required=False)
    if text is None:
        return None
    try:
        return moment(text, mode)
    except ValueError:
        action.wrong(key, f"must be a {mode}")
        return None


def moment(text: str, mode: str) -> datetime:
    """What a picker of that mode writes; ValueError when it is no such moment, or beyond the years it offers."""
    if not SHAPES[mode].fullmatch(text):
        raise ValueError(text)
    found = datetime.strptime(text.replace("t", "T"), FORMATS[mode])
    if mode != "time" and not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise ValueError(text)
    return found


def check_clipboard(action: Place) -> None:
    action.string("clipboardText", 1000, least=1)


def check_richmenuswitch(action: Place) -> None:
    action.string("richMenuAliasId", ALIAS_LENGTH)
    action.string("data", 300)


ANYWHERE = ("postback", "message", "uri", "datetimepicker", "clipboard")
CHECKS: dict[str, Callable[[Place], None]] = {
    "postback": check_postback,
    "message": check_message,
    "uri": check_uri,
    "datetimepicker": check_datetimepicker,
    "clipboard": check_clipboard,
    "richmenuswitch": check_richmenuswitch,
}

"""Actions behind buttons, images and quick replies."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.simulator.messages import counting
from tests.simulator.messages.places import Place

URI = re.compile(r"(https?|line|tel):[!-~]+", re.ASCII)
FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
SHAPES = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d"),
}
EARLIEST_YEAR = 1900
LATEST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class Where:
    """How long a label may be and whether one is needed; quick replies may open the camera."""

    label: int
    required: bool = True
    quick_reply: bool = False


TEMPLATE = Where(20)
TEMPLATE_DEFAULT = Where(20, required=False)
IMAGE_CAROUSEL = Where(12, required=False)
QUICK_REPLY = Where(20, quick_reply=True)
FLEX_BUTTON = Where(40)
FLEX_OTHER = Where(40, required=False)


def check(action: Place, where: Where) -> None:
    kinds = set(CHECKS) | (set(QUICK_REPLY_ONLY) if where.quick_reply else set())
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
    uri = action.string("uri", 1000)
    if uri and not URI.fullmatch(uri):
        action.wrong("uri", "invalid uri scheme")
    other = action.inner("altUri", required=False)
    if other is not None:
        other.string("desktop", 1000)


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
        if not SHAPES[mode].fullmatch(text):
            raise ValueError(text)
        moment = datetime.strptime(text.replace("t", "T"), FORMATS[mode])
        if mode != "time" and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValueError(text)
    except ValueError:
        action.wrong(key, f"must be a {mode}")
        return None
    return moment


def check_clipboard(action: Place) -> None:
    action.string("clipboardText", 1000)


CHECKS: dict[str, Callable[[Place], None]] = {
    "postback": check_postback,
    "message": check_message,
    "uri": check_uri,
    "datetimepicker": check_datetimepicker,
    "clipboard": check_clipboard,
}
QUICK_REPLY_ONLY = ("camera", "cameraRoll", "location")

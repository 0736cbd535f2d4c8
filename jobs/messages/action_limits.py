"""LINE's limits on what a button, a picture or a quick reply does when it is tapped."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from jobs.messages import counting, limits

INPUT_OPTIONS = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
_MOMENTS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dt%H:%M"}
_EXAMPLES = {"date": "2026-12-24", "time": "18:30", "datetime": "2026-12-24t18:30"}


class Spot(NamedTuple):
    """Where an action stands, which decides how long its label may be."""

    label: int
    label_required: bool
    quick_reply: bool = False
    flex: bool = False
    only_links: bool = False


BUTTON = Spot(20, True)
WHOLE_CARD = Spot(20, False)
PICTURE = Spot(12, False)
QUICK_REPLY = Spot(20, True, quick_reply=True)
FLEX_BUTTON = Spot(40, True, flex=True)
FLEX_PART = Spot(40, False, flex=True)
FLEX_VIDEO = Spot(40, False, flex=True, only_links=True)


def check(survey: limits.Survey, holder: dict[str, Any], key: str, path: str, spot: Spot) -> None:
    """The action under `holder[key]`, which must be there."""
    action = survey.inner(holder, key, path, "ボタンの動き")
    if action is not None:
        check_action(survey, action, f"{path}.{key}", spot)


def check_action(survey: limits.Survey, action: dict[str, Any], path: str, spot: Spot) -> None:
    """One action object."""
    kinds = _QUICK_REPLY_KINDS if spot.quick_reply else _LINK_KINDS if spot.only_links else _KINDS
    if not survey.choice(action, "type", path, "ボタンの種類", kinds, required=True):
        return
    survey.words(
        action,
        "label",
        path,
        "ボタンの文字",
        spot.label,
        measure=counting.graphemes,
        required=spot.label_required,
        loose=spot.flex,
    )
    more = kinds[action["type"]]
    if more is not None:
        more(survey, action, path, spot)


def _postback(survey: limits.Survey, action: dict[str, Any], path: str, spot: Spot) -> None:
    survey.code(action, "data", path, "ボタンのデータ", 300)
    for key, what in (
        ("displayText", "押したときに表示する文"),
        ("text", "押したときに送る文"),
        ("fillInText", "入力欄に入れる文"),
    ):
        survey.words(action, key, path, what, 300, measure=counting.graphemes, required=False, loose=spot.flex)
    if action.get("displayText") is not None and action.get("text") is not None:
        survey.fault(f"{path}.text", "displayText と text は一緒に使えません。どちらかにしてください")
    survey.choice(action, "inputOption", path, "押したときの入力欄", INPUT_OPTIONS)
    if action.get("fillInText") is not None and action.get("inputOption") != "openKeyboard":
        survey.fault(f"{path}.fillInText", "fillInText は inputOption が openKeyboard のときだけ使えます")


def _message(survey: limits.Survey, action: dict[str, Any], path: str, spot: Spot) -> None:
    survey.words(action, "text", path, "押したときに送る文", 300, measure=counting.graphemes, loose=spot.flex)


def _uri(survey: limits.Survey, action: dict[str, Any], path: str, spot: Spot) -> None:
    survey.link(action, "uri", path, "リンク先")
    alternative = action.get("altUri")
    if alternative is None:
        return
    if not spot.flex:
        survey.fault(f"{path}.altUri", "altUri はFlexのボタンだけで使えます")
    elif isinstance(alternative, dict):
        survey.link(alternative, "desktop", f"{path}.altUri", "パソコン用のリンク先")
    else:
        survey.fault(f"{path}.altUri", "altUri の形が正しくありません")


def _datetimepicker(survey: limits.Survey, action: dict[str, Any], path: str, _spot: Spot) -> None:
    survey.code(action, "data", path, "ボタンのデータ", 300)
    if not survey.choice(action, "mode", path, "日時の選び方", _MOMENTS, required=True):
        return
    mode = action["mode"]
    moments = {key: _moment(survey, action, key, path, mode) for key in ("initial", "min", "max")}
    least, most = moments["min"], moments["max"]
    if least and most and least >= most:
        survey.fault(f"{path}.max", "max は min より後にしてください")


def _moment(survey: limits.Survey, action: dict[str, Any], key: str, path: str, mode: str) -> datetime | None:
    value = action.get(key)
    if value is None:
        return None
    written = value.replace("T", "t") if isinstance(value, str) else ""
    try:
        moment = datetime.strptime(written, _MOMENTS[mode])  # noqa: DTZ007 - a customer's wall clock
    except ValueError:
        moment = None
    if moment is None or moment.strftime(_MOMENTS[mode]) != written:
        survey.fault(f"{path}.{key}", f"{key} は {_EXAMPLES[mode]} の形で書いてください")
        return None
    if mode != "time" and not 1900 <= moment.year <= 2100:
        survey.fault(f"{path}.{key}", f"{key} は1900年から2100年までにしてください")
    return moment


def _clipboard(survey: limits.Survey, action: dict[str, Any], path: str, spot: Spot) -> None:
    survey.words(action, "clipboardText", path, "コピーする文", 1000, loose=spot.flex)


_Check = Callable[[limits.Survey, dict[str, Any], str, Spot], None]
_KINDS: dict[str, _Check | None] = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _datetimepicker,
    "clipboard": _clipboard,
}
_QUICK_REPLY_KINDS = _KINDS | {"camera": None, "cameraRoll": None, "location": None}  # nothing but a label
_LINK_KINDS: dict[str, _Check | None] = {"uri": _uri}

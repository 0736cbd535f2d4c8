"""Stored forms and answers in staff's words: kinds, conditions, values, masked as the house masks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from admin_commands import choices, desk, masking
from admin_commands.fields import kinds as fields
from storage.forms import results, submissions

KIND_WORDS = {
    "text": "短文",
    "long": "長文",
    "number": "数値",
    "single": "単一",
    "multiple": "複数",
    "pulldown": "プルダウン",
    "date": "日付",
    "datetime": "日時",
    "time": "時刻",
    "phone": "電話",
    "mail": "メール",
    "postcode": "郵便番号",
    "address": "住所",
    "prefecture": "都道府県",
    "kana": "カナ",
    "rating": "評価",
    "scale": "段階",
    "image": "画像",
    "file": "ファイル",
    "consent": "同意",
    "heading": "見出し",
    "note": "説明",
    "picture": "写真",
    "hidden": "隠し",
}
# What of the house's masked kinds an answer is by the kind of its question.
PRIVATE = {"phone": "電話", "mail": "メール", "address": "住所", "postcode": "住所"}
SHORT = 60


def condition(form: Mapping[str, Any], when: Mapping[str, Any] | None) -> str:
    """`きっかけ=紹介 の時`; empty without one."""
    return f"{_condition(form, when)} の時" if when else ""


def _condition(form: Mapping[str, Any], when: Mapping[str, Any]) -> str:
    for word, joint in (("all", " かつ "), ("any", " または ")):
        if word in when:
            return joint.join(_condition(form, one) for one in when[word])
    if "not" in when:
        return f"{_condition(form, when['not'])} でない"
    asked = next((one for page in form["pages"] for one in page["questions"] if one["key"] == when["q"]), None)
    label = asked["label"] if asked else "なくなった質問"
    if "filled" in when:
        return f"{label} 回答{'あり' if when['filled'] else 'なし'}"
    if "text" in when:
        return f"{label}={when['text']}"
    if "is" in when:
        known = {option["key"]: option["label"] for option in asked["options"]} if asked else {}
        return f"{label}={'・'.join(known.get(one, one) for one in when['is'])}"
    least, most = when.get("from"), when.get("to")
    return f"{label}>={least}" if most is None else f"{label}<={most}" if least is None else f"{label} {least}〜{most}"


def values(
    question: Mapping[str, Any], given: Sequence[submissions.Value], files: Sequence[results.Upload] = ()
) -> str:
    """All that was answered to one question, in full: `カット・その他（ヘッドスパ）`."""
    if question["kind"] in ("image", "file"):
        return "・".join(one.name for one in files)
    known = {option["key"]: option for option in question["options"]}
    return "・".join(_value(question, known, one) for one in given)


def _value(question: Mapping[str, Any], known: Mapping[str, Any], one: submissions.Value) -> str:
    if one.option is not None:
        option = known.get(one.option)
        label = option["label"] if option else one.text
        return f"{label}（{one.text}）" if option and option["other"] and one.text not in ("", label) else label
    return value(question["kind"], one.text)


def value(kind: str, text: str) -> str:
    """One stored value as people write it: a day with 年月日, a moment with its time."""
    try:
        if kind == "date":
            day = datetime.fromisoformat(text)
            return f"{day.year}年{day.month}月{day.day}日"
        if kind == "datetime":
            moment = datetime.fromisoformat(text)
            return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02d}"
    except ValueError:
        return text
    return ("同意しました" if text in ("1", "true", "yes") else text) if kind == "consent" else text


def shown(at: desk.Desk, question: Mapping[str, Any], told: str, *, private: bool = False, most: int = SHORT) -> str:
    """An answer as staff are shown it in the talk: on one line, masked where its question asks for what is private."""
    line = " ".join(told.split())
    kind = PRIVATE.get(question["kind"], "")
    named = any(fields.PRIVATE[one].search(question["label"]) for one in choices.masked(at.config.chosen))
    hidden = private or named or kind in choices.masked(at.config.chosen)
    if not hidden:
        line = masking.shown(at, line)
        return line if len(line) <= most else f"{line[: most - 1]}…"
    if question["kind"] == "date":
        return f"{masking.STARS}年{line.partition('年')[2]}"
    half = masking.masked(line)
    return half if half != line else masking.STARS

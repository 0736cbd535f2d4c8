"""How each question of a form is put on the page: its keyboard, its limits in words, what stands in it already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from jobs.forms import uploads
from jobs.forms.definition import CHOICES, SILENT, UPLOADS, Option, Question
from jobs.forms.reading.contacts import PREFECTURES
from liff import words

RADIO: Final = ("single", "rating", "scale")
GROUPED: Final = (*RADIO, "multiple", "address")
TYPES: Final = {"date": "date", "datetime": "datetime-local", "time": "time", "phone": "tel", "mail": "email"}
KEYBOARDS: Final[dict[str, dict[str, str]]] = {
    "number": {"inputmode": "decimal", "autocomplete": "off"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "mail": {"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    "postcode": {"inputmode": "numeric", "autocomplete": "postal-code"},
    "kana": {"lang": "ja", "autocapitalize": "none"},
}
# What a phone knows of its owner and offers; found by what shops call it.
KNOWN: Final = (
    (re.compile(r"会社|勤務先|お店の名|company", re.I), "organization"),
    (re.compile(r"(お|ご)?名前|氏名|^name$|full name", re.I), "name"),
    (re.compile(r"生年月日|誕生日|birth", re.I), "bday"),
)
EXAMPLES: Final = {
    "phone": "090-1234-5678",
    "mail": "hanako@example.com",
    "postcode": "123-4567",
    "kana": "ヤマダ ハナコ",
}
IMAGES: Final = "image/*"
FILES: Final = "image/*,.pdf,.docx,.xlsx,.pptx"
SHORT: Final = ("number", "date", "time", "postcode")
PARTS: Final = ("postcode", "prefecture", "city", "rest")  # of an address


@dataclass(frozen=True, slots=True)
class Offered:
    """One option, as it stands on the page."""

    key: str
    label: str
    other: bool
    chosen: bool
    full: bool
    note: str  # `満員`, `残り3`, or nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """One question, as it stands on the page; `question` is the definition's."""

    question: Question
    asked: bool
    level: str = "h2"  # of a heading
    value: Any = ""
    hint: str = ""
    placeholder: str = ""
    type: str = "text"
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Offered, ...] = ()
    other: str = ""  # what was written beside the option `other`
    other_label: str = ""
    least: int = 0
    most: int = 0
    counted: int = 0  # characters at most, where they are counted
    accept: str = ""

    @property
    def grouped(self) -> bool:
        return self.question.kind in GROUPED

    @property
    def radio(self) -> bool:
        return self.question.kind in RADIO

    @property
    def short(self) -> bool:
        return self.question.kind in SHORT

    @property
    def writes(self) -> bool:
        return any(option.other for option in self.options)


def shown(
    question: Question,
    raw: Mapping[str, Any],
    left: Mapping[str, int],
    today: date,
    language: str,
    asked: bool,
    level: str,
) -> Shown:
    """raw: the answers it begins with, as a page sends them; left: places by option; today: in the shop's zone."""
    kind, key = question.kind, question.key
    given = raw.get(key) or ""
    common: dict[str, Any] = {"question": question, "asked": asked, "level": level}
    if kind in SILENT or kind == "hidden":
        return Shown(**common, value=given)
    common["hint"] = hint(question, language)
    if kind in CHOICES:
        chosen = given if isinstance(given, list) else [given]
        options = tuple(_offered(one, one.key in chosen, left.get(one.key), language) for one in question.options)
        named = next((one.label for one in options if one.other), "")
        label = words.say(language, "other_label", label=named) if named else ""
        return Shown(**common, options=options, other=raw.get(f"{key}.other") or "", other_label=label)
    if kind == "address":
        return Shown(**common, value={part: raw.get(f"{key}.{part}") or "" for part in PARTS})
    common["value"] = given
    if kind == "rating":
        return Shown(**common, least=1, most=int(question.most or 5))
    if kind == "scale":
        return Shown(**common, least=int(question.least or 0), most=int(question.most or 10))
    if kind in UPLOADS:
        return Shown(
            **common, most=uploads.most_bytes(question) // uploads.MB, accept=IMAGES if kind == "image" else FILES
        )
    return Shown(
        **common,
        placeholder=_example(question, language),
        type=TYPES.get(kind, "text"),
        attributes=_attributes(question, today),
        counted=int(question.most or 0) if kind in ("text", "long") else 0,
    )


@lru_cache(maxsize=len(PREFECTURES) + 1)
def prefectures(chosen: str) -> Markup:
    """All as options, ready made: a page may have them several times."""
    option = Markup("<option{}>{}</option>")
    return Markup("").join(option.format(Markup(" selected") if one == chosen else "", one) for one in PREFECTURES)


def _example(question: Question, language: str) -> str:
    if question.example:
        return words.say(language, "example", example=question.example)
    return EXAMPLES.get(question.kind, "")


def hint(question: Question, language: str) -> str:
    """Its limits, in words."""
    least, most = _plain(question.least), _plain(question.most)
    if question.kind in ("text", "long", "kana"):
        return _limits(language, "characters", least, most)
    if question.kind == "number":
        return _limits(language, "value", least, most)
    if question.kind == "multiple":
        if least is not None and least == most:
            return words.say(language, "exactly_choices", most=most)
        return _limits(language, "choices", least, most)
    if question.kind in UPLOADS:
        return words.say(language, "up_to_size", most=uploads.most_bytes(question) // uploads.MB)
    return ""


def _plain(limit: int | float | str | None) -> str | None:
    return f"{limit:g}" if isinstance(limit, int | float) else limit


def _limits(language: str, of: str, least: str | None, most: str | None) -> str:
    if least is not None and most is not None:
        return words.say(language, f"between_{of}", least=least, most=most)
    if most is not None:
        return words.say(language, f"up_to_{of}", most=most)
    return words.say(language, f"least_{of}", least=least) if least is not None else ""


def _offered(option: Option, chosen: bool, left: int | None, language: str) -> Offered:
    full = left is not None and left <= 0 and not chosen
    note = ""
    if full:
        note = words.say(language, "full")
    elif left is not None and left > 0:
        note = words.say(language, "left", count=left)
    return Offered(option.key, option.label, bool(option.other), chosen, full, note)


def _attributes(question: Question, today: date) -> dict[str, str]:
    found = dict(KEYBOARDS.get(question.kind, {}))
    if question.kind in ("text", "date"):
        known = next((value for pattern, value in KNOWN if pattern.search(question.label)), None)
        if known is not None and (known == "bday") == (question.kind == "date"):
            found["autocomplete"] = known
    if question.kind == "number" and isinstance(question.least, int | float) and question.least < 0:
        found["inputmode"] = "text"
    if question.kind == "time":
        limits = {"min": question.least, "max": question.most}
        found |= {name: limit for name, limit in limits.items() if isinstance(limit, str)}
    if question.kind in ("date", "datetime"):
        for name, limit in (("min", question.least), ("max", question.most)):
            day = _day(limit, today)
            if day is not None:
                found[name] = day.isoformat() + ("T00:00" if name == "min" else "T23:59") * (
                    question.kind == "datetime"
                )
    return found


def _day(limit: int | float | str | None, today: date) -> date | None:
    """A limit of dates: days from today, or a day."""
    if limit is None:
        return None
    return date.fromisoformat(limit[:10]) if isinstance(limit, str) else today + timedelta(days=int(limit))

"""Conditions on fields: 来店回数>=3, 髪質=くせ毛, メモ 含む 犬, 電話 あり, 誕生日 今月, 来店日 30日以上前."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from admin_commands.grammar import values, words
from admin_commands.grammar.segments import moments, places, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.kinds import dates
from admin_commands.grammar.segments.moments import Ahead, Before, Between, Comparison, Day, In, Unclear, When, Within
from admin_commands.grammar.words import Object
from storage.fields import Kept
from storage.fields.values import YEARLESS

LESS = {"=": "が{}", "!=": "が{}でない", ">=": "が{}以上", "<=": "が{}以下", ">": "が{}より大きい", "<": "が{}未満"}
LATER = {"=": "が{}", "!=": "が{}でない", ">=": "が{}以降", "<=": "が{}以前", ">": "が{}より後", "<": "が{}より前"}
DATES = ("date", "datetime")


@dataclass(frozen=True, slots=True)
class Compares:
    sign: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Contains:
    text: str


@dataclass(frozen=True, slots=True)
class Exists:
    """あり, or なし."""

    there: bool


Test = Compares | Contains | Exists | When


@dataclass(frozen=True, slots=True)
class Field(tree.Condition):
    """What is noted about a friend; `of` is the field, once it is known which one is meant."""

    name: Object
    test: Test
    of: Kept | None = field(default=None, compare=False)

    def show(self) -> str:
        return said(
            words.quote(self.name.text) if isinstance(self.name, words.Name) else words.show(self.name), self.test
        )

    def ways(self) -> Sequence[str]:
        plain = self.name.text if isinstance(self.name, words.Name) else ""
        return (said(plain, self.test), self.show()) if plain and plain not in places.OPTIONS_BEHIND else (self.show(),)

    def wrong(self, now: datetime, zone: ZoneInfo) -> str:
        """Why a field of its kind cannot be asked this, "" when it can."""
        if self.of is None:
            return ""
        wanted = values.Wanted(self.of.kind, self.of.choices, self.of.yearly)
        match self.test:
            case Compares(sign, value):
                return _incomparable(self.of, wanted, sign, value, now, zone)
            case Contains() if self.of.kind not in ("text", "long_text", "choice"):
                return "は文字の項目ではないため「含む」は使えません。"
            case Within(_, unit) | Before(_, unit) | Ahead(_, unit) | Unclear(_, _, unit) if self.of.kind in DATES:
                short = unit in ("minute", "hour") and self.of.kind == "date"
                return "は日付のため、日・週間・か月・年で書いてください。" if short else ""
            case In() | Between() if self.of.kind in DATES:
                return ""
            case In() | Between() | Within() | Before() | Ahead() | Unclear():
                return "は日付の項目ではありません。"
        return ""

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        kept: dict[str, Any] = {"field": number(self.name)}
        match self.test:
            case Exists(there):
                return kept | {"there": there}
            case Contains(text):
                return kept | {"holds": text}
            case Compares(sign, value):
                return kept | self._compared(sign, value, today)
        yearly = self.of is not None and self.of.yearly
        when = _of_years(self.test) if yearly else moments.stored(self.test, today)
        moment = self.of is not None and self.of.kind == "datetime"
        return kept | {"yearly" if yearly else "moment" if moment else "day": when}

    def _compared(self, sign: Comparison, value: str, today: date) -> dict[str, Any]:
        kind = self.of.kind if self.of is not None else "text"
        if self.of is None or kind in ("text", "long_text"):
            return {"is": sign, "text": value}
        wanted = values.Wanted(kind, self.of.choices, self.of.yearly)
        now = datetime.combine(today, time(12), UTC)
        read = values.lasting(value, wanted, now, ZoneInfo("UTC")) if kind == "date" else ""
        if kind == "number":
            return {"is": sign, "number": values.read(value, wanted, now, ZoneInfo("UTC"))}
        if read and not read.startswith("today") and int(read[:4]) == YEARLESS:
            return {"is": sign, "yearly": {"from": read[5:], "to": read[5:]}}
        if kind == "date":
            return {"is": sign, "on": read}
        if kind == "yes_no":
            return {"is": sign, "flag": values.read(value, wanted, now, ZoneInfo("UTC")) == "1"}
        return {"is": sign, "text": values.read(value, wanted, now, ZoneInfo("UTC"))}

    def told(self, name: tree.Naming) -> str:
        called = name(self.name)
        yearly = self.of is not None and self.of.yearly
        match self.test:
            case Exists(there):
                return f"{called}が{'書かれている' if there else '空'}"
            case Contains(text):
                return f"{called}に「{text}」を含む"
            case Compares(sign, value):
                dated = self.of is not None and self.of.kind in DATES
                return called + (LATER if dated else LESS)[sign].format(value)
            case Within() if yearly:
                return f"{called}が{moments.show(self.test)}に来る"
            case Within():
                return f"{called}が過去{moments.show(self.test)}"
            case Before():
                return f"{called}から{moments.told(self.test)}"
        return f"{called}が{moments.show(self.test)}"


def _incomparable(of: Kept, wanted: values.Wanted, sign: Comparison, value: str, now: datetime, zone: ZoneInfo) -> str:
    ordered = sign not in ("=", "!=")
    if of.kind in ("text", "long_text"):
        return "は文字の項目のため、大小は比べられません。" if ordered else ""
    if of.kind in ("image", "datetime"):
        return (
            "は「あり」「なし」だけが使えます。"
            if of.kind == "image"
            else "は「今日」「7日以内」のように書いてください。"
        )
    if of.kind in ("choice", "yes_no") and ordered:
        return "は大小を比べられません。"
    try:
        read = values.lasting(value, wanted, now, zone)
    except values.Wrong as wrong:
        return f"の{wrong.of(value)}。"
    if of.kind == "date" and ordered and not read.startswith("today") and int(read[:4]) == YEARLESS:
        return "は毎年めぐる日のため、「5/1〜5/31」のように書くか、年を付けてください。"
    return ""


def _of_years(when: When) -> dict[str, Any]:
    """Days that come round every year keep none."""
    if not isinstance(when, Between):
        return moments.stored(when, date(2000, 1, 1))
    days = {key: day for key, day in (("from", when.first), ("to", when.last)) if day is not None}
    return {key: _shown(day) for key, day in days.items()}


def _shown(day: Day) -> str:
    return f"{day.month:02}-{day.day:02}" if day.year is None else f"{day.year:04}-{day.month:02}-{day.day:02}"


def said(name: str, test: Test) -> str:
    match test:
        case Compares(sign, value):
            return f"{name}{sign}{places.value(name, sign, value)}"
        case Contains(text):
            return f"{name} 含む {words.quote(text)}"
        case Exists(there):
            return f"{name} {'あり' if there else 'なし'}"
    return f"{name} {moments.show(test)}"


def _back(kept: tree.Json, name: tree.Back) -> tree.Condition:
    called = name(kept["field"])
    match kept:
        case {"there": there}:
            return Field(called, Exists(there))
        case {"holds": text}:
            return Field(called, Contains(text))
        case {"is": sign, "yearly": {"from": on}}:
            return Field(called, Compares(sign, f"{int(on[:2])}/{int(on[3:])}"))
        case {"is": sign, "flag": flag}:
            return Field(called, Compares(sign, "はい" if flag else "いいえ"))
        case {"is": sign, "on": on}:
            return Field(called, Compares(sign, _typed(on)))
        case {"is": sign}:
            return Field(called, Compares(sign, kept["number"] if "number" in kept else kept["text"]))
        case {"yearly": {"from": first, "to": last}}:
            return Field(called, Between(_day(first), _day(last)))
        case {"yearly": {"from": first}}:
            return Field(called, Between(_day(first), None))
        case {"yearly": {"to": last}}:
            return Field(called, Between(None, _day(last)))
    when = kept["yearly"] if "yearly" in kept else kept["moment"] if "moment" in kept else kept["day"]
    return Field(called, moments.back(when))


def _typed(on: str) -> str:
    if not on.startswith("today"):
        return on
    days = int(on.removeprefix("today") or 0)
    return "今日" if not days else f"{abs(days)}日{'後' if days > 0 else '前'}"


def _day(text: str) -> Day:
    *year, month, day = text.split("-")
    return Day(int(year[0]) if year else None, int(month), int(day))


def names(of: tree.Tree) -> list[Object]:
    """What the condition names of fields."""
    return [one.name for one in tree.conditions(of) if isinstance(one, Field)]


def with_fields(of: tree.Tree, meant: Callable[[Object], Kept | None]) -> tree.Tree:
    """The same condition, once it is known which fields are meant."""
    return tree.exchanged(of, lambda one: replace(one, of=meant(one.name)) if isinstance(one, Field) else one)


def meant_moment(condition: Field) -> tree.Condition | None:
    """What was probably meant by a name that no field has: 最終反応 and the like."""
    name = condition.name.text if isinstance(condition.name, words.Name) else ""
    slip = dates.meant(name) if not isinstance(condition.test, Compares | Contains | Exists) else None
    if slip is None or isinstance(condition.test, Compares | Contains | Exists | Ahead):
        return None
    return dates.Dated(slip, condition.test)


def _offers(name: Object, of: Kept | None) -> list[Field]:
    """What is likely to be asked of a field of its kind."""
    asked: list[Test] = []
    match of:
        case Kept(kind="number"):
            asked = [Compares(">=", number) for number in ("1", "3", "5", "10")]
        case Kept(kind="yes_no"):
            asked = [Compares("=", "はい"), Compares("=", "いいえ")]
        case Kept(kind="choice"):
            asked = [Compares("=", choice) for choice in of.choices]
        case Kept(kind="date" | "datetime", yearly=True):
            asked = [In("today"), In("month"), Within(7, "day"), Ahead(7, "day")]
        case Kept(kind="date" | "datetime"):
            asked = [In("today"), In("month"), Within(7, "day"), Within(30, "day"), Before(30, "day")]
    return [Field(name, test, of) for test in (*asked, Exists(True), Exists(False))]


KIND = Kind(
    word="項目",
    example="誕生日 今月",
    does="項目の内容: =・>=・含む・あり・なし。日付は 今日・今月・誕生月・7日以内・30日以上前・7日後・5/1〜5/31",
    types=(Field,),
    names="fields",
    letter="K",
    kept=("field",),
    back=_back,
    offers=_offers,
)

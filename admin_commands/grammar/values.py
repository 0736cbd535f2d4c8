"""Values of fields as people write them (5/3, 令和2年5月3日, 千, はい), read into their one spelling."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from admin_commands.grammar import nearness, normalise, numbers, schedules
from jobs import recurrence
from storage import names
from storage.fields import Kind
from storage.fields.values import GREATEST, YEARLESS
from storage.fields.values import number as spelled

MOST_TEXT = 200
MOST_LONG = 5_000
FIRST_YEAR, LAST_YEAR = 1900, 2100
EXAMPLES: dict[Kind, tuple[str, ...]] = {
    "text": ("田中 花子",),
    "long_text": ("次回は前髪を短めに",),
    "number": ("3", "1,200", "+1"),
    "date": ("5/3", "1990-05-03"),
    "datetime": ("12/24 18:00",),
    "yes_no": ("はい", "いいえ"),
    "image": ("#I5",),
    "choice": (),
}
CLEARING = ("", "空", "消す", "(空)", "未設定")
NOTHING = ("なし", "無し")  # for kinds in which it can be no value
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_LETTERS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
_WEEKDAYS = "月火水木金土日"
_DAY = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[mtshr])(?P<of>\d{1,2}|元)[年./-]|(?P<year>\d{4})[年./-])?"
    r"(?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?(?: ?\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?",
    re.IGNORECASE,
)
_SOLID = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_AHEAD = re.compile(
    r"(?:(?P<word>今日|本日|明日|あした|明後日|あさって|昨日|きのう|一昨日|おととい)|(?P<count>\d{1,4})日(?P<way>後|前))"
)
_WORDS = {"今日": 0, "本日": 0, "明日": 1, "あした": 1, "明後日": 2, "あさって": 2}
_WORDS |= {"昨日": -1, "きのう": -1, "一昨日": -2, "おととい": -2}
_NUMBER = re.compile(r"(?P<sign>[+-])?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,4})?(?P<unit>[万千])?")
_UNIT = re.compile(r"(?:円|回|点|歳|才|人|枚|個|本|年|日|分|cm|mm|kg|g|%|pt|ポイント)?$", re.IGNORECASE)
_YES = ("はい", "yes", "y", "true", "1", "○", "◯", "〇", "あり", "有", "有り", "済", "済み", "ok", "オン", "on")
_NO = ("いいえ", "no", "n", "false", "0", "×", "✕", "なし", "無", "無し", "未", "ng", "オフ", "off")


@dataclass(slots=True)
class Wrong(Exception):
    """Why a value cannot be read, and values that could; `why` goes on behind the value unless it says the `whole`."""

    why: str
    examples: Sequence[str] = ()
    whole: bool = False

    def of(self, value: str) -> str:
        """The sentence, with the value as it was typed where it belongs."""
        return self.why if self.whole else f"「{value[:30]}」{self.why}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a value is read for: its kind, a choice's choices, whether a date comes round every year."""

    kind: Kind
    choices: Sequence[str] = ()
    yearly: bool = False


def clears(text: str, wanted: Wanted) -> bool:
    """Whether this means that nothing shall be noted."""
    said = normalise.lookup(text).text
    if wanted.kind == "choice" and _choice(said, wanted.choices) is not None:
        return False
    return said in CLEARING or (said in NOTHING and wanted.kind not in ("text", "long_text", "yes_no"))


def read(text: str, wanted: Wanted, now: datetime, zone: ZoneInfo) -> str:
    """The value in the one spelling of its kind. Raises Wrong."""
    match wanted.kind:
        case "text":
            return _text(" ".join(text.split()), MOST_TEXT)
        case "long_text":
            return _text(text.strip(), MOST_LONG)
        case "number" | "image":
            return spelled(number(text))
        case "choice":
            return _one_of(text, wanted.choices)
        case "date":
            return day(text, now.astimezone(zone).date(), yearly=wanted.yearly).isoformat()
        case "datetime":
            return _moment(text, now, zone).isoformat()
        case "yes_no":
            return _yes_no(text)


def lasting(text: str, wanted: Wanted, now: datetime, zone: ZoneInfo) -> str:
    """The same for what is carried out later: 今日 and 3日後 stay what they are until then. Raises Wrong."""
    said = normalise.lookup(text).text
    ahead = _AHEAD.fullmatch(said) if wanted.kind == "date" else None
    if ahead:
        days = _days(ahead)
        return f"today{days:+d}" if days else "today"
    return "now" if wanted.kind == "datetime" and said in ("今", "現在", "今すぐ") else read(text, wanted, now, zone)


def _text(text: str, most: int) -> str:
    kept = "".join(c for c in text if c == "\n" or not names.invisible(c) or c == "\u200d" or "\ufe00" <= c <= "\ufe0f")
    if not kept.strip():
        raise Wrong("内容がありません", whole=True)
    if len(kept) > most:
        raise Wrong(f"は長すぎます（{most:,}字まで。今 {len(kept):,}字）")
    return kept


def number(text: str) -> Decimal:
    """1,200円, 千, 1.5万, -3 and the like. Raises Wrong."""
    said = normalise.lookup(text).text.replace(" ", "")
    found = _NUMBER.match(said)
    value: Decimal | None = None
    if found and _UNIT.match(said, found.end()):
        try:
            value = Decimal((found["digits"].replace(",", "")) + (found["rest"] or ""))
        except InvalidOperation:  # more digits than there are places
            value = None
        if value is not None:
            value *= {"万": 10_000, "千": 1_000}.get(found["unit"], 1) * (-1 if found["sign"] == "-" else 1)
    else:
        kanji = re.fullmatch(rf"({numbers.NUMBER})(?:円|回|点|歳|才|人|枚|個|本)?", said)
        plain = numbers.number(kanji[1]) if kanji else None
        value = Decimal(plain) if plain is not None else None
    if value is None:
        raise Wrong("を数字として読めません", EXAMPLES["number"][:2])
    if abs(value) > GREATEST:
        raise Wrong("は大きすぎます（1兆まで）")
    return value


def _choice(said: str, choices: Sequence[str]) -> str | None:
    key = names.name_key(said)
    return next((one for one in choices if names.name_key(one) == key), None)


def _one_of(text: str, choices: Sequence[str]) -> str:
    found = _choice(text, choices)
    if found is not None:
        return found
    known = [(names.name_key(one), one) for one in choices]
    near = nearness.nearest(names.name_key(text), known, 3)
    raise Wrong(f"は選択肢にありません（{'・'.join(choices[:12])}）", near or list(choices[:4]))


def _yes_no(text: str) -> str:
    said = normalise.fold(normalise.lookup(text).text)
    if said in map(normalise.fold, _YES):
        return "1"
    if said in map(normalise.fold, _NO):
        return "0"
    raise Wrong("は「はい」か「いいえ」で書いてください", EXAMPLES["yes_no"])


def day(text: str, today: date, *, yearly: bool = False) -> date:
    """A day; without a year the one nearest to today, or, where it comes round, one of no known year. Raises Wrong."""
    said = normalise.lookup(text).text
    ahead = _AHEAD.fullmatch(said)
    if ahead:
        return today + timedelta(days=_days(ahead))
    found = _DAY.fullmatch(said) or _SOLID.fullmatch(said)
    if found is None:
        raise Wrong("を日付として読めません", EXAMPLES["date"])
    given = found.groupdict()
    month, number_ = int(given["month"]), int(given["day"])
    year = _year(given)
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(f"の{year}年は使えません（{FIRST_YEAR}〜{LAST_YEAR}年）", EXAMPLES["date"])
    years = [year] if year is not None else [YEARLESS] if yearly else [today.year - 1, today.year, today.year + 1]
    possible = [one for each in years if (one := _on(each, month, number_)) is not None]
    if not possible:
        shown = f"{year}年{month}月{number_}日" if year is not None and _on(YEARLESS, month, number_) else ""
        raise Wrong(f"{shown or f'{month}月{number_}日'}はありません", EXAMPLES["date"], whole=True)
    weekday = given.get("weekday")
    if weekday and possible[0].year != YEARLESS:
        fitting = [one for one in possible if _WEEKDAYS[one.weekday()] == weekday]
        if not fitting:
            one = min(possible, key=lambda it: abs(it - today))
            shown = f"{one.year}年{one.month}月{one.day}日は{_WEEKDAYS[one.weekday()]}曜日です"
            raise Wrong(shown, (f"{one.isoformat()}",), whole=True)
        possible = fitting
    return min(possible, key=lambda it: abs(it - today))


def _days(ahead: re.Match[str]) -> int:
    return _WORDS[ahead["word"]] if ahead["word"] else int(ahead["count"]) * (1 if ahead["way"] == "後" else -1)


def _year(given: dict[str, str | None]) -> int | None:
    era = given.get("era")
    if era:
        of = given["of"] or "元"
        return _ERAS[_LETTERS.get(era.lower(), era)] + (1 if of == "元" else int(of))
    return int(given["year"]) if given.get("year") else None  # type: ignore[arg-type] # just looked at


def _on(year: int, month: int, number_: int) -> date | None:
    try:
        return date(year, month, number_)
    except ValueError:
        return None


def _moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A day with a time of day, in the shop's zone. Raises Wrong."""
    said = normalise.lookup(text).text.replace("T", " ")
    no_such_day: Wrong | None = None
    for end in range(len(said), 0, -1):
        head, rest = said[:end].strip(), said[end:].strip()
        clock = numbers.clock(rest) if rest else None
        if clock is None or clock[1] != len(rest):
            continue
        try:
            on = day(head, now.astimezone(zone).date())
        except Wrong as wrong:
            no_such_day = no_such_day or (wrong if wrong.whole else None)
            continue
        return datetime.combine(on, clock[0], zone).astimezone(UTC)
    found = schedules.whole(said)
    if isinstance(found, schedules.Schedule) and isinstance(found.when, schedules.At):
        settled = schedules.settle(found, now, zone)
        if not isinstance(settled, schedules.Problem) and isinstance(settled.rule, recurrence.Once):
            return datetime.combine(settled.rule.day, settled.rule.at, zone).astimezone(UTC)
    if no_such_day is not None:
        raise no_such_day
    try:
        day(said, now.astimezone(zone).date())
    except Wrong as wrong:
        if wrong.whole:
            raise
        raise Wrong("を日時として読めません", EXAMPLES["datetime"]) from None
    raise Wrong("に時刻がありません", (f"{said} 10:00", f"{said} 18:00"))

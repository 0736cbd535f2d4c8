"""Fields of the small shop that conditions are tried on: what is noted, random conditions, and their plain judge."""

import random
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from storage import database, fields
from storage.fields import values

WORD, NUMBER, DAY, BIRTHDAY, MOMENT, FLAG = KINDS = (1, 2, 3, 4, 5, 6)
OF: dict[int, fields.Kind] = {
    WORD: "text",
    NUMBER: "number",
    DAY: "date",
    BIRTHDAY: "date",
    MOMENT: "datetime",
    FLAG: "yes_no",
}
WORDS = ("直毛", "くせ毛", "VIPの犬", "x" * 80, "x" * 81)
NUMBERS = ("-3", "0", "2.5", "10", "1000")
TODAY = date(2026, 11, 23)
NEAR = tuple(TODAY + timedelta(days=days) for days in (-31, -30, -8, -7, -1, 0, 1, 6, 7, 8, 30))
Noted = dict[int, str]


def noted(dice: random.Random) -> Noted:
    """What is noted of one friend; of about a third of the fields nothing."""
    near = dice.choice(NEAR)
    year = dice.choice((4, 1990, 2006, 2026))
    born = near.replace(year=year) if dice.random() < 0.8 else date(dice.choice((4, 2000)), 2, 29)
    at = datetime(near.year, near.month, near.day, dice.choice((0, 1, 10, 14, 15, 23)), 30, tzinfo=UTC)
    found = {
        WORD: dice.choice(WORDS),
        NUMBER: dice.choice(NUMBERS),
        DAY: (date(4, 11, 23) if dice.random() < 0.1 else near).isoformat(),
        BIRTHDAY: born.isoformat(),
        MOMENT: at.isoformat(),
        FLAG: dice.choice("01"),
    }
    return {field: text for field, text in found.items() if dice.random() < 0.7}


async def settle(everybody: dict[int, Noted], now: datetime) -> None:
    await database.run("TRUNCATE fields, field_values RESTART IDENTITY")
    for field in KINDS:  # in the order of their numbers
        await fields.make(f"項目{field}", OF[field], now, yearly=field == BIRTHDAY)
    await values.put([(one, field, text) for one, its in everybody.items() for field, text in its.items()], now)


# ---- random conditions ----

SIGNS = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
EQUAL = st.sampled_from(["=", "!="])
SPANS = st.tuples(st.sampled_from([1, 7, 30]), st.sampled_from(["day", "week"])).map(list)
ISO = st.dates(date(2026, 10, 1), date(2027, 1, 31)).map(date.isoformat)
MONTH_DAY = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: day.isoformat()[5:])
PERIODS = st.sampled_from(["today", "week", "month", "birth_month"])
SHARED = (
    *(st.fixed_dictionaries({key: SPANS}) for key in ("within", "before", "ahead")),
    st.fixed_dictionaries({"in": PERIODS}),
)
WHEN = st.one_of(
    *SHARED, st.fixed_dictionaries({"from": ISO}, optional={"to": ISO}), st.fixed_dictionaries({"to": ISO})
)
COMES_ROUND = st.one_of(
    *SHARED,
    st.fixed_dictionaries({"from": MONTH_DAY}, optional={"to": MONTH_DAY}),
    st.fixed_dictionaries({"to": MONTH_DAY}),
)
ON = st.one_of(ISO, st.sampled_from(["today", "today-7", "today+1"]))
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"field": st.sampled_from(KINDS), "there": st.booleans()}),
    st.fixed_dictionaries({"field": st.just(WORD), "holds": st.sampled_from(["毛", "vip", "%", "xx"])}),
    st.fixed_dictionaries({"field": st.just(WORD), "is": EQUAL, "text": st.sampled_from(WORDS)}),
    st.fixed_dictionaries({"field": st.just(NUMBER), "is": SIGNS, "number": st.sampled_from(NUMBERS)}),
    st.fixed_dictionaries({"field": st.just(FLAG), "is": EQUAL, "flag": st.booleans()}),
    st.fixed_dictionaries({"field": st.sampled_from([DAY, BIRTHDAY]), "is": SIGNS, "on": ON}),
    st.fixed_dictionaries({"field": st.just(DAY), "day": WHEN}),
    st.fixed_dictionaries({"field": st.just(BIRTHDAY), "yearly": COMES_ROUND}),
    st.fixed_dictionaries({"field": st.just(MOMENT), "moment": WHEN}),
)

# ---- the judge ----


def judged(segment: Any, its: Noted, now: datetime, zone: tzinfo) -> bool:  # noqa: C901 # one case for each kind
    text = its.get(segment["field"])
    if "there" in segment:
        return bool(segment["there"] == (text is not None))
    if segment.get("is") == "!=":
        return not judged({**segment, "is": "="}, its, now, zone)
    if text is None:
        return False
    today = now.astimezone(zone).date()
    match segment:
        case {"holds": part}:
            return part.lower() in text.lower()
        case {"text": wanted}:
            return bool(text == wanted)
        case {"flag": flag}:
            return (text == "1") is flag
        case {"is": sign, "number": wanted}:
            return compared(sign, Decimal(text), Decimal(wanted))
        case {"is": sign, "on": on}:
            day = today + timedelta(days=int(on[5:] or 0)) if on.startswith("today") else date.fromisoformat(on)
            return not text.startswith("0004") and compared(sign, date.fromisoformat(text), day)
        case {"yearly": when}:
            return comes_round(when, date.fromisoformat(text), today)
        case {"day": {"in": "birth_month"}}:
            return date.fromisoformat(text).month == today.month and not text.startswith("0004")
        case {"day": when}:
            return not text.startswith("0004") and falls(when, date.fromisoformat(text), today)
    at = datetime.fromisoformat(text)
    day = at.astimezone(zone).date()
    match segment["moment"]:
        case {"within": [count, unit]}:
            return now - timedelta(days=count * (7 if unit == "week" else 1)) < at <= now
        case {"before": [count, unit]}:
            return at <= now - timedelta(days=count * (7 if unit == "week" else 1))
        case {"in": "birth_month"}:
            return day.month == today.month
    return falls(segment["moment"], day, today)


def compared(sign: str, one: Any, other: Any) -> bool:
    return bool({"=": one == other, ">": one > other, ">=": one >= other, "<": one < other, "<=": one <= other}[sign])


def falls(when: Any, day: date, today: date) -> bool:
    apart = (day - today).days
    match when:
        case {"within": [count, unit]}:
            return bool(-count * (7 if unit == "week" else 1) <= apart <= 0)
        case {"before": [count, unit]}:
            return bool(apart <= -count * (7 if unit == "week" else 1))
        case {"ahead": [count, unit]}:
            return bool(apart == count * (7 if unit == "week" else 1))
        case {"in": "today"}:
            return apart == 0
        case {"in": "week"}:
            return -today.weekday() <= apart <= 6 - today.weekday()
        case {"in": "month"}:
            return (day.year, day.month) == (today.year, today.month)
    return bool(when.get("from", "0") <= day.isoformat() <= when.get("to", "9"))


def comes_round(when: Any, born: date, today: date) -> bool:
    def on(day: date) -> bool:
        early = (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28) and day.year % 4 != 0
        return (born.month, born.day) == (day.month, day.day) or early

    match when:
        case {"within": [count, unit]}:
            return any(on(today + timedelta(days=days)) for days in range(count * (7 if unit == "week" else 1) + 1))
        case {"ahead": [count, unit]}:
            return on(today + timedelta(days=count * (7 if unit == "week" else 1)))
        case {"before": _}:
            return born.year > 4 and falls(when, born, today)
        case {"in": "today"}:
            return on(today)
        case {"in": "week"}:
            return any(on(today + timedelta(days=days - today.weekday())) for days in range(7))
        case {"in": _}:
            return born.month == today.month
    first, last, its = when.get("from", "01-01"), when.get("to", "12-31"), born.isoformat()[5:]
    return bool(first <= its <= last) if first <= last else bool(its >= first or its <= last)

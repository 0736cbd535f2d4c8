"""Conditions on what is noted of friends in fields, in SQL over `field_values v` of one friend and field."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from storage.segments.terms import MONTHS, Segment, Terms

SIGNS = ("=", "!=", ">", ">=", "<", "<=")
KNOWN = "v.day >= '0100-01-01'"  # the year is known
DAYS = {"day": 1, "week": 7}
EQUAL = {"is": "="}


def where(terms: Terms, segment: Segment) -> str:
    """`{"field": 3, ...}`: see the list at the top of `storage.segments`."""
    value = (
        "EXISTS (SELECT 1 FROM field_values v WHERE v.friend_id = f.id"
        f" AND v.field_id = {terms.value(segment['field'], 'bigint')}"
    )
    if "there" in segment:
        return f"{value})" if segment["there"] else f"(NOT {value}))"
    if segment.get("is") == "!=":
        return f"(NOT {value} AND {_asked(terms, dict(segment, **EQUAL))}))"
    return f"{value} AND {_asked(terms, segment)})"


def _asked(terms: Terms, segment: Segment) -> str:
    sign = segment.get("is", "=")
    if sign not in SIGNS:
        raise ValueError(f"no such comparison: {sign}")
    match segment:
        case {"holds": text}:
            return f"strpos(lower(v.text), lower({terms.value(text, 'text')})) > 0"
        case {"text": text}:
            given = terms.value(text, "text")
            return f"left(v.text, 64) = left({given}, 64) AND v.text = {given}"
        case {"number": text}:
            return f"v.number {sign} {terms.value(text, 'text')}::numeric"
        case {"flag": flag}:
            return f"v.number = {int(bool(flag))}"
        case {"on": on}:
            return f"{KNOWN} AND v.day {sign} {terms.value(_day(terms, on), 'date')}"
        case {"yearly": when}:
            return _yearly(terms, when)
        case {"day": when}:
            return f"{KNOWN} AND {_dated(terms, when)}"
        case {"moment": when}:
            return _timed(terms, when)
    raise ValueError(f"nothing asked of a field: {sorted(segment)}")


# ---- days ----


def today(terms: Terms) -> date:
    return terms.now.astimezone(terms.zone).date()


def _day(terms: Terms, on: str) -> date:
    """2026-11-23, today, today+3."""
    if not on.startswith("today"):
        return date.fromisoformat(on)
    return today(terms) + timedelta(days=int(on.removeprefix("today") or 0))


def moved(day: date, span: Sequence[Any], way: int) -> date:
    """So much later (1) or earlier (-1); of a shorter month its last day."""
    count, unit = span
    if unit in DAYS:
        return day + timedelta(days=way * count * DAYS[unit])
    months = day.year * 12 + day.month - 1 + way * count * MONTHS[unit]
    year, month = max(months // 12, 1), months % 12 + 1
    for last in range(day.day, day.day - 4, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(span)


def period(day: date, name: str) -> tuple[date, date]:
    """First and last day of today, this week or this month."""
    if name == "today":
        return day, day
    if name == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def range_of(terms: Terms, when: Segment) -> tuple[date | None, date | None]:
    """The days that are meant, both included."""
    now = today(terms)
    match when:
        case {"within": span}:
            return moved(now, span, -1), now
        case {"before": span}:
            return None, moved(now, span, -1)
        case {"ahead": span}:
            day = moved(now, span, 1)
            return day, day
        case {"in": name} if name != "birth_month":
            return period(now, name)
    bounds = tuple(date.fromisoformat(when[key]) if key in when else None for key in ("from", "to"))
    if bounds == (None, None):
        raise ValueError(f"no such time: {sorted(when)}")
    return bounds[0], bounds[1]


def _dated(terms: Terms, when: Segment) -> str:
    if when.get("in") == "birth_month":
        return f"v.month_day / 100 = {today(terms).month}"
    first, last = range_of(terms, when)
    bounds = [f"v.day >= {terms.value(first, 'date')}"] if first is not None else []
    bounds += [f"v.day <= {terms.value(last, 'date')}"] if last is not None else []
    return " AND ".join(bounds)


def _timed(terms: Terms, when: Segment) -> str:
    """Of moments the days are those of the shop's zone; 7日以内 and 30日以上前 go by the hour."""
    match when:
        case {"within": _}:
            return f"{terms.within('v.moment', when)} AND v.moment <= {terms.moment(terms.now)}"
        case {"before": _}:
            return terms.within("v.moment", when)
        case {"ahead": [count, "hour" | "minute" as unit]}:
            begins = terms.now + timedelta(minutes=count * (60 if unit == "hour" else 1))
            ends = begins + timedelta(minutes=1)
            return f"v.moment >= {terms.moment(begins)} AND v.moment < {terms.moment(ends)}"
        case {"in": "birth_month"}:
            zone = terms.value(str(terms.zone), "text")
            return f"date_part('month', v.moment AT TIME ZONE {zone}) = {today(terms).month}"
    first, last = range_of(terms, when)
    bounds = [f"v.moment >= {terms.moment(_midnight(terms, first))}"] if first is not None else []
    if last is not None:
        bounds.append(f"v.moment < {terms.moment(_midnight(terms, last + timedelta(days=1)))}")
    return " AND ".join(bounds)


def _midnight(terms: Terms, day: date) -> datetime:
    return datetime.combine(day, time(0), terms.zone)


# ---- days that come round ----


def anniversaries(first: date, last: date) -> list[int]:
    """The month_day of all that comes round on these days; 29 February does so on the 28th in other years."""
    found = []
    for ordinal in range(first.toordinal(), min(last.toordinal(), first.toordinal() + 365) + 1):
        day = date.fromordinal(ordinal)
        found.append(day.month * 100 + day.day)
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            found.append(229)
    return found


def _yearly(terms: Terms, when: Segment) -> str:
    now = today(terms)
    match when:
        case {"in": "month" | "birth_month"}:
            return f"v.month_day BETWEEN {now.month * 100} AND {now.month * 100 + 99}"
        case {"in": name}:
            return _among(terms, *period(now, name))
        case {"within": span}:
            return _among(terms, now, moved(now, span, 1))
        case {"ahead": span}:
            day = moved(now, span, 1)
            return _among(terms, day, day)
        case {"before": _}:
            return f"{KNOWN} AND {_dated(terms, when)}"
    if any(len(when[key]) > 5 for key in ("from", "to") if key in when):
        return f"{KNOWN} AND {_dated(terms, _with_years(terms, when))}"
    first, last = (int(when.get(key, edge).replace("-", "")) for key, edge in (("from", "01-01"), ("to", "12-31")))
    begins, ends = terms.value(first, "smallint"), terms.value(last, "smallint")
    if first <= last:
        return f"v.month_day BETWEEN {begins} AND {ends}"
    return f"(v.month_day >= {begins} OR v.month_day <= {ends})"


def _with_years(terms: Terms, when: Segment) -> dict[str, str]:
    return {key: text if len(text) > 5 else f"{today(terms).year}-{text}" for key, text in when.items()}


def _among(terms: Terms, first: date, last: date) -> str:
    return f"v.month_day = ANY({terms.value(anniversaries(first, last), 'smallint[]')})"

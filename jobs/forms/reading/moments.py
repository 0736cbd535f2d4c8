"""Days and times, and the limits a form sets to them."""

import re
from datetime import UTC, date, datetime, time, timedelta

from jobs.forms.answers import Answer, Raw, Wrong
from jobs.forms.definition import Question
from jobs.forms.reading import typed
from jobs.forms.reading.at import At


def _day(text: str) -> date:
    found = re.fullmatch(
        r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", typed.HYPHENS.sub("-", text), re.ASCII
    )
    found = found or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1800 <= day.year <= 2200:
        raise Wrong("date")
    return day


def _clock(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2}) ?[:時] ?(\d{1,2})? ?分?(?::\d{2}(?:\.\d+)?)?", text, re.ASCII)
    if found is None or (found[2] is None and ":" in text) or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Wrong("time")
    return time(int(found[1]), int(found[2] or 0))


def bound(given: int | float | str | None, today: date) -> date | None:
    """A limit of days: so many from today, or a day of the calendar."""
    if isinstance(given, str):
        return date.fromisoformat(given[:10])
    return today + timedelta(days=int(given)) if given is not None else None


def _between(day: date, question: Question, today: date) -> None:
    least, most = bound(question.least, today), bound(question.most, today)
    if least is not None and day < least:
        raise Wrong("early", least=least.isoformat())
    if most is not None and day > most:
        raise Wrong("late", most=most.isoformat())


def read_date(question: Question, raw: Raw, at: At) -> Answer | None:
    text = typed.narrow(raw, question.key)
    if not text:
        return None
    day = _day(text)
    _between(day, question, at.today)
    return Answer(day.isoformat())


def read_datetime(question: Question, raw: Raw, at: At) -> Answer | None:
    text = typed.narrow(raw, question.key)
    if not text:
        return None
    parts = re.split(r"[T\s]+|(?<=日)", text, maxsplit=1)
    try:
        day, moment = _day(parts[0]), _clock(parts[1].strip())
    except (Wrong, IndexError):
        raise Wrong("datetime") from None
    _between(day, question, at.today)
    return Answer(datetime.combine(day, moment, at.zone).astimezone(UTC).isoformat())


def read_time(question: Question, raw: Raw, _: At) -> Answer | None:
    text = typed.narrow(raw, question.key)
    if not text:
        return None
    shown = _clock(text).isoformat("minutes")
    if isinstance(question.least, str) and shown < question.least:
        raise Wrong("early", least=question.least)
    if isinstance(question.most, str) and shown > question.most:
        raise Wrong("late", most=question.most)
    return Answer(shown)

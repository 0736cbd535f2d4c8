"""A schedule as it was said, as plain typed data: a moment or a rule, with days that may lack their year."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from jobs.recurrence import Holiday, Rule
from jobs.timing import Unit

EXAMPLES = ("12/24 18:00", "明日 10:00", "毎週水曜 10:00", "毎月25日 10:00")
UNREADABLE = "の日時が読めません"


@dataclass(frozen=True, slots=True)
class Day:
    """`12/24`, `2026-12-24`, `12/24(木)`; without a year it is this year's."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """今日 is 0, 明日 1, 明後日 2."""

    days: int


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """次の金曜 (`week` is None), 今週の金曜 (0), 来週の金曜 (1)."""

    weekday: int
    week: Literal[0, 1] | None = None


@dataclass(frozen=True, slots=True)
class At:
    day: Day | Ahead | OnWeekday
    at: time


@dataclass(frozen=True, slots=True)
class After:
    """30分後, 3日後 12:00; nothing (今すぐ) when `amount` is 0."""

    amount: int
    unit: Unit = "minute"
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A moment or a rule as it was said; `settle` gives it its dates."""

    when: At | After | Rule
    since: Day | None = None
    until: Day | None = None
    holiday: Holiday = "run"


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to mend what was said: the words on the button and the schedule as it would be written."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is no schedule, and what it was probably meant to be."""

    what: str
    offers: tuple[Offer, ...] = ()


Found = tuple[At | After | Rule, int] | Problem  # when, and the index behind it

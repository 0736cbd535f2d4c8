"""What a condition's SQL is made of: when and where it is judged, its values, and bounds on moments."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

Segment = Mapping[str, Any]
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
MONTHS = {"month": 1, "year": 12}
FRIEND = "f.id"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What numbers in conditions stand for today: the tag that a merged one means, the condition of a saved segment."""

    tags: Mapping[int, int] = field(default_factory=dict)
    segments: Mapping[int, Segment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """Who has had `most` broadcasts in this day, week (from Monday) or month of the calendar gets no other."""

    most: int
    span: Literal["today", "week", "month"]


@dataclass(frozen=True, slots=True)
class Sight:
    """When and where conditions are judged, and the friends who can be seen at all: those in `scope`, or everybody.

    `cap` is what a promotion leaves friends out by.
    """

    now: datetime
    zone: tzinfo
    scope: Segment | None = None
    meaning: Meaning = Meaning()
    cap: Cap | None = None


class Terms(ABC):
    """Conditions in SQL over `friends f`, as seen from one place; `values` are their parameters, $1 first."""

    def __init__(self, sight: Sight, values: Sequence[Any] = ()) -> None:
        self.now = sight.now
        self.zone = sight.zone
        self.cap = sight.cap
        self.scope = sight.scope
        self.values: list[Any] = list(values)
        self.friend = FRIEND  # whose tags are asked for: the column that has the friend's id

    @abstractmethod
    def where(self, segment: Segment) -> str:
        """True for the friends who fit. Raises ValueError for what is no segment."""

    def value(self, given: Any, kind: str) -> str:
        self.values.append(given)
        return f"${len(self.values)}::{kind}"

    # ---- when ----

    def moment(self, at: datetime) -> str:
        return self.value(at, "timestamptz")

    def _ago(self, span: Sequence[Any]) -> datetime:
        """So long before now; months and years are those of the shop's calendar."""
        count, unit = span
        if unit in SECONDS:
            return self.now - timedelta(seconds=count * SECONDS[unit])
        local = self.now.astimezone(self.zone)
        months = local.year * 12 + local.month - 1 - count * MONTHS[unit]
        year, month = max(months // 12, 1), months % 12 + 1
        for day in range(local.day, local.day - 4, -1):
            try:
                return local.replace(year=year, month=month, day=day)
            except ValueError:
                continue
        raise ValueError(span)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.zone)

    def within(self, column: str, when: Segment) -> str:
        """A condition on a column of moments, which is not met where it is empty."""
        match when:
            case {"within": span}:
                return f"{column} > {self.moment(self._ago(span))}"
            case {"before": span}:
                return f"{column} <= {self.moment(self._ago(span))}"
            case {"in": period}:
                today = self.now.astimezone(self.zone).date()
                days = {"today": 0, "week": today.weekday(), "month": today.day - 1}[period]
                return f"{column} >= {self.moment(self._midnight(today - timedelta(days=days)))}"
        bounds = []
        if "from" in when:
            bounds.append(f"{column} >= {self.moment(self._midnight(date.fromisoformat(when['from'])))}")
        if "to" in when:
            last = date.fromisoformat(when["to"]) + timedelta(days=1)
            bounds.append(f"{column} < {self.moment(self._midnight(last))}")
        if not bounds:
            raise ValueError(f"no such time: {sorted(when)}")
        return f"({' AND '.join(bounds)})"

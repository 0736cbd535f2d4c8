"""Stored conditions turned into SQL over `friends f`, as seen by somebody at one moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from storage import names

Segment = Mapping[str, Any]
Mark = Literal["blocked", "hidden", "test"]

# Whom a segment leaves out unless it names them; test friends are never meant.
MARKS: Mapping[Mark, str] = {"blocked": "f.blocked_us", "hidden": "f.hidden", "test": "f.is_test"}
# What conditions may look at besides the marks.
COLUMNS = ("f.followed_at", "f.last_reaction_at", "f.created_at", "f.name_key", "f.lot")
GROUPS = ("all", "any", "not")
EVERYONE: Segment = {"everyone": True}
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
MONTHS = {"month": 1, "year": 12}
LOW = (1 << 32) - 1  # half of a friend's lot, which the database draws from the id and keeps


@dataclass(frozen=True, slots=True)
class Sight:
    """When and where conditions are judged, and the friends who can be seen at all: those in `scope`, or everybody."""

    now: datetime
    zone: tzinfo
    scope: Segment | None = None


class Statement:
    """A condition in SQL over `friends f`, as seen from one place; `values` are its parameters, $1 first."""

    def __init__(self, sight: Sight, values: Sequence[Any] = ()) -> None:
        self.now = sight.now
        self.zone = sight.zone
        self.scope = sight.scope
        self.values: list[Any] = list(values)

    def value(self, given: Any, kind: str) -> str:
        self.values.append(given)
        return f"${len(self.values)}::{kind}"

    def where(self, segment: Segment) -> str:
        """True for the friends who fit. Raises ValueError for what is no segment."""
        kind = next((one for one in KINDS if one in segment), None)
        if kind is None:
            raise ValueError(f"no such condition: {sorted(segment)}")
        return KINDS[kind](self, segment)

    def visible(self) -> str:
        """True for the friends who can be seen. Whatever lists, counts or names friends for staff asks this."""
        return "true" if self.scope is None else self.where(self.scope)

    def belongs(self, friend: str) -> str:
        """` AND …`: the friend whose id stands in this column can be seen; nothing is asked where everybody can."""
        if self.scope is None:
            return ""
        return f" AND {friend} IN (SELECT f.id FROM friends f WHERE {self.visible()})"

    def among(self, segment: Segment, left_out: Sequence[Mark]) -> str:
        return " AND ".join([*(f"NOT {MARKS[mark]}" for mark in left_out), self.visible(), self.where(segment)])

    # ---- when ----

    def _moment(self, at: datetime) -> str:
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
                return f"{column} > {self._moment(self._ago(span))}"
            case {"before": span}:
                return f"{column} <= {self._moment(self._ago(span))}"
            case {"in": period}:
                today = self.now.astimezone(self.zone).date()
                days = {"today": 0, "week": today.weekday(), "month": today.day - 1}[period]
                return f"{column} >= {self._moment(self._midnight(today - timedelta(days=days)))}"
        bounds = []
        if "from" in when:
            bounds.append(f"{column} >= {self._moment(self._midnight(date.fromisoformat(when['from'])))}")
        if "to" in when:
            last = date.fromisoformat(when["to"]) + timedelta(days=1)
            bounds.append(f"{column} < {self._moment(self._midnight(last))}")
        if not bounds:
            raise ValueError(f"no such time: {sorted(when)}")
        return f"({' AND '.join(bounds)})"


def _joined(word: str, key: str) -> Callable[[Statement, Segment], str]:
    def join(statement: Statement, segment: Segment) -> str:
        return "(" + f" {word} ".join(statement.where(one) for one in segment[key]) + ")"

    return join


def _not(statement: Statement, segment: Segment) -> str:
    return f"(NOT {statement.where(segment['not'])})"


def _wears(statement: Statement, tag_ids: Sequence[int]) -> str:
    asked = f"l.tag_id = {statement.value(tag_ids[0], 'bigint')}" if len(tag_ids) == 1 else ""
    asked = asked or f"l.tag_id = ANY({statement.value(list(tag_ids), 'bigint[]')})"
    return f"EXISTS (SELECT 1 FROM friend_tags l WHERE l.friend_id = f.id AND {asked})"


def _tags(statement: Statement, segment: Segment) -> str:
    if segment["of"] == "any":
        return _wears(statement, segment["tags"])
    return "(" + " AND ".join(_wears(statement, [tag]) for tag in segment["tags"]) + ")"


def _scenario(statement: Statement, segment: Segment) -> str:
    """On the way; through at least once; taken off and neither of both; never begun; the step of that number behind."""
    walks = (
        "EXISTS (SELECT 1 FROM subscriptions s WHERE s.friend_id = f.id"
        f" AND s.scenario_id = {statement.value(segment['scenario'], 'bigint')}"
    )
    match segment["is"]:
        case "active":
            return f"{walks} AND s.state IN ('active', 'paused', 'parked'))"
        case "finished":
            return f"{walks} AND s.state = 'finished')"
        case "stopped":
            return f"({walks}) AND NOT {walks} AND s.state <> 'stopped'))"
        case "never":
            return f"(NOT {walks}))"
        case "from":
            return f"{walks} AND s.position >= {statement.value(segment['step'], 'int')})"
    raise ValueError(f"no such state: {segment['is']}")


def _followed(statement: Statement, segment: Segment) -> str:
    return statement.within("f.followed_at", segment["followed"])


def _reacted(statement: Statement, segment: Segment) -> str:
    """Who has never reacted has not done so since they came."""
    when = segment["reacted"]
    column = "coalesce(f.last_reaction_at, f.followed_at, f.created_at)" if "before" in when else "f.last_reaction_at"
    return f"coalesce({statement.within(column, when)}, false)"


def _sample(statement: Statement, segment: Segment) -> str:
    return f"(f.lot & {LOW}) < {statement.value(segment['sample'] * (LOW + 1) // 100, 'bigint')}"


def _split(statement: Statement, segment: Segment) -> str:
    part, of = segment["split"]
    share = f"((f.lot >> 32 & {LOW}) * {statement.value(of, 'bigint')} >> 32)"
    return f"{share} = {statement.value(part - 1, 'bigint')}"


KINDS: Mapping[str, Callable[[Statement, Segment], str]] = {
    "all": _joined("AND", "all"),
    "any": _joined("OR", "any"),
    "not": _not,
    "everyone": lambda *_: "true",
    "tag": lambda statement, segment: _wears(statement, [segment["tag"]]),
    "tags": _tags,
    "scenario": _scenario,
    "followed": lambda statement, segment: f"coalesce({_followed(statement, segment)}, false)",
    "reacted": _reacted,
    "name": lambda statement, segment: (
        f"strpos(f.name_key, {statement.value(names.name_key(segment['name']), 'text')}) > 0"
    ),
    "blocked": lambda *_: "f.blocked_us",
    "hidden": lambda *_: "f.hidden",
    "sample": _sample,
    "split": _split,
}


def checked(segment: Segment) -> Segment:
    """The same. Raises KeyError, TypeError or ValueError for what cannot be judged."""
    Statement(Sight(datetime.fromtimestamp(0, UTC), UTC)).where(segment)
    return segment


def meant(segment: Segment, tags: Mapping[int, int]) -> Segment:
    """The same condition with these tags' numbers exchanged for others."""
    exchanged = dict(segment)
    for key in ("all", "any"):
        if key in segment:
            exchanged[key] = [meant(one, tags) for one in segment[key]]
    if "not" in segment:
        exchanged["not"] = meant(segment["not"], tags)
    if "tag" in segment:
        exchanged["tag"] = tags.get(segment["tag"], segment["tag"])
    if "tags" in segment:
        exchanged["tags"] = [tags.get(one, one) for one in segment["tags"]]
    return exchanged


def named(segment: Segment, mark: Mark) -> bool:
    """Whether the segment says anything about friends with this mark."""
    inside = [*segment.get("all", ()), *segment.get("any", ()), *([segment["not"]] if "not" in segment else [])]
    return mark in segment or any(named(one, mark) for one in inside)


def left_out(segment: Segment) -> tuple[Mark, ...]:
    """Whom a count, a page or a crowd of this segment leaves out."""
    return tuple(mark for mark in MARKS if not named(segment, mark))

"""One rule of an auto-reply: what must be said, when and by whom, and what is done then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from jobs import action_lists, timing
from jobs.hours import Opening
from jobs.keywords import folding, patterns
from storage import segments

Match = Literal["exact", "contains", "prefix", "regex"]
Business = Literal["open", "closed"]

KINDS = ("text", "sticker", "image", "video", "audio", "file", "location")


@dataclass(frozen=True, slots=True)
class Rule:
    """`words`: any of these, all parts of one; none: whatever is said. `kinds` None: of whatever kind.

    `rest`: how long a friend who was answered is not answered again (None: not at all), `once`: never again.
    `goes_on`: rules below answer too. `fallback`: it answers when no other has.
    """

    id: int
    actions: action_lists.ActionList
    match: Match = "contains"
    words: tuple[tuple[str, ...], ...] = ()  # folded
    pattern: str = ""
    search: patterns.Search | None = None
    kinds: frozenset[str] | None = frozenset({"text"})
    hours: tuple[timing.Window, ...] = ()
    business: Business | None = None  # 営業時間内, 営業時間外
    weekdays: frozenset[int] = frozenset()  # 0 = Monday; none: every day
    since: date | None = None
    until: date | None = None  # the last day
    target: segments.Segment | None = None
    priority: int = 0
    once: bool = False
    rest: timedelta | None = None
    goes_on: bool = False
    fallback: bool = False

    @property
    def wordless(self) -> bool:
        return not self.words and self.search is None

    @property
    def turns(self) -> bool:
        """Whether it matters if a friend has been answered by it before."""
        return self.once or self.rest is not None

    def search_in(self, folded: str) -> bool:
        return self.search is not None and self.search(folded)

    def takes(self, kind: str) -> bool:
        return self.kinds is None or kind in self.kinds

    def open_at(self, local: datetime, business: Opening | None) -> bool:
        """Whether it answers at this local time at all; a shop that says no hours is always open."""
        day = local.date()
        if self.business is not None:
            is_open = business is None or any(one.open_at(local) for one in business)
            if is_open != (self.business == "open"):
                return False
        return (
            (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and (not self.weekdays or local.weekday() in self.weekdays)
            and (not self.hours or any(_within(window, local) for window in self.hours))
        )


def _within(window: timing.Window, local: datetime) -> bool:
    start, end = window
    at = local.time()
    return start <= at < end if start < end else at >= start or at < end


def read(rule_id: int, stored: Mapping[str, Any]) -> Rule:
    """A stored version, `{"rule": {...}, "actions": [...]}`, ready to be matched."""
    given = stored["rule"]
    pattern = given.get("pattern", "")
    target = given.get("target")
    rest = given.get("rest")
    match: Match = given.get("match", "contains")
    level = _bare if match == "exact" else folding.fold
    return Rule(
        id=rule_id,
        actions=action_lists.load(stored["actions"]),
        match=match,
        words=tuple(tuple(level(part) for part in parts) for parts in given.get("words", ())),
        pattern=pattern,
        search=patterns.compiled(pattern) if pattern else None,
        kinds=frozenset(given["kinds"]) if given.get("kinds") is not None else None,
        hours=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in given.get("hours", ())),
        business=given.get("business"),
        weekdays=frozenset(given.get("weekdays", ())),
        since=date.fromisoformat(given["since"]) if given.get("since") else None,
        until=date.fromisoformat(given["until"]) if given.get("until") else None,
        target=segments.checked(target) if target is not None else None,
        priority=given.get("priority", 0),
        once=given.get("once", False),
        rest=timedelta(minutes=rest) if rest is not None else None,
        goes_on=given.get("goes_on", False),
        fallback=given.get("fallback", False),
    )


def _bare(word: str) -> str:
    return folding.bare(folding.fold(word))

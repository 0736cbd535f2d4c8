"""Stored conditions turned into SQL over `friends f`, as seen by somebody at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from storage.segments import capping
from storage.segments.kinds import GROUPS, KINDS
from storage.segments.terms import FRIEND, Meaning, Segment, Sight, Terms

Mark = Literal["blocked", "hidden", "opted_out", "capped", "test"]

# Whom a segment leaves out unless it names them; test friends are never meant, and who has had enough by the cap.
MARKS: tuple[Mark, ...] = ("blocked", "hidden", "opted_out", "capped", "test")
OF_PROMOTIONS: tuple[Mark, ...] = ("opted_out", "capped")  # left out of nothing else
MARKED: Mapping[Mark, str] = {
    "blocked": "f.shut",
    "hidden": "f.hidden",
    "opted_out": "f.opted_out",
    "test": "f.is_test",
}
# What conditions may look at besides the marks.
COLUMNS = ("f.followed_at", "f.last_reaction_at", "f.created_at", "f.name_key", "f.lot")
EVERYONE: Segment = {"everyone": True}


class Statement(Terms):
    """A condition in SQL, with the friends whom one may see; what its numbers mean has been put in (`meant`)."""

    def __init__(self, sight: Sight, values: Sequence[Any] = ()) -> None:
        super().__init__(sight, values)
        self.scope = meant(sight.scope, sight.meaning) if sight.scope is not None else None

    def where(self, segment: Segment) -> str:
        return KINDS[kind_of(segment)].where(self, segment)

    def marked(self, mark: Mark) -> str:
        """True for the friends who have this mark."""
        return capping.where(self) if mark == "capped" else MARKED[mark]

    def visible(self) -> str:
        """True for the friends who can be seen. Whatever lists, counts or names friends for staff asks this."""
        return "true" if self.scope is None else self.where(self.scope)

    def belongs(self, friend: str) -> str:
        """` AND …`: the friend whose id stands in this column can be seen; nothing is asked where everybody can."""
        if self.scope is None:
            return ""
        return f" AND {friend} IN (SELECT f.id FROM friends f WHERE {self.visible()})"

    def friends(self, segment: Segment, left_out: Sequence[Mark]) -> str:
        """What stands behind FROM so that `f` are the friends whom one may see and who fit, without these marks.

        A tag that all of them must wear is joined, and what else is asked of tags is asked of its wearers: so the
        database can take one tag from another before it looks at any friend.
        """
        parts = segment.get("all", [segment])
        lead = next((one for one in parts if "tag" in one), None)
        if lead is None:
            return f"friends f WHERE {self.among(segment, left_out)}"
        worn = f"w.tag_id = {self.value(lead['tag'], 'bigint')}"
        self.friend = "w.friend_id"
        where = self.among({"all": [one for one in parts if one is not lead] or [EVERYONE]}, left_out)
        self.friend = FRIEND
        return f"friends f JOIN friend_tags w ON w.friend_id = f.id AND {worn} WHERE {where}"

    def among(self, segment: Segment, left_out: Sequence[Mark]) -> str:
        return " AND ".join([*(f"NOT {self.marked(mark)}" for mark in left_out), self.visible(), self.where(segment)])


def kind_of(segment: Segment) -> str:
    """The key of a condition that says what it is. Raises ValueError for what is no segment."""
    kind = next((one for one in KINDS if one in segment), None)
    if kind is None:
        raise ValueError(f"no such condition: {sorted(segment)}")
    return kind


def checked(segment: Segment) -> Segment:
    """The same. Raises KeyError, TypeError or ValueError for what cannot be judged."""
    Statement(Sight(datetime.fromtimestamp(0, UTC), UTC)).where(segment)
    return segment


def walk(segment: Segment) -> Iterator[Segment]:
    """The segment and all that is in it."""
    yield segment
    for part in (*segment.get("all", ()), *segment.get("any", ()), *([segment["not"]] if "not" in segment else ())):
        yield from walk(part)


def meant(segment: Segment, meaning: Meaning, within: frozenset[int] = frozenset()) -> Segment:
    """What the condition says today: merged tags and saved segments put in.

    A segment that is not there, or that is inside itself, stays: nobody fits it, nor what is said against it.
    """
    kind = kind_of(segment)
    if kind == "not":
        return {"not": meant(segment["not"], meaning, within)}
    if kind in GROUPS:
        return {kind: [meant(one, meaning, within) for one in segment[kind]]}
    if kind == "saved":
        number = segment["saved"]
        inside = meaning.segments.get(number)
        return segment if inside is None or number in within else meant(inside, meaning, within | {number})
    exchanged = dict(segment)
    for key in KINDS[kind].tags:
        given = segment[key]
        exchanged[key] = (
            [meaning.tags.get(one, one) for one in given] if isinstance(given, list) else meaning.tags.get(given, given)
        )
    return exchanged


def named(segment: Segment, mark: Mark) -> bool:
    """Whether the segment says anything about friends with this mark."""
    return any(mark in one for one in walk(segment))


def left_out(segment: Segment, *, promotion: bool = False) -> tuple[Mark, ...]:
    """Whom a count, a page or a crowd of this segment leaves out; who wants no promotions or has had enough of them,
    only where it is for one."""
    return tuple(mark for mark in MARKS if (promotion or mark not in OF_PROMOTIONS) and not named(segment, mark))

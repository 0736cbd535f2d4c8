"""The friends who fit a condition: counted stage by stage, listed page by page, picked out of a few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage import database
from storage.segments.conditions import COLUMNS, MARKED, Mark, Statement, left_out, meant
from storage.segments.kinds import GROUPS
from storage.segments.terms import Segment, Sight

Order = Literal["active", "followed", "name", "id"]
ACTIVE = "greatest(f.last_reaction_at, f.followed_at, f.created_at)"  # a friend's last sign of life
ORDERS: Mapping[Order, str] = {
    "active": f"{ACTIVE} DESC, f.id DESC",
    "followed": "f.followed_at DESC NULLS LAST, f.id DESC",
    "name": "f.name_key, f.id",
    "id": "f.id",
}
FEW = 2_000  # so many who fit are put in order by themselves
SPARSE = 20  # friends of whom one fits, at least, where it pays to go through them in order


async def counts(
    segments: Sequence[Segment], sight: Sight, out: Sequence[Mark] | None = None, *, promotion: bool = False
) -> list[int]:
    """How many fit each of these, without the marks that each leaves out, or without those of `out`; one statement."""
    statement = Statement(sight)
    asked = []
    for place, segment in enumerate([meant(one, sight.meaning) for one in segments]):
        fit = statement.friends(segment, left_out(segment, promotion=promotion) if out is None else out)
        asked.append(f"(SELECT count(*) FROM {fit}) AS c{place}")
    found = await database.row(f"SELECT {', '.join(asked)}", *statement.values) if asked else None
    return list(found.values()) if found else []


async def count(segment: Segment, sight: Sight, *, promotion: bool = False) -> int:
    return (await counts([segment], sight, promotion=promotion))[0]


class _Columns(Statement):
    """Looks every simple condition up once for each friend, in a column; all else is said in terms of these."""

    def __init__(self, sight: Sight, values: list[Any]) -> None:
        super().__init__(sight)
        self.values = values  # of the statement of which these columns are a part
        self.columns: dict[str, str] = {}  # condition -> its SQL, named look0, look1 …

    def where(self, segment: Segment) -> str:
        if any(kind in segment for kind in GROUPS):
            return super().where(segment)
        key = repr(segment)
        if key not in self.columns:
            self.columns[key] = f"{super().where(segment)} AS look{len(self.columns)}"
        return f"f.look{list(self.columns).index(key)}"


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all friends tells about a segment.

    `stages` are the friends left after each condition, `parts` those who fit what was asked beside it, `left_out` who
    would fit but for a mark, `ids` everybody who fits, by id; None when they are more than were wanted.
    """

    stages: list[int]
    parts: list[int]
    left_out: dict[Mark, int]
    ids: list[int] | None

    @property
    def total(self) -> int:
        return self.stages[-1]


async def survey(
    stages: Sequence[Segment],
    sight: Sight,
    *,
    parts: Sequence[tuple[int, Segment]] = (),
    most: int | None = FEW,
    promotion: bool = False,
) -> Survey:
    """Who fits all stages, at least one, in one look at all friends: each is asked until a stage does not fit.

    `parts` are further conditions, each asked of those who fit the first so many stages. So many ids are wanted at
    `most`; with None all of them.
    """
    stages = [meant(one, sight.meaning) for one in stages]
    parts = [(place, meant(one, sight.meaning)) for place, one in parts]
    plain = Statement(sight)
    columns = _Columns(sight, plain.values)
    out = left_out({"all": stages}, promotion=promotion)
    last = len(stages)
    marks = {mark: plain.marked(mark) for mark in out}
    counted_once = [f"{marks['capped']} AS capped"] if sight.cap is not None and "capped" in out else []
    marks |= {"capped": "f.capped"} if counted_once else {}
    kept = " AND ".join(f"NOT {marks[mark]}" for mark in out)
    divided = {place for place, _ in parts}
    wanted = [(columns if place in divided else plain).where(stage) for place, stage in enumerate(stages)]
    counted = [f"f.stage >= {place + 1} AND {kept}" for place in range(last)]
    counted += [f"f.stage >= {place} AND {columns.where(one)} AND {kept}" for place, one in parts]
    counted += [f"f.stage = {last} AND {marks[mark]}" for mark in out]
    begin = 0 if 0 in divided else 1  # what the first stage leaves may be found by an index
    asked = "".join(f" WHEN {one} IS NOT TRUE THEN {place}" for place, one in enumerate(wanted) if place >= begin)
    stage = f"CASE{asked} ELSE {last} END" if asked else f"{last}"
    carried = ["f.id", *MARKED.values(), *(column for column in COLUMNS if column in asked)]
    worked_out = [*columns.columns.values(), *counted_once]
    looked = f"SELECT {', '.join([*carried, *worked_out])} FROM friends f"
    looked += " WHERE " + " AND ".join([plain.visible(), *wanted[:begin]])
    looked += " OFFSET 0" if worked_out else ""  # a fence: each column and each stage is worked out once
    staged = f"SELECT f.*, {stage} AS stage FROM ({looked}) f{' OFFSET 0' if asked else ''}"
    fits = f"FILTER (WHERE {counted[last - 1]})"
    listed = f"CASE WHEN count(*) {fits} <= {most} THEN " if most is not None else ""
    listed += f"coalesce(array_agg(f.id) {fits}, '{{}}')" + (" END" if listed else "")
    [found] = await database.rows(
        f"SELECT ARRAY[{', '.join(f'count(*) FILTER (WHERE {one})' for one in counted)}] AS counts, {listed} AS ids"
        f" FROM ({staged}) f",
        *plain.values,
    )
    counts = iter(found["counts"])
    return Survey(
        [next(counts) for _ in stages],
        [next(counts) for _ in parts],
        {mark: next(counts) for mark in out},
        None if found["ids"] is None else sorted(found["ids"]),
    )


async def page(
    segment: Segment, found: Survey, sight: Sight, limit: int, offset: int = 0, order: Order = "active"
) -> list[int]:
    """A page of those who fit, of whom a survey was made just now."""
    statement = Statement(sight)
    segment = meant(segment, sight.meaning)
    led = ""
    if found.ids is not None:
        chosen = (
            f"unnest({statement.value(found.ids, 'bigint[]')}) AS x (id)"
            " CROSS JOIN LATERAL (SELECT id, name_key, followed_at, last_reaction_at, created_at"
            " FROM friends WHERE id = x.id OFFSET 0) f"
        )
    else:
        chosen = statement.friends(segment, tuple(found.left_out))
        # An index leads through all friends in order: the quickest way as long as enough of those it passes fit.
        led = "f.active_on DESC, " if order == "active" and found.total >= SPARSE * (offset + limit) else ""
    rows = await database.rows(
        f"SELECT f.id FROM {chosen} ORDER BY {led}{ORDERS[order]}"
        f" LIMIT {statement.value(limit, 'bigint')} OFFSET {statement.value(offset, 'bigint')}",
        *statement.values,
    )
    return [row["id"] for row in rows]


async def ids(segment: Segment, sight: Sight) -> list[int]:
    """Everybody who fits, by id; those the segment leaves out are not among them."""
    statement = Statement(sight)
    segment = meant(segment, sight.meaning)
    fit = statement.friends(segment, left_out(segment))
    return [row["id"] for row in await database.rows(f"SELECT f.id FROM {fit} ORDER BY f.id", *statement.values)]


async def fitting(segment: Segment, friend_ids: Sequence[int], sight: Sight) -> set[int]:
    """Which of these friends can be seen and the condition itself is true for, whatever their marks."""
    return (await fitting_each([(segment, friend_ids)], sight))[0]


async def fitting_each(cases: Sequence[tuple[Segment, Sequence[int]]], sight: Sight) -> list[set[int]]:
    """The same for several conditions, each with friends of its own, in one statement."""
    statement = Statement(sight)
    asked = []
    for place, (segment, friend_ids) in enumerate(cases):
        chosen = f"f.id = ANY({statement.value(list(friend_ids), 'bigint[]')})"
        meant_ones = statement.friends(meant(segment, sight.meaning), ())
        asked.append(f"SELECT {place} AS place, f.id FROM {meant_ones} AND {chosen}")
    fit: list[set[int]] = [set() for _ in cases]
    for row in await database.rows(" UNION ALL ".join(asked), *statement.values) if asked else ():
        fit[row["place"]].add(row["id"])
    return fit

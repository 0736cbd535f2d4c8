"""Saved segments: conditions with a name, meant by number wherever they are used, and how many fitted them each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names
from storage.segments.conditions import walk
from storage.segments.surveys import counts
from storage.segments.terms import Segment, Sight

MOST = 300  # conditions that one of them may come to with all that is inside it
AT_ONCE = 10  # counted in one statement
DEPTH = 8  # segments within segments


class SavedSegment(Model):
    id = fields.BigIntField(primary_key=True)  # #G2
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    condition: fields.JSONField[dict[str, Any]] = fields.JSONField()  # in its stored form
    number = fields.IntField(default=1, db_default=1)  # which of its versions this condition is
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "segments"


class SegmentCount(Model):
    """How many fitted a segment when it was counted on a day of the shop's calendar."""

    id = fields.BigIntField(primary_key=True)
    segment_id = fields.BigIntField()
    day = fields.DateField()
    friends = fields.IntField()

    class Meta:
        table = "segment_counts"
        unique_together = (("segment_id", "day"),)


@dataclass(frozen=True, slots=True)
class Saved:
    id: int
    name: str
    number: int
    version: int
    condition: Segment


async def conditions() -> dict[int, Segment]:
    """Number -> condition of all the living."""
    found = await database.rows("SELECT id, condition FROM segments WHERE deleted_at IS NULL")
    return {row["id"]: orjson.loads(row["condition"]) for row in found}


async def make(name: str, condition: Segment, now: datetime) -> int:
    """The name must be free."""
    found: int = await database.value(
        "INSERT INTO segments (name, name_key, condition, created_at) VALUES ($1, $2, $3::jsonb, $4) RETURNING id",
        name,
        names.name_key(name),
        orjson.dumps(condition).decode(),
        now,
    )
    return found


async def get(number: int) -> Saved:
    return (await _read("id = $1", number))[0]


async def living() -> list[Saved]:
    """All, each behind those that it names."""
    return _inner_first(await _read("true"))


async def page(words: str, limit: int, offset: int) -> tuple[list[Saved], int]:
    """Those whose name holds `words`, by name, and how many there are."""
    key = names.name_key(words)
    found = await _read("strpos(name_key, $1) > 0 ORDER BY name_key, id LIMIT $2 OFFSET $3", key, limit, offset)
    total: int = await database.value(
        "SELECT count(*) FROM segments WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0", key
    )
    return found, total


async def _read(which: str, *values: Any) -> list[Saved]:
    found = await database.rows(
        f"SELECT id, name, number, version, condition FROM segments WHERE deleted_at IS NULL AND {which}", *values
    )
    return [Saved(**row | {"condition": orjson.loads(row["condition"])}) for row in found]


def _inner_first(given: Sequence[Saved]) -> list[Saved]:
    by_number = {one.id: one for one in given}
    ordered: dict[int, Saved] = {}

    def put(one: Saved) -> None:
        if one.id in ordered:
            return
        for number in inside(one.condition):
            if number in by_number:
                put(by_number[number])
        ordered[one.id] = one

    for one in sorted(given, key=lambda one: one.id):
        put(one)
    return list(ordered.values())


async def change(number: int, condition: Segment, content: int) -> int:
    """Let it say this, kept as version `content`; the row's new version. It holds everywhere at once."""
    found: int = await database.value(
        "UPDATE segments SET condition = $2::jsonb, number = $3, version = version + 1 WHERE id = $1 RETURNING version",
        number,
        orjson.dumps(condition).decode(),
        content,
    )
    return found


# ---- segments within segments ----


def inside(condition: Segment) -> list[int]:
    """The segments that a condition names."""
    return list(dict.fromkeys(one["saved"] for one in walk(condition) if "saved" in one))


def cycle(number: int, condition: Segment, all_: Mapping[int, Segment]) -> list[int] | None:
    """The way back to a segment by which it would be inside itself, if it said this; None when it would not."""

    seen: set[int] = set()

    def way(one: int, behind: tuple[int, ...]) -> list[int] | None:
        if one == number:
            return [*behind, one]
        if one in seen or one not in all_:
            return None
        seen.add(one)
        return next((found for on in inside(all_[one]) if (found := way(on, (*behind, one))) is not None), None)

    return next((found for one in inside(condition) if (found := way(one, (number,))) is not None), None)


def too_much(condition: Segment, all_: Mapping[int, Segment]) -> bool:
    """Whether it comes to more conditions, or to more segments within segments, than is kept; without cycles."""
    sizes: dict[int, tuple[int, int]] = {}

    def size(segment: Segment) -> tuple[int, int]:
        own, deepest = 0, 0
        for one in walk(segment):
            if "saved" not in one:
                own += 1
                continue
            number = one["saved"]
            if number not in sizes:
                sizes[number] = size(all_[number]) if number in all_ else (1, 0)
            own, deepest = own + sizes[number][0], max(deepest, sizes[number][1] + 1)
        return own, deepest

    whole, depth = size(condition)
    return whole > MOST or depth > DEPTH


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft in whose condition one of these stands."""
    return await named.uses(["$.**.saved ? (@ == $id[*])"], *numbers)


# ---- day by day ----


async def count_some(sight: Sight, today: date) -> int:
    """Note how many fit some of the segments that have not been counted today; how many segments those were."""
    missing = await _read(
        "NOT EXISTS (SELECT 1 FROM segment_counts c WHERE c.segment_id = segments.id AND c.day = $1) LIMIT $2",
        today,
        AT_ONCE,
    )
    found = await counts([one.condition for one in missing], sight)
    await database.run(
        "INSERT INTO segment_counts (segment_id, day, friends)"
        " SELECT s, $1, n FROM unnest($2::bigint[], $3::int[]) AS x (s, n) ON CONFLICT (segment_id, day) DO NOTHING",
        today,
        [one.id for one in missing],
        found,
    )
    return len(missing)


async def trend(number: int, since: date) -> dict[date, int]:
    """Day -> how many fitted it."""
    found = await database.rows(
        "SELECT day, friends FROM segment_counts WHERE segment_id = $1 AND day >= $2 ORDER BY day", number, since
    )
    return {row["day"]: row["friends"] for row in found}

"""What is noted of friends in fields, read and written for a whole set of friends in one statement.

A value is text in one spelling for its kind, wherever it is stored or compared: `160.5` (number), `1990-05-03` (date;
without a year `0004-05-03`, since 4 was a leap year), `2026-12-24T09:00:00+00:00` (datetime, in UTC), `1` or `0`
(yes_no), the number of what 画像 names (image); text, long_text and choice as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from storage import database, segments

YEARLESS = 4  # the year of a date whose year nobody knows
GREATEST = Decimal(10) ** 12  # no number goes beyond it, in either direction
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that has really changed; None is none."""

    friend: int
    field: int
    before: str | None
    after: str | None


def number(value: Decimal) -> str:
    """The one spelling of a number: `12`, `160.5`."""
    shown = f"{value.quantize(PLACES):f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


_COLUMNS = (
    "CASE WHEN k.kind IN ('number', 'yes_no', 'image') THEN g.value::numeric END AS number,"
    " CASE WHEN k.kind = 'date' THEN g.value::date END AS day,"
    " CASE WHEN k.kind = 'datetime' THEN g.value::timestamptz END AS moment"
)


async def put(given: Sequence[tuple[int, int, str]], now: datetime) -> list[Changed]:
    """Note (friend, field, value), each pair once; the friends are locked. What has really changed comes back.

    Fields that have been deleted take nothing.
    """
    return await _put(given, now, "TRUE")


async def put_where_empty(given: Sequence[tuple[int, int, str]], now: datetime) -> list[Changed]:
    """The same where nothing is noted yet."""
    return await _put(given, now, "FALSE")


async def _put(given: Sequence[tuple[int, int, str]], now: datetime, over: str) -> list[Changed]:
    if not given:
        return []
    found = await database.rows(
        "WITH given AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])"
        " AS x (friend_id, field_id, value)),"
        " old AS (SELECT v.friend_id, v.field_id, v.text FROM field_values v JOIN given USING (friend_id, field_id)),"
        " written AS (INSERT INTO field_values (friend_id, field_id, text, number, day, moment, at)"
        f" SELECT g.friend_id, g.field_id, g.value, {_COLUMNS}, $4 FROM given g"
        " JOIN fields k ON k.id = g.field_id AND k.deleted_at IS NULL ORDER BY g.friend_id, g.field_id"
        " ON CONFLICT (friend_id, field_id) DO UPDATE SET text = excluded.text, number = excluded.number,"
        " day = excluded.day, moment = excluded.moment, at = excluded.at"
        f" WHERE {over} AND field_values.text <> excluded.text RETURNING friend_id, field_id, text)"
        " SELECT w.friend_id, w.field_id, o.text AS before, w.text AS after FROM written w"
        " LEFT JOIN old o USING (friend_id, field_id) ORDER BY w.friend_id, w.field_id",
        [one[0] for one in given],
        [one[1] for one in given],
        [one[2] for one in given],
        now,
    )
    return [Changed(*row.values()) for row in found]


async def add(friends: Sequence[int], field_id: int, amount: Decimal, now: datetime) -> list[Changed]:
    """Add to a number, which begins at 0; what would go beyond GREATEST stays as it is."""
    found = await database.rows(
        "WITH old AS (SELECT friend_id, text, number FROM field_values WHERE field_id = $2"
        " AND friend_id = ANY($1::bigint[])),"
        " given AS (SELECT x.f AS friend_id, coalesce(o.number, 0) + $3::numeric AS number"
        " FROM unnest($1::bigint[]) AS x (f) LEFT JOIN old o ON o.friend_id = x.f),"
        " written AS (INSERT INTO field_values (friend_id, field_id, text, number, at)"
        " SELECT g.friend_id, $2, trim_scale(g.number)::text, g.number, $4 FROM given g JOIN fields k ON k.id = $2"
        " AND k.deleted_at IS NULL AND k.kind = 'number' WHERE abs(g.number) <= $5::numeric ORDER BY g.friend_id"
        " ON CONFLICT (friend_id, field_id) DO UPDATE SET text = excluded.text, number = excluded.number,"
        " at = excluded.at WHERE field_values.text <> excluded.text RETURNING friend_id, text)"
        " SELECT w.friend_id, $2::bigint AS field_id, o.text AS before, w.text AS after FROM written w"
        " LEFT JOIN old o USING (friend_id) ORDER BY w.friend_id",
        sorted(set(friends)),
        field_id,
        amount,
        now,
        GREATEST,
    )
    return [Changed(*row.values()) for row in found]


async def clear(friends: Sequence[int], field_ids: Sequence[int]) -> list[Changed]:
    """Forget what is noted of these friends in these fields."""
    found = await database.rows(
        "DELETE FROM field_values WHERE friend_id = ANY($1::bigint[]) AND field_id = ANY($2::bigint[])"
        " RETURNING friend_id, field_id, text",
        list(friends),
        list(field_ids),
    )
    return [Changed(row["friend_id"], row["field_id"], row["text"], None) for row in found]


async def put_back(given: Sequence[Changed], now: datetime) -> list[Changed]:
    """Take changes back where the value is still what it became; what has really gone back, as changes."""
    found = await database.rows(
        "WITH given AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])"
        " AS x (friend_id, field_id, value, expected)),"
        " g AS (SELECT given.* FROM given LEFT JOIN field_values v USING (friend_id, field_id)"
        " WHERE v.text IS NOT DISTINCT FROM given.expected),"
        " gone AS (DELETE FROM field_values v USING g WHERE g.value IS NULL AND v.friend_id = g.friend_id"
        " AND v.field_id = g.field_id RETURNING v.friend_id, v.field_id),"
        " written AS (INSERT INTO field_values (friend_id, field_id, text, number, day, moment, at)"
        f" SELECT g.friend_id, g.field_id, g.value, {_COLUMNS}, $5 FROM g JOIN friends f ON f.id = g.friend_id"
        " JOIN fields k ON k.id = g.field_id AND k.deleted_at IS NULL WHERE g.value IS NOT NULL"
        " ON CONFLICT (friend_id, field_id) DO UPDATE SET text = excluded.text, number = excluded.number,"
        " day = excluded.day, moment = excluded.moment, at = excluded.at RETURNING friend_id, field_id)"
        " SELECT g.friend_id, g.field_id, g.expected, g.value FROM g WHERE (g.friend_id, g.field_id) IN"
        " (TABLE gone UNION ALL TABLE written) ORDER BY 1, 2",
        [one.friend for one in given],
        [one.field for one in given],
        [one.before for one in given],
        [one.after for one in given],
        now,
    )
    return [Changed(*row.values()) for row in found]


async def of(friends: Sequence[int], field_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """(friend, field) -> value, where there is one and the field is alive."""
    found = await database.rows(
        "SELECT v.friend_id, v.field_id, v.text FROM field_values v JOIN fields k ON k.id = v.field_id"
        " AND k.deleted_at IS NULL WHERE v.friend_id = ANY($1::bigint[]) AND v.field_id = ANY($2::bigint[])",
        list(friends),
        list(field_ids),
    )
    return {(row["friend_id"], row["field_id"]): row["text"] for row in found}


async def all_of(friends: Sequence[int]) -> dict[tuple[int, int], str]:
    """The same for all fields."""
    found = await database.rows(
        "SELECT v.friend_id, v.field_id, v.text FROM field_values v JOIN fields k ON k.id = v.field_id"
        " AND k.deleted_at IS NULL WHERE v.friend_id = ANY($1::bigint[])",
        list(friends),
    )
    return {(row["friend_id"], row["field_id"]): row["text"] for row in found}


@dataclass(frozen=True, slots=True)
class Noted:
    kind: str
    yearly: bool
    masked: bool
    text: str


async def noted(friends: Sequence[int], field_ids: Sequence[int]) -> dict[tuple[int, int], Noted]:
    """(friend, field) -> value and what it is, for putting it into words."""
    found = await database.rows(
        "SELECT v.friend_id, v.field_id, k.kind, k.yearly, k.masked, v.text FROM field_values v JOIN fields k"
        " ON k.id = v.field_id AND k.deleted_at IS NULL"
        " WHERE v.friend_id = ANY($1::bigint[]) AND v.field_id = ANY($2::bigint[])",
        list(friends),
        list(field_ids),
    )
    return {
        (row["friend_id"], row["field_id"]): Noted(row["kind"], row["yearly"], row["masked"], row["text"])
        for row in found
    }


async def of_friend(friend_id: int) -> dict[int, str]:
    """Field -> value: all that is noted of one friend."""
    found = await database.rows(
        "SELECT v.field_id, v.text FROM field_values v JOIN fields k ON k.id = v.field_id AND k.deleted_at IS NULL"
        " WHERE v.friend_id = $1 ORDER BY k.id",
        friend_id,
    )
    return {row["field_id"]: row["text"] for row in found}


async def holders(field_id: int, sight: segments.Sight) -> int:
    """How many friends who can be seen have a value in this field."""
    statement = segments.Statement(sight, (field_id,))
    found: int = await database.value(
        f"SELECT count(*) FROM field_values v WHERE v.field_id = $1{statement.belongs('v.friend_id')}",
        *statement.values,
    )
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A field by its name, with how many friends have a value in it."""

    name: str
    friends: int


async def held(field_ids: Sequence[int], sight: segments.Sight) -> dict[int, Held]:
    """The living of these fields, by number."""
    statement = segments.Statement(sight, (list(field_ids),))
    found = await database.rows(
        "SELECT k.id, k.name, (SELECT count(*) FROM field_values v WHERE v.field_id = k.id"
        f"{statement.belongs('v.friend_id')}) AS friends FROM fields k"
        " WHERE k.id = ANY($1::bigint[]) AND k.deleted_at IS NULL",
        *statement.values,
    )
    return {row["id"]: Held(row["name"], row["friends"]) for row in found}


async def tally(field_id: int, sight: segments.Sight, most: int) -> list[tuple[str, int]]:
    """(value, friends who can be seen and have it), the most frequent first, so many at most."""
    statement = segments.Statement(sight, (field_id, most))
    found = await database.rows(
        "SELECT v.text, count(*) AS friends FROM field_values v WHERE v.field_id = $1"
        f"{statement.belongs('v.friend_id')} GROUP BY v.text ORDER BY friends DESC, v.text LIMIT $2",
        *statement.values,
    )
    return [(row["text"], row["friends"]) for row in found]


async def months(field_id: int, sight: segments.Sight) -> dict[int, int]:
    """Month of a date -> friends who can be seen and have such a one."""
    statement = segments.Statement(sight, (field_id,))
    found = await database.rows(
        "SELECT v.month_day / 100 AS month, count(*) AS friends FROM field_values v WHERE v.field_id = $1"
        f" AND v.month_day IS NOT NULL{statement.belongs('v.friend_id')} GROUP BY 1 ORDER BY 1",
        *statement.values,
    )
    return {row["month"]: row["friends"] for row in found}


@dataclass(frozen=True, slots=True)
class Summary:
    friends: int
    total: Decimal
    mean: Decimal
    middle: Decimal
    least: Decimal
    most: Decimal


async def summary(field_id: int, sight: segments.Sight) -> Summary | None:
    """What the numbers of a field come to among the friends who can be seen; None where there are none."""
    statement = segments.Statement(sight, (field_id,))
    row = await database.row(
        "SELECT count(*) AS friends, sum(v.number) AS total, avg(v.number) AS mean,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY v.number) AS middle, min(v.number) AS least,"
        " max(v.number) AS most FROM field_values v"
        f" WHERE v.field_id = $1 AND v.number IS NOT NULL{statement.belongs('v.friend_id')}",
        *statement.values,
    )
    return Summary(**row) if row is not None and row["friends"] else None


async def outside(field_id: int, choices: Sequence[str]) -> int:
    """How many friends have a value that is none of these."""
    found: int = await database.value(
        "SELECT count(*) FROM field_values WHERE field_id = $1 AND text <> ALL($2::text[])", field_id, list(choices)
    )
    return found

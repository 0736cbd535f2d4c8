"""LINE's own count of a run: the name its messages are sent under, and the figures LINE gives for it, day by day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.models import Model

from storage import database

JAPAN = ZoneInfo("Asia/Tokyo")  # LINE's days and months
MOST_NAMES = 900  # a month; LINE takes a thousand, and sends what has another name without it
REFUSED_FOR = timedelta(days=30)  # after a refusal no name is tried
UPDATED = timedelta(days=15)  # behind a run; LINE counts for 14 days, and a day late


class LineAggregate(Model):
    id = fields.BigIntField(primary_key=True)
    operation_id = fields.BigIntField(unique=True)  # that carries out the run
    unit = fields.CharField(max_length=30)  # the name
    refused = fields.BooleanField(default=False, db_default=False)  # LINE takes no names of this account
    at = fields.DatetimeField(db_index=True)  # business time at which the run began
    read_at = fields.DatetimeField(null=True)  # when LINE was last asked
    # different people, null below 20: who saw it, opened an address, began a film or sound, heard it to the end
    seen = fields.IntField(null=True)
    clicked = fields.IntField(null=True)
    played = fields.IntField(null=True)
    finished = fields.IntField(null=True)

    class Meta:
        table = "line_aggregates"


@dataclass(frozen=True, slots=True)
class Figures:
    """Different people; None where they are fewer than twenty."""

    seen: int | None
    clicked: int | None
    played: int | None
    finished: int | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`figures` as they were at `read_at`, when LINE has been asked."""

    operation: int
    unit: str
    refused: bool
    at: datetime
    read_at: datetime | None
    figures: Figures


async def begin(operation: int, now: datetime) -> None:
    """Give a run that begins a name of its own, unless LINE has refused one lately or the month has too many."""
    month = now.astimezone(JAPAN).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    await database.run(
        "INSERT INTO line_aggregates (operation_id, unit, at)"
        " SELECT $1::bigint, 'run_' || $1::bigint || '_' || substr(md5(random()::text), 1, 8), $2::timestamptz"
        " WHERE NOT EXISTS (SELECT 1 FROM line_aggregates WHERE refused AND at > $3)"
        f" AND (SELECT count(*) FROM line_aggregates WHERE at >= $4) < {MOST_NAMES} ON CONFLICT DO NOTHING",
        operation,
        now,
        now - REFUSED_FOR,
        month,
    )


async def refuse(units: list[str]) -> None:
    """LINE has taken a message only without its name."""
    await database.run("UPDATE line_aggregates SET refused = true WHERE unit = ANY($1::text[])", units)


_COLUMNS = "operation_id AS operation, unit, refused, at, read_at, seen, clicked, played, finished"


async def due(now: datetime, limit: int) -> list[Aggregate]:
    """Runs of earlier days that LINE still counts and has not been asked of today, the longest unasked first."""
    today = now.astimezone(JAPAN).replace(hour=0, minute=0, second=0, microsecond=0)
    found = await database.rows(
        f"SELECT {_COLUMNS} FROM line_aggregates WHERE NOT refused AND at >= $1 AND at < $2"
        " AND (read_at IS NULL OR read_at < $2) ORDER BY read_at NULLS FIRST, at LIMIT $3",
        today - UPDATED,
        today,
        limit,
    )
    return [_of_row(row) for row in found]


async def note(operation: int, figures: Figures, now: datetime) -> None:
    """What LINE has just said."""
    await database.run(
        "UPDATE line_aggregates SET read_at = $2, seen = $3, clicked = $4, played = $5, finished = $6"
        " WHERE operation_id = $1",
        operation,
        now,
        figures.seen,
        figures.clicked,
        figures.played,
        figures.finished,
    )


async def of(operation: int) -> Aggregate | None:
    """Of a run; None where it has no name."""
    found = await database.row(f"SELECT {_COLUMNS} FROM line_aggregates WHERE operation_id = $1", operation)
    return _of_row(found) if found else None


def _of_row(row: dict[str, object]) -> Aggregate:
    figures = Figures(**{name: row.pop(name) for name in ("seen", "clicked", "played", "finished")})  # type: ignore[arg-type]
    return Aggregate(**row, figures=figures)  # type: ignore[arg-type]

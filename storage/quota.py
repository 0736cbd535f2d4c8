"""The month's messages: what LINE allows, what we have taken of it, what is kept from promotions, what was told."""

from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import clock, database
from storage.outbox import ledger

MARKS = (50, 80, 95)  # percent of what may be used
UNEXPECTED = 100  # messages by other hands that staff hear of where the month has no limit; else a twentieth of it
FEWEST = 10  # that they hear of at all


class QuotaMonth(Model):
    month = fields.CharField(max_length=7, primary_key=True)  # 2026-11, in the account's zone
    # what LINE allows (null: unlimited or not yet read) and what we have taken, or LINE has counted if that is more
    allowed = fields.IntField(null=True)
    used = fields.IntField(default=0, db_default=0)
    reserve = fields.IntField(default=0, db_default=0)  # kept from promotions
    line_used = fields.IntField(null=True)  # LINE's own count when last read
    read_at = fields.DatetimeField(null=True)  # business time
    told = fields.SmallIntField(default=0, db_default=0)  # the highest of MARKS that staff have been told of
    others = fields.IntField(default=0, db_default=0)  # of LINE's count, what other hands have sent; it only grows
    others_told = fields.IntField(default=0, db_default=0)  # so many of them staff have heard of

    class Meta:
        table = "quota_months"


@dataclass(frozen=True, slots=True)
class Usage:
    """One month's messages (a message to one person, however many bubbles); `waiting` is what open rows would take,
    `others` what was sent by other hands at least (LINE's manager, another tool) and is part of `used`."""

    month: str
    allowed: int | None
    used: int
    reserve: int
    line_used: int | None
    read_at: datetime | None
    others: int
    waiting: int


# The limit and the reserve of a month not yet begun are those of the last one.
_LATEST = f"""
latest AS (
    SELECT m.month, q.allowed, coalesce(q.reserve, 0) AS reserve, q.line_used, q.read_at, q.month = m.month AS begun,
           CASE WHEN q.month = m.month THEN q.used ELSE 0 END AS used,
           CASE WHEN q.month = m.month THEN q.others ELSE 0 END AS others
    FROM (SELECT to_char({clock.NOW} AT TIME ZONE $1::text, 'YYYY-MM') AS month) m
    LEFT JOIN LATERAL (
        SELECT * FROM quota_months q WHERE q.month <= m.month ORDER BY q.month DESC LIMIT 1
    ) q ON true
)"""


_OURS = (
    "(SELECT coalesce(sum(messages), 0) FROM quota_ledger l WHERE l.month = latest.month) + "
    + ledger.IN_DOUBT.format(zone="$1::text", month="latest.month")
)


async def usage(zone: str) -> Usage:
    found = await database.rows(
        f"WITH {_LATEST} SELECT month, allowed, used, reserve, CASE WHEN begun THEN line_used END AS line_used,"
        " CASE WHEN begun THEN read_at END AS read_at, others,"
        " (SELECT coalesce(sum(cost), 0)::int FROM outbox WHERE state = 'open' AND ambiguous_at IS NULL) AS waiting"
        " FROM latest",
        zone,
    )
    return Usage(**found[0])


async def record(zone: str, allowed: int | None, line_used: int, asked: datetime | None = None) -> None:
    """Keep what LINE says. Its count holds what was sent by other hands; it lags, so ours only ever rises to it.
    `asked`: when it was asked; an answer from before the month's turn says nothing of this one.

    What it holds beyond our ledger, and beyond what may have been accepted without our knowing yet, was sent by others
    for certain. Since it lags, and leaves out those whom a message did not reach, the most there ever was is true.
    Classes that LINE had refused for the month go again when LINE shows room.
    """
    await database.run(
        f"WITH {_LATEST}, found AS (SELECT month, greatest(0, $3::int - ({_OURS})) AS others FROM latest)"
        " INSERT INTO quota_months AS q"
        " (month, allowed, used, reserve, line_used, read_at, others, others_told)"
        f" SELECT month, $2::int, greatest(used, $3::int), reserve, $3::int, {clock.NOW}, found.others, found.others"
        " FROM latest JOIN found USING (month)"
        " WHERE $4::timestamptz IS NULL OR to_char($4::timestamptz AT TIME ZONE $1::text, 'YYYY-MM') = month"
        " ON CONFLICT (month) DO UPDATE SET allowed = excluded.allowed, used = greatest(q.used, excluded.line_used),"
        " line_used = excluded.line_used, read_at = excluded.read_at, others = greatest(q.others, excluded.others),"
        " others_told = CASE WHEN q.read_at IS NULL THEN excluded.others ELSE q.others_told END",
        zone,
        allowed,
        line_used,
        asked,
    )
    if allowed is None or line_used < allowed:
        await database.run("DELETE FROM pauses WHERE scope LIKE 'quota:%'")


async def keep(zone: str, reserve: int) -> None:
    """Keep so many of the month's messages from promotions."""
    await database.run(
        f"WITH {_LATEST} INSERT INTO quota_months AS q (month, allowed, used, reserve)"
        " SELECT month, allowed, used, $2::int FROM latest"
        " ON CONFLICT (month) DO UPDATE SET reserve = excluded.reserve",
        zone,
        reserve,
    )


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a month: `line_used` as LINE last said in it."""

    allowed: int | None
    line_used: int | None
    others: int


async def of_month(month: str) -> Past | None:
    """A month by its name (2026-11), None where nothing was sent or read in it."""
    found = await database.row("SELECT allowed, line_used, others FROM quota_months WHERE month = $1", month)
    return Past(**found) if found else None


@dataclass(frozen=True, slots=True)
class Reached:
    """A mark that a month has come to: `percent` of `limit`, which is the cap where there is one (`capped`)."""

    month: str
    percent: int
    used: int
    limit: int
    capped: bool


async def pass_mark(zone: str) -> Reached | None:
    """The highest of MARKS that this month has come to, if nobody has passed it yet; now it is passed."""
    found = await database.rows(
        "UPDATE quota_months q SET told = x.mark FROM (SELECT m.month, max(p.mark) AS mark"
        " FROM quota_months m, unnest($2::int[]) AS p (mark)"
        f" WHERE m.month = to_char({clock.NOW} AT TIME ZONE $1::text, 'YYYY-MM') AND m.allowed > m.reserve"
        " AND m.used::bigint * 100 >= p.mark::bigint * (m.allowed - m.reserve) GROUP BY m.month) x"
        " WHERE q.month = x.month AND q.told < x.mark"  # whoever comes second waits for the row, and finds it told
        ' RETURNING q.month, q.told AS percent, q.used, q.allowed - q.reserve AS "limit", q.reserve > 0 AS capped',
        zone,
        list(MARKS),
    )
    return Reached(**found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Messages of a month that other hands have sent, and how many of them staff had not heard of."""

    month: str
    others: int
    grown: int


async def notice_others(zone: str) -> Elsewhere | None:
    """What others have sent this month, when it has grown by much since staff last heard of it; now they have."""
    found = await database.rows(
        "UPDATE quota_months q SET others_told = q.others FROM ("
        " SELECT month, others - others_told AS grown FROM quota_months"
        f" WHERE month = to_char({clock.NOW} AT TIME ZONE $1::text, 'YYYY-MM')"
        " AND others - others_told >= greatest($2::int, coalesce(allowed / 20, $3::int)) FOR NO KEY UPDATE) x"
        " WHERE q.month = x.month RETURNING q.month, q.others, x.grown",
        zone,
        FEWEST,
        UNEXPECTED,
    )
    return Elsewhere(**found[0]) if found else None

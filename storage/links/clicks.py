"""Clicks: who was sent a link and who has opened it, each opening kept as a row that is carried out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage import clock, database, friends, segments

AGAIN = 10  # seconds in which openings by one friend are one click: impatient taps, a page loaded anew
DAY = 20  # of one link by one friend: whoever opens it all day long fills no table and spends no messages
DOUBTED = "restored"  # the reason for which one is parked when nobody knows whether it was carried out


class LinkClick(Model):
    id = fields.BigIntField(primary_key=True)  # "click:<id>" is the root of what comes of it
    link_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    button_id = fields.BigIntField(null=True)  # what the link does where it was sent, besides what it does everywhere
    at = fields.DatetimeField()  # business time
    span = fields.BigIntField()  # `at` in units of AGAIN
    state = fields.CharField(max_length=8)  # open | done | parked | dropped (staff have given it up)
    error = fields.TextField(null=True)  # why it is parked

    class Meta:
        table = "link_clicks"
        unique_together = (("link_id", "friend_id", "span"),)
        indexes = (("link_id", "at"), ("friend_id",))


class LinkSend(Model):
    id = fields.BigIntField(primary_key=True)
    link_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    delivery_id = fields.BigIntField()

    class Meta:
        table = "link_sends"
        indexes = (("link_id", "friend_id"), ("friend_id",))


@dataclass(slots=True)  # not frozen: one is made for each friend of a set
class Sent:
    link: int
    friend: int
    delivery: int


@dataclass(slots=True)
class Click:
    id: int
    link: int
    friend: int
    button: int | None
    at: datetime


async def sent(given: Sequence[Sent]) -> None:
    """Note that these deliveries hold these links."""
    await database.run(
        "INSERT INTO link_sends (link_id, friend_id, delivery_id) SELECT link, friend, delivery"
        " FROM json_to_recordset($1::text::json) AS x (link bigint, friend bigint, delivery bigint)",
        database.many(given),
    )


async def opened(link_id: int, friend_id: int, button_id: int | None, *, count: bool) -> tuple[str, bool] | None:
    """Where this link leads, and whether this was a new click; None where there is no such link.

    With `count` the click is kept in the same statement, unless the link lies in the bin, the friend is unknown, or
    the same friend has opened it just before, or too often within a day.
    """
    found = await database.row(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now), kept AS ("
        " INSERT INTO link_clicks (link_id, friend_id, button_id, at, span, state)"
        f" SELECT l.id, f.id, $3, k.now, floor(extract(epoch FROM k.now) / {AGAIN})::bigint, 'open'"
        " FROM links l JOIN friends f ON f.id = $2 CROSS JOIN clock k"
        " WHERE $4 AND l.id = $1 AND l.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM link_clicks c"
        f" WHERE c.link_id = l.id AND c.friend_id = f.id AND c.at > k.now - interval '{AGAIN} seconds')"
        " AND (SELECT count(*) FROM link_clicks c WHERE c.link_id = l.id AND c.friend_id = f.id"
        f" AND c.span > extract(epoch FROM k.now) / {AGAIN} - {24 * 60 * 60 // AGAIN}) < {DAY}"
        " ON CONFLICT (link_id, friend_id, span) DO NOTHING RETURNING 1)"
        " SELECT address, EXISTS (SELECT 1 FROM kept) AS counted FROM links WHERE id = $1",
        link_id,
        friend_id,
        button_id,
        count,
    )
    return (found["address"], found["counted"]) if found else None


# ---- carried out ----

_OPEN = "link_clicks c JOIN friends f ON f.id = c.friend_id WHERE c.state = 'open'"


async def with_due() -> list[int]:
    """0 where any click waits to be carried out; one made while its friend was being erased never is."""
    found = await database.rows(f"SELECT 1 FROM {_OPEN} LIMIT 1")
    return [0] if found else []


async def next_due() -> datetime | None:
    """When the first that waits was made (business time)."""
    found: datetime | None = await database.value(f"SELECT min(c.at) FROM {_OPEN}")
    return found


async def claim(_: int, limit: int) -> dict[int, friends.Known]:
    """Up to `limit` that wait, by id, their friends locked; those another worker holds are passed over."""
    found = await database.rows(
        f"SELECT c.id AS click, {friends.KNOWN} FROM {_OPEN}"
        " ORDER BY c.at, c.id LIMIT $1 FOR NO KEY UPDATE OF f SKIP LOCKED",
        limit,
    )
    return {row.pop("click"): friends.Known(**row) for row in found}


async def lock(ids: Sequence[int]) -> dict[int, friends.Known]:
    """Lock the friends of these."""
    found = await database.rows("SELECT id, friend_id FROM link_clicks WHERE id = ANY($1::bigint[])", list(ids))
    people = await friends.lock(sorted({row["friend_id"] for row in found}))
    return {row["id"]: people[row["friend_id"]] for row in found if row["friend_id"] in people}


async def take(ids: Sequence[int]) -> list[Click]:
    """Those of these that are still to be carried out, the first first, their friends locked; they are done by it."""
    found = await database.rows(
        "WITH taken AS (UPDATE link_clicks SET state = 'done' WHERE id = ANY($1::bigint[]) AND state = 'open'"
        " RETURNING id, link_id AS link, friend_id AS friend, button_id AS button, at)"
        " SELECT * FROM taken ORDER BY at, id",
        list(ids),
    )
    return [Click(**row) for row in found]


async def park(click_id: int, error: str) -> None:
    """Put one aside, with the reason; its friend is locked."""
    await database.run(
        "UPDATE link_clicks SET state = 'parked', error = $2 WHERE id = $1 AND state = 'open'", click_id, error[:500]
    )


async def doubt_due() -> None:
    """What waited at a restore may have been carried out before it: it is parked until staff decide."""
    await database.run(f"UPDATE link_clicks SET state = 'parked', error = '{DOUBTED}' WHERE state = 'open'")


async def take_up(link_ids: Sequence[int]) -> None:
    """Let the parked clicks of these links be carried out after all."""
    await database.run(
        "UPDATE link_clicks SET state = 'open', error = NULL WHERE link_id = ANY($1::bigint[]) AND state = 'parked'",
        list(link_ids),
    )


async def give_up(link_ids: Sequence[int]) -> list[int]:
    """Clear the parked clicks of these links away: they stay counted, and do nothing; which."""
    found = await database.rows(
        "UPDATE link_clicks SET state = 'dropped' WHERE link_id = ANY($1::bigint[]) AND state = 'parked' RETURNING id",
        list(link_ids),
    )
    return [row["id"] for row in found]


# ---- looked at ----


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a link was opened, by how many friends, and how many LINE has taken it for."""

    clicks: int
    clickers: int
    people: int


async def counted(link_ids: Sequence[int], sight: segments.Sight) -> dict[int, Counted]:
    """The counts of these links among the friends who can be seen."""
    statement = segments.Statement(sight, (list(link_ids),))
    found = await database.rows(
        "SELECT x.id, (SELECT count(*) FROM link_clicks c WHERE c.link_id = x.id"
        f"{statement.belongs('c.friend_id')}) AS clicks,"
        " (SELECT count(DISTINCT c.friend_id) FROM link_clicks c WHERE c.link_id = x.id"
        f"{statement.belongs('c.friend_id')}) AS clickers,"
        " (SELECT count(DISTINCT s.friend_id) FROM link_sends s JOIN deliveries d ON d.id = s.delivery_id"
        " JOIN outbox o ON o.id = d.outbox_id WHERE s.link_id = x.id AND o.state = 'accepted'"
        f"{statement.belongs('s.friend_id')}) AS people"
        " FROM unnest($1::bigint[]) AS x (id)",
        *statement.values,
    )
    return {row.pop("id"): Counted(**row) for row in found}


async def by_day(link_id: int, since: datetime, zone: str, sight: segments.Sight) -> dict[date, tuple[int, int]]:
    """Day of the shop's calendar -> clicks and friends who made them; days without any are absent."""
    statement = segments.Statement(sight, (link_id, since, zone))
    found = await database.rows(
        "SELECT (c.at AT TIME ZONE $3::text)::date AS day, count(*) AS clicks,"
        " count(DISTINCT c.friend_id) AS clickers FROM link_clicks c"
        f" WHERE c.link_id = $1 AND c.at >= $2{statement.belongs('c.friend_id')} GROUP BY 1 ORDER BY 1",
        *statement.values,
    )
    return {row["day"]: (row["clicks"], row["clickers"]) for row in found}


async def page(link_id: int, limit: int, offset: int, sight: segments.Sight) -> tuple[list[dict[str, Any]], int]:
    """Who can be seen and has opened it, the latest first: friend, times, when last; and how many they are."""
    statement = segments.Statement(sight, (link_id,))
    by = (
        "SELECT c.friend_id AS friend, count(*) AS times, max(c.at) AS at FROM link_clicks c WHERE c.link_id = $1"
        f"{statement.belongs('c.friend_id')} GROUP BY 1"
    )
    total: int = await database.value(f"SELECT count(*) FROM ({by}) x", *statement.values)
    found = await database.rows(
        f"SELECT friend, times, at FROM ({by}) x ORDER BY at DESC, friend LIMIT {int(limit)} OFFSET {int(offset)}",
        *statement.values,
    )
    return found, total

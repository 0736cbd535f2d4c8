"""Friends: everyone who follows the account or has written to it, and whether we may write to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tortoise import fields
from tortoise.models import Model

from storage import clock, database, names, segments


class Friend(Model):
    id = fields.BigIntField(primary_key=True)  # shown to staff as #F218
    line_user_id = fields.CharField(max_length=64, unique=True)
    line_name = fields.TextField(null=True)
    display_name = fields.TextField(null=True)  # what staff call this friend, before the LINE name
    picture_url = fields.TextField(null=True)
    language = fields.CharField(max_length=16, null=True)
    following = fields.BooleanField(default=False, db_default=False)  # has followed at least once
    blocked_us = fields.BooleanField(default=False, db_default=False)
    blocked_by_us = fields.BooleanField(default=False, db_default=False)  # `shut`, a generated column, means either
    hidden = fields.BooleanField(default=False, db_default=False)  # off staff's lists and conditions; walks go on
    is_test = fields.BooleanField(default=False, db_default=False)  # staff's own: left out of every condition
    opted_out = fields.BooleanField(default=False, db_default=False)  # has asked for no promotions
    # follow and unfollow apply only when newer than this (DELIVERY 8); the event id breaks ties
    state_at = fields.DatetimeField(null=True)
    state_event = fields.CharField(max_length=64, null=True)
    followed_at = fields.DatetimeField(null=True)
    last_reaction_at = fields.DatetimeField(null=True)  # last wrote, sent or pressed something
    created_at = fields.DatetimeField()

    class Meta:
        table = "friends"


@dataclass(slots=True)  # not frozen: that would cost half a microsecond for each
class Known:
    """A friend as a transaction holds it locked."""

    id: int
    line_user_id: str
    name: str | None
    reachable: bool  # follows us, or has written and not blocked, and we do not block: LINE would deliver
    blocked_by_us: bool
    returning: bool  # has followed before
    opted_out: bool  # wants no promotions


async def register(people: Sequence[tuple[str, str | None, str | None, str | None]], now_sql: str) -> None:
    """Make rows for (LINE user id, name, picture, language) never seen before; later profiles fill what is empty."""
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, picture_url, language, created_at)"
        f" SELECT u, n, p, l, {now_sql} FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS x (u, n, p, l)"
        " ORDER BY u ON CONFLICT (line_user_id) DO UPDATE SET line_name = coalesce(excluded.line_name,"
        " friends.line_name),"
        " picture_url = coalesce(excluded.picture_url, friends.picture_url),"
        " language = coalesce(excluded.language, friends.language)",
        [person[0] for person in people],
        [person[1] for person in people],
        [person[2] for person in people],
        [person[3] for person in people],
    )


# The columns of a `Known`, of a table called f.
KNOWN = (
    "f.id, f.line_user_id, coalesce(f.display_name, f.line_name) AS name,"
    " NOT f.shut AS reachable, f.blocked_by_us, f.following AS returning, f.opted_out"
)


def known(found: Sequence[Mapping[str, Any]]) -> dict[int, Known]:
    return {row["id"]: Known(**row) for row in found}


async def lock(ids: Sequence[int]) -> dict[int, Known]:
    """Lock these friends, by id (the first lock of every transaction, DELIVERY 3)."""
    found = await database.rows(
        f"SELECT {KNOWN} FROM friends f WHERE f.id = ANY($1::bigint[]) ORDER BY f.id FOR NO KEY UPDATE", list(ids)
    )
    return known(found)


async def promotable(ids: Sequence[int]) -> tuple[list[int], list[str]]:
    """Who of these want promotions and LINE would deliver to: ids in rising order, and what LINE calls them."""
    [found] = await database.rows(
        "SELECT coalesce(array_agg(id), '{}') AS ids, coalesce(array_agg(line_user_id), '{}') AS users FROM (SELECT id,"
        " line_user_id FROM friends WHERE id = ANY($1::bigint[]) AND NOT shut AND NOT opted_out ORDER BY id) f",
        list(ids),
    )
    return found["ids"], found["users"]


async def lock_users(line_user_ids: Sequence[str]) -> dict[str, Known]:
    """The same by LINE user id."""
    found = await database.rows(
        f"SELECT {KNOWN} FROM friends f WHERE f.line_user_id = ANY($1::text[]) ORDER BY f.id FOR NO KEY UPDATE",
        list(line_user_ids),
    )
    return {row["line_user_id"]: Known(**row) for row in found}


async def unknown(line_user_ids: Sequence[str]) -> list[str]:
    """Which of these have no row, or no name yet."""
    found = await database.rows(
        "SELECT u FROM unnest($1::text[]) AS x (u) WHERE NOT EXISTS"
        " (SELECT 1 FROM friends WHERE line_user_id = u AND line_name IS NOT NULL)",
        list(line_user_ids),
    )
    return [row["u"] for row in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a friend and the shop stand with each other; `now` is business time."""

    id: int
    blocked_us: bool
    blocked_by_us: bool
    now: datetime


_STANDING = f"SELECT id, blocked_us, blocked_by_us, {clock.NOW} AS now FROM friends"


async def standing(friend: int) -> Standing | None:
    found = await database.row(f"{_STANDING} WHERE id = $1", friend)
    return Standing(**found) if found is not None else None


async def standing_of(line_user_id: str) -> Standing | None:
    found = await database.row(f"{_STANDING} WHERE line_user_id = $1", line_user_id)
    return Standing(**found) if found is not None else None


async def followed(changes: Sequence[tuple[int, datetime, str]]) -> dict[int, bool]:
    """Set (friend, when, event id) as following where newer than the stored state; friend -> had followed before."""
    found = await database.rows(
        "UPDATE friends f SET blocked_us = false, following = true, state_at = x.at, state_event = x.event,"
        " followed_at = x.at FROM (SELECT o.following AS before, c.* FROM"
        " unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS c (id, at, event) JOIN friends o USING (id)) x"
        " WHERE f.id = x.id AND (f.state_at IS NULL OR (f.state_at, f.state_event) < (x.at, x.event))"
        " RETURNING f.id, x.before",
        *_columns(changes),
    )
    return {row["id"]: row["before"] for row in found}


async def unfollowed(changes: Sequence[tuple[int, datetime, str]]) -> list[int]:
    """Set (friend, when, event id) as having blocked us where newer than the stored state; whom it changed."""
    found = await database.rows(
        "UPDATE friends f SET blocked_us = true, following = true, state_at = x.at, state_event = x.event"
        " FROM unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS x (id, at, event)"
        " WHERE f.id = x.id AND (f.state_at IS NULL OR (f.state_at, f.state_event) < (x.at, x.event)) RETURNING f.id",
        *_columns(changes),
    )
    return [row["id"] for row in found]


async def reacted(changes: Sequence[tuple[int, datetime]]) -> None:
    """Note when these friends last wrote, sent or pressed something."""
    await database.run(
        "UPDATE friends f SET last_reaction_at = greatest(f.last_reaction_at, x.at)"
        " FROM unnest($1::bigint[], $2::timestamptz[]) AS x (id, at) WHERE f.id = x.id",
        [change[0] for change in changes],
        [change[1] for change in changes],
    )


def _columns(changes: Sequence[tuple[int, datetime, str]]) -> tuple[list[int], list[datetime], list[str]]:
    return [c[0] for c in changes], [c[1] for c in changes], [c[2] for c in changes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A friend as staff see them."""

    id: int
    name: str | None
    line_name: str | None
    following: bool
    blocked_us: bool
    blocked_by_us: bool
    hidden: bool
    is_test: bool
    opted_out: bool
    followed_at: datetime | None
    last_reaction_at: datetime | None
    created_at: datetime


_SEEN = (
    "f.id, coalesce(f.display_name, f.line_name) AS name, f.line_name, f.following, f.blocked_us, f.blocked_by_us,"
    " f.hidden, f.is_test, f.opted_out, f.followed_at, f.last_reaction_at, f.created_at"
)
_ACTIVE_FIRST = f"f.active_on DESC, {segments.ACTIVE} DESC, f.id DESC"  # an index leads from day to day
_CALLED = (  # the part of the key that is the name shown
    "CASE WHEN f.display_name IS NULL THEN substr(f.name_key, 2)"
    " ELSE left(f.name_key, length(normalize(f.display_name, NFKC))) END"
)


async def search(words: str, limit: int, sight: segments.Sight, offset: int = 0) -> tuple[list[Seen], int]:
    """Friends whose name holds `words` whatever its width, case, kana and spaces, and how many there are: those called
    just so first, the hidden last."""
    statement = segments.Statement(sight, (names.name_key(words).replace(" ", ""), limit, offset))
    [found] = await database.rows(
        f"WITH fits AS MATERIALIZED (SELECT f.id, replace({_CALLED}, ' ', '') <> $1 AS longer, f.hidden, f.shut,"
        f" {segments.ACTIVE} AS active FROM friends f WHERE strpos(replace(f.name_key, ' ', ''), $1) > 0"
        f" AND {statement.visible()})"
        " SELECT (SELECT count(*) FROM fits) AS total, ARRAY(SELECT id FROM fits"
        " ORDER BY longer, hidden, shut, active DESC, id DESC LIMIT $2 OFFSET $3) AS ids",
        *statement.values,
    )
    return await seen(found["ids"], sight), found["total"]


# Lists that leave somebody out or hold nobody else: their conditions.
Listed = Literal["visible", "blocked", "hidden", "test"]
_LISTED: dict[Listed, str] = {
    "visible": "NOT f.shut AND NOT f.hidden",
    "blocked": "f.shut",
    "hidden": "f.hidden",
    "test": "f.is_test",
}


async def page(limit: int, offset: int, sight: segments.Sight, listed: Listed = "visible") -> list[Seen]:
    """Friends by their latest sign of life."""
    statement = segments.Statement(sight, (limit, offset))
    found = await database.rows(
        f"SELECT {_SEEN} FROM friends f WHERE {_LISTED[listed]} AND {statement.visible()}"
        f" ORDER BY {_ACTIVE_FIRST} LIMIT $1 OFFSET $2",
        *statement.values,
    )
    return [Seen(**row) for row in found]


async def on_list(listed: Listed, sight: segments.Sight) -> int:
    statement = segments.Statement(sight)
    found: int = await database.value(
        f"SELECT count(*) FROM friends f WHERE {_LISTED[listed]} AND {statement.visible()}", *statement.values
    )
    return found


async def seen(ids: Sequence[int], sight: segments.Sight) -> list[Seen]:
    """Those of these friends who can be seen, in this order."""
    statement = segments.Statement(sight, (list(ids),))
    found = await database.rows(
        f"SELECT {_SEEN} FROM unnest($1::bigint[]) WITH ORDINALITY AS x (friend, place) JOIN friends f ON f.id = friend"
        f" WHERE {statement.visible()} ORDER BY place",
        *statement.values,
    )
    return [Seen(**row) for row in found]


async def an_example(sight: segments.Sight) -> Seen | None:
    """The newest friend who has a name, can be seen and reached, for examples."""
    statement = segments.Statement(sight)
    found = await database.row(
        f"SELECT {_SEEN} FROM friends f WHERE NOT f.shut AND f.line_name IS NOT NULL"
        f" AND {statement.visible()} ORDER BY f.id DESC LIMIT 1",
        *statement.values,
    )
    return Seen(**found) if found else None


async def tags_of(friend_id: int) -> list[str]:
    """The names of the tags a friend wears."""
    found = await database.rows(
        "SELECT t.name FROM friend_tags l JOIN tags t ON t.id = l.tag_id"
        " WHERE l.friend_id = $1 AND t.deleted_at IS NULL ORDER BY t.name_key",
        friend_id,
    )
    return [row["name"] for row in found]


async def count(sight: segments.Sight) -> tuple[int, int, int]:
    """Friends on the list, those who have blocked us or are blocked, and the hidden among the others."""
    statement = segments.Statement(sight)
    found = await database.rows(
        "SELECT count(*) FILTER (WHERE NOT shut AND NOT hidden) AS visible,"
        " count(*) FILTER (WHERE shut) AS blocked, count(*) FILTER (WHERE hidden AND NOT shut) AS hidden"
        f" FROM friends f WHERE {statement.visible()}",
        *statement.values,
    )
    return found[0]["visible"], found[0]["blocked"], found[0]["hidden"]


Flag = Literal["hidden", "is_test", "opted_out"]


async def flag(ids: Sequence[int], name: Flag, on: bool) -> list[int]:
    """Set a mark on these friends; whom it changed."""
    if name not in ("hidden", "is_test", "opted_out"):
        raise ValueError(f"no such mark: {name}")
    found = await database.rows(
        f"UPDATE friends SET {name} = $2 WHERE id = ANY($1::bigint[]) AND {name} <> $2 RETURNING id", list(ids), on
    )
    return sorted(row["id"] for row in found)


Mark = Literal["hidden", "blocked_by_us"]


async def marked(ids: Sequence[int]) -> dict[Mark, set[int]]:
    """Which of these are hidden, and which we block."""
    found = await database.rows(
        "SELECT id, hidden, blocked_by_us FROM friends WHERE id = ANY($1::bigint[]) AND (hidden OR blocked_by_us)",
        list(ids),
    )
    return {
        "hidden": {row["id"] for row in found if row["hidden"]},
        "blocked_by_us": {row["id"] for row in found if row["blocked_by_us"]},
    }


async def of_user(line_user_id: str) -> Seen | None:
    """The friend whom LINE calls so."""
    found = await database.row(f"SELECT {_SEEN} FROM friends f WHERE f.line_user_id = $1", line_user_id)
    return Seen(**found) if found else None

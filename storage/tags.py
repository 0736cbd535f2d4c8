"""Tags: names put on friends; `興味/カラー` is the tag カラー in the folder 興味.

A tag may have a limit of wearers, and actions of its own: for whoever gets it, loses it, or comes when it is full.
A tag that was merged into another stays as a word for it: whatever names it by number means the other one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from storage import database, named, names, segments


class Tag(Model):
    id = fields.BigIntField(primary_key=True)  # #T8
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)
    merged_into = fields.BigIntField(null=True)  # the tag that is meant by this number; never one that is merged itself
    max_friends = fields.IntField(null=True)  # so many may wear it
    # {"on" | "off" | "full": {"source", "actions"}, "again": true}; see Rules
    rules: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict, db_default=SqlDefault("'{}'::jsonb"))

    class Meta:
        table = "tags"


class FriendTag(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    tag_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "friend_tags"
        unique_together = (("friend_id", "tag_id"),)
        indexes = (("tag_id", "friend_id"),)


_MEANT = "SELECT coalesce(m.merged_into, m.id) FROM tags m WHERE m.id = ANY($2::bigint[])"

Moment = Literal["on", "off", "full"]  # it was put on, taken off, or could not be put on any more


@dataclass(frozen=True, slots=True)
class Put:
    """What putting tags on came to: new links as (friend, tag) -> id, and the pairs for which a tag was full."""

    new: dict[tuple[int, int], int]
    full: list[tuple[int, int]]


async def put_on(pairs: Sequence[tuple[int, int]], now: datetime, limited: Sequence[int] = ()) -> Put:
    """Put living tags on friends, as (friend, tag); a tag with a limit goes to the first of them who fit in.

    `limited` are those of the tags known to have a limit: they are locked first, so that it holds whoever else is at
    work. A tag that turns out to have got one since is left for a second look.
    """
    if limited:
        await database.run(
            "SELECT 1 FROM tags WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", sorted(set(limited))
        )
    found = await database.rows(
        "WITH wanted AS (SELECT DISTINCT ON (x.friend, t.id) x.friend, t.id AS tag, t.max_friends, x.place"
        " FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS x (friend, asked, place)"
        " JOIN tags m ON m.id = x.asked"
        " JOIN tags t ON t.id = coalesce(m.merged_into, m.id) AND t.deleted_at IS NULL"
        " WHERE NOT EXISTS (SELECT 1 FROM friend_tags l WHERE l.friend_id = x.friend AND l.tag_id = t.id)"
        " ORDER BY x.friend, t.id, x.place),"
        " worn AS (SELECT tag, (SELECT count(*) FROM friend_tags l WHERE l.tag_id = w.tag) AS friends"
        " FROM (SELECT DISTINCT tag FROM wanted WHERE max_friends IS NOT NULL) w),"
        " placed AS (SELECT w.friend, w.tag, w.place, w.max_friends IS NULL OR w.tag = ANY($4::bigint[])"
        " AND worn.friends + row_number() OVER (PARTITION BY w.tag ORDER BY w.place) <= w.max_friends AS fits"
        " FROM wanted w LEFT JOIN worn ON worn.tag = w.tag),"
        " put AS (INSERT INTO friend_tags (friend_id, tag_id, at) SELECT friend, tag, $3 FROM placed WHERE fits"
        " ORDER BY friend, tag ON CONFLICT (friend_id, tag_id) DO NOTHING RETURNING id, friend_id, tag_id)"
        " SELECT id, friend_id, tag_id FROM put"
        " UNION ALL SELECT * FROM (SELECT NULL::bigint, friend, tag FROM placed WHERE NOT fits ORDER BY place) x",
        [friend for friend, _ in pairs],
        [tag for _, tag in pairs],
        now,
        list(limited),
    )
    told = [((row["friend_id"], row["tag_id"]), row["id"]) for row in found]
    new = {pair: link for pair, link in told if link is not None}
    left = [pair for pair, link in told if link is None]
    unlocked = {tag for _, tag in left} - set(limited)
    if unlocked:
        again = await put_on([pair for pair in left if pair[1] in unlocked], now, sorted(unlocked))
        return Put(new | again.new, [pair for pair in left if pair[1] not in unlocked] + again.full)
    return Put(new, left)


async def take_off(friends: Sequence[int], tag_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Take every tag off every friend; the (friend, tag) pairs that were there."""
    found = await database.rows(
        f"DELETE FROM friend_tags WHERE friend_id = ANY($1::bigint[]) AND tag_id IN ({_MEANT})"
        " RETURNING friend_id, tag_id",
        list(friends),
        list(tag_ids),
    )
    return [(row["friend_id"], row["tag_id"]) for row in found]


async def held(friends: Sequence[int], tag_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which of these friends have which of these tags, by the numbers asked for."""
    found = await database.rows(
        "SELECT l.friend_id, m.id AS tag_id FROM tags m JOIN friend_tags l ON l.tag_id = coalesce(m.merged_into, m.id)"
        " WHERE m.id = ANY($2::bigint[]) AND l.friend_id = ANY($1::bigint[])",
        list(friends),
        list(tag_ids),
    )
    return {(row["friend_id"], row["tag_id"]) for row in found}


async def worn_since(friend_id: int, tag_ids: Sequence[int]) -> dict[int, datetime]:
    """Since when a friend has which of these tags, by the numbers asked for."""
    found = await database.rows(
        "SELECT m.id, l.at FROM tags m JOIN friend_tags l ON l.tag_id = coalesce(m.merged_into, m.id)"
        " WHERE m.id = ANY($2::bigint[]) AND l.friend_id = $1 ORDER BY l.at, m.id",
        friend_id,
        list(tag_ids),
    )
    return {row["id"]: row["at"] for row in found}


@dataclass(frozen=True, slots=True)
class Counted:
    """A tag in a list, with the friends who wear it."""

    id: int
    name: str
    friends: int


@dataclass(frozen=True, slots=True)
class Merged:
    """A tag that has just been merged: its new version, and what its number meant before."""

    id: int
    version: int
    meant: int | None
    lived: bool


async def make(tag_names: Sequence[str], now: datetime) -> dict[str, int]:
    """New tags of these names; name -> id. A name that is taken already is left out."""
    found = await database.rows(
        "INSERT INTO tags (name, name_key, created_at) SELECT n, k, $3 FROM unnest($1::text[], $2::text[]) AS x (n, k)"
        " ON CONFLICT (name_key) WHERE deleted_at IS NULL DO NOTHING RETURNING id, name",
        list(tag_names),
        [names.name_key(name) for name in tag_names],
        now,
    )
    return {row["name"]: row["id"] for row in found}


async def page(words: str, limit: int, offset: int, sight: segments.Sight) -> tuple[list[Counted], int]:
    """Tags whose name holds `words`, by name, and how many there are; `興味/` asks for a folder. Friends who cannot be
    seen are not counted."""
    key = names.name_key(words)
    held = "starts_with(name_key, $1)" if key.endswith("/") else "strpos(name_key, $1) > 0"
    where = f" FROM tags t WHERE deleted_at IS NULL AND {held}"
    statement = segments.Statement(sight, (key, limit, offset))
    friends = f"SELECT count(*) FROM friend_tags l WHERE l.tag_id = t.id{statement.belongs('l.friend_id')}"
    found = await database.rows(
        f"SELECT t.id, t.name, ({friends}) AS friends{where} ORDER BY name_key LIMIT $2 OFFSET $3", *statement.values
    )
    return [Counted(**row) for row in found], await database.value(f"SELECT count(*){where}", key)


async def wearers(tag_id: int, sight: segments.Sight) -> int:
    """How many friends who can be seen have this tag."""
    statement = segments.Statement(sight, (tag_id,))
    found: int = await database.value(
        f"SELECT count(*) FROM friend_tags l WHERE l.tag_id = $1{statement.belongs('l.friend_id')}", *statement.values
    )
    return found


async def links(friends: Sequence[int], tag_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(friend, tag) -> id of the link, where these friends have these tags."""
    found = await database.rows(
        "SELECT id, friend_id, tag_id FROM friend_tags"
        " WHERE friend_id = ANY($1::bigint[]) AND tag_id = ANY($2::bigint[])",
        list(friends),
        list(tag_ids),
    )
    return {(row["friend_id"], row["tag_id"]): row["id"] for row in found}


async def all_links(friends: Sequence[int]) -> dict[tuple[int, int], int]:
    """The same for all their tags."""
    found = await database.rows(
        "SELECT id, friend_id, tag_id FROM friend_tags WHERE friend_id = ANY($1::bigint[])", list(friends)
    )
    return {(row["friend_id"], row["tag_id"]): row["id"] for row in found}


async def wearing(tag_id: int, sight: segments.Sight) -> list[int]:
    """The friends who can be seen and have this tag."""
    statement = segments.Statement(sight, (tag_id,))
    wearing = f"SELECT friend_id FROM friend_tags l WHERE tag_id = $1{statement.belongs('l.friend_id')}"
    found: list[int] = await database.value(f"SELECT ARRAY({wearing} ORDER BY friend_id)", *statement.values)
    return found


async def merge(tag_id: int, into: int, now: datetime) -> list[Merged]:
    """From now on the first number means the second tag, and so do all that have meant the first one so far."""
    found = await database.rows(
        "UPDATE tags t SET deleted_at = coalesce(t.deleted_at, $3), merged_into = $2, version = t.version + 1"
        " FROM tags old WHERE old.id = t.id AND (t.id = $1 OR t.merged_into = $1)"
        " RETURNING t.id, t.version, old.merged_into AS meant, old.deleted_at IS NULL AS lived",
        tag_id,
        into,
        now,
    )
    return [Merged(**row) for row in found]


@dataclass(frozen=True, slots=True)
class Rule:
    """Actions in their stored form, and as staff wrote them, with numbers in place of names."""

    source: str
    actions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a tag does by itself; `again`: also for a friend for whom it has done so before."""

    limit: int | None = None
    on: Rule | None = None
    off: Rule | None = None
    full: Rule | None = None
    again: bool = False

    def at(self, moment: Moment) -> Rule | None:
        return {"on": self.on, "off": self.off, "full": self.full}[moment]

    def columns(self) -> dict[str, Any]:
        """The same as values of the row."""
        said = {key: {"source": rule.source, "actions": rule.actions} for key in MOMENTS if (rule := self.at(key))}
        return {"max_friends": self.limit, "rules": said | ({"again": True} if self.again else {})}


MOMENTS: tuple[Moment, ...] = ("on", "off", "full")


def read_rules(row: dict[str, Any]) -> Rules:
    said = orjson.loads(row["rules"])
    rules = {key: Rule(said[key]["source"], said[key]["actions"]) if key in said else None for key in MOMENTS}
    return Rules(row["max_friends"], again=bool(said.get("again")), **rules)


async def rules(tag_id: int) -> Rules:
    """Those of a tag that is known to exist."""
    found = await database.rows("SELECT max_friends, rules FROM tags WHERE id = $1", tag_id)
    return read_rules(found[0])


async def all_rules() -> dict[int, dict[str, Any]]:
    """The rows of all living tags that have any: max_friends, and rules as text, for `read_rules`."""
    found = await database.rows(
        "SELECT id, max_friends, rules FROM tags"
        " WHERE deleted_at IS NULL AND (max_friends IS NOT NULL OR rules <> '{}'::jsonb) ORDER BY id"
    )
    return {row["id"]: row for row in found}


async def set_rules(tag_id: int, wanted: Rules) -> int:
    """The tag's new version."""
    values = wanted.columns()
    found: int = await database.value(
        "UPDATE tags SET max_friends = $2, rules = $3::jsonb, version = version + 1 WHERE id = $1 RETURNING version",
        tag_id,
        values["max_friends"],
        orjson.dumps(values["rules"]).decode(),
    )
    return found


async def merged() -> dict[int, int]:
    """Number of a merged tag -> the tag it means."""
    found = await database.rows("SELECT id, merged_into FROM tags WHERE merged_into IS NOT NULL")
    return {row["id"]: row["merged_into"] for row in found}


async def uses(*tag_ids: int) -> list[named.Use]:
    """Everything live or in draft that names one of these tags: as an action, as a condition, on a button."""
    numbers = [*tag_ids, *(number for number, meant in (await merged()).items() if meant in tag_ids)]
    return await named.uses(["$.**.tags[*] ? (@ == $id[*])", "$.**.tag ? (@ == $id[*])"], *numbers)

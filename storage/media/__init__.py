"""Media: pictures, films and sounds that staff have given a name, each under an address nobody can guess."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database, named, names
from storage.media import contents

PUBLIC_ID = r"[0-9A-Za-z_-]{22}"


class Media(Model):
    id = fields.BigIntField(primary_key=True)  # #I5
    public_id = fields.CharField(max_length=32, unique=True)  # the end of its address
    name = fields.TextField()
    name_key = fields.TextField()
    kind = fields.CharField(max_length=8)  # image | video | audio
    content: fields.ForeignKeyRelation[contents.Content] = fields.ForeignKeyField(
        "storage.Content", related_name="media", on_delete=fields.RESTRICT
    )
    version = fields.IntField(default=1, db_default=1)
    made_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "media"


@dataclass(frozen=True, slots=True)
class Kept:
    """A named one; `size` in bytes of the original, width and height in pixels."""

    id: int
    public_id: str
    name: str
    kind: contents.Kind
    version: int
    made_at: datetime
    width: int | None
    height: int | None
    duration_ms: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Served:
    """What stands behind an address; `version` is None for one that has yet to be made."""

    content: int
    kind: contents.Kind
    version: contents.Kept | None


@dataclass(frozen=True, slots=True)
class FormerUse:
    """A former version that shows it; `walked`: friends are still on their way through that version."""

    kind: str  # scenario | template | greeting
    name: str  # empty for the greetings, which have their versions together
    number: int
    walked: bool


_KEPT = "m.id, m.public_id, m.name, m.kind, m.version, m.made_at, c.width, c.height, c.duration_ms, v.size"
_FROM = (
    " FROM media m JOIN contents c ON c.id = m.content_id"
    f" JOIN content_versions v ON v.content_id = c.id AND v.variant = '{contents.ORIGINAL}'"
)


async def make(name: str, kind: contents.Kind, content_id: int, now: datetime) -> int:
    """Give a content a name, which must be free; the new id."""
    found: int = await database.value(
        "INSERT INTO media (public_id, name, name_key, kind, content_id, made_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " RETURNING id",
        secrets.token_urlsafe(16),
        name,
        names.name_key(name),
        kind,
        content_id,
        now,
    )
    return found


async def get(ids: Sequence[int]) -> dict[int, Kept]:
    """The living ones of these numbers."""
    if not ids:
        return {}
    found = await database.rows(
        f"SELECT {_KEPT}{_FROM} WHERE m.id = ANY($1::bigint[]) AND m.deleted_at IS NULL", list(ids)
    )
    return {row["id"]: Kept(**row) for row in found}


async def addresses(ids: Sequence[int]) -> list[str]:
    """The public ids of these, be they living or in the bin."""
    found = await database.rows("SELECT public_id FROM media WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))
    return [row["public_id"] for row in found]


async def page(words: str, limit: int, offset: int) -> tuple[list[Kept], int]:
    """Those whose name holds `words`, the latest first, and how many there are."""
    where = " WHERE m.deleted_at IS NULL AND strpos(m.name_key, $1) > 0"
    key = names.name_key(words)
    found = await database.rows(
        f"SELECT {_KEPT}{_FROM}{where} ORDER BY m.id DESC LIMIT $2 OFFSET $3", key, limit, offset
    )
    total: int = await database.value(f"SELECT count(*) FROM media m{where}", key)
    return [Kept(**row) for row in found], total


async def served(public_id: str, variant: str) -> Served | None:
    """What the living one of this address shows in this version."""
    found = await database.row(
        "SELECT c.id AS content, c.kind AS kind, v.id, v.mime, v.size, v.sha256, v.file FROM media m"
        " JOIN contents c ON c.id = m.content_id"
        " LEFT JOIN content_versions v ON v.content_id = c.id AND v.variant = $2"
        " WHERE m.public_id = $1 AND m.deleted_at IS NULL",
        public_id,
        variant,
    )
    if found is None:
        return None
    content, kind = found.pop("content"), found.pop("kind")
    return Served(content, kind, contents.Kept(**found) if found["id"] is not None else None)


async def uses(*public_ids: str) -> list[named.Use]:
    """Everything live or in draft that shows one of these."""
    return await named.uses(list(map(_shows, public_ids)), 0)


async def former_uses(public_id: str) -> list[FormerUse]:
    """Versions no longer in force that show it, those that friends still walk through first."""
    found = await database.rows(
        "SELECT 'scenario' AS kind, s.name, v.number, EXISTS (SELECT 1 FROM subscriptions w WHERE w.scenario_id = s.id"
        " AND w.version_id = v.id AND w.state IN ('active', 'paused', 'parked')) AS walked"
        " FROM scenarios s JOIN scenario_versions v ON v.scenario_id = s.id WHERE s.deleted_at IS NULL"
        " AND v.id IS DISTINCT FROM s.live_version_id AND v.id IS DISTINCT FROM s.draft_version_id"
        " AND jsonb_path_exists(v.definition, $1::text::jsonpath)"
        " UNION ALL SELECT 'template', t.name, v.number, false FROM templates t JOIN block_versions v"
        " ON v.owner = 'template:' || t.id WHERE t.deleted_at IS NULL AND v.number <> t.number"
        " AND jsonb_path_exists(v.content, $1::text::jsonpath)"
        " UNION ALL SELECT 'greeting', '', v.number, false FROM block_versions v WHERE v.owner = 'greeting'"
        " AND v.number < (SELECT max(number) FROM block_versions WHERE owner = 'greeting')"
        " AND jsonb_path_exists(v.content, $1::text::jsonpath) ORDER BY walked DESC, 1, 2, 3 DESC",
        _shows(public_id),
    )
    return [FormerUse(**row) for row in found]


def _shows(public_id: str) -> str:
    return f'$.** ? (@ like_regex "(^|/){public_id}(/|$)")'

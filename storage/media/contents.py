"""The bytes of pictures, films, sounds and files, each in the versions that LINE and its phones ask for."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tortoise import fields
from tortoise.models import Model

from storage import clock, database

Kind = Literal["image", "video", "audio", "file"]

IN_DATABASE = 10 * 1024 * 1024  # bytes; what is larger lies as a file in the folder that all processes share
ORIGINAL, PREVIEW = "original", "preview"


class Content(Model):
    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=8)  # image | video | audio | file: as its bytes are, not as it was called
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    duration_ms = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()

    class Meta:
        table = "contents"


class ContentVersion(Model):
    id = fields.BigIntField(primary_key=True)
    content: fields.ForeignKeyRelation[Content] = fields.ForeignKeyField("storage.Content", related_name="versions")
    variant = fields.CharField(max_length=12)  # original | preview | a width in pixels
    mime = fields.CharField(max_length=40)
    size = fields.BigIntField()  # bytes
    sha256 = fields.CharField(max_length=64)
    data = fields.BinaryField(null=True)
    file = fields.CharField(max_length=64, null=True)  # its name in the media folder, where it is too large for `data`

    class Meta:
        table = "content_versions"
        unique_together = (("content", "variant"),)


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes to be kept: `data`, or the name of a file that lies in the media folder already."""

    variant: str
    mime: str
    size: int
    sha256: str
    data: bytes | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A content to be kept; sizes in pixels."""

    kind: Kind
    width: int | None
    height: int | None
    duration_ms: int | None
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Kept:
    """One version as it is kept."""

    id: int
    mime: str
    size: int
    sha256: str
    file: str | None


def version(variant: str, mime: str, data: bytes) -> Version:
    return Version(variant, mime, len(data), hashlib.sha256(data).hexdigest(), data)


async def keep(made: Made) -> int:
    """The id of a new content."""
    content_id: int = await database.value(
        "INSERT INTO contents (kind, width, height, duration_ms, made_at)"
        f" VALUES ($1, $2, $3, $4, {clock.NOW}) RETURNING id",
        made.kind,
        made.width,
        made.height,
        made.duration_ms,
    )
    await add(content_id, made.versions)
    return content_id


async def add(content_id: int, versions: Sequence[Version]) -> None:
    """Versions besides the ones there are; whoever made the same one first wins. Nothing for a content that is gone."""
    await database.run(
        "INSERT INTO content_versions (content_id, variant, mime, size, sha256, data, file)"
        " SELECT c.id, x.variant, x.mime, x.size, x.sha256, x.data, x.file FROM contents c,"
        " unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::text[])"
        " AS x (variant, mime, size, sha256, data, file) WHERE c.id = $1 ON CONFLICT (content_id, variant) DO NOTHING",
        content_id,
        *(list(column) for column in zip(*map(_columns, versions), strict=True)),
    )


def _columns(one: Version) -> tuple[Any, ...]:
    return one.variant, one.mime, one.size, one.sha256, one.data, one.file


async def piece(version_id: int, start: int, length: int) -> bytes:
    """Bytes of a version that the database holds, from `start` (0 is the first) on; none when it is gone."""
    found: bytes | None = await database.value(
        "SELECT substring(data FROM $2 FOR $3) FROM content_versions WHERE id = $1", version_id, start + 1, length
    )
    return found or b""


async def original(content_id: int) -> bytes:
    """The whole of a picture; none when it is gone."""
    found: bytes | None = await database.value(
        "SELECT data FROM content_versions WHERE content_id = $1 AND variant = $2", content_id, ORIGINAL
    )
    return found or b""


async def forget_unused() -> int:
    """Delete what nothing leads to any more: nobody has named it, and what it came with is forgotten; how many."""
    found = await database.rows(
        "DELETE FROM contents c WHERE NOT EXISTS (SELECT 1 FROM received r WHERE r.content_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM media m WHERE m.content_id = c.id) RETURNING id"
    )
    return len(found)


async def files_of(names: Sequence[str]) -> set[str]:
    """Which of these files in the media folder hold a version."""
    found = await database.rows("SELECT file FROM content_versions WHERE file = ANY($1::text[])", list(names))
    return {row["file"] for row in found}

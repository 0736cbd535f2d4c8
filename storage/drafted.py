"""What has a version in force and a draft beside it: auto-replies and forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from storage import database, names

_COLUMNS = ("id", "name", "state", "live", "draft", "version")
_KEPT = ", ".join(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Kept:
    """One of them as staff see it; `state` is draft, live or paused, `live` and `draft` are numbers of versions."""

    id: int
    name: str
    state: str
    live: int | None
    draft: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Whole:
    """The same with the contents of its versions."""

    kept: Kept
    live: dict[str, Any] | None
    draft: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Those of one table; its versions lie in `block_versions` under `prefix`:id."""

    table: Literal["auto_replies", "forms"]
    prefix: Literal["auto_reply", "form"]

    def owner(self, number: int) -> str:
        """Under which its versions and buttons are kept."""
        return f"{self.prefix}:{number}"

    async def get(self, number: int, *, lock: bool = False) -> Kept:
        """One that is known to exist."""
        found = await database.rows(
            f"SELECT {_KEPT} FROM {self.table} WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", number
        )
        return Kept(**found[0])

    async def get_all(self, numbers: Sequence[int]) -> dict[int, Kept]:
        """The living of these numbers."""
        if not numbers:
            return {}
        found = await database.rows(
            f"SELECT {_KEPT} FROM {self.table} WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL", list(numbers)
        )
        return {row["id"]: Kept(**row) for row in found}

    async def find(self, number: int, *, lock: bool = False) -> Kept | None:
        """The living one of this number, if there is one."""
        found = await database.row(
            f"SELECT {_KEPT} FROM {self.table} WHERE id = $1 AND deleted_at IS NULL"
            f"{' FOR NO KEY UPDATE' if lock else ''}",
            number,
        )
        return Kept(**found) if found else None

    async def make(self, name: str, now: datetime) -> int:
        """A new one without any version; its id. The name must be free."""
        found: int = await database.value(
            f"INSERT INTO {self.table} (name, name_key, state, created_at) VALUES ($1, $2, 'draft', $3) RETURNING id",
            name,
            names.name_key(name),
            now,
        )
        return found

    async def change(self, number: int, *, state: str, live: int | None, draft: int | None) -> int:
        """Set state and versions together; the row's new version."""
        found: int = await database.value(
            f"UPDATE {self.table} SET state = $2, live = $3, draft = $4, version = version + 1 WHERE id = $1"
            " RETURNING version",
            number,
            state,
            live,
            draft,
        )
        return found

    async def in_force(self) -> dict[int, int]:
        """id -> number of the live version, of all in force."""
        found = await database.rows(f"SELECT id, live FROM {self.table} WHERE state = 'live' AND deleted_at IS NULL")
        return {row["id"]: row["live"] for row in found}

    async def contents(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """The stored versions of (id, number), each as JSON text."""
        found = await database.rows(
            "SELECT x.id, x.number, v.content FROM unnest($1::bigint[], $2::int[]) AS x (id, number)"
            f" JOIN block_versions v ON v.owner = '{self.prefix}:' || x.id AND v.number = x.number",
            [one for one, _ in wanted],
            [number for _, number in wanted],
        )
        return {(row["id"], row["number"]): row["content"] for row in found}

    async def everything(self, words: str = "") -> list[Whole]:
        """All the living whose name holds `words`, by number."""
        found = await database.rows(
            f"SELECT {', '.join(f'a.{one}' for one in _COLUMNS)}, l.content AS live_content,"
            f" d.content AS draft_content FROM {self.table} a"
            f" LEFT JOIN block_versions l ON l.owner = '{self.prefix}:' || a.id AND l.number = a.live"
            f" LEFT JOIN block_versions d ON d.owner = '{self.prefix}:' || a.id AND d.number = a.draft"
            " WHERE a.deleted_at IS NULL AND strpos(a.name_key, $1) > 0 ORDER BY a.id",
            names.name_key(words),
        )
        return [
            Whole(
                Kept(*(row[one] for one in _COLUMNS)),
                orjson.loads(row["live_content"]) if row["live_content"] else None,
                orjson.loads(row["draft_content"]) if row["draft_content"] else None,
            )
            for row in found
        ]

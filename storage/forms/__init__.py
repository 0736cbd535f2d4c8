"""Forms: what customers are asked in LINE's pages, in a live and a draft version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names
from storage.segments import answered


class Form(Model):
    id = fields.BigIntField(primary_key=True)  # #Q3
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    state = fields.CharField(max_length=8)  # draft | live | paused
    # numbers in `block_versions`, where {"source", "form"} is the content (see jobs/forms/definition.py)
    live = fields.IntField(null=True)
    draft = fields.IntField(null=True)
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "forms"


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as staff see it; `live` and `draft` are numbers of versions."""

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


_KEPT = "id, name, state, live, draft, version"


def owner(number: int) -> str:
    """Under which its versions and buttons are kept."""
    return f"form:{number}"


async def get(number: int, *, lock: bool = False) -> Kept:
    """A living form that is known to exist."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM forms WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", number
    )
    return Kept(**found[0])


async def get_all(numbers: Sequence[int]) -> dict[int, Kept]:
    """The living forms of these numbers."""
    if not numbers:
        return {}
    found = await database.rows(
        f"SELECT {_KEPT} FROM forms WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL", list(numbers)
    )
    return {row["id"]: Kept(**row) for row in found}


async def find(number: int, *, lock: bool = False) -> Kept | None:
    """The living form of this number, if there is one; locked, nobody else counts its places before the end."""
    found = await database.row(
        f"SELECT {_KEPT} FROM forms WHERE id = $1 AND deleted_at IS NULL{' FOR NO KEY UPDATE' if lock else ''}", number
    )
    return Kept(**found) if found else None


async def make(name: str, now: datetime) -> int:
    """A new form without any version; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO forms (name, name_key, state, created_at) VALUES ($1, $2, 'draft', $3) RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def change(number: int, *, state: str, live: int | None, draft: int | None) -> int:
    """Set state and versions together; the row's new version."""
    found: int = await database.value(
        "UPDATE forms SET state = $2, live = $3, draft = $4, version = version + 1 WHERE id = $1 RETURNING version",
        number,
        state,
        live,
        draft,
    )
    return found


async def in_force() -> dict[int, int]:
    """id -> number of the live version, of all that take answers."""
    found = await database.rows("SELECT id, live FROM forms WHERE state = 'live' AND deleted_at IS NULL")
    return {row["id"]: row["live"] for row in found}


async def contents(wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The stored versions of (id, number), each as JSON text."""
    found = await database.rows(
        "SELECT x.id, x.number, v.content FROM unnest($1::bigint[], $2::int[]) AS x (id, number)"
        " JOIN block_versions v ON v.owner = 'form:' || x.id AND v.number = x.number",
        [one for one, _ in wanted],
        [number for _, number in wanted],
    )
    return {(row["id"], row["number"]): row["content"] for row in found}


async def everything(words: str = "") -> list[Whole]:
    """All the living whose name holds `words`, by number."""
    found = await database.rows(
        f"SELECT {', '.join(f'a.{one}' for one in _KEPT.split(', '))}, l.content AS live_content,"
        " d.content AS draft_content FROM forms a"
        " LEFT JOIN block_versions l ON l.owner = 'form:' || a.id AND l.number = a.live"
        " LEFT JOIN block_versions d ON d.owner = 'form:' || a.id AND d.number = a.draft"
        " WHERE a.deleted_at IS NULL AND strpos(a.name_key, $1) > 0 ORDER BY a.id",
        names.name_key(words),
    )
    return [
        Whole(
            Kept(*(row[one] for one in _KEPT.split(", "))),
            orjson.loads(row["live_content"]) if row["live_content"] else None,
            orjson.loads(row["draft_content"]) if row["draft_content"] else None,
        )
        for row in found
    ]


async def labels(numbers: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """What the versions of these forms ask: form -> label of a question -> labels of its options, the latest ones; of
    a question that takes whatever is written there are none. Beside the questions the points that answers come to
    (`answered.SCORE`), where there are any, and the result they lead to (`answered.RESULT`)."""
    found = await database.rows(
        "SELECT n.id, q ->> 'label' AS label, ARRAY(SELECT o ->> 'label' FROM jsonb_path_query(q, '$.options[*]') AS o)"
        " AS options, jsonb_path_exists(q, '$.options[*] ? (@.other == true)') AS other"
        " FROM unnest($1::bigint[]) AS n (id) JOIN block_versions v ON v.owner = 'form:' || n.id"
        " CROSS JOIN LATERAL jsonb_path_query(v.content, '$.form.pages[*].questions[*]') AS q ORDER BY v.number",
        list(numbers),
    )
    asked: dict[int, dict[str, list[str]]] = {}
    for row in found:
        asked.setdefault(row["id"], {})[row["label"]] = [] if row["other"] else row["options"]
    ends = await database.rows(
        "SELECT n.id, bool_or(jsonb_path_exists(v.content, '$.form.pages[*].questions[*].**.points ? (@ != null)')) AS"
        " counts, array_agg(DISTINCT r ->> 'title') FILTER (WHERE r IS NOT NULL) AS titles"
        " FROM unnest($1::bigint[]) AS n (id) JOIN block_versions v ON v.owner = 'form:' || n.id"
        " LEFT JOIN LATERAL jsonb_path_query(v.content, '$.form.results[*]') AS r ON true GROUP BY n.id",
        list(numbers),
    )
    for row in ends:
        told = asked.setdefault(row["id"], {})
        told |= {answered.SCORE: []} if row["counts"] and answered.SCORE not in told else {}
        told |= {answered.RESULT: row["titles"]} if row["titles"] and answered.RESULT not in told else {}
    return asked


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in a condition, on a button, as what comes next."""
    paths = ["$.**.form ? (@ == $id[*])", "$.**.thanks.next ? (@ == $id[*])", named.in_texts("Q", numbers)]
    return await named.uses([*paths, _address(numbers)], *numbers)


def _address(numbers: Sequence[int]) -> str:
    """The JSON path of texts in which the address of one of these stands, as messages have it."""
    meant = "|".join(str(int(one)) for one in numbers)
    return f'$.** ? (@.type() == "string" && @ like_regex "^https://liff[.]invalid/f/({meant})([^0-9]|$)")'

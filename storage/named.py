"""What has a name and a number (tags, scenarios, action sets …): found among the living by either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import orjson

from storage import database, names

Kind = Literal[
    "tags",
    "scenarios",
    "templates",
    "media",
    "fields",
    "shared_values",
    "auto_replies",
    "action_sets",
    "segments",
    "links",
    "broadcasts",
    "forms",
]

LONGEST = 60  # characters of a name


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str
    version: int


async def by_names(kind: Kind, given: Sequence[str]) -> dict[str, Named]:
    """The living things of these names, by name key."""
    found = await database.rows(
        f"SELECT id, name, version, name_key FROM {kind} WHERE name_key = ANY($1::text[]) AND deleted_at IS NULL",
        [names.name_key(name) for name in given],
    )
    return {row["name_key"]: Named(row["id"], row["name"], row["version"]) for row in found}


async def by_ids(kind: Kind, ids: Sequence[int]) -> dict[int, Named]:
    """The living things of these numbers; the number of a tag that was merged into another means that one."""
    meant = "coalesce(t.merged_into, t.id)" if kind == "tags" else "t.id"
    found = await database.rows(
        f"SELECT t.id AS asked, r.id, r.name, r.version FROM {kind} t JOIN {kind} r ON r.id = {meant}"
        " WHERE t.id = ANY($1::bigint[]) AND r.deleted_at IS NULL",
        list(ids),
    )
    return {row["asked"]: Named(row["id"], row["name"], row["version"]) for row in found}


async def rename(kind: Kind, number: int, name: str) -> int:
    """The new version; the name must be free."""
    found: int = await database.value(
        f"UPDATE {kind} SET name = $2, name_key = $3, version = version + 1 WHERE id = $1 RETURNING version",
        number,
        name,
        names.name_key(name),
    )
    return found


async def all_names(kind: Kind, most: int = 500) -> list[str]:
    """Names of the living, the latest first, for guessing what was meant."""
    found = await database.rows(f"SELECT name FROM {kind} WHERE deleted_at IS NULL ORDER BY id DESC LIMIT $1", most)
    return [row["name"] for row in found]


async def newest() -> dict[Kind, str]:
    """The name of the latest of each kind; one of which there is none is missing."""
    latest = (
        f"(SELECT '{kind}' AS kind, name FROM {kind} WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 1)"
        for kind in get_args(Kind)
    )
    return {row["kind"]: row["name"] for row in await database.rows(" UNION ALL ".join(latest))}


async def everything(kind: Kind) -> list[Named]:
    """All the living, by number."""
    found = await database.rows(f"SELECT id, name, version FROM {kind} WHERE deleted_at IS NULL ORDER BY id")
    return [Named(**row) for row in found]


async def lock(kind: Kind, ids: Sequence[int]) -> dict[int, Named]:
    """Lock these rows by id, so that nobody changes them before the transaction ends."""
    found = await database.rows(
        f"SELECT id, name, version FROM {kind} WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL"
        " ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    return {row["id"]: Named(**row) for row in found}


@dataclass(frozen=True, slots=True)
class Use:
    """Where something stands: `kind` is scenario, greeting, template, auto_reply, tag, field, broadcast or form.

    `name` is its name; that of a greeting is its kind.
    Kinds `staff` and `group`: in the condition of the friends whom they may see.
    """

    kind: str
    name: str


def in_texts(letter: str, numbers: Sequence[int]) -> str:
    """The JSON path of texts in which one of these stands as a variable: `{#K3}`, `{#K3+30日}`."""
    meant = "|".join(str(int(one)) for one in numbers)
    return f'$.** ? (@.type() == "string" && @ like_regex "[{{｛][ \u3000]*#{letter}({meant})[^0-9]")'


async def uses(paths: Sequence[str], *numbers: int, but_scenarios: Sequence[int] = ()) -> list[Use]:
    """Everything live or in draft that has one of `numbers` ($id) at one of these JSON paths, itself or on a button."""
    found = await database.rows(
        "WITH pressed AS (SELECT DISTINCT owner FROM buttons b WHERE EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(b.actions, p::jsonpath, $2::jsonb)))"
        " SELECT 'scenario' AS kind, s.name FROM scenarios s WHERE s.deleted_at IS NULL AND s.id <> ALL($3::bigint[])"
        " AND (EXISTS (SELECT 1 FROM scenario_versions v, unnest($1::text[]) AS p"
        " WHERE v.id IN (s.live_version_id, s.draft_version_id)"
        " AND jsonb_path_exists(v.definition, p::jsonpath, $2::jsonb))"
        " OR 'scenario:' || s.id IN (TABLE pressed))"
        " UNION SELECT 'greeting', g.kind FROM greetings g WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS p"
        " WHERE jsonb_path_exists(g.actions, p::jsonpath, $2::jsonb)) OR 'greeting:' || g.kind IN (TABLE pressed)"
        " UNION SELECT 'template', t.name FROM templates t WHERE t.deleted_at IS NULL"
        " AND (EXISTS (SELECT 1 FROM unnest($1::text[]) AS p"
        " WHERE jsonb_path_exists(t.messages, p::jsonpath, $2::jsonb)"
        " OR jsonb_path_exists(t.questions, p::jsonpath, $2::jsonb))"
        " OR 'template:' || t.id IN (TABLE pressed))"
        " UNION SELECT 'action', a.name FROM action_sets a WHERE a.deleted_at IS NULL AND EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(a.actions, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'tag', t.name FROM tags t WHERE t.deleted_at IS NULL AND EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(t.rules, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'auto_reply', a.name FROM auto_replies a WHERE a.deleted_at IS NULL"
        " AND (EXISTS (SELECT 1 FROM block_versions v, unnest($1::text[]) AS p"
        " WHERE v.owner = 'auto_reply:' || a.id AND v.number IN (a.live, a.draft)"
        " AND jsonb_path_exists(v.content, p::jsonpath, $2::jsonb))"
        " OR 'auto_reply:' || a.id IN (TABLE pressed))"
        " UNION SELECT 'form', q.name FROM forms q WHERE q.deleted_at IS NULL"
        " AND EXISTS (SELECT 1 FROM block_versions v, unnest($1::text[]) AS p"
        " WHERE v.owner = 'form:' || q.id AND v.number IN (q.live, q.draft)"
        " AND jsonb_path_exists(v.content, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'field', k.name FROM fields k WHERE k.deleted_at IS NULL AND EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(k.on_change, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'segment', g.name FROM segments g WHERE g.deleted_at IS NULL AND EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(g.condition, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'link', l.name FROM links l WHERE l.deleted_at IS NULL AND EXISTS"
        " (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(l.on_click, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'broadcast', b.name FROM broadcasts b WHERE b.deleted_at IS NULL"
        " AND (EXISTS (SELECT 1 FROM unnest($1::text[]) AS p"
        " WHERE jsonb_path_exists(b.definition, p::jsonpath, $2::jsonb)) OR 'broadcast:' || b.id IN (TABLE pressed))"
        " UNION SELECT 'staff', m.name FROM staff m WHERE m.state <> 'removed'"
        " AND EXISTS (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(m.scope, p::jsonpath, $2::jsonb))"
        " UNION SELECT 'group', coalesce(g.label, g.name) FROM groups g WHERE g.state = 'claimed'"
        " AND EXISTS (SELECT 1 FROM unnest($1::text[]) AS p WHERE jsonb_path_exists(g.scope, p::jsonpath, $2::jsonb))"
        " ORDER BY 1, 2",
        list(paths),
        orjson.dumps({"id": list(numbers)}).decode(),
        list(but_scenarios),
    )
    return [Use(**row) for row in found]

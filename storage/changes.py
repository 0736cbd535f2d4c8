"""Row changes as data: what an undo applies, each with the version it expects, and what would take it back again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from storage import blocking, database, delayed, friends, opting_out, outbox, quota, tags
from storage.broadcasts import runs, trials
from storage.fields import values

Change = dict[str, Any]

# What an undo may write at all: table -> (its key, columns).
COLUMNS: dict[str, tuple[str, frozenset[str]]] = {
    "tags": ("id", frozenset({"name", "name_key", "deleted_at", "merged_into", "max_friends", "rules"})),
    "scenarios": ("id", frozenset({"name", "name_key", "state", "live_version_id", "draft_version_id", "deleted_at"})),
    "templates": ("id", frozenset({"name", "name_key", "source", "messages", "questions", "number", "deleted_at"})),
    "auto_replies": ("id", frozenset({"name", "name_key", "state", "live", "draft", "deleted_at"})),
    "forms": ("id", frozenset({"name", "name_key", "state", "live", "draft", "deleted_at"})),
    "action_sets": ("id", frozenset({"name", "name_key", "source", "actions", "number", "deleted_at"})),
    "greetings": ("kind", frozenset({"source", "actions", "number", "stopped"})),
    "settings": ("key", frozenset({"value"})),
    "media": ("id", frozenset({"name", "name_key", "deleted_at"})),
    "fields": (
        "id",
        frozenset({"name", "name_key", "choices", "masked", "yearly", "on_change_source", "on_change", "deleted_at"}),
    ),
    "links": ("id", frozenset({"name", "name_key", "address", "on_click_source", "on_click", "deleted_at"})),
    "shared_values": ("id", frozenset({"name", "name_key", "text", "deleted_at"})),
    "shared_changes": ("id", frozenset({"state"})),
    "segments": ("id", frozenset({"name", "name_key", "condition", "number", "deleted_at"})),
    "broadcasts": ("id", frozenset({"name", "name_key", "source", "definition", "number", "deleted_at"})),
    "staff": ("id", frozenset({"name", "role", "state", "scope", "duty"})),
    "groups": ("id", frozenset({"label", "role", "scope"})),
}
PARK_AGAIN = {
    "inbox": "UPDATE inbox SET state = 'parked', done_at = NULL WHERE id = ANY($1::bigint[]) AND state = 'dropped'",
    "operation_friends": (
        "UPDATE operation_friends SET state = 'parked' WHERE id = ANY($1::bigint[]) AND state = 'dropped'"
    ),
    "outbox": "UPDATE outbox SET settled_at = NULL WHERE id = ANY($1::bigint[]) AND settled_at IS NOT NULL",
    "link_clicks": "UPDATE link_clicks SET state = 'parked' WHERE id = ANY($1::bigint[]) AND state = 'dropped'",
}
MARKING = ("mark", "block", "unblock")
NAMED = (
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
)


@dataclass(slots=True)
class Applied:
    """What a change came to: rows taken back, rows left because they had changed since, and the way back."""

    change: Change
    done: int = 0
    kept: int = 0
    reverse: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands: so many steps of a version behind it, the next one due then."""

    walk: int
    version: int
    position: int
    state: str
    due_at: datetime | None

    def data(self) -> list[Any]:
        return [self.walk, self.version, self.position, self.state, self.due_at.isoformat() if self.due_at else None]


def put_back(table: str, key: int | str, version: int, values: dict[str, Any]) -> Change:
    """Give a row these values again if it still has this version."""
    _, columns = COLUMNS[table]
    unknown = values.keys() - columns
    if unknown:
        raise ValueError(f"{table} has no such column to put back: {sorted(unknown)}")
    return {"do": "set", "table": table, "key": key, "version": version, "values": values}


def unmakes(change: Change) -> bool:
    """Whether a change puts into the bin again what was made; a tag that is merged goes on as another."""
    if change["do"] != "set":
        return False
    return change["values"].get("deleted_at") is not None and change["values"].get("merged_into") is None


def take_off(links: Sequence[int]) -> Change:
    """Take tags off again: ids of `friend_tags`, so that what was put on anew since stays."""
    return {"do": "tags_off", "links": list(links)}


def put_on(pairs: Sequence[tuple[int, int]]) -> Change:
    """Put tags on again: (friend, tag)."""
    return {"do": "tags_on", "pairs": [list(pair) for pair in pairs]}


def stop_walks(walks: Sequence[int]) -> Change:
    """Take friends off a scenario again: ids of `subscriptions` that have only just begun."""
    return {"do": "walks_off", "walks": list(walks)}


def walk_on(walks: Sequence[tuple[int, str, datetime | None]]) -> Change:
    """Let stopped walks go on: (subscription, its state before, when its step was due)."""
    return {"do": "walks_on", "walks": [[one, state, due.isoformat() if due else None] for one, state, due in walks]}


def walk_back(walks: Sequence[Place], now: Sequence[Place]) -> Change:
    """Put walks back to where they stood, as far as they stand where `now` tells: two lists in one order."""
    return {"do": "walks_back", "walks": [one.data() for one in walks], "now": [one.data() for one in now]}


def park_again(table: str, ids: Sequence[int]) -> Change:
    """Put rows that were cleared away back among what waits for staff: of a table of PARK_AGAIN."""
    return {"do": "park", "table": table, "rows": list(ids)}


def block(friend_ids: Sequence[int]) -> Change:
    """Block these friends, as the shop."""
    return {"do": "block", "friends": list(friend_ids)}


def unblock(friend_ids: Sequence[int], waiting: Sequence[int]) -> Change:
    """Block these friends no more, and let this wait for them again: ids of `delayed_actions`."""
    return {"do": "unblock", "friends": list(friend_ids), "rows": list(waiting)}


def call_off(root: str) -> Change:
    """Give up what a deed has put off and what has not been carried out yet."""
    return {"do": "call_off", "root": root}


def wait_again(rows: Sequence[int]) -> Change:
    """Let what was called off wait for its time again: ids of `delayed_actions`."""
    return {"do": "wait_again", "rows": list(rows)}


def keep_reserve(zone: str, reserve: int, expected: int) -> Change:
    """Keep so many of the month's messages again, if `expected` are kept now (使用量 上限)."""
    return {"do": "reserve", "zone": zone, "reserve": reserve, "expected": expected}


def unplan(run: int, version: int) -> Change:
    """Give up a run of a broadcast that has not begun."""
    return {"do": "unplan", "run": run, "version": version}


def undecide(run: int, version: int, at: datetime, reason: str | None) -> Change:
    """Let a run of a broadcast wait for its winner as before (`trials.undecide`)."""
    return {"do": "undecide", "run": run, "version": version, "at": at.isoformat(), "reason": reason}


def mark(friend_ids: Sequence[int], flag: friends.Flag, on: bool) -> Change:
    """Give friends a mark, or take it off: 非表示, テスト友だち, 配信停止."""
    return {"do": "mark", "friends": list(friend_ids), "flag": flag, "on": on}


def note(changed: Sequence[values.Changed]) -> Change:
    """Put back what was noted of friends in fields, as far as it still is what it became."""
    return {"do": "note", "values": [[one.friend, one.field, one.before, one.after] for one in changed]}


def collapsed(given: Sequence[Change]) -> list[Change]:
    """The same as one change for each row, where several were made one after the other: all the way back at once."""
    found: dict[Any, Change] = {}
    for number, change in enumerate(given):
        key = (change["table"], change["key"]) if change["do"] == "set" else number
        before = found.pop(key, None)
        whole = {"values": change["values"] | before["values"], "before": version_before(before)} if before else {}
        found[key] = change | whole
    return list(found.values())


def version_before(change: Change) -> int:
    """The version a row had before the deed that this takes back."""
    return int(change.get("before", change["version"] - 1))


def runs_on(table: str) -> bool:
    """Whether the running rules are read from this table, so that a change of it must be told to all processes."""
    return table in (
        *("scenarios", "templates", "greetings", "tags", "settings", "fields", "auto_replies", "action_sets"),
        "segments",
    )


async def apply(changes: Sequence[Change], now: datetime) -> list[Applied]:
    """Apply changes in order; whatever is no longer as expected is left alone and counted."""
    return [await _KINDS[change["do"]](change, now) for change in changes]


async def _set(change: Change, now: datetime) -> Applied:
    """Whatever the values say of when it was deleted: it lies in the bin from now on."""
    applied = Applied(change)
    table, values = change["table"], dict(change["values"])
    key, columns = COLUMNS[table]
    if values.keys() - columns:
        raise ValueError(f"not to be put back in {table}")
    if values.get("deleted_at") is not None:
        values["deleted_at"] = now.isoformat()
    old = await database.value(
        f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = $1 AND version = $2 FOR NO KEY UPDATE",
        change["key"],
        change["version"],
    )
    if old is None or not await _name_is_free(table, change["key"], orjson.loads(old) | values):
        applied.kept = 1
        return applied
    names = sorted(values)
    await database.run(
        f"UPDATE {table} t SET version = t.version + 1, {', '.join(f'{name} = r.{name}' for name in names)}"
        f" FROM jsonb_populate_record(NULL::{table}, $2::jsonb) r WHERE t.{key} = $1",
        change["key"],
        orjson.dumps(values).decode(),
    )
    before = orjson.loads(old)
    applied.done = 1
    applied.reverse = [put_back(table, change["key"], change["version"] + 1, {name: before[name] for name in names})]
    return applied


async def _name_is_free(table: str, key: int | str, after: dict[str, Any]) -> bool:
    if table not in NAMED or after["deleted_at"] is not None:
        return True
    return not await database.rows(
        f"SELECT 1 FROM {table} WHERE name_key = $1 AND deleted_at IS NULL AND id <> $2", after["name_key"], key
    )


async def _tags_off(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    found = await database.rows(
        "DELETE FROM friend_tags WHERE id = ANY($1::bigint[]) RETURNING friend_id, tag_id", change["links"]
    )
    pairs = [(row["friend_id"], row["tag_id"]) for row in found]
    return Applied(change, len(pairs), len(change["links"]) - len(pairs), [put_on(pairs)])


async def _tags_on(change: Change, now: datetime) -> Applied:
    """Whoever finds a tag full by now stays without it."""
    pairs = [(pair[0], pair[1]) for pair in change["pairs"]]
    put = await tags.put_on(pairs, now, [tag for _, tag in pairs])
    return Applied(change, len(put.new), len(pairs) - len(put.new), [take_off(list(put.new.values()))])


async def _walks_off(change: Change, now: datetime) -> Applied:
    found = await database.rows(
        "UPDATE subscriptions s SET state = 'stopped', due_at = NULL, ended_at = $2 FROM subscriptions old"
        " WHERE s.id = ANY($1::bigint[]) AND old.id = s.id AND s.state IN ('active', 'paused', 'parked')"
        " RETURNING s.id, old.state, old.due_at",
        change["walks"],
        now,
    )
    back = walk_on([(row["id"], row["state"], row["due_at"]) for row in found])
    return Applied(change, len(found), len(change["walks"]) - len(found), [back])


async def _walks_on(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    walks = change["walks"]
    found = await database.rows(
        "UPDATE subscriptions s SET due_at = x.due_at, ended_at = NULL, state = CASE WHEN x.state = 'active' AND"
        " (SELECT f.shut FROM friends f WHERE f.id = s.friend_id) THEN 'paused' ELSE x.state END"
        " FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS x (id, state, due_at)"
        " WHERE s.id = x.id AND s.state = 'stopped' AND NOT EXISTS (SELECT 1 FROM subscriptions o"
        " WHERE o.friend_id = s.friend_id AND o.scenario_id = s.scenario_id"
        " AND o.state IN ('active', 'paused', 'parked')) RETURNING s.id",
        [walk[0] for walk in walks],
        [walk[1] for walk in walks],
        [datetime.fromisoformat(walk[2]) if walk[2] else None for walk in walks],
    )
    return Applied(change, len(found), len(walks) - len(found), [stop_walks([row["id"] for row in found])])


async def _walks_back(change: Change, now: datetime) -> Applied:
    """A walk that has gone on since stays; one that was over by it begins again only where no other one has begun."""
    before, after = change["walks"], change["now"]
    found = await database.rows(
        "UPDATE subscriptions s SET version_id = x.version, position = x.position, due_at = x.due_at, state = CASE"
        " WHEN 'finished' NOT IN (s.state, x.state) THEN s.state WHEN x.state = 'active' AND"
        " (SELECT f.shut FROM friends f WHERE f.id = s.friend_id) THEN 'paused' ELSE x.state END,"
        " ended_at = CASE WHEN x.state = 'finished' THEN $7::timestamptz END"
        " FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::timestamptz[], $6::text[])"
        " AS x (id, version, position, state, due_at, stands)"
        " WHERE s.id = x.id AND s.version_id || '/' || s.position = x.stands AND (s.state IN"
        " ('active', 'paused', 'parked') OR s.state = 'finished' AND NOT EXISTS (SELECT 1 FROM subscriptions o"
        " WHERE o.friend_id = s.friend_id AND o.scenario_id = s.scenario_id"
        " AND o.state IN ('active', 'paused', 'parked'))) RETURNING s.id",
        [one[0] for one in before],
        [one[1] for one in before],
        [one[2] for one in before],
        [one[3] for one in before],
        [datetime.fromisoformat(one[4]) if one[4] else None for one in before],
        [f"{one[1]}/{one[2]}" for one in after],
        now,
    )
    done = {row["id"] for row in found}
    back = {
        "do": "walks_back",
        "walks": [one for one in after if one[0] in done],
        "now": [one for one in before if one[0] in done],
    }
    return Applied(change, len(done), len(before) - len(done), [back] if done else [])


async def _park(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    found = await database.rows(f"{PARK_AGAIN[change['table']]} RETURNING id", change["rows"])
    return Applied(change, len(found), len(change["rows"]) - len(found))


async def _mark(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    if change["flag"] == "opted_out":
        wished = set() if change["on"] else await opting_out.wished(change["friends"])
        done = await opting_out.choose([one for one in change["friends"] if one not in wished], out=change["on"])
    else:
        done = await friends.flag(change["friends"], change["flag"], change["on"])
    kept = len(change["friends"]) - len(done)
    return Applied(change, len(done), kept, [mark(done, change["flag"], not change["on"])])


async def _call_off(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    """What was written or has become due under a stop of all sending has not left yet, and is closed as well."""
    rows = await delayed.call_off(change["root"])
    held = await outbox.cancel(change["root"])
    return Applied(change, len(rows) + held.stopped, 0, [wait_again(rows)] if rows else [])


async def _wait_again(change: Change, now: datetime) -> Applied:
    rows = await delayed.restore(change["rows"], now)
    return Applied(change, len(rows), len(change["rows"]) - len(rows))


async def _block(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    done, waiting = await blocking.block(change["friends"])
    back = [unblock(done, waiting)] if done else []
    return Applied(change, len(done), len(change["friends"]) - len(done), back)


async def _unblock(change: Change, now: datetime) -> Applied:
    done = sorted(await blocking.release(change["friends"], now))
    await delayed.restore(change["rows"], now)
    return Applied(change, len(done), len(change["friends"]) - len(done), [block(done)] if done else [])


async def _reserve(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    kept = (await quota.usage(change["zone"])).reserve
    if kept != change["expected"]:
        return Applied(change, kept=1)
    await quota.keep(change["zone"], change["reserve"])
    return Applied(change, 1, 0, [keep_reserve(change["zone"], kept, change["reserve"])])


async def _note(change: Change, now: datetime) -> Applied:
    given = [values.Changed(friend, field, before, after) for friend, field, before, after in change["values"]]
    done = await values.put_back(given, now)
    return Applied(change, len(done), len(given) - len(done), [note(done)] if done else [])


async def _unplan(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    """What is given up is confirmed anew: done again it would leave at once, or at a time that is over."""
    done = await runs.cancel(change["run"], change["version"])
    return Applied(change, int(done), int(not done))


async def _undecide(change: Change, now: datetime) -> Applied:  # noqa: ARG001 - one signature for all kinds
    at = datetime.fromisoformat(change["at"])
    done = await trials.undecide(change["run"], change["version"], at, change["reason"])
    return Applied(change, int(done), int(not done))


_KINDS: dict[str, Callable[[Change, datetime], Awaitable[Applied]]] = {
    "set": _set,
    "tags_off": _tags_off,
    "tags_on": _tags_on,
    "walks_off": _walks_off,
    "walks_on": _walks_on,
    "walks_back": _walks_back,
    "park": _park,
    "mark": _mark,
    "reserve": _reserve,
    "note": _note,
    "unplan": _unplan,
    "undecide": _undecide,
    "block": _block,
    "unblock": _unblock,
    "call_off": _call_off,
    "wait_again": _wait_again,
}


async def friends_of(changes: Sequence[Change]) -> list[int]:
    """The friends that applying these would touch, so that they can be locked first."""
    links = [one for change in changes if change["do"] == "tags_off" for one in change["links"]]
    walks = [one for change in changes if change["do"] == "walks_off" for one in change["walks"]]
    walks += [one[0] for change in changes if change["do"] in ("walks_on", "walks_back") for one in change["walks"]]
    pairs = [pair[0] for change in changes if change["do"] == "tags_on" for pair in change["pairs"]]
    marked = [one for change in changes if change["do"] in MARKING for one in change["friends"]]
    marked += [one[0] for change in changes if change["do"] == "note" for one in change["values"]]
    roots = [change["root"] for change in changes if change["do"] == "call_off"]
    rows = [one for change in changes if change["do"] == "wait_again" for one in change["rows"]]
    waiting = await delayed.friends_of(roots, rows) if roots or rows else []
    if not (links or walks or pairs or marked):
        return waiting
    found = await database.rows(
        "SELECT friend_id AS id FROM friend_tags WHERE id = ANY($1::bigint[])"
        " UNION SELECT friend_id FROM subscriptions WHERE id = ANY($2::bigint[])"
        " UNION SELECT unnest($3::bigint[])",
        links,
        walks,
        pairs + marked + waiting,
    )
    return sorted(row["id"] for row in found)


async def reached(operation: int, opposite: Sequence[Change]) -> list[int]:
    """The friends in whom an operation has changed something that still stands: who needs the opposite done."""
    tags_off = [tag for action in opposite if action["do"] == "tag_off" for tag in action["tags"]]
    tags_on = [tag for action in opposite if action["do"] == "tag_on" for tag in action["tags"]]
    scenarios = [action["scenario"] for action in opposite if action["do"] == "scenario_stop"]
    versions = [action["back_from"] for action in opposite if action["do"] == "scenario_renew"]
    fields = [action["field"] for action in opposite if action["do"] in ("field", "field_clear")]
    found = await database.rows(
        "SELECT o.friend_id FROM operation_friends o JOIN operations p ON p.id = o.operation_id"
        " WHERE o.operation_id = $1 AND o.state = 'done' AND (EXISTS (SELECT 1 FROM friend_tags l"
        " WHERE l.friend_id = o.friend_id AND l.tag_id = ANY($2::bigint[]) AND l.at >= p.created_at)"
        " OR EXISTS (SELECT 1 FROM friend_events e WHERE e.friend_id = o.friend_id AND e.kind = 'tag_removed'"
        " AND e.subject = ANY($3::bigint[]) AND e.at >= p.created_at)"
        " OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.friend_id = o.friend_id"
        " AND s.scenario_id = ANY($4::bigint[]) AND s.started_at >= p.created_at"
        " AND s.state IN ('active', 'paused', 'parked')) OR EXISTS (SELECT 1 FROM subscriptions s"
        " WHERE s.friend_id = o.friend_id AND s.version_id = ANY($5::bigint[])"
        " AND s.state IN ('active', 'paused', 'parked')) OR EXISTS (SELECT 1 FROM friend_events e"
        " WHERE e.friend_id = o.friend_id AND e.kind = 'field_changed' AND e.subject = ANY($6::bigint[])"
        " AND e.at >= p.created_at)) ORDER BY o.friend_id",
        operation,
        tags_off,
        tags_on,
        scenarios,
        versions,
        fields,
    )
    return [row["friend_id"] for row in found]

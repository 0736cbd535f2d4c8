"""Trials: which friend gets which variant of a broadcast, who is asked first, and who gets nothing to compare with.

All of it is drawn by the broadcast's own lots (`storage.segments.drawn`), so that it never changes for a friend and has
nothing to do with any other broadcast. A run whose winner is still to be found is two runs: that of the test, and that
of the rest (`test_id`), whose friends are frozen with it and wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from storage import database, operations, segments
from storage.broadcasts.runs import Run
from storage.segments import drawn

EVERYBODY: Mapping[str, int] = {"from": 0, "below": drawn.WHOLE}


@dataclass(frozen=True, slots=True)
class Trial:
    """As a definition has it under `trial`: each variant's letter and part of the lots; percent of those meant.

    `wins`: minutes from the test until a winner is found, 0 when staff say so, None where nothing is decided.
    `metric`: "clicked", "replied", or {"tag": 5} for who gets this tag. `winner` is there once it is decided.
    """

    variants: Sequence[Mapping[str, Any]] = ()
    test: int | None = None
    wins: int | None = None
    held: int | None = None
    metric: Any = "clicked"
    winner: str | None = None

    @property
    def decides(self) -> bool:
        """Whether others get what has won, or staff are told which it is."""
        return bool(self.variants) and (self.test is not None or bool(self.wins))


NONE = Trial()


def of(definition: Mapping[str, Any]) -> Trial:
    return Trial(**definition["trial"]) if "trial" in definition else NONE


# ---- who ----


def _held(trial: Trial) -> tuple[int, int]:
    return 0, drawn.bound(trial.held or 0)


def _tested(trial: Trial) -> tuple[int, int]:
    first = trial.held or 0
    return drawn.bound(first), drawn.bound(100 if trial.test is None else first + trial.test)


def _among(number: int, of_: str, ends: tuple[int, int]) -> segments.Segment:
    return {"drawn": number, "of": of_, "from": ends[0], "below": ends[1]}


def variant(number: int, one: Mapping[str, Any]) -> segments.Segment:
    """Who gets this variant of the broadcast, if they get any."""
    return _among(number, "variant", (one["from"], one["below"]))


def sent_to(number: int, definition: Mapping[str, Any]) -> segments.Segment:
    """Those whom a broadcast means, without those who are held out."""
    trial = of(definition)
    target: segments.Segment = definition["target"]
    if trial.held is None:
        return target
    return {"all": [target, _among(number, "group", (_held(trial)[1], drawn.WHOLE))]}


@dataclass(frozen=True, slots=True)
class Heads:
    """How many friends each part of it concerns, of all whom the broadcast means."""

    held: int
    tested: int
    rest: int
    variants: Sequence[tuple[str, int]]  # of those who are tested

    @property
    def sent(self) -> int:
        return self.tested + self.rest


async def heads(number: int, definition: Mapping[str, Any], sight: segments.Sight) -> Heads:
    """Counted as of now."""
    trial, target = of(definition), definition["target"]
    tested: segments.Segment = {"all": [target, _among(number, "group", _tested(trial))]}
    asked: list[segments.Segment] = [
        target,
        {"all": [target, _among(number, "group", _held(trial))]},
        tested,
        *({"all": [*tested["all"], variant(number, one)]} for one in trial.variants),
    ]
    total, held, test, *each = await segments.counts(asked, sight, promotion=True)
    letters = [one["letter"] for one in trial.variants]
    return Heads(held, test, total - held - test, list(zip(letters, each, strict=True)))


async def held_out(number: int, definition: Mapping[str, Any], operation: int) -> int:
    """How many of the friends frozen for an operation are held out."""
    trial = of(definition)
    if trial.held is None:
        return 0
    return await operations.drawn_from(operation, number, _held(trial))


@dataclass(frozen=True, slots=True)
class Part:
    """What a friend is in a run that has begun: the operation that means them, and of a trial what they get."""

    operation: int
    at: datetime
    letter: str | None
    held: bool = False
    rest: bool = False  # and the winner is still to be found, or its time to come


async def part_of(run: Run, friend: int) -> Part | None:
    """None for whom a run does not mean, and of one that has not begun."""
    lot = drawn.half("$2::bigint", "r.broadcast_id", drawn.HALVES["variant"])
    found = await database.row(
        "SELECT o.operation_id, coalesce(r.begun_at, r.at) AS at, o.operation_id = r.held_id AS held,"
        " r.state <> 'begun' AS rest, CASE WHEN r.test_id IS NOT NULL THEN r.definition#>>'{trial,winner}' ELSE"
        " (SELECT v->>'letter' FROM jsonb_array_elements(r.definition#>'{trial,variants}') v"
        f" WHERE {lot} >= (v->>'from')::bigint AND {lot} < (v->>'below')::bigint) END AS letter"
        " FROM broadcast_runs r JOIN operation_friends o ON o.operation_id IN (r.operation_id, r.held_id)"
        " AND o.friend_id = $2 WHERE ($1::bigint IN (r.id, r.test_id) OR r.id = $3::bigint)"
        " AND (r.state = 'begun' OR r.test_id IS NOT NULL) ORDER BY r.id DESC LIMIT 1",
        run.id,
        friend,
        run.test,
    )
    if found is None:
        return None
    held = bool(found["held"])
    letter = None if held else found["letter"]
    return Part(found["operation_id"], found["at"], letter, held, found["rest"] and not held)


# ---- what ----


def only(actions: Sequence[Mapping[str, Any]], one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is done for those who get this variant, for everybody."""
    found = []
    for action in actions:
        lot, *asked = action["if"]["all"]
        if lot["from"] == one["from"]:
            plain = {key: given for key, given in action.items() if key != "if"}
            found.append(plain | ({"if": {"all": asked}} if asked else {}))
    return found


def for_variant(actions: Sequence[Mapping[str, Any]], number: int, one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same actions only for those who get this variant."""
    lot = variant(number, one)
    return [{**action, "if": {"all": [lot, *([action["if"]] if "if" in action else [])]}} for action in actions]


# ---- the runs of a trial ----


async def divided(run: Run, operation: int, now: datetime) -> tuple[int, int | None, int]:
    """Of the friends frozen for a run: the operation that is to begin, that of the rest, and how many get any of it.

    Who is held out is kept in an operation that does nothing (`held`).
    """
    trial = of(run.definition)
    if trial.held is not None:
        held, _ = await operations.divide(operation, run.broadcast, _held(trial), [], "held", now)
        await database.run("UPDATE broadcast_runs SET held_id = $2 WHERE id = $1", run.id, held)
    people = await operations.total(operation)
    if not trial.decides:
        return operation, None, people
    tested, _ = await operations.divide(operation, run.broadcast, _tested(trial), run.actions, "waiting", now)
    return tested, operation, people


async def wait(run: Run, rest: int, at: datetime, now: datetime) -> int:
    """Plan the run that sends what has won to the rest of a run that begins now; its id."""
    found: int = await database.value(
        "INSERT INTO broadcast_runs (broadcast_id, at, immediate, state, reason, confirmed, definition, operation_id,"
        " staff_id, created_at, test_id, held_id) SELECT broadcast_id, $3, false, $5, $6, p.total, definition, p.id,"
        " staff_id, $4, r.id, held_id FROM broadcast_runs r, operations p WHERE r.id = $1 AND p.id = $2 RETURNING id",
        run.id,
        rest,
        at,
        now,
        "waiting" if of(run.definition).wins else "asked",
        None if of(run.definition).wins else "winner",
    )
    await database.run("UPDATE broadcasts SET run_id = $2, version = version + 1 WHERE id = $1", run.broadcast, found)
    return found


async def decide(run: Run, letter: str, at: datetime) -> None:
    """Let what this run, whose row is locked, sends be this variant, and let it leave at that moment."""
    one = next(one for one in of(run.definition).variants if one["letter"] == letter)
    definition = {**run.definition, "trial": {**run.definition["trial"], "winner": letter}}
    await database.run(
        "WITH said AS (UPDATE operations SET actions = $4::jsonb WHERE id = $5)"
        " UPDATE broadcast_runs SET state = 'waiting', reason = NULL, at = $2, definition = $3::jsonb,"
        " version = version + 1 WHERE id = $1",
        run.id,
        at,
        orjson.dumps(definition).decode(),
        orjson.dumps(only(run.actions, one)).decode(),
        run.operation,
    )


async def undecide(run: int, version: int, at: datetime, reason: str | None) -> bool:
    """Let a run that has this version, and that has not begun, wait for its winner as before: until `at`, or, with a
    `reason`, until staff choose; whether it did."""
    found = await database.rows(
        "UPDATE broadcast_runs SET state = CASE WHEN $4::text IS NULL THEN 'waiting' ELSE 'asked' END, reason = $4,"
        " at = $3, definition = definition #- '{trial,winner}', version = version + 1"
        " WHERE id = $1 AND version = $2 AND state = 'waiting'"
        " RETURNING operation_id, definition->'actions' AS actions",
        run,
        version,
        at,
        reason,
    )
    for row in found:
        await database.run(
            "UPDATE operations SET actions = $2::jsonb WHERE id = $1", row["operation_id"], row["actions"]
        )
    return bool(found)


async def wait_again(run: Run, at: datetime) -> None:
    """Take up the run of a rest that was given up."""
    asked = not of(run.definition).wins and of(run.definition).winner is None
    await database.run(
        "WITH again AS (UPDATE operations SET state = 'waiting' WHERE id = $4 AND state = 'stopped')"
        " UPDATE broadcast_runs SET state = $2, reason = $3, at = $5, version = version + 1"
        " WHERE id = $1 AND state = 'cancelled'",
        run.id,
        "asked" if asked else "waiting",
        "winner" if asked else None,
        run.operation,
        at,
    )


# ---- what friends did ----


@dataclass(frozen=True, slots=True)
class Did:
    """Friends who got a variant, and how many of them did what since."""

    letter: str
    sent: int
    clicked: int
    replied: int
    blocked: int
    worn: int

    def by(self, metric: Any) -> int:
        """How many did what it is judged by."""
        return self.worn if isinstance(metric, Mapping) else self.clicked if metric == "clicked" else self.replied


REPLIED_WITHIN, BLOCKED_WITHIN = "24 hours", "7 days"

_DID = f"""
WITH variants AS MATERIALIZED (
    SELECT letter, "from" AS least, below
    FROM jsonb_to_recordset($2::jsonb) AS v (letter text, "from" bigint, below bigint)
), got AS MATERIALIZED (
    SELECT d.id, d.friend_id, coalesce(o.attempted_at, d.at) AS at, v.letter
    FROM deliveries d JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted'
    CROSS JOIN LATERAL (SELECT {drawn.half("d.friend_id", "$3::bigint", drawn.HALVES["variant"])} AS lot OFFSET 0) l
    JOIN variants v ON l.lot >= v.least AND l.lot < v.below WHERE d.cause = $1
), span AS MATERIALIZED (
    SELECT min(at) AS first, max(at) AS last FROM got
), did AS (
    SELECT 'clicked' AS what, g.letter, g.friend_id FROM got g
    JOIN link_sends s ON s.friend_id = g.friend_id AND s.delivery_id = g.id
    JOIN link_clicks c ON c.link_id = s.link_id AND c.friend_id = s.friend_id AND c.at >= g.at
    UNION SELECT 'clicked', g.letter, g.friend_id FROM buttons k
    JOIN friend_events e ON e.kind = 'pressed' AND e.subject = k.id JOIN got g ON g.friend_id = e.friend_id
    WHERE k.owner = 'broadcast:' || $3::bigint AND e.at >= g.at
    UNION SELECT 'replied', g.letter, g.friend_id FROM friend_events e JOIN got g ON g.friend_id = e.friend_id
    WHERE e.kind = 'said' AND e.subject IS NULL AND e.at >= (SELECT first FROM span)
    AND e.at < (SELECT last FROM span) + interval '{REPLIED_WITHIN}'
    AND e.at >= g.at AND e.at < g.at + interval '{REPLIED_WITHIN}'
    UNION SELECT 'blocked', g.letter, g.friend_id FROM friend_events e JOIN got g ON g.friend_id = e.friend_id
    WHERE e.kind = 'blocked' AND e.subject IS NULL AND e.at >= (SELECT first FROM span)
    AND e.at < (SELECT last FROM span) + interval '{BLOCKED_WITHIN}'
    AND e.at >= g.at AND e.at < g.at + interval '{BLOCKED_WITHIN}'
    UNION SELECT 'worn', g.letter, g.friend_id FROM friend_events e JOIN got g ON g.friend_id = e.friend_id
    WHERE e.kind = 'tag_added' AND e.subject = $4::bigint AND e.at >= g.at
)
SELECT v.letter, (SELECT count(*) FROM got g WHERE g.letter = v.letter)::int AS sent,
    count(*) FILTER (WHERE what = 'clicked')::int AS clicked, count(*) FILTER (WHERE what = 'replied')::int AS replied,
    count(*) FILTER (WHERE what = 'blocked')::int AS blocked, count(*) FILTER (WHERE what = 'worn')::int AS worn
FROM variants v LEFT JOIN did d ON d.letter = v.letter GROUP BY v.letter ORDER BY v.letter
"""


async def did(number: int, cause: str, variants: Sequence[Mapping[str, Any]], tag: int | None) -> list[Did]:
    """What came of each variant of a broadcast under this cause, in one statement; `tag` is what 指標 names."""
    given = orjson.dumps([dict(one) for one in variants]).decode()
    return [Did(**row) for row in await database.rows(_DID, cause, given, number, tag)]


def whole(letter: str) -> list[Mapping[str, Any]]:
    """One variant that everybody got."""
    return [{"letter": letter, **EVERYBODY}]


# ---- what the sending has brought ----

LIFT_DAYS = 7  # behind the last message of it


@dataclass(frozen=True, slots=True)
class Group:
    """Friends as they were drawn, whether or not the message arrived, and how many did what both groups can do."""

    people: int
    replied: int
    worn: int


_LIFT = f"""
WITH parts AS MATERIALIZED (
    SELECT operation_id, held_id, begun_at FROM broadcast_runs
    WHERE state = 'begun' AND ($1::bigint IN (id, test_id) OR id = $2::bigint)
), groups AS MATERIALIZED (
    SELECT operation_id AS operation, false AS held FROM parts UNION SELECT held_id, true FROM parts
), span AS MATERIALIZED (
    SELECT min(begun_at) AS first, max(begun_at) + interval '{LIFT_DAYS} days' AS last FROM parts
), did AS MATERIALIZED (
    SELECT DISTINCT e.friend_id, e.kind FROM span JOIN friend_events e ON e.at >= span.first AND e.at < span.last
    WHERE e.kind = 'said' AND e.subject IS NULL OR e.kind = 'tag_added' AND e.subject = $3::bigint
)
SELECT g.held, sum(p.total)::int AS people, coalesce(sum(h.replied), 0)::int AS replied,
    coalesce(sum(h.worn), 0)::int AS worn
FROM groups g JOIN operations p ON p.id = g.operation CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.kind = 'said') AS replied, count(*) FILTER (WHERE d.kind = 'tag_added') AS worn
    FROM did d JOIN operation_friends o ON o.friend_id = d.friend_id AND o.operation_id = g.operation
) h GROUP BY g.held ORDER BY g.held
"""


async def lift(run: Run, tag: int | None) -> tuple[Group, Group]:
    """Those to whom a run and its other part were sent, and those who were held out, over the same days."""
    found = {row["held"]: row for row in await database.rows(_LIFT, run.id, run.test, tag)}
    groups = [found.get(held, {"people": 0, "replied": 0, "worn": 0}) for held in (False, True)]
    got, held = (Group(row["people"], row["replied"], row["worn"]) for row in groups)
    return got, held

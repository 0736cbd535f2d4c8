"""Runs: each sending of a broadcast, from its confirmation until its operation has reached everybody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import clock, database, segments

# Of a broadcast: nothing of it holds | reserved | the minute before it leaves | tried on some, the rest waits for what
# wins | being sent | stopped on the way | sent | not sent, since something was not as had been confirmed: staff decide
State = Literal["draft", "scheduled", "holding", "testing", "sending", "stopped", "done", "asked"]
Reason = Literal["audience", "quota", "late", "held", "failed", "restored", "winner", "untested", "capped"]


class BroadcastRun(Model):
    id = fields.BigIntField(primary_key=True)
    broadcast_id = fields.BigIntField(db_index=True)
    at = fields.DatetimeField()  # business time: when it begins
    immediate = fields.BooleanField()  # sent by hand: it waits only for the hold
    state = fields.CharField(max_length=10)  # waiting | begun | asked | cancelled
    confirmed = fields.IntField()  # friends who were counted when it was confirmed
    definition: fields.JSONField[dict[str, Any]] = fields.JSONField()  # what the broadcast said then
    operation_id = fields.BigIntField(null=True)  # carries it out; of a frozen audience there from the beginning
    # why it is asked, or, of one that waits, will be: a Reason
    reason = fields.CharField(max_length=10, null=True)
    counted = fields.IntField(null=True)  # friends who were there when it should have begun
    staff_id = fields.BigIntField(null=True)  # who confirmed it
    created_at = fields.DatetimeField()
    begun_at = fields.DatetimeField(null=True)
    test_id = fields.BigIntField(null=True)  # the run whose rest it sends what has won
    held_id = fields.BigIntField(null=True)  # the operation of those who get nothing, to compare with
    told = fields.BooleanField(default=False, db_default=False)  # staff have been left word of its end
    version = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "broadcast_runs"


def sight(definition: Mapping[str, Any], seen: segments.Sight) -> segments.Sight:
    """The same, as it is judged who gets a broadcast of this definition: without a cap where it heeds none."""
    return replace(seen, cap=None) if definition.get("uncapped") else seen


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    broadcast: int
    at: datetime
    immediate: bool
    state: str
    confirmed: int
    definition: dict[str, Any]
    operation: int | None
    reason: Reason | None
    counted: int | None
    staff_id: int | None
    version: int
    test: int | None = None  # the run whose rest it sends what has won

    @property
    def actions(self) -> list[dict[str, Any]]:
        return list(self.definition["actions"])


@dataclass(frozen=True, slots=True)
class Tally:
    """Friends of a run by what has come of them; together they are all whom it meant."""

    sent: int  # LINE has taken it
    under_way: int  # a call is being made
    waiting: int  # not yet begun, and it will leave by itself
    stopped: int  # not sent since it was stopped, failed, or was left out by staff
    unknown: int  # may have been sent, or may have been before a restore
    left_out: int  # LINE refused it, or they blocked us meanwhile
    cleared: int  # of the stopped: staff have left them out, also of what goes on

    @property
    def rest(self) -> int:
        """Who gets it when a stopped run goes on."""
        return self.stopped - self.cleared

    @property
    def total(self) -> int:
        return self.sent + self.under_way + self.waiting + self.stopped + self.unknown + self.left_out


LATEST = "LEFT JOIN broadcast_runs r ON r.id = b.run_id LEFT JOIN operations p ON p.id = r.operation_id"
STATE = """CASE WHEN r.test_id IS NOT NULL AND r.state IN ('waiting', 'asked') THEN 'testing'
    WHEN r.test_id IS NOT NULL AND r.state = 'cancelled' THEN 'stopped'
    WHEN r.id IS NULL OR r.state = 'cancelled' THEN 'draft'
    WHEN r.state = 'waiting' THEN CASE WHEN r.immediate THEN 'holding' ELSE 'scheduled' END
    WHEN r.state = 'asked' THEN 'asked'
    WHEN p.state = 'running' THEN 'sending' WHEN p.state = 'stopped' THEN 'stopped' ELSE 'done' END"""
COLUMNS = (
    "r.id AS run_id, r.broadcast_id, r.at, r.immediate, r.state AS run_state, r.confirmed,"
    " r.definition AS run_definition, r.operation_id, r.reason, r.counted, r.staff_id, r.version AS run_version,"
    " r.test_id"
)


def of_row(row: Mapping[str, Any]) -> Run:
    """A run out of what COLUMNS select."""
    return Run(
        row["run_id"],
        row["broadcast_id"],
        row["at"],
        row["immediate"],
        row["run_state"],
        row["confirmed"],
        orjson.loads(row["run_definition"]),
        row["operation_id"],
        row["reason"],
        row["counted"],
        row["staff_id"],
        row["run_version"],
        row["test_id"],
    )


async def plan(
    broadcast: int,
    *,
    at: datetime,
    immediate: bool,
    confirmed: int,
    definition: Mapping[str, Any],
    operation: int | None,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Let a broadcast, whose row is locked, be sent then; the run's id."""
    run: int = await database.value(
        "INSERT INTO broadcast_runs (broadcast_id, at, immediate, state, confirmed, definition, operation_id, staff_id,"
        " created_at) VALUES ($1, $2, $3, 'waiting', $4, $5::jsonb, $6, $7, $8) RETURNING id",
        broadcast,
        at,
        immediate,
        confirmed,
        orjson.dumps(dict(definition)).decode(),
        operation,
        staff_id,
        now,
    )
    await database.run("UPDATE broadcasts SET run_id = $2, version = version + 1 WHERE id = $1", broadcast, run)
    return run


async def lock(run: int) -> Run:
    """A run as it is now, until the transaction ends."""
    found = await database.rows(f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.id = $1 FOR NO KEY UPDATE", run)
    return of_row(found[0])


async def lock_now(run: int) -> Run | None:
    """The same without waiting; None while somebody else has it, who is beginning it."""
    found = await database.rows(
        f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.id = $1 FOR NO KEY UPDATE SKIP LOCKED", run
    )
    return of_row(found[0]) if found else None


async def get(*numbers: int) -> list[Run]:
    """Runs that are known to exist, by number."""
    found = await database.rows(
        f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.id = ANY($1::bigint[]) ORDER BY r.id", list(numbers)
    )
    return [of_row(row) for row in found]


async def claim_due() -> Run | None:
    """The run whose time came first, locked; those another worker holds are passed over."""
    found = await database.row(
        f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.state = 'waiting' AND r.at <= {clock.NOW}"
        " ORDER BY r.at, r.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED"
    )
    return of_row(found) if found else None


async def doubt_due() -> None:
    """Runs whose time had come may have begun before a restore: staff are asked when they are claimed."""
    await database.run(f"UPDATE broadcast_runs SET reason = 'restored' WHERE state = 'waiting' AND at <= {clock.NOW}")


# The row of a test stands for nobody's end: the rest comes with what has won.
_ENDED = f"""
UPDATE broadcast_runs r SET told = true WHERE r.id = (
    SELECT r.id FROM broadcast_runs r JOIN operations p ON p.id = r.operation_id
    WHERE r.state = 'begun' AND NOT r.told AND p.state = 'done'
    AND NOT EXISTS (SELECT 1 FROM broadcast_runs t WHERE t.test_id = r.id AND t.state <> 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.cause = 'operation:' || p.id AND o.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.cause = 'operation:' || p.id AND o.state = 'sending')
    ORDER BY r.id LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
) RETURNING {COLUMNS}
"""


async def ended() -> Run | None:
    """A run of which nothing has to leave any more, once: whoever asks tells staff of it."""
    found = await database.row(_ENDED)
    return of_row(found) if found else None


async def next_at() -> datetime | None:
    """When the next run begins (business time)."""
    at: datetime | None = await database.value("SELECT min(at) FROM broadcast_runs WHERE state = 'waiting'")
    return at


async def begun(run: int, operation: int, counted: int, now: datetime) -> None:
    await database.run(
        "UPDATE broadcast_runs SET state = 'begun', operation_id = $2, counted = $3, begun_at = $4,"
        " version = version + 1 WHERE id = $1",
        run,
        operation,
        counted,
        now,
    )


async def ask(run: int, reason: Reason, counted: int | None) -> None:
    """Leave it to staff whether it is sent."""
    await database.run(
        "UPDATE broadcast_runs SET state = 'asked', reason = $2, counted = $3, version = version + 1 WHERE id = $1",
        run,
        reason,
        counted,
    )


async def cancel(run: int, version: int | None = None) -> bool:
    """Give up a run that has not begun, of this version if one is given; whether there was one."""
    found = await database.rows(
        "UPDATE broadcast_runs SET state = 'cancelled', version = version + 1 WHERE id = $1"
        " AND state IN ('waiting', 'asked') AND ($2::int IS NULL OR version = $2) RETURNING operation_id, broadcast_id",
        run,
        version,
    )
    if not found:
        return False
    await database.run("UPDATE operations SET state = 'stopped' WHERE id = $1", found[0]["operation_id"])
    await database.run("UPDATE broadcasts SET version = version + 1 WHERE id = $1", found[0]["broadcast_id"])
    return True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that is still to begin, for so many friends; `repeats` as the broadcast's definition has it."""

    at: datetime
    confirmed: int
    repeats: dict[str, Any] | None


async def due_before(until: datetime, besides: int | None = None) -> list[Waiting]:
    """All runs that begin before `until`, but for those of one broadcast."""
    found = await database.rows(
        "SELECT at, confirmed, definition->'repeats' AS repeats FROM broadcast_runs"
        " WHERE state = 'waiting' AND at < $1 AND broadcast_id IS DISTINCT FROM $2::bigint",
        until,
        besides,
    )
    return [Waiting(row["at"], row["confirmed"], orjson.loads(row["repeats"] or "null")) for row in found]


async def unplanned() -> int:
    """Messages of runs that have begun for which no row waits to leave yet."""
    found: int = await database.value(
        "SELECT coalesce(sum(p.total - p.done), 0)::int FROM broadcast_runs r"
        " JOIN operations p ON p.id = r.operation_id WHERE r.state = 'begun' AND p.state = 'running'"
    )
    return found


async def of_broadcast(broadcast: int) -> list[Run]:
    """Its runs that have begun, the latest first."""
    found = await database.rows(
        f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.broadcast_id = $1 AND r.state = 'begun' ORDER BY r.id DESC",
        broadcast,
    )
    return [of_row(row) for row in found]


async def halted(broadcast: int) -> Run | None:
    """Its latest run that has begun, where that was stopped on the way."""
    found = await database.rows(
        f"SELECT {COLUMNS}, p.state = 'stopped' AS halted FROM broadcast_runs r JOIN operations p"
        " ON p.id = r.operation_id WHERE r.broadcast_id = $1 AND r.state = 'begun' ORDER BY r.id DESC LIMIT 1",
        broadcast,
    )
    return of_row(found[0]) if found and found[0]["halted"] else None


async def passed_over(broadcast: int) -> Run | None:
    """Of a repeated one that is reserved, the run before the next, where that was left to staff."""
    found = await database.rows(
        f"SELECT {COLUMNS} FROM broadcast_runs r WHERE r.broadcast_id = $1"
        " AND r.id < (SELECT run_id FROM broadcasts WHERE id = $1) ORDER BY r.id DESC LIMIT 1",
        broadcast,
    )
    return of_row(found[0]) if found and found[0]["run_state"] == "asked" else None


def cause(operation: int) -> str:
    """Under which each friend's message of a run stands in `deliveries`: its list sends once."""
    return f"operation:{operation}:1"


async def together(run: Run, *, begun: bool = False) -> list[int]:
    """The operations that carry out a run: its own, and where something is tried, those of the test and of the rest;
    only of what has `begun`."""
    found = await database.rows(
        "SELECT operation_id FROM broadcast_runs WHERE operation_id IS NOT NULL"
        " AND ($1::bigint IN (id, test_id) OR id = $2::bigint) AND (state = 'begun' OR NOT $3::bool) ORDER BY id",
        run.id,
        run.test,
        begun,
    )
    return [row["operation_id"] for row in found]


# What a friend's message of a run has come to, of `deliveries d LEFT JOIN outbox o`: the outbox's state, or left_out.
END = (
    "CASE WHEN d.state = 'cancelled' OR o.error = 'blocked'"
    " OR o.state = 'cancelled' AND o.chat = '' AND o.recipients = '{}' THEN 'left_out' ELSE o.state END"
)


async def tally(*operations: int) -> Tally:
    """What has come of everybody whom a run meant; where it was in parts, of all of them."""
    rows = await database.rows(
        f"SELECT d.cause, {END} AS state, count(*)::int AS friends FROM deliveries d"
        " LEFT JOIN outbox o ON o.id = d.outbox_id WHERE d.cause = ANY($1::text[]) GROUP BY 1, 2",
        [cause(one) for one in operations],
    )
    return await tallied(operations, rows)


async def tallied(
    operations: Sequence[int], rows: Sequence[Mapping[str, Any]], sight: segments.Sight | None = None
) -> Tally:
    """The same, where the `friends` of each `cause` and `state` (END) are known already; of those whom `sight` sees."""
    statement = segments.Statement(sight, (list(operations),)) if sight is not None else None
    theirs = statement.belongs("o.friend_id") if statement is not None else ""
    rests = await database.rows(
        "SELECT p.id, p.state = 'stopped' AS halted, count(*) FILTER (WHERE o.state = 'open')::int AS open,"
        " count(*) FILTER (WHERE o.state IN ('parked', 'dropped') AND NOT o.doubted)::int AS aside,"
        " count(*) FILTER (WHERE o.state = 'dropped' AND NOT o.doubted)::int AS cleared,"
        " count(*) FILTER (WHERE o.state IN ('parked', 'dropped') AND o.doubted)::int AS doubted"
        f" FROM operations p LEFT JOIN operation_friends o ON o.operation_id = p.id AND o.state <> 'done'{theirs}"
        " WHERE p.id = ANY($1::bigint[]) GROUP BY p.id",
        *(statement.values if statement is not None else (list(operations),)),
    )
    found: Counter[str] = Counter()
    for row in rows:
        found[row["state"]] += row["friends"]
    halted = {cause(one["id"]) for one in rests if one["halted"]}
    held_back = sum(row["friends"] for row in rows if row["state"] == "open" and row["cause"] in halted)
    held_back += sum(one["open"] for one in rests if one["halted"])
    return Tally(
        sent=found["accepted"],
        under_way=found["sending"],
        waiting=found["open"] + sum(one["open"] for one in rests) - held_back,
        stopped=found["cancelled"] + sum(one["aside"] for one in rests) + held_back,
        unknown=found["unknown"] + sum(one["doubted"] for one in rests),
        left_out=found["refused"] + found["left_out"],
        cleared=sum(one["cleared"] for one in rests),
    )

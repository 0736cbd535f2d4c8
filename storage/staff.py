"""Staff, the groups they work in, and the one-time codes by which a group is claimed."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

Role = Literal["viewer", "operator", "manager", "owner"]

CODE_LIFE = timedelta(minutes=10)
COST = 2**12  # scrypt's n: what each guess takes at a code whose digest has leaked
TIME_TO_CLAIM = timedelta(minutes=10)  # an unclaimed group is left after this
# A code has 10^8 values and lives ten minutes. A group gets five tries at it, however often it is left and invited
# again; once ten have been wrong in all groups together, new ones get two. So strangers who bring G groups hit it with
# a chance of (10 + 2 G) / 10^8: with a thousand groups in its ten minutes, each made and invited into by hand, one in
# 50,000. The code itself stays good: nobody can void the owner's by guessing.
TRIES_PER_GROUP = 5
TRIES_UNBRAKED = 10
TRIES_BRAKED = 2


class Staff(Model):
    id = fields.BigIntField(primary_key=True)
    line_user_id = fields.CharField(max_length=64, unique=True)
    name = fields.TextField()
    role = fields.CharField(max_length=12)  # owner | manager | operator | viewer
    state = fields.CharField(max_length=12)  # active | suspended | removed
    scope = fields.JSONField[Any](null=True)  # the friends they see and act on, as storage.segments has it; null: all
    duty = fields.JSONField[Any](
        null=True
    )  # 当番: the hours in which notices are pushed to them (jobs.hours); null: none
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    last_command_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"


class Group(Model):
    id = fields.BigIntField(primary_key=True)
    line_group_id = fields.CharField(max_length=64, unique=True)
    name = fields.TextField()  # LINE's
    label = fields.TextField(null=True)  # what staff call it, before LINE's name
    state = fields.CharField(max_length=12)  # unclaimed | claimed | left
    role = fields.CharField(max_length=12, default="owner", db_default="owner")  # the most anybody may do there
    scope = fields.JSONField[Any](null=True)  # the friends that are seen there, as storage.segments has it; null: all
    joined_at = fields.DatetimeField()  # when the bot last came or went; older news of it changes nothing
    leave_at = fields.DatetimeField(null=True)  # an unclaimed group is left then
    wrong_codes = fields.IntField(default=0, db_default=0)  # tries at the code `wrong_for`
    wrong_for = fields.BigIntField(null=True)  # claim_codes.id; null: no code was open
    members = fields.IntField(null=True)  # heads a push to the group costs, when last counted
    version = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "groups"


class Membership(Model):
    id = fields.BigIntField(primary_key=True)
    group_id = fields.BigIntField()
    line_user_id = fields.CharField(max_length=64)
    left_at = fields.DatetimeField(null=True)
    state_at = fields.DatetimeField()  # joins and leaves apply only when newer

    class Meta:
        table = "memberships"
        unique_together = (("group_id", "line_user_id"),)


class ClaimCode(Model):
    id = fields.BigIntField(primary_key=True)
    salt = fields.BinaryField()
    digest = fields.BinaryField()
    role = fields.CharField(max_length=12)
    # what the group it registers is called and shows; null: a code from the terminal, which gives its role to a person
    group_name = fields.TextField(null=True)
    scope = fields.JSONField[Any](null=True)
    issued_by = fields.BigIntField(null=True)  # staff.id; it is void once they are no owner any more
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    wrong_tries = fields.IntField(default=0, db_default=0)
    void = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "claim_codes"


async def is_active(line_user_id: str) -> bool:
    found = await database.rows("SELECT 1 FROM staff WHERE line_user_id = $1 AND state = 'active'", line_user_id)
    return bool(found)


async def groups_to_leave(now: datetime) -> list[Group]:
    """Groups whose time to be claimed is over."""
    return await Group.filter(state="unclaimed", leave_at__lte=now).order_by("id").limit(20)


async def left(group_id: int) -> None:
    """The bot is out of this group; its settings are kept."""
    await database.run("UPDATE groups SET state = 'left', version = version + 1 WHERE id = $1", group_id)


@dataclass(frozen=True, slots=True)
class Member:
    """A person who may do something here; `state` is active or suspended, `scope` a segment or None for everybody."""

    id: int
    line_user_id: str
    name: str
    role: Role
    state: str
    scope: dict[str, Any] | None
    version: int
    last_command_at: datetime | None
    duty: list[Any] | None = None  # 当番, as jobs.hours has it


@dataclass(frozen=True, slots=True)
class Room:
    """A group as the door sees it; nobody may do more there than `role`, or see friends outside of `scope`."""

    id: int
    line_group_id: str
    name: str
    state: str
    role: Role
    scope: dict[str, Any] | None
    leave_at: datetime | None
    members: int | None
    version: int


_MEMBER = "id, line_user_id, name, role, state, scope, version, last_command_at, duty"
_ROOM = "id, line_group_id, coalesce(label, name) AS name, state, role, scope, leave_at, members, version"


def _json(scope: dict[str, Any] | None) -> str | None:
    return None if scope is None else orjson.dumps(scope).decode()


def _member(row: dict[str, Any]) -> Member:
    return Member(**row | {key: orjson.loads(row[key] or "null") for key in ("scope", "duty")})


def _room(row: dict[str, Any]) -> Room:
    return Room(**row | {"scope": orjson.loads(row["scope"] or "null")})


async def find(line_user_id: str) -> Member | None:
    """Who this is among the staff; the removed are nobody."""
    found = await database.row(
        f"SELECT {_MEMBER} FROM staff WHERE line_user_id = $1 AND state <> 'removed'", line_user_id
    )
    return _member(found) if found else None


async def all_members() -> list[Member]:
    """Everybody, the highest role first."""
    found = await database.rows(
        f"SELECT {_MEMBER} FROM staff WHERE state <> 'removed'"
        " ORDER BY array_position(ARRAY['owner', 'manager', 'operator', 'viewer'], role::text), id"
    )
    return [_member(row) for row in found]


async def lock_all() -> list[Member]:
    """The same, locked: whoever changes rights counts the owners first."""
    await database.run("SELECT 1 FROM staff ORDER BY id FOR NO KEY UPDATE")
    return await all_members()


async def appoint(line_user_id: str, name: str, role: Role, now: datetime) -> Member:
    """Give a person this role over all friends, whatever they were before."""
    return (await appoint_all([(line_user_id, name)], role, None, now))[0]


async def appoint_all(
    people: Sequence[tuple[str, str]], role: Role, scope: dict[str, Any] | None, now: datetime
) -> list[Member]:
    """Give (LINE user id, name) this role over the friends in `scope`, whatever they were before."""
    found = await database.rows(
        "INSERT INTO staff (line_user_id, name, role, scope, state, created_at)"
        " SELECT u, n, $3, $4::jsonb, 'active', $5 FROM unnest($1::text[], $2::text[]) AS x (u, n)"
        " ON CONFLICT (line_user_id) DO UPDATE SET role = excluded.role, scope = excluded.scope, state = 'active',"
        " duty = CASE WHEN staff.state = 'removed' THEN NULL ELSE staff.duty END,"
        " name = CASE WHEN excluded.name = '' THEN staff.name ELSE excluded.name END, version = staff.version + 1"
        f" RETURNING {_MEMBER}",
        [user for user, _ in people],
        [name for _, name in people],
        role,
        _json(scope),
        now,
    )
    return [_member(row) for row in found]


async def change(staff_id: int, state: str) -> int:
    """The new version."""
    found: int = await database.value(
        "UPDATE staff SET state = $2, version = version + 1 WHERE id = $1 RETURNING version", staff_id, state
    )
    return found


async def entitle(staff_id: int, role: Role, scope: dict[str, Any] | None) -> int:
    """The new version, with this role over the friends in `scope`."""
    found: int = await database.value(
        "UPDATE staff SET role = $2, scope = $3::jsonb, version = version + 1 WHERE id = $1 RETURNING version",
        staff_id,
        role,
        _json(scope),
    )
    return found


async def put_on_duty(staff_id: int, duty: list[Any] | None) -> int:
    """The new version, with these hours of duty."""
    found: int = await database.value(
        "UPDATE staff SET duty = $2::jsonb, version = version + 1 WHERE id = $1 RETURNING version",
        staff_id,
        None if duty is None else orjson.dumps(duty).decode(),
    )
    return found


async def suspend(line_user_ids: Sequence[str]) -> list[Member]:
    """Take their rights away for now; who had any, as they are now."""
    found = await database.rows(
        "UPDATE staff SET state = 'suspended', version = version + 1"
        f" WHERE line_user_id = ANY($1::text[]) AND state = 'active' RETURNING {_MEMBER}",
        list(line_user_ids),
    )
    return [_member(row) for row in found]


async def talk_of(staff_id: int) -> str | None:
    """The LINE user id of a member whom we can write to, since they are a friend of the account too."""
    found: str | None = await database.value(
        "SELECT s.line_user_id FROM staff s JOIN friends f ON f.line_user_id = s.line_user_id"
        " WHERE s.id = $1 AND s.state = 'active' AND NOT f.shut",
        staff_id,
    )
    return found


async def is_called(staff_id: int, name: str) -> None:
    """LINE tells another name than before."""
    await database.run("UPDATE staff SET name = $2 WHERE id = $1", staff_id, name)


async def gave_command(staff_id: int, now: datetime) -> None:
    await database.run("UPDATE staff SET last_command_at = $2 WHERE id = $1", staff_id, now)


async def room(line_group_id: str) -> Room | None:
    found = await database.row(f"SELECT {_ROOM} FROM groups WHERE line_group_id = $1", line_group_id)
    return _room(found) if found else None


async def rooms() -> list[Room]:
    """The claimed groups, oldest first."""
    found = await database.rows(f"SELECT {_ROOM} FROM groups WHERE state = 'claimed' ORDER BY id")
    return [_room(row) for row in found]


async def joined(line_group_id: str, name: str, members: int | None, at: datetime, leave_at: datetime) -> bool:
    """The bot has come into this group, which nobody has claimed (again); False when newer news is known."""
    found = await database.rows(
        "INSERT INTO groups (line_group_id, name, members, state, joined_at, leave_at)"
        " VALUES ($1, $2, $3, 'unclaimed', $4, $5)"
        " ON CONFLICT (line_group_id) DO UPDATE SET state = 'unclaimed', joined_at = excluded.joined_at,"
        " leave_at = excluded.leave_at, version = groups.version + 1,"
        " members = coalesce(excluded.members, groups.members),"
        " name = CASE WHEN excluded.name = '' THEN groups.name ELSE excluded.name END"
        " WHERE groups.joined_at < excluded.joined_at RETURNING id",
        line_group_id,
        name,
        members,
        at,
        leave_at,
    )
    return bool(found)


async def put_out(line_group_id: str, at: datetime) -> bool:
    """The bot is out of this group and the claim is void; what was set stays. False when newer news is known."""
    found = await database.rows(
        "UPDATE groups SET state = 'left', joined_at = $2, leave_at = NULL, version = version + 1"
        " WHERE line_group_id = $1 AND joined_at < $2 AND state <> 'left' RETURNING id",
        line_group_id,
        at,
    )
    return bool(found)


async def leave_now(group_id: int, now: datetime) -> None:
    """The worker leaves this unclaimed group as soon as it looks."""
    await database.run("UPDATE groups SET leave_at = $2 WHERE id = $1 AND state = 'unclaimed'", group_id, now)


async def claimed(group_id: int, name: str | None, members: int | None) -> None:
    """The group is staff's from now on; what was set for it before stands."""
    await database.run(
        "UPDATE groups SET state = 'claimed', leave_at = NULL, version = version + 1,"
        " name = coalesce(nullif($2::text, ''), name), members = coalesce($3::int, members) WHERE id = $1",
        group_id,
        name,
        members,
    )


async def arrange(group_id: int, label: str, role: Role, scope: dict[str, Any] | None) -> int:
    """What a group is called, the most that may be done there and to whom; the new version."""
    found: int = await database.value(
        "UPDATE groups SET label = $2, role = $3, scope = $4::jsonb, version = version + 1 WHERE id = $1"
        " RETURNING version",
        group_id,
        label,
        role,
        _json(scope),
    )
    return found


async def give_up(group_id: int, now: datetime) -> None:
    """The group is staff's no longer, and the worker leaves it as soon as it looks."""
    await database.run(
        "UPDATE groups SET state = 'unclaimed', leave_at = $2, version = version + 1 WHERE id = $1", group_id, now
    )


async def counted(group_id: int, members: int) -> None:
    await database.run("UPDATE groups SET members = $2 WHERE id = $1", group_id, members)


@dataclass(frozen=True, slots=True)
class Code:
    """What a claim code is good for. From the terminal (`group_name` is None) it makes a person `role`; said in a chat
    it was made for a further group, where nobody may do more than `role`, or to other friends than `scope`."""

    id: int
    role: Role
    group_name: str | None
    scope: dict[str, Any] | None


async def new_code(
    role: Role,
    now: datetime,
    *,
    group_name: str | None = None,
    scope: dict[str, Any] | None = None,
    issued_by: int | None = None,
) -> str:
    """A code of eight digits, kept only as a salted hash; codes made before are void."""
    code = f"{secrets.randbelow(10**8):08d}"
    salt = secrets.token_bytes(16)
    await database.run("UPDATE claim_codes SET void = true WHERE used_at IS NULL AND NOT void")
    await database.run(
        "INSERT INTO claim_codes (salt, digest, role, created_at, expires_at, group_name, scope, issued_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)",
        salt,
        _digest(code, salt),
        role,
        now,
        now + CODE_LIFE,
        group_name,
        _json(scope),
        issued_by,
    )
    return code


async def try_code(group_id: int, code: str, now: datetime) -> tuple[Code | None, int]:
    """What a code is good for, once; None when it is wrong, used, void or out of date, or this group has no try left
    at the open code. And how many tries are left then.

    A code for a further group is none in a claimed one, nor once whoever made it is no owner any more.
    """
    found = await database.row(
        "SELECT c.id, c.salt, c.digest, c.role, c.wrong_tries, c.group_name, c.scope FROM claim_codes c"
        " WHERE c.used_at IS NULL AND NOT c.void AND c.expires_at > $1 AND (c.group_name IS NULL OR ("
        "  EXISTS (SELECT 1 FROM groups g WHERE g.id = $2 AND g.state = 'unclaimed')"
        "  AND EXISTS (SELECT 1 FROM staff s WHERE s.id = c.issued_by AND s.role = 'owner' AND s.state = 'active')))"
        " ORDER BY c.id DESC LIMIT 1 FOR NO KEY UPDATE OF c",
        now,
        group_id,
    )
    number = found["id"] if found else None
    tried: int = await database.value(
        "SELECT CASE WHEN wrong_for IS NOT DISTINCT FROM $2::bigint THEN wrong_codes ELSE 0 END FROM groups"
        " WHERE id = $1",
        group_id,
        number,
    )
    wrong = found["wrong_tries"] if found else 0
    if tried < _tries(wrong):
        if found and hmac.compare_digest(_digest(code, found["salt"]), found["digest"]):
            await database.run("UPDATE claim_codes SET used_at = $2 WHERE id = $1", number, now)
            scope = orjson.loads(found["scope"] or "null")
            return Code(found["id"], found["role"], found["group_name"], scope), 0
        tried, wrong = tried + 1, wrong + 1
        await database.run("UPDATE claim_codes SET wrong_tries = $2 WHERE id = $1", number, wrong)
        await database.run("UPDATE groups SET wrong_codes = $2, wrong_for = $3 WHERE id = $1", group_id, tried, number)
    return None, max(0, _tries(wrong) - tried)


def _tries(wrong: int) -> int:
    """How many tries a group has at a code that has been missed so often."""
    return TRIES_PER_GROUP if wrong < TRIES_UNBRAKED else TRIES_BRAKED


async def owned() -> bool:
    """Whether anybody is owner."""
    return bool(await database.rows("SELECT 1 FROM staff WHERE role = 'owner' AND state = 'active' LIMIT 1"))


async def moved(group_id: int, line_user_ids: Sequence[str], at: datetime, *, here: bool) -> list[str]:
    """These people have come into a group or left it; the ones of whom no newer news is known."""
    found = await database.rows(
        "INSERT INTO memberships (group_id, line_user_id, left_at, state_at)"
        " SELECT $1, u, CASE WHEN $4 THEN NULL ELSE $3::timestamptz END, $3 FROM unnest($2::text[]) AS x (u)"
        " ON CONFLICT (group_id, line_user_id) DO UPDATE SET left_at = excluded.left_at, state_at = excluded.state_at"
        " WHERE memberships.state_at < excluded.state_at RETURNING line_user_id",
        group_id,
        sorted(set(line_user_ids)),
        at,
        here,
    )
    return [row["line_user_id"] for row in found]


async def is_here(group_id: int, line_user_id: str, at: datetime) -> None:
    """Somebody speaks in a group, so they are in it, whatever was heard of before."""
    await database.run(
        "INSERT INTO memberships (group_id, line_user_id, state_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (group_id, line_user_id) DO UPDATE SET left_at = NULL, state_at = excluded.state_at"
        " WHERE memberships.left_at < excluded.state_at",
        group_id,
        line_user_id,
        at,
    )


async def among_managers(line_user_ids: Sequence[str]) -> set[str]:
    """Which of these people are known to be in a group where managers work."""
    found = await database.rows(
        "SELECT DISTINCT m.line_user_id FROM memberships m JOIN groups g ON g.id = m.group_id"
        " WHERE m.line_user_id = ANY($1::text[]) AND m.left_at IS NULL AND g.state = 'claimed'"
        " AND g.role IN ('owner', 'manager') AND g.scope IS NULL",
        list(line_user_ids),
    )
    return {row["line_user_id"] for row in found}


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=8, p=1)

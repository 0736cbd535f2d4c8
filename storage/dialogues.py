"""What a person in a chat is in the middle of: the last list shown, questions under way, cards to be confirmed."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

Kind = Literal["list", "block", "command", "wizard", "media", "text"]
Policy = Literal["asker", "asker_or_manager", "anyone_registered", "manager_not_asker"]

OPEN_FOR = timedelta(minutes=10)  # lists, blocks to be continued, and the ease after a command
TOKEN_LETTERS = string.ascii_letters + string.digits
TOKEN_LENGTH = 12
KEPT = timedelta(days=7)  # a card that old is answered like an unknown one


class Dialogue(Model):
    id = fields.BigIntField(primary_key=True)
    chat = fields.CharField(max_length=64)
    person = fields.CharField(max_length=64)
    # list | block (a definition to be continued) | command (last use) | wizard | media (a photo is waited for)
    # | text (of a command that has said all but that)
    kind = fields.CharField(max_length=16)
    data: fields.JSONField[Any] = fields.JSONField()
    at = fields.DatetimeField()

    class Meta:
        table = "dialogues"
        unique_together = (("chat", "person", "kind"),)


class Confirmation(Model):
    token = fields.CharField(max_length=16, primary_key=True)  # the postback is t=<token>
    chat = fields.CharField(max_length=64)
    asker = fields.CharField(max_length=64)
    policy = fields.CharField(max_length=20)  # asker | asker_or_manager | anyone_registered | manager_not_asker
    command = fields.TextField()  # the full command line that a press runs
    arguments: fields.JSONField[Any] = fields.JSONField(
        null=True
    )  # what was resolved when the card was shown, versions included
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_by = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "confirmations"


async def open(
    chat: str, person: str, kind: Kind, now: datetime, since: datetime | None = None
) -> dict[str, Any] | None:
    """What this person has open here, if it is not older than ten minutes, nor than `since`."""
    found = await database.value(
        "SELECT data FROM dialogues WHERE chat = $1 AND person = $2 AND kind = $3 AND at > $4",
        chat,
        person,
        kind,
        max(now - OPEN_FOR, since or now - OPEN_FOR),
    )
    data: dict[str, Any] | None = orjson.loads(found) if found is not None else None
    return data


async def kinds_open(chat: str, person: str, now: datetime) -> set[str]:
    found = await database.rows(
        "SELECT kind FROM dialogues WHERE chat = $1 AND person = $2 AND at > $3", chat, person, now - OPEN_FOR
    )
    return {row["kind"] for row in found}


async def keep(chat: str, person: str, kind: Kind, data: dict[str, Any], now: datetime) -> None:
    await database.run(
        "INSERT INTO dialogues (chat, person, kind, data, at) VALUES ($1, $2, $3, $4::jsonb, $5)"
        " ON CONFLICT (chat, person, kind) DO UPDATE SET data = excluded.data, at = excluded.at",
        chat,
        person,
        kind,
        orjson.dumps(data).decode(),
        now,
    )


async def lasting(chat: str, person: str, kind: Kind) -> dict[str, Any] | None:
    """What this person has open here, however old, locked."""
    found = await database.value(
        "SELECT data FROM dialogues WHERE chat = $1 AND person = $2 AND kind = $3 FOR NO KEY UPDATE",
        chat,
        person,
        kind,
    )
    data: dict[str, Any] | None = orjson.loads(found) if found is not None else None
    return data


async def whose(chat: str, kind: Kind, holds: dict[str, Any]) -> str | None:
    """The person whose dialogue of this kind holds just this, as jsonb contains it."""
    found: str | None = await database.value(
        "SELECT person FROM dialogues WHERE chat = $1 AND kind = $2 AND data @> $3::jsonb LIMIT 1",
        chat,
        kind,
        orjson.dumps(holds).decode(),
    )
    return found


async def forget(kind: Kind, before: datetime) -> None:
    """Let go of what nobody has touched since."""
    await database.run("DELETE FROM dialogues WHERE kind = $1 AND at < $2", kind, before)


async def close(chat: str, person: str, kind: Kind) -> None:
    await database.run("DELETE FROM dialogues WHERE chat = $1 AND person = $2 AND kind = $3", chat, person, kind)


@dataclass(frozen=True, slots=True)
class Card:
    """A confirmation asked for; `arguments` is what was true when it was shown."""

    token: str
    chat: str
    asker: str
    policy: Policy
    command: str
    arguments: dict[str, Any]
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None
    created_at: datetime


_CARD = "token, chat, asker, policy, command, arguments, expires_at, used_at, used_by, created_at"


async def ask(
    chat: str,
    asker: str,
    policy: Policy,
    command: str,
    arguments: dict[str, Any],
    now: datetime,
    expires_at: datetime,
) -> str:
    """A confirmation to be pressed or typed; its token. Cards long out of date are swept away."""
    token = "".join(secrets.choice(TOKEN_LETTERS) for _ in range(TOKEN_LENGTH))
    await database.run("DELETE FROM confirmations WHERE expires_at < $1", now - KEPT)
    await database.run(
        "INSERT INTO confirmations (token, chat, asker, policy, command, arguments, expires_at, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)",
        token,
        chat,
        asker,
        policy,
        command,
        orjson.dumps(arguments).decode(),
        expires_at,
        now,
    )
    return token


async def lock_card(token: str) -> Card | None:
    """The card behind a button, locked: the first valid press wins."""
    found = await database.row(f"SELECT {_CARD} FROM confirmations WHERE token = $1 FOR UPDATE", token)
    return _card(found) if found else None


async def waiting_card(chat: str, asker: str, now: datetime) -> Card | None:
    """The last card this person was shown here, if it is still to be answered and a word can still mean it.

    Never one before it: a second はい must not carry out what was left lying.
    """
    found = await database.row(
        f"SELECT {_CARD} FROM confirmations WHERE chat = $1 AND asker = $2 AND expires_at > created_at"
        " ORDER BY created_at DESC, token LIMIT 1 FOR UPDATE",
        chat,
        asker,
    )
    card = _card(found) if found else None
    open_ = card is not None and card.used_at is None and card.expires_at > now and card.created_at > now - OPEN_FOR
    return card if open_ else None


async def request_open(asker: str, command: str, now: datetime) -> datetime | None:
    """Until when a request for just this command, by this person, is still to be answered."""
    found: datetime | None = await database.value(
        "SELECT max(expires_at) FROM confirmations WHERE asker = $1 AND policy = 'manager_not_asker' AND command = $2"
        " AND used_at IS NULL AND expires_at > $3",
        asker,
        command,
        now,
    )
    return found


async def requests_open(command: str, now: datetime) -> list[Card]:
    """The requests for just this command that are still to be answered, locked."""
    found = await database.rows(
        f"SELECT {_CARD} FROM confirmations WHERE policy = 'manager_not_asker' AND command = $1 AND used_at IS NULL"
        " AND expires_at > $2 ORDER BY created_at FOR UPDATE",
        command,
        now,
    )
    return [_card(row) for row in found]


async def use(token: str, by: str, now: datetime, *, refused: bool = False) -> None:
    await database.run(
        "UPDATE confirmations SET used_at = $2, used_by = $3,"
        " arguments = coalesce(arguments, '{}') || $4::jsonb WHERE token = $1",
        token,
        now,
        by,
        '{"refused": true}' if refused else "{}",
    )


async def drop(token: str, now: datetime) -> None:
    """The asker has thought better of it."""
    await database.run("UPDATE confirmations SET expires_at = $2 WHERE token = $1 AND used_at IS NULL", token, now)


async def drop_unshown(chat: str, asker: str, now: datetime) -> None:
    """Cards made at this very moment that will not be shown, so that no はい can mean them."""
    await database.run(
        "UPDATE confirmations SET expires_at = $3 WHERE chat = $1 AND asker = $2 AND created_at = $3", chat, asker, now
    )


def _card(row: dict[str, Any]) -> Card:
    return Card(**row | {"arguments": orjson.loads(row["arguments"] or "{}")})

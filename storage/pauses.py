"""What is not to be sent for now: stops by staff, and what LINE's answers have taught us to hold back."""

from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database

SLOWEST = 8.0  # seconds an endpoint is left alone at most after LINE found us too fast
FORGET = 10.0  # seconds without a new complaint after which the next one counts as the first
PROBE_SLOWEST = 60.0  # seconds between two probes of an endpoint that fails


class Pause(Model):
    # all | channel | class:promotion | cause:scenario:3 | quota:promotion (LINE's month is used up)
    # | endpoint:push (LINE found us too fast) | outage:push (only probes go until one succeeds)
    scope = fields.CharField(max_length=80, primary_key=True)
    reason = fields.TextField()  # a code: restored, forbidden, quota, body, rate, outage; or what staff wrote
    until = fields.DatetimeField(null=True)  # real time; null until somebody lifts it; of an outage: the next probe
    at = fields.DatetimeField()  # real time

    class Meta:
        table = "pauses"


@dataclass(frozen=True, slots=True)
class Held:
    scope: str
    reason: str
    until: datetime | None
    at: datetime


async def hold(scope: str, reason: str) -> bool:
    """Hold back `scope` until somebody lifts it; False when it was held already (its reason stays)."""
    found = await database.rows(
        "INSERT INTO pauses (scope, reason, at) VALUES ($1, $2, now()) ON CONFLICT (scope) DO NOTHING RETURNING scope",
        scope,
        reason,
    )
    return bool(found)


async def lift(scope: str) -> bool:
    """End a pause that has no bearing on replies (a person's stop ends by `outbox.resume`); whether there was one."""
    return bool(await database.rows("DELETE FROM pauses WHERE scope = $1 RETURNING scope", scope))


async def held() -> list[Held]:
    found = await database.rows(
        "SELECT scope, reason, until, at FROM pauses"
        " WHERE until IS NULL OR until > now() OR scope LIKE 'outage:%' ORDER BY at, scope"
    )
    return [Held(**row) for row in found]


async def slow(endpoint: str, seconds: float) -> None:
    """LINE found us too fast here: a short rest, twice as long each time it complains again soon after the last."""
    await database.run(
        "INSERT INTO pauses AS p (scope, reason, until, at)"
        " VALUES ('endpoint:' || $1::text, 'rate', now() + $2::float8 * interval '1 second', now())"
        " ON CONFLICT (scope) DO UPDATE SET at = now(), until = now() + CASE"
        " WHEN p.until > now() - $3::float8 * interval '1 second'"
        " THEN least(2 * (p.until - p.at), $4::float8 * interval '1 second') ELSE $2::float8 * interval '1 second' END"
        " WHERE p.until <= now()",
        endpoint,
        seconds,
        FORGET,
        SLOWEST,
    )


async def outage(endpoint: str, seconds: float) -> None:
    """Calls fail in a row here: from now on one probe at a time goes, the first after `seconds`."""
    await database.run(
        "INSERT INTO pauses (scope, reason, until, at)"
        " VALUES ('outage:' || $1::text, 'outage', now() + $2::float8 * interval '1 second', now())"
        " ON CONFLICT (scope) DO NOTHING",
        endpoint,
        seconds,
    )


async def probe_due() -> list[str]:
    """The failing endpoints that may be probed now; each is given to one process, and the next probe comes later."""
    found = await database.rows(
        "UPDATE pauses SET at = now(), until = now()"
        " + greatest(interval '1 second', least(2 * (until - at), $1::float8 * interval '1 second'))"
        " WHERE scope LIKE 'outage:%' AND until <= now() RETURNING substr(scope, 8) AS endpoint",
        PROBE_SLOWEST,
    )
    return [row["endpoint"] for row in found]

"""The sandbox's clock: the simulator moves business time, and all that falls due on the way is worked off."""

import asyncio
from datetime import datetime, timedelta

from aiohttp import web

from bot import webhook, wiring
from jobs import broadcasts, due, operations
from storage import clock
from storage.broadcasts import runs

PATH = "/sandbox/clock"
LONGEST = timedelta(days=400)  # one journey


def routes(house: wiring.House) -> list[web.RouteDef]:
    """`POST /sandbox/clock`, signed like a webhook.

    {"op": "now"}, {"op": "next", "until": T} (what falls due first) or {"op": "move", "to": T} (and do what is due).
    """
    keys = [secret.encode() for secret in house.settings.line_channel_secret]
    one_at_a_time = asyncio.Lock()

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        if not webhook.signed(body, request.headers.get("x-line-signature", ""), keys):
            return web.Response(status=401)
        try:
            asked = await request.json()
            op = asked["op"]
            at = _moment(asked.get("until") or asked.get("to"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.json_response({"message": "not understood"}, status=400)
        async with one_at_a_time:
            now = await clock.now()
            if op == "now":
                return web.json_response({"now": now.isoformat()})
            if at is None or at - now > LONGEST:
                return web.json_response({"message": "a time within a year is needed"}, status=400)
            if op == "next":
                await drain(house)  # what has just happened may bring about what falls due
                now, first = await clock.now(), _earlier(await due.next_at(), await runs.next_at())
                return web.json_response({"next": min(at, max(now, first)).isoformat() if first else at.isoformat()})
            if op == "move":
                await drain(house)
                await house.delivery.close_ambiguous_for_move()
                moved = await clock.move(at)
                await drain(house)
                return web.json_response({"now": moved.isoformat()})
        return web.json_response({"message": "unknown op"}, status=400)

    return [web.post(PATH, answer)]


async def drain(house: wiring.House) -> None:
    """Work off everything due at this moment: events, steps, sends; and what follows from them."""
    while True:
        await house.lanes.settle()
        await house.sender.settle()
        begun = await broadcasts.begin_due(house.cache)
        chunk = await operations.run_chunk(house.cache)
        done = await due.run_set(house.cache)
        if chunk or done.rows:
            await house.delivery.send_now([*(chunk or []), *done.rows])
        sent = await house.delivery.send_due()
        if not begun and chunk is None and not done.friends and not sent:
            return


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _moment(given: object) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise ValueError("a time is ISO 8601 text")
    found = datetime.fromisoformat(given)
    if found.tzinfo is None:
        raise ValueError("a time needs its zone")
    return found

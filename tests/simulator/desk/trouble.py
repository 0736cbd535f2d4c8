"""Faults on both wires: calls that go wrong, webhooks that are held, doubled, mixed or forged."""

import asyncio
import base64
import binascii
from typing import Any

import orjson

from tests.simulator import faults
from tests.simulator.desk.asking import Asked, shown_post
from tests.simulator.faults import ApiFault, Stop
from tests.simulator.people import Impossible
from tests.simulator.webhook_desk import Duplicates
from tests.simulator.webhooks import hostile
from tests.simulator.webhooks.post import as_redelivery, signature


async def fault_planned(asked: Asked) -> dict[str, Any]:
    """kind, endpoint ('*': any), calls, status (error kinds), latency_ms, spared (calls that pass before)."""
    kind = asked.need("kind")
    if kind not in faults.KINDS:
        raise Impossible(f"faults are {', '.join(faults.KINDS)}")
    asked.channel.faults.plan(
        ApiFault(
            asked.text("endpoint", None) or "*",
            kind,
            asked.whole("calls", 1),
            asked.whole("status", 500),
            asked.whole("latency_ms", 0),
            asked.whole("spared", 0),
        )
    )
    return {}


async def faults_cleared(asked: Asked) -> dict[str, Any]:
    asked.channel.faults.clear()
    return {}


async def stop_made(asked: Asked) -> dict[str, Any]:
    """Hold call number `call` (counted over all, from 1), or the `next`-th from now, before or after acceptance."""
    channel = asked.channel
    when = asked.text("when", None) or faults.BEFORE
    if when not in (faults.BEFORE, faults.AFTER):
        raise Impossible("when is before or after")
    ahead = asked.whole("next", 0)
    call = channel.ledger.calls_started + ahead if ahead else asked.whole("call")
    if call <= channel.ledger.calls_started:
        raise Impossible(f"call {call} has been made already")
    return shown_stop(channel.faults.add_stop(call, when))


async def stop_awaited(asked: Asked) -> dict[str, Any]:
    """?wait=SECONDS for the call to arrive at the stop."""
    stop = found_stop(asked)
    try:
        await asyncio.wait_for(stop.reached.wait(), max(asked.query("wait"), 0.001))
    except TimeoutError:
        pass
    return shown_stop(stop)


async def stop_released(asked: Asked) -> dict[str, Any]:
    """then: continue or reset."""
    stop = found_stop(asked)
    stop.then = asked.text("then", None) or "continue"
    if stop.then not in ("continue", "reset"):
        raise Impossible("then is continue or reset")
    stop.released.set()
    del asked.channel.faults.stops[stop.id]
    return shown_stop(stop)


def found_stop(asked: Asked) -> Stop:
    stop = asked.channel.faults.stops.get(int(asked.request.match_info["stop"]))
    if stop is None:
        raise Impossible("there is no such stop")
    return stop


def shown_stop(stop: Stop) -> dict[str, Any]:
    return {
        "id": stop.id,
        "call": stop.call,
        "when": stop.when,
        "reached": stop.reached.is_set(),
        "endpoint": stop.endpoint,
        "request_id": stop.request_id,
        "gone": stop.client_gone is not None and stop.client_gone(),
    }


async def held(asked: Asked) -> dict[str, Any]:
    asked.channel.webhooks.holding = True
    return {}


async def held_listed(asked: Asked) -> list[dict[str, Any]]:
    return asked.channel.webhooks.held


async def released(asked: Asked) -> dict[str, Any]:
    """order: given (default), reversed, or a list of event ids; batch: events a request; parallel."""
    desk = asked.channel.webhooks
    order = asked.body.get("order", "given")
    if order == "given":
        chosen = None
    elif order == "reversed":
        chosen = [event["webhookEventId"] for event in reversed(desk.held)]
    else:
        chosen = asked.texts("order")
    posts = await asked.postman.release(
        asked.channel, chosen, batch=asked.whole("batch", 1), parallel=asked.flag("parallel")
    )
    return {"webhooks": [shown_post(post) for post in posts]}


async def duplicated(asked: Asked) -> dict[str, Any]:
    """Each of the next `events` events leaves `times` times more."""
    plan = Duplicates(
        asked.whole("events", 1), asked.whole("times", 1), asked.flag("redelivery"), asked.flag("parallel")
    )
    asked.channel.webhooks.duplicates.append(plan)
    return {}


async def redelivered(asked: Asked) -> dict[str, Any]:
    """One event again, by its id, as LINE would redeliver it."""
    event = asked.channel.webhooks.sent.get(asked.need("event"))
    if event is None:
        raise Impossible("this event is not kept")
    return {"webhook": shown_post(await asked.postman.send(asked.channel, [as_redelivery(event)]))}


async def forged(asked: Asked) -> dict[str, Any]:
    """events (sent as they are, in a proper envelope), body (any text) or base64 (any bytes).

    signature: good (default), bad, none, or the header's text; secret: another key to sign with.
    """
    channel = asked.channel
    body = forged_body(asked)
    wanted = asked.text("signature", None) or "good"
    secret = asked.text("secret", None) or channel.secret
    signed: str | None = wanted
    if wanted == "good":
        signed = signature(secret, body)
    elif wanted == "bad":
        signed = signature(secret + "!", body)
    elif wanted == "none":
        signed = None
    events = asked.body.get("events") or []
    for event in events:
        if isinstance(event, dict) and isinstance(event.get("replyToken"), str):
            chat_id = chat_of(event)
            if chat_id is not None:
                channel.reply_tokens.give(event["replyToken"], chat_id, channel.clock.now_ms())
    kept = [event for event in events if isinstance(event, dict)]
    return {"webhook": shown_post(await asked.postman.send_bytes(channel, body, signed, kept))}


async def hostile_sent(asked: Asked) -> dict[str, Any]:
    """kind: one of GET's list; user: whose words they seem to be."""
    channel, kind = asked.channel, asked.need("kind")
    if kind not in hostile.KINDS:
        raise Impossible(f"hostile webhooks are {', '.join(hostile.KINDS)}")
    known = set(channel.reply_tokens.open)
    body = hostile.body(kind, channel, channel.person(asked.need("user")))
    for token in channel.reply_tokens.open.keys() - known:
        channel.reply_tokens.received(token, channel.clock.now_ms())
    return {"webhook": shown_post(await asked.postman.send_bytes(channel, body, signature(channel.secret, body)))}


def chat_of(event: dict[str, Any]) -> str | None:
    source = event.get("source")
    if not isinstance(source, dict):
        return None
    chat_id = source.get("groupId") or source.get("roomId") or source.get("userId")
    return chat_id if isinstance(chat_id, str) else None


def forged_body(asked: Asked) -> bytes:
    if "events" in asked.body:
        destination = asked.text("destination", None) or asked.channel.bot_user_id
        return orjson.dumps({"destination": destination, "events": asked.body["events"]})
    if "base64" in asked.body:
        try:
            return base64.b64decode(asked.need("base64"), validate=True)
        except binascii.Error:
            raise Impossible("base64 cannot be read") from None
    return asked.need("body").encode("utf-8", "surrogatepass")

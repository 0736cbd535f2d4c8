"""Queries of the ledger, and the live stream of a channel."""

import asyncio
import time
from typing import Any

from aiohttp import web

from tests.simulator import clock, ledger
from tests.simulator.api import door
from tests.simulator.channel import Channel
from tests.simulator.deeds import fetching, pressing
from tests.simulator.desk.asking import Asked, shown_post
from tests.simulator.people import Impossible
from tests.simulator.watchers import RESYNC

COLUMNS = ["seq", "chat", "message_id", "index", "how", "at_ms", "request_id", "retry_key", "message", "quiet"]
HEARTBEAT_SECONDS = 15.0
MINUTE_MS = 60_000


async def talk(asked: Asked) -> dict[str, Any]:
    """?after=SEQ: only newer entries; ?wait=SECONDS: answer as soon as there are any."""
    channel = asked.channel
    chat_id = asked.request.match_info["chat"]
    if not channel.chat_exists(chat_id):
        raise Impossible(f"nobody here has the id {chat_id}", "そのトークはもうありません。")
    after = int(asked.query("after"))
    ends = time.monotonic() + asked.query("wait")
    entries = channel.ledger.talk(chat_id, after)
    while not entries and (left := ends - time.monotonic()) > 0:
        await channel.watchers.changed(left)
        entries = channel.ledger.talk(chat_id, after)
    return {
        "entries": [ledger.shown_entry(entry, chat_id) for entry in entries],
        "seq": channel.ledger.seq,
        "read": marks_of(channel, chat_id),
    }


def marks_of(channel: Channel, chat_id: str) -> dict[str, str]:
    """Who has read up to which message; ids are texts, because a browser's numbers are too small for them."""
    return {reader: str(mark) for reader, mark in channel.reading.of(chat_id).items()}


async def buttons(asked: Asked) -> list[dict[str, Any]]:
    """What can be pressed in a talk, newest first."""
    found = pressing.buttons(asked.channel, asked.request.match_info["chat"])
    return [{"message_id": one.message_id, "pointer": one.pointer, "action": one.action} for one in found]


async def deliveries(asked: Asked) -> dict[str, Any]:
    """One row per person or group and message object: what reached a phone, in order of acceptance."""
    rows = [
        [
            send.seq,
            chat_id,
            send.message_id(index),
            index,
            send.how,
            send.at_ms,
            send.request_id,
            send.retry_key,
            send.messages[index],
            send.quiet,
        ]
        for send, chat_id, index in asked.channel.ledger.deliveries(int(asked.query("after")))
    ]
    return {"columns": COLUMNS, "rows": rows, "seq": asked.channel.ledger.seq}


async def coupon(asked: Asked) -> dict[str, Any]:
    """What a coupon says, and whether it runs."""
    found = asked.channel.coupons.by_id.get(asked.request.match_info["coupon"])
    if found is None:
        raise Impossible("there is no such coupon", "このクーポンはもうありません。")
    return {**found.content, "status": found.status}


async def undelivered(asked: Asked) -> dict[str, Any]:
    """Accepted but seen by nobody: [seq, user, why, how, at_ms, request_id, retry_key, messages]; ?after=, ?chat=."""
    after, chat = int(asked.query("after")), asked.request.query.get("chat")
    rows = [
        [send.seq, user_id, why, send.how, send.at_ms, send.request_id, send.retry_key, send.messages]
        for send in asked.channel.ledger.sends
        if send.seq > after
        for user_id, why in send.missed
        if chat in (None, user_id)
    ]
    columns = ["seq", "chat", "why", "how", "at_ms", "request_id", "retry_key", "messages"]
    return {"columns": columns, "rows": rows}


async def calls(asked: Asked) -> list[dict[str, Any]]:
    """The LINE API calls, oldest first; ?after=NUMBER."""
    after = asked.query("after")
    return [door.shown(made) for made in asked.channel.ledger.calls if made.number > after]


async def fetches(asked: Asked) -> list[dict[str, Any]]:
    """What the crawler and phones have fetched, oldest first, once nothing is under way any more."""
    channel = asked.channel
    fetching.begin(channel, asked.postman)
    while channel.fetches.under_way:
        await channel.watchers.changed(1.0)
    return [fetching.shown(fetch) for fetch in channel.fetches.done]


async def counts(asked: Asked) -> dict[str, Any]:
    """Counters that are kept in load mode too, and calls in all."""
    channel = asked.channel
    used = channel.quota.used_now(channel.clock.now_ms())
    return {
        "calls": channel.ledger.calls_started,
        "used": used,
        "counts": dict(channel.ledger.counts),
        "webhooks": channel.webhooks.outcomes,
    }


async def received(asked: Asked) -> dict[str, int]:
    """Bubbles per person, also in load mode."""
    return {person.id: person.received for person in asked.channel.people.values()}


async def webhooks(asked: Asked) -> list[dict[str, Any] | None]:
    """Requests to the bot and how it answered, oldest first; ?after=SEQ; ?chat=ID: only where that id stands."""
    after, chat = asked.query("after"), asked.request.query.get("chat", "")
    return [shown_post(post) for post in asked.channel.webhooks.posts if post.seq > after and chat in post.body]


async def webhook_errors(asked: Asked) -> list[dict[str, Any]]:
    """LINE's statistics of webhooks that failed: how many for which reason in each minute of Japan's time."""
    counts: dict[tuple[int, str], int] = {}
    for post in asked.channel.webhooks.posts:
        if post.outcome != "ok":
            place = (post.at_ms // MINUTE_MS * MINUTE_MS, post.outcome)
            counts[place] = counts.get(place, 0) + 1
    return [{"from": clock.iso(at_ms), "reason": reason, "count": count} for (at_ms, reason), count in counts.items()]


async def stream(asked: Asked) -> web.StreamResponse:
    """Server-sent events of everything a live page needs."""
    watchers = asked.channel.watchers
    queue = watchers.watch()
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    try:
        await answer.prepare(asked.request)
        await answer.write(b"event: hello\ndata: {}\n\n")
        while True:
            try:
                frame = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                frame = b": still here\n\n"
            await answer.write(frame)
            if frame is RESYNC:
                return answer
    except ConnectionError:
        return answer
    finally:
        watchers.leave(queue)

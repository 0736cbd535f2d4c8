"""Sends events to the bot: signed, two seconds to answer, duplicated, held or redelivered as told."""

import asyncio
import base64
import hmac
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson

from tests.simulator import clock
from tests.simulator.channel import Channel
from tests.simulator.people import Impossible
from tests.simulator.webhook_desk import Duplicates, Post
from tests.simulator.webhooks import events as made

TIMEOUT_SECONDS = 2.0
MAX_BATCH = 100

Event = dict[str, Any]


def signature(secret: str, body: bytes) -> str:
    """x-line-signature: Base64(HMAC-SHA256(channel secret, raw body)) [1.1]."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


class Postman:
    """One HTTP client for all channels; redeliveries run beside."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._beside: set[asyncio.Task[Any]] = set()

    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session

    async def close(self) -> None:
        for task in list(self._beside):
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def deliver(self, channel: Channel, event: Event) -> Post | None:
        """Send one event as it happens; None when it is held back or the channel has no webhook.

        A room tells that the bot has joined it with the first event after that [1.5].
        """
        room = channel.groups.get(event.get("source", {}).get("roomId", ""))
        if room is not None and room.join_untold:
            room.join_untold = False
            await self.deliver(channel, {**made.join(channel, room), "timestamp": event["timestamp"]})
        desk = channel.webhooks
        if not channel.settings.load:
            desk.remember(event)
        if desk.holding:
            desk.held.append(event)
            channel.watchers.tell("held", {"event": event["webhookEventId"], "type": event["type"]})
            return None
        plan = desk.take_duplicates()
        if plan is not None:
            return await self._duplicated(channel, event, plan)
        return await self.send(channel, [event])

    async def _duplicated(self, channel: Channel, event: Event, plan: Duplicates) -> Post | None:
        again = as_redelivery(event) if plan.redelivery else event
        sends = [self.send(channel, [one]) for one in [event] + [again] * plan.times]
        if plan.parallel:
            return (await asyncio.gather(*sends))[0]
        posts = [await send for send in sends]
        return posts[0]

    async def send(self, channel: Channel, events: Sequence[Event], attempt: int = 1) -> Post | None:
        """One request with these events (to 100); redelivered later if that is switched on and it failed."""
        channel.settle_address(channel.clock.now_ms())
        if channel.webhook_url is None or not channel.address.active:
            return None
        body = orjson.dumps({"destination": channel.bot_user_id, "events": list(events)})
        post = await self.send_bytes(channel, body, signature(channel.secret, body), events)
        redelivery = channel.webhooks.redelivery
        if events and redelivery.on and attempt <= redelivery.times and not 200 <= post.status < 300:
            self.beside(self._redeliver(channel, events, attempt))
        return post

    async def _redeliver(self, channel: Channel, events: Sequence[Event], attempt: int) -> None:
        await asyncio.sleep(channel.webhooks.redelivery.pause_ms / 1000)
        await self.send(channel, [as_redelivery(event) for event in events], attempt + 1)

    def beside(self, work: Any) -> None:
        """Run a coroutine without waiting for it."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def send_bytes(self, channel: Channel, body: bytes, signed: str | None, events: Sequence[Event] = ()) -> Post:
        """Any body with any signature (None: no header), noted like every other request."""
        if channel.webhook_url is None:
            raise Impossible("the channel has no webhook address")
        return await self._send_to(channel.webhook_url, channel, body, signed, events)

    async def probe(self, channel: Channel, url: str) -> Post:
        """A webhook without events to any address, as LINE tries one."""
        body = orjson.dumps({"destination": channel.bot_user_id, "events": []})
        return await self._send_to(url, channel, body, signature(channel.secret, body), ())

    async def _send_to(
        self, url: str, channel: Channel, body: bytes, signed: str | None, events: Sequence[Event]
    ) -> Post:
        now = channel.clock.now_ms()
        for event in events:
            if "replyToken" in event:
                channel.reply_tokens.received(event["replyToken"], now)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "LineBotWebhook/2.0"}
        if signed is not None:
            headers["x-line-signature"] = signed
        started = time.perf_counter()
        outcome, status = await self._request(url, body, headers)
        took = (time.perf_counter() - started) * 1000
        return note(channel, body, events, outcome, status, took, now)

    async def _request(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[str, int]:
        try:
            async with self.session().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                good = 200 <= answer.status < 300
                return ("ok" if good else "error_status_code"), answer.status
        except TimeoutError:
            return "request_timeout", 0
        except (aiohttp.ClientConnectorError, ConnectionRefusedError):
            return "could_not_connect", 0
        except (aiohttp.ClientError, OSError):
            return "unclassified", 0

    async def release(self, channel: Channel, order: list[str] | None, *, batch: int, parallel: bool) -> list[Post]:
        """Send what was held: in this order of event ids (None: as it happened), `batch` events a request."""
        if not 1 <= batch <= MAX_BATCH:
            raise Impossible(f"a request carries 1 to {MAX_BATCH} events")
        desk = channel.webhooks
        held = {event["webhookEventId"]: event for event in desk.held}
        missing = [event_id for event_id in order or [] if event_id not in held]
        if missing:
            raise Impossible(f"these events are not held: {missing}")
        chosen = list(held) if order is None else order
        going = set(chosen)
        desk.held = [event for event in desk.held if event["webhookEventId"] not in going]
        desk.holding = desk.holding and bool(desk.held)
        groups = [chosen[at : at + batch] for at in range(0, len(chosen), batch)]
        sends = [self.send(channel, [held[event_id] for event_id in group]) for group in groups]
        posts = await asyncio.gather(*sends) if parallel else [await send for send in sends]
        return [post for post in posts if post is not None]


def as_redelivery(event: Event) -> Event:
    """The same event with the same token, marked as delivered again [1.3]."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def note(
    channel: Channel, body: bytes, events: Sequence[Event], outcome: str, status: int, took_ms: float, now_ms: int
) -> Post:
    desk = channel.webhooks
    desk.outcomes[outcome] = desk.outcomes.get(outcome, 0) + 1
    again = bool(events) and bool(events[0].get("deliveryContext", {}).get("isRedelivery"))
    post = Post(
        seq=channel.ledger.next_seq(),
        at_ms=now_ms,
        events=[str(event.get("webhookEventId")) for event in events],
        types=[str(event.get("type")) for event in events],
        outcome=outcome,
        status=status,
        took_ms=round(took_ms, 2),
        redelivery=again,
        body="" if channel.settings.load else body.decode("utf-8", "replace"),
    )
    if not channel.settings.load:
        desk.posts.append(post)
        channel.watchers.tell("webhook", shown(post))
    return post


def shown(post: Post) -> dict[str, Any]:
    return {
        "seq": post.seq,
        "at": clock.iso(post.at_ms),
        "events": post.events,
        "types": post.types,
        "outcome": post.outcome,
        "status": post.status,
        "took_ms": post.took_ms,
        "redelivery": post.redelivery,
        "body": post.body,
    }

"""How an accepted send becomes bubbles on phones, messages of the month's quota, and lines in the ledger."""

from collections.abc import Sequence
from typing import Any

from tests.simulator import ledger
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.people import Person


def accept(
    channel: Channel,
    how: str,
    to: str | None,
    messages: list[dict[str, Any]],
    now: int,
    *,
    request_id: str,
    retry_key: str | None,
    quiet: bool = False,
    unit: str | None = None,
) -> Send:
    kept = channel.ledger
    return Send(
        seq=kept.next_seq(),
        how=how,
        at_ms=now,
        request_id=request_id,
        retry_key=retry_key,
        to=to,
        messages=messages,
        first_id=kept.take_message_ids(len(messages)),
        quiet=quiet,
        unit=None if unit is None else channel.units.assign(unit, channel.quota.month_of(now), now),
    )


def reach(channel: Channel, send: Send, chat_ids: list[str], persons: Sequence[Person | None]) -> None:
    """Let these phones (or one group's phones: no person) have seen it."""
    send.delivered.extend(chat_ids)
    bubbles = len(send.messages)
    for person in persons:
        if person is not None:
            person.received += bubbles
    if not channel.settings.load:
        for chat_id in chat_ids:
            channel.ledger.add(chat_id, send)


def spend(channel: Channel, send: Send, cost: int, now: int) -> None:
    if cost:
        send.cost = cost
        channel.quota.spend(cost, now)
        tell_usage(channel, now)


def tell_usage(channel: Channel, now: int) -> None:
    if channel.watchers.queues:
        channel.watchers.tell("usage", {"used": channel.quota.used_now(now), "limit": channel.quota.limit})


def finish(channel: Channel, send: Send, people_reached: int) -> None:
    """Count it, keep it, show it."""
    counts = channel.ledger.counts
    counts["delivered"] += len(send.delivered)
    counts["undelivered"] += len(send.missed)
    counts["bubbles"] += len(send.delivered) * len(send.messages)
    channel.tallies.count(send.how, people_reached, send.at_ms)
    if channel.settings.load:
        return
    channel.ledger.sends.append(send)
    if send.delivered and (channel.settings.crawl_links or channel.settings.fetch_media):
        channel.fetches.due.append(send)
    if channel.screens.loading:
        for chat_id in send.delivered:
            channel.screens.loading.pop(chat_id, None)
    channel.watchers.wake()
    if channel.watchers.queues:
        for chat_id in send.delivered:
            channel.watchers.tell("message", ledger.shown(send, chat_id))
        for chat_id, why in send.missed:
            channel.watchers.tell("undelivered", {"chat": chat_id, "why": why, "request_id": send.request_id})

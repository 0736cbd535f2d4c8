"""Carries narrowcasts out: whom they are for, when they arrive, and why some never do."""

import random
from collections.abc import Iterator
from typing import Any

from tests.simulator import acceptance, audiences, demographics, narrowcasts
from tests.simulator.channel import Channel
from tests.simulator.narrowcasts import Narrowcast
from tests.simulator.people import FRIEND, Person

LEAST = 50


def settle(channel: Channel) -> None:
    """Let everything arrive that should have by now."""
    now = channel.clock.now_ms()
    for request_id in list(channel.narrowcasts.open):
        narrowcast = channel.narrowcasts.by_request[request_id]
        if narrowcast.ends_ms <= now:
            channel.narrowcasts.open.remove(request_id)
            end(channel, narrowcast)


def end(channel: Channel, narrowcast: Narrowcast) -> None:
    narrowcast.ended = True
    channel.quota.reserved -= narrowcast.reserved
    now = narrowcast.ends_ms
    narrowcast.error = channel.settings.narrowcast_error or too_small(channel, narrowcast, now)
    persons = targets(channel, narrowcast, now)
    if narrowcast.error is None and len(persons) < least(channel, narrowcast):
        narrowcast.error = narrowcasts.TOO_FEW
    if narrowcast.error is not None:
        return
    if narrowcast.most is not None and len(persons) > narrowcast.most:
        persons = random.sample(persons, narrowcast.most)
    left = channel.quota.left(now)
    if left is not None and len(persons) > left:
        if narrowcast.whole_or_nothing:
            narrowcast.error = narrowcasts.PARTIAL
            return
        persons = random.sample(persons, left)
    deliver(channel, narrowcast, persons, now)


def deliver(channel: Channel, narrowcast: Narrowcast, persons: list[Person], now: int) -> None:
    send = acceptance.accept(
        channel,
        "narrowcast",
        None,
        narrowcast.messages,
        now,
        request_id=narrowcast.request_id,
        retry_key=narrowcast.retry_key,
        quiet=narrowcast.quiet,
    )
    narrowcast.reached = [person.id for person in persons]
    acceptance.reach(channel, send, narrowcast.reached, persons)
    acceptance.spend(channel, send, len(persons), now)
    acceptance.finish(channel, send, len(persons))


def targets(channel: Channel, narrowcast: Narrowcast, now: int) -> list[Person]:
    """Friends in the recipients and of the attributes wanted."""
    friends = [person for person in channel.people.values() if person.state == FRIEND]
    if narrowcast.demographic is not None:
        rule = narrowcast.demographic
        friends = [one for one in friends if demographics.is_known(one) and demographics.fits(one, rule, now)]
    if narrowcast.recipient is not None:
        chosen = ids_of(channel, narrowcast.recipient, now)
        friends = [one for one in friends if one.id in chosen]
    return friends


def ids_of(channel: Channel, recipient: dict[str, Any], now: int) -> set[str]:
    kind = recipient["type"]
    if kind == "audience":
        audience = channel.audiences.by_id.get(recipient["audienceGroupId"])
        return set() if audience is None else audience.members(now)
    if kind == "redelivery":
        return set(channel.narrowcasts.by_request[recipient["requestId"]].reached)
    if "and" in recipient:
        return set.intersection(*(ids_of(channel, one, now) for one in recipient["and"]))
    if "or" in recipient:
        return set.union(*(ids_of(channel, one, now) for one in recipient["or"]))
    return set(channel.people) - ids_of(channel, recipient["not"], now)


def leaves(recipient: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The audiences and redeliveries, or the plain filters, in a tree of operators."""
    if recipient is None:
        return
    if recipient["type"] != "operator":
        yield recipient
        return
    for key in ("and", "or"):
        for one in recipient.get(key, ()):
            yield from leaves(one)
    yield from leaves(recipient.get("not"))


def too_small(channel: Channel, narrowcast: Narrowcast, now: int) -> int | None:
    """An audience of clicks or impressions with fewer than fifty people ends it; uploads may be small."""
    for one in leaves(narrowcast.recipient):
        audience = channel.audiences.by_id.get(one.get("audienceGroupId", 0))
        if audience is not None and audience.kind != audiences.UPLOAD and len(audience.members(now)) < LEAST:
            return narrowcasts.SMALL_AUDIENCE
    return None


def least(channel: Channel, narrowcast: Narrowcast) -> int:
    """How many people it must reach: fifty, but for uploaded ids alone (one), and for all friends (none)."""
    chosen = list(leaves(narrowcast.recipient))
    if narrowcast.demographic is not None:
        return LEAST
    if not chosen:
        return 0
    used = [channel.audiences.by_id.get(one.get("audienceGroupId", 0)) for one in chosen]
    only_uploads = all(audience is not None and audience.kind == audiences.UPLOAD for audience in used)
    return 1 if only_uploads else LEAST

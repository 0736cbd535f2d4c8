"""Narrowcast: to people by audience and attribute, accepted at once, carried out in a while."""

import asyncio
from collections.abc import Collection
from typing import Any

from tests.simulator import audiences, clock, demographics, narrowcasting, narrowcasts
from tests.simulator.api import answers, checking, retrying
from tests.simulator.api.answers import Answer
from tests.simulator.api.broadcasting import HOURLY
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.messages.places import Place, Problems
from tests.simulator.narrowcasts import Narrowcast
from tests.simulator.people import FRIEND

RECIPIENTS = 10
FILTERS = 10
LEAST_KNOWN = 100
AGES = [f"age_{age}" for age in demographics.AGES]
PERIODS = [f"day_{days}" for days in demographics.PERIODS]
ONE_OF = {"gender": ("male", "female"), "appType": ("ios", "android"), "area": demographics.AREAS}


def narrowcast(channel: Channel, call: Call) -> Answer:
    now = channel.clock.now_ms()
    again = retrying.already_accepted(channel, "narrowcast", call, now)
    if again is not None:
        return again
    body = checking.checked(channel, call)
    checking.check_in_chat(channel, body["messages"], None)
    made = read(channel, call, body, now)
    reserve(channel, made, now)
    channel.narrowcasts.add(made)

    async def arrive() -> None:
        await asyncio.sleep((made.ends_ms - channel.clock.now_ms()) / 1000)
        narrowcasting.settle(channel)

    call.after_answer = lambda: call.postman.beside(arrive())
    return retrying.remembered(channel, "narrowcast", call, b"{}", now, status=202)


def read(channel: Channel, call: Call, body: dict[str, Any], now: int) -> Narrowcast:
    found = Problems()
    place = Place(found, body, "")
    recipient = place.inner("recipient", required=False)
    if recipient is not None:
        check_recipient(channel, recipient, now)
    rule = place.inner("filter", required=False)
    demographic = None if rule is None else rule.inner("demographic", required=False)
    if demographic is not None:
        check_filter(demographic)
    limit = place.inner("limit", required=False)
    wanted = {} if limit is None else limit.value
    if limit is not None:
        limit.number("max", 1, 2**31 - 1, required=False, whole=True)
        limit.flag("upToRemainingQuota")
        limit.flag("forbidPartialDelivery")
        if wanted.get("forbidPartialDelivery") and not wanted.get("upToRemainingQuota"):
            limit.wrong("forbidPartialDelivery", "may be true only if upToRemainingQuota is true")
    if not found.details:
        check_counts(place)
    if found.details:
        raise answers.in_body(found.details)
    sending = now + channel.settings.narrowcast_waits_ms
    return Narrowcast(
        request_id=call.request_id,
        retry_key=call.retry_key,
        accepted_ms=now,
        sending_ms=sending,
        ends_ms=sending + channel.settings.narrowcast_sends_ms,
        messages=body["messages"],
        quiet=body.get("notificationDisabled") is True,
        recipient=None if recipient is None else recipient.value,
        demographic=None if demographic is None else demographic.value,
        most=wanted.get("max"),
        up_to_quota=wanted.get("upToRemainingQuota") is True,
        whole_or_nothing=wanted.get("forbidPartialDelivery") is True,
        reserved=0,
    )


def check_counts(place: Place) -> None:
    recipients = list(narrowcasting.leaves(place.value.get("recipient")))
    if len(recipients) > RECIPIENTS:
        place.wrong("recipient", f"Size must be between 0 and {RECIPIENTS}")
    filters = list(narrowcasting.leaves((place.value.get("filter") or {}).get("demographic")))
    if len(filters) > FILTERS:
        place.wrong("filter.demographic", f"Size must be between 0 and {FILTERS}")


def check_recipient(channel: Channel, place: Place, now: int) -> None:
    kind = place.choice("type", ("operator", "audience", "redelivery"))
    if kind == "operator":
        for inner in operands(place):
            check_recipient(channel, inner, now)
    elif kind == "audience":
        place.number("audienceGroupId", 1, 2**63, whole=True)
        audience = channel.audiences.by_id.get(place.value.get("audienceGroupId", 0))
        if audience is None or audience.status(now) not in (audiences.READY, audiences.FAILED):
            place.wrong("audienceGroupId", "The audience is not available")
    elif kind == "redelivery":
        request_id = place.string("requestId")
        before = channel.narrowcasts.find(request_id or "", now)
        if before is None or before.phase(now) != narrowcasts.SUCCEEDED:
            place.wrong("requestId", "must be of a narrowcast that succeeded in the last 14 days")


def check_filter(place: Place) -> None:
    kind = place.choice("type", ("operator", "gender", "age", "appType", "area", "subscriptionPeriod"))
    if kind == "operator":
        for inner in operands(place):
            check_filter(inner)
    elif kind == "age":
        check_bounds(place, AGES)
    elif kind == "subscriptionPeriod":
        check_bounds(place, PERIODS)
    elif kind is not None:
        values = place.value.get("oneOf")
        if not isinstance(values, list) or not values:
            place.wrong("oneOf", "must be specified")
        elif any(value not in ONE_OF[kind] for value in values):
            place.wrong("oneOf", f"Must be one of the following values: [{', '.join(ONE_OF[kind])}]")


def check_bounds(place: Place, options: Collection[str]) -> None:
    place.choice("gte", options, required=False)
    place.choice("lt", options, required=False)
    if "gte" not in place.value and "lt" not in place.value:
        place.wrong("gte", "must be specified")


def operands(place: Place) -> list[Place]:
    """What stands under the one of and, or, not that is given."""
    given = [key for key in ("and", "or", "not") if key in place.value]
    if len(given) != 1:
        place.wrong("and", "exactly one of and, or, not must be specified")
        return []
    if given == ["not"]:
        inner = place.inner("not")
        return [] if inner is None else [inner]
    return place.items(given[0], 1, None)


def reserve(channel: Channel, made: Narrowcast, now: int) -> None:
    """Attributes need a hundred known friends; and the whole reach is kept back from the month's quota."""
    known = sum(map(demographics.is_known, channel.people.values()))
    if made.demographic is not None and known < LEAST_KNOWN:
        raise answers.Refusal(answers.forbidden())
    reach = len(narrowcasting.targets(channel, made, now)) if narrows(made) else friends(channel)
    left = channel.quota.left(now)
    if left is not None:
        needed = reach if made.most is None else min(reach, made.most)
        if left <= 0 or (needed > left and not made.up_to_quota):
            raise answers.refuse(429, answers.QUOTA_LIMIT)
        made.reserved = min(reach, left)
        channel.quota.reserved += made.reserved


def narrows(made: Narrowcast) -> bool:
    return made.recipient is not None or made.demographic is not None


def friends(channel: Channel) -> int:
    return sum(person.state == FRIEND for person in channel.people.values())


def progress(channel: Channel, call: Call) -> Answer:
    """For fourteen days [R#get-narrowcast-progress-status]."""
    now = channel.clock.now_ms()
    found = channel.narrowcasts.find(call.query("requestId") or "", now)
    if found is None:
        raise answers.not_found()
    body: dict[str, Any] = {"phase": found.phase(now), "acceptedTime": clock.iso(found.accepted_ms)}
    if found.ended:
        body["completedTime"] = clock.iso(found.ends_ms)
        if found.error is None:
            counts = {"successCount": len(found.reached), "failureCount": 0, "targetCount": len(found.reached)}
            body.update(counts)
        else:
            body.update({"failedDescription": narrowcasts.WHY[found.error], "errorCode": found.error})
    return answers.ok(body)


ENDPOINTS = [
    Endpoint("narrowcast", "POST", "/v2/bot/message/narrowcast", narrowcast, retry_key=True, rate=HOURLY),
    Endpoint("narrowcast_progress", "GET", "/v2/bot/message/progress/narrowcast", progress),
]

"""LINE's statistics: of sends by day, of friends, of one broadcast or narrowcast, of everything under one unit."""

from typing import Any

import orjson

from tests.simulator import demographics, japan, statistics, tallies
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.usage import date_in
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.limits import Rate
from tests.simulator.messages.sends import UNIT
from tests.simulator.narrowcasts import Narrowcast
from tests.simulator.people import Person

HOURLY = Rate(60, 3_600)
DELIVERIES_SINCE = "20170301"
FOLLOWERS_SINCE = "20161101"
UNIT_DAYS = 30
WITH_STATISTICS = ("broadcast", "narrowcast")
COUNTED = {
    "apiBroadcast": "broadcast",
    "apiPush": "push",
    "apiMulticast": "multicast",
    "apiNarrowcast": "narrowcast",
    "apiReply": "reply",
}


def deliveries(channel: Channel, call: Call) -> Answer:
    """How many people each kind of send reached on a day; ready on the next."""
    date = date_in(call)
    status = status_of(channel, date, DELIVERIES_SINCE)
    if status != "ready":
        return answers.ok({"status": status})
    counts = {name: channel.tallies.of(date, how) for name, how in COUNTED.items()}
    return answers.ok({"status": status, **counts})


def followers(channel: Channel, call: Call) -> Answer:
    """Ever added, and blocking now, both as of the end of a day; within reach: as of now."""
    date = date_in(call) if call.query("date") is not None else yesterday(channel)
    status = status_of(channel, date, FOLLOWERS_SINCE)
    if status != "ready":
        return answers.ok({"status": status})
    kept = channel.tallies
    return answers.ok(
        {
            "status": status,
            "followers": kept.until(date, tallies.ADDED),
            "targetedReaches": sum(map(demographics.is_known, channel.people.values())),
            "blocks": kept.until(date, tallies.BLOCKED) - kept.until(date, tallies.UNBLOCKED),
        }
    )


def status_of(channel: Channel, date: str, since: str) -> str:
    if date < since:
        return "out_of_service"
    return "unready" if date >= japan.day(channel.clock.now_ms()) else "ready"


def yesterday(channel: Channel) -> str:
    return japan.day(channel.clock.now_ms() - japan.DAY_MS)


def friends_demographics(channel: Channel, call: Call) -> Answer:
    """Shares among the friends LINE knows something of; nothing below twenty of them."""
    now = channel.clock.now_ms()
    known = [person for person in channel.people.values() if demographics.is_known(person)]
    if len(known) < statistics.LEAST:
        return answers.ok({"available": False})
    return answers.ok(
        {
            "available": True,
            "genders": shares("gender", [person.gender or "unknown" for person in known]),
            "ages": shares("age", [demographics.age_class(person) for person in known]),
            "areas": shares("area", [demographics.area_name(person) for person in known]),
            "appTypes": shares("appType", [demographics.app_class(person) for person in known]),
            "subscriptionPeriods": shares("subscriptionPeriod", periods(known, now)),
        }
    )


def periods(known: list[Person], now: int) -> list[str]:
    return [demographics.period_class(person, now) for person in known]


def shares(name: str, values: list[str]) -> list[dict[str, Any]]:
    """In per cent, to one digit behind the point; the largest first."""
    counts = {value: values.count(value) for value in dict.fromkeys(values)}
    ordered = sorted(counts, key=lambda value: -counts[value])
    return [{name: value, "percentage": round(100 * counts[value] / len(values), 1)} for value in ordered]


def message_event(channel: Channel, call: Call) -> Answer:
    """What became of one broadcast or narrowcast [R#get-message-event]."""
    request_id = call.query("requestId")
    if not request_id:
        raise answers.bad_parameter("requestId")
    for send in channel.ledger.sends:
        if send.request_id == request_id and send.how in WITH_STATISTICS:
            return answers.ok(event_of(channel, send))
    narrowcast = channel.narrowcasts.by_request.get(request_id)
    if narrowcast is None:
        raise answers.not_found()
    return answers.ok(event_without_send(narrowcast))


def event_without_send(narrowcast: Narrowcast) -> dict[str, Any]:
    """A narrowcast that is still on its way (delivered is null) or has failed."""
    overview = {
        "requestId": narrowcast.request_id,
        "timestamp": narrowcast.accepted_ms // 1000,
        "delivered": 0 if narrowcast.ended else None,
        **statistics.overview([]),
    }
    return {"overview": overview, "messages": [], "clicks": []}


def event_of(channel: Channel, send: Send) -> dict[str, Any]:
    reactions = list(statistics.counted(channel, send))
    return {
        "overview": {
            "requestId": send.request_id,
            "timestamp": send.at_ms // 1000,
            "delivered": len(send.delivered),
            **statistics.overview(reactions),
        },
        "messages": statistics.bubbles(reactions, len(send.messages), with_unique_impression=False),
        "clicks": statistics.clicks(reactions, [send]),
    }


def unit_statistics(channel: Channel, call: Call) -> Answer:
    """What became, from one day to another, of all that was sent under a unit [R#get-statistics-per-unit]."""
    unit = call.query("customAggregationUnit") or ""
    since, until = japan.read_day(call.query("from") or ""), japan.read_day(call.query("to") or "")
    if since is None or until is None or not UNIT.fullmatch(unit):
        return nothing()
    if not 0 <= until - since <= UNIT_DAYS * japan.DAY_MS:
        return nothing()
    sends = [send for send in channel.ledger.sends if send.unit == unit]
    reactions = [
        reaction for send in sends for reaction in statistics.counted(channel, send, since, until + japan.DAY_MS)
    ]
    count = max((len(send.messages) for send in sends), default=0)
    body = {
        "overview": statistics.overview(reactions),
        "messages": statistics.bubbles(reactions, count, with_unique_impression=True),
        "clicks": statistics.clicks(reactions, sends),
    }
    return answers.ok(body)


def nothing() -> Answer:
    """400 is told by an object of nulls, as the reference shows it [contradictions]."""
    body = {"overview": statistics.overview([]), "messages": [], "clicks": []}
    return Answer(400, orjson.dumps(body), note="the unit or the period is invalid")


ENDPOINTS = [
    Endpoint(name, "GET", f"/v2/bot/insight/{path}", act, rate=HOURLY)
    for name, path, act in (
        ("insight_deliveries", "message/delivery", deliveries),
        ("insight_followers", "followers", followers),
        ("insight_demographics", "demographic", friends_demographics),
        ("insight_message", "message/event", message_event),
        ("insight_unit", "message/event/aggregation", unit_statistics),
    )
]

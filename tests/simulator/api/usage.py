"""The month's quota, what is used of it, how much was sent on a day, and under which names."""

from collections.abc import Callable

from tests.simulator import japan
from tests.simulator.api import answers, pages
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel

COUNTED_SINCE = "20180331"
PRIVATE_BELOW = 20
UNITS_A_PAGE = 100


def quota(channel: Channel, call: Call) -> Answer:
    limit = channel.quota.limit
    return answers.ok({"type": "none"} if limit is None else {"type": "limited", "value": limit})


def consumption(channel: Channel, call: Call) -> Answer:
    return answers.ok({"totalUsage": channel.quota.used_now(channel.clock.now_ms())})


def delivered(how: str) -> Callable[[Channel, Call], Answer]:
    """How many people that kind of send reached on a day in Japan; ready on the next day [3.5]."""

    def act(channel: Channel, call: Call) -> Answer:
        date = date_in(call)
        if date < COUNTED_SINCE:
            return answers.ok({"status": "out_of_service"})
        if date >= japan.day(channel.clock.now_ms()):
            return answers.ok({"status": "unready"})
        number = channel.tallies.of(date, how)
        if channel.settings.small_counts_are_private and number < PRIVATE_BELOW:
            return answers.ok({"status": "unavailable_for_privacy"})
        return answers.ok({"status": "ready", "success": number})

    return act


def date_in(call: Call, name: str = "date") -> str:
    date = call.query(name)
    if date is None or japan.read_day(date) is None:
        raise answers.bad_parameter(name)
    return date


def units_used(channel: Channel, call: Call) -> Answer:
    return answers.ok({"numOfCustomAggregationUnits": len(names_this_month(channel))})


def units_listed(channel: Channel, call: Call) -> Answer:
    names = names_this_month(channel)
    start = pages.start_of(channel, call, "units")
    end = start + call.number("limit", UNITS_A_PAGE, 1, UNITS_A_PAGE)
    more = {"next": pages.next_token(channel, "units", end)} if end < len(names) else {}
    return answers.ok({"customAggregationUnits": names[start:end], **more})


def names_this_month(channel: Channel) -> list[str]:
    return channel.units.names(channel.quota.month_of(channel.clock.now_ms()))


ENDPOINTS = [
    Endpoint("quota", "GET", "/v2/bot/message/quota", quota),
    Endpoint("consumption", "GET", "/v2/bot/message/quota/consumption", consumption),
    *(
        Endpoint(f"delivered_{how}", "GET", f"/v2/bot/message/delivery/{how}", delivered(how))
        for how in ("reply", "push", "multicast", "broadcast")
    ),
    Endpoint("units_used", "GET", "/v2/bot/message/aggregation/info", units_used),
    Endpoint("units_listed", "GET", "/v2/bot/message/aggregation/list", units_listed),
]

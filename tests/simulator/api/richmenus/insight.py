"""How often a rich menu was seen and its areas tapped, from the next day on [R#get-rich-menu-insight-summary]."""

from datetime import datetime
from typing import Any

from tests.simulator import japan
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.richmenus import objects
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate
from tests.simulator.menus import Day, Menu

PRIVATE_BELOW = 20
SUMMARY_DAYS = 396
DAILY_DAYS = 99
YEARS = 3


def summary(channel: Channel, call: Call) -> Answer:
    menu, days = asked(channel, call, SUMMARY_DAYS)
    if days is None:
        return answers.ok({"richMenuId": menu.id})
    views = {
        "count": sum(day.views for day in days.values()),
        "uniqueUsers": together(d.viewers for d in days.values()),
    }
    return answers.ok(body(menu, days, views, lambda index: total(days, index)))


def daily(channel: Channel, call: Call) -> Answer:
    menu, days = asked(channel, call, DAILY_DAYS)
    if days is None:
        return answers.ok({"richMenuId": menu.id})
    views = [{"date": date, "count": day.views, "uniqueUsers": len(day.viewers)} for date, day in days.items()]
    return answers.ok(body(menu, days, views, lambda index: [by_day(date, day, index) for date, day in days.items()]))


def body(menu: Menu, days: dict[str, Day], views: Any, taps: Any) -> dict[str, Any]:
    return {
        "richMenuId": menu.id,
        "metricsFrom": min(days),
        "metricsTo": max(days),
        "impression": {"metrics": views},
        "clicks": [{"bounds": area["bounds"], "metrics": taps(index)} for index, area in enumerate(menu.areas)],
    }


def total(days: dict[str, Day], index: int) -> dict[str, int]:
    return {
        "count": sum(day.taps.get(index, 0) for day in days.values()),
        "uniqueUsers": together(day.tappers.get(index, set()) for day in days.values()),
    }


def by_day(date: str, day: Day, index: int) -> dict[str, Any]:
    return {"date": date, "count": day.taps.get(index, 0), "uniqueUsers": len(day.tappers.get(index, ()))}


def together(people: Any) -> int:
    """How many different people are in these sets."""
    return len(set().union(*people))


def asked(channel: Channel, call: Call, most_days: int) -> tuple[Menu, dict[str, Day] | None]:
    """The menu and each day that is asked for and over; None when too few tapped in all that time."""
    menu = objects.menu_in(channel, call)
    now = channel.clock.now_ms()
    first, last = period(call, most_days, now)
    kept = channel.menus.days.get(menu.id, {})
    over = japan.start_of_day(now) - japan.DAY_MS
    dates = [japan.day(at) for at in range(first, min(last, over) + 1, japan.DAY_MS)]
    days = {date: kept.get(date, Day()) for date in dates}
    tappers = together(people for day in days.values() for people in day.tappers.values())
    return menu, days if tappers >= PRIVATE_BELOW else None


def period(call: Call, most_days: int, now_ms: int) -> tuple[int, int]:
    """First and last day, as the ms they begin at."""
    first, last = japan.read_day(call.query("from") or ""), japan.read_day(call.query("to") or "")
    if first is None or last is None:
        raise answers.refuse(400, "Bad Request")
    if last < first:
        raise answers.refuse(400, "Parameter to must be the same date as, or after parameter from.")
    if last - first > most_days * japan.DAY_MS:
        raise answers.refuse(400, f"Date range exceeds. Max range is {most_days} days.")
    earliest = years_before(now_ms)
    if first < earliest.timestamp() * 1000:
        raise answers.refuse(400, f"Parameter from must be the same date as, or after {earliest:%Y-%m-%d}.")
    return first, last


def years_before(now_ms: int) -> datetime:
    today = datetime.fromtimestamp(japan.start_of_day(now_ms) / 1000, japan.ZONE)
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - YEARS, day=28 if leap_day else today.day)


ENDPOINTS = [
    Endpoint("richmenu_summary", "GET", "/v2/bot/insight/richmenu/{menu_id}/summary", summary, rate=Rate(60, 3_600)),
    Endpoint("richmenu_daily", "GET", "/v2/bot/insight/richmenu/{menu_id}/daily", daily, rate=Rate(60, 3_600)),
]

"""How often rich menus are seen and tapped, as LINE counts it: next day, 20 people at least [R#rich-menu-insight]."""

from datetime import timedelta

import pytest

from tests.simulator.control import Channel
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Json, Line, Reply

NOWHERE = "richmenu-" + "0" * 32


@pytest.fixture
async def line(line: Line, channel: Channel) -> Line:
    """At noon in Japan, so that no test runs over midnight; without LINE's rates."""
    await channel.change(rate_scale=None)
    now = await channel.now()
    await channel.advance(to=(now + timedelta(days=1)).replace(hour=3, minute=0, second=0))
    return line


async def day(channel: Channel, days: int = 0) -> str:
    """The date in Japan, so many days from now."""
    return (await channel.now() + timedelta(hours=9, days=days)).strftime("%Y%m%d")


async def ask(line: Line, menu_id: str, kind: str, first: str | None, last: str | None) -> Reply:
    given = {"from": first, "to": last}
    query = "&".join(f"{key}={value}" for key, value in given.items() if value is not None)
    return await line.get(f"/v2/bot/insight/richmenu/{menu_id}/{kind}?{query}")


async def tapped(channel: Channel, line: Line, people: int) -> tuple[str, list[str]]:
    """A default menu with 予約 and 値段; so many friends have tapped 予約, the first of them twice, and 値段 once."""
    menu_id = await menus.made(line, menus.postback("予約", "b=1"), menus.postback("値段", "b=2"))
    await menus.set_default(line, menu_id)
    friends = await channel.crowd(people)
    await channel.change(webhook_url=None)
    await channel.all_do(friends, "tap", label="予約")
    await channel.all_do(friends[:1], "tap", label="予約")
    await channel.all_do(friends[:1], "tap", label="値段")
    return menu_id, friends


def bounds(index: int) -> Json:
    return {"x": 0, "y": 100 * index, "width": 800, "height": 100}


async def test_it_sums_a_period_up(channel: Channel, line: Line) -> None:
    """impression and clicks per area, each with count and uniqueUsers [O GetRichMenuInsightSummaryResponse]"""
    menu_id, friends = await tapped(channel, line, 20)
    first = await day(channel)
    await channel.advance(days=1)
    await channel.all_do(friends[:3], "tap", label="予約")
    await channel.advance(days=1)
    answer = await ask(line, menu_id, "summary", first, await day(channel))
    assert answer.body == {
        "richMenuId": menu_id,
        "metricsFrom": first,
        "metricsTo": await day(channel, -1),
        "impression": {"metrics": {"count": 20, "uniqueUsers": 20}},
        "clicks": [
            {"bounds": bounds(0), "metrics": {"count": 24, "uniqueUsers": 20}},
            {"bounds": bounds(1), "metrics": {"count": 1, "uniqueUsers": 1}},
        ],
    }


async def test_it_tells_day_by_day(channel: Channel, line: Line) -> None:
    """[O GetRichMenuInsightDailyResponse]"""
    menu_id, friends = await tapped(channel, line, 20)
    first = await day(channel)
    await channel.advance(days=1)
    await channel.all_do(friends[:3], "tap", label="予約")
    second = await day(channel)
    await channel.advance(days=1)
    body = (await ask(line, menu_id, "daily", first, second)).body
    assert (body["metricsFrom"], body["metricsTo"]) == (first, second)
    assert body["impression"]["metrics"] == [
        {"date": first, "count": 20, "uniqueUsers": 20},
        {"date": second, "count": 0, "uniqueUsers": 0},
    ]
    assert body["clicks"][0] == {
        "bounds": bounds(0),
        "metrics": [
            {"date": first, "count": 21, "uniqueUsers": 20},
            {"date": second, "count": 3, "uniqueUsers": 3},
        ],
    }


@pytest.mark.parametrize(("people", "told"), [(19, False), (20, True)])
@pytest.mark.parametrize("kind", ["summary", "daily"])
async def test_it_withholds_all_under_twenty_people(
    channel: Channel, line: Line, kind: str, people: int, told: bool
) -> None:
    """fewer than 20 unique clickers in the period: only richMenuId [R#get-rich-menu-insight-summary]"""
    menu_id, _ = await tapped(channel, line, people)
    first = await day(channel)
    await channel.advance(days=1)
    body = (await ask(line, menu_id, kind, first, first)).body
    assert ("clicks" in body) == told
    assert told or body == {"richMenuId": menu_id}


async def test_it_is_ready_the_next_day(channel: Channel, line: Line) -> None:
    """[R#get-rich-menu-insight-summary]"""
    menu_id, _ = await tapped(channel, line, 20)
    first = await day(channel)
    assert (await ask(line, menu_id, "summary", first, first)).body == {"richMenuId": menu_id}
    await channel.advance(hours=11.9)
    assert (await ask(line, menu_id, "summary", first, first)).body == {"richMenuId": menu_id}
    await channel.advance(hours=0.2)
    assert "clicks" in (await ask(line, menu_id, "summary", first, first)).body


@pytest.mark.parametrize(
    ("kind", "days", "status"), [("summary", 396, 200), ("summary", 397, 400), ("daily", 99, 200), ("daily", 100, 400)]
)
async def test_it_looks_at_so_many_days(channel: Channel, line: Line, kind: str, days: int, status: int) -> None:
    """`to` up to 396 days, by day up to 99 days after `from` [R#get-rich-menu-insight-summary, -daily]"""
    menu_id = await menus.created(line)
    answer = await ask(line, menu_id, kind, await day(channel, -days), await day(channel))
    assert answer.status == status
    assert status == 200 or answer.message == f"Date range exceeds. Max range is {days - 1} days."


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 400)])
async def test_it_looks_three_years_back(channel: Channel, line: Line, days: int, status: int) -> None:
    """[R#get-rich-menu-insight-summary]"""
    menu_id = await menus.created(line)
    today = (await channel.now() + timedelta(hours=9)).date()
    earliest = today.replace(year=today.year - 3, day=min(today.day, 28 if today.month == 2 else today.day))
    first = earliest + timedelta(days=days)
    answer = await ask(line, menu_id, "summary", first.strftime("%Y%m%d"), first.strftime("%Y%m%d"))
    assert answer.status == status
    assert status == 200 or answer.message == f"Parameter from must be the same date as, or after {earliest}."


@pytest.mark.parametrize("kind", ["summary", "daily"])
async def test_it_refuses_dates_that_are_none(channel: Channel, line: Line, kind: str) -> None:
    """400; 404 for a menu that is not there [R#get-rich-menu-insight-summary]"""
    menu_id, today = await menus.created(line), await day(channel)
    for first, last in [(None, today), (today, None), ("2026-11-01", today), ("20261301", today), (today, "x")]:
        answer = await ask(line, menu_id, kind, first, last)
        assert (answer.status, answer.message) == (400, "Bad Request")
    answer = await ask(line, menu_id, kind, today, await day(channel, -1))
    assert answer.message == "Parameter to must be the same date as, or after parameter from."
    assert (await ask(line, NOWHERE, kind, today, today)).status == 404


async def test_it_counts_each_time_a_menu_comes_into_sight(channel: Channel, line: Line) -> None:
    """opened with the talk and by its bar; taps of other menus do not count"""
    menu_id, _ = await tapped(channel, line, 20)
    first = await day(channel)
    customer = await channel.user("客1")
    await customer.taps_bar()
    await customer.taps_bar()
    await customer.reopens_talk()
    await channel.advance(days=1)
    body = (await ask(line, menu_id, "summary", first, first)).body
    assert body["impression"]["metrics"] == {"count": 22, "uniqueUsers": 20}

"""Broadcasts, what a day's sends come to, and the names they are counted under."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks.bots import Bot, Line, text

PUSH, MULTICAST = "/v2/bot/message/push", "/v2/bot/message/multicast"
BROADCAST = "/v2/bot/message/broadcast"
USED, LISTED = "/v2/bot/message/aggregation/info", "/v2/bot/message/aggregation/list"


async def today(channel: Channel) -> str:
    return (await channel.now() + timedelta(hours=9)).strftime("%Y%m%d")


async def test_it_broadcasts_to_all_friends(channel: Channel, line: Line, tanaka: User) -> None:
    """all friends, 200 {}, counted [R#send-broadcast-message]"""
    suzuki, kimura = await channel.user("鈴木 一郎"), await channel.user("木村 健")
    await suzuki.follow()
    await suzuki.block()
    await kimura.says("友だちではない")
    answer = await line.post(BROADCAST, {"messages": [text("皆さまへ")], "notificationDisabled": True})
    assert (answer.status, answer.body) == (200, {})
    [seen] = await channel.deliveries()
    assert (seen.chat, seen.how, seen.text) == (tanaka.id, "broadcast", "皆さまへ")
    assert await channel.used() == 1
    assert (await tanaka.talk())[-1]["quiet"] is True


async def test_it_accepts_a_broadcast_once_per_retry_key(line: Line, tanaka: User) -> None:
    """409 with the first request's id [R#retry-api-request]"""
    key = str(uuid4())
    first = await line.post(BROADCAST, {"messages": [text()]}, key=key)
    again = await line.post(BROADCAST, {"messages": [text()]}, key=key)
    assert (first.status, again.status) == (200, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(await tanaka.seen()) == 1


@pytest.mark.parametrize(("quota", "status"), [(3, 200), (2, 429)])
async def test_it_broadcasts_all_or_nothing_of_the_quota(channel: Channel, line: Line, quota: int, status: int) -> None:
    """429 `You have reached your monthly limit.`, nothing sent [3.5]"""
    await channel.crowd(3)
    await channel.change(quota=quota)
    answer = await line.post(BROADCAST, {"messages": [text()]})
    assert answer.status == status
    assert len(await channel.deliveries()) == (3 if status == 200 else 0)
    if status == 429:
        assert answer.message == "You have reached your monthly limit."


@pytest.mark.parametrize("how", ["reply", "push", "multicast", "narrowcast", "broadcast"])
async def test_it_validates_for_each_kind_of_send(channel: Channel, line: Line, how: str) -> None:
    """one to five messages, nothing sent [R#validate-message-objects-of-push-message]"""
    path = f"/v2/bot/message/validate/{how}"
    answer = await line.post(path, {"messages": [text()] * 5})
    assert (answer.status, answer.body) == (200, {})
    assert (await line.post(path, {"messages": [text()] * 6})).status == 400
    assert (await line.post(path, {"messages": []})).status == 400
    assert (await line.post(path, {"messages": [text()]}, key=str(uuid4()))).status == 400
    assert (await channel.counts())["counts"].get("delivered", 0) == 0


async def test_it_counts_the_sends_of_a_day_in_japan(
    channel: Channel, bot: Bot, line: Line, tanaka: User, group: Group
) -> None:
    """per kind, ready the next day [R#get-number-of-push-messages]; by people reached"""
    token = bot.last()["replyToken"]
    day = await today(channel)
    await line.reply(token, text())
    await line.push(tanaka.id, *[text()] * 3)
    await line.push(group.id, text())
    await line.multicast([tanaka.id], text())
    await line.post(BROADCAST, {"messages": [text()]})
    counts = {"reply": 2, "push": 3, "multicast": 1, "broadcast": 1}
    for how in counts:
        path = f"/v2/bot/message/delivery/{how}?date={day}"
        assert (await line.get(path)).body == {"status": "unready"}
    await channel.advance(days=1)
    for how, count in counts.items():
        path = f"/v2/bot/message/delivery/{how}?date={day}"
        assert (await line.get(path)).body == {"status": "ready", "success": count}


async def test_it_begins_a_day_at_midnight_in_japan(channel: Channel, line: Line, tanaka: User) -> None:
    """UTC+9 [R#get-number-of-push-messages]"""
    now = await channel.now()
    evening = (now + timedelta(days=1)).replace(hour=14, minute=59, second=0, microsecond=0)
    await channel.advance(to=evening)
    await line.push(tanaka.id, text())
    await channel.advance(minutes=2)
    path = f"/v2/bot/message/delivery/push?date={evening:%Y%m%d}"
    assert (await line.get(path)).body == {"status": "ready", "success": 1}
    assert (await line.get(path.replace(f"{evening:%Y%m%d}", await today(channel)))).body == {"status": "unready"}


@pytest.mark.parametrize(
    ("date", "status", "body"),
    [
        ("20180330", 200, {"status": "out_of_service"}),
        ("20180331", 200, {"status": "ready", "success": 0}),
        ("29991231", 200, {"status": "unready"}),
        ("2018033", 400, None),
        ("20180332", 400, None),
        ("2018-3-1", 400, None),
        ("", 400, None),
    ],
)
async def test_it_counts_since_the_last_day_of_march_2018(
    line: Line, date: str, status: int, body: dict[str, Any] | None
) -> None:
    """out_of_service before 2018-03-31 [O]; yyyyMMdd"""
    answer = await line.get(f"/v2/bot/message/delivery/multicast?date={date}")
    assert answer.status == status
    assert body is None or answer.body == body


@pytest.mark.parametrize(("count", "status"), [(19, "unavailable_for_privacy"), (20, "ready")])
async def test_it_can_keep_small_counts_private(channel: Channel, line: Line, count: int, status: str) -> None:
    """a fourth status that only OpenAPI has: a knob [contradictions]"""
    await channel.change(small_counts_are_private=True)
    day = await today(channel)
    await line.multicast(await channel.crowd(count), text())
    await channel.advance(days=1)
    assert (await line.get(f"/v2/bot/message/delivery/multicast?date={day}")).body["status"] == status


@pytest.mark.parametrize(
    ("units", "status"),
    [(["a"], 200), (["a" * 30], 200), (["Promo_1"], 200), ([], 200)]
    + [(units, 400) for units in (["a" * 31], [""], ["a-b"], ["あ"], ["a", "b"], "a", [1])],
)
async def test_it_takes_one_unit_of_30_letters(line: Line, tanaka: User, units: Any, status: int) -> None:
    """exactly 1, [a-zA-Z0-9_]{1,30} [G:unit-based-statistics-aggregation]"""
    pushed = await line.post(PUSH, {"to": tanaka.id, "messages": [text()], "customAggregationUnits": units})
    many = await line.post(MULTICAST, {"to": [tanaka.id], "messages": [text()], "customAggregationUnits": units})
    assert (pushed.status, many.status) == (status, status)


async def test_it_lists_this_months_units(channel: Channel, line: Line, tanaka: User) -> None:
    """case-sensitive, anew each month [R#get-name-list-of-units-used-this-month]"""
    for unit in ("promo", "Promo", "promo"):
        body = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": [unit]}
        assert (await line.post(PUSH, body)).status == 200
    assert (await line.get(USED)).body == {"numOfCustomAggregationUnits": 2}
    assert (await line.get(LISTED)).body == {"customAggregationUnits": ["promo", "Promo"]}
    assert [entry["unit"] for entry in (await tanaka.talk())] == ["promo", "Promo", "promo"]
    now = await channel.now()
    await channel.advance(to=datetime(now.year + 1, 3, 15, tzinfo=UTC))
    assert (await line.get(USED)).body == {"numOfCustomAggregationUnits": 0}
    assert (await line.get(LISTED)).body == {"customAggregationUnits": []}


async def test_it_assigns_a_thousand_units_a_month_and_no_more(channel: Channel, line: Line, tanaka: User) -> None:
    """the 1,001st is silently not assigned, the message still sent [G:unit-based-statistics-aggregation]"""
    await channel.change(rate_scale=None)
    for number in range(1_001):
        body = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": [f"u{number}"]}
        assert (await line.post(PUSH, body)).status == 200
    assert (await line.get(USED)).body == {"numOfCustomAggregationUnits": 1_000}
    units = [entry["unit"] for entry in (await tanaka.talk())]
    assert units == [*(f"u{number}" for number in range(1_000)), None]
    again = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": ["u7"]}
    await line.post(PUSH, again)
    assert (await tanaka.talk())[-1]["unit"] == "u7"
    page = (await line.get(LISTED)).body
    assert len(page["customAggregationUnits"]) == 100
    page = (await line.get(f"{LISTED}?start={page['next']}")).body
    assert page["customAggregationUnits"][0] == "u100"


@pytest.mark.parametrize(("limit", "status"), [("1", 200), ("100", 200), ("101", 400), ("0", 400)])
async def test_it_lists_at_most_100_units_at_once(line: Line, limit: str, status: int) -> None:
    """limit <= 100 [R#get-name-list-of-units-used-this-month]"""
    assert (await line.get(f"{LISTED}?limit={limit}")).status == status


async def test_it_can_forbid_units(channel: Channel, line: Line, tanaka: User) -> None:
    """403 for accounts that did not apply, as OpenAPI says: a knob [contradictions]"""
    await channel.change(units_forbidden=True)
    body = {"to": tanaka.id, "messages": [text()], "customAggregationUnits": ["a"]}
    assert (await line.post(PUSH, body)).status == 403
    assert (await line.post(MULTICAST, {**body, "to": [tanaka.id]})).status == 403
    assert (await line.push(tanaka.id, text())).status == 200


async def test_it_can_refuse_too_many_pushes_to_one_person(channel: Channel, line: Line, tanaka: User) -> None:
    """a third meaning of 429 [R#send-push-message]; LINE names no number: a knob"""
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    await channel.change(pushes_to_one_in_a_minute=2)
    statuses = [(await line.push(tanaka.id, text())).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert (await line.push(suzuki.id, text())).status == 200
    await channel.advance(seconds=61)
    assert (await line.push(tanaka.id, text())).status == 200

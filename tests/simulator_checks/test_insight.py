"""LINE's statistics: a day late, silent about fewer than twenty people, frozen after two weeks."""

from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.bots import Line, text

HERE = "/v2/bot/insight"
SITE = "https://example.com/shop"
BUTTONS = {
    "type": "template",
    "altText": "店",
    "template": {
        "type": "buttons",
        "text": "店",
        "actions": [
            {"type": "uri", "label": "見る", "uri": SITE},
            {"type": "message", "label": "話す", "text": "話す"},
        ],
    },
}
VIDEO = {
    "type": "video",
    "originalContentUrl": "https://example.com/v.mp4",
    "previewImageUrl": "https://example.com/v.jpg",
}
KNOWN = {"gender": "female", "age": 34, "area": "jp_13"}


async def today(channel: Channel, days: int = 0) -> str:
    return (await channel.now() + timedelta(hours=9, days=days)).strftime("%Y%m%d")


async def broadcast(line: Line, *messages: Any) -> str:
    answer = await line.post("/v2/bot/message/broadcast", {"messages": list(messages)})
    assert answer.status == 200
    return answer.headers["x-line-request-id"]


async def event(line: Line, request_id: str) -> Any:
    return (await line.get(f"{HERE}/message/event?requestId={request_id}")).body


async def test_it_counts_impressions_and_clicks_of_a_broadcast(channel: Channel, line: Line) -> None:
    """[R#get-message-event]"""
    ids = await channel.crowd(30)
    request_id = await broadcast(line, text("お知らせ"), BUTTONS)
    sent_at = int((await channel.now()).timestamp())
    await channel.all_do(ids[:25], "read")
    await channel.all_do(ids[:20], "press", label="見る")
    await channel.all_do(ids[:5], "press", label="見る")
    await channel.advance(days=1)
    body = await event(line, request_id)
    overview = body["overview"]
    assert abs(overview.pop("timestamp") - sent_at) <= 5
    assert overview == {
        "requestId": request_id,
        "delivered": 30,
        "uniqueImpression": 25,
        "uniqueClick": 20,
        "uniqueMediaPlayed": None,
        "uniqueMediaPlayed100Percent": None,
    }
    assert [(one["seq"], one["impression"]) for one in body["messages"]] == [(1, 25), (2, 25)]
    assert body["clicks"] == [{"seq": 2, "url": SITE, "click": 25, "uniqueClick": 20, "uniqueClickOfRequest": 20}]


@pytest.mark.parametrize(("count", "shown"), [(19, None), (20, 20)])
async def test_it_tells_nothing_of_fewer_than_twenty_people(
    channel: Channel, line: Line, count: int, shown: int | None
) -> None:
    """values < 20, or from fewer than 20 distinct users, are null; `delivered` is shown below 20 [5.1]"""
    ids = await channel.crowd(count)
    request_id = await broadcast(line, BUTTONS)
    for _ in range(2):
        await channel.all_do(ids, "press", label="見る")
    await channel.all_do(ids, "read")
    await channel.advance(days=1)
    body = await event(line, request_id)
    assert body["overview"]["delivered"] == count
    assert body["overview"]["uniqueImpression"] == shown
    assert body["overview"]["uniqueClick"] == shown
    assert body["messages"][0]["impression"] == shown
    [click] = body["clicks"]
    assert (click["click"], click["uniqueClick"]) == (None if shown is None else 2 * shown, shown)


async def test_it_tells_of_a_day_on_the_next(channel: Channel, line: Line) -> None:
    """next-day data [10.9]"""
    ids = await channel.crowd(20)
    now = await channel.now() + timedelta(days=1)
    await channel.advance(to=now.replace(hour=14, minute=0, second=0))
    request_id = await broadcast(line, text())
    await channel.all_do(ids, "read")
    assert (await event(line, request_id))["overview"]["uniqueImpression"] is None
    await channel.advance(minutes=59)
    assert (await event(line, request_id))["overview"]["uniqueImpression"] is None
    await channel.advance(minutes=2)
    assert (await event(line, request_id))["overview"]["uniqueImpression"] == 20


@pytest.mark.parametrize(("days", "counted"), [(13.99, 20), (14.01, None)])
async def test_it_counts_for_two_weeks(channel: Channel, line: Line, days: float, counted: int | None) -> None:
    """updated only for 14 days after the send [5.1]"""
    ids = await channel.crowd(20)
    request_id = await broadcast(line, text())
    await channel.advance(days=days)
    await channel.all_do(ids, "read")
    await channel.advance(days=1)
    assert (await event(line, request_id))["overview"]["uniqueImpression"] == counted


async def test_it_counts_no_computers(channel: Channel, line: Line) -> None:
    """iOS/Android only; PC and Chrome not counted [G:measure-impressions]"""
    ids = await channel.crowd(20, profile={"app": "others"})
    request_id = await broadcast(line, BUTTONS)
    await channel.all_do(ids, "read")
    await channel.all_do(ids, "press", label="見る")
    await channel.advance(days=1)
    overview = (await event(line, request_id))["overview"]
    assert (overview["uniqueImpression"], overview["uniqueClick"]) == (None, None)


async def test_it_counts_how_far_films_were_seen(channel: Channel, line: Line) -> None:
    """starts and quarters [R#get-message-event]"""
    ids = await channel.crowd(60)
    request_id = await broadcast(line, VIDEO)
    await channel.all_do(ids[:20], "play", percent=100)
    await channel.all_do(ids[20:40], "play", percent=74)
    await channel.all_do(ids[40:], "play", percent=0)
    await channel.advance(days=1)
    body = await event(line, request_id)
    assert body["overview"]["uniqueMediaPlayed"] == 60
    assert body["overview"]["uniqueMediaPlayed100Percent"] == 20
    [bubble] = body["messages"]
    assert [bubble[f"mediaPlayed{suffix}"] for suffix in ("", "25Percent", "50Percent", "75Percent")] == [
        60,
        40,
        40,
        20,
    ]
    assert bubble["uniqueMediaPlayed75Percent"] == 20


async def test_it_counts_each_display_of_a_bubble_and_each_link(channel: Channel, line: Line) -> None:
    """impression counts displays; uniqueClickOfRequest joins the same address in several bubbles [O]"""
    ids = await channel.crowd(20)
    request_id = await broadcast(line, text(f"店は {SITE} です"), BUTTONS)
    await channel.all_do(ids, "read")
    for number in range(20):
        user = await channel.user(f"客{number + 1}")
        first, second = await user.seen()
        await user.displays_again(first.id)
        await user.follows_link(first.id if number < 10 else second.id, SITE)
        assert (await user.about())["opened"] == [SITE]
    await channel.advance(days=1)
    body = await event(line, request_id)
    assert [one["impression"] for one in body["messages"]] == [40, 20]
    nulls = {"click": None, "uniqueClick": None, "uniqueClickOfRequest": 20}
    assert body["clicks"] == [{"seq": seq, "url": SITE, **nulls} for seq in (1, 2)]


async def test_it_has_statistics_of_broadcasts_and_narrowcasts_only(line: Line, tanaka: User) -> None:
    """by requestId for broadcast and narrowcast; push and multicast by unit [5.1]; unknown: 404 [?]"""
    pushed = await line.push(tanaka.id, text())
    request_id = pushed.headers["x-line-request-id"]
    assert (await line.get(f"{HERE}/message/event?requestId={request_id}")).status == 404
    assert (await line.get(f"{HERE}/message/event?requestId=nothing")).status == 404
    assert (await line.get(f"{HERE}/message/event")).status == 400


def unit_path(unit: str, since: str, until: str) -> str:
    return f"{HERE}/message/event/aggregation?customAggregationUnit={unit}&from={since}&to={until}"


async def test_it_sums_up_all_that_went_out_under_a_unit(channel: Channel, line: Line) -> None:
    """push and multicast by customAggregationUnits, case-sensitive [R#get-statistics-per-unit]"""
    ids = await channel.crowd(20)
    day = await today(channel)
    units = {"customAggregationUnits": ["Promo_a"]}
    await line.post("/v2/bot/message/multicast", {"to": ids[:19], "messages": [text(), BUTTONS], **units})
    await line.post("/v2/bot/message/push", {"to": ids[19], "messages": [BUTTONS], **units})
    await line.multicast(ids, text("単位なし"))
    for number in range(20):
        user = await channel.user(f"客{number + 1}")
        await user.reads_all()
        await user.presses("見る")
    await channel.advance(days=1)
    body = (await line.get(unit_path("Promo_a", day, day))).body
    assert body["overview"] == {
        "uniqueImpression": 20,
        "uniqueClick": 20,
        "uniqueMediaPlayed": None,
        "uniqueMediaPlayed100Percent": None,
    }
    assert [(one["seq"], one["impression"], one["uniqueImpression"]) for one in body["messages"]] == [
        (1, 20, 20),
        (2, None, None),
    ]
    assert {(one["seq"], one["click"], one["uniqueClickOfRequest"]) for one in body["clicks"]} == {
        (1, None, 20),
        (2, None, 20),
    }
    other = (await line.get(unit_path("promo_a", day, day))).body
    assert other["overview"]["uniqueImpression"] is None
    later = await today(channel, 1)
    assert (await line.get(unit_path("Promo_a", later, later))).body["overview"]["uniqueImpression"] is None


@pytest.mark.parametrize(
    ("unit", "since", "until", "status"),
    [
        ("a", "20260301", "20260331", 200),
        ("a", "20260301", "20260401", 400),
        ("a", "20260302", "20260301", 400),
        ("a", "2026-03-01", "20260301", 400),
        ("a", "20260230", "20260301", 400),
        ("a" * 30, "20260301", "20260301", 200),
        ("a" * 31, "20260301", "20260301", 400),
        ("", "20260301", "20260301", 400),
    ],
)
async def test_it_sums_up_30_days_at_most(line: Line, unit: str, since: str, until: str, status: int) -> None:
    """window <= 30 days; a 400 is an object of nulls [R#get-statistics-per-unit, contradictions]"""
    answer = await line.get(unit_path(unit, since, until))
    assert answer.status == status
    assert set(answer.body["overview"].values()) == {None}
    assert (answer.body["messages"], answer.body["clicks"]) == ([], [])


async def test_it_counts_deliveries_of_a_day(channel: Channel, line: Line, tanaka: User) -> None:
    """per kind of send, ready the next day [R#get-number-of-delivery-messages]"""
    day = await today(channel)
    await line.push(tanaka.id, text())
    await line.multicast([tanaka.id], text())
    await broadcast(line, text())
    path = f"{HERE}/message/delivery?date={day}"
    assert (await line.get(path)).body == {"status": "unready"}
    await channel.advance(days=1)
    assert (await line.get(path)).body == {
        "status": "ready",
        "apiBroadcast": 1,
        "apiPush": 1,
        "apiMulticast": 1,
        "apiNarrowcast": 0,
        "apiReply": 0,
    }


@pytest.mark.parametrize(
    ("path", "before", "since"),
    [("message/delivery", "20170228", "20170301"), ("followers", "20161031", "20161101")],
)
async def test_it_has_no_counts_from_before_it_counted(line: Line, path: str, before: str, since: str) -> None:
    """out_of_service [R#get-number-of-delivery-messages, R#get-number-of-followers]"""
    assert (await line.get(f"{HERE}/{path}?date={before}")).body["status"] == "out_of_service"
    assert (await line.get(f"{HERE}/{path}?date={since}")).body["status"] == "ready"
    assert (await line.get(f"{HERE}/{path}?date=2017")).status == 400


async def test_it_counts_friends_as_of_a_day(channel: Channel, line: Line) -> None:
    """followers never decreases, blocks does; about a day late [R#get-number-of-followers]"""
    first = await today(channel)
    tanaka, suzuki = await channel.user("田中 花子"), await channel.user("鈴木 一郎")
    await tanaka.follow()
    await suzuki.follow()
    await suzuki.block()
    await tanaka.change(**KNOWN)
    path = f"{HERE}/followers?date={first}"
    assert (await line.get(path)).body == {"status": "unready"}
    await channel.advance(days=1)
    second = await today(channel)
    await suzuki.unblock()
    counts = {"status": "ready", "followers": 2, "targetedReaches": 1, "blocks": 1}
    assert (await line.get(path)).body == counts
    assert (await line.get(f"{HERE}/followers")).body == counts
    await channel.advance(days=1)
    assert (await line.get(f"{HERE}/followers?date={second}")).body == {**counts, "blocks": 0}


@pytest.mark.parametrize(("count", "available"), [(19, False), (20, True)])
async def test_it_shows_what_twenty_friends_are_like(channel: Channel, line: Line, count: int, available: bool) -> None:
    """shares in per cent; nothing under 20 people [R#get-demographic]"""
    await channel.crowd(count - 4, profile=KNOWN)
    await channel.crowd(4, prefix="男", profile={"gender": "male", "age": 70, "area": "jp_47", "app": "android"})
    await channel.crowd(30, prefix="未知")
    body = (await line.get(f"{HERE}/demographic")).body
    assert body["available"] is available
    if not available:
        assert body == {"available": False}
        return
    assert body["genders"] == [{"gender": "female", "percentage": 80.0}, {"gender": "male", "percentage": 20.0}]
    assert body["ages"] == [{"age": "from30to34", "percentage": 80.0}, {"age": "from70", "percentage": 20.0}]
    assert body["areas"] == [{"area": "東京", "percentage": 80.0}, {"area": "沖縄", "percentage": 20.0}]
    assert body["appTypes"] == [{"appType": "ios", "percentage": 80.0}, {"appType": "android", "percentage": 20.0}]
    assert body["subscriptionPeriods"] == [{"subscriptionPeriod": "within7days", "percentage": 100.0}]


@pytest.mark.parametrize(
    ("days", "period"),
    [
        (6.9, "within7days"),
        (7, "within30days"),
        (30, "within90days"),
        (90, "within180days"),
        (180, "within365days"),
        (364.9, "within365days"),
        (365, "over365days"),
    ],
)
async def test_it_sorts_friends_by_how_long_they_are(channel: Channel, line: Line, days: float, period: str) -> None:
    """classes of friendship [O]"""
    await channel.crowd(20, profile=KNOWN)
    await channel.advance(days=days)
    body = (await line.get(f"{HERE}/demographic")).body
    assert body["subscriptionPeriods"] == [{"subscriptionPeriod": period, "percentage": 100.0}]


@pytest.mark.parametrize(
    "path",
    [
        "message/delivery?date=20260101",
        "followers?date=20260101",
        "demographic",
        "message/event?requestId=x",
        "message/event/aggregation?customAggregationUnit=a&from=20260101&to=20260101",
    ],
)
async def test_it_answers_sixty_questions_an_hour(channel: Channel, line: Line, path: str) -> None:
    """60/hour each [R#rate-limits]"""
    await channel.change(rate_refills=False)
    statuses = [(await line.get(f"{HERE}/{path}")).status for _ in range(61)]
    assert 429 not in statuses[:60]
    assert statuses[60] == 429
    await channel.change(rate_refills=True)
    await channel.advance(minutes=1)
    assert (await line.get(f"{HERE}/{path}")).status == statuses[0]

"""Coupons: made within their limits, listed, looked at, closed, sent; and memberships nobody has."""

from typing import Any

import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.bots import Line, Reply

HERE = "/v2/bot/coupon"
COUPON: dict[str, Any] = {
    "title": "春の割引",
    "startTimestamp": 1_790_000_000,
    "endTimestamp": 1_790_086_400,
    "maxUseCountPerTicket": 1,
    "visibility": "UNLISTED",
    "timezone": "ASIA_TOKYO",
    "acquisitionCondition": {"type": "normal"},
}
LOTTERY = {"type": "lottery", "lotteryProbability": 50, "maxAcquireCount": -1}


def reward(kind: str, **price: Any) -> dict[str, Any]:
    return {"type": kind, "priceInfo": price} if price else {"type": kind}


async def create(line: Line, **changed: Any) -> Reply:
    body = {name: value for name, value in {**COUPON, **changed}.items() if value is not None}
    return await line.post(HERE, body)


async def made(line: Line, **changed: Any) -> str:
    answer = await create(line, **changed)
    assert answer.status == 200
    return str(answer.body["couponId"])


async def test_it_makes_shows_and_closes_a_coupon(channel: Channel, line: Line) -> None:
    """create, get, close; 410 once closed [R#coupon, O]"""
    price = {"type": "fixed", "fixedAmount": 500}
    coupon = await made(line, reward={"type": "discount", "priceInfo": price}, description="店頭で")
    shown = (await line.get(f"{HERE}/{coupon}")).body
    assert abs(shown.pop("createdTimestamp") - int((await channel.now()).timestamp())) <= 5
    assert shown == {
        **COUPON,
        "couponId": coupon,
        "description": "店頭で",
        "reward": {"type": "discount", "priceInfo": {**price, "currency": "JPY"}},
        "maxTicketPerUser": 1,
        "status": "RUNNING",
    }
    answer = await line.put(f"{HERE}/{coupon}/close")
    assert (answer.status, answer.body) == (200, {})
    assert (await line.get(f"{HERE}/{coupon}")).body["status"] == "CLOSED"
    assert (await line.put(f"{HERE}/{coupon}/close")).status == 410
    assert (await line.get(f"{HERE}/nothing")).status == 404
    assert (await line.put(f"{HERE}/nothing/close")).status == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "あ"},
        {"title": "あ" * 60},
        {"description": "あ" * 1_000},
        {"usageCondition": "あ" * 100},
        {"maxUseCountPerTicket": -1},
        {"visibility": "PUBLIC"},
        {"imageUrl": "https://example.com/a.png", "barcodeImageUrl": "https://example.com/b.png", "couponCode": "A1"},
        {"acquisitionCondition": LOTTERY},
        {"acquisitionCondition": {**LOTTERY, "lotteryProbability": 1, "maxAcquireCount": 1}},
        {"acquisitionCondition": {**LOTTERY, "lotteryProbability": 99, "maxAcquireCount": 999_999}},
        {"reward": reward("free")},
        {"reward": reward("gift")},
        {"reward": reward("others")},
        {"reward": reward("cashBack", type="percentage", percentage=1)},
        {"reward": reward("cashBack", type="fixed", fixedAmount=100)},
        {"reward": reward("discount", type="percentage", percentage=99)},
        {"reward": reward("discount", type="explicit", priceAfterDiscount=800, originalPrice=1_000)},
    ],
)
async def test_it_takes_a_coupon_within_its_limits(line: Line, changed: dict[str, Any]) -> None:
    """[O CouponCreateRequest]"""
    coupon = await made(line, **changed)
    assert (await line.get(f"{HERE}/{coupon}")).status == 200


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"title": "あ" * 61}, "title"),
        ({"title": None}, "title"),
        ({"description": "あ" * 1_001}, "description"),
        ({"usageCondition": "あ" * 101}, "usageCondition"),
        ({"maxUseCountPerTicket": 2}, "maxUseCountPerTicket"),
        ({"maxUseCountPerTicket": 0}, "maxUseCountPerTicket"),
        ({"visibility": "PRIVATE"}, "visibility"),
        ({"timezone": "JST"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"startTimestamp": None}, "startTimestamp"),
        ({"endTimestamp": 1_790_000_000}, "endTimestamp"),
        ({"imageUrl": "http://example.com/a.png"}, "imageUrl"),
        ({"acquisitionCondition": None}, "acquisitionCondition"),
        ({"acquisitionCondition": {"type": "referral"}}, "acquisitionCondition.type"),
        ({"acquisitionCondition": {**LOTTERY, "lotteryProbability": 0}}, "acquisitionCondition.lotteryProbability"),
        ({"acquisitionCondition": {**LOTTERY, "lotteryProbability": 100}}, "acquisitionCondition.lotteryProbability"),
        ({"acquisitionCondition": {**LOTTERY, "maxAcquireCount": 1_000_000}}, "acquisitionCondition.maxAcquireCount"),
        (
            {"acquisitionCondition": {"type": "lottery", "lotteryProbability": 5}},
            "acquisitionCondition.maxAcquireCount",
        ),
        ({"reward": reward("nothing")}, "reward.type"),
        ({"reward": reward("cashBack", type="explicit")}, "reward.priceInfo.type"),
        ({"reward": reward("discount", type="percentage", percentage=0)}, "reward.priceInfo.percentage"),
        ({"reward": reward("discount", type="percentage", percentage=100)}, "reward.priceInfo.percentage"),
    ],
)
async def test_it_refuses_a_coupon_beyond_its_limits(line: Line, changed: dict[str, Any], wrong: str) -> None:
    """[O CouponCreateRequest]"""
    answer = await create(line, **changed)
    assert (answer.status, answer.properties) == (400, [wrong])


async def test_it_lists_coupons_in_pages(line: Line) -> None:
    """limit 1 to 100, default 20, newest first, by status [O listCoupon]"""
    ids = [await made(line, title=f"券{number}") for number in range(21)]
    first = (await line.get(HERE)).body
    assert [one["couponId"] for one in first["items"]] == ids[:0:-1]
    assert first["items"][0] == {"couponId": ids[20], "title": "券20"}
    assert (await line.get(f"{HERE}?start={first['next']}")).body == {"items": [{"couponId": ids[0], "title": "券0"}]}
    await line.put(f"{HERE}/{ids[5]}/close")
    closed = (await line.get(f"{HERE}?status=CLOSED&status=DRAFT")).body
    assert [one["couponId"] for one in closed["items"]] == [ids[5]]
    assert len((await line.get(f"{HERE}?status=RUNNING&limit=100")).body["items"]) == 20


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=RUNNING&status=CLOSED", ["夏", "春"]),
        ("status=RUNNING,CLOSED", ["夏", "春"]),
        ("status=RUNNING%2CCLOSED", ["夏", "春"]),
        ("status=DRAFT,CLOSED", ["春"]),
        ("status=", ["夏", "春"]),
    ],
)
async def test_it_lists_coupons_by_status_as_each_sdk_writes_it(line: Line, query: str, titles: list[str]) -> None:
    """[O listCoupon]: once for each, as the Python SDK writes; the Node SDK puts commas between them"""
    await line.put(f"{HERE}/{await made(line, title='春')}/close")
    await made(line, title="夏")
    answer = await line.get(f"{HERE}?{query}")
    assert answer.status == 200
    assert [one["title"] for one in answer.body["items"]] == titles


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1", 200),
        ("limit=100", 200),
        ("limit=101", 400),
        ("limit=0", 400),
        (f"limit={'9' * 5_000}", 400),
        ("status=NEW", 400),
        ("status=RUNNING,NEW", 400),
        ("status=RUNNING,", 400),
        ("start=x", 400),
    ],
)
async def test_it_lists_a_hundred_coupons_at_once(line: Line, query: str, status: int) -> None:
    """limit max 100 [O listCoupon]"""
    assert (await line.get(f"{HERE}?{query}")).status == status


async def test_it_sends_coupons_that_run(line: Line, tanaka: User) -> None:
    """a coupon message names an existing coupon [R#coupon-message]; what LINE says to others is not told [?]"""
    coupon = await made(line)
    message = {"type": "coupon", "couponId": coupon}
    assert (await line.push(tanaka.id, message)).status == 200
    assert (await tanaka.seen())[-1].message == message
    unknown = await line.push(tanaka.id, {"type": "coupon", "couponId": "01ABC"})
    assert (unknown.status, unknown.properties) == (400, ["messages[0].couponId"])
    await line.put(f"{HERE}/{coupon}/close")
    assert (await line.push(tanaka.id, message)).status == 400


async def test_it_has_no_memberships(line: Line, tanaka: User) -> None:
    """an account without any: an empty list, 404 for users and plans [O]"""
    assert (await line.get("/v2/bot/membership/list")).body == {"memberships": []}
    assert (await line.get(f"/v2/bot/membership/subscription/{tanaka.id}")).status == 404
    assert (await line.get("/v2/bot/membership/subscription/nobody")).status == 400
    assert (await line.get("/v2/bot/membership/1/users/ids?limit=1000")).status == 404
    assert (await line.get("/v2/bot/membership/1/users/ids?limit=1001")).status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", HERE),
        ("GET", HERE),
        ("GET", f"{HERE}/x"),
        ("PUT", f"{HERE}/x/close"),
        ("GET", "/v2/bot/membership/list"),
        ("GET", "/v2/bot/membership/subscription/nobody"),
    ],
)
async def test_it_takes_200_calls_a_second(channel: Channel, line: Line, method: str, path: str) -> None:
    """200/second [R#rate-limits]; here at a hundredth"""
    await channel.change(rate_scale=0.01, rate_refills=False)
    body: Any = {} if method == "POST" else None
    statuses = [(await line.ask(method, path, body)).status for _ in range(3)]
    assert 429 not in statuses[:2]
    assert statuses[2] == 429

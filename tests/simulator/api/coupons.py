"""Coupons over the API: made, listed, looked at, closed [R#coupon]."""

from collections.abc import Callable
from typing import Any

from tests.simulator.api import answers, pages
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.coupons import Coupon
from tests.simulator.limits import Rate
from tests.simulator.messages.places import Place, Problems

TITLE, DESCRIPTION, USAGE = 60, 1_000, 100
MOST_ACQUIRED = 999_999
A_PAGE, MOST_A_PAGE = 20, 100
RATE = Rate(200)
STATUSES = ("DRAFT", "RUNNING", "CLOSED")
NO_LIMIT = -1
TIMEZONES = """
ETC_GMT_MINUS_12 ETC_GMT_MINUS_11 PACIFIC_HONOLULU AMERICA_ANCHORAGE AMERICA_LOS_ANGELES AMERICA_PHOENIX
AMERICA_CHICAGO AMERICA_NEW_YORK AMERICA_CARACAS AMERICA_SANTIAGO AMERICA_ST_JOHNS AMERICA_SAO_PAULO ETC_GMT_MINUS_2
ATLANTIC_CAPE_VERDE EUROPE_LONDON EUROPE_PARIS EUROPE_ISTANBUL EUROPE_MOSCOW ASIA_TEHRAN ASIA_TBILISI ASIA_KABUL
ASIA_TASHKENT ASIA_COLOMBO ASIA_KATHMANDU ASIA_ALMATY ASIA_RANGOON ASIA_BANGKOK ASIA_TAIPEI ASIA_TOKYO
AUSTRALIA_DARWIN AUSTRALIA_SYDNEY ASIA_VLADIVOSTOK ETC_GMT_PLUS_12 PACIFIC_TONGATAPU
"""
KEPT = (
    "acquisitionCondition",
    "barcodeImageUrl",
    "couponCode",
    "description",
    "endTimestamp",
    "imageUrl",
    "maxUseCountPerTicket",
    "startTimestamp",
    "title",
    "usageCondition",
    "visibility",
    "timezone",
    "reward",
)


def created(channel: Channel, call: Call) -> Answer:
    body = call.body()
    found = Problems()
    check(Place(found, body, ""))
    if found.details:
        raise answers.in_body(found.details)
    content = {name: body[name] for name in KEPT if body.get(name) is not None}
    return answers.ok({"couponId": channel.coupons.add(content, channel.clock.now_ms()).id})


def check(place: Place) -> None:
    place.string("title", TITLE, least=1)
    place.string("description", DESCRIPTION, required=False)
    place.string("usageCondition", USAGE, required=False)
    place.string("couponCode", required=False)
    place.url("imageUrl", required=False)
    place.url("barcodeImageUrl", required=False)
    place.choice("visibility", ("UNLISTED", "PUBLIC"))
    place.choice("timezone", TIMEZONES.split())
    place.number("startTimestamp", 0, 2**53, whole=True)
    place.number("endTimestamp", 0, 2**53, whole=True)
    start, end = place.value.get("startTimestamp"), place.value.get("endTimestamp")
    if isinstance(start, int) and isinstance(end, int) and end <= start:
        place.wrong("endTimestamp", "must be after startTimestamp")
    check_number(place, "maxUseCountPerTicket", 1)
    condition = place.inner("acquisitionCondition")
    if condition is not None and condition.choice("type", ("normal", "lottery")) == "lottery":
        condition.number("lotteryProbability", 1, 99, whole=True)
        check_number(condition, "maxAcquireCount", MOST_ACQUIRED)
    reward = place.inner("reward", required=False)
    if reward is not None:
        kind = reward.choice("type", ("cashBack", "discount", "free", "gift", "others"))
        if kind in PRICES:
            check_price(reward, PRICES[kind])


def check_number(place: Place, name: str, most: int) -> None:
    """1 to so many, or -1: no limit."""
    if place.value.get(name) != NO_LIMIT:
        place.number(name, 1, most, whole=True)


PRICES = {"cashBack": ("fixed", "percentage"), "discount": ("fixed", "percentage", "explicit")}


def check_price(reward: Place, kinds: tuple[str, ...]) -> None:
    price = reward.inner("priceInfo", required=False)
    kind = None if price is None else price.choice("type", kinds)
    if price is None or kind is None:
        return
    if kind == "percentage":
        price.number("percentage", 1, 99, whole=True)
    for name in {"fixed": ("fixedAmount",), "explicit": ("priceAfterDiscount", "originalPrice")}.get(kind, ()):
        price.number(name, 0, 2**53, whole=True)


def listed(channel: Channel, call: Call) -> Answer:
    """The newest first."""
    wanted = statuses(call)
    start, limit = pages.start_of(channel, call, "coupons"), call.number("limit", A_PAGE, 1, MOST_A_PAGE)
    fitting = [one for one in reversed(channel.coupons.by_id.values()) if not wanted or one.status in wanted]
    items = [{"couponId": one.id, "title": one.content["title"]} for one in fitting[start : start + limit]]
    more = {"next": pages.next_token(channel, "coupons", start + limit)} if start + limit < len(fitting) else {}
    return answers.ok({"items": items, **more})


def statuses(call: Call) -> list[str]:
    """Those asked for, none for all. status=RUNNING&status=CLOSED is the form of LINE's own files and the Python SDK;
    the Node SDK sends status=RUNNING,CLOSED, and status= for no status at all, so LINE must take these too [?].
    """
    wanted = [one for given in call.url.query.getall("status", []) for one in given.split(",") if given]
    if any(status not in STATUSES for status in wanted):
        raise answers.bad_parameter("status")
    return wanted


def looked_at(channel: Channel, call: Call) -> Answer:
    return answers.ok(shown(found(channel, call)))


def closed(channel: Channel, call: Call) -> Answer:
    """410 when it is closed already."""
    coupon = found(channel, call)
    if coupon.closed:
        raise answers.refuse(410, "The coupon is closed")
    coupon.closed = True
    return answers.ok()


def found(channel: Channel, call: Call) -> Coupon:
    coupon = channel.coupons.by_id.get(call.parts["coupon_id"])
    if coupon is None:
        raise answers.not_found()
    return coupon


def shown(coupon: Coupon) -> dict[str, Any]:
    body = {**coupon.content, "couponId": coupon.id, "status": coupon.status, "maxTicketPerUser": 1}
    body["createdTimestamp"] = coupon.created_ms // 1000
    condition = coupon.content["acquisitionCondition"]
    if condition["type"] == "lottery":
        body["maxAcquireCount"] = condition["maxAcquireCount"]
    price = coupon.content.get("reward", {}).get("priceInfo")
    if price is not None and price["type"] != "percentage":
        body["reward"] = {**coupon.content["reward"], "priceInfo": {**price, "currency": "JPY"}}
    return body


ROWS: list[tuple[str, str, str, Callable[[Channel, Call], Answer]]] = [
    ("create", "POST", "", created),
    ("list", "GET", "", listed),
    ("get", "GET", "/{coupon_id}", looked_at),
    ("close", "PUT", "/{coupon_id}/close", closed),
]
ENDPOINTS = [
    Endpoint(f"coupon_{name}", method, f"/v2/bot/coupon{path}", act, rate=RATE) for name, method, path, act in ROWS
]

"""Coupons, from the first day to the last."""

from tests.simulator_checks.scenarios.steps import Json, Scenario, call, refused

COUPON: Json = {
    "title": "春の割引",
    "startTimestamp": 1_790_000_000,
    "endTimestamp": 1_890_000_000,
    "maxUseCountPerTicket": 1,
    "visibility": "UNLISTED",
    "timezone": "ASIA_TOKYO",
    "acquisitionCondition": {"type": "lottery", "lotteryProbability": 50, "maxAcquireCount": -1},
    "reward": {"type": "discount", "priceInfo": {"type": "fixed", "fixedAmount": 500}},
}
SHOWN: Json = {
    **COUPON,
    "startTimestamp": "<time>",
    "endTimestamp": "<time>",
    "reward": {"type": "discount", "priceInfo": {"type": "fixed", "fixedAmount": 500, "currency": "JPY"}},
    "couponId": "$coupon.couponId",
    "maxAcquireCount": -1,
    "maxTicketPerUser": 1,
    "createdTimestamp": "<time>",
    "status": "RUNNING",
}

SCENARIOS = [
    Scenario(
        "a coupon",
        [
            call("createCoupon", COUPON, answer={"couponId": "<coupon>"}, keep="coupon"),
            call(
                "createCoupon",
                {**COUPON, "endTimestamp": 1_780_000_000},
                status=400,
                answer=refused("The request body has 1 error(s)", ("must be after startTimestamp", "endTimestamp")),
            ),
            call("getCouponDetail", "$coupon.couponId", answer=SHOWN),
            call(
                "listCoupon",
                ["RUNNING"],
                None,
                10,
                answer={"items": [{"couponId": "$coupon.couponId", "title": "春の割引"}]},
            ),
            call("closeCoupon", "$coupon.couponId"),
            call("closeCoupon", "$coupon.couponId", status=410, answer=refused("The coupon is closed")),
            call("getCouponDetail", "$coupon.couponId", answer={**SHOWN, "status": "CLOSED"}),
            call(
                "listCoupon",
                ["RUNNING", "CLOSED"],
                None,
                10,
                answer={"items": [{"couponId": "$coupon.couponId", "title": "春の割引"}]},
            ),
            call("getCouponDetail", "nothing", status=404, answer=refused("Not found")),
        ],
    ),
]

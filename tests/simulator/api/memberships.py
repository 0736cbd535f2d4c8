"""Paid memberships, as an account without any sees them [section 8]."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.profiles import user_id_in
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate

RATE = Rate(200)
USERS_A_PAGE = 1_000


def plans(channel: Channel, call: Call) -> Answer:
    return answers.ok({"memberships": []})


def subscription(channel: Channel, call: Call) -> Answer:
    user_id_in(call)
    raise answers.not_found()


def users(channel: Channel, call: Call) -> Answer:
    call.number("limit", 300, 1, USERS_A_PAGE)
    raise answers.not_found()


ENDPOINTS = [
    Endpoint("membership_list", "GET", "/v2/bot/membership/list", plans, rate=RATE),
    Endpoint("membership_subscription", "GET", "/v2/bot/membership/subscription/{user_id}", subscription, rate=RATE),
    Endpoint("membership_users", "GET", "/v2/bot/membership/{membership_id}/users/ids", users),
]

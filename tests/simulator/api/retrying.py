"""What every counted send asks first: was this request accepted before, and is the month's quota enough?"""

import orjson

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call
from tests.simulator.channel import Channel
from tests.simulator.limits import Accepted


def already_accepted(channel: Channel, endpoint: str, call: Call, now: int) -> Answer | None:
    """409 with the first request's id, and for push its sentMessages [R#retry-api-request]."""
    if call.retry_key is None:
        return None
    accepted = channel.retry_keys.find(endpoint, call.retry_key.lower(), now)
    if accepted is None:
        return None
    body = {"message": "The retry key is already accepted", **orjson.loads(accepted.body)}
    headers = {"x-line-accepted-request-id": accepted.request_id}
    return Answer(409, orjson.dumps(body), headers, note="the retry key is already accepted")


def remembered(channel: Channel, endpoint: str, call: Call, body: bytes, now: int, status: int = 200) -> Answer:
    if call.retry_key is not None:
        channel.retry_keys.keep(endpoint, call.retry_key.lower(), Accepted(now, call.request_id, body))
    return Answer(status, body)


def check_quota(channel: Channel, cost: int, now: int) -> None:
    if not channel.quota.allows(cost, now):
        raise answers.refuse(429, answers.QUOTA_LIMIT)

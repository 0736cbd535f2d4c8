"""Broadcast to all friends, and the dry runs of all five sends."""

from tests.simulator import acceptance, people
from tests.simulator.api import answers, checking, retrying, sending
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate

HOURLY = Rate(60, 3_600)


def broadcast(channel: Channel, call: Call) -> Answer:
    """To whoever is a friend at this moment [R#send-broadcast-message]."""
    now = channel.clock.now_ms()
    again = retrying.already_accepted(channel, "broadcast", call, now)
    if again is not None:
        return again
    body = checking.checked(channel, call)
    checking.check_in_chat(channel, body["messages"], None)
    friends = [person for person in channel.people.values() if person.state == people.FRIEND]
    retrying.check_quota(channel, len(friends), now)
    send = sending.accepted(channel, call, "broadcast", None, body, now)
    acceptance.reach(channel, send, [person.id for person in friends], friends)
    acceptance.spend(channel, send, len(friends), now)
    acceptance.finish(channel, send, len(friends))
    return retrying.remembered(channel, "broadcast", call, b"{}", now)


def validate(channel: Channel, call: Call) -> Answer:
    checking.checked(channel, call)
    return answers.ok()


ENDPOINTS = [
    Endpoint("broadcast", "POST", "/v2/bot/message/broadcast", broadcast, retry_key=True, rate=HOURLY),
    *(
        Endpoint(f"validate_{how}", "POST", f"/v2/bot/message/validate/{how}", validate)
        for how in ("reply", "push", "multicast", "narrowcast", "broadcast")
    ),
]

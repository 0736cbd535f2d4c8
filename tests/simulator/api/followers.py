"""The ids of all friends, for verified accounts [R#get-follower-ids]."""

from itertools import islice

from tests.simulator import people
from tests.simulator.api import answers, pages
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel

A_PAGE = 300
MOST_A_PAGE = 1_000


def followers(channel: Channel, call: Call) -> Answer:
    """Friends on iOS and Android, in the order in which the channel came to know them."""
    if not channel.settings.verified:
        return answers.forbidden()
    limit = call.number("limit", A_PAGE, 1, MOST_A_PAGE)
    start = pages.start_of(channel, call, "followers")
    found: list[str] = []
    for position, person in enumerate(islice(channel.people.values(), start, None), start):
        if person.state != people.FRIEND or not person.on_phone:
            continue
        if len(found) == limit:
            return answers.ok({"userIds": found, "next": pages.next_token(channel, "followers", position)})
        found.append(person.id)
    return answers.ok({"userIds": found})


ENDPOINTS = [Endpoint("followers", "GET", "/v2/bot/followers/ids", followers)]

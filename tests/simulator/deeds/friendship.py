"""Adding the bot as a friend, blocking it, coming back; one person or a hundred thousand."""

import asyncio
from typing import Any

from tests.simulator import people
from tests.simulator.channel import Channel
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def follow(channel: Channel, person: Person) -> Event:
    """Become a friend, for the first time or after a block."""
    if person.state == people.FRIEND:
        raise Impossible(f"{person.name} is a friend already")
    unblocked = person.was_friend
    person.state = people.FRIEND
    person.was_friend = True
    tell(channel, person)
    return events.follow(channel, person, unblocked=unblocked)


def block(channel: Channel, person: Person) -> Event:
    if person.state != people.FRIEND:
        raise Impossible(f"{person.name} is no friend and cannot block")
    person.state = people.BLOCKED
    tell(channel, person)
    return events.unfollow(channel, person)


def unblock(channel: Channel, person: Person) -> Event:
    if person.state != people.BLOCKED:
        raise Impossible(f"{person.name} has not blocked the bot")
    return follow(channel, person)


def tell(channel: Channel, person: Person) -> None:
    channel.watchers.tell("friend", {"user": person.id, "name": person.name, "state": person.state})


def shown(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "state": person.state,
        "picture_url": person.picture_url,
        "status_message": person.status_message,
        "language": person.language,
        "received": person.received,
        "opened": person.opened,
    }


async def gather_limited(works: list[Any], concurrency: int) -> list[Any]:
    """Run these coroutines, at most so many at a time; results in order."""
    gate = asyncio.Semaphore(concurrency)

    async def one(work: Any) -> Any:
        async with gate:
            return await work

    return list(await asyncio.gather(*(one(work) for work in works)))

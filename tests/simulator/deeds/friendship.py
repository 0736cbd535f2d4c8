"""Adding the bot as a friend, blocking it, coming back; one person or a hundred thousand."""

from typing import Any

from tests.simulator import people, tallies
from tests.simulator.channel import Channel
from tests.simulator.deeds import showing
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def follow(channel: Channel, person: Person) -> Event:
    """Become a friend, for the first time or after a block."""
    if person.state == people.FRIEND:
        raise Impossible(f"{person.name} is a friend already", f"{person.name}さんはもう友だちです。")
    unblocked = person.was_friend
    befriend(channel, person)
    tell(channel, person)
    return events.follow(channel, person, unblocked=unblocked)


def befriend(channel: Channel, person: Person) -> None:
    """Count and remember a friend, new or returned, without a word to anybody."""
    people.check_account(person)
    now = channel.clock.now_ms()
    if person.state == people.BLOCKED:
        channel.tallies.count(tallies.UNBLOCKED, 1, now)
    elif not person.was_friend:
        channel.tallies.count(tallies.ADDED, 1, now)
    if person.friend_ms is None:
        person.friend_ms = now
    person.state = people.FRIEND
    person.was_friend = True
    channel.menus.on_phones.pop(person.id, None)


def block(channel: Channel, person: Person) -> Event:
    if person.state != people.FRIEND:
        raise Impossible(
            f"{person.name} is no friend and cannot block",
            f"{person.name}さんは友だちではないので、ブロックできません。",
        )
    person.state = people.BLOCKED
    channel.tallies.count(tallies.BLOCKED, 1, channel.clock.now_ms())
    showing.left(channel, person, for_good=not channel.settings.menu_outlives_block)
    tell(channel, person)
    return events.unfollow(channel, person)


def unblock(channel: Channel, person: Person) -> Event:
    if person.state != people.BLOCKED:
        raise Impossible(f"{person.name} has not blocked the bot", f"{person.name}さんはブロックしていません。")
    return follow(channel, person)


def delete_account(channel: Channel, person: Person) -> None:
    """Leave LINE for good: the bot is told nothing, and what is sent arrives nowhere."""
    if person.state == people.BLOCKED:
        channel.tallies.count(tallies.UNBLOCKED, 1, channel.clock.now_ms())
    person.state = people.DELETED
    showing.left(channel, person, for_good=True)
    for group in channel.groups.values():
        if person.id in group.members:
            group.members.remove(person.id)
    channel.logins.left(person.id)
    tell(channel, person)


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
        "app": person.app,
        "gender": person.gender,
        "age": person.age,
        "area": person.area,
        "consents": person.consents,
    }

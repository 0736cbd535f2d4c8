"""Groups: inviting and removing the bot, members coming and going."""

from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.ledger import Note
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def invite_bot(channel: Channel, group: Group, by: Person | None = None) -> Event:
    if group.bot_in:
        raise Impossible(f"the bot is in {group.name} already")
    group.bot_in = True
    note(channel, group, by, "bot_joined")
    return events.join(channel, group)


def remove_bot(channel: Channel, group: Group, by: Person | None = None) -> Event:
    if not group.bot_in:
        raise Impossible(f"the bot is not in {group.name}")
    group.bot_in = False
    note(channel, group, by, "bot_removed")
    return events.leave(channel, group)


def member_joins(channel: Channel, group: Group, person: Person) -> Event | None:
    """None when the bot is not there to be told."""
    if person.id in group.members:
        raise Impossible(f"{person.name} is in {group.name} already")
    group.members.append(person.id)
    note(channel, group, person, "member_joined")
    return events.member_joined(channel, group, [person]) if group.bot_in else None


def member_leaves(channel: Channel, group: Group, person: Person) -> Event | None:
    if person.id not in group.members:
        raise Impossible(f"{person.name} is not in {group.name}")
    group.members.remove(person.id)
    note(channel, group, person, "member_left")
    return events.member_left(channel, group, [person]) if group.bot_in else None


def note(channel: Channel, group: Group, by: Person | None, what: str) -> None:
    """A grey line in the talk, and news for whoever watches."""
    kept = channel.ledger
    entry = Note(kept.next_seq(), channel.clock.now_ms(), None if by is None else by.id, what)
    kept.add(group.id, entry)
    channel.watchers.tell("group", {**shown(group), "what": what, "by": entry.by, "seq": entry.seq})


def shown(group: Group) -> dict[str, Any]:
    return {"id": group.id, "name": group.name, "members": group.members, "bot_in": group.bot_in}

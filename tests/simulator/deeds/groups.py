"""Groups: inviting and removing the bot, members coming and going."""

from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.ledger import Note
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def invite_bot(channel: Channel, group: Group, by: Person | None = None) -> Event | None:
    """None for a room, where the bot hears of it later."""
    if group.bot_in:
        raise Impossible(f"the bot is in {group.name} already", f"ボットはもう「{group.name}」にいます。")
    if group.other_bot:
        raise Impossible(
            f"another official account is in {group.name}, and there can only be one",
            f"「{group.name}」には別の公式アカウントがいます。グループに入れる公式アカウントは1つだけです。",
        )
    if not channel.settings.may_join_groups:
        raise Impossible(
            "this account does not let itself be invited into groups",
            "この公式アカウントは、グループへの参加を許可していません。",
        )
    group.bot_in = True
    group.join_untold = group.is_room
    note(channel, group, by, "bot_joined")
    return None if group.is_room else events.join(channel, group)


def remove_bot(channel: Channel, group: Group, by: Person | None = None) -> Event:
    if not group.bot_in:
        raise Impossible(f"the bot is not in {group.name}", f"ボットは「{group.name}」にいません。")
    if group.is_room:
        raise Impossible("nobody can be removed from a room", "複数人トークからは、だれも退出させられません。")
    group.bot_in = False
    note(channel, group, by, "bot_removed")
    return events.leave(channel, group)


def other_bot(channel: Channel, group: Group, *, comes: bool) -> None:
    """Another official account comes or goes; it finds no place where the bot is."""
    if comes and (group.bot_in or group.other_bot):
        raise Impossible(
            f"an official account is in {group.name} already, and there can only be one",
            f"「{group.name}」にはもう公式アカウントがいます。グループに入れる公式アカウントは1つだけです。",
        )
    group.other_bot = comes


def members_join(channel: Channel, group: Group, persons: list[Person]) -> Event | None:
    """All at once; None when the bot is not there to be told."""
    for person in persons:
        if person.id in group.members:
            raise Impossible(
                f"{person.name} is in {group.name} already", f"{person.name}さんはもう「{group.name}」にいます。"
            )
    for person in persons:
        group.members.append(person.id)
        note(channel, group, person, "member_joined")
    return events.member_joined(channel, group, persons) if group.bot_in else None


def members_leave(channel: Channel, group: Group, persons: list[Person]) -> Event | None:
    for person in persons:
        if person.id not in group.members:
            raise Impossible(
                f"{person.name} is not in {group.name}", f"{person.name}さんは「{group.name}」にいません。"
            )
    for person in persons:
        group.members.remove(person.id)
        note(channel, group, person, "member_left")
    return events.member_left(channel, group, persons) if group.bot_in else None


def note(channel: Channel, group: Group, by: Person | None, what: str) -> None:
    """A grey line in the talk, and news for whoever watches."""
    kept = channel.ledger
    entry = Note(kept.next_seq(), channel.clock.now_ms(), None if by is None else by.id, what)
    kept.add(group.id, entry)
    channel.watchers.tell("group", {**shown(group), "what": what, "by": entry.by, "seq": entry.seq})


def shown(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "members": group.members,
        "bot_in": group.bot_in,
        "room": group.is_room,
        "other_bot": group.other_bot,
    }

"""Deeds in groups and rooms: made, entered, left, with this bot and with others."""

from typing import Any

from tests.simulator.deeds import groups
from tests.simulator.desk.asking import Asked
from tests.simulator.desk.knobs import Knobs
from tests.simulator.people import Group, Impossible

LOOKS = Knobs(Group, ("name", "picture_url"))


async def group_added(asked: Asked) -> dict[str, Any]:
    """room: a talk of many without a name that anybody sees."""
    group = asked.channel.add_group(
        asked.need("name"), asked.texts("members"), asked.text("id", None), room=asked.flag("room")
    )
    return groups.shown(group)


async def group_looked_at(asked: Asked) -> dict[str, Any]:
    return groups.shown(asked.channel.group(asked.request.match_info["group"]))


async def group_deed(asked: Asked) -> dict[str, Any]:
    """invite-bot, remove-bot (optionally by a user), invite-other-bot, remove-other-bot, join and leave (of users)."""
    channel = asked.channel
    group = channel.group(asked.request.match_info["group"])
    user_id = asked.text("user", None)
    person = None if user_id is None else channel.person(user_id)
    deed = asked.request.match_info["deed"]
    if deed == "invite-bot":
        return await asked.tell_bot(groups.invite_bot(channel, group, person))
    if deed == "remove-bot":
        return await asked.tell_bot(groups.remove_bot(channel, group, person))
    if deed in ("invite-other-bot", "remove-other-bot"):
        groups.other_bot(channel, group, comes=deed == "invite-other-bot")
        return await asked.tell_bot(None)
    persons = [channel.person(one) for one in asked.texts("users")] or ([] if person is None else [person])
    if not persons:
        raise Impossible("user must be given")
    if deed == "join":
        return await asked.tell_bot(groups.members_join(channel, group, persons))
    if deed == "leave":
        return await asked.tell_bot(groups.members_leave(channel, group, persons))
    raise Impossible(f"a group knows no {deed}")


async def group_changed(asked: Asked) -> dict[str, Any]:
    """name, picture_url."""
    group = asked.channel.group(asked.request.match_info["group"])
    LOOKS.set(group, asked.body)
    return groups.shown(group)

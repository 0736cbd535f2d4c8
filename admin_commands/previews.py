"""Messages as one friend would get them, shown to staff: what is noted of the friend is in them, masked if private."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import desk
from admin_commands.fields import kinds
from jobs import messages, personal
from jobs.messages import naming
from storage import fields, friends, named, templates
from storage.fields import values


async def of(at: desk.Desk, said: list[dict[str, Any]], friend: friends.Seen | None = None) -> list[dict[str, Any]]:
    """As this friend would get them; else as a friend of the asker's name of whom nothing is noted.

    Measured links lead where they lead, since staff's taps are not to be counted.
    """
    if friend is not None:
        [found] = await of_each(at, said, [friend])
        return found
    told = await personal.of(messages.variables(said), [], at.now, at.zone, links=at.config.links)
    return messages.render(said, dict(told(0, at.actor.name or None)))


async def of_each(
    at: desk.Desk, said: list[dict[str, Any]], people: Sequence[friends.Seen]
) -> list[list[dict[str, Any]]]:
    """As each of these friends would get them, in their order."""
    asked = messages.variables(said)
    ids = [one.id for one in people]
    told = await personal.of(asked, ids, at.now, at.zone, links=at.config.links)
    private = await _discreet(at, asked, ids)
    return [messages.render(said, {**told(one.id, one.name), **private.get(one.id, {})}) for one in people]


async def said_by(action: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The message objects that an action sends, not yet rendered; none where the template has been deleted."""
    if action["do"] == "send_template":
        number = action["template"]
        return (await templates.get(number)).messages if await named.by_ids("templates", [number]) else []
    return list(action.get("messages", ()))


async def _discreet(at: desk.Desk, asked: set[str], people: Sequence[int]) -> dict[int, dict[str, str]]:
    """What is private of it, as it may be shown in a group, by friend."""
    numbers = {one: meant.number for one in asked if (meant := naming.read(one)) is not None and meant.letter == "K"}
    if not numbers or at.heard.group is None:
        return {}
    private = {number: one for number, one in (await fields.get(list(numbers.values()))).items() if one.masked}
    noted = await values.of(list(people), list(private))
    return {
        friend: {
            one: kinds.shown(at, private[number], noted[friend, number])
            for one, number in numbers.items()
            if (friend, number) in noted
        }
        for friend in people
    }

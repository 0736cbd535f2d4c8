"""The steps scenes are written in: who does what, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.deeds import friendship, pressing, talking
from tests.simulator.ledger import Said
from tests.simulator.people import BLOCKED, FRIEND, Group, Person
from tests.simulator.scenes import photos
from tests.simulator.webhooks.events import Event

Deed = Callable[[Channel, Person, "Group | None"], "Event | None"]


@dataclass(frozen=True, slots=True)
class Step:
    """minute counts from the scene's beginning; in_group: in the first group there is."""

    minute: int
    who: str
    deed: Deed
    in_group: bool = False


def follows(minute: int, who: str) -> Step:
    """Nothing happens when they are a friend already."""

    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        return None if person.state == FRIEND else friendship.follow(channel, person)

    return Step(minute, who, deed)


def blocks(minute: int, who: str) -> Step:
    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        return friendship.block(channel, person) if person.state == FRIEND else None

    return Step(minute, who, deed)


def says(minute: int, who: str, text: str, *, in_group: bool = False) -> Step:
    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        return talking.say(channel, person, group, text)[1]

    return Step(minute, who, deed, in_group)


def answers(minute: int, who: str, text: str) -> Step:
    """In the group, quoting the newest message there."""

    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        before = [entry for entry in channel.ledger.talk(group.id) if isinstance(entry, Said)] if group else []
        return talking.say(channel, person, group, text, quotes=before[-1].id if before else None)[1]

    return Step(minute, who, deed, in_group=True)


def shows_photo(minute: int, who: str, shade: int, *, in_group: bool = False) -> Step:
    """shade: 0 to 359, the colour of the picture."""

    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        return talking.send(channel, person, group, {"type": "image"}, photos.photo(shade))[1]

    return Step(minute, who, deed, in_group)


def sends_sticker(minute: int, who: str, package: str, sticker: str, *, in_group: bool = False) -> Step:
    message = {"type": "sticker", "packageId": package, "stickerId": sticker, "stickerResourceType": "STATIC"}
    return sends(minute, who, message, in_group=in_group)


def sends(minute: int, who: str, message: dict[str, Any], *, in_group: bool = False) -> Step:
    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        return talking.send(channel, person, group, dict(message))[1]

    return Step(minute, who, deed, in_group)


def takes_back(minute: int, who: str) -> Step:
    """Their newest message in the talk with the bot."""

    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        for entry in reversed(channel.ledger.talk(person.id)):
            if isinstance(entry, Said) and not entry.unsent and not entry.only_shown:
                return talking.unsend(channel, person, group, entry.id)
        return None

    return Step(minute, who, deed)


def presses(minute: int, who: str) -> Step:
    """The newest button of the bot that sends something, if there is one."""

    def deed(channel: Channel, person: Person, group: Group | None) -> Event | None:
        for button in pressing.buttons(channel, person.id):
            if person.state != BLOCKED and button.action.get("type") in ("message", "postback"):
                made = pressing.press(channel, person, group, button)[1]
                return made[-1] if made else None
        return None

    return Step(minute, who, deed)

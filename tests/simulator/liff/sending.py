"""Messages a LIFF page sends in a person's name: which are allowed, and where they end up (LINE_PLATFORM 9.3)."""

from collections.abc import Iterator
from typing import Any

from tests.simulator.api import answers, checking
from tests.simulator.channel import Channel
from tests.simulator.deeds import talking
from tests.simulator.messages import sends
from tests.simulator.people import Group, Person
from tests.simulator.webhooks.events import Event

Message = dict[str, Any]

KINDS = ("text", "sticker", "image", "video", "audio", "location", "template", "flex")
SHARED_KINDS = tuple(kind for kind in KINDS if kind != "sticker")
UNAVAILABLE = {"text": ("emojis", "quoteToken"), "sticker": ("quoteToken",), "video": ("trackingId",)}
SHOWN_ONLY = ("template", "flex")
MEDIA = ("image", "video", "audio")


def check(channel: Channel, messages: Any, kinds: tuple[str, ...]) -> list[Message]:
    """1 to 5 good message objects of these kinds; template and Flex with URI actions only."""
    found = sends.problems({"messages": messages}, channel.origins())
    if found is not None:
        raise checking.refusal(found)
    details = [problem for index, one in enumerate(messages) for problem in problems(one, f"messages[{index}]", kinds)]
    if details:
        raise answers.in_body(details)
    whole: list[Message] = messages
    return whole


def problems(message: Message, path: str, kinds: tuple[str, ...]) -> Iterator[dict[str, str]]:
    kind = message["type"]
    if kind not in kinds:
        yield {"message": f"Must be one of the following values: [{', '.join(kinds)}]", "property": f"{path}.type"}
    for name in UNAVAILABLE.get(kind, ()):
        if name in message:
            yield {"message": "is not available", "property": f"{path}.{name}"}
    if kind in SHOWN_ONLY:
        for action in actions(message):
            if action.get("type") != "uri":
                yield {"message": "Only URI actions are available", "property": f"{path}.{kind}"}


def actions(value: Any) -> Iterator[Message]:
    """Every action in a message, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from actions(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in ("action", "defaultAction") and isinstance(one, dict):
                yield one
            elif key == "actions" and isinstance(one, list):
                yield from (action for action in one if isinstance(action, dict))
            else:
                yield from actions(one)


def send(channel: Channel, person: Person, group: Group | None, messages: list[Message]) -> list[Event]:
    """Put them into the talk as the person's own; the events the bot is told, none for template and Flex."""
    made: list[Event] = []
    for message in messages:
        if message["type"] in SHOWN_ONLY:
            show(channel, person, group, message)
            continue
        _, event = talking.send(channel, person, group, as_said(message))
        if event is not None:
            made.append(event)
    return made


def show(channel: Channel, person: Person, group: Group | None, message: Message) -> None:
    """A bubble of the person's that the bot never hears of."""
    chat_id = talking.talk_of(channel, person, group)
    message_id = str(channel.ledger.take_message_ids(1))
    talking.show(channel, chat_id, person, message_id, {**message, "id": message_id}, only=True)


def as_said(message: Message) -> Message:
    """The message object as its webhook tells it: media lie with somebody else."""
    kind = message["type"]
    if kind in MEDIA:
        names = ("originalContentUrl", "previewImageUrl")
        provider = {"type": "external", **{name: message[name] for name in names if name in message}}
        length = {"duration": message["duration"]} if "duration" in message else {}
        return {"type": kind, "contentProvider": provider, **length}
    if kind == "sticker":
        return {"stickerResourceType": "STATIC", **message}
    return message

"""Pressing what the bot has put on a phone: buttons, pictures, quick replies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.deeds import looking, talking
from tests.simulator.ledger import Said, Send
from tests.simulator.messages.actions import FORMATS, SHAPES
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.reactions import CLICKED
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


@dataclass(slots=True)
class Button:
    """pointer leads from the message object to the action: /template/actions/0. index: the message's place in send."""

    send: Send
    index: int
    pointer: str
    action: dict[str, Any]

    @property
    def message_id(self) -> str:
        return self.send.message_id(self.index)


def buttons(channel: Channel, chat_id: str) -> Iterator[Button]:
    """All that can be pressed in a talk, newest message first; quick replies of the very last bubble only."""
    talk = [entry for entry in channel.ledger.talk(chat_id) if isinstance(entry, Send | Said)]
    for entry in reversed(talk):
        if not isinstance(entry, Send):
            continue
        for index in reversed(range(len(entry.messages))):
            last = entry is talk[-1] and index == len(entry.messages) - 1
            for pointer, action in actions_in(entry.messages[index], ""):
                if last or not pointer.startswith("/quickReply/"):
                    yield Button(entry, index, pointer, action)


def actions_in(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from actions_in(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("action", "defaultAction") and isinstance(item, dict):
                yield f"{pointer}/{key}", item
            elif key == "actions" and isinstance(item, list):
                yield from ((f"{pointer}/{key}/{index}", action) for index, action in enumerate(item))
            else:
                yield from actions_in(item, f"{pointer}/{key}")


def find(channel: Channel, chat_id: str, label: str | None, message_id: str | None, pointer: str | None) -> Button:
    """By label, and by message and pointer where given; the newest that fits."""
    there = list(buttons(channel, chat_id))
    for button in there:
        if label is not None and button.action.get("label") != label:
            continue
        if message_id is not None and button.message_id != message_id:
            continue
        if pointer is not None and button.pointer != pointer:
            continue
        return button
    labels = [button.action.get("label") for button in there]
    raise Impossible(f"there is no such button ({label or pointer}); to be seen are: {labels}")


def press(
    channel: Channel, person: Person, group: Group | None, button: Button, value: str | None = None
) -> tuple[dict[str, Any], Event | None]:
    """What happened, and the event if there is one. value: the date or time chosen in a picker."""
    chat_id = talking.talk_of(channel, person, group)
    action = button.action
    kind = action.get("type")
    done = {"action": kind, "message_id": button.message_id, "pointer": button.pointer}
    if kind == "message":
        said, event = talking.say(channel, person, group, action["text"])
        return {**done, "said": said.id}, event
    if kind in ("postback", "datetimepicker"):
        params = {action["mode"]: picked(action, value)} if kind == "datetimepicker" else None
        show_text(channel, chat_id, person, action)
        told = group is None or group.bot_in
        event = events.postback(channel, person, group, action["data"], params) if told else None
        return {**done, "params": params, "input": action.get("inputOption")}, event
    if kind == "uri":
        looking.react(channel, person, button.send, button.index, CLICKED, str(action["uri"]))
    person.opened.append(str(action.get("uri") or action.get("clipboardText") or kind))
    return {**done, "uri": action.get("uri"), "clipboard": action.get("clipboardText")}, None


def show_text(channel: Channel, chat_id: str, person: Person, action: dict[str, Any]) -> None:
    """displayText stands in the talk as the person's own words, but is no message to the bot."""
    text = action.get("displayText") or action.get("text")
    if text:
        message_id = str(channel.ledger.take_message_ids(1))
        message = {"type": "text", "id": message_id, "text": text}
        talking.show(channel, chat_id, person, message_id, message, only=True)


def picked(action: dict[str, Any], value: str | None) -> str:
    """The chosen moment in the picker's own format, within its bounds; else what the picker opens at."""
    mode = action["mode"]
    chosen = value or action.get("initial") or action.get("min")
    if chosen is None:
        raise Impossible("choose a date or time for this picker")
    chosen = chosen.replace("t", "T")
    if not SHAPES[mode].fullmatch(chosen):
        raise Impossible(f"{chosen} is no {mode}")
    moment = read(mode, chosen)
    if any(
        key in action and (read(mode, action[key]) - moment).total_seconds() * sign > 0
        for key, sign in (("min", 1), ("max", -1))
    ):
        raise Impossible(f"{chosen} is outside what the picker offers")
    return str(chosen)


def read(mode: str, text: str) -> datetime:
    return datetime.strptime(text.replace("t", "T"), FORMATS[mode])

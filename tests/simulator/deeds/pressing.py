"""Pressing what the bot has put on a phone: buttons, pictures, areas of imagemaps, quick replies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.deeds import acting, looking
from tests.simulator.ledger import Entry, Said, Send
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.reactions import CLICKED
from tests.simulator.webhooks.events import Event

# Quick replies with these stay until what they ask for is sent, as a message of its own [G:using-quick-reply].
STAYING = frozenset({"camera", "cameraRoll", "location"})
QUICK = "/quickReply/"


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
    """All that can be pressed in a talk, newest message first; quick replies of the very last bubble only.

    They are gone once one is pressed, and there again when the message that came after them is taken back.
    """
    talk = [entry for entry in channel.ledger.talk(chat_id) if stands(entry)]
    for entry in reversed(talk):
        if not isinstance(entry, Send):
            continue
        for index in reversed(range(len(entry.messages))):
            last = entry is talk[-1] and index == len(entry.messages) - 1
            quick = last and channel.screens.tapped.get(chat_id) != entry.message_id(index)
            for pointer, action in actions_in(entry.messages[index], ""):
                if quick or not pointer.startswith(QUICK):
                    yield Button(entry, index, pointer, action)


def stands(entry: Entry) -> bool:
    return isinstance(entry, Send) or (isinstance(entry, Said) and not entry.unsent)


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
    raise Impossible(
        f"there is no such button ({label or pointer}); to be seen are: {labels}", "そのボタンはもう押せません。"
    )


def press(
    channel: Channel, person: Person, group: Group | None, button: Button, value: str | None = None
) -> tuple[dict[str, Any], list[Event]]:
    """What happened, and the events it made, in order. value: the date or time chosen in a picker."""
    done, made = acting.carry_out(channel, person, group, button.action, value)
    kind = done["action"]
    if button.pointer.startswith(QUICK) and group is None and kind not in STAYING:
        channel.screens.tapped[person.id] = button.message_id
    if kind == "uri":
        looking.react(channel, person, button.send, button.index, CLICKED, str(done["uri"]))
    return {**done, "message_id": button.message_id, "pointer": button.pointer}, made

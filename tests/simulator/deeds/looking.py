"""What people do with the bot's bubbles besides pressing: seeing them, following links, playing films and sounds."""

from collections.abc import Iterator

from tests.simulator import people
from tests.simulator.channel import Channel
from tests.simulator.deeds import showing
from tests.simulator.ledger import Send
from tests.simulator.links import links_in
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.reactions import CLICKED, PLAYED, PLAYED_TO, SEEN, Reaction
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def displayed(channel: Channel, chat_id: str, person: Person, after_id: int, to_id: int) -> None:
    """The bot's bubbles with ids in (after_id, to_id] have been on the person's screen, whole."""
    for send in reversed(channel.ledger.talks.get(chat_id, [])):
        if not isinstance(send, Send):
            continue
        for index in range(len(send.messages)):
            if after_id < send.first_id + index <= to_id:
                react(channel, person, send, index, SEEN)
        if send.first_id <= after_id:
            return


def display_again(channel: Channel, person: Person, group: Group | None, message_id: str) -> None:
    """Scroll back to a bubble: another impression."""
    send, index = bubble(channel, person, group, message_id)
    react(channel, person, send, index, SEEN)


def follow_link(channel: Channel, person: Person, group: Group | None, message_id: str, url: str) -> None:
    """Open an address that stands in a bubble's words or behind one of its buttons."""
    send, index = bubble(channel, person, group, message_id)
    if url not in links_in(send.messages[index]):
        raise Impossible(f"{url} does not stand in that message", "そのリンクは、このメッセージにありません。")
    person.opened.append(url)
    react(channel, person, send, index, CLICKED, url)


def play(channel: Channel, person: Person, group: Group | None, message_id: str, percent: int) -> Event | None:
    """Play a film or sound so far. A film with a tracking id that ends in a 1:1 talk tells the bot, once until the
    talk is opened again [R#video-viewing-complete]."""
    send, index = bubble(channel, person, group, message_id)
    message = send.messages[index]
    if message["type"] not in ("video", "audio", "imagemap", "flex"):
        raise Impossible("there is nothing to play in that message", "このメッセージには、再生できるものがありません。")
    react(channel, person, send, index, PLAYED)
    for passed, what in PLAYED_TO.items():
        if percent >= passed:
            react(channel, person, send, index, what)
    if percent < 100 or group is not None or message["type"] != "video" or not message.get("trackingId"):
        return None
    finished = channel.screens.finished.setdefault(person.id, [])
    if message_id in finished:
        return None
    finished.append(message_id)
    return events.video_play_complete(channel, person, message["trackingId"])


def open_talk(channel: Channel, person: Person) -> None:
    """Also again: what the bot has changed of its menus meanwhile is seen now."""
    channel.screens.closed.pop(person.id, None)
    if person.state in (people.STRANGER, people.FRIEND):
        showing.reopen(channel, person)
    channel.screens.finished.pop(person.id, None)


def close_talk(channel: Channel, person: Person) -> None:
    channel.screens.closed[person.id] = True
    channel.menus.on_phones.pop(person.id, None)
    channel.screens.loading.pop(person.id, None)


def react(channel: Channel, person: Person, send: Send, index: int, what: str, url: str | None = None) -> None:
    """LINE counts telephones only [G:measure-impressions]."""
    if person.on_phone:
        channel.reactions.add(send.seq, Reaction(channel.clock.now_ms(), person.id, index, what, url))


def bubble(channel: Channel, person: Person, group: Group | None, message_id: str) -> tuple[Send, int]:
    """The bot's bubble with that id in this talk: (its send, its place there)."""
    chat_id = person.id if group is None else group.id
    for send, index in bubbles(channel, chat_id):
        if send.message_id(index) == message_id:
            return send, index
    raise Impossible(f"the bot has no message {message_id} there", "そのメッセージはもうありません。")


def bubbles(channel: Channel, chat_id: str) -> Iterator[tuple[Send, int]]:
    """Newest send first."""
    for entry in reversed(channel.ledger.talks.get(chat_id, [])):
        if isinstance(entry, Send):
            yield from ((entry, index) for index in range(len(entry.messages)))

"""Reading a talk: what is new to somebody, and that they have seen it now."""

from tests.simulator.channel import Channel
from tests.simulator.ledger import Entry, Said, Send
from tests.simulator.people import Impossible


def read(channel: Channel, chat_id: str, reader: str, message_id: int) -> None:
    """Everything up to that message has been seen; whoever watches is told."""
    if not channel.chat_exists(chat_id):
        raise Impossible(f"nobody here has the id {chat_id}")
    if channel.reading.reach(chat_id, reader, message_id):
        channel.watchers.tell("read", {"chat": chat_id, "reader": reader, "message_id": str(message_id)})


def unread(channel: Channel, chat_id: str, reader: str) -> int:
    """How many bubbles of others stand in that talk below what this person has read."""
    mark = channel.reading.of(chat_id).get(reader, 0)
    count = 0
    for entry in reversed(channel.ledger.talks.get(chat_id, [])):
        last = newest(entry)
        if last is None:
            continue
        if last <= mark:
            break
        if isinstance(entry, Send):
            count += min(len(entry.messages), last - mark)
        elif isinstance(entry, Said) and entry.by != reader and not entry.unsent:
            count += 1
    return count


def newest(entry: Entry) -> int | None:
    """The id of an entry's last bubble; None for a grey line."""
    if isinstance(entry, Send):
        return entry.first_id + len(entry.messages) - 1
    return int(entry.id) if isinstance(entry, Said) else None

"""Reading a talk: what is new to somebody, and that they have seen it now."""

import hashlib
import hmac

from tests.simulator.channel import Channel
from tests.simulator.deeds import looking
from tests.simulator.ledger import Entry, Said, Send
from tests.simulator.people import Impossible


def read(channel: Channel, chat_id: str, reader: str, message_id: int) -> None:
    """Everything up to that message has been seen; whoever watches is told."""
    if not channel.chat_exists(chat_id):
        raise Impossible(f"nobody here has the id {chat_id}", "そのトークはもうありません。")
    before = channel.reading.of(chat_id).get(reader, 0)
    if channel.reading.reach(chat_id, reader, message_id):
        if reader in channel.people:
            looking.displayed(channel, chat_id, channel.people[reader], before, message_id)
        channel.watchers.tell("read", {"chat": chat_id, "reader": reader, "message_id": str(message_id)})


def token_for(channel: Channel, chat_id: str, message_id: str) -> str:
    """markAsReadToken: says which message of which talk, and that this channel said so."""
    return f"{chat_id}.{message_id}.{sign(channel, chat_id, message_id)}"


def place_of(channel: Channel, token: str) -> tuple[str, int] | None:
    """(talk, message id); None when this channel never gave out the token."""
    chat_id, _, rest = token.partition(".")
    message_id, _, mark = rest.partition(".")
    good = hmac.compare_digest(mark.encode(), sign(channel, chat_id, message_id).encode())
    return (chat_id, int(message_id)) if good and channel.chat_exists(chat_id) else None


def sign(channel: Channel, chat_id: str, message_id: str) -> str:
    text = f"{channel.id}/read/{chat_id}/{message_id}"
    return hashlib.blake2b(text.encode(), digest_size=12, key=channel.secret.encode()[:64]).hexdigest()


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

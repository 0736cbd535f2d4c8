"""Saying and sending things in a 1:1 talk or a group, and taking them back."""

import base64
from collections.abc import Sequence
from typing import Any

from tests.simulator import ids, ledger, people
from tests.simulator.channel import Channel
from tests.simulator.contents import PREPARED, Content
from tests.simulator.deeds import reading
from tests.simulator.ledger import Said
from tests.simulator.messages import counting
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event

# One transparent pixel: what a photo is made of when the deed brings no bytes of its own.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CONTENT_TYPES = {"image": "image/png", "video": "video/mp4", "audio": "audio/x-m4a", "file": "application/octet-stream"}
WITH_QUOTE_TOKEN = frozenset({"text", "sticker", "image", "video"})


def talk_of(channel: Channel, person: Person, group: Group | None) -> str:
    """The chat this person writes in; refused when a real phone would not let them."""
    if group is None:
        if person.state == people.BLOCKED:
            raise Impossible(
                f"{person.name} has blocked the bot and must unblock it first",
                f"{person.name}さんはボットをブロックしています。先にブロックを解除してください。",
            )
        people.check_account(person)
        return person.id
    if person.id not in group.members:
        raise Impossible(f"{person.name} is not in {group.name}", f"{person.name}さんは「{group.name}」にいません。")
    return group.id


def say(
    channel: Channel,
    person: Person,
    group: Group | None,
    text: str,
    *,
    quotes: str | None = None,
    mentions: Sequence[str] = (),
    emojis: Sequence[dict[str, Any]] = (),
) -> tuple[Said, Event | None]:
    """A text message. mentions: names as they stand in the text after an @ ('All' for everybody).

    emojis: LINE emoji as events tell of them: index and length in UTF-16 code units, productId, emojiId [1.5].
    """
    content: dict[str, Any] = {"type": "text", "text": text, **marks(channel, text, mentions, emojis)}
    if quotes is not None:
        content["quotedMessageId"] = quotes
    return send(channel, person, group, content)


def marks(channel: Channel, text: str, mentions: Sequence[str], emojis: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What stands at certain places of a text."""
    made: dict[str, Any] = {}
    if mentions:
        made["mention"] = {"mentionees": [mentionee(channel, text, name) for name in mentions]}
    if emojis:
        made["emojis"] = list(emojis)
    return made


def mentionee(channel: Channel, text: str, name: str) -> dict[str, Any]:
    """Where '@name' stands, in UTF-16 code units, and who that is [1.5]."""
    at = text.find(f"@{name}")
    if at < 0:
        raise Impossible(f"@{name} does not stand in the text", f"文中に「@{name}」がありません。")
    place = {"index": counting.utf16(text[:at]), "length": counting.utf16(name) + 1}
    if name == "All":
        return {"type": "all", **place}
    if name == channel.name:
        return {"type": "user", **place, "userId": channel.bot_user_id, "isSelf": True}
    for person in channel.people.values():
        if person.name == name:
            return {"type": "user", **place, "userId": person.id, "isSelf": False}
    raise Impossible(f"nobody here is called {name}", f"「{name}」という名前の人はいません。")


def send(
    channel: Channel, person: Person, group: Group | None, content: dict[str, Any], data: bytes | None = None
) -> tuple[Said, Event | None]:
    """Any message: what the person sees of it, and the event when the bot is in that talk."""
    chat_id = talk_of(channel, person, group)
    message_id = str(channel.ledger.take_message_ids(1))
    kind = content["type"]
    message = {"type": kind, "id": message_id, **{key: content[key] for key in content if key != "type"}}
    if kind in WITH_QUOTE_TOKEN:
        message["quoteToken"] = ids.quote_token(chat_id, message_id)
    if kind in ("image", "video", "audio") and "contentProvider" not in message:
        message["contentProvider"] = {"type": "line"}
    if kind in CONTENT_TYPES:
        keep_content(channel, message_id, message, data)
    if group is None:
        person.wrote_ms = channel.clock.now_ms()
    said = show(channel, chat_id, person, message_id, message)
    if not channel.settings.load:
        reading.read(channel, chat_id, person.id, int(message_id))
        if group is None and not channel.settings.chat_on:
            reading.read(channel, chat_id, channel.bot_user_id, int(message_id))
    if group is not None and not group.bot_in:
        return said, None
    told = {**message, "markAsReadToken": reading.token_for(channel, chat_id, message_id)}
    return said, events.message(channel, person, group, told)


def keep_content(channel: Channel, message_id: str, message: dict[str, Any], data: bytes | None) -> None:
    """The bytes the bot may fetch, unless they lie with somebody else."""
    kind = message["type"]
    if message.get("contentProvider", {}).get("type") == "external":
        return
    content_type = message.pop("contentType", CONTENT_TYPES[kind])
    data = PIXEL if data is None else data
    if kind == "file":
        message.setdefault("fileName", "file.bin")
        message["fileSize"] = len(data)
    now, prepared = channel.clock.now_ms(), kind in PREPARED
    channel.ledger.contents[message_id] = Content(
        content_type,
        data,
        kind,
        now,
        now + (channel.settings.content_takes_ms if prepared else 0),
        fails=prepared and channel.settings.content_fails,
    )


def show(
    channel: Channel, chat_id: str, person: Person, message_id: str, message: dict[str, Any], *, only: bool = False
) -> Said:
    kept = channel.ledger
    said = Said(kept.next_seq(), channel.clock.now_ms(), person.id, message_id, message, only)
    if not channel.settings.load:
        kept.add(chat_id, said)
    channel.watchers.wake()
    if channel.watchers.queues:
        channel.watchers.tell("message", ledger.shown_entry(said, chat_id))
    return said


def edit(
    channel: Channel,
    person: Person,
    group: Group,
    message_id: str,
    text: str,
    *,
    mentions: Sequence[str] = (),
    emojis: Sequence[dict[str, Any]] = (),
) -> Event | None:
    """Change the words of one's own text in a group; LINE offers it nowhere else [R#edit-event]."""
    chat_id = talk_of(channel, person, group)
    said = channel.ledger.said(chat_id, message_id)
    if group.is_room or said is None or said.by != person.id or said.unsent or said.message["type"] != "text":
        raise Impossible(f"{person.name} has no text {message_id} to edit there", "このメッセージは編集できません。")
    token = ids.fresh_quote_token(chat_id, message_id)
    content: dict[str, Any] = {"type": "text", "id": message_id, "text": text, "quoteToken": token}
    content |= marks(channel, text, mentions, emojis)
    said.message = content
    said.edited = True
    channel.watchers.tell("message", ledger.shown_entry(said, chat_id))
    return events.message_edited(channel, person, group, content) if group.bot_in else None


def unsend(channel: Channel, person: Person, group: Group | None, message_id: str) -> Event | None:
    """Take back one's own message; its content is gone for the bot [410]."""
    chat_id = talk_of(channel, person, group)
    said = channel.ledger.said(chat_id, message_id)
    if said is None or said.by != person.id or said.unsent or said.only_shown:
        raise Impossible(
            f"{person.name} has no message {message_id} to take back there", "このメッセージは送信取消できません。"
        )
    said.unsent = True
    if message_id in channel.ledger.contents:
        channel.ledger.contents[message_id].unsent = True
    channel.watchers.tell("message", ledger.shown_entry(said, chat_id))
    told = group is None or group.bot_in
    return events.unsend(channel, person, group, message_id) if told else None

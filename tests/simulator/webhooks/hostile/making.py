"""What strange webhooks are put together from: an envelope, and events that are proper until something is changed."""

import json
from typing import Any

from tests.simulator import ids
from tests.simulator.channel import Channel
from tests.simulator.people import Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def envelope(channel: Channel, *made: Any, **more: Any) -> bytes:
    """Written with escapes, since a lone surrogate has no other form in JSON."""
    return json.dumps({"destination": channel.bot_user_id, "events": list(made), **more}).encode()


def said(channel: Channel, person: Person, text: str = "こんにちは", **more: Any) -> Event:
    """A text message, with other fields of the event instead."""
    message_id = str(channel.ledger.take_message_ids(1))
    message = {"type": "text", "id": message_id, "text": text, "quoteToken": ids.quote_token(person.id, message_id)}
    return events.event(channel, "message", events.from_person(person), {"message": message}) | more


def message(channel: Channel, person: Person, **content: Any) -> Event:
    """A message event with exactly this content besides its id."""
    return said(channel, person, message={"id": str(channel.ledger.take_message_ids(1)), **content})

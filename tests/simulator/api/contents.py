"""The pictures, films, sounds and files people sent."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.ledger import Said


def content(channel: Channel, call: Call) -> Answer:
    """The bytes a person sent; 410 once unsent, 404 when there are none."""
    message_id = call.parts["message_id"]
    if any(is_unsent(entry, message_id) for talk in channel.ledger.talks.values() for entry in talk):
        raise answers.refuse(410, "The content has gone")
    found = channel.ledger.contents.get(message_id)
    if found is None:
        raise answers.not_found()
    return Answer(200, found[1], content_type=found[0])


def is_unsent(entry: object, message_id: str) -> bool:
    return isinstance(entry, Said) and entry.id == message_id and entry.unsent


ENDPOINTS = [Endpoint("content", "GET", "/data/v2/bot/message/{message_id}/content", content)]

"""The pictures, films, sounds and files people sent, on LINE's host for files."""

from tests.simulator import japan
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.contents import PREPARED, WITH_PREVIEW, Content
from tests.simulator.deeds.talking import PIXEL


def content(channel: Channel, call: Call) -> Answer:
    """The bytes; 202 while LINE still prepares a film or sound."""
    found = content_in(channel, call)
    return (
        Answer(200, found.data, content_type=found.content_type) if is_ready(channel, found) else answers.ok(status=202)
    )


def preview(channel: Channel, call: Call) -> Answer:
    """A picture of a picture or film; of others there is none."""
    found = content_in(channel, call)
    if found.kind not in WITH_PREVIEW:
        raise answers.not_found()
    if not is_ready(channel, found):
        return answers.ok(status=202)
    if found.kind == "image":
        return Answer(200, found.data, content_type=found.content_type)
    return Answer(200, PIXEL, content_type="image/png")


def transcoding(channel: Channel, call: Call) -> Answer:
    """How far LINE is with a film or sound."""
    found = content_in(channel, call)
    if found.kind not in PREPARED:
        raise answers.not_found()
    return answers.ok({"status": found.state(channel.clock.now_ms())})


def is_ready(channel: Channel, found: Content) -> bool:
    """False while it is prepared; what has failed is not to be had."""
    state = found.state(channel.clock.now_ms())
    if state == "failed":
        raise answers.not_found()
    return state == "succeeded"


def content_in(channel: Channel, call: Call) -> Content:
    """404 when there is none, or none any more; 410 when it was taken back."""
    found = channel.ledger.contents.get(call.parts["message_id"])
    days = channel.settings.content_kept_days
    if found is None or (days is not None and channel.clock.now_ms() - found.sent_ms >= days * japan.DAY_MS):
        raise answers.not_found()
    if found.unsent:
        raise answers.refuse(410, "The content has gone")
    return found


HERE = "/data/v2/bot/message/{message_id}/content"
ENDPOINTS = [
    Endpoint("content", "GET", HERE, content),
    Endpoint("content_preview", "GET", f"{HERE}/preview", preview),
    Endpoint("content_transcoding", "GET", f"{HERE}/transcoding", transcoding),
]

"""Message objects: text, sticker, media, location, templates, Flex, each with sender and quick replies."""

from collections.abc import Callable
from typing import Any

from tests.simulator.messages import actions, flex, templates
from tests.simulator.messages.places import Place

ALT_TEXT = 1500
TEXT = 5000
EMOJIS = 20
QUICK_REPLIES = 13
TRACKING_ID = 100
TRACKING_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.=,+*()%$&;:@{}!?<>[]")


def check(message: Place, index: int) -> None:
    kind = message.choice("type", CHECKS)
    if kind is not None:
        CHECKS[kind](message, index)
    check_sender(message)
    check_quick_reply(message)


def check_text(message: Place, index: int) -> None:
    text = message.string("text", TEXT)
    message.string("quoteToken", required=False, least=1)
    for emoji in message.items("emojis", 0, EMOJIS, required=False):
        emoji.string("productId")
        emoji.string("emojiId")
        emoji.number("index", 0, TEXT, whole=True)
        if isinstance(text, str) and not stands_at(text, emoji.value.get("index")):
            emoji.wrong("index", "the text has no $ there")


def stands_at(text: str, index: Any) -> bool:
    """A $ at that UTF-16 code unit."""
    units = text.encode("utf-16-le", "surrogatepass")
    return isinstance(index, int) and units[2 * index : 2 * index + 2] == b"$\x00"


def check_sticker(message: Place, index: int) -> None:
    message.string("packageId")
    message.string("stickerId")
    message.string("quoteToken", required=False, least=1)


def check_image(message: Place, index: int) -> None:
    message.url("originalContentUrl")
    message.url("previewImageUrl")


def check_video(message: Place, index: int) -> None:
    message.url("originalContentUrl")
    message.url("previewImageUrl")
    tracking = message.string("trackingId", TRACKING_ID, required=False, least=1)
    if tracking and not TRACKING_LETTERS.issuperset(tracking):
        message.wrong("trackingId", "invalid property")


def check_audio(message: Place, index: int) -> None:
    message.url("originalContentUrl")
    message.number("duration", 1, 2**53, whole=True)


def check_location(message: Place, index: int) -> None:
    message.string("title", 100)
    message.string("address", 100)
    message.number("latitude", -90, 90)
    message.number("longitude", -180, 180)


def check_template(message: Place, index: int) -> None:
    message.string("altText", ALT_TEXT)
    template = message.inner("template")
    if template is not None:
        templates.check(template)


def check_flex(message: Place, index: int) -> None:
    message.string("altText", ALT_TEXT)
    contents = message.inner("contents")
    if contents is not None:
        flex.check(contents, index)


CHECKS: dict[str, Callable[[Place, int], None]] = {
    "text": check_text,
    "sticker": check_sticker,
    "image": check_image,
    "video": check_video,
    "audio": check_audio,
    "location": check_location,
    "template": check_template,
    "flex": check_flex,
}


def check_sender(message: Place) -> None:
    """Another name and picture for one bubble [3.7]."""
    sender = message.inner("sender", required=False)
    if sender is not None:
        sender.string("name", 20, required=False)
        sender.url("iconUrl", required=False)


def check_quick_reply(message: Place) -> None:
    reply = message.inner("quickReply", required=False)
    if reply is None:
        return
    for item in reply.items("items", 1, QUICK_REPLIES):
        item.choice("type", ("action",))
        item.url("imageUrl", required=False)
        action = item.inner("action")
        if action is not None:
            actions.check(action, actions.QUICK_REPLY)

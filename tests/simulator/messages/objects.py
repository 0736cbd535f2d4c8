"""Message objects of every type, each with sender and quick replies [R#message-objects]."""

import re
from collections.abc import Callable

from tests.simulator.messages import actions, flex, imagemaps, templates, texts
from tests.simulator.messages.places import Place

ALT_TEXT = 1500
QUICK_REPLIES = 13
TRACKING_ID = 100
TRACKING_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.=,+*()%$&;:@{}!?<>[]")
DELIVERY_TAG = re.compile(r"[a-zA-Z0-9_]{1,30}", re.ASCII)
RESERVED_NAME = re.compile(r"(?<![a-z])line(?![a-z])", re.ASCII | re.IGNORECASE)
MOST_MILLISECONDS = 2**53


def check(message: Place) -> None:
    kind = message.choice("type", CHECKS)
    if kind in WITH_ALT_TEXT:
        message.string("altText", ALT_TEXT)
    if kind is not None:
        CHECKS[kind](message)
    check_sender(message)
    check_quick_reply(message)


def check_sticker(message: Place) -> None:
    message.string("packageId")
    message.string("stickerId")
    message.string("quoteToken", required=False, least=1)


def check_image(message: Place) -> None:
    message.url("originalContentUrl")
    message.url("previewImageUrl")


def check_video(message: Place) -> None:
    message.url("originalContentUrl")
    message.url("previewImageUrl")
    tracking = message.string("trackingId", TRACKING_ID, required=False, least=1)
    if tracking and not TRACKING_LETTERS.issuperset(tracking):
        message.wrong("trackingId", "invalid property")


def check_audio(message: Place) -> None:
    message.url("originalContentUrl")
    message.number("duration", 1, MOST_MILLISECONDS, whole=True)


def check_location(message: Place) -> None:
    message.string("title", 100)
    message.string("address", 100)
    message.number("latitude", -90, 90)
    message.number("longitude", -180, 180)


def check_coupon(message: Place) -> None:
    message.string("couponId")
    message.pattern("deliveryTag", DELIVERY_TAG)


def check_template(message: Place) -> None:
    template = message.inner("template")
    if template is not None:
        templates.check(template)


CHECKS: dict[str, Callable[[Place], None]] = {
    "text": texts.check,
    "textV2": texts.check_v2,
    "sticker": check_sticker,
    "image": check_image,
    "video": check_video,
    "audio": check_audio,
    "location": check_location,
    "coupon": check_coupon,
    "imagemap": imagemaps.check,
    "template": check_template,
    "flex": flex.check,
}
WITH_ALT_TEXT = frozenset({"imagemap", "template", "flex"})


def check_sender(message: Place) -> None:
    """Another name and picture for one bubble [3.7]; the word LINE is refused, which other words is not told."""
    sender = message.inner("sender", required=False)
    if sender is None:
        return
    name = sender.string("name", 20, required=False)
    if name and RESERVED_NAME.search(name):
        sender.wrong("name", "invalid property")
    sender.url("iconUrl", required=False)


def check_quick_reply(message: Place) -> None:
    """Of each message, though a phone shows those of the last bubble only [G:using-quick-reply]."""
    reply = message.inner("quickReply", required=False)
    if reply is None:
        return
    for item in reply.items("items", 1, QUICK_REPLIES):
        item.choice("type", ("action",))
        item.url("imageUrl", required=False)
        action = item.inner("action")
        if action is not None:
            actions.check(action, actions.QUICK_REPLY)

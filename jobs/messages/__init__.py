"""LINE message objects as plain dicts: built, composed from blocks, personalised, checked against LINE's limits."""

from jobs.messages.builders import (
    Action,
    Message,
    audio,
    buttons,
    card,
    carousel,
    confirm,
    customers_text,
    flex,
    image,
    link,
    postback,
    say,
    sticker,
    text,
    video,
    web_address,
)
from jobs.messages.checking import check
from jobs.messages.composing import compose
from jobs.messages.counting import clusters, graphemes, utf16_len
from jobs.messages.limits import Fault
from jobs.messages.parts import (
    Attachment,
    Button,
    Composed,
    Imagemap,
    Item,
    Link,
    Part,
    Pick,
    Run,
    Say,
    Words,
)
from jobs.messages.placeholders import KNOWN, is_personal, variables
from jobs.messages.rendering import Compiled, compile, render
from jobs.messages.summaries import alt_text
from jobs.messages.written import fill_buttons

__all__ = [
    "KNOWN",
    "Action",
    "Attachment",
    "Button",
    "Compiled",
    "Composed",
    "Fault",
    "Imagemap",
    "Item",
    "Link",
    "Message",
    "Part",
    "Pick",
    "Run",
    "Say",
    "Words",
    "alt_text",
    "audio",
    "buttons",
    "card",
    "carousel",
    "check",
    "clusters",
    "compile",
    "compose",
    "confirm",
    "customers_text",
    "fill_buttons",
    "flex",
    "graphemes",
    "image",
    "is_personal",
    "link",
    "postback",
    "render",
    "say",
    "sticker",
    "text",
    "utf16_len",
    "variables",
    "video",
    "web_address",
]

"""Where LINE's reference and LINE's own files disagree, what the files lack, and what the simulator leaves out."""

from dataclasses import dataclass
from typing import Any

MESSAGING = "messaging-api"
WEBHOOKS = "webhook"

# What stands before a path in the simulator, and the host of LINE's that it stands for.
HOSTS = {"/data": "https://api-data.line.me"}
API_HOST = "https://api.line.me"

# Our own pages and the desk, which no bot of LINE's world ever sees.
OUR_OWN = ("/sim", "/phones")


@dataclass(frozen=True, slots=True)
class Correction:
    """Puts a value at a place of a file. The reason says who says otherwise."""

    document: str
    pointer: tuple[str, ...]
    value: Any
    reason: str

    def apply(self, raw: dict[str, Any]) -> None:
        inner = raw
        for key in self.pointer[:-1]:
            inner = inner[key]
        inner[self.pointer[-1]] = self.value


REF = "#/components/schemas/"

CORRECTIONS = [
    Correction(
        WEBHOOKS,
        ("components", "schemas", "Event", "discriminator", "mapping", "messageEdited"),
        f"{REF}MessageEditedEvent",
        "[R#edit-event] and the Python SDK 3.27.0 have it since mid-2026; this commit of the files does not",
    ),
    Correction(
        WEBHOOKS,
        ("components", "schemas", "MessageEditedEvent"),
        {
            "allOf": [
                {"$ref": f"{REF}Event"},
                {
                    "type": "object",
                    "required": ["replyToken", "message"],
                    "properties": {
                        "replyToken": {"type": "string"},
                        "message": {"$ref": f"{REF}EditedTextContent"},
                    },
                },
            ]
        },
        "the same",
    ),
    Correction(
        WEBHOOKS,
        ("components", "schemas", "EditedTextContent"),
        {
            "type": "object",
            "required": ["type", "id", "quoteToken", "text"],
            "properties": {
                "type": {"type": "string", "enum": ["text"]},
                "id": {"type": "string"},
                "quoteToken": {"type": "string"},
                "text": {"type": "string"},
                "emojis": {"type": "array", "items": {"$ref": f"{REF}Emoji"}},
                "mention": {"$ref": f"{REF}Mention"},
            },
        },
        "the same; a message edited has no markAsReadToken",
    ),
]

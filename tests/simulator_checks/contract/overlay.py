"""Where LINE's reference and LINE's own files disagree, and what the files lack."""

from dataclasses import dataclass
from typing import Any

AUDIENCES = "manage-audience"
INSIGHT = "insight"
MESSAGING = "messaging-api"
WEBHOOKS = "webhook"

API_HOST = "https://api.line.me"
# What a path in the simulator begins with, the host of LINE's that it stands for, and how the path begins there.
HOSTS = {
    "/data/": ("https://api-data.line.me", "/"),
    "/access/": ("https://access.line.me", "/"),
    "/module/": ("https://manager.line.biz", "/module/"),
}

# Places of the simulator that LINE describes nowhere, by how they begin, and what they are.
UNDESCRIBED = {
    "/sim": "the desk, for tests and the phones page",
    "/phones": "the phones page",
    "/access/oauth2/v2.1/authorize": "a screen of LINE Login: HTML and redirects, described in prose only",
    "/access/login/": "the same",
    "/access/dialog/bot/accountLink": "the page of account links: the same",
    "/access/static/": "what these screens are drawn with",
    "/liff/{": "liff.line.me: redirects",
    "/miniapp/": "miniapp.line.me: the same",
    "/liff/v2/": "what the stand-in of LIFF's SDK asks; how LINE's own does it is not documented",
    "/cdn/": "the stand-in itself",
}


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
    *(
        Correction(
            AUDIENCES,
            ("components", "schemas", schema, "properties", name),
            shape,
            "[R#manage-audience-group] has it and so have the examples of the file, its schema has not",
        )
        for schema, name, shape in (
            ("AudienceGroup", "expireTimestamp", {"type": "integer", "format": "int64"}),
            ("AudienceGroup", "activated", {"type": "integer", "format": "int64"}),
            ("AudienceGroup", "inactiveTimestamp", {"type": "integer", "format": "int64"}),
            ("CreateImpBasedAudienceGroupResponse", "createRoute", {"$ref": f"{REF}AudienceGroupCreateRoute"}),
            ("CreateImpBasedAudienceGroupResponse", "permission", {"$ref": f"{REF}AudienceGroupPermission"}),
            ("CreateImpBasedAudienceGroupResponse", "expireTimestamp", {"type": "integer", "format": "int64"}),
            ("CreateImpBasedAudienceGroupResponse", "isIfaAudience", {"type": "boolean"}),
        )
    ),
    Correction(
        AUDIENCES,
        ("paths", "/v2/bot/audienceGroup/{audienceGroupId}", "delete", "responses", "202"),
        {"description": "Accepted"},
        "[R#delete-audience-group] says 202, the file 200; clients take both, we answer 202",
    ),
    *(
        Correction(
            MESSAGING,
            ("paths", f"/v2/bot/message/{{messageId}}/content{what}", "get", "responses", "202"),
            {"description": "still being prepared"},
            "[R#get-content] says 202 while LINE prepares a film or sound",
        )
        for what in ("", "/preview")
    ),
    Correction(
        "channel-access-token",
        ("components", "schemas", "ErrorResponse", "properties", "message"),
        {"type": "string"},
        "[R#rate-limits] has one 429 for all; the words of OAuth are for its own refusals",
    ),
    Correction(
        INSIGHT,
        ("paths", "/v2/bot/insight/message/event/aggregation", "get", "responses", "400"),
        {
            "description": "an object of nulls",
            "content": {"application/json": {"schema": {"$ref": f"{REF}GetStatisticsPerUnitResponse"}}},
        },
        "[R#get-statistics-per-unit] shows no message, but the same object without numbers",
    ),
    Correction(
        INSIGHT,
        ("components", "schemas", "GetMessageEventResponseOverview", "properties", "delivered", "nullable"),
        True,
        "its own description says it is null until all is sent",
    ),
]

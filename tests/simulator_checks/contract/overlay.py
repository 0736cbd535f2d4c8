"""Where LINE's reference and LINE's own files disagree, what the files lack, and what the simulator leaves out."""

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

# Calls that LINE describes and the simulator does not play, by the reason. Beacons have no calls, only an event.
NOT_PLAYED = {
    "for module channels, which need a contract with LINE": [
        "POST https://manager.line.biz/module/auth/v1/token",
        "POST https://api.line.me/v2/bot/channel/detach",
        "POST https://api.line.me/v2/bot/chat/{}/control/acquire",
        "POST https://api.line.me/v2/bot/chat/{}/control/release",
        "GET https://api.line.me/v2/bot/list",
    ],
    "mission stickers need a contract with LINE": ["POST https://api.line.me/shop/v3/mission"],
    "notification messages need a contract with LINE": [
        "POST https://api.line.me/bot/pnp/push",
        "GET https://api.line.me/v2/bot/message/delivery/pnp",
    ],
    "paid memberships are no feature of a small shop's bot": [
        "GET https://api.line.me/v2/bot/membership/list",
        "GET https://api.line.me/v2/bot/membership/subscription/{}",
        "GET https://api.line.me/v2/bot/membership/{}/users/ids",
    ],
    "the older way for corporate customers; LINE takes no new ones": [
        "POST https://api.line.me/v2/bot/message/markAsRead",
    ],
    "not yet": [
        "GET https://api-data.line.me/v2/bot/message/{}/content/preview",
        "GET https://api-data.line.me/v2/bot/message/{}/content/transcoding",
        "GET https://api-data.line.me/v2/bot/richmenu/{}/content",
        "POST https://api-data.line.me/v2/bot/audienceGroup/upload/byFile",
        "POST https://api-data.line.me/v2/bot/richmenu/{}/content",
        "PUT https://api-data.line.me/v2/bot/audienceGroup/upload/byFile",
        "DELETE https://api.line.me/v2/bot/audienceGroup/{}",
        "DELETE https://api.line.me/v2/bot/richmenu/alias/{}",
        "DELETE https://api.line.me/v2/bot/richmenu/{}",
        "DELETE https://api.line.me/v2/bot/user/all/richmenu",
        "DELETE https://api.line.me/v2/bot/user/{}/richmenu",
        "GET https://api.line.me/oauth2/v2.1/tokens/kid",
        "GET https://api.line.me/v2/bot/audienceGroup/list",
        "GET https://api.line.me/v2/bot/audienceGroup/shared/list",
        "GET https://api.line.me/v2/bot/audienceGroup/shared/{}",
        "GET https://api.line.me/v2/bot/audienceGroup/{}",
        "GET https://api.line.me/v2/bot/channel/webhook/endpoint",
        "GET https://api.line.me/v2/bot/coupon",
        "GET https://api.line.me/v2/bot/coupon/{}",
        "GET https://api.line.me/v2/bot/insight/demographic",
        "GET https://api.line.me/v2/bot/insight/followers",
        "GET https://api.line.me/v2/bot/insight/message/delivery",
        "GET https://api.line.me/v2/bot/insight/message/event",
        "GET https://api.line.me/v2/bot/insight/message/event/aggregation",
        "GET https://api.line.me/v2/bot/insight/richmenu/{}/daily",
        "GET https://api.line.me/v2/bot/insight/richmenu/{}/summary",
        "GET https://api.line.me/v2/bot/message/progress/narrowcast",
        "GET https://api.line.me/v2/bot/richmenu/alias/list",
        "GET https://api.line.me/v2/bot/richmenu/alias/{}",
        "GET https://api.line.me/v2/bot/richmenu/list",
        "GET https://api.line.me/v2/bot/richmenu/progress/batch",
        "GET https://api.line.me/v2/bot/richmenu/{}",
        "GET https://api.line.me/v2/bot/user/all/richmenu",
        "GET https://api.line.me/v2/bot/user/{}/richmenu",
        "POST https://api.line.me/v2/bot/audienceGroup/click",
        "POST https://api.line.me/v2/bot/audienceGroup/imp",
        "POST https://api.line.me/v2/bot/audienceGroup/upload",
        "POST https://api.line.me/v2/bot/channel/webhook/test",
        "POST https://api.line.me/v2/bot/chat/markAsRead",
        "POST https://api.line.me/v2/bot/coupon",
        "POST https://api.line.me/v2/bot/message/narrowcast",
        "POST https://api.line.me/v2/bot/richmenu",
        "POST https://api.line.me/v2/bot/richmenu/alias",
        "POST https://api.line.me/v2/bot/richmenu/alias/{}",
        "POST https://api.line.me/v2/bot/richmenu/batch",
        "POST https://api.line.me/v2/bot/richmenu/bulk/link",
        "POST https://api.line.me/v2/bot/richmenu/bulk/unlink",
        "POST https://api.line.me/v2/bot/richmenu/validate",
        "POST https://api.line.me/v2/bot/richmenu/validate/batch",
        "POST https://api.line.me/v2/bot/user/all/richmenu/{}",
        "POST https://api.line.me/v2/bot/user/{}/linkToken",
        "POST https://api.line.me/v2/bot/user/{}/richmenu/{}",
        "POST https://api.line.me/v2/oauth/revoke",
        "POST https://api.line.me/v2/oauth/verify",
        "PUT https://api.line.me/v2/bot/audienceGroup/upload",
        "PUT https://api.line.me/v2/bot/audienceGroup/{}/updateDescription",
        "PUT https://api.line.me/v2/bot/channel/webhook/endpoint",
        "PUT https://api.line.me/v2/bot/coupon/{}/close",
    ],
}

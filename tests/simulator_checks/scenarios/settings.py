"""What a channel is set up with: access tokens, the webhook's address, LIFF apps."""

from tests.simulator_checks import signing
from tests.simulator_checks.scenarios.steps import Deed, Json, Scenario, Stage, call, refused

GRANT = "client_credentials"
ADDRESS = "https://bot.example/line/webhook"
APP: Json = {"view": {"type": "full", "url": "https://shop.example/liff/"}, "description": "予約"}
ISSUED = {"access_token": "<token>", "expires_in": "<seconds>", "token_type": "Bearer"}
VERIFIED = {"client_id": "sdk", "expires_in": "<seconds>", "scope": "P CM"}
INFO = {
    "userId": "$bot",
    "basicId": "$basic",
    "displayName": "Ayumi",
    "chatMode": "bot",
    "markAsReadMode": "auto",
}
CLOSED = refused(
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)


async def signed(on: Stage) -> Json:
    """A JWT, signed with a key that the channel knows."""
    key = await on.channel.register_signing_key(signing.public_jwk())
    return {"jwt": await signing.assertion(on.channel, key)}


async def login(on: Stage) -> Json:
    """A LINE Login channel of the same provider, with a token for its server API."""
    made = await on.channel.login_channel()
    return {"token": await made.channel_token()}


SCENARIOS = [
    Scenario(
        "a short-lived channel access token",
        [
            call("issueChannelToken", GRANT, "sdk", "$secret", answer=ISSUED, keep="short"),
            call("getBotInfo", token="$short.access_token", answer=INFO),
            call("verifyChannelToken", "$short.access_token", answer=VERIFIED),
            call("revokeChannelToken", "$short.access_token"),
            call("getBotInfo", token="$short.access_token", status=401, answer=CLOSED, logged=False),
            call(
                "issueChannelToken",
                GRANT,
                "sdk",
                "another",
                status=400,
                answer={"error": "invalid_client", "error_description": "invalid client_secret"},
                logged=False,
            ),
        ],
    ),
    Scenario(
        "a stateless channel access token",
        [
            call("issueStatelessChannelToken", GRANT, None, None, "sdk", "$secret", answer=ISSUED, keep="free"),
            call("getBotInfo", token="$free.access_token", answer=INFO),
            call("verifyChannelTokenByJWT", "$free.access_token", answer=VERIFIED),
        ],
    ),
    Scenario(
        "a channel access token v2.1",
        [
            Deed("signed", signed),
            call(
                "issueChannelTokenByJWT",
                GRANT,
                signing.ASSERTION,
                "$signed.jwt",
                answer={**ISSUED, "key_id": "<key>"},
                keep="long",
            ),
            call("getBotInfo", token="$long.access_token", answer=INFO),
            call("verifyChannelTokenByJWT", "$long.access_token", answer=VERIFIED),
            call(
                "getsAllValidChannelAccessTokenKeyIds",
                signing.ASSERTION,
                "$signed.jwt",
                answer={"kids": ["$long.key_id"]},
            ),
            call("revokeChannelTokenByJWT", "sdk", "$secret", "$long.access_token"),
            call("getsAllValidChannelAccessTokenKeyIds", signing.ASSERTION, "$signed.jwt", answer={"kids": []}),
        ],
    ),
    Scenario(
        "the webhook's address",
        [
            call("getWebhookEndpoint", answer={"endpoint": "<address>", "active": True}),
            call(
                "testWebhookEndpoint",
                {},
                answer={
                    "success": True,
                    "timestamp": "<time>",
                    "statusCode": 200,
                    "reason": "OK",
                    "detail": "200",
                },
            ),
            call("setWebhookEndpoint", {"endpoint": ADDRESS}),
            call(
                "setWebhookEndpoint",
                {"endpoint": "ftp://bot.example/"},
                status=400,
                answer=refused("Invalid webhook endpoint URL"),
            ),
        ],
    ),
    Scenario(
        "LIFF apps",
        [
            Deed("login", login),
            call("getAllLIFFApps", token="$login.token", status=404, answer=refused("Not found")),
            call("addLIFFApp", APP, token="$login.token", answer={"liffId": "<app>"}, keep="app"),
            call("updateLIFFApp", "$app.liffId", {"view": {"type": "compact"}}, token="$login.token"),
            call(
                "getAllLIFFApps",
                token="$login.token",
                answer={
                    "apps": [
                        {
                            "liffId": "$app.liffId",
                            "view": {"type": "compact", "url": "https://shop.example/liff/"},
                            "description": "予約",
                            "features": {"qrCode": False},
                            "permanentLinkPattern": "concat",
                            "scope": ["profile", "chat_message.write"],
                            "botPrompt": "none",
                        }
                    ]
                },
            ),
            call("deleteLIFFApp", "$app.liffId", token="$login.token"),
            call("deleteLIFFApp", "$app.liffId", token="$login.token", status=404, answer=refused("Not found")),
        ],
    ),
]

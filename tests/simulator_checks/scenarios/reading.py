"""The bot itself, people and what they sent; what a bot does in a talk besides sending."""

import base64

from tests.simulator_checks.scenarios.steps import Deed, Json, Scenario, Stage, call, refused

PICTURE = b"\x89PNG bytes"
NOBODY = "U" + "0" * 32


async def with_picture(on: Stage) -> Json:
    await on.tanaka.change(picture_url="https://shop.example/t.jpg", status_message="元気です", language="ja")
    return {}


async def verified(on: Stage) -> Json:
    await on.channel.change(verified=True)
    return {}


async def chat_on(on: Stage) -> Json:
    await on.channel.change(chat_on=True)
    return {}


async def unsent(on: Stage) -> Json:
    picture = await on.tanaka.sends("image", content=PICTURE, contentType="image/png")
    await on.tanaka.unsends(picture.message_id)
    return picture.answer


SCENARIOS = [
    Scenario(
        "the bot itself",
        [
            call(
                "getBotInfo",
                answer={
                    "userId": "$bot",
                    "basicId": "$basic",
                    "displayName": "Ayumi",
                    "chatMode": "bot",
                    "markAsReadMode": "auto",
                },
            ),
        ],
    ),
    Scenario(
        "profiles",
        [
            Deed("", with_picture),
            call(
                "getProfile",
                "$tanaka",
                answer={
                    "userId": "$tanaka",
                    "displayName": "田中 花子",
                    "pictureUrl": "https://shop.example/t.jpg",
                    "statusMessage": "元気です",
                    "language": "ja",
                },
            ),
            call("getProfile", "$suzuki", status=404, answer=refused("Not found")),
            call(
                "getProfile",
                "suzuki",
                status=400,
                answer=refused("The value for the 'userId' parameter is invalid"),
            ),
        ],
    ),
    Scenario(
        "friends, for verified accounts",
        [
            call(
                "getFollowers",
                status=403,
                answer=refused("Access to this API is not available for your account"),
            ),
            Deed("", verified),
            call("getFollowers", None, 1000, answer={"userIds": ["$tanaka"]}),
        ],
    ),
    Scenario(
        "content from the other host",
        [
            Deed("sent", lambda on: on.tanaka.sends("image", content=PICTURE, contentType="image/png")),
            call(
                "getMessageContent",
                "$sent.message_id",
                answer={"$file": base64.b64encode(PICTURE).decode()},
            ),
            call(
                "getMessageContentPreview",
                "$sent.message_id",
                answer={"$file": base64.b64encode(PICTURE).decode()},
            ),
            call(
                "getMessageContentTranscodingByMessageId",
                "$sent.message_id",
                status=404,
                answer=refused("Not found"),
            ),
            Deed("film", lambda on: on.tanaka.sends("video", content=PICTURE)),
            call("getMessageContentTranscodingByMessageId", "$film.message_id", answer={"status": "succeeded"}),
            call("getMessageContent", "123456789012345678", status=404, answer=refused("Not found")),
            Deed("gone", unsent),
            call("getMessageContent", "$gone.message_id", status=410, answer=refused("The content has gone")),
        ],
    ),
    Scenario(
        "reading and typing",
        [
            call("showLoadingAnimation", {"chatId": "$tanaka", "loadingSeconds": 5}, status=202),
            call(
                "showLoadingAnimation",
                {"chatId": "$group"},
                status=400,
                answer=refused("The property, chatId, in the request body is invalid (line: -, column: -)"),
            ),
            Deed("", chat_on),
            Deed("said", lambda on: on.tanaka.says("読んでください")),
            call("markMessagesAsReadByToken", {"markAsReadToken": "$said.event.message.markAsReadToken"}),
            call(
                "markMessagesAsReadByToken",
                {"markAsReadToken": "no-token"},
                status=400,
                answer=refused(
                    "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
                ),
            ),
        ],
    ),
    Scenario(
        "accounts to be linked",
        [
            call("issueLinkToken", "$tanaka", answer={"linkToken": "<token>"}),
            call("issueLinkToken", NOBODY, status=404, answer=refused("Not found")),
        ],
    ),
]

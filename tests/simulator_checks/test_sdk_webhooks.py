"""What the simulator sends is taken by the official SDKs for LINE's: signature, envelope and every kind of event."""

import base64
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from linebot.v3 import webhook, webhooks  # type: ignore[import-untyped]
from linebot.v3.exceptions import InvalidSignatureError  # type: ignore[import-untyped]

from tests.simulator.control import Channel, Group, User
from tests.simulator.webhooks import post
from tests.simulator_checks.bots import Bot, Line, Webhook
from tests.simulator_checks.scenarios.node_sdk import Program

SECRET, BODY = "channel_secret", b"bodybodybodybody"
SIGNATURE = "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="
FILM = {
    "type": "video",
    "originalContentUrl": "https://shop.example/a.mp4",
    "previewImageUrl": "https://shop.example/a.jpg",
    "trackingId": "film-1",
}
KINDS = {
    "accountLink",
    "follow",
    "join",
    "leave",
    "memberJoined",
    "memberLeft",
    "membership",
    "message",
    "messageEdited",
    "postback",
    "unfollow",
    "unsend",
    "videoPlayComplete",
}
MESSAGES = {"text", "image", "video", "audio", "file", "location", "sticker"}


@pytest.fixture(scope="module")
def node_program() -> Iterator[Program]:
    program = Program()
    yield program
    assert program.close() == 0


@pytest.fixture
async def everything(channel: Channel, bot: Bot, line: Line, tanaka: User, group: Group) -> list[Webhook]:
    """The webhooks of a day on which everything happened that can."""
    await tanaka.says("予約したい😊")
    for kind, properties in (
        ("image", {}),
        ("video", {"duration": 60_000}),
        ("audio", {"duration": 60_000}),
        ("file", {}),
        ("location", {"title": "店", "latitude": 35.6, "longitude": 139.7}),
        ("sticker", {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}),
    ):
        sent = await tanaka.sends(kind, **properties)
    await tanaka.unsends(sent.message_id)
    action = {"type": "datetimepicker", "label": "日", "data": "a=day", "mode": "date", "initial": "2026-12-01"}
    template = {"type": "buttons", "text": "いつ", "actions": [action]}
    await line.push(tanaka.id, FILM, {"type": "template", "altText": "いつ", "template": template})
    await tanaka.plays((await tanaka.seen())[-2].id)
    await tanaka.presses("日", value="2026-12-24")
    token = (await line.post(f"/v2/bot/user/{tanaka.id}/linkToken")).body["linkToken"]
    await tanaka.links_account(token, "nonce-of-the-shop")
    await tanaka.membership("joined", 3189)
    yamada, suzuki = await channel.user("山田 太郎"), await channel.user("鈴木 一郎")
    said = await yamada.says("@Ayumi @All 使用量", in_group=group, mentions=["Ayumi", "All"])
    await yamada.edits(said.message_id, "@Ayumi 使用量 今月", in_group=group, mentions=["Ayumi"])
    await group.joins(suzuki)
    await group.leaves(suzuki)
    room = await channel.room("三人", [yamada, suzuki])
    await room.invite_bot()
    await suzuki.says("はい", in_group=room)
    await group.remove_bot()
    await tanaka.block()
    events = bot.events
    assert {event["type"] for event in events} == KINDS
    assert {event["message"]["type"] for event in events if event["type"] == "message"} == MESSAGES
    assert {event["source"]["type"] for event in events if "source" in event} == {"user", "group", "room"}
    return bot.webhooks


def test_it_signs_as_line_does() -> None:
    """[S tests/v3/test_webhook.py], LINE_PLATFORM 1.1"""
    assert post.signature(SECRET, BODY) == SIGNATURE
    assert webhook.SignatureValidator(SECRET).validate(BODY.decode(), SIGNATURE)
    assert not webhook.SignatureValidator("another").validate(BODY.decode(), SIGNATURE)


@pytest.mark.node
@pytest.mark.parametrize(("secret", "good"), [(SECRET, True), ("another", False)])
async def test_node_checks_signatures_as_line_does(node_program: Program, secret: str, good: bool) -> None:
    told = await node_program.ask({**asked(BODY, secret, SIGNATURE), "what": "signature"})
    assert told == {"valid": good}


def asked(body: bytes, secret: str, signature: str | None) -> dict[str, Any]:
    return {"body": base64.b64encode(body).decode(), "secret": secret, "signature": signature, "what": "webhook"}


async def test_the_python_sdk_understands_every_event(channel: Channel, everything: list[Webhook]) -> None:
    """Each by its own class, and with all it says, never as unknown."""
    parser = webhook.WebhookParser(channel.secret)
    for one in everything:
        payload = parser.parse(one.raw.decode(), one.headers["x-line-signature"], as_payload=True)
        assert payload.destination == channel.bot_user_id
        for event, sent in zip(payload.events, one.events, strict=True):
            kind = sent["type"][0].upper() + sent["type"][1:]
            assert type(event) is getattr(webhooks, f"{kind}Event")
            assert without_nothing(orjson.loads(event.json(by_alias=True))) == sent
        with pytest.raises(InvalidSignatureError):
            parser.parse(one.raw.decode() + " ", one.headers["x-line-signature"])


def without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


@pytest.mark.node
async def test_the_node_sdk_lets_every_event_in(
    channel: Channel, everything: list[Webhook], node_program: Program
) -> None:
    for one in everything:
        signature = one.headers["x-line-signature"]
        assert await node_program.ask(asked(one.raw, channel.secret, signature)) == {"body": orjson.loads(one.raw)}
        for body, signed in ((one.raw + b" ", signature), (one.raw, None)):
            told = await node_program.ask(asked(body, channel.secret, signed))
            assert told == {"refused": "SignatureValidationFailed"}

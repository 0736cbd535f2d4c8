"""LINE's own Python SDK takes the simulator for LINE."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from linebot.v3 import messaging, webhook, webhooks  # type: ignore[import-untyped]
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks.bots import Bot


@pytest.fixture
async def sdk(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[messaging.AsyncMessagingApi]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    configuration = messaging.Configuration(access_token=channel.token, host=channel.api_url)
    async with messaging.AsyncApiClient(configuration) as client:
        yield messaging.AsyncMessagingApi(client)


@pytest.fixture
async def blobs(channel: Channel) -> AsyncIterator[messaging.AsyncMessagingApiBlob]:
    configuration = messaging.Configuration(access_token=channel.token, host=channel.data_url)
    async with messaging.AsyncApiClient(configuration) as client:
        yield messaging.AsyncMessagingApiBlob(client)


def parsed(channel: Channel, bot: Bot) -> Any:
    """The last webhook's only event, its signature checked."""
    last = bot.webhooks[-1]
    events = webhook.WebhookParser(channel.secret).parse(last.raw.decode(), last.headers["x-line-signature"])
    assert isinstance(events, list)
    return events[0]


async def test_it_parses_our_webhooks(channel: Channel, bot: Bot, tanaka: User, group: Group) -> None:
    event = parsed(channel, bot)
    assert isinstance(event, webhooks.JoinEvent)
    await tanaka.says("こんにちは")
    event = parsed(channel, bot)
    assert isinstance(event, webhooks.MessageEvent)
    assert isinstance(event.message, webhooks.TextMessageContent)
    assert event.message.text == "こんにちは"
    await tanaka.block()
    await tanaka.unblock()
    event = parsed(channel, bot)
    assert isinstance(event, webhooks.FollowEvent)
    assert event.follow.is_unblocked


async def test_it_refuses_our_bad_signatures(channel: Channel, bot: Bot) -> None:
    await channel.send_bytes(orjson.dumps({"destination": "U", "events": []}), signature="bad")
    last = bot.webhooks[-1]
    assert not webhook.SignatureValidator(channel.secret).validate(last.raw.decode(), last.headers["x-line-signature"])


async def test_it_replies_pushes_and_multicasts(
    channel: Channel, bot: Bot, sdk: messaging.AsyncMessagingApi, tanaka: User
) -> None:
    token = parsed(channel, bot).reply_token
    words = messaging.TextMessage(text="ようこそ")
    replied = await sdk.reply_message(messaging.ReplyMessageRequest(reply_token=token, messages=[words]))
    assert replied.sent_messages[0].quote_token
    button = messaging.PostbackAction(label="はい", data="b=7", display_text="はい")
    template = messaging.ConfirmTemplate(
        text="よい？", actions=[button, messaging.MessageAction(label="いいえ", text="no")]
    )
    message = messaging.TemplateMessage(alt_text="よい？", template=template)
    pushed = await sdk.push_message(messaging.PushMessageRequest(to=tanaka.id, messages=[message]))
    assert pushed.sent_messages[0].id == (await tanaka.seen())[-1].id
    await sdk.multicast(messaging.MulticastRequest(to=[tanaka.id], messages=[words]))
    await tanaka.presses("はい")
    event = parsed(channel, bot)
    assert isinstance(event, webhooks.PostbackEvent)
    assert event.postback.data == "b=7"
    assert [one.how for one in await tanaka.seen()] == ["reply", "push", "multicast"]


async def test_it_sees_409_with_the_first_answer(sdk: messaging.AsyncMessagingApi, tanaka: User) -> None:
    key = str(uuid4())
    request = messaging.PushMessageRequest(to=tanaka.id, messages=[messaging.TextMessage(text="一度だけ")])
    first = await sdk.push_message_with_http_info(request, x_line_retry_key=key)
    with pytest.raises(ApiException) as caught:
        await sdk.push_message(request, x_line_retry_key=key)
    assert caught.value.status == 409
    assert first.headers is not None
    assert caught.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    sent = messaging.PushMessageResponse.parse_raw(caught.value.body)
    assert sent == first.data
    assert await tanaka.texts() == ["一度だけ"]


async def test_it_sees_the_details_of_a_refusal(sdk: messaging.AsyncMessagingApi, tanaka: User) -> None:
    request = messaging.PushMessageRequest(to=tanaka.id, messages=[messaging.TextMessage(text="x" * 5001)])
    with pytest.raises(ApiException) as caught:
        await sdk.push_message(request)
    body = messaging.ErrorResponse.parse_raw(caught.value.body)
    assert caught.value.status == 400
    assert body.details is not None
    assert (body.details[0].var_property, body.details[0].message) == (
        "messages[0].text",
        "Length must be between 0 and 5000",
    )


async def test_it_reads_people_groups_and_quota(
    channel: Channel, sdk: messaging.AsyncMessagingApi, tanaka: User, group: Group
) -> None:
    yamada = await channel.user("山田 太郎")
    assert (await sdk.get_profile(tanaka.id)).display_name == "田中 花子"
    assert (await sdk.get_bot_info()).user_id == channel.bot_user_id
    assert (await sdk.get_group_summary(group.id)).group_name == "管理グループ"
    assert (await sdk.get_group_member_profile(group.id, yamada.id)).display_name == "山田 太郎"
    assert (await sdk.get_group_member_count(group.id)).count == 2
    assert (await sdk.get_message_quota()).type == messaging.QuotaType.NONE
    assert (await sdk.get_message_quota_consumption()).total_usage == 0
    await sdk.show_loading_animation(messaging.ShowLoadingAnimationRequest(chat_id=tanaka.id, loading_seconds=5))
    request = messaging.ValidateMessageRequest(messages=[messaging.TextMessage(text="x")])
    await sdk.validate_push(request)
    await sdk.leave_group(group.id)
    assert not (await group.about())["bot_in"]


async def test_it_fetches_content_from_the_data_host(blobs: messaging.AsyncMessagingApiBlob, tanaka: User) -> None:
    sent = await tanaka.sends("image", content=b"\x89PNG bytes", contentType="image/png")
    assert await blobs.get_message_content(sent.message_id) == b"\x89PNG bytes"

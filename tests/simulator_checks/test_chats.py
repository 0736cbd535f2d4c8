"""Read marks, the loading animation, films seen to their end, linked accounts."""

from typing import Any

import pytest

from tests.simulator.control import Channel, Declined, Group, User
from tests.simulator.linking import LinkTokens
from tests.simulator_checks.bots import Bot, Line, text

MARK, LOADING = "/v2/bot/chat/markAsRead", "/v2/bot/chat/loading/start"


async def marks(channel: Channel, chat_id: str) -> dict[str, str]:
    """Who has read up to which message in a talk."""
    read = (await channel.ask("GET", f"/talks/{chat_id}"))["read"]
    return {reader: str(message_id) for reader, message_id in read.items()}


async def test_it_reads_by_itself_while_chat_is_off(channel: Channel, line: Line, tanaka: User) -> None:
    """with chat OFF all is auto-read [G:mark-as-read]"""
    said = await tanaka.says("読んで")
    assert (await marks(channel, tanaka.id))[channel.bot_user_id] == said.message_id
    info = (await line.get("/v2/bot/info")).body
    assert (info["chatMode"], info["markAsReadMode"]) == ("bot", "auto")


async def test_it_reads_when_told_while_chat_is_on(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """marks everything before it; the token has no expiry [R#mark-as-read, G:mark-as-read]"""
    await channel.change(chat_on=True)
    info = (await line.get("/v2/bot/info")).body
    assert (info["chatMode"], info["markAsReadMode"]) == ("chat", "manual")
    for words in ("一", "二", "三"):
        await tanaka.says(words)
    second = bot.events[-2]["message"]
    assert channel.bot_user_id not in await marks(channel, tanaka.id)
    await channel.advance(days=400)
    answer = await line.post(MARK, {"markAsReadToken": second["markAsReadToken"]})
    assert (answer.status, answer.body) == (200, {})
    assert (await marks(channel, tanaka.id))[channel.bot_user_id] == second["id"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("text", {"text": "文"}),
        ("image", {}),
        ("video", {}),
        ("audio", {}),
        ("file", {}),
        ("location", {"latitude": 35.0, "longitude": 139.0}),
        ("sticker", {"packageId": "1", "stickerId": "1", "stickerResourceType": "STATIC"}),
    ],
)
async def test_it_brings_a_token_with_every_kind_of_message(
    bot: Bot, line: Line, tanaka: User, kind: str, more: dict[str, Any]
) -> None:
    """markAsReadToken in every message type [R#message-event]"""
    await tanaka.sends(kind, **more)
    token = bot.last()["message"]["markAsReadToken"]
    assert (await line.post(MARK, {"markAsReadToken": token})).status == 200


async def test_it_takes_no_token_of_another_bot(
    simulator: Any, channel: Channel, bot: Bot, line: Line, tanaka: User
) -> None:
    """400 `Invalid markAsReadToken...` [R#mark-as-read]"""
    await tanaka.says("こんにちは")
    token = bot.last()["message"]["markAsReadToken"]
    other = await simulator.new_channel()
    for wrong, key in ((token, other.token), (token + "x", None), ("x", None), ("x.1.y", None)):
        answer = await line.post(MARK, {"markAsReadToken": wrong}, token=key)
        assert answer.status == 400
        assert answer.message.startswith("Invalid markAsReadToken")
    assert (await line.post(MARK, {})).status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/bot/message/markAsRead"),
        ("POST", "/bot/pnp/push"),
        ("GET", "/v2/bot/message/delivery/pnp?date=20260101"),
        ("POST", "/shop/v3/mission"),
        ("POST", "/v2/bot/chat/U1/control/acquire"),
        ("POST", "/v2/bot/chat/U1/control/release"),
        ("POST", "/v2/bot/channel/detach"),
        ("GET", "/v2/bot/list"),
    ],
)
async def test_it_keeps_to_companies_what_is_theirs(line: Line, method: str, path: str) -> None:
    """corporate contract: 403 [section 8, P:mark-as-read]"""
    answer = await line.ask(method, path)
    assert (answer.status, answer.message) == (403, "Access to this API is not available for your account")


async def test_it_shows_the_loading_animation_until_the_bot_speaks(channel: Channel, line: Line, tanaka: User) -> None:
    """20 seconds by default; ends on the next bot message [R#display-a-loading-indicator]"""
    assert (await line.post(LOADING, {"chatId": tanaka.id})).status == 202
    assert 19 < (await tanaka.screen())["loading"] <= 20
    await line.push(tanaka.id, text())
    assert (await tanaka.screen())["loading"] == 0
    await line.post(LOADING, {"chatId": tanaka.id, "loadingSeconds": 60})
    await channel.advance(seconds=59)
    assert (await tanaka.screen())["loading"] > 0
    await channel.advance(seconds=1)
    assert (await tanaka.screen())["loading"] == 0


async def test_it_shows_no_loading_animation_in_a_talk_that_is_closed(line: Line, tanaka: User) -> None:
    """shown only while the chat is open [section 8]"""
    await tanaka.closes_talk()
    assert (await line.post(LOADING, {"chatId": tanaka.id})).status == 202
    assert await tanaka.screen() == {"open": False, "loading": 0, "tapped": None}
    await tanaka.opens_talk()
    assert (await tanaka.screen())["loading"] == 0


VIDEO = {
    "type": "video",
    "originalContentUrl": "https://example.com/v.mp4",
    "previewImageUrl": "https://example.com/v.jpg",
    "trackingId": "film-1",
}


async def test_it_tells_of_a_tracked_film_seen_to_its_end(bot: Bot, line: Line, tanaka: User) -> None:
    """once per chat session [R#video-viewing-complete, 5.2]"""
    await line.push(tanaka.id, VIDEO)
    film = (await tanaka.seen())[-1].id
    assert (await tanaka.plays(film, 99)).event is None
    await tanaka.plays(film)
    event = bot.last()
    assert (event["type"], event["videoPlayComplete"]) == ("videoPlayComplete", {"trackingId": "film-1"})
    assert (await line.reply(event["replyToken"], text("ありがとうございます"))).status == 200
    assert (await tanaka.plays(film)).event is None
    await tanaka.closes_talk()
    await tanaka.opens_talk()
    assert (await tanaka.plays(film)).event is not None


async def test_it_tells_of_no_film_without_a_tracking_id(
    channel: Channel, line: Line, tanaka: User, group: Group
) -> None:
    """with trackingId only, in 1:1 only [5.2]"""
    untracked = {key: value for key, value in VIDEO.items() if key != "trackingId"}
    await line.push(tanaka.id, untracked)
    assert (await tanaka.plays((await tanaka.seen())[-1].id)).event is None
    await line.push(group.id, untracked)
    yamada = await channel.user("山田 太郎")
    assert (await yamada.plays((await group.seen())[-1].id, in_group=group)).event is None
    await line.push(tanaka.id, text())
    with pytest.raises(Declined, match="nothing to play"):
        await tanaka.plays((await tanaka.seen())[-1].id)


async def issued(line: Line, user: User) -> str:
    answer = await line.post(f"/v2/bot/user/{user.id}/linkToken")
    assert answer.status == 200
    return str(answer.body["linkToken"])


async def test_it_links_an_account_once_per_token(bot: Bot, line: Line, tanaka: User) -> None:
    """result ok with source and reply token; a token is used once [R#issue-link-token, R#account-link-event]"""
    token = await issued(line, tanaka)
    await tanaka.links_account(token, "n" * 10)
    event = bot.last()
    assert event["link"] == {"result": "ok", "nonce": "n" * 10}
    assert event["source"]["userId"] == tanaka.id
    assert (await line.reply(event["replyToken"], text())).status == 200
    with pytest.raises(Declined):
        await tanaka.links_account(token, "n" * 10)


@pytest.mark.parametrize(("minutes", "good"), [(9.9, True), (10, False)])
async def test_it_keeps_a_link_token_for_ten_minutes(
    channel: Channel, bot: Bot, line: Line, tanaka: User, minutes: float, good: bool
) -> None:
    """10 min; too old: an error for the user and no event [R#issue-link-token, G:linking-accounts]"""
    token = await issued(line, tanaka)
    told = len(bot.events)
    await channel.advance(minutes=minutes)
    if good:
        await tanaka.links_account(token, "nonce-of-the-shop")
        assert len(bot.events) == told + 1
    else:
        with pytest.raises(Declined):
            await tanaka.links_account(token, "nonce-of-the-shop")
        assert len(bot.events) == told


def test_it_forgets_link_tokens_whose_time_is_over() -> None:
    """10 minutes [R#issue-link-token]"""
    tokens = LinkTokens()
    tokens.issue("U1", 0)
    second = tokens.issue("U2", 10 * 60_000)
    assert list(tokens.open) == [second]


@pytest.mark.parametrize(("length", "good"), [(9, False), (10, True), (255, True), (256, False)])
async def test_it_takes_nonces_of_10_to_255_characters(line: Line, tanaka: User, length: int, good: bool) -> None:
    """nonce 10-255 chars [G:linking-accounts]"""
    token = await issued(line, tanaka)
    if good:
        assert (await tanaka.links_account(token, "n" * length)).event is not None
    else:
        with pytest.raises(Declined):
            await tanaka.links_account(token, "n" * length)


async def test_it_fails_to_link_with_somebody_elses_token(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """on failed both source and replyToken are absent [R#account-link-event]"""
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.links_account(await issued(line, tanaka), "nonce-of-the-shop")
    event = bot.last()
    assert event["link"] == {"result": "failed", "nonce": "nonce-of-the-shop"}
    assert not {"source", "replyToken"} & event.keys()
    assert (await line.post(f"/v2/bot/user/{'U' + '0' * 32}/linkToken")).status == 404
    assert (await line.post("/v2/bot/user/nobody/linkToken")).status == 400

"""What a LIFF page asks of LINE: its context, messages in a person's name, sharing, friendship, the code reader."""

import asyncio
from typing import Any

import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, Reply, text
from tests.simulator_checks.logins import browser, payload

Json = dict[str, Any]

ENDPOINT = "https://salon.example.com/app"
PICTURE = {"originalContentUrl": "https://a.example.com/1.png", "previewImageUrl": "https://a.example.com/2.png"}
GRANTS = "user doesn't grant required permissions yet"


def template(action: Json) -> Json:
    inner = {"type": "buttons", "text": "予約", "actions": [action]}
    return {"type": "template", "altText": "予約", "template": inner}


def flex(action: Json) -> Json:
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "button", "action": action}]}
    return {"type": "flex", "altText": "予約", "contents": {"type": "bubble", "body": body}}


LINK = {"type": "uri", "label": "見る", "uri": "https://salon.example.com"}
WORD = {"type": "message", "label": "はい", "text": "はい"}


class Opened:
    """An app as it stands open on somebody's phone."""

    def __init__(self, line: Line, fragment: dict[str, str]) -> None:
        self.line = line
        self.token = fragment["access_token"]
        self.context_token = fragment["context_token"]

    async def send(self, *messages: Json) -> Reply:
        body = {"context_token": self.context_token, "messages": list(messages)}
        return await self.line.post("/liff/v2/messages", body, token=self.token)

    async def context(self, app: control.LiffApp) -> Json:
        path = f"/liff/v2/apps/{app.id}/context?context_token={self.context_token}"
        answer: Json = (await self.line.get(path, token=self.token)).body
        return answer

    async def post(self, path: str, body: Json | None = None) -> Reply:
        return await self.line.post(f"/liff/v2{path}", body or {}, token=self.token)


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel()


@pytest.fixture
async def app(login: control.LoginChannel) -> control.LiffApp:
    return await login.liff_app(endpoint=ENDPOINT)


async def opened(app: control.LiffApp, line: Line, user: control.User, **where: Any) -> Opened:
    """The app on this person's phone; everything is agreed to, unless something was decided before."""
    async with browser(app.login.base_url) as visitor:
        page = await visitor.get(await app.opened_by(user, **where))
        if not page.to:
            page = await visitor.press("agree", "chat_message.write")
        return Opened(line, page.fragment)


async def heard(bot: Bot, number: int) -> list[Json]:
    """The messages the bot was told of, once there are so many."""
    for _ in range(200):
        found = [event["message"] for event in bot.events if event["type"] == "message"]
        if len(found) >= number:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(bot.events)} events only")


# --- context ------------------------------------------------------------------------------------------------


async def test_the_context_tells_where_the_app_was_opened(
    app: control.LiffApp, channel: control.Channel, line: Line, tanaka: control.User
) -> None:
    """[LR#get-context]: utou, group, room, none; no id of a chat since 2023-02-06."""
    group = await channel.group("家族", [tanaka])
    for where, kind in (({}, "utou"), ({"in_group": group}, "group"), ({"outside_chat": True}, "none")):
        context = (await (await opened(app, line, tanaka, **where)).context(app))["context"]
        assert context["type"] == kind
        assert (context["userId"], context["liffId"], context["viewType"]) == (tanaka.id, app.id, "full")
        assert (context["endpointUrl"], context["permanentLinkPattern"]) == (ENDPOINT, "concat")
        assert context["scope"] == ["chat_message.write", "openid", "profile"]
        assert not {"utouId", "groupId", "roomId"} & set(context)
        assert group.id not in str(context)


async def test_without_a_login_the_context_is_an_external_browser(app: control.LiffApp, line: Line) -> None:
    async with line.session.get(f"{app.login.base_url}/liff/v2/apps/{app.id}/context") as answer:
        context = (await answer.json())["context"]
    assert context["type"] == "external"
    assert not {"userId", "viewType", "accessTokenHash"} & set(context)


async def test_a_context_is_believed_of_its_own_app_and_person_only(
    app: control.LiffApp, login: control.LoginChannel, line: Line, tanaka: control.User, channel: control.Channel
) -> None:
    mine = await opened(app, line, tanaka)
    other = await login.liff_app(endpoint="https://other.example.com")
    elsewhere = (await opened(other, line, tanaka)).context_token
    theirs = (await opened(app, line, await channel.user("鈴木 一郎"))).context_token
    for foreign in (elsewhere, theirs, mine.context_token[:-3] + "xyz", ""):
        page = Opened(line, {"access_token": mine.token, "context_token": foreign})
        assert (await page.context(app))["context"]["type"] == "external"
        assert (await page.send(text())).status == 403
    assert (await mine.send(text())).status == 200


async def test_in_line_the_sdk_logs_in_by_itself_as_whoever_opened_the_app(
    app: control.LiffApp, login: control.LoginChannel, line: Line, tanaka: control.User
) -> None:
    mine = await opened(app, line, tanaka)
    path = f"/apps/{app.id}/login"
    answer = await mine.post(path, {"context_token": mine.context_token})
    assert answer.status == 200
    fresh = Opened(line, answer.body | {"context_token": mine.context_token})
    assert (await fresh.context(app))["context"]["userId"] == tanaka.id
    assert payload(answer.body["id_token"])["sub"] == tanaka.id
    other = await login.liff_app(endpoint="https://other.example.com")
    elsewhere = (await opened(other, line, tanaka)).context_token
    for foreign in (elsewhere, mine.context_token[:-3] + "xyz", "", None):
        assert (await mine.post(path, {"context_token": foreign})).status == 401
    await login.forgets(tanaka)
    assert (await mine.post(path, {"context_token": mine.context_token})).status == 401


# --- messages -----------------------------------------------------------------------------------------------


async def test_messages_appear_in_the_talk_and_the_bot_is_told(
    app: control.LiffApp, line: Line, tanaka: control.User, bot: Bot
) -> None:
    """[LR#send-messages]: media as contentProvider external, a sticker and a place as they are."""
    page = await opened(app, line, tanaka)
    place = {"type": "location", "title": "店", "address": "東京都", "latitude": 35.6, "longitude": 139.7}
    sent = await page.send(
        text("予約しました"),
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        {"type": "image", **PICTURE},
        {"type": "audio", "originalContentUrl": "https://a.example.com/1.m4a", "duration": 3000},
        place,
    )
    assert sent.status == 200
    said = await heard(bot, 5)
    assert [one["type"] for one in said] == ["text", "sticker", "image", "audio", "location"]
    assert said[0]["text"] == "予約しました"
    assert said[2]["contentProvider"] == {"type": "external", **PICTURE}
    assert said[3]["contentProvider"]["type"] == "external"
    assert said[3]["duration"] == 3000
    assert said[4]["title"] == "店"
    assert [entry["message"]["type"] for entry in await tanaka.talk()][-5:] == [one["type"] for one in said]
    assert (await line.get(f"/data/v2/bot/message/{said[2]['id']}/content")).status == 404


async def test_template_and_flex_appear_and_the_bot_hears_nothing(
    app: control.LiffApp, line: Line, tanaka: control.User, bot: Bot
) -> None:
    """[LR#send-messages]: no webhook for these two."""
    page = await opened(app, line, tanaka)
    assert (await page.send(template(LINK), flex(LINK), text("以上"))).status == 200
    assert [one["type"] for one in await heard(bot, 1)] == ["text"]
    assert [entry["message"]["type"] for entry in await tanaka.talk()][-3:] == ["template", "flex", "text"]


async def test_five_messages_are_sent_and_six_are_not(
    app: control.LiffApp, line: Line, tanaka: control.User, bot: Bot
) -> None:
    """[LR#send-messages]: max 5."""
    page = await opened(app, line, tanaka)
    assert (await page.send(*[text(str(n)) for n in range(5)])).status == 200
    assert (await page.send(*[text(str(n)) for n in range(6)])).status == 400
    assert (await page.send()).status == 400
    assert len(await heard(bot, 5)) == 5


@pytest.mark.parametrize(
    "message",
    [
        template(WORD),
        flex(WORD),
        {**text("$"), "emojis": [{"index": 0, "productId": "p", "emojiId": "1"}]},
        {**text(), "quoteToken": "q"},
        {"type": "sticker", "packageId": "446", "stickerId": "1988", "quoteToken": "q"},
        {"type": "video", **PICTURE, "trackingId": "t"},
        {"type": "textV2", "text": "こんにちは"},
        {"type": "imagemap", "baseUrl": "https://a.example.com/m", "altText": "地図",
         "baseSize": {"width": 1040, "height": 1040}, "actions": []},
        text("あ" * 5001),
        {"type": "nothing"},
    ],
)  # fmt: skip
async def test_it_sends_nothing_that_liff_does_not_allow(
    app: control.LiffApp, line: Line, tanaka: control.User, message: Json
) -> None:
    """[LR#send-messages]: the kinds, the properties that are not available, URI actions only."""
    page = await opened(app, line, tanaka)
    assert (await page.send(message)).status == 400
    assert (await page.send(text(), message)).status == 400
    assert await tanaka.talk() == []


async def test_messages_need_a_chat_and_the_permission(
    app: control.LiffApp, login: control.LoginChannel, line: Line, tanaka: control.User, channel: control.Channel
) -> None:
    """[LR#send-messages]: else 403, with LINE's words."""
    outside = await opened(app, line, tanaka, outside_chat=True)
    refused = await outside.send(text())
    assert (refused.status, refused.message) == (403, GRANTS)
    page = await opened(app, line, tanaka)
    await login.consents(tanaka, granted=["openid", "profile"])
    assert (await page.send(text())).message == GRANTS
    await login.consents(tanaka)
    await app.change(scopes=["openid", "profile"])
    assert (await page.send(text())).message == GRANTS
    await app.change(scopes=["openid", "profile", "chat_message.write"])
    assert (await page.send(text())).status == 200
    await tanaka.block()
    assert (await page.send(text())).message == GRANTS


async def test_messages_go_into_the_group_the_app_was_opened_from(
    app: control.LiffApp, line: Line, channel: control.Channel, tanaka: control.User, bot: Bot
) -> None:
    group = await channel.group("家族", [tanaka])
    page = await opened(app, line, tanaka, in_group=group)
    assert (await page.send(text("だれかいますか"))).status == 200
    await group.invite_bot()
    assert (await page.send(text("どうぞ"))).status == 200
    assert [one["text"] for one in await heard(bot, 1)] == ["どうぞ"]
    assert bot.last()["source"] == {"type": "group", "groupId": group.id, "userId": tanaka.id}
    await group.leaves(tanaka)
    assert (await page.send(text())).status == 403


async def test_a_dead_token_sends_nothing(
    app: control.LiffApp, login: control.LoginChannel, line: Line, tanaka: control.User
) -> None:
    """A web login's token is none of a LIFF app."""
    page = await opened(app, line, tanaka)
    web = (await login.tokens(tanaka))["access_token"]
    good, page.token = page.token, web
    assert (await page.send(text())).status == 401
    page.token = good
    await login.forgets(tanaka)
    assert (await page.send(text())).status == 401


# --- sharing, friendship, the code reader -------------------------------------------------------------------


async def test_sharing_reaches_the_groups_and_is_put_down(
    app: control.LiffApp, login: control.LoginChannel, line: Line, channel: control.Channel, tanaka: control.User
) -> None:
    """[LR#share-target-picker]: only where the console's switch is on; no stickers."""
    suzuki = await channel.user("鈴木 一郎")
    group = await channel.group("家族", [tanaka, suzuki])
    foreign = await channel.group("管理グループ", [suzuki])
    page = await opened(app, line, tanaka)
    body = {"to": [group.id, suzuki.id], "messages": [text("どうぞ")]}
    assert (await page.post("/share", body)).status == 403
    await app.change(share=True)
    offered = (await line.get("/liff/v2/share/targets", token=page.token)).body["targets"]
    assert offered == [
        {"id": group.id, "name": "家族", "kind": "group"},
        {"id": suzuki.id, "name": "鈴木 一郎", "kind": "friend"},
    ]
    assert (await page.post("/share", body)).status == 200
    assert [entry["message"]["text"] for entry in await group.talk()] == ["どうぞ"]
    assert await login.shares() == [{"user": tanaka.id, **body}]
    sticker = {"type": "sticker", "packageId": "446", "stickerId": "1988"}
    assert (await page.post("/share", {"to": [group.id], "messages": [sticker]})).status == 400
    assert (await page.post("/share", {"to": ["nobody"], "messages": [text()]})).status == 400
    await page.post("/share", {"to": [foreign.id], "messages": [text()]})
    assert await foreign.talk() == []


async def test_sharing_tells_the_bot_in_every_group_it_is_in(
    app: control.LiffApp, line: Line, channel: control.Channel, tanaka: control.User, bot: Bot
) -> None:
    groups = [await channel.group(name, [tanaka]) for name in ("家族", "管理グループ")]
    for group in groups:
        await group.invite_bot()
    page = await opened(app, line, tanaka)
    await app.change(share=True)
    assert (await page.post("/share", {"to": [one.id for one in groups], "messages": [text("どうぞ")]})).status == 200
    await heard(bot, 2)
    sources = [event["source"] for event in bot.events if event["type"] == "message"]
    assert [source["groupId"] for source in sources] == [one.id for one in groups]


async def test_friendship_is_asked_for_in_a_full_window_of_a_linked_account(
    app: control.LiffApp, login: control.LoginChannel, line: Line, channel: control.Channel
) -> None:
    """[LR#request-friendship]: else FORBIDDEN."""
    suzuki = await channel.user("鈴木 一郎")
    page = await opened(app, line, suzuki)
    await app.change(size="tall")
    assert (await page.post("/friendship")).status == 403
    await app.change(size="full")
    await login.change(linked=False)
    assert (await page.post("/friendship")).status == 403
    await login.change(linked=True)
    for _ in range(2):
        assert (await page.post("/friendship")).status == 200
        assert (await suzuki.about())["state"] == "friend"


async def test_a_code_is_read_only_where_the_knob_says_what_is_on_it(
    app: control.LiffApp, line: Line, tanaka: control.User
) -> None:
    """[LR#scan-code-v2]: the console's Scan QR."""
    page = await opened(app, line, tanaka)
    assert (await page.post("/scan")).status == 403
    await app.change(scans="https://salon.example.com/c/1")
    assert (await page.post("/scan")).status == 403
    await app.change(qr_code=True)
    assert (await page.post("/scan")).body == {"value": "https://salon.example.com/c/1"}
    availability = (await page.context(app))["context"]["availability"]
    assert availability["scanCodeV2"]["permission"] is True


async def test_faults_reach_logins_too(
    app: control.LiffApp, login: control.LoginChannel, channel: control.Channel, line: Line, tanaka: control.User
) -> None:
    token = (await login.tokens(tanaka, app=app))["access_token"]
    await channel.fault("error_before", "login_profile", status=503)
    assert (await line.get("/v2/profile", token=token)).status == 503
    assert (await line.get("/v2/profile", token=token)).status == 200
    assert [call["status"] for call in await channel.calls("login_profile")] == [503, 200]

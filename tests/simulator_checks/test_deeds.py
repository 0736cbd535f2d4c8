"""People press, follow and block as a real phone lets them, and what their phones show is remembered."""

import asyncio

import pytest

from tests.simulator.control import Channel, Declined, Group, User
from tests.simulator.watchers import QUEUED, RESYNC, Watchers
from tests.simulator_checks.bots import Bot, Json, Line, text

CONFIRM: Json = {
    "type": "template",
    "altText": "よろしいですか",
    "template": {
        "type": "confirm",
        "text": "よろしいですか",
        "actions": [
            {"type": "postback", "label": "はい", "data": "b=1", "displayText": "はい！"},
            {"type": "message", "label": "いいえ", "text": "やめます"},
        ],
    },
}


async def test_it_presses_a_postback_and_shows_its_words(bot: Bot, line: Line, tanaka: User) -> None:
    """data goes to the bot, displayText to the talk only [R#postback-event, #postback-action]"""
    await line.push(tanaka.id, CONFIRM)
    await tanaka.presses("はい")
    event = bot.last()
    assert (event["type"], event["postback"]) == ("postback", {"data": "b=1"})
    assert event["source"] == {"type": "user", "userId": tanaka.id}
    assert event["replyToken"]
    shown = (await tanaka.talk())[-1]
    assert (shown["kind"], shown["message"]["text"], shown["only_shown"]) == ("person", "はい！", True)
    assert (await line.reply(event["replyToken"], text())).status == 200


async def test_it_says_the_text_of_a_message_action(bot: Bot, line: Line, tanaka: User) -> None:
    await line.push(tanaka.id, CONFIRM)
    await tanaka.presses("いいえ")
    assert bot.last()["message"]["text"] == "やめます"


async def test_it_lets_any_member_press_in_a_group(bot: Bot, channel: Channel, line: Line, group: Group) -> None:
    sato = await channel.user("佐藤 美咲")
    await line.push(group.id, CONFIRM)
    await sato.presses("はい", in_group=group)
    assert bot.last()["source"] == {"type": "group", "groupId": group.id, "userId": sato.id}


async def test_it_records_where_a_link_leads(bot: Bot, line: Line, tanaka: User) -> None:
    """a uri action makes no webhook"""
    link = {"type": "uri", "label": "開く", "uri": "https://example.com/l/1"}
    image = {"type": "image", "url": "https://example.com/a.png", "action": link}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [image]}}
    await line.push(tanaka.id, {"type": "flex", "altText": "x", "contents": bubble})
    before = len(bot.webhooks)
    done = await tanaka.presses("開く")
    assert done.answer["uri"] == "https://example.com/l/1"
    assert done.answer["pointer"] == "/contents/body/contents/0/action"
    assert (await tanaka.about())["opened"] == ["https://example.com/l/1"]
    assert len(bot.webhooks) == before


@pytest.mark.parametrize(
    ("mode", "value", "params"),
    [
        ("date", "2026-12-24", {"date": "2026-12-24"}),
        ("time", "18:30", {"time": "18:30"}),
        ("datetime", "2026-12-24T18:30", {"datetime": "2026-12-24T18:30"}),
    ],
)
async def test_it_picks_a_date(bot: Bot, line: Line, tanaka: User, mode: str, value: str, params: Json) -> None:
    """exactly one of date, time, datetime [R#postback-event]"""
    action = {"type": "datetimepicker", "label": "選ぶ", "data": "when", "mode": mode}
    await line.push(tanaka.id, {**text(), "quickReply": {"items": [{"type": "action", "action": action}]}})
    await tanaka.presses("選ぶ", value=value)
    assert bot.last()["postback"] == {"data": "when", "params": params}


async def test_it_picks_no_date_outside_the_picker(bot: Bot, line: Line, tanaka: User) -> None:
    action = {
        "type": "datetimepicker",
        "label": "選ぶ",
        "data": "d",
        "mode": "date",
        "min": "2026-12-01",
        "max": "2026-12-31",
    }
    await line.push(tanaka.id, {**text(), "quickReply": {"items": [{"type": "action", "action": action}]}})
    for value in ("2026-11-30", "2027-01-01", "12月1日", "2026-12-32"):
        with pytest.raises(Declined):
            await tanaka.presses("選ぶ", value=value)
    await tanaka.presses("選ぶ", value="2026-12-31")
    assert bot.last()["postback"]["params"] == {"date": "2026-12-31"}


async def test_it_shows_quick_replies_of_the_last_message_only(line: Line, tanaka: User) -> None:
    """they vanish on any new message in the room [G:using-quick-reply]"""
    item = {"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}}
    quick = {**text("質問"), "quickReply": {"items": [item]}}
    await line.push(tanaka.id, quick)
    assert [one["action"]["label"] for one in await tanaka.buttons()] == ["はい"]
    await line.push(tanaka.id, quick, text("次"))
    with pytest.raises(Declined, match="no such button"):
        await tanaka.presses("はい")
    await line.push(tanaka.id, quick)
    await tanaka.presses("はい")
    assert await tanaka.buttons() == []


async def test_it_presses_the_newest_of_equal_buttons_unless_told_which(bot: Bot, line: Line, tanaka: User) -> None:
    first = await line.push(tanaka.id, CONFIRM)
    second = await line.push(tanaka.id, CONFIRM)
    newest, older = (answer.body["sentMessages"][0]["id"] for answer in (second, first))
    assert (await tanaka.presses("はい")).answer["message_id"] == newest
    done = await tanaka.presses(message_id=older, pointer="/template/actions/0")
    assert (done.answer["message_id"], done.answer["action"]) == (older, "postback")


async def test_it_does_nothing_a_phone_would_not_let_people_do(channel: Channel, tanaka: User, group: Group) -> None:
    suzuki = await channel.user("鈴木 一郎")
    for deed in (
        tanaka.follow(),
        tanaka.unblock(),
        suzuki.block(),
        group.invite_bot(),
        group.joins(await channel.user("山田 太郎")),
    ):
        with pytest.raises(Declined):
            await deed
    with pytest.raises(Declined, match="not in 管理グループ"):
        await suzuki.says("入れて", in_group=group)
    await tanaka.block()
    with pytest.raises(Declined, match="blocked"):
        await tanaka.says("もしもし")
    theirs = await (await channel.user("山田 太郎")).says("私の", in_group=group)
    with pytest.raises(Declined, match="no message"):
        await (await channel.user("佐藤 美咲")).unsends(theirs.message_id, in_group=group)


async def test_it_remembers_what_each_phone_has_seen(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    await line.reply(bot.last()["replyToken"], text("返事"))
    key = "123e4567-e89b-12d3-a456-426614174000"
    pushed = await line.push(tanaka.id, text("一"), text("二"), key=key)
    await line.multicast([tanaka.id, suzuki.id], text("皆へ"))
    assert await tanaka.texts() == ["一", "二", "皆へ"]
    assert [(one.text, one.how) for one in await suzuki.seen()] == [("返事", "reply"), ("皆へ", "multicast")]
    first = (await tanaka.seen())[0]
    assert first.request_id == pushed.headers["x-line-request-id"]
    assert first.id == pushed.body["sentMessages"][0]["id"]
    assert first.retry_key == key
    rows = [(one.chat, one.text, one.index) for one in await channel.deliveries()]
    assert rows == [
        (suzuki.id, "返事", 0),
        (tanaka.id, "一", 0),
        (tanaka.id, "二", 1),
        (tanaka.id, "皆へ", 0),
        (suzuki.id, "皆へ", 0),
    ]


async def test_it_remembers_every_call_but_no_token(channel: Channel, line: Line, tanaka: User) -> None:
    await line.push(tanaka.id, text())
    await line.get("/v2/bot/info")
    made = await channel.calls()
    assert [(one["number"], one["endpoint"], one["status"]) for one in made] == [(1, "push", 200), (2, "info", 200)]
    assert channel.token not in str(made)
    assert [one["endpoint"] for one in await channel.calls("info")] == ["info"]


async def test_it_waits_for_a_bubble_to_come(line: Line, tanaka: User) -> None:
    waiting = asyncio.create_task(tanaka.sees("ようこそ"))
    await line.push(tanaka.id, text("別の"))
    await line.push(tanaka.id, text("ようこそ、歩みへ"))
    assert (await waiting).text == "ようこそ、歩みへ"
    assert len(await tanaka.sees_count(2)) == 2
    with pytest.raises(AssertionError, match="not seen within"):
        await tanaka.sees("来ない", seconds=0.05)


def test_it_sends_a_watcher_that_is_too_slow_back_to_the_start() -> None:
    watchers = Watchers()
    slow, quick = watchers.watch(), watchers.watch()
    for number in range(QUEUED + 1):
        watchers.tell("clock", {"number": number})
        quick.get_nowait()
    frames = [slow.get_nowait() for _ in range(QUEUED)]
    assert frames[-1] == RESYNC
    assert slow.empty()
    watchers.tell("clock", {})
    assert slow.empty()
    assert not quick.empty()


async def test_it_streams_what_happens(channel: Channel, line: Line) -> None:
    """message, friend, group, clock, usage, webhook, call: what a live page needs"""
    names: list[str] = []
    async with channel.events() as events:
        assert await anext(events) == ("hello", {})
        tanaka = await channel.user("田中 花子")
        await tanaka.follow()
        await line.push(tanaka.id, text("やあ"))
        group = await channel.group("管理グループ", [tanaka])
        await group.invite_bot()
        await channel.advance(days=1)
        seen: dict[str, Json] = {}
        while "clock" not in names:
            name, data = await asyncio.wait_for(anext(events), 5)
            names.append(name)
            seen.setdefault(name, data)
    assert names == ["friend", "webhook", "usage", "message", "call", "group", "webhook", "clock"]
    assert seen["friend"]["state"] == "friend"
    assert seen["message"]["messages"] == [text("やあ")]
    assert seen["usage"] == {"used": 1, "limit": None}
    assert seen["group"]["bot_in"]
    assert not seen["clock"]["driving"]

"""Every kind of action, pressed: what the bot hears of it, what the phone keeps."""

import pytest

from tests.simulator.control import Channel, Declined, Group, User
from tests.simulator_checks import specimens as made
from tests.simulator_checks.bots import Bot, Json, Line, text

STAYING: list[Json] = [
    {"type": "camera", "label": "撮る"},
    {"type": "cameraRoll", "label": "選ぶ"},
    {"type": "location", "label": "場所"},
]


async def labels(user: User) -> list[str]:
    return [str(one["action"].get("label")) for one in await user.buttons()]


async def test_it_presses_the_areas_of_an_imagemap(bot: Bot, line: Line, tanaka: User) -> None:
    """uri opens, message is said, clipboard is copied [R#imagemap-action-objects]"""
    areas = [
        made.tap(label="行く", text="行きます"),
        {"type": "uri", "label": "開く", "linkUri": "https://example.com/map", "area": made.AREA},
        {"type": "clipboard", "label": "写す", "clipboardText": "SPRING", "area": made.AREA},
    ]
    await line.push(tanaka.id, made.imagemap(*areas))
    await tanaka.presses("行く")
    assert bot.last()["message"]["text"] == "行きます"
    heard = len(bot.events)
    assert (await tanaka.presses("開く")).answer["uri"] == "https://example.com/map"
    assert (await tanaka.presses("写す")).answer["clipboard"] == "SPRING"
    assert (await tanaka.about())["opened"] == ["https://example.com/map", "SPRING"]
    assert len(bot.events) == heard


async def test_it_says_the_older_text_of_a_postback_as_a_message_too(bot: Bot, line: Line, tanaka: User) -> None:
    """text is shown and returned through a webhook, unlike displayText [R#postback-action]"""
    await line.push(tanaka.id, made.pressed(made.postback(text="予約します", data="reserve")))
    await tanaka.presses("はい")
    said, posted = bot.events[-2:]
    assert (said["type"], said["message"]["text"]) == ("message", "予約します")
    assert (posted["type"], posted["postback"]) == ("postback", {"data": "reserve"})
    assert [entry["only_shown"] for entry in await tanaka.talk() if entry["kind"] == "person"] == [False]


async def test_it_tells_what_becomes_of_the_keyboard(line: Line, tanaka: User) -> None:
    """inputOption and fillInText concern the phone only [R#postback-action]"""
    await line.push(tanaka.id, made.pressed(made.postback(inputOption="openKeyboard", fillInText="名前: ")))
    done = await tanaka.presses("はい")
    assert (done.answer["input"], done.answer["fill_in"]) == ("openKeyboard", "名前: ")


@pytest.mark.parametrize(
    "action", [made.uri("はい"), made.postback(), {"type": "clipboard", "label": "はい", "clipboardText": "x"}]
)
async def test_it_takes_quick_replies_away_once_one_is_tapped(line: Line, tanaka: User, action: Json) -> None:
    """[G:using-quick-reply]"""
    await line.push(tanaka.id, made.quick_reply(action))
    assert await labels(tanaka) == ["はい"]
    await tanaka.presses("はい")
    assert await labels(tanaka) == []


async def test_it_leaves_the_camera_until_something_is_sent(bot: Bot, line: Line, tanaka: User) -> None:
    """camera, camera roll and location remain until the expected data is sent [G:using-quick-reply]"""
    await line.push(tanaka.id, made.quick_reply(*STAYING))
    for label in ("撮る", "選ぶ", "場所"):
        heard = len(bot.events)
        assert (await tanaka.presses(label)).event is None
        assert len(bot.events) == heard
    assert await labels(tanaka) == ["撮る", "選ぶ", "場所"]
    await tanaka.sends("image")
    assert await labels(tanaka) == []


async def test_it_leaves_a_picker_until_something_is_picked(bot: Bot, line: Line, tanaka: User) -> None:
    await line.push(tanaka.id, made.quick_reply(made.picker(mode="date")))
    with pytest.raises(Declined):
        await tanaka.presses("日時")
    assert await labels(tanaka) == ["日時"]
    await tanaka.presses("日時", value="2026-12-24")
    assert await labels(tanaka) == []


async def test_it_shows_quick_replies_again_when_the_next_message_is_taken_back(line: Line, tanaka: User) -> None:
    """[G:using-quick-reply]"""
    await line.push(tanaka.id, made.quick(1))
    said = await tanaka.says("あ")
    assert await labels(tanaka) == []
    await tanaka.unsends(said.message_id)
    assert await labels(tanaka) == ["はい"]


async def test_it_leaves_quick_replies_of_a_group_to_the_others(
    bot: Bot, channel: Channel, line: Line, group: Group
) -> None:
    await line.push(group.id, made.quick_reply(made.postback()))
    for name in ("山田 太郎", "佐藤 美咲"):
        member = await channel.user(name)
        await member.presses("はい", in_group=group)
        assert bot.last()["source"]["userId"] == member.id


async def test_it_presses_a_whole_card_and_a_whole_bubble(bot: Bot, line: Line, tanaka: User) -> None:
    await line.push(tanaka.id, made.buttons(defaultAction=made.postback(data="card")))
    await tanaka.presses(pointer="/template/defaultAction")
    assert bot.last()["postback"] == {"data": "card"}
    await line.push(tanaka.id, made.flex(made.bubble(action=made.postback(data="bubble"))), text())
    await tanaka.presses(pointer="/contents/action")
    assert bot.last()["postback"] == {"data": "bubble"}

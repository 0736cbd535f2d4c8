"""Rich menus under the thumb: the bar, areas of each kind of action, tabs and how a switch can fail."""

from typing import Any

import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Json, Line, text

DATES = {"type": "datetimepicker", "label": "日にち", "data": "day", "mode": "date", "initial": "2026-12-01"}


async def shows(line: Line, person: User, *actions: Json, **changes: Any) -> str:
    """Make a menu with these areas and link it to the person; its id."""
    menu_id = await menus.made(line, *actions, **changes)
    await menus.link(line, person.id, menu_id)
    return menu_id


async def is_open(person: User) -> bool:
    menu = await person.menu()
    assert menu is not None
    return menu.open


@pytest.mark.parametrize("selected", [True, False])
async def test_it_opens_as_the_menu_says_and_by_its_bar(line: Line, tanaka: User, selected: bool) -> None:
    """selected: displayed by default [R#rich-menu-object]; the chat bar opens and closes [G:rich-menus-overview]"""
    await shows(line, tanaka, menus.postback("予約", "b=1"), selected=selected)
    assert await is_open(tanaka) == selected
    assert (await tanaka.taps_bar()).open != selected
    assert await is_open(tanaka) != selected
    menu = await tanaka.reopens_talk()
    assert menu is not None
    assert (menu.open, menu.bar, menu.labels) == (selected, "メニュー", ["予約"])


async def test_it_takes_no_taps_where_there_is_nothing(channel: Channel, line: Line, tanaka: User) -> None:
    with pytest.raises(Declined, match="has no rich menu"):
        await tanaka.taps("予約")
    with pytest.raises(Declined, match="has no rich menu"):
        await tanaka.taps_bar()
    await shows(line, tanaka, menus.postback("予約", "b=1"))
    with pytest.raises(Declined, match="no area is called 取消; there are: \\['予約'\\]"):
        await tanaka.taps("取消")
    with pytest.raises(Declined, match="has 1 areas"):
        await tanaka.taps(1)
    await tanaka.taps_bar()
    with pytest.raises(Declined, match="is closed"):
        await tanaka.taps("予約")
    await tanaka.block()
    for deed in (tanaka.menu, tanaka.taps_bar, tanaka.reopens_talk):
        with pytest.raises(Declined, match="has blocked the bot"):
            await deed()


async def test_it_sends_what_a_tap_means(bot: Bot, line: Line, tanaka: User) -> None:
    """postback with displayText, message, picker, address, clipboard [R#action-objects]"""
    actions = [
        menus.postback("予約", "b=1", displayText="予約したい"),
        {"type": "message", "label": "値段", "text": "値段は？"},
        DATES,
        {"type": "uri", "label": "地図", "uri": "https://example.com/map"},
        {"type": "clipboard", "label": "番号", "clipboardText": "A-1"},
    ]
    await shows(line, tanaka, *actions)
    await tanaka.taps("予約")
    event = bot.last()
    assert (event["type"], event["postback"]) == ("postback", {"data": "b=1"})
    assert event["source"] == {"type": "user", "userId": tanaka.id}
    assert (await line.reply(event["replyToken"], text("どうぞ"))).status == 200
    await tanaka.taps(1)
    assert bot.last()["message"]["text"] == "値段は？"
    await tanaka.taps("日にち", value="2026-12-24")
    assert bot.last()["postback"] == {"data": "day", "params": {"date": "2026-12-24"}}
    told = len(bot.events)
    assert (await tanaka.taps("地図")).answer["uri"] == "https://example.com/map"
    assert (await tanaka.taps(4)).answer["clipboard"] == "A-1"
    assert len(bot.events) == told
    assert (await tanaka.about())["opened"] == ["https://example.com/map", "A-1"]
    said = [entry["message"]["text"] for entry in await tanaka.talk() if entry["kind"] == "person"]
    assert said == ["予約したい", "値段は？"]


@pytest.mark.parametrize(
    ("option", "opened"), [("closeRichMenu", False), ("openKeyboard", False), ("openVoice", False), (None, True)]
)
async def test_it_obeys_the_input_option_of_an_area(line: Line, tanaka: User, option: str | None, opened: bool) -> None:
    """[R#postback-action]"""
    more = {} if option is None else {"inputOption": option}
    await shows(line, tanaka, menus.postback("閉じる", "x", **more))
    await tanaka.taps("閉じる")
    assert await is_open(tanaka) == opened


async def test_it_opens_the_menu_from_a_bubble(line: Line, tanaka: User) -> None:
    """inputOption openRichMenu of a button [R#postback-action]"""
    await shows(line, tanaka, menus.postback("予約", "b"), selected=False)
    assert not await is_open(tanaka)
    actions = [menus.postback("メニューを開く", "open", inputOption="openRichMenu")]
    template = {"type": "buttons", "text": "どうぞ", "actions": actions}
    await line.push(tanaka.id, {"type": "template", "altText": "どうぞ", "template": template})
    await tanaka.presses("メニューを開く")
    assert await is_open(tanaka)


# --- tabs


@pytest.fixture
async def tabs(line: Line, tanaka: User) -> list[str]:
    """Two menus that lead to each other; the first is the default."""
    one = await menus.made(line, menus.switch("Bへ", "tab-b"), menus.postback("A", "a"))
    two = await menus.made(line, menus.switch("Aへ", "tab-a"), menus.postback("B", "b"), selected=False)
    await menus.set_default(line, one)
    await menus.named(line, "tab-a", one)
    await menus.named(line, "tab-b", two)
    return [one, two]


async def test_it_switches_tabs_and_tells_the_bot(bot: Bot, line: Line, tanaka: User, tabs: list[str]) -> None:
    """the person's own menu is set, the menu stays open [R#richmenu-switch-action, G:switch-rich-menus]"""
    for label, alias, menu_id in [("Bへ", "tab-b", tabs[1]), ("Aへ", "tab-a", tabs[0])]:
        await tanaka.taps(label)
        event = bot.last()
        assert event["postback"] == {
            "data": f"to={alias}",
            "params": {"newRichMenuAliasId": alias, "status": "SUCCESS"},
        }
        assert event["replyToken"]
        menu = await tanaka.menu()
        assert menu is not None
        assert (menu.id, menu.open, menu.source) == (menu_id, True, "user")
        assert await menus.linked(line, tanaka.id) == menu_id
    assert await tanaka.texts() == []
    await line.ask("DELETE", "/v2/bot/user/all/richmenu")
    menu = await tanaka.reopens_talk()
    assert menu is not None
    assert menu.id == tabs[0]


async def failed(bot: Bot, person: User, status: str) -> None:
    """A tap on Bへ that leaves the menu as it is; newRichMenuAliasId is absent."""
    before = await person.menu()
    await person.taps("Bへ")
    assert bot.last()["postback"] == {"data": "to=tab-b", "params": {"status": status}}
    assert await person.menu() == before


async def test_it_tells_when_an_alias_is_not_there(bot: Bot, line: Line, tanaka: User, tabs: list[str]) -> None:
    """RICHMENU_ALIAS_ID_NOTFOUND [R#postback-event]"""
    await line.ask("DELETE", "/v2/bot/richmenu/alias/tab-b")
    await failed(bot, tanaka, "RICHMENU_ALIAS_ID_NOTFOUND")


async def test_it_tells_when_the_menu_behind_an_alias_is_deleted(
    bot: Bot, line: Line, tanaka: User, tabs: list[str]
) -> None:
    """RICHMENU_NOTFOUND [R#postback-event]"""
    await menus.delete(line, tabs[1])
    await failed(bot, tanaka, "RICHMENU_NOTFOUND")


async def test_it_tells_when_a_switch_fails(channel: Channel, bot: Bot, tanaka: User, tabs: list[str]) -> None:
    """FAILED [R#postback-event]; once, then it works"""
    await channel.change(menu_switches_fail=1)
    await failed(bot, tanaka, "FAILED")
    await tanaka.taps("Bへ")
    assert bot.last()["postback"]["params"]["status"] == "SUCCESS"


async def test_it_switches_nothing_for_who_is_no_friend(
    channel: Channel, bot: Bot, line: Line, tabs: list[str]
) -> None:
    """no menu of one's own without being a friend [R#link-rich-menu-to-user]; that it says FAILED is ours [?]"""
    suzuki = await channel.user("鈴木 一郎")
    await failed(bot, suzuki, "FAILED")


@pytest.mark.parametrize(("seconds", "new"), [(20, False), (30, True)])
async def test_it_may_lead_to_the_old_menu_for_a_while(
    channel: Channel, line: Line, tanaka: User, tabs: list[str], seconds: int, new: bool
) -> None:
    """an alias that was updated may be cached; how long is a knob [R#update-rich-menu-alias]"""
    await channel.change(menu_alias_ms=30_000)
    third = await menus.made(line)
    await line.post("/v2/bot/richmenu/alias/tab-b", {"richMenuId": third})
    await channel.advance(seconds=seconds)
    await tanaka.taps("Bへ")
    assert await menus.linked(line, tanaka.id) == (third if new else tabs[1])


async def test_it_shows_changes_live(channel: Channel, line: Line, tanaka: User, tabs: list[str]) -> None:
    """the stream says `menu` with the whole menu, or null"""
    async with channel.events() as events:
        assert (await anext(events))[0] == "hello"
        await tanaka.menu()
        await tanaka.taps("Bへ", wait=False)
        seen = []
        async for name, data in events:
            if name == "menu":
                seen.append((data["user"], data["menu"]["id"], data["menu"]["open"]))
            if len(seen) == 2:
                break
    assert seen == [(tanaka.id, tabs[0], True), (tanaka.id, tabs[1], True)]


async def test_it_gives_pages_the_picture(channel: Channel, line: Line, tanaka: User, tabs: list[str]) -> None:
    menu = await tanaka.menu()
    assert menu is not None
    async with line.session.get(f"{channel.api_url}{menu.picture}") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", menus.PNG)


async def test_it_keeps_the_bots_menus_and_no_links_after_a_start_over(
    channel: Channel, line: Line, tanaka: User, tabs: list[str]
) -> None:
    """customers go with what was theirs; menus, aliases and the default are the bot's"""
    await tanaka.taps("Bへ")
    await channel.ask("POST", "/start-over")
    assert len((await line.get("/v2/bot/richmenu/list")).body["richmenus"]) == 2
    assert await menus.linked(line, tanaka.id) is None
    again = await channel.user("田中 花子")
    await again.follow()
    menu = await again.menu()
    assert menu is not None
    assert (menu.id, menu.source) == (tabs[0], "default")

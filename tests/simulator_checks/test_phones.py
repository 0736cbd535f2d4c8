"""The phones page: its door in plain HTTP, and its life in a real browser."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect
from yarl import URL

from tests import browsers
from tests.simulator import control, phones
from tests.simulator_checks.bots import Bot, Line, text

Json = dict[str, Any]

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
expect.set_options(timeout=15_000)


@pytest.fixture
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    """A page that must not complain in its console, except about pictures nobody has."""
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [one for one in complaints if "ERR_NAME_NOT_RESOLVED" not in one] == []


@pytest.fixture
async def cast(channel: control.Channel) -> list[control.User]:
    """田中 花子 is a customer; 山田 太郎 and 佐藤 美咲 are in 管理グループ, the bot is not yet."""
    names = ["田中 花子", "山田 太郎", "佐藤 美咲"]
    people = [await channel.user(name) for name in names]
    await channel.group("管理グループ", people[1:])
    return people


async def look(page: Page, channel: control.Channel) -> tuple[Locator, Locator]:
    """Open the page; the customer's phone and the staff's."""
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    return page.get_by_test_id("phone-customer"), page.get_by_test_id("phone-group")


async def says(phone: Locator, words: str) -> None:
    await phone.get_by_test_id("input").fill(words)
    await phone.get_by_test_id("input").press("Enter")


async def heard(bot: Bot, kind: str, number: int = 1) -> Json:
    """The first (second, ...) event of that type, once the bot has it."""
    for _ in range(300):
        found = [event for event in bot.events if event["type"] == kind]
        if len(found) >= number:
            return found[number - 1]
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {kind} came; there is {[event['type'] for event in bot.events]}")


# --- the door -----------------------------------------------------------------------------------------------


async def test_it_serves_the_page_with_a_policy_that_runs_only_its_own_scripts(channel: control.Channel) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{channel.api_url}/phones") as answer:
        words = await answer.text()
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"] == phones.POLICY
        assert "unsafe" not in phones.POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "シミュレーター：本物のLINEではありません" in words


async def test_it_serves_every_file_it_has_and_nothing_beside_them(channel: control.Channel) -> None:
    files = [path.relative_to(phones.STATIC).as_posix() for path in phones.STATIC.rglob("*") if path.is_file()]
    async with aiohttp.ClientSession() as session:
        for name in files:
            path = "/phones" if name == "phones.html" else f"/phones/static/{name}"
            async with session.get(channel.api_url + path) as answer:
                assert answer.status == 200, name
                assert await answer.read() == (phones.STATIC / name).read_bytes()
        for name in ("../phones.py", "..%2fphones.py", "fonts/..%2fphones.html", "none.js", "fonts/", ""):
            url = URL(f"{channel.api_url}/phones/static/{name}", encoded=True)
            async with session.get(url) as answer:
                assert answer.status == 404, name


async def test_it_ships_the_font_with_its_licence() -> None:
    fonts = phones.STATIC / "fonts"
    assert (fonts / "ipaexg.ttf").stat().st_size == 6_099_900
    assert "IPAフォントライセンスv1.0" in (fonts / "IPA_Font_License_Agreement_v1.0.txt").read_text("utf-8-sig")


async def test_it_gives_out_photos_and_no_other_bytes(channel: control.Channel, cast: list[control.User]) -> None:
    photo = await cast[0].sends("image", content=b"\x89PNG photo")
    script = await cast[0].sends("file", content=b"<script>", fileName="a.html", contentType="text/html")
    async with aiohttp.ClientSession() as session:
        base = f"{channel.api_url}/phones/{channel.id}/pictures"
        async with session.get(f"{base}/{photo.message_id}") as answer:
            assert (answer.status, await answer.read()) == (200, b"\x89PNG photo")
        for path in (f"{base}/{script.message_id}", f"{base}/1", f"{channel.api_url}/phones/none/pictures/1"):
            async with session.get(path) as answer:
                assert answer.status == 404


# --- in a browser -------------------------------------------------------------------------------------------


@pytest.mark.browser
async def test_it_adds_a_friend_who_sees_the_greeting_without_a_reload(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    customer, _ = await look(page, channel)
    await expect(customer.get_by_test_id("friend-state")).to_have_attribute("data-state", "stranger")
    await customer.get_by_test_id("friend-add").click()
    follow = await heard(bot, "follow")
    await line.reply(follow["replyToken"], text("ようこそ！\nhttps://example.com/a?b=1 をどうぞ"))
    await expect(customer.get_by_test_id("friend-state")).to_have_attribute("data-state", "friend")
    greeting = customer.get_by_test_id("bubble")
    await expect(greeting).to_have_attribute("data-how", "reply")
    await expect(greeting.get_by_test_id("bubble-text")).to_have_text("ようこそ！\nhttps://example.com/a?b=1 をどうぞ")
    link = greeting.get_by_role("link", name="https://example.com/a?b=1", exact=True)
    await expect(link).to_have_attribute("href", "https://example.com/a?b=1")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.browser
async def test_it_shows_what_was_accepted_but_reached_nobody(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(quota=200)
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, text("届く話"))
    await expect(customer.get_by_test_id("bubble")).to_have_text("届く話")
    await expect(page.get_by_test_id("usage")).to_have_attribute("data-used", "1")
    await expect(page.get_by_test_id("usage")).to_contain_text("1 / 200 通")
    await customer.get_by_test_id("friend-block").click()
    await heard(bot, "unfollow")
    await expect(customer.get_by_test_id("input")).to_be_hidden()
    await line.push(cast[0].id, text("届かない話"))
    missed = customer.get_by_test_id("undelivered")
    await expect(missed).to_contain_text("届いていません")
    await expect(missed).to_contain_text("届かない話")
    await expect(customer.get_by_test_id("bubble")).to_have_count(1)
    await page.reload()
    await expect(missed).to_contain_text("届かない話")
    await customer.get_by_test_id("friend-unblock").click()
    assert (await heard(bot, "follow", 2))["follow"] == {"isUnblocked": True}


@pytest.mark.browser
async def test_it_presses_buttons_of_templates_and_flex_and_quick_replies(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, BUTTONS, FLEX, {**text("どうしますか"), "quickReply": QUICK})
    await expect(customer.get_by_test_id("bubble")).to_have_count(3)
    await customer.get_by_role("button", name="予約する").click()
    assert (await heard(bot, "postback"))["postback"] == {"data": "reserve"}
    await expect(customer.get_by_test_id("bubble").last).to_have_text("予約します")
    await expect(customer.get_by_test_id("quick-replies")).to_be_hidden()
    await line.push(cast[0].id, {**text("ほかには"), "quickReply": QUICK})
    await customer.get_by_test_id("quick-replies").get_by_role("button", name="営業時間").click()
    assert (await heard(bot, "message"))["message"]["text"] == "営業時間は？"
    await customer.get_by_role("button", name="席を選ぶ").click()
    await expect(customer.get_by_test_id("bubble").last).to_have_text("席3")
    assert (await heard(bot, "postback", 2))["postback"] == {"data": "seat=3"}


@pytest.mark.browser
async def test_it_opens_a_picker_and_sends_what_was_chosen(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, BUTTONS)
    await customer.get_by_role("button", name="日時を選ぶ").click()
    await page.get_by_test_id("picker-value").fill("2026-12-01T10:30")
    await page.get_by_test_id("picker-done").click()
    postback = (await heard(bot, "postback"))["postback"]
    assert postback == {"data": "when", "params": {"datetime": "2026-12-01T10:30"}}


@pytest.mark.browser
async def test_it_shows_every_kind_of_message_and_says_what_it_cannot_draw(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(check_messages=False)
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, *MEDIA)
    await line.push(cast[0].id, CAROUSEL, IMAGES, CONFIRM, {"type": "hologram"}, EMOJI)
    bubbles = customer.get_by_test_id("bubble")
    await expect(bubbles).to_have_count(10)
    await expect(bubbles.nth(0).get_by_role("img", name="画像")).to_be_visible()
    await expect(bubbles.nth(2)).to_contain_text("1:05")
    await expect(bubbles.nth(3).get_by_role("img", name="スタンプ 446 / 1988")).to_be_visible()
    await expect(bubbles.nth(4)).to_contain_text("歩み美容室")
    await expect(bubbles.nth(5).get_by_role("button", name="コース2")).to_be_attached()
    await expect(bubbles.nth(6).get_by_role("button", name="写真1")).to_be_visible()
    await expect(bubbles.nth(7).get_by_role("button")).to_have_text(["はい", "いいえ"])
    await expect(bubbles.nth(8)).to_have_text("表示できない種類です: hologram")
    await expect(bubbles.nth(9).get_by_role("img", name="LINE絵文字 p/1")).to_be_visible()
    await expect(bubbles.nth(9)).to_have_text("やあ  また")


@pytest.mark.browser
async def test_it_lets_two_members_of_staff_speak_in_the_group(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("bot-invite").click()
    join = await heard(bot, "join")
    await expect(phone.get_by_test_id("note")).to_have_text("山田 太郎がAyumiを招待しました")
    await line.reply(join["replyToken"], text("コードを送ってください"))
    await expect(phone.get_by_test_id("bubble")).to_have_attribute("data-from", "bot")
    await phone.get_by_test_id("bot-mention").click()
    await phone.get_by_test_id("input").press_sequentially("■シナリオ 来店後")
    await phone.get_by_test_id("input").press("Shift+Enter")
    await phone.get_by_test_id("input").press_sequentially("1日後 10時")
    await phone.get_by_test_id("send").click()
    message = (await heard(bot, "message"))["message"]
    assert message["text"] == "@Ayumi ■シナリオ 来店後\n1日後 10時"
    assert message["mention"]["mentionees"] == [
        {"type": "user", "index": 0, "length": 6, "userId": channel.bot_user_id, "isSelf": True}
    ]
    last = phone.get_by_test_id("bubble").last
    await expect(last).to_have_attribute("data-from", "me")
    await phone.get_by_role("radio", name="佐藤 美咲").check(force=True)
    await expect(last).to_have_attribute("data-from", "other")
    await last.hover()
    await phone.get_by_test_id("quote").last.click()
    await expect(phone.get_by_test_id("quoting")).to_contain_text("山田 太郎")
    await says(phone, "これですね")
    await expect(phone.get_by_test_id("bubble")).to_have_count(3)
    said = await heard(bot, "message", 2)
    assert (said["source"]["userId"], said["message"]["quotedMessageId"]) == (cast[2].id, message["id"])


@pytest.mark.browser
async def test_it_suggests_names_after_an_at_sign(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("bot-invite").click()
    await heard(bot, "join")
    await phone.get_by_test_id("input").press_sequentially("ねえ @")
    choices = phone.get_by_test_id("mention-choices").get_by_role("button")
    await expect(choices).to_have_text(["@Ayumi", "@佐藤 美咲", "@All"])
    await phone.get_by_test_id("input").press_sequentially("佐")
    await expect(choices).to_have_text(["@佐藤 美咲"])
    await phone.get_by_test_id("input").press("Tab")
    await phone.get_by_test_id("input").press_sequentially("どう？")
    await phone.get_by_test_id("input").press("Enter")
    message = (await heard(bot, "message"))["message"]
    assert message["text"] == "ねえ @佐藤 美咲 どう？"
    assert [one["userId"] for one in message["mention"]["mentionees"]] == [cast[2].id]


@pytest.mark.browser
async def test_it_lets_members_and_the_bot_leave_and_come_back(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("bot-invite").click()
    await phone.get_by_test_id("member-leave").click()
    assert (await heard(bot, "memberLeft"))["left"]["members"] == [{"type": "user", "userId": cast[1].id}]
    await expect(phone.get_by_test_id("input")).to_be_hidden()
    await phone.get_by_test_id("member-return").click()
    await heard(bot, "memberJoined")
    await phone.get_by_test_id("bot-remove").click()
    await heard(bot, "leave")
    await phone.get_by_test_id("bot-invite").click()
    await expect(phone.get_by_test_id("note")).to_have_count(5)
    assert (await line.post(f"/v2/bot/group/{await group_of(channel)}/leave")).status == 200
    await expect(phone.get_by_test_id("note").last).to_have_text("Ayumiがグループを退出しました")
    await expect(phone.get_by_test_id("bot-invite")).to_be_visible()


@pytest.mark.browser
async def test_it_gives_staff_a_talk_of_their_own_with_the_bot(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("tab-direct").click()
    await expect(phone.get_by_test_id("bot-mention")).to_be_hidden()
    await phone.get_by_test_id("friend-add").click()
    await heard(bot, "follow")
    await says(phone, "テスト配信を見たい")
    said = await heard(bot, "message")
    assert said["source"] == {"type": "user", "userId": cast[1].id}
    await line.reply(said["replyToken"], text("こちらです"))
    await expect(phone.get_by_test_id("bubble")).to_have_text(["テスト配信を見たい", "こちらです"])
    await phone.get_by_test_id("tab-group").click()
    await expect(phone.get_by_test_id("bubble")).to_have_count(0)


@pytest.mark.browser
async def test_it_moves_the_clock_three_days_step_by_step(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(drive_bot=True)
    await cast[0].follow()
    start = bot.now = datetime.now(UTC)
    bot.dues = [start + timedelta(days=1), start + timedelta(days=2)]
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, text("きょう"))
    await page.get_by_test_id("advance-3d").click()
    await expect(page.get_by_test_id("clock-status")).to_have_attribute("data-steps", "3")
    await expect(page.get_by_test_id("clock")).to_have_attribute("data-driving", "false")
    assert len(bot.moves) == 3
    shown = await page.get_by_test_id("clock").get_attribute("data-now")
    assert shown is not None
    assert timedelta(days=3) <= datetime.fromisoformat(shown) - start < timedelta(days=3, minutes=2)
    await line.push(cast[0].id, text("三日後"))
    await expect(customer.get_by_test_id("date")).to_have_count(2)
    await page.get_by_test_id("clock-to").fill("2020-01-01T00:00")
    await page.get_by_test_id("clock-go").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("時計は前にしか進みません")
    assert len(bot.moves) == 3


@pytest.mark.browser
async def test_it_says_when_the_bot_does_not_follow_the_clock_or_hears_nothing(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot
) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}/line/webhook"
        await channel.change(webhook_url=address, drive_bot=True)
        customer, _ = await look(page, channel)
        await page.get_by_test_id("advance-1h").click()
        await expect(page.get_by_test_id("clock-status")).to_have_attribute("data-trouble", "true")
        await expect(page.get_by_test_id("clock-status")).to_contain_text("ボットの時計が応答しません")
        await expect(page.get_by_test_id("advance-1h")).to_be_enabled()
        await says(customer, "だれかいますか")
        await expect(page.get_by_test_id("bot-state")).to_have_text("ボット: 接続できません")
    await channel.change(webhook_url=bot.url)
    await says(customer, "もしもし")
    await expect(page.get_by_test_id("bot-state")).to_have_text("ボット: 応答あり")


@pytest.mark.browser
async def test_it_treats_names_and_messages_as_words_only(page: Page, simulator: control.Simulator, bot: Bot) -> None:
    channel = await simulator.new_channel(webhook=bot.url, name=HOSTILE, check_messages=False)
    customer = await channel.user(HOSTILE)
    member = await channel.user("山田" + HOSTILE)
    group = await channel.group(HOSTILE, [member])
    await group.invite_bot(member)
    await customer.follow()
    await customer.says(HOSTILE)
    await customer.sends("sticker", packageId=HOSTILE, stickerId=HOSTILE, stickerResourceType="STATIC")
    async with aiohttp.ClientSession() as session:
        line = Line(session, channel)
        await line.push(customer.id, *HOSTILE_MESSAGES)
        left, right = await look(page, channel)
        await expect(left.get_by_test_id("bubble")).to_have_count(2 + len(HOSTILE_MESSAGES))
        await expect(left.get_by_test_id("bubble-text").first).to_have_text(HOSTILE)
        await expect(right.get_by_test_id("note")).to_contain_text(HOSTILE)
        await left.get_by_role("button", name="ひらく").click()
        await expect(page.get_by_test_id("toast")).to_contain_text("開けないアドレス")
    assert await page.title() == "スマホ画面 · LINEシミュレーター"
    assert await page.locator("main script, main img").count() == 0
    assert await page.locator("a[href^='javascript']").count() == 0
    await channel.close()


@pytest.mark.browser
async def test_it_draws_japanese_with_its_own_font_where_the_machine_has_none(
    page: Page, browser: BrowserContext, channel: control.Channel, cast: list[control.User]
) -> None:
    await look(page, channel)
    assert await page.evaluate("() => [...document.fonts].map((font) => font.status)") == ["loaded"]
    session = await browser.new_cdp_session(page)
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    root = (await session.send("DOM.getDocument"))["root"]["nodeId"]
    await page.evaluate("() => document.body.style.setProperty('--font', '\"IPAex Gothic Web\"')")
    banner = (await session.send("DOM.querySelector", {"nodeId": root, "selector": ".banner"}))["nodeId"]
    await page.evaluate("() => document.querySelector('.banner').style.setProperty('font-family', 'var(--font)')")
    used = (await session.send("CSS.getPlatformFontsForNode", {"nodeId": banner}))["fonts"]
    assert [(font["familyName"], font["isCustomFont"]) for font in used] == [("IPAexGothic", True)]


@pytest.mark.browser
async def test_it_shows_requests_and_calls_to_developers(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    customer, _ = await look(page, channel)
    await expect(page.get_by_test_id("log")).to_be_hidden()
    await page.get_by_test_id("log-toggle").click()
    await says(customer, "こんにちは")
    await line.push(cast[0].id, text("はい"), key="123e4567-e89b-12d3-a456-426614174000")
    rows = page.get_by_test_id("log-row")
    await expect(rows).to_have_count(2)
    call, webhook = page.locator("[data-kind=call]"), page.locator("[data-kind=webhook]")
    await call.locator("summary").click()
    await expect(call).to_contain_text("123e4567-e89b-12d3-a456-426614174000")
    await webhook.locator("summary").click()
    await expect(webhook.locator("pre")).to_contain_text('"text": "こんにちは"')
    await page.reload()
    await page.get_by_test_id("log-toggle").click()
    await expect(rows).to_have_count(2)


@pytest.mark.browser
async def test_it_shows_one_phone_at_a_time_on_a_narrow_screen(
    chromium: str, channel: control.Channel, cast: list[control.User]
) -> None:
    async with browsers.visitor(chromium, viewport={"width": 390, "height": 780}) as visitor:
        page = await visitor.new_page()
        customer, phone = await look(page, channel)
        await expect(customer).to_be_visible()
        await expect(phone).to_be_hidden()
        await page.get_by_test_id("phone-tab-group").click()
        await expect(phone).to_be_visible()
        await expect(customer).to_be_hidden()
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
async def test_it_is_dark_for_those_who_want_it_dark(
    chromium: str, channel: control.Channel, cast: list[control.User]
) -> None:
    shades = []
    for scheme in ("light", "dark"):
        async with browsers.visitor(chromium, color_scheme=scheme) as visitor:
            page = await visitor.new_page()
            await look(page, channel)
            colour = await page.evaluate("() => getComputedStyle(document.body).backgroundColor")
            shades.append(sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")))
    assert shades[0] > 600
    assert shades[1] < 100


@pytest.mark.browser
async def test_it_finds_its_way_back_after_the_simulator_has_restarted(chromium: str, tmp_path: Path, bot: Bot) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    arguments = ["--port", port, "--state", str(tmp_path / "state.json"), "--sandbox"]
    arguments += ["--secret", "s" * 32, "--token", "t" * 40, "--webhook", bot.url]
    process = await asyncio.to_thread(control.Process.start, *arguments)
    async with browsers.visitor(chromium) as visitor:
        page = await visitor.new_page()
        await page.goto(f"{process.base_url}/phones")
        customer = page.get_by_test_id("phone-customer")
        await says(customer, "前の話")
        await expect(customer.get_by_test_id("bubble")).to_have_text(["前の話"])
        await asyncio.to_thread(process.stop)
        await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "lost")
        process = await asyncio.to_thread(control.Process.start, *arguments)
        await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live", timeout=30_000)
        await expect(customer.get_by_test_id("bubble")).to_have_text(["前の話"])
        await says(customer, "後の話")
        await expect(customer.get_by_test_id("bubble")).to_have_text(["前の話", "後の話"])
    await asyncio.to_thread(process.stop)


async def group_of(channel: control.Channel) -> str:
    return str((await channel.overview())["groups"][0]["id"])


def button(kind: str, label: str, **more: str) -> Json:
    return {"type": kind, "label": label, **more}


NOWHERE = "https://nowhere.invalid/a.jpg"
BUTTONS: Json = {
    "type": "template",
    "altText": "ご予約",
    "template": {
        "type": "buttons",
        "text": "ご予約はこちら",
        "actions": [
            button("postback", "予約する", data="reserve", displayText="予約します"),
            button("datetimepicker", "日時を選ぶ", data="when", mode="datetime"),
        ],
    },
}
FLEX: Json = {
    "type": "flex",
    "altText": "席",
    "contents": {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "text", "text": "空席 3", "weight": "bold", "size": "xl", "color": "#b3261e", "wrap": True},
                {"type": "separator", "margin": "md"},
                {
                    "type": "box",
                    "layout": "horizontal",
                    "contents": [
                        {
                            "type": "button",
                            "style": "primary",
                            "action": button("postback", "席を選ぶ", data="seat=3", displayText="席3"),
                        },
                    ],
                },
            ],
        },
    },
}
QUICK: Json = {"items": [{"type": "action", "action": button("message", "営業時間", text="営業時間は？")}]}
MEDIA: list[Json] = [
    {"type": "image", "originalContentUrl": NOWHERE, "previewImageUrl": NOWHERE},
    {"type": "video", "originalContentUrl": NOWHERE, "previewImageUrl": NOWHERE},
    {"type": "audio", "originalContentUrl": NOWHERE, "duration": 65_000},
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {"type": "location", "title": "歩み美容室", "address": "東京都", "latitude": 35.6, "longitude": 139.7},
]
CAROUSEL: Json = {
    "type": "template",
    "altText": "コース",
    "template": {
        "type": "carousel",
        "columns": [{"text": f"{n}番", "actions": [button("postback", f"コース{n}", data=str(n))]} for n in (1, 2, 3)],
    },
}
IMAGES: Json = {
    "type": "template",
    "altText": "写真",
    "template": {
        "type": "image_carousel",
        "columns": [{"imageUrl": NOWHERE, "action": button("postback", "写真1", data="1")}],
    },
}
CONFIRM: Json = {
    "type": "template",
    "altText": "確認",
    "template": {
        "type": "confirm",
        "text": "よろしいですか",
        "actions": [button("message", "はい", text="はい"), button("message", "いいえ", text="いいえ")],
    },
}
EMOJI: Json = {**text("やあ $ また"), "emojis": [{"index": 3, "productId": "p", "emojiId": "1"}]}
HOSTILE_MESSAGES: list[Json] = [
    {"type": "constructor"},
    {**text(HOSTILE), "sender": {"name": HOSTILE, "iconUrl": "javascript:alert(1)"}},
    {
        "type": "template",
        "altText": HOSTILE,
        "template": {
            "type": "buttons",
            "text": HOSTILE,
            "actions": [button("uri", "ひらく", uri="javascript:alert(1)")],
        },
    },
    {
        "type": "flex",
        "altText": HOSTILE,
        "contents": {
            "type": "bubble",
            "size": "constructor",
            "body": {
                "type": "box",
                "layout": "vertical",
                "backgroundColor": "url(https://nowhere.invalid/)",
                "contents": [
                    {"type": "toString"},
                    {
                        "type": "text",
                        "text": HOSTILE,
                        "color": "red;background:url(https://nowhere.invalid/)",
                        "size": "__proto__",
                    },
                ],
            },
        },
    },
]

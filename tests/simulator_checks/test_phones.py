"""The phones page: its door in plain HTTP, and its life in a real browser."""

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from playwright.async_api import BrowserContext, Error, Locator, Page, expect
from yarl import URL

from tests import browsers
from tests.simulator import control, phones
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.contract import process as watched
from tests.simulator_checks.sites import Site

Json = dict[str, Any]

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
expect.set_options(timeout=15_000)


@pytest.fixture
async def page(browser: BrowserContext, channel: control.Channel) -> AsyncIterator[Page]:
    """A page that must not complain in its console, except about pictures nobody has; it goes before its channel."""
    page = await browser.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await page.close()
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
    return page.get_by_test_id("phone-customer"), page.get_by_test_id("phone-staff")


async def says(phone: Locator, words: str) -> None:
    await phone.get_by_test_id("input").fill(words)
    await phone.get_by_test_id("input").press("Enter")


async def chooses(phone: Locator, bubble: Locator, choice: str) -> None:
    """Open the menu of a bubble and press what it offers."""
    await bubble.hover()
    await bubble.locator("xpath=..").get_by_test_id("bubble-menu").click()
    await phone.get_by_test_id(choice).click()


async def picks_from_room(phone: Locator, choice: str) -> None:
    await phone.get_by_test_id("room-menu").click()
    await phone.get_by_test_id(choice).click()


async def adds_phone(page: Page, name: str) -> Locator:
    await page.get_by_test_id("phone-add").click()
    await page.get_by_test_id("people-search").fill(name)
    await page.get_by_test_id("person").filter(has_text=name).click()
    phone = page.locator(f"[data-holder='{name}'].phone")
    await expect(phone.get_by_test_id("holder")).to_be_focused()
    return phone


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
async def test_it_follows_a_customer_from_the_first_greeting_to_the_block_and_back(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(quota=200)
    customer, _ = await look(page, channel)
    state, bubbles = customer.get_by_test_id("friend-state"), customer.get_by_test_id("bubble")
    await expect(state).to_have_attribute("data-state", "stranger")
    await customer.get_by_test_id("friend-add").click()
    follow = await heard(bot, "follow")
    await line.reply(follow["replyToken"], text("ようこそ！\nhttps://example.com/a?b=1 をどうぞ"))
    await expect(state).to_have_attribute("data-state", "friend")
    await expect(bubbles).to_have_attribute("data-how", "reply")
    await expect(bubbles.get_by_test_id("bubble-text")).to_have_text("ようこそ！\nhttps://example.com/a?b=1 をどうぞ")
    link = bubbles.get_by_role("link", name="https://example.com/a?b=1", exact=True)
    await expect(link).to_have_attribute("href", "https://example.com/a?b=1")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")

    await says(customer, "ありがとう")
    await expect(customer.get_by_test_id("read")).to_have_text("既読")
    await line.push(cast[0].id, text("届く話"))
    await expect(bubbles.last).to_have_text("届く話")
    await expect(page.get_by_test_id("usage")).to_have_attribute("data-used", "1")
    await expect(page.get_by_test_id("usage")).to_contain_text("1 / 200 通")
    await line.post("/v2/bot/chat/loading/start", {"chatId": cast[0].id})
    await expect(customer.get_by_test_id("typing")).to_be_visible()

    await picks_from_room(customer, "friend-block")
    await heard(bot, "unfollow")
    await expect(customer.get_by_test_id("input")).to_be_hidden()
    await line.push(cast[0].id, text("届かない話"))
    missed = customer.get_by_test_id("undelivered")
    await expect(missed).to_contain_text("ブロックされているため届いていません")
    await expect(missed).to_contain_text("届かない話")
    await expect(bubbles).to_have_count(3)
    await page.reload()
    await expect(missed).to_contain_text("届かない話")
    await customer.get_by_test_id("friend-unblock").click()
    assert (await heard(bot, "follow", 2))["follow"] == {"isUnblocked": True}
    await expect(customer.get_by_test_id("input")).to_be_visible()


@pytest.mark.browser
async def test_it_presses_all_that_the_bot_has_put_on_a_phone(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, BUTTONS, FLEX, {**text("どうしますか"), "quickReply": QUICK})
    await expect(customer.get_by_test_id("bubble")).to_have_count(3)
    await customer.get_by_role("button", name="予約する").click()
    assert (await heard(bot, "postback"))["postback"] == {"data": "reserve"}
    await expect(customer.get_by_test_id("bubble").last).to_have_text("予約します")
    await expect(customer.get_by_test_id("quick-replies")).to_be_hidden()

    await line.push(cast[0].id, {**text("ほかには"), "quickReply": QUICK})
    quick = customer.get_by_test_id("quick-replies")
    await quick.get_by_role("button", name="コピー").click()
    assert await page.evaluate("() => navigator.clipboard.readText()") == "COUPON-1"
    await expect(quick).to_be_hidden()
    await page.reload()
    await expect(customer.get_by_test_id("bubble")).to_have_count(5)
    await expect(quick).to_be_hidden()
    await line.push(cast[0].id, {**text("では"), "quickReply": QUICK})
    await quick.get_by_role("button", name="営業時間").click()
    assert (await heard(bot, "message"))["message"]["text"] == "営業時間は？"

    await customer.get_by_role("button", name="席を選ぶ").click()
    await expect(customer.get_by_test_id("bubble").last).to_have_text("席3")
    assert (await heard(bot, "postback", 2))["postback"] == {"data": "seat=3"}
    await customer.get_by_role("button", name="日時を選ぶ").click()
    await customer.get_by_test_id("picker").press("Escape")
    await expect(customer.get_by_test_id("picker")).to_have_count(0)
    await expect(customer.get_by_role("button", name="日時を選ぶ")).to_be_focused()
    await customer.get_by_role("button", name="日時を選ぶ").click()
    await customer.get_by_test_id("picker-value").fill("2026-12-01T10:30")
    await customer.get_by_test_id("picker-done").click()
    assert (await heard(bot, "postback", 3))["postback"] == {"data": "when", "params": {"datetime": "2026-12-01T10:30"}}


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
async def test_it_lets_staff_speak_quote_edit_and_take_back_in_their_group(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await look(page, channel)
    yamada = page.locator(".phone[data-holder='山田 太郎']")
    await yamada.get_by_test_id("bot-invite").click()
    join = await heard(bot, "join")
    await expect(yamada.get_by_test_id("note")).to_have_text("山田 太郎がAyumiを招待しました")
    await line.reply(join["replyToken"], text("コードを送ってください"))
    await expect(yamada.get_by_test_id("bubble")).to_have_attribute("data-from", "bot")

    await yamada.get_by_test_id("bot-mention").click()
    await yamada.get_by_test_id("input").press_sequentially("■シナリオ 来店後")
    await yamada.get_by_test_id("input").press("Shift+Enter")
    await yamada.get_by_test_id("input").press_sequentially("1日後 10時")
    await yamada.get_by_test_id("send").click()
    message = (await heard(bot, "message"))["message"]
    assert message["text"] == "@Ayumi ■シナリオ 来店後\n1日後 10時"
    assert message["mention"]["mentionees"] == [
        {"type": "user", "index": 0, "length": 6, "userId": channel.bot_user_id, "isSelf": True}
    ]
    mine = yamada.locator(f"[data-message-id='{message['id']}']")
    await expect(mine).to_have_attribute("data-from", "me")
    await expect(yamada.get_by_test_id("read")).to_have_text("")

    sato = await adds_phone(page, "佐藤 美咲")
    await expect(sato.get_by_test_id("bubble")).to_have_count(2)
    await expect(sato.get_by_test_id("bubble").last).to_have_attribute("data-from", "other")
    await expect(yamada.get_by_test_id("read")).to_have_text("既読 1")
    await chooses(sato, sato.get_by_test_id("bubble").last, "bubble-quote")
    await expect(sato.get_by_test_id("quoting")).to_contain_text("山田 太郎")
    await says(sato, "これですね")
    said = await heard(bot, "message", 2)
    assert (said["source"]["userId"], said["message"]["quotedMessageId"]) == (cast[2].id, message["id"])

    await chooses(yamada, mine, "bubble-edit")
    await expect(yamada.get_by_test_id("input")).to_have_value(message["text"])
    await says(yamada, "@Ayumi ■シナリオ 2日後")
    edited = (await heard(bot, "messageEdited"))["message"]
    assert (edited["id"], edited["text"]) == (message["id"], "@Ayumi ■シナリオ 2日後")
    await expect(sato.get_by_text("編集済み")).to_be_visible()
    await expect(yamada.get_by_test_id("quoting")).to_be_hidden()
    await chooses(yamada, mine, "bubble-unsend")
    assert (await heard(bot, "unsend"))["unsend"] == {"messageId": message["id"]}
    await expect(sato.get_by_test_id("note").last).to_have_text("山田 太郎がメッセージの送信を取り消しました")
    await sato.get_by_test_id("phone-remove").click()
    await expect(sato).to_have_count(0)


@pytest.mark.browser
async def test_it_takes_the_name_that_is_offered_after_an_at_sign_and_sends_nothing_yet(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("bot-invite").click()
    await heard(bot, "join")
    field = phone.get_by_test_id("input")
    await field.press_sequentially("ねえ @")
    choices = phone.get_by_test_id("mention-choices").get_by_role("option")
    await expect(choices).to_have_text(["@Ayumi", "@佐藤 美咲", "@All"])
    await expect(choices.first).to_have_attribute("aria-selected", "true")
    await field.press("ArrowDown")
    marked = await choices.nth(1).get_attribute("id")
    assert await field.get_attribute("aria-activedescendant") == marked
    await field.press("Enter")
    await expect(field).to_have_value("ねえ @佐藤 美咲 ")
    await expect(phone.get_by_test_id("mention-choices")).to_be_hidden()
    await field.press_sequentially("と@A")
    await field.press("Escape")
    await expect(phone.get_by_test_id("mention-choices")).to_be_hidden()
    await field.press("Backspace")
    await field.press_sequentially("a")
    await field.press("Tab")
    await expect(field).to_have_value("ねえ @佐藤 美咲 と@Ayumi ")
    await expect(phone.get_by_test_id("bubble")).to_have_count(0)
    await field.press("Enter")
    message = (await heard(bot, "message"))["message"]
    assert message["text"] == "ねえ @佐藤 美咲 と@Ayumi "
    assert [one["userId"] for one in message["mention"]["mentionees"]] == [cast[2].id, channel.bot_user_id]


@pytest.mark.browser
async def test_it_has_a_talk_list_with_what_is_unread_and_lets_members_come_and_go(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    _, phone = await look(page, channel)
    await phone.get_by_test_id("bot-invite").click()
    await heard(bot, "join")
    await phone.get_by_test_id("back").click()
    rows = phone.get_by_test_id("talk-row")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_be_focused()
    await expect(rows.last).to_contain_text("まだ友だちではありません")
    group = await channel.group("管理グループ")
    await cast[2].says("おはようございます", in_group=group)
    await line.push(group.id, text("一"), text("二"))
    await expect(rows.first).to_contain_text("二")
    await expect(rows.first.get_by_test_id("unread")).to_contain_text("3")

    await rows.last.click()
    await expect(phone.get_by_test_id("bot-mention")).to_be_hidden()
    await expect(phone.get_by_test_id("back")).to_have_text("3")
    await phone.get_by_test_id("friend-add").click()
    await heard(bot, "follow")
    await says(phone, "テスト配信を見たい")
    said = await heard(bot, "message", 2)
    assert said["source"] == {"type": "user", "userId": cast[1].id}
    await line.reply(said["replyToken"], text("こちらです"))
    await expect(phone.get_by_test_id("bubble")).to_have_text(["テスト配信を見たい", "こちらです"])

    await phone.get_by_test_id("back").click()
    await rows.last.click()
    await expect(phone.get_by_test_id("bubble")).to_have_count(3)
    await phone.get_by_test_id("back").click()
    await expect(phone.get_by_test_id("unread")).to_have_count(0)
    await cast[2].says("まだいますか", in_group=group)
    await page.reload()
    await expect(rows.first).to_contain_text("まだいますか")
    await expect(phone.get_by_test_id("unread")).to_contain_text("1")
    await rows.first.click()
    await expect(phone.get_by_test_id("unread-line")).to_be_visible()

    await picks_from_room(phone, "member-leave")
    assert (await heard(bot, "memberLeft"))["left"]["members"] == [{"type": "user", "userId": cast[1].id}]
    await expect(phone.get_by_test_id("input")).to_be_hidden()
    await phone.get_by_test_id("member-return").click()
    await heard(bot, "memberJoined")
    await picks_from_room(phone, "bot-remove")
    await heard(bot, "leave")
    await phone.get_by_test_id("bot-invite").click()
    await expect(phone.get_by_test_id("note")).to_have_count(5)
    assert (await line.post(f"/v2/bot/group/{await group_of(channel)}/leave")).status == 200
    await expect(phone.get_by_test_id("note").last).to_have_text("Ayumiがグループを退出しました")
    await expect(phone.get_by_test_id("bot-invite")).to_be_visible()
    await picks_from_room(phone, "member-add")
    await page.get_by_test_id("people-search").fill("新人 さん")
    await page.get_by_test_id("people-new").click()
    await expect(phone.get_by_test_id("note").last).to_have_text("新人 さんがグループに参加しました")


@pytest.mark.browser
async def test_it_keeps_ones_place_in_a_long_talk_and_hands_phones_on(
    page: Page, channel: control.Channel, cast: list[control.User], line: Line
) -> None:
    await cast[0].follow()
    for number in range(100):
        await line.push(cast[0].id, *(text(f"{number} の {part}") for part in "あいう"))
    customer, staff = await look(page, channel)
    talk, bubbles = customer.get_by_test_id("talk"), customer.get_by_test_id("bubble")
    await expect(bubbles.last).to_have_text("99 の う")
    await expect(bubbles.last).to_be_in_viewport()
    await talk.evaluate("(talk) => { talk.scrollTop = 0; }")
    await expect(bubbles).to_have_count(300)
    held = bubbles.filter(has_text=re.compile("^50 の あ$"))
    await held.scroll_into_view_if_needed()
    before = await held.bounding_box()
    await line.push(cast[0].id, text("新しい話"))
    await expect(customer.get_by_test_id("jump")).to_be_visible()
    assert await held.bounding_box() == before
    await customer.get_by_test_id("jump").click()
    await expect(bubbles.last).to_be_in_viewport()
    await expect(customer.get_by_test_id("jump")).to_be_hidden()
    await page.reload()
    await expect(bubbles.last).to_have_text("新しい話")
    await expect(bubbles.last).to_be_in_viewport()

    await customer.get_by_test_id("holder").click()
    await page.get_by_test_id("people-search").fill("鈴木 一郎")
    await expect(page.get_by_test_id("person")).to_have_count(0)
    await page.get_by_test_id("people-search").press("Enter")
    suzuki = page.locator(".phone[data-holder='鈴木 一郎']")
    await expect(suzuki.get_by_test_id("friend-add")).to_be_visible()
    await expect(suzuki.get_by_test_id("bubble")).to_have_count(0)
    await suzuki.get_by_test_id("back").click()
    await suzuki.get_by_test_id("group-new").click()
    await page.get_by_test_id("group-name").fill("お茶の会")
    await page.get_by_test_id("dialog-yes").click()
    await expect(suzuki.get_by_test_id("room").get_by_role("heading")).to_have_text("お茶の会（1）")
    await says(suzuki, "だれかいますか")
    await expect(suzuki.get_by_test_id("bubble")).to_have_text("だれかいますか")
    await expect(staff.get_by_test_id("room")).to_contain_text("管理グループ")


@pytest.mark.browser
async def test_it_sends_what_the_keyboard_offers(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, tmp_path: Path
) -> None:
    await cast[0].follow()
    customer, _ = await look(page, channel)
    bubbles = customer.get_by_test_id("bubble")
    await customer.get_by_test_id("sticker-toggle").click()
    await customer.get_by_test_id("sticker").first.click()
    message = (await heard(bot, "message"))["message"]
    assert (message["type"], message["packageId"], message["stickerId"]) == ("sticker", "446", "1988")
    await customer.get_by_test_id("keyboard-emoji").click()
    await customer.get_by_test_id("emoji").first.click()
    await expect(customer.get_by_test_id("input")).to_have_value("😀")
    await customer.get_by_test_id("send").click()
    assert (await heard(bot, "message", 2))["message"]["text"] == "😀"

    await customer.get_by_test_id("attach").click()
    await expect(customer.get_by_test_id("emoji")).to_have_count(0)
    await customer.get_by_test_id("attach-sample").click()
    assert (await heard(bot, "message", 3))["message"]["type"] == "image"
    shown = bubbles.last.locator("img")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640

    plan = tmp_path / "予約表.txt"
    plan.write_text("十時 田中", "utf-8")
    await customer.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await customer.get_by_test_id("attach-file").click()
    await (await chooser.value).set_files(plan)
    message = (await heard(bot, "message", 4))["message"]
    assert (message["fileName"], message["fileSize"]) == ("予約表.txt", len("十時 田中".encode()))
    await expect(bubbles.last).to_contain_text("予約表.txt")
    await customer.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await customer.get_by_test_id("attach-audio").click()
    await (await chooser.value).set_files({"name": "a.wav", "mimeType": "audio/wav", "buffer": WAV})
    message = (await heard(bot, "message", 5))["message"]
    assert (message["type"], message["duration"]) == ("audio", 500)

    await customer.get_by_test_id("attach").click()
    await customer.get_by_test_id("attach-place").click()
    await customer.get_by_test_id("place").first.click()
    message = (await heard(bot, "message", 6))["message"]
    assert (message["type"], message["title"], message["latitude"]) == ("location", "渋谷駅 ハチ公口", 35.659)
    await chooses(customer, bubbles.nth(1), "bubble-unsend")
    await expect(customer.get_by_test_id("note")).to_have_text("田中 花子がメッセージの送信を取り消しました")


@pytest.mark.browser
async def test_it_moves_the_clock_by_days_to_what_is_due_and_faster(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(drive_bot=True)
    await cast[0].follow()
    start = bot.now = datetime.now(UTC)
    bot.dues = [start + timedelta(days=1), start + timedelta(days=2), start + timedelta(days=9)]
    customer, _ = await look(page, channel)
    clock, status = page.get_by_test_id("clock"), page.get_by_test_id("clock-status")
    await line.push(cast[0].id, text("きょう"))
    await page.get_by_test_id("advance-3d").click()
    await expect(status).to_have_attribute("data-steps", "3")
    await expect(clock).to_have_attribute("data-driving", "false")
    assert len(bot.moves) == 3
    shown = await clock.get_attribute("data-now")
    assert shown is not None
    assert timedelta(days=3) <= datetime.fromisoformat(shown) - start < timedelta(days=3, minutes=2)
    await line.push(cast[0].id, text("三日後"))
    await expect(customer.get_by_test_id("date")).to_have_count(2)
    await page.get_by_test_id("clock-to").fill("2020-01-01T00:00")
    await page.get_by_test_id("clock-go").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("時計は前にしか進みません")
    assert len(bot.moves) == 3

    await page.get_by_test_id("advance-next").click()
    await expect(status).to_contain_text("1 歩で進みました")
    assert bot.moves[-1] - start == pytest.approx(timedelta(days=9), abs=timedelta(seconds=1))
    await page.get_by_test_id("clock-speed").select_option("3600")
    for _ in range(300):
        if bot.moves[-1] - start > timedelta(days=9, hours=2):
            break
        await asyncio.sleep(0.05)
    assert bot.moves[-1] - start > timedelta(days=9, hours=2)
    await page.get_by_test_id("clock-speed").select_option("1")


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
    await page.close()
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
async def test_it_shows_what_went_over_the_wire_beside_the_phone_and_for_all(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    key = "123e4567-e89b-12d3-a456-426614174000"
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await says(customer, "こんにちは")
    said = (await heard(bot, "message"))["message"]
    pushed = await line.push(cast[0].id, text("はい"), key=key)
    await expect(customer.get_by_test_id("bubble").last).to_have_text("はい")
    await chooses(customer, customer.get_by_test_id("bubble").last, "bubble-inspect")
    wires = customer.get_by_test_id("wire")
    await expect(wires).to_have_count(3)
    for words in ("push", "1 通", key, pushed.headers["x-line-request-id"], '"text": "はい"'):
        await expect(wires.first).to_contain_text(words)
    await wires.first.get_by_test_id("wire-copy").click()
    assert orjson.loads(await page.evaluate("() => navigator.clipboard.readText()")) == [text("はい")]
    await chooses(customer, customer.get_by_test_id("bubble").first, "bubble-inspect")
    await expect(wires.nth(1)).to_contain_text("応答あり (200)")
    await expect(wires.nth(1)).to_contain_text(f'"id": "{said["id"]}"')
    await line.push(cast[0].id, text("もう一つ"))
    await expect(wires).to_have_count(4)
    await expect(wires.nth(2)).to_contain_text(said["id"])
    await customer.get_by_test_id("inspector-close").click()
    await expect(customer.get_by_test_id("inspector")).to_be_hidden()
    await expect(customer.get_by_test_id("inspector-toggle")).to_be_focused()

    await expect(page.get_by_test_id("log")).to_be_hidden()
    await page.get_by_test_id("log-toggle").click()
    rows = page.get_by_test_id("log-row")
    await expect(rows).to_have_count(4)
    call, webhook = (
        page.locator("[data-testid=log-row][data-kind=call]"),
        page.locator("[data-testid=log-row][data-kind=webhook]"),
    )
    await call.last.locator("summary").click()
    await expect(call.last).to_contain_text(key)
    await webhook.first.locator("summary").click()
    await expect(webhook.first.locator("pre")).to_contain_text('"text": "こんにちは"')
    await page.reload()
    await page.get_by_test_id("log-toggle").click()
    await expect(rows).to_have_count(4)


@pytest.mark.browser
async def test_it_opens_rich_menus_with_tabs_and_liff_pages_in_sheets(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await cast[0].follow()
    login = await channel.login_channel()
    async with Site(login.sdk_url, channel.api_url) as site:
        app = await login.liff_app(endpoint=f"{site.url}/form", size="tall", description="ご予約")
        first = await menus.made(
            line,
            menus.postback("予約", "book", inputOption="openKeyboard", fillInText="日時: "),
            menus.switch("つぎ", "two"),
        )
        second = await menus.made(
            line, button("uri", "申し込む", uri=f"{app.address}/a?b=1"), menus.switch("もどる", "one")
        )
        await menus.named(line, "one", first)
        await menus.named(line, "two", second)
        await menus.link(line, cast[0].id, first)
        customer, _ = await look(page, channel)
        menu, field = customer.get_by_test_id("rich-menu"), customer.get_by_test_id("input")
        await expect(menu.get_by_test_id("menu-area")).to_have_count(2)
        await expect(field).to_be_hidden()
        await menu.get_by_role("button", name="予約").click()
        assert (await heard(bot, "postback"))["postback"] == {"data": "book"}
        await expect(field).to_have_value("日時: ")
        await expect(field).to_be_focused()
        await expect(menu).to_be_hidden()
        await customer.get_by_test_id("menu-back").click()
        await expect(field).to_be_hidden()
        await expect(menu).to_be_hidden()
        await customer.get_by_test_id("menu-bar").click()
        await menu.get_by_role("button", name="つぎ").click()
        assert (await heard(bot, "postback", 2))["postback"]["params"] == {
            "newRichMenuAliasId": "two",
            "status": "SUCCESS",
        }
        await menu.get_by_role("button", name="申し込む").click()
        sheet = customer.get_by_test_id("liff")
        await expect(sheet).to_have_attribute("data-size", "tall")
        await expect(sheet.get_by_role("heading")).to_have_text("ご予約")
        frame = customer.frame_locator("[data-testid=liff-frame]")
        await frame.get_by_role("button", name="許可").click()
        await expect(frame.get_by_role("heading")).to_have_text("受付")
        assert site.seen == ["/form?liff.state=%2Fa%3Fb%3D1"]
        inside = page.frames[-1]
        with contextlib.suppress(Error):
            await inside.evaluate(f"() => liff.init({{liffId: '{app.id}'}})")
        await inside.wait_for_url("**/form/a?b=1")
        await inside.evaluate(f"() => liff.init({{liffId: '{app.id}'}})")
        assert await inside.evaluate("() => [liff.isInClient(), liff.getContext().type]") == [True, "utou"]
        await inside.evaluate("() => liff.sendMessages([{type: 'text', text: '申し込みました'}])")
        assert (await heard(bot, "message"))["message"]["text"] == "申し込みました"
        await inside.evaluate("() => liff.closeWindow()")
        await expect(sheet).to_have_count(0)
        await expect(customer.get_by_test_id("bubble").last).to_have_text("申し込みました")
        await expect(menu.get_by_role("button", name="申し込む")).to_be_focused()

        await line.push(cast[0].id, text(f"こちらからも {app.address}"))
        await customer.get_by_role("link", name=app.address).click()
        await expect(sheet).to_be_visible()
        await sheet.get_by_test_id("sheet-close").click()
        await expect(sheet).to_have_count(0)
        assert len(page.context.pages) == 1


@pytest.mark.browser
async def test_it_plays_a_scene_and_starts_over(page: Page, channel: control.Channel, cast: list[control.User]) -> None:
    _, staff = await look(page, channel)
    customer = page.locator(".phone[data-holder='田中 花子']")
    await says(customer, "こんにちは")
    await page.get_by_test_id("scene-open").click()
    await page.get_by_test_id("scene-new-salon").click()
    nakamura = page.locator(".phone[data-holder='中村 結衣']")
    await expect(nakamura).to_be_visible()
    await expect(page.get_by_test_id("clock-status")).to_contain_text("場面を再生中")
    await expect(page.get_by_test_id("start-over")).to_be_disabled()
    await expect(page.get_by_test_id("clock-status")).to_contain_text("場面が終わりました")
    await expect(staff.get_by_test_id("bubble").last).to_have_text(re.compile("この調子でがんばりましょう"))
    await expect(nakamura.get_by_test_id("bubble")).to_have_count(2)

    await page.get_by_test_id("start-over").click()
    await page.get_by_test_id("dialog-no").click()
    await expect(nakamura.get_by_test_id("bubble")).to_have_count(2)
    await page.get_by_test_id("start-over").click()
    await expect(page.get_by_test_id("question")).to_contain_text("お客様を新しい2人に入れかえます")
    await page.get_by_test_id("dialog-yes").click()
    await expect(nakamura).to_have_count(0)
    await expect(page.locator(".phone")).to_have_count(2)
    await expect(page.get_by_test_id("bubble")).to_have_count(0)
    await customer.get_by_test_id("friend-add").click()
    await expect(customer.get_by_test_id("friend-state")).to_have_attribute("data-state", "friend")


@pytest.mark.browser
async def test_it_fits_every_screen_and_eye(chromium: str, channel: control.Channel, cast: list[control.User]) -> None:
    async with browsers.visitor(chromium, viewport={"width": 390, "height": 780}, has_touch=True) as visitor:
        page = await visitor.new_page()
        customer, staff = await look(page, channel)
        await expect(customer).to_be_visible()
        await expect(staff).to_be_hidden()
        await page.get_by_test_id("phone-tab").filter(has_text="山田 太郎").tap()
        await expect(staff).to_be_visible()
        await expect(customer).to_be_hidden()
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for scheme, other in (("light", "dark"), ("dark", "light")):
        async with browsers.visitor(chromium, color_scheme=scheme, viewport=TABLET, has_touch=True) as visitor:
            page = await visitor.new_page()
            customer, staff = await look(page, channel)
            await expect(customer).to_be_in_viewport(ratio=1)
            await expect(staff).to_be_in_viewport(ratio=1)
            assert await is_dark(page) == (scheme == "dark")
            await page.get_by_test_id("theme").tap()
            assert await is_dark(page) == (other == "dark")
            await page.reload()
            await expect(page.get_by_test_id("theme")).to_be_visible()
            assert await is_dark(page) == (other == "dark")
            await page.get_by_test_id("language").tap()
            await expect(page.get_by_test_id("scene-open")).to_have_text("Scenes")
            await expect(customer.get_by_test_id("friend-add")).to_have_text("Add friend")
            assert await page.evaluate("() => document.documentElement.lang") == "en"


@pytest.mark.browser
async def test_it_finds_its_way_back_after_the_simulator_has_restarted(chromium: str, tmp_path: Path, bot: Bot) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    arguments = ["--port", port, "--state", str(tmp_path / "state.json"), "--sandbox"]
    arguments += ["--secret", "s" * 32, "--token", "t" * 40, "--webhook", bot.url]
    process = await asyncio.to_thread(watched.start, *arguments)
    async with browsers.visitor(chromium) as visitor:
        page = await visitor.new_page()
        await page.goto(f"{process.base_url}/phones")
        customer = page.get_by_test_id("phone-customer")
        await says(customer, "前の話")
        await expect(customer.get_by_test_id("bubble")).to_have_text(["前の話"])
        suzuki = await adds_phone(page, "鈴木 一郎")
        await suzuki.get_by_test_id("back").click()
        await asyncio.to_thread(process.stop)
        await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "lost")
        process = await asyncio.to_thread(watched.start, *arguments)
        await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live", timeout=30_000)
        tanaka = page.locator(".phone[data-holder='田中 花子']")
        await expect(tanaka.get_by_test_id("bubble")).to_have_text(["前の話"])
        await says(tanaka, "後の話")
        await expect(tanaka.get_by_test_id("bubble")).to_have_text(["前の話", "後の話"])
        await page.reload()
        await expect(page.locator(".phone")).to_have_count(3)
        await expect(tanaka.get_by_test_id("bubble")).to_have_text(["前の話", "後の話"])
        await expect(suzuki.get_by_test_id("talk-row")).to_be_visible()
    await asyncio.to_thread(process.stop)


async def is_dark(page: Page) -> bool:
    colour = await page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) < 300


async def group_of(channel: control.Channel) -> str:
    return str((await channel.overview())["groups"][0]["id"])


def button(kind: str, label: str, **more: str) -> Json:
    return {"type": kind, "label": label, **more}


TABLET = {"width": 1024, "height": 768}
# Half a second of silence: a WAV head, then 4000 samples of one byte.
WAV = (
    struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 4036, b"WAVEfmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 4000)
    + b"\x80" * 4000
)
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
QUICK: Json = {
    "items": [
        {"type": "action", "action": button("message", "営業時間", text="営業時間は？")},
        {"type": "action", "action": button("clipboard", "コピー", clipboardText="COUPON-1")},
    ]
}
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

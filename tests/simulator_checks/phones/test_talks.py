"""A customer's talk on the phones page: friends and blocks, a long talk, talk lists, the phone handed on."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones.acting import look, picks_from_room, says


@pytest.mark.browser
async def test_it_follows_a_customer_from_the_first_greeting_to_the_block_and_back(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await channel.change(quota=200)
    customer, _ = await look(page, channel)
    state, bubbles = customer.get_by_test_id("friend-state"), customer.get_by_test_id("bubble")
    await expect(state).to_have_attribute("data-state", "stranger")
    await customer.get_by_test_id("friend-add").click()
    follow = await bot.hears("follow")
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
    await bot.hears("unfollow")
    await expect(customer.get_by_test_id("input")).to_be_hidden()
    await line.push(cast[0].id, text("届かない話"))
    missed = customer.get_by_test_id("undelivered")
    await expect(missed).to_contain_text("ブロックされているため届いていません")
    await expect(missed).to_contain_text("届かない話")
    await expect(bubbles).to_have_count(3)
    await page.reload()
    await expect(missed).to_contain_text("届かない話")
    await customer.get_by_test_id("friend-unblock").click()
    assert (await bot.hears("follow", 2))["follow"] == {"isUnblocked": True}
    await expect(customer.get_by_test_id("input")).to_be_visible()


@pytest.mark.browser
async def test_it_keeps_ones_place_in_a_long_talk_hands_phones_on_and_lists_talks_with_what_is_unread(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
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

    await talks_and_members(page, staff, channel, cast, bot, line)


async def talks_and_members(
    page: Page, phone: Locator, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    """The talk list of a member of staff, who leaves the group and comes back, as does the bot."""
    await phone.get_by_test_id("bot-invite").click()
    await bot.hears("join")
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
    await bot.hears("follow", 2)
    await says(phone, "テスト配信を見たい")
    said = await bot.hears("message", 2)
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
    assert (await bot.hears("memberLeft"))["left"]["members"] == [{"type": "user", "userId": cast[1].id}]
    await expect(phone.get_by_test_id("input")).to_be_hidden()
    await phone.get_by_test_id("member-return").click()
    await bot.hears("memberJoined")
    await picks_from_room(phone, "bot-remove")
    await bot.hears("leave")
    await phone.get_by_test_id("bot-invite").click()
    await expect(phone.get_by_test_id("note")).to_have_count(5)
    assert (await line.post(f"/v2/bot/group/{await group_of(channel)}/leave")).status == 200
    await expect(phone.get_by_test_id("note").last).to_have_text("Ayumiがグループを退出しました")
    await expect(phone.get_by_test_id("bot-invite")).to_be_visible()
    await picks_from_room(phone, "member-add")
    await page.get_by_test_id("people-search").fill("新人 さん")
    await page.get_by_test_id("people-new").click()
    await expect(phone.get_by_test_id("note").last).to_have_text("新人 さんがグループに参加しました")


async def group_of(channel: control.Channel) -> str:
    return str((await channel.overview())["groups"][0]["id"])

"""What the bot puts on a phone: buttons and quick replies pressed, every kind of message shown, hostile ones too."""

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones import messages
from tests.simulator_checks.phones.acting import look


@pytest.mark.browser
async def test_it_presses_and_shows_all_that_the_bot_puts_on_a_phone_and_says_what_it_cannot_draw(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await line.push(cast[0].id, messages.BUTTONS, messages.FLEX, {**text("どうしますか"), "quickReply": messages.QUICK})
    await expect(customer.get_by_test_id("bubble")).to_have_count(3)
    await customer.get_by_role("button", name="予約する").click()
    assert (await bot.hears("postback"))["postback"] == {"data": "reserve"}
    await expect(customer.get_by_test_id("bubble").last).to_have_text("予約します")
    await expect(customer.get_by_test_id("quick-replies")).to_be_hidden()

    await line.push(cast[0].id, {**text("ほかには"), "quickReply": messages.QUICK})
    quick = customer.get_by_test_id("quick-replies")
    await quick.get_by_role("button", name="コピー").click()
    assert await page.evaluate("() => navigator.clipboard.readText()") == "COUPON-1"
    await expect(quick).to_be_hidden()
    await page.reload()
    await expect(customer.get_by_test_id("bubble")).to_have_count(5)
    await expect(quick).to_be_hidden()
    await line.push(cast[0].id, {**text("では"), "quickReply": messages.QUICK})
    await quick.get_by_role("button", name="営業時間").click()
    assert (await bot.hears("message"))["message"]["text"] == "営業時間は？"

    await customer.get_by_role("button", name="席を選ぶ").click()
    await expect(customer.get_by_test_id("bubble").last).to_have_text("席3")
    assert (await bot.hears("postback", 2))["postback"] == {"data": "seat=3"}
    await customer.get_by_role("button", name="日時を選ぶ").click()
    await customer.get_by_test_id("picker").press("Escape")
    await expect(customer.get_by_test_id("picker")).to_have_count(0)
    await expect(customer.get_by_role("button", name="日時を選ぶ")).to_be_focused()
    await customer.get_by_role("button", name="日時を選ぶ").click()
    await customer.get_by_test_id("picker-value").fill("2026-12-01T10:30")
    await customer.get_by_test_id("picker-done").click()
    assert (await bot.hears("postback", 3))["postback"] == {"data": "when", "params": {"datetime": "2026-12-01T10:30"}}

    await every_kind(customer, channel, cast[0], line)


async def every_kind(customer: Locator, channel: control.Channel, tanaka: control.User, line: Line) -> None:
    """Each kind of message on a phone that already shows some."""
    await channel.change(check_messages=False)
    bubbles = customer.get_by_test_id("bubble")
    shown = await bubbles.count()
    await line.push(tanaka.id, *messages.MEDIA)
    await line.push(
        tanaka.id, messages.CAROUSEL, messages.IMAGES, messages.CONFIRM, {"type": "hologram"}, messages.EMOJI
    )
    await expect(bubbles).to_have_count(shown + 10)
    await expect(bubbles.nth(shown).get_by_role("img", name="画像")).to_be_visible()
    await expect(bubbles.nth(shown + 2)).to_contain_text("1:05")
    await expect(bubbles.nth(shown + 3).get_by_role("img", name="スタンプ 446 / 1988")).to_be_visible()
    await expect(bubbles.nth(shown + 4)).to_contain_text("歩み美容室")
    await expect(bubbles.nth(shown + 5).get_by_role("button", name="コース2")).to_be_attached()
    await expect(bubbles.nth(shown + 6).get_by_role("button", name="写真1")).to_be_visible()
    await expect(bubbles.nth(shown + 7).get_by_role("button")).to_have_text(["はい", "いいえ"])
    await expect(bubbles.nth(shown + 8)).to_have_text("表示できない種類です: hologram")
    await expect(bubbles.nth(shown + 9).get_by_role("img", name="LINE絵文字 p/1")).to_be_visible()
    await expect(bubbles.nth(shown + 9)).to_have_text("やあ  また")


@pytest.mark.browser
async def test_it_treats_names_and_messages_as_words_only(page: Page, simulator: control.Simulator, bot: Bot) -> None:
    channel = await simulator.new_channel(webhook=bot.url, name=messages.HOSTILE, check_messages=False)
    customer = await channel.user(messages.HOSTILE)
    member = await channel.user("山田" + messages.HOSTILE)
    group = await channel.group(messages.HOSTILE, [member])
    await group.invite_bot(member)
    await customer.follow()
    await customer.says(messages.HOSTILE)
    await customer.sends(
        "sticker", packageId=messages.HOSTILE, stickerId=messages.HOSTILE, stickerResourceType="STATIC"
    )
    async with aiohttp.ClientSession() as session:
        line = Line(session, channel)
        await line.push(customer.id, *messages.HOSTILE_MESSAGES)
        left, right = await look(page, channel)
        await expect(left.get_by_test_id("bubble")).to_have_count(2 + len(messages.HOSTILE_MESSAGES))
        await expect(left.get_by_test_id("bubble-text").first).to_have_text(messages.HOSTILE)
        await expect(right.get_by_test_id("note")).to_contain_text(messages.HOSTILE)
        await left.get_by_role("button", name="ひらく").click()
        await expect(page.get_by_test_id("toast")).to_contain_text("開けないアドレス")
    assert await page.title() == "スマホ画面 · LINEシミュレーター"
    assert await page.locator("main script, main img").count() == 0
    assert await page.locator("a[href^='javascript']").count() == 0
    await page.close()
    await channel.close()

"""Staff in their group: they speak, quote, edit, take back and mention."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones.acting import adds_phone, chooses, look, says


@pytest.mark.browser
async def test_it_lets_staff_mention_speak_quote_edit_and_take_back_in_their_group(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await look(page, channel)
    yamada = page.locator(".phone[data-holder='山田 太郎']")
    await yamada.get_by_test_id("bot-invite").click()
    join = await bot.hears("join")
    await expect(yamada.get_by_test_id("note")).to_have_text("山田 太郎がAyumiを招待しました")
    await line.reply(join["replyToken"], text("コードを送ってください"))
    await expect(yamada.get_by_test_id("bubble")).to_have_attribute("data-from", "bot")

    await yamada.get_by_test_id("bot-mention").click()
    await yamada.get_by_test_id("input").press_sequentially("■シナリオ 来店後")
    await yamada.get_by_test_id("input").press("Shift+Enter")
    await yamada.get_by_test_id("input").press_sequentially("1日後 10時")
    await yamada.get_by_test_id("send").click()
    message = (await bot.hears("message"))["message"]
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
    said = await bot.hears("message", 2)
    assert (said["source"]["userId"], said["message"]["quotedMessageId"]) == (cast[2].id, message["id"])

    await chooses(yamada, mine, "bubble-edit")
    await expect(yamada.get_by_test_id("input")).to_have_value(message["text"])
    await says(yamada, "@Ayumi ■シナリオ 2日後")
    edited = (await bot.hears("messageEdited"))["message"]
    assert (edited["id"], edited["text"]) == (message["id"], "@Ayumi ■シナリオ 2日後")
    await expect(sato.get_by_text("編集済み")).to_be_visible()
    await expect(yamada.get_by_test_id("quoting")).to_be_hidden()
    await chooses(yamada, mine, "bubble-unsend")
    assert (await bot.hears("unsend"))["unsend"] == {"messageId": message["id"]}
    await expect(sato.get_by_test_id("note").last).to_have_text("山田 太郎がメッセージの送信を取り消しました")
    await sato.get_by_test_id("phone-remove").click()
    await expect(sato).to_have_count(0)
    await takes_offered_names(yamada, bot, channel, cast[2])


async def takes_offered_names(phone: Locator, bot: Bot, channel: control.Channel, sato: control.User) -> None:
    """By arrows and by letters, from the list that opens behind an at sign; nothing is sent before Enter says so."""
    said = await phone.get_by_test_id("bubble").count()
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
    await expect(phone.get_by_test_id("bubble")).to_have_count(said)
    await field.press("Enter")
    message = (await bot.hears("message", 3))["message"]
    assert message["text"] == "ねえ @佐藤 美咲 と@Ayumi "
    assert [one["userId"] for one in message["mention"]["mentionees"]] == [sato.id, channel.bot_user_id]

"""What people send besides words: stickers, emoji, photos, files, sounds and places."""

import struct
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot
from tests.simulator_checks.phones.acting import chooses, look

# Half a second of silence: a WAV head, then 4000 samples of one byte.
WAV = (
    struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 4036, b"WAVEfmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 4000)
    + b"\x80" * 4000
)


@pytest.mark.browser
async def test_it_sends_what_the_keyboard_offers(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, tmp_path: Path
) -> None:
    await cast[0].follow()
    customer, _ = await look(page, channel)
    bubbles = customer.get_by_test_id("bubble")
    await customer.get_by_test_id("sticker-toggle").click()
    await customer.get_by_test_id("sticker").first.click()
    message = (await bot.hears("message"))["message"]
    assert (message["type"], message["packageId"], message["stickerId"]) == ("sticker", "446", "1988")
    await customer.get_by_test_id("keyboard-line").click()
    await customer.get_by_test_id("input").press_sequentially("はい")
    await customer.get_by_role("button", name="(うれしい)").click()
    await expect(customer.get_by_test_id("input")).to_have_value("はい(うれしい)")
    await customer.get_by_test_id("send").click()
    message = (await bot.hears("message", 2))["message"]
    emoji = {"index": 2, "length": 6, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "007"}
    assert (message["text"], message["emojis"]) == ("はい(うれしい)", [emoji])
    await expect(bubbles.last.get_by_role("img", name="LINE絵文字")).to_be_visible()
    await customer.get_by_test_id("sticker-toggle").click()
    await customer.get_by_test_id("keyboard-emoji").click()
    await customer.get_by_test_id("emoji").first.click()
    await expect(customer.get_by_test_id("input")).to_have_value("😀")
    await customer.get_by_test_id("send").click()
    assert (await bot.hears("message", 3))["message"]["text"] == "😀"

    await customer.get_by_test_id("attach").click()
    await expect(customer.get_by_test_id("emoji")).to_have_count(0)
    await customer.get_by_test_id("attach-sample").click()
    assert (await bot.hears("message", 4))["message"]["type"] == "image"
    shown = bubbles.last.locator("img")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640

    plan = tmp_path / "予約表.txt"
    plan.write_text("十時 田中", "utf-8")
    await customer.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await customer.get_by_test_id("attach-file").click()
    await (await chooser.value).set_files(plan)
    message = (await bot.hears("message", 5))["message"]
    assert (message["fileName"], message["fileSize"]) == ("予約表.txt", len("十時 田中".encode()))
    await expect(bubbles.last).to_contain_text("予約表.txt")
    await customer.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await customer.get_by_test_id("attach-audio").click()
    await (await chooser.value).set_files({"name": "a.wav", "mimeType": "audio/wav", "buffer": WAV})
    message = (await bot.hears("message", 6))["message"]
    assert (message["type"], message["duration"]) == ("audio", 500)

    await customer.get_by_test_id("attach").click()
    await customer.get_by_test_id("attach-place").click()
    await customer.get_by_test_id("place").first.click()
    message = (await bot.hears("message", 7))["message"]
    assert (message["type"], message["title"], message["latitude"]) == ("location", "渋谷駅 ハチ公口", 35.659)
    await chooses(customer, bubbles.nth(1), "bubble-unsend")
    await expect(customer.get_by_test_id("note")).to_have_text("田中 花子がメッセージの送信を取り消しました")

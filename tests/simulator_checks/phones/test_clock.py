"""The clock of the phones page: moved by days, to what is due, faster, and when the bot does not follow."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones.acting import look, says


@pytest.mark.browser
async def test_it_moves_the_clock_by_days_to_what_is_due_faster_and_says_when_the_bot_does_not_follow(
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

    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}/line/webhook"
        await channel.change(webhook_url=address, drive_bot=True)
        await page.get_by_test_id("advance-1h").click()
        await expect(page.get_by_test_id("clock-status")).to_have_attribute("data-trouble", "true")
        await expect(page.get_by_test_id("clock-status")).to_contain_text("ボットの時計が応答しません")
        await expect(page.get_by_test_id("advance-1h")).to_be_enabled()
        await says(customer, "だれかいますか")
        await expect(page.get_by_test_id("bot-state")).to_have_text("ボット: 接続できません")
    await channel.change(webhook_url=bot.url)
    await says(customer, "もしもし")
    await expect(page.get_by_test_id("bot-state")).to_have_text("ボット: 応答あり")

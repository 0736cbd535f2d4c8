"""Scenes, starting over, and the way back after the simulator has restarted."""

import asyncio
import re
import socket
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests import browsers
from tests.simulator import control
from tests.simulator_checks.bots import Bot
from tests.simulator_checks.contract import process as watched
from tests.simulator_checks.phones.acting import adds_phone, look, says


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
        await page.route("**/sim/channels/sandbox?people=no", lambda route: route.abort(), times=1)
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

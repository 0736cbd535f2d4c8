"""The first evening once more, in a real browser: a visitor plays the owner and the customer on the phones page."""

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from storage import clock, staff
from tests.simulator import control
from tests.stories.test_first_evening import GREETING, SCENARIO

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("bot")]
SECONDS = 20_000


async def says(phone: Locator, words: str) -> None:
    await phone.get_by_test_id("input").fill(words)
    await phone.get_by_test_id("send").click()


async def shows(phone: Locator, words: str) -> None:
    await expect(phone.get_by_test_id("bubble").filter(has_text=words).last).to_be_visible(timeout=SECONDS)


async def presses(phone: Locator, label: str) -> None:
    await phone.get_by_role("button", name=label, exact=True).last.click()


async def test_it_is_played_from_the_claim_to_the_block_on_the_phones_page(
    channel: control.Channel, browser: BrowserContext
) -> None:
    people = [await channel.user(name) for name in ("田中 花子", "山田 太郎", "佐藤 美咲")]
    await channel.group("管理グループ", people[1:])
    page = await browser.new_page()
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    customer, group = page.get_by_test_id("phone-customer"), page.get_by_test_id("phone-staff")

    await group.get_by_test_id("bot-invite").click()
    await shows(group, "登録コード")
    await says(group, f"登録 {await staff.new_code('owner', await clock.now())}")
    await shows(group, "登録しました")
    await says(group, GREETING)
    await shows(group, "反映")
    await presses(group, "反映する")
    await says(group, SCENARIO)
    await shows(group, "下書き")
    await says(group, "シナリオ 公開 ようこそ")
    await presses(group, "公開する")
    await shows(group, "公開しました")

    await customer.get_by_test_id("friend-add").click()
    await shows(customer, "はじめまして、美容室あゆみです。")
    await shows(customer, "田中 花子さん、友だち追加ありがとうございます。")

    await page.get_by_test_id("advance-3d").click()
    await expect(page.get_by_test_id("clock")).to_have_attribute("data-driving", "false", timeout=SECONDS)
    await shows(customer, "カットの人気スタイルをご紹介します。")
    await presses(customer, "見てみる")
    await page.get_by_test_id("advance-1d").click()
    await shows(customer, "今週の空き枠はこちらです。")

    await customer.get_by_test_id("room-menu").click()
    await customer.get_by_test_id("friend-block").click()
    await expect(customer.get_by_test_id("friend-state")).to_have_attribute("data-state", "blocked", timeout=SECONDS)
    await says(group, "シナリオ 付ける ようこそ 田中 花子")
    before = len(await people[0].seen())
    await page.get_by_test_id("advance-3d").click()
    await expect(page.get_by_test_id("clock")).to_have_attribute("data-driving", "false", timeout=SECONDS)
    assert len(await people[0].seen()) == before

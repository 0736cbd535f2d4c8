"""A broadcast with a mistake in it, in a real browser: one sends it, another stops it on the way, both mend it."""

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from storage import clock, staff
from tests.simulator import control
from tests.simulator_checks.phones.acting import adds_phone
from tests.stories.test_phones_evening import SECONDS, presses, says, shows

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("bot")]
CUSTOMERS, SENT = 14, 5
WRONG, RIGHT = "年末は50%引きです", "年末は5%引きです"
BLOCK = "■配信 {name}\n対象: {audience}\n▼本文\n{{名前}}さん、{text}"


async def passes_a_minute(page_of: Locator) -> None:
    await page_of.page.get_by_test_id("advance-1m").click()
    await expect(page_of.page.get_by_test_id("clock")).to_have_attribute("data-driving", "false", timeout=SECONDS)


async def sends(phone: Locator, name: str, count: int) -> None:
    """Send a broadcast by its name, with the number that its card wants typed or the button of a few."""
    await says(phone, f"配信 送信 {name}")
    await shows(phone, f"を今すぐ{count}人へ送ります")
    if count > 10:
        await shows(phone, f"確認のため「{count}」と送ってください")
        await says(phone, str(count))
    else:
        await presses(phone, "送る")
    await shows(phone, f"60秒後に{count}人へ送ります")
    await passes_a_minute(phone)
    await passes_a_minute(phone)


async def test_it_is_stopped_on_the_way_by_one_and_mended_by_two(
    channel: control.Channel, browser: BrowserContext
) -> None:
    yamada, sato = [await channel.user(name) for name in ("山田 太郎", "佐藤 美咲")]
    customers = [await channel.user(f"客 {number:02}") for number in range(CUSTOMERS)]
    await channel.group("管理グループ", [yamada, sato])
    page = await browser.new_page()
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    first = page.locator(".phone[data-holder='山田 太郎']")
    await first.get_by_test_id("bot-invite").click()
    await shows(first, "登録コード")
    await says(first, f"登録 {await staff.new_code('owner', await clock.now())}")
    await shows(first, "登録しました")
    await staff.appoint(sato.id, "佐藤 美咲", "manager", await clock.now())
    second = await adds_phone(page, "佐藤 美咲")
    for customer in customers:
        await customer.follow()

    await says(first, BLOCK.format(name="年末", audience="全員", text=WRONG))
    await shows(first, "下書き")
    await channel.fault("rate_limit", "push", calls=1_000, spared=SENT)
    await sends(first, "年末", CUSTOMERS)
    await says(second, "配信 停止 年末")
    await shows(second, f"{CUSTOMERS}人中{SENT}人に送信済みです。残り{CUSTOMERS - SENT}人を止めました")
    await channel.clear_faults()
    await passes_a_minute(second)
    reached = {one.id for one in customers if any(WRONG in text for text in await one.texts())}
    assert len(reached) == SENT

    await presses(second, "おわび")
    await shows(second, "先ほどお送りしたメッセージに誤りがありました")
    await sends(second, "「年末 のおわび」", SENT)
    await says(first, BLOCK.format(name="年末2", audience="配信:年末 受信 でない", text=RIGHT))
    await sends(first, "年末2", CUSTOMERS - SENT)

    for customer in customers:
        told = [text for text in await customer.texts() if WRONG in text or RIGHT in text or "誤り" in text]
        if customer.id in reached:
            assert [WRONG in told[0], "誤り" in told[1], len(told)] == [True, True, 2]
        else:
            assert [RIGHT in text for text in told] == [True]
    await says(second, "配信 結果 年末")
    await shows(second, "配信「年末」")

"""What went over the wire, beside each phone and in the drawer for all."""

import orjson
import pytest
from playwright.async_api import Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones.acting import chooses, look, says


@pytest.mark.browser
async def test_it_shows_what_went_over_the_wire_beside_the_phone_and_for_all(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    key = "123e4567-e89b-12d3-a456-426614174000"
    await cast[0].follow()
    customer, _ = await look(page, channel)
    await says(customer, "こんにちは")
    said = (await bot.hears("message"))["message"]
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

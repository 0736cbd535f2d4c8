"""The phones page for everybody: axe finds nothing wrong wherever one looks, light and dark."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Frame, Page, expect

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones import messages
from tests.simulator_checks.phones.acting import look, says

# The second rule is one that axe leaves out unless it is asked for.
OPTIONS = {"resultTypes": ["violations"], "iframes": False, "rules": {"label-content-name-mismatch": {"enabled": True}}}
TURN = "(theme) => { document.documentElement.dataset.theme = theme; }"


async def barriers(place: Page | Frame) -> list[str]:
    """What axe finds, without the colours of Flex messages, which their makers and LINE have chosen."""
    found = (await Axe().run(place, options=OPTIONS)).response["violations"]
    return [
        f"{rule['id']}: {node['html']}"
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "color-contrast" and "flex-" in node["html"])
    ]


@pytest.mark.browser
async def test_it_is_open_to_everybody(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await cast[0].follow()
    asked = (await cast[0].says("空いていますか")).event
    assert asked is not None
    await line.push(cast[0].id, *messages.MEDIA)
    await line.push(cast[0].id, messages.LINKED_CARD, messages.CAROUSEL, messages.IMAGES, messages.FLEX)
    answer: dict[str, Any] = {**text("はい $"), "emojis": [{"index": 3, "productId": "p", "emojiId": "1"}]}
    await line.push(cast[0].id, {**answer, "quoteToken": asked["message"]["quoteToken"], "quickReply": messages.QUICK})
    app = await (await channel.login_channel()).liff_app(endpoint="https://nowhere.invalid/")
    await page.emulate_media(reduced_motion="reduce")  # nothing is half faded in when axe looks
    customer, staff = await look(page, channel)
    await expect(customer.get_by_test_id("bubble")).to_have_count(11)
    await staff.get_by_test_id("bot-invite").click()

    async def everywhere(where: str) -> None:
        for theme in ("light", "dark"):
            await page.evaluate(TURN, theme)
            assert await barriers(page) == [], (where, theme)

    await everywhere("a talk")
    for tab in ("stickers", "line", "emoji"):
        if tab == "stickers":
            await customer.get_by_test_id("sticker-toggle").click()
        await customer.get_by_test_id(f"keyboard-{tab}").click()
        await everywhere(f"the keyboard: {tab}")
    await customer.get_by_test_id("attach").click()
    await everywhere("other things to send")
    await customer.get_by_test_id("attach-place").click()
    await everywhere("a sheet")
    await page.keyboard.press("Escape")
    await customer.get_by_test_id("back").click()
    await staff.get_by_test_id("inspector-toggle").click()
    await page.get_by_test_id("log-toggle").click()
    await staff.get_by_test_id("input").press_sequentially("@")
    await everywhere("a talk list, mentions, what went over the wire")
    await page.get_by_test_id("phone-add").click()
    await expect(page.get_by_test_id("person").first).to_be_visible()
    await everywhere("a dialog")
    await page.keyboard.press("Escape")
    await customer.get_by_test_id("talk-row").click()
    await line.push(cast[0].id, text(f"ご予約 {app.address}"))
    await customer.get_by_role("link", name=app.address).click()
    frame = customer.frame_locator("[data-testid=liff-frame]")
    await expect(frame.get_by_role("button", name="許可")).to_be_visible()
    await everywhere("a LIFF page in its sheet")
    assert await barriers(page.frames[-1]) == []
    await customer.get_by_test_id("sheet-close").click()
    await says(customer, "ありがとう")
    await customer.get_by_test_id("room-menu").click()
    await everywhere("a menu")

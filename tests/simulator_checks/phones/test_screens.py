"""The page on every screen: narrow, tablet, light and dark, in both languages, with its own font."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests import browsers
from tests.simulator import control
from tests.simulator_checks.phones.acting import look

TABLET = {"width": 1024, "height": 768}


@pytest.mark.browser
async def test_it_fits_every_screen_and_eye_and_draws_japanese_with_its_own_font(
    page: Page, browser: BrowserContext, chromium: str, channel: control.Channel, cast: list[control.User]
) -> None:
    await japanese(page, browser, channel)
    async with browsers.visitor(chromium, viewport={"width": 390, "height": 780}, has_touch=True) as visitor:
        page = await visitor.new_page()
        customer, staff = await look(page, channel)
        await expect(customer).to_be_visible()
        await expect(staff).to_be_hidden()
        top = await page.locator(".top").bounding_box()
        await customer.get_by_test_id("input").fill("こんにちは")
        await customer.get_by_test_id("send").tap()
        await expect(page.get_by_test_id("bot-state")).to_have_attribute("data-state", "ok")
        assert await page.locator(".top").bounding_box() == top
        await page.get_by_test_id("phone-tab").filter(has_text="山田 太郎").tap()
        await expect(staff).to_be_visible()
        await expect(customer).to_be_hidden()
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for scheme, other in (("light", "dark"), ("dark", "light")):
        async with browsers.visitor(chromium, color_scheme=scheme, viewport=TABLET, has_touch=True) as visitor:
            page = await visitor.new_page()
            customer, staff = await look(page, channel)
            await expect(customer).to_be_in_viewport(ratio=1)
            await expect(staff).to_be_in_viewport(ratio=1)
            assert await is_dark(page) == (scheme == "dark")
            await page.get_by_test_id("theme").tap()
            assert await is_dark(page) == (other == "dark")
            await page.reload()
            await expect(page.get_by_test_id("theme")).to_be_visible()
            assert await is_dark(page) == (other == "dark")
            await page.get_by_test_id("advance-next").tap()
            await expect(page.get_by_test_id("toast")).to_contain_text("ボットとつながっていないので")
            await page.get_by_test_id("language").tap()
            await expect(page.get_by_test_id("scene-open")).to_have_text("Scenes")
            await expect(customer.get_by_test_id("friend-add")).to_have_text("Add friend")
            await page.get_by_test_id("advance-next").tap()
            await expect(page.get_by_test_id("toast")).to_contain_text("Not possible: the bot's clock is not driven")
            assert await page.evaluate("() => document.documentElement.lang") == "en"


async def japanese(page: Page, browser: BrowserContext, channel: control.Channel) -> None:
    """The page's own font draws where the machine has none."""
    await look(page, channel)
    assert await page.evaluate("() => [...document.fonts].map((font) => font.status)") == ["loaded"]
    session = await browser.new_cdp_session(page)
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    root = (await session.send("DOM.getDocument"))["root"]["nodeId"]
    await page.evaluate("() => document.body.style.setProperty('--font', '\"IPAex Gothic Web\"')")
    banner = (await session.send("DOM.querySelector", {"nodeId": root, "selector": ".banner"}))["nodeId"]
    await page.evaluate("() => document.querySelector('.banner').style.setProperty('font-family', 'var(--font)')")
    used = (await session.send("CSS.getPlatformFontsForNode", {"nodeId": banner}))["fonts"]
    assert [(font["familyName"], font["isCustomFont"]) for font in used] == [("IPAexGothic", True)]


async def is_dark(page: Page) -> bool:
    colour = await page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) < 300

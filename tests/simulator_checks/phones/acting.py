"""What the people of these stories do with the phones page."""

from playwright.async_api import Locator, Page, expect

from tests.simulator import control


async def look(page: Page, channel: control.Channel) -> tuple[Locator, Locator]:
    """Open the page; the customer's phone and the staff's."""
    await page.goto(f"{channel.api_url}/phones?channel={channel.id}")
    await expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")
    return page.get_by_test_id("phone-customer"), page.get_by_test_id("phone-staff")


async def says(phone: Locator, words: str) -> None:
    await phone.get_by_test_id("input").fill(words)
    await phone.get_by_test_id("input").press("Enter")


async def chooses(phone: Locator, bubble: Locator, choice: str) -> None:
    """Open the menu of a bubble and press what it offers."""
    await bubble.hover()
    await bubble.locator("xpath=..").get_by_test_id("bubble-menu").click()
    await phone.get_by_test_id(choice).click()


async def picks_from_room(phone: Locator, choice: str) -> None:
    await phone.get_by_test_id("room-menu").click()
    await phone.get_by_test_id(choice).click()


async def adds_phone(page: Page, name: str) -> Locator:
    await page.get_by_test_id("phone-add").click()
    await page.get_by_test_id("people-search").fill(name)
    await page.get_by_test_id("person").filter(has_text=name).click()
    phone = page.locator(f"[data-holder='{name}'].phone")
    await expect(phone.get_by_test_id("holder")).to_be_focused()
    return phone

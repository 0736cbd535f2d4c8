"""A page in a browser that must not complain, and the people of its channel."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.simulator import control

expect.set_options(timeout=15_000)


@pytest.fixture
async def page(browser: BrowserContext, channel: control.Channel) -> AsyncIterator[Page]:
    """A page that must not complain in its console, except about pictures nobody has; it goes before its channel."""
    page = await browser.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await page.close()
    assert [one for one in complaints if "ERR_NAME_NOT_RESOLVED" not in one] == []


@pytest.fixture
async def cast(channel: control.Channel) -> list[control.User]:
    """田中 花子 is a customer; 山田 太郎 and 佐藤 美咲 are in 管理グループ, the bot is not yet."""
    names = ["田中 花子", "山田 太郎", "佐藤 美咲"]
    people = [await channel.user(name) for name in names]
    await channel.group("管理グループ", people[1:])
    return people

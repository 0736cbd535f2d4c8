"""What opens inside a phone: rich menus with tabs, LIFF pages and account links in sheets."""

import contextlib

import pytest
from playwright.async_api import Error, Page, expect

from tests.simulator import control
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.phones import messages
from tests.simulator_checks.phones.acting import look
from tests.simulator_checks.sites import Site


@pytest.mark.browser
async def test_it_opens_rich_menus_with_tabs_and_liff_pages_in_sheets(
    page: Page, channel: control.Channel, cast: list[control.User], bot: Bot, line: Line
) -> None:
    await cast[0].follow()
    login = await channel.login_channel()
    async with Site(login.sdk_url, channel.api_url) as site:
        app = await login.liff_app(endpoint=f"{site.url}/form", size="tall", description="ご予約")
        first = await menus.made(
            line,
            menus.postback("予約", "book", inputOption="openKeyboard", fillInText="日時: "),
            menus.switch("つぎ", "two"),
        )
        second = await menus.made(
            line, messages.button("uri", "申し込む", uri=f"{app.address}/a?b=1"), menus.switch("もどる", "one")
        )
        await menus.named(line, "one", first)
        await menus.named(line, "two", second)
        await menus.link(line, cast[0].id, first)
        customer, _ = await look(page, channel)
        menu, field = customer.get_by_test_id("rich-menu"), customer.get_by_test_id("input")
        await expect(menu.get_by_test_id("menu-area")).to_have_count(2)
        await expect(field).to_be_hidden()
        await menu.get_by_role("button", name="予約").click()
        assert (await bot.hears("postback"))["postback"] == {"data": "book"}
        await expect(field).to_have_value("日時: ")
        await expect(field).to_be_focused()
        await expect(menu).to_be_hidden()
        await customer.get_by_test_id("menu-back").click()
        await expect(field).to_be_hidden()
        await expect(menu).to_be_hidden()
        await customer.get_by_test_id("menu-bar").click()
        await menu.get_by_role("button", name="つぎ").click()
        assert (await bot.hears("postback", 2))["postback"]["params"] == {
            "newRichMenuAliasId": "two",
            "status": "SUCCESS",
        }
        await menu.get_by_role("button", name="申し込む").click()
        sheet = customer.get_by_test_id("liff")
        await expect(sheet).to_have_attribute("data-size", "tall")
        await expect(sheet.get_by_role("heading")).to_have_text("ご予約")
        frame = customer.frame_locator("[data-testid=liff-frame]")
        await frame.get_by_role("button", name="許可").click()
        await expect(frame.get_by_role("heading")).to_have_text("受付")
        assert site.seen == ["/form?liff.state=%2Fa%3Fb%3D1"]
        inside = page.frames[-1]
        with contextlib.suppress(Error):
            await inside.evaluate(f"() => liff.init({{liffId: '{app.id}'}})")
        await inside.wait_for_url("**/form/a?b=1")
        await inside.evaluate(f"() => liff.init({{liffId: '{app.id}'}})")
        assert await inside.evaluate("() => [liff.isInClient(), liff.getContext().type]") == [True, "utou"]
        await inside.evaluate("() => liff.sendMessages([{type: 'text', text: '申し込みました'}])")
        assert (await bot.hears("message"))["message"]["text"] == "申し込みました"
        await inside.evaluate("() => liff.closeWindow()")
        await expect(sheet).to_have_count(0)
        await expect(customer.get_by_test_id("bubble").last).to_have_text("申し込みました")
        await expect(menu.get_by_role("button", name="申し込む")).to_be_focused()

        await line.push(cast[0].id, text(f"こちらからも {app.address}"))
        await customer.get_by_role("link", name=app.address).click()
        await expect(sheet).to_be_visible()
        await sheet.get_by_test_id("sheet-close").click()
        await expect(sheet).to_have_count(0)
        token = (await line.post(f"/v2/bot/user/{cast[0].id}/linkToken")).body["linkToken"]
        address = f"{login.login_url}/dialog/bot/accountLink?linkToken={token}&nonce=nonce-of-the-shop"
        await line.push(cast[0].id, text(f"会員の方はこちら {address}"))
        await customer.get_by_role("link", name=address).click()
        await expect(sheet.get_by_role("heading", name="アカウント連携")).to_be_visible()
        await expect(frame.get_by_role("heading")).to_have_text("Ayumi とアカウントを連携しますか")
        await frame.get_by_role("button", name="連携する").click()
        assert (await bot.hears("accountLink"))["link"] == {"result": "ok", "nonce": "nonce-of-the-shop"}
        await expect(frame.get_by_role("heading")).to_have_text("連携しました")
        await sheet.get_by_test_id("sheet-close").click()
        assert len(page.context.pages) == 1

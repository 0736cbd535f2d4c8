"""The stand-in of LIFF's SDK in a real browser: from the LIFF URL over the screens to messages, and outside of LINE."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Error, Page

from tests.simulator import control
from tests.simulator_checks.bots import Bot
from tests.simulator_checks.logins import payload
from tests.simulator_checks.sites import Site

SECONDS = 15_000
ON_THE_WAY = ("Execution context was destroyed", "liff is not defined")
# What a page can do to believe an ID token by itself: the browser's own cryptography with the key of the JWKS.
VERIFY = """async ([token, jwks]) => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const [head, body, signature] = token.split(".");
  const { kid, alg } = JSON.parse(new TextDecoder().decode(bytes(head)));
  const { keys } = await (await fetch(jwks)).json();
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { kty, crv, x, y } = keys.find((one) => one.kid === kid);
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  const good = (words) => crypto.subtle.verify(algorithm, key, bytes(signature), new TextEncoder().encode(words));
  return [alg, await good(`${head}.${body}`), await good(`${head}.${body}A`)];
}"""


@pytest.fixture
async def site(channel: control.Channel) -> AsyncIterator[Site]:
    async with Site(f"{channel.api_url}/cdn/liff/edge/2/sdk.js", channel.api_url) as site:
        yield site


@pytest.fixture
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    """A page whose console must stay silent, except about what the simulator refuses on purpose."""
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [one for one in complaints if "400 (Bad Request)" not in one] == []


async def start(page: Page, app: control.LiffApp, arrives: str, **config: Any) -> None:
    """liff.init(), here and again wherever it leads, until the page is at the address that ends so."""
    wanted = {"liffId": app.id, **config}
    for _ in range(100):
        try:
            await page.evaluate("(config) => liff.init(config)", wanted)
        except Error as problem:
            if not any(one in str(problem) for one in ON_THE_WAY):
                raise
            await asyncio.sleep(0.1)
        else:
            break
    await page.wait_for_url(f"**{arrives}")


async def tried(page: Page, call: str) -> Any:
    """What the call gives, or the code of the LiffError that it ends in."""
    return await page.evaluate(f"(async () => {call})().catch((error) => error.code ?? String(error))")


@pytest.mark.browser
async def test_it_goes_from_the_liff_url_over_consent_and_friendship_to_a_message_the_bot_hears(
    page: Page, channel: control.Channel, site: Site, bot: Bot
) -> None:
    login = await channel.login_channel(name="受付")
    app = await login.liff_app(endpoint=f"{site.url}/app/?key=value", bot_prompt="aggressive", share=True)
    suzuki = await channel.user("鈴木 一郎")
    await channel.group("家族", [suzuki])
    await page.goto(await app.opened_by(suzuki, "/path_A/?key1=value1#top"))
    await page.get_by_role("button", name="許可する").click()
    await page.get_by_role("button", name="友だちに追加").click()
    await page.wait_for_url(f"{site.url}/app/?key=value&liff.state=*")
    assert await tried(page, "[liff.id, liff.isInClient(), liff.getLineVersion() !== null]") == [None, True, True]
    await start(page, app, "/app/path_A/?key=value&key1=value1#top")
    assert site.seen == [
        "/app/?key=value&liff.state=%2Fpath_A%2F%3Fkey1%3Dvalue1%23top",
        "/app/path_A/?key=value&key1=value1",
    ]
    assert await tried(page, "liff.ready.then(() => [liff.id, liff.isLoggedIn()])") == [app.id, True]

    token = await tried(page, "liff.getIDToken()")
    assert payload(token) == await tried(page, "liff.getDecodedIDToken()")
    assert (payload(token)["sub"], payload(token)["name"]) == (suzuki.id, "鈴木 一郎")
    assert await page.evaluate(VERIFY, [token, f"{channel.api_url}/oauth2/v2.1/certs"]) == ["ES256", True, False]
    assert await tried(page, "liff.getContext().type") == "utou"
    assert await tried(page, "liff.getProfile()") == {"userId": suzuki.id, "displayName": "鈴木 一郎"}
    assert await tried(page, "liff.getFriendship()") == {"friendFlag": True}
    assert await tried(page, "liff.requestFriendship()") is None
    granted = ["openid", "profile", "chat_message.write"]
    assert await tried(page, "liff.permission.getGrantedAll()") == granted
    assert await tried(page, "liff.permission.query('email')") == {"state": "unavailable"}
    link = f"{app.address}/path_A/?key1=value1#top"
    assert await tried(page, "liff.permanentLink.createUrlBy(location.href)") == link
    assert await tried(page, "liff.permanentLink.createUrlBy(location.origin + '/')") == "INVALID_CONFIG"
    assert await tried(page, "liff.scanCodeV2()") == "FORBIDDEN"
    assert await tried(page, "liff.permission.requestAll()") == "FORBIDDEN"
    assert await tried(page, "liff.isApiAvailable('shareTargetPicker')") is True

    assert await tried(page, "liff.sendMessages([{type: 'text', text: '予約しました'}])") is None
    assert await tried(page, "liff.sendMessages([{type: 'textV2', text: 'x'}])") == "400"
    for _ in range(200):
        if bot.events[-1]["type"] == "message":
            break
        await asyncio.sleep(0.02)
    assert bot.last()["message"]["text"] == "予約しました"
    assert [event["type"] for event in bot.events] == ["follow", "message"]

    picked = asyncio.ensure_future(tried(page, "liff.shareTargetPicker([{type: 'text', text: 'どうぞ'}])"))
    await page.get_by_label("家族").check(timeout=SECONDS)
    await page.get_by_role("button", name="シェア").click()
    assert await picked == {"status": "success"}
    picked = asyncio.ensure_future(tried(page, "liff.shareTargetPicker([{type: 'text', text: 'どうぞ'}])"))
    await page.get_by_role("button", name="キャンセル").click(timeout=SECONDS)
    assert await picked is None
    assert len(await login.shares()) == 1


@pytest.mark.browser
async def test_outside_of_line_it_logs_in_by_the_screens_and_says_what_is_not_possible(
    page: Page, channel: control.Channel, site: Site, tanaka: control.User
) -> None:
    login = await channel.login_channel(name="受付")
    app = await login.liff_app(endpoint=f"{site.url}/app")
    await page.goto(f"{app.address}/form?a=1#b")
    await start(page, app, "/app/form?a=1#b")
    assert await tried(page, "[liff.isInClient(), liff.isLoggedIn(), liff.getLineVersion()]") == [False, False, None]
    assert await tried(page, "[liff.getContext().type, liff.getAccessToken(), liff.getIDToken()]") == [
        "external",
        None,
        None,
    ]
    for call, code in {
        "liff.getProfile()": "UNAUTHORIZED",
        "liff.shareTargetPicker([])": "UNAUTHORIZED",
        "liff.permission.getGrantedAll()": "UNAUTHORIZED",
        "liff.sendMessages([{type: 'text', text: 'x'}])": "403",
        "liff.sendMessages('x')": "INVALID_ARGUMENT",
        "liff.scanCodeV2()": "FORBIDDEN",
        "liff.permission.query('nothing')": "INVALID_ARGUMENT",
        "liff.isApiAvailable('nothing')": "INVALID_ARGUMENT",
        "liff.openWindow({})": "INVALID_ARGUMENT",
        "liff.i18n.setLang('')": "INVALID_ARGUMENT",
        "liff.init({})": "INVALID_CONFIG",
    }.items():
        assert await tried(page, call) == code, call
    plugin = (
        "liff.use({name: 'greeting', install: (at, words) => ({say: () => words, liff: at.liff})}, 'やあ').$greeting"
    )
    assert await tried(page, f"{plugin}.say()") == "やあ"

    await start(page, app, "/app/form?a=1#b")
    await page.evaluate("() => liff.login({ redirectUri: location.href })")
    await page.get_by_role("button", name="田中 花子").click(timeout=SECONDS)
    await page.get_by_role("button", name="キャンセル").click(timeout=SECONDS)
    await page.wait_for_url("**error=ACCESS_DENIED**")
    assert await tried(page, f"liff.init({{liffId: '{app.id}'}})") == "INIT_FAILED"
    assert page.url == f"{site.url}/app/form?a=1#b"

    await page.goto(f"{app.address}/form?a=1#b")
    config = {"withLoginOnExternalBrowser": True}
    with pytest.raises(Error, match="Execution context was destroyed"):
        await page.evaluate("(config) => liff.init(config)", {"liffId": app.id, **config})
    await page.get_by_role("button", name="ログイン").first.click(timeout=SECONDS)
    await page.get_by_role("button", name="許可する").click(timeout=SECONDS)
    await page.wait_for_url("**code=**")
    await start(page, app, "/app/form?a=1#b", **config)
    claims = await tried(page, "liff.getDecodedIDToken()")
    assert (claims["sub"], claims["aud"], claims["amr"]) == (tanaka.id, login.id, ["linesso"])
    assert await tried(page, "liff.requestFriendship()") == "FORBIDDEN"
    await page.reload()
    await start(page, app, "/app/form?a=1#b")
    assert await tried(page, "liff.isLoggedIn()") is True
    await page.evaluate("() => liff.logout()")
    await page.reload()
    await start(page, app, "/app/form?a=1#b")
    assert await tried(page, "liff.isLoggedIn()") is False


async def test_it_is_one_script_at_lines_own_path_and_says_whose_it_is(channel: control.Channel) -> None:
    """[9.3]: the edge path and fixed versions; nothing of LINE's own SDK is in it."""
    async with aiohttp.ClientSession() as session:
        for version in ("2", "versions/2.29.2"):
            async with session.get(f"{channel.api_url}/cdn/liff/edge/{version}/sdk.js") as answer:
                assert answer.status == 200
                assert answer.headers["Content-Type"].startswith("text/javascript")
                assert "simulator's stand-in" in await answer.text()
        for path in ("/cdn/liff/edge/1/sdk.js", "/cdn/liff/edge/2/other.js"):
            async with session.get(channel.api_url + path) as answer:
                assert answer.status == 404

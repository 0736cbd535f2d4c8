"""LIFF URLs opened: in a browser and in LINE, the screens before the app, and the address it starts at."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Line
from tests.simulator_checks.logins import Visitor, browser, header, payload, verified

ENDPOINT = "https://example.com/2020campaign/?key=value"
REST = "/path_A/?key1=value1#URL-fragment"
MISSING = "ページが見つかりません"


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel(name="受付")


@pytest.fixture
async def app(login: control.LoginChannel) -> control.LiffApp:
    return await login.liff_app(endpoint=ENDPOINT)


@pytest.fixture
async def visitor(channel: control.Channel) -> AsyncIterator[Visitor]:
    async with browser(channel.api_url) as visitor:
        yield visitor


# --- in a browser -------------------------------------------------------------------------------------------


async def test_a_browser_is_led_to_the_endpoint_with_what_stood_behind_the_id(
    app: control.LiffApp, visitor: Visitor
) -> None:
    """[LG:opening-liff-app]: the primary redirect; a browser keeps the fragment itself."""
    page = await visitor.get(app.address + "/path_A/?key1=value1&x=%E3%81%82")
    assert page.to.startswith(ENDPOINT + "&liff.state=")
    assert page.told["liff.state"] == "/path_A/?key1=value1&x=%E3%81%82"
    assert page.fragment == {}


@pytest.mark.parametrize("rest", ["", "/"])
async def test_without_anything_behind_the_id_there_is_no_state(
    app: control.LiffApp, visitor: Visitor, rest: str
) -> None:
    """[LG:opening-liff-app]: liff.state is omitted."""
    assert (await visitor.get(app.address + rest)).to == ENDPOINT


async def test_an_app_that_is_nowhere_or_off_has_a_page_that_says_so(
    app: control.LiffApp, login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    for address in (f"{login.liff_url}/1234567890-AbcdEfgh", f"{login.liff_url}/", f"{login.liff_url}/v9/x"):
        page = await visitor.get(address)
        assert (page.status, page.heading) == (404, MISSING)
    in_line = await app.opened_by(tanaka)
    await app.change(off=True)
    for address in (app.address, in_line):
        assert (await visitor.get(address)).status == 404
    await app.change(off=False)
    assert (await visitor.get(app.address)).to == ENDPOINT


async def test_a_mini_app_is_at_home_at_both_addresses(login: control.LoginChannel, visitor: Visitor) -> None:
    """[LG:opening-liff-app]: miniapp.line.me is for MINI Apps only."""
    mini = await login.liff_app(endpoint=ENDPOINT, mini=True)
    plain = await login.liff_app(endpoint=ENDPOINT)
    assert mini.address == f"{login.miniapp_url}/{mini.id}"
    assert (await visitor.get(mini.address + "/x")).told["liff.state"] == "/x"
    assert (await visitor.get(f"{login.liff_url}/{mini.id}/x")).told["liff.state"] == "/x"
    assert (await visitor.get(f"{login.miniapp_url}/{plain.id}")).status == 404


# --- in LINE ------------------------------------------------------------------------------------------------


async def test_line_asks_for_consent_and_then_opens_the_app_with_tokens(
    app: control.LiffApp, login: control.LoginChannel, visitor: Visitor, tanaka: control.User, line: Line
) -> None:
    """[LG:opening-liff-app, LR#initialize-liff-app]: access token, ID token by ES256, context; the state is whole."""
    screen = await visitor.get(await app.opened_by(tanaka, REST))
    assert screen.heading == "受付"
    assert "田中 花子 さんに" in screen.text
    page = await visitor.press("agree", "chat_message.write")
    assert page.to.startswith(ENDPOINT + "&liff.state=")
    assert page.told["liff.state"] == REST
    assert set(page.fragment) == {"access_token", "context_token", "id_token"}
    token = page.fragment["id_token"]
    assert header(token)["alg"] == "ES256"
    assert payload(token)["sub"] == tanaka.id
    assert (await verified(line, login, token)).status == 200
    access = await line.get(f"/oauth2/v2.1/verify?access_token={page.fragment['access_token']}")
    assert 12 * 3600 - 60 < access.body["expires_in"] <= 12 * 3600
    assert access.body["scope"] == "openid profile chat_message.write"


async def test_consent_is_asked_once_for_all_apps_of_a_channel(
    app: control.LiffApp, login: control.LoginChannel, visitor: Visitor, tanaka: control.User, channel: control.Channel
) -> None:
    """[9.5]: first-time consent once per channel."""
    await visitor.get(await app.opened_by(tanaka))
    await visitor.press("agree", "chat_message.write")
    second = await login.liff_app(endpoint="https://example.com/two")
    assert (await visitor.get(await second.opened_by(tanaka))).to.startswith("https://example.com/two#")
    other = await (await channel.login_channel(name="べつの店")).liff_app(endpoint=ENDPOINT)
    assert "許可する" in (await visitor.get(await other.opened_by(tanaka))).text


async def test_an_app_that_wants_more_later_asks_again(
    app: control.LiffApp, visitor: Visitor, tanaka: control.User
) -> None:
    await app.change(scopes=["profile"])
    await visitor.get(await app.opened_by(tanaka))
    assert "id_token" not in (await visitor.press("agree")).fragment
    await app.change(scopes=["profile", "openid"])
    assert "内部識別子" in (await visitor.get(await app.opened_by(tanaka))).text
    assert "id_token" in (await visitor.press("agree")).fragment


async def test_who_cancels_sees_the_app_close(app: control.LiffApp, visitor: Visitor, tanaka: control.User) -> None:
    await visitor.get(await app.opened_by(tanaka))
    page = await visitor.press("cancel")
    assert (page.heading, page.to) == ("キャンセルしました", "")
    assert "/access/static/close.js" in page.text
    assert "許可する" in (await visitor.get(await app.opened_by(tanaka))).text


async def test_an_aggressive_app_asks_for_friendship_after_the_consent_and_comes_back(
    login: control.LoginChannel, visitor: Visitor, channel: control.Channel
) -> None:
    """[9.5]: the same address of the app, whatever the answer."""
    app = await login.liff_app(endpoint=ENDPOINT, bot_prompt="aggressive")
    for name, button, state in (("鈴木", "add", "friend"), ("山田", "later", "stranger")):
        user = await channel.user(name)
        await visitor.get(await app.opened_by(user, REST))
        assert "友だちに追加しますか" in (await visitor.press("agree")).text
        page = await visitor.press(button)
        assert page.told["liff.state"] == REST
        assert (await user.about())["state"] == state


async def test_friendship_is_asked_for_at_every_opening_where_the_knob_says_so(
    login: control.LoginChannel, visitor: Visitor, channel: control.Channel
) -> None:
    """Whether LINE asks again without a consent screen is not documented [?]: off unless set, once in a visit."""
    app = await login.liff_app(endpoint=ENDPOINT, bot_prompt="aggressive")
    suzuki = await channel.user("鈴木 一郎")
    await login.consents(suzuki)
    assert (await visitor.get(await app.opened_by(suzuki))).to.startswith(ENDPOINT)
    await login.change(friend_again=True)
    for _ in range(2):
        assert "友だちに追加しますか" in (await visitor.get(await app.opened_by(suzuki))).text
        assert (await visitor.press("later")).to.startswith(ENDPOINT)


async def test_the_note_of_who_opens_it_cannot_be_made_up_and_ends_after_an_hour(
    app: control.LiffApp,
    login: control.LoginChannel,
    visitor: Visitor,
    tanaka: control.User,
    channel: control.Channel,
) -> None:
    """A wrong note makes it an ordinary browser."""
    await login.consents(tanaka)
    address = await app.opened_by(tanaka)
    assert "access_token" in (await visitor.get(address)).fragment
    for wrong in (address[:-3] + "xyz", app.address + "?simulator=x", app.address + "?simulator="):
        assert (await visitor.get(wrong)).fragment == {}, wrong
    other = await login.liff_app(endpoint="https://example.com/two")
    note = urlsplit(address).query
    assert (await visitor.get(f"{other.address}?{note}")).to.startswith("https://example.com/two#")
    await channel.advance(seconds=3_601)
    assert (await visitor.get(address)).fragment == {}


async def test_a_tapped_address_is_a_liff_app_or_not(
    app: control.LiffApp, login: control.LoginChannel, channel: control.Channel, tanaka: control.User
) -> None:
    """What the phones page asks before it opens a sheet; LINE's own hosts are understood."""
    await app.change(size="tall", description="予約", module_mode=True)

    async def tap(uri: str) -> dict[str, object] | None:
        found: dict[str, object] | None = (await channel.ask("POST", f"/people/{tanaka.id}/open", {"uri": uri}))["liff"]
        return found

    for host in (login.liff_url, "https://liff.line.me", "https://miniapp.line.me"):
        found = await tap(f"{host}/{app.id}/x?y=1#z")
        assert found is not None
        assert {**found, "url": None} == {
            "id": app.id,
            "size": "tall",
            "module_mode": True,
            "name": "予約",
            "url": None,
        }
    for uri in (ENDPOINT, "https://liff.line.me.evil.example/" + app.id, f"{login.liff_url}/1234567890-AbcdEfgh"):
        assert await tap(uri) is None


async def test_only_a_member_opens_an_app_from_a_group(
    app: control.LiffApp, channel: control.Channel, tanaka: control.User, group: control.Group
) -> None:
    with pytest.raises(control.Declined, match="is not in"):
        await app.opened_by(tanaka, in_group=group)


async def test_an_app_opened_from_another_app_knows_where_from(
    app: control.LiffApp, login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """liff.referrer [LG:opening-liff-app]"""
    await login.consents(tanaka)
    page = await visitor.get(await app.opened_by(tanaka, "/x", referrer="https://first.example.com/"))
    assert page.told["liff.referrer"] == "https://first.example.com/"
    assert page.told["liff.state"] == "/x"

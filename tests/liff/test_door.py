"""The door page: what stands in the place of every page until LINE has told who is there."""

import dataclasses
import re

import pytest

from bot import server, settings, wiring
from tests.liff.conftest import Site
from tests.simulator import control

PATH = "/f/3?x=1"


async def test_it_stands_at_lines_first_landing_and_lets_only_lines_sdk_in(
    site: Site, channel: control.Channel
) -> None:
    visit = await site.arrives(await channel.user("田中 花子"), PATH)
    await visit.get("/?liff.state=%2Ff%2F3%3Fx%3D1")
    assert (visit.status, visit.at_the_door, visit.token) == (200, True, "")
    assert visit.island("visit-data") == {"token": "", "sdk": site.login.sdk_url, "liff": site.app.id}
    nonce = re.search(r'<script nonce="([^"]+)"', visit.text)
    assert nonce is not None
    policy = dict(one.split(" ", 1) for one in visit.headers["Content-Security-Policy"].split("; "))
    simulator = site.login.base_url
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == f"'nonce-{nonce[1]}' {simulator}"
    assert policy["style-src"] == f"'nonce-{nonce[1]}'"
    assert policy["connect-src"] == f"'self' {simulator}"
    assert policy["frame-ancestors"] == simulator
    assert (policy["base-uri"], policy["form-action"]) == ("'none'", "'self'")
    assert visit.headers["Cache-Control"] == "no-store"
    assert visit.headers["X-Content-Type-Options"] == "nosniff"
    assert visit.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in visit.headers["Permissions-Policy"]
    assert not re.search(r"\son[a-z]+=|\sstyle=", visit.text)
    first = visit.text
    assert (await visit.get()).text != first  # another nonce


async def test_it_forgets_who_was_here_before_when_line_opens_a_page(site: Site, channel: control.Channel) -> None:
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    visit = await site.visit(tanaka, "/here")
    assert not visit.at_the_door
    await visit.get("/?liff.state=%2Fhere")
    assert (await visit.get("/here")).at_the_door


async def test_it_shows_where_to_go_when_nothing_was_opened(site: Site) -> None:
    async with site.browser().get(f"{site.origin}/") as answer:
        assert (answer.status, "お店のトークにあるボタンから" in await answer.text()) == (200, True)


@pytest.mark.parametrize(
    "state", ["https://evil.example/", "//evil.example", '/"><script>alert(1)</script>', "/" + "x" * 5000]
)
async def test_it_puts_nothing_hostile_into_the_page(site: Site, state: str) -> None:
    async with site.browser().get(f"{site.origin}/", params={"liff.state": state}) as answer:
        text = await answer.text()
    assert answer.status == 200
    assert "<script>alert" not in text
    assert all(found.startswith(site.app.address) for found in re.findall(r'href="([^"]*)" data-in-line', text))


async def test_it_speaks_english_with_whoever_does(site: Site, channel: control.Channel) -> None:
    visit = await site.arrives(await channel.user("Mary"), "/here", language="en-GB,ja;q=0.5")
    assert '<html lang="en">' in visit.text
    assert "Checking with LINE" in visit.text
    status, told = await visit.log_in()
    assert (status, told["state"]) == (403, "add")
    assert "Please add us as a friend" in told["html"]


async def test_its_files_are_kept_for_good_under_names_that_change(site: Site, channel: control.Channel) -> None:
    visit = await site.arrives(await channel.user("田中 花子"), "/here")
    files = re.findall(r'(?:src|href)="(/liff/static/[^"]+)"', visit.text)
    assert {re.sub(r"\.[0-9a-f]{10}\.", ".", one) for one in files} == {
        f"/liff/static/{name}" for name in ("page.css", "door.css", "visit.js", "door.js")
    }
    for file in files:
        async with visit.browser.get(site.origin + file) as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Content-Encoding"] == "gzip"
    other = re.sub(r"\.[0-9a-f]{10}\.", ".0123456789.", files[0])
    async with visit.browser.get(site.origin + other) as answer:  # a page of the version before
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    for nothing in ("/liff/static/other.0123456789.js", "/liff/static/..%2fpages.0123456789.py"):
        async with visit.browser.get(site.origin + nothing) as answer:
            assert answer.status == 404


async def test_it_opens_under_the_address_of_a_mini_app(site: Site, channel: control.Channel) -> None:
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    await site.app.change(mini=True)
    assert site.app.address.startswith(site.login.miniapp_url)
    assert not (await site.visit(tanaka, "/here")).at_the_door


class TestWithoutLineLogin:
    @pytest.fixture
    def bot_settings(self, bot_settings: settings.Settings) -> settings.Settings:
        return bot_settings.model_copy(update={"liff_login": False})

    async def test_it_leads_from_outside_into_line(self, site: Site) -> None:
        async with site.browser().get(site.origin + PATH.replace("/f/3", "/here")) as answer:
            text = await answer.text()
        assert 'id="say-outside"' in text
        assert '<svg viewBox="' in text
        assert f'href="{site.app.address}/here?x=1"' in text
        assert '{"outside":false}' in text


async def test_nobody_comes_in_where_no_liff_app_is_set(house: wiring.House) -> None:
    bare = house.settings.model_copy(update={"liff_id": "", "line_login_channel_id": ""})
    async with server.serving(dataclasses.replace(house, settings=bare)) as served:
        site = Site(house, f"http://127.0.0.1:{served.port}", None, None)  # type: ignore[arg-type]
        async with site.browser() as browser, browser.get(f"{site.origin}/?liff.state=%2Ff%2F3") as answer:
            assert (answer.status, "準備中" in await answer.text()) == (503, True)

"""The page on which people link their LINE account with a shop's own, as phones and browsers meet it."""

import re
from dataclasses import dataclass

import aiohttp
import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.bots import Bot, Line

NONCE = "nonce-of-the-shop"
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True)
class Shown:
    status: int
    words: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Hidden fields and buttons, in order."""
        return FIELD.findall(self.words)


async def issued(line: Line, user: User) -> str:
    return str((await line.post(f"/v2/bot/user/{user.id}/linkToken")).body["linkToken"])


async def asked(address: str, fields: dict[str, str] | None = None) -> Shown:
    method = "GET" if fields is None else "POST"
    async with aiohttp.ClientSession() as session, session.request(method, address, data=fields) as answer:
        return Shown(answer.status, await answer.text())


def address(channel: Channel, token: str, nonce: str = NONCE) -> str:
    return f"{channel.api_url}/access/dialog/bot/accountLink?linkToken={token}&nonce={nonce}"


async def on_phone(user: User, url: str) -> str:
    """Where the address leads when that person taps it."""
    found = await user.channel.ask("POST", f"/people/{user.id}/open", {"uri": url})
    assert found["liff"] is None
    return str(found["account_link"])


@pytest.mark.parametrize("host", ["https://access.line.me", None])
async def test_it_asks_the_holder_of_the_phone_and_links_with_one_press(
    channel: Channel, bot: Bot, line: Line, tanaka: User, host: str | None
) -> None:
    url = address(channel, await issued(line, tanaka))
    if host is not None:
        url = url.replace(f"{channel.api_url}/access", host)
    there = await on_phone(tanaka, url)
    told = len(bot.events)
    page = await asked(there)
    assert page.status == 200
    assert "田中 花子 さんのLINEと" in page.words
    assert [value for name, value in page.fields if name == "do"] == [f"person {tanaka.id}", "cancel"]
    fields = dict(page.fields)
    assert "閉じてかまいません" in (await asked(there, fields)).words
    assert len(bot.events) == told
    done = await asked(there, {**fields, "do": f"person {tanaka.id}"})
    assert "<h1>連携しました</h1>" in done.words
    event = await bot.hears("accountLink")
    assert event["link"] == {"result": "ok", "nonce": NONCE}
    assert event["source"]["userId"] == tanaka.id
    again = await asked(there)
    assert again.status == 400
    assert "もう使われています" in again.words


async def test_it_asks_a_browser_who_it_is_and_names_the_owner_of_the_token_first(
    channel: Channel, line: Line, tanaka: User
) -> None:
    suzuki = await channel.user("鈴木 一郎")
    page = await asked(address(channel, await issued(line, suzuki)))
    assert [value for name, value in page.fields if name == "do"] == [f"person {suzuki.id}", f"person {tanaka.id}"]


async def test_it_tells_of_a_link_that_failed_because_the_token_is_somebody_elses(
    channel: Channel, bot: Bot, line: Line, tanaka: User
) -> None:
    """on failed both source and replyToken are absent [R#account-link-event]"""
    suzuki = await channel.user("鈴木 一郎")
    there = await on_phone(suzuki, address(channel, await issued(line, tanaka)))
    page = await asked(there)
    done = await asked(there, {**dict(page.fields), "do": f"person {suzuki.id}"})
    assert "別の人のために発行された" in done.words
    event = await bot.hears("accountLink")
    assert event["link"]["result"] == "failed"
    assert not {"source", "replyToken"} & event.keys()


async def test_it_shows_an_error_and_tells_nothing_when_the_token_is_too_old_or_the_address_wrong(
    channel: Channel, bot: Bot, line: Line, tanaka: User
) -> None:
    """too old: an error for the user and no event [R#issue-link-token, G:linking-accounts]"""
    token = await issued(line, tanaka)
    told = len(bot.events)
    for wrong in (address(channel, "nobodys"), address(channel, token, "short"), address(channel, token, "")):
        assert (await asked(wrong)).status == 400
    hostile = await asked(address(channel, token, "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"))
    assert hostile.status == 200
    assert "<script>" not in hostile.words
    await channel.advance(minutes=10)
    for fields in (None, {"linkToken": token, "nonce": NONCE, "do": f"person {tanaka.id}"}):
        page = await asked(address(channel, token), fields)
        assert page.status == 400
        assert "有効期限" in page.words
    assert len(bot.events) == told

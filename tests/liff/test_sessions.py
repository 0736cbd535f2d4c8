"""Sessions of customers' pages: who gets one, how long it lasts, and everything that is no session."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import door, settings
from liff import visitor
from storage import clock, database
from tests.liff.conftest import Site, Visit
from tests.simulator import control


@pytest.fixture
async def tanaka(channel: control.Channel, site: Site) -> control.User:
    person = await channel.user("田中 花子")
    await person.follow()
    return person


async def deed(visit: Visit, **attack: Any) -> tuple[int, Any]:
    return await visit.post("/here", {"a": 1}, **attack)


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["code"]


async def test_a_friend_comes_in_and_is_known_by_nothing_but_the_cookie(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    friend = await database.value("SELECT id FROM friends WHERE line_user_id = $1", tanaka.id)
    assert f"#F{friend}" in visit.text
    assert await deed(visit) == (200, {"friend": friend, "a": 1})
    told = (await visit.log_in(), visit.headers["Set-Cookie"])[1]
    assert all(part in told for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7200"))
    assert tanaka.id not in visit.text
    assert visit.id_token not in visit.text


async def test_it_ends_after_two_hours_and_a_fresh_login_goes_on(
    site: Site, tanaka: control.User, channel: control.Channel
) -> None:
    visit = await site.visit(tanaka, "/here")
    token = visit.token
    await clock.move(await clock.now() + timedelta(hours=1, minutes=59))
    assert not (await visit.get()).at_the_door
    await channel.advance(hours=2)
    assert (await visit.get()).at_the_door
    assert code(await deed(visit, token=token)) == (401, "again")
    assert code(await visit.log_in()) == (401, "expired")
    assert not (await site.visit(tanaka, "/here", visit.browser)).at_the_door


async def test_a_deed_needs_the_token_of_this_very_session(
    site: Site, tanaka: control.User, channel: control.Channel
) -> None:
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    mine, theirs = await site.visit(tanaka, "/here"), await site.visit(suzuki, "/here")
    for token in (None, theirs.token, mine.token[:-1], "é" * 43):
        visit = await site.visit(tanaka, "/here")
        assert code(await deed(visit, token=token)) == (401, "again")
        assert (await visit.get()).at_the_door  # whoever is here shall say so anew
    before = mine.token
    await site.visit(suzuki, "/here", mine.browser)  # somebody else takes the same phone
    assert code(await deed(mine, token=before)) == (401, "again")


async def test_pages_of_others_can_post_nothing(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    for origin in (None, "null", "https://evil.example", f"{site.origin}.evil.example", f"{site.origin}0"):
        assert code(await deed(visit, origin=origin)) == (403, "origin")
        tokens = {"id_token": visit.id_token, "access_token": visit.access_token}
        assert code(await visit.post("/liff/session", tokens, origin=origin)) == (403, "origin")
    assert (await deed(visit))[0] == 200


async def test_a_forged_cookie_opens_nothing(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    friend, until, chance, signature = visit.cookie("visit").split(".")
    for forged in (
        f"{int(friend) + 1}.{until}.{chance}.{signature}",
        f"{friend}.{int(until) + 3600}.{chance}.{signature}",
        f"{friend}.{until}.{chance}.{'A' * 43}",
        f"{friend}.{until}.{chance}.",
        f"{friend}.{until}",
        f"{friend}.{'9' * 11}.{chance}.{signature}",
        "",
    ):
        async with aiohttp.ClientSession(cookies={"ayumi-visit": forged}) as browser:
            assert (await Visit(site, browser, "/here").get()).at_the_door
    async with aiohttp.ClientSession(cookies={"ayumi-visit": visit.cookie("visit")}) as browser:
        assert not (await Visit(site, browser, "/here").get()).at_the_door


async def test_an_id_token_is_good_for_the_first_browser_only(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    assert (await visit.log_in())[0] == 200
    thief = await site.arrives(tanaka, "/here")
    thief.id_token = visit.id_token
    assert code(await thief.log_in()) == (401, "replayed")
    assert (await thief.get()).at_the_door
    bare = Visit(site, site.browser(), "/here", visit.id_token)
    assert code(await bare.post("/liff/session", {"id_token": visit.id_token}, token=None)) == (400, "cookies")


async def test_who_is_no_friend_is_asked_to_add_the_account_and_then_goes_on(
    site: Site, channel: control.Channel
) -> None:
    person = await channel.user("佐々木 新")
    visit = await site.arrives(person, "/here")
    status, told = await visit.log_in()
    assert (status, told["state"]) == (403, "add")
    assert "友だち追加のお願い" in told["html"]
    assert 'href="https://line.me/R/ti/p/%40' in told["html"]
    assert "<svg" in told["html"]
    assert (await visit.get()).at_the_door
    await person.follow()
    assert (await visit.log_in())[0] == 200
    assert not (await visit.get()).at_the_door


async def test_a_friend_whom_the_bot_has_never_met_is_registered(site: Site, channel: control.Channel) -> None:
    await channel.change(webhook_url=None)
    person = await channel.user("古川 友")
    await person.follow()
    await site.visit(person, "/here")
    found = await database.row("SELECT line_name FROM friends WHERE line_user_id = $1", person.id)
    assert found == {"line_name": "古川 友"}


async def test_who_blocks_us_is_asked_to_add_the_account_again(site: Site, tanaka: control.User) -> None:
    await site.visit(tanaka, "/here")
    await tanaka.block()
    await database.run("UPDATE friends SET blocked_us = true")  # whatever the lane has come to
    visit = await site.arrives(tanaka, "/here")
    assert (await visit.log_in())[1]["state"] == "add"
    await tanaka.unblock()
    assert (await visit.log_in())[0] == 200


async def test_whom_the_shop_blocks_sees_a_page_that_says_no_more(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    await database.run("UPDATE friends SET blocked_by_us = true")
    await visit.get()
    assert (visit.status, "ご利用いただけません" in visit.text, "#F" in visit.text) == (403, True, False)
    other = await site.arrives(tanaka, "/here")
    status, told = await other.log_in()
    assert (status, told["state"], "ブロック" in told["html"]) == (403, "refused", False)


@pytest.mark.parametrize(
    ("linked", "state", "told"), [(True, "provider", "別のプロバイダーにある"), (False, "add", "リンクされていない")]
)
async def test_staff_hear_once_a_day_that_visitors_are_strangers_to_the_bot(
    site: Site, channel: control.Channel, tanaka: control.User, linked: bool, state: str, told: str
) -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, role, joined_at)"
        " VALUES ('C1', '管理', 'claimed', 'owner', now())"
    )
    await site.login.change(provider="別の会社", linked=False)
    await site.login.change(linked=linked)
    for wanted in (1, 1, 2):
        visit = await site.arrives(tanaka, "/here")
        status, answer = await visit.log_in()
        assert (status, answer["state"]) == (403, state)
        notices = await database.rows("SELECT convert_from(body, 'UTF8') AS body FROM outbox WHERE class = 'staff'")
        assert len(notices) == wanted
        assert told in notices[-1]["body"]
        await database.run("UPDATE outbox SET state = 'accepted' WHERE class = 'staff'")  # it has been read
        await channel.advance(hours=13)
    assert await database.value("SELECT count(*) FROM friends WHERE line_user_id <> $1", tanaka.id) == 0


async def test_the_session_of_somebody_erased_is_none(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    friend = await database.value("SELECT id FROM friends WHERE line_user_id = $1", tanaka.id)
    await database.run("DELETE FROM friend_events WHERE friend_id = $1", friend)
    await database.run("DELETE FROM friends WHERE id = $1", friend)
    assert (await visit.get()).at_the_door
    assert code(await deed(visit, token="x" * 43)) == (401, "again")


async def test_bodies_have_bounds(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    for given, status in ((b'{"a":"' + b"x" * 70_000 + b'"}', 413), (b"{", 400), (b"[1]", 400), (b"\xff", 400)):
        assert (await visit.post("/here", given))[0] == status
    assert (await visit.post("/here", b"a=1", headers={"Content-Type": "application/x-www-form-urlencoded"}))[0] == 415
    for tokens in ({}, {"id_token": 5}, {"id_token": "x", "access_token": []}):
        assert (await visit.post("/liff/session", tokens, token=None))[0] == 400
    assert code(await visit.post("/liff/session", {"id_token": "x.y.z"}, token=None)) == (401, "malformed")


async def test_who_posts_without_a_rest_is_told_to_wait(
    site: Site, tanaka: control.User, channel: control.Channel
) -> None:
    visit = await site.visit(tanaka, "/here")
    calls = 0
    while (answer := await deed(visit))[0] == 200 and calls < 2_000:
        calls += 1
    assert calls >= 120
    assert code(answer) == (429, "often")
    assert 1 <= int(visit.headers["Retry-After"]) <= 60
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    assert (await deed(await site.visit(suzuki, "/here")))[0] == 200


class TestWithSeveralKeys:
    @pytest.fixture
    def bot_settings(self, bot_settings: settings.Settings) -> settings.Settings:
        return bot_settings.model_copy(update={"secret_key": ["n" * 32, *bot_settings.secret_key]})

    async def test_what_an_older_key_has_signed_still_counts(self, site: Site, tanaka: control.User) -> None:
        before = replace(door.of(site.house), keys=site.house.settings.secret_key[1:])
        foreign = replace(before, keys=["z" * 32])
        await site.visit(tanaka, "/here")
        friend = await database.value("SELECT id FROM friends WHERE line_user_id = $1", tanaka.id)
        for signed_by, at_the_door in ((before, False), (foreign, True)):
            answer = web.Response()
            visitor.begin(signed_by, answer, friend, await clock.now())
            async with aiohttp.ClientSession(cookies={"ayumi-visit": answer.cookies["ayumi-visit"].value}) as browser:
                visit = await Visit(site, browser, "/here").get()
                assert visit.at_the_door is at_the_door
                if not at_the_door:
                    assert (await deed(visit))[0] == 200

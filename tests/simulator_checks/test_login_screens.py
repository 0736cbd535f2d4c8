"""LINE Login's request and its screens: whose phone, consent, add friend, and what the application is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line
from tests.simulator_checks.logins import CALLBACK, CHALLENGE, Visitor, browser, exchange, payload

SLACK = 60
WHO = "だれのLINEでログインしますか"
LATE = "この画面は終わっています"


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel(callback=CALLBACK, name="受付", email=True)


@pytest.fixture
async def visitor(login: control.LoginChannel) -> AsyncIterator[Visitor]:
    async with browser(login.base_url) as visitor:
        yield visitor


@pytest.fixture
async def suzuki(channel: control.Channel) -> control.User:
    """No friend yet."""
    return await channel.user("鈴木 一郎")


async def heard(bot: Bot, kind: str) -> list[str]:
    """Who the events of that type came from, once there is one."""
    for _ in range(200):
        found = [event["source"]["userId"] for event in bot.events if event["type"] == kind]
        if found:
            return found
        await asyncio.sleep(0.02)
    return []


# --- the way through ----------------------------------------------------------------------------------------


async def test_it_leads_from_the_cast_over_the_consent_to_the_callback(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User, line: Line
) -> None:
    """[LLG:integrate-line-login]"""
    first = await visitor.authorize(login)
    assert (first.status, first.heading) == (200, WHO)
    assert "田中 花子" in first.text
    second = await visitor.press(f"person {tanaka.id}")
    assert second.heading == "受付"
    assert "プロフィール情報" in second.text
    third = await visitor.press("agree")
    assert third.to.startswith(CALLBACK + "?")
    assert third.told["state"] == "12345abcde"
    assert set(third.told) == {"code", "state"}
    answer = await exchange(line, login, third.told["code"])
    assert payload(answer.body["id_token"])["amr"] == ["pwd"]


async def test_every_screen_says_that_it_is_a_simulator_and_runs_no_foreign_script(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    for page in (
        await visitor.authorize(login),
        await visitor.press(f"person {tanaka.id}"),
        await visitor.get(f"{login.base_url}/access/login/none"),
        await visitor.get(f"{login.liff_url}/none"),
    ):
        assert "シミュレーター：本物のLINEではありません" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


async def test_names_are_never_markup(channel: control.Channel, visitor: Visitor) -> None:
    hostile = "<script>alert(1)</script>\"'&"
    user = await channel.user(hostile)
    login = await channel.login_channel(callback=CALLBACK, name=hostile)
    for page in (await visitor.authorize(login, bot_prompt="normal"), await visitor.press(f"person {user.id}")):
        assert "<script>" not in page.text
        assert "&lt;script&gt;" in page.text


async def test_a_consent_is_asked_once(login: control.LoginChannel, visitor: Visitor, tanaka: control.User) -> None:
    """[LLG:integrate-line-login]: not shown again when all permissions were granted; for a further one it is."""
    await visitor.authorize(login, scope="profile")
    await visitor.press(f"person {tanaka.id}")
    await visitor.press("agree")
    visitor.holds(await login.session_cookie(tanaka))
    assert "code" in (await visitor.authorize(login, scope="profile")).told
    assert "許可する" in (await visitor.authorize(login, scope="profile openid")).text
    await login.forgets(tanaka)
    assert "許可する" in (await visitor.authorize(login, scope="profile")).text


async def test_the_email_may_be_declined(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User, line: Line
) -> None:
    """[LLG:integrate-line-login]: optional on the screen; never named in scope [LL#issue-access-token]."""
    await login.change(emails={tanaka.id: "hanako@example.com"})
    visitor.holds(await login.session_cookie(tanaka))
    await visitor.authorize(login, scope="openid email")
    declined = await exchange(line, login, (await visitor.press("agree")).told["code"])
    assert "email" not in payload(declined.body["id_token"])
    await login.forgets(tanaka)
    await visitor.authorize(login, scope="openid email")
    given = await exchange(line, login, (await visitor.press("agree", "email")).told["code"])
    assert payload(given.body["id_token"])["email"] == "hanako@example.com"
    assert given.body["scope"] == "openid"


async def test_who_cancels_sends_the_application_access_denied(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """[LLG:integrate-line-login]"""
    await visitor.authorize(login)
    await visitor.press(f"person {tanaka.id}")
    page = await visitor.press("cancel")
    assert page.to == (
        CALLBACK + "?error=ACCESS_DENIED&error_description=The+resource+owner+denied+the+request.&state=12345abcde"
    )


# --- who is there already -----------------------------------------------------------------------------------


async def test_after_a_login_one_press_is_enough(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User, suzuki: control.User, line: Line
) -> None:
    """Single sign-on [LLG:integrate-line-login]; or somebody else logs in."""
    await visitor.authorize(login)
    await visitor.press(f"person {tanaka.id}")
    await visitor.press("agree")
    assert "田中 花子 さんとして続けますか" in (await visitor.authorize(login)).text
    page = await visitor.press(f"person {tanaka.id}")
    answer = await exchange(line, login, page.told["code"])
    assert payload(answer.body["id_token"])["amr"] == ["linesso"]
    await visitor.authorize(login)
    assert (await visitor.press("other")).heading == WHO
    assert "鈴木 一郎" in (await visitor.press(f"person {suzuki.id}")).text


async def test_a_phone_with_line_logs_in_by_itself_unless_told_not_to(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """Auto login, disable_auto_login, disable_ios_auto_login [LLG:integrate-line-login]."""
    visitor.holds(await login.session_cookie(tanaka))
    await login.consents(tanaka)
    assert "code" in (await visitor.authorize(login)).told
    for name in ("disable_auto_login", "disable_ios_auto_login"):
        assert "さんとして続けますか" in (await visitor.authorize(login, **{name: "true"})).text
        assert "code" in (await visitor.authorize(login, **{name: "false"})).told


async def test_prompt_says_which_screens_come(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """[LLG:integrate-line-login]: consent, login, none, and the errors of none."""
    assert (await visitor.authorize(login, prompt="none")).told["error"] == "LOGIN_REQUIRED"
    visitor.holds(await login.session_cookie(tanaka))
    assert (await visitor.authorize(login, prompt="none")).told["error"] == "INTERACTION_REQUIRED"
    await login.consents(tanaka)
    assert "code" in (await visitor.authorize(login, prompt="none")).told
    assert "許可する" in (await visitor.authorize(login, prompt="consent")).text
    assert "code" in (await visitor.press("agree")).told
    assert (await visitor.authorize(login, prompt="login")).heading == WHO
    visitor.holds(await login.session_cookie(tanaka, "browser"))
    assert (await visitor.authorize(login, prompt="none")).told["error"] == "INTERACTION_REQUIRED"


async def test_max_age_wants_a_fresh_login(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User, channel: control.Channel
) -> None:
    """[LLG:integrate-line-login]"""
    visitor.holds(await login.session_cookie(tanaka))
    await login.consents(tanaka)
    await channel.advance(seconds=600)
    assert "code" in (await visitor.authorize(login, max_age=str(600 + SLACK))).told
    assert (await visitor.authorize(login, max_age="599")).heading == WHO


async def test_nobody_is_logged_in_by_a_cookie_of_another_world(
    simulator: control.Simulator, login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    elsewhere = await simulator.new_channel()
    other = await elsewhere.login_channel()
    cookie = await other.session_cookie(await elsewhere.user("田中 花子"))
    visitor.holds(cookie)
    assert (await visitor.authorize(login)).heading == WHO
    visitor.holds({**cookie, "value": cookie["value"][:-2] + "xx"})
    assert (await visitor.authorize(login)).heading == WHO
    await elsewhere.close()


async def test_a_deleted_account_logs_in_no_more(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    await visitor.authorize(login)
    await tanaka.deletes_account()
    assert "田中 花子" not in (await visitor.get(visitor.at)).text
    assert (await visitor.press(f"person {tanaka.id}")).status == 404


# --- adding the account as a friend -------------------------------------------------------------------------


async def test_normal_offers_friendship_on_the_consent_screen(
    login: control.LoginChannel, visitor: Visitor, suzuki: control.User, bot: Bot
) -> None:
    """[LLG:link-a-bot]: an option, off at first; the callback tells what came of it."""
    visitor.holds(await login.session_cookie(suzuki))
    assert "友だちに追加する" in (await visitor.authorize(login, bot_prompt="normal")).text
    assert (await visitor.press("agree")).told["friendship_status_changed"] == "false"
    assert (await suzuki.about())["state"] == "stranger"
    await visitor.authorize(login, bot_prompt="normal", prompt="consent")
    assert (await visitor.press("agree", "friend")).told["friendship_status_changed"] == "true"
    assert (await suzuki.about())["state"] == "friend"
    assert await heard(bot, "follow") == [suzuki.id]


async def test_normal_tells_a_friend_so_and_offers_to_unblock(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """[LLG:link-a-bot]: the table of relations."""
    visitor.holds(await login.session_cookie(tanaka))
    assert "友だちに追加済みです" in (await visitor.authorize(login, bot_prompt="normal")).text
    assert (await visitor.press("agree", "friend")).told["friendship_status_changed"] == "false"
    await tanaka.block()
    await login.forgets(tanaka)
    assert "ブロックを解除する" in (await visitor.authorize(login, bot_prompt="normal")).text
    assert (await visitor.press("agree", "friend")).told["friendship_status_changed"] == "true"
    assert (await tanaka.about())["state"] == "friend"


async def test_aggressive_asks_on_a_screen_of_its_own_after_the_consent(
    login: control.LoginChannel, visitor: Visitor, suzuki: control.User, bot: Bot
) -> None:
    """[LLG:link-a-bot]"""
    visitor.holds(await login.session_cookie(suzuki))
    assert "友だち" not in (await visitor.authorize(login, bot_prompt="aggressive")).text
    assert "Ayumi を友だちに追加しますか" in (await visitor.press("agree")).text
    assert (await visitor.press("later")).told["friendship_status_changed"] == "false"
    await login.forgets(suzuki)
    await visitor.authorize(login, bot_prompt="aggressive")
    await visitor.press("agree")
    assert (await visitor.press("add")).told["friendship_status_changed"] == "true"
    assert await heard(bot, "follow") == [suzuki.id]


async def test_without_a_consent_screen_friendship_is_asked_for_only_where_the_knob_says_so(
    login: control.LoginChannel, visitor: Visitor, suzuki: control.User
) -> None:
    """[LLG:link-a-bot]: no parameter without the screen. Whether aggressive comes again is not documented [?]."""
    visitor.holds(await login.session_cookie(suzuki))
    await login.consents(suzuki)
    for prompt in ("normal", "aggressive"):
        assert "friendship_status_changed" not in (await visitor.authorize(login, bot_prompt=prompt)).told
    await login.change(friend_again=True)
    assert "友だちに追加しますか" in (await visitor.authorize(login, bot_prompt="aggressive")).text
    assert (await visitor.press("add")).told["friendship_status_changed"] == "true"


async def test_without_a_linked_account_nothing_is_offered(
    login: control.LoginChannel, visitor: Visitor, suzuki: control.User
) -> None:
    """[9.1]"""
    await login.change(linked=False)
    visitor.holds(await login.session_cookie(suzuki))
    assert "友だち" not in (await visitor.authorize(login, bot_prompt="normal")).text
    assert "friendship_status_changed" not in (await visitor.press("agree")).told


# --- requests that are wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "INVALID_REQUEST"),
        ({"response_type": "token"}, "UNSUPPORTED_RESPONSE_TYPE"),
        ({"state": None}, "INVALID_REQUEST"),
        ({"state": ""}, "INVALID_REQUEST"),
        ({"scope": None}, "INVALID_SCOPE"),
        ({"scope": "email"}, "INVALID_SCOPE"),
        ({"scope": "profile email"}, "INVALID_SCOPE"),
        ({"scope": "profile chat_message.write"}, "INVALID_SCOPE"),
        ({"prompt": "maybe"}, "INVALID_REQUEST"),
        ({"bot_prompt": "gentle"}, "INVALID_REQUEST"),
        ({"max_age": "-1"}, "INVALID_REQUEST"),
        ({"max_age": "9" * 5_000}, "INVALID_REQUEST"),
        ({"response_mode": "form_post"}, "INVALID_REQUEST"),
        ({"code_challenge": CHALLENGE}, "INVALID_REQUEST"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "INVALID_REQUEST"),
        ({"code_challenge": CHALLENGE[:-1], "code_challenge_method": "S256"}, "INVALID_REQUEST"),
        ({"code_challenge_method": "S256"}, "INVALID_REQUEST"),
    ],
)
async def test_the_application_is_told_what_was_wrong(
    login: control.LoginChannel, visitor: Visitor, changed: dict[str, str | None], error: str
) -> None:
    """[LLG:integrate-line-login]: the error codes."""
    page = await visitor.authorize(login, **changed)
    assert page.to.startswith(CALLBACK + "?")
    assert page.told["error"] == error
    assert page.told.get("state", "") == ("12345abcde" if "state" not in changed else changed["state"] or "")


async def test_email_needs_lines_permission(login: control.LoginChannel, visitor: Visitor) -> None:
    """[LLG:integrate-line-login]"""
    assert (await visitor.authorize(login, scope="openid email")).heading == WHO
    await login.change(email=False)
    assert (await visitor.authorize(login, scope="openid email")).told["error"] == "INVALID_SCOPE"


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "",
        CALLBACK + "/",
        CALLBACK + "/more",
        CALLBACK.replace("callback", "Callback"),
        CALLBACK.replace("https", "http"),
        CALLBACK.replace("example.com", "example.com.evil.example"),
        CALLBACK.replace("salon", "user@salon"),
        CALLBACK + "#here",
        "javascript:alert(1)",
        "https://[salon.example.com/callback",
    ],
)
async def test_only_a_registered_callback_is_answered(
    login: control.LoginChannel, visitor: Visitor, uri: str | None
) -> None:
    """[9.4]: anything else ends on a screen; nobody is redirected."""
    page = await visitor.authorize(login, redirect_uri=uri)
    assert (page.status, page.to, page.heading) == (400, "", "ログインできません")


async def test_a_callback_may_have_more_query_parameters(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    """[LLG:integrate-line-login]: you can add any query parameter."""
    visitor.holds(await login.session_cookie(tanaka))
    await login.consents(tanaka)
    page = await visitor.authorize(login, redirect_uri=CALLBACK + "?shop=1&x=%20")
    assert page.to.startswith(CALLBACK + "?shop=1&x=%20&code=")


async def test_parameters_about_the_looks_are_taken(login: control.LoginChannel, visitor: Visitor) -> None:
    """[LLG:integrate-line-login]: ui_locales, initial_amr_display, switch_amr; the screens here stay as they are."""
    page = await visitor.authorize(login, ui_locales="en-US ja", initial_amr_display="lineqr", switch_amr="false")
    assert (page.status, page.heading) == (200, WHO)


async def test_an_unknown_channel_ends_on_a_screen(login: control.LoginChannel, visitor: Visitor) -> None:
    page = await visitor.authorize(login, client_id="1234567890")
    assert (page.status, page.to) == (400, "")


# --- presses that do not belong -----------------------------------------------------------------------------


async def test_a_press_that_does_not_belong_to_the_screen_changes_nothing(
    login: control.LoginChannel, visitor: Visitor, tanaka: control.User
) -> None:
    await visitor.authorize(login)
    for do in ("agree", "add", "later", "cancel", "other", "", "person"):
        page = await visitor.press(do)
        assert page.heading == WHO or page.status == 404, do
    await visitor.press(f"person {tanaka.id}")
    assert "許可する" in (await visitor.press(f"person {tanaka.id}")).text
    assert "code" in (await visitor.press("agree")).told


async def test_a_finished_visit_is_over(login: control.LoginChannel, visitor: Visitor, tanaka: control.User) -> None:
    await visitor.authorize(login)
    await visitor.press(f"person {tanaka.id}")
    at = visitor.at
    await visitor.press("agree")
    visitor.at = at
    again = await visitor.press("agree")
    assert (again.status, again.heading) == (404, LATE)


async def test_a_visit_lasts_an_hour(login: control.LoginChannel, visitor: Visitor, channel: control.Channel) -> None:
    """How long LINE's screens wait is not documented [?]."""
    await visitor.authorize(login)
    await channel.advance(seconds=3_600 - SLACK)
    assert (await visitor.get(visitor.at)).heading == WHO
    await channel.advance(seconds=SLACK + 1)
    assert (await visitor.get(visitor.at)).heading == LATE

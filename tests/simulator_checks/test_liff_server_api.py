"""The LIFF server API: apps of a Login channel added, listed, changed, deleted; its limits and its tokens."""

from typing import Any

import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line, Reply
from tests.simulator_checks.logins import form

Json = dict[str, Any]

APPS = "/liff/v1/apps"
VIEW: Json = {"type": "full", "url": "https://salon.example.com/app"}


class Api:
    """The server API with the token of one Login channel."""

    def __init__(self, line: Line, token: str) -> None:
        self.line = line
        self.token = token

    async def add(self, **body: Any) -> Reply:
        return await self.line.post(APPS, {"view": VIEW, **body}, token=self.token)

    async def list(self) -> Reply:
        return await self.line.get(APPS, token=self.token)

    async def update(self, liff_id: str, **body: Any) -> Reply:
        return await self.line.ask("PUT", f"{APPS}/{liff_id}", body, token=self.token)

    async def delete(self, liff_id: str) -> Reply:
        return await self.line.ask("DELETE", f"{APPS}/{liff_id}", token=self.token)


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel()


@pytest.fixture
async def api(login: control.LoginChannel, line: Line) -> Api:
    return Api(line, await login.channel_token())


async def test_it_adds_an_app_with_lines_defaults(api: Api, login: control.LoginChannel) -> None:
    """[LS]: scope profile and chat_message.write, botPrompt none, concat."""
    added = await api.add()
    liff_id = added.body["liffId"]
    assert added.status == 200
    assert liff_id.startswith(f"{login.id}-")
    assert len(liff_id) == len("1234567890-AbcdEfgh")
    assert (await api.list()).body["apps"] == [
        {
            "liffId": liff_id,
            "view": VIEW,
            "features": {"qrCode": False},
            "permanentLinkPattern": "concat",
            "scope": ["profile", "chat_message.write"],
            "botPrompt": "none",
        }
    ]


async def test_it_keeps_all_that_an_app_is_given(api: Api) -> None:
    whole: Json = {
        "view": {"type": "compact", "url": "https://salon.example.com/?a=b", "moduleMode": True},
        "description": "予約フォーム",
        "features": {"ble": True, "qrCode": True},
        "permanentLinkPattern": "concat",
        "scope": ["openid", "profile"],
        "botPrompt": "aggressive",
    }
    added = await api.add(**whole)
    assert (await api.list()).body["apps"] == [{"liffId": added.body["liffId"], **whole}]


async def test_without_an_app_there_is_nothing_to_list(api: Api) -> None:
    """[LS]: 404."""
    assert (await api.list()).status == 404


async def test_a_channel_has_thirty_apps_and_no_thirty_first(api: Api) -> None:
    """[LS, LG:registering-liff-apps]"""
    ids = [(await api.add()).body["liffId"] for _ in range(30)]
    assert len(set(ids)) == 30
    assert (await api.add()).status == 400
    assert (await api.delete(ids[0])).status == 200
    assert (await api.add()).body["liffId"] not in ids


async def test_an_update_changes_only_what_it_names(api: Api) -> None:
    """[LS]"""
    liff_id = (await api.add(botPrompt="normal", features={"qrCode": True})).body["liffId"]
    assert (await api.update(liff_id, view={"url": "https://new.example.com"})).status == 200
    (app,) = (await api.list()).body["apps"]
    assert app["view"] == {"type": "full", "url": "https://new.example.com"}
    assert (app["botPrompt"], app["features"]) == ("normal", {"qrCode": True})


async def test_a_wrong_update_changes_nothing(api: Api) -> None:
    liff_id = (await api.add()).body["liffId"]
    before = (await api.list()).body
    refused = await api.update(liff_id, botPrompt="normal", view={"type": "tall", "url": "ftp://x"})
    assert (refused.status, refused.properties) == (400, ["view.url"])
    assert (await api.list()).body == before


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"view": {"type": "huge", "url": VIEW["url"]}}, "view.type"),
        ({"view": {"type": "full"}}, "view"),
        ({"view": {"url": VIEW["url"]}}, "view"),
        ({"view": {**VIEW, "url": "http://salon.example.com"}}, "view.url"),
        ({"view": {**VIEW, "url": VIEW["url"] + "#top"}}, "view.url"),
        ({"view": {**VIEW, "url": "https://"}}, "view.url"),
        ({"view": {**VIEW, "url": "https://[salon.example.com"}}, "view.url"),
        ({"view": {**VIEW, "url": 1}}, "view.url"),
        ({"view": {**VIEW, "moduleMode": "yes"}}, "view.moduleMode"),
        ({"description": "LINE予約"}, "description"),
        ({"description": "ＬＩＮＥ予約"}, "description"),
        ({"description": "ライン予約"}, "description"),
        ({"features": {"qrCode": 1}}, "features.qrCode"),
        ({"permanentLinkPattern": "replace"}, "permanentLinkPattern"),
        ({"scope": ["profile", "everything"]}, "scope"),
        ({"scope": "profile"}, "scope"),
        ({"scope": ["openid", "email"]}, "scope"),
        ({"botPrompt": "gentle"}, "botPrompt"),
    ],
)
async def test_it_refuses_what_line_refuses(api: Api, body: Json, wrong: str) -> None:
    """[LS, O liff.yml]; email needs LINE's permission [9.1]."""
    refused = await api.add(**body)
    assert (refused.status, refused.properties) == (400, [wrong])
    assert (await api.list()).status == 404


async def test_a_name_may_have_the_letters_of_line_within_a_word(api: Api) -> None:
    assert (await api.add(description="Online guidelines")).status == 200


async def test_plain_http_is_for_the_bots_own_origin(api: Api, bot: Bot) -> None:
    own = bot.url.removesuffix("/line/webhook")
    assert (await api.add(view={"type": "full", "url": f"{own}/app"})).status == 200
    assert (await api.add(view={"type": "full", "url": f"{own}9/app"})).status == 400


async def test_no_app_of_another_channel_can_be_touched(api: Api, channel: control.Channel, line: Line) -> None:
    """[LS]: 404, as for one that is nowhere."""
    other = Api(line, await (await channel.login_channel(name="べつの店")).channel_token())
    liff_id = (await api.add()).body["liffId"]
    for wrong in (await other.update(liff_id, botPrompt="normal"), await other.delete(liff_id), await other.list()):
        assert wrong.status == 404
    assert (await api.delete("1234567890-AbcdEfgh")).status == 404
    assert (await api.delete(liff_id)).status == 200
    assert (await api.list()).status == 404


async def test_it_wants_a_token_of_the_login_channel(
    api: Api, login: control.LoginChannel, channel: control.Channel, line: Line, tanaka: control.User
) -> None:
    """[LS]: neither the messaging channel's own token nor a person's."""
    for token in (channel.token, (await login.tokens(tanaka))["access_token"], "x"):
        assert (await Api(line, token).add()).status == 401
        assert (await Api(line, token).list()).status == 401


async def test_a_stateless_token_lives_fifteen_minutes(
    login: control.LoginChannel, line: Line, channel: control.Channel
) -> None:
    """[R#issue-stateless-channel-access-token]"""
    fields = {"grant_type": "client_credentials", "client_id": login.id, "client_secret": login.secret}
    issued = await form(line, "/oauth2/v3/token", **fields)
    assert (issued.status, issued.body["expires_in"], issued.body["token_type"]) == (200, 900, "Bearer")
    api = Api(line, issued.body["access_token"])
    await channel.advance(seconds=840)
    assert (await api.add()).status == 200
    await channel.advance(seconds=61)
    assert (await api.add()).status == 401
    refused = await form(line, "/oauth2/v3/token", **{**fields, "client_secret": "no"})
    assert (refused.status, refused.body["error"]) == (400, "invalid_client")


async def test_the_thirty_first_short_lived_token_ends_the_first(login: control.LoginChannel, line: Line) -> None:
    """[section 8]: 30 of them, each 30 days."""
    fields = {"grant_type": "client_credentials", "client_id": login.id, "client_secret": login.secret}
    issued = [await form(line, "/v2/oauth/accessToken", **fields) for _ in range(30)]
    assert {one.body["expires_in"] for one in issued} == {2_592_000}
    first, second = (Api(line, one.body["access_token"]) for one in issued[:2])
    assert (await first.add()).status == 200
    await form(line, "/v2/oauth/accessToken", **fields)
    assert (await first.add()).status == 401
    assert (await second.add()).status == 200

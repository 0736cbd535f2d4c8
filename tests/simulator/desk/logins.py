"""Login channels and LIFF apps as tests and the phones page hold them: opened, changed, attacked."""

from dataclasses import asdict
from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.desk.asking import Asked
from tests.simulator.desk.knobs import Knobs
from tests.simulator.liff import opening
from tests.simulator.liff.opening import Chat
from tests.simulator.login import account_link, channel_tokens, issuing, sessions
from tests.simulator.login.here import Here
from tests.simulator.people import Impossible
from tests.simulator.providers.apps import BOT_PROMPTS, SCOPES, SIZES, LiffApp
from tests.simulator.providers.login_channels import STATELESS_S, LoginChannel

LOGIN = Knobs(
    LoginChannel, ("name", "callbacks", "provider", "linked", "email", "issuer", "friend_again", "secret", "emails")
)
APP = Knobs(
    LiffApp,
    ("url", "size", "module_mode", "description", "scopes", "bot_prompt", "off", "mini", "share", "qr_code", "scans"),
)
KEYS = ("own", "foreign", "public")


async def opened(asked: Asked) -> dict[str, Any]:
    """name, secret and every knob; a name that is there already is that channel, changed."""
    channel = asked.channel
    login = channel.logins.open(
        channel.id, asked.text("name", None) or f"{channel.name} ログイン", asked.text("secret", None)
    )
    change(login, asked.body)
    return shown(asked, login)


async def listed(asked: Asked) -> list[dict[str, Any]]:
    return [shown(asked, login) for login in asked.channel.logins.channels.values()]


async def changed(asked: Asked) -> dict[str, Any]:
    login = login_of(asked)
    change(login, asked.body)
    return shown(asked, login)


def change(login: LoginChannel, wanted: dict[str, Any]) -> None:
    if wanted.get("provider") is not None and wanted.get("linked", login.linked):
        raise Impossible("an account of another provider cannot be linked [9.1]: set linked to false")
    LOGIN.set(login, wanted)


async def app_added(asked: Asked) -> dict[str, Any]:
    login = login_of(asked)
    app = login.new_app(asked.need("url"))
    try:
        change_app(app, asked.body)
    except Impossible:
        del login.apps[app.id]
        raise
    return shown_app(asked, app)


async def app_changed(asked: Asked) -> dict[str, Any]:
    app = login_of(asked).apps.get(asked.request.match_info["app"])
    if app is None:
        raise Impossible("there is no such LIFF app")
    change_app(app, asked.body)
    return shown_app(asked, app)


def change_app(app: LiffApp, wanted: dict[str, Any]) -> None:
    for name, values in (("size", SIZES), ("bot_prompt", BOT_PROMPTS)):
        if name in wanted and wanted[name] not in values:
            raise Impossible(f"{name} is one of {', '.join(values)}")
    if not set(wanted.get("scopes") or ()) <= set(SCOPES):
        raise Impossible(f"scopes are {', '.join(SCOPES)}")
    APP.set(app, wanted)


async def consented(asked: Asked) -> dict[str, Any]:
    """user agrees without a screen: asked (all permissions unless given), granted (the same unless given)."""
    login, user_id = login_of(asked), user_of(asked)
    wanted = asked.texts("asked") or list(SCOPES)
    login.agree(user_id, wanted, asked.texts("granted") if "granted" in asked.body else wanted)
    return {"granted": login.granted(user_id)}


async def forgotten(asked: Asked) -> dict[str, Any]:
    """user takes all permissions back; their tokens end."""
    login_of(asked).forget(user_of(asked))
    return {}


async def keys_rotated(asked: Asked) -> dict[str, Any]:
    """published: the new key stands in the JWKS. keep_old: the earlier ones stay there."""
    login = login_of(asked)
    login.rotate(published=asked.flag("published", True), keep_old=asked.flag("keep_old", True))
    return {"kid": login.signing_key().kid}


async def tokens_made(asked: Asked) -> dict[str, Any]:
    """What a login of `user` would end in, without one. app (LIFF id): as in that app, else a web login's.

    For attacks on an ID token: algorithm, key (own, foreign, public), claims (instead of the true ones), tampered.
    """
    here, user_id = here_of(asked), user_of(asked)
    liff = asked.text("app", None)
    if liff is not None and liff not in here.login.apps:
        raise Impossible("there is no such LIFF app")
    scopes = asked.texts("scopes") or ["openid", "profile"]
    claims = asked.body.get("claims") or {}
    algorithm = asked.text("algorithm", None) or ("HS256" if liff is None else "ES256")
    key = asked.text("key", None) or "own"
    if not isinstance(claims, dict) or algorithm not in issuing.ALGORITHMS or key not in KEYS:
        raise Impossible(f"claims is an object, algorithm {issuing.ALGORITHMS}, key {KEYS}")
    content = {**issuing.claims(here, user_id, scopes, amr="pwd"), **claims}
    return {
        "access_token": issuing.access_token(here, user_id, scopes, liff),
        "id_token": issuing.forged(here, content, algorithm, key, asked.flag("tampered")),
    }


async def channel_token_made(asked: Asked) -> dict[str, Any]:
    """A stateless channel access token of the Login channel."""
    return {"access_token": channel_tokens.issued(here_of(asked), STATELESS_S, "stateless")}


async def session_made(asked: Asked) -> dict[str, Any]:
    """The cookie of a browser in which `user` is logged in; how: phone (auto login) or browser (single sign-on)."""
    how = asked.text("how", None) or sessions.PHONE
    if how not in (sessions.PHONE, sessions.BROWSER):
        raise Impossible("how is phone or browser")
    value = sessions.value(here_of(asked), user_of(asked), how)
    return {"name": sessions.COOKIE, "value": value, "path": sessions.PATH}


async def shares_listed(asked: Asked) -> list[dict[str, Any]]:
    """What went out through the share target picker: user, to, messages."""
    return [asdict(share) for share in login_of(asked).shares]


async def uri_opened(asked: Asked) -> dict[str, Any]:
    """A person taps an address: {"uri"}, with in (group id) or outside_chat.

    liff: null when it is no LIFF URL of this place; else the address to load in the sheet and how the sheet looks.
    account_link: the same for LINE's page of account links, only the address.
    """
    channel, person, group = asked.channel, asked.person, asked.group()
    if group is not None and person.id not in group.members:
        raise Impossible(f"{person.name} is not in {group.name}", f"{person.name}さんは「{group.name}」にいません。")
    chat = Chat(None, "none") if asked.flag("outside_chat") else chat_of(channel, person.id, asked.text("in", None))
    found = opening.in_line(asked.platform, asked.need("uri"), person.id, chat, asked.text("referrer", None))
    if found is None or found[0].id.partition("-")[0] not in channel.logins.channels:
        return {"liff": None, "account_link": account_link.in_line(asked.platform, asked.need("uri"), person)}
    app, url = found
    name = channel.logins.channels[app.id.partition("-")[0]].name
    return {
        "liff": {
            "id": app.id,
            "url": url,
            "size": app.size,
            "module_mode": bool(app.module_mode),
            "name": app.description or name,
        },
        "account_link": None,
    }


def chat_of(channel: Channel, user_id: str, group_id: str | None) -> Chat:
    if group_id is None:
        return Chat(user_id, "utou")
    return Chat(group_id, "room" if channel.group(group_id).is_room else "group")


def login_of(asked: Asked) -> LoginChannel:
    login = asked.channel.logins.channels.get(asked.request.match_info["login"])
    if login is None:
        raise Impossible("there is no such Login channel")
    return login


def here_of(asked: Asked) -> Here:
    return Here(asked.platform, asked.channel, login_of(asked))


def user_of(asked: Asked) -> str:
    return asked.channel.person(asked.need("user")).id


def shown(asked: Asked, login: LoginChannel) -> dict[str, Any]:
    here = Here(asked.platform, asked.channel, login)
    apps = [shown_app(asked, app) for app in login.apps.values()]
    return {"id": login.id, **LOGIN.shown(login), "issuer": here.issuer, "apps": apps}


def shown_app(asked: Asked, app: LiffApp) -> dict[str, Any]:
    host = "miniapp" if app.mini else "liff"
    return {"id": app.id, "address": f"{asked.platform.base_url}/{host}/{app.id}", **APP.shown(app)}

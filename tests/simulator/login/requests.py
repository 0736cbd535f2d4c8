"""The authorization request: every parameter of 9.4 read and judged before a screen is shown."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tests.simulator.login.here import Here
from tests.simulator.login.sessions import PHONE, Session
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.login_channels import ASK_S, Ask

WEB_SCOPES = ("openid", "profile", "email")
PROMPTS = ("consent", "none", "login")
RESPONSE_MODES = ("query",)
CHALLENGE_CHARACTERS = 43
MAX_AGE = re.compile(r"[0-9]{1,18}")


class NoWayBack(Exception):
    """Nothing can be sent back, since it is not known to whom; the sentence is for the screen."""


class SentBack(Exception):
    """The application is told what was wrong with its request."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


def read(here: Here, query: Mapping[str, str], session: Session | None) -> Ask:
    """The visit that this request begins; NoWayBack or SentBack when it is no good."""
    app = liff_app(here, query)
    redirect_uri = query.get("redirect_uri", "")
    if not is_registered(here, app, redirect_uri):
        raise NoWayBack("redirect_uri が、このチャネルに登録されたコールバックURLと一致しません。")
    check_words(query)
    ask = Ask(
        id=secrets.token_urlsafe(24),
        until_s=here.now_s() + ASK_S,
        scopes=scopes(here, query, app),
        redirect_uri=redirect_uri,
        state=query["state"],
        nonce=query.get("nonce"),
        prompt=query.get("prompt"),
        wants_auth_time="max_age" in query,
        bot_prompt=query.get("bot_prompt", app.bot_prompt if app else "none"),
        challenge=query.get("code_challenge"),
        liff=app.id if app else None,
    )
    greet(here, ask, query, session)
    return ask


def liff_app(here: Here, query: Mapping[str, str]) -> LiffApp | None:
    """liff.login() names its app; a request without a name is a web login."""
    if "app_id" not in query:
        return None
    app = here.login.apps.get(query["app_id"])
    if app is None or app.off:
        raise NoWayBack("このLIFFアプリは見つかりません。")
    if "code_challenge" not in query:
        raise NoWayBack("LIFFアプリのログインには code_challenge が必要です。")
    return app


def is_registered(here: Here, app: LiffApp | None, redirect_uri: str) -> bool:
    """What is no address at all is registered nowhere."""
    try:
        if app is not None:
            return is_under(app.url, redirect_uri)
        return any(is_callback(one, redirect_uri) for one in here.login.callbacks)
    except ValueError:
        return False


def is_callback(registered: str, given: str) -> bool:
    """The registered address, to the letter; only query parameters may be added [LLG:integrate-line-login]."""
    wanted, asked = urlsplit(registered), urlsplit(given)
    if asked.fragment or (wanted.scheme, wanted.netloc, wanted.path) != (asked.scheme, asked.netloc, asked.path):
        return False
    return set(parse_qsl(wanted.query, keep_blank_values=True)) <= set(parse_qsl(asked.query, keep_blank_values=True))


def is_under(endpoint: str, given: str) -> bool:
    """At the endpoint's path or below it; query and fragment do not matter [LR#login]."""
    wanted, asked = urlsplit(endpoint), urlsplit(given)
    if (wanted.scheme, wanted.netloc) != (asked.scheme, asked.netloc):
        return False
    path = wanted.path.rstrip("/")
    return asked.path.rstrip("/") == path or asked.path.startswith(path + "/")


def check_words(query: Mapping[str, str]) -> None:
    """Everything but the scopes; the first thing that is wrong is told."""
    if not query.get("response_type"):
        raise SentBack("INVALID_REQUEST", "response_type is required")
    if query["response_type"] != "code":
        raise SentBack("UNSUPPORTED_RESPONSE_TYPE", "response_type must be code")
    if not query.get("state"):
        raise SentBack("INVALID_REQUEST", "state is required")
    one_of(query, "prompt", PROMPTS)
    one_of(query, "bot_prompt", ("normal", "aggressive"))
    one_of(query, "response_mode", RESPONSE_MODES)
    if not MAX_AGE.fullmatch(query.get("max_age", "0")):
        raise SentBack("INVALID_REQUEST", "max_age must be a number of seconds")
    if "code_challenge" in query or "code_challenge_method" in query:
        if query.get("code_challenge_method") != "S256":
            raise SentBack("INVALID_REQUEST", "code_challenge_method must be S256")
        if len(query.get("code_challenge", "")) != CHALLENGE_CHARACTERS:
            raise SentBack("INVALID_REQUEST", "code_challenge is invalid")


def one_of(query: Mapping[str, str], name: str, values: tuple[str, ...]) -> None:
    if name in query and query[name] not in values:
        raise SentBack("INVALID_REQUEST", f"{name} must be one of {', '.join(values)}")


def scopes(here: Here, query: Mapping[str, str], app: LiffApp | None) -> list[str]:
    """A LIFF app's own, or those asked for: profile or openid, and email only with openid and LINE's permission."""
    if app is not None:
        return list(app.scopes)
    wanted = query.get("scope", "").split()
    if not wanted or any(scope not in WEB_SCOPES for scope in wanted):
        raise SentBack("INVALID_SCOPE", "scope is invalid")
    if "profile" not in wanted and "openid" not in wanted:
        raise SentBack("INVALID_SCOPE", "profile or openid is required")
    if "email" in wanted and ("openid" not in wanted or not here.login.email):
        raise SentBack("INVALID_SCOPE", "email is not available")
    return list(dict.fromkeys(wanted))


def greet(here: Here, ask: Ask, query: Mapping[str, str], session: Session | None) -> None:
    """Who is there already: by auto login without a screen, by single sign-on with one press."""
    auto = "true" not in (query.get("disable_auto_login"), query.get("disable_ios_auto_login"))
    if session is not None and "max_age" in query and here.now_s() - session.since_s > int(query["max_age"]):
        session = None
    if ask.prompt == "none":
        if session is None:
            raise SentBack("LOGIN_REQUIRED", "the user is not logged in")
        if session.how != PHONE or not auto or here.login.needs_consent(session.user, ask.scopes):
            raise SentBack("INTERACTION_REQUIRED", "auto login is not possible")
    if session is None or ask.prompt == "login":
        return
    ask.auth_s = session.since_s
    if session.how == PHONE and auto:
        ask.user, ask.amr = session.user, "lineautologin"
    else:
        ask.suggested, ask.amr = session.user, "linesso"


def with_query(url: str, added: dict[str, str]) -> str:
    """The address with more parameters behind those it has."""
    parts = urlsplit(url)
    query = "&".join(one for one in (parts.query, urlencode(added)) if one)
    return urlunsplit(parts._replace(query=query))

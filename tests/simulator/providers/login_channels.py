"""A LINE Login channel: who it is for LINE, its keys, and what it knows of the people who logged in."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.simulator import aging, ids
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.keys import Key, fresh_key

ID_TOKEN_S = 3_600
LIFF_ACCESS_S = 12 * 3_600
WEB_ACCESS_S = 30 * 86_400
REFRESH_S = 90 * 86_400
CODE_S = 600
STATELESS_S = 15 * 60
SHORT_LIVED_S = 30 * 86_400
SHORT_LIVED_KEPT = 30
FORGOTTEN_S = 86_400
ASK_S = 3_600
APPS = 30


@dataclass(slots=True)
class Consent:
    """asked: the permissions that stood on the consent screen; granted: those the person left on."""

    asked: list[str]
    granted: list[str]


@dataclass(slots=True)
class Access:
    """An access token of a person; liff is the LIFF id it was made for. until_s: seconds since 1970."""

    user: str
    scopes: list[str]
    until_s: int
    liff: str | None = None
    revoked: bool = False


@dataclass(slots=True)
class Refresh:
    user: str
    scopes: list[str]
    until_s: int


@dataclass(slots=True)
class Code:
    """An authorization code; auth_s only when max_age was asked for."""

    user: str
    scopes: list[str]
    redirect_uri: str
    until_s: int
    amr: str
    nonce: str | None = None
    auth_s: int | None = None
    challenge: str | None = None
    liff: str | None = None


@dataclass(slots=True)
class Ask:
    """One visit to the login screens, from the request to the last screen.

    return_to: where a LIFF app in LINE goes on (no code is made then). suggested: who is logged in in this browser
    already and only has to press a button. consent_shown, friend_asked, friend_changed: what has come of it so far.
    """

    id: str
    until_s: int
    scopes: list[str]
    redirect_uri: str = ""
    state: str = ""
    nonce: str | None = None
    prompt: str | None = None
    wants_auth_time: bool = False
    bot_prompt: str = "none"
    challenge: str | None = None
    liff: str | None = None
    return_to: str | None = None
    user: str | None = None
    suggested: str | None = None
    amr: str = "pwd"
    auth_s: int = 0
    consent_shown: bool = False
    friend_asked: bool = False
    friend_changed: bool = False


@dataclass(slots=True)
class Share:
    """What somebody sent with the share target picker; to: user and group ids."""

    user: str
    to: list[str]
    messages: list[dict[str, Any]]


@dataclass(slots=True)
class LoginChannel:
    """provider None: that of the messaging channel, so that people have the same user ids in both.

    linked: the messaging channel is its linked official account. email: LINE has granted the e-mail permission.
    issuer None: the simulator's own address, never LINE's. friend_again [?]: the add-friend screen comes at every visit
    of somebody who is no friend, not only after a consent screen. emails: by user id.
    """

    id: str
    name: str
    secret: str
    callbacks: list[str] = field(default_factory=list)
    provider: str | None = None
    linked: bool = True
    email: bool = False
    issuer: str | None = None
    friend_again: bool = False
    emails: dict[str, str] = field(default_factory=dict)
    apps: dict[str, LiffApp] = field(default_factory=dict)
    apps_made: int = 0
    keys: list[Key] = field(default_factory=lambda: [fresh_key()])
    consents: dict[str, Consent] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    refresh: dict[str, Refresh] = field(default_factory=dict)
    channel_tokens: dict[str, int] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)

    def subject(self, user_id: str) -> str:
        """The user id this channel sees: another provider sees another one [1.4]."""
        return user_id if self.provider is None else ids.of_name("U", f"provider {self.provider}", user_id)

    def granted(self, user_id: str) -> list[str]:
        consent = self.consents.get(user_id)
        return [] if consent is None else consent.granted

    def needs_consent(self, user_id: str, scopes: list[str]) -> bool:
        consent = self.consents.get(user_id)
        return consent is None or not set(scopes) <= set(consent.asked)

    def agree(self, user_id: str, asked: list[str], granted: list[str]) -> None:
        """Put these permissions to what was agreed earlier; what was asked again is decided anew."""
        before = self.consents.get(user_id, Consent([], []))
        kept = [scope for scope in before.granted if scope not in asked]
        self.consents[user_id] = Consent(sorted({*before.asked, *asked}), [*kept, *granted])

    def forget(self, user_id: str) -> None:
        """The person (or the channel for them) takes the permissions back; their tokens end."""
        self.consents.pop(user_id, None)
        for access in self.access.values():
            if access.user == user_id:
                access.revoked = True
        self.refresh = {token: one for token, one in self.refresh.items() if one.user != user_id}
        self.codes = {code: one for code, one in self.codes.items() if one.user != user_id}

    def signing_key(self) -> Key:
        return self.keys[-1]

    def rotate(self, *, published: bool, keep_old: bool) -> None:
        """Sign with a new key from now on; the old ones stay in the JWKS or leave it."""
        if not keep_old:
            for key in self.keys:
                key.published = False
        self.keys.append(fresh_key(published))

    def new_app(self, url: str) -> LiffApp:
        """An app whose id follows from the channel's and its number, so that it is the same in every sandbox."""
        self.apps_made += 1
        tail = hashlib.blake2b(f"{self.id}/{self.apps_made}".encode(), digest_size=12).digest()
        letters = [sign for sign in base64.urlsafe_b64encode(tail).decode() if sign.isalnum()]
        app = LiffApp(f"{self.id}-{''.join(letters)[:8]}", url)
        self.apps[app.id] = app
        return app

    def give_access(self, token: str, access: Access, now_s: int) -> None:
        """Those that ended a day ago and more are no longer told from unknown ones."""
        aging.forget(self.access, lambda old: old.until_s + FORGOTTEN_S < now_s)
        self.access[token] = access

    def give_refresh(self, token: str, refresh: Refresh, now_s: int) -> None:
        aging.forget(self.refresh, lambda old: old.until_s <= now_s)
        self.refresh[token] = refresh

    def tidy(self, now_s: float) -> None:
        """Drop screens and codes whose time is over."""
        self.asks = {key: one for key, one in self.asks.items() if one.until_s > now_s}
        self.codes = {key: one for key, one in self.codes.items() if one.until_s > now_s}


@dataclass(slots=True)
class Logins:
    """The Login channels that belong to one messaging channel, by id."""

    channels: dict[str, LoginChannel] = field(default_factory=dict)

    def open(self, channel_id: str, name: str, secret: str | None) -> LoginChannel:
        """The Login channel of that name; made when there is none. Its id has ten digits and follows from the name."""
        digest = hashlib.blake2b(f"{channel_id}/login/{name}".encode(), digest_size=8).digest()
        login_id = f"2{int.from_bytes(digest, 'big') % 10**9:09d}"
        login = self.channels.get(login_id)
        if login is None:
            login = LoginChannel(login_id, name, secret or secrets.token_hex(16))
            self.channels[login_id] = login
        return login

    def left(self, user_id: str) -> None:
        """The person is gone from LINE, and with them whatever they were logged in to."""
        for login in self.channels.values():
            login.forget(user_id)
            login.asks = {key: one for key, one in login.asks.items() if user_id not in (one.user, one.suggested)}

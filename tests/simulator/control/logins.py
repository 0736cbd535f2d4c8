"""Login channels and LIFF apps as tests hold them."""

from typing import Any

from tests.simulator.control.desk import Asks
from tests.simulator.control.people import Group, User
from tests.simulator.control.seen import Json


class LoginChannel:
    """What a bot is configured with for logins, and all that can befall its tokens."""

    def __init__(self, channel: Asks, base_url: str, answer: Json) -> None:
        self.channel = channel
        self.base_url = base_url
        self.id: str = answer["id"]  # LINE_LOGIN_CHANNEL_ID
        self.secret: str = answer["secret"]  # LINE_LOGIN_CHANNEL_SECRET
        self.issuer: str = answer["issuer"]

    @property
    def login_url(self) -> str:
        """LINE_LOGIN_URL: authorise pages, and the issuer unless another was set"""
        return f"{self.base_url}/access"

    @property
    def liff_url(self) -> str:
        """LIFF_URL"""
        return f"{self.base_url}/liff"

    @property
    def miniapp_url(self) -> str:
        return f"{self.base_url}/miniapp"

    @property
    def sdk_url(self) -> str:
        """LIFF_SDK_URL"""
        return f"{self.base_url}/cdn/liff/edge/2/sdk.js"

    async def ask(self, method: str, path: str = "", body: Json | None = None) -> Any:
        return await self.channel.ask(method, f"/logins/{self.id}{path}", body)

    async def change(self, **knobs: Any) -> None:
        """Every knob of tests.simulator.providers.login_channels.LoginChannel: callbacks, provider (another one's
        name; then linked=False), linked, email, issuer, friend_again, secret, emails={user id: address}."""
        self.issuer = (await self.ask("PATCH", "", knobs))["issuer"]

    async def liff_app(
        self,
        *,
        endpoint: str,
        size: str = "full",
        scopes: list[str] | None = None,
        bot_prompt: str = "none",
        **knobs: Any,
    ) -> "LiffApp":
        """scopes: openid, profile and chat_message.write unless given. knobs: module_mode, description, off,
        mini (a MINI App), share (the share target picker is on), qr_code with scans="what the code says"."""
        wanted = {
            "url": endpoint,
            "size": size,
            "scopes": ["openid", "profile", "chat_message.write"] if scopes is None else scopes,
            "bot_prompt": bot_prompt,
            **knobs,
        }
        return LiffApp(self, await self.ask("POST", "/apps", wanted))

    async def consents(self, user: User, granted: list[str] | None = None) -> None:
        """The person has agreed to everything (or left only these permissions on), so that no screen comes."""
        await self.ask("POST", "/consents", {"user": user.id, **({} if granted is None else {"granted": granted})})

    async def forgets(self, user: User) -> None:
        """The person has taken all permissions back."""
        await self.ask("POST", "/forget", {"user": user.id})

    async def rotate_keys(self, *, published: bool = True, keep_old: bool = True) -> str:
        """Sign with a new key from now on; its kid."""
        kid: str = (await self.ask("POST", "/keys", {"published": published, "keep_old": keep_old}))["kid"]
        return kid

    async def tokens(
        self,
        user: User,
        *,
        app: "LiffApp | None" = None,
        scopes: list[str] | None = None,
        algorithm: str | None = None,
        key: str = "own",
        claims: Json | None = None,
        tampered: bool = False,
    ) -> Json:
        """{access_token, id_token} as after a login (in a LIFF app: ES256, else HS256).

        For attacks: algorithm ES256, HS256 or none; key own, foreign (never published) or public (HS256 with the
        published key's x as the secret); claims instead of the true ones ({"aud": ..., "iss": ..., "exp": ...});
        tampered (the signature is of another payload).
        """
        wanted: Json = {"user": user.id, "key": key, "tampered": tampered, "claims": claims or {}}
        if app is not None:
            wanted["app"] = app.id
        if scopes is not None:
            wanted["scopes"] = scopes
        if algorithm is not None:
            wanted["algorithm"] = algorithm
        answer: Json = await self.ask("POST", "/tokens", wanted)
        return answer

    async def channel_token(self) -> str:
        """A stateless channel access token of this Login channel, for the LIFF server API."""
        token: str = (await self.ask("POST", "/channel-token", {}))["access_token"]
        return token

    async def session_cookie(self, user: User, how: str = "phone") -> Json:
        """For a browser's add_cookies: this person is logged in to LINE there. how: phone (auto login) or browser."""
        made = await self.ask("POST", "/sessions", {"user": user.id, "how": how})
        return {"name": made["name"], "value": made["value"], "url": f"{self.base_url}{made['path']}"}

    async def shares(self) -> list[Json]:
        """What went out through the share target picker: user, to (ids), messages."""
        shares: list[Json] = await self.ask("GET", "/shares")
        return shares


class LiffApp:
    """One LIFF app; `address` is its LIFF URL."""

    def __init__(self, login: LoginChannel, answer: Json) -> None:
        self.login = login
        self.id: str = answer["id"]
        self.address: str = answer["address"]

    async def change(self, **knobs: Any) -> None:
        """url, size, scopes, bot_prompt, module_mode, description, off, mini, share, qr_code, scans."""
        self.address = (await self.login.ask("PATCH", f"/apps/{self.id}", knobs))["address"]

    async def opened_by(
        self,
        user: User,
        rest: str = "",
        *,
        in_group: Group | None = None,
        outside_chat: bool = False,
        referrer: str | None = None,
    ) -> str:
        """The address that a browser loads as LINE would open it for this person: rest is /path?query#fragment."""
        body: Json = {"uri": self.address + rest, "outside_chat": outside_chat, "referrer": referrer}
        if in_group is not None:
            body["in"] = in_group.id
        liff = (await self.login.channel.ask("POST", f"/people/{user.id}/open", body))["liff"]
        return str(liff["url"])

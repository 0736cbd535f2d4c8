"""Which Login channel somebody speaks of: found by its id, by a token or by a LIFF app."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulator import people
from tests.simulator.channel import Channel, Platform
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.login_channels import Access, LoginChannel


@dataclass(frozen=True, slots=True)
class Here:
    """A Login channel, and the messaging channel whose people and clock it shares."""

    platform: Platform
    channel: Channel
    login: LoginChannel

    def now_s(self) -> int:
        return self.channel.clock.now_ms() // 1000

    @property
    def issuer(self) -> str:
        """Whoever sets no other gets the simulator's own address, so that its tokens never pass for LINE's."""
        return self.login.issuer or f"{self.platform.base_url}/access"

    def is_friend(self, user_id: str) -> bool:
        return self.channel.person(user_id).state == people.FRIEND


def every(platform: Platform) -> Iterator[Here]:
    for channel in platform.channels.values():
        for login in channel.logins.channels.values():
            yield Here(platform, channel, login)


def by_client(platform: Platform, client_id: str | None) -> Here | None:
    return next((here for here in every(platform) if here.login.id == client_id), None)


def by_access(platform: Platform, token: str) -> tuple[Here, Access] | None:
    for here in every(platform):
        access = here.login.access.get(token)
        if access is not None:
            return here, access
    return None


def by_channel_token(platform: Platform, token: str) -> Here | None:
    """Whose channel access token this is, while it lives."""
    for here in every(platform):
        if here.login.channel_tokens.get(token, 0) > here.now_s():
            return here
    return None


def by_app(platform: Platform, liff_id: str) -> tuple[Here, LiffApp] | None:
    for here in every(platform):
        app = here.login.apps.get(liff_id)
        if app is not None:
            return here, app
    return None

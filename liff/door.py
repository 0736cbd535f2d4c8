"""What the door of customers' pages is given by the bot: addresses, keys, LINE Login, the configuration."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from zoneinfo import ZoneInfo

from jobs import configuration, ports


@dataclass(frozen=True, slots=True)
class Door:
    """Parts and settings of one process. Without `identity` or `liff_id` nobody can come in."""

    zone: ZoneInfo
    keys: Sequence[str] = field(repr=False)  # SECRET_KEY: the first one signs, all are read
    public_url: str  # where phones reach us; empty where only this machine does
    liff_id: str
    liff_url: str  # LINE's address of LIFF apps, or of MINI Apps
    sdk_url: str
    api_url: str  # LINE's API, which the sandbox's SDK asks
    sandbox: bool
    identity: ports.Identity | None
    cache: configuration.Cache
    send_soon: Callable[[Sequence[int]], None]  # outbox rows that were just committed
    profile: Callable[[str], Awaitable[ports.Profile]]  # of a friend, by LINE user id; raises Later and Never
    basic_id: Callable[[], Awaitable[str | None]]  # the account's @name; None while LINE does not tell it
    outside: bool = True  # outside LINE people may log in with LINE Login
    proxies: Sequence[IPv4Network | IPv6Network] = ()  # whose X-Forwarded-For is believed

    @property
    def liff_address(self) -> str:
        """Of our LIFF app, without a slash at its end; what stands behind it is the path of a page."""
        return f"{self.liff_url}/{self.liff_id}" if self.liff_id else ""

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

"""One LINE channel with its people, its time, its limits and its memory; and all channels of this process."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.simulator import ids
from tests.simulator.audiences import Audiences
from tests.simulator.clock import Clock
from tests.simulator.coupons import Coupons
from tests.simulator.faults import Faults
from tests.simulator.fetches import Fetches
from tests.simulator.ledger import Ledger
from tests.simulator.limits import Quota, Rates, ReplyTokens, RetryKeys
from tests.simulator.linking import LinkTokens
from tests.simulator.menus import RichMenus
from tests.simulator.narrowcasts import Narrowcasts
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.providers.login_channels import Logins
from tests.simulator.reactions import Reactions
from tests.simulator.reading import Reading
from tests.simulator.screens import Screens
from tests.simulator.tallies import Tallies
from tests.simulator.tokens import ChannelTokens
from tests.simulator.units import Units
from tests.simulator.watchers import Watchers
from tests.simulator.webhook_address import WebhookAddress
from tests.simulator.webhook_desk import WebhookDesk


@dataclass(slots=True)
class Settings:
    """Knobs of one channel.

    check_messages: refuse message objects beyond LINE's limits. load: keep counts only, check nothing.
    drive_bot: an advance of the clock moves the bot too. unknown_in_multicast_is_400: the documents say both.
    http_origins: http addresses accepted in messages besides the webhook's own origin.
    pushes_to_one_in_a_minute: more are 429 (None: LINE says only that there is such a limit).
    units_forbidden: customAggregationUnits is 403, as the OpenAPI text says of accounts that did not apply for it.
    small_counts_are_private: a day's count of sends under 20 is unavailable_for_privacy (a word of OpenAPI only).
    verified: a verified account, which may list its friends and the members of groups.
    may_join_groups: the console's switch (LINE has it off at first). standby: a module channel has the talks.
    chat_on: the console's "Chat": the bot's messages are not read until it marks them so.
    narrowcast_waits_ms, narrowcast_sends_ms: how long a narrowcast is waiting and sending. narrowcast_error: 1 to 5,
    what every narrowcast ends in. audience_takes_ms: until ids are in an audience. audience_jobs_fail: they never are.
    content_takes_ms: how long LINE prepares a film or sound. content_fails: and then has failed. content_kept_days:
    until what people sent is deleted (None: never). webhook_change_ms: until an address set over the API is in force
    (LINE says up to a minute). premium_id, picture_url: of the account, as it shows itself.
    menu_default_ms, menu_alias_ms: how long a changed default or alias is still the old one; menu_bulk_ms,
    menu_batch_ms: how long links of many take. menu_outlives_block: a per-user link is still there after a block.
    manager_menu: a rich menu object made in LINE's manager; manager_menu_is_403: asking for the default says so.
    menu_batches_fail, menu_switches_fail: so many of the next batches or tab switches fail.
    crawl_links: LINE's preview crawler looks at addresses in words. fetch_media: phones fetch what messages show.
    """

    check_messages: bool = True
    load: bool = False
    drive_bot: bool = False
    unknown_in_multicast_is_400: bool = False
    http_origins: list[str] = field(default_factory=list)
    pushes_to_one_in_a_minute: int | None = None
    units_forbidden: bool = False
    small_counts_are_private: bool = False
    verified: bool = False
    may_join_groups: bool = True
    standby: bool = False
    chat_on: bool = False
    narrowcast_waits_ms: int = 1_000
    narrowcast_sends_ms: int = 1_000
    narrowcast_error: int | None = None
    audience_takes_ms: int = 60_000
    content_takes_ms: int = 0
    content_fails: bool = False
    content_kept_days: int | None = None
    webhook_change_ms: int = 0
    premium_id: str | None = None
    picture_url: str | None = None
    audience_jobs_fail: bool = False
    menu_default_ms: int = 0
    menu_alias_ms: int = 0
    menu_bulk_ms: int = 1_000
    menu_batch_ms: int = 60_000
    menu_outlives_block: bool = False
    manager_menu: dict[str, Any] | None = None
    manager_menu_is_403: bool = False
    menu_batches_fail: int = 0
    menu_switches_fail: int = 0
    crawl_links: bool = False
    fetch_media: bool = False


@dataclass(slots=True)
class Channel:
    """webhook_url None: nobody is told anything. generation: how often it was started over."""

    id: str
    name: str
    secret: str
    token: str
    bot_user_id: str
    basic_id: str
    webhook_url: str | None = None
    settings: Settings = field(default_factory=Settings)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    ledger: Ledger = field(default_factory=Ledger)
    quota: Quota = field(default_factory=Quota)
    tallies: Tallies = field(default_factory=Tallies)
    units: Units = field(default_factory=Units)
    reactions: Reactions = field(default_factory=Reactions)
    audiences: Audiences = field(default_factory=Audiences)
    narrowcasts: Narrowcasts = field(default_factory=Narrowcasts)
    tokens: ChannelTokens = field(default_factory=ChannelTokens)
    address: WebhookAddress = field(default_factory=WebhookAddress)
    coupons: Coupons = field(default_factory=Coupons)
    screens: Screens = field(default_factory=Screens)
    link_tokens: LinkTokens = field(default_factory=LinkTokens)
    rates: Rates = field(default_factory=Rates)
    reply_tokens: ReplyTokens = field(default_factory=ReplyTokens)
    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    menus: RichMenus = field(default_factory=RichMenus)
    fetches: Fetches = field(default_factory=Fetches)
    faults: Faults = field(default_factory=Faults)
    webhooks: WebhookDesk = field(default_factory=WebhookDesk)
    reading: Reading = field(default_factory=Reading)
    logins: Logins = field(default_factory=Logins)
    generation: int = 0
    watchers: Watchers = field(default_factory=Watchers)
    driving: asyncio.Lock = field(default_factory=asyncio.Lock)
    playing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def person(self, user_id: str) -> Person:
        try:
            return self.people[user_id]
        except KeyError:
            raise Impossible(f"nobody here has the id {user_id}", "その人はもういません。") from None

    def group(self, group_id: str) -> Group:
        try:
            return self.groups[group_id]
        except KeyError:
            raise Impossible(f"no group here has the id {group_id}", "そのグループはもうありません。") from None

    def add_person(self, name: str, user_id: str | None = None) -> Person:
        """The person of that name; made when there is none."""
        user_id = user_id or self.id_of(name)
        person = self.people.get(user_id)
        if person is None:
            person = self.people[user_id] = Person(user_id, name)
        return person

    def add_group(self, name: str, members: list[str], group_id: str | None = None, *, room: bool = False) -> Group:
        """The group (or room) of that name; made with these members when there is none."""
        group_id = group_id or ids.of_name("R" if room else "C", self.id, name)
        group = self.groups.get(group_id)
        if group is None:
            group = self.groups[group_id] = Group(group_id, name, [self.person(one).id for one in members])
        return group

    def origins(self) -> tuple[str, ...]:
        """The bot's own servers, which may be plain http here."""
        own = () if self.webhook_url is None else ("/".join(self.webhook_url.split("/")[:3]),)
        return own + tuple(self.settings.http_origins)

    def settle_address(self, now_ms: int) -> None:
        """Let a new webhook address be in force from its time on."""
        if self.address.coming is not None and now_ms >= self.address.coming_ms:
            self.webhook_url, self.address.coming = self.address.coming, None

    def chat_exists(self, chat_id: str) -> bool:
        return chat_id in self.people or chat_id in self.groups

    def id_of(self, name: str) -> str:
        """The id that goes with a name; those who come after a start over are others than before it."""
        first = ids.of_name("U", self.id, name)
        if not self.generation or first in self.people:
            return first
        return ids.of_name("U", f"{self.id}/{self.generation}", name)

    def staff(self) -> set[str]:
        """The ids of all who are in a group."""
        return {one for group in self.groups.values() for one in group.members}


@dataclass(slots=True)
class Platform:
    """by_bearer finds a channel from the whole Authorization header. base_url: where this process listens.

    data_url: where it plays LINE's host for files, below a path or on a port of its own.
    """

    channels: dict[str, Channel] = field(default_factory=dict)
    by_bearer: dict[str, Channel] = field(default_factory=dict)
    dirty: bool = False
    made: int = 0
    base_url: str = ""
    data_url: str = ""

    def by_issued_token(self, bearer: str) -> Channel | None:
        """Whose token this is, among those issued over the API, while it lives by the channel's clock."""
        text = bearer.removeprefix("Bearer ")
        for channel in self.channels.values():
            if channel.tokens.opens(text, channel.clock.now_ms()):
                return channel
        return None

    def open(
        self,
        channel_id: str | None = None,
        name: str = "Ayumi",
        secret: str | None = None,
        token: str | None = None,
        webhook_url: str | None = None,
    ) -> Channel:
        """A fresh channel; what is not given is made up. Impossible when id or token are taken."""
        self.made += 1
        channel_id = channel_id or f"c{self.made}-{secrets.token_hex(4)}"
        channel = Channel(
            id=channel_id,
            name=name,
            secret=secret or secrets.token_hex(16),
            token=token or secrets.token_urlsafe(48),
            bot_user_id=ids.of_name("U", channel_id, "the bot itself"),
            basic_id=f"@{ids.of_name('U', channel_id, 'basic')[1:9]}",
            webhook_url=webhook_url,
        )
        return self.adopt(channel)

    def adopt(self, channel: Channel) -> Channel:
        if channel.id in self.channels or f"Bearer {channel.token}" in self.by_bearer:
            raise Impossible(f"a channel {channel.id} or its token is here already")
        self.channels[channel.id] = channel
        self.by_bearer[f"Bearer {channel.token}"] = channel
        self.dirty = True
        return channel

    def close(self, channel_id: str) -> None:
        channel = self.find(channel_id)
        channel.faults.clear()
        del self.channels[channel_id]
        del self.by_bearer[f"Bearer {channel.token}"]
        self.dirty = True

    def find(self, channel_id: str) -> Channel:
        try:
            return self.channels[channel_id]
        except KeyError:
            raise Impossible(f"there is no channel {channel_id}", "このチャネルはもうありません。") from None

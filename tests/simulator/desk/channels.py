"""Channels: opened, looked at, changed and closed."""

import secrets
from typing import Any

from tests.simulator import clock
from tests.simulator.channel import Channel, Settings
from tests.simulator.deeds import friendship, groups
from tests.simulator.desk.asking import Asked
from tests.simulator.desk.knobs import Knobs
from tests.simulator.people import Impossible
from tests.simulator.webhook_desk import Redelivery

KNOBS = Knobs(Settings)
REDELIVERY = Knobs(Redelivery)


async def opened(asked: Asked) -> dict[str, Any]:
    channel = asked.platform.open(
        asked.text("id", None),
        asked.text("name", None) or "Ayumi",
        asked.text("secret", None),
        asked.text("token", None),
        asked.text("webhook_url", None),
    )
    change(channel, asked)
    return keys(channel)


async def listed(asked: Asked) -> list[dict[str, Any]]:
    return [overview(channel) for channel in asked.platform.channels.values()]


async def looked_at(asked: Asked) -> dict[str, Any]:
    """?people=no leaves out the people, who may be many."""
    channel = asked.channel
    people = [] if asked.request.query.get("people") == "no" else list(channel.people.values())
    return {
        **overview(channel),
        "people": [friendship.shown(person) for person in people],
        "groups": [groups.shown(group) for group in channel.groups.values()],
    }


async def keys_of(asked: Asked) -> dict[str, Any]:
    return keys(asked.channel)


async def changed(asked: Asked) -> dict[str, Any]:
    channel = asked.channel
    change(channel, asked)
    return overview(channel)


async def secret_reissued(asked: Asked) -> dict[str, str]:
    """A new channel secret; the old one is good for nothing from now on."""
    asked.channel.secret = secrets.token_hex(16)
    return {"secret": asked.channel.secret}


async def closed(asked: Asked) -> dict[str, Any]:
    asked.platform.close(asked.channel.id)
    return {}


def change(channel: Channel, asked: Asked) -> None:
    """Set whatever of the knobs stands in the request."""
    body = asked.body
    if "webhook_url" in body:
        channel.webhook_url, channel.address.coming = asked.text("webhook_url", None), None
    if "webhook_active" in body:
        channel.address.active = asked.flag("webhook_active")
    if "quota" in body:
        channel.quota.limit = None if body["quota"] is None else asked.whole("quota")
    if "rate_scale" in body:
        channel.rates.set_scale(scale(body["rate_scale"]))
    KNOBS.set(channel.settings, body)
    if "rate_refills" in body:
        channel.rates.refills = asked.flag("rate_refills")
    if "redelivery" in body:
        REDELIVERY.set(channel.webhooks.redelivery, {"on": True, **asked.thing("redelivery")})


def scale(wanted: Any) -> float | None:
    if wanted is None:
        return None
    if isinstance(wanted, bool) or not isinstance(wanted, (int, float)):
        raise Impossible("rate_scale must be a number or null")
    return float(wanted)


def keys(channel: Channel) -> dict[str, Any]:
    """What a bot is configured with."""
    return {
        "id": channel.id,
        "name": channel.name,
        "secret": channel.secret,
        "token": channel.token,
        "bot_user_id": channel.bot_user_id,
        "basic_id": channel.basic_id,
    }


def overview(channel: Channel) -> dict[str, Any]:
    now = channel.clock.now_ms()
    return {
        "id": channel.id,
        "name": channel.name,
        "bot_user_id": channel.bot_user_id,
        "basic_id": channel.basic_id,
        "webhook_url": channel.webhook_url,
        "now": clock.iso(now),
        "offset_ms": channel.clock.offset_ms,
        "driving": channel.driving.locked(),
        "playing": channel.playing.locked(),
        "usage": {"used": channel.quota.used_now(now), "limit": channel.quota.limit},
        "rate_scale": channel.rates.scale,
        "settings": KNOBS.shown(channel.settings),
        "holding": channel.webhooks.holding,
    }

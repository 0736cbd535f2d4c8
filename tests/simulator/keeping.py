"""Keeps the whole state in one JSON file, so that a restart forgets nothing."""

import asyncio
import base64
import contextlib
import os
from collections import Counter, deque
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from tests.simulator.audiences import Audiences
from tests.simulator.channel import Channel, Platform, Settings
from tests.simulator.clock import Clock
from tests.simulator.contents import Content
from tests.simulator.coupons import Coupons
from tests.simulator.ledger import CALLS_KEPT, CallRecord, Entry, Ledger, Note, Said, Send
from tests.simulator.limits import Accepted, Quota, ReplyToken, ReplyTokens, RetryKeys
from tests.simulator.linking import LinkTokens
from tests.simulator.menus import RichMenus
from tests.simulator.narrowcasts import Narrowcasts
from tests.simulator.people import Group, Person
from tests.simulator.providers.login_channels import Logins
from tests.simulator.reactions import Reactions
from tests.simulator.reading import Reading
from tests.simulator.screens import Screens
from tests.simulator.tallies import Tallies
from tests.simulator.tokens import ChannelTokens
from tests.simulator.units import Units
from tests.simulator.webhook_address import WebhookAddress
from tests.simulator.webhook_desk import Post, Redelivery

EVERY_SECONDS = 1.0
FORMAT = 1

# Parts of a channel that are kept whole; one that is missing in an older file starts empty.
PARTS: dict[str, TypeAdapter[Any]] = {
    "menus": TypeAdapter(RichMenus),
    "quota": TypeAdapter(Quota),
    "tallies": TypeAdapter(Tallies),
    "units": TypeAdapter(Units),
    "reactions": TypeAdapter(Reactions),
    "audiences": TypeAdapter(Audiences),
    "narrowcasts": TypeAdapter(Narrowcasts),
    "screens": TypeAdapter(Screens),
    "coupons": TypeAdapter(Coupons),
    "address": TypeAdapter(WebhookAddress),
    "tokens": TypeAdapter(ChannelTokens),
    "link_tokens": TypeAdapter(LinkTokens),
    "reading": TypeAdapter(Reading),
    "logins": TypeAdapter(Logins),
    "generation": TypeAdapter(int),
}


async def keep(platform: Platform, path: Path, over: asyncio.Event) -> None:
    """Save about once a second while anything changes, and once more when it is over."""
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), EVERY_SECONDS)
        if platform.dirty or over.is_set():
            platform.dirty = False
            data = orjson.dumps(as_state(platform))
            await asyncio.to_thread(write, path, data)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all; for the owner's eyes, since channel tokens are in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def load(path: Path) -> Platform:
    """The platform as it was; an empty one when there is no file. ValueError when it is not ours."""
    platform = Platform()
    if not path.exists():
        return platform
    state = orjson.loads(path.read_bytes())
    if state.get("format") != FORMAT:
        raise ValueError(f"{path} was written by another version of the simulator; delete it to start anew")
    platform.made = state["made"]
    for kept in state["channels"]:
        platform.adopt(channel_from(kept))
    platform.dirty = False
    return platform


def as_state(platform: Platform) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made": platform.made,
        "channels": [channel_as_state(channel) for channel in platform.channels.values()],
    }


def channel_as_state(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "secret": channel.secret,
        "token": channel.token,
        "bot_user_id": channel.bot_user_id,
        "basic_id": channel.basic_id,
        "webhook_url": channel.webhook_url,
        "settings": channel.settings,
        "people": list(channel.people.values()),
        "groups": list(channel.groups.values()),
        "offset_ms": channel.clock.offset_ms,
        "rate_scale": channel.rates.scale,
        "reply_tokens": channel.reply_tokens.open,
        "retry_keys": {
            endpoint: {
                key: [accepted.at_ms, accepted.request_id, accepted.body.decode()] for key, accepted in keys.items()
            }
            for endpoint, keys in channel.retry_keys.by_endpoint.items()
        },
        "redelivery": channel.webhooks.redelivery,
        "posts": list(channel.webhooks.posts),
        "outcomes": channel.webhooks.outcomes,
        "holding": channel.webhooks.holding,
        "held": channel.webhooks.held,
        "ledger": ledger_as_state(channel.ledger),
        **{name: adapter.dump_python(getattr(channel, name), mode="json") for name, adapter in PARTS.items()},
    }


def ledger_as_state(ledger: Ledger) -> dict[str, Any]:
    """Sends are stored once; a talk names them by seq."""
    return {
        "seq": ledger.seq,
        "next_message_id": ledger.next_message_id,
        "sends": ledger.sends,
        "talks": {
            chat_id: [{"send": entry.seq} if isinstance(entry, Send) else tagged(entry) for entry in talk]
            for chat_id, talk in ledger.talks.items()
        },
        "calls": list(ledger.calls),
        "calls_started": ledger.calls_started,
        "counts": ledger.counts,
        "contents": {
            message_id: [
                one.content_type,
                base64.b64encode(one.data).decode(),
                one.kind,
                one.sent_ms,
                one.ready_ms,
                one.fails,
                one.unsent,
            ]
            for message_id, one in ledger.contents.items()
        },
    }


def tagged(entry: Said | Note) -> dict[str, Any]:
    return {"said" if isinstance(entry, Said) else "note": entry}


def channel_from(state: dict[str, Any]) -> Channel:
    channel = Channel(
        id=state["id"],
        name=state["name"],
        secret=state["secret"],
        token=state["token"],
        bot_user_id=state["bot_user_id"],
        basic_id=state["basic_id"],
        webhook_url=state["webhook_url"],
        settings=Settings(**state["settings"]),
        people={one["id"]: Person(**one) for one in state["people"]},
        groups={one["id"]: Group(**one) for one in state["groups"]},
        clock=Clock(state["offset_ms"]),
        ledger=ledger_from(state["ledger"]),
        reply_tokens=ReplyTokens({token: ReplyToken(**one) for token, one in state["reply_tokens"].items()}),
        retry_keys=RetryKeys(
            {
                endpoint: {key: Accepted(one[0], one[1], one[2].encode()) for key, one in keys.items()}
                for endpoint, keys in state["retry_keys"].items()
            }
        ),
        **{name: part(name, state[name]) for name in PARTS if name in state},
    )
    channel.rates.set_scale(state["rate_scale"])
    channel.webhooks.redelivery = Redelivery(**state["redelivery"])
    channel.webhooks.posts.extend(Post(**one) for one in state["posts"])
    channel.webhooks.outcomes = state["outcomes"]
    channel.webhooks.holding = state["holding"]
    channel.webhooks.held = state["held"]
    return channel


def part(name: str, kept: Any) -> Any:
    """ValueError without what stands in the file, since tokens do."""
    try:
        return PARTS[name].validate_python(kept)
    except ValidationError as problem:
        raise ValueError(f"{name} has {problem.error_count()} value(s) that this version does not know") from None


def ledger_from(state: dict[str, Any]) -> Ledger:
    sends = {one["seq"]: send_from(one) for one in state["sends"]}
    return Ledger(
        seq=state["seq"],
        next_message_id=state["next_message_id"],
        sends=list(sends.values()),
        talks={chat_id: [entry_from(one, sends) for one in talk] for chat_id, talk in state["talks"].items()},
        calls=deque((CallRecord(**one) for one in state["calls"]), maxlen=CALLS_KEPT),
        calls_started=state["calls_started"],
        counts=Counter(state["counts"]),
        contents={
            message_id: Content(content_type, base64.b64decode(data), *more)
            for message_id, (content_type, data, *more) in state["contents"].items()
        },
    )


def send_from(state: dict[str, Any]) -> Send:
    send = Send(**state)
    send.missed = [(user_id, why) for user_id, why in send.missed]
    return send


def entry_from(state: dict[str, Any], sends: dict[int, Send]) -> Entry:
    if "send" in state:
        return sends[state["send"]]
    return Said(**state["said"]) if "said" in state else Note(**state["note"])

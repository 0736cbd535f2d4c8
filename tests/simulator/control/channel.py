"""One channel as tests hold it: its people, its time, its records, its webhooks and its faults."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import orjson

from tests.simulator.control.desk import Desk
from tests.simulator.control.logins import LoginChannel
from tests.simulator.control.people import Group, User
from tests.simulator.control.seen import Delivery, Done, Fetch, Json, Undelivered
from tests.simulator.control.stops import Stop


class Channel:
    """One LINE channel: what a bot is configured with, who is in it, and all that can befall it."""

    def __init__(self, simulator: Desk, keys: Json) -> None:
        self.simulator = simulator
        self.id: str = keys["id"]
        self.name: str = keys["name"]
        self.secret: str = keys["secret"]
        self.token: str = keys["token"]
        self.bot_user_id: str = keys["bot_user_id"]
        self.basic_id: str = keys["basic_id"]

    @property
    def api_url(self) -> str:
        """LINE_API_URL"""
        return self.simulator.base_url

    @property
    def data_url(self) -> str:
        """LINE_DATA_API_URL"""
        return f"{self.simulator.base_url}/data"

    async def ask(self, method: str, path: str = "", body: Json | None = None) -> Any:
        return await self.simulator.ask(method, f"/channels/{self.id}{path}", body)

    async def change(self, **knobs: Any) -> None:
        """webhook_url, webhook_active, quota, rate_scale (None: off), rate_refills, redelivery={"on", "times",
        "pause_ms"}, and every knob of tests.simulator.channel.Settings."""
        await self.ask("PATCH", "", knobs)

    async def set_webhook(self, url: str | None) -> None:
        await self.change(webhook_url=url)

    async def close(self) -> None:
        await self.ask("DELETE")

    async def overview(self) -> Json:
        """People, groups, settings, usage and clock."""
        answer: Json = await self.ask("GET")
        return answer

    async def reissue_secret(self) -> None:
        """From now on webhooks are signed with another secret."""
        self.secret = (await self.ask("POST", "/secret", {}))["secret"]

    async def long_lived_token(self) -> str:
        """A new one from the console; the one before is revoked."""
        token: str = (await self.ask("POST", "/long-lived-token", {}))["token"]
        return token

    async def register_signing_key(self, jwk: Json) -> str:
        """The kid of a public RSA key that assertions may be signed with."""
        kid: str = (await self.ask("POST", "/signing-keys", {"jwk": jwk}))["kid"]
        return kid

    # --- people and groups -------------------------------------------------------------------------------

    async def user(self, name: str) -> User:
        """The person of that name; a new one is no friend yet."""
        return User(self, await self.ask("POST", "/people", {"name": name}))

    async def crowd(
        self,
        count: int,
        *,
        prefix: str = "客",
        follow: bool = True,
        webhooks: bool = False,
        concurrency: int = 50,
        profile: Json | None = None,
    ) -> list[str]:
        """The user ids of `count` people called prefix1, prefix2, ...; friends if follow, each telling the bot
        of it if webhooks. profile: app, gender, age, area, consents of all of them."""
        wanted = {
            "count": count,
            "prefix": prefix,
            "follow": follow,
            "webhooks": webhooks,
            "concurrency": concurrency,
            "profile": profile,
        }
        ids: list[str] = (await self.ask("POST", "/crowd", wanted))["ids"]
        return ids

    async def all_do(
        self,
        users: list[str],
        deed: str,
        *,
        text: str | None = None,
        label: str | None = None,
        percent: int = 100,
        concurrency: int = 50,
    ) -> dict[str, int]:
        """follow, block, say (text), press or tap (label), read (all there is) or play (the first bubble of the last
        send, so far), each once per user; how many webhooks had which outcome."""
        wanted = {"users": users, "deed": deed, "text": text, "label": label, "concurrency": concurrency}
        wanted["percent"] = percent
        outcomes: dict[str, int] = (await self.ask("POST", "/crowd/deeds", wanted))["webhooks"]
        return outcomes

    async def group(self, name: str, members: list[User] | None = None) -> Group:
        """The group of that name; a new one has these members, and the bot is not in it."""
        wanted = {"name": name, "members": [member.id for member in members or []]}
        return Group(self, await self.ask("POST", "/groups", wanted))

    async def room(self, name: str, members: list[User] | None = None) -> Group:
        """A room: like a group, but nobody sees its name."""
        wanted = {"name": name, "members": [member.id for member in members or []], "room": True}
        return Group(self, await self.ask("POST", "/groups", wanted))

    # --- LINE Login and LIFF -------------------------------------------------------------------------------

    async def login_channel(
        self,
        *,
        callback: str | Sequence[str] = (),
        name: str | None = None,
        secret: str | None = None,
        **knobs: Any,
    ) -> LoginChannel:
        """A Login channel under the same provider, linked to this account. knobs: those of LoginChannel.change."""
        callbacks = [callback] if isinstance(callback, str) else list(callback)
        wanted = {"name": name, "secret": secret, "callbacks": callbacks, **knobs}
        answer = await self.ask("POST", "/logins", {key: one for key, one in wanted.items() if one is not None})
        return LoginChannel(self, self.simulator.base_url, answer)

    # --- time --------------------------------------------------------------------------------------------

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.ask("GET", "/clock"))["now"])

    async def advance(
        self,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        to: datetime | None = None,
    ) -> Json:
        """Move the channel's time, and with drive_bot the bot's, step by due step; {now, steps} when done."""
        if to is not None:
            wanted: Json = {"to": to.isoformat()}
        else:
            span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            wanted = {"seconds": span.total_seconds()}
        answer: Json = await self.ask("POST", "/clock/advance", wanted)
        return answer

    # --- ledger ------------------------------------------------------------------------------------------

    async def deliveries(self, after: int = 0) -> list[Delivery]:
        """Every bubble that reached a phone, in the order LINE accepted them."""
        answer = await self.ask("GET", f"/deliveries?after={after}")
        return [Delivery(*row) for row in answer["rows"]]

    async def undelivered(self, after: int = 0) -> list[Undelivered]:
        answer = await self.ask("GET", f"/undelivered?after={after}")
        return [Undelivered(*row) for row in answer["rows"]]

    async def calls(self, endpoint: str | None = None, after: int = 0) -> list[Json]:
        """API calls: number, at_ms, endpoint, path, status (None: cut), request_id, retry_key, note."""
        rows: list[Json] = await self.ask("GET", f"/calls?after={after}")
        return [row for row in rows if endpoint in (None, row["endpoint"])]

    async def fetches(self, kind: str | None = None) -> list[Fetch]:
        """What the crawler (preview) and phones (media) have fetched, once they are done; knobs crawl_links and
        fetch_media switch them on."""
        rows: list[Json] = await self.ask("GET", "/fetches")
        return [Fetch(**row) for row in rows if kind in (None, row["kind"])]

    async def counts(self) -> Json:
        """calls (all so far), used (quota this month), counts (by name), webhooks (by outcome)."""
        answer: Json = await self.ask("GET", "/counts")
        return answer

    async def used(self) -> int:
        """Messages counted this month."""
        return int((await self.counts())["used"])

    async def received(self) -> dict[str, int]:
        """Bubbles per user id; kept in load mode too."""
        answer: dict[str, int] = await self.ask("GET", "/received")
        return answer

    async def webhook_answers(self, after: int = 0) -> list[Json]:
        """seq, at, events, types, outcome, status, took_ms, redelivery, body of each request to the bot."""
        answer: list[Json] = await self.ask("GET", f"/webhooks?after={after}")
        return answer

    async def webhook_errors(self) -> list[Json]:
        """from (the minute), reason (could_not_connect, request_timeout, error_status_code, unclassified), count."""
        answer: list[Json] = await self.ask("GET", "/webhooks/errors")
        return answer

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[tuple[str, Json]]]:
        """The live stream: (event name, data)."""
        url = f"{self.simulator.base_url}/sim/channels/{self.id}/events"
        async with self.simulator.session.get(url) as answer:
            yield read_events(answer.content)

    # --- webhooks ----------------------------------------------------------------------------------------

    async def hold_webhooks(self) -> None:
        """From now on events are kept back until released."""
        await self.ask("POST", "/webhooks/hold", {})

    async def held_webhooks(self) -> list[Json]:
        events: list[Json] = await self.ask("GET", "/webhooks/held")
        return events

    async def release_webhooks(
        self, order: str | list[str] = "given", *, batch: int = 1, parallel: bool = False
    ) -> list[Json]:
        """Send what is held, as it happened ("given"), "reversed", or these event ids; up to 100 in a request."""
        wanted: Json = {"order": order, "batch": batch, "parallel": parallel}
        posts: list[Json] = (await self.ask("POST", "/webhooks/release", wanted))["webhooks"]
        return posts

    async def duplicate_webhooks(
        self, *, events: int = 1, times: int = 1, redelivery: bool = False, parallel: bool = False
    ) -> None:
        """Each of the next `events` events leaves `times` times more than it should."""
        wanted = {"events": events, "times": times, "redelivery": redelivery, "parallel": parallel}
        await self.ask("POST", "/webhooks/duplicate", wanted)

    async def redeliver(self, event_id: str) -> Done:
        """The same event and token once more, with isRedelivery true."""
        return Done(await self.ask("POST", "/webhooks/redeliver", {"event": event_id}))

    async def send_events(self, events: list[Any], *, signature: str = "good", destination: str | None = None) -> Done:
        """Any event objects (also none) in a proper envelope. signature: good, bad, none, or the header itself."""
        wanted: Json = {"events": events, "signature": signature}
        if destination is not None:
            wanted["destination"] = destination
        return Done(await self.ask("POST", "/webhooks/forge", wanted))

    async def send_bytes(self, body: bytes, *, signature: str = "good", secret: str | None = None) -> Done:
        """Any body, signed with the channel's secret or another."""
        wanted: Json = {"base64": base64.b64encode(body).decode(), "signature": signature}
        if secret is not None:
            wanted["secret"] = secret
        return Done(await self.ask("POST", "/webhooks/forge", wanted))

    async def send_hostile(self, kind: str, user: User) -> Done:
        """One strange but signed webhook (webhooks/hostile names the kinds), as if this person were behind it."""
        return Done(await self.ask("POST", "/webhooks/hostile", {"kind": kind, "user": user.id}))

    # --- faults of the API -------------------------------------------------------------------------------

    async def fault(
        self, kind: str, endpoint: str = "*", *, calls: int = 1, status: int = 500, latency_ms: int = 0, spared: int = 0
    ) -> None:
        """For the next calls of an endpoint (reply, push, multicast, profile, quota, ...; '*': any) but for the spared:
        latency, reset, error_before, error_after, drop_after, rate_limit, quota_limit, unauthorized, expired_token,
        forbidden, bad_request."""
        counts = {"calls": calls, "status": status, "latency_ms": latency_ms, "spared": spared}
        await self.ask("POST", "/faults", {"kind": kind, "endpoint": endpoint} | counts)

    async def clear_faults(self) -> None:
        await self.ask("DELETE", "/faults")

    async def stop_at(self, call: int, when: str = "before") -> Stop:
        """Hold call number `call` (counted over all calls of the channel, from 1) before or after acceptance."""
        return Stop(self, await self.ask("POST", "/stops", {"call": call, "when": when}))

    async def stop_next(self, number: int = 1, when: str = "before") -> Stop:
        """Hold the number-th call from now."""
        return Stop(self, await self.ask("POST", "/stops", {"next": number, "when": when}))


async def read_events(stream: aiohttp.StreamReader) -> AsyncIterator[tuple[str, Json]]:
    name = ""
    async for raw in stream:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, orjson.loads(line[6:])

"""The simulator as tests and load tools use it: channels, people, groups, faults and the ledger, all typed."""

import asyncio
import base64
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
CALL_SECONDS = 1_000.0


class Declined(Exception):
    """The simulator would not do it; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One bubble from the bot on a phone. how: reply, push or multicast; at_ms in the channel's time."""

    id: str
    message: Json
    how: str
    at_ms: int
    seq: int
    request_id: str
    retry_key: str | None

    @property
    def text(self) -> str:
        """The words of a text, template or Flex bubble (its altText)."""
        return str(self.message.get("text") or self.message.get("altText") or "")


@dataclass(frozen=True, slots=True)
class Done:
    """A deed. event: the webhook event it made, if any; outcome: ok, could_not_connect, request_timeout,
    error_status_code, unclassified, or None when nothing was sent (held, no webhook, or not waited for)."""

    answer: Json

    @property
    def event(self) -> Json | None:
        event: Json | None = self.answer.get("event")
        return event

    @property
    def outcome(self) -> str | None:
        webhook = self.answer.get("webhook")
        return None if webhook is None else str(webhook["outcome"])

    @property
    def status(self) -> int:
        """The bot's HTTP status; 0 without one."""
        webhook = self.answer.get("webhook")
        return 0 if webhook is None else int(webhook["status"])

    @property
    def message_id(self) -> str:
        return str(self.answer["message_id"])


@dataclass(frozen=True, slots=True)
class Delivery:
    """One bubble that reached a phone (chat: user id) or a group (chat: group id)."""

    seq: int
    chat: str
    message_id: str
    index: int
    how: str
    at_ms: int
    request_id: str
    retry_key: str | None
    message: Json

    @property
    def text(self) -> str:
        return str(self.message.get("text") or self.message.get("altText") or "")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Accepted by LINE, seen by nobody. why: blocked, not_friend or unknown."""

    seq: int
    chat: str
    why: str
    how: str
    at_ms: int
    request_id: str
    retry_key: str | None
    messages: list[Json]


class Process:
    """A simulator of one's own in another process: `Process.start()` in a session fixture, `stop()` at its end."""

    def __init__(self, process: "subprocess.Popen[str]", base_url: str) -> None:
        self.process = process
        self.base_url = base_url

    @classmethod
    def start(cls, *arguments: str, cwd: Path = ROOT) -> Self:
        """python -m tests.simulator with these arguments; returns when it listens."""
        command = [sys.executable, "-m", "tests.simulator", "--end-with-stdin", *arguments]
        process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("simulator ready "):
            process.kill()
            raise RuntimeError(f"the simulator did not start: {line!r}, exit code {process.wait()}")
        return cls(process, line.split()[-1])

    def stop(self) -> int:
        """Ask it to end, as the supervisor does; its exit code."""
        self.process.terminate()
        with self.process:
            return self.process.wait(timeout=10)


class Simulator:
    """async with Simulator(base_url) as simulator: ..."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use: async with Simulator(base_url) as simulator")
        return self._session

    async def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        """One request to the desk; Declined with its sentence when it says no."""
        data = None if body is None else orjson.dumps(body)
        async with self.session.request(method, f"{self.base_url}/sim{path}", data=data) as answer:
            text = await answer.read()
            if answer.status == 409:
                raise Declined(orjson.loads(text)["error"])
            if answer.status != 200:
                raise RuntimeError(f"the simulator answered {answer.status} to {method} {path}: {text[:300]!r}")
            return orjson.loads(text)

    async def new_channel(
        self,
        *,
        webhook: str | None = None,
        name: str = "Ayumi",
        quota: int | None = None,
        rate_scale: float | None = 1.0,
        drive_bot: bool = False,
        load: bool = False,
        check_messages: bool = True,
        secret: str | None = None,
        token: str | None = None,
        channel_id: str | None = None,
    ) -> "Channel":
        """A fresh channel with nobody in it. webhook: the bot's webhook address (may be set later)."""
        wanted = {
            "id": channel_id,
            "name": name,
            "secret": secret,
            "token": token,
            "webhook_url": webhook,
            "quota": quota,
            "rate_scale": rate_scale,
            "drive_bot": drive_bot,
            "load": load,
            "check_messages": check_messages,
        }
        return Channel(self, await self.ask("POST", "/channels", wanted))

    async def channel(self, channel_id: str) -> "Channel":
        """A channel that is there already (the sandbox)."""
        return Channel(self, await self.ask("GET", f"/channels/{channel_id}/keys"))


class Channel:
    """One LINE channel: what a bot is configured with, who is in it, and all that can befall it."""

    def __init__(self, simulator: Simulator, keys: Json) -> None:
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
        """webhook_url, quota, rate_scale (None: off), load, check_messages, drive_bot, http_origins,
        unknown_in_multicast_is_400, redelivery={"on", "times", "pause_ms"}."""
        await self.ask("PATCH", "", knobs)

    async def set_webhook(self, url: str | None) -> None:
        await self.change(webhook_url=url)

    async def close(self) -> None:
        await self.ask("DELETE")

    async def overview(self) -> Json:
        """People, groups, settings, usage and clock."""
        answer: Json = await self.ask("GET")
        return answer

    # --- people and groups -------------------------------------------------------------------------------

    async def user(self, name: str) -> "User":
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
    ) -> list[str]:
        """The user ids of `count` people called prefix1, prefix2, ...; friends if follow, each telling the bot
        of it if webhooks."""
        wanted = {
            "count": count,
            "prefix": prefix,
            "follow": follow,
            "webhooks": webhooks,
            "concurrency": concurrency,
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
        concurrency: int = 50,
    ) -> dict[str, int]:
        """follow, block, say (text) or press (label), each once per user; how many webhooks had which outcome."""
        wanted = {"users": users, "deed": deed, "text": text, "label": label, "concurrency": concurrency}
        outcomes: dict[str, int] = (await self.ask("POST", "/crowd/deeds", wanted))["webhooks"]
        return outcomes

    async def group(self, name: str, members: "list[User] | None" = None) -> "Group":
        """The group of that name; a new one has these members, and the bot is not in it."""
        wanted = {"name": name, "members": [member.id for member in members or []]}
        return Group(self, await self.ask("POST", "/groups", wanted))

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

    async def talk(self, chat_id: str, after: int = 0, wait: float = 0) -> list[Json]:
        """Everything in a talk (kind: bot, person, note); waits so many seconds for something newer than after."""
        entries: list[Json] = (await self.ask("GET", f"/talks/{chat_id}?after={after}&wait={wait}"))["entries"]
        return entries

    @asynccontextmanager
    async def events(self) -> "AsyncIterator[AsyncIterator[tuple[str, Json]]]":
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

    # --- faults of the API -------------------------------------------------------------------------------

    async def fault(
        self, kind: str, endpoint: str = "*", *, calls: int = 1, status: int = 500, latency_ms: int = 0
    ) -> None:
        """For the next calls of an endpoint (reply, push, multicast, profile, quota, ...; '*': any):
        latency, reset, error_before, error_after, drop_after, rate_limit, quota_limit, unauthorized, forbidden,
        bad_request."""
        wanted = {"kind": kind, "endpoint": endpoint, "calls": calls, "status": status, "latency_ms": latency_ms}
        await self.ask("POST", "/faults", wanted)

    async def clear_faults(self) -> None:
        await self.ask("DELETE", "/faults")

    async def stop_at(self, call: int, when: str = "before") -> "Stop":
        """Hold call number `call` (counted over all calls of the channel, from 1) before or after acceptance."""
        return Stop(self, await self.ask("POST", "/stops", {"call": call, "when": when}))

    async def stop_next(self, number: int = 1, when: str = "before") -> "Stop":
        """Hold the number-th call from now."""
        return Stop(self, await self.ask("POST", "/stops", {"next": number, "when": when}))


class Stop:
    """A call held at a point of its life."""

    def __init__(self, channel: Channel, answer: Json) -> None:
        self.channel = channel
        self.id: int = answer["id"]
        self.call: int = answer["call"]

    async def reached(self, seconds: float = 30.0) -> Json | None:
        """Wait for the call to arrive: {endpoint, request_id, gone (its client has died)}; None if it did not come."""
        answer: Json = await self.channel.ask("GET", f"/stops/{self.id}?wait={seconds}")
        return answer if answer["reached"] else None

    async def release(self, then: str = "continue") -> None:
        """continue (not accepted if its client has died before acceptance) or reset the connection."""
        await self.channel.ask("POST", f"/stops/{self.id}/release", {"then": then})


class Talk:
    """What a person or a group has on the screen."""

    def __init__(self, channel: Channel, chat_id: str) -> None:
        self.channel = channel
        self.id = chat_id

    async def talk(self, after: int = 0, wait: float = 0) -> list[Json]:
        return await self.channel.talk(self.id, after, wait)

    async def seen(self, after: int = 0) -> list[Seen]:
        """The bot's bubbles, oldest first."""
        return bubbles(await self.talk(after))

    async def texts(self, after: int = 0) -> list[str]:
        return [one.text for one in await self.seen(after)]

    async def sees(self, wanted: str | Callable[[Seen], bool], *, after: int = 0, seconds: float = 10.0) -> Seen:
        """The first bubble of the bot with these words in it (or that fits); AssertionError when none comes."""
        fits = (lambda one: wanted in one.text) if isinstance(wanted, str) else wanted
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        at = after
        while True:
            entries = await self.talk(at, max(0.0, min(ends - loop.time(), 10.0)))
            for one in bubbles(entries):
                if fits(one):
                    return one
            at = max([at, *(entry["seq"] for entry in entries)])
            if loop.time() >= ends:
                shown = [one.text for one in await self.seen(after)]
                raise AssertionError(f"not seen within {seconds} s: {wanted!r}; there is {shown!r}")

    async def sees_count(self, count: int, *, after: int = 0, seconds: float = 10.0) -> list[Seen]:
        """All bubbles of the bot once there are at least `count`."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        at = after
        while True:
            seen = await self.seen(after)
            if len(seen) >= count:
                return seen
            if loop.time() >= ends:
                raise AssertionError(f"{len(seen)} of {count} bubbles after {seconds} s: {[s.text for s in seen]!r}")
            at = max([at, *(one.seq for one in seen)])
            await self.talk(at, max(0.0, min(ends - loop.time(), 10.0)))

    async def buttons(self) -> list[Json]:
        """What can be pressed now: message_id, pointer, action."""
        found: list[Json] = await self.channel.ask("GET", f"/talks/{self.id}/buttons")
        return found


def bubbles(entries: list[Json]) -> list[Seen]:
    seen = []
    for entry in entries:
        if entry["kind"] == "bot":
            for message_id, message in zip(entry["ids"], entry["messages"], strict=True):
                how, at_ms, seq = entry["how"], entry["at_ms"], entry["seq"]
                seen.append(Seen(message_id, message, how, at_ms, seq, entry["request_id"], entry["retry_key"]))
    return seen


class User(Talk):
    """A person with a phone. Deeds in a group name it: await yamada.says("ヘルプ", in_group=group)."""

    def __init__(self, channel: Channel, answer: Json) -> None:
        super().__init__(channel, answer["id"])
        self.name: str = answer["name"]

    async def _does(self, deed: str, body: Json, in_group: "Group | None" = None, wait: bool = True) -> Done:
        wanted = {key: value for key, value in body.items() if value is not None}
        if in_group is not None:
            wanted["in"] = in_group.id
        if not wait:
            wanted["wait"] = False
        return Done(await self.channel.ask("POST", f"/people/{self.id}/{deed}", wanted))

    async def follow(self, *, wait: bool = True) -> Done:
        return await self._does("follow", {}, wait=wait)

    async def block(self, *, wait: bool = True) -> Done:
        return await self._does("block", {}, wait=wait)

    async def unblock(self, *, wait: bool = True) -> Done:
        return await self._does("unblock", {}, wait=wait)

    async def says(
        self,
        text: str,
        *,
        in_group: "Group | None" = None,
        quotes: str | None = None,
        mentions: list[str] | None = None,
        wait: bool = True,
    ) -> Done:
        """quotes: a message id. mentions: names that stand in the text after an @ (the bot's own too; 'All')."""
        body = {"text": text, "quotes": quotes, "mentions": mentions}
        return await self._does("say", body, in_group, wait)

    async def sends(
        self,
        kind: str,
        *,
        content: bytes | None = None,
        in_group: "Group | None" = None,
        wait: bool = True,
        **properties: Any,
    ) -> Done:
        """sticker (packageId, stickerId, stickerResourceType), image, video, audio, file, location (...)."""
        body: Json = {"message": {"type": kind, **properties}}
        if content is not None:
            body["content"] = base64.b64encode(content).decode()
        return await self._does("send", body, in_group, wait)

    async def unsends(self, message_id: str, *, in_group: "Group | None" = None) -> Done:
        return await self._does("unsend", {"message_id": message_id}, in_group)

    async def presses(
        self,
        label: str | None = None,
        *,
        in_group: "Group | None" = None,
        message_id: str | None = None,
        pointer: str | None = None,
        value: str | None = None,
        wait: bool = True,
    ) -> Done:
        """The newest button with that label (or at that pointer of that message). value: for a date picker."""
        body = {"label": label, "message_id": message_id, "pointer": pointer, "value": value}
        return await self._does("press", body, in_group, wait)

    async def about(self) -> Json:
        """name, state (stranger, friend, blocked), received (bubbles), opened (addresses pressed), ..."""
        answer: Json = await self.channel.ask("GET", f"/people/{self.id}")
        return answer

    async def change(self, **profile: str | None) -> None:
        """name, picture_url, status_message, language."""
        answer = await self.channel.ask("PATCH", f"/people/{self.id}", dict(profile))
        self.name = answer["name"]


class Group(Talk):
    """A group of people, with or without the bot."""

    def __init__(self, channel: Channel, answer: Json) -> None:
        super().__init__(channel, answer["id"])
        self.name: str = answer["name"]

    async def _does(self, deed: str, user: User | None, wait: bool) -> Done:
        body: Json = {"wait": wait}
        if user is not None:
            body["user"] = user.id
        return Done(await self.channel.ask("POST", f"/groups/{self.id}/{deed}", body))

    async def invite_bot(self, by: User | None = None, *, wait: bool = True) -> Done:
        return await self._does("invite-bot", by, wait)

    async def remove_bot(self, by: User | None = None, *, wait: bool = True) -> Done:
        return await self._does("remove-bot", by, wait)

    async def joins(self, user: User, *, wait: bool = True) -> Done:
        return await self._does("join", user, wait)

    async def leaves(self, user: User, *, wait: bool = True) -> Done:
        return await self._does("leave", user, wait)

    async def about(self) -> Json:
        """id, name, members (user ids), bot_in."""
        answer: Json = await self.channel.ask("GET", f"/groups/{self.id}")
        return answer


async def read_events(stream: aiohttp.StreamReader) -> AsyncIterator[tuple[str, Json]]:
    name = ""
    async for raw in stream:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, orjson.loads(line[6:])

"""Plays a scenario through one SDK and writes down what came of it, with names in the place of ids and times."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from tests.simulator.control import Channel, Done, Simulator
from tests.simulator_checks.contract.calls import Contract
from tests.simulator_checks.scenarios.steps import Call, Deed, Json, Scenario, Stage

CHANNEL = "sdk"
TOKEN = "the-token-of-the-scenarios"
SECRET = "the-secret-of-the-scenarios"
JAPAN = timezone(timedelta(hours=9))

SHAPES = {
    re.compile(r"\d{18}"): "<message id>",
    re.compile(r"q3\d+T[0-9a-f]{12}"): "<quote token>",
    re.compile(r"richmenu-[0-9a-f]{32}"): "<rich menu>",
    re.compile(r"http://127\.0\.0\.1:\d+(/\S*)?"): "<address>",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"): "<time>",
}
NEW = {
    "linkToken": "<token>",
    "access_token": "<token>",
    "key_id": "<key>",
    "expires_in": "<seconds>",
    "audienceGroupId": "<audience>",
    "audienceGroupJobId": "<job>",
    "liffId": "<app>",
    "couponId": "<coupon>",
}
UNREAD = ("expireTimestamp",)  # of every audience, see Call.unread
NAMED = ("id", "token", "request", "jwt")
FIRST_TIME = 1_000_000_000  # numbers from here on are moments, in s or ms


@dataclass(frozen=True, slots=True)
class Answer:
    """status, the JSON body (None: empty), and headers in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Sdk(Protocol):
    """One official SDK. Raises only what a bot's author would not expect from LINE's answer."""

    async def call(self, token: str, operation: str, args: list[Any]) -> Answer: ...


async def stage(simulator: Simulator, webhook: str) -> Stage:
    """A channel of its own where everybody has the same id each time."""
    channel = await simulator.new_channel(channel_id=CHANNEL, token=TOKEN, secret=SECRET, webhook=webhook)
    tanaka, suzuki = await channel.user("田中 花子"), await channel.user("鈴木 一郎")
    yamada, sato = await channel.user("山田 太郎"), await channel.user("佐藤 美咲")
    await tanaka.follow()
    group = await channel.group("管理グループ", [yamada, sato])
    await group.invite_bot()
    return Stage(channel, tanaka, suzuki, yamada, sato, group)


async def play(scenario: Scenario, sdk: Sdk, simulator: Simulator, webhook: str) -> list[Json]:
    """The transcript: one entry per call."""
    on = await stage(simulator, webhook)
    known = await first_known(on)
    transcript = []
    try:
        for step in scenario.steps:
            if isinstance(step, Deed):
                done = await step.does(on)
                known[step.keep] = done.answer if isinstance(done, Done) else done
            else:
                transcript.append(await played(step, sdk, on.channel, known))
    finally:
        await on.channel.close()
    return transcript


async def first_known(on: Stage) -> Json:
    today = (await on.channel.now()).astimezone(JAPAN)
    return {
        "token": TOKEN,
        "secret": SECRET,
        "bot": on.channel.bot_user_id,
        "basic": on.channel.basic_id,
        "tanaka": on.tanaka.id,
        "suzuki": on.suzuki.id,
        "yamada": on.yamada.id,
        "sato": on.sato.id,
        "group": on.group.id,
        "today": day(today),
        "yesterday": day(today - timedelta(days=1)),
    }


def day(moment: datetime) -> str:
    return moment.strftime("%Y%m%d")


async def played(step: Call, sdk: Sdk, channel: Channel, known: Json) -> Json:
    before = (await channel.counts())["calls"]
    answer = await sdk.call(filled(step.token, known), step.operation, filled(list(step.args), known))
    lines = await channel.calls(after=before)
    entry = {
        "call": step.operation,
        "line": [f"{line['path']} {line['status']}" for line in lines],
        "status": answer.status,
        "answer": answer.body or None,
        "accepted": answer.headers.get("x-line-accepted-request-id"),
    }
    named: Json = Naming(known, (*UNREAD, *step.unread)).of(entry)
    if step.keep:
        known[step.keep] = {**(answer.body or {}), "request": answer.headers["x-line-request-id"]}
    return named


def expected(scenario: Scenario, contract: Contract) -> list[Json]:
    """What a transcript should say."""
    entries = []
    for step in scenario.steps:
        if isinstance(step, Call):
            told = {
                "call": step.operation,
                "line": line_of(step, contract),
                "status": step.status,
                "answer": step.answer,
                "accepted": f"${step.accepted}.request" if step.accepted else None,
            }
            entries.append({key: value for key, value in told.items() if value is not None})
    return entries


def line_of(step: Call, contract: Contract) -> list[str]:
    """What the simulator's log of calls should say: method, path and status, as LINE's files have the call.

    Parameters of a path come first among the arguments.
    """
    if not step.logged:
        return []
    _, method, path = contract.named(step.operation).place
    for value in step.args[: path.count("{}")]:
        path = path.replace("{}", str(value), 1)
    return [f"{method} {path} {step.status}"]


def filled(value: Any, known: Json) -> Any:
    """With what is known in the place of "$name.path"."""
    if isinstance(value, str) and value.startswith("$"):
        found: Any = known
        for key in value[1:].split("."):
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found
    if isinstance(value, list | tuple):
        return [filled(one, known) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, known) for key, one in value.items()}
    return value


class Naming:
    """The way back: known values, ids and times by their names, nothing instead of null."""

    def __init__(self, known: Json, unread: Collection[str] = ()) -> None:
        self.names: dict[str, str] = {}
        self.unread = unread
        self.learn("$", known)

    def learn(self, name: str, value: Any) -> None:
        """Ids, tokens and what stands at the top."""
        if isinstance(value, dict):
            for key, one in value.items():
                self.learn(f"{name}{'' if name == '$' else '.'}{key}", one)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                self.learn(f"{name}.{index}", one)
        elif name.count(".") == 0 or name.lower().endswith(NAMED):
            self.names.setdefault(str(value), name)

    def of(self, value: Any) -> Any:
        if isinstance(value, dict):
            inner = {key: self.of_property(key, one) for key, one in value.items() if key not in self.unread}
            return {key: one for key, one in inner.items() if one is not None}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        if isinstance(value, str):
            return self.of_text(value)
        if isinstance(value, int) and not isinstance(value, bool) and value >= FIRST_TIME:
            return "<time>"
        return value

    def of_property(self, key: str, value: Any) -> Any:
        if key in NEW:
            return self.names.get(str(value), NEW[key])
        return self.of(value)

    def of_text(self, value: str) -> str:
        if value in self.names:
            return self.names[value]
        for shape, name in SHAPES.items():
            if shape.fullmatch(value):
                return name
        for known, name in self.names.items():
            value = value.replace(known, name)
        return value

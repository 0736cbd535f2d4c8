"""Moves a channel's time, and the bot's in step, from one due instant to the next: three days pass as three days."""

import asyncio
from typing import Any

import aiohttp
import orjson

from tests.simulator import clock, narrowcasting
from tests.simulator.channel import Channel
from tests.simulator.people import Impossible
from tests.simulator.webhooks.post import Postman, signature

MOVE_SECONDS = 900.0
STUCK_AFTER = 20
CATCH_UP_TRIES = 120
CATCH_UP_PAUSE = 0.5


async def advance(
    channel: Channel, postman: Postman, *, seconds: float | None = None, to_ms: int | None = None
) -> dict[str, Any]:
    """Go forward (with the bot, if it is driven) by so many seconds or to that instant; one advance at a time."""
    async with channel.driving:
        driven = channel.settings.drive_bot and channel.webhook_url is not None
        if driven:
            channel.clock.move_to(await ask(channel, postman, "now", {"op": "now"}))
        target = channel.clock.now_ms() + round((seconds or 0) * 1000) if to_ms is None else to_ms
        steps = 0
        try:
            if driven:
                steps = await drive(channel, postman, target)
            channel.clock.move_to(target)
            narrowcasting.settle(channel)
        finally:
            tell(channel, target, steps, done=True)
    return {"now": clock.iso(channel.clock.now_ms()), "steps": steps}


async def drive(channel: Channel, postman: Postman, target_ms: int) -> int:
    """Ask for the next due instant; go there; let the bot go there and do all that is due; repeat until the target.

    The number of moves is returned.
    """
    steps = repeats = 0
    last = -1
    while True:
        until = clock.iso(target_ms)
        due = min(target_ms, await ask(channel, postman, "next", {"op": "next", "until": until}))
        repeats = repeats + 1 if due <= last else 0
        if repeats > STUCK_AFTER:
            raise Impossible(
                f"the bot does not get past {clock.iso(due)}",
                "ボットの予定が先に進みません。ボットのログを確かめてください。",
            )
        last = max(last, due)
        channel.clock.move_to(due)
        narrowcasting.settle(channel)
        tell(channel, target_ms, steps, done=False)
        await ask(channel, postman, "now", {"op": "move", "to": clock.iso(due)})
        steps += 1
        if due >= target_ms:
            return steps


async def next_due(channel: Channel, postman: Postman, within_ms: int) -> int:
    """The instant at which the bot's next work falls due; Impossible when there is none in that time."""
    if not channel.settings.drive_bot or channel.webhook_url is None:
        raise Impossible(
            "the bot's clock is not driven, so nobody knows what falls due next",
            "この時計はボットとつながっていないので、次の予定はわかりません。",
        )
    until = channel.clock.now_ms() + within_ms
    due = await ask(channel, postman, "next", {"op": "next", "until": clock.iso(until)})
    if due >= until:
        raise Impossible("nothing falls due in that time", "この先しばらく、予定はありません。")
    return due


async def catch_up(channel: Channel, postman: Postman) -> None:
    """After a start: if the bot's clock is ahead (our state is older than its own), go where it is.

    The bot may still be starting; after a minute without an answer this is left to the next advance.
    """
    for _ in range(CATCH_UP_TRIES):
        try:
            channel.clock.move_to(await ask(channel, postman, "now", {"op": "now"}))
        except Impossible:
            await asyncio.sleep(CATCH_UP_PAUSE)
        else:
            tell(channel, channel.clock.now_ms(), 0, done=True)
            return


async def ask(channel: Channel, postman: Postman, key: str, question: dict[str, str]) -> int:
    """One signed question to the bot's clock; the instant under `key` of its answer, in ms."""
    assert channel.webhook_url is not None
    url = "/".join(channel.webhook_url.split("/")[:3]) + "/sandbox/clock"
    body = orjson.dumps(question)
    headers = {"Content-Type": "application/json", "x-line-signature": signature(channel.secret, body)}
    timeout = aiohttp.ClientTimeout(total=MOVE_SECONDS)
    try:
        async with postman.session().post(url, data=body, headers=headers, timeout=timeout) as answer:
            text = await answer.read()
            if answer.status != 200:
                raise Impossible(
                    f"the bot's clock answered {answer.status} to {question['op']}",
                    f"ボットの時計が {answer.status} と答えました。",
                )
        return clock.from_iso(orjson.loads(text)[key])
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as problem:
        raise Impossible(
            f"the bot's clock cannot be moved: {type(problem).__name__} {problem}", "ボットの時計が応答しません。"
        ) from problem


def tell(channel: Channel, target_ms: int, steps: int, *, done: bool) -> None:
    now = clock.iso(channel.clock.now_ms())
    progress = {"now": now, "target": clock.iso(target_ms), "steps": steps, "driving": not done}
    channel.watchers.tell("clock", progress)

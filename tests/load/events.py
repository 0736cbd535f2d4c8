"""`./ayumi bench events`: a pressed button -> tag and reply, from LINE's webhook to LINE's reply endpoint."""

import argparse
import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Sequence

import orjson

from bot import memory, server, wiring
from storage import account, database
from tests.load import _ground as grounds
from tests.simulator import control

GOAL_RATE, GOAL_CPU, GOAL_MEDIAN = 1_500, 0.65, 25.0
LABEL = "はい"


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench events", description=__doc__)
    parser.add_argument("--friends", type=int, default=3_000, help="each presses once a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=50)
    given = parser.parse_args(arguments)
    memory.calm()  # as our processes do
    url = await grounds.fresh_database("ayumi_bench_events")
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            channel = await simulator.new_channel(rate_scale=None, check_messages=False)
            async with (
                wiring.house(grounds.sandbox(channel, url), intake=True) as house,
                server.serving(house) as served,
            ):
                await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
                await measure(channel, given.friends, given.rounds, given.connections)
    finally:
        process.stop()


async def measure(channel: control.Channel, count: int, rounds: int, connections: int) -> None:
    button, tag = await _button()
    await _greeting(button)
    people = await channel.crowd(count, webhooks=True, concurrency=connections)
    await _replies(channel, count)
    rates, costs = [], []
    for number in range(rounds):
        await database.run("TRUNCATE friend_tags")
        began, cpu = time.perf_counter(), _cpu()
        await channel.all_do(people, "press", label=LABEL, concurrency=connections)
        await _replies(channel, count * (number + 2))
        wall = time.perf_counter() - began
        tagged = await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", tag)
        if tagged != count:
            raise SystemExit(f"{tagged} of {count} were tagged: the measurement is void")
        rates.append(count / wall)
        costs.append(1e3 * (_cpu() - cpu) / count)
    rate, cost = statistics.median(rates), statistics.median(costs)
    print(
        f"events, press -> tag + reply: {rate:,.0f}/s (goal {GOAL_RATE:,}), {cost:.2f} CPU ms each in our process"
        f" (goal {GOAL_CPU}); {1e3 / cost:,.0f}/s if the core were ours alone"
    )
    waits = [await _one(channel, people[number], number) for number in range(200)]
    print(f"events, one at a time: median {statistics.median(waits):.1f} ms to the reply (goal {GOAL_MEDIAN:.0f})")


async def _one(channel: control.Channel, person: str, number: int) -> float:
    """Milliseconds from the press of one friend to the reply's acceptance."""
    before = (await channel.counts())["calls"]
    began = time.perf_counter()
    await channel.all_do([person], "press", label=LABEL, concurrency=1)
    while (await channel.counts())["calls"] == before:
        await asyncio.sleep(0)
    return 1e3 * (time.perf_counter() - began)


async def _replies(channel: control.Channel, count: int) -> None:
    """Wait until the simulator has accepted so many replies."""
    deadline = time.monotonic() + 120
    while await database.value("SELECT count(*) FROM outbox WHERE kind = 'reply' AND state = 'accepted'") < count:
        if time.monotonic() > deadline:
            raise SystemExit("replies are missing after two minutes: the measurement is void")
        await asyncio.sleep(0.01)


async def _button() -> tuple[int, int]:
    tag: int = await database.value(
        "INSERT INTO tags (name, name_key, created_at) VALUES ('押した', '押した', now()) RETURNING id"
    )
    actions = [
        {"do": "tag_on", "tags": [tag]},
        {"do": "send", "messages": [{"type": "text", "text": "ありがとうございます"}]},
    ]
    button: int = await database.value(
        "INSERT INTO buttons (label, actions, owner, created_at)"
        " VALUES ($1, $2::jsonb, 'greeting:new', now()) RETURNING id",
        LABEL,
        orjson.dumps(actions).decode(),
    )
    return button, tag


async def _greeting(button: int) -> None:
    press = {"type": "postback", "label": LABEL, "data": f"b={button}"}
    template = {"type": "buttons", "text": "ようこそ", "actions": [press]}
    message = {"type": "template", "altText": "ようこそ", "template": template}
    await database.run(
        "INSERT INTO greetings (kind, source, actions, updated_at) VALUES ('new', '', $1::jsonb, now())",
        orjson.dumps([{"do": "send", "messages": [message]}]).decode(),
    )
    await account.configuration_changed()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

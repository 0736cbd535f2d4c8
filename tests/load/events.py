"""`./ayumi bench events`: a text -> keyword rule -> tag and reply, from LINE's webhook to LINE's reply endpoint."""

import argparse
import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import orjson

from bot import memory, server, wiring
from jobs import delivery
from storage import account, database
from tests.load import _ground as grounds
from tests.simulator import control

GOAL_RATE, GOAL_CPU, GOAL_MEDIAN = 1_500, 0.65, 25.0
RULES = 500  # in force; one of them answers
TEXT = "今日は何時からですか？"


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench events", description=__doc__)
    parser.add_argument("--friends", type=int, default=3_000, help="each writes once a round")
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
                worker = asyncio.create_task(_left_over(house.delivery))
                await measure(channel, given.friends, given.rounds, given.connections)
                worker.cancel()
    finally:
        process.stop()


async def measure(channel: control.Channel, count: int, rounds: int, connections: int) -> None:
    tag = await _rules()
    people = await channel.crowd(count, webhooks=True, concurrency=connections)
    await _followers(count)
    rates, costs = [], []
    for number in range(rounds):
        await database.run("TRUNCATE friend_tags")
        began, cpu = time.perf_counter(), _cpu()
        await channel.all_do(people, "say", text=TEXT, concurrency=connections)
        await _replies(count * (number + 1))
        wall = time.perf_counter() - began
        tagged = await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", tag)
        if tagged != count:
            raise SystemExit(f"{tagged} of {count} were tagged: the measurement is void")
        rates.append(count / wall)
        costs.append(1e3 * (_cpu() - cpu) / count)
    rate, cost = statistics.median(rates), statistics.median(costs)
    print(
        f"events, text -> one of {RULES} keyword rules -> tag + reply: {rate:,.0f}/s (goal {GOAL_RATE:,}),"
        f" {cost:.2f} CPU ms each in our process (goal {GOAL_CPU}); {1e3 / cost:,.0f}/s if the core were ours alone"
    )
    waits = [await _one(channel, people[number]) for number in range(200)]
    print(f"events, one at a time: median {statistics.median(waits):.1f} ms to the reply (goal {GOAL_MEDIAN:.0f})")


async def _one(channel: control.Channel, person: str) -> float:
    """Milliseconds from the text of one friend to the reply's acceptance."""
    before = (await channel.counts())["calls"]
    began = time.perf_counter()
    await channel.all_do([person], "say", text=TEXT, concurrency=1)
    while (await channel.counts())["calls"] == before:
        await asyncio.sleep(0)
    return 1e3 * (time.perf_counter() - began)


async def _replies(count: int) -> None:
    """Wait until the simulator has accepted so many replies."""
    counted = "SELECT count(*) FROM outbox WHERE kind = 'reply' AND state = 'accepted'"
    await _until(lambda: database.value(counted), count)


async def _followers(count: int) -> None:
    await _until(lambda: database.value("SELECT count(*) FROM friends WHERE following"), count)


async def _left_over(sending: delivery.Delivery) -> None:
    """What a busy machine could not send within its second is a worker's, here as well."""
    while True:
        await asyncio.sleep(1)
        await sending.send_due()


async def _until(counted: Callable[[], Awaitable[int]], count: int) -> None:
    deadline = time.monotonic() + 120
    while await counted() < count:
        if time.monotonic() > deadline:
            raise SystemExit("some are missing after two minutes: the measurement is void")
        await asyncio.sleep(0.05)  # each look is CPU of ours


async def _rules() -> int:
    """Rules of five words each, as a talkative shop has them; the tag that the right one puts on."""
    tag: int = await database.value(
        "INSERT INTO tags (name, name_key, created_at) VALUES ('質問', '質問', now()) RETURNING id"
    )
    right = [
        {"do": "tag_on", "tags": [tag]},
        {"do": "send", "messages": [{"type": "text", "text": "10時からです"}]},
    ]
    other = [{"do": "send", "messages": [{"type": "text", "text": "別のご案内です"}]}]
    contents = []
    for number in range(RULES):
        hit = number == RULES // 2
        words = [["何時から"], ["営業時間"]] if hit else [[f"品番{number}の{word}"] for word in "色形値段在庫"[:5]]
        rule = {"words": words, "match": "contains", "kinds": ["text"]}
        contents.append({"source": "", "rule": rule, "actions": right if hit else other})
    await database.run(
        "WITH made AS (INSERT INTO auto_replies (name, name_key, state, live, created_at)"
        " SELECT 'r' || n, 'r' || n, 'live', 1, now() FROM generate_series(1, $2::int) n RETURNING id)"
        " INSERT INTO block_versions (owner, number, content, created_at)"
        " SELECT 'auto_reply:' || m.id, 1, c.content, now() FROM (SELECT id, row_number() OVER (ORDER BY id) AS n"
        " FROM made) m JOIN jsonb_array_elements($1::jsonb) WITH ORDINALITY AS c (content, n) USING (n)",
        orjson.dumps(contents).decode(),
        RULES,
    )
    await account.configuration_changed()
    return tag


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

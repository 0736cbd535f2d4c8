"""`./ayumi bench steps`: due steps from claim to LINE's acceptance, against claiming and finishing alone."""

import argparse
import asyncio
import statistics
import sys
import time
import uuid
from collections.abc import Sequence

from jobs import due
from storage import clock, database, scenarios
from tests.load import _ground as grounds

TEXTS = ("おはようございます", "こんにちは", "こんばんは", "お元気ですか", "またどうぞ")
GOAL, GOAL_RATE, GOAL_PERSONAL, GOAL_LAST = 0.70, 20_000, 0.60, 1.5


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench steps", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--personal", type=int, default=10_000)
    given = parser.parse_args(arguments)
    async with grounds.ground("ayumi_bench_steps", max(given.sizes), limited=False) as here:
        same = [await grounds.add_scenario(f"同文{n}", text) for n, text in enumerate(TEXTS)]
        personal = await grounds.add_scenario("名前入り", "{名前}さん、こんにちは")
        for size in given.sizes:
            await identical(here, same, size, given.rounds)
        await personally(here, personal, given.personal, given.rounds)
    async with grounds.ground("ayumi_bench_steps", 2_000) as here:
        scenario = await grounds.add_scenario("一斉", "同じ時刻です")
        await at_one_instant(here, scenario)


async def identical(here: grounds.Ground, same: list[int], size: int, rounds: int) -> None:
    """The same five texts, by multicast: ours and the reference in turn, each on fresh rows."""
    ours, bare = [], []
    for _ in range(rounds):
        await grounds.make_due(same, size)
        bare.append(await claim_and_finish())
        await grounds.make_due(same, size)
        before = (await here.channel.counts())["used"]
        wall, cpu = await grounds.work_off(here)
        accepted = (await here.channel.counts())["used"] - before
        if accepted != size:
            raise SystemExit(f"{accepted} of {size} were accepted: the measurement is void")
        ours.append((size / wall, 1e6 * cpu / size))
    rate = statistics.median(rate for rate, _ in ours)
    reference = statistics.median(size / wall for wall in bare)
    cpu = statistics.median(cpu for _, cpu in ours)
    print(
        f"steps, {size:>9,} due, 5 texts: {rate:>8,.0f}/s ({cpu:.0f} CPU us each);"
        f" claim and finish alone {reference:>8,.0f}/s; ratio {rate / reference:.2f} (goal {GOAL}, {GOAL_RATE:,}/s)"
    )


async def claim_and_finish() -> float:
    """The reference: the same claims and the same bulk update, nothing planned and nothing sent. Wall seconds."""

    async def one_set() -> int:
        now = await clock.now()
        for scenario in await scenarios.with_due():
            claimed = await scenarios.claim_due(scenario, due.SET)
            if claimed:
                walks = await scenarios.due_walks(list(claimed), now)
                for walk in walks:
                    walk.state, walk.due_at, walk.position = "finished", None, 1
                await scenarios.save(walks, now)
                return len(claimed)
        return 0

    began = time.perf_counter()
    while await database.repeated(one_set):
        pass
    return time.perf_counter() - began


async def personally(here: grounds.Ground, scenario: int, size: int, rounds: int) -> None:
    """A text with the friend's name, by push: against the raw client alone sending the same number."""
    ours, raw = [], []
    for _ in range(rounds):
        await grounds.make_due([scenario], size)
        raw.append(await raw_pushes(here, size))
        wall, _ = await grounds.work_off(here)
        ours.append(size / wall)
    rate, reference = statistics.median(ours), statistics.median(raw)
    print(
        f"steps, {size:>9,} due, personal: {rate:>7,.0f}/s; raw client alone {reference:>8,.0f}/s;"
        f" ratio {rate / reference:.2f} (goal {GOAL_PERSONAL}; LINE itself takes 2,000/s)"
    )


async def raw_pushes(here: grounds.Ground, size: int) -> float:
    """The client by itself, a hundred calls under way; pushes a second."""
    [row] = await database.rows("SELECT line_user_id FROM friends LIMIT 1")
    body = '[{"type":"text","text":"お客様さん、こんにちは"}]'.encode()
    left = iter(range(size))

    async def one_after_another() -> None:
        for _ in left:
            await here.client.push(row["line_user_id"], body, uuid.uuid4())

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(100)))
    return size / (time.perf_counter() - began)


async def at_one_instant(here: grounds.Ground, scenario: int) -> None:
    """2,000 steps due at the same moment, at LINE's rates: how long after it the last one has left."""
    await grounds.make_due([scenario], 2_000, seconds=2.0)
    at = await scenarios.next_due()
    while at and (await clock.now()) < at:
        await asyncio.sleep(0.01)
    wall, _ = await grounds.work_off(here)
    print(f"steps, 2,000 due at one instant, LINE's rates: the last left after {wall:.2f} s (goal {GOAL_LAST} s)")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

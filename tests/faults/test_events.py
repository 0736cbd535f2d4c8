"""Events that come several times at once have one effect; one that cannot be worked off delays nobody else."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage import clock, database, friends
from tests.faults import house as houses
from tests.faults import rounds, scenes
from tests.faults.balancer import Balancer
from tests.faults.stores import Stores
from tests.jobs import engine
from tests.simulator import control

pytestmark = pytest.mark.faults

SOON = 20.0  # seconds in which others are served, whatever befalls the one at fault; much for a busy machine


@pytest.mark.parametrize("redelivery", [False, True])
async def test_it_takes_the_same_webhook_three_times_at_once_as_one(
    stores: Stores, channel: control.Channel, tmp_path: Path, redelivery: bool
) -> None:
    async with houses.house(stores, channel, tmp_path, servers=2) as house, Balancer(house.ports) as balancer:
        await engine.add_greeting("new", [engine.say(scenes.GREETING)])
        await house.start()
        await channel.set_webhook(f"http://127.0.0.1:{balancer.port}/line/webhook")
        tanaka = await channel.user("田中 花子")
        await channel.duplicate_webhooks(events=2, times=2, parallel=True, redelivery=redelivery)
        await tanaka.follow()
        await tanaka.says("こんにちは")
        await house.done(lambda progress: int(progress["events"]) == 2)
        answers = await channel.webhook_answers()
        assert [answer["status"] for answer in answers] == [200] * 6
        assert await tanaka.texts() == [scenes.GREETING]
        assert await database.value("SELECT count(*) FROM friends") == 1
        told = await database.rows("SELECT kind FROM friend_events ORDER BY id")
        assert [row["kind"] for row in told] == ["followed", "said"]
        assert await database.value("SELECT sum(attempts) FROM inbox") == 2


async def test_it_parks_a_poisoned_event_and_delays_nobody_else(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, "burst")
        victim, *others = scene.expected
        await friends.register([(victim, None, None, None)], clock.NOW)
        await database.run(  # whatever the event's number, its first message was sent already
            "INSERT INTO deliveries (cause, friend_id, state, at)"
            " SELECT 'event:' || n || ':1', f.id, 'none', now() FROM friends f, generate_series(1, 200) n"
        )
        await channel.hold_webhooks()
        await channel.all_do(list(scene.expected), "follow")
        await channel.release_webhooks(batch=100)
        await _have_two(channel, others)
        await house.done(lambda _: True)
        assert await _states(victim) == ["parked"]
        assert await channel.all_do([victim], "say", text="まだですか") == {"ok": 1}
        await house.done(lambda progress: int(progress["events"]) == len(others) + 2)
        assert await _states(victim) == ["parked", "done"]
        assert await _seen(channel) == dict.fromkeys(others, 2)
        async with channel.simulator.session.get(f"http://127.0.0.1:{house.ports[0]}/metrics") as answer:
            assert "ayumi_inbox_parked 1.0" in (await answer.text()).splitlines()


async def test_it_parks_a_poisoned_step_and_delays_nobody_else(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, "tick")
        *others, victim = scene.expected
        await database.run(
            "INSERT INTO deliveries (cause, friend_id, state, at) SELECT 'step:' || w.id || ':k2', f.id, 'none',"
            " now() FROM subscriptions w JOIN friends f ON f.id = w.friend_id WHERE f.line_user_id = $1",
            victim,
        )
        await scene.begin(house)
        await _have_two(channel, others)
        await house.done(scene.enough)
        states = await database.rows("SELECT state, count(*) AS friends FROM subscriptions GROUP BY 1 ORDER BY 2")
        assert [(row["state"], row["friends"]) for row in states] == [("parked", 1), ("finished", len(others))]
        assert await _seen(channel) == dict.fromkeys(others, 2)


async def _seen(channel: control.Channel) -> dict[str, int]:
    return {user: count for user, count in (await channel.received()).items() if count}


async def _have_two(channel: control.Channel, people: Sequence[str]) -> None:
    """All of them have their two messages, soon: nothing waits for the one at fault."""
    async with asyncio.timeout(SOON):
        while await _seen(channel) != dict.fromkeys(people, 2):
            await asyncio.sleep(houses.LOOK)


async def _states(user: str) -> list[str]:
    return [row["state"] for row in await database.rows("SELECT state FROM inbox WHERE chat = $1 ORDER BY id", user)]

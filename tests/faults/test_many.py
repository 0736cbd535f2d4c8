"""Two servers and two workers on one database: together they do each thing once, and one takes over from the other."""

from pathlib import Path

import pytest

from storage import database
from tests.faults import broadcast, rounds, scenes
from tests.faults import house as houses
from tests.faults.balancer import Balancer
from tests.faults.points import EVERY, Point
from tests.faults.stores import Stores
from tests.jobs import engine
from tests.simulator import control

pytestmark = pytest.mark.faults

POINTS = [Point("tick", "owner", "commit", "after", 2), Point("burst", "owner", "commit", "before", 5)]
if EVERY:
    POINTS = [
        Point(name, "owner", "commit", when, number)
        for name, count in {"tick": 5, "burst": 6}.items()
        for number in range(1, count + 1)
        for when in ("before", "after")
    ]


@pytest.mark.parametrize("name", [*scenes.SCENES, broadcast.NAME])
async def test_it_does_everything_once_with_two_servers_and_two_workers(
    stores: Stores, channel: control.Channel, tmp_path: Path, name: str
) -> None:
    async with houses.house(stores, channel, tmp_path, servers=2, workers=2) as house, Balancer(house.ports) as door:
        scene = await rounds.prepare(house, name)
        await channel.set_webhook(f"http://127.0.0.1:{door.port}/line/webhook")
        await rounds.play(house, scene)


@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_it_takes_over_from_the_one_that_dies_at_a_commit(
    stores: Stores, channel: control.Channel, tmp_path: Path, point: Point
) -> None:
    async with houses.house(stores, channel, tmp_path, servers=2, workers=2) as house, Balancer(house.ports) as door:
        scene = await rounds.prepare(house, point.scene)
        await channel.set_webhook(f"http://127.0.0.1:{door.port}/line/webhook")

        async def die_for_good() -> None:
            for member in house.members:
                if house.gate.held is not None and member.name == house.gate.held.who:
                    member.kept_down = True
                    member.kill()
            await house.let_go()

        await rounds.interrupt(house, scene, point, die_for_good)
        assert sum(member.kept_down for member in house.members) == 1


async def test_it_takes_nobody_for_a_killer_only_because_many_look_at_a_long_queue(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    """LINE tells names slowly, the queue grows old, and four processes go over it at once."""
    async with houses.house(stores, channel, tmp_path, servers=2, workers=2) as house:
        await engine.add_greeting("new", [engine.say(scenes.GREETING)])
        await house.start()
        people = await channel.crowd(900, follow=False)
        await channel.fault("latency", "profile", calls=100_000, latency_ms=1_500)
        await channel.hold_webhooks()
        await channel.all_do(people, "follow")
        await channel.release_webhooks(batch=100, parallel=True)
        await house.pass_time(5)
        await house.done(lambda progress: int(progress["events"]) == len(people))
        states = await database.rows("SELECT state, count(*) AS events FROM inbox GROUP BY state")
        assert states == [{"state": "done", "events": len(people)}]
        assert await channel.received() == dict.fromkeys(people, 1)

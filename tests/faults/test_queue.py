"""Valkey emptied, dead or gone for good: wake-ups are lost, and nothing else."""

from pathlib import Path

import pytest

from tests.faults import broadcast, rounds, scenes
from tests.faults import house as houses
from tests.faults.points import Point
from tests.faults.stores import Stores
from tests.simulator import control

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(("name", "kind"), [("tick", "line"), ("burst", "commit")])
async def test_it_loses_nothing_when_the_queue_is_emptied_in_the_middle(
    stores: Stores, channel: control.Channel, tmp_path: Path, name: str, kind: str
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, name)

        async def empty() -> None:
            await stores.empty_valkey()
            await house.let_go()

        assert await rounds.interrupt(house, scene, Point(name, "valkey", kind, "after", 2), empty)


@pytest.mark.parametrize("name", [*scenes.SCENES, broadcast.NAME])
async def test_it_starts_and_works_without_any_queue(
    stores: Stores, channel: control.Channel, tmp_path: Path, name: str
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        house.kill("valkey")
        try:
            await rounds.play(house, await rounds.prepare(house, name))
        finally:
            stores.start_valkey()

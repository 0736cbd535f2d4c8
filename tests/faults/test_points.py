"""Killed at any point of the work, everybody gets every message exactly once, and every photo is kept exactly once."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import house as houses
from tests.faults import points, rounds
from tests.faults.points import Point
from tests.faults.stores import Stores
from tests.simulator import control

pytestmark = pytest.mark.faults

_counted: dict[str, rounds.Counted] = {}


async def counted(stores: Stores, simulator: control.Simulator, folder: Path, name: str) -> rounds.Counted:
    """How many points a clean run has; played once in each test process."""
    if name not in _counted:
        channel = await simulator.new_channel()
        async with houses.house(stores, channel, folder) as house:
            scene = await rounds.prepare(house, name)
            _counted[name] = await rounds.play(house, scene)
            assert await channel.used() == scene.cost
        await channel.close()
    return _counted[name]


@pytest.mark.parametrize("name", points.LINE_CALLS)
async def test_it_loses_and_doubles_nothing_in_a_clean_run_of_whose_points_all_can_be_chosen(
    stores: Stores, simulator: control.Simulator, tmp_path: Path, name: str
) -> None:
    found = await counted(stores, simulator, tmp_path, name)
    assert found.line == points.LINE_CALLS[name] or (name in points.BY_CHANCE and found.line > points.LINE_CALLS[name])
    assert 1 < found.commit <= points.COMMITS[name]


@pytest.mark.parametrize("point", points.chosen(), ids=str)
async def test_it_survives_a_kill(
    stores: Stores, simulator: control.Simulator, channel: control.Channel, tmp_path: Path, point: Point
) -> None:
    number = point.number
    if point.kind == "commit":
        number = (number - 1) % (await counted(stores, simulator, tmp_path, point.scene)).commit + 1
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, point.scene)
        reached = await rounds.survive(house, scene, replace(point, number=number))
    assert reached or point.kind == "commit"
    while not reached:  # this time the commits were fewer
        assert number > 1
        number = number // 2 + 1 if number > 2 else 1
        again = await simulator.new_channel()
        async with houses.house(stores, again, tmp_path) as house:
            scene = await rounds.prepare(house, point.scene)
            reached = await rounds.survive(house, scene, replace(point, number=number))
        await again.close()


async def test_it_survives_a_kill_as_production_starts_it(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    """All others are forked from a process that has imported everything."""
    async with houses.house(stores, channel, tmp_path) as house:
        for member in house.members:
            member.afresh = True
        scene = await rounds.prepare(house, "tick")
        assert await rounds.survive(house, scene, Point("tick", "all", "line", "after", 2))


@pytest.mark.skipif(not points.EVERY, reason="waits for half a minute of real time; runs with --faults")
async def test_it_waits_for_the_leases_of_the_dead_by_the_real_clock(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, "tick")
        house.patient = True
        assert await rounds.survive(house, scene, Point("tick", "all", "line", "after", 20))

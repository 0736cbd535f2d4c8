"""One round: a scene begins, something is killed at a point of it and restarted, and everything is as it should be."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults import album, answers, broadcast, later, scenes, trial
from tests.faults.house import House
from tests.faults.points import Point

REACHED_WITHIN = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Counted:
    """The points of a clean run, each to be had before and after."""

    line: int
    commit: int


async def prepare(house: House, name: str) -> scenes.Scene:
    """The cast in the database, a group of staff to tell, and the house running."""
    scene: scenes.Scene = {
        **scenes.SCENES,
        album.NAME: album.Album,
        later.NAME: later.Later,
        broadcast.NAME: broadcast.Broadcast,
        broadcast.ALIKE: broadcast.Alike,
        trial.NAME: trial.Trial,
        answers.NAME: answers.Answers,
    }[name]()
    await scenes.claim_group()
    await scene.prepare(house)
    await house.start()
    return scene


async def play(house: House, scene: scenes.Scene) -> Counted:
    """Nothing is killed; how many points there were."""
    house.gate.begin()
    await scene.begin(house)
    await house.done(scene.enough)
    await scenes.check(house, scene)
    return Counted(await house.line_calls(), len(house.gate.commits))


async def survive(house: House, scene: scenes.Scene, point: Point) -> bool:
    """Kill at the point, restart, and see everything done; False when the work was done without reaching it."""
    return await interrupt(house, scene, point, lambda: _kill_and_restart(house, point.victim))


async def _kill_and_restart(house: House, victim: str) -> None:
    house.kill(victim)
    await house.let_go(cut=victim == "wire")
    house.restart(victim)


async def interrupt(house: House, scene: scenes.Scene, point: Point, deed: Callable[[], Awaitable[None]]) -> bool:
    """The same with any deed at the point; it ends by letting go what is held there."""
    if point.kind == "line":
        house.gate.begin()
        house.stop = await house.channel.stop_next(point.number, point.when)
    else:
        house.gate.begin(point.number, point.when)
    beginning = asyncio.create_task(scene.begin(house))
    reached = await _reached(house, beginning, scene)
    await deed()
    await beginning
    await house.done(scene.enough)
    await scenes.check(house, scene)
    return reached


async def _reached(house: House, beginning: asyncio.Task[None], scene: scenes.Scene) -> bool:
    if house.stop is not None:
        return await house.stop.reached(REACHED_WITHIN) is not None
    waiting = asyncio.create_task(house.gate.reached.wait())
    ending = asyncio.create_task(_ended(house, beginning, scene))
    await asyncio.wait((waiting, ending), return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, ending):
        task.cancel()
    await asyncio.gather(waiting, ending, return_exceptions=True)
    return house.gate.reached.is_set()


async def _ended(house: House, beginning: asyncio.Task[None], scene: scenes.Scene) -> None:
    await asyncio.shield(beginning)
    await house.done(scene.enough)

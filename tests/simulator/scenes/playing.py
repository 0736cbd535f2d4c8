"""Plays a scene: its people come, the clock goes from step to step, the bot hears of everything."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from tests.simulator import driving, sandbox
from tests.simulator.channel import Channel
from tests.simulator.people import Impossible
from tests.simulator.scenes import busy_saturday, new_salon
from tests.simulator.scenes.steps import Step
from tests.simulator.webhooks.post import Postman

JAPAN = timezone(timedelta(hours=9))
SATURDAY, NINE = 5, 9


@dataclass(frozen=True, slots=True)
class Scene:
    """on_saturday: it begins at nine o'clock of the next Saturday; else at once."""

    steps: list[Step]
    on_saturday: bool = False


SCENES = {
    "new-salon": Scene(new_salon.STEPS),
    "busy-saturday": Scene(busy_saturday.STEPS, on_saturday=True),
}


def find(name: str) -> Scene:
    try:
        return SCENES[name]
    except KeyError:
        raise Impossible(f"there is no scene {name}; there are {', '.join(SCENES)}", "その場面はありません。") from None


async def play(channel: Channel, postman: Postman, name: str, pause_ms: int = 0) -> None:
    """One step after the other, each once the bot has answered the one before; a short pause to look at it."""
    scene = find(name)
    if channel.playing.locked():
        raise Impossible("a scene is being played already", "場面を再生中です。終わるまでお待ちください。")
    async with channel.playing:
        try:
            first = beginning(scene, channel.clock.now_ms())
            gather_cast(channel, scene)
            for number, step in enumerate(scene.steps, 1):
                due = first + step.minute * 60_000
                if due > channel.clock.now_ms() + 1000:
                    await driving.advance(channel, postman, to_ms=due)
                await take(channel, postman, step)
                tell(channel, name, number, len(scene.steps), playing=True)
                await asyncio.sleep(pause_ms / 1000)
        finally:
            tell(channel, name, len(scene.steps), len(scene.steps), playing=False)


async def take(channel: Channel, postman: Postman, step: Step) -> None:
    """What somebody cannot do by now (they blocked the bot, they left the group) is left out."""
    group = next(iter(channel.groups.values())) if step.in_group else None
    try:
        event = step.deed(channel, channel.add_person(step.who), group)
    except Impossible:
        return
    if event is not None:
        await postman.deliver(channel, event)


def gather_cast(channel: Channel, scene: Scene) -> None:
    """Everybody who acts, and a group for the staff."""
    staff = [channel.add_person(name).id for name in sandbox.STAFF]
    if not channel.groups:
        channel.add_group(sandbox.GROUP, staff)
    for step in scene.steps:
        channel.add_person(step.who)


def beginning(scene: Scene, now_ms: int) -> int:
    """The instant of minute 0, in ms."""
    if not scene.on_saturday:
        return now_ms
    now = datetime.fromtimestamp(now_ms / 1000, JAPAN)
    nine = (now + timedelta(days=(SATURDAY - now.weekday()) % 7)).replace(hour=NINE, minute=0, second=0, microsecond=0)
    if nine <= now:
        nine += timedelta(days=7)
    return round(nine.timestamp() * 1000)


def tell(channel: Channel, name: str, step: int, of: int, *, playing: bool) -> None:
    channel.watchers.tell("scene", {"name": name, "step": step, "of": of, "playing": playing})

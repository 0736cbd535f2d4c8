"""LINE fails before or after it has accepted: nobody gets anything twice, and nobody goes without."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from storage import database
from tests.faults import house as houses
from tests.faults import rounds, scenes
from tests.faults.points import EVERY
from tests.faults.stores import Stores
from tests.jobs import engine
from tests.simulator import control

pytestmark = pytest.mark.faults

TROUBLE = {"error_before": 500, "error_after": 500, "drop_after": None, "reset": None}
KINDS = [*TROUBLE, "each in turn"] if EVERY else ["each in turn"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", scenes.SCENES)
async def test_it_sends_exactly_once_though_line_fails(
    stores: Stores, channel: control.Channel, tmp_path: Path, name: str, kind: str
) -> None:
    # fewer replies than make an outage: their tokens would not outlive it
    failing = {"tick": {"multicast": 4, "push": 16}, "burst": {"reply": 4}}[name]
    kinds = TROUBLE if kind == "each in turn" else [kind]
    endpoints = {endpoint: calls // len(kinds) for endpoint, calls in failing.items()}
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, name)
        for endpoint, calls in endpoints.items():
            for one in kinds:
                await channel.fault(one, endpoint, calls=calls)
        await rounds.play(house, scene)
        for endpoint, calls in endpoints.items():
            failed = Counter(status for one in kinds for status in [TROUBLE[one]] * calls)
            await happened(channel, endpoint, failed)
        assert not await database.rows(scenes.UNKNOWN), "every doubt could be removed"


async def happened(channel: control.Channel, endpoint: str, wanted: Counter[int | None]) -> None:
    """All the trouble that was ordered came; a call cut off may be entered after its client saw the end."""
    for _ in range(100):
        ends = Counter(call["status"] for call in await channel.calls(endpoint))
        if wanted == {status: ends[status] for status in wanted}:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{endpoint}: wanted {wanted}, got {ends}")


async def test_it_pushes_what_an_outage_of_replies_has_kept_too_long(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    """Only those whose reply was tried and may have arrived go without, and staff are told of them."""
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, "burst")
        await channel.fault("error_before", "reply", calls=1_000)
        await rounds.play(house, scene)
        doubtful = {row["chat"] for row in await database.rows(scenes.UNKNOWN)}
        told = {one.chat for one in await channel.deliveries()}
        assert doubtful
        assert told == scene.expected.keys() - doubtful
        assert {one.how for one in await channel.deliveries()} <= {"push"}


async def test_it_greets_though_line_tells_no_names(stores: Stores, channel: control.Channel, tmp_path: Path) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, "burst")
        await channel.fault("error_before", "profile", calls=scenes.BURST)
        await rounds.play(house, scene)


@pytest.mark.parametrize(("when", "seen"), [("before", []), ("after", [scenes.GREETING])])
async def test_it_tells_staff_of_a_reply_that_nobody_can_know_about(
    stores: Stores, channel: control.Channel, tmp_path: Path, when: str, seen: list[str]
) -> None:
    """The server dies during a reply, and all come back when the token says nothing any more."""
    yamada, tanaka = await channel.user("山田 太郎"), await channel.user("田中 花子")
    group = await channel.group("管理グループ", [yamada])
    await group.invite_bot()
    async with houses.house(stores, channel, tmp_path) as house:
        await scenes.claim_group(group.id)
        await engine.add_greeting("new", [engine.say(scenes.GREETING)])
        await house.start()
        stop = await channel.stop_next(2, when)  # the profile is asked for, then comes the reply
        await tanaka.follow()
        assert (await stop.reached() or {})["endpoint"] == "reply"
        house.kill("all")
        await stop.release()
        stores.start_postgres()
        await house.pass_time(120)
        stores.start_valkey()
        house.restart("server")
        for member in house.members:
            await member.ready()
        await house.done()
        assert await tanaka.texts() == seen
        assert [row["chat"] for row in await database.rows(scenes.UNKNOWN)] == [tanaka.id]
        assert not await group.texts()
        await yamada.says("おはよう", in_group=group)
        await group.sees("届いたかどうか確認できない")
        assert await tanaka.texts() == seen

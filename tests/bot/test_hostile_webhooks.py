"""Whatever LINE may send one day, the house says 200 and goes on with its work."""

import asyncio

from bot import wiring
from storage import database
from tests.jobs import engine
from tests.simulator import control
from tests.simulator.webhooks import hostile

WORKING = "SELECT count(*) FROM inbox WHERE state = 'open'"


async def test_it_answers_200_to_every_strange_webhook_and_stays_well(
    bot: wiring.House, channel: control.Channel
) -> None:
    await engine.add_greeting("new", [engine.say("ようこそ")])
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    await tanaka.sees("ようこそ")
    answers = {kind: await channel.send_hostile(kind, tanaka) for kind in hostile.KINDS}
    wrong = {kind: (done.outcome, done.status) for kind, done in answers.items() if done.status != 200}
    assert wrong == {}
    await worked_off()
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    await suzuki.sees("ようこそ")
    seen = len(await tanaka.seen())
    assert (await tanaka.block()).status == 200
    assert (await tanaka.unblock()).status == 200
    await worked_off()
    assert len(await tanaka.seen()) >= seen
    assert await database.value("SELECT count(*) FROM inbox WHERE state = 'parked'") == 0
    origin = (await channel.overview())["webhook_url"].removesuffix("/line/webhook")
    async with channel.simulator.session.get(f"{origin}/readyz") as answer:
        assert answer.status == 200


async def worked_off() -> None:
    async with asyncio.timeout(30):
        while await database.value(WORKING):
            await asyncio.sleep(0.05)

"""How far the month is used is told once for each mark, by one of all workers, with the next word of staff."""

import asyncio
import uuid
from datetime import timedelta

import orjson
import pytest

from bot import line, wiring, work
from jobs import ports, usage
from storage import clock, database, quota
from tests.admin_commands.shop import Shop, open_in_the_morning
from tests.jobs import posting
from tests.simulator import control
from tests.stories.test_first_evening import claimed_group


@pytest.fixture
async def shop(db: str) -> Shop:
    await open_in_the_morning()
    shop = Shop()
    await shop.claim()
    return shop


async def tell() -> None:
    await database.repeated(lambda: usage.tell(posting.ZONE))


async def waiting() -> list[str]:
    found = await database.rows(
        "SELECT body FROM outbox WHERE state = 'waiting' AND cause = 'notice:usage' ORDER BY id"
    )
    return [bytes(row["body"]).decode() for row in found]


async def test_it_tells_each_mark_once_and_the_latest_only(shop: Shop) -> None:
    await tell()
    await quota.record(posting.ZONE, 200, 99)
    await tell()
    assert await waiting() == []
    await quota.record(posting.ZONE, 200, 100)
    await tell()
    await tell()
    [told] = await waiting()
    assert "上限200通の50%に達しました（使用 100通）。残りは100通です。" in told
    await quota.record(posting.ZONE, 200, 192)
    await tell()
    [told] = await waiting()
    assert "95%" in told
    await database.run("UPDATE outbox SET state = 'folded' WHERE state = 'waiting'")
    await quota.record(posting.ZONE, 200, 200)
    await tell()
    assert await waiting() == []


async def test_it_tells_of_a_cap_of_ones_own(shop: Shop) -> None:
    await quota.record(posting.ZONE, 200, 80)
    await quota.keep(posting.ZONE, 100)
    await tell()
    [told] = await waiting()
    assert "自動の送信の上限100通の80%に達しました" in told


async def test_it_is_told_by_one_of_many_workers(shop: Shop) -> None:
    await quota.record(posting.ZONE, 200, 170)
    found = await asyncio.gather(*(database.repeated(lambda: quota.pass_mark(posting.ZONE)) for _ in range(6)))
    assert [one.percent for one in found if one] == [80]


async def test_the_next_month_begins_anew_and_no_limit_has_no_marks(shop: Shop) -> None:
    await quota.record(posting.ZONE, 200, 170)
    await tell()
    await clock.move(await clock.now() + timedelta(days=31))
    await tell()
    assert len(await waiting()) == 1
    await database.run("UPDATE outbox SET state = 'folded' WHERE state = 'waiting'")
    await quota.record(posting.ZONE, 200, 120)
    await tell()
    assert "50%" in (await waiting())[0]
    await clock.move(await clock.now() + timedelta(days=31))
    await database.run("UPDATE outbox SET state = 'folded' WHERE state = 'waiting'")
    await quota.record(posting.ZONE, None, 5_000)
    await tell()
    assert await waiting() == []


async def test_it_is_the_workers_duty(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await bot.lanes.settle()
    await quota.record(posting.ZONE, 200, 170)
    bot.waker.wake()
    async with asyncio.timeout(30):
        while not await waiting():
            await asyncio.sleep(0.05)
    await yamada.says("使用量", in_group=group)
    await group.sees("80%に達しました")


async def test_the_worker_reads_what_others_send_and_tells(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.follow()
    await channel.change(quota=200)
    await bot.lanes.settle()
    await work.read_quota(bot)
    async with line.Client(channel.api_url, channel.token) as another_tool:
        for _ in range(12):
            outcome = await another_tool.push(yamada.id, orjson.dumps([posting.text("別の道具から")]), uuid.uuid4())
            assert outcome.end is ports.End.ACCEPTED
    await posting.push(yamada.id, "お知らせ")
    await bot.delivery.send_due()
    await bot.delivery.settle()
    await work.read_quota(bot)
    assert (await quota.usage(posting.ZONE)).others == 12
    await tell()
    await yamada.says("使用量", in_group=group)
    await group.sees("このBot以外から12通が送られています")
    await group.sees("他で使われた分")

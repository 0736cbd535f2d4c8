"""LINE's own count of a broadcast: each run under a name of its own, asked for day by day, and gone without."""

from datetime import timedelta

import aiohttp

from bot import insight, line
from jobs import broadcasts, operations
from storage import clock, database, friends
from storage.broadcasts import aggregates as kept
from tests.admin_commands.shop import Shop
from tests.jobs import delivering


async def people(stage: delivering.Stage, count: int) -> list[str]:
    users = await stage.channel.crowd(count)
    await friends.register([(user, f"客{n}", None, None) for n, user in enumerate(users, 1)], "now()")
    await database.run("UPDATE friends SET following = true")
    return users


async def sent(shop: Shop, count: int, name: str = "年末") -> None:
    """A broadcast that is planned to its end; nothing has left yet."""
    await shop.ask(f"■配信 {name}\n対象: 全員\n▼本文\nよいお年を")
    card = await shop.ask(f"配信 送信 {name}")
    await (shop.press(card) if card.tokens else shop.ask(str(count)))
    await shop.pass_time(seconds=61)
    assert await broadcasts.begin_due(shop.cache)
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def names(stage: delivering.Stage) -> list[str]:
    """Under which LINE counts what it has taken this month."""
    headers = {"Authorization": f"Bearer {stage.channel.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as web,
        web.get(f"{stage.channel.api_url}/v2/bot/message/aggregation/list") as answer,
    ):
        found: list[str] = (await answer.json())["customAggregationUnits"]
        return found


async def at_noon(shop: Shop, stage: delivering.Stage, days: int = 0) -> None:
    """So many days on, here and at LINE."""
    now = await clock.now()
    noon = now.astimezone(kept.JAPAN).replace(hour=12, minute=0) + timedelta(days=days)
    await shop.pass_time(seconds=(noon - now).total_seconds())
    await stage.channel.advance(to=noon)


async def test_line_counts_a_run_and_is_asked_once_a_day(shop: Shop, stage: delivering.Stage) -> None:
    await at_noon(shop, stage)
    users = await people(stage, 30)
    await sent(shop, 30)
    await stage.work()
    assert len(await names(stage)) == 1
    assert "開封: 翌日の朝から表示します（LINE集計）" in (await shop.ask("配信 結果 年末")).text.splitlines()
    await stage.channel.all_do(users[:24], "read")
    assert await insight.fetch(stage.line) == 0
    await at_noon(shop, stage, 1)
    assert [await insight.fetch(stage.line) for _ in range(2)] == [1, 0]
    answer = (await shop.ask("配信 結果 年末")).text
    assert "開封: 24人 80%（LINE集計）" in answer.splitlines()
    assert "LINE集計は、スマートフォンで見た方の数です" in answer
    await at_noon(shop, stage, 16)
    assert await insight.fetch(stage.line) == 0


async def test_it_says_that_fewer_than_twenty_are_not_shown(shop: Shop, stage: delivering.Stage) -> None:
    await at_noon(shop, stage)
    users = await people(stage, 21)
    await sent(shop, 21)
    await stage.work()
    await stage.channel.all_do(users[:19], "read")
    await at_noon(shop, stage, 1)
    assert await insight.fetch(stage.line) == 1
    assert "開封: 20人未満のため表示されません（LINE集計）" in (await shop.ask("配信 結果 年末")).text.splitlines()


async def test_an_account_that_may_not_is_sent_to_without_a_name(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 12)
    await stage.channel.change(units_forbidden=True)
    await sent(shop, 12)
    await stage.work()
    assert sorted(one.chat for one in await stage.channel.deliveries()) == sorted(users)
    assert await stage.statuses("multicast") == [403, 200]
    assert "LINEが集計を受け付けませんでした" in (await shop.ask("配信 結果 年末")).text
    await sent(shop, 12, "新春")
    await stage.work()
    assert await stage.statuses("multicast") == [403, 200, 200]
    assert await names(stage) == []
    assert "集計" not in (await shop.ask("配信 結果 新春")).text


async def test_a_shop_may_choose_to_go_without(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await shop.ask("/設定 LINE集計 なし")
    await sent(shop, 12)
    await stage.work()
    assert await stage.statuses("multicast") == [200]
    assert await names(stage) == []
    assert "集計" not in (await shop.ask("配信 結果 年末")).text


async def test_nothing_is_lost_while_line_cannot_be_asked(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await sent(shop, 12)
    await stage.work()
    await at_noon(shop, stage, 1)
    async with line.Client("http://127.0.0.1:9", "none") as nobody:
        assert await insight.fetch(nobody) == 0
    assert await insight.fetch(stage.line) == 1

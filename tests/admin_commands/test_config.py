"""設定 緊急停止: one word stops all sending at once; starting again shows what would leave and has to be confirmed."""

import asyncio

from bot import server, wiring, work
from jobs import due
from storage import database, pauses
from tests.jobs import engine
from tests.simulator import control
from tests.stories.test_first_evening import GREETING, claimed_group


async def test_it_stops_all_sending_by_one_word_and_starts_again_by_a_press(
    bot: wiring.House, channel: control.Channel
) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says(GREETING, in_group=group)
    await group.sees(lambda bubble: "あいさつ（新規）を反映します" in bubble.message.get("altText", ""))
    await yamada.presses("反映する", in_group=group)
    await group.sees("反映しました")

    await yamada.says("設定 緊急停止", in_group=group)
    await group.sees("すべての送信を止めました")
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    await bot.lanes.settle()
    await bot.sender.settle()
    assert await tanaka.seen() == []
    await yamada.says("/設定", in_group=group)
    await group.sees("緊急停止中です")

    await yamada.says("設定 緊急停止 解除", in_group=group)
    await group.sees(lambda bubble: "自動返信の続き 1通" in bubble.message.get("altText", ""))
    await yamada.presses("再開する", in_group=group)
    await group.sees("送信を再開しました")
    assert await pauses.held() == []
    await tanaka.sees("はじめまして")
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb LIKE 'config.%'") == 2


async def test_it_refuses_other_words_and_changes_nothing(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says("/設定 緊急停止 すぐ", in_group=group)
    await group.sees("「すぐ」の意味が分かりません")
    assert await pauses.held() == []


async def test_it_holds_what_fell_due_before_a_restore_until_staff_decide(
    house: wiring.House, channel: control.Channel, database_url: str
) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("案内", [engine.step("a", {"kind": "immediate"}, "一通目")])
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at)"
        " VALUES ($1, $2, 1, 'active', 0, now() - interval '1 hour', now() - interval '2 hours')",
        friend,
        scenario,
    )
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await database.disconnect()
    async with wiring.house(house.settings, intake=True) as again, server.serving(again) as served, work.working(again):
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook")
        yamada, group = await claimed_group(channel)
        await yamada.says("設定 緊急停止 解除", in_group=group)
        await group.sees(lambda bubble: "止めてある続き: シナリオ「案内」 1人" in bubble.message.get("altText", ""))
        await yamada.presses("再開する", in_group=group)
        await group.sees("送信を再開しました")
        assert await due.next_at() is None
        await yamada.says("シナリオ 再開 案内", in_group=group)
        await group.sees(lambda bubble: "二重になることがあります" in bubble.message.get("altText", ""))
        await yamada.presses("再開する", in_group=group)
        await group.sees("再開しました")
        async with asyncio.timeout(10):
            while not await database.value("SELECT count(*) FROM subscriptions WHERE state = 'finished'"):
                await asyncio.sleep(0.05)

"""設定 配信上限: who has had as many broadcasts as a friend may get is left out, told, and written to again in time."""

import asyncio
from collections import Counter

import pytest

from admin_commands import choices, grammar
from storage import clock, database
from tests.admin_commands.broadcasting import begin, confirmed, people, plan
from tests.admin_commands.shop import TOKYO, Answer, Shop, crowd
from tests.admin_commands.test_broadcast_kinds import head, read
from tests.admin_commands.test_scenario_single import live
from tests.jobs import delivering, engine


async def write(shop: Shop, name: str, target: str = "全員", *lines: str) -> Answer:
    return await shop.ask("\n".join([f"■配信 {name}", f"対象: {target}", *lines, "▼本文", name]))


async def send(shop: Shop, stage: delivering.Stage, name: str) -> None:
    """To up to ten friends, after the minute, to the end."""
    await shop.press(await shop.ask(f"配信 送信 {name}"))
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    await plan(shop)
    await stage.work()


async def heard(stage: delivering.Stage) -> dict[str, int]:
    return Counter(one.message["text"] for one in await stage.channel.deliveries())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("週3通", "週3通"),
        ("1週間に3通まで", "週3通"),
        ("１日１通", "1日1通"),
        ("毎日2回", "1日2通"),
        ("月10通", "月10通"),
        ("1か月に 10通", "月10通"),
    ],
)
async def test_it_is_set_in_the_words_people_use_and_taken_back(shop: Shop, typed: str, shown: str) -> None:
    assert f"✅ 配信上限: {shown}（前: なし）" in (await shop.ask(f"/設定 配信上限 {typed}")).text
    assert f"変更なし（配信上限は{shown}です）" in (await shop.ask(f"/設定 配信上限 {shown}")).text
    assert f"設定 配信上限 {shown}" in await choices.dumps(TOKYO)
    await shop.ask("取消")
    assert "配信上限: なし" in (await shop.ask("/設定 配信上限")).text


@pytest.mark.parametrize("typed", ["週0通", "3通", "年3通", "週100通", "週-1通", "たくさん"])
async def test_it_says_what_it_cannot_be(shop: Shop, typed: str) -> None:
    card = await shop.ask(f"/設定 配信上限 {typed}")
    assert f"「配信上限」に「{typed}」は使えません" in card.text
    assert "設定 配信上限 週3通" in card.taps
    assert await database.value("SELECT count(*) FROM settings WHERE value IS NOT NULL") == 0


async def test_who_has_had_enough_is_left_out_and_told_until_the_day_is_over(
    shop: Shop, stage: delivering.Stage
) -> None:
    await people(stage, 3)
    await shop.ask("タグ 作成 常連")
    await shop.ask("タグ 付ける 常連 客1")
    await shop.ask("/設定 配信上限 1日1通")
    await write(shop, "朝", "タグ:常連")
    await write(shop, "昼")
    assert "対象: 3人" in (await shop.ask("配信 確認 昼")).text
    await send(shop, stage, "朝")
    card = (await shop.ask("配信 確認 昼")).text
    assert "対象: 2人" in card
    assert "配信上限 1" in card
    assert "2人" in (await shop.ask("配信 確認 昼 10人")).text
    assert (
        "「設定 配信上限 1日1通」の上限に達しています（対象から外れます）" in (await shop.ask("なぜ 客1 配信:昼")).text
    )
    assert "上限" not in (await shop.ask("なぜ 客2 配信:昼")).text
    await send(shop, stage, "昼")
    assert await heard(stage) == {"朝": 1, "昼": 2}
    why = (await shop.ask("なぜ 客1 配信:昼")).text
    assert "その時にはもう、配信が「設定 配信上限 1日1通」の上限に達していました" in why
    await shop.pass_time(days=1)
    await write(shop, "夜")
    card = (await shop.ask("配信 確認 夜")).text
    assert "対象: 3人" in card
    assert "配信上限" not in card


async def test_what_was_stopped_or_refused_does_not_count_and_what_is_on_its_way_does(
    shop: Shop, stage: delivering.Stage
) -> None:
    await people(stage, 12)
    await shop.ask("/設定 配信上限 週1通")
    await write(shop, "朝")
    await write(shop, "昼")
    await confirmed(shop, await shop.ask("配信 送信 朝"), 12)
    await shop.pass_time(seconds=61)
    assert "対象: 12人" in (await shop.ask("配信 確認 昼")).text  # it may still be stopped
    await begin(shop)
    assert "対象: 0人" in (await shop.ask("配信 確認 昼")).text  # none is planned yet
    await plan(shop)
    assert "対象: 0人" in (await shop.ask("配信 確認 昼")).text  # none has left yet
    await shop.ask("配信 停止 朝")
    assert "対象: 12人" in (await shop.ask("配信 確認 昼")).text
    await confirmed(shop, await shop.ask("配信 再開 朝"), 12)
    await stage.work()
    assert "対象: 0人" in (await shop.ask("配信 確認 昼")).text
    await database.run("UPDATE outbox SET state = 'refused' WHERE class = 'promotion'")
    assert "対象: 12人" in (await shop.ask("配信 確認 昼")).text
    await database.run("UPDATE outbox SET state = 'unknown' WHERE class = 'promotion'")
    assert "対象: 0人" in (await shop.ask("配信 確認 昼")).text


async def test_steps_of_scenarios_are_neither_counted_nor_held(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 2)
    await shop.ask("/設定 配信上限 1日1通")
    await live(shop, "■シナリオ 案内\n▼すぐ\nこんにちは")
    await write(shop, "朝")
    await shop.ask("シナリオ 付ける 案内 客1")
    await engine.work_off(shop.cache)
    await stage.work()
    assert "対象: 2人" in (await shop.ask("配信 確認 朝")).text
    await send(shop, stage, "朝")
    await shop.ask("シナリオ 付ける 案内 客2")
    await engine.work_off(shop.cache)
    await stage.work()
    assert await heard(stage) == {"こんにちは": 2, "朝": 2}


async def test_one_that_ignores_the_cap_goes_to_all_and_says_so(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 2)
    await shop.ask("/設定 配信上限 1日1通")
    await write(shop, "朝")
    await send(shop, stage, "朝")
    await write(shop, "大事", "全員", "上限: 無視")
    card = (await shop.ask("配信 確認 大事")).text
    assert "対象: 2人" in card
    assert "上限: 無視（「設定 配信上限」の通数に達した人にも送ります）" in card
    await send(shop, stage, "大事")
    assert await heard(stage) == {"朝": 2, "大事": 2}
    await shop.ask("配信 おわび 朝")
    assert "対象: 2人" in (await shop.ask("配信 確認 「朝 のおわび」")).text  # who got a mistake may hear of it
    await shop.ask("配信 複製 大事")
    await shop.ask("配信 変更 「大事 のコピー」 上限 守る")
    assert "上限" not in (await shop.ask("配信 書出 「大事 のコピー」")).text
    assert "配信上限 2" in (await shop.ask("配信 確認 「大事 のコピー」")).text
    assert "上限: 無視" in (await shop.ask("配信 変更 「大事 のコピー」 上限 3通")).text


def test_a_block_says_that_it_ignores_the_cap_and_is_printed_so() -> None:
    found = read(head("上限: 無視"))
    assert found.uncapped
    assert "上限: 無視" in grammar.print_block(found).split("\n")
    assert read(grammar.print_block(found)) == found
    assert not read(head("上限: 守る")).uncapped


async def test_a_reservation_whose_friends_have_had_enough_meanwhile_is_left_to_staff(
    shop: Shop, stage: delivering.Stage
) -> None:
    await people(stage, 12)
    await shop.ask("/設定 配信上限 1日1通")
    await write(shop, "朝")
    await write(shop, "昼")
    await confirmed(shop, await shop.ask("配信 予約 朝 3分後"), 12)
    await confirmed(shop, await shop.ask("配信 予約 昼 3分後"), 12)
    await shop.pass_time(minutes=5)
    assert await begin(shop)
    assert await begin(shop)
    told = (await shop.ask("配信 表示 昼")).text
    assert "「設定 配信上限」に達した人が増え、対象が確認時の12人から0人に減ったため" in told
    await plan(shop)
    await stage.work()
    assert await heard(stage) == {"朝": 12}


async def test_a_repeated_one_counts_anew_each_time_and_goes_to_fewer(shop: Shop) -> None:
    await crowd(20)
    await shop.ask("/設定 配信上限 週2通")
    await shop.ask("■配信 朝\n対象: 全員\n日時: 毎日 9:30\n▼本文\nおはようございます")
    await confirmed(shop, await shop.ask("配信 予約 朝"), 20)
    before, sent = 0, Counter[int]()
    for day in range(9):
        await shop.pass_time(hours=24 if day else 2)
        while await begin(shop):
            pass
        await plan(shop)
        heads = sum(row["heads"] for row in await engine.outgoing() if row["class"] == "promotion")
        sent[(await clock.now()).astimezone(TOKYO).isocalendar().week] += heads - before
        before = heads
    assert max(sent.values()) == 40  # two in a week from Monday, and in the next again
    assert len(sent) > 1
    assert min(sent.values()) > 0
    assert "送っていません" not in (await shop.ask("配信 表示 朝")).text


async def test_two_that_begin_at_once_do_not_both_reach_somebody(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 5)
    await shop.ask("/設定 配信上限 1日1通")
    for name in ("朝", "昼"):
        await write(shop, name)
        await shop.press(await shop.ask(f"配信 予約 {name} 3分後"))
    await shop.pass_time(minutes=5)
    await asyncio.gather(begin(shop), begin(shop))
    await plan(shop)
    await stage.work()
    assert sum((await heard(stage)).values()) == 5

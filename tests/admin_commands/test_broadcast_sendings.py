"""配信 on its way: everybody meant gets it once, it is stopped and gone on with, and who got it can be asked for."""

import asyncio
from collections import Counter

import orjson
import pytest

from admin_commands.broadcasts import ending
from jobs import configuration, facts, operations
from storage import blocking, clock, database
from storage import broadcasts as kept
from tests.admin_commands.broadcasting import (
    BLOCK,
    TEXT,
    begin,
    confirmed,
    count,
    erase,
    people,
    plan,
    state,
)
from tests.admin_commands.shop import GROUP, TOKYO, Answer, Shop, befriend, crowd
from tests.jobs import delivering, engine


async def test_everybody_meant_gets_it_once_and_nobody_else(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 260)
    marks = {"blocked_us": users[:7], "hidden": users[7:12], "is_test": users[12:15]}
    for column, some in marks.items():
        await database.run(f"UPDATE friends SET {column} = true WHERE line_user_id = ANY($1::text[])", some)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 245)
    await shop.pass_time(seconds=61)
    await asyncio.gather(*(begin(shop) for _ in range(3)))
    await asyncio.gather(*(operations.run_chunk(shop.cache) for _ in range(3)))
    await plan(shop)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[15:], 1)
    assert "送信済み: 245人" in (await shop.ask("配信 表示 年末")).text
    assert await stage.channel.used() == 245


async def test_staff_hear_of_its_end_with_their_next_word(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask(BLOCK.replace(TEXT, "{名前}さん、" + TEXT))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    assert not await database.repeated(ending.tell)
    await plan(shop)
    assert not await database.repeated(ending.tell)
    await database.run("UPDATE friends SET blocked_us = true WHERE line_user_id = $1", users[0])
    await stage.work()
    assert [await database.repeated(ending.tell) for _ in range(2)] == [True, False]
    [waiting] = await database.rows("SELECT body, chat FROM outbox WHERE cause LIKE 'notice:sent:%'")
    assert waiting["chat"] == GROUP
    heard = Answer(orjson.loads(waiting["body"]), []).text.splitlines()
    assert heard == ["✅ 配信「年末」#B1 を送り終えました", "送信済み: 12人", "届けられない: 1人"]


async def test_it_stops_on_the_way_with_honest_numbers_and_goes_on_with_the_rest(
    shop: Shop, stage: delivering.Stage
) -> None:
    """Everybody has a name of their own here, so that each message is a call."""
    users = await people(stage, 120)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n{名前}さん、" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 120)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await database.run("UPDATE operation_friends SET state = 'late' WHERE friend_id % 2 = 0")
    await operations.run_chunk(shop.cache)
    some = await database.rows("SELECT id FROM outbox WHERE kind = 'push' ORDER BY id LIMIT 25")
    await stage.sender.send_now([row["id"] for row in some])
    await database.run("UPDATE operation_friends SET state = 'open' WHERE state = 'late'")
    stopped = await shop.ask("配信 停止 年末")
    assert "120人中25人に送信済みです。残り95人を止めました" in stopped.text
    await plan(shop)
    await stage.work()
    assert len(await stage.channel.deliveries()) == 25
    assert await state(shop) == "stopped"
    await confirmed(shop, await shop.ask("配信 再開 年末"), 95)
    await plan(shop)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users, 1)
    assert await state(shop) == "done"
    assert "もう送り終わっています" in (await shop.ask("配信 停止 年末")).text


async def test_it_tells_why_somebody_got_it_or_did_not(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await database.run("UPDATE friends SET hidden = true WHERE line_name = '客1'")
    await shop.ask(BLOCK)
    why = await shop.ask("なぜ 客1 配信:年末")
    assert "まだだれにも送っていません" in why.text
    assert "この方は非表示です" in why.text
    await confirmed(shop, await shop.ask("配信 送信 年末"), 11)
    await shop.pass_time(seconds=61)
    await begin(shop)
    assert "これから送ります" in (await shop.ask("なぜ 客12 配信:年末")).text
    await plan(shop)
    assert "順番を待っています" in (await shop.ask("なぜ 客12 配信:年末")).text
    await shop.ask("配信 停止 年末")
    assert "止めたため送っていません" in (await shop.ask("なぜ 客12 配信:年末")).text
    await confirmed(shop, await shop.ask("配信 再開 年末"), 11)
    await stage.work()
    assert "LINEが受け付けました" in (await shop.ask("なぜ 客12 配信:年末")).text
    assert "送信した時の対象に入っていませんでした" in (await shop.ask("なぜ 客1 配信:年末")).text


async def test_who_may_have_got_it_gets_nothing_twice_when_it_goes_on(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 12)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await stage.channel.fault("drop_after", "multicast", calls=1)
    await stage.work()
    stopped = await shop.ask("配信 停止 年末")
    assert "12人は届いたか分かりません" in stopped.text
    assert "残りはありません" in (await shop.ask("配信 再開 年末")).text


async def test_who_is_erased_while_it_rests_is_left_out_when_it_goes_on(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n{名前}さん、" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await shop.ask("配信 停止 年末")
    await erase(users[0])
    await confirmed(shop, await shop.ask("配信 再開 年末"), 12)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[1:], 1)
    assert set(await stage.statuses("push")) == {200}


async def test_who_is_erased_before_a_call_to_many_is_taken_out_of_it(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await erase(users[0])
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[1:], 1)
    assert not await database.value("SELECT count(*) FROM outbox WHERE $1 = ANY(recipients)", users[0])


@pytest.mark.parametrize("when", ["確認時", "送信時"])
async def test_who_goes_between_the_freezing_and_the_planning_gets_nothing_and_hinders_nobody(
    shop: Shop, stage: delivering.Stage, when: str
) -> None:
    users = await people(stage, 15)
    await shop.ask(BLOCK.replace("▼", f"対象の判定: {when}\n▼"))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 15)
    if when == "確認時":
        await erase(users[3])
    await shop.pass_time(seconds=61)
    await begin(shop)
    await erase(users[0])
    shut: int = await database.value("SELECT id FROM friends WHERE line_user_id = $1", users[1])
    await database.repeated(lambda: blocking.block([shut]))
    await database.run("UPDATE friends SET blocked_us = true WHERE line_user_id = $1", users[2])
    await plan(shop)
    await stage.work()
    reached = [*([] if when == "確認時" else [users[3]]), *users[4:]]
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(reached, 1)
    shown = (await shop.ask("配信 表示 年末")).text
    assert "状態: 送信済み" in shown
    assert f"送信済み: {len(reached)}人" in shown
    assert "届けられない: 2人" in shown


async def test_what_is_being_sent_is_not_written_over_by_an_old_version(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK.replace(TEXT, "古い本文"))
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    assert "変えられません" in (await shop.ask("配信 元に戻す 年末 版1")).text
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing()] == [20]
    assert TEXT in (await shop.ask("配信 書出 年末")).text


async def test_who_has_got_it_and_clicked_can_be_written_to_again(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 12)
    await shop.ask("リンク 作成 クーポン https://example.com/coupon")
    await shop.ask(f"{BLOCK}\n＋ボタン はい → タグ付ける はい")
    assert "まだ送っていません" in (await shop.ask("配信 おわび 年末")).text
    await confirmed(shop, await shop.ask("配信 送信 年末"), 12)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    received, clicked = await shop.linked("配信:年末 受信"), await shop.linked("配信:年末 クリック")
    assert await count(shop, received) == 0
    await stage.work()
    assert await count(shop, received) == 12
    [button] = await database.rows("SELECT id FROM buttons")
    [friend] = await database.rows("SELECT id FROM friends WHERE line_user_id = $1", users[0])
    await engine.let_happen(shop.cache, [(friend["id"], facts.Pressed(button["id"]))])
    assert await count(shop, clicked) == 1
    await shop.ask("配信 複製 年末 対象: 配信:年末 未クリック")
    assert "対象: 11人" in (await shop.ask("配信 確認 「年末 のコピー」")).text
    sorry = await shop.ask("配信 おわび 年末")
    assert "先ほどお送りしたメッセージに誤りがありました" in sorry.text
    [draft] = [one for one in await kept.everything() if one.name == "年末 のおわび"]
    assert "年末" not in str(draft.messages)  # the name is staff's own
    assert "対象: 12人" in (await shop.ask("配信 確認 「年末 のおわび」")).text
    assert "使用先: 配信「年末 のおわび」・配信「年末 のコピー」" in (await shop.ask("配信 削除 年末")).text


async def test_who_opens_its_measured_link_has_clicked(shop: Shop) -> None:
    friend, other = await befriend("田中", "花子")
    await shop.ask(f"{BLOCK}\n＋リンク https://example.com/coupon 名前=クーポン")
    await shop.press(await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    shop.cache = configuration.Cache(TOKYO, key="0" * 32)
    await begin(shop)
    await plan(shop)
    await database.run("UPDATE outbox SET state = 'accepted' WHERE kind = 'push'")
    await database.run(
        "INSERT INTO link_clicks (link_id, friend_id, at, span, state)"
        f" SELECT id, $1, {clock.NOW}, 1, 'done' FROM links",
        friend,
    )
    clicked, rest = await shop.linked("配信:年末 クリック"), await shop.linked("配信:年末 未クリック")
    assert await count(shop, clicked) == 1
    assert await count(shop, rest) == 1
    assert other

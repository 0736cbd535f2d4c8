"""エラー: staff hear of what failed, look at it, and have it done after all or cleared away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import wiring
from storage import clock, database, inbox, operations, pauses
from tests.admin_commands.shop import SATO, Shop, befriend, crowd
from tests.simulator import control
from tests.stories.test_first_evening import GREETING, claimed_group


@asynccontextmanager
async def faulty(table: str, condition: str = "true") -> AsyncIterator[None]:
    await database.run(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE 'broken'; END IF; RETURN NEW; END $$"
    )
    await database.run(f"CREATE TRIGGER fault BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        yield
    finally:
        await database.run("DROP FUNCTION fault CASCADE")


async def until_parked(count: int) -> None:
    async with asyncio.timeout(40):
        while await database.value("SELECT count(*) FROM inbox WHERE state = 'parked'") < count:
            await asyncio.sleep(0.05)


async def test_it_greets_a_friend_after_all_whose_event_had_failed(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    await yamada.says(GREETING, in_group=group)
    await group.sees(lambda bubble: "あいさつ（新規）を反映します" in bubble.message.get("altText", ""))
    await yamada.presses("反映する", in_group=group)
    await group.sees("反映しました")

    tanaka = await channel.user("田中 花子")
    async with faulty("deliveries"):
        await tanaka.follow()
        await until_parked(1)
    await yamada.says("/設定", in_group=group)
    await group.sees("うまく処理できずに残っているものがあります")
    await group.sees("処理できずに残っているもの: 1件")
    await yamada.says("エラー 一覧", in_group=group)
    await group.sees("友だち追加")
    await channel.advance(minutes=2)  # the reply token is dead
    await yamada.says("エラー 再送 すべて", in_group=group)
    await group.sees(lambda bubble: "友だち追加をもう一度処理します" in bubble.message.get("altText", ""))
    await yamada.presses("再送する", in_group=group)
    greeting = await tanaka.sees("はじめまして")
    assert greeting.how == "push"
    await bot.lanes.settle()
    await bot.sender.settle()
    assert len(await tanaka.seen()) == 1
    assert await database.value("SELECT count(*) FROM deliveries") == 1
    assert await database.value("SELECT count(*) FROM friend_events WHERE kind = 'followed'") == 1
    await yamada.says("エラー 一覧", in_group=group)
    await group.sees("処理できなかったものはありません")


async def test_it_answers_staff_after_all_with_their_next_word(bot: wiring.House, channel: control.Channel) -> None:
    yamada, group = await claimed_group(channel)
    async with faulty("tags"):
        await yamada.says("タグ 作成 VIP", in_group=group)
        await until_parked(1)
    await channel.advance(minutes=2)
    await yamada.says("エラー 再送 すべて", in_group=group)
    await group.sees(lambda bubble: "メッセージをもう一度処理します" in bubble.message.get("altText", ""))
    await yamada.presses("再送する", in_group=group)

    async with asyncio.timeout(40):
        while not await database.value("SELECT count(*) FROM outbox WHERE state = 'waiting'"):
            await asyncio.sleep(0.05)
    assert await database.value("SELECT count(*) FROM tags") == 1
    await yamada.says("ありがとう", in_group=group)
    await group.sees("タグ「VIP」#T")
    assert await database.value("SELECT count(*) FROM tags") == 1


async def parked_event(name: str, what: str = "Pressed") -> str:
    """A friend whose event has failed; its number as staff write it."""
    await befriend(name)
    user: str = await database.value("SELECT line_user_id FROM friends WHERE line_name = $1", name)
    await inbox.insert([inbox.Incoming(f"e-{name}", user, await clock.now(), b'{"secret words": 1}')])
    event: int = await database.value("SELECT id FROM inbox WHERE webhook_event_id = $1", f"e-{name}")
    await inbox.park(event, "KeyError", what)
    return f"受信{event}"


async def test_it_shows_what_failed_and_nothing_of_what_was_said(shop: Shop) -> None:
    key = await parked_event("田中")
    assert "田中さんのボタンの操作" in (await shop.ask("エラー 一覧")).text
    told = await shop.ask(f"エラー 表示 {key}")
    assert "KeyError" in told.text
    assert "secret words" not in told.text
    assert told.taps["再送"] == f"/エラー 再送 {key}"


async def test_it_lets_only_managers_decide(shop: Shop) -> None:
    key = await parked_event("田中")
    await shop.employ(SATO, "operator")
    for deed in ("再送", "削除"):
        assert "管理者以上" in (await shop.ask(f"エラー {deed} {key}", SATO)).text
    assert "田中さん" in (await shop.ask("エラー 一覧", SATO)).text
    assert await database.value("SELECT state FROM inbox") == "parked"


async def test_it_clears_away_and_puts_back(shop: Shop) -> None:
    key = await parked_event("田中")
    done = await shop.press(await shop.ask(f"エラー 削除 {key}"))
    assert "片付けました" in done.text
    assert await database.value("SELECT state FROM inbox") == "dropped"
    assert "はもうありません" in (await shop.ask(f"エラー 再送 {key}")).text
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await database.value("SELECT state FROM inbox") == "parked"
    assert "もう一度処理します" in (await shop.ask(f"エラー 再送 {key}")).text


async def test_it_shows_a_fresh_card_when_there_is_more_than_was_confirmed(shop: Shop) -> None:
    await parked_event("田中")
    card = await shop.ask("エラー 再送 すべて")
    await parked_event("鈴木")
    again = await shop.press(card)
    assert "この表示は古くなりました" in again.text
    assert await database.value("SELECT count(*) FROM inbox WHERE state = 'open'") == 0
    await shop.press(again)
    assert await database.value("SELECT count(*) FROM inbox WHERE state = 'open'") == 2


@pytest.mark.parametrize("words", ["受信99", "シナリオ1", "一括7"])
async def test_it_says_when_there_is_no_such_thing(shop: Shop, words: str) -> None:
    assert "もうありません" in (await shop.ask(f"エラー 再送 {words}")).text


@pytest.mark.parametrize("words", ["12", "#S1", "田中", "受信" + "9" * 30])
async def test_it_says_how_a_number_is_written(shop: Shop, words: str) -> None:
    assert "番号が読めません" in (await shop.ask(f"エラー 表示 {words}")).text


async def test_it_takes_rows_of_its_list_by_their_numbers(shop: Shop) -> None:
    await parked_event("田中")
    await parked_event("鈴木")
    await shop.ask("エラー 一覧")
    card = await shop.ask("1,2 エラー 再送")
    await shop.press(card)
    assert await database.value("SELECT count(*) FROM inbox WHERE state = 'open'") == 2


async def test_it_warns_of_friends_a_deed_may_have_reached_before_a_restore(shop: Shop) -> None:
    people = await befriend("田中", "花子", "太郎")
    operation = await operations.begin(people, "[]", None, await clock.now())
    await operations.done(operation, people[:1])
    await database.repeated(operations.doubt_running)
    await operations.finish(operation, await clock.now())
    await pauses.hold("all", "restored")
    assert "止めてある一括操作や配信の残り: 2人" in (await shop.ask("設定 緊急停止 解除")).text
    card = await shop.ask(f"エラー 再送 一括{operation}")
    assert "一括操作や配信の2人は、控えから戻す前に済んでいるかもしれません" in card.text
    assert not await operations.running()
    await shop.press(card)
    assert await operations.running()


async def test_it_takes_a_thousand_steps_at_once_and_says_so(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ A\n▼1日後 12:00\nこんにちは"))
    await crowd(1_002)
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at, error)"
        " SELECT id, 1, 1, 'parked', 0, now(), now(), 'KeyError' FROM friends"
    )
    card = await shop.ask("エラー 再送 シナリオ1")
    assert "一度に1,000人まで" in card.text
    await shop.press(card)
    assert "続き 2人" in (await shop.ask("エラー 一覧")).text

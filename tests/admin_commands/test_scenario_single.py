"""One friend's walk by staff's hand: the next step let go by, and on again from where they stopped."""

from datetime import datetime

from jobs import due
from storage import database
from tests.admin_commands.shop import Shop, befriend, worn

BRANCHES = """■シナリオ 案内
▼すぐ
はじめまして
▼1日後 12:00 もし タグ:会員
会員の方へ
▼1日後 12:00 そうでなければ
みなさまへ
▼前の通から2日後 12:00
＋実行 タグ付ける 完了
▼5日後 12:00
おわり
＋終了後 タグ付ける 卒業"""


async def live(shop: Shop, block: str) -> None:
    assert "公開しました" in (await shop.press(await shop.ask(block))).text


async def days(shop: Shop, much: float) -> None:
    await shop.pass_time(days=much)
    while (await due.run_set(shop.cache)).friends:
        pass


async def stands() -> tuple[str, int, datetime | None]:
    row = await database.row("SELECT state, position, due_at FROM subscriptions ORDER BY id DESC LIMIT 1")
    assert row is not None
    return row["state"], row["position"], row["due_at"]


async def begun(shop: Shop) -> int:
    friends = await befriend("田中 花子", "佐藤 次郎")
    await live(shop, BRANCHES)
    await shop.ask("シナリオ 付ける 案内 田中")
    await days(shop, 0)
    return friends[0]


async def sent(friend: int) -> int:
    found: int = await database.value("SELECT count(*) FROM deliveries WHERE friend_id = $1", friend)
    return found


async def test_it_lets_the_next_step_with_its_branches_go_by_and_nothing_else(shop: Shop) -> None:
    friend = await begun(shop)
    before = await stands()
    told = await shop.ask("シナリオ スキップ 案内 田中 花子")
    assert "田中 花子さんだけ、シナリオ「案内」の②③を飛ばしました" in told.text
    assert "次は④" in told.text
    state, position, due_at = await stands()
    assert (state, position) == ("active", 3)
    assert before[2] is not None
    assert due_at is not None
    assert (due_at - before[2]).days == 2, "the step behind keeps its time"
    assert "⏭ スタッフがこの方だけ飛ばしました" in (await shop.ask(told.taps["なぜ"])).text
    undone = await shop.ask("取消")
    assert await stands() == before
    await shop.ask(undone.taps["やり直す"])
    await days(shop, 1.5)
    assert await sent(friend) == 1, "not even when its time comes"
    await days(shop, 2)
    assert await worn(friend) == ["完了"]


async def test_it_ends_with_the_last_step_as_if_it_had_come(shop: Shop) -> None:
    friend = await begun(shop)
    for _ in range(2):
        await shop.ask("シナリオ 飛ばす 案内 田中")
    told = (await shop.ask("シナリオ スキップ 案内 田中")).text
    assert "最後の1通だったので、このシナリオは終わりになりました" in told
    assert await stands() == ("finished", 5, None)
    assert await worn(friend) == ["卒業"]
    assert "飛ばす1通がありません" in (await shop.ask("シナリオ スキップ 案内 田中")).text
    assert "※" not in (await shop.ask("取消")).text.replace("※もう送ったメッセージは取り消せません。", "")
    state, position, _ = await stands()
    assert (state, position) == ("active", 4)
    assert await worn(friend) == []


async def test_it_tells_who_has_nothing_to_skip(shop: Shop) -> None:
    await begun(shop)
    assert "途中ではありません" in (await shop.ask("シナリオ スキップ 案内 佐藤")).text
    await database.run("UPDATE subscriptions SET state = 'parked'")
    assert "エラーで止まっています" in (await shop.ask("シナリオ スキップ 案内 田中")).text


async def test_it_goes_on_from_where_they_were_taken_off(shop: Shop) -> None:
    friend = await begun(shop)
    await shop.ask("シナリオ 外す 案内 田中")
    await days(shop, 1.5)
    assert await sent(friend) == 1
    told = (await shop.ask("シナリオ 再開 案内 田中")).text
    assert "▶ 田中 花子さんだけ、シナリオ「案内」を続きから再開しました" in told
    assert "次は②、まもなくです" in told
    await days(shop, 0)
    assert await sent(friend) == 3
    assert "もう配信中です" in (await shop.ask("シナリオ 再開 案内 田中")).text
    await shop.ask("取消")
    assert (await stands())[0] == "stopped"
    assert "始めたことがありません" in (await shop.ask("シナリオ 再開 案内 佐藤")).text
    await shop.ask("シナリオ 停止 案内")
    assert "停止中です。先に公開してください" in (await shop.ask("シナリオ 再開 案内 田中")).text


async def test_it_goes_on_after_a_block_that_is_over(shop: Shop) -> None:
    await begun(shop)
    await database.run("UPDATE subscriptions SET state = 'paused'")
    await database.run("UPDATE friends SET blocked_us = true")
    assert "ブロック中のため、再開できません" in (await shop.ask("シナリオ 再開 案内 田中")).text
    await database.run("UPDATE friends SET blocked_us = false")
    assert "次は②" in (await shop.ask("シナリオ 再開 案内 田中")).text
    assert (await stands())[0] == "active"
    await shop.ask("取消")
    assert (await stands())[0] == "stopped"

"""A block over a live scenario: shown with whom it concerns, and then for those to come, for all, or for later."""

import orjson

from admin_commands import crowds
from admin_commands.scenarios import publishing
from jobs import due, operations
from storage import database
from tests.admin_commands.shop import SATO, Answer, Shop, befriend

BLOCK = """■シナリオ 歓迎
▼すぐ
一
▼2時間後
二
▼4時間後
三"""
CHANGED = """■シナリオ 歓迎
▼すぐ
一
▼2時間後
弐
▼6時間後
三
▼8時間後
四"""


async def live(shop: Shop, block: str = BLOCK) -> None:
    assert "公開しました" in (await shop.press(await shop.ask(block))).text


async def put_on(shop: Shop, name: str) -> None:
    assert "入れました" in (await shop.ask(f"シナリオ 付ける 歓迎 {name}")).text


async def hours(shop: Shop, much: float) -> None:
    """Hours go by, an hour or less at a time, as a worker would see them."""
    while much > 0:
        await shop.pass_time(hours=min(1.0, much), seconds=1)
        much -= 1.0
        while (await due.run_set(shop.cache)).friends:
            pass


async def standing() -> list[tuple[str, int, int]]:
    """(state, number of the version, position) of every walk."""
    found = await database.rows(
        "SELECT s.state, v.number, s.position FROM subscriptions s JOIN scenario_versions v ON v.id = s.version_id"
        " ORDER BY s.id"
    )
    return [(row["state"], row["number"], row["position"]) for row in found]


async def had(friend: int) -> str:
    """What a friend was sent, in order."""
    found = await database.rows(
        "SELECT o.body FROM deliveries d JOIN outbox o ON o.id = d.outbox_id WHERE d.friend_id = $1 ORDER BY o.id",
        friend,
    )
    return "".join(message["text"] for row in found for message in orjson.loads(row["body"]))


async def everyone(shop: Shop, block: str) -> Answer:
    return await shop.press(await shop.ask(block), way="all")


async def test_it_shows_what_changes_and_whom_it_concerns(shop: Shop) -> None:
    await befriend("田中", "鈴木", "佐藤")
    await live(shop)
    await put_on(shop, "田中")
    await put_on(shop, "鈴木")
    await hours(shop, 2)
    await put_on(shop, "佐藤")
    card = await shop.ask(CHANGED)
    assert "版1→2の変更点\n変更: ②本文・③時間\n追加: ④\n" in card.text
    assert "途中の3人: ②を受け取った人 2人・これから 1人" in card.text
    assert "途中の3人: ③を受け取った人 0人・これから 3人" in card.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1


async def test_it_changes_nothing_when_the_change_is_called_off(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await shop.ask(CHANGED)
    assert "何も変えていません" in (await shop.ask("やめる")).text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1
    assert "やめる" not in str(await database.rows("SELECT sentence FROM audit_entries"))


async def test_it_leaves_those_on_their_way_alone_if_only_newcomers_shall_get_it(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await live(shop)
    await put_on(shop, "田中")
    await shop.press(await shop.ask(CHANGED), way="new")
    await put_on(shop, "鈴木")
    await hours(shop, 9)
    assert await had(tanaka) == "一二三"
    assert await had(suzuki) == "一弐三四"


async def test_it_takes_those_on_their_way_along_and_sends_nothing_twice(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    await put_on(shop, "鈴木")
    told = await everyone(shop, CHANGED)
    assert "途中の2人も版2に移しました" in told.text
    await hours(shop, 2)
    assert await had(tanaka) == "一二"  # the third comes after six hours now
    assert await had(suzuki) == "一弐"
    await hours(shop, 1)
    assert await had(tanaka) == "一二三"
    await hours(shop, 6)
    assert await had(tanaka) == "一二三四"
    assert await had(suzuki) == "一弐三四"
    assert {state for state, _, _ in await standing()} == {"finished"}


async def test_it_keeps_a_draft_for_later(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    told = await shop.press(await shop.ask(CHANGED), way="draft")
    assert "下書き（版2）" in told.text
    assert await database.value("SELECT live_version_id FROM scenarios") == 1
    chosen = await shop.press(told)
    assert "下書きに置く" not in str(chosen.messages)
    assert "版2に移しました" in (await shop.press(chosen, way="all")).text


async def test_it_may_be_answered_by_its_number(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await shop.ask("タグ 一覧")
    await shop.ask(CHANGED)
    assert "1〜3" in (await shop.ask("4")).text
    assert "1〜3" in (await shop.ask("はい")).text
    assert "版2に移しました" in (await shop.ask("2")).text
    await shop.ask(CHANGED.replace("四", "五"))
    await shop.ask("タグ 作成 VIP\nタグ 一覧")
    assert "VIP" in (await shop.ask("1")).text  # the list was shown last


async def test_it_sends_at_once_what_is_past_its_new_time_and_says_to_how_many(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    card = await shop.ask(BLOCK.replace("4時間後", "150分後"))
    assert "すぐ届く人: 1人" in card.text
    await shop.press(card, way="all")
    await hours(shop, 0.1)
    assert await had(tanaka) == "一二三"


async def test_it_wants_the_number_typed_when_many_get_something_at_once(shop: Shop) -> None:
    names = [f"客{n}" for n in range(crowds.SMALL + 1)]
    await befriend(*names)
    await live(shop)
    for name in names:
        await put_on(shop, name)
    await hours(shop, 3)
    asked = await shop.press(await shop.ask(BLOCK.replace("4時間後", "150分後")), way="all")
    assert "すぐ11人に届きます" in asked.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1
    assert "11人も版2に移しました" in (await shop.ask("11")).text


async def test_it_never_sends_again_what_was_taken_out_and_came_back(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    await everyone(shop, "■シナリオ 歓迎\n▼すぐ\n一\n▼4時間後\n三")
    back = await shop.ask("シナリオ 元に戻す 歓迎 版1")
    assert "版1の内容" in back.text
    await shop.press(await shop.press(back), way="all")
    await hours(shop, 3)
    assert await had(tanaka) == "一二三"


async def test_it_passes_over_what_was_put_before_something_a_friend_has_had(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    await everyone(shop, BLOCK.replace("▼2時間後", "▼1時間後\n間\n▼2時間後"))
    await hours(shop, 3)
    assert await had(tanaka) == "一二三"


async def test_it_ends_the_walks_that_have_nothing_left(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    await everyone(shop, "■シナリオ 歓迎\n▼すぐ\n一\n▼2時間後\n二")
    assert await standing() == [("finished", 2, 2)]
    await shop.ask("/取消")
    assert await standing() == [("active", 1, 2)]


async def test_it_sends_nothing_late_when_all_was_rewritten(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 3)
    await everyone(shop, "■シナリオ 歓迎\n▼1分後\nア\n▼30分後\nイ\n▼5時間後\nウ\n▼6時間後\nエ")
    await hours(shop, 4)
    assert await had(tanaka) == "一二ウエ"


async def test_it_takes_a_change_for_all_back_as_far_as_nobody_has_gone_on(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await live(shop)
    await put_on(shop, "田中")
    await hours(shop, 1)
    await put_on(shop, "鈴木")
    before = await database.rows("SELECT id, version_id, position, due_at FROM subscriptions ORDER BY id")
    await everyone(shop, CHANGED)
    await hours(shop, 1)
    told = await shop.ask("/取消")
    assert "うち1人はその後に先へ進んだため、戻していません" in told.text
    assert "もう送ったメッセージは取り消せません" in told.text
    after = await database.rows("SELECT id, version_id, position, due_at FROM subscriptions ORDER BY id")
    assert after[1] == before[1]
    assert (await standing())[0] == ("active", 2, 2)
    assert await database.value("SELECT live_version_id FROM scenarios") == 1
    await hours(shop, 7)
    assert await had(tanaka) == "一弐三四"
    assert await had(suzuki) == "一二三"


async def test_it_does_a_change_for_all_again_after_it_was_taken_back(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    await everyone(shop, CHANGED)
    undone = await shop.ask("/取消")
    await shop.ask(undone.taps["やり直す"])
    await hours(shop, 9)
    assert await had(tanaka) == "一弐三四"


async def test_it_moves_who_blocks_us_and_leaves_whose_step_may_have_left(shop: Shop) -> None:
    await befriend("田中", "鈴木")
    await live(shop)
    await put_on(shop, "田中")
    await put_on(shop, "鈴木")
    await database.run("UPDATE subscriptions SET state = 'paused' WHERE friend_id = 1")
    await database.run("UPDATE subscriptions SET state = 'parked', error = 'restored' WHERE friend_id = 2")
    await everyone(shop, CHANGED)
    assert await standing() == [("paused", 2, 1), ("parked", 1, 1)]


async def test_it_moves_thousands_little_by_little_and_back(shop: Shop) -> None:
    await live(shop)
    count = operations.MOST_AT_ONCE + 100
    await shop.ask("タグ 作成 皆")
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Uc' || lpad(to_hex(n), 31, '0'), '客' || n, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at)"
        " SELECT id, 1, 1, 'active', 1, now() + interval '2 hours', now() FROM friends"
    )
    assert count < publishing.MOST_RECKONED
    told = await everyone(shop, CHANGED)
    assert "1,100人も版2に順に移します" in told.text
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert set(await standing()) == {("active", 2, 1)}
    await shop.ask("/取消")
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert set(await standing()) == {("active", 1, 1)}


async def test_it_shows_a_change_anew_when_another_was_quicker(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    mine = await shop.ask(CHANGED)
    await shop.press(await shop.ask(BLOCK.replace("三", "参"), SATO), SATO)
    again = await shop.press(mine, way="all")
    assert "古くなりました" in again.text
    assert "版2→3" in again.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 2


async def test_it_lets_an_operator_only_draft(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await befriend("田中")
    await live(shop)
    await put_on(shop, "田中")
    told = await shop.ask(CHANGED, SATO)
    assert "下書き（版2）" in told.text
    assert "管理者の方が押せます" in told.text
    assert await database.value("SELECT live_version_id FROM scenarios") == 1
    assert "版2に移しました" in (await shop.press(await shop.press(told), way="all")).text

"""A/B tests and groups that get nothing, from the block to the phones: who gets what, once, and what has won."""

import asyncio
import hashlib
import re
from collections import Counter
from typing import Any

import orjson
import pytest

from admin_commands.broadcasts import looks, results
from jobs import broadcasts, charts, facts, operations
from storage import broadcasts as kept
from storage import clock, database, friends, quota, segments
from storage.broadcasts import runs, trials
from storage.segments import drawn
from tests.admin_commands.shop import TOKYO, Answer, Shop, crowd, open_in_the_morning
from tests.jobs import delivering, engine

KEY = "k" * 32
BLOCK = """■配信 年末
対象: 全員
テスト: 40%
勝者: クリック 24時間後
送らない: 10%
▼A
お得です
＋ボタン 見る → タグ付ける 見た
▼B
年末です
＋ボタン 見る → タグ付ける 見た"""


@pytest.fixture
async def morning(db: str) -> None:
    await open_in_the_morning()


async def people(stage: delivering.Stage, count: int) -> dict[str, int]:
    """So many friends of the account at LINE and with us: user -> number."""
    users = await stage.channel.crowd(count)
    await friends.register([(user, f"客{n}", None, None) for n, user in enumerate(users, 1)], "now()")
    await database.run("UPDATE friends SET following = true")
    return {row["line_user_id"]: row["id"] for row in await database.rows("SELECT id, line_user_id FROM friends")}


async def begin(shop: Shop) -> bool:
    return await broadcasts.begin_due(shop.cache)


async def plan(shop: Shop) -> None:
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def confirm(shop: Shop, card: Answer) -> Answer:
    """Pressed, or typed where a number is asked for."""
    if card.tokens:
        return await shop.press(card)
    return await shop.ask(card.text.partition("確認のため「")[2].partition("」")[0].lstrip("/"))


async def tried(shop: Shop, block: str = BLOCK) -> None:
    """The test is planned to its end; nothing of it has left yet."""
    await shop.ask(block)
    await confirm(shop, await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    await plan(shop)


async def state() -> str:
    [one] = await kept.everything()
    return one.state


async def said(stage: delivering.Stage) -> dict[str, list[str]]:
    """What each user got, in order."""
    found: dict[str, list[str]] = {}
    for one in await stage.channel.deliveries():
        found.setdefault(one.chat, []).append(words(one.message))
    return found


def words(message: dict[str, Any]) -> str:
    return str(message.get("altText") or message["text"])


async def leaving() -> dict[str, int]:
    """What waits to leave, and for how many."""
    found = await database.rows("SELECT body, cardinality(recipients) AS heads FROM outbox WHERE state = 'open'")
    return {words(orjson.loads(row["body"])[0]): row["heads"] for row in found}


async def matching(shop: Shop, condition: str) -> int:
    told = (await shop.ask(f"セグメント 確認 {condition}")).text
    return int(re.findall(r"(\d+)人", told)[0])


def half(friend: int, by: int, of: str) -> int:
    """The same lot, reckoned without the database."""
    whole = int.from_bytes(hashlib.sha256(friend.to_bytes(8, "big") + by.to_bytes(8, "big")).digest()[:8], "big")
    return (whole >> int(drawn.HALVES[of])) & (drawn.WHOLE - 1)


def part_of(friend: int, by: int = 1) -> str:
    """Of BLOCK: held, A or B of the test, or the rest."""
    group = half(friend, by, "group")
    if group < drawn.bound(10):
        return "held"
    if group < drawn.bound(50):
        return "A" if half(friend, by, "variant") < drawn.WHOLE // 2 else "B"
    return "rest"


# ---- who ----


async def test_lots_of_two_broadcasts_have_nothing_to_do_with_each_other(db: str) -> None:
    await crowd(20_000)
    segment = [
        {"all": [{"drawn": by, "of": of, "from": 0, "below": drawn.WHOLE // 2}]}
        for by in (1, 2)
        for of in ("group", "variant")
    ]
    both = [{"all": [one, other]} for place, one in enumerate(segment) for other in segment[place + 1 :]]
    split = [{"all": [one, {"split": [1, 2]}]} for one in segment]
    found = await segments.counts([*both, *split], segments.Sight(await clock.now(), TOKYO))
    # each pair is independent when a quarter has both: chi-square of one degree of freedom below 10.8 (p = 0.001)
    assert all((4 * count - 20_000) ** 2 / (3 * 20_000) < 10.8 for count in found), found


async def test_lots_are_those_that_anybody_can_reckon(db: str) -> None:
    await crowd(300)
    rows = await database.rows(
        f"SELECT id, {drawn.half('id', '7::bigint', drawn.HALVES['group'])} AS g,"
        f" {drawn.half('id', '7::bigint', drawn.HALVES['variant'])} AS v FROM friends"
    )
    assert all((row["g"], row["v"]) == (half(row["id"], 7, "group"), half(row["id"], 7, "variant")) for row in rows)


async def test_the_card_shows_each_wording_and_how_many_get_it(shop: Shop, morning: None) -> None:
    await crowd(500)
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends")]
    await quota.record("Asia/Tokyo", 1_000, 0)
    draft = await shop.ask(BLOCK)
    assert "お得です" in draft.text
    assert "年末です" in draft.text
    card = await shop.ask("配信 確認 年末")
    parts = Counter(map(part_of, ids))
    sent = 500 - parts["held"]
    assert {one["sender"]["name"] for one in card.messages if "sender" in one} == {"A", "B"}
    assert "対象: 500人" in card.text
    assert f"送らない: {parts['held']}人" in card.text
    assert f"テスト: {parts['A'] + parts['B']}人（40%） → A {parts['A']}人・B {parts['B']}人" in card.text
    assert f"残り: {parts['rest']}人へ、24時間後に勝った方を送ります" in card.text
    assert f"通数: {sent}通" in card.text
    assert f"「{sent}」と送ってください" in (await shop.ask("配信 送信 年末")).text


async def test_everybody_gets_one_wording_once_and_the_held_nothing(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    numbers = await people(stage, 300)
    await tried(shop)
    await shop.pass_time(minutes=1)
    await stage.work()
    assert await state() == "testing"
    said_to = {"A": "お得です", "B": "年末です"}
    wanted = {user: [said_to[part]] for user, number in numbers.items() if (part := part_of(number)) in said_to}
    assert await said(stage) == wanted
    shown = (await shop.ask("配信 表示 年末")).text
    assert f"送信済み: {len(wanted)}人" in shown
    assert "テスト中のため、変えられません" in (await shop.ask(f"{BLOCK}！")).text
    some = {part_of(number): number for number in numbers.values()}
    for part, told_ in {
        "held": "「送らない」人に入っています",
        "rest": "勝者が決まってから送ります",
        "A": "A/B: A",
        "B": "A/B: B",
    }.items():
        assert told_ in (await shop.ask(f"なぜ #F{some[part]} 配信:年末")).text
    assert await matching(shop, "配信:年末 B 受信") == sum(got == ["年末です"] for got in wanted.values())
    assert await matching(shop, "配信:年末 A 未クリック") == sum(got == ["お得です"] for got in wanted.values())
    assert await matching(shop, "配信:年末 比較用") == Counter(map(part_of, numbers.values()))["held"]
    # two who got B press its button: B wins, though the difference is none to be sure of
    pressers = [numbers[user] for user, got in wanted.items() if got == ["年末です"]][:2]
    button = await database.value("SELECT id FROM buttons")
    await engine.let_happen(shop.cache, [(one, facts.Pressed(button)) for one in pressers])
    assert not await begin(shop)
    await shop.pass_time(hours=24)
    assert [await begin(shop), await begin(shop), await begin(shop)] == [True, True, False]
    await plan(shop)
    await stage.work()
    rest = {user: ["年末です"] for user, number in numbers.items() if part_of(number) == "rest"}
    assert await said(stage) == wanted | rest
    assert await state() == "done"
    got_b = sum(got == ["年末です"] for got in (wanted | rest).values())
    assert await matching(shop, "配信:年末 B 受信") == got_b
    assert await matching(shop, "配信:年末 B クリック") == 2
    assert await matching(shop, "配信:年末 A クリック") == 0
    told = await database.rows("SELECT convert_from(body, 'UTF8') AS body FROM outbox WHERE state = 'waiting'")
    assert any("Bに決まりました" in row["body"] and "まだ差があるとは言えません" in row["body"] for row in told)
    tally = await runs.tally(*[row["operation_id"] for row in await database.rows("SELECT * FROM broadcast_runs")])
    assert (tally.sent, tally.total) == (len(wanted) + len(rest), len(wanted) + len(rest))


async def test_without_a_test_all_are_split_at_once(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop, "■配信 年末\n対象: 全員\n▼A 20%\nお得です\n▼B\n年末です\n▼C\nよいお年を")
    assert await state() == "done"
    ends = [drawn.WHOLE * percent // 100 for percent in (20, 60)]
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends")]
    places = Counter(sum(half(one, 1, "variant") >= end for end in ends) for one in ids)
    assert await leaving() == {text: places[place] for place, text in enumerate(("お得です", "年末です", "よいお年を"))}


async def test_the_deeds_of_a_wording_are_for_those_who_get_it(shop: Shop, morning: None) -> None:
    await crowd(40)
    await tried(shop, "■配信 年末\n対象: 全員\n▼A\nお得です\n＋実行 タグ付ける 甲\n▼B\n年末です\n＋実行 タグ付ける 乙")
    rows = await database.rows("SELECT w.friend_id, t.name FROM friend_tags w JOIN tags t ON t.id = w.tag_id")
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends")]
    side = {one: "甲" if half(one, 1, "variant") < drawn.WHOLE // 2 else "乙" for one in ids}
    assert {row["friend_id"]: row["name"] for row in rows} == side


async def test_frozen_friends_are_divided_when_it_begins(shop: Shop, morning: None) -> None:
    await crowd(200)
    ids = {row["id"] for row in await database.rows("SELECT id FROM friends")}
    parts = Counter(map(part_of, ids))
    await shop.ask(BLOCK.replace("テスト:", "対象の判定: 確認時\nテスト:"))
    asked = await shop.ask("配信 送信 年末")
    assert f"「{200 - parts['held']}」" in asked.text
    assert f"{200 - parts['held']}人へ" in (await confirm(shop, asked)).text
    await crowd_more(30)
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    found = await database.rows("SELECT state, total FROM operations ORDER BY id")
    assert [(row["state"], row["total"]) for row in found] == [
        ("waiting", parts["rest"]),
        ("held", parts["held"]),
        ("running", parts["A"] + parts["B"]),
    ]


async def crowd_more(count: int) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Ud' || lpad(to_hex(n), 31, '0'), '新' || n, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )


# ---- the winner ----


async def test_a_winner_at_night_waits_for_the_morning(shop: Shop, morning: None) -> None:
    await crowd(100)
    await shop.pass_time(hours=12)  # 20:00
    await tried(shop, BLOCK.replace("24時間後", "4時間後"))
    await accepted()
    await shop.pass_time(hours=4)
    assert await begin(shop)
    [one] = await kept.everything()
    assert one.run is not None
    assert trials.of(one.run.definition).winner == "A"
    assert one.run.at.astimezone(TOKYO).hour == 8
    assert not await begin(shop)
    assert await state() == "testing"
    assert "勝者: A" in (await shop.ask("配信 表示 年末")).text
    await shop.pass_time(hours=8)
    assert await begin(shop)
    assert await state() == "sending"


async def accepted() -> None:
    await database.run(
        "UPDATE outbox SET state = 'accepted', attempted_at = (SELECT max(at) FROM deliveries)"
        " WHERE state = 'open' AND class = 'promotion'"
    )


async def test_of_two_workers_one_decides_and_one_begins(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop)
    await accepted()
    await shop.pass_time(hours=24)
    first = await asyncio.gather(begin(shop), begin(shop))
    second = await asyncio.gather(begin(shop), begin(shop))
    assert sorted([*first, *second]) == [False, False, True, True]
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'waiting'") == 1
    assert await database.value("SELECT count(*) FROM operations WHERE state = 'running'") == 1


async def test_nothing_of_a_decision_is_left_when_it_dies_on_the_way(
    shop: Shop, morning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(60)
    await tried(shop)
    await accepted()
    await shop.pass_time(hours=24)
    await database.run("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'dies'; END$$")
    await database.run("CREATE TRIGGER dies BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION fail()")
    with pytest.raises(Exception, match="dies"):
        await begin(shop)
    await database.run("DROP TRIGGER dies ON outbox")
    [one] = await kept.everything()
    assert one.state == "testing"
    assert one.run is not None
    assert trials.of(one.run.definition).winner is None
    assert [await begin(shop), await begin(shop), await begin(shop)] == [True, True, False]
    assert await state() == "sending"


async def test_staff_are_asked_while_somebody_of_the_test_still_waits(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop)
    await shop.pass_time(hours=24)
    assert await begin(shop)
    assert await state() == "testing"
    assert "テストの送信がまだ終わっていないため" in (await shop.ask("配信 表示 年末")).text
    assert not await begin(shop)


async def test_staff_choose_by_hand_with_the_figures_before_them(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop, BLOCK.replace("クリック 24時間後", "手動"))
    await accepted()
    await shop.pass_time(days=3)
    assert not await begin(shop)
    asked = await shop.ask("配信 勝者 年末")
    assert "まだだれも反応していない" in asked.text
    assert "/配信 勝者 #B1 B" in asked.taps.values()
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends")]
    rest = Counter(map(part_of, ids))["rest"]
    assert f"残り{rest}人へBを送ります" in (await shop.ask("配信 勝者 年末 B")).text
    assert "60秒後にBを送ります" in (await shop.ask(str(rest))).text
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    await plan(shop)
    assert await state() == "done"
    assert await leaving() == {"年末です": rest}
    assert "勝者を選べるのは、テスト中だけ" in (await shop.ask("配信 勝者 年末 A")).text


async def test_a_choice_is_taken_back_until_it_leaves(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop, BLOCK.replace("クリック 24時間後", "手動"))
    await accepted()
    await confirm(shop, await shop.ask("配信 勝者 年末 B"))
    assert "取り消しました" in (await shop.ask("取消")).text
    await shop.pass_time(seconds=61)
    assert not await begin(shop)
    assert await state() == "testing"
    await confirm(shop, await shop.ask("配信 勝者 年末 A"))
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    assert "取り消しました" not in (await shop.ask("取消")).text
    await plan(shop)
    assert await state() == "done"
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends")]
    assert await leaving() == {"お得です": Counter(map(part_of, ids))["rest"]}


async def test_a_choice_before_its_time_is_taken_back_and_time_decides(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop)
    await accepted()
    await confirm(shop, await shop.ask("配信 勝者 年末 B"))
    await shop.ask("取消")
    await shop.pass_time(seconds=61)
    assert not await begin(shop)
    await shop.pass_time(hours=24)
    assert await begin(shop)  # found
    assert await begin(shop)  # and sent
    await plan(shop)
    assert set(await leaving()) == {"お得です"}  # nobody has reacted: the first


async def test_a_repeated_one_gives_a_friend_the_same_wording_each_time(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    users = await people(stage, 40)
    block = BLOCK.replace("テスト: 40%\n勝者: クリック 24時間後\n", "日時: 毎日 9:30\n")
    await shop.ask(block)
    await confirm(shop, await shop.ask("配信 予約 年末"))
    for _ in range(2):
        [one] = await kept.everything()
        assert one.run is not None
        await clock.move(one.run.at)
        assert await begin(shop)
        await plan(shop)
        await stage.work()
    got = await said(stage)
    held = {user for user, one in users.items() if part_of(one) == "held"}
    assert held
    assert set(got) == set(users) - held
    assert all(len(one) == 2 and one[0] == one[1] for one in got.values())
    wordings = Counter(one[0] for one in got.values())
    assert len(wordings) == 2
    told = (await shop.ask("配信 結果 年末 1回目")).text
    for letter, text in (("A", "お得です"), ("B", "年末です")):
        assert re.search(rf"{letter}[^\n]*{wordings[text]}人", told), told


async def test_the_month_must_have_room_for_the_rest(shop: Shop, morning: None) -> None:
    await crowd(60)
    await tried(shop)
    await accepted()
    await quota.record("Asia/Tokyo", 10, 9)
    await shop.pass_time(hours=24)
    assert await begin(shop)
    assert "今月の残り通数が" in (await shop.ask("配信 表示 年末")).text
    assert "通足りません" in (await shop.ask("配信 勝者 年末 A")).text


async def test_what_is_stopped_while_it_waits_goes_on_with_both(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    numbers = await people(stage, 120)
    await tried(shop)
    parts = Counter(map(part_of, numbers.values()))
    sent = sum(parts.values()) - parts["held"]
    stopped = await shop.ask("配信 停止 年末")
    assert f"{sent}人中0人に送信済みです。残り{sent}人を止めました" in stopped.text
    assert await state() == "stopped"
    await shop.pass_time(hours=48)
    assert not await begin(shop)
    await confirm(shop, await shop.ask("配信 再開 年末"))
    assert await state() == "testing"
    await plan(shop)
    await stage.work()
    assert len(await said(stage)) == parts["A"] + parts["B"]
    await shop.pass_time(hours=24)
    assert [await begin(shop), await begin(shop)] == [True, True]
    await plan(shop)
    await stage.work()
    found = await said(stage)
    assert len(found) == sent
    assert all(len(got) == 1 for got in found.values())
    assert not {user for user, number in numbers.items() if part_of(number) == "held"} & set(found)


async def test_the_rest_is_stopped_in_mid_send_with_the_numbers_of_both(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    numbers = await people(stage, 120)
    await tried(shop)
    await stage.work()
    await shop.pass_time(hours=24)
    assert [await begin(shop), await begin(shop)] == [True, True]
    parts = Counter(map(part_of, numbers.values()))
    done, rest = parts["A"] + parts["B"], parts["rest"]
    stopped = (await shop.ask("配信 停止 年末")).text
    assert f"{done + rest}人中{done}人に送信済みです。残り{rest}人を止めました" in stopped
    await confirm(shop, await shop.ask("配信 再開 年末"))
    await plan(shop)
    await stage.work()
    assert all(len(got) == 1 for got in (await said(stage)).values())
    assert len(await said(stage)) == done + rest


# ---- writing ----


async def test_a_plain_one_becomes_a_test_by_pasting_another_wording(shop: Shop) -> None:
    await crowd(20)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\nお得です\n＋ボタン 見る → タグ付ける 見た")
    assert "/配信 分割 #B1" in (await shop.ask("配信 確認 年末")).taps.values()
    asked = await shop.ask("配信 分割 年末")
    assert "Bの本文をこのまま送ってください" in asked.text
    await shop.ask("年末です")
    block = (await shop.ask("配信 書出 年末")).text
    assert "▼A\nお得です\n＋ボタン 見る → タグ付ける 見た\n▼B\n年末です\n＋ボタン 見る" in block
    await shop.ask("配信 分割 年末 A=30% テスト=20% 指標=返信 勝者=3日後 送らない=5%")
    block = (await shop.ask("配信 書出 年末")).text
    assert "テスト: 20%\n指標: 返信\n勝者: 3日後\n送らない: 5%\n" in block
    assert "▼A 30%" in block
    assert "変更なし" in (await shop.ask(block)).text
    await shop.ask("配信 変更 年末 B 本文 よいお年を")
    assert "▼B\nよいお年を\n＋ボタン" in (await shop.ask("配信 書出 年末")).text
    assert "どれの本文" in (await shop.ask("配信 変更 年末 本文")).text
    await shop.ask("配信 変更 年末 テスト なし")
    assert "テスト:" not in (await shop.ask("配信 書出 年末")).text


async def test_it_goes_through_the_shops_file_and_back(shop: Shop) -> None:
    await shop.ask(BLOCK.replace("クリック 24", "タグ:購入 24"))
    [one] = await kept.everything()
    [dumped] = await looks.dumps(TOKYO)
    assert "指標: タグ:購入\n勝者: 24時間後" in dumped
    await shop.ask("配信 改名 年末 → 去年")
    await shop.ask(dumped)
    [_, again] = await kept.everything()
    assert again.definition["trial"] == one.definition["trial"]


async def test_what_does_not_go_together_is_told_and_changes_nothing(shop: Shop) -> None:
    await shop.ask(BLOCK)
    for command, told in {
        "配信 分割 年末 テスト=95%": "合わせると100%を超えます",
        "配信 分割 年末 A=30% B=30%": "合計が60%です",
        "配信 分割 年末 勝者=いつか": "いつ決めるかがありません",
        "配信 分割 年末 指標=CV": "まだ数えられません",
        "配信 分割 年末 C=10%": "Cの本文がありません",
    }.items():
        assert told in (await shop.ask(command)).text, command
    [one] = await kept.everything()
    assert one.number == 1
    assert (
        "くり返す配信には使えません" in (await shop.ask(BLOCK.replace("テスト:", "日時: 毎週水曜 10:00\nテスト:"))).text
    )


# ---- results ----


async def do(shop: Shop, friend_ids: list[int], what: facts.What) -> None:
    await engine.let_happen(shop.cache, [(one, what) for one in friend_ids])


async def test_results_show_the_wordings_side_by_side_and_how_sure_it_is(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    numbers = await people(stage, 1_000)
    parts: dict[str, list[int]] = {}
    for number in numbers.values():
        parts.setdefault(part_of(number), []).append(number)
    await tried(shop)
    await shop.pass_time(minutes=1)
    await stage.work()
    button = await database.value("SELECT id FROM buttons")
    await shop.pass_time(minutes=5)
    await do(shop, parts["A"][:10], facts.Pressed(button))
    await do(shop, parts["B"][:40], facts.Pressed(button))
    await do(shop, parts["A"][:3], facts.Said("text", "こんにちは"))
    shown = await shop.ask("配信 結果 年末")
    share = results.rate(40, len(parts["B"]))
    assert "の結果（テスト）" in shown.text
    assert f"A クリック: 10人 {results.rate(10, len(parts['A']))}（{len(parts['A'])}人中・返信 3）" in shown.text
    assert f"B クリック: 40人 {share}（{len(parts['B'])}人中）" in shown.text
    assert "Bの方が良い可能性は99%以上です。偶然とは考えにくい差です。" in shown.text
    assert f"残り: {len(parts['rest'])}人（まだ送っていません）" in shown.text
    assert f"送らない{len(parts['held'])}人" in shown.text
    assert "まだ何も言えません" in shown.text  # three messages are not enough
    chart = await drawn_chart(shown)
    assert [row.label for row in chart.rows][-2:] == ["A クリック", "B クリック"]
    await shop.pass_time(hours=24)
    assert [await begin(shop), await begin(shop)] == [True, True]
    await plan(shop)
    await stage.work()
    await do(shop, parts["rest"][:50], facts.Pressed(button))
    await do(shop, parts["rest"][:200], facts.Said("text", "買いました"))
    shown = await shop.ask("配信 結果 年末")
    assert "の結果（残り・B）" in shown.text
    assert f"残りに送ったB: {len(parts['rest'])}人中50人" in shown.text
    sent = 1_000 - len(parts["held"])
    assert f"テストと残りの全体: {sent}人中{sent}人に送信済み" in shown.text
    assert f"送った{sent}人・送らない{len(parts['held'])}人" in shown.text
    assert f"メッセージをくれた人: {results.rate(203, sent)}と0%" in shown.text
    assert "送った効果があると言えます" in shown.text


async def drawn_chart(answer: Answer) -> charts.Funnel:
    [picture] = [one for one in answer.messages if one["type"] == "image"]
    public_id = picture["originalContentUrl"].rpartition("/")[2]
    chart = charts.from_json(
        orjson.loads(await database.value("SELECT drawn FROM charts WHERE public_id = $1", public_id))
    )
    assert isinstance(chart, charts.Funnel)
    return chart


async def test_a_tag_may_be_what_a_wording_and_the_sending_are_judged_by(
    shop: Shop, stage: delivering.Stage, morning: None
) -> None:
    numbers = await people(stage, 300)
    tag = await engine.add_tag("購入")
    await tried(shop, "■配信 年末\n対象: 全員\n指標: タグ:購入\n送らない: 10%\n▼A\nお得です\n▼B\n年末です")
    await stage.work()
    await shop.pass_time(minutes=5)
    got = [number for number in numbers.values() if part_of(number) != "held"]
    ours = [number for number in got if half(number, 1, "variant") < drawn.WHOLE // 2]
    held = [number for number in numbers.values() if part_of(number) == "held"]
    wear = [{"do": "tag_on", "tags": [tag]}]
    await database.repeated(lambda: operations.apply(shop.cache, [*ours[:30], *held[:1]], wear, "operation:99"))
    shown = (await shop.ask("配信 結果 年末")).text
    assert f"A タグ「購入」が付いた人: 30人 {results.rate(30, len(ours))}（{len(ours)}人中）" in shown
    assert "Aの方が良い可能性は99%以上です" in shown
    assert f"タグ「購入」が付いた人: {results.rate(30, len(got))}と{results.rate(1, len(held))}" in shown

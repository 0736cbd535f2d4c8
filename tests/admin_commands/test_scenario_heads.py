"""The head of ■シナリオ: every key is read, kept, printed, shown and changed; what is foreseen of it is dated."""

from typing import Any

import orjson
import pytest

from jobs import heard
from storage import clock, database
from tests.admin_commands.shop import Shop, befriend

FULL = """■シナリオ 先着
開始: タグ:応募 が付いたら
対象: タグ:会員 でない
追加日: 2026-01-01〜2031-03-31
期間: 2026-01-01〜
上限: 100人
超過時: 送る「満員です」 → タグ付ける 満員
終了: タグ:購入済 かつ タグ:返品 でない
配信可能: 平日 9:00〜20:00, 土日 10:00〜18:00
同時: 1つ
再開始: 続きから
＋終了後 シナリオ開始 先着 → タグ付ける 完了
▼すぐ
ようこそ
▼1日後 12:00 もし タグ:会員
会員の方へ
＋実行 タグ付ける 会員案内
▼1日後 12:00 そうでなければ
みなさまへ
▼2日後 12:00
おわり"""
BRANCHES = FULL.partition("▼")[0].partition("開始")[0] + "▼" + FULL.partition("▼")[2]


async def stored() -> dict[str, Any]:
    found = await database.value("SELECT definition FROM scenario_versions ORDER BY id DESC LIMIT 1")
    read: dict[str, Any] = orjson.loads(found)
    return read


async def tag(name: str) -> int:
    return int(await database.value("SELECT id FROM tags WHERE name = $1", name))


async def test_it_keeps_and_prints_every_key_of_the_head(shop: Shop) -> None:
    answer = await shop.ask(FULL)
    kept = await stored()
    assert kept["added"] == {"from": "2026-01-01", "to": "2031-03-31"}
    assert kept["period"] == {"from": "2026-01-01"}
    assert (kept["cap"], kept["exclusive"], kept["restart"]) == (100, True, "resume")
    assert [one["do"] for one in kept["over"]] == ["send", "tag_on"]
    assert [one["do"] for one in kept["finish"]] == ["scenario_start", "tag_on"]
    bought, back = await tag("購入済"), await tag("返品")
    assert kept["end"] == [{"on": "when", "when": {"all": [{"tag": bought}, {"not": {"tag": back}}]}}]
    assert [one["days"] for one in kept["window"]] == [[0, 1, 2, 3, 4], [5, 6]]
    assert "公開しました" in (await shop.press(answer)).text
    printed = (await shop.ask("シナリオ 書出 先着")).text
    assert printed.replace("版: 1\n", "") == FULL.replace("送る「満員です」", "送る 「満員です」")
    assert "変更なし" in (await shop.ask(FULL)).text
    told = (await shop.ask("シナリオ 表示 先着")).text
    for line in ("上限: 100人", "追加日: 2026-01-01〜2031-03-31", "終了後: シナリオ開始 先着", "同時: 1つ"):
        assert line in told


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        ("上限 50人", "cap", 50),
        ("上限 なし", "cap", None),
        ("同時 いくつでも", "exclusive", None),
        ("終了後 なし", "finish", None),
        (
            "配信可能 火-日",
            "window",
            [{"days": [1, 2, 3, 4, 5, 6], "holidays": "as_weekdays", "window": ["00:00"] * 2}],
        ),
    ],
)
async def test_it_changes_one_key_by_a_line(shop: Shop, given: str, key: str, value: Any) -> None:
    await shop.press(await shop.ask(FULL))
    card = await shop.ask(f"/シナリオ 変更 先着 {given}")
    assert f"設定: {given.split()[0]}" in card.text
    assert "公開しました" in (await shop.press(card)).text
    assert (await stored()).get(key) == value
    assert "変更なし" in (await shop.ask((await shop.ask("シナリオ 書出 先着")).text)).text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("上眼: 100人", "上限: 100人"),
        ("上限: たくさん", "人数が読めません"),
        ("超過時: 送る「満員」", "「上限:」の行も要ります"),
        ("期間: いつか", "期間が読めません"),
        ("同時: たくさん", "同時: 1つ"),
        ("配信可能: よる", "配信可能: 平日 9:00〜20:00"),
        ("終了: 購入した", "購入した"),
        ("＋終了後 もごもご", "もごもご"),
    ],
)
async def test_it_says_what_is_wrong_with_a_key(shop: Shop, line: str, told: str) -> None:
    answer = await shop.ask(f"■シナリオ 先着\n{line}\n▼すぐ\nはい")
    assert told in answer.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 0


async def test_it_gives_a_period_without_years_the_years_it_ends_next(shop: Shop) -> None:
    await shop.ask("■シナリオ 年末\n期間: 12/20〜1/5\n▼すぐ\nはい")
    kept = (await stored())["period"]
    assert int(kept["to"][:4]) == int(kept["from"][:4]) + 1
    assert kept["to"] >= (await clock.now()).date().isoformat()


async def test_it_foresees_from_a_moment_of_ones_choice_what_waits_for_the_morning(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask("■シナリオ 夜\n▼すぐ\nようこそ\n▼3時間後\nいかがですか\n＋実行 タグ付ける 三時間")
    told = (await shop.ask("シナリオ 確認 夜 2031-12-24 20:00開始なら")).text
    assert "もし2031/12/24(水) 20:00に始めたら" in told
    assert "2031/12/25(木) 8:00" in told
    assert "⏰2031/12/24(水) 23:00から（静音のため）" in told
    assert "→ タグ付ける 三時間" in told
    both = (await shop.ask("シナリオ 確認 夜 田中 2031-12-24 20:00開始なら")).text
    assert "2031/12/24(水) 20:00に、田中 花子さんが始めたら" in both
    wrong = await shop.ask("シナリオ 確認 夜 田中 そのうち開始なら")
    assert "読めません" in wrong.text
    data = wrong.taps["📅 日時を選ぶ"]
    picked = await shop.hear(heard.Pressed(data, {"datetime": "2031-12-24T20:00"}))
    assert picked is not None
    assert picked.text == both
    await shop.ask("■シナリオ 夜\n配信可能: いつでも\n▼すぐ\nようこそ\n▼3時間後\nいかがですか")
    always = (await shop.ask("シナリオ 確認 夜 2031-12-24 20:00開始なら")).text
    assert "23:00" in always
    assert "⚠ 夜間（21:00〜8:00）にも届きます: ② 23:00" in always


async def test_it_foresees_both_branches_for_anybody_and_the_one_taken_for_a_friend(shop: Shop) -> None:
    await befriend("田中 花子", "佐藤 次郎")
    await shop.ask(BRANCHES)
    await shop.ask("タグ 付ける 会員 田中")
    anybody = (await shop.ask("シナリオ 確認 先着")).text
    assert "会員の方へ" in anybody
    assert "みなさまへ" in anybody
    assert "合計: 3通/人" in anybody
    member = (await shop.ask("シナリオ 確認 先着 田中")).text
    assert "会員の方へ" in member
    assert "みなさまへ" not in member
    assert "合計: 3通/人" in member
    other = (await shop.ask("シナリオ 確認 先着 佐藤")).text
    assert "会員の方へ" not in other
    assert "みなさまへ" in other
    assert other.count("この方には届きません") == 1


async def test_it_tries_either_branch_by_a_tap(shop: Shop) -> None:
    await shop.ask(BRANCHES)
    first = await shop.ask("シナリオ 試す 先着")
    member = await shop.tap_typed(first, "次: ②に当てはまる人")
    assert "会員の方へ" in member.text
    assert "※「タグ:会員」の人だけに届きます。" in member.text
    other = await shop.tap_typed(first, "次: 当てはまらない人")
    assert "みなさまへ" in other.text
    assert "※②に当てはまらない人に届きます。" in other.text
    for branch in (member, other):
        assert "おわり" in (await shop.tap_typed(branch, "次の通へ")).text


async def test_it_takes_up_by_hand_what_had_stopped(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.press(await shop.ask("■シナリオ 講座\n再開始: 続きから\n▼1日後 12:00\n一\n▼2日後 12:00\n二"))
    assert "入れました" in (await shop.ask("シナリオ 付ける 講座 田中")).text
    await shop.ask("シナリオ 外す 講座 田中")
    assert "入れました" in (await shop.ask("シナリオ 付ける 講座 田中")).text
    assert "始まりませんでした" in (await shop.ask("シナリオ 付ける 講座 田中")).text
    assert await database.value("SELECT count(*) FROM subscriptions WHERE state = 'active'") == 1
    assert await database.value("SELECT count(*) FROM subscriptions") == 1


async def test_it_warns_before_a_scenario_that_starts_itself_again_goes_live(shop: Shop) -> None:
    circle = "■シナリオ 講座\n再開始: 終わったら\n▼1日後 12:00\n一\n＋終了後 シナリオ開始 講座"
    card = await shop.ask(circle)
    assert "終わるたびにくり返します（このシナリオ）" in card.text
    assert "終わるたびにくり返します" in (await shop.ask("シナリオ 公開 講座")).text
    once = await shop.ask(circle.replace("再開始: 終わったら\n", ""))
    assert "「再開始: しない」なので、2回目は始まりません" in once.text


async def test_it_finds_the_way_back_through_other_scenarios_and_saved_sets(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ 一\n再開始: する\n▼1日後 12:00\n一"))
    await shop.press(await shop.ask("■シナリオ 二\n再開始: する\n▼1日後 12:00\n二\n＋終了後 シナリオ開始 一"))
    await shop.ask("■アクション 次へ\n・シナリオ切替 二")
    card = await shop.ask("■シナリオ 一\n再開始: する\n▼1日後 12:00\n一\n＋終了後 アクション 次へ")
    assert "「一」 → 「二」 → 「一」" in card.text
    assert "終わるたびにくり返します" not in (await shop.ask("■シナリオ 三\n▼すぐ\n三\n＋終了後 シナリオ開始 一")).text

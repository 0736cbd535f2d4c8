"""Conditions at staff's door: friends found, what was understood told line by line, what is unclear asked."""

from importlib import import_module

import orjson
import pytest

from admin_commands import segments
from storage import clock, database
from storage import segments as stored
from tests.admin_commands.shop import TOKYO, Shop, befriend, crowd, worn

targets = import_module("storage.migrations.0016_targets")


@pytest.fixture
async def friends(shop: Shop) -> list[int]:
    """田中 (VIP, asleep), 山田 (VIP, 常連), 佐々木 (常連), 鈴木 (blocked, VIP); 60 days have passed for 田中 alone."""
    people = await befriend("田中", "山田", "佐々木", "鈴木")
    await shop.ask("タグ 作成 VIP, 常連, 山")
    await shop.ask("タグ 付ける VIP #F1, #F2, #F4")
    await shop.ask("タグ 付ける 常連 #F2, #F3")
    await database.run(
        f"UPDATE friends SET last_reaction_at = {clock.NOW} - interval '1 day' * CASE id WHEN 1 THEN 60 ELSE 1 END,"
        " blocked_us = (id = 4)"
    )
    return people


@pytest.mark.usefixtures("friends")
async def test_it_tells_a_condition_line_by_line_with_who_is_left(shop: Shop) -> None:
    told = await shop.ask("友だち 検索 タグ:VIP かつ タグ:常連 でない かつ 最終反応 30日以上前")
    assert told.text.split("\n")[:6] == [
        "👥 対象",
        "1件中 1–1",
        "・タグ「VIP」あり 2人",
        "・かつ タグ「常連」なし 1人",
        "・かつ 30日以上 反応なし 1人",
        "1. 田中 #F1 " + told.text.split("1. 田中 #F1 ")[1],
    ]


@pytest.mark.usefixtures("friends")
async def test_it_says_whom_it_leaves_out(shop: Shop) -> None:
    assert "除外: ブロック中 1" in (await shop.ask("友だち 検索 タグ:VIP")).text
    told = await shop.ask("友だち 検索 タグ:VIP かつ ブロック")
    assert "鈴木" in told.text
    assert "除外" not in told.text


@pytest.mark.usefixtures("friends")
async def test_it_tells_groups_with_their_parts_below(shop: Shop) -> None:
    told = await shop.ask("友だち 検索 (タグ:VIP または タグ:常連) かつ (タグ:VIP かつ タグ:常連) でない")
    assert told.text.split("\n")[2:9] == [
        "・次のどれか 3人",
        "　・タグ「VIP」あり 2人",
        "　・または タグ「常連」あり 2人",
        "・かつ 次のすべてには当てはまらない 2人",
        "　・タグ「VIP」あり 2人",
        "　・かつ タグ「常連」あり 1人",
        "除外: ブロック中 1",
    ]


@pytest.mark.usefixtures("friends")
async def test_it_goes_on_over_lines(shop: Shop) -> None:
    told = await shop.ask("友だち 検索 タグ:VIP\nタグ:常連 でない")
    assert "・かつ タグ「常連」なし 1人" in told.text


@pytest.mark.usefixtures("friends")
async def test_it_asks_what_can_be_read_two_ways(shop: Shop) -> None:
    asked = await shop.ask("友だち 検索 タグ:VIP かつ 最終反応 > 30日前")
    assert "2通りに読めます" in asked.text
    assert "1. 30日以上 反応なしの人（休眠） … 1人" in asked.text
    assert "2. 30日以内に反応ありの人（活発） … 1人" in asked.text
    chosen = await shop.ask("2")
    assert "・かつ 30日以内に反応あり 1人" in chosen.text
    assert "1. 山田" in chosen.text
    assert next(iter(asked.taps.values())) == "/友だち 検索 対象: タグ:VIP かつ 最終反応 30日以上前"


@pytest.mark.usefixtures("friends")
async def test_it_understands_a_word_alone_only_when_it_means_one_thing(shop: Shop) -> None:
    by_name = await shop.ask("友だち 検索 タグ:VIP かつ 田")
    assert "・かつ 名前に「田」を含む 2人" in by_name.text
    by_tag = await shop.ask("友だち 検索 タグ:VIP かつ 常連 でない")
    assert "・かつ タグ「常連」なし 1人" in by_tag.text
    both = await shop.ask("友だち 検索 タグ:VIP かつ 山")
    assert "1. タグ「山」の付いた人" in both.text
    assert "2. 名前に「山」を含む人 … 1人" in both.text
    neither = await shop.ask("/友だち 検索 タグ:VIP かつ 海")
    assert "「海」が何の条件か分かりません" in neither.text


@pytest.mark.usefixtures("friends")
async def test_it_offers_the_command_with_the_right_name(shop: Shop) -> None:
    told = await shop.ask("タグ 付ける 常連 対象: タグ:VIQ かつ タグ:常連 でない")
    assert "タグ「VIQ」は見つかりません" in told.text
    assert told.taps["VIP"] == "/タグ 付ける 常連 対象: タグ:VIP かつ タグ:常連 でない"


@pytest.mark.usefixtures("friends")
@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("予約:カット なし", "予約:カット なし"),
        ("タグ:VIP かつ スコア>=50", "スコア>=50"),
        ("タグ:VIP かつ 担当なし", "担当なし"),
    ],
)
async def test_it_refuses_by_name_what_cannot_be_judged_yet(shop: Shop, condition: str, named: str) -> None:
    told = await shop.ask(f"/友だち 検索 {condition}")
    assert f"「{named}」の条件はまだ使えません" in told.text


@pytest.mark.usefixtures("friends")
async def test_it_offers_what_a_slip_was_meant_to_be(shop: Shop) -> None:
    told = await shop.ask("/友だち 検索 タグ:VIP かつ 最終反能 30日以上前")
    assert told.taps["最終反応 30日以上前"] == "/友だち 検索 対象: タグ:VIP かつ 最終反応 30日以上前"
    told = await shop.ask("/友だち 検索 シナリオ:A 配進中")
    assert "もしかして: /友だち 検索 シナリオ:A 配信中" in told.text
    assert "/友だち 検索 シナリオ:A 配信中" in told.taps.values()


@pytest.mark.usefixtures("friends")
async def test_it_puts_a_tag_on_everybody_who_fits(shop: Shop) -> None:
    told = await shop.ask("タグ 付ける 常連 対象: 最終反応 30日以上前")
    assert "✅ タグ「常連」を1人に付けました" in told.text
    assert "・30日以上 反応なし … 1人" in told.text
    assert await worn(1) == ["VIP", "常連"]
    nobody = await shop.ask("タグ 付ける 常連 対象: 友だち追加 10年以上前")
    assert "当てはまる友だちはいません" in nobody.text


@pytest.mark.usefixtures("friends")
async def test_it_shows_the_condition_on_the_card_of_a_crowd(shop: Shop) -> None:
    await crowd(30)
    card = await shop.ask("タグ 付ける 常連 対象: タグ:VIP でない かつ 全員")
    assert "👥 対象 31人" in card.text
    assert "・タグ「VIP」なし 31人" in card.text
    assert "30人に付けました。1人にはもう付いていました。" in (await shop.press(card)).text


@pytest.mark.usefixtures("friends")
async def test_it_turns_the_pages_of_a_condition(shop: Shop) -> None:
    await crowd(25, "常連")
    first = await shop.ask("友だち 検索 タグ:常連 並び=名前")
    assert "27件中 1–10" in first.text
    second = await shop.ask("次")
    assert "27件中 11–20" in second.text
    assert "・タグ" not in second.text
    assert "使えるのは: 最終反応・友だち追加・名前" in (await shop.ask("/友だち 検索 タグ:常連 並び=色")).text


@pytest.mark.usefixtures("friends")
async def test_it_finds_who_is_in_a_scenario(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ A\n▼すぐ\nこんにちは\n▼1日後\nまた"))
    await shop.ask("シナリオ 付ける A 田中")
    walking = await shop.ask("友だち 検索 シナリオ:A 配信中")
    assert "・シナリオ「A」を配信中 1人" in walking.text
    assert "田中" in walking.text
    assert "・シナリオ「A」は未経験 2人" in (await shop.ask("友だち 検索 シナリオ:A 未経験")).text
    assert "・シナリオ「A」の1通目まで届いた 1人" in (await shop.ask("友だち 検索 シナリオ:A 1通目以降")).text


async def _walks() -> set[str]:
    found = await database.rows("SELECT f.line_name AS name FROM subscriptions s JOIN friends f ON f.id = s.friend_id")
    return {row["name"] for row in found}


@pytest.mark.usefixtures("friends")
async def test_it_lets_only_those_into_a_scenario_whom_its_condition_means(shop: Shop) -> None:
    target = "(最終反応 30日以上前 または タグ:常連) かつ 名前 含む 「田」 かつ シナリオ:B 未経験"
    await shop.press(await shop.ask("■シナリオ B\n▼すぐ\nまずこれ"))
    drafted = await shop.ask(f"■シナリオ A\n対象: {target}\n▼1日後 12:00\nこんにちは")
    told = await shop.ask("シナリオ 確認 A 佐々木")
    assert "「対象:」に当てはまらないため始まりません" in told.text
    assert "当てはまらない" not in (await shop.ask("シナリオ 確認 A 田中")).text
    assert "公開しました" in (await shop.press(drafted)).text
    assert f"対象: {target}" in (await shop.ask("シナリオ 書出 A")).text
    await shop.press(await shop.ask("シナリオ 付ける A 対象: 全員"))
    assert await _walks() == {"田中", "山田"}


@pytest.mark.usefixtures("friends")
async def test_it_means_by_a_merged_tag_the_one_it_was_merged_into(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ A\n対象: タグ:VIP でない\n▼1日後 12:00\nこんにちは"))
    assert "シナリオ「A」" in (await shop.ask("タグ 使用先 VIP")).text
    await shop.press(await shop.ask("タグ 統合 VIP → 常連"))
    assert "シナリオ「A」" in (await shop.ask("タグ 使用先 常連")).text
    await shop.press(await shop.ask("シナリオ 付ける A 対象: 全員"))
    assert await _walks() == set()
    await shop.ask("タグ 外す 常連 佐々木")
    await shop.ask("シナリオ 付ける A 佐々木")
    assert await _walks() == {"佐々木"}


async def test_it_gives_the_dates_of_a_target_their_years(shop: Shop) -> None:
    await shop.ask("■シナリオ A\n対象: 友だち追加 11/1〜11/20\n▼すぐ\nこんにちは")
    year = (await clock.read()).now.astimezone(TOKYO).year
    printed = (await shop.ask("シナリオ 書出 A")).text
    assert f"対象: 友だち追加 {year}-11-01〜{year}-11-20" in printed
    assert "変更なし" in (await shop.ask(printed)).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("スコア>=50", "2行目「対象: スコア>=50」の「スコア>=50」の条件はまだ使えません"),
        ("最終反応 > 30日前", "の「最終反応 >30日前」は2通りに読めます。\n例: 最終反応 30日以上前　最終反応 30日以内"),
        ("岐阜", "の「岐阜」が何の条件か分かりません。\n例: タグ:岐阜　名前 含む 「岐阜」"),
        ("最終反能 7日以内", "もしかして: 対象: 最終反応 7日以内"),
    ],
)
async def test_it_asks_for_one_meaning_in_the_target_of_a_scenario(shop: Shop, typed: str, told: str) -> None:
    answer = await shop.ask(f"■シナリオ A\n対象: {typed}\n▼すぐ\nこんにちは")
    assert told in answer.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0


async def test_it_refuses_in_a_changed_line_what_a_block_is_refused(shop: Shop) -> None:
    await shop.ask("■シナリオ A\n▼すぐ\nこんにちは")
    for line in (
        "シナリオ 変更 A 対象 スコア>=50",
        "シナリオ 追加 A 1通目の後 1日後 12:00 もし スコア>=50\n本文",
        "シナリオ 変更 A 1通目 本文\n本文\n＋画像マップ 春 2x1",
    ):
        assert "まだ使えません" in (await shop.ask(line)).text, line
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1


@pytest.mark.usefixtures("shop")
async def test_it_takes_over_targets_from_before_conditions() -> None:
    old = [[], [{"tag": 3, "has": True}], [{"tag": 3, "has": True}, {"tag": 4, "has": False}], None]
    await database.run(
        "INSERT INTO scenarios (id, name, name_key, state, created_at) VALUES (1, 'a', 'a', 'draft', now())"
    )
    for number, target in enumerate(old, 1):
        await database.run(
            "INSERT INTO scenario_versions (scenario_id, number, source, definition, created_at)"
            " VALUES (1, $1, '', jsonb_build_object('target', $2::jsonb, 'steps', '[]'::jsonb), now())",
            number,
            orjson.dumps(target).decode(),
        )
    await database.run(targets.FORWARD)
    found = await database.rows("SELECT definition -> 'target' AS target FROM scenario_versions ORDER BY number")
    assert [orjson.loads(row["target"]) for row in found] == [
        None,
        {"tag": 3},
        {"all": [{"tag": 3}, {"not": {"tag": 4}}]},
        None,
    ]


@pytest.mark.usefixtures("friends")
@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("タグ:VIP", {"tag": 1}, "タグ:VIP"),
        ("タグ:VIP,常連 でない", {"not": {"tags": [1, 2], "of": "any"}}, "タグ:VIP,常連 でない"),
        ("タグ:VIP+常連", {"tags": [1, 2], "of": "all"}, "タグ:VIP+常連"),
        (
            "(タグ:VIP または ブロック) かつ 最終反応 7日以内",
            {"all": [{"any": [{"tag": 1}, {"blocked": True}]}, {"reacted": {"within": [7, "day"]}}]},
            "(タグ:VIP または ブロック) かつ 最終反応 7日以内",
        ),
        ("友だち追加 今月", {"followed": {"in": "month"}}, "友だち追加 今月"),
        ("最終配信 2週間以上前", {"delivered": {"before": [2, "week"]}}, "最終配信 2週間以上前"),
        (
            "友だち追加 2026-11-01〜2026-11-30",
            {"followed": {"from": "2026-11-01", "to": "2026-11-30"}},
            "友だち追加 2026-11-01〜2026-11-30",
        ),
        ("名前 含む 田", {"name": "田"}, "名前 含む 「田」"),
        ("ランダム 10% かつ 分割 1/3", {"all": [{"sample": 10}, {"split": [1, 3]}]}, "ランダム 10% かつ 分割 1/3"),
        ("全員", {"everyone": True}, "全員"),
    ],
)
async def test_it_keeps_a_condition_and_tells_it_with_todays_names(
    shop: Shop, typed: str, kept: dict[str, object], told: str
) -> None:
    assert await shop.linked(typed) == kept
    assert await segments.told(kept) == told
    await stored.count(kept, stored.Sight(await clock.now(), TOKYO))


@pytest.mark.usefixtures("friends")
async def test_it_dates_a_range_without_a_year(shop: Shop) -> None:
    now = await clock.now()
    await shop.pass_time(days=(now.replace(year=now.year + 1, month=1, day=10) - now).days)
    year = (await clock.now()).year
    kept = await shop.linked("友だち追加 12/20〜1/5")
    assert kept == {"followed": {"from": f"{year - 1}-12-20", "to": f"{year}-01-05"}}


async def test_it_offers_the_sign_between_a_field_and_its_figure(shop: Shop) -> None:
    await shop.ask("項目 作成 来店回数 数値")
    told = await shop.ask("セグメント 作成 よく来る方 来店回数3以上")
    assert "もしかして: 来店回数>=3" in told.text
    made = await shop.ask(told.taps["来店回数>=3"])
    assert "よく来る方" in made.text

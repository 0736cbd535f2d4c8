"""タグ 統合, 複製, フォルダ, 置き換えて削除: friends and uses follow, and all of it can be taken back."""

import orjson

from jobs import facts, operations
from storage import database
from tests.admin_commands.shop import Answer, Shop, befriend, crowd, walks, worn
from tests.jobs import engine


async def tag(name: str) -> int:
    return int(await database.value("SELECT id FROM tags WHERE name = $1 ORDER BY id DESC LIMIT 1", name))


async def worked_off(shop: Shop) -> None:
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def merged(shop: Shop, one: str, other: str) -> Answer:
    return await shop.press(await shop.ask(f"タグ 統合 {one} → {other}"))


async def test_it_gives_the_friends_of_one_tag_the_other(shop: Shop) -> None:
    [tanaka, suzuki, sato] = await befriend("田中", "鈴木", "佐藤")
    await shop.ask("タグ 作成 優良客, VIP")
    await shop.ask("タグ 付ける 優良客 田中, 鈴木")
    await shop.ask("タグ 付ける VIP 鈴木, 佐藤")
    card = await shop.ask("タグ 統合 優良客 → VIP")
    assert "2人に「VIP」が付きます" in card.text
    assert await worn(tanaka) == ["優良客"]
    assert "統合しました" in (await shop.press(card)).text
    assert [await worn(one) for one in (tanaka, suzuki, sato)] == [["VIP"], ["VIP"], ["VIP"]]
    assert "見つかりません" in (await shop.ask("/タグ 表示 優良客")).text
    assert "VIP" in (await shop.ask("タグ 表示 #T1")).text


async def test_it_takes_a_merge_back_and_leaves_who_had_the_other_before(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await shop.ask("タグ 作成 優良客, VIP")
    await shop.ask("タグ 付ける 優良客 田中, 鈴木")
    await shop.ask("タグ 付ける VIP 鈴木")
    await merged(shop, "優良客", "VIP")
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await worn(tanaka) == ["優良客"]
    assert await worn(suzuki) == ["VIP", "優良客"]


async def test_it_lets_rules_that_name_the_one_mean_the_other(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.press(await shop.ask("■シナリオ A\n開始: タグ:優良客 が付いたら\n対象: タグ:休眠 でない\n▼1日後\nやあ"))
    await shop.press(await shop.ask("■シナリオ B\n▼すぐ\nどうぞ\n＋実行 タグ付ける 優良客"))
    await shop.ask("タグ 作成 VIP, 眠り")
    await merged(shop, "優良客", "VIP")
    await merged(shop, "休眠", "眠り")
    assert "シナリオ「A」・シナリオ「B」" in (await shop.ask("タグ 表示 VIP")).text
    assert "開始: タグ:VIP が付いたら" in (await shop.ask("シナリオ 書出 A")).text
    await shop.ask("シナリオ 付ける B 田中")
    assert await worn(tanaka) == ["VIP"]
    assert [walk["scenario_id"] for walk in await walks()] == [2, 1]
    await shop.ask("シナリオ 外す A 田中")
    await shop.ask("タグ 付ける 眠り 田中")
    assert "始まりませんでした" in (await shop.ask("シナリオ 付ける A 田中")).text


async def test_it_lets_a_button_that_customers_hold_put_on_the_other(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("■テンプレ 案内\n▼本文\nどうぞ\n＋ボタン はい → タグ付ける 優良客")
    await shop.ask("タグ 作成 VIP")
    button = await database.value("SELECT id FROM buttons")
    await engine.let_happen(shop.cache, [(tanaka, facts.Pressed(button))])
    assert await worn(tanaka) == ["優良客"]
    await merged(shop, "優良客", "VIP")
    await shop.ask("タグ 外す VIP 田中")
    await engine.let_happen(shop.cache, [(tanaka, facts.Pressed(button))])
    assert await worn(tanaka) == ["VIP"]


async def test_it_follows_a_tag_that_is_merged_twice_and_back(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("タグ 作成 一, 二, 三")
    await shop.ask("タグ 付ける 一 田中")
    await merged(shop, "一", "二")
    await merged(shop, "二", "三")
    assert await worn(tanaka) == ["三"]
    assert "三" in (await shop.ask("タグ 表示 #T1")).text
    await shop.ask("取消")
    assert await worn(tanaka) == ["二"]
    assert "二" in (await shop.ask("タグ 表示 #T1")).text


async def test_it_starts_nothing_by_a_merge(shop: Shop) -> None:
    await befriend("田中")
    await shop.press(await shop.ask("■シナリオ A\n開始: タグ:VIP が付いたら\n▼すぐ\nおめでとう"))
    await shop.ask("タグ 作成 優良客")
    await shop.ask("タグ 付ける 優良客 田中")
    done = await merged(shop, "優良客", "VIP")
    assert done.rows == []
    assert await walks() == []


async def test_it_merges_the_tags_of_thousands_little_by_little(shop: Shop) -> None:
    await shop.ask("タグ 作成 優良客, VIP")
    await crowd(1_100, "優良客")
    assert "順番に" in (await merged(shop, "優良客", "VIP")).text
    [operation] = await database.rows("SELECT total, actions FROM operations")
    assert operation["total"] == 1_100
    assert orjson.loads(operation["actions"]) == [{"do": "tag_on", "tags": [await tag("VIP")], "quietly": True}]
    await worked_off(shop)
    assert "1,100人" in (await shop.ask("タグ 表示 VIP")).text
    await shop.ask("取消")
    await worked_off(shop)
    assert "友だち: 0人" in (await shop.ask("タグ 表示 VIP")).text
    assert "1,100人" in (await shop.ask("タグ 表示 優良客")).text


async def test_it_offers_to_replace_a_tag_in_use_instead_of_deleting_it(shop: Shop) -> None:
    await shop.ask("■テンプレ 案内\n▼本文\nどうぞ\n＋ボタン はい → タグ付ける 優良客")
    await shop.ask("タグ 作成 VIP")
    asked = await shop.ask("タグ 削除 優良客")
    assert "テンプレ「案内」" in asked.text
    assert "テンプレ「案内」" in (await shop.ask(asked.taps["使用先を見る"])).text
    which = await shop.ask(asked.taps["置き換えて削除"])
    assert "どのタグに置き換えますか" in which.text
    assert "統合しました" in (await shop.press(await shop.ask("1"))).text
    assert "タグ付ける VIP" in (await shop.ask("テンプレ 書出 案内")).text


async def test_it_copies_a_tag_with_its_friends(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    assert "同じ1人" in (await shop.ask("タグ 複製 VIP → 特別")).text
    assert await worn(tanaka) == ["VIP", "特別"]
    assert "もうあります" in (await shop.ask("/タグ 複製 VIP → 特別")).text
    await shop.ask("取消")
    assert await worn(tanaka) == ["VIP"]
    assert "VIP のコピー" in (await shop.ask("タグ 複製 VIP")).text


async def test_it_lists_one_folder(shop: Shop) -> None:
    await shop.ask("タグ 作成 興味/カラー, 興味/カット, 大興味/別")
    listed = (await shop.ask("タグ 一覧 興味/")).text
    assert "2件中" in listed
    assert "大興味" not in listed
    assert "3件中" in (await shop.ask("タグ 検索 興味")).text

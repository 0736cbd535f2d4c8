"""シナリオ 試す: step by step as free answers; actions only on a test friend, and taken back exactly."""

from storage import database
from tests.admin_commands import shop as shops
from tests.admin_commands.shop import SATO, YAMADA, Shop

BLOCK = """■シナリオ ようこそ
開始: 友だち追加
▼すぐ
{名前}さん、こんにちは
＋実行 タグ付ける VIP
▼1日後 12:00
2通目です
＋実行 タグ外す VIP → シナリオ開始 お礼
▼3日後 12:00
＋実行 送る テンプレ:料金表"""
OTHERS = "■テンプレ 料金表\n▼本文\nカット 4,400円\n\n■シナリオ お礼\n▼1日後\nありがとうございました"


async def drafted(shop: Shop) -> None:
    await shop.ask(OTHERS)
    await shop.press(await shop.ask("/シナリオ 公開 お礼"))
    await shop.ask(BLOCK)


async def as_tester(shop: Shop) -> int:
    friend: int = await database.value(
        "INSERT INTO friends (line_user_id, line_name, following, created_at) VALUES ($1, '山田太郎', true, now())"
        " RETURNING id",
        YAMADA,
    )
    await shop.ask("/友だち テスト 自分 追加")
    return friend


async def test_it_goes_step_by_step_and_touches_nobody(shop: Shop) -> None:
    await drafted(shop)
    first = await shop.ask("/シナリオ 試す ようこそ")
    assert first.messages[0]["text"] == "山田さん、こんにちは"
    assert "1/3通目・送信数は0です" in first.text
    assert "タグ付ける VIP（動かしていません）" in first.text
    second = await shop.ask(first.taps["次の通へ"])
    assert second.messages[0]["text"] == "2通目です"
    third = await shop.ask(second.taps["次の通へ"])
    assert third.messages[0]["text"] == "カット 4,400円"
    assert "はじめから" in third.taps
    assert first.rows == second.rows == third.rows == []
    assert await database.value("SELECT count(*) FROM friend_tags") == 0
    assert await database.value("SELECT count(*) FROM outbox") == 0


async def test_it_carries_out_actions_on_a_test_friend_only(shop: Shop) -> None:
    await drafted(shop)
    assert "友だち追加して" in (await shop.ask("/シナリオ 試す ようこそ アクションも")).text
    friend = await as_tester(shop)
    await shop.ask("/友だち テスト 自分 解除")
    refused = await shop.ask("/シナリオ 試す ようこそ アクションも")
    assert "テスト友だちだけ" in refused.text
    await shop.ask(refused.taps["自分をテスト友だちにする"])
    first = await shop.ask("/シナリオ 試す ようこそ アクションも")
    assert "アクションを動かしました: タグ付ける VIP" in first.text
    assert await shops.worn(friend) == ["VIP"]
    await shop.ask(first.taps["次の通へ"])
    assert await shops.worn(friend) == []
    assert [walk["state"] for walk in await shops.walks()] == ["active"]


async def test_it_takes_a_trial_back_exactly(shop: Shop) -> None:
    await drafted(shop)
    friend = await as_tester(shop)
    await shop.ask("/タグ 付ける VIP 自分")
    await shop.ask("/シナリオ 試す ようこそ 2通目 アクションも")
    assert await shops.worn(friend) == []
    undone = await shop.ask("/取消")
    assert "取り消しました" in undone.text
    assert await shops.worn(friend) == ["VIP"]
    assert [walk["state"] for walk in await shops.walks()] == ["stopped"]


async def test_it_refuses_what_is_not_there(shop: Shop) -> None:
    await drafted(shop)
    assert "全部で3通" in (await shop.ask("/シナリオ 試す ようこそ 4通目")).text
    assert "意味が分かりません" in (await shop.ask("/シナリオ 試す ようこそ どんどん")).text
    assert "見つかりません" in (await shop.ask("/シナリオ 試す さようなら")).text


async def test_it_says_why_the_tester_would_not_be_let_in(shop: Shop) -> None:
    await shop.ask("■シナリオ 限定\n対象: タグ:VIP\n▼すぐ\nこんにちは")
    await as_tester(shop)
    assert "当てはまらない" in (await shop.ask("/シナリオ 試す 限定")).text


async def test_it_is_not_for_viewers(shop: Shop) -> None:
    await drafted(shop)
    await shop.employ(SATO, "viewer")
    assert "オペレーター以上" in (await shop.ask("/シナリオ 試す ようこそ", SATO)).text

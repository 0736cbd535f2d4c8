"""使用量: what the month has left, and a cap on what is sent of itself."""

import calendar
from datetime import datetime

import orjson
import pytest

from jobs import broadcasts, charts, due, operations
from storage import clock, database, quota
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend, crowd

ZONE = "Asia/Tokyo"


async def test_it_says_when_no_limit_is_known(shop: Shop) -> None:
    assert "まだ読めていない" in (await shop.ask("/使用量 上限 100")).text
    assert "上限: 未確認（または、なし）" in (await shop.ask("/使用量")).text


async def test_it_caps_what_is_sent_of_itself_after_a_press(shop: Shop) -> None:
    await quota.record(ZONE, 5000, 1880)
    asked = await shop.ask("/使用量 上限 4500")
    assert "あと2,620通" in asked.text
    assert (await quota.usage(ZONE)).reserve == 0
    assert "上限: 4,500通" in (await shop.press(asked)).text
    assert (await quota.usage(ZONE)).reserve == 500
    assert "4,500通まで" in (await shop.ask("/使用量")).text
    assert "変更なし" in (await shop.ask("/使用量 上限 4500通")).text
    assert "取り消しました" in (await shop.ask("/取消")).text
    assert (await quota.usage(ZONE)).reserve == 0


async def test_it_lifts_the_cap(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    await shop.press(await shop.ask("/使用量 上限 100"))
    assert "なし" in (await shop.press(await shop.ask("/使用量 上限 なし"))).text
    assert (await quota.usage(ZONE)).reserve == 0


async def test_it_refuses_what_is_no_number_or_too_much(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    for wrong in ("201", "たくさん", "99999999999999999999", "-5"):
        assert "200 までの数" in (await shop.ask(f"/使用量 上限 {wrong}")).text
    assert "200通" in (await shop.ask("/使用量 上限")).text


async def test_it_leaves_a_cap_that_was_changed_since(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    await shop.press(await shop.ask("/使用量 上限 100"))
    await quota.keep(ZONE, 7)
    assert "取り消せません" in (await shop.ask("/取消")).text
    assert (await quota.usage(ZONE)).reserve == 7


async def test_it_is_the_owners_to_decide(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    assert "オーナー" in (await shop.ask("/使用量 上限 100", SATO)).text


async def test_it_counts_what_actions_are_to_send_this_month(shop: Shop) -> None:
    await befriend("田中")
    await quota.record(ZONE, 200, 199)
    await shop.ask("■アクション 後で\n・送る 「一」 15分後\n・タグ付ける 済 15分後\n・送る 「二」 20分後")
    await shop.press(await shop.ask("/アクション 実行 後で 田中"))
    told = (await shop.ask("/使用量")).text
    assert "時間を指定した動作: 2通\n月末の見込み: 201通" in told
    assert "⚠ 今月分が1通足りなくなる見込みです。" in told
    await shop.ask("/取消")
    assert "見込み" not in (await shop.ask("/使用量")).text


async def the_tenth() -> datetime:
    """Noon of the tenth of the coming month."""
    now = (await clock.now()).astimezone(TOKYO)
    there = datetime(now.year + now.month // 12, now.month % 12 + 1, 10, 12, tzinfo=TOKYO)
    await clock.move(there)
    return there


STEPS = """■シナリオ ご案内
▼1日後 12:00
一通目
▼前の通から2日後 12:00
二通目
▼5日後 12:00
＋実行 タグ付ける 済 → 送る 「追伸」
▼6日後 12:00 もし タグ:VIP
会員の方へ
▼6日後 12:00 そうでなければ
みなさまへ
▼60日後 12:00
来月以降"""


async def test_it_foresees_every_step_until_the_month_ends(shop: Shop) -> None:
    await the_tenth()
    await befriend("田中", "花子")
    await quota.record(ZONE, 200, 100)
    await shop.press(await shop.ask(STEPS))
    for name in ("田中", "花子"):
        await shop.ask(f"シナリオ 付ける ご案内 {name}")
    told = (await shop.ask("/使用量")).text
    assert "シナリオの予定: 8通\n月末の見込み: 108通" in told
    assert "足りなくなる" not in told
    for _ in range(10):
        await shop.pass_time(days=1)
        while (await due.run_set(shop.cache)).friends:
            pass
    assert "送信待ち: 8通\n月末の見込み: 108通" in (await shop.ask("/使用量")).text


async def test_a_broadcast_is_foreseen_once_wherever_it_stands(shop: Shop) -> None:
    day = await the_tenth()
    await crowd(30)
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 18:00\n▼本文\nx")
    await quota.record(ZONE, 200, 90)
    await shop.ask("配信 予約 年末")
    await shop.ask("30")
    assert "配信の予定: 30通\n月末の見込み: 120通" in (await shop.ask("/使用量")).text
    assert "見込み: 今月はほかに" not in (await shop.ask("配信 確認 年末")).text
    await shop.ask(f"■配信 二つ目\n対象: 全員\n日時: {day.year}-{day.month}-20 18:00\n▼本文\nx")
    assert "見込み: 今月はほかに30通の予定があります" in (await shop.ask("配信 確認 二つ目")).text
    await shop.pass_time(days=1, hours=6.5)
    assert await broadcasts.begin_due(shop.cache)
    assert "配信の予定: 30通\n月末の見込み: 120通" in (await shop.ask("/使用量")).text
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert "送信待ち: 30通\n月末の見込み: 120通" in (await shop.ask("/使用量")).text


async def test_a_repeated_broadcast_is_foreseen_as_often_as_it_is_sent(shop: Shop) -> None:
    day = await the_tenth()
    await crowd(30)
    await quota.record(ZONE, 5000, 0)
    await shop.ask("■配信 朝\n対象: 全員\n日時: 毎日 9:30\n▼本文\nおはようございます")
    await shop.ask("配信 予約 朝")
    await shop.ask("30")
    sent = 30 * (calendar.monthrange(day.year, day.month)[1] - 10)
    assert f"配信の予定: {sent:,}通" in (await shop.ask("/使用量")).text
    await shop.pass_time(hours=22)
    assert await broadcasts.begin_due(shop.cache)
    assert f"配信の予定: {sent:,}通" in (await shop.ask("/使用量")).text


async def test_it_draws_what_the_month_comes_to_beside_what_it_allows(shop: Shop) -> None:
    await the_tenth()
    await crowd(30)
    await quota.record(ZONE, 200, 150)
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 18:00\n▼本文\nx")
    await shop.ask("配信 予約 年末")
    await shop.ask("30")
    await quota.keep(ZONE, 40)
    told = await shop.ask("/使用量")
    assert "自動の送信の上限を20通超える見込みです" in told.text
    assert told.messages[0]["type"] == "image"
    drawn = charts.from_json(orjson.loads(await database.value("SELECT drawn FROM charts")))
    assert isinstance(drawn, charts.Funnel)
    assert drawn.below == "自動の送信の上限を20通超える見込みです。"
    assert [(row.label, row.number) for row in drawn.rows] == [
        ("使用", "150通"),
        ("配信の予定", "30通"),
        ("月末の見込み", "180通"),
    ]
    assert [row.share for row in drawn.rows] == pytest.approx([0.75, 0.15, 0.9])

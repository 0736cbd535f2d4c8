"""シナリオ 結果: what became of each step, in numbers, in words and as a picture."""

import orjson
import pytest

from admin_commands.scenarios import results
from jobs import charts, configuration, due, facts
from storage import database
from tests.admin_commands.shop import TOKYO, Shop, befriend
from tests.jobs import engine

BLOCK = """■シナリオ ようこそ
▼すぐ
はじめまして
＋ボタン 見る → タグ付ける 閲覧
▼1日後 12:00 もし タグ:会員
会員の方へ
▼1日後 12:00 そうでなければ
みなさまへ
▼2日後 12:00
＋実行 タグ付ける 完了
▼3日後 12:00
おわり"""


async def walked(shop: Shop) -> None:
    people = await befriend("田中", "佐藤", "鈴木", "高橋")
    await shop.press(await shop.ask(BLOCK))
    await shop.ask("タグ 付ける 会員 田中")
    for name in ("田中", "佐藤", "鈴木", "高橋"):
        await shop.ask(f"シナリオ 付ける ようこそ {name}")
    button: int = await database.value("SELECT max(id) FROM buttons")
    await engine.let_happen(shop.cache, [(people[0], facts.Pressed(button)), (people[1], facts.Pressed(button))])
    await engine.let_happen(shop.cache, [(people[0], facts.Pressed(button))])
    await database.run("UPDATE friends SET blocked_us = true WHERE id = $1", people[3])
    await shop.pass_time(days=2.5)
    while (await due.run_set(shop.cache)).friends:
        pass
    await database.run("UPDATE outbox SET state = 'accepted' WHERE class = 'promotion'")


async def test_it_counts_what_became_of_each_step(shop: Shop) -> None:
    await walked(shop)
    told = (await shop.ask("シナリオ 結果 ようこそ")).text
    assert "通数: 今月0通・これまで0通（返信の分は除く）" in told
    assert "① すぐ「はじめまして［見る］」 4人 100%（送った 4・ボタン 2）" in told
    assert "② 1日後 12:00「会員の方へ」 1人 25%（送った 1・対象外 3）" in told
    assert "③ 1日後 12:00「みなさまへ」 3人 75%（送った 2・送れず 1・対象外 1）" in told
    assert "④ 2日後 12:00（送信なし） 4人 100%（動作だけ 4）" in told
    assert "⑤ 3日後 12:00「おわり」 0人 0%" in told


async def test_it_draws_the_same_where_phones_can_fetch_it(shop: Shop) -> None:
    await walked(shop)
    answer = await shop.ask("シナリオ 結果 ようこそ")
    [picture] = [one for one in answer.messages if one["type"] == "image"]
    public_id = picture["originalContentUrl"].rpartition("/")[2]
    drawn = charts.from_json(
        orjson.loads(await database.value("SELECT drawn FROM charts WHERE public_id = $1", public_id))
    )
    assert isinstance(drawn, charts.Funnel)
    assert [row.share for row in drawn.rows] == [1.0, 0.25, 0.75, 1.0, 0.0]
    shop.cache = configuration.Cache(TOKYO, public=False)
    assert [one["type"] for one in (await shop.ask("シナリオ 結果 ようこそ")).messages] == ["flex"]


async def test_it_says_so_where_only_the_newest_are_counted_and_shows_all_steps(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await walked(shop)
    monkeypatch.setattr(results, "MOST_WALKS", 2)
    monkeypatch.setattr(results, "MOST_STEPS", 3)
    first = await shop.ask("シナリオ 結果 ようこそ")
    assert "各通は、新しい2回で数えています" in first.text
    assert "③ 1日後 12:00「みなさまへ」 2人 100%" in first.text
    assert "… ほか2通" in first.text
    rest = (await shop.ask(first.taps["4通目から"])).text
    assert "④ 2日後 12:00（送信なし） 2人 100%" in rest
    assert "⑤" in rest
    assert "①" not in rest
    assert "全部で5通です" in (await shop.ask("シナリオ 結果 ようこそ 9通目から")).text

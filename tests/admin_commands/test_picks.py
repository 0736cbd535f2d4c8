"""＋日付 ＋日時 ＋動画 → ＋位置: written by staff, sent as LINE takes them, and what follows from an answer."""

from datetime import timedelta

import pytest
from orjson import loads

from admin_commands import grammar
from admin_commands.grammar.readings import Paste
from jobs import configuration, facts
from storage import clock, database
from tests.admin_commands.shop import TOKYO, Shop, befriend, worn
from tests.jobs import engine

PICKS = """\
■テンプレ ご予定
▼本文
いつがよろしいですか？
＋日付 日を選ぶ 期間:今日〜30日後 → 項目:希望日 → タグ付ける 希望あり
＋日時 時間も選ぶ → 項目:来店予定
▼本文
＋位置 本店|岐阜市神田町1-2|35.4233,136.7607
＋動画 https://example.com/a.mp4 https://example.com/a.jpg → タグ付ける 視聴済"""


async def pressed(friend: int, label: str, what: type[facts.Pressed | facts.VideoCompleted], *more: str) -> list[str]:
    """What the friend is sent for it."""
    before = await database.value("SELECT coalesce(max(id), 0) FROM outbox")
    button = await database.value("SELECT id FROM buttons WHERE label = $1 ORDER BY id DESC LIMIT 1", label)
    await engine.let_happen(configuration.Cache(TOKYO), [(friend, what(button, *more))])
    found = await database.rows("SELECT body FROM outbox WHERE id > $1 ORDER BY id", before)
    return [loads(row["body"])[0]["text"] for row in found]


async def noted() -> dict[str, str]:
    found = await database.rows("SELECT k.name, v.text FROM field_values v JOIN fields k ON k.id = v.field_id")
    return {row["name"]: row["text"] for row in found}


async def test_it_sends_pickers_films_and_places_as_line_takes_them(shop: Shop) -> None:
    await shop.ask("項目 作成 希望日 日付")
    await shop.ask("項目 作成 来店予定 日時")
    told = await shop.ask(PICKS)
    assert "❌" not in told.text
    said = loads(await database.value("SELECT messages FROM templates"))
    day, moment = said[0]["template"]["actions"]
    assert (day["type"], day["mode"], day["label"]) == ("datetimepicker", "date", "日を選ぶ")
    assert (moment["type"], moment["mode"]) == ("datetimepicker", "datetime")
    assert (said[1]["type"], said[1]["latitude"], said[1]["longitude"]) == ("location", 35.4233, 136.7607)
    film = await database.value("SELECT id FROM buttons WHERE label = '動画'")
    assert (said[2]["type"], said[2]["trackingId"]) == ("video", f"b={film}")
    shown = (await shop.ask("テンプレ 確認 ご予定")).messages
    assert [one for one in shown if "trackingId" in one] == [], "LINE takes it towards friends only"
    printed = (await shop.ask("テンプレ 書出 ご予定")).text
    assert printed.replace("版: 1\n", "") == PICKS


async def test_it_notes_what_was_picked_within_the_days_that_may_be(shop: Shop) -> None:
    [hanako] = await befriend("田中 花子")
    await shop.ask("項目 作成 希望日 日付")
    await shop.ask("項目 作成 来店予定 日時")
    await shop.ask(PICKS)
    today = (await clock.now()).astimezone(TOKYO).date()
    outside = today + timedelta(days=31)
    [told] = await pressed(hanako, "日を選ぶ", facts.Pressed, outside.isoformat())
    assert "もう一度お選びください" in told
    assert (await noted(), await worn(hanako)) == ({}, [])
    assert await pressed(hanako, "日を選ぶ", facts.Pressed, today.isoformat()) == []
    assert (await noted(), await worn(hanako)) == ({"希望日": today.isoformat()}, ["希望あり"])
    [told] = await pressed(hanako, "時間も選ぶ", facts.Pressed, "2026-12-24T18:30")
    assert told == "2026年12月24日(木) 18:30で承りました。"
    assert (await noted())["来店予定"] == "2026-12-24T09:30:00+00:00"
    for odd in ("2026-12-24", "よる", "9999-99-99T00:00"):
        [told] = await pressed(hanako, "時間も選ぶ", facts.Pressed, odd)
        assert "読み取れませんでした" in told
    assert await pressed(hanako, "動画", facts.VideoCompleted) == []
    assert await worn(hanako) == ["希望あり", "視聴済"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("＋日付 選ぶ", "項目がありません"),
        ("＋日付 選ぶ → 項目:年齢", "日付の項目ではありません"),
        ("＋日付 選ぶ → 項目:どこにもない", "見つかりません"),
        ("＋日付 選ぶ 期間:いつでも → 項目:希望日", "期間が読めません"),
        ("＋日付 選ぶ 期間:2026-12-31〜2026-12-01 → 項目:希望日", "終わりの日より前に"),
        ("＋位置 本店|岐阜市神田町1-2", "緯度と経度"),
        ("＋位置 本店|岐阜市|135.1,136.7", "緯度は"),
        ("＋クーポン 春", "「春」が見つかりません"),
        ("＋画像マップ 春 2x1", "はまだ使えません"),
    ],
)
async def test_it_says_what_is_wrong_and_keeps_nothing(shop: Shop, line: str, told: str) -> None:
    await shop.ask("項目 作成 希望日 日付")
    await shop.ask("項目 作成 年齢 数値")
    assert told in (await shop.ask(f"■テンプレ ご予定\n▼本文\nいつがよいですか？\n{line}")).text
    assert await database.value("SELECT count(*) FROM templates") == 0


@pytest.mark.parametrize(
    "line",
    [
        "＋日付 「期間」 期間:2026-12-01〜 → 項目:希望日",
        "＋日時 選ぶ 期間:〜明日 → 項目:「ご 希望」 → 送る 「はい」",
        "＋日付 選ぶ 期間:3日前〜10日後 → 項目:希望日",
        "＋動画 紹介 → タグ付ける 視聴済 → 送る 「最後まで」",
        "＋動画 「紹介 →」 → タグ付ける 視聴済",
    ],
)
def test_it_prints_what_it_has_read(line: str) -> None:
    block = f"■テンプレ a\n▼本文\nどうぞ\n{line}"
    reading = grammar.read(block)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    assert grammar.print_block(reading.definitions[0]) == block

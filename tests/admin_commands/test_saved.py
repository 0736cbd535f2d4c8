"""セグメント: conditions under a name, meant wherever they are used, and whatever they say today."""

from datetime import timedelta

import orjson
import pytest

from admin_commands import segments
from jobs import charts
from storage import clock, database
from storage import segments as stored
from storage.segments import saved
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend, walks


@pytest.fixture
async def friends(shop: Shop) -> list[int]:
    """田中 (VIP), 山田 (VIP, 常連), 佐々木 (常連)."""
    people = await befriend("田中", "山田", "佐々木")
    await shop.ask("タグ 作成 VIP, 常連")
    await shop.ask("タグ 付ける VIP #F1, #F2")
    await shop.ask("タグ 付ける 常連 #F2, #F3")
    return people


@pytest.mark.usefixtures("friends")
async def test_it_saves_a_condition_told_line_by_line(shop: Shop) -> None:
    told = await shop.ask("セグメント 作成 本命 タグ:VIP かつ タグ:常連 でない")
    assert told.text.split("\n")[:5] == [
        "✅ セグメント「本命」#G1 を作りました",
        "👥 対象: 1人",
        "・タグ「VIP」あり 2人",
        "・かつ タグ「常連」なし 1人",
        "使い方: 条件の中に @本命",
    ]
    assert "本命 #G1 … 1人" in (await shop.ask("セグメント")).text
    assert "・かつ タグ「常連」なし 1人" in (await shop.ask("セグメント 表示 本命")).text
    assert "・かつ タグ「常連」なし 1人" in (await shop.ask("セグメント 確認 本命")).text
    found = await shop.ask("友だち 検索 @本命")
    assert "・セグメント「本命」 1人" in found.text
    assert "1. 田中 #F1" in found.text


@pytest.mark.usefixtures("friends")
async def test_it_checks_a_condition_that_is_not_saved(shop: Shop) -> None:
    told = await shop.ask("セグメント 確認 タグ:VIP かつ 常連")
    assert "👥 対象: 1人" in told.text
    assert told.taps["名前を付けて保存"] == "セグメント 作成 （名前） 対象: タグ:VIP かつ タグ:常連"
    assert "まだありません" in (await shop.ask("セグメント 一覧")).text


@pytest.mark.usefixtures("friends")
async def test_it_takes_a_lone_word_for_a_condition(shop: Shop) -> None:
    assert "・タグ「VIP」あり 2人" in (await shop.ask("セグメント 作成 大切 VIP")).text
    assert "・名前に「田」を含む 2人" in (await shop.ask("セグメント 作成 田の人 田")).text


@pytest.mark.usefixtures("friends")
async def test_it_means_what_the_segment_says_today_wherever_it_stands(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    await shop.press(await shop.ask("■シナリオ A\n対象: @大切\n▼1日後 12:00\nこんにちは"))
    assert "対象: @大切" in (await shop.ask("シナリオ 書出 A")).text
    assert "シナリオ「A」" in (await shop.ask("セグメント 使用先 大切")).text
    card = await shop.ask("セグメント 変更 大切 タグ:常連 かつ タグ:VIP でない")
    assert "今: タグ:VIP（2人）" in card.text
    assert "シナリオ「A」（すぐに効きます）" in card.text
    assert "変えました" in (await shop.press(card)).text
    await shop.press(await shop.ask("シナリオ 付ける A 対象: 全員"))
    assert [walk["friend_id"] for walk in await walks()] == [3]
    await shop.ask("取消")
    await shop.ask("取消")
    assert "👥 対象: 2人" in (await shop.ask("セグメント 表示 大切")).text


@pytest.mark.usefixtures("friends")
async def test_it_means_by_a_segment_in_the_same_message_what_it_says_there(shop: Shop) -> None:
    told = await shop.ask(
        "セグメント 作成 大切 タグ:VIP\nセグメント 作成 内側 対象: @大切 かつ タグ:常連\n友だち 検索 対象: @内側"
    )
    assert "1. 山田 #F2" in told.text
    await shop.ask("セグメント 改名 大切 → 上得意")
    assert "・セグメント「上得意」 2人" in (await shop.ask("セグメント 表示 内側")).text


@pytest.mark.usefixtures("friends")
async def test_it_keeps_no_segment_inside_itself(shop: Shop) -> None:
    await shop.ask("セグメント 作成 A タグ:VIP")
    await shop.ask("セグメント 作成 B @A かつ タグ:常連")
    await shop.ask("セグメント 作成 C @B または タグ:VIP")
    told = await shop.ask("セグメント 変更 A 対象: @C でない")
    assert "「A」 → 「C」 → 「B」 → 「A」" in told.text
    assert "「A」 → 「A」" in (await shop.ask("セグメント 変更 A 対象: @A")).text
    assert "👥 対象: 2人" in (await shop.ask("セグメント 表示 A")).text


@pytest.mark.usefixtures("friends")
async def test_it_keeps_none_that_would_be_without_end(shop: Shop) -> None:
    await shop.ask(f"セグメント 作成 S0 対象: {' かつ '.join(['タグ:VIP'] * 40)}")
    await shop.ask(f"セグメント 作成 S1 対象: {' または '.join(['@S0'] * 5)}")
    assert "大きすぎます" in (await shop.ask(f"セグメント 作成 S2 対象: {' または '.join(['@S1'] * 5)}")).text
    await shop.ask("セグメント 作成 D0 タグ:VIP")
    for depth in range(8):
        assert "作りました" in (await shop.ask(f"セグメント 作成 D{depth + 1} 対象: @D{depth} かつ 全員")).text
    assert "8段まで" in (await shop.ask("セグメント 作成 D9 対象: @D8 かつ 全員")).text


@pytest.mark.usefixtures("friends")
async def test_it_deletes_none_that_is_used_and_gives_others_back(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    await shop.ask("セグメント 作成 内側 @大切 かつ タグ:常連")
    refused = await shop.ask("セグメント 削除 大切")
    assert "使われているため、削除できません" in refused.text
    assert "セグメント「内側」" in refused.text
    await shop.press(await shop.ask("セグメント 削除 内側"))
    await shop.press(await shop.ask("セグメント 削除 大切"))
    assert "セグメント「大切」は見つかりません" in (await shop.ask("/友だち 検索 対象: @大切")).text
    assert "大切" in (await shop.ask("下書き ごみ箱")).text
    assert "元に戻しました" in (await shop.ask("セグメント 元に戻す 大切")).text
    assert "👥 対象: 2人" in (await shop.ask("セグメント 表示 大切")).text


@pytest.mark.usefixtures("friends")
async def test_it_finds_nobody_by_a_segment_that_is_gone(shop: Shop) -> None:
    """Whoever is left with such a number, by an undo or an old backup, means nobody and never everybody."""
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    sight = stored.Sight(await clock.now(), TOKYO)
    for condition in ({"saved": 1}, {"not": {"saved": 1}}, {"any": [{"saved": 9}, {"not": {"saved": 9}}]}):
        assert await stored.ids(condition, sight) == []
        assert (await stored.survey([{"everyone": True}, condition], sight)).stages == [3, 0]
        assert await stored.fitting(condition, [1, 2, 3], sight) == set()
    meaning = stored.Meaning(segments={1: {"saved": 2}, 2: {"not": {"saved": 1}}})
    assert await stored.ids({"saved": 1}, stored.Sight(sight.now, TOKYO, None, meaning)) == []
    assert await segments.told({"saved": 9}) == "@#G9"


@pytest.mark.usefixtures("friends")
async def test_it_leaves_out_the_hidden_unless_what_is_inside_names_them(shop: Shop) -> None:
    await shop.ask("友だち 非表示 佐々木")
    await shop.ask("セグメント 作成 みんな 全員")
    await shop.ask("セグメント 作成 隠した人 非表示")
    assert "みんな #G1 … 2人" in (await shop.ask("セグメント")).text
    assert "佐々木" in (await shop.ask("友だち 検索 対象: @隠した人")).text


@pytest.mark.usefixtures("friends")
async def test_it_prints_what_puts_it_down_again(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP かつ 友だち追加 7日以内")
    printed = (await shop.ask("セグメント 書出 大切")).text
    assert printed == "セグメント 定義 大切 対象: タグ:VIP かつ 友だち追加 7日以内"
    assert "変更なし" in (await shop.ask(printed)).text
    assert "を作りました" in (await shop.ask(printed.replace("大切", "大切2"))).text
    assert "もうあります" in (await shop.ask("セグメント 作成 大切 タグ:常連")).text
    changed = await shop.ask("セグメント 定義 大切 対象: タグ:常連")
    assert "の条件を変えました" in changed.text
    assert "👥 対象: 2人" in (await shop.ask("セグメント 複製 大切 → 大切3\nセグメント 表示 大切3")).text


@pytest.mark.usefixtures("friends")
async def test_it_keeps_a_scope_that_is_a_segment(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    await shop.press(await shop.ask("スタッフ 変更 佐藤 オペレーター 範囲=@大切"))
    seen = (await shop.ask("友だち 一覧", SATO)).text
    assert "山田" in seen
    assert "佐々木" not in seen
    assert "スタッフ「佐藤」" in (await shop.ask("セグメント 使用先 大切")).text
    await shop.ask("セグメント 作成 常連さん タグ:常連")
    assert "常連さん #G2 … 1人" in (await shop.ask("セグメント", SATO)).text


@pytest.mark.usefixtures("friends")
async def test_it_goes_back_to_what_a_segment_has_said(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    assert "変えました（版2）" in (await shop.ask("セグメント 変更 大切 タグ:常連 かつ タグ:VIP")).text
    listed = (await shop.ask("セグメント 版 大切")).text
    assert "・今の内容「タグ:常連 かつ タグ:VIP」" in listed
    assert "「タグ:VIP」" in listed
    assert "👥 対象: 1人 → 2人" in (await shop.ask("セグメント 元に戻す 大切 版1")).text
    assert "変更なし" in (await shop.ask("セグメント 元に戻す 大切 版1")).text
    await shop.ask("取消")
    assert "・今の内容「タグ:常連 かつ タグ:VIP」" in (await shop.ask("セグメント 版 大切")).text
    assert "版9はありません" in (await shop.ask("セグメント 元に戻す 大切 版9")).text
    await shop.ask("セグメント 元に戻す 大切 版3")
    await database.run("UPDATE tags SET deleted_at = now() WHERE name = '常連'")
    assert "もうないため戻せません" in (await shop.ask("セグメント 元に戻す 大切 版2")).text
    assert "👥 対象: 2人" in (await shop.ask("セグメント 表示 大切")).text


@pytest.mark.usefixtures("friends")
async def test_it_tells_since_when_another_condition_is_counted(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    await shop.ask("セグメント 変更 大切 タグ:常連 かつ タグ:VIP")
    assert "に条件を変更（版2）" in (await shop.ask("セグメント 推移 大切")).text


@pytest.mark.usefixtures("friends")
async def test_it_shows_how_a_segment_has_grown(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    sight = stored.Sight(await clock.now(), TOKYO)
    today = sight.now.astimezone(TOKYO).date()
    assert await saved.count_some(sight, today - timedelta(days=1)) == 1
    assert await saved.count_some(sight, today - timedelta(days=1)) == 0
    await shop.ask("タグ 付ける VIP 佐々木")
    told = (await shop.ask("セグメント 推移 大切")).text
    yesterday = today - timedelta(days=1)
    assert f"{yesterday.month}/{yesterday.day}(" in told
    assert ": 2人" in told
    assert ": 3人" in told
    assert "+1人" in told
    drawn = charts.from_json(orjson.loads(await database.value("SELECT drawn FROM charts")))
    assert isinstance(drawn, charts.Line)
    assert [(point.day, point.number) for point in drawn.points] == [
        (yesterday.toordinal(), 2),
        (today.toordinal(), 3),
    ]
    assert await database.value("SELECT count(*) FROM segment_counts") == 1

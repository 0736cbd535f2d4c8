"""シナリオ 変更, 追加, 削除 of one step, 結果: one line changes one thing, and what is live asks for whom."""

import pytest

from admin_commands.grammar import Context, canonical, read
from admin_commands.grammar.readings import Batch
from jobs import due
from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

BLOCK = """■シナリオ 歓迎
開始: タグ:VIP が付いたら
▼すぐ
一つ目
▼1日後 12:00
二つ目
＋ボタン 見る → タグ付ける 閲覧
▼3日後
三つ目"""


async def printed(shop: Shop) -> str:
    return (await shop.ask("/シナリオ 書出 歓迎")).text


async def test_it_changes_the_time_of_one_step(shop: Shop) -> None:
    await shop.ask(BLOCK)
    told = await shop.ask("シナリオ 変更 歓迎 2通目 時刻 13:00")
    assert "下書き（版2）" in told.text
    assert "▼1日後 13:00\n二つ目" in await printed(shop)
    await shop.ask("シナリオ 変更 歓迎 3通目 時刻 ９時")
    assert "▼3日後 9:00\n三つ目" in await printed(shop)
    await shop.ask("シナリオ 変更 歓迎 1通目 時刻 前の通から2時間後")
    assert "▼前の通から2時間後\n一つ目" in await printed(shop)
    await shop.ask("/取消")
    assert "▼すぐ\n一つ目" in await printed(shop)


async def test_it_says_what_is_wrong_with_a_change_and_keeps_all_as_it_is(shop: Shop) -> None:
    await shop.ask(BLOCK)
    for line, wrong in (
        ("1通目 時刻 13:00", "日から書いてください"),
        ("2通目 時刻 いつか", "時間が読めません"),
        ("9通目 時刻 13:00", "全部で3通"),
        ("2通目 色 赤", "時刻・本文"),
        ("何か 時刻 13:00", "何通目か"),
        ("配信可能 いつか", "配信可能"),
    ):
        assert wrong in (await shop.ask(f"/シナリオ 変更 歓迎 {line}")).text, line
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1


async def test_it_changes_the_text_below_the_command_and_leaves_the_buttons(shop: Shop) -> None:
    await shop.ask(BLOCK)
    await shop.ask("シナリオ 変更 歓迎 2通目 本文\n新しい本文①\n\nタグ 作成 これも本文")
    assert "▼1日後 12:00\n新しい本文①\n\nタグ 作成 これも本文\n＋ボタン 見る" in await printed(shop)
    assert await database.value("SELECT count(*) FROM tags WHERE name = 'これも本文'") == 0
    await shop.ask("シナリオ 変更 歓迎 2通目 本文\n別の\n＋ボタン 開く → https://example.com")
    now = await printed(shop)
    assert "別の\n＋ボタン 開く" in now
    assert "見る" not in now
    assert "▼と■は使えません" in (await shop.ask("シナリオ 変更 歓迎 2通目 本文\n▼すぐ\nだめ")).text


async def test_it_takes_the_next_words_of_the_same_person_for_the_text(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(BLOCK)
    asked = await shop.ask("シナリオ 変更 歓迎 2通目 本文")
    assert "今の本文:\n二つ目" in asked.text
    assert await shop.say("こんにちは", SATO) is None
    assert "下書き（版2）" in (await shop.ask("書き直しました\nよろしく")).text
    assert "書き直しました\nよろしく\n＋ボタン" in await printed(shop)
    assert await shop.say("ありがとう") is None


async def test_it_waits_for_a_text_ten_minutes_and_can_be_called_off(shop: Shop) -> None:
    await shop.ask(BLOCK)
    await shop.ask("シナリオ 変更 歓迎 2通目 本文")
    assert "やめました" in (await shop.ask("やめる")).text
    assert await shop.say("何か") is None
    await shop.ask("シナリオ 変更 歓迎 2通目 本文")
    await shop.pass_time(minutes=11)
    assert await shop.say("何か") is None
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1


async def test_it_changes_the_head_and_the_name(shop: Shop) -> None:
    await shop.ask(BLOCK)
    await shop.ask("シナリオ 変更 歓迎 配信可能 9:00〜20:00")
    await shop.ask("/シナリオ 変更 歓迎 再開始 する")
    await shop.ask("シナリオ 変更 歓迎 対象 タグ:休眠 でない")
    await shop.ask("シナリオ 変更 歓迎 開始 なし")
    now = await printed(shop)
    assert "配信可能: 9:00〜20:00" in now
    assert "再開始: する" in now
    assert "対象: タグ:休眠 でない" in now
    assert "開始: タグ" not in now
    await shop.ask("シナリオ 変更 歓迎 配信可能 なし")
    assert "配信可能" not in await printed(shop)
    assert "改名しました" in (await shop.ask("シナリオ 変更 歓迎 名前 「はじめての 方へ」")).text


async def test_it_adds_a_step_and_takes_one_out(shop: Shop) -> None:
    await shop.ask(BLOCK)
    await shop.ask("シナリオ 追加 歓迎 1通目の後 2時間後\n間の一つ\n＋実行 タグ付ける 途中")
    assert "一つ目\n▼2時間後\n間の一つ\n＋実行 タグ付ける 途中\n▼1日後" in await printed(shop)
    assert "2行目から" in (await shop.ask("シナリオ 追加 歓迎 1通目の後 2時間後")).text
    assert "質問に答えて" in str((await shop.ask("/シナリオ 作成 歓迎")).taps)
    await shop.ask("シナリオ 削除 歓迎 3通目")
    assert "二つ目" not in await printed(shop)
    await shop.ask("シナリオ 削除 歓迎 3通目")
    await shop.ask("シナリオ 削除 歓迎 2通目")
    assert "1通だけ" in (await shop.ask("/シナリオ 削除 歓迎 1通目")).text


async def test_it_asks_for_whom_when_what_it_changes_is_live(shop: Shop) -> None:
    await befriend("田中")
    await shop.press(await shop.ask(BLOCK))
    await shop.ask("シナリオ 付ける 歓迎 田中")
    card = await shop.ask("シナリオ 変更 歓迎 2通目 時刻 13:00")
    assert "変更: ②時間" in card.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 1
    assert "版2に移しました" in (await shop.press(card, way="all")).text
    due_at = await database.value("SELECT to_char(due_at AT TIME ZONE 'Asia/Tokyo', 'HH24:MI') FROM subscriptions")
    assert due_at == "13:00"


async def test_it_counts_who_began_who_waits_and_who_came_to_the_end(shop: Shop) -> None:
    await befriend("田中", "鈴木", "佐藤")
    await shop.press(await shop.ask("■シナリオ 歓迎\n▼すぐ\n一\n▼1時間後\n二"))
    assert "まだだれも" in (await shop.ask("シナリオ 結果 歓迎")).text
    await shop.ask("シナリオ 付ける 歓迎 田中")
    await shop.pass_time(hours=1)
    while (await due.run_set(shop.cache)).friends:
        pass
    await shop.ask("/シナリオ 付ける 歓迎 鈴木")
    await shop.ask("シナリオ 付ける 歓迎 佐藤")
    await shop.ask("シナリオ 外す 歓迎 佐藤")
    told = (await shop.ask("シナリオ 結果 歓迎")).text
    for line in (
        "始めた回数: 3回",
        "途中: 1人",
        "②待ち: 1人",
        "最後まで届いた: 1人（33%）",
        "途中で外れた: 1人（33%）",
    ):
        assert line in told, line


async def test_it_tells_what_is_wrong_by_the_lines_as_they_were_typed(shop: Shop) -> None:
    await shop.ask(BLOCK)
    before = await printed(shop)
    told = await shop.ask("シナリオ 変更 歓迎 2通目 本文\n見てください\n＋画像 ない")
    assert "❌ 3行目「＋画像 ない」のメディア" in told.text
    told = await shop.ask("シナリオ 変更 歓迎 2通目 本文\n＋ボタン 押す → 送る テンプレ:ない")
    assert "❌ 2行目「＋ボタン 押す → 送る テンプレ:ない」の" in told.text
    told = await shop.ask("シナリオ 追加 歓迎 1通目の後 2時間後\n見てください\n＋音声 ない")
    assert "❌ 3行目「＋音声 ない」のメディア" in told.text
    assert await printed(shop) == before


@pytest.mark.parametrize("line", ["シナリオ 変更 歓迎 2通目 本文", "シナリオ 追加 歓迎 1通目の後 2時間後"])
def test_it_prints_a_command_with_its_text_as_it_reads(line: str) -> None:
    for text in ("", "\n本文です\n\nタグ 作成 VIP"):
        reading = read(f"/{line}{text}", Context())
        assert isinstance(reading, Batch)
        [said] = reading.commands
        assert said.text == (text.removeprefix("\n") or None)
        again = read(f"/{canonical(said)}", Context())
        assert isinstance(again, Batch)
        assert again.commands == (said,)

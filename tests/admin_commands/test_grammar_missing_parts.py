"""Blocks that lack a ▼ or a ・ come back once, with the lines that would do."""

import pytest

from admin_commands import grammar
from admin_commands.grammar.readings import Batch, Paste
from admin_commands.grammar.words import Name


def mended(text: str) -> str:
    """The block with all its faulty lines exchanged for the corrected ones."""
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert reading.faults
    assert all(fault.corrected for fault in reading.faults), reading.faults
    by_line = {fault.line: fault.corrected or "" for fault in reading.faults}
    return "\n".join(by_line.get(number, line) for number, line in enumerate(text.split("\n"), 1))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("■あいさつ\nこんにちは\n登録ありがとうございます", "■あいさつ\n▼新規\nこんにちは\n登録ありがとうございます"),
        (
            "■自動応答 時間\n言葉: 営業時間, 何時\n返信: 10時からです\nどうぞ",
            "■自動応答 時間\n語: 営業時間, 何時\n▼返信\n10時からです\nどうぞ",
        ),
        (
            "■テンプレ あ\n▼本文\nどうぞ\n＋ボタン 見る → テンプレ メニュー",
            "■テンプレ あ\n▼本文\nどうぞ\n＋ボタン 見る → 送る テンプレ:メニュー",
        ),
        (
            "■アクション 来店\nタグ付ける 来店\n来店回数 +1",
            "■アクション 来店\n・タグ付ける 来店\n・項目 来店回数 +1",
        ),
        ("■アクション 来店\n・来店回数 +1", "■アクション 来店\n・項目 来店回数 +1"),
    ],
)
def test_it_mends_the_whole_block(typed: str, meant: str) -> None:
    assert mended(typed) == meant
    reading = grammar.read(meant)
    assert isinstance(reading, Paste)
    assert reading.faults == ()


def test_a_greeting_without_its_part_is_told_once() -> None:
    reading = grammar.read("■あいさつ\n状態: 公開\nこんにちは\n\nまたどうぞ\n＋ボタン 見る → https://example.com")
    assert isinstance(reading, Paste)
    [fault] = reading.faults
    assert fault.line == 3
    assert "「▼新規」の行を足してください" in fault.what


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("■テンプレ 料金\nカット 4,400円\n・カラー\n＋ボタン 見る → tel:0312345678", (2, "▼本文\nカット 4,400円")),
        ("■テンプレ 料金\n回答: 1回\n\n住所: 東京\n営業時間: 10時", (4, "▼本文\n住所: 東京")),
        ("■テンプレ 料金\n本文: カット\nカラー", (2, "▼本文\nカット")),
        ("■テンプレ 料金\n＋画像 外観\n＋画像 店内", (2, "▼本文\n＋画像 外観")),
        ("■配信 年末\n対象: タグ:VIP\nかつ 最終反応 60日以内\nお知らせ\nどうぞ", (4, "▼本文\nお知らせ")),
        ("■配信 年末\n対称: 全員\n▼本文\nお知らせ", (2, "対象: 全員")),
        ("■自動応答 時間\n語: 営業時間\n返信\n10時からです", (3, "▼返信")),
        ("■あいさつ\nブロック解除\nおかえりなさい", (2, "▼ブロック解除")),
        ("■シナリオ 年末\n開始: 友だち追加\n＋終了後 タグ付ける 済\nこんにちは\nどうぞ", (4, "▼すぐ\nこんにちは")),
        ("■フォーム 来店\nお名前\n電話番号\n＋回答後 タグ付ける 済", (2, None)),
        ("■フォーム 来店\nお名前\n＋回答後 タグ付ける 済", (2, "▼お名前 [短文]")),
        ("■フォーム 来店\n説明: どうぞ\n\n回答: 1人1回\nご希望\n・カット\n・カラー", (5, "▼ご希望 [単一]")),
    ],
)
def test_a_missing_sign_is_told_once_with_the_line_that_would_do(typed: str, meant: tuple[int, str | None]) -> None:
    reading = grammar.read(typed)
    assert isinstance(reading, Paste)
    assert [(fault.line, fault.corrected) for fault in reading.faults] == [meant]


def test_of_several_questions_without_a_sign_none_becomes_the_help_text_of_another() -> None:
    reading = grammar.read("■フォーム 来店\nお名前\n電話番号")
    assert isinstance(reading, Paste)
    [fault] = reading.faults
    assert fault.corrected is None
    assert fault.examples == ("▼お名前 [短文]", "▼電話番号 [短文]")


@pytest.mark.parametrize(
    "meant",
    [
        "■フォーム 来店\nお礼: どうも\n▼お名前 [短文] 必須\n▼ご希望 [単一]\n・カット\n・カラー",
        "■シナリオ 年末\n▼すぐ\nこんにちは\n▼1日後 12:00\nどうぞ",
    ],
)
def test_lines_that_lack_only_their_sign_get_it_back(meant: str) -> None:
    assert mended(meant.replace("▼", "")) == meant


def test_text_behind_a_key_of_the_head_stays_there_though_it_names_a_kind() -> None:
    reading = grammar.read("■フォーム 来店\nお礼: 予約 [電話]\nどうも")
    assert isinstance(reading, Paste)
    assert [fault.what for fault in reading.faults] == ["の下に ▼ の行がありません"]


def test_names_to_be_made_may_be_parted_as_one_writes_them() -> None:
    reading = grammar.read("タグ 作成 春の会、VIP、常連")
    assert isinstance(reading, Batch)
    assert reading.commands[0].args[0].objects == (Name("春の会"), Name("VIP"), Name("常連"))


@pytest.mark.parametrize("half", ["▼本文\nこんにちは", "対象: 全員\n日時: 12/1 18:00\n▼本文\nこんにちは"])
def test_a_block_without_its_first_line_is_told_so(half: str) -> None:
    reading = grammar.read(half)
    assert isinstance(reading, Paste)
    assert not reading.definitions
    assert "「■配信 年末」のような行" in reading.faults[0].what

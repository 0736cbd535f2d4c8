"""What shops write by mistake comes back with the line that would do."""

import pytest

from admin_commands import grammar
from admin_commands.grammar.readings import Paste

WHOLE = "■シナリオ あ\n{head}\n▼{when}\nそろそろです。\n＋ボタン 電話 → {to}"


def read(head: str = "開始: 友だち追加", when: str = "すぐ", to: str = "tel:0312345678") -> Paste:
    reading = grammar.read(WHOLE.format(head=head, when=when, to=to))
    assert isinstance(reading, Paste)
    return reading


@pytest.mark.parametrize(
    ("head", "mended"),
    [
        ("開始 タグ カット", "開始: タグ:カット が付いたら"),
        ("開始: タグ カット", "開始: タグ:カット が付いたら"),
        ("開始: カットがついたら", "開始: タグ:カット が付いたら"),
        ("終了: 来店が付いたら", "終了: タグ:来店 が付いたら"),
        ("配信可能 9:00〜20:00", "配信可能: 9:00~20:00"),
        ("開始: カットした人", None),
        ("開始: タグ カット カラー", None),
    ],
)
def test_it_mends_a_head_line(head: str, mended: str | None) -> None:
    [fault] = read(head=head).faults
    assert fault.corrected == mended
    assert mended is None or read(head=mended).faults == ()


@pytest.mark.parametrize(
    ("when", "mended"),
    [
        ("次の日のお昼", "▼1日後 12:00"),
        ("3日後のお昼", "▼3日後 12:00"),
        ("１ヶ月後", "▼30日後"),
        ("2か月後 19:00", "▼60日後 19:00"),
        ("そのうち", None),
    ],
)
def test_it_mends_a_time(when: str, mended: str | None) -> None:
    [fault] = read(when=when).faults
    assert fault.corrected == mended


@pytest.mark.parametrize(
    ("to", "opens"),
    [
        ("03-1234-5678", "tel:03-1234-5678"),
        ("０９０１２３４５６７８", "tel:09012345678"),
        ("電話:058-123-4567", "tel:058-123-4567"),
    ],
)
def test_it_takes_a_bare_telephone_number(to: str, opens: str) -> None:
    [scenario] = read(to=to).definitions
    assert f"電話 → {opens}" in grammar.print_block(scenario)


@pytest.mark.parametrize("to", ["12-34", "2026-11-23", "03-1234-56789"])
def test_it_takes_no_other_figures_for_a_telephone_number(to: str) -> None:
    assert read(to=to).faults


def test_it_asks_in_the_shops_own_words_for_a_head_line() -> None:
    [fault] = read(head="カットのお客様へ").faults
    assert "「開始: …」の形" in fault.what


def test_it_guesses_what_the_first_twenty_faulty_lines_were_meant_to_be() -> None:
    reading = grammar.read("■シナリオ A\n" + "対像: タグ:VIP\n" * 30 + "▼すぐ\nこんにちは")
    assert isinstance(reading, Paste)
    assert [fault.corrected for fault in reading.faults] == ["対象: タグ:VIP"] * 20 + [None] * 10
    reading = grammar.read("■テンプレ A\n" + "▼本文\n＋ぼたん\n＋画増 外観\n" * 30)
    assert isinstance(reading, Paste)
    assert sum(fault.corrected is not None for fault in reading.faults) < 30
    assert len(reading.faults) == 60

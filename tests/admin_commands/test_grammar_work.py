"""Whatever is typed, work grows with the length and never faster."""

import sys
from types import FrameType
from typing import Any

import pytest

from admin_commands import grammar
from admin_commands.grammar import Context


def steps(text: str, context: Context) -> int:
    """Lines of Python executed while a text is read."""
    count = 0

    def on_line(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return on_line

    before = sys.gettrace()
    sys.settrace(on_line)
    try:
        grammar.read(text, context)
    finally:
        sys.settrace(before)
    return count


LONG = {
    "one word": lambda n: "/" + "あ" * n,
    "a long name": lambda n: "/タグ 作成 " + "い" * n,
    "many names": lambda n: "/タグ 作成 " + "い, " * (n // 3),
    "quotes never closed": lambda n: "/タグ 作成 " + "「" * n,
    "apostrophes": lambda n: "/タグ 作成 " + "'a " * (n // 3),
    "many conditions": lambda n: "/タグ 付ける VIP 対象: " + "タグ:A かつ " * (n // 8),
    "many lines of conditions": lambda n: "/タグ 付ける VIP 対象: タグ:A" + "\nタグ:A" * (n // 5),
    "brackets": lambda n: "/友だち 検索 対象: " + "(" * n,
    "brackets closed": lambda n: "/友だち 検索 対象: タグ:A" + ")" * n,
    "brackets in names": lambda n: "/友だち 検索 タグ:A" + "(" * n,
    "negations": lambda n: "/友だち 検索 タグ:A" + " でない" * (n // 4),
    "not after not": lambda n: "/友だち 検索 対象: " + "not " * (n // 4),
    "unreadable conditions": lambda n: "/友だち 検索 対象: " + "色:赤 かつ " * (n // 7),
    "many tags of one condition": lambda n: "/友だち 検索 タグ:A" + ",い" * (n // 2),
    "a word that may be two": lambda n: "/友だち 検索 対象: " + "かまた" * (n // 3),
    "signs": lambda n: "/友だち 検索 対象: い" + ">" * n,
    "many lines": lambda n: "/x\n" * (n // 3),
    "many commands": lambda n: "タグ 作成 い\n" * (n // 8),
    "spaces": lambda n: "タグ" + " " * n + "一覧",
    "marks piled up": lambda n: "/か" + "\u0301" * n,
    "a block's text": lambda n: "■シナリオ A\n▼すぐ\n" + "こんにちは\n" * (n // 6),
    "a block's buttons": lambda n: "■シナリオ A\n▼すぐ\n" + "＋ボタン い → https://a.jp\n" * (n // 21),
    "a block's unknown lines": lambda n: "■シナリオ A\n" + "か: い\n" * (n // 5),
    "unknown attachments": lambda n: "■テンプレ A\n▼本文\n" + "＋かきく\n" * (n // 5),
    "parts": lambda n: "■シナリオ A\n" + "▼いつか\n" * (n // 5),
    "options": lambda n: "/メニュー 変更 " + "い=う " * (n // 4),
    "a form's lists": lambda n: "■フォーム A\n▼問 [単一]\n" + "・い → タグ付ける A\n" * (n // 14),
    "hooks": lambda n: "■予約 A\n" + "＋予約時 1日後 12:00 タグ付ける A\n" * (n // 25),
    "unknown lines of a form": lambda n: "■フォーム A\n" + "か: い\n" * (n // 5),
    "settings": lambda n: "■メニュー A\n" + "A: い → 予約:カット\n" * (n // 14),
    "acts": lambda n: "■アクション A\n・" + "スコア +5 → " * (n // 9),
    "conditions of acts": lambda n: "■アクション A\n・もし " + "タグ:A かつ " * (n // 8),
    "a moment that never ends": lambda n: "■配信 A\n日時: 毎週" + "月・" * (n // 2),
    "nth days": lambda n: "■配信 A\n日時: 第" + "1・" * (n // 2),
    "arrows": lambda n: "■シナリオ A\n▼すぐ\n＋実行 " + "→" * n,
    "numbers": lambda n: "3," * (n // 2),
    "digits": lambda n: "登録 " + "1" * n,
    "chatter": lambda n: "予約の件どうする？" * (n // 9),
}


@pytest.mark.parametrize("kind", LONG)
def test_it_works_in_proportion_to_the_length(kind: str) -> None:
    context = Context(waiting=True)
    steps(LONG[kind](200), context)  # fill the lexicon's caches
    short, double = steps(LONG[kind](2500), context), steps(LONG[kind](5000), context)
    assert double <= 2.2 * short + 2000
    assert double <= 1000 * 5000

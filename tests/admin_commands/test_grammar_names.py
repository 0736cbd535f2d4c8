"""Names like verbs, numbers, signs and quotes: what is printed of a thing reads back the same."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from admin_commands import grammar
from admin_commands.grammar import words
from admin_commands.grammar.commands import Argument, Command
from admin_commands.grammar.readings import Batch, Paste
from admin_commands.grammar.words import Name
from storage import names
from tests.examples import many

SIGNS = (
    "■ ▼ ＋ → ⇒ -> > < 「 」 『 』 “ ” \" ' ’ ‘ { } , 、 ： = / // # @ ＠ ! ( ) （ + - ~ 〜 ; ； | & ？ \\ ・ * … 。 ー"
)
WORDS = (
    "{名前} #S3 http:// https://a.b/c 12/24 10:00 30日以内 １ 一覧 削除 これ 全部 全員 自分 はい 取消"
    " が付いたら でない かつ または もし なら すぐ 通目から 対象 タグ シナリオ の付け方 とは VIP ゔ ヴ ㈱ ① ﾊﾞ か\u3099"
    " あ 😊 👨\u200d👩\u200d👧 %s 状態 公開 なし 自動"
)
PIECES = [*SIGNS.split(), *WORDS.split(), "\u200b", "\u202e", "\ufe0f", "\u3000", " "]


def quotable(name: str) -> bool:
    """Whether it can be typed at all: some pair of quotes does not occur in it."""
    return any(closer not in name for closer in words.OPENERS.values())


NAMES = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=5)
    .map(lambda pieces: " ".join("".join(pieces).split()))
    .filter(lambda name: names.name_key(name) != "" and quotable(name))
)
OFTEN = settings(max_examples=many(250), suppress_health_check=list(HealthCheck), deadline=None)

BLOCK = """■シナリオ {a}
開始: タグ:{b} が付いたら
対象: タグ:{a},{b} かつ シナリオ:{a} 配信中 でない
▼すぐ
こんにちは
＋実行 タグ付ける {a}, {b} → シナリオ開始 {b} → もし タグ:{b} なら 送る テンプレ:{a}
＋ボタン はい → タグ外す {a}
＋画像 {b}
■テンプレ {b}
▼カード
こんにちは
＋ボタン はい → タグ付ける {a}, {b}"""


@given(st.lists(NAMES, min_size=1, max_size=3))
@example(["http://a.jp", "春"])
@example([">", "春"])
@OFTEN
def test_it_reads_back_a_list_of_names(given_: list[str]) -> None:
    command = Command("tag", "new", args=(Argument(tuple(map(Name, given_))),))
    printed = grammar.canonical(command)
    reading = grammar.read(f"/{printed}")
    assert isinstance(reading, Batch)
    assert not reading.faults
    assert reading.commands == (command,), printed


@pytest.mark.parametrize(
    ("noun", "verb"), [("scenario", "show"), ("group", "set"), ("staff", "stop"), ("tag", "rename")]
)
@given(NAMES, NAMES)
@example(">", "春")
@OFTEN
def test_it_reads_back_a_name_on_either_side_of_an_arrow(noun: str, verb: str, a: str, b: str) -> None:
    renamed = (Argument((Name(b),)),) if verb == "rename" else ()
    command = Command(noun, verb, args=(Argument((Name(a),)), *renamed), arrows=(1,) if renamed else ())
    printed = grammar.canonical(command)
    reading = grammar.read(f"/{printed}")
    assert isinstance(reading, Batch)
    assert reading.commands == (command,), printed


@given(NAMES, NAMES)
@example("\u202e春", "夏 // 秋")
@OFTEN
def test_it_reads_back_blocks_that_name_each_other(a: str, b: str) -> None:
    reading = grammar.read(BLOCK.format(a=words.quote(a), b=words.quote(b)))
    assert isinstance(reading, Paste)
    assert not reading.faults
    assert [getattr(one, "name", None) for one in reading.definitions] == [a, b]
    printed = "\n".join(map(grammar.print_block, reading.definitions))
    again = grammar.read(printed)
    assert isinstance(again, Paste)
    assert again.definitions == reading.definitions, printed

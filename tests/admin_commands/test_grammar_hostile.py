"""Hostile messages: nothing raises, nothing runs that was not asked for, nobody's words are changed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_commands import grammar
from admin_commands.grammar import definitions, heads, lexicon, words
from admin_commands.grammar.commands import Command
from admin_commands.grammar.readings import Batch, Conversation, Paste
from tests.examples import many

UNSEEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u00ad", "\ufe0f"]
SIGNS = [
    "■",
    "▼",
    "＋",
    "→",
    "「",
    "」",
    "{名前}",
    "{{",
    "}}",
    "${jndi:x}",
    "{{7*7}}",
    "%s",
    "\\n",
    "'; DROP TABLE tags;--",
]


def commands(text: str) -> tuple[Command, ...]:
    reading = grammar.read(text)
    assert isinstance(reading, Batch), text
    return reading.commands


def changes(command: Command) -> bool:
    verb = lexicon.verb_of(lexicon.NOUN[command.noun], command.verb) if command.verb else None
    return command.verbless or (verb is not None and verb.changes)


@pytest.mark.parametrize(
    "text",
    [
        "/タグ 作成 " + "あ" * 5000,
        "/" + "タグ 作成 VIP " * 400,
        "/シナリオ 停止 " + "「" * 5000,
        "/タグ 作成 " + "\u202e" * 5000,
        "/タグ 付ける VIP 対象: " + "(" * 2500 + "タグ:A" + ")" * 2500,
        "■" * 5000,
        "■シナリオ A\n" + "▼すぐ\n" * 800,
        "■テンプレ A\n▼本文\n" + "x" * 5000,
        "■フォーム A\n▼問 [単一]\n" + "・い → " * 900,
        "/予定 作成 A 毎週" + "月" * 5000,
        "/配信 停止 #B" + "9" * 5000,
        "/スコア 田中 +" + "9" * 5000,
        "9" * 5000,
        "/" + "九千" * 2500,
        "登録 " + "4827-1935 " * 500,
        "\x00" * 5000,
        "\ud800" * 2500,
    ],
    ids=range(17),
)
def test_it_reads_the_longest_messages(text: str) -> None:
    reading = grammar.read(text)
    if isinstance(reading, (Batch, Paste)):
        assert len(grammar.explain(reading.faults)) < 2000


@pytest.mark.parametrize("unseen", UNSEEN)
def test_it_reads_a_command_through_what_nobody_sees(unseen: str) -> None:
    spread = unseen.join("シナリオ 停止 ようこそ")
    assert [(one.noun, one.verb) for one in commands(f"/{spread}")] == [("scenario", "stop")]
    assert grammar.read("おはよう" + unseen) == Conversation()
    assert grammar.read(unseen * 3) == Conversation()


@pytest.mark.parametrize(
    "name",
    [
        *(sign for sign in SIGNS if sign != "」"),
        "削除 VIP",
        "/タグ 削除 VIP",
        "はい",
        "全部",
        "これ",
        "#T1",
        "対象: 全員",
        "タグ:A または 全員",
        "一覧\tVIP",
    ],
)
def test_it_never_takes_a_quoted_name_for_anything_else(name: str) -> None:
    (command,) = commands(f"/タグ 作成 「{name}」")
    assert (command.noun, command.verb, command.target, command.options) == ("tag", "new", None, ())
    assert command.objects(0) == (words.Name(name),)


def test_it_takes_at_most_twenty_lines_and_says_so() -> None:
    lines = [f"/タグ 作成 い{number}" for number in range(30)]
    reading = grammar.read("\n".join(lines))
    assert isinstance(reading, Batch)
    assert "20行まで" in reading.faults[0].what
    assert isinstance(exactly := grammar.read("\n".join(lines[:20])), Batch)
    assert (len(exactly.commands), exactly.faults) == (20, ())


def test_it_runs_no_line_of_a_message_that_it_cannot_read_whole() -> None:
    reading = grammar.read("/タグ 作成 A\nほげほげ ふが\n/タグ 削除 B")
    assert isinstance(reading, Batch)
    assert reading.faults
    assert grammar.read("タグ 作成 A\nって打つんだっけ") == Conversation()


@pytest.mark.parametrize(
    "text",
    [
        "①㈱½Ⅲ㍻ｶﾞｷﾞ",
        "e\u0301 が か\u3099",
        "👨‍👩‍👧‍👦🏳️‍🌈",
        "\u202eあいう\u202c",
        "ﾊﾝｶｸ　全角 ～〜−ー",
        "{名前|お客様}｛名前｝",
    ],
)
def test_it_leaves_every_character_of_the_customers_text(text: str) -> None:
    block = f"■シナリオ A\n▼すぐ\n{text}\n＋ボタン い → 送る 「{text}」"
    reading = grammar.read(block)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    (scenario,) = reading.definitions
    assert isinstance(scenario, definitions.Scenario)
    assert scenario.steps[0].pieces[0] == definitions.Text(text)
    assert grammar.print_block(scenario).count(text) == 2


SCRAPS = [*UNSEEN, *SIGNS, " ", "\n", "・", "VIP", "タグ:A", "9" * 30, "もし", "なら", "一度だけ", "期間", "祝日は休む"]
WORDS = [word for noun in lexicon.NOUNS for word in noun.words[:2]] + [verb.words[0] for verb in lexicon.VERBS]
KINDS = [lexicon.NOUN[kind].words[0] for kind in heads.BLOCK_KINDS]
MESSES = st.lists(st.sampled_from([*SCRAPS, *WORDS]), max_size=15).map("".join)


@given(st.sampled_from(KINDS), MESSES, MESSES)
@settings(max_examples=many(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_it_prints_whatever_block_of_any_kind_it_has_read(kind: str, head: str, body: str) -> None:
    reading = grammar.read(f"■{kind} A\n{head}\n▼本文\n{body}")
    if not isinstance(reading, Paste):
        return
    grammar.explain(reading.faults)
    if reading.faults:
        return
    printed = "\n".join(map(grammar.print_block, reading.definitions))
    assert grammar.read(printed) == Paste(reading.definitions), printed


@given(MESSES)
@settings(max_examples=many(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_it_changes_nothing_for_words_without_a_verb_and_a_space(body: str) -> None:
    glued = body.replace(" ", "").replace("\n", "")
    reading = grammar.read(glued)
    if isinstance(reading, Batch) and not reading.faults and not glued.startswith(("/", "／")):
        assert not any(changes(command) for command in reading.commands if command.noun not in ("claim", "config"))

"""Did you mean: kana readings are read, wrong conversions are only offered, for every noun and verb there is."""

import pytest

from admin_commands import grammar
from admin_commands.grammar import lexicon
from admin_commands.grammar.lexicon import Noun, Verb
from admin_commands.grammar.readings import Batch

PAIRS = [(noun, verb) for noun in lexicon.NOUNS for verb in (*noun.own, *(lexicon.VERB[key] for key in noun.verbs))]


def heard(text: str) -> Batch:
    reading = grammar.read(text)
    assert isinstance(reading, Batch), text
    return reading


def head(text: str) -> tuple[str, str | None]:
    commands = heard(text).commands
    assert len(commands) == 1, text
    return commands[0].noun, commands[0].verb


def verb_of(noun: Noun, verb: Verb) -> str:
    return f"{noun.words[0]} {verb.words[0]}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/シナリヲ ていし ようこそう", "シナリオ 停止 ようこそう"),
        ("/しなりお ていし ようこそ", ""),
        ("/シナリオ 提示 ようこそ", "シナリオ 停止 ようこそ"),
        ("/シナリオ 呈示 ようこそ", "シナリオ 停止 ようこそ"),
        ("/シナリオ 定時 ようこそ", "シナリオ 停止 ようこそ"),
        ("/タグ さくせい VIP", ""),
        ("/タグ 着ける VIP 田中", "タグ 付ける VIP 田中"),
        ("/タグ 点ける VIP 田中", "タグ 付ける VIP 田中"),
        ("/シナリオ 後悔 ようこそ", "シナリオ 公開 ようこそ"),
        ("/シナリオ 航海 ようこそ", "シナリオ 公開 ようこそ"),
        ("/よやく 明日", ""),
        ("/トウケイ 今月", ""),
        ("/背信 停止 #B12", "配信 停止 #B12"),
        ("/拝診 停止 #B12", "配信 停止 #B12"),
        ("/配診 停止 #B12", "配信 停止 #B12"),
        ("/変身 田中 本文", "返信 田中 本文"),
        ("/返身 田中 本文", "返信 田中 本文"),
        ("/当録 4827-1935", "登録 4827-1935"),
        ("/brodcast list", "配信 一覧"),
        ("/フオーム 一覧", "フォーム 一覧"),
    ],
)
def test_it_reads_kana_and_offers_what_was_meant(typed: str, meant: str) -> None:
    reading = heard(typed)
    if meant:
        assert reading.faults
        assert reading.suggestions[0] == meant
    else:
        assert reading.faults == ()
        assert len(reading.commands) == 1


@pytest.mark.parametrize("noun", lexicon.NOUNS, ids=lambda noun: noun.key)
def test_it_knows_every_noun_by_all_its_spellings(noun: Noun) -> None:
    verb = next(iter([*(lexicon.VERB[key] for key in noun.verbs), *noun.own]))
    for word in (*noun.words, *noun.readings):
        if (noun.key, verb.key) in lexicon.FREE_TEXT or noun.key == "claim" or word == "?":
            continue
        reading = heard(f"/{word} {verb.words[0]}")
        found = [(command.noun, command.verb) for command in reading.commands]
        assert found == [(noun.key, verb.key)], word


@pytest.mark.parametrize(("noun", "verb"), PAIRS, ids=lambda one: one.key)
def test_it_knows_every_verb_by_its_kana_and_only_offers_its_slips(noun: Noun, verb: Verb) -> None:
    for word in (*verb.words, *verb.readings):
        if noun.key != "claim" and (noun.key, verb.key) not in lexicon.FREE_TEXT:
            assert head(f"/{noun.words[0]} {word}") == (noun.key, verb.key), word
    for slip in verb.slips:
        reading = heard(f"/{noun.words[0]} {slip} ほげ")
        assert not reading.commands or reading.faults, slip
        assert f"{verb_of(noun, verb)} ほげ" in reading.suggestions, slip


@pytest.mark.parametrize("noun", [noun for noun in lexicon.NOUNS if noun.slips], ids=lambda noun: noun.key)
def test_it_offers_the_noun_behind_a_wrong_conversion(noun: Noun) -> None:
    for slip in noun.slips:
        reading = heard(f"/{slip} ほげ")
        assert reading.faults
        assert any(one.startswith(noun.words[0]) for one in reading.suggestions), slip


def test_every_verb_and_noun_in_kanji_has_its_kana() -> None:
    def kanji(words: tuple[str, ...]) -> bool:
        return any("一" <= c <= "鿿" for c in words[0])

    nouns = [noun.key for noun in lexicon.NOUNS if kanji(noun.words) and not _has_kana(noun.words, noun.readings)]
    verbs = {verb.key for _, verb in PAIRS if kanji(verb.words) and not _has_kana(verb.words, verb.readings)}
    assert (nouns, sorted(verbs)) == ([], [])


def _has_kana(words: tuple[str, ...], readings: tuple[str, ...]) -> bool:
    return any(all("ぁ" <= c <= "ー" for c in word) for word in (*words, *readings))

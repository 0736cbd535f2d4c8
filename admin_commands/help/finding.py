"""Looking for help: by kind, by verb, by the words of what somebody wants to do."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from admin_commands import cards, command, desk, lists
from admin_commands.command import Command, Noun
from admin_commands.grammar import lexicon, nearness, normalise
from admin_commands.help import pages

PARTICLE = re.compile(r"(?<=.)[をのにがは](?=.)")  # 文章を直す are two words

# Beginnings of everyday words, and of the words that the book has for them.
EVERYDAY: Mapping[str, tuple[str, ...]] = {
    "文": ("本文",),
    "直": ("変え", "変更"),
    "修正": ("変え", "変更"),
    "間違": ("取消",),
    "誤": ("取消",),
    "消": ("削除", "消去"),
    "やめ": ("止め",),
    "バイト": ("スタッフ",),
    "従業員": ("スタッフ",),
    "客": ("友だち",),
    "お客": ("友だち",),
    "試": ("試す", "0通"),
    "予定": ("いつ",),
    "日時": ("いつ", "時刻"),
    "バックアップ": ("控え",),
}


def noun(book: Sequence[Noun], asked: str) -> Noun | None:
    folded = _folded(asked)
    known = lexicon.noun_spellings().get(folded) or lexicon.noun_readings().get(folded)
    return next((one for one in book if known is not None and one.key == known.key), None)


def verb(noun: Noun, asked: str) -> Command | None:
    """The command of this verb; the noun's own word stands for the one without a verb (取消)."""
    folded = _folded(asked)
    if folded == _folded(noun.word):
        return next((one for one in noun.commands if one.words == noun.word), None)
    known = lexicon.verb_spellings(noun.key).get(folded) or lexicon.verb_readings(noun.key).get(folded)
    return noun.command(known.key) if known is not None else None


async def say(at: desk.Desk, book: Sequence[Noun], asked: str) -> cards.Say:
    """What can be done about these words, numbered; where nothing fits, the kinds that are spelled like them."""
    found = search(book, asked) or search(book, PARTICLE.sub(" ", asked))
    shown = cards.shortened(asked, 40)
    if found:
        rows = await pages.rows_of(at, found[: lists.ROWS])
        await lists.keep(at, rows, 1, "", 1, len(rows))
        more = f"（{len(found)}件のうち{len(rows)}件）" if len(found) > len(rows) else ""
        return cards.Say("", card=cards.listing(f"「{shown}」についての使い方{more}", rows, 1))
    near = nearness.nearest(
        _folded(asked),
        [(spelling, key) for spelling, key in lexicon.nouns_nearby() if any(one.key == key for one in book)],
    )
    later = lexicon.noun_spellings().get(_folded(asked)) or lexicon.noun_readings().get(_folded(asked))
    if later is not None and all(one.key != later.key for one in book):
        told = f"「{later.words[0]}」はまだ使えません。今できることは「ヘルプ」でご覧ください。"
        return cards.Say(told, (cards.Tap("ヘルプ", "ヘルプ"),))
    kinds = [one for key in near for one in book if one.key == key]
    hint = f"\nもしかして: {'・'.join(one.word for one in kinds)}" if kinds else ""
    taps = [cards.Tap(one.word, f"ヘルプ {one.word}") for one in kinds] + [cards.Tap("ヘルプ", "ヘルプ")]
    return cards.Say(f"「{shown}」についての使い方は見つかりません。別の言葉でお試しください。{hint}", tuple(taps))


def search(book: Sequence[Noun], asked: str) -> list[tuple[Noun, Command]]:
    """Commands in whose words all the asked ones occur, or everyday words for them: what they do counts first."""
    wanted = [_ways(_folded(word)) for word in asked.split()]
    found: list[tuple[int, Noun, Command]] = []
    for one in book:
        for declared in one.commands:
            does = _ours(f"{declared.does} {declared.words}")
            rest = _ours(" ".join([one.about, *lexicon.NOUN[one.key].words, *_spellings(declared), *_said(declared)]))
            if wanted and all(any(way in does or way in rest for way in ways) for ways in wanted):
                found.append((sum(not any(way in does for way in ways) for ways in wanted), one, declared))
    return [(one, declared) for _, one, declared in sorted(found, key=lambda hit: hit[0])]


def _ways(word: str) -> list[str]:
    """The word, and what the book may say in its place."""
    meant = [known for key, known in EVERYDAY.items() if word.startswith(_ours(key))]
    return [word, *(_ours(ours) for known in meant for ours in known)]


def _spellings(declared: Command) -> Sequence[str]:
    known = lexicon.verb_of(lexicon.NOUN[declared.noun], declared.verb)
    return (*known.words, *known.readings) if known is not None else ()


def _said(declared: Command) -> Sequence[str]:
    return [command.filled(example, {}) for example in declared.examples]


@cache
def _ours(text: str) -> str:
    """What the book says, folded once; never what somebody has typed."""
    return _folded(text)


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)

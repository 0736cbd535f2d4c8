"""ヘルプ: a few runnable examples with the shop's own names, and more of them noun by noun."""

from collections.abc import Mapping, Sequence

from admin_commands import cards, command, desk, objects
from admin_commands.command import Argument, Command, Noun
from admin_commands.grammar import lexicon, nearness, normalise, words
from admin_commands.grammar.commands import Command as Said
from storage import database, named

EXAMPLES = 6
UNSHOWN = ("claim", "help", "group", "undo")  # the menu has room for eight
START = (
    "ご用件をどうぞ。例:",
    "・タグ 一覧",
    "・友だち {friend}",
    "・シナリオ 一覧",
    "・使用量",
    "・取消（直前の操作を元に戻す）",
    "「ヘルプ シナリオ」のように送ると、できることと例が出ます。",
)


def noun(book: Sequence[Noun]) -> Noun:
    """The noun ヘルプ over all nouns of the book."""

    async def show(at: desk.Desk, said: Said) -> cards.Say:
        if not said.args:
            return await menu(book)
        asked = objects.text_of(said, 0)
        wanted = _noun(book, asked)
        if wanted is None:
            return _not_here(book, asked)
        return await _about(at, wanted)

    return Noun(
        "help",
        "使い方を例で示します。",
        (
            Command(
                "help",
                "show",
                "できることの一覧、または1つの種類の例",
                ("ヘルプ", "ヘルプ シナリオ"),
                "viewer",
                0,
                show,
                (Argument("種類", optional=True), Argument("語", optional=True)),
            ),
        ),
        bare="show",
    )


async def menu(book: Sequence[Noun]) -> cards.Say:
    """What a mention of the bot or a lone `/` opens."""
    names = await own_names()
    told = "\n".join(command.filled(line, names) for line in START)
    shown = [one for one in book if one.key not in UNSHOWN]
    return cards.Say(told, tuple(cards.Tap(one.word, f"ヘルプ {one.word}") for one in shown))


async def _about(at: desk.Desk, noun: Noun) -> cards.Say:
    names = await own_names()
    told = [f"{noun.word}でできること（{noun.about}）"]
    taps: list[cards.Tap] = []
    for one in noun.commands:
        example = command.filled(one.examples[0], names)
        locked = "" if at.may(one.role) else f"（{desk.ROLES[one.role]}から）"
        told.append(f"・{example} … {one.does}{locked}")
        if at.may(one.role) and len(taps) < EXAMPLES:
            taps.append(cards.Tap(example, example))
    if noun.wizard is not None:
        locked = "" if at.may(noun.wizard.role) else f"（{desk.ROLES[noun.wizard.role]}から）"
        told.append(f"・{noun.wizard.begins[0]} … 質問に答えて作る{locked}")
        if not locked:
            taps.append(cards.Tap("質問に答えて作る", noun.wizard.begins[0]))
    if noun.block is not None:
        told += ["", f"まとめて作る（{noun.block.does}）: 次の形を貼り付けます。", noun.block.example]
    return cards.Say("\n".join(told), tuple(taps))


def _noun(book: Sequence[Noun], asked: str) -> Noun | None:
    folded = normalise.fold(normalise.lookup(asked).text)
    known = lexicon.noun_spellings().get(folded) or lexicon.noun_readings().get(folded)
    return next((one for one in book if known is not None and one.key == known.key), None)


def _not_here(book: Sequence[Noun], asked: str) -> cards.Say:
    keys = [one.key for one in book]
    near = nearness.nearest(
        normalise.fold(asked), [(spelling, key) for spelling, key in lexicon.nouns_nearby() if key in keys]
    )
    found = [one for key in near for one in book if one.key == key]
    taps = tuple(cards.Tap(one.word, f"ヘルプ {one.word}") for one in found or book if one.key != "claim")
    return cards.Say(f"「{cards.shortened(asked, 40)}」の使い方はまだありません。次の中から選んでください。", taps)


async def own_names() -> Mapping[str, str]:
    """A tag, a friend, a scenario, a template of this shop, as one would type them."""
    found = await database.row(
        "SELECT (SELECT name FROM tags WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 1) AS tag,"
        " (SELECT name FROM scenarios WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 1) AS scenario,"
        " (SELECT name FROM templates WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 1) AS template,"
        " (SELECT name FROM media WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 1) AS media,"
        " (SELECT coalesce(display_name, line_name) FROM friends WHERE NOT blocked_us AND line_name IS NOT NULL"
        " ORDER BY id DESC LIMIT 1) AS friend"
    )
    return {
        place: words.show(words.Name(name))
        for place, name in (found or {}).items()
        if name is not None and len(name) <= named.LONGEST
    }

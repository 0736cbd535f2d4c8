"""ヘルプ: tiles by task, runnable examples with the shop's own names, one command in full, and a search."""

from collections.abc import Sequence

from admin_commands import cards, desk, objects
from admin_commands.command import Argument, Command, Noun
from admin_commands.grammar import lexicon, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.help import finding, pages
from admin_commands.help.menus import menu as menu

WRITTEN = ("定義", "書き方", "ひな形")
MORE = ("もっと", "more", "すべて", "全部")


def noun(book: Sequence[Noun]) -> Noun:
    """The noun ヘルプ over all nouns of the book."""

    async def show(at: desk.Desk, said: Said) -> cards.Say:
        if not said.args:
            return await menu(at, book)
        asked = objects.text_of(said, 0)
        if asked in (*lexicon.BRANCHES, *lexicon.TOPICS):
            return pages.of_branches() if asked in lexicon.BRANCHES else pages.of_actions()
        wanted = finding.noun(book, asked)
        if wanted is None:
            return await finding.say(at, book, asked)
        if len(said.args) < 2:
            return await pages.few_of(at, wanted)
        word = objects.text_of(said, 1)
        if word in MORE:
            return await pages.all_of(at, wanted, objects.page_of(said))
        if wanted.block is not None and word in WRITTEN:
            return pages.of_block(wanted, wanted.block)
        declared = finding.verb(wanted, word)
        if declared is None:
            return await finding.say(at, [wanted], word)
        return await pages.of_command(at, wanted, declared)

    async def find(at: desk.Desk, said: Said) -> cards.Say:
        asked = " ".join(words.show(one) for one in said.objects(0))
        return pages.of_branches() if asked in lexicon.BRANCHES else await finding.say(at, book, asked)

    return Noun(
        "help",
        "使い方を例で示します。",
        (
            Command(
                "help",
                "show",
                "できることの一覧、1つの種類の例、1つの操作のくわしい使い方、■の書き方、ボタンなどの動作",
                (
                    "ヘルプ",
                    "ヘルプ シナリオ",
                    "ヘルプ シナリオ 停止",
                    "ヘルプ シナリオ もっと",
                    "ヘルプ 配信 書き方",
                    "ヘルプ 動作",
                ),
                "viewer",
                0,
                show,
                (Argument("種類", optional=True), Argument("操作・もっと・書き方", optional=True)),
                options=("ページ",),
            ),
            Command(
                "help",
                "find",
                "したいことの言葉で使い方を探す",
                ("ヘルプ 探す 人数", "ヘルプ 探す 隠す"),
                "viewer",
                0,
                find,
                (Argument("言葉", many=True),),
            ),
        ),
        bare="show",
    )

"""はじめる: a checklist of what a new shop still needs, and packs of blocks in the shop's trade to begin with."""

from admin_commands import cards, command, desk, objects
from admin_commands.command import Argument, Command
from admin_commands.grammar.commands import Command as Said
from admin_commands.setup import checklist, starting, trades


async def begin(at: desk.Desk, said: Said) -> cards.Say:
    """The checklist, or a trade's pack put down as drafts."""
    if not said.args:
        return await checklist.show(at)
    word = objects.text_of(said, 0)
    trade = trades.called(word)
    if trade is None:
        raise desk.Unknown(
            f"「{cards.shortened(word, 40)}」の用意はありません。近いものを選んでください: "
            f"{'・'.join(one.word for one in trades.TRADES)}",
            0.0,
            *(cards.Tap(one.word, f"はじめる {one.word}") for one in trades.TRADES),
        )
    return await starting.take(at, trade)


NOUN = command.Noun(
    "start",
    "お店の準備を順番に進めます。",
    (
        Command(
            "start",
            "run",
            "準備の進み具合。業種を書くと、その業種の下書きをまとめて用意する",
            ("はじめる", "はじめる 美容室"),
            "operator",
            1,
            begin,
            (Argument("業種", optional=True),),
            most=2,
        ),
    ),
    bare="run",
)

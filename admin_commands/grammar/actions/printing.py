"""An action list in canonical Japanese, which reads back the same."""

from collections.abc import Sequence

from admin_commands.grammar import segments
from admin_commands.grammar.actions import arguments
from admin_commands.grammar.actions.tree import Action, Spread
from jobs import actions, timing


def show(given: Sequence[Action]) -> str:
    """The list on one line."""
    return " → ".join(map(one, given))


def one(action: Action) -> str:
    pieces = [f"もし {segments.show(action.when)} なら"] if action.when is not None else []
    pieces.append(arguments.show(actions.KINDS[action.do], action.given))
    if action.timing is not None:
        pieces.append(_timing(action.timing))
    if action.once:
        pieces.append("一度だけ")
    return " ".join(pieces)


def _timing(given: timing.Timing | Spread) -> str:
    if isinstance(given, Spread):
        return f"{given.least}〜{given.most}分後"
    return timing.describe(given)

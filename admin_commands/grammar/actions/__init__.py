"""Action lists: `タグ付ける VIP → もし スコア>=50 なら 通知 @山田「…」 一度だけ`, read into typed data and printed.

The words of each kind and what stands behind them are declared in `jobs.actions`.
"""

from admin_commands.grammar.actions.lint import conflicts
from admin_commands.grammar.actions.printing import show
from admin_commands.grammar.actions.reading import EXAMPLES, read
from admin_commands.grammar.actions.tree import Action, Changed, OwnDate, Spread, To, Value
from admin_commands.grammar.actions.vocabulary import ACTS, WRITTEN

__all__ = [
    "ACTS",
    "EXAMPLES",
    "WRITTEN",
    "Action",
    "Changed",
    "OwnDate",
    "Spread",
    "To",
    "Value",
    "conflicts",
    "read",
    "show",
]

"""The action that runs a saved action set."""

from collections.abc import Sequence

from jobs import action_lists, consequences, facts, plans
from jobs.actions.arguments import Thing
from jobs.actions.kind import Kind


async def run(plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action) -> consequences.Consequences:
    """The set as it is when it is run; one that has been deleted since does nothing.

    `triggers.run_lists` goes on with its actions before those that stand behind it.
    """
    inner = plan.config.action_sets.get(action.arguments["set"], ())
    return consequences.Consequences(lists=[(case, inner) for case in cases] if inner else ())


KINDS = (
    Kind(
        do="run",
        word="アクション",
        spellings=("action",),
        arguments=(Thing("set", "アクション", "action_sets", by=("アクション", "action")),),
        examples=("アクション VIP化",),
        tells="保存したアクションを実行します（実行する時の内容です）。",
        effect=run,
    ),
)

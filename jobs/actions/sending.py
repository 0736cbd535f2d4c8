"""Actions that send to the friend."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobs import action_lists, consequences, facts, messages, plans
from jobs.actions.arguments import Message, Thing
from jobs.actions.kind import Kind

SPELLINGS = ("送信", "送信する", "send", "おくる")


async def send(plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action) -> consequences.Consequences:
    for case in cases:
        if action.content is not None:
            plan.send_by_action(case.friend, action.content, case.origin, quiet=bool(action.arguments.get("quiet")))
    return consequences.NONE


async def fits(stored: Sequence[Mapping[str, Any]], known: Mapping[str, str]) -> Sequence[str]:
    """What LINE would not take of each, and variables that there are not."""
    found = [messages.check(one["messages"], known) for one in stored]
    return [faults[0].message_ja if faults else "" for faults in found]


async def send_template(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """A template is looked up when it is sent; one that has been deleted since sends nothing."""
    content = plan.config.templates.get(action.arguments["template"])
    if content is not None:
        for case in cases:
            plan.send_by_action(case.friend, content, case.origin)
    return consequences.NONE


KINDS = (
    Kind(
        do="send",
        word="送る",
        spellings=SPELLINGS,
        arguments=(Message(),),
        examples=("送る 「ありがとうございます」",),
        tells="文章を送ります。",
        effect=send,
        check=fits,
    ),
    Kind(
        do="send_template",
        word="送る",
        spellings=SPELLINGS,
        arguments=(
            Thing("template", "テンプレ", "templates", by=("テンプレ", "テンプレート", "template"), bare=False),
        ),
        examples=("送る テンプレ:料金表",),
        tells="テンプレを送ります（送る時の内容です）。",
        effect=send_template,
    ),
)

"""A press on a choice of a question: kept as an answer while there is room, and its actions run."""

from collections.abc import Sequence
from dataclasses import replace

from jobs import action_lists, consequences, facts, messages, plans
from jobs.actions.kind import Kind
from storage import answers, names

CLOSED = messages.compile([messages.text("申し訳ありません。この質問の受付は終わりました。")])


async def answer(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """What the template says today holds, whenever the question was sent; a choice it has no more is closed."""
    template, question_key, label = (action.arguments[key] for key in ("of", "question", "choice"))
    question = plan.config.questions.get(template, {}).get(question_key)
    choice = question.choices.get(names.name_key(label)) if question else None
    if question is None or choice is None:
        for case in cases:
            plan.send_by_action(case.friend, CLOSED, case.origin)
        return consequences.NONE
    asked = answers.Asked(template, question_key, names.name_key(label), choice.label, question.once, choice.most)
    presses = [
        answers.Press(case.friend, case.what.button if isinstance(case.what, facts.Pressed) else None, case.at)
        for case in cases
    ]
    outcomes = await answers.give(asked, presses)
    lists = []
    for case in {case.friend: case for case in cases}.values():
        outcome = outcomes[case.friend]
        if outcome == "given":
            plan.record(case.friend, "answered", template, plan.now)
            lists.append((replace(case, at=plan.now), choice.actions))
        else:
            plan.send_by_action(case.friend, question.again if outcome == "again" else choice.full, case.origin)
    return consequences.Consequences(lists=lists)


KINDS = (Kind(do="answer", effect=answer),)

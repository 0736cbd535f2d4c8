"""What friends answer by a press: a choice of a question, kept while there is room; a day, noted in a field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from jobs import action_lists, consequences, facts, messages, noting, plans
from jobs.actions.kind import Kind
from storage import answers, names
from storage.fields import values

UNREAD = messages.compile([messages.text("日時を読み取れませんでした。お手数ですが、もう一度お選びください。")])
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


async def pick(plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action) -> consequences.Consequences:
    """What was picked is noted in a field; outside of the days that may be chosen nothing is done, which is said."""
    field, mode = action.arguments["field"], action.arguments["mode"]
    then = action_lists.load(action.arguments["then"])
    today = plan.now.astimezone(plan.config.zone).date()
    least, most = (_bound(action.arguments.get(key), today) for key in ("least", "most"))
    taken: dict[int, tuple[facts.Fact, str, str]] = {}
    for case in cases:
        picked = _picked(case, mode)
        if picked is None:
            plan.send_by_action(case.friend, UNREAD, case.origin)
        elif (least and picked.date() < least) or (most and picked.date() > most):
            plan.send_by_action(case.friend, _outside(least, most), case.origin)
        else:
            local = picked.replace(tzinfo=plan.config.zone)
            value = picked.date().isoformat() if mode == "date" else local.astimezone(UTC).isoformat()
            taken[case.friend] = (case, value, _told(picked, mode))
    done = await values.put([(friend, field, value) for friend, (_, value, _) in taken.items()], plan.now)
    if not then:
        for friend, (case, _, told) in taken.items():
            plan.send_by_action(friend, messages.compile([messages.text(f"{told}で承りました。")]), case.origin)
    lists = [(replace(case, at=plan.now), then) for case, _, _ in taken.values()]
    return consequences.joined([noting.told(plan, cases, done, quietly=False), consequences.Consequences(lists=lists)])


def _picked(case: facts.Fact, mode: str) -> datetime | None:
    """What was picked, by the clock on the wall."""
    given = case.what.picked if isinstance(case.what, facts.Pressed) else None
    try:
        found = datetime.fromisoformat(given) if given else None
    except ValueError:
        return None
    return found if found and found.tzinfo is None and ("T" in (given or "").upper()) == (mode == "datetime") else None


def _bound(given: str | int | None, today: date) -> date | None:
    return today + timedelta(days=given) if isinstance(given, int) else date.fromisoformat(given) if given else None


def _outside(least: date | None, most: date | None) -> messages.Compiled:
    ends = [f"{day.month}月{day.day}日" if day else "" for day in (least, most)]
    return messages.compile(
        [messages.text(f"お選びいただけるのは {ends[0]}〜{ends[1]} です。お手数ですが、もう一度お選びください。")]
    )


def _told(picked: datetime, mode: str) -> str:
    day = f"{picked.year}年{picked.month}月{picked.day}日({'月火水木金土日'[picked.weekday()]})"
    return day if mode == "date" else f"{day} {picked:%H:%M}"


KINDS = (Kind(do="answer", effect=answer), Kind(do="pick", effect=pick))

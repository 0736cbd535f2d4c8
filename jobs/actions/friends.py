"""Actions on how staff see and hear of a friend, and on whether we write to them at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobs import action_lists, consequences, facts, messages, notices, plans
from jobs.actions.arguments import Audience, Words
from jobs.actions.kind import Aspect, Kind
from storage import blocking, friends

SHOWN = Aspect("非表示と表示を続けています（後のほうになります）")
REACHED = Aspect("ブロックと解除を続けています（後のほうになります）")
FORM, SUBMISSION = re.compile(r"form:(\d+)"), re.compile(r"submission:(\d+)")


async def show_or_hide(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    hidden = action.kind == "hide"
    for friend in await friends.flag(sorted({case.friend for case in cases}), "hidden", hidden):
        plan.record(friend, "hidden" if hidden else "shown", None, plan.now)
    return consequences.NONE


async def block(
    plan: plans.Plan,
    cases: Sequence[facts.Fact],
    action: action_lists.Action,  # noqa: ARG001 - one signature for all kinds
) -> consequences.Consequences:
    """What stands above it in the list still goes with the free reply; no push, nothing after it or put off."""
    people = sorted({case.friend for case in cases})
    blocked, _ = await blocking.block(people)
    for friend in blocked:
        plan.people[friend] = replace(plan.people[friend], reachable=False, blocked_by_us=True)
        plan.record(friend, "blocked_by_us", None, plan.now)
    for send in plan.wanted:
        if send.friend.id in blocked and send.token is None:
            send.friend = plan.people[send.friend.id]
    plan.later = [one for one in plan.later if one.friend not in blocked]
    return consequences.NONE


async def unblock(
    plan: plans.Plan,
    cases: Sequence[facts.Fact],
    action: action_lists.Action,  # noqa: ARG001 - one signature for all kinds
) -> consequences.Consequences:
    for friend, reached in (await blocking.release(sorted({case.friend for case in cases}), plan.now)).items():
        plan.people[friend] = replace(plan.people[friend], reachable=reached, blocked_by_us=False)
        plan.record(friend, "unblocked_by_us", None, plan.now)
    return consequences.NONE


def _about(origin: facts.Origin) -> str:
    """What staff type to read the answer to a form that has brought something about."""
    root, form = origin.deed or origin.root, FORM.fullmatch(origin.row)
    submission = SUBMISSION.match(root)
    return f"フォーム 回答 #Q{form[1]} {submission[1]}番" if form and submission else ""


async def notify(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """Staff hear of it with the next word in their groups, which costs nothing."""
    to = notices.Audience(action.arguments["to"], action.arguments["who"])
    if action.content is not None:
        words = await plan.words(sorted({case.friend for case in cases}), action.content)
        plan.told += [notices.Notice(to, case.friend, words[case.friend], _about(case.origin)) for case in cases]
    return consequences.NONE


async def is_heard(stored: Sequence[Mapping[str, Any]], known: Mapping[str, str]) -> Sequence[str]:
    """That there is nobody to be told, or a variable that there is not."""
    nobody = [notices.fault(notices.Audience(one["to"], one["who"])) for one in stored]
    found = [messages.check([messages.text(one["text"])], known) for one in stored]
    told = [faults[0].message_ja if faults else "" for faults in found]
    return [one or other for one, other in zip(nobody, told, strict=True)]


KINDS = (
    Kind(
        do="hide",
        word="非表示",
        spellings=("非表示にする", "hide"),
        examples=("非表示",),
        tells="友だちを一覧や対象から外します。",
        effect=show_or_hide,
        settles=SHOWN,
    ),
    Kind(
        do="unhide",
        word="表示",
        spellings=("再表示", "unhide"),
        examples=("表示",),
        tells="非表示の友だちを元に戻します。",
        effect=show_or_hide,
        settles=SHOWN,
    ),
    Kind(
        do="block",
        word="ブロック",
        spellings=("ブロックする", "block"),
        examples=("ブロック",),
        tells="こちらから何も送らないようにします。記録は残ります。",
        effect=block,
        settles=REACHED,
    ),
    Kind(
        do="unblock",
        word="ブロック解除",
        spellings=("unblock",),
        examples=("ブロック解除",),
        tells="こちらのブロックをやめ、途中のシナリオを続けます。",
        effect=unblock,
        settles=REACHED,
    ),
    Kind(
        do="notify",
        word="通知",
        spellings=("notify",),
        arguments=(Audience(), Words()),
        examples=(
            "通知 グループ 「{名前}さんが回答しました」",
            "通知 全員 「新しい予約です」",
            "通知 @山田 「確認してください」",
        ),
        tells="スタッフのグループで次の発言の時に知らせます（0通）。宛先は @スタッフ・全員・グループ（と名前）です。",
        effect=notify,
        check=is_heard,
        silent=True,
    ),
)

"""Actions on tags."""

from collections.abc import Sequence
from dataclasses import replace

from jobs import action_lists, consequences, facts, plans
from jobs.actions.arguments import Things
from jobs.actions.kind import Aspect, Kind
from storage import tags

WORN = Aspect("タグ「{it}」を付けて、外しています", each=True)


async def tag_on(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """A tag with a limit goes to those to whom it happened first. `quietly`: an undo, which starts nothing (law 14)."""
    by_friend = {case.friend: case for case in cases}
    asked = action.arguments["tags"]
    first = sorted(by_friend, key=lambda friend: (by_friend[friend].at, friend))
    put = await tags.put_on([(friend, tag) for friend in first for tag in asked], plan.now, plan.config.limited(asked))
    for friend, tag in put.new:
        plan.record(friend, "tag_added", tag, plan.now)
    if action.arguments.get("quietly"):
        return consequences.NONE
    return consequences.Consequences(
        [replace(by_friend[friend], what=facts.TagAdded(tag), at=plan.now) for friend, tag in put.new]
        + [replace(by_friend[friend], what=facts.TagFull(tag), at=plan.now) for friend, tag in put.full]
    )


async def tag_off(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    by_friend = {case.friend: case for case in cases}
    gone = await tags.take_off(sorted(by_friend), action.arguments["tags"])
    for friend, tag in gone:
        plan.record(friend, "tag_removed", tag, plan.now)
    if action.arguments.get("quietly"):
        return consequences.NONE
    return consequences.Consequences(
        [replace(by_friend[friend], what=facts.TagRemoved(tag), at=plan.now) for friend, tag in sorted(gone)]
    )


KINDS = (
    Kind(
        do="tag_on",
        word="タグ付ける",
        spellings=("タグつける", "タグ付与", "タグ追加", "+tag"),
        arguments=(Things("tags", "タグ", "tags"),),
        examples=("タグ付ける VIP", "タグ付ける VIP, 購入者"),
        tells="タグを付けます。",
        effect=tag_on,
        settles=WORN,
    ),
    Kind(
        do="tag_off",
        word="タグ外す",
        spellings=("タグはずす", "タグ削除", "タグ解除", "-tag"),
        arguments=(Things("tags", "タグ", "tags"),),
        examples=("タグ外す 見込み",),
        tells="タグを外します。",
        effect=tag_off,
        settles=WORN,
    ),
)

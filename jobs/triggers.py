"""The one door through which everything passes that happens to friends: facts in, rules matched, action lists run."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobs import (
    action_lists,
    actions,
    auto_replies,
    consequences,
    cycles,
    entering,
    facts,
    opting_out,
    plans,
    scenarios,
    tag_rules,
)
from storage import delayed, friends, once, outbox, segments
from storage import scenarios as walks

ROUNDS = 12  # what follows from what follows from ...: deeper than any sane configuration

Turn = tuple[facts.Fact, action_lists.Action]  # what is one friend's next action, and what it follows from
Within = tuple[int, ...]  # the saved sets in which an action stands, the outermost first
Rule = Callable[[plans.Plan, Sequence[facts.Fact]], Awaitable[consequences.Consequences]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that happens to friends and sets something going.

    `rule` gets all such facts of a round at once; `word` and `does` tell it to staff, `example` is how they use it.
    """

    rule: Rule
    word: str
    does: str
    example: str


async def happened(given: Sequence[facts.Fact], plan: plans.Plan) -> None:
    """Let these facts take effect, and all that follows from them; the friends they concern are locked."""
    await drain(consequences.Consequences(given), plan)


async def drain(waiting: consequences.Consequences, plan: plans.Plan) -> None:
    """Work in rounds until nothing follows any more.

    In each round every rule sees all facts of its kind at once; then the action lists run, each deed once for all
    the friends it is due to; what that brings about is the next round. Walks that rested for it go on after it; what
    they do not come to here stays due; what went round and round is told to staff.
    """
    trail: list[Sequence[facts.Fact]] = []
    for _ in range(ROUNDS):
        if not waiting.facts and not waiting.lists:
            waiting = await scenarios.go_on(plan)
        if not waiting.facts and not waiting.lists:
            break
        trail.append(waiting.facts)
        matched = await _match(waiting.facts, plan)
        ran = await run_lists([*waiting.lists, *matched.lists], plan)
        waiting = consequences.joined([consequences.Consequences(matched.facts), ran])
    if waiting.facts or waiting.lists:
        await cycles.tell(waiting, trail)
    if plan.worn_out:
        await cycles.tell_slow(plan.worn_out[0], trail)


async def _match(given: Sequence[facts.Fact], plan: plans.Plan) -> consequences.Consequences:
    by_kind: dict[type[facts.What], list[facts.Fact]] = defaultdict(list)
    for fact in given:
        by_kind[type(fact.what)].append(fact)
    return consequences.joined([await RULES[kind].rule(plan, by_kind[kind]) for kind in RULES if kind in by_kind])


async def run_lists(
    lists: Sequence[tuple[facts.Fact, action_lists.ActionList]], plan: plans.Plan
) -> consequences.Consequences:
    """Run action lists: each friend's own from top to bottom, friends side by side, the same deed in one go for all.

    Conditions are judged, for all friends at once, when what stands above them has been done.
    """
    waiting: dict[int, deque[tuple[Turn, Within]]] = defaultdict(deque)
    for fact, actions_ in lists:
        waiting[fact.friend].extend(((fact, action), ()) for action in actions_)
    found: list[consequences.Consequences] = []
    while any(waiting.values()):
        place = {friend: turns.popleft() for friend, turns in waiting.items() if turns}
        deeds: dict[str, tuple[action_lists.Action, list[facts.Fact]]] = {}
        for fact, action in await _meant(plan, [turn for turn, _ in place.values()]):
            deeds.setdefault(action.same_deed(), (action, []))[1].append(fact)
        for action, cases in deeds.values():
            effect = actions.KINDS[action.kind].effect
            came = await effect(plan, cases, action) if effect is not None else consequences.NONE
            if action.kind == "run":
                _unfold(came, action.arguments["set"], place, waiting)
            else:
                found.append(came)
    return consequences.joined(found)


def _unfold(
    came: consequences.Consequences,
    number: int,
    place: Mapping[int, tuple[Turn, Within]],
    waiting: Mapping[int, deque[tuple[Turn, Within]]],
) -> None:
    """What a saved set does comes before what stands behind it; no set is run within itself."""
    for fact, actions_ in came.lists:
        _, within = place[fact.friend]
        if number not in within:
            waiting[fact.friend].extendleft(((fact, action), (*within, number)) for action in reversed(actions_))


async def _meant(plan: plans.Plan, turns: Sequence[Turn]) -> list[Turn]:
    """What of this is to be done now: not what is put off, for whom the condition is not true, or who had it once."""
    for fact, action in turns:
        if action.after is not None:
            plan.put_off(fact.friend, action, fact.origin)
    turns = [(fact, action) for fact, action in turns if action.after is None]
    if any(action.condition is not None for _, action in turns):
        turns = await _fitting(plan, turns)
    asked = [(fact.friend, action.once) for fact, action in turns if action.once is not None]
    if asked:
        new = await once.first(asked)
        turns = [turn for turn in turns if turn[1].once is None or (turn[0].friend, turn[1].once) in new]
    return turns


async def _fitting(plan: plans.Plan, turns: Sequence[Turn]) -> list[Turn]:
    conditions: dict[str, tuple[segments.Segment, list[int]]] = {}
    for fact, action in turns:
        if action.condition is not None:
            conditions.setdefault(str(action.condition), (action.condition, []))[1].append(fact.friend)
    fit = dict(zip(conditions, await entering.fitting(plan, list(conditions.values())), strict=True))
    return [
        (fact, action)
        for fact, action in turns
        if action.condition is None or fact.friend in fit[str(action.condition)]
    ]


async def _followed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """Our own history, not LINE's hint, says who is new; a return resumes only what its greeting says."""
    latest = {fact.friend: fact for fact in given}
    changed = await friends.followed(_states(latest))
    starts = tuple(action_lists.Action("scenario_start", {"scenario": one}) for one in plan.config.started_by_follow)
    lists: list[tuple[facts.Fact, action_lists.ActionList]] = []
    for friend, before in changed.items():
        plan.people[friend] = replace(
            plan.people[friend], reachable=not plan.people[friend].blocked_by_us, returning=before
        )
        plan.record(friend, "returned" if before else "followed", None, latest[friend].at)
        greeting = plan.config.greetings.get("returning" if before else "new", ())
        lists.append((latest[friend], greeting if before else greeting + starts))
    return consequences.Consequences(lists=lists)


async def _unfollowed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    latest = {fact.friend: fact for fact in given}
    changed = await friends.unfollowed(_states(latest))
    if changed:
        await walks.pause(changed)
        await outbox.cancel_for_friends(changed)
        await delayed.drop(changed)
    for friend in changed:
        plan.people[friend] = replace(plan.people[friend], reachable=False)
        plan.record(friend, "blocked", None, latest[friend].at)
    told = plan.config.greetings.get("blocked", ())
    return consequences.Consequences(lists=[(latest[friend], told) for friend in changed])


def _states(latest: dict[int, facts.Fact]) -> list[tuple[int, datetime, str]]:
    """(friend, when, event id) of facts that set a state."""
    return [
        (friend, fact.at, fact.what.event_id)
        for friend, fact in latest.items()
        if isinstance(fact.what, facts.Followed | facts.Unfollowed)
    ]


async def _said(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    await friends.reacted([(fact.friend, fact.at) for fact in given])
    for fact in given:
        plan.record(fact.friend, "said", None, fact.at)
    rest = await opting_out.answer(plan, given)
    return await auto_replies.answer(plan, rest)


async def _pressed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    await friends.reacted([(fact.friend, fact.at) for fact in given])
    pressed = [(fact, fact.what.button) for fact in given if isinstance(fact.what, facts.Pressed)]
    buttons = await plan.cache.buttons([button for _, button in pressed if button is not None])
    lists = []
    for fact, button in pressed:
        plan.record(fact.friend, "pressed", button, fact.at)
        lists.append((fact, buttons.get(button, UNKNOWN_BUTTON) if button is not None else UNKNOWN_BUTTON))
    return consequences.Consequences(lists=lists)


async def _video_completed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    await friends.reacted([(fact.friend, fact.at) for fact in given])
    watched = [(fact, fact.what.button) for fact in given if isinstance(fact.what, facts.VideoCompleted)]
    buttons = await plan.cache.buttons([button for _, button in watched])
    for fact, button in watched:
        plan.record(fact.friend, "video_completed", button, fact.at)
    return consequences.Consequences(lists=[(fact, buttons.get(button, ())) for fact, button in watched])


async def _link_clicked(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """What the link does wherever it stands, then what it does where it was sent."""
    clicked = [(fact, fact.what) for fact in given if isinstance(fact.what, facts.LinkClicked)]
    buttons = await plan.cache.buttons([what.button for _, what in clicked if what.button is not None])
    lists = []
    for fact, what in clicked:
        plan.record(fact.friend, "link_clicked", what.link, fact.at)
        here = buttons.get(what.button, ()) if what.button is not None else ()
        lists.append((fact, (*plan.config.clicked_links.get(what.link, ()), *here)))
    return consequences.Consequences(lists=lists)


async def _form_answered(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    await friends.reacted([(fact.friend, fact.at) for fact in given])
    lists = []
    for fact in given:
        if isinstance(fact.what, facts.FormAnswered):
            kind = "form_edited" if fact.what.edited else "form_answered"
            plan.record(fact.friend, kind, fact.what.form, fact.at, {"submission": fact.what.submission})
            lists.append((fact, fact.what.actions))
    return consequences.Consequences(lists=lists)


async def _tag_added(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """A tag may end scenarios, do what it is told to do, and start scenarios, in this order."""
    own = await tag_rules.due(plan, given, "on")
    lists = []
    for fact in given:
        tag = fact.what.tag if isinstance(fact.what, facts.TagAdded) else 0
        ends = [
            action_lists.Action("scenario_stop", {"scenario": one, "ended": True})
            for one in plan.config.ended_by_tag.get(tag, ())
        ]
        starts = plan.config.started_by_tag.get(tag, ())
        begins = [action_lists.Action("scenario_start", {"scenario": one}) for one in starts]
        lists.append((fact, (*ends, *own.get((fact.friend, tag), ()), *begins)))
    return consequences.Consequences(lists=lists)


async def _tag_removed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    return await tag_rules.run(plan, given, "off")


async def _tag_full(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    return await tag_rules.run(plan, given, "full")


async def _field_changed(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """What a field does by itself, once for each friend in whom it has changed."""
    lists = []
    for fact in given:
        field = fact.what.field if isinstance(fact.what, facts.FieldChanged) else 0
        actions_ = plan.config.changed_fields.get(field)
        if actions_:
            lists.append((fact, actions_))
    return consequences.Consequences(lists=lists)


async def _scenario_finished(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """＋終了後 of the version in force speaks for all."""
    finished = [(fact, fact.what.scenario) for fact in given if isinstance(fact.what, facts.ScenarioFinished)]
    return consequences.Consequences(
        lists=[(fact, after) for fact, one in finished if (after := plan.config.after_finish.get(one))]
    )


UNKNOWN_BUTTON: action_lists.ActionList = action_lists.load(
    [
        {
            "do": "send",
            "messages": [
                {
                    "type": "text",
                    "text": "申し訳ありません。このボタンは今は使えません。お手数ですが、トークでお知らせください。",
                }
            ],
        }
    ]
)

# The one visible list of all that can set something going, in the order in which a round applies the rules.
RULES: dict[type[facts.What], Trigger] = {
    facts.Followed: Trigger(
        _followed,
        "友だち追加・ブロック解除",
        "はじめての方には新規のあいさつを送り、シナリオを始めます。戻ってきた方にはブロック解除のあいさつを送ります。",
        "■シナリオ ようこそ\n開始: 友だち追加",
    ),
    facts.Unfollowed: Trigger(
        _unfollowed,
        "ブロックされた",
        "途中のシナリオを休ませ、待っている送信を取りやめて、あいさつの ▼ブロック の動作をします。",
        "■あいさつ 友だち追加\n▼ブロック\n＋実行 タグ付ける 離脱",
    ),
    facts.Said: Trigger(
        _said,
        "言葉・スタンプ・画像・動画・音声・ファイル・位置",
        "当てはまる自動応答のうち、一番上のものが答えます。どれにも当たらなければ「その他」が答えます。",
        "■自動応答 営業時間\n語: 営業時間, 何時まで",
    ),
    facts.Pressed: Trigger(
        _pressed, "ボタン", "ボタンの → の後の動作をします。", "＋ボタン 興味がある → タグ付ける 興味あり"
    ),
    facts.VideoCompleted: Trigger(
        _video_completed, "動画を最後まで見た", "＋動画 の → の後の動作をします。", "＋動画 料理 → タグ付ける 視聴済み"
    ),
    facts.LinkClicked: Trigger(
        _link_clicked,
        "リンクを開いた",
        "開いたことを数え、リンクの → の後の動作をします。",
        "＋リンク https://example.com 名前=予約 → タグ付ける 興味あり",
    ),
    facts.FormAnswered: Trigger(
        _form_answered,
        "フォームに回答した",
        "答えを項目に入れ、選択肢・質問・結果の → の後の動作と、＋回答後 の動作をします。",
        "■フォーム 来店アンケート\n▼きっかけ [単一]\n・紹介 → タグ付ける 紹介\n＋回答後 タグ付ける 回答済",
    ),
    facts.TagAdded: Trigger(
        _tag_added,
        "タグが付いた",
        "そのタグで終わるシナリオを終え、付いた時の動作をし、そのタグで始まるシナリオを始めます。",
        "タグ 変更 VIP 付いた時=送る テンプレ:お礼",
    ),
    facts.TagRemoved: Trigger(
        _tag_removed, "タグが外れた", "外れた時の動作をします。", "タグ 変更 VIP 外れた時=シナリオ停止 会員向け"
    ),
    facts.TagFull: Trigger(
        _tag_full,
        "タグが上限に達している",
        "そのタグを付けずに、超過時の動作をします。",
        "タグ 変更 VIP 上限=50 超過時=送る 「満員です」",
    ),
    facts.FieldChanged: Trigger(
        _field_changed, "項目が変わった", "変わった時の動作をします。", "項目 変更 来店回数 変わった時=タグ付ける 常連"
    ),
    facts.ScenarioFinished: Trigger(
        _scenario_finished,
        "シナリオの最後の通が済んだ",
        "公開中の版の ＋終了後 の動作をします。",
        "＋終了後 タグ付ける 完了",
    ),
}

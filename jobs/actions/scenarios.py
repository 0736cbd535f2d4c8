"""Actions on scenarios."""

from collections.abc import Sequence

from jobs import action_lists, consequences, facts, plans, renewing, scenarios
from jobs.actions.arguments import ALL, Step, Thing
from jobs.actions.kind import Aspect, Kind

STARTED = Aspect("シナリオ「{first}」と「{it}」を同時に始めています")


async def scenario_start(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    given = action.arguments
    return await scenarios.start(plan, cases, given["scenario"], given.get("step", 0), given.get("by_hand", False))


async def scenario_stop(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    given = action.arguments
    return await scenarios.stop(plan, cases, given["scenario"], ended=given.get("ended", False))


async def scenario_switch(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """Nobody is taken off the others for one that cannot be started now."""
    number = action.arguments["scenario"]
    wanted = plan.config.scenarios.get(number)
    if wanted is None or wanted.state != "live":
        return consequences.NONE
    left = consequences.Consequences(await scenarios.leave_others(plan, cases, number))
    return consequences.joined([left, await scenarios.start(plan, cases, number)])


async def scenario_resume(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    await scenarios.resume(plan, cases, action.arguments["scenario"])
    return consequences.NONE


async def scenario_skip(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    return await scenarios.skip(plan, cases, action.arguments["scenario"])


async def scenario_renew(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    given = action.arguments
    return await renewing.renew(plan, cases, given["scenario"], given["version"], given.get("back_from"))


SCENARIO = Thing("scenario", "シナリオ", "scenarios")
ONE_OR_ALL = Thing("scenario", "シナリオ", "scenarios", instead=ALL)

KINDS = (
    Kind(
        do="scenario_start",
        word="シナリオ開始",
        spellings=("シナリオ始める", "start"),
        arguments=(SCENARIO, Step()),
        examples=("シナリオ開始 ようこそ", "シナリオ開始 ようこそ 3通目から"),
        tells="シナリオを始めます。途中の通から始めることもできます。",
        effect=scenario_start,
        starts=True,
        settles=STARTED,
    ),
    Kind(
        do="scenario_stop",
        word="シナリオ停止",
        spellings=("シナリオ止める", "stop"),
        arguments=(ONE_OR_ALL,),
        examples=("シナリオ停止 ようこそ", "シナリオ停止 全部"),
        tells="シナリオの続きを止めます。",
        effect=scenario_stop,
    ),
    Kind(
        do="scenario_resume",
        word="シナリオ再開",
        spellings=("resume",),
        arguments=(ONE_OR_ALL,),
        examples=("シナリオ再開 全部", "シナリオ再開 ようこそ"),
        tells="ブロックで止まっていたシナリオを、続きから再開します。名前を書くと、外した人も続きから始まります。",
        effect=scenario_resume,
        starts=True,
        silent=True,
    ),
    Kind(
        do="scenario_switch",
        word="シナリオ切替",
        spellings=("シナリオ切り替え", "シナリオ切替え", "switch"),
        arguments=(SCENARIO,),
        examples=("シナリオ切替 購入後フォロー",),
        tells="ほかのシナリオをすべて止めて、このシナリオを始めます。",
        effect=scenario_switch,
        starts=True,
        settles=STARTED,
    ),
    Kind(do="scenario_skip", effect=scenario_skip),
    Kind(do="scenario_renew", effect=scenario_renew),
)

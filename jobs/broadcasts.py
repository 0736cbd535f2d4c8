"""Sending a broadcast: begun once when its time has come and all is as it was confirmed; stopped, and gone on with."""

import uuid
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import structlog

from jobs import configuration, recurrence, trials
from storage import broadcasts as kept
from storage import clock, database, operations, outbox, pauses, quota, segments, sends, settings, staff
from storage.broadcasts import aggregates, runs
from storage.broadcasts import trials as kept_trials

HOLD = timedelta(seconds=60)  # before what is sent by hand leaves
LATE = timedelta(hours=1)  # what could not begin for so long is asked about
SHARE, PEOPLE = 0.2, 10  # an audience that differs by more than both from the one confirmed is asked about

WHY: dict[runs.Reason, str] = {
    "audience": "対象が確認時の{confirmed:,}人から{counted:,}人に変わったため",
    "capped": "「設定 配信上限」に達した人が増え、対象が確認時の{confirmed:,}人から{counted:,}人に減ったため",
    "quota": "今月の残り通数が{counted:,}人分に足りないため",
    "late": "送る予定の時刻を1時間以上過ぎたため",
    "held": "送信を止めている間に予定の時刻になったため",
    "failed": "送る準備の途中で問題が起きたため",
    "restored": "控えから戻す前にもう送っているかもしれないため",
    "winner": "勝者をまだ選んでいないため",
    "untested": "テストの送信がまだ終わっていないため",
}

log = structlog.get_logger()


def differs(confirmed: int, counted: int) -> bool:
    """Whether an audience is not the one that was confirmed any more."""
    change = abs(counted - confirmed)
    return change > PEOPLE and change > SHARE * confirmed


async def begin_due(cache: configuration.Cache) -> bool:
    """Begin the run whose time has come first, or leave it to staff; whether there was one.

    All in the transaction that changes the run's state: whoever dies on the way, it begins once.
    """
    claimed: list[runs.Run] = []

    async def work() -> bool:
        claimed[:] = [run] if (run := await runs.claim_due()) is not None else []
        if claimed:
            await _begin(claimed[0], cache)
            if await kept.asked_to_stop(claimed[0].broadcast, claimed[0].id):
                await _stop_at_once(claimed[0].id)
        return bool(claimed)

    try:
        return await database.repeated(work)
    except Exception as error:
        if not database.failed(error) or not claimed:
            raise
        log.error("broadcast not begun", run=claimed[0].id, exc_info=error)
        return await database.repeated(lambda: _put_aside(claimed[0].id, cache))


async def _begin(run: runs.Run, cache: configuration.Cache) -> None:
    await settings.hold("capped")  # of two that begin at once the second sees who gets the first
    moment = await clock.read()
    config = await cache.at(moment)
    sight = runs.sight(run.definition, segments.Sight(moment.now, config.zone, None, config.meaning, config.cap))
    frozen = run.operation is not None
    meant = kept_trials.sent_to(run.broadcast, run.definition)
    counted = run.confirmed if frozen else await segments.count(meant, sight, promotion=True)
    reason = await _obstacle(run, counted, meant, sight, str(config.zone)) or await trials.unready(run)
    if reason is not None:
        await _leave_to_staff(run, reason, counted, await _plan_next(run, run.confirmed, sight))
    elif await trials.settled(run, config, moment.now):
        return
    elif run.test is not None and run.operation is not None:
        await operations.start(run.operation)
        await runs.begun(run.id, run.operation, counted, moment.now)
        await _name(run.operation, config, moment.now)
    else:
        operation = run.operation
        if operation is None:
            actions = orjson.dumps(run.actions).decode()
            operation, _ = await operations.freeze(run.definition["target"], sight, actions, "waiting")
        first, total = await trials.begun(run, operation, moment.now)
        await operations.start(first)
        await runs.begun(run.id, first, total, moment.now)
        await _name(first, config, moment.now)
        if not frozen:
            await _plan_next(run, max(total, run.confirmed) if sight.cap is not None else total, sight)


async def _name(operation: int, config: configuration.Configuration, now: datetime) -> None:
    """Let LINE count what this run sends under a name of its own (設定 LINE集計)."""
    if config.chosen.get("aggregated", configuration.AGGREGATED):
        await aggregates.begin(operation, now)


async def _plan_next(run: runs.Run, counted: int, sight: segments.Sight) -> datetime | None:
    """Of a broadcast that is repeated the next run, whose audience is compared with this one's, or with what was
    confirmed where this one was not sent; when that is, in the shop's time."""
    stored = run.definition.get("repeats")
    if stored is None:
        return None
    zone = ZoneInfo(str(sight.zone))
    coming = recurrence.runs(recurrence.from_json(stored), max(run.at, sight.now), zone, 1)
    for at in coming:
        await runs.plan(
            run.broadcast,
            at=at,
            immediate=False,
            confirmed=counted,
            definition=run.definition,
            operation=None,
            staff_id=run.staff_id,
            now=sight.now,
        )
    return coming[0].astimezone(zone) if coming else None


async def _only_capped(run: runs.Run, counted: int, meant: segments.Segment, sight: segments.Sight) -> bool:
    """Whether the audience is smaller only for who has had enough broadcasts since."""
    if sight.cap is None or counted > run.confirmed:
        return False
    return not differs(run.confirmed, await segments.count(meant, replace(sight, cap=None), promotion=True))


async def _obstacle(
    run: runs.Run, counted: int, meant: segments.Segment, sight: segments.Sight, zone: str
) -> runs.Reason | None:
    """What is not as it was when the run was confirmed; one that is repeated goes to fewer where these have enough."""
    if run.reason is not None:
        return run.reason
    if sight.now - run.at > LATE:
        return "late"
    if {one.scope for one in await pauses.held()} & {"all", "class:promotion"}:
        return "held"  # after a restore it may have been sent already
    if differs(run.confirmed, counted):
        if not await _only_capped(run, counted, meant, sight):
            return "audience"
        if run.definition.get("repeats") is None:
            return "capped"
    return "quota" if counted > await room(zone) else None


async def room(zone: str) -> float:
    """Messages that many friends may still get this month, beside those that wait to leave or are yet to be planned."""
    usage = await quota.usage(zone)
    if usage.allowed is None:
        return float("inf")
    return usage.allowed - usage.used - usage.waiting - usage.reserve - await runs.unplanned()


async def _put_aside(number: int, cache: configuration.Cache) -> bool:
    run = await runs.lock(number)
    if run.state == "waiting":
        moment = await clock.read()
        coming = await _plan_next(run, run.confirmed, segments.Sight(moment.now, (await cache.at(moment)).zone))
        await _leave_to_staff(run, "failed", run.confirmed, coming)
    return True


async def _leave_to_staff(run: runs.Run, reason: runs.Reason, counted: int, coming: datetime | None) -> None:
    """Not sent: told in the groups with the next word there, and at once to whoever has confirmed it. `coming` is when
    it is repeated."""
    await runs.ask(run.id, reason, counted)
    one = await kept.get(run.broadcast)
    whom = "、残りの方には" if run.test is not None else "、"
    told = f"⚠️ 配信「{one.name}」#B{one.id} は、{why(reason, run.confirmed, counted)}{whom}送っていません。"
    if run.test is not None:
        told += f"「配信 結果 #B{one.id}」で確かめて、「配信 勝者 #B{one.id} A」のように選んでください。"
    elif coming is not None:
        told += f"今回だけを見送り、くり返しは続きます。{_next(one, run, reason, coming)}"
    else:
        told += f"「配信 確認 #B{one.id}」で確かめて、送り直してください。"
    await outbox.notice(f"broadcast:{one.id}", told)
    user = await staff.talk_of(run.staff_id) if run.staff_id is not None else None
    if user is not None:
        [row], _ = await sends.reserve(1, 0)
        body = orjson.dumps([{"type": "text", "text": told}])
        await sends.write(
            [
                sends.NewRow(
                    row,
                    "push",
                    "transactional",
                    2,
                    f"notice:broadcast:{one.id}",
                    user,
                    body,
                    retry_key=uuid.uuid4(),
                    cost=1,
                )
            ],
            [],
        )


def _next(one: kept.Kept, run: runs.Run, reason: runs.Reason, coming: datetime) -> str:
    """What becomes of the series, and the ways to send this one after all and to end it."""
    when = f"次回は{coming.month}/{coming.day} {coming:%H:%M}です"
    if reason == "audience":
        return (
            f"{when}が、人数が確認時の{run.confirmed:,}人から大きく違うままなら、また見送ります。"
            f"今の人数でよければ「配信 停止 #B{one.id}」のあと「配信 予約 #B{one.id}」で予約し直してください。"
        )
    return f"{when}。今回の分も送るには「配信 複製 #B{one.id}」、くり返しをやめるには「配信 停止 #B{one.id}」です。"


def why(reason: runs.Reason, confirmed: int, counted: int | None) -> str:
    """対象が確認時の412人から530人に変わったため."""
    return WHY[reason].format(confirmed=confirmed, counted=counted or 0)


async def stop(run: runs.Run) -> outbox.Stopped:
    """Stop a run that has begun: nothing more of it is planned, and what has not left is held back.

    The operation's state changes first, in the transaction that the planner's chunks look at after their locks.
    """
    now = await clock.now()
    found = []
    for operation in await runs.together(run):
        await operations.halt(operation, now)
        found.append(await outbox.cancel(f"operation:{operation}"))
    return outbox.Stopped(*(sum(each) for each in zip(*map(astuple, found), strict=True)))


async def _stop_at_once(number: int) -> None:
    """Freezing many friends takes a while, in which staff may have changed their minds."""
    run = await runs.lock(number)
    if run.state == "begun":
        await stop(run)


async def go_on(run: runs.Run) -> bool:
    """Let a stopped run reach those whom it has not; whether it was stopped. Who is in doubt gets nothing twice."""
    stopped = [one for one in await runs.together(run, begun=True) if await operations.go_on(one)]
    if not stopped:
        return False
    await outbox.go_on([runs.cause(one) for one in stopped])
    return True

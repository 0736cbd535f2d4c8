"""Alarms: staff hear of what stands still, and somebody is told at the cost of a message when nobody has heard."""

import uuid
from zoneinfo import ZoneInfo

import orjson

from jobs import hours
from storage import alarms, clock, outbox, pauses, quota, sends

TEXTS = {
    "quota": (
        "⚠️ 今月の通数が足りないため、10分以上送れずに待っているメッセージがあります。"
        "「使用量」で残りと上限を確かめてください。"
    ),
    "outage": (
        "⚠️ LINEへの送信がうまくいかない状態が10分以上続いています。回復すると自動で送ります（失われていません）。"
    ),
    "stuck": "⚠️ 10分以上進んでいない処理があります。「設定」で様子を見て、続くときは設置した方にお伝えください。",
}
WHY = "（管理グループでまだ読まれていないため、1通使ってお知らせしました）"
PRIORITY = 2


async def look(zone: str) -> list[int]:
    """Tell staff with their next word of what has stood still for minutes; push to one of them what has waited unheard,
    each notice once. Ids of outbox rows to send; in a transaction of its own."""
    to_tell, over = await alarms.note(await alarms.standing_still(zone))
    for reason in to_tell:
        await outbox.notice(reason, TEXTS[reason])
    for reason in over:
        await outbox.withdraw(reason)
    if await _nothing_can_be_pushed(zone):
        return []
    person = await _whom(zone)
    unheard = await alarms.unheard() if person is not None else []
    if person is None or not unheard:
        return []
    ids, _ = await sends.reserve(len(unheard), 0)
    await sends.write([_push(row, person, one) for row, one in zip(ids, unheard, strict=True)], [])
    return ids


async def _whom(zone: str) -> str | None:
    """The LINE user id of the one person who is told: on duty now, else whoever decides."""
    people = await alarms.reached()
    local = (await clock.now()).astimezone(ZoneInfo(zone))
    on_duty = [one for one in people if any(it.open_at(local) for it in hours.business({"opening": one.duty}) or ())]
    chosen = on_duty or [one for one in people if one.decides]
    return chosen[0].line_user_id if chosen else None


def _push(row: int, person: str, notice: alarms.Notice) -> sends.NewRow:
    text = f"{notice.text}\n{WHY}"
    return sends.NewRow(
        id=row,
        kind="push",
        klass="transactional",
        priority=PRIORITY,
        cause=notice.cause,
        chat=person,
        body=orjson.dumps([{"type": "text", "text": text}]),
        retry_key=uuid.uuid4(),
        cost=1,
    )


async def _nothing_can_be_pushed(zone: str) -> bool:
    """A message that could only leave hours later would tell of what is over by then."""
    held = {one.scope for one in await pauses.held()}
    if held & {"all", "channel", "class:transactional", "quota:transactional", "outage:push"}:
        return True
    usage = await quota.usage(zone)
    return usage.allowed is not None and usage.used >= usage.allowed

"""What a broadcast would do if it were sent: to whom, when, for how many messages, and what to beware of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from admin_commands import cards, desk, objects, segments
from admin_commands.broadcasts import trying
from jobs import forecast, messages
from storage import broadcasts as kept
from storage import friends, quota
from storage import segments as stored
from storage.broadcasts import audiences, runs, trials

NAME = "名前"
MOST_ASKED = 50_000  # friends whose deliveries are looked at for the card
SHOWN = trying.MOST_SHOWN  # of its messages, above the card


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`lines` and `warnings` for a card, `shown` what it says as somebody would get it.

    `lacks` are the messages that the month has not got for it; `gone`: something that 対象 names is no more; `recent`
    of them have been written to within seven days.
    """

    total: int
    lines: list[cards.Line]
    warnings: list[str]
    shown: tuple[cards.Message, ...]
    lacks: int
    gone: bool
    recent: int


async def of(at: desk.Desk, one: kept.Kept, moment: datetime | None, friend: friends.Seen | None = None) -> Reckoned:
    """As of now; without a moment it would leave at once. `friend` is whose eyes it is seen with."""
    target = one.definition["target"]
    linked = await segments.linked_again(target, at.local(at.now).date())
    sight = one.sight(at.sight)
    echo = await segments.echo(at, linked, promotion=sight)
    noted = await audiences.noted(target, sight, recent=0 < echo.total <= MOST_ASKED)
    usage = await quota.usage(at.zone.key)
    heads = await trials.heads(one.id, one.definition, sight) if trials.of(one.definition) != trials.NONE else None
    total = echo.total if heads is None else heads.sent
    lines: list[cards.Line] = [f"対象: {echo.total:,}人", *echo.lines]
    lines += await trying.told(one, heads) if heads is not None else []
    lines.append(f"日時: {at.moment(moment) if moment is not None else '今すぐ（確認のあと60秒待ちます）'}")
    if one.definition["frozen"]:
        lines.append("対象の判定: 確認時（そのあと変わりません）")
    lines += how(one)
    lacks, told = await _cost(at, one.id, total, moment, usage)
    seen = friend or await _somebody(at, target, echo, sight)
    said = await trying.shown(at, one, seen)
    if seen is not None:
        lines.append(f"表示: {seen.name or '名前なし'}さんに届く形です（上のメッセージ）。")
    warnings = [*_gone(linked), *told[1], *_warnings(at, one, moment, noted, echo.total)]
    warnings += trying.doubts(one, heads) if heads is not None else []
    gone = bool(_gone(linked))
    return Reckoned(total, [*lines, *told[0]], warnings, tuple(said[:SHOWN]), lacks, gone, noted.recent or 0)


def how(one: kept.Kept) -> list[str]:
    """Who it says it comes from, what can be tapped below it, and that it comes without a sound."""
    senders = {message["sender"]["name"] for message in one.messages if "sender" in message}
    quiet = any(action.get("quiet") for action in one.definition.get("actions", ()))
    lines = [f"送信者: {name}" for name in sorted(senders)]
    lines += [
        f"クイック返信: {labels}" for labels in dict.fromkeys(map(_quick, trying.wordings(one.definition))) if labels
    ]
    lines += ["通知: なし（音もバナーも出ません）"] if quiet else []
    return [*lines, *(["上限: 無視（「設定 配信上限」の通数に達した人にも送ります）"] if one.uncapped else [])]


def _quick(wording: tuple[str, list[dict[str, Any]]]) -> str:
    """What can be tapped below the last message of a wording."""
    letter, said = wording
    items = [item for message in said for item in message.get("quickReply", {}).get("items", ())]
    return f"{letter} {'・'.join(item['action']['label'] for item in items)}".strip() if items else ""


async def _somebody(
    at: desk.Desk, target: stored.Segment, echo: segments.Echo, sight: stored.Sight
) -> friends.Seen | None:
    """One of those who would get it, to see it with their eyes."""
    found = await stored.page(target, echo.found, sight, 1) if echo.total else []
    seen = await friends.seen(found, at.sight)
    return objects.discreet(at, seen[0]) if seen else None


async def _cost(
    at: desk.Desk, number: int, total: int, moment: datetime | None, usage: quota.Usage
) -> tuple[int, tuple[list[str], list[str]]]:
    """How many messages too many it takes, and that in words: lines and warnings."""
    month = at.local(moment or at.now)
    first = at.local(at.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    if usage.allowed is None:
        return 0, ([f"通数: {total:,}通（上限はLINEからまだ読めていないか、ありません）"], [])
    pending = await runs.unplanned()
    if month >= following:
        left = max(0, usage.allowed - usage.used - usage.waiting - pending)
        told = f"通数: {total:,}通（{month.month}月分から。今月の残り{left:,}通は減りません）"
        return 0, ([told], [f"{month.month}月分の{usage.allowed:,}通を超えます。"] if total > usage.allowed else [])
    left = max(0, usage.allowed - usage.used - usage.waiting - usage.reserve - pending)
    coming = max(0, (await forecast.of(at.cache, at.config, at.now, following, besides=number)).total - pending)
    lines = [f"通数: {total:,}通（使用 {usage.used:,}・残り {left:,} → 送ったあと {max(0, left - total):,}通）"]
    if coming:
        lines.append(f"見込み: 今月はほかに{coming:,}通の予定があります（ほかの配信・シナリオ・時間を指定した動作）")
    warnings = []
    if total > left:
        warnings.append(f"今月の残りでは{total - left:,}通足りません。")
    elif coming and total + coming > left:
        warnings.append(f"ほかの予定と合わせると、今月分が{total + coming - left:,}通足りなくなる見込みです。")
    return max(0, total - left), (lines, warnings)


def _gone(linked: segments.Linked) -> list[str]:
    deleted = [thing.name for thing in linked.things.values() if not thing.version]
    return [f"対象の条件にある{'・'.join(deleted)}は、もうありません。"] if deleted else []


def _warnings(at: desk.Desk, one: kept.Kept, moment: datetime | None, noted: audiences.Noted, total: int) -> list[str]:
    found = []
    if not total:
        found.append("対象の友だちがいません。")
    if noted.recent:
        found.append(f"直近7日に、配信やシナリオなどのメッセージが届いた人が{noted.recent:,}人います。")
    elif noted.recent is None and total:
        found.append(f"{MOST_ASKED:,}人を超えるため、直近7日の配信との重なりは数えていません。")
    if noted.nameless and NAME in messages.variables(one.messages):
        found.append(
            f"名前のない人が{noted.nameless:,}人います（{{{NAME}|お客様}} と書くと、代わりに「お客様」が入ります）。"
        )
    leaves = at.local(moment or at.now)
    if at.config.awake is not None and not any(hours.open_at(leaves) for hours in at.config.awake):
        found.append(f"夜間（設定 静音）の{at.clock(leaves)}に届きます。")
    return found

"""Sending broadcasts: confirmed by typing how many they are, held for a minute, stopped, and gone on with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from admin_commands import cards, choices, desk, objects, places, requests
from admin_commands.broadcasts import looks, opening, reckoning, trying
from admin_commands.broadcasts.writing import moment_of
from admin_commands.grammar import schedules
from admin_commands.grammar.commands import Command as Said
from jobs import broadcasts
from jobs import trials as tests
from storage import broadcasts as kept
from storage import changes, operations
from storage.broadcasts import runs, trials

SMALL = 10  # up to so many friends a button is enough


async def send(at: desk.Desk, said: Said) -> cards.Say:
    """As soon as it is confirmed, but for the hold."""
    one = await _sendable(at, said)
    holds = await _confirmed(at, one, None)
    if _takes_two(at, holds):
        return await _ask_another(at, one, holds, f"配信 送信 #B{one.id}")
    shown = int(holds["people"])
    run = await _plan(at, one, at.now + broadcasts.HOLD, shown, immediate=True)
    at.record(
        "broadcast.send",
        {"broadcast": one.id, "run": run},
        f"配信「{one.name}」を{shown:,}人へ送ることにした",
        [changes.unplan(run, 1)],
    )
    coming = looks.planned(at, one) if looks.recurs(one) is not None else None
    again = [f"そのあとは、{at.moment(coming)} からくり返します（やめるには「配信 停止」）。"] if coming else []
    return _card(
        f"⏳ 配信「{one.name}」#B{one.id} を{int(broadcasts.HOLD.total_seconds())}秒後に{shown:,}人へ送ります",
        ["止めるなら今です。送り始めたあとも、残りを止められます。", *again],
        (cards.Tap("中止", f"配信 停止 #B{one.id}"), cards.Tap("状態", f"配信 表示 #B{one.id}")),
    )


async def reserve(at: desk.Desk, said: Said) -> cards.Say:
    """At its 日時, or at the moment that is said."""
    one = await _sendable(at, said)
    moment = _moment(at, one, said.after(0).partition("\n")[0].strip() if len(said.args) > 1 else "")
    holds = await _confirmed(at, one, moment)
    if _takes_two(at, holds):
        when = at.local(moment).strftime("%Y-%m-%d %H:%M")
        return await _ask_another(at, one, holds, f"配信 予約 #B{one.id} {when}")
    shown = int(holds["people"])
    run = await _plan(at, one, moment, shown, immediate=False)
    at.record(
        "broadcast.reserve",
        {"broadcast": one.id, "run": run},
        f"配信「{one.name}」を{at.moment(moment)}に{shown:,}人へ予約した",
        [changes.unplan(run, 1)],
    )
    return _card(
        f"⏰ 配信「{one.name}」#B{one.id} を予約しました",
        [f"日時: {at.moment(moment)}", f"対象: {shown:,}人", f"それまでは「配信 停止 #B{one.id}」で止められます。"],
        (cards.Tap("停止", f"配信 停止 #B{one.id}"), cards.Tap("状態", f"配信 表示 #B{one.id}")),
        places.undo_tap(),
    )


def _card(
    title: str, lines: Sequence[str], buttons: Sequence[cards.Tap], taps: tuple[cards.Tap, ...] = ()
) -> cards.Say:
    """What has been set going or stopped, with buttons that stay there while others talk."""
    return cards.Say("", taps, card=cards.panel(title, lines, buttons=buttons))


async def _sendable(at: desk.Desk, said: Said) -> kept.Kept:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    looks.written(one)
    if one.state in ("scheduled", "holding", "testing", "sending"):
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} はもう{looks.STATES[one.state]}です。",
            cards.Tap("表示", f"配信 表示 #B{one.id}"),
            cards.Tap("停止", f"配信 停止 #B{one.id}"),
        )
    if one.state in ("stopped", "done"):
        again = cards.Tap("続きを送る", f"配信 再開 #B{one.id}")
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} は{looks.STATES[one.state]}です。もう一度送るには、複製してください。",
            cards.Tap("複製", f"配信 複製 #B{one.id}"),
            *([again] if one.state == "stopped" else []),
        )
    return one


def _moment(at: desk.Desk, one: kept.Kept, given: str) -> datetime:
    """What is said now, else the 日時 of the block; a span (30分後) counts from when the card was shown."""
    shown = _shown(at).get("at")
    moment = looks.planned(at, one)
    if given:
        found = schedules.whole(given)
        if isinstance(found, schedules.Problem):
            raise desk.Declined(f"「{given}」{found.what}。例: 配信 予約 #B{one.id} 12/1 18:00")
        if not isinstance(found.when, schedules.At | schedules.After) or found != schedules.Schedule(found.when):
            raise desk.Declined(
                "くり返す日時は、配信に書いてから予約してください。",
                cards.Tap("日時を変える", f"配信 変更 #B{one.id} 日時 {given}"),
            )
        if found.when == schedules.After(0):
            raise desk.Declined("今すぐ送る時は「配信 送信」です。", cards.Tap("今すぐ送る", f"配信 送信 #B{one.id}"))
        counted = isinstance(found.when, schedules.After) and shown is not None
        moment = datetime.fromisoformat(str(shown)) if counted else moment_of(at, found)
    if moment is None:
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} に日時がありません。\n例: 配信 予約 #B{one.id} 明日 18:00",
            cards.Tap("明日18:00に予約", f"配信 予約 #B{one.id} 明日 18:00"),
            cards.Tap("今すぐ送る", f"配信 送信 #B{one.id}"),
        )
    if moment <= at.now:
        raise desk.Declined(
            f"日時 {at.moment(moment)} は過ぎています。\n例: 配信 予約 #B{one.id} 明日 18:00",
            cards.Tap("明日の同じ時刻", f"配信 予約 #B{one.id} 明日 {at.clock(moment)}"),
            cards.Tap("今すぐ送る", f"配信 送信 #B{one.id}"),
        )
    return moment


def _shown(at: desk.Desk) -> Mapping[str, Any]:
    """What the card that is being confirmed has held."""
    return at.held.get(str(at.place), {})


async def _confirmed(at: desk.Desk, one: kept.Kept, moment: datetime | None) -> dict[str, Any]:
    """Go on when this has been confirmed; what was confirmed, the `people` among it.

    Friends come and go while a card is read: a few more or less are no reason to show it again, as long as who gets
    it is judged when it is sent.
    """
    found = await reckoning.of(at, one, moment)
    if not found.total or found.gone:
        raise desk.Declined(f"配信「{one.name}」は送れません。{found.warnings[0]}", looks.check_tap(one))
    if found.lacks:
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} は送れません。{found.total:,}人に送るには、"
            f"今月の残りが{found.lacks:,}通足りません。対象を減らすか、来月に予約してください。",
            cards.Tap("使用量", "使用量"),
            looks.check_tap(one),
        )
    people = found.total
    before = _shown(at).get("people")
    if before is not None and not one.definition["frozen"] and not broadcasts.differs(before, people):
        people = before
    when = f"{at.moment(moment)} に" if moment is not None else "今すぐ"
    holds = {
        "broadcast": one.id,
        "row": one.version,
        "people": people,
        "at": moment.isoformat() if moment is not None else None,
    }
    opens, dead = opening.told(at, one) if _shown(at) != holds else ([], [])
    at.confirm(
        f"📣 配信「{one.name}」#B{one.id} を{when}{people:,}人へ送ります",
        [*found.lines, *opens, *looks.repeats(at, one)],
        holds=holds,
        label="予約する" if moment is not None else "送る",
        warnings=[*found.warnings, *dead],
        before=found.shown,
        typed=str(people) if people > SMALL else None,
        taps=[cards.Tap("試す", f"配信 試す #B{one.id}")],
    )
    return holds


def _takes_two(at: desk.Desk, holds: Mapping[str, Any]) -> bool:
    """Whether somebody else has to agree; whoever grants another's request is the second already."""
    least = choices.in_pairs(at.config.chosen)
    return least is not None and holds["people"] >= least and at.asked is None


async def _ask_another(at: desk.Desk, one: kept.Kept, holds: Mapping[str, Any], command: str) -> cards.Say:
    """A card that another manager presses, on which this very confirmation is kept."""
    moment = holds["at"]
    when = f"{at.moment(datetime.fromisoformat(moment))} に" if moment is not None else "今すぐ"
    wish: dict[str, Any] = {"staff_id": at.actor.staff_id, "needs": "manager", "mentions": []}
    return await requests.put(
        at,
        f"🙋 {at.actor.name}さんの配信に承認が要ります",
        [
            f"配信「{one.name}」#B{one.id} を{when}{holds['people']:,}人へ送ります。",
            f"内容: {trying.alt_text(one.definition, 100)}",
            f"確かめるには「配信 確認 #B{one.id}」",
        ],
        command,
        at.actor.user_id or "",
        wish,
        {"0": holds},
    )


async def _plan(at: desk.Desk, one: kept.Kept, moment: datetime, people: int, *, immediate: bool) -> int:
    """The run; a frozen audience is written down now."""
    if one.run is not None:
        await runs.cancel(one.run.id)
    operation = None
    if one.definition["frozen"]:
        actions = orjson.dumps(one.definition["actions"]).decode()
        operation, frozen = await operations.freeze(one.definition["target"], one.sight(at.sight), actions, "waiting")
        frozen -= await trials.held_out(one.id, one.definition, operation)
        if frozen != people:
            raise desk.Declined(
                f"配信「{one.name}」の対象が、確かめた{people:,}人から{frozen:,}人に、たった今変わりました。"
                "まだ送っていません。もう一度、確かめてから送ってください。",
                looks.check_tap(one),
            )
    return await runs.plan(
        one.id,
        at=moment,
        immediate=immediate,
        confirmed=people,
        definition=one.definition,
        operation=operation,
        staff_id=at.actor.staff_id,
        now=at.now,
    )


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    """Before it leaves it is a draft again; on the way the rest is held back. Of a repeated one what is on its way is
    stopped first, and the series with the next word."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    if one.run is None:
        told = f"配信「{one.name}」#B{one.id} は下書きです。止めるものはありません。"
        raise desk.Declined(told, looks.check_tap(one))
    run = await runs.lock_now(one.run.id)
    if run is None:
        await kept.ask_to_stop(one.id, one.run.id)
        at.record("broadcast.stop", {"broadcast": one.id, "run": one.run.id}, f"配信「{one.name}」を送る直前に止めた")
        goes_on = (
            f"\nくり返しは続きます。やめるには、もう一度「配信 停止 #B{one.id}」です。" if looks.recurs(one) else ""
        )
        return cards.Say(
            f"⏹ 配信「{one.name}」#B{one.id} を止めました。送り始めるところでしたが、1通も送りません。{goes_on}",
            _after(one),
        )
    if one.state == "testing":
        await runs.cancel(run.id)
        return await _halted(at, one, run)
    before = await _under_way(one) if looks.recurs(one) is not None else None
    if run.state in ("waiting", "asked"):
        if before is not None:
            return await _halted(at, one, before, run.at)
        await runs.cancel(run.id)
        at.record("broadcast.stop", {"broadcast": one.id, "run": run.id}, f"配信「{one.name}」を送る前に止めた")
        if looks.recurs(one) is not None:
            return _card(
                f"⏹ 配信「{one.name}」#B{one.id} のくり返しを止めました",
                [
                    f"{at.moment(run.at)} からの分はもう送りません。",
                    f"下書きに戻っています。もう一度始めるには「配信 予約 #B{one.id}」です。",
                ],
                (looks.check_tap(one),),
            )
        return _card(
            f"⏹ 配信「{one.name}」#B{one.id} を止めました",
            ["まだ1通も送っていません。下書きに戻っています。"],
            (looks.check_tap(one),),
        )
    if one.state == "stopped":
        return cards.Say(f"配信「{one.name}」#B{one.id} はもう止まっています。", _after(one))
    tally = await _tally(run)
    if not (tally.waiting or tally.under_way):
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} はもう送り終わっています（送信済み {tally.sent:,}人）。",
            cards.Tap("表示", f"配信 表示 #B{one.id}"),
        )
    return await _halted(at, one, run)


async def _under_way(one: kept.Kept) -> runs.Run | None:
    """The run of a repeated broadcast that is on its way while the next one waits."""
    last = next(iter(await runs.of_broadcast(one.id)), None)
    if last is None or await runs.halted(one.id) is not None:
        return None
    tally = await _tally(last)
    return last if tally.waiting or tally.under_way else None


async def _halted(at: desk.Desk, one: kept.Kept, run: runs.Run, coming: datetime | None = None) -> cards.Say:
    """Stop a run that has begun; `coming` is when it is repeated nevertheless."""
    await broadcasts.stop(run)
    tally = await _tally(run)
    at.record(
        "broadcast.stop",
        {"broadcast": one.id, "run": run.id},
        f"配信「{one.name}」を途中で止めた（{tally.total:,}人中{tally.sent:,}人に送信済み）",
    )
    title, told = f"⏹ 配信「{one.name}」#B{one.id} を止めました", _numbers(tally)
    series: tuple[cards.Tap, ...] = ()
    if coming is not None:
        told.append(
            f"止めたのは今回の分だけです。くり返しは続き、次回は {at.moment(coming)} に送ります。"
            f"くり返しもやめるには、もう一度「配信 停止 #B{one.id}」です。"
        )
        series = (cards.Tap("くり返しもやめる", f"配信 停止 #B{one.id}"),)
    elif looks.recurs(one) is not None:
        told.append("くり返しの次回の予定はありません。")
    return _card(title, told, (*series, *_after(one)))


def _numbers(tally: runs.Tally) -> list[str]:
    """What has come of everybody, in sentences."""
    told = [f"{tally.total:,}人中{tally.sent:,}人に送信済みです。残り{tally.stopped:,}人を止めました。"]
    if tally.under_way:
        told.append(f"{tally.under_way:,}人は送信の途中で、届くことがあります。")
    if tally.unknown:
        told.append(f"{tally.unknown:,}人は届いたか分かりません。二重に送らないよう、続きにも含めません。")
    if tally.left_out:
        told.append(f"{tally.left_out:,}人はブロックなどで届けられません。")
    return told


def _after(one: kept.Kept) -> tuple[cards.Tap, ...]:
    return (
        cards.Tap("続きを送る", f"配信 再開 #B{one.id}"),
        cards.Tap("おわび", f"配信 おわび #B{one.id}"),
        cards.Tap("状態", f"配信 表示 #B{one.id}"),
    )


async def _tally(run: runs.Run) -> runs.Tally:
    """Of all of it, the test and the rest where something is tried."""
    return await runs.tally(*await runs.together(run))


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    """The rest of a run that was stopped on the way."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    run = one.run if one.state == "stopped" else None
    if one.state == "scheduled":
        run = await runs.halted(one.id)  # the last one of a series that goes on
    if run is None:
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} は{looks.STATES[one.state]}です。再開できるのは、途中で止めたものだけです。",
            looks.check_tap(one),
        )
    tally = await _tally(run)
    if not tally.rest:
        raise desk.Declined(f"配信「{one.name}」#B{one.id} に残りはありません（送信済み {tally.sent:,}人）。")
    left = await broadcasts.room(at.zone.key)
    if tally.rest > left:
        raise desk.Declined(
            f"残り{tally.rest:,}人に送るには、今月の残りが{tally.rest - int(left):,}通足りません。",
            cards.Tap("使用量", "使用量"),
        )
    at.confirm(
        f"▶ 配信「{one.name}」#B{one.id} の続きを{tally.rest:,}人へ送ります",
        looks.tallied(tally),
        holds={"broadcast": one.id, "row": one.version, "left": tally.rest, "sent": tally.sent},
        label="続きを送る",
        typed=str(tally.rest) if tally.rest > SMALL else None,
    )
    await broadcasts.go_on(run)
    await tests.go_on(run, at.now)
    at.record(
        "broadcast.resume",
        {"broadcast": one.id, "run": run.id},
        f"配信「{one.name}」の続きを{tally.rest:,}人へ送り始めた",
    )
    return _card(
        f"▶ 配信「{one.name}」#B{one.id} の続きを送り始めました",
        [f"対象: {tally.rest:,}人"],
        (cards.Tap("停止", f"配信 停止 #B{one.id}"), cards.Tap("状態", f"配信 表示 #B{one.id}")),
    )

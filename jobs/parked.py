"""What was put aside after failing or did not arrive: staff are told, let it be done after all, or clear it away."""

from collections.abc import Sequence
from datetime import datetime

from storage import changes, delayed, friend_events, friends, inbox, operations, outbox, scenarios
from storage.links import clicks
from storage.outbox import failed
from storage.parked import Heap, Kind

MOST_AT_ONCE = 1_000  # friends' steps in one transaction (law 2); what is more waits to be asked for again

TOLD = "⚠️ うまく処理できずに残っているものがあります。「エラー 一覧」で見て、もう一度処理するか、片付けるかを選べます。"


async def tell() -> None:
    """Whoever puts something aside says so to staff in the same transaction."""
    await outbox.notice("parked", TOLD)


async def again(heaps: Sequence[Heap], now: datetime) -> None:
    """Let them be done after all: lanes, steps and operations find them as if they had never failed.

    Nothing of them was carried out, and what they cause keeps its causes: nothing can happen twice. An event's reply
    token is long dead; what answers it goes as a push, or to staff with their next word.
    """
    walks, late = await _locked(heaps)
    await inbox.requeue(_ids(heaps, "event"))
    await scenarios.take_up(list(walks), now)
    await delayed.take_up(late)
    await operations.take_up(_ids(heaps, "operation"))
    await clicks.take_up(_ids(heaps, "click"))
    await failed.again(_ids(heaps, "refused"), MOST_AT_ONCE)
    await failed.let_go(_ids(heaps, "held"))


async def clear(heaps: Sequence[Heap], now: datetime) -> list[changes.Change]:
    """Give them up: the events never happened, the friends leave their scenario; what would take that back."""
    walks, late = await _locked(heaps)
    events = await inbox.drop(_ids(heaps, "event"))
    stopped = await changes.apply([changes.stop_walks(list(walks))], now)
    left_out = await operations.drop(_ids(heaps, "operation"))
    await delayed.give_up(late)
    opened = await clicks.give_up(_ids(heaps, "click"))
    await failed.drop_held(_ids(heaps, "held"))
    given_up = await failed.give_up([*_ids(heaps, "refused"), *_ids(heaps, "unknown")], MOST_AT_ONCE)
    if walks:
        stops = [friend_events.Entry(friend, "scenario_stopped", one, now) for friend, one in walks.values()]
        await friend_events.write(stops)
    back = [change for one in stopped if one.done for change in one.reverse]
    back += [changes.wait_again(late)] if late else []
    return back + [
        changes.park_again(table, rows)
        for table, rows in (
            ("inbox", events),
            ("operation_friends", left_out),
            ("link_clicks", opened),
            ("outbox", given_up),
        )
        if rows
    ]


async def _locked(heaps: Sequence[Heap]) -> tuple[dict[int, tuple[int, int]], list[int]]:
    """subscription -> (friend, scenario) of the parked steps and the rows that were put off, their friends locked
    (DELIVERY 3)."""
    of, late_of = _ids(heaps, "scenario"), _ids(heaps, "delayed")
    if not of and not late_of:
        return {}, []
    walking = {friend for friend, _ in (await scenarios.parked(of, MOST_AT_ONCE)).values()}
    waiting = set((await delayed.parked(late_of, MOST_AT_ONCE)).values())
    people = sorted(walking | waiting)
    await friends.lock(people)
    late = await delayed.parked(late_of, MOST_AT_ONCE, people)
    return await scenarios.parked(of, MOST_AT_ONCE, people), list(late)


def _ids(heaps: Sequence[Heap], kind: Kind) -> list[int]:
    return [one.id for one in heaps if one.kind == kind]

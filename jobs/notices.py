"""What action lists tell staff: worked out by group, written down once for a transaction, told with the next word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage import outbox, segments, staff

AT_ONCE = 10  # lines that one transaction brings to a group; of more only the number
LONGEST = 300  # characters of one line
NOT_YET = {"assigned": "担当", "on_duty": "当番"}


@dataclass(frozen=True, slots=True)
class Audience:
    """`to`: everybody, group or staff; `who`: the group's or the person's number, or None."""

    to: str
    who: int | None = None


@dataclass(slots=True)
class Notice:
    """What somebody is to be told about a friend, in whole words."""

    audience: Audience
    friend: int
    text: str
    see: str = ""  # the command that shows what it is about


def fault(audience: Audience) -> str:
    """What is wrong with it, "" for nothing."""
    if audience.to in NOT_YET:
        return (
            f"宛先「{NOT_YET[audience.to]}」はまだ使えません。「グループ」「全員」「@スタッフ」のどれかにしてください"
        )
    return ""


async def write(given: Sequence[Notice], sight: segments.Sight) -> None:
    """Leave each group what it is to be told; a group that is kept to some friends hears of no others."""
    rooms = await staff.rooms()
    meant = {room.id: [one for one in given if _is_for(one.audience, room, rooms)] for room in rooms}
    scoped = [room for room in rooms if room.scope is not None and meant[room.id]]
    asked = [(room.scope, sorted({one.friend for one in meant[room.id]})) for room in scoped if room.scope is not None]
    for room, seen in zip(scoped, await segments.fitting_each(asked, sight), strict=True):
        meant[room.id] = [one for one in meant[room.id] if one.friend in seen]
    stamp = f"{sight.now.astimezone(sight.zone):%-m/%-d %-H:%M}"
    members = await staff.all_members() if any(one.audience.to == "staff" for one in given) else []
    called = {one.id: one.name for one in members}
    await outbox.tell([(room.line_group_id, _told(meant[room.id], stamp, called)) for room in rooms if meant[room.id]])


def _is_for(audience: Audience, room: staff.Room, rooms: Sequence[staff.Room]) -> bool:
    """Who is called by name is told where managers work, and so is a group that is no more."""
    if audience.to == "everybody":
        return True
    if audience.to == "group" and any(one.id == audience.who for one in rooms):
        return room.id == audience.who
    return room.role in ("owner", "manager") and room.scope is None


def _told(given: Sequence[Notice], stamp: str, called: Mapping[int, str]) -> str:
    lines = [_line(one, stamp, called) for one in given[:AT_ONCE]]
    more = [f"🔔 {stamp} … ほか{len(given) - AT_ONCE:,}件"] if len(given) > AT_ONCE else []
    return "\n".join(lines + more)


def _line(one: Notice, stamp: str, called: Mapping[int, str]) -> str:
    name = called.get(one.audience.who or 0) if one.audience.to == "staff" else None
    to = f"@{name}さんへ: " if name is not None else ""
    see = f"\n　見るには: /{one.see}" if one.see else ""
    return f"🔔 {stamp} {to}{one.text[:LONGEST]}（友だち #F{one.friend}）{see}"

"""What action lists tell staff: worked out by group, written down once for a transaction, told with the next word."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import names, outbox, segments, staff

AT_ONCE = 10  # lines that one transaction brings to a group; of more only the number
LONGEST = 300  # characters of one line
NOT_YET = {"assigned": "担当", "on_duty": "当番"}


@dataclass(frozen=True, slots=True)
class Audience:
    """`to`: everybody, group or staff; `who`: the group's or the person's name, or None."""

    to: str
    who: str | None = None


@dataclass(slots=True)
class Notice:
    """What somebody is to be told about a friend, in whole words."""

    audience: Audience
    friend: int
    text: str


async def faults(audiences: Sequence[Audience]) -> list[str]:
    """What is wrong with each, "" for nothing."""
    members = [names.name_key(one.name) for one in await staff.all_members()]
    rooms = [names.name_key(one.name) for one in await staff.rooms()]
    return [_fault(one, members, rooms) for one in audiences]


def _fault(audience: Audience, members: Sequence[str], rooms: Sequence[str]) -> str:
    if audience.to in NOT_YET:
        return (
            f"宛先「{NOT_YET[audience.to]}」はまだ使えません。「グループ」「全員」「@スタッフ」のどれかにしてください"
        )
    if audience.who is None:
        return ""
    key = names.name_key(audience.who)
    if audience.to == "group" and key not in rooms:
        return f"グループ「{audience.who}」がありません。「グループ 一覧」で名前を確かめてください"
    if audience.to == "staff" and not any(key in one for one in members):
        return f"スタッフに「{audience.who}」さんがいません。「スタッフ 一覧」で名前を確かめてください"
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
    await outbox.tell([(room.line_group_id, _told(meant[room.id], stamp)) for room in rooms if meant[room.id]])


def _is_for(audience: Audience, room: staff.Room, rooms: Sequence[staff.Room]) -> bool:
    """Who is called by name is told where managers work, and so is a group that is no more."""
    if audience.to == "everybody":
        return True
    if audience.to == "group" and audience.who is not None:
        key = names.name_key(audience.who)
        if any(names.name_key(one.name) == key for one in rooms):
            return names.name_key(room.name) == key
    return room.role in ("owner", "manager") and room.scope is None


def _told(given: Sequence[Notice], stamp: str) -> str:
    lines = [_line(one, stamp) for one in given[:AT_ONCE]]
    more = [f"🔔 {stamp} … ほか{len(given) - AT_ONCE:,}件"] if len(given) > AT_ONCE else []
    return "\n".join(lines + more)


def _line(one: Notice, stamp: str) -> str:
    called = f"@{one.audience.who}さんへ: " if one.audience.to == "staff" else ""
    return f"🔔 {stamp} {called}{one.text[:LONGEST]}（友だち #F{one.friend}）"

"""How friends stand before and after a deed of staff's hand, and what takes back all that came of it in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import changes, friends, scenarios, tags
from storage.fields import values


@dataclass(frozen=True, slots=True)
class Standing:
    """Tags by (friend, tag), open walks, what is noted by (friend, field), who is hidden and whom we block."""

    worn: dict[tuple[int, int], int]
    walks: dict[int, tuple[str, datetime | None]]
    noted: dict[tuple[int, int], str]
    marked: dict[friends.Mark, set[int]]


async def of(friend_ids: Sequence[int]) -> Standing:
    """Of friends who are locked."""
    return Standing(
        await tags.all_links(friend_ids),
        await scenarios.all_open(friend_ids),
        await values.all_of(friend_ids),
        await friends.marked(friend_ids),
    )


def back(before: Standing, now: Standing) -> list[changes.Change]:
    """What an undo does, by whatever way it came to this; what was sent stays sent."""
    found: list[changes.Change] = []
    if new := sorted(link for pair, link in now.worn.items() if before.worn.get(pair) != link):
        found.append(changes.take_off(new))
    if gone := sorted(before.worn.keys() - now.worn.keys()):
        found.append(changes.put_on(gone))
    if begun := sorted(now.walks.keys() - before.walks.keys()):
        found.append(changes.stop_walks(begun))
    if ended := [(walk, *before.walks[walk]) for walk in sorted(before.walks.keys() - now.walks.keys())]:
        found.append(changes.walk_on(ended))
    noted = [
        values.Changed(*pair, before.noted.get(pair), now.noted.get(pair))
        for pair in sorted(before.noted.keys() | now.noted.keys())
        if before.noted.get(pair) != now.noted.get(pair)
    ]
    if noted:
        found.append(changes.note(noted))
    for on in (True, False):
        one, other = (now, before) if on else (before, now)
        if hidden := sorted(one.marked["hidden"] - other.marked["hidden"]):
            found.append(changes.mark(hidden, "hidden", not on))
    if blocked := sorted(now.marked["blocked_by_us"] - before.marked["blocked_by_us"]):
        found.append(changes.unblock(blocked, []))
    if released := sorted(before.marked["blocked_by_us"] - now.marked["blocked_by_us"]):
        found.append(changes.block(released))
    return found

"""LINE's numbers about how a message was received: a day old, and none that speaks of fewer than twenty people."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.simulator import japan
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.links import links_in
from tests.simulator.reactions import CLICKED, PLAYED, PLAYED_TO, SEEN, Reaction

LEAST = 20
UPDATED_MS = 14 * japan.DAY_MS
MEDIA = {"": PLAYED, **{f"{percent}Percent": what for percent, what in PLAYED_TO.items()}}


def counted(channel: Channel, send: Send, since_ms: int = 0, until_ms: int | None = None) -> Iterator[Reaction]:
    """The reactions LINE has worked through: to the end of yesterday, and of two weeks after the send [5.1]."""
    end = japan.start_of_day(channel.clock.now_ms())
    if until_ms is not None:
        end = min(end, until_ms)
    for reaction in channel.reactions.of(send.seq):
        if since_ms <= reaction.at_ms < end and reaction.at_ms - send.at_ms <= UPDATED_MS:
            yield reaction


def shown(values: Iterable[str], *, unique: bool) -> int | None:
    """users, one for each time; None when the number, or the number of different people, is below twenty."""
    users = list(values)
    different = len(set(users))
    return None if different < LEAST else different if unique else len(users)


def overview(reactions: list[Reaction]) -> dict[str, int | None]:
    def unique(what: str) -> int | None:
        return shown((one.user for one in reactions if one.what == what), unique=True)

    return {
        "uniqueImpression": unique(SEEN),
        "uniqueClick": unique(CLICKED),
        "uniqueMediaPlayed": unique(PLAYED),
        "uniqueMediaPlayed100Percent": unique(PLAYED_TO[100]),
    }


def bubbles(reactions: list[Reaction], count: int, *, with_unique_impression: bool) -> list[dict[str, Any]]:
    """One line for each bubble's place, 1 and on."""
    lines = []
    for index in range(count):
        own = [one for one in reactions if one.index == index]
        seen = [one.user for one in own if one.what == SEEN]
        line: dict[str, Any] = {"seq": index + 1, "impression": shown(seen, unique=False)}
        if with_unique_impression:
            line["uniqueImpression"] = shown(seen, unique=True)
        for suffix, what in MEDIA.items():
            users = [one.user for one in own if one.what == what]
            line[f"mediaPlayed{suffix}"] = shown(users, unique=False)
            line[f"uniqueMediaPlayed{suffix}"] = shown(users, unique=True)
        lines.append(line)
    return lines


def clicks(reactions: list[Reaction], sends: Iterable[Send]) -> list[dict[str, Any]]:
    """One line for each address in each bubble."""
    places = dict.fromkeys(
        (index, url) for send in sends for index, message in enumerate(send.messages) for url in links_in(message)
    )
    pressed = [one for one in reactions if one.what == CLICKED]
    lines = []
    for index, url in sorted(places):
        here = [one.user for one in pressed if (one.index, one.url) == (index, url)]
        anywhere = [one.user for one in pressed if one.url == url]
        lines.append(
            {
                "seq": index + 1,
                "url": url,
                "click": shown(here, unique=False),
                "uniqueClick": shown(here, unique=True),
                "uniqueClickOfRequest": shown(anywhere, unique=True),
            }
        )
    return lines

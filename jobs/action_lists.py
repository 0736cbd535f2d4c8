"""Action lists as data: what is stored in greetings, buttons and steps, and what is held ready to run."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs import messages, timing
from storage import segments

WRITING = ("send", "send_template")  # the kinds that write to the friend themselves


@dataclass(frozen=True, slots=True)
class Spread:
    """Some minute from `least` to `most`, a friend's own."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; `kind` names an entry of `jobs.actions.KINDS`, `arguments` are its stored ones.

    `condition` is judged when it is carried out; `once`, a text of its own, lets each friend have it once for ever;
    with `after` it is put off first, and nothing is judged before.
    """

    kind: str
    arguments: Mapping[str, Any]
    content: messages.Compiled | None = None
    condition: segments.Segment | None = None
    once: str | None = None
    after: timing.Timing | Spread | None = None

    def writes(self) -> bool:
        """Whether the friend gets a message as it is carried out, or may: what a set does is looked up only then."""
        return self.kind in WRITING or self.kind == "run"

    def same_deed(self) -> str:
        """Equal for two actions that one statement may carry out for both their friends."""
        return f"{self.kind} {self.arguments}"

    def stored(self) -> dict[str, Any]:
        """As it is stored; `load` reads it back."""
        qualified = {"if": self.condition, "once": self.once, "after": _delay(self.after)}
        return {"do": self.kind, **self.arguments} | {key: one for key, one in qualified.items() if one is not None}

    def at_last(self) -> "Action":
        """The same once its delay is over."""
        return replace(self, after=None)


SOONEST = timedelta(minutes=1)

ActionList = tuple[Action, ...]

QUALIFYING = ("do", "if", "once", "after")


def load(stored: Sequence[Mapping[str, Any]]) -> ActionList:
    """`[{"do": "tag_on", "tags": [3], "if": {"tag": 4}, "once": "...", "after": {...}}, ...]` ready to run.

    Raises KeyError, TypeError or ValueError for what no version of ours has stored.
    """
    return tuple(
        Action(
            kind=one["do"],
            arguments={name: given for name, given in one.items() if name not in QUALIFYING},
            content=_content(one),
            condition=segments.checked(one["if"]) if "if" in one else None,
            once=one.get("once"),
            after=_after(one["after"]) if "after" in one else None,
        )
        for one in stored
    )


def _content(one: Mapping[str, Any]) -> messages.Compiled | None:
    """What it says to the friend (`messages`), or about the friend to staff (`text`)."""
    if "messages" in one:
        return messages.compile(one["messages"])
    return messages.compile([{"type": "text", "text": one["text"]}]) if "text" in one else None


def due(after: timing.Timing | Spread, friend: int, root: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When an action is carried out that is put off now; of a spread each friend has a minute, the same every time.

    A delay whose time has passed (当日 9:00) takes a minute too: what sets itself going again does so slowly.
    """
    if isinstance(after, timing.Timing):
        return max(timing.due(after, now, None, zone), now + SOONEST)
    lot = zlib.crc32(f"{root}/{friend}".encode())
    return now + timedelta(minutes=after.least + lot % (after.most - after.least + 1))


def _after(stored: Mapping[str, Any]) -> timing.Timing | Spread:
    if "spread" not in stored:
        return timing.from_json(stored)
    least, most = stored["spread"]
    return Spread(least, most)


def _delay(after: timing.Timing | Spread | None) -> dict[str, Any] | None:
    if isinstance(after, Spread):
        return {"spread": [after.least, after.most]}
    return None if after is None else timing.to_json(after)

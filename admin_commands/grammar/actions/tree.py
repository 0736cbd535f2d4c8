"""An action list as plain typed data: what kind each is, and what stands in its places."""

from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar.schedules import After, At
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Object
from jobs.timing import Timing

Sign = Literal["=", "+", "-"]


@dataclass(frozen=True, slots=True)
class Changed:
    """=5/3, +1: the value is a number behind + and -."""

    sign: Sign
    value: str


@dataclass(frozen=True, slots=True)
class OwnDate:
    """{説明会日時}: the friend's own date, from a field of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class To:
    """Who is notified; `who` is the member of staff, or the group where one is named."""

    to: Literal["staff", "assigned", "on_duty", "everybody", "group"]
    who: Object | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """15〜20分後: some minute between the two, so that it does not look made by a machine."""

    least: int
    most: int


Value = Object | tuple[Object, ...] | str | int | Changed | At | After | OwnDate | To | None


@dataclass(frozen=True, slots=True)
class Action:
    """`do` names the kind (jobs.actions.KINDS); `given` has what stands for each of its arguments, in their order.

    It may have a condition (もし … なら), a time, and 一度だけ.
    """

    do: str
    given: tuple[Value, ...] = ()
    when: Segment | None = None
    timing: Timing | Spread | None = None
    once: bool = False

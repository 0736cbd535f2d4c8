"""Everything an action list can do, as plain typed data."""

from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar.schedules import After, At
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Object
from jobs.timing import Timing

Sign = Literal["=", "+", "-"]


@dataclass(frozen=True, slots=True)
class SendText:
    """送る 「…」: the text verbatim."""

    text: str


@dataclass(frozen=True, slots=True)
class SendTemplate:
    template: Object


@dataclass(frozen=True, slots=True)
class TagOn:
    tags: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class TagOff:
    tags: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class SetField:
    """項目 来店回数 +1, 項目 誕生日=5/3; `value` is a number behind + and -."""

    name: Object
    sign: Sign
    value: str


@dataclass(frozen=True, slots=True)
class ClearField:
    name: Object


@dataclass(frozen=True, slots=True)
class ScenarioStart:
    """`step` counts from 1 (3通目から is 3)."""

    scenario: Object
    step: int = 1


@dataclass(frozen=True, slots=True)
class ScenarioStop:
    """`scenario` is None for 全部."""

    scenario: Object | None


@dataclass(frozen=True, slots=True)
class ScenarioResume:
    """Let what a block has paused go on; `scenario` is None for 全部."""

    scenario: Object | None


@dataclass(frozen=True, slots=True)
class ScenarioSwitch:
    """Stop all others and start this one."""

    scenario: Object


@dataclass(frozen=True, slots=True)
class SetMenu:
    """`menu` is None for 解除."""

    menu: Object | None


@dataclass(frozen=True, slots=True)
class OwnDate:
    """{説明会日時}: the friend's own date, from a field of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class Remind:
    reminder: Object
    at: At | After | OwnDate


@dataclass(frozen=True, slots=True)
class RemindOff:
    reminder: Object


@dataclass(frozen=True, slots=True)
class SetMark:
    mark: Object


@dataclass(frozen=True, slots=True)
class Hide:
    """非表示."""


@dataclass(frozen=True, slots=True)
class Unhide:
    """表示."""


@dataclass(frozen=True, slots=True)
class Assign:
    """担当 @山田, 担当 自動, 担当 なし."""

    to: Object | Literal["auto", "nobody"]


@dataclass(frozen=True, slots=True)
class Notify:
    """`who` is the member of staff, or the group where one is named."""

    to: Literal["staff", "assigned", "on_duty", "everybody", "group"]
    text: str
    who: Object | None = None


@dataclass(frozen=True, slots=True)
class CancelBooking:
    booking: Object | None = None


@dataclass(frozen=True, slots=True)
class OfferBooking:
    booking: Object


@dataclass(frozen=True, slots=True)
class JoinEvent:
    event: Object


@dataclass(frozen=True, slots=True)
class LeaveEvent:
    event: Object


@dataclass(frozen=True, slots=True)
class WaitFor:
    """空き待ち."""

    what: Object


@dataclass(frozen=True, slots=True)
class Score:
    """`score` is None where the shop has only one."""

    sign: Sign
    points: int
    score: Object | None = None


@dataclass(frozen=True, slots=True)
class Convert:
    """計測 購入 4400; `amount` is a number or a placeholder ({料金})."""

    conversion: Object
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class RunAction:
    action: Object


Act = (
    SendText
    | SendTemplate
    | TagOn
    | TagOff
    | SetField
    | ClearField
    | ScenarioStart
    | ScenarioStop
    | ScenarioResume
    | ScenarioSwitch
    | SetMenu
    | Remind
    | RemindOff
    | SetMark
    | Hide
    | Unhide
    | Assign
    | Notify
    | CancelBooking
    | OfferBooking
    | JoinEvent
    | LeaveEvent
    | WaitFor
    | Score
    | Convert
    | RunAction
)


@dataclass(frozen=True, slots=True)
class Spread:
    """15〜20分後: some minute between the two, so that it does not look made by a machine."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Qualified:
    """An act with a condition (もし … なら), a time, or 一度だけ; at least one of them."""

    act: Act
    when: Segment | None = None
    timing: Timing | Spread | None = None
    once: bool = False


Action = Act | Qualified

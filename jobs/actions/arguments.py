"""What can stand behind the word of an action, as data: the grammar reads, prints and links it, nothing else knows how.

Each argument has the `key` under which a stored action keeps it. `instead` are words in place of a name, the first as
it is printed.
"""

from dataclasses import dataclass

from storage import named

ALL = ("全部", "すべて", "全て", "all")
OFF = ("解除", "なし", "外す", "off", "none")


@dataclass(frozen=True, slots=True)
class Thing:
    """The name of one thing, stored as its number; null where a word of `instead` stands.

    `what` it is in words, `of` which kind; None for what a shop cannot have yet. An `optional` one may be missing.
    `by` are keys in front of the name (テンプレ:料金表), without which a name that is not `bare` is not understood.
    """

    key: str
    what: str
    of: named.Kind | None = None
    instead: tuple[str, ...] = ()
    optional: bool = False
    by: tuple[str, ...] = ()
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Things:
    """One or several names parted by commas, stored as numbers."""

    key: str
    what: str
    of: named.Kind | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """「本文」 for customers, stored as message objects."""

    key: str = "messages"


@dataclass(frozen=True, slots=True)
class Words:
    """「本文」 for staff, stored as it stands."""

    key: str = "text"


@dataclass(frozen=True, slots=True)
class Step:
    """3通目から, stored counting from 0; left out for the first."""

    key: str = "step"


@dataclass(frozen=True, slots=True)
class Change:
    """`=5/3`, `+1`, `-1` behind a name (項目 来店回数 +1); a number behind + and -.

    Stored as {"sign": "+", "value": "1"}.
    """

    key: str = "change"


@dataclass(frozen=True, slots=True)
class Points:
    """`+5`, `-10`, `=0` behind the word itself and the name it may have (スコア:購入意欲 +5), stored as a Change is."""

    key: str = "change"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: 12/24 18:00, 3日後 12:00, or the friend's own date in {brackets}."""

    key: str = "at"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, stored as their number, or the word for 自動 or なし, stored as `auto` or null."""

    key: str = "staff"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who among staff: a member, the one assigned, who is on duty, everybody, or a group; stored as {"to", "who"}."""

    key: str = "to"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money, which may be missing, or a {placeholder}; stored as it stands."""

    key: str = "amount"


Argument = Thing | Things | Message | Words | Step | Change | Points | Moment | Colleague | Audience | Amount

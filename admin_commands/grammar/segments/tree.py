"""What a condition on friends says, as a typed tree: the kinds of condition, and how they are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar.words import Object

Comparison = Literal["=", "!=", ">", ">=", "<", "<="]
Unit = Literal["minute", "hour", "day", "week", "month", "year"]

# ---- when ----


@dataclass(frozen=True, slots=True)
class Day:
    """A date; without a year it is the one that the sentence must mean."""

    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Within:
    """7日以内: at most so long ago."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Before:
    """30日以上前: so long ago or longer."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class In:
    """今日, 今週, 今月, 誕生月."""

    period: Literal["today", "week", "month", "birth_month"]


@dataclass(frozen=True, slots=True)
class Between:
    """From one day to another, both included; either may be left out, not both."""

    first: Day | None
    last: Day | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """`> 30日前` can be read as 30日以内 and as 30日以上前: whoever wrote it is asked."""

    sign: Comparison | None
    count: int
    unit: Unit


When = Within | Before | In | Between | Unclear

# ---- conditions ----


@dataclass(frozen=True, slots=True)
class Everyone:
    """全員."""


@dataclass(frozen=True, slots=True)
class Saved:
    """＠休眠VIP: a saved condition."""

    segment: Object


@dataclass(frozen=True, slots=True)
class Word:
    """岐阜: a word alone, which may name a tag or be part of a name."""

    text: str


@dataclass(frozen=True, slots=True)
class HasTag:
    """Any of the tags is worn, or with `every` all of them."""

    tags: tuple[Object, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class Compares:
    sign: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Contains:
    text: str


@dataclass(frozen=True, slots=True)
class Exists:
    """あり, or なし."""

    there: bool


@dataclass(frozen=True, slots=True)
class Field:
    """What is noted about a friend: 年齢>=30, 名前 含む 田中, 誕生日 今月."""

    name: str
    test: Compares | Contains | Exists | When


@dataclass(frozen=True, slots=True)
class Dated:
    """友だち追加 / 最終反応 / 最終配信 7日以内."""

    what: Literal["followed", "reacted", "delivered"]
    when: When


@dataclass(frozen=True, slots=True)
class InScenario:
    """配信中, 完了, 停止, 未経験; `from` with the number of the step: 3通目以降."""

    scenario: Object
    state: Literal["active", "finished", "stopped", "never", "from"]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """フォーム:A 回答済, 未回答."""

    form: Object
    yes: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """フォーム:A.質問=答え."""

    form: Object
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class Clicked:
    """リンク:L クリック 3回以上 7日以内; 未クリック is `times` 0."""

    link: Object
    times: int = 1
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """配信:#B12 受信, クリック, 未クリック."""

    broadcast: Object
    state: Literal["received", "clicked", "not_clicked"]


@dataclass(frozen=True, slots=True)
class Booked:
    """予約:カット 今後あり, 来店 2回以上, キャンセルあり, なし."""

    booking: Object
    state: Literal["upcoming", "visited", "cancelled", "none"]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Attends:
    """イベント:E 申込, 参加, 欠席, キャンセル待ち."""

    event: Object
    state: Literal["applied", "attended", "absent", "waiting"]


@dataclass(frozen=True, slots=True)
class Scores:
    """スコア>=50, スコア:購入意欲>=50."""

    score: Object | None
    sign: Comparison
    value: int


@dataclass(frozen=True, slots=True)
class CameBy:
    """流入:Instagram."""

    route: Object


@dataclass(frozen=True, slots=True)
class Converted:
    """計測:来店 あり, 3回以上; なし is `times` 0."""

    conversion: Object
    times: int = 1


@dataclass(frozen=True, slots=True)
class Marked:
    """マーク:要対応."""

    mark: Object


@dataclass(frozen=True, slots=True)
class Assigned:
    """担当:山田; 担当なし is None."""

    staff: Object | None


@dataclass(frozen=True, slots=True)
class ShowsMenu:
    """メニュー:会員."""

    menu: Object


@dataclass(frozen=True, slots=True)
class Blocked:
    """ブロック: has blocked the account."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """非表示."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """ランダム 10%: always the same ten of a hundred."""

    percent: int


@dataclass(frozen=True, slots=True)
class Split:
    """分割 1/3: the first of three parts of everybody, always the same."""

    part: int
    of: int


Condition = (
    Everyone
    | Saved
    | Word
    | HasTag
    | Field
    | Dated
    | InScenario
    | Answered
    | Answer
    | Clicked
    | Received
    | Booked
    | Attends
    | Scores
    | CameBy
    | Converted
    | Marked
    | Assigned
    | ShowsMenu
    | Blocked
    | Hidden
    | Sampled
    | Split
)

# ---- how they are joined ----


@dataclass(frozen=True, slots=True)
class Not:
    of: "Tree"


@dataclass(frozen=True, slots=True)
class Every:
    """かつ: at least two, none of which is an Every."""

    of: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """または: at least two, none of which is a Some."""

    of: "tuple[Tree, ...]"


Tree = Condition | Not | Every | Some


def every(of: Sequence[Tree]) -> Tree:
    """All of these; at least one."""
    flat = [one for tree in of for one in (tree.of if isinstance(tree, Every) else (tree,))]
    return Every(tuple(flat)) if len(flat) > 1 else flat[0]


def some(of: Sequence[Tree]) -> Tree:
    """Any of these; at least one."""
    flat = [one for tree in of for one in (tree.of if isinstance(tree, Some) else (tree,))]
    return Some(tuple(flat)) if len(flat) > 1 else flat[0]


def negated(of: Tree) -> Tree:
    return of.of if isinstance(of, Not) else Not(of)


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """What has to hold, one by one."""
    return tree.of if isinstance(tree, Every) else (tree,)

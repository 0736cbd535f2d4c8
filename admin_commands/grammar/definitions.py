"""■シナリオ, ■配信, ■あいさつ, ■テンプレ and the outlines of all other blocks as plain typed data."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from admin_commands.grammar.actions import Action
from admin_commands.grammar.asked import Asked
from admin_commands.grammar.schedules import Day, Schedule
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.segments.moments import Between
from admin_commands.grammar.words import Name, Object
from jobs.hours import Opening
from jobs.keywords.rules import Business, Match
from jobs.timing import Timing, Window

Restart = Literal["never", "finished", "always", "resume"]
State = Literal["live", "paused", "draft"]
DEFAULT_LABEL = "くわしく見る"


@dataclass(frozen=True, slots=True)
class Text:
    """The customer's text, verbatim, without blank lines around it; `line` is that of its first line."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """＋画像 ＋動画 ＋音声 ＋スタンプ; `value` is what follows the word, as typed, or `media` is what it names.

    `actions` are for whoever watches a film to its end.
    """

    kind: Literal["image", "video", "audio", "sticker"]
    value: str
    line: int = field(default=0, compare=False)
    media: Object | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """＋位置 名称|住所, ＋クーポン, ＋画像マップ; `value` is what follows the word, as typed."""

    kind: Literal["location", "coupon", "imagemap"]
    value: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Imagemap:
    """▼画像マップ 春の案内 3x2: one picture cut into equal fields, each of which is a Bullet below it.

    Or AAB/AAC: the fields drawn with letters, each letter a rectangle; - is what cannot be tapped.
    """

    media: Object
    columns: int
    rows: int
    drawn: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Open:
    """A button that opens an address: https:, http:, line: or tel:; 計測なし: its clicks are not counted."""

    address: str
    uncounted: bool = False


@dataclass(frozen=True, slots=True)
class Do:
    """A button that runs actions."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A button that opens a form: フォーム:来店アンケート."""

    form: Object


@dataclass(frozen=True, slots=True)
class Goto:
    """A button that opens a page of ours: 予約:カット."""

    kind: Literal["booking", "event"]
    name: Object


@dataclass(frozen=True, slots=True)
class Measured:
    """An address whose clicks are counted: リンク:春クーポン."""

    link: Object


@dataclass(frozen=True, slots=True)
class Rebook:
    """A button that lets friends change their booking: 予約変更."""


Target = Open | Do | OpenForm | Goto | Rebook | Measured


@dataclass(frozen=True, slots=True)
class Button:
    """`＋ボタン 予約する → …`.

    `quick`: ＋クイック, shown below the last message until something else is said; without a target its friend says it.
    """

    label: str
    target: Target | None
    line: int = field(default=0, compare=False)
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """`・カット 先着20人 → タグ付ける カット` below ▼質問; `most` friends may choose it."""

    label: str
    target: Target | None = None
    most: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pick:
    """`＋日付 誕生日を選ぶ → 項目:誕生日 → 送る 「…」`: a button by which friends choose a day or a moment.

    `least` and `most` are the days between which it may be: `2026-12-01`, or days from now.
    """

    label: str
    mode: Literal["date", "datetime"]
    to: Object
    least: date | int | None = None
    most: date | int | None = None
    actions: tuple[Action, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """`＋リンク https://… 名前=スタイル一覧 → タグ付ける 閲覧`; `uncounted` as in Open."""

    address: str
    name: Measured | None = None
    line: int = field(default=0, compare=False)
    actions: tuple[Action, ...] = ()
    uncounted: bool = False

    @property
    def label(self) -> str:
        """What stands on the button, of one whose name has no number yet."""
        link = self.name.link if self.name is not None else None
        return link.text if isinstance(link, Name) else DEFAULT_LABEL


@dataclass(frozen=True, slots=True)
class Run:
    """＋実行: actions carried out when the part is."""

    actions: tuple[Action, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Only:
    """＋条件: the part is for these friends only."""

    segment: Segment
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bullet:
    """`・カット →タグ付ける 希望カット`: one of several, in the kinds of block that have such lists."""

    label: str
    target: Target | None = None
    line: int = field(default=0, compare=False)


Piece = Text | Attachment | Enclosure | Imagemap | Button | Choice | Pick | Link | Run | Only | Bullet


@dataclass(frozen=True, slots=True)
class Step:
    """One ▼ of a scenario, its pieces in the order in which they were written.

    `when` is behind もし, `otherwise` stands for そうでなければ.
    """

    timing: Timing
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)
    when: Segment | None = None
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """友だち追加, or タグ:… が付いたら."""

    on: Literal["follow", "tag"]
    tag: Object | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """`start` is empty for a scenario that is only started by hand or by an action.

    `source` is the block as typed, `version` the one it was printed from (版). `added` is the period in which they
    became friends (追加日), `period` that in which they start (期間); `over` is what those beyond the `cap` get
    (超過時), `finish` what follows the last step (＋終了後).
    """

    name: str
    steps: tuple[Step, ...]
    start: tuple[Trigger, ...] = ()
    target: Segment | None = None
    end: tuple[Trigger, ...] = ()
    ends_when: Segment | None = None
    window: Opening | None = None
    restart: Restart = "never"
    added: Between | None = None
    period: Between | None = None
    cap: int | None = None
    over: Run | None = None
    exclusive: bool = False
    finish: tuple[Run, ...] = ()
    version: int | None = None
    state: State | None = None  # only a 控え says it
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class GreetingPart:
    """What a new friend gets (新規) or one who returns (ブロック解除); what is done when one blocks us (ブロック)."""

    kind: Literal["new", "returning", "blocked"]
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RoutePart:
    """What a friend gets who came by a route (流入:店頭POP)."""

    route: Object
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Greeting:
    parts: tuple[GreetingPart, ...]
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)
    routes: tuple[RoutePart, ...] = ()
    state: State | None = None  # paused: it comes into no force


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """One ▼ of a template; the title of a card is its heading, that of Flex the text of the notification."""

    kind: Literal["body", "card", "picture", "question", "flex", "imagemap"]
    title: str
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """`once`: a friend answers each of its questions once; `again` and `full` is what is said to who comes later."""

    name: str
    parts: tuple[TemplatePart, ...]
    once: bool = False
    again: str | None = None
    full: str | None = None
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """送信者: 店長さくら アイコン=さくら: who a message says it comes from; the picture is one of ours."""

    name: str
    icon: Object | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Variant:
    """▼A 30%: one of the wordings that are compared. The next so many `parts` of the block are its own; those without
    a share have what is left in equal shares."""

    letter: str
    share: int | None
    parts: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Worn:
    """指標: タグ:購入: who gets this tag after the message has left."""

    tag: Object


@dataclass(frozen=True, slots=True)
class Broadcast:
    """■配信: what it says stands in the parts of a template. Without `at` it is sent by hand; `frozen`: who gets it is
    judged when it is confirmed, else when it is sent. `besides` is who of its 対象 gets none (除く); one that is
    `quiet` makes no sound on the phones (通知: なし). One that is `uncapped` also goes to who has had enough broadcasts
    (上限: 無視).

    With `variants` each friend gets one of them; `test` percent of 対象 first, the others what has won by `metric`,
    `wins` minutes later or, with 0, when staff say so. `held` percent get nothing, to compare with.
    """

    name: str
    parts: tuple[TemplatePart, ...]
    target: Segment | None = None
    at: Schedule | None = None
    frozen: bool = False
    variants: tuple[Variant, ...] = ()
    test: int | None = None
    metric: Literal["clicked", "replied"] | Worn | None = None
    wins: int | None = None
    held: int | None = None
    besides: Segment | None = None
    sender: Sender | None = None
    quiet: bool = False
    uncapped: bool = False
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ActionSet:
    """■アクション: actions kept under a name, each line of them a piece."""

    name: str
    pieces: tuple[Run, ...]
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)

    @property
    def parts(self) -> "tuple[ActionSet]":
        """Itself: it has no ▼."""
        return (self,)


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """▼返信."""

    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AutoReply:
    """`words`: any of these, all parts of one. `kinds` as in `jobs.keywords.rules`, or "any" alone.

    `rest` is in minutes; `since` and `until` are the first and the last day.
    """

    name: str
    parts: tuple[ReplyPart, ...]
    words: tuple[tuple[str, ...], ...] = ()
    pattern: str = ""
    match: Match = "contains"
    kinds: tuple[str, ...] = ("text",)
    hours: tuple[Window, ...] = ()
    business: Business | None = None
    weekdays: tuple[int, ...] = ()
    since: Day | None = None
    until: Day | None = None
    target: Segment | None = None
    priority: int = 0
    once: bool = False
    rest: int | None = None
    goes_on: bool = False
    version: int | None = None
    state: State | None = None  # only a 控え says it
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """One head line; 対象 is a condition, 日時 a schedule, what happens by itself actions, a menu's area a Bullet."""

    key: str
    value: str | Segment | Schedule | tuple[Action, ...] | Bullet
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """One ▼, its title as typed."""

    title: str
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Hook:
    """＋予約時, ＋回答後, ＋終了後 1日後 12:00: for the whole block, wherever it stands."""

    when: str
    actions: tuple[Action, ...]
    timing: Timing | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """A block of a kind that no noun gives its meaning yet; `kind` is the noun's key."""

    kind: str
    name: str
    settings: tuple[Setting, ...] = ()
    pieces: tuple[Piece, ...] = ()
    sections: tuple[Section, ...] = ()
    hooks: tuple[Hook, ...] = ()
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a thing does by itself, typed behind a command: no block, but linked and checked like a part of one."""

    pieces: tuple[Run, ...]
    line: int = field(default=1, compare=False)
    source: str = field(default="", compare=False)

    @property
    def parts(self) -> tuple["Deeds"]:
        return (self,)


Bound = int | float | date  # of a day: so many days from today, or a date


@dataclass(frozen=True, slots=True)
class FormMoment:
    """`12/20 23:59`, `12/20`: without a time the whole day."""

    day: Day
    at: time | None = None


@dataclass(frozen=True, slots=True)
class FormOption:
    """`・カット 先着10人 3点 正解 → actions`; `other`: with a line to write in."""

    label: str
    actions: tuple[Action, ...] = ()
    most: int | None = None
    points: int | None = None
    right: bool = False
    other: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """`▼お名前 [短文] 必須 → 項目:氏名`: what its kind means by `least` and `most` is told in jobs/forms/kinds.py."""

    label: str
    kind: str
    required: bool = False
    options: tuple[FormOption, ...] = ()
    least: Bound | None = None
    most: Bound | None = None
    to: Object | None = None
    actions: tuple[Action, ...] = ()
    when: Asked | None = None
    help: str = ""
    example: str = ""
    default: str = ""
    right: str | None = None
    points: int | None = None
    explanation: str = ""
    picture: Object | None = None
    ends: tuple[str, ...] = ()
    value: str = ""
    hidden: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FormPage:
    """`▼お客様について [ページ]`: the questions behind it stand on a page of their own."""

    title: str
    when: Asked | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FormResult:
    """`▼よくできました [結果] 80点以上`: shown to whom it fits, the first that does."""

    title: str
    pieces: tuple[Piece, ...]
    least: int | None = None
    most: int | None = None
    when: Asked | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Thanks:
    """お礼: what is shown at the end; `then` a form that comes next, or the page is closed."""

    text: str = ""
    picture: Object | None = None
    link: tuple[str, str] | None = None
    then: Literal["close"] | Object | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """■フォーム. `overwrite`: what becomes of values that a field has already; None: nothing was said of it."""

    name: str
    parts: tuple[FormQuestion | FormPage | FormResult, ...]
    title: str = ""
    description: str = ""
    colour: str | None = None
    picture: Object | None = None
    turns: Literal["once", "many", "edit"] = "once"
    edit_until: FormMoment | None = None
    since: FormMoment | None = None
    until: FormMoment | None = None
    places: int | None = None
    target: Segment | None = None
    confirm: bool = False
    restore: bool = False
    overwrite: Literal["always", "empty", "never"] | None = None
    thanks: Thanks = Thanks()
    closed: str | None = None
    full: str | None = None
    outside: str | None = None
    actions: tuple[Action, ...] = ()
    version: int | None = None
    state: State | None = None  # only a 控え says it
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


Usable = Scenario | Greeting | Template | Broadcast | ActionSet | AutoReply | Form
Definition = Usable | Outline
Holder = Definition | Deeds  # whatever actions and messages may stand in

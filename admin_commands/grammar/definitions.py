"""■シナリオ, ■あいさつ and ■テンプレ as plain typed data."""

from dataclasses import dataclass, field
from typing import Literal

from admin_commands.grammar.actions import Action
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Object
from jobs.timing import Timing, Window

Restart = Literal["never", "finished", "always"]
DEFAULT_LABEL = "くわしく見る"


@dataclass(frozen=True, slots=True)
class Text:
    """The customer's text, verbatim, without blank lines around it; `line` is that of its first line."""

    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """＋画像 ＋動画 ＋音声 ＋スタンプ; `value` is what follows the word, as typed."""

    kind: Literal["image", "video", "audio", "sticker"]
    value: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Open:
    """A button that opens an address: https:, http:, line: or tel:."""

    address: str


@dataclass(frozen=True, slots=True)
class Do:
    """A button that runs actions."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """`＋ボタン 予約する → …`; in a question also `・はい → …`."""

    label: str
    target: Open | Do
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """`＋リンク https://… 名前=スタイル一覧`."""

    address: str
    name: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def label(self) -> str:
        return self.name or DEFAULT_LABEL


@dataclass(frozen=True, slots=True)
class Run:
    """＋実行: actions carried out when the part is."""

    actions: tuple[Action, ...]
    line: int = field(default=0, compare=False)


Piece = Text | Attachment | Button | Link | Run


@dataclass(frozen=True, slots=True)
class Step:
    """One ▼ of a scenario, its pieces in the order in which they were written."""

    timing: Timing
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Trigger:
    """友だち追加, or タグ:… が付いたら."""

    on: Literal["follow", "tag"]
    tag: Object | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """`start` is empty for a scenario that is only started by hand or by an action.

    `source` is the block as typed, `version` the one it was printed from (版).
    """

    name: str
    steps: tuple[Step, ...]
    start: tuple[Trigger, ...] = ()
    target: Segment | None = None
    end: tuple[Trigger, ...] = ()
    window: Window | None = None
    restart: Restart = "never"
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class GreetingPart:
    """What a new friend gets (新規), or one who returns (ブロック解除)."""

    kind: Literal["new", "returning"]
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Greeting:
    parts: tuple[GreetingPart, ...]
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """One ▼ of a template; the title of a card is its heading, that of Flex the text of the notification."""

    kind: Literal["body", "card", "question", "flex"]
    title: str
    pieces: tuple[Piece, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    parts: tuple[TemplatePart, ...]
    version: int | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


Definition = Scenario | Greeting | Template

"""The ▼ parts of a block, sorted into what stands in them; what they become is said in `composing`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from jobs.messages import builders, limits


@dataclass(frozen=True, slots=True)
class Words:
    """Body lines, verbatim; `line` is where the first of them stands in the block."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """＋画像 ＋動画 ＋音声 ＋スタンプ ＋位置 ＋クーポン; `value` is what follows the word, of a coupon its id.

    `watched`: what is run when a film has been watched to its end.
    """

    kind: Literal["image", "video", "audio", "sticker", "location", "coupon"]
    value: str
    line: int = 0
    watched: "Run | None" = None


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address (http, https, line, tel)."""

    address: str


@dataclass(frozen=True, slots=True)
class Say:
    """A button that makes the customer say something."""

    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A button that runs actions; `number` is the place of its button row until that has an id."""

    number: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A button that lets the customer choose a day or a moment; `number` as in Run."""

    number: int
    mode: Literal["date", "datetime"]
    least: date | None = None
    most: date | None = None
    first: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """＋ボタン and ＋リンク; `quick`: ＋クイック, below the last message of all."""

    label: str
    target: Link | Say | Run | Pick
    line: int = 0
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Imagemap:
    """A picture whose fields are the buttons of its part; `shape`: so many times as high as wide.

    `areas` has each field as (left, top, width, height) in columns and rows; without any all are of equal size.
    """

    address: str
    shape: float
    columns: int
    rows: int
    line: int = 0
    areas: tuple[tuple[int, int, int, int], ...] = ()


Item = Words | Attachment | Button | Imagemap


@dataclass(frozen=True, slots=True)
class Part:
    """One ▼ with what stands below it, in the order in which it was written.

    A `question` with two buttons is a confirm, two or more `card`s in a row a carousel, `picture`s in a row one of
    pictures with a button each; a `flex` part's words are its JSON, its title the text of the notification.
    """

    items: tuple[Item, ...]
    kind: Literal["body", "card", "picture", "question", "flex", "imagemap"] = "body"
    title: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Composed:
    """The messages of parts, buttons not yet numbered, and all that is wrong with them by line."""

    messages: list[builders.Message]
    faults: list[limits.Fault]

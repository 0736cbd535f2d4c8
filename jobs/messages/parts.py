"""From the ▼ parts of a block to message objects: what becomes a bubble, a button, a carousel."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from jobs.messages import (
    builders,
    checking,
    counting,
    emojis,
    hosting,
    limits,
    placeholders,
    rendering,
    splitting,
    summaries,
    template_limits,
)
from storage import errors

PROMPT = "こちらからどうぞ"
MOST_CHOICES = 20  # of one question
LONGEST_BUBBLE = 4_500  # UTF-16 units of a text that has to be cut: names and the like may be longer than their words
NAME_LENGTH = 20  # the longest name LINE lets a person take; layouts leave room for it

# 35.4233,136.7607, as such or within the address of a map
_COORDINATES = re.compile(
    r"(?<![\d.])(?P<north>-?\d{1,3}(?:\.\d{1,9})?) ?[,、，] ?(?P<east>-?\d{1,3}(?:\.\d{1,9})?)(?!\d)"
)
_UNFILLED_LINK = re.compile(r"(\{#L\d{1,9}\.)b(\d{1,9})(?=\|)")
_DURATION = re.compile(r"(?:(\d{1,3})分)?(?:(\d{1,4})秒)?\Z")


@dataclass(frozen=True, slots=True)
class Words:
    """Body lines, verbatim; `line` is where the first of them stands in the block."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """＋画像 ＋動画 ＋音声 ＋スタンプ ＋位置; `value` is what follows the word.

    `watched`: what is run when a film has been watched to its end.
    """

    kind: Literal["image", "video", "audio", "sticker", "location"]
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
    """＋ボタン and ＋リンク."""

    label: str
    target: Link | Say | Run | Pick
    line: int = 0


@dataclass(frozen=True, slots=True)
class Imagemap:
    """A picture whose fields are the buttons of its part; `shape`: so many times as high as wide."""

    address: str
    shape: float
    columns: int
    rows: int
    line: int = 0


Item = Words | Attachment | Button | Imagemap


@dataclass(frozen=True, slots=True)
class Part:
    """One ▼ with what stands below it, in the order in which it was written.

    A `question` with two buttons is a confirm, two or more `card`s in a row a carousel; a `flex` part's words are
    its JSON, its title the text of the notification.
    """

    items: tuple[Item, ...]
    kind: Literal["body", "card", "question", "flex", "imagemap"] = "body"
    title: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Composed:
    """The messages of parts, buttons not yet numbered, and all that is wrong with them by line."""

    messages: list[builders.Message]
    faults: list[limits.Fault]


def compose(parts: Sequence[Part], known: Mapping[str, str] = placeholders.KNOWN) -> Composed:
    """The messages that parts become, top to bottom as written.

    All buttons of a part stand under its last words. Words that leave no room for buttons are sent as a text of
    their own, and the buttons follow under 「こちらからどうぞ」. One picture with short words and buttons is one
    card. Nothing to send is no fault.
    """
    composer = _Composer(known)
    index = 0
    while index < len(parts):
        end = index + 1
        while parts[index].kind == "card" and end < len(parts) and parts[end].kind == "card":
            end += 1
        composer.take(parts[index:end])
        index = end
    return composer.composed()


def fill_buttons(messages: list[builders.Message], ids: Mapping[int, int]) -> list[builders.Message]:
    """New messages in which each `Run(number)` button names its row: `b=<id>`, and a link what it does: `{#L3.<id>|…}`.

    Refused for a number that has no id: somebody has written such data into Flex.
    """

    def filled(tree: Any, key: str = "") -> Any:
        if isinstance(tree, list):
            return [filled(each) for each in tree]
        if isinstance(tree, dict):
            return {name: filled(each, name) for name, each in tree.items()}
        names_row = key in ("data", "trackingId") and isinstance(tree, str)
        found = rendering.UNFILLED.match(tree) if names_row else None
        opens = _UNFILLED_LINK.match(tree) if key == "uri" and isinstance(tree, str) else None
        if opens is not None and int(opens[2]) in ids:
            return f"{opens[1]}{ids[int(opens[2])]}{tree[opens.end() :]}"
        if found is None:
            return tree
        if int(found[1]) not in ids:
            raise errors.Refused(f"ボタンのdataに「{tree}」は使えません。別の値にしてください")
        return f"b={ids[int(found[1])]}"

    result: list[builders.Message] = filled(messages)
    return result


@dataclass(slots=True)
class _Pieces:
    """A part sorted out: what becomes bubbles, in order, and what becomes buttons."""

    items: list[Words | Attachment]
    buttons: list[Button]
    actions: list[builders.Action]

    def words(self) -> list[Words]:
        return [item for item in self.items if isinstance(item, Words)]

    def pictures(self) -> list[Attachment]:
        return [item for item in self.items if isinstance(item, Attachment) and item.kind == "image"]


@dataclass(slots=True)
class _Composer:
    known: Mapping[str, str]
    messages: list[builders.Message] = field(default_factory=list)
    faults: list[limits.Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # where each path of the messages was written

    def take(self, parts: Sequence[Part]) -> None:
        if len(parts) > 1:
            self._cards(parts)
        elif parts[0].kind == "flex":
            self._flex(parts[0])
        elif parts[0].kind == "imagemap":
            self._imagemap(parts[0])
        else:
            self._body(parts[0])

    def composed(self) -> Composed:
        found = checking.check(self.messages, self.known) if self.messages else []
        for fault in found:
            line = self._line(fault.path)
            self._tell(replace(fault, line=None if line is None else line + fault.row))
        return Composed(self.messages, sorted(self.faults, key=lambda fault: fault.line or 0))

    def _tell(self, fault: limits.Fault) -> None:
        if not any((fault.line, fault.message_ja) == (each.line, each.message_ja) for each in self.faults):
            self.faults.append(fault)

    def _line(self, path: str) -> int | None:
        if path == "messages":
            path = f"messages[{min(len(self.messages) - 1, checking.MOST_MESSAGES)}]"
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None

    def _fault(self, line: int, message_ja: str, limit: int | None = None, found: int | None = None) -> None:
        self._tell(limits.Fault(f"messages[{len(self.messages)}]", message_ja, limit, found, line=line))

    def _attempt(self, line: int, build: Callable[[], builders.Message]) -> builders.Message | None:
        try:
            return build()
        except errors.Refused as refusal:
            self._fault(line, refusal.message)
            return None

    def _sorted(self, part: Part) -> _Pieces:
        items: list[Words | Attachment] = []
        buttons, actions = [], []
        for item in part.items:
            if isinstance(item, Button):
                action = self._attempt(item.line, partial(_action, item))
                if action is not None:
                    buttons.append(item)
                    actions.append(action)
            elif isinstance(item, Attachment):
                items.append(item)
            elif isinstance(item, Words) and item.text.strip():
                items.append(_trimmed(item))
        return _Pieces(items, buttons, actions)

    def _add(self, message: builders.Message | None, line: int, lines: Mapping[str, int] | None = None) -> None:
        if message is None:
            return
        path = f"messages[{len(self.messages)}]"
        self.lines[path] = line
        self.lines.update({path + inner: at for inner, at in (lines or {}).items()})
        self.messages.append(message)

    def _plain(self, items: Sequence[Words | Attachment]) -> None:
        for item in items:
            if isinstance(item, Words):
                fits = counting.utf16_len(item.text) <= checking.TEXT_ROOM
                for text, below in splitting.split(item.text, checking.TEXT_ROOM if fits else LONGEST_BUBBLE):
                    self._add(builders.customers_text(text), item.line + below)
            else:
                self._add(self._attempt(item.line, partial(_attached, item)), item.line)

    def _body(self, part: Part) -> None:
        pieces = self._sorted(part)
        if not pieces.buttons:
            self._plain(pieces.items)
            return
        most = template_limits.MOST_BUTTONS
        if part.kind == "question" and most < len(pieces.buttons) <= MOST_CHOICES:
            self._many_choices(pieces, part)
            return
        if len(pieces.buttons) > most:
            self._fault(
                pieces.buttons[most].line,
                f"ボタンは1つの▼に{most}つまでです（今 {len(pieces.buttons)}つ）。▼を分けてください",
                most,
                len(pieces.buttons),
            )
            del pieces.buttons[most:], pieces.actions[most:]
        words, pictures = pieces.words(), pieces.pictures()
        if part.kind == "question" and len(pieces.buttons) == 2 and self._only_words(pieces):
            self._under(pieces, words[0], builders.confirm(words[0].text, *pieces.actions))
        elif len(words) == len(pictures) == 1 and len(pieces.items) == 2 and self._short(words[0]):
            self._panel(pieces, part, words[0], pictures[0])
        elif pieces.items and isinstance(pieces.items[-1], Words) and self._fits(pieces.items[-1], part):
            self._plain(pieces.items[:-1])
            self._panel(pieces, part, pieces.items[-1], None)
        else:
            self._plain(pieces.items)
            self._panel(pieces, part, Words(PROMPT, pieces.buttons[0].line), None)

    def _many_choices(self, pieces: _Pieces, part: Part) -> None:
        """More choices than a template of LINE's takes, as Flex."""
        last = pieces.items[-1] if pieces.items else None
        within = isinstance(last, Words) and not emojis.WRITTEN.search(last.text)
        self._plain(pieces.items[:-1] if within else pieces.items)
        words = last if within and isinstance(last, Words) else Words(PROMPT, pieces.buttons[0].line)
        column = builders.card(words.text, pieces.actions, title=part.title)
        message = builders.flex(words.text, _flex_card(_plain_braces(column, self.known)))
        lines = {f".contents.footer.contents[{i}]": button.line for i, button in enumerate(pieces.buttons)}
        self._add(message, words.line, lines | {".contents.body": words.line})

    def _only_words(self, pieces: _Pieces) -> bool:
        words = pieces.words()
        return len(pieces.items) == len(words) == 1 and self._size(words[0].text) <= template_limits.CONFIRM_TEXT

    def _short(self, words: Words) -> bool:
        return self._size(words.text) <= template_limits.BUTTONS_TEXT_WITH_HEAD

    def _fits(self, words: Words, part: Part) -> bool:
        most = template_limits.BUTTONS_TEXT_WITH_HEAD if part.title else template_limits.BUTTONS_TEXT
        return self._size(words.text) <= most

    def _size(self, text: str) -> int:
        """The characters a text may come to, once names are in it; endless with an emoji, which only texts can have."""
        if emojis.WRITTEN.search(text):
            return sys.maxsize
        return sum(
            max(NAME_LENGTH, counting.graphemes(piece.text))
            if piece.kind == "value"
            else counting.graphemes(piece.text)
            for piece in placeholders.parse(text, self.known)
        )

    def _panel(self, pieces: _Pieces, part: Part, words: Words, picture: Attachment | None) -> None:
        line = picture.line if picture else words.line
        built = self._attempt(
            line, lambda: builders.buttons(words.text, pieces.actions, title=part.title, picture=_picture(picture))
        )
        if built is not None:
            self._under(pieces, words, built)

    def _under(self, pieces: _Pieces, words: Words, message: builders.Message) -> None:
        lines = {f".template.actions[{i}]": button.line for i, button in enumerate(pieces.buttons)}
        self._add(message, words.line, lines)

    def _flex(self, part: Part) -> None:
        pieces = self._sorted(part)
        if any(isinstance(item, Attachment) for item in pieces.items) or pieces.buttons:
            self._fault(part.line, "FlexのJSONの下に＋は使えません。JSONの中に書いてください")
        words = pieces.words()
        written = "\n".join(each.text for each in words)
        line = words[0].line if words else part.line
        if emojis.WRITTEN.search(written):
            self._fault(line, emojis.NOT_HERE)
        message = self._attempt(line, lambda: builders.flex(part.title, written))
        if message is not None and not message["altText"]:
            message["altText"] = summaries.alt_text([message])
        self._add(message, line)

    def _imagemap(self, part: Part) -> None:
        found = [item for item in part.items if isinstance(item, Imagemap)]
        buttons = [item for item in part.items if isinstance(item, Button)]
        pressed = [self._attempt(button.line, partial(_action, button)) for button in buttons]
        actions = [action for action in pressed if action is not None]
        if not found or len(actions) < len(buttons):
            return
        one = found[0]
        alt = "・".join(button.label for button in buttons)
        build = partial(builders.imagemap, one.address, alt, one.shape, one.columns, one.rows, actions)
        lines = {f".actions[{place}]": button.line for place, button in enumerate(buttons)}
        self._add(self._attempt(one.line, build), one.line, lines)

    def _cards(self, parts: Sequence[Part]) -> None:
        cards = [card for card in map(self._card, parts) if card is not None]
        if len(cards) < len(parts):
            return
        columns = [card.column for card in cards]
        template = builders.carousel(columns)
        chosen, form = template, _template_lines
        if checking.check([template], self.known):
            as_flex = _flex_cards(columns, self.known)
            if not checking.check([as_flex], self.known):
                chosen, form = as_flex, _flex_lines
                for card in cards:
                    self._tell_unknown(card)
        lines = {}
        for index, card in enumerate(cards):
            lines.update(form(index, card))
        self._add(chosen, parts[0].line, lines)

    def _tell_unknown(self, card: "_Card") -> None:
        """Flex takes any braces, but these are words of staff."""
        for place in placeholders.places(card.column):
            line = card.words_line if place.holder is card.column and place.key == "text" else card.line
            for piece in placeholders.parse(place.text, self.known):
                if piece.kind == "unknown":
                    self._fault(line, limits.unknown_variable(piece, self.known))
                line += piece.raw.count("\n")

    def _card(self, part: Part) -> "_Card | None":
        pieces = self._sorted(part)
        pictures = pieces.pictures()
        crowded = len(pictures) + len(pieces.words()) < len(pieces.items) or len(pictures) > 1
        if crowded:
            self._fault(part.line, "カードに入れられるのは、画像1枚と本文とボタンだけです")
        if not pieces.words():
            self._fault(part.line, "カードには本文が必要です")
        if crowded or not pieces.words():
            return None
        body = "\n".join(words.text for words in pieces.words())
        picture = pictures[0] if pictures else None
        column = self._attempt(
            picture.line if picture else part.line,
            lambda: builders.card(body, pieces.actions, title=part.title, picture=_picture(picture)),
        )
        return None if column is None else _Card(column, part.line, pieces.words()[0].line, pieces.buttons)


@dataclass(frozen=True, slots=True)
class _Card:
    column: dict[str, Any]
    line: int
    words_line: int
    buttons: list[Button]


def _template_lines(index: int, card: _Card) -> dict[str, int]:
    path = f".template.columns[{index}]"
    lines = {path: card.line, f"{path}.text": card.words_line}
    return lines | {f"{path}.actions[{i}]": button.line for i, button in enumerate(card.buttons)}


def _flex_lines(index: int, card: _Card) -> dict[str, int]:
    path = f".contents.contents[{index}]"
    lines = {path: card.line, f"{path}.body": card.words_line}
    return lines | {f"{path}.footer.contents[{i}]": button.line for i, button in enumerate(card.buttons)}


def _flex_cards(columns: Sequence[dict[str, Any]], known: Mapping[str, str]) -> builders.Message:
    """The same cards as Flex, which takes uneven buttons and longer words than a template."""
    bubbles = [_flex_card(_plain_braces(column, known)) for column in columns]
    return builders.flex(columns[0]["text"], {"type": "carousel", "contents": bubbles})


def _plain_braces(tree: Any, known: Mapping[str, str]) -> Any:
    """A card for Flex, where a doubled `{{笑}}` that names no variable would be shown as it stands."""
    if isinstance(tree, list):
        return [_plain_braces(each, known) for each in tree]
    if isinstance(tree, dict):
        return {key: _plain_braces(each, known) for key, each in tree.items()}
    pieces = placeholders.parse(tree, known) if isinstance(tree, str) else []
    if not any(piece.kind == "literal" for piece in pieces):
        return tree
    return "".join(
        piece.text if piece.kind == "literal" and placeholders.lookup(piece.name, known) is None else piece.raw
        for piece in pieces
    )


def _flex_card(column: Mapping[str, Any]) -> dict[str, Any]:
    body = [{"type": "text", "text": column["text"], "wrap": True}]
    if "title" in column:
        body.insert(0, {"type": "text", "text": column["title"], "weight": "bold", "size": "lg", "wrap": True})
    bubble: dict[str, Any] = {"type": "bubble", "size": "kilo"}
    if "thumbnailImageUrl" in column:
        bubble["hero"] = {
            "type": "image",
            "url": column["thumbnailImageUrl"],
            "size": "full",
            "aspectRatio": "20:13",
            "aspectMode": "cover",
        }
    bubble["body"] = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": body}
    if column["actions"]:
        shown = [{"type": "button", "height": "sm", "action": action} for action in column["actions"]]
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": shown}
    return bubble


def _picture(picture: Attachment | None) -> str:
    """The address of a card's picture, if it has one, as small as a card takes it."""
    if picture is None:
        return ""
    address: str = _attached(picture)["originalContentUrl"]
    return hosting.for_card(address)


def _trimmed(words: Words) -> Words:
    """Without the blank lines around it."""
    lines = words.text.split("\n")
    said = [index for index, line in enumerate(lines) if line.strip()]
    return Words("\n".join(lines[said[0] : said[-1] + 1]), words.line + said[0])


def _action(button: Button) -> builders.Action:
    target = button.target
    if isinstance(target, Link):
        return builders.link(button.label, target.address)
    if isinstance(target, Say):
        return builders.say(button.label, target.text)
    if isinstance(target, Pick):
        return builders.pick(button.label, f"b=?{target.number}", target.mode, target.least, target.most, target.first)
    return builders.postback(button.label, f"b=?{target.number}")


def _attached(attachment: Attachment) -> builders.Message:
    given = attachment.value.split()
    if attachment.kind == "image":
        if len(given) not in (1, 2):
            raise errors.Refused("画像は「＋画像 https://…」と書いてください")
        return builders.image(*given)
    if attachment.kind == "video":
        if len(given) != 2:
            raise errors.Refused("動画は「＋動画 https://動画 https://見出し画像」と書いてください")
        watched = f"b=?{attachment.watched.number}" if attachment.watched is not None else None
        return builders.video(given[0], given[1], watched)
    if attachment.kind == "audio":
        return _audio(given)
    if attachment.kind == "location":
        return _location(attachment.value)
    numbers = re.fullmatch(r"(\d{1,20})\s*/\s*(\d{1,20})", attachment.value.strip())
    if numbers is None:
        raise errors.Refused("スタンプは「＋スタンプ 446/1988」のように番号で書いてください")
    return builders.sticker(numbers[1], numbers[2])


def _location(value: str) -> builders.Message:
    """`名称|住所|緯度,経度`; LINE takes no place without the last."""
    given = [one.strip() for one in re.split(r"[|｜]", value)]
    place = _COORDINATES.search(given[-1]) if len(given) == 3 else None
    if place is None:
        raise errors.Refused(
            "位置は「＋位置 名称|住所|緯度,経度」と書いてください。緯度と経度は、Googleマップで場所を長押しすると出る"
            "数字です（例: ＋位置 本店|岐阜市神田町1-2|35.4233,136.7607）"
        )
    return builders.location(given[0], given[1], float(place["north"]), float(place["east"]))


def _audio(given: Sequence[str]) -> builders.Message:
    found = _DURATION.match(given[1]) if len(given) == 2 else None
    if found is None:
        raise errors.Refused("音声は「＋音声 https://… 30秒」のように長さも書いてください")
    return builders.audio(given[0], (int(found[1] or 0) * 60 + int(found[2] or 0)) * 1000)

"""From the ▼ parts of a block to message objects: what becomes a bubble, a button, a carousel."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from jobs.messages import (
    builders,
    checking,
    counting,
    emojis,
    flex_cards,
    limits,
    parts,
    placeholders,
    splitting,
    summaries,
    template_limits,
    written,
)
from storage import errors

PROMPT = "こちらからどうぞ"
BESIDE = ("card", "picture")  # parts that stand side by side with the next of their kind
MOST_CHOICES = 20  # of one question
LONGEST_BUBBLE = 4_500  # UTF-16 units of a text that has to be cut: names and the like may be longer than their words
NAME_LENGTH = 20  # the longest name LINE lets a person take; layouts leave room for it


def compose(given: Sequence[parts.Part], known: Mapping[str, str] = placeholders.KNOWN) -> parts.Composed:
    """The messages that parts become, top to bottom as written.

    All buttons of a part stand under its last words. Words that leave no room for buttons are sent as a text of
    their own, and the buttons follow under 「こちらからどうぞ」. One picture with short words and buttons is one
    card. Quick replies of all parts go below the last message. Nothing to send is no fault.
    """
    composer = _Composer(known)
    index = 0
    while index < len(given):
        end = index + 1
        while given[index].kind in BESIDE and end < len(given) and given[end].kind == given[index].kind:
            end += 1
        composer.take(given[index:end])
        index = end
    return composer.composed()


@dataclass(slots=True)
class _Pieces:
    """A part sorted out: what becomes bubbles, in order, and what becomes buttons."""

    items: list[parts.Words | parts.Attachment]
    buttons: list[parts.Button]
    actions: list[builders.Action]

    def words(self) -> list[parts.Words]:
        return [item for item in self.items if isinstance(item, parts.Words)]

    def pictures(self) -> list[parts.Attachment]:
        return [item for item in self.items if isinstance(item, parts.Attachment) and item.kind == "image"]


@dataclass(slots=True)
class _Composer:
    known: Mapping[str, str]
    messages: list[builders.Message] = field(default_factory=list)
    faults: list[limits.Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # where each path of the messages was written
    quick: list[tuple[builders.Action, int]] = field(default_factory=list)  # each with where it was written

    def take(self, given: Sequence[parts.Part]) -> None:
        given = [self._without_quick(part) for part in given]
        if given[0].kind == "picture":
            self._pictures(given)
        elif len(given) > 1:
            self._cards(given)
        elif given[0].kind == "flex":
            self._flex(given[0])
        elif given[0].kind == "imagemap":
            self._imagemap(given[0])
        else:
            self._body(given[0])

    def _without_quick(self, part: parts.Part) -> parts.Part:
        for item in part.items:
            if isinstance(item, parts.Button) and item.quick:
                action = self._attempt(item.line, partial(written.action, item))
                if action is not None:
                    self.quick.append((action, item.line))
        return replace(
            part, items=tuple(one for one in part.items if not (isinstance(one, parts.Button) and one.quick))
        )

    def _below_the_last(self) -> None:
        """Quick replies, of which LINE shows only those of the last message."""
        if not self.quick:
            return
        if not self.messages:
            self._fault(self.quick[0][1], "クイック返信だけでは送れません。本文を書いてください")
            return
        path = f"messages[{len(self.messages) - 1}].quickReply.items"
        self.lines |= {f"{path}[{place}]": line for place, (_, line) in enumerate(self.quick)}
        self.lines[path] = self.quick[-1][1]
        items = [{"type": "action", "action": action} for action, _ in self.quick]
        self.messages[-1] = self.messages[-1] | {"quickReply": {"items": items}}

    def composed(self) -> parts.Composed:
        self._below_the_last()
        found = checking.check(self.messages, self.known) if self.messages else []
        for fault in found:
            line = self._line(fault.path)
            self._tell(replace(fault, line=None if line is None else line + fault.row))
        return parts.Composed(self.messages, sorted(self.faults, key=lambda fault: fault.line or 0))

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

    def _sorted(self, part: parts.Part) -> _Pieces:
        items: list[parts.Words | parts.Attachment] = []
        buttons, actions = [], []
        for item in part.items:
            if isinstance(item, parts.Button):
                action = self._attempt(item.line, partial(written.action, item))
                if action is not None:
                    buttons.append(item)
                    actions.append(action)
            elif isinstance(item, parts.Attachment):
                items.append(item)
            elif isinstance(item, parts.Words) and item.text.strip():
                items.append(_trimmed(item))
        return _Pieces(items, buttons, actions)

    def _add(self, message: builders.Message | None, line: int, lines: Mapping[str, int] | None = None) -> None:
        if message is None:
            return
        path = f"messages[{len(self.messages)}]"
        self.lines[path] = line
        self.lines.update({path + inner: at for inner, at in (lines or {}).items()})
        self.messages.append(message)

    def _plain(self, items: Sequence[parts.Words | parts.Attachment]) -> None:
        for item in items:
            if isinstance(item, parts.Words):
                fits = counting.utf16_len(item.text) <= checking.TEXT_ROOM
                for text, below in splitting.split(item.text, checking.TEXT_ROOM if fits else LONGEST_BUBBLE):
                    self._add(builders.customers_text(text), item.line + below)
            else:
                self._add(self._attempt(item.line, partial(written.attached, item)), item.line)

    def _body(self, part: parts.Part) -> None:
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
        elif pieces.items and isinstance(pieces.items[-1], parts.Words) and self._fits(pieces.items[-1], part):
            self._plain(pieces.items[:-1])
            self._panel(pieces, part, pieces.items[-1], None)
        else:
            self._plain(pieces.items)
            self._panel(pieces, part, parts.Words(PROMPT, pieces.buttons[0].line), None)

    def _many_choices(self, pieces: _Pieces, part: parts.Part) -> None:
        """More choices than a template of LINE's takes, as Flex."""
        last = pieces.items[-1] if pieces.items else None
        within = isinstance(last, parts.Words) and not emojis.WRITTEN.search(last.text)
        self._plain(pieces.items[:-1] if within else pieces.items)
        words = last if within and isinstance(last, parts.Words) else parts.Words(PROMPT, pieces.buttons[0].line)
        column = builders.card(words.text, pieces.actions, title=part.title)
        message = builders.flex(words.text, flex_cards.bubble(flex_cards.plain_braces(column, self.known)))
        lines = {f".contents.footer.contents[{i}]": button.line for i, button in enumerate(pieces.buttons)}
        self._add(message, words.line, lines | {".contents.body": words.line})

    def _only_words(self, pieces: _Pieces) -> bool:
        words = pieces.words()
        return len(pieces.items) == len(words) == 1 and self._size(words[0].text) <= template_limits.CONFIRM_TEXT

    def _short(self, words: parts.Words) -> bool:
        return self._size(words.text) <= template_limits.BUTTONS_TEXT_WITH_HEAD

    def _fits(self, words: parts.Words, part: parts.Part) -> bool:
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

    def _panel(self, pieces: _Pieces, part: parts.Part, words: parts.Words, picture: parts.Attachment | None) -> None:
        line = picture.line if picture else words.line
        built = self._attempt(
            line,
            lambda: builders.buttons(words.text, pieces.actions, title=part.title, picture=written.picture(picture)),
        )
        if built is not None:
            self._under(pieces, words, built)

    def _under(self, pieces: _Pieces, words: parts.Words, message: builders.Message) -> None:
        lines = {f".template.actions[{i}]": button.line for i, button in enumerate(pieces.buttons)}
        self._add(message, words.line, lines)

    def _flex(self, part: parts.Part) -> None:
        pieces = self._sorted(part)
        if any(isinstance(item, parts.Attachment) for item in pieces.items) or pieces.buttons:
            self._fault(part.line, "FlexのJSONの下に＋は使えません。JSONの中に書いてください")
        words = pieces.words()
        json = "\n".join(each.text for each in words)
        line = words[0].line if words else part.line
        if emojis.WRITTEN.search(json):
            self._fault(line, emojis.NOT_HERE)
        message = self._attempt(line, lambda: builders.flex(part.title, json))
        if message is not None and not message["altText"]:
            message["altText"] = summaries.alt_text([message])
        self._add(message, line)

    def _imagemap(self, part: parts.Part) -> None:
        found = [item for item in part.items if isinstance(item, parts.Imagemap)]
        buttons = [item for item in part.items if isinstance(item, parts.Button)]
        pressed = [self._attempt(button.line, partial(written.action, button)) for button in buttons]
        actions = [action for action in pressed if action is not None]
        if not found or len(actions) < len(buttons):
            return
        one = found[0]
        alt = "・".join(button.label for button in buttons)
        build = partial(builders.imagemap, one.address, alt, one.shape, one.columns, one.rows, actions, one.areas)
        lines = {f".actions[{place}]": button.line for place, button in enumerate(buttons)}
        self._add(self._attempt(one.line, build), one.line, lines)

    def _pictures(self, given: Sequence[parts.Part]) -> None:
        columns = [column for column in map(self._picture, given) if column is not None]
        if len(columns) < len(given):
            return
        alt = "・".join(action["label"] for _, action in columns)
        lines: dict[str, int] = {}
        for place, part in enumerate(given):
            column = f".template.columns[{place}]"
            pressed = next(item.line for item in part.items if isinstance(item, parts.Button))
            lines |= {column: part.line, f"{column}.action": pressed}
        build = partial(builders.image_carousel, columns, alt)
        self._add(self._attempt(given[0].line, build), given[0].line, lines)

    def _picture(self, part: parts.Part) -> tuple[str, builders.Action] | None:
        pieces = self._sorted(part)
        pictures = pieces.pictures()
        pressed = [item for item in part.items if isinstance(item, parts.Button)]
        if part.title or len(pieces.items) != 1 or len(pictures) != 1 or len(pressed) != 1:
            self._fault(part.line, "画像カードに書けるのは、＋画像1枚と＋ボタン1つだけです")
            return None
        address = self._attempt(pictures[0].line, partial(written.attached, pictures[0]))
        if address is None or not pieces.actions:
            return None
        return written.picture(pictures[0]), pieces.actions[0]

    def _cards(self, given: Sequence[parts.Part]) -> None:
        cards = [card for card in map(self._card, given) if card is not None]
        if len(cards) < len(given):
            return
        columns = [card.column for card in cards]
        template = builders.carousel(columns)
        chosen, form = template, flex_cards.template_lines
        if checking.check([template], self.known):
            as_flex = flex_cards.carousel(columns, self.known)
            if not checking.check([as_flex], self.known):
                chosen, form = as_flex, flex_cards.flex_lines
                for card in cards:
                    self._tell_unknown(card)
        lines = {}
        for index, card in enumerate(cards):
            lines.update(form(index, card))
        self._add(chosen, given[0].line, lines)

    def _tell_unknown(self, card: flex_cards.Card) -> None:
        """Flex takes any braces, but these are words of staff."""
        for place in placeholders.places(card.column):
            line = card.words_line if place.holder is card.column and place.key == "text" else card.line
            for piece in placeholders.parse(place.text, self.known):
                if piece.kind == "unknown":
                    self._fault(line, limits.unknown_variable(piece, self.known))
                line += piece.raw.count("\n")

    def _card(self, part: parts.Part) -> flex_cards.Card | None:
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
            lambda: builders.card(body, pieces.actions, title=part.title, picture=written.picture(picture)),
        )
        return None if column is None else flex_cards.Card(column, part.line, pieces.words()[0].line, pieces.buttons)


def _trimmed(words: parts.Words) -> parts.Words:
    """Without the blank lines around it."""
    lines = words.text.split("\n")
    said = [index for index, line in enumerate(lines) if line.strip()]
    return parts.Words("\n".join(lines[said[0] : said[-1] + 1]), words.line + said[0])

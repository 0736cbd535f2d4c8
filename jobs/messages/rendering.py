"""Messages made ready once and written out for each friend, within LINE's limits whatever the friend is called."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from jobs.messages import checking, counting, flex_limits, limits, naming, placeholders
from storage import errors

UNFILLED = re.compile(r"b=\?(\d{1,9})\Z")  # a button's data before its row is written

_LONGEST_VALUE = 5000
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]+")
_VISIBLE = re.compile(
    "[^\\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_ROOMY = 10**9


class _Value(NamedTuple):
    """A variable's position among the pieces of its string."""

    position: int
    name: str
    default: str


class _EmojiIndex(NamedTuple):
    """An emoji's place: `offset` UTF-16 units into piece `position` of string `string`."""

    string: int
    position: int
    offset: int


@dataclass(frozen=True, slots=True)
class _String:
    """A string with variables: its pieces with gaps, and the room its values share."""

    pieces: list[str]
    values: list[_Value]
    room: int
    measure: Callable[[str], int]
    most_per_character: int
    in_address: bool
    value_bytes: int  # in Flex, the bytes each value may take

    def fill(self, given: Mapping[str, str | None]) -> list[str]:
        """The pieces with their values in place, cut where LINE's limit asks for it."""
        filled = self.pieces.copy()
        characters = 0
        for position, name, default in self.values:
            value = given.get(name)
            said = (_clean(value) if value else "") or default
            filled[position] = said
            characters += len(said)
        if characters * self.most_per_character > self.room or characters * 12 > self.value_bytes:
            self._fit(filled)
            if not any(filled):  # characters too long for their shares leave nothing, which LINE refuses
                for position, _, default in self.values:
                    filled[position] = default
        if self.in_address:
            for position, _, _ in self.values:
                filled[position] = quote(filled[position], safe="")
        return filled

    def _fit(self, filled: list[str]) -> None:
        """Cut values to their fair share of the room, the shortest first so that it leaves the rest more."""
        room = self.room
        in_bytes = limits.encoded_len if self.in_address else _json_len
        for position, _, _ in self.values:
            filled[position] = _cut(filled[position], self.value_bytes, in_bytes)
        waiting = sorted((self.measure(filled[value.position]), value.position) for value in self.values)
        for index, (size, position) in enumerate(waiting):
            share = room // (len(waiting) - index)
            if size > share:
                filled[position] = _cut(filled[position], share, self.measure, ellipsis=not self.in_address)
            room -= min(size, share)


class Compiled:
    """Messages made ready: plain ones are finished bytes, personal ones bytes with gaps."""

    __slots__ = ("_chunks", "_finished", "_strings", "count", "personal", "variables")

    def __init__(self, chunks: list[bytes | int | _EmojiIndex], strings: list[_String], count: int) -> None:
        self.count = count  # message objects
        self._chunks = chunks
        self._strings = strings
        self.variables = frozenset(value.name for string in strings for value in string.values)
        self.personal = bool(strings)
        self._finished = b"" if strings else b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))

    def render_bytes(self, values: Mapping[str, str | None] | None = None) -> bytes:
        """The message list as JSON for one friend; a missing or invisible value falls to its default."""
        if not self.personal:
            return self._finished
        filled = [string.fill(values or {}) for string in self._strings]
        out = []
        for chunk in self._chunks:
            if isinstance(chunk, bytes):
                out.append(chunk)
            elif isinstance(chunk, int):
                out.append(orjson.dumps("".join(filled[chunk])))
            else:
                before = sum(counting.utf16_len(piece) for piece in filled[chunk.string][: chunk.position])
                out.append(b"%d" % (before + chunk.offset))
        return b"".join(out)

    def render(self, values: Mapping[str, str | None] | None = None) -> list[dict[str, Any]]:
        """The message objects for one friend, new at every call."""
        messages: list[dict[str, Any]] = orjson.loads(self.render_bytes(values))
        return messages


def compile(messages: object, known: Mapping[str, str] = placeholders.KNOWN) -> Compiled:
    """Make checked messages ready for rendering many times; Refused when they cannot be sent at all."""
    survey = checking.survey(messages, known)
    shaped = isinstance(messages, list) and all(isinstance(one, dict) for one in messages)
    if not shaped or not limits.Survey(known).sendable(messages, "messages"):
        raise errors.Refused("メッセージの形が正しくありません。作り直してください")
    tree = orjson.loads(orjson.dumps(messages))
    if any(UNFILLED.match(data) for data in _data(tree)):
        raise errors.Refused("ボタンの準備がまだできていません。もう一度公開してください")
    return _Compiler(tree, known, survey.limits).compiled()


def render(
    messages: object, values: Mapping[str, str | None], known: Mapping[str, str] = placeholders.KNOWN
) -> list[dict[str, Any]]:
    """New messages with the variables replaced, to be looked at by staff; for friends, compile once.

    Without what tells us of a film watched to its end, which LINE takes towards friends only, and not in groups; and
    without quick replies, which belong to friends and which LINE shows below the last message alone.
    """
    found = compile(messages, known).render(values)
    unseen = ("trackingId", "quickReply")
    return [{key: value for key, value in message.items() if key not in unseen} for message in found]


class _Compiler:
    """Puts marks where values go, writes the tree as JSON once, and cuts it at the marks."""

    def __init__(self, tree: list[Any], known: Mapping[str, str], found: Mapping[str, limits.Limit]) -> None:
        self.tree = tree
        self.known = known
        self.limits = found
        self.mark = _unused_mark(orjson.dumps(tree))
        self.strings: list[_String] = []
        self.gaps: list[int | _EmojiIndex] = []
        self.value_bytes = _value_bytes(tree, known)

    def compiled(self) -> Compiled:
        for place in list(placeholders.places(self.tree)):
            pieces = placeholders.parse(place.text, self.known, loose=place.loose)
            if any(piece.kind in ("value", "literal") for piece in pieces):
                self._replace(place, pieces)
        parts = re.split(rb'"%b(\d+)"' % self.mark.encode(), orjson.dumps(self.tree))
        chunks: list[bytes | int | _EmojiIndex] = []
        for index, part in enumerate(parts):
            chunks.append(self.gaps[int(part)] if index % 2 else part)
        return Compiled(chunks, self.strings, len(self.tree))

    def _replace(self, place: placeholders.Place, pieces: list[placeholders.Piece]) -> None:
        texts = [piece.text for piece in pieces]
        values = [_Value(i, piece.name, piece.text) for i, piece in enumerate(pieces) if piece.kind == "value"]
        emojis = self._emoji_places(place, pieces)
        if not values:
            place.holder[place.key] = "".join(texts)
            for emoji, position, offset in emojis:
                emoji["index"] = sum(map(counting.utf16_len, texts[:position])) + offset
            return
        for value in values:
            texts[value.position] = ""
        limit = self.limits.get(place.path)
        measure = limit.measure if limit else counting.utf16_len
        whole = len(pieces) == 1 and naming.leads(values[0].name)
        in_address = place.key in placeholders.ADDRESSES and not whole
        fixed = sum(map(len if in_address else measure, texts))
        string = _String(
            texts,
            values,
            max(0, limit.most - fixed) if limit else _ROOMY,
            measure,
            _most_per_character(measure),
            in_address,
            self._bytes_per_value(place.path),
        )
        for emoji, position, offset in emojis:
            emoji["index"] = self._gap(_EmojiIndex(len(self.strings), position, offset))
        place.holder[place.key] = self._gap(len(self.strings))
        self.strings.append(string)

    def _gap(self, what: int | _EmojiIndex) -> str:
        self.gaps.append(what)
        return f"{self.mark}{len(self.gaps) - 1}"

    def _bytes_per_value(self, path: str) -> int:
        return next((room for start, room in self.value_bytes.items() if path.startswith(start)), _ROOMY)

    def _emoji_places(
        self, place: placeholders.Place, pieces: list[placeholders.Piece]
    ) -> Iterator[tuple[dict[str, Any], int, int]]:
        """Each LINE emoji of a text message with the piece it stands in and its offset there."""
        emojis = place.holder.get("emojis")
        if place.key != "text" or not isinstance(emojis, list):
            return
        for emoji in emojis:
            index = emoji.get("index") if isinstance(emoji, dict) else None
            if isinstance(index, bool) or not isinstance(index, int):
                continue
            start = 0
            for position, piece in enumerate(pieces):
                end = start + counting.utf16_len(piece.raw)
                if start <= index < end:
                    yield emoji, position, index - start if piece.kind == "words" else 0
                    break
                start = end


def _unused_mark(written: bytes) -> str:
    number = 0
    while b"@%d:" % number in written:
        number += 1
    return f"@{number}:"


def _value_bytes(tree: list[Any], known: Mapping[str, str]) -> dict[str, int]:
    """By the path of each Flex bubble, the bytes a value may take in it."""
    rooms = {}
    for index, message in enumerate(tree):
        if isinstance(message, dict) and message.get("type") == "flex":
            contents = message.get("contents")
            if isinstance(contents, dict):
                for inner, room in flex_limits.room_per_value(contents, known).items():
                    rooms[f"messages[{index}].contents{inner}."] = room
    return rooms


def _most_per_character(measure: Callable[[str], int]) -> int:
    """The most that one code point can add in this unit, so that short values need no counting."""
    if measure is limits.encoded_len:
        return 12
    return 1 if measure is counting.graphemes else 2


def _data(tree: object) -> Iterator[str]:
    if isinstance(tree, list):
        for item in tree:
            yield from _data(item)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("data", "trackingId") and isinstance(value, str):
                yield value
            else:
                yield from _data(value)


def _clean(value: str) -> str:
    """A friend's value as it may stand in a message; nothing at all when no one could see it."""
    value = value[:_LONGEST_VALUE]
    if _UNWANTED.search(value):
        value = _UNWANTED.sub(" ", value)
    return value if _VISIBLE.search(value) else ""


def _cut(text: str, most: int, measure: Callable[[str], int], *, ellipsis: bool = False) -> str:
    """The start of `text` that fits, whole characters only."""
    if measure(text) <= most:
        return text
    tail = "…" if ellipsis and most > 1 else ""
    room = most - len(tail)
    kept = []
    for cluster in counting.clusters(text):
        room -= measure(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + tail


def _json_len(text: str) -> int:
    return len(orjson.dumps(text)) - 2

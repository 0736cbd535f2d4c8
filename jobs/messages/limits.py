"""Measuring one field of a message against LINE's limit, and saying what is wrong in words for staff."""

import difflib
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from jobs.messages import counting, emojis, naming, placeholders

DEEPEST = 60  # levels of nesting taken at all; real Flex stays below twenty
ADDRESS_ROOM = 2000
LINK_ROOM = 1000

_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_HTTPS = re.compile(r"https://[^/?#@]+([/?#].*)?\Z")
_LINK = re.compile(r"(https?://[^/?#@]+([/?#].*)?|line://.+|tel:[0-9+*#-]+)\Z")
_OPEN_HOST = re.compile(r"https?://[^/?#]*\Z", re.IGNORECASE)
_ADDRESS_LETTERS = re.compile(r"(?:[!#$&-;=?-\[\]_a-z~]|%[0-9A-Fa-f]{2})*\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing LINE would turn down, and the fix; `row` counts lines inside the text at `path` from 0.

    `line` is the line of the block it was written on, known only to what was composed from one.
    """

    path: str
    message_ja: str
    limit: int | None = None
    found: int | None = None
    row: int = 0
    line: int | None = None


class Limit(NamedTuple):
    """How long a string may be, in the unit that LINE counts there."""

    most: int
    measure: Callable[[str], int]


def encoded_len(text: str) -> int:
    """The length of `text` once it is percent-encoded into an address."""
    return len(quote(text, safe=""))


@dataclass(slots=True)
class Survey:
    """The faults met on a walk through messages, and the limit that stands at each string's path."""

    known: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    limits: dict[str, Limit] = field(default_factory=dict)

    def fault(
        self, path: str, message_ja: str, limit: int | None = None, found: int | None = None, row: int = 0
    ) -> None:
        self.faults.append(Fault(path, message_ja, limit, found, row))

    def sendable(self, tree: object, path: str) -> bool:
        """Whether this is JSON that can be stored and sent at all; a fault says why not."""
        waiting: list[tuple[object, int]] = [(tree, 0)]
        while waiting:
            value, depth = waiting.pop()
            problem = _unsendable(value, depth)
            if problem:
                self.fault(path, problem)
                return False
            if isinstance(value, dict):
                waiting.extend((each, depth + 1) for pair in value.items() for each in pair)
            elif isinstance(value, list):
                waiting.extend((each, depth + 1) for each in value)
        return True

    def words(
        self,
        holder: dict[str, Any],
        key: str,
        path: str,
        what: str,
        most: int | None = None,
        *,
        measure: Callable[[str], int] = counting.utf16_len,
        required: bool = True,
        loose: bool = False,
    ) -> None:
        """A string people read: present if required, not blank, within `most` with its variables at default."""
        where = f"{path}.{key}"
        text = self._string(holder, key, where, what, required)
        if text is None:
            return
        pieces = placeholders.parse(text, self.known, loose=loose)
        row = 0
        for piece in pieces:
            if piece.kind == "unknown":
                self.fault(where, unknown_variable(piece, self.known), row=row)
            row += piece.raw.count("\n")
        if not "".join(piece.text for piece in pieces).strip():
            self.fault(where, f"{what}が空です。文字を入れてください")
        if most is not None:
            self.limits[where] = Limit(most, measure)
            self.at_most(where, what, most, sum(measure(piece.text) for piece in pieces))

    def at_most(self, path: str, what: str, most: int, found: int) -> None:
        if found > most:
            self.fault(path, f"{what}は{most:,}字までです（今 {found:,}字）", most, found)

    def code(self, holder: dict[str, Any], key: str, path: str, what: str, most: int) -> None:
        """A string machines read, taken as it stands."""
        where = f"{path}.{key}"
        text = self._string(holder, key, where, what, True)
        if text is None:
            return
        if not text:
            self.fault(where, f"{what}が空です")
        self.at_most(where, what, most, counting.utf16_len(text))

    def address(self, holder: dict[str, Any], key: str, path: str, what: str, *, required: bool = True) -> None:
        """The https address of something LINE or a phone fetches."""
        self._address(
            holder, key, path, what, ADDRESS_ROOM, _HTTPS, "https:// で始まるアドレスにしてください", required
        )

    def link(self, holder: dict[str, Any], key: str, path: str, what: str) -> None:
        """Where a button leads."""
        self._address(
            holder,
            key,
            path,
            what,
            LINK_ROOM,
            _LINK,
            "https:// か http://、line://、tel:（番号）で始めてください",
            True,
        )

    def choice(
        self,
        holder: dict[str, Any],
        key: str,
        path: str,
        what: str,
        allowed: Collection[str],
        *,
        required: bool = False,
    ) -> bool:
        """Whether `holder[key]` is one of the allowed words; absent is fine unless required."""
        value = holder.get(key)
        if value is None and not required:
            return True
        if isinstance(value, str) and value in allowed:
            return True
        self.fault(f"{path}.{key}", f"{what}は {' / '.join(allowed)} のどれかにしてください")
        return False

    def number(
        self,
        holder: dict[str, Any],
        key: str,
        path: str,
        what: str,
        least: float,
        most: float,
        *,
        whole: bool,
    ) -> None:
        value = holder.get(key)
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            self.fault(f"{path}.{key}", f"{what}は{least:,}〜{most:,}の数にしてください")

    def items(
        self, holder: dict[str, Any], key: str, path: str, what: str, least: int, most: int
    ) -> list[tuple[dict[str, Any], str]]:
        """The objects of a list with their paths; too few, too many or odd ones are faults."""
        where = f"{path}.{key}"
        found = holder.get(key)
        if not isinstance(found, list):
            self.fault(where, f"{what}がありません")
            return []
        if not least <= len(found) <= most:
            span = f"ちょうど{most}つ" if least == most else f"{least}〜{most}つ"
            limit = most if len(found) > most else least
            self.fault(where, f"{what}は{span}にしてください（今 {len(found)}つ）", limit, len(found))
        good = []
        for index, item in enumerate(found):
            if isinstance(item, dict):
                good.append((item, f"{where}[{index}]"))
            else:
                self.fault(f"{where}[{index}]", f"{what}の形が正しくありません")
        return good

    def inner(self, holder: dict[str, Any], key: str, path: str, what: str) -> dict[str, Any] | None:
        """The object under `key`; a fault when there is none."""
        value = holder.get(key)
        if isinstance(value, dict):
            return value
        self.fault(f"{path}.{key}", f"{what}がありません")
        return None

    def _string(self, holder: dict[str, Any], key: str, where: str, what: str, required: bool) -> str | None:
        value = holder.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self.fault(where, f"{what}は文字で書いてください")
        elif required:
            self.fault(where, f"{what}がありません。入れてください")
        return None

    def _address(
        self,
        holder: dict[str, Any],
        key: str,
        path: str,
        what: str,
        most: int,
        shape: re.Pattern[str],
        fix: str,
        required: bool,
    ) -> None:
        where = f"{path}.{key}"
        text = self._string(holder, key, where, what, required)
        if text is None:
            return
        self.limits[where] = Limit(most, encoded_len)
        pieces = placeholders.parse(text, self.known)
        size, so_far = 0, ""
        for piece in pieces:
            if piece.kind == "value" and len(pieces) == 1 and naming.leads(piece.name):
                said = piece.text
            elif piece.kind == "value":
                if not so_far or _OPEN_HOST.match(so_far):
                    self.fault(where, f"{what}のはじめ（https:// とドメイン）に {piece.raw} は使えません")
                    return
                said = quote(piece.text, safe="")
            elif piece.kind == "unknown":
                self.fault(where, unknown_variable(piece, self.known))
                return
            else:
                said = piece.text
            size += len(said)
            so_far += said
        if not shape.match(so_far):
            self.fault(where, f"{what}は{fix}")
        elif not _ADDRESS_LETTERS.match(so_far):
            self.fault(where, f"{what}に使えない文字があります。日本語や空白は %E3%81%82 の形にしてください")
        self.at_most(where, what, most, size)


def _unsendable(value: object, depth: int) -> str | None:
    if depth > DEEPEST:
        return "入れ子が深すぎます"
    if isinstance(value, str):
        return "送れない文字（制御文字など）が入っています" if _UNSENDABLE.search(value) else None
    if isinstance(value, dict):
        return None if all(isinstance(key, str) for key in value) else "メッセージの形が正しくありません"
    if value is None or isinstance(value, bool | list):
        return None
    if isinstance(value, int) and abs(value) < 2**53:
        return None
    if isinstance(value, float) and math.isfinite(value):
        return None
    return "メッセージの形が正しくありません"


def unknown_variable(piece: placeholders.Piece, known: Mapping[str, str]) -> str:
    """What to say about a name in braces that is no variable."""
    if emojis.WRITTEN.fullmatch(piece.raw):
        return emojis.NOT_HERE
    close = difflib.get_close_matches(piece.name, known, n=1, cutoff=0.5)
    hint = (
        f"もしかして {{{close[0]}}} ですか？"
        if close
        else f"使えるもの: {'、'.join(f'{{{n}}}' for n in [*known][:6])}、{{今日+3日}}。"
    )
    literal = f"そのままの文字として送るときは {{{piece.raw}}} と書きます"
    return f"差し込み {piece.raw} はありません。{hint}{literal}"

"""What the blocks of all kinds have in common: head lines, a name, a condition, what stands below a ▼."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from admin_commands.grammar import actions, blocks, contents, heads, lexicon, nearness, normalise, numbers, segments
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.definitions import Definition, Piece, Run, State
from admin_commands.grammar.faults import MOST_GUESSES, Fault
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Line
from jobs.messages import emojis

STATES: Mapping[State, Sequence[str]] = {
    "live": ("公開", "公開中", "live"),
    "paused": ("停止", "停止中", "paused"),
    "draft": ("下書き", "下書", "draft"),
}

Setter = Callable[[Line, Line], None]  # takes a head line, and its value as a line of its own


class Builder(ABC):
    """Reads one block; what is found ends in the fields, what is wrong in `faults`.

    `conditions` has the lines of those head keys whose value is a condition, which may go on over further lines;
    `hooked` the actions of the ＋ lines that begin with the `hook` of its kind (＋終了後), wherever they stand.
    `first` is the ▼ line that is meant where there is none, `bodies` what is typed in its place as a head key; `slips`
    are wrong words for head keys.
    """

    hook: ClassVar[str] = ""
    first: ClassVar[str] = ""
    bodies: ClassVar[Sequence[str]] = ()
    slips: ClassVar[Sequence[str]] = ()

    def __init__(self, block: Block) -> None:
        self.block = block
        self.word = lexicon.NOUN[block.header.kind or ""].words[0]
        self.keys = heads.BLOCK_KEYS[block.header.kind or ""]
        self.faults: list[Fault] = []
        self.conditions: dict[str, list[Line]] = {}
        self.hooked: list[Run] = []
        self.lacks_part = False  # which has been told
        self.version: int | None = None
        self.state: State | None = None

    @property
    def setters(self) -> Mapping[str, Setter]:
        """What takes the value of each head key of this kind of block (heads.BLOCK_KEYS)."""
        return {"target": self._set_target, "version": self._set_version, "state": self._set_state}

    @abstractmethod
    def definition(self) -> Definition:
        """What the block says, once its head is read."""

    def fault(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None:
        self.faults.append(Fault(line.number, line.raw, what, tuple(examples), corrected))

    # ---- head lines ----

    def read_head(self) -> None:
        self.tell_missing_part()
        seen: set[str] = set()
        opened: list[Line] = []  # the lines of the condition that the line above ends
        for line in self.block.head:
            if not line.text or self.takes_hook(line):
                continue
            key, value = self._entry(line)
            if key is None and opened and segments.begins(line):
                opened.append(line)
                continue
            if key is None or value is None:
                self._unknown(line)
                continue
            if key in seen:
                self.fault(line, "は2回書かれています")
            seen.add(key)
            self._set(key, line, value)
            opened = self.conditions.get(key, [])

    def tell_missing_part(self) -> None:
        """Of a block without any ▼: tell once where it is missing, and leave what stands from there on."""
        if self.block.parts or not self.first:
            return
        for place, line in enumerate(self.block.head):
            text = None if self.is_title(line) else self.text_of(line)
            if text is not None:
                self.fault(
                    line, f"の前に「{self.first}」の行を足してください", (self.first,), f"{self.first}\n{text}".strip()
                )
            elif self.is_title(line):
                for title in filter(self.is_title, self.block.head[place:]):
                    self.fault(title, "は、先頭に ▼ を付けてください", (), f"▼{title.raw.strip()}")
            else:
                continue
            self.block = replace(self.block, head=self.block.head[:place])
            self.lacks_part = True
            return

    def is_title(self, _line: Line) -> bool:
        """Whether a line in the head has all of a ▼ line but its ▼."""
        return False

    def text_of(self, line: Line) -> str | None:
        """What a line in the head has for customers; None of one that was meant for the head."""
        if not line.text or self.is_hook(line) or segments.begins(line):
            return None
        found = blocks.key_of(line)
        if found is None:
            return None if normalise.key_of(self.keys, line.text.partition(" ")[0]) is not None else line.raw
        key, value = found
        if normalise.fold(key) in map(normalise.fold, self.bodies):
            return value.raw.strip()
        known = blocks.is_key(key) or normalise.fold(key) in map(normalise.fold, self.slips)
        return None if known or line.number > self.block.line.number + MOST_GUESSES or self._near(key) else line.raw

    def is_hook(self, line: Line) -> bool:
        """Whether a ＋ line belongs to the whole block."""
        if not self.hook or blocks.sort(line) != "directive":
            return False
        return blocks.hook_of(blocks.directive_of(line)[1]) == self.hook

    def takes_hook(self, line: Line) -> bool:
        """Take a ＋ line that belongs to the whole block; whether it is one."""
        if not self.is_hook(line):
            return False
        found, faults = actions.read(line, blocks.directive_of(line)[2])
        self.faults += faults
        self.hooked.append(Run(found, line.number))
        return True

    def _entry(self, line: Line) -> tuple[str | None, Line | None]:
        found = blocks.key_of(line)
        if found is None:
            return None, None
        return normalise.key_of(self.keys, found[0]), found[1]

    def _unknown(self, line: Line) -> None:
        keys = self.keys
        found = blocks.key_of(line)
        if blocks.sort(line) == "directive":
            self.fault(line, "は ▼ の下に書いてください")
            return
        if found is None:
            first, _, rest = line.text.partition(" ")
            known = normalise.key_of(keys, first)
            shape = [f"{s[0]}: …" for s in keys.values()][:2]
            corrected = self.keyed(keys[known][0], rest) if known and rest else None
            self.fault(line, f"は ▼ の下に書くか、「{shape[0]}」の形で書いてください", shape, corrected)
            return
        if blocks.is_key(found[0]):
            self.fault(line, f"の「{found[0]}」は■{self.word}では使いません")
            return
        near = self._near(found[0]) if len(self.faults) < MOST_GUESSES else []
        corrected = f"{keys[near[0]][0]}: {found[1].raw}" if near else None
        self.fault(line, f"の「{found[0]}」が分かりません", [f"{s[0]}: …" for s in keys.values()][:3], corrected)

    def _near(self, key: str) -> list[str]:
        """The head key that an unknown one was probably meant to be."""
        known = [(normalise.fold(word), one) for one, spelled in self.keys.items() for word in spelled]
        return nearness.nearest(normalise.fold(key), known, 1)

    def keyed(self, word: str, rest: str) -> str:
        """The head line that `開始 友だち追加` was meant to be."""
        return f"{word}: {rest}"

    def _set(self, key: str, line: Line, value: Line) -> None:
        if value.text:
            self.setters[key](line, value)
        else:
            self.fault(line, "に内容が書かれていません")

    def _set_target(self, _line: Line, value: Line) -> None:
        self.conditions["target"] = [value]

    def _set_version(self, line: Line, value: Line) -> None:
        self.version = numbers.number(value.text)
        if self.version is None:
            self.fault(line, "の版は数字で書いてください", ("版: 7",))

    def _set_state(self, line: Line, value: Line) -> None:
        self.state = normalise.key_of(STATES, value.text)
        if self.state is None:
            self.fault(line, "の状態が分かりません", ("状態: 公開", "状態: 停止", "状態: 下書き"))

    def segment(self, key: str) -> Segment | None:
        """The condition of a head key, once all head lines are read."""
        lines = self.conditions.get(key)
        if not lines:
            return None
        found, faults = segments.read_lines([(line, 0, len(line.text)) for line in lines])
        self.faults += faults
        return found

    # ---- parts ----

    def named(self, example: str = "ようこそ") -> str:
        name = self.block.header.name
        if not name:
            self.fault(self.block.line, "に名前がありません", (f"■{self.word} {example}",))
        if emojis.WRITTEN.search(name):
            self.fault(self.block.line, "の名前には、LINEの絵文字は使えません")
        return name

    def content(self, part: Part, *, bullets: bool = False) -> tuple[Piece, ...]:
        reader = contents.Reader(self.faults, bullets=bullets)
        reader.take([line for line in part.lines if not self.takes_hook(line)])
        return tuple(reader.pieces)

    def filled(self, part: Part, pieces: tuple[Piece, ...]) -> bool:
        """Whether a part holds anything; if its only line was faulty, that has been told already."""
        if pieces or any(line.text for line in part.lines if blocks.sort(line) == "directive"):
            return bool(pieces)
        self.fault(part.title, "の下に本文がありません")
        return False

    def need_parts(self) -> None:
        if not self.block.parts and not self.lacks_part:
            self.fault(self.block.line, "の下に ▼ の行がありません", (self.first,))

"""Blocks of kinds that no noun gives its meaning yet: their head lines, parts, lists and hooks, read and printed."""

import re
from collections.abc import Sequence

from admin_commands.grammar import (
    actions,
    blocks,
    contents,
    heads,
    lexicon,
    nearness,
    normalise,
    numbers,
    schedules,
    segments,
    timings,
    words,
)
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.definitions import Bullet, Hook, Outline, Piece, Section, Setting
from admin_commands.grammar.faults import MOST_GUESSES, Fault
from admin_commands.grammar.words import Line
from jobs import timing
from jobs.timing import Timing

IN_HEAD = ("score",)  # kinds whose head holds one
CONDITIONS = ("対象",)
MOMENTS = ("日時",)
BY_ITSELF = ("追加時", "しきい値")
THRESHOLD = re.compile(rf"(?P<key>しきい値 ?{numbers.NUMBER}) ?: ?")


class _Reader:
    def __init__(self, block: Block) -> None:
        self.block = block
        self.kind = block.header.kind or ""
        self.faults: list[Fault] = []
        self.settings: list[Setting] = []
        self.pieces: list[Piece] = []
        self.hooks: list[Hook] = []
        self.version: int | None = None

    def read(self) -> Outline:
        self._head()
        sections = tuple(self._section(part) for part in self.block.parts)
        header = self.block.header
        if not header.name:
            word = lexicon.NOUN[self.kind].words[0]
            self._fault(self.block.line, "に名前がありません", (f"■{word} 名前",))
        return Outline(
            self.kind,
            header.name,
            tuple(self.settings),
            tuple(self.pieces),
            sections,
            tuple(self.hooks),
            self.version,
            self.block.line.number,
            self.block.source,
        )

    def _fault(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None:
        self.faults.append(Fault(line.number, line.raw, what, tuple(examples), corrected))

    # ---- head ----

    def _head(self) -> None:
        condition: list[Line] = []
        for line in self.block.head:
            if not line.text or self._hook(line):
                continue
            if line.text.startswith(contents.BULLETS) and self.kind in IN_HEAD:
                self._bullet(line)
                continue
            found = self._key(line)
            if found is None and condition and segments.begins(line):
                condition.append(line)
                continue
            self._condition(condition)
            condition = []
            if found is None:
                self._unknown(line)
            elif not found[1].text:
                self._fault(line, "に内容が書かれていません")
            elif found[0] in CONDITIONS:
                condition = [found[1]]
            else:
                self._set(found[0], found[1], line)
        self._condition(condition)

    def _key(self, line: Line) -> tuple[str, Line] | None:
        """The canonical key of a head line and its value."""
        threshold = THRESHOLD.match(line.text) if self.kind == "score" else None
        if threshold:
            return threshold["key"], words.line_of(line.lookup.carve_from(threshold.end()), line.number)
        found = blocks.key_of(line)
        if found is None:
            return None
        folded = normalise.fold(found[0])
        known = {normalise.fold(word): word for word in (*heads.OUTLINE_KEYS[self.kind], "版")} | {"version": "版"}
        known |= {"target": "対象"} if "対象" in known.values() else {}
        return (known[folded], found[1]) if folded in known else None

    def _set(self, key: str, value: Line, line: Line) -> None:
        if key == "版":
            self.version = numbers.number(value.text)
            if self.version is None:
                self._fault(line, "の版は数字で書いてください", ("版: 7",))
            return
        faults: list[Fault] = []
        read: Setting
        if key.startswith(BY_ITSELF):
            found, faults = actions.read(value)
            read = Setting(key, found, line.number)
        elif key in MOMENTS:
            moment = schedules.whole(value.text)
            if isinstance(moment, schedules.Problem):
                offers = tuple(f"{key}: {offer.text}" for offer in moment.offers)
                self._fault(line, moment.what, offers or tuple(f"{key}: {one}" for one in schedules.EXAMPLES[:2]))
                return
            read = Setting(key, moment, line.number)
        elif self.kind == "menu" and len(key) == 1:
            bullet, faults = contents.bullet_of(value, 0)
            read = Setting(key, bullet, line.number)
        else:
            read = Setting(key, value.raw.strip(), line.number)
        self.faults += [Fault(line.number, line.raw, fault.what, fault.examples) for fault in faults]
        self.settings += [] if faults else [read]

    def _condition(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        whole = words.line_of(" かつ ".join(line.raw.strip() for line in lines), lines[0].number)
        found, faults = segments.read(whole)
        self.faults += faults
        self.settings.append(Setting("対象", found, lines[0].number))

    def _bullet(self, line: Line) -> None:
        bullet, faults = contents.bullet_of(line, 1)
        self.pieces += [] if faults else [bullet]
        self.faults += faults

    def _unknown(self, line: Line) -> None:
        word = lexicon.NOUN[self.kind].words[0]
        keys = heads.OUTLINE_KEYS[self.kind]
        found = blocks.key_of(line)
        if found is None:
            self._fault(
                line,
                f"は ▼ の下に書くか、「{next(iter(keys), '対象')}: …」の形で書いてください",
                [f"{key}: …" for key in keys[:2]],
            )
        elif blocks.is_key(found[0]):
            self._fault(line, f"の「{found[0]}」は■{word}では使いません")
        else:
            known = [(normalise.fold(key), key) for key in keys] if len(self.faults) < MOST_GUESSES else []
            near = nearness.nearest(normalise.fold(found[0]), known, 1)
            corrected = f"{near[0]}: {found[1].raw}" if near else None
            self._fault(line, f"の「{found[0]}」が分かりません", [f"{key}: …" for key in keys[:3]], corrected)

    # ---- hooks and parts ----

    def _hook(self, line: Line) -> bool:
        """Take a ＋ line that belongs to the block, wherever it stands."""
        if blocks.sort(line) != "directive":
            return False
        _, word, start = blocks.directive_of(line)
        when = blocks.hook_of(word)
        if when is None:
            return False
        at: Timing | None = None
        begin = start + line.text.startswith(" ", start)
        timed = timings.read(line.text, begin)
        if not isinstance(timed, str):
            at, start = timed
        found, faults = actions.read(line, start)
        self.faults += faults
        self.hooks += [] if faults else [Hook(when, found, at, line.number)]
        return True

    def _section(self, part: Part) -> Section:
        title = part.title.lookup.carve_from(part.start).strip()
        if not title:
            self._fault(part.title, "に見出しがありません")
        reader = contents.Reader(self.faults)
        reader.take([line for line in part.lines if not self._hook(line)])
        return Section(title, tuple(reader.pieces), part.title.number)


def read(block: Block) -> tuple[Outline, list[Fault]]:
    """What a block says, as far as it could be read, and all that is wrong with it."""
    reader = _Reader(block)
    found = reader.read()
    return found, sorted(reader.faults, key=lambda fault: fault.line)


def show(outline: Outline, name: str) -> list[str]:
    """The lines of the block in canonical form; `name` is that of its header."""
    lines = [f"■{lexicon.NOUN[outline.kind].words[0]} {name}"]
    lines += [f"{setting.key}: {_value(setting)}" for setting in outline.settings]
    lines += [f"版: {outline.version}"] if outline.version is not None else []
    lines += [_head_piece(piece) for piece in outline.pieces]
    for section in outline.sections:
        lines.append(f"▼{section.title}")
        lines += contents.show(section.pieces)
    lines += [_hook(hook) for hook in outline.hooks]
    return lines


def _value(setting: Setting) -> str:
    match setting.value:
        case str(text):
            return text
        case segments.Segment():
            return segments.show(setting.value)
        case schedules.Schedule():
            return schedules.show(setting.value)
        case Bullet():
            return contents.show_bullet(setting.value)
    return actions.show(setting.value)


def _head_piece(piece: Piece) -> str:
    return f"・{contents.show_bullet(piece)}" if isinstance(piece, Bullet) else ""


def _hook(hook: Hook) -> str:
    at = f" {timing.describe(hook.timing)}" if hook.timing is not None else ""
    return f"＋{hook.when}{at} {actions.show(hook.actions)}"

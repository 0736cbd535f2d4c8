"""■テンプレ: up to five ▼ parts, each of its own form."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from admin_commands.grammar import areas, blocks, contents, nearness, normalise
from admin_commands.grammar.blocks import Block, Part
from admin_commands.grammar.building.builder import Builder, Setter
from admin_commands.grammar.definitions import (
    Bullet,
    Definition,
    Enclosure,
    Imagemap,
    Open,
    OpenForm,
    Piece,
    Template,
    TemplatePart,
)
from admin_commands.grammar.words import Line

ONCE: Mapping[bool, Sequence[str]] = {
    True: ("1回", "1人1回", "一回", "1度", "一度だけ", "1回だけ", "once"),
    False: ("何度でも", "何回でも", "なんどでも", "複数回", "many", "always"),
}
Form = Literal["body", "card", "picture", "question", "flex"]
FORMS: Mapping[Form, Sequence[str]] = {
    "body": ("本文", "text"),
    "card": ("カード", "card"),
    "picture": ("画像カード", "imagecard"),
    "question": ("質問", "question"),
    "flex": ("Flex", "flex"),
}
# What may also stand behind a ＋.
DIRECTIVES = {key: blocks.DIRECTIVES[key] for key in (*contents.ATTACHED, *contents.ENCLOSED)}
LETTERED = re.compile(r"(?P<letter>[A-Ta-t]) ?: ?(?=\S)")
MAP = re.compile(rf" (?P<drawn>{areas.DRAWN.pattern})$")
GRID = re.compile(r" ?(?P<columns>[1-9]\d?) ?[x×*X] ?(?P<rows>[1-9]\d?)$")


class TemplateBuilder(Builder):
    first = "▼本文"
    bodies = FORMS["body"]

    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.once = False
        self.again: str | None = None
        self.full: str | None = None

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {**super().setters, "once": self._set_once, "again": self._set_again, "full": self._set_full}

    def definition(self) -> Definition:
        name = self.named()
        self.need_parts()
        parts = [found for part in self.block.parts if (found := self.part(part)) is not None]
        return Template(
            name=name,
            parts=tuple(parts),
            once=self.once,
            again=self.again,
            full=self.full,
            version=self.version,
            line=self.block.line.number,
            source=self.block.source,
        )

    def is_title(self, line: Line) -> bool:
        return normalise.key_of(FORMS, line.text) is not None

    def _set_once(self, line: Line, value: Line) -> None:
        found = normalise.key_of(ONCE, value.text)
        if found is None:
            self.fault(line, "の回数が分かりません", ("回答: 1回", "回答: 何度でも"))
        else:
            self.once = found

    def _set_again(self, _line: Line, value: Line) -> None:
        self.again = value.raw.strip()

    def _set_full(self, _line: Line, value: Line) -> None:
        self.full = value.raw.strip()

    def part(self, part: Part) -> TemplatePart | None:
        line = part.title
        start = part.start + line.text.startswith(" ", part.start)
        end = line.text.find(" ", start) if " " in line.text[start:] else len(line.text)
        word = line.text[start:end]
        form = normalise.key_of(FORMS, word)
        key = "" if form else normalise.key_of(DIRECTIVES, word) or ""
        if form is None and not key:
            self._unknown_form(line, line.lookup.carve(start, end))
            return None
        if key == "imagemap":
            return self._imagemap(part, end)
        pieces = self.content(part, bullets=form == "question")
        rest = line.lookup.carve_from(end).strip()
        if key in contents.ENCLOSED:
            enclosure = Enclosure(contents.ENCLOSED[key], rest, line.number)
            return TemplatePart("body", "", (enclosure, *pieces), line.number)
        if key:
            attached, faults = contents.attached(line, end, contents.ATTACHED[key])
            self.faults += faults
            return None if faults else TemplatePart("body", "", (attached, *pieces), line.number)
        if not self.filled(part, pieces):
            return None
        return TemplatePart(form or "body", rest, pieces, line.number)

    def _imagemap(self, part: Part, end: int) -> TemplatePart | None:
        """`春の案内 3x2` with as many ・ lines below it: `・予約する → https://…` opens a page, `・料金` is said."""
        line = part.title
        drawn = MAP.search(line.text, end)
        if drawn is not None:
            return self._drawn(part, end, drawn)
        examples = ("▼画像マップ 春の案内 2x1", "▼画像マップ 春の案内 AAB/AAC")
        found = GRID.search(line.text, end)
        media = contents.media_named(line, end, found.start()) if found else None
        if found is None or media is None:
            self.fault(line, "は「画像の名前 横x縦」の形で書いてください", examples)
            return None
        before = len(self.faults)
        reader = contents.Reader(self.faults, lists=True)
        reader.take(part.lines)
        columns, rows = int(found["columns"]), int(found["rows"])
        fields = [piece for piece in reader.pieces if isinstance(piece, Bullet)]
        if len(fields) < len(reader.pieces) or any(
            not isinstance(one.target, Open | OpenForm | None) for one in fields
        ):
            self.fault(
                line,
                "の下には「・言葉」か「・言葉 → https://…」だけを書いてください（押すと、言葉が送られるか、アドレスが開きます）",
            )
        elif len(self.faults) == before and len(fields) != columns * rows:
            self.fault(line, f"の下に、・の行を{columns * rows}行書いてください（今 {len(fields)}行）")
        pieces: tuple[Piece, ...] = (Imagemap(media, columns, rows, line=line.number), *fields)
        return TemplatePart("imagemap", "", pieces, line.number)

    def _drawn(self, part: Part, end: int, found: re.Match[str]) -> TemplatePart | None:
        """`春の案内 AAB/AAC` with a line for each letter below it: `A: 予約する → https://…`."""
        line = part.title
        drawn = found["drawn"].upper()
        fields = areas.of(drawn)
        media = contents.media_named(line, end, found.start())
        if isinstance(fields, str) or media is None:
            what = fields if isinstance(fields, str) else "は「画像の名前 並び」の形で書いてください"
            self.fault(line, what, ("▼画像マップ 春の案内 AAB/AAC",))
            return None
        said: dict[str, Bullet] = {}
        for one in part.lines:
            lettered = LETTERED.match(one.text)
            if not one.text:
                continue
            if lettered is None or lettered["letter"].upper() not in fields:
                self.fault(one, f"は「{next(iter(fields))}: 言葉 → https://…」の形で書いてください")
                return None
            bullet, faults = contents.bullet_of(one, lettered.end())
            self.faults += faults
            if lettered["letter"].upper() in said:
                self.fault(one, "は2回書かれています")
            elif not isinstance(bullet.target, Open | OpenForm | None):
                self.fault(one, "で開けるのは https:// のアドレスだけです（→ なしなら、言葉が送られます）")
            said[lettered["letter"].upper()] = bullet
        missing = [letter for letter in fields if letter not in said]
        if missing:
            self.fault(
                line, f"の {'・'.join(missing)} の行がありません", tuple(f"{one}: 予約する" for one in missing[:2])
            )
            return None
        columns, rows = drawn.index("/") if "/" in drawn else len(drawn), drawn.count("/") + 1
        pieces: tuple[Piece, ...] = (Imagemap(media, columns, rows, drawn, line.number), *(said[one] for one in fields))
        return TemplatePart("imagemap", "", pieces, line.number)

    def _unknown_form(self, line: Line, word: str) -> None:
        known = [
            (normalise.fold(one), spelled[0]) for spelled in (*FORMS.values(), *DIRECTIVES.values()) for one in spelled
        ]
        near = nearness.nearest(normalise.fold(word), known, 1) if word else []
        self.fault(line, "の種類が分かりません", ("▼本文", "▼カード", "▼質問"), f"▼{near[0]}" if near else None)

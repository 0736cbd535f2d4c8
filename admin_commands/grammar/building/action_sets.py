"""■アクション: what stands in its head are actions, one or several in a line."""

from dataclasses import replace

from admin_commands.grammar import actions, blocks, contents, words
from admin_commands.grammar.blocks import Block
from admin_commands.grammar.building.builder import Builder
from admin_commands.grammar.definitions import ActionSet, Definition, Run
from admin_commands.grammar.words import Line


class ActionSetBuilder(Builder):
    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.runs: list[Run] = []

    def definition(self) -> Definition:
        name = self.named()
        for part in self.block.parts:
            self.fault(
                part.title, "は■アクションでは使いません。「・動作」を並べて書いてください", ("・タグ付ける VIP",)
            )
        if not self.runs and not self.faults:
            self.fault(self.block.line, "の下に「・動作」の行がありません", ("・タグ付ける VIP",))
        return ActionSet(name, tuple(self.runs), self.version, self.block.line.number, self.block.source)

    def _entry(self, line: Line) -> tuple[str | None, Line | None]:
        return (None, None) if self._begin(line) else super()._entry(line)

    def _unknown(self, line: Line) -> None:
        found, faults = actions.read(line, self._begin(line))
        if self._begin(line):
            mended = _about_a_field(line, self._begin(line)) if faults else None
            faults = [replace(fault, corrected=fault.corrected or mended) for fault in faults]
            self.faults += [replace(fault, text=line.raw) for fault in faults]
            self.runs += [] if faults else [Run(found, line.number)]
            return
        corrected = f"・{line.raw.strip()}" if not faults else _about_a_field(line)
        self.fault(
            line,
            "は、先頭に「・」を付けてください" if not faults else "が分かりません",
            ("・タグ付ける VIP",),
            corrected,
        )

    def _begin(self, line: Line) -> int:
        """Where the actions of a line begin: behind ・, or behind ＋実行; 0 for one that has none."""
        if blocks.sort(line) == "directive":
            key, _, start = blocks.directive_of(line)
            return start if key == "run" else 0
        return 1 if line.text.startswith(contents.BULLETS) else 0


def _about_a_field(line: Line, start: int = 0) -> str | None:
    """`来店回数 +1` as the line that it was meant to be."""
    deed = f"項目 {line.lookup.carve_from(start).strip()}"
    return None if actions.read(words.line_of(deed))[1] else f"・{deed}"

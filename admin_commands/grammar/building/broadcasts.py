"""■配信: who gets it and when, above the ▼ parts of a template."""

from collections.abc import Mapping

from admin_commands.grammar import blocks, broadcasts, normalise, variants
from admin_commands.grammar.blocks import Block
from admin_commands.grammar.building.builder import Setter
from admin_commands.grammar.building.templates import FORMS, TemplateBuilder
from admin_commands.grammar.definitions import Broadcast, Definition, TemplatePart, Variant
from admin_commands.grammar.words import Line


class BroadcastBuilder(TemplateBuilder):
    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.sends = broadcasts.Head(self.fault)
        self.tried = variants.Head(self.fault)
        self.variants: list[Variant] = []

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {**super().setters, "besides": self._set_besides, **self.sends.setters, **self.tried.setters}

    def _set_besides(self, _line: Line, value: Line) -> None:
        self.conditions["besides"] = [value]

    def definition(self) -> Definition:
        name = self.named("年末クーポン")
        target = self.segment("target")
        if "target" not in self.conditions and not any(
            (one.corrected or "").startswith("対象:") for one in self.faults
        ):
            self.fault(self.block.line, "の下に「対象:」の行がありません", ("対象: 全員", "対象: タグ:VIP"))
        self.need_parts()
        for part in self.block.parts:
            if normalise.key_of(FORMS, part.title.text[part.start :].strip()) == "question":
                examples = ("＋ボタン 興味がある → タグ付ける 興味あり",)
                self.fault(part.title, "は■テンプレに書き、配信ではボタンを使ってください", examples)
        parts = self._parts()
        return Broadcast(
            name=name,
            parts=tuple(parts),
            target=target,
            at=self.sends.at,
            frozen=self.sends.frozen,
            variants=tuple(self.variants),
            test=self.tried.test,
            metric=self.tried.metric,
            wins=self.tried.wins,
            held=self.tried.held,
            besides=self.segment("besides"),
            sender=self.sends.sender,
            quiet=self.sends.quiet,
            uncapped=self.sends.uncapped,
            version=self.version,
            line=self.block.line.number,
            source=self.block.source,
        )

    def _parts(self) -> list[TemplatePart]:
        """All ▼, those of the variants one behind the other."""
        parts: list[TemplatePart] = []
        titles: dict[str, Line] = {}
        for part in self.block.parts:
            found = variants.TITLE.match(part.title.text[part.start :].strip())
            if found is None:
                if (own := self.part(part)) is not None:
                    self._counts(own, parts)
                continue
            letter = found["letter"].upper()
            if letter in titles:
                self.fault(part.title, "は2回書かれています")
            if not titles and parts:
                self.fault(self.block.parts[0].title, "は ▼A の下に書いてください", ("▼A",))
            titles.setdefault(letter, part.title)
            share = int(found["share"]) if found["share"] else None
            if share is not None and not 1 <= share <= 99:
                self.fault(part.title, "の割合は1%〜99%で書いてください", (f"▼{letter} 50%",))
            pieces = self.content(part)
            own_part = [TemplatePart("body", "", pieces, part.title.number)] if pieces else []
            self.variants.append(Variant(letter, share, len(own_part), part.title.number))
            parts += own_part
        for one in self.variants:
            said = any(line.text for line in self._below(one))
            if not one.parts and not said:
                self.fault(titles[one.letter], "の下に本文がありません")
        self.tried.check(self.variants, titles)
        return parts

    def _counts(self, own: TemplatePart, parts: list[TemplatePart]) -> None:
        """A ▼ that belongs to the variant above it."""
        parts.append(own)
        if self.variants:
            last = self.variants[-1]
            self.variants[-1] = Variant(last.letter, last.share, last.parts + 1, last.line)

    def _below(self, one: Variant) -> list[Line]:
        """The lines right below a variant's title that were faulty, and told already."""
        part = next(part for part in self.block.parts if part.title.number == one.line)
        return [line for line in part.lines if blocks.sort(line) == "directive"]

"""■配信: who gets it and when, above the ▼ parts of a template."""

from collections.abc import Mapping

from admin_commands.grammar import broadcasts, normalise
from admin_commands.grammar.blocks import Block
from admin_commands.grammar.building.builder import Setter
from admin_commands.grammar.building.templates import FORMS, TemplateBuilder
from admin_commands.grammar.definitions import Broadcast, Definition


class BroadcastBuilder(TemplateBuilder):
    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.sends = broadcasts.Head(self.fault)

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {**super().setters, **self.sends.setters}

    def definition(self) -> Definition:
        name = self.named("年末クーポン")
        target = self.segment("target")
        if "target" not in self.conditions:
            self.fault(self.block.line, "の下に「対象:」の行がありません", ("対象: 全員", "対象: タグ:VIP"))
        self.need_parts("▼本文")
        for part in self.block.parts:
            if normalise.key_of(FORMS, part.title.text[part.start :].strip()) == "question":
                examples = ("＋ボタン 興味がある → タグ付ける 興味あり",)
                self.fault(part.title, "は■テンプレに書き、配信ではボタンを使ってください", examples)
        parts = [found for part in self.block.parts if (found := self.part(part)) is not None]
        return Broadcast(
            name=name,
            parts=tuple(parts),
            target=target,
            at=self.sends.at,
            frozen=self.sends.frozen,
            version=self.version,
            line=self.block.line.number,
            source=self.block.source,
        )

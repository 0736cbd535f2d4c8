"""■自動応答: the words it answers to, and one ▼返信."""

from collections.abc import Mapping

from admin_commands.grammar import auto_replies, blocks, normalise
from admin_commands.grammar.blocks import Block
from admin_commands.grammar.building.builder import Builder, Setter
from admin_commands.grammar.definitions import AutoReply, Definition, ReplyPart
from admin_commands.grammar.words import Line

REPLIES = ("返信", "応答", "本文", "reply")


class AutoReplyBuilder(Builder):
    first = "▼返信"
    bodies = REPLIES
    slips = ("言葉", "ことば", "単語", "ワード")

    def __init__(self, block: Block) -> None:
        super().__init__(block)
        self.answers = auto_replies.Head(self.fault)

    @property
    def setters(self) -> Mapping[str, Setter]:
        return {**super().setters, **self.answers.setters}

    def is_title(self, line: Line) -> bool:
        return _is_reply(line.text)

    def _unknown(self, line: Line) -> None:
        found = blocks.key_of(line)
        if found is not None and normalise.fold(found[0]) in map(normalise.fold, self.slips):
            corrected = f"{self.keys['words'][0]}: {found[1].raw}"
            self.fault(line, f"の「{found[0]}」が分かりません", (), corrected)
        else:
            super()._unknown(line)

    def definition(self) -> Definition:
        name = self.named("営業時間")
        target = self.segment("target")
        self.need_parts()
        parts: list[ReplyPart] = []
        for part in self.block.parts:
            pieces = self.content(part)
            if not _is_reply(part.title.text[part.start :]):
                self.fault(part.title, "が分かりません。■自動応答の ▼ は「▼返信」1つです", ("▼返信",), "▼返信")
            elif parts:
                self.fault(part.title, "は2回書かれています")
            elif self.filled(part, pieces):
                parts.append(ReplyPart(pieces, part.title.number))
        return AutoReply(
            name,
            tuple(parts),
            **self.answers.settle(name, self.block.line),
            target=target,
            version=self.version,
            state=self.state,
            line=self.block.line.number,
            source=self.block.source,
        )


def _is_reply(title: str) -> bool:
    return normalise.fold(title.strip()) in map(normalise.fold, REPLIES)

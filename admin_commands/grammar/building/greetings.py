"""■あいさつ: what new friends get, those who come back or came by one route, and what is done of who blocks us."""

from collections.abc import Mapping, Sequence
from typing import Literal

from admin_commands.grammar import actions, nearness, normalise, words
from admin_commands.grammar.blocks import Part
from admin_commands.grammar.building.builder import Builder
from admin_commands.grammar.definitions import Definition, Greeting, GreetingPart, Piece, RoutePart, Run
from admin_commands.grammar.words import Line, Object
from jobs import actions as deeds

GREETINGS: Mapping[Literal["new", "returning", "blocked"], Sequence[str]] = {
    "new": ("新規", "新しい友だち", "new"),
    "returning": ("ブロック解除", "再追加", "returning", "unblocked"),
    "blocked": ("ブロック", "ブロック時", "ブロックされた時", "blocked"),
}


class GreetingBuilder(Builder):
    first = "▼新規"

    def is_title(self, line: Line) -> bool:
        return normalise.key_of(GREETINGS, line.text) is not None

    def definition(self) -> Definition:
        self.need_parts()
        parts: dict[str, GreetingPart] = {}
        routes: dict[Object, RoutePart] = {}
        for part in self.block.parts:
            route = _route(part)
            if route is not None:
                pieces = self.content(part)
                if route in routes:
                    self.fault(part.title, "は2回書かれています")
                elif self.filled(part, pieces):
                    routes[route] = RoutePart(route, pieces, part.title.number)
                continue
            found = self._greeting_part(part)
            if found is not None and found.kind in parts:
                self.fault(part.title, "は2回書かれています")
            elif found is not None:
                parts[found.kind] = found
        line, source = self.block.line.number, self.block.source
        if self.state == "draft":
            self.fault(self.block.line, "のあいさつに下書きはありません", ("状態: 公開", "状態: 停止"))
        return Greeting(tuple(parts.values()), self.version, line, source, tuple(routes.values()), self.state)

    def _greeting_part(self, part: Part) -> GreetingPart | None:
        title = part.title.text[part.start :].strip()
        kind = normalise.key_of(GREETINGS, title)
        pieces = self.content(part)
        if kind is None:
            known = [(normalise.fold(one), spelled[0]) for spelled in GREETINGS.values() for one in spelled]
            near = nearness.nearest(normalise.fold(title), known, 1)
            self.fault(part.title, "が分かりません", ("▼新規", "▼ブロック解除"), f"▼{near[0]}" if near else None)
            return None
        if kind == "blocked":
            self._keep_silent(part, pieces)
        return GreetingPart(kind, pieces, part.title.number) if self.filled(part, pieces) else None

    def _keep_silent(self, part: Part, pieces: Sequence[Piece]) -> None:
        """Who blocks us gets nothing, now or later: only what is done without them has a meaning."""
        if all(isinstance(piece, Run) and not any(map(_reaches, piece.actions)) for piece in pieces):
            return
        what = "の方には何も届きません。「＋実行」で、送信のない動作だけを書けます"
        self.fault(part.title, what, ("＋実行 タグ付ける 離脱", "＋実行 通知 「{名前}さんがブロックしました」"))


def _reaches(action: actions.Action) -> bool:
    return action.timing is not None or deeds.KINDS[action.do].sends


def _route(part: Part) -> Object | None:
    """`流入:店頭POP`."""
    found = words.tokens(part.title, part.start)
    if len(found) != 1 or normalise.fold(found[0].key) not in ("流入", "流入経路", "route"):
        return None
    objects = words.values_of(part.title, found[0])
    return objects[0] if len(objects) == 1 else None

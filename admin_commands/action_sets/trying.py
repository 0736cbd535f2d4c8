"""アクション 確認: what would happen to one friend, step by step: it is carried out in a savepoint and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import cards, desk, objects, previews
from admin_commands.action_sets import unfolding
from admin_commands.grammar.commands import Command as Said
from jobs import messages, operations
from jobs.actions import KINDS
from storage import action_sets, database, friends, segments

MOST = 30  # actions that are tried


class _Seen(Exception):
    """Enough has been seen: nothing of it is kept."""


async def check(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    friend = await objects.friend(at, said, 1)
    sets = await unfolding.living()
    lines: list[str] = []
    try:
        async with database.transaction():
            await _Trial(at, friend, sets, lines).go(kept.id)
            raise _Seen
    except _Seen:
        pass
    name = friend.name or "名前なし"
    head = f"🔍 もし今 {name}さんに「{kept.name}」を実行したら（まだ何もしません）"
    taps = (
        cards.Tap("実行", f"アクション 実行 #X{kept.id} #F{friend.id}"),
        cards.Tap("アクションを見る", f"アクション 表示 #X{kept.id}"),
    )
    return cards.Say("\n".join([head, *lines]), taps)


class _Trial:
    """Carries out one action after the other for one friend and writes down what came of each."""

    def __init__(
        self, at: desk.Desk, friend: friends.Seen, sets: Mapping[int, unfolding.Told], lines: list[str]
    ) -> None:
        self.at = at
        self.friend = friend
        self.sets = sets
        self.lines = lines
        self.tried = 0

    async def go(self, number: int, within: Sequence[int] = (), mark: str = "") -> None:
        for place, (action, words) in enumerate(self.sets[number].actions, 1):
            if self.tried == MOST:
                self.lines.append(f"…（はじめの{MOST}個まで）")
                return
            self.tried += 1
            here = f"{mark}{place}"
            wanted = None if "after" in action else await self._wanted(action)
            inside = self._inside(action, (*within, number)) if wanted is None else None
            if inside is not None:
                self.lines.append(f"{here}. {words}")
                await self.go(inside, (*within, number), f"{here}-")
            else:
                self.lines.append(f"{here}. {words} … {wanted or await self._outcome(action)}")

    def _inside(self, action: Mapping[str, Any], within: Sequence[int]) -> int | None:
        """The set whose actions come in the place of this one."""
        number = action["set"] if action["do"] == "run" and not {"after", "once"} & action.keys() else None
        return number if number in self.sets and number not in within else None

    async def _wanted(self, action: Mapping[str, Any]) -> str | None:
        """Why an action is passed over for this friend."""
        if "if" not in action:
            return None
        fit = await segments.fitting(action["if"], [self.friend.id], self.at.sight)
        return None if self.friend.id in fit else "条件に合わないため、行いません"

    async def _outcome(self, action: Mapping[str, Any]) -> str:
        if "after" in action:
            return "その時に行います"
        if self.friend.blocked_us and KINDS[action["do"]].sends:
            return "ブロック中のため届きません"
        root = f"trial:{self.at.heard.inbox_id}:{self.at.place}:{self.tried}"
        applied = await operations.apply(self.at.cache, [self.friend.id], [dict(action)], root)
        comes = [told for kind, (told, _) in unfolding.EVENTS.items() if applied.changed[kind]]
        if said := await previews.said_by(action):
            shown = messages.alt_text(await previews.of(self.at, said, self.friend), 40)
            comes.insert(0, f"「{shown}」が届きます" if applied.rows else "届きません")
        elif applied.rows:
            comes.append("メッセージが届きます")
        if applied.delayed:
            comes.append("時間を指定した動作が続きます")
        if comes or applied.changed:
            return "・".join(comes) or "行います"
        return "行います" if KINDS[action["do"]].silent else "変化なし"

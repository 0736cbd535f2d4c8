"""友だち追加, 最終反応, 最終配信: when something last happened between a friend and the account."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from admin_commands.grammar import nearness, normalise
from admin_commands.grammar.segments import moments, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import Before, Between, In, When, Within
from admin_commands.grammar.segments.places import Found, Place, Wrong

What = Literal["followed", "reacted", "delivered"]
WORDS: dict[What, tuple[str, ...]] = {
    "followed": ("友だち追加", "友達追加", "followed"),
    "reacted": ("最終反応", "最後の反応", "last_reply", "last_reaction"),
    "delivered": ("最終配信", "最後の配信", "last_sent"),
}
TOLD: dict[What, dict[type, str]] = {
    "followed": {
        Within: "友だち追加から{}",
        Before: "友だち追加から{}",
        In: "友だち追加が{}",
        Between: "友だち追加が{}",
    },
    "reacted": {Within: "{}に反応あり", Before: "{} 反応なし", In: "{} 反応あり", Between: "最終反応が{}"},
    "delivered": {Within: "{}に配信あり", Before: "{} 配信なし", In: "{} 配信あり", Between: "最終配信が{}"},
}
DENIED: dict[What, str] = {"reacted": "{}に反応なし", "delivered": "{}に配信なし"}
SPELLED = "|".join(sorted((normalise.fold(word) for words in WORDS.values() for word in words), key=len, reverse=True))
BEGINS = re.compile(rf"({SPELLED}) ?(?:が|は|から|の|:)? ?(?![^\s\d<>=!≠~一-龠a-z十百])")


@dataclass(frozen=True, slots=True)
class Dated(tree.Condition):
    """友だち追加 / 最終反応 / 最終配信 7日以内."""

    what: What
    when: When

    def show(self) -> str:
        return f"{WORDS[self.what][0]} {moments.show(self.when)}"

    def doubt(self) -> tuple[str, tree.Tree | None] | None:
        if self.when == In("birth_month"):
            return "は誕生日の条件ではないため使えません。", None
        return None

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {self.what: moments.stored(self.when, today)}

    def told(self, name: tree.Naming) -> str:
        return TOLD[self.what][type(self.when)].format(moments.told(self.when))

    def denied(self, name: tree.Naming) -> str:
        if self.what in DENIED and isinstance(self.when, Within | In):
            return DENIED[self.what].format(moments.told(self.when))
        return f"「{self.told(name)}」ではない"

    def settled(self, today: date) -> "Dated":
        return replace(self, when=moments.settled(self.when, today))


def _read(place: Place, at: int) -> Found | None:
    match = place.match(BEGINS, at)
    if match is None:
        return None
    what = states.keys_of(WORDS)[match[1]]
    found = moments.read(place.folded, match.end(), place.end)
    if found is None or isinstance(found, str):
        end = place.word_end(match.end())
        raise Wrong(at, end, found or f"の「{WORDS[what][0]}」{moments.UNREADABLE}", examples=moments.EXAMPLES)
    return Dated(what, found[0]), found[1]


def meant(name: str) -> What | None:
    """Which of the words for a moment something probably is a slip of."""
    known: list[tuple[str, str]] = [
        (normalise.fold(normalise.lookup(word).text), what) for what, spelled in WORDS.items() for word in spelled
    ]
    near = nearness.nearest(normalise.fold(normalise.lookup(name).text), known, 1)
    return next((what for what in WORDS if what in near), None)


KIND = Kind(
    word="友だち追加・最終反応・最終配信",
    example="最終反応 30日以上前",
    does="いつ: 7日以内・30日以上前・今日・今週・今月・11/1〜11/30。反応や配信が一度もない人は「30日以上前」に入ります",
    types=(Dated,),
    read=_read,
    begins=rf"(?:{SPELLED})(?:が|は|から)? ?"
    r"(?:[\d<>=~一二三十百]|今日|今週|今月|過去|直近|この|within|older|last|today|this)",
    kept=tuple(WORDS),
    back=lambda kept, _: next(Dated(what, moments.back(kept[what])) for what in WORDS if what in kept),
    ready=(
        Dated("reacted", Within(7, "day")),
        Dated("reacted", Within(30, "day")),
        Dated("reacted", Before(30, "day")),
        Dated("reacted", Before(90, "day")),
        Dated("followed", Within(7, "day")),
        Dated("followed", In("month")),
        Dated("followed", Before(30, "day")),
        Dated("delivered", Within(7, "day")),
        Dated("delivered", Before(30, "day")),
    ),
)

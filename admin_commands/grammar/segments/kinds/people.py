"""全員, ブロック, 非表示, 配信停止: what friends and staff have done with the account and the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from admin_commands.grammar.segments import states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.places import Found, Place


@dataclass(frozen=True, slots=True)
class Everyone(tree.Condition):
    """Whoever is not left out anyway."""

    def show(self) -> str:
        return "全員"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"everyone": True}


@dataclass(frozen=True, slots=True)
class Blocked(tree.Condition):
    """Has blocked the account."""

    def show(self) -> str:
        return "ブロック"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"blocked": True}

    def told(self, name: tree.Naming) -> str:
        return "ブロック中"


@dataclass(frozen=True, slots=True)
class Hidden(tree.Condition):
    def show(self) -> str:
        return "非表示"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"hidden": True}


@dataclass(frozen=True, slots=True)
class OptedOut(tree.Condition):
    """Has asked for no promotions."""

    def show(self) -> str:
        return "配信停止"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"opted_out": True}


EVERYONE = ("全員", "すべての友だち", "みんな", "everyone", "all")
BLOCKED = ("ブロック中", "ブロック", "blocked")
HIDDEN = ("非表示", "hidden")
OPTED_OUT = ("配信停止", "配信停止中", "配信停止希望", "受け取らない", "opted_out")


def _reader(spelled: tuple[str, ...], condition: tree.Condition) -> Callable[[Place, int], Found | None]:
    def read(place: Place, at: int) -> Found | None:
        end = states.alone(place, at, spelled)
        return (condition, end) if end is not None else None

    return read


KINDS = (
    Kind(
        word="全員",
        example="全員",
        does="友だち全員",
        types=(Everyone,),
        read=_reader(EVERYONE, Everyone()),
        begins=states.begins("全員", "everyone"),
        kept=("everyone",),
        back=lambda *_: Everyone(),
    ),
    Kind(
        word="ブロック",
        example="ブロック",
        does="アカウントをブロックしている人（書かなければ対象に入りません）",
        types=(Blocked,),
        read=_reader(BLOCKED, Blocked()),
        begins=states.begins("ブロック", "blocked"),
        kept=("blocked",),
        back=lambda *_: Blocked(),
        ready=(Blocked(),),
    ),
    Kind(
        word="非表示",
        example="非表示",
        does="友だちリストで非表示にした人（書かなければ対象に入りません）",
        types=(Hidden,),
        read=_reader(HIDDEN, Hidden()),
        begins=states.begins("非表示", "hidden"),
        kept=("hidden",),
        back=lambda *_: Hidden(),
        ready=(Hidden(),),
    ),
    Kind(
        word="配信停止",
        example="配信停止",
        does="「配信停止」と送り、案内を受け取らない人（書かなければ対象に入りません）",
        types=(OptedOut,),
        read=_reader(OPTED_OUT, OptedOut()),
        begins=states.begins("配信停止", "opted_out"),
        kept=("opted_out",),
        back=lambda *_: OptedOut(),
        ready=(OptedOut(),),
    ),
)

"""＠休眠VIP: a saved condition inside another."""

from dataclasses import dataclass
from datetime import date

from admin_commands.grammar.segments import places, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.places import Found, Place
from admin_commands.grammar.words import Object


@dataclass(frozen=True, slots=True)
class Saved(tree.Condition):
    segment: Object

    def show(self) -> str:
        return f"@{places.spelled(self.segment)}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"saved": number(self.segment)}

    def told(self, name: tree.Naming) -> str:
        return f"セグメント{name(self.segment)}"


def _read(place: Place, at: int) -> Found | None:
    if place.text[at] != "@":
        return None
    name, end = places.name(place, at + 1)
    return Saved(name), end


KIND = Kind(
    word="セグメント",
    example="@休眠VIP",
    does="保存したセグメントに当てはまる人（セグメント 作成）。変えると、使っている所すべてに効きます",
    types=(Saved,),
    read=_read,
    begins="@",
    names="segments",
    letter="G",
    kept=("saved",),
    back=lambda kept, name: Saved(name(kept["saved"])),
    offers=lambda segment, _: [Saved(segment)],
)

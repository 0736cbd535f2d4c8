"""配信:#B12 未クリック: who has got a broadcast, and who has opened or pressed something in it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from admin_commands.grammar.segments import places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.places import Found, Place
from admin_commands.grammar.words import Object

STATES = {
    "received": ("受信", "受信済", "受信済み", "received"),
    "clicked": ("クリック", "クリック済", "クリック済み", "clicked"),
    "not_clicked": ("未クリック", "クリックなし", "unclicked"),
}
TOLD = {"received": "を受信", "clicked": "をクリック", "not_clicked": "を受信して未クリック"}
EXAMPLE = "配信:#B12 未クリック"


@dataclass(frozen=True, slots=True)
class Received(tree.Condition):
    """受信; クリック is a measured link or a button of it, 未クリック who has got it and used neither."""

    broadcast: Object
    state: Literal["received", "clicked", "not_clicked"]

    def show(self) -> str:
        return f"配信:{places.spelled(self.broadcast)} {STATES[self.state][0]}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"broadcast": number(self.broadcast), "is": self.state}

    def told(self, name: tree.Naming) -> str:
        return f"配信{name(self.broadcast)}{TOLD[self.state]}"


def _read(place: Place, at: int, end: int) -> Found:
    broadcast, end = places.name(place, end)
    state, end = states.read(place, at, end, STATES, EXAMPLE)
    return Received(broadcast, state), end


KIND = Kind(
    word="配信",
    example=EXAMPLE,
    does="配信を 受信・クリック・未クリック の人（クリックは計測リンクかボタン、未クリックは受信して押していない人）",
    types=(Received,),
    key="broadcast",
    behind_key=_read,
    names="broadcasts",
    letter="B",
    kept=("broadcast",),
    back=lambda kept, name: Received(name(kept["broadcast"]), kept["is"]),
    offers=lambda broadcast, _: [Received(broadcast, state) for state in ("received", "clicked", "not_clicked")],
)

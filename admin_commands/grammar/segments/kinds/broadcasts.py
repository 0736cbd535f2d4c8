"""配信:#B12 未クリック: who has got a broadcast, and who has opened or pressed something in it."""

import re
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
    "held": ("比較用", "送らない", "送らない人", "held"),
}
TOLD = {
    "received": "を受信",
    "clicked": "をクリック",
    "not_clicked": "を受信して未クリック",
    "held": "を比べるために送らない人",
}
LETTER = re.compile(r"([a-d])案? (?=\S)")
EXAMPLE = "配信:#B12 未クリック"


@dataclass(frozen=True, slots=True)
class Received(tree.Condition):
    """受信; クリック is a measured link or a button of it, 未クリック who has got it and used neither; 送らない who is
    held out of it."""

    broadcast: Object
    state: Literal["received", "clicked", "not_clicked", "held"]
    letter: str | None = None  # of an A/B test, which wording

    def show(self) -> str:
        letter = f"{self.letter} " if self.letter is not None else ""
        return f"配信:{places.spelled(self.broadcast)} {letter}{STATES[self.state][0]}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        kept = {"broadcast": number(self.broadcast), "is": self.state}
        return kept if self.letter is None else {**kept, "variant": self.letter}

    def told(self, name: tree.Naming) -> str:
        letter = f"の{self.letter}" if self.letter is not None else ""
        return f"配信{name(self.broadcast)}{letter}{TOLD[self.state]}"


def _read(place: Place, at: int, end: int) -> Found:
    broadcast, end = places.name(place, end)
    letter = place.match(LETTER, place.behind_space(end))
    known = STATES if letter is None else {key: spelled for key, spelled in STATES.items() if key != "held"}
    state, end = states.read(place, at, letter.end() if letter is not None else end, known, EXAMPLE)
    return Received(broadcast, state, letter[1].upper() if letter is not None else None), end


KIND = Kind(
    word="配信",
    example=EXAMPLE,
    does="配信を 受信・クリック・未クリック の人（クリックは計測リンクかボタン、未クリックは受信して押していない人）。"
    "A/Bなら「配信:#B12 A クリック」、比べるために送らない人は「配信:#B12 比較用」",
    types=(Received,),
    key="broadcast",
    behind_key=_read,
    names="broadcasts",
    letter="B",
    kept=("broadcast",),
    back=lambda kept, name: Received(name(kept["broadcast"]), kept["is"], kept.get("variant")),
    offers=lambda broadcast, _: [Received(broadcast, state) for state in ("received", "clicked", "not_clicked")],
)

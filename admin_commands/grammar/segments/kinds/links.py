"""リンク:春クーポン クリック: who has opened a measured link, how often and when."""

from dataclasses import dataclass, replace
from datetime import date

from admin_commands.grammar.segments import figures, moments, places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import In, When
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.words import Object

STATES = {
    "yes": ("クリック", "クリック済", "クリック済み", "clicked"),
    "no": ("未クリック", "クリックなし", "unclicked"),
}
EXAMPLE = "リンク:春クーポン クリック 3回以上"


@dataclass(frozen=True, slots=True)
class Clicked(tree.Condition):
    """リンク:L クリック 3回以上 7日以内; 未クリック is `times` 0."""

    link: Object
    times: int = 1
    when: When | None = None

    def show(self) -> str:
        if not self.times:
            return f"リンク:{places.spelled(self.link)} 未クリック"
        often = f" {self.times}回以上" if self.times > 1 else ""
        return f"リンク:{places.spelled(self.link)} クリック{often}{f' {moments.show(self.when)}' if self.when else ''}"

    def doubt(self) -> tuple[str, tree.Tree | None] | None:
        if self.when == In("birth_month"):
            return "の「誕生月」はクリックの条件には使えません。", replace(self, when=In("month"))
        return None

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        found = {"link": number(self.link), "times": self.times}
        return found | ({"when": moments.stored(self.when, today)} if self.when else {})

    def told(self, name: tree.Naming) -> str:
        if not self.times:
            return f"リンク{name(self.link)}を未クリック"
        when = f"{moments.show(self.when)}に" if self.when else ""
        often = f"{self.times}回以上" if self.times > 1 else ""
        return f"リンク{name(self.link)}を{when}{often}クリック"

    def denied(self, name: tree.Naming) -> str:
        if self.times == 1 and not self.when:
            return replace(self, times=0).told(name)
        return f"「{self.told(name)}」ではない"

    def settled(self, today: date) -> "Clicked":
        return replace(self, when=moments.settled(self.when, today)) if self.when else self


def _read(place: Place, at: int, end: int) -> Found:
    link, end = places.name(place, end)
    said, end = states.read(place, at, end, STATES, EXAMPLE)
    if said == "no":
        return Clicked(link, 0), end
    times, end = figures.times(place, at, end)
    moment = moments.read(place.folded, place.behind_space(end), place.end)
    if isinstance(moment, str):
        raise Wrong(at, place.word_end(end + 1), moment, examples=("リンク:春クーポン クリック 7日以内",))
    return Clicked(link, times, moment[0] if moment else None), moment[1] if moment else end


KIND = Kind(
    word="リンク",
    example=EXAMPLE,
    does="リンクを クリック・未クリック の人。回数と期間も書けます（クリック 3回以上 7日以内）",
    types=(Clicked,),
    key="link",
    behind_key=_read,
    names="links",
    letter="L",
    kept=("link",),
    back=lambda kept, name: Clicked(
        name(kept["link"]), kept["times"], moments.back(kept["when"]) if "when" in kept else None
    ),
    offers=lambda link, _: [
        Clicked(link),
        Clicked(link, 0),
        Clicked(link, 3),
        Clicked(link, when=moments.Within(7, "day")),
        Clicked(link, when=moments.Within(30, "day")),
    ],
)

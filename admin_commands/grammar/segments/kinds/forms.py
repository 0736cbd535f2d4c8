"""フォーム:アンケート 回答済, フォーム:アンケート.性別=女性: who has answered a form, when, and what."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from admin_commands.grammar import words
from admin_commands.grammar.segments import moments, places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import SIGN, SIGNS, Comparison, In, When
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.words import Object

STATES = {
    "answered": ("回答済", "回答済み", "回答あり", "answered"),
    "never": ("未回答", "回答なし", "unanswered"),
}
COMPARED = re.compile(rf" ?(?P<sign>{SIGN}) ?")
STOPS = "=<>!≠"
TOLD = {"=": "「{}」", ">=": "{}以上", "<=": "{}以下", ">": "{}より大きい", "<": "{}未満"}
EXAMPLES = ("フォーム:アンケート.性別=女性", "フォーム:アンケート.満足度>=4")


@dataclass(frozen=True, slots=True)
class Answered(tree.Condition):
    """フォーム:F 回答済 7日以内, 未回答."""

    form: Object
    given: bool = True
    when: When | None = None

    def show(self) -> str:
        state = STATES["answered" if self.given else "never"][0]
        return f"フォーム:{places.spelled(self.form, '.')} {state}{f' {moments.show(self.when)}' if self.when else ''}"

    def doubt(self) -> tuple[str, tree.Tree | None] | None:
        if self.when == In("birth_month"):
            return "の「誕生月」は回答の条件には使えません。", replace(self, when=In("month"))
        return None

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        found = {"form": number(self.form), "is": "answered" if self.given else "never"}
        return found | ({"when": moments.stored(self.when, today)} if self.when else {})

    def told(self, name: tree.Naming) -> str:
        when = f"{moments.show(self.when)}に" if self.when else ""
        return f"フォーム{name(self.form)}に{when}{'回答済み' if self.given else '未回答'}"

    def denied(self, name: tree.Naming) -> str:
        return f"「{self.told(name)}」ではない" if self.when else replace(self, given=not self.given).told(name)

    def settled(self, today: date) -> "Answered":
        return replace(self, when=moments.settled(self.when, today)) if self.when else self


@dataclass(frozen=True, slots=True)
class Answer(tree.Condition):
    """フォーム:F.質問=答え, フォーム:F.満足度>=4; 答え is the label of a choice, or what was written."""

    form: Object
    question: str
    value: str
    sign: Comparison = "="

    def show(self) -> str:
        question = places.bare(self.question, STOPS) or words.quote(self.question)
        asked = f"フォーム:{places.spelled(self.form, '.')}.{question}"
        return f"{asked}{self.sign}{places.value(asked, self.sign, self.value)}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"form": number(self.form), "question": self.question, "is": self.sign, "value": self.value}

    def told(self, name: tree.Naming) -> str:
        return f"フォーム{name(self.form)}の「{self.question}」が{TOLD[self.sign].format(self.value)}"


def _read(place: Place, at: int, end: int) -> Found:
    form, end = places.name(place, end, ".")
    if end < place.end and place.text[end] == ".":
        return _answer(place, at, end + 1, form)
    state, end = states.read(place, at, end, STATES, EXAMPLES[0])
    if state == "never":
        return Answered(form, given=False), end
    moment = moments.read(place.folded, place.behind_space(end), place.end)
    if isinstance(moment, str):
        raise Wrong(at, place.word_end(end + 1), moment, examples=("フォーム:アンケート 回答済 7日以内",))
    return Answered(form, when=moment[0] if moment else None), moment[1] if moment else end


def _answer(place: Place, at: int, end: int, form: Object) -> Found:
    question, behind = places.phrase(place, end, STOPS)
    compared = place.match(COMPARED, behind)
    if compared is None:
        raise Wrong(at, behind, "の後に「=答え」を書いてください", examples=EXAMPLES)
    value, end = places.phrase(place, compared.end())
    sign = SIGNS[compared["sign"]]
    if sign == "!=":
        return tree.Not(Answer(form, question, value)), end
    if sign != "=" and not re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", value, re.ASCII):
        raise Wrong(at, end, "は数で比べてください", examples=EXAMPLES[1:])
    return Answer(form, question, value if sign == "=" else f"{Decimal(value):f}", sign), end


def _back(kept: tree.Json, name: tree.Back) -> tree.Condition:
    form = name(kept["form"])
    if "question" in kept:
        return Answer(form, kept["question"], kept["value"], kept["is"])
    return Answered(form, kept["is"] == "answered", moments.back(kept["when"]) if "when" in kept else None)


KIND = Kind(
    word="フォーム",
    example="フォーム:アンケート 回答済",
    does="フォームに 回答済・未回答 の人（回答済 7日以内 も書けます）。答えで選ぶなら フォーム:アンケート.性別=女性、"
    "数なら フォーム:アンケート.満足度>=4、点数と結果は フォーム:診断.点数>=80・フォーム:診断.結果=くせ毛",
    types=(Answered, Answer),
    key="form",
    behind_key=_read,
    names="forms",
    letter="Q",
    kept=("form",),
    back=_back,
    offers=lambda form, _: [
        Answered(form),
        Answered(form, given=False),
        Answered(form, when=moments.Within(7, "day")),
        Answered(form, when=moments.Within(30, "day")),
    ],
)

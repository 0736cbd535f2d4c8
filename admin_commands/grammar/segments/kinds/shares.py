"""ランダム 10%, 分割 1/3: a part of everybody, always the same friends."""

import re
from dataclasses import dataclass
from datetime import date

from admin_commands.grammar.segments import tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import Found, Place, Wrong

SAMPLE = re.compile(rf"(?:らんだむ|random) ?(\d{{1,3}}) ?%{END}")
PART = re.compile(rf"(?:分割|split) ?(\d{{1,3}})/(\d{{1,3}}){END}")


@dataclass(frozen=True, slots=True)
class Sampled(tree.Condition):
    """Always the same ten of a hundred."""

    percent: int

    def show(self) -> str:
        return f"ランダム {self.percent}%"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"sample": self.percent}

    def told(self, name: tree.Naming) -> str:
        return f"ランダムに選んだ{self.percent}%（いつも同じ人）"


@dataclass(frozen=True, slots=True)
class Split(tree.Condition):
    """The first of three parts of everybody."""

    part: int
    of: int

    def show(self) -> str:
        return f"分割 {self.part}/{self.of}"

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"split": [self.part, self.of]}

    def told(self, name: tree.Naming) -> str:
        return f"全体を{self.of}等分した{self.part}番目"


def _sample(place: Place, at: int) -> Found | None:
    match = place.match(SAMPLE, at)
    if match is None:
        return None
    if not 1 <= int(match[1]) <= 100:
        raise Wrong(at, match.end(), "は1%〜100%で書いてください", examples=("ランダム 10%",))
    return Sampled(int(match[1])), match.end()


def _split(place: Place, at: int) -> Found | None:
    match = place.match(PART, at)
    if match is None:
        return None
    part, of = int(match[1]), int(match[2])
    if not (2 <= of <= 100 and 1 <= part <= of):
        raise Wrong(at, match.end(), "の分け方がありません", examples=("分割 1/2", "分割 3/3"))
    return Split(part, of), match.end()


KINDS = (
    Kind(
        word="ランダム",
        example="ランダム 10%",
        does="全体からくじで選んだ10%。いつも同じ人です",
        types=(Sampled,),
        read=_sample,
        begins=r"(?:らんだむ|random) ?\d",
        kept=("sample",),
        back=lambda kept, _: Sampled(kept["sample"]),
        ready=(Sampled(10), Sampled(20), Sampled(50)),
    ),
    Kind(
        word="分割",
        example="分割 1/2",
        does="全体をくじで等分した何番目か。いつも同じ人です",
        types=(Split,),
        read=_split,
        begins=r"(?:分割|split) ?\d",
        kept=("split",),
        back=lambda kept, _: Split(*kept["split"]),
        ready=(Split(1, 2), Split(2, 2), Split(1, 3), Split(2, 3), Split(3, 3)),
    ),
)

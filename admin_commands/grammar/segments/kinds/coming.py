"""The conditions on what comes later: read and printed already, refused by name until their noun is there."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from admin_commands.grammar import words
from admin_commands.grammar.segments import figures, places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import END, Comparison
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.segments.states import States
from admin_commands.grammar.words import Object

CONVERTED: States = {True: ("あり", "yes"), False: ("なし", "no")}
UNASSIGNED = ("担当なし", "担当者なし", "unassigned")
NOBODY = re.compile(rf" ?(?:なし|none){END}")
SCORE = re.compile(r"(?:すこあ|点数|score)(?= ?[=<>!≠\d-])")


@dataclass(frozen=True, slots=True)
class Named(tree.Condition):
    """流入:Instagram: its name says all."""

    word: ClassVar[str]
    thing: Object

    def show(self) -> str:
        return f"{self.word}:{places.spelled(self.thing)}"

    @classmethod
    def read(cls, place: Place, _: int, end: int) -> Found:
        thing, end = places.name(place, end)
        return cls(thing), end


class CameBy(Named):
    word = "流入"


class Marked(Named):
    word = "マーク"


class ShowsMenu(Named):
    word = "メニュー"


@dataclass(frozen=True, slots=True)
class Standing(tree.Condition):
    """イベント:説明会 申込: how somebody stands to it, as the key of one of those `known`."""

    word: ClassVar[str]
    known: ClassVar[States]
    thing: Object
    state: str

    def show(self) -> str:
        return f"{self.word}:{places.spelled(self.thing)} {self.known[self.state][0]}"

    @classmethod
    def read(cls, place: Place, at: int, end: int) -> Found:
        thing, end = places.name(place, end)
        state, end = states.read(place, at, end, cls.known)
        return cls(thing, state), end


class Attends(Standing):
    word = "イベント"
    known = {
        "applied": ("申込", "申込済", "申し込み", "applied"),
        "attended": ("参加", "出席", "attended"),
        "absent": ("欠席", "absent"),
        "waiting": ("キャンセル待ち", "空き待ち", "waiting"),
    }


@dataclass(frozen=True, slots=True)
class Booked(Standing):
    """予約:カット 今後あり; 来店 has a number (2回以上)."""

    word = "予約"
    known = {
        "upcoming": ("今後あり", "予定あり", "upcoming"),
        "visited": ("来店", "visited"),
        "cancelled": ("キャンセルあり", "cancelled"),
        "none": ("なし", "none"),
    }
    times: int = 1

    def show(self) -> str:
        often = f" {self.times}回以上" if self.state == "visited" else ""
        return f"{Standing.show(self)}{often}"

    @classmethod
    def read(cls, place: Place, at: int, end: int) -> Found:
        thing, end = places.name(place, end)
        state, end = states.read(place, at, end, cls.known)
        times, end = figures.times(place, at, end) if state == "visited" else (1, end)
        return cls(thing, state, times), end


@dataclass(frozen=True, slots=True)
class Scores(tree.Condition):
    """スコア>=50, スコア:購入意欲>=50."""

    score: Object | None
    sign: Comparison
    value: int

    def show(self) -> str:
        name = f":{places.spelled(self.score, '=<>!≠')}" if self.score is not None else ""
        return f"スコア{name}{self.sign}{self.value}"


def _scored(place: Place, at: int, end: int) -> Found:
    score, end = places.name(place, end, "=<>!≠")
    found = figures.amount(place, end)
    if found is None:
        raise Wrong(at, place.word_end(end), "の点数が読めません", examples=("スコア>=50", "スコア:購入意欲>=50"))
    return Scores(score, *found[0]), found[1]


def _score(place: Place, at: int) -> Found | None:
    match = place.match(SCORE, at)
    found = figures.amount(place, match.end()) if match else None
    if match is not None and found is None:
        raise Wrong(at, place.word_end(match.end()), "の点数が読めません", examples=("スコア>=50",))
    return (Scores(None, *found[0]), found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Converted(tree.Condition):
    """計測:来店 あり, 3回以上; なし is `times` 0."""

    conversion: Object
    times: int = 1

    def show(self) -> str:
        said = f"{self.times}回以上" if self.times > 1 else CONVERTED[bool(self.times)][0]
        return f"計測:{places.spelled(self.conversion)} {said}"


def _conversion(place: Place, at: int, end: int) -> Found:
    conversion, end = places.name(place, end)
    times, behind = figures.times(place, at, end, missing=0)
    if times:
        return Converted(conversion, times), behind
    said, end = states.read(place, at, end, CONVERTED, "計測:来店 3回以上")
    return Converted(conversion, int(said)), end


@dataclass(frozen=True, slots=True)
class Assigned(tree.Condition):
    """担当:山田; 担当なし is None."""

    staff: Object | None

    def show(self) -> str:
        if self.staff is None:
            return "担当なし"
        shown = places.spelled(self.staff)
        return f"担当:{words.quote(shown) if shown in ('なし', 'none') else shown}"


def _assigned(place: Place, _: int, end: int) -> Found:
    nobody = place.match(NOBODY, end)
    if nobody:
        return Assigned(None), nobody.end()
    staff, end = places.name(place, end)
    return Assigned(staff), end


def _unassigned(place: Place, at: int) -> Found | None:
    end = states.alone(place, at, UNASSIGNED)
    return (Assigned(None), end) if end is not None else None


def _kind(noun: str, word: str, example: str, does: str, *types: type[tree.Condition], **more: Any) -> Kind:
    """A kind that begins with the word of a noun that is still to come."""
    return Kind(word=word, example=example, does=does, types=types, key=noun, later=noun, **more)


def _plain(noun: str, of: type[Named | Standing], example: str, does: str) -> Kind:
    return _kind(noun, of.word, example, does, of, behind_key=of.read)


KINDS = (
    _plain("booking", Booked, "予約:カット 今後あり", "予約が 今後あり・来店 2回以上・キャンセルあり・なし の人"),
    _plain("event", Attends, "イベント:説明会 申込", "イベントに 申込・参加・欠席・キャンセル待ち の人"),
    _kind("score", "スコア", "スコア>=50", "スコアが何点以上・以下の人", Scores, behind_key=_scored, read=_score),
    _plain("route", CameBy, "流入:Instagram", "その流入経路から友だちになった人"),
    _kind(
        "conversion",
        "計測",
        "計測:来店 3回以上",
        "成果が あり・なし・3回以上 の人",
        Converted,
        behind_key=_conversion,
    ),
    _plain("mark", Marked, "マーク:要対応", "その対応マークの人"),
    _kind(
        "assign",
        "担当",
        "担当:山田",
        "そのスタッフが担当の人、だれも担当していないなら 担当なし",
        Assigned,
        behind_key=_assigned,
        read=_unassigned,
        begins=states.begins("担当なし", "unassigned"),
    ),
    _plain("menu", ShowsMenu, "メニュー:会員", "そのメニューを見ている人"),
)

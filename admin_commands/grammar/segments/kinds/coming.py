"""The conditions on what comes later: read and printed already, refused by name until their noun is there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar import words
from admin_commands.grammar.segments import figures, places, states, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import END, Comparison
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.words import Object

ANSWERED = {"yes": ("回答済", "回答済み", "回答あり", "answered"), "no": ("未回答", "回答なし", "unanswered")}
RECEIVED = {
    "received": ("受信", "受信済", "受信済み", "received"),
    "clicked": ("クリック", "クリック済", "クリック済み", "clicked"),
    "not_clicked": ("未クリック", "クリックなし", "unclicked"),
}
BOOKED = {
    "upcoming": ("今後あり", "予定あり", "upcoming"),
    "visited": ("来店", "visited"),
    "cancelled": ("キャンセルあり", "cancelled"),
    "none": ("なし", "none"),
}
ATTENDS = {
    "applied": ("申込", "申込済", "申し込み", "applied"),
    "attended": ("参加", "出席", "attended"),
    "absent": ("欠席", "absent"),
    "waiting": ("キャンセル待ち", "空き待ち", "waiting"),
}
CONVERTED = {"yes": ("あり", "yes"), "no": ("なし", "no")}
UNASSIGNED = ("担当なし", "担当者なし", "unassigned")
EQUALS = re.compile(r" ?= ?")
NOBODY = re.compile(rf" ?(?:なし|none){END}")
SCORE = re.compile(r"(?:すこあ|点数|score)(?= ?[=<>!≠\d-])")


@dataclass(frozen=True, slots=True)
class Answered(tree.Condition):
    """フォーム:A 回答済, 未回答."""

    form: Object
    yes: bool

    def show(self) -> str:
        return f"フォーム:{places.spelled(self.form, '.')} {ANSWERED['yes' if self.yes else 'no'][0]}"


@dataclass(frozen=True, slots=True)
class Answer(tree.Condition):
    """フォーム:A.質問=答え."""

    form: Object
    question: str
    value: str

    def show(self) -> str:
        question = places.bare(self.question, "=") or words.quote(self.question)
        asked = f"フォーム:{places.spelled(self.form, '.')}.{question}"
        return f"{asked}={places.value(asked, '=', self.value)}"


def _form(place: Place, at: int, end: int) -> Found:
    form, end = places.name(place, end, ".")
    if end < place.end and place.text[end] == ".":
        question, behind = places.phrase(place, end + 1, "=")
        sign = place.match(EQUALS, behind)
        if sign is None:
            raise Wrong(at, behind, "の後に「=答え」を書いてください", examples=("フォーム:アンケート.性別=女性",))
        value, end = places.phrase(place, sign.end())
        return Answer(form, question, value), end
    said, end = states.read(place, at, end, ANSWERED)
    return Answered(form, said == "yes"), end


@dataclass(frozen=True, slots=True)
class Received(tree.Condition):
    """配信:#B12 受信, クリック, 未クリック."""

    broadcast: Object
    state: Literal["received", "clicked", "not_clicked"]

    def show(self) -> str:
        return f"配信:{places.spelled(self.broadcast)} {RECEIVED[self.state][0]}"


def _broadcast(place: Place, at: int, end: int) -> Found:
    broadcast, end = places.name(place, end)
    state, end = states.read(place, at, end, RECEIVED)
    return Received(broadcast, state), end


@dataclass(frozen=True, slots=True)
class Booked(tree.Condition):
    """予約:カット 今後あり, 来店 2回以上, キャンセルあり, なし."""

    booking: Object
    state: Literal["upcoming", "visited", "cancelled", "none"]
    times: int = 1

    def show(self) -> str:
        often = f" {self.times}回以上" if self.state == "visited" else ""
        return f"予約:{places.spelled(self.booking)} {BOOKED[self.state][0]}{often}"


def _booking(place: Place, at: int, end: int) -> Found:
    booking, end = places.name(place, end)
    state, end = states.read(place, at, end, BOOKED)
    times, end = figures.times(place, at, end) if state == "visited" else (1, end)
    return Booked(booking, state, times), end


@dataclass(frozen=True, slots=True)
class Attends(tree.Condition):
    """イベント:E 申込, 参加, 欠席, キャンセル待ち."""

    event: Object
    state: Literal["applied", "attended", "absent", "waiting"]

    def show(self) -> str:
        return f"イベント:{places.spelled(self.event)} {ATTENDS[self.state][0]}"


def _event(place: Place, at: int, end: int) -> Found:
    event, end = places.name(place, end)
    state, end = states.read(place, at, end, ATTENDS)
    return Attends(event, state), end


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
class CameBy(tree.Condition):
    """流入:Instagram."""

    route: Object

    def show(self) -> str:
        return f"流入:{places.spelled(self.route)}"


@dataclass(frozen=True, slots=True)
class Converted(tree.Condition):
    """計測:来店 あり, 3回以上; なし is `times` 0."""

    conversion: Object
    times: int = 1

    def show(self) -> str:
        said = f"{self.times}回以上" if self.times > 1 else CONVERTED["yes" if self.times else "no"][0]
        return f"計測:{places.spelled(self.conversion)} {said}"


def _conversion(place: Place, at: int, end: int) -> Found:
    conversion, end = places.name(place, end)
    times, behind = figures.times(place, at, end, missing=0)
    if times:
        return Converted(conversion, times), behind
    said, end = states.read(place, at, end, CONVERTED, "計測:来店 3回以上")
    return Converted(conversion, 1 if said == "yes" else 0), end


@dataclass(frozen=True, slots=True)
class Marked(tree.Condition):
    """マーク:要対応."""

    mark: Object

    def show(self) -> str:
        return f"マーク:{places.spelled(self.mark)}"


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


@dataclass(frozen=True, slots=True)
class ShowsMenu(tree.Condition):
    """メニュー:会員."""

    menu: Object

    def show(self) -> str:
        return f"メニュー:{places.spelled(self.menu)}"


def _plain(kind: Callable[[Object], tree.Condition]) -> Callable[[Place, int, int], Found]:
    def one(place: Place, _: int, end: int) -> Found:
        name, end = places.name(place, end)
        return kind(name), end

    return one


KINDS = (
    Kind(
        word="フォーム",
        example="フォーム:アンケート 回答済",
        does="フォームに 回答済・未回答 の人、答えで選ぶなら フォーム:アンケート.性別=女性",
        types=(Answered, Answer),
        key="form",
        behind_key=_form,
        later="form",
    ),
    Kind(
        word="配信",
        example="配信:#B12 未クリック",
        does="一斉配信を 受信・クリック・未クリック の人",
        types=(Received,),
        key="broadcast",
        behind_key=_broadcast,
        later="broadcast",
    ),
    Kind(
        word="予約",
        example="予約:カット 今後あり",
        does="予約が 今後あり・来店 2回以上・キャンセルあり・なし の人",
        types=(Booked,),
        key="booking",
        behind_key=_booking,
        later="booking",
    ),
    Kind(
        word="イベント",
        example="イベント:説明会 申込",
        does="イベントに 申込・参加・欠席・キャンセル待ち の人",
        types=(Attends,),
        key="event",
        behind_key=_event,
        later="event",
    ),
    Kind(
        word="スコア",
        example="スコア>=50",
        does="スコアが何点以上・以下の人",
        types=(Scores,),
        key="score",
        behind_key=_scored,
        read=_score,
        later="score",
    ),
    Kind(
        word="流入",
        example="流入:Instagram",
        does="その流入経路から友だちになった人",
        types=(CameBy,),
        key="route",
        behind_key=_plain(CameBy),
        later="route",
    ),
    Kind(
        word="計測",
        example="計測:来店 3回以上",
        does="成果が あり・なし・3回以上 の人",
        types=(Converted,),
        key="conversion",
        behind_key=_conversion,
        later="conversion",
    ),
    Kind(
        word="マーク",
        example="マーク:要対応",
        does="その対応マークの人",
        types=(Marked,),
        key="mark",
        behind_key=_plain(Marked),
        later="mark",
    ),
    Kind(
        word="担当",
        example="担当:山田",
        does="そのスタッフが担当の人、だれも担当していないなら 担当なし",
        types=(Assigned,),
        key="assign",
        behind_key=_assigned,
        read=_unassigned,
        begins=states.begins("担当なし", "unassigned"),
        later="assign",
    ),
    Kind(
        word="メニュー",
        example="メニュー:会員",
        does="そのメニューを見ている人",
        types=(ShowsMenu,),
        key="menu",
        behind_key=_plain(ShowsMenu),
        later="menu",
    ),
)

"""The conditions that begin with a key: タグ:VIP,常連, シナリオ:S 配信中, リンク:L クリック 3回以上."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from admin_commands.grammar import nearness, normalise, numbers
from admin_commands.grammar.faults import short
from admin_commands.grammar.segments import figures, moments, places, tree
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import Found, Place, Wrong
from admin_commands.grammar.words import Object

SCENARIO_STATES = {
    "active": ("配信中", "実行中", "購読中", "active"),
    "finished": ("完了", "終了", "済み", "済", "finished", "done"),
    "stopped": ("停止", "中断", "stopped"),
    "never": ("未経験", "未開始", "never"),
}
ANSWERED = {"yes": ("回答済", "回答済み", "回答あり", "answered"), "no": ("未回答", "回答なし", "unanswered")}
CLICKED = {
    "yes": ("クリック", "クリック済", "クリック済み", "clicked"),
    "no": ("未クリック", "クリックなし", "unclicked"),
}
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
JOINT = re.compile(r" ?([,+]) ?")
WORN = re.compile(rf" (あり|である|なし){END}")
STEP = re.compile(rf" ?(?:from )?({numbers.NUMBER})(?:通目)?(?:以降|から)?{END}")
EQUALS = re.compile(r" ?= ?")
NOBODY = re.compile(rf" ?(?:なし|none){END}")


def _tag(place: Place, at: int, end: int) -> Found:
    first, end = places.name(place, end, "+")
    tags, signs = [first], set()
    while (joint := place.match(JOINT, end)) is not None:
        if place.match(places.keys(), joint.end()):
            raise Wrong(
                at, joint.end(), "の後は「かつ」か「または」でつないでください", examples=("タグ:A または タグ:B",)
            )
        one, end = places.name(place, joint.end(), "+")
        tags.append(one)
        signs.add(joint[1])
    if len(signs) > 1:
        what = "の「,」（どれか）と「+」（全部）は一緒に使えません"
        raise Wrong(at, end, what, examples=("タグ:A,B", "タグ:A+B", "(タグ:A または タグ:B) かつ タグ:C"))
    tags = list(dict.fromkeys(tags))
    found: tree.Tree = tree.HasTag(tuple(tags), every="+" in signs and len(tags) > 1)
    said = place.match(WORN, end)
    if said is None:
        return found, end
    return (tree.negated(found) if said[1] == "なし" else found), said.end()


def _scenario(place: Place, at: int, end: int) -> Found:
    scenario, end = places.name(place, end)
    step = place.match(STEP, end)
    if step:
        number = numbers.number(step[1])
        if not number or number > 1000:
            raise Wrong(at, step.end(), "の何通目かが読めません", examples=("シナリオ:ようこそ 3通目以降",))
        return tree.InScenario(scenario, "from", number), step.end()
    state, end = _state(place, at, end, SCENARIO_STATES, "シナリオ:ようこそ 3通目以降")
    return tree.InScenario(scenario, state), end


def _form(place: Place, at: int, end: int) -> Found:
    form, end = places.name(place, end, ".")
    if end < place.end and place.text[end] == ".":
        question, behind = places.phrase(place, end + 1, "=")
        sign = place.match(EQUALS, behind)
        if sign is None:
            raise Wrong(at, behind, "の後に「=答え」を書いてください", examples=("フォーム:アンケート.性別=女性",))
        value, end = places.phrase(place, sign.end())
        return tree.Answer(form, question, value), end
    said, end = _state(place, at, end, ANSWERED)
    return tree.Answered(form, said == "yes"), end


def _link(place: Place, at: int, end: int) -> Found:
    link, end = places.name(place, end)
    said, end = _state(place, at, end, CLICKED, "リンク:春クーポン クリック 3回以上")
    if said == "no":
        return tree.Clicked(link, 0), end
    times, end = figures.times(place, at, end)
    moment = moments.read(place.folded, place.behind_space(end), place.end)
    if isinstance(moment, str):
        raise Wrong(at, place.word_end(end + 1), moment, examples=("リンク:春クーポン クリック 7日以内",))
    return tree.Clicked(link, times, moment[0] if moment else None), moment[1] if moment else end


def _broadcast(place: Place, at: int, end: int) -> Found:
    broadcast, end = places.name(place, end)
    state, end = _state(place, at, end, RECEIVED)
    return tree.Received(broadcast, state), end


def _booking(place: Place, at: int, end: int) -> Found:
    booking, end = places.name(place, end)
    state, end = _state(place, at, end, BOOKED)
    times, end = figures.times(place, at, end) if state == "visited" else (1, end)
    return tree.Booked(booking, state, times), end


def _event(place: Place, at: int, end: int) -> Found:
    event, end = places.name(place, end)
    state, end = _state(place, at, end, ATTENDS)
    return tree.Attends(event, state), end


def _conversion(place: Place, at: int, end: int) -> Found:
    conversion, end = places.name(place, end)
    times, behind = figures.times(place, at, end, missing=0)
    if times:
        return tree.Converted(conversion, times), behind
    said, end = _state(place, at, end, CONVERTED, "計測:来店 3回以上")
    return tree.Converted(conversion, 1 if said == "yes" else 0), end


def _assigned(place: Place, _: int, end: int) -> Found:
    nobody = place.match(NOBODY, end)
    if nobody:
        return tree.Assigned(None), nobody.end()
    staff, end = places.name(place, end)
    return tree.Assigned(staff), end


Reader = Callable[[Place, int, int], Found]  # of a line, where the condition begins, and where its key ends


def _plain(kind: Callable[[Object], tree.Tree]) -> Reader:
    def one(place: Place, _: int, end: int) -> Found:
        name, end = places.name(place, end)
        return kind(name), end

    return one


def _scored(place: Place, at: int, end: int) -> Found:
    """スコア:購入意欲>=50."""
    score, end = places.name(place, end, "=<>!≠")
    found = figures.amount(place, end)
    if found is None:
        raise Wrong(at, place.word_end(end), "の点数が読めません", examples=("スコア>=50", "スコア:購入意欲>=50"))
    return tree.Scores(score, *found[0]), found[1]


KEYED: dict[str, Reader] = {
    "tag": _tag,
    "scenario": _scenario,
    "form": _form,
    "link": _link,
    "broadcast": _broadcast,
    "booking": _booking,
    "event": _event,
    "conversion": _conversion,
    "assign": _assigned,
    "score": _scored,
    "route": _plain(tree.CameBy),
    "mark": _plain(tree.Marked),
    "menu": _plain(tree.ShowsMenu),
}


def _state(place: Place, at: int, end: int, states: Mapping[str, Sequence[str]], *more: str) -> tuple[Any, int]:
    """Which of these words follows at `end`, as its key, and the index behind it."""
    begin = place.behind_space(end)
    match = place.match(_words(states), begin)
    if match:
        return keys_of(states)[match[1]], match.end()
    behind = place.word_end(begin)
    known = [words_[0] for words_ in states.values()]
    near = nearness.nearest(place.folded[begin:behind], list(keys_of(states).items()), 1)
    instead = f"{place.line.lookup.carve(at, end)} {states[near[0]][0]}" if near and behind > begin else None
    named = place.line.lookup.carve(at, end)
    examples = [f"{short(named)} {word}" for word in known[:3]]
    what = f"の後に{'・'.join(known)}のどれかを書いてください"
    raise Wrong(at, behind if instead else max(end, behind), what, instead, (*examples, *more)[:4])


@cache
def pattern(spelled: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(normalise.fold, spelled), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})(?:{END}|(?=[<>=]))")


def _words(states: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return pattern(tuple(word for spelled in states.values() for word in spelled))


def keys_of(states: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {normalise.fold(word): key for key, spelled in states.items() for word in spelled}

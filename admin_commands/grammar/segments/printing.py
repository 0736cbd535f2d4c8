"""A condition in canonical Japanese: what was understood, which reads back as the same."""

import re
from collections.abc import Callable
from typing import Any

from admin_commands.grammar import normalise, words
from admin_commands.grammar.segments import conditions, keyed, moments, parsing, places, tree
from admin_commands.grammar.segments.places import Place
from admin_commands.grammar.words import Name, Object

SIMPLE = re.compile(r"\w{1,30}")
FIGURE = re.compile(r"-?\d{1,15}(?:[./:-]\d{1,15}){0,4}")
CLOSERS = tuple(words.OPENERS.values())


def show(given: tree.Tree) -> str:
    match given:
        case tree.Every(of):
            return " かつ ".join(map(_inside, of))
        case tree.Some(of):
            return " または ".join(map(_inside, of))
        case tree.Not(of):
            return f"{_inside(of)} でない"
    return SHOWN[type(given)](given)


def _inside(given: tree.Tree) -> str:
    shown = show(given)
    return f"({shown})" if isinstance(given, tree.Every | tree.Some) else shown


def _tag(given: tree.HasTag) -> str:
    return "タグ:" + ("+" if given.every else ",").join(_name(tag, "+") for tag in given.tags)


def _scenario(given: tree.InScenario) -> str:
    state = f"{given.step}通目以降" if given.state == "from" else keyed.SCENARIO_STATES[given.state][0]
    return f"シナリオ:{_name(given.scenario)} {state}"


def _answer(given: tree.Answer) -> str:
    asked = f"フォーム:{_name(given.form, '.')}.{_bare(given.question, '=') or words.quote(given.question)}"
    return f"{asked}={_value(asked, '=', given.value)}"


def _clicked(given: tree.Clicked) -> str:
    if not given.times:
        return f"リンク:{_name(given.link)} 未クリック"
    often = f" {given.times}回以上" if given.times > 1 else ""
    return f"リンク:{_name(given.link)} クリック{often}{f' {moments.show(given.when)}' if given.when else ''}"


def _booked(given: tree.Booked) -> str:
    often = f" {given.times}回以上" if given.state == "visited" else ""
    return f"予約:{_name(given.booking)} {keyed.BOOKED[given.state][0]}{often}"


def _scores(given: tree.Scores) -> str:
    name = f":{_name(given.score, '=<>!≠')}" if given.score is not None else ""
    return f"スコア{name}{given.sign}{given.value}"


def _converted(given: tree.Converted) -> str:
    said = f"{given.times}回以上" if given.times > 1 else keyed.CONVERTED["yes" if given.times else "no"][0]
    return f"計測:{_name(given.conversion)} {said}"


def _assigned(given: tree.Assigned) -> str:
    if given.staff is None:
        return "担当なし"
    shown = _name(given.staff)
    return f"担当:{words.quote(shown) if shown in ('なし', 'none') else shown}"


SHOWN: dict[type, Callable[[Any], str]] = {
    tree.Everyone: lambda _: "全員",
    tree.Blocked: lambda _: "ブロック",
    tree.Hidden: lambda _: "非表示",
    tree.Saved: lambda one: f"@{_name(one.segment)}",
    tree.Word: lambda one: words.quote(one.text),
    tree.HasTag: _tag,
    tree.Field: lambda one: _field(one, one.name, one.test),
    tree.Dated: lambda one: f"{conditions.DATED[one.what][0]} {moments.show(one.when)}",
    tree.InScenario: _scenario,
    tree.Answered: lambda one: f"フォーム:{_name(one.form, '.')} {keyed.ANSWERED['yes' if one.yes else 'no'][0]}",
    tree.Answer: _answer,
    tree.Clicked: _clicked,
    tree.Received: lambda one: f"配信:{_name(one.broadcast)} {keyed.RECEIVED[one.state][0]}",
    tree.Booked: _booked,
    tree.Attends: lambda one: f"イベント:{_name(one.event)} {keyed.ATTENDS[one.state][0]}",
    tree.Scores: _scores,
    tree.CameBy: lambda one: f"流入:{_name(one.route)}",
    tree.Converted: _converted,
    tree.Marked: lambda one: f"マーク:{_name(one.mark)}",
    tree.Assigned: _assigned,
    tree.ShowsMenu: lambda one: f"メニュー:{_name(one.menu)}",
    tree.Sampled: lambda one: f"ランダム {one.percent}%",
    tree.Split: lambda one: f"分割 {one.part}/{one.of}",
}


def _name(given: Object, stops: str = "") -> str:
    if not isinstance(given, Name):
        return words.show(given)
    return given.text if not given.quoted and _bare(given.text, stops) else words.quote(given.text)


def _bare(text: str, stops: str = "") -> str:
    """The text if it can stand without quotes, else nothing."""
    line = words.line_of(text)
    if not line.text or line.text[0] in words.OPENERS or words.needs_quotes(text):
        return ""
    end = places.bare_end(Place(line, len(line.text), {}), 0, stops)
    whole = end == len(line.text) and words.object_at(line, 0, end) == Name(text)
    even = line.text.count("(") == line.text.count(")")
    return text if whole and even and not line.text.startswith(("@", "!")) else ""


def _field(given: tree.Field, name: str, test: object) -> str:
    for shown in (name, words.quote(name)):
        said = _said(shown, test)
        if _reads_as(said, given) and (shown != name or name not in places.OPTIONS_BEHIND):
            return said
    return _said(words.quote(name), test)


def _said(name: str, test: object) -> str:
    match test:
        case tree.Compares(sign, value):
            return f"{name}{sign}{_value(name, sign, value)}"
        case tree.Contains(text):
            return f"{name} 含む {words.quote(text)}"
        case tree.Exists(there):
            return f"{name} {'あり' if there else 'なし'}"
        case tree.Within() | tree.Before() | tree.In() | tree.Between() | tree.Unclear():
            return f"{name} {moments.show(test)}"
    raise TypeError(test)


def _value(before: str, sign: str, value: str) -> str:
    """Bare where no other part of the language could take it for its own."""
    word = sign == "=" and SIMPLE.fullmatch(value) and not before.endswith(CLOSERS)
    plain = (FIGURE.fullmatch(value) or word) and normalise.lookup(value).text == value
    return value if plain and _bare(value) else words.quote(value)


def _reads_as(shown: str, given: tree.Tree) -> bool:
    line = words.line_of(shown)
    return parsing.read([(line, 0, len(line.text))]) == (given, [])

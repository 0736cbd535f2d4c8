"""Between a condition's tree and its stored form, in which names are numbers and dates have their years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from admin_commands.grammar import segments, words
from admin_commands.grammar.segments import printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.tree import Tree
from storage import named

Json = dict[str, Any]
Key = tuple[named.Kind, words.Object]
NAME = "名前"


@dataclass(frozen=True, slots=True)
class Linked:
    """A condition that says one thing only, about things that exist; `stored` is what is kept and judged."""

    tree: Tree
    things: Mapping[Key, named.Named]
    today: date

    @property
    def stored(self) -> Json:
        return self.part(self.tree)

    def part(self, tree: Tree) -> Json:
        """The stored form of a part of the tree."""
        return stored(tree, lambda kind, given: self.things[kind, given].id, self.today)

    def name(self, kind: named.Kind, given: words.Object) -> str:
        return f"「{self.things[kind, given].name}」"


def stored(tree: Tree, number: Callable[[named.Kind, words.Object], int], today: date) -> Json:
    """The stored form of a condition that says one thing only; `number` tells what its names mean."""
    match tree:
        case trees.Every(of):
            return {"all": [stored(one, number, today) for one in of]}
        case trees.Some(of):
            return {"any": [stored(one, number, today) for one in of]}
        case trees.Not(of):
            return {"not": stored(of, number, today)}
        case trees.HasTag(tags, every):
            numbers = [number("tags", tag) for tag in tags]
            return {"tags": numbers, "of": "all" if every else "any"} if len(numbers) > 1 else {"tag": numbers[0]}
        case trees.InScenario(scenario, state, step):
            found: Json = {"scenario": number("scenarios", scenario), "is": state}
            return found | {"step": step} if state == "from" else found
        case trees.Dated(what, when):
            return {what: _when(when, today)}
        case trees.Field(_, trees.Contains(text)):
            return {"name": text}
        case trees.Sampled(percent):
            return {"sample": percent}
        case trees.Split(part, of):
            return {"split": [part, of]}
    return {SIMPLE[type(tree)]: True}


SIMPLE: dict[type, str] = {trees.Everyone: "everyone", trees.Blocked: "blocked", trees.Hidden: "hidden"}


def dated(tree: Tree, today: date) -> Tree:
    """The same condition with its dates' years, so that it says the same next year."""

    def by(one: Tree) -> Tree:
        match one:
            case trees.Dated(what, trees.Between(first, last)):
                return trees.Dated(what, _when_of(_when(trees.Between(first, last), today)))
        return one

    return segments.exchanged(tree, by)


def _when(when: trees.When, today: date) -> Json:
    match when:
        case trees.Within(count, unit):
            return {"within": [count, unit]}
        case trees.Before(count, unit):
            return {"before": [count, unit]}
        case trees.In(period):
            return {"in": period}
        case trees.Between(first, last):
            days = _days(first, last, today)
            return {key: day.isoformat() for key, day in zip(("from", "to"), days, strict=True) if day is not None}
    raise ValueError(when)


def _days(first: trees.Day | None, last: trees.Day | None, today: date) -> tuple[date | None, date | None]:
    """A range of days that has begun; a last day without a year is the next one after the first."""
    if first is None:
        return None, _dated(last, today.year, -1) if last else None
    ends = _dated(last, today.year, -1) if last and last.year else None
    begins = _dated(first, (ends or today).year, -1)
    if first.year is None and begins > (ends or today):
        begins = _dated(first, begins.year - 1, -1)
    if last is None or ends is not None:
        return begins, ends
    ends = _dated(last, begins.year, 1)
    return begins, ends if ends >= begins else _dated(last, begins.year + 1, 1)


def _dated(day: trees.Day, year: int, step: int) -> date:
    """The day in this year, or for 29 February the nearest year that has one."""
    year = day.year or year
    while True:
        try:
            return date(year, day.month, day.day)
        except ValueError:
            year += step


# ---- and back ----


async def told(segment: Mapping[str, Any]) -> str:
    """A stored condition as staff would write it, with today's names; what was deleted keeps its number."""
    return (await told_all([segment]))[0]


async def told_all(segments: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same for several."""
    inside = [one for segment in segments for one in _inside(segment)]
    tags = [number for one in inside for number in (*one.get("tags", ()), *([one["tag"]] if "tag" in one else []))]
    scenarios = [one["scenario"] for one in inside if "scenario" in one]
    found = {"T": await named.by_ids("tags", tags), "S": await named.by_ids("scenarios", scenarios)}

    def name(letter: str, number: int) -> words.Object:
        known = found[letter].get(number)
        return words.Name(known.name) if known is not None else words.Id(letter, number)

    return [printing.show(_tree(segment, name)) for segment in segments]


Name = Callable[[str, int], words.Object]


def _tree(segment: Mapping[str, Any], name: Name) -> Tree:
    return next(back for key, back in BACK.items() if key in segment)(segment, name)


def _when_of(when: Mapping[str, Any]) -> trees.When:
    match when:
        case {"within": [count, unit]}:
            return trees.Within(count, unit)
        case {"before": [count, unit]}:
            return trees.Before(count, unit)
        case {"in": period}:
            return trees.In(period)
    first, last = (_day(when[key]) if key in when else None for key in ("from", "to"))
    return trees.Between(first, last)


def _day(iso: str) -> trees.Day:
    day = date.fromisoformat(iso)
    return trees.Day(day.year, day.month, day.day)


BACK: dict[str, Callable[[Mapping[str, Any], Name], Tree]] = {
    "all": lambda one, name: trees.every([_tree(part, name) for part in one["all"]]),
    "any": lambda one, name: trees.some([_tree(part, name) for part in one["any"]]),
    "not": lambda one, name: trees.negated(_tree(one["not"], name)),
    "tag": lambda one, name: trees.HasTag((name("T", one["tag"]),)),
    "tags": lambda one, name: trees.HasTag(tuple(name("T", tag) for tag in one["tags"]), one["of"] == "all"),
    "scenario": lambda one, name: trees.InScenario(name("S", one["scenario"]), one["is"], one.get("step", 0)),
    "followed": lambda one, _: trees.Dated("followed", _when_of(one["followed"])),
    "reacted": lambda one, _: trees.Dated("reacted", _when_of(one["reacted"])),
    "name": lambda one, _: trees.Field(NAME, trees.Contains(one["name"])),
    "sample": lambda one, _: trees.Sampled(one["sample"]),
    "split": lambda one, _: trees.Split(*one["split"]),
    "everyone": lambda *_: trees.Everyone(),
    "blocked": lambda *_: trees.Blocked(),
    "hidden": lambda *_: trees.Hidden(),
}


def _inside(segment: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    parts = [*segment.get("all", ()), *segment.get("any", ()), *([segment["not"]] if "not" in segment else [])]
    return [segment, *(one for part in parts for one in _inside(part))]

"""Tags whose actions would bring themselves about again and again: refused when they are saved, the circle shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from admin_commands import desk
from storage import action_sets, named, tags

WORDS: Mapping[tags.Moment, str] = {"on": "付いた時", "off": "外れた時", "full": "超過時"}
Node = tuple[int, tags.Moment]
Actions = Sequence[Mapping[str, Any]]


async def refuse(tag: named.Named, wanted: tags.Rules) -> None:
    """Raises desk.Declined when these rules of a tag, with those of all others, go round in a circle."""
    rules = await _rules() | {tag.id: wanted}
    await _refuse(rules, await _sets(), [tag.id])


async def refuse_set(number: int, actions: Actions) -> None:
    """The same when a saved action set, with these actions, would close a circle."""
    rules = await _rules()
    await _refuse(rules, await _sets() | {number: actions}, list(rules))


async def _rules() -> dict[int, tags.Rules]:
    return {number: tags.read_rules(row) for number, row in (await tags.all_rules()).items()}


async def _sets() -> dict[int, Actions]:
    return {one.id: one.actions for one in await action_sets.everything()}


async def _refuse(rules: Mapping[int, tags.Rules], sets: Mapping[int, Actions], asked: Sequence[int]) -> None:
    meant = await tags.merged()
    follows = {
        (number, moment): _brought_about(_unfolded(rule.actions, sets, set()), meant, rules)
        for number, one in rules.items()
        for moment in tags.MOMENTS
        if (rule := one.at(moment)) is not None
    }
    circle = next((way for number in asked for each in tags.MOMENTS if (way := _circle((number, each), follows))), [])
    if circle:
        names = await named.by_ids("tags", [number for number, _ in circle])
        told = " → ".join(f"「{names[number].name}」が{WORDS[each]}" for number, each in circle)
        raise desk.Declined(
            f"タグの動きが輪になるため、保存できません。何も変えていません。\n{told}\n"
            "どこか1つの「タグ付ける」「タグ外す」をなくしてください。"
        )


def _unfolded(actions: Actions, sets: Mapping[int, Actions], within: set[int]) -> Iterator[Mapping[str, Any]]:
    """The actions of a list, with those of the sets that it runs; each set once."""
    for action in actions:
        if action["do"] != "run":
            yield action
        elif action["set"] in sets and action["set"] not in within:
            within.add(action["set"])
            yield from _unfolded(sets[action["set"]], sets, within)


def _brought_about(
    actions: Iterable[Mapping[str, Any]], meant: Mapping[int, int], rules: Mapping[int, tags.Rules]
) -> list[Node]:
    found: list[Node] = []
    for action in actions:
        numbers = [meant.get(one, one) for one in action.get("tags", ())]
        if action["do"] == "tag_on":
            found += [(one, "on") for one in numbers]
            found += [(one, "full") for one in numbers if one in rules and rules[one].limit is not None]
        elif action["do"] == "tag_off":
            found += [(one, "off") for one in numbers]
    return found


def _circle(start: Node, follows: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """The way from a node back to itself, the node at both ends; empty when there is none."""
    ways: list[list[Node]] = [[start]]
    seen: set[Node] = set()
    while ways:
        way = ways.pop(0)
        for after in follows.get(way[-1], ()):
            if after == start:
                return [*way, start]
            if after not in seen:
                seen.add(after)
                ways.append([*way, after])
    return []

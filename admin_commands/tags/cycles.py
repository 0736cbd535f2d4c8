"""Tags whose actions would bring themselves about again and again: refused when they are saved, the circle shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import desk
from storage import named, tags

WORDS: Mapping[tags.Moment, str] = {"on": "付いた時", "off": "外れた時", "full": "超過時"}
Node = tuple[int, tags.Moment]


async def refuse(tag: named.Named, wanted: tags.Rules) -> None:
    """Raises desk.Declined when these rules of a tag, with those of all others, go round in a circle."""
    rules = {number: tags.read_rules(row) for number, row in (await tags.all_rules()).items()} | {tag.id: wanted}
    meant = await tags.merged()
    follows = {
        (number, moment): _brought_about(rule.actions, meant, rules)
        for number, one in rules.items()
        for moment in tags.MOMENTS
        if (rule := one.at(moment)) is not None
    }
    for moment in tags.MOMENTS:
        circle = _circle((tag.id, moment), follows)
        if circle:
            names = await named.by_ids("tags", [number for number, _ in circle])
            told = " → ".join(f"「{names[number].name}」が{WORDS[each]}" for number, each in circle)
            raise desk.Declined(
                f"タグの動きが輪になるため、保存できません。何も変えていません。\n{told}\n"
                "どこか1つの「タグ付ける」「タグ外す」をなくしてください。"
            )


def _brought_about(
    actions: Sequence[Mapping[str, Any]], meant: Mapping[int, int], rules: Mapping[int, tags.Rules]
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

"""タグ:VIP: the tags that friends wear."""

import re
from dataclasses import dataclass
from datetime import date

from admin_commands.grammar.segments import places, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import ANY_KEY, Found, Place, Wrong
from admin_commands.grammar.words import Object

JOINT = re.compile(r" ?([,+]) ?")
WORN = re.compile(rf" (あり|である|なし){END}")


@dataclass(frozen=True, slots=True)
class HasTag(tree.Condition):
    """Any of the tags is worn, or with `every` all of them."""

    tags: tuple[Object, ...]
    every: bool = False

    def show(self) -> str:
        return "タグ:" + ("+" if self.every else ",").join(places.spelled(tag, "+") for tag in self.tags)

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        numbers = [number(tag) for tag in self.tags]
        return {"tags": numbers, "of": "all" if self.every else "any"} if len(numbers) > 1 else {"tag": numbers[0]}

    def told(self, name: tree.Naming) -> str:
        which = "" if len(self.tags) == 1 else "のすべて" if self.every else "のどれか"
        return f"タグ{'・'.join(map(name, self.tags))}{which}あり"

    def denied(self, name: tree.Naming) -> str:
        if self.every and len(self.tags) > 1:
            return f"「{self.told(name)}」ではない"
        return f"タグ{'・'.join(map(name, self.tags))}{'' if len(self.tags) == 1 else 'のどれも'}なし"


def _read(place: Place, at: int, end: int) -> Found:
    first, end = places.name(place, end, "+")
    tags, signs = [first], set()
    while (joint := place.match(JOINT, end)) is not None:
        if place.match(ANY_KEY, joint.end()):
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
    found: tree.Tree = HasTag(tuple(tags), every="+" in signs and len(tags) > 1)
    said = place.match(WORN, end)
    if said is None:
        return found, end
    return (tree.negated(found) if said[1] == "なし" else found), said.end()


def _back(kept: tree.Json, name: tree.Back) -> HasTag:
    if "tag" in kept:
        return HasTag((name(kept["tag"]),))
    return HasTag(tuple(map(name, kept["tags"])), kept["of"] == "all")


KIND = Kind(
    word="タグ",
    example="タグ:VIP,常連",
    does="そのタグの付いた人。「,」はどれか、「+」は全部（タグ:VIP+常連）",
    types=(HasTag,),
    key="tag",
    behind_key=_read,
    names="tags",
    letter="T",
    kept=("tag", "tags"),
    back=_back,
    offers=lambda tag, _: [HasTag((tag,))],
)

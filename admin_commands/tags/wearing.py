"""Putting tags on friends and taking them off."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from admin_commands import cards, crowds, desk, objects, places
from admin_commands.grammar import canonical
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import deeds
from storage import changes, friends, named, scenarios, tags


async def attach(at: desk.Desk, said: Said) -> cards.Say:
    wanted = await _tags(at, said)
    crowd = await crowds.of(at, said, 1)
    _confirm_many(at, said, wanted, crowd, "付けます", "付ける")
    numbers = [tag.id for tag in wanted]
    if not crowd.at_once:
        return await _begin(at, wanted, crowd, "付ける", {"do": "tag_on", "tags": numbers}, "tag_off")
    await friends.lock(crowd.ids)
    before = await tags.links(crowd.ids, numbers)
    starts = _started(at, wanted)
    walking = await scenarios.open_walks(crowd.ids, starts) if starts else {}
    await crowds.do(at, crowd, [{"do": "tag_on", "tags": numbers}])
    new = {pair: link for pair, link in (await tags.links(crowd.ids, numbers)).items() if pair not in before}
    shown = deeds.quoted([tag.name for tag in wanted])
    left = [pair for friend in crowd.ids for tag in numbers if (pair := (friend, tag)) not in before | new]
    late = _late(at, wanted, left)
    if not new:
        there = f"{crowd.told}には、タグ{shown}がもう付いています。" if not left else ""
        return cards.Say(f"{there}{late}変更はありません。")
    people = len({friend for friend, _ in new})
    now_walking = await scenarios.open_walks(crowd.ids, starts) if starts else {}
    begun = {walk: scenario for walk, scenario in now_walking.items() if walk not in walking}
    at.record(
        "tag.attach",
        {"tags": numbers, "friends": people},
        f"タグ{shown}を{_of(crowd, people)}に付けた",
        [changes.take_off(sorted(new.values())), *([changes.stop_walks(sorted(begun))] if begun else [])],
    )
    told = [f"✅ タグ{shown}を{_of(crowd, people)}に付けました。"]
    already = crowd.size - people - len({friend for friend, _ in left})
    if already > 0:
        told.append(f"{already:,}人にはもう付いていました。")
    told.append(late)
    if acting := _acting(at, wanted, "attach"):
        told.append(f"\nタグ{deeds.quoted(acting)}に決めた動作も行いました（取消では戻りません）。")
    if begun:
        names = [at.config.scenarios[one].name for one in starts if one in begun.values()]
        told.append(f"\nシナリオ{deeds.quoted(names)}が始まりました。取消で、これも止まります。")
    return cards.Say(
        "".join(told) + crowd.note, (*places.undo_tap(), cards.Tap("タグを見る", f"タグ 表示 #T{numbers[0]}"))
    )


async def detach(at: desk.Desk, said: Said) -> cards.Say:
    wanted = await _tags(at, said)
    crowd = await crowds.of(at, said, 1)
    _confirm_many(at, said, wanted, crowd, "外します", "外す")
    numbers = [tag.id for tag in wanted]
    if not crowd.at_once:
        return await _begin(at, wanted, crowd, "外す", {"do": "tag_off", "tags": numbers}, "tag_on")
    await friends.lock(crowd.ids)
    before = await tags.links(crowd.ids, numbers)
    shown = deeds.quoted([tag.name for tag in wanted])
    if not before:
        return cards.Say(f"{crowd.told}に、タグ{shown}は付いていません。変更はありません。")
    await crowds.do(at, crowd, [{"do": "tag_off", "tags": numbers}])
    people = len({friend for friend, _ in before})
    at.record(
        "tag.detach",
        {"tags": numbers, "friends": people},
        f"タグ{shown}を{_of(crowd, people)}から外した",
        [changes.put_on(sorted(before))],
    )
    acting = _acting(at, wanted, "detach")
    did = f"\nタグ{deeds.quoted(acting)}に決めた動作も行いました（取消では戻りません）。" if acting else ""
    return cards.Say(f"✅ タグ{shown}を{_of(crowd, people)}から外しました。{did}{crowd.note}", places.undo_tap())


async def _tags(at: desk.Desk, said: Said) -> list[named.Named]:
    """The tags; where tag and friend have changed places, the line the right way round."""
    try:
        return await objects.things(at, "tags", said, 0)
    except desk.Unknown:
        if len(said.args) != 2 or not all(await objects.lookup("tags", said.objects(1))):
            raise
    right = canonical(replace(said, args=(said.args[1], said.args[0])))
    raise desk.Unknown(f"タグ、お名前の順に書いてください。\nもしかして: {right}", 1.0, cards.Tap(right, right))


def _late(at: desk.Desk, wanted: Sequence[named.Named], left: Sequence[tuple[int, int]]) -> str:
    """Who stays without a tag because it is full."""
    told = []
    for tag in wanted:
        without = sum(number == tag.id for _, number in left)
        if without and (rules := at.config.tag_rules.get(tag.id)) is not None:
            told.append(f"タグ「{tag.name}」は上限（{rules.limit:,}人）のため、{without:,}人には付けていません。")
    return "".join(told)


def _acting(at: desk.Desk, wanted: Sequence[named.Named], verb: str | None) -> list[str]:
    """The names of those tags that do something by themselves when they are put on, or taken off."""
    moments: tuple[tags.Moment, ...] = ("on", "full") if verb == "attach" else ("off",)
    ruled = [(tag.name, at.config.tag_rules[tag.id]) for tag in wanted if tag.id in at.config.tag_rules]
    return [name for name, rules in ruled if any(rules.at(moment) for moment in moments)]


def _started(at: desk.Desk, wanted: Sequence[named.Named]) -> list[int]:
    """The scenarios that putting on these tags starts."""
    return [one for tag in wanted for one in at.config.started_by_tag.get(tag.id, ())]


def _confirm_many(
    at: desk.Desk, said: Said, wanted: Sequence[named.Named], crowd: crowds.Crowd, will: str, label: str
) -> None:
    """Many at once are confirmed; if the tag makes messages go to many, by typing how many."""
    starts = [at.config.scenarios[one].name for one in _started(at, wanted)]
    acting = _acting(at, wanted, said.verb)
    sends = (bool(starts) and said.verb == "attach") or bool(acting)
    if crowd.size <= crowds.SMALL:
        return
    if sends:
        verb = "付ける" if said.verb == "attach" else "外す"
        at.permit("manager", f"動作が始まるタグを{crowds.SMALL + 1}人以上に{verb}")
    particle = "に" if said.verb == "attach" else "から"
    warnings = []
    if starts and said.verb == "attach":
        warnings.append(f"シナリオ{deeds.quoted(starts)}が始まり、メッセージが届きます。")
    if acting:
        warnings.append(f"タグ{deeds.quoted(acting)}に決めた動作が、人数分行われます。")
    limits = [at.config.tag_rules[one.id].limit for one in wanted if at.config.limited([one.id])]
    if limits and said.verb == "attach":
        warnings.append(f"上限（{min(filter(None, limits)):,}人）に達した後の方には付きません。")
    if not crowd.at_once:
        warnings.append("人数が多いため、少しずつ進めます。")
    at.confirm(
        f"タグ{deeds.quoted([tag.name for tag in wanted])}を{crowd.told}{particle}{will}",
        crowd.lines,
        holds={"tags": [at.held_as("tags", tag) for tag in wanted], "friends": crowd.size},
        label=label,
        warnings=warnings,
        typed=str(crowd.size) if sends else None,
    )


async def _begin(
    at: desk.Desk, wanted: Sequence[named.Named], crowd: crowds.Crowd, verb: str, action: dict[str, Any], undo: str
) -> cards.Say:
    done = await crowds.do(at, crowd, [action])
    shown = deeds.quoted([tag.name for tag in wanted])
    particle = "に" if undo == "tag_off" else "から"
    opposite = {"do": undo, "tags": action["tags"], "quietly": True}
    back = {"do": "operation", "operation": done.operation, "actions": [opposite]}
    did = "付けた" if undo == "tag_off" else "外した"
    at.record("tag.many", {"friends": crowd.size}, f"タグ{shown}を{crowd.told}{particle}{did}", [back])
    return cards.Say(
        f"✅ タグ{shown}を{crowd.told}{particle}{verb}作業を始めました。順番に進めます。", places.undo_tap()
    )


def _of(crowd: crowds.Crowd, people: int) -> str:
    return crowd.told if crowd.condition is None else f"{people:,}人"

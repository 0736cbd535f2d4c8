"""Looking at action sets: the list, what one of them does, as a block, where it is run."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from admin_commands import cards, content, desk, lists, objects, places
from admin_commands.action_sets import writing
from admin_commands.grammar import actions, print_block, words
from admin_commands.grammar.commands import Command as Said
from storage import action_sets


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await action_sets.page(wanted, lists.ROWS, lists.offset(page))
    rows = [
        cards.Row(f"{one.name} #X{one.id} … {_short(at, one)}", f"アクション 表示 #X{one.id}", f"#X{one.id}")
        for one in found
    ]
    listing = f"アクション 一覧 {words.show(words.Name(wanted))}" if wanted else "アクション 一覧"
    empty = "まだありません。「アクション 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "アクション 作成")]
    return await lists.say(at, "⚡ アクション", rows, total, page, listing, empty=empty, taps=taps)


def _short(at: desk.Desk, kept: action_sets.Kept) -> str:
    return "⚠ 今は読めません" if ("action", kept.id) in at.config.unreadable else f"動作{len(kept.actions)}個"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    used = await action_sets.uses(thing.id)
    try:
        definition = await content.unlinked(writing.definition_of(kept))
        told = [f"・{actions.show(piece.actions)}" for piece in definition.pieces]
        warnings = content.conflicts(definition)
    except content.Outdated:
        told, warnings = ["⚠ 保存された内容を今は読めないため、行っていません。貼り直してください。"], []
    name = words.show(words.Name(kept.name))
    lines = [f"⚡ アクション「{kept.name}」#X{kept.id}", *told, f"使用先: {places.told(used) or 'なし'}"]
    taps = (cards.Tap("書出", f"アクション 書出 {name}"), cards.Tap("使用先", f"アクション 使用先 {name}"))
    return cards.Say("\n".join([*lines, *(f"⚠ {one}" for one in warnings)]), taps)


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    return await places.list_of(at, f"アクション「{thing.name}」", await action_sets.uses(thing.id))


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    try:
        definition = await content.unlinked(writing.definition_of(kept))
    except content.Outdated:
        return cards.Say(kept.source, whole=True)
    return cards.Say(print_block(replace(definition, name=kept.name, version=kept.number)), whole=True)


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All action sets as blocks."""
    return await content.dumped([(one.source, {"name": one.name}) for one in await action_sets.everything()])

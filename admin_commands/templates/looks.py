"""Looking at templates: the list, one of them as a friend would see it, as a block, where it is sent from."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from admin_commands import cards, content, desk, lists, objects, places, previews, variables
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from storage import templates


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await templates.page(wanted, lists.ROWS, lists.offset(page))
    contents = await _contents(at, found, 24)
    rows = [
        cards.Row(f"{one.name} #M{one.id} … {told}", f"テンプレ 確認 #M{one.id}")
        for one, told in zip(found, contents, strict=True)
    ]
    listing = f"テンプレ 一覧 {words.show(words.Name(wanted))}" if wanted else "テンプレ 一覧"
    empty = "まだありません。「テンプレ 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "テンプレ 作成")]
    return await lists.say(at, "📄 テンプレ", rows, total, page, listing, empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    used = await templates.uses(thing.id)
    asked = [
        f"質問: {'・'.join(choice['label'] for choice in one['choices'])}{'（1人1回）' if one['once'] else ''}"
        for one in kept.questions
    ]
    told = [*await _contents(at, [kept], 200), *asked, f"使用先: {places.told(used) or 'なし'}"]
    name = words.show(words.Name(kept.name))
    buttons = (
        cards.Tap("確認", f"テンプレ 確認 {name}"),
        *([cards.Tap("結果", f"テンプレ 結果 {name}")] if kept.questions else []),
        cards.Tap("書出", f"テンプレ 書出 {name}"),
    )
    return cards.Say("", card=cards.panel(f"📄 テンプレ「{kept.name}」#M{kept.id}", told, buttons=buttons))


async def _contents(at: desk.Desk, kept: Sequence[templates.Kept], most: int) -> list[str]:
    unreadable = "⚠ 保存された内容を今は読めないため、送っていません。貼り直してください。"
    told = await variables.told([one.messages for one in kept], most)
    gone = [("template", one.id) in at.config.unreadable for one in kept]
    return [unreadable if lost else says for says, lost in zip(told, gone, strict=True)]


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """The template as one friend would see it, as a free answer."""
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    shown = await previews.of(at, kept.messages, await objects.friend(at, said, 1) if len(said.args) > 1 else None)
    more = f"（はじめの{cards.MOST_OBJECTS - 1}個）" if len(shown) > cards.MOST_OBJECTS - 1 else ""
    note = f"👆 テンプレ「{kept.name}」#M{kept.id}（0通・返信で表示）{more}"
    tap = cards.Tap("書出", f"テンプレ 書出 {words.show(words.Name(kept.name))}")
    return cards.Say(note, (tap,), before=tuple(shown[: cards.MOST_OBJECTS - 1]))


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    return await places.list_of(at, f"テンプレ「{thing.name}」", await templates.uses(thing.id))


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    try:
        definition = await content.unlinked(content.reread(kept.source))
    except content.Outdated:
        return cards.Say(kept.source, whole=True)
    if not isinstance(definition, definitions.Template):
        raise TypeError("a template's source is no template")
    return cards.Say(print_block(replace(definition, name=kept.name, version=kept.number)), whole=True)


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All templates as blocks."""
    return await content.dumped([(one.source, {"name": one.name}) for one in await templates.everything()])

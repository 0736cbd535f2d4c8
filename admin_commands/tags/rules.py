"""What a tag does by itself, as staff set it: how many may wear it, and whether it acts again."""

from dataclasses import replace

from admin_commands import cards, desk, objects, places
from admin_commands.grammar import canonical, normalise, numbers, words
from admin_commands.grammar.commands import Argument, Option
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, named, tags

LIMIT, AGAIN = "上限", "2回目以降"
MOST = 1_000_000
NOTHING = ("なし", "無し", "解除", "none")
YES, NO = ("する", "はい", "yes", "on"), ("しない", "いいえ", "no", "off")


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """上限=50, 上限=なし; what is not named stays as it is."""
    tag = await objects.thing(at, "tags", said)
    await named.lock("tags", [tag.id])
    before = await tags.rules(tag.id)
    wanted = _limited(said, tag, before)
    if wanted == before:
        return cards.Say(f"変更なし（タグ「{tag.name}」は今と同じです）。")
    version = await tags.set_rules(tag.id, wanted)
    await account.configuration_changed()
    at.record(
        "tag.set",
        {"tag": tag.id},
        f"タグ「{tag.name}」の決まりを変えた（{'・'.join(_changed(before, wanted))}）",
        [changes.put_back("tags", tag.id, version, before.columns())],
    )
    lines = [f"✅ タグ「{tag.name}」#T{tag.id} を変えました。", *told(wanted), *await _crowded(at, tag, wanted)]
    return cards.Say("\n".join(lines), (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 #T{tag.id}")))


def _limited(said: Said, tag: named.Named, before: tags.Rules) -> tags.Rules:
    given = said.option(LIMIT)
    if given is None:
        name = words.show(words.Name(tag.name))
        raise desk.Declined(f"タグ「{tag.name}」の何を変えるかを書いてください。\n例: タグ 変更 {name} 上限=50")
    text = normalise.lookup(given).text.removesuffix("人").strip()
    if text in NOTHING:
        return replace(before, limit=None)
    limit = numbers.number(text)
    if limit is None or not 0 < limit <= MOST:
        name = words.show(words.Name(tag.name))
        raise desk.Declined(
            f"上限「{given}」が読めません。人数を1から{MOST:,}までの数字で書いてください。\n"
            f"例: タグ 変更 {name} 上限=50（なくす時は 上限=なし）"
        )
    return replace(before, limit=limit)


def _changed(before: tags.Rules, after: tags.Rules) -> list[str]:
    return [line for line in told(after) if line not in told(before)] or ["上限: なし"]


def told(rules: tags.Rules) -> list[str]:
    """The rules of a tag, a line for each."""
    return [f"上限: {rules.limit:,}人"] if rules.limit is not None else []


async def _crowded(at: desk.Desk, tag: named.Named, rules: tags.Rules) -> list[str]:
    """That a limit comes too late for some who wear it already."""
    wearers = await tags.wearers(tag.id, at.sight)
    if rules.limit is None or wearers < rules.limit:
        return []
    return [f"今 {wearers:,}人に付いています。付いている人はそのままで、新しくは付きません。"]


def printed(name: str, rules: tags.Rules) -> list[str]:
    """The commands that give a tag of this name its rules."""
    given = [Option(LIMIT, str(rules.limit))] if rules.limit is not None else []
    return [canonical(Said("tag", "set", args=(Argument((words.Name(name),)),), options=(one,))) for one in given]

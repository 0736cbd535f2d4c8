"""Looking at tags: the list and its folders, one tag, where it is used."""

from zoneinfo import ZoneInfo

from admin_commands import cards, desk, lists, objects, places
from admin_commands.grammar import canonical, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import deeds, rules
from storage import named, tags


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await tags.page(wanted, lists.ROWS, lists.offset(page), at.sight)
    rows = [cards.Row(_row(at, one), f"タグ 表示 #T{one.id}") for one in found]
    listing = f"タグ 一覧 {words.show(words.Name(wanted))}" if wanted else "タグ 一覧"
    empty = f"「{wanted}」の付くタグはありません。" if wanted else "まだありません。「タグ 作成 VIP」で作れます。"
    return await lists.say(at, "🏷 タグ", rows, total, page, listing, empty=empty)


def _row(at: desk.Desk, one: tags.Counted) -> str:
    ruled = at.config.tag_rules.get(one.id)
    limit = f"（上限{ruled.limit:,}人）" if ruled is not None and ruled.limit is not None else ""
    return f"{one.name} #T{one.id} … {one.friends:,}人{limit}"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    wearers = await tags.wearers(tag.id, at.sight)
    used = await tags.uses(tag.id)
    name = words.show(words.Name(tag.name))
    buttons = (
        cards.Tap("付いている人", f"友だち 検索 タグ:{name}"),
        cards.Tap("使用先", f"タグ 使用先 {name}"),
        cards.Tap("一覧", "タグ 一覧"),
    )
    own = await rules.told(await tags.rules(tag.id))
    lines = [f"友だち: {wearers:,}人", *own, f"使用先: {places.told(used) or 'なし'}"]
    return cards.Say("", card=cards.panel(f"🏷 タグ「{tag.name}」#T{tag.id}", lines, buttons=buttons))


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All tags as the commands that make them and give them their rules."""
    living = await named.everything("tags")
    names = [words.Name(one.name) for one in living]
    some = [tuple(names[first : first + deeds.MOST_MADE]) for first in range(0, len(names), deeds.MOST_MADE)]
    made = [canonical(Said("tag", "new", args=(Argument(one),))) for one in some]
    ruled = await tags.all_rules()
    given = [
        line
        for one in living
        if one.id in ruled
        for line in await rules.printed(one.name, tags.read_rules(ruled[one.id]))
    ]
    return [*made, *given]


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    return await places.list_of(at, f"タグ「{tag.name}」", await tags.uses(tag.id))

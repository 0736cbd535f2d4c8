"""Looking at shared values: the list, one with what is to come, where it is used; all of them as commands."""

from zoneinfo import ZoneInfo

from admin_commands import cards, desk, lists, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from jobs import noted
from storage import clock, shared_values

KINDS: dict[shared_values.Kind, str] = {"text": "文字", "number": "数値", "date": "日付"}
MOST = 40  # characters of a value in a list
BREAK = "⏎"  # between the lines of a value where it has to stand on one


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await shared_values.page(wanted, lists.ROWS, lists.offset(page), at.now)
    rows = [
        cards.Row(f"{one.name} #V{one.id} … {told(at, one.kind, one.text)}", f"共通情報 表示 #V{one.id}")
        for one in found
    ]
    listing = f"共通情報 一覧 {words.show(words.Name(wanted))}" if wanted else "共通情報 一覧"
    none = "まだありません。「共通情報 作成 営業時間 10時〜19時」で作れます。"
    empty = f"「{wanted}」の付く共通情報はありません。" if wanted else none
    return await lists.say(at, "📌 共通情報", rows, total, page, listing, empty=empty)


def told(at: desk.Desk, kind: str, text: str, most: int = MOST) -> str:
    shown = noted.told(kind, text, at.zone, at.now) if text else "（空）"
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "shared_values", said)
    return await card(at, thing.id)


async def card(at: desk.Desk, number: int) -> cards.Say:
    kept = (await shared_values.get([number], at.now))[number]
    lines = [f"今の内容: {told(at, kept.kind, kept.text, 300)}", f"種類: {KINDS[kept.kind]}"]
    for place, one in enumerate(await shared_values.planned(number, at.now), 1):
        lines.append(f"これから{place}: {at.moment(one.at)}から「{told(at, kept.kind, one.text)}」")
    lines.append(f"使用先: {places.told(await shared_values.uses(number)) or 'なし'}")
    name = words.show(words.Name(kept.name))
    notes = [f"文の中: {{{kept.name}}}", f"変える時: 共通情報 変更 {name} …（日時を付けると、その時から）"]
    buttons = (cards.Tap("使用先", f"共通情報 使用先 #V{number}"), cards.Tap("一覧", "共通情報 一覧"))
    return cards.Say("", card=cards.panel(f"📌 共通情報「{kept.name}」#V{number}", lines, notes=notes, buttons=buttons))


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "shared_values", said)
    return await places.list_of(at, f"共通情報「{thing.name}」", await shared_values.uses(thing.id))


async def dumps(zone: ZoneInfo) -> list[str]:
    """All shared values as the commands that make them, with what holds now, then what is to hold later."""
    now = await clock.now()
    found = await shared_values.everything(now)
    names = {one.id: words.show(words.Name(one.name)) for one in found}
    made = [f"共通情報 作成 {names[one.id]} {KINDS[one.kind]} {typed(one.text)}".rstrip() for one in found]
    return made + [
        f"共通情報 変更 {names[one.value]} {one.at.astimezone(zone):%Y-%m-%d %H:%M}から {typed(one.text)}"
        for one in await shared_values.planned(None, now)
    ]


def typed(text: str) -> str:
    """A value on one line, as it is read back; in quotes where it has some itself."""
    return (f"「{text}」" if text[:1] in words.OPENERS or not text else text).replace("\n", BREAK)

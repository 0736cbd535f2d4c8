"""Looking at fields: the list, one field, what its values come to, where it is used; all of them as commands."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from admin_commands import cards, command, desk, lists, objects, places, reactions
from admin_commands.fields import kinds
from admin_commands.grammar import canonical, words
from admin_commands.grammar.commands import Argument, Option
from admin_commands.grammar.commands import Command as Said
from jobs import noted
from storage import fields, friends, media
from storage.fields import values

ROWS = 12  # of a tally


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await fields.page(wanted, lists.ROWS, lists.offset(page))
    rows = [cards.Row(f"{one.name} #K{one.id} … {_kind(one)}", f"項目 表示 #K{one.id}") for one in found]
    listing = f"項目 一覧 {kinds.typed(wanted)}" if wanted else "項目 一覧"
    empty = (
        f"「{wanted}」の付く項目はありません。" if wanted else "まだありません。「項目 作成 誕生日 日付」で作れます。"
    )
    return await lists.say(at, "🗒 項目", rows, total, page, listing, empty=empty)


def _kind(field: fields.Kept) -> str:
    return kinds.word(field.kind) + ("・伏字" if field.masked else "")


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "fields", said)
    return await card(at, (await fields.get([thing.id]))[thing.id])


async def card(at: desk.Desk, field: fields.Kept) -> cards.Say:
    held = await values.holders(field.id, at.sight)
    lines = [f"種類: {kinds.word(field.kind)}"]
    if field.choices:
        lines.append(f"選択肢: {'・'.join(field.choices)}")
    if field.yearly:
        lines.append("毎年: はい（誕生日のように、毎年めぐってくる日）")
    lines.append(f"表示: {'伏字' if field.masked else '通常'}")
    if field.on_change_source:
        lines.append(f"変わった時: {(await reactions.told([field.on_change_source]))[0]}")
    lines += [f"記入: {held:,}人", f"使用先: {places.told(await fields.uses(field.id)) or 'なし'}"]
    buttons = (
        cards.Tap("集計", f"項目 集計 #K{field.id}"),
        cards.Tap("使用先", f"項目 使用先 #K{field.id}"),
        cards.Tap("一覧", "項目 一覧"),
    )
    name = kinds.typed(field.name)
    typed = command.typed(f"項目 田中 {name}={example(field)}")
    notes = [f"書き方: {typed}", f"文の中: {{{field.name}}}"]
    return cards.Say("", card=cards.panel(f"🗒 項目「{field.name}」#K{field.id}", lines, notes=notes, buttons=buttons))


def example(field: fields.Kept) -> str:
    examples = {"date": "5/3", "datetime": "12/24 18:00", "number": "3", "yes_no": "はい", "image": "#I5"}
    return field.choices[0] if field.choices else examples.get(field.kind, "…")


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "fields", said)
    return await places.list_of(at, f"項目「{thing.name}」", await fields.uses(thing.id))


async def tally(at: desk.Desk, said: Said) -> cards.Say:
    """How often each value is noted, or what the numbers come to, among the friends whom one may see."""
    thing = await objects.thing(at, "fields", said)
    field = (await fields.get([thing.id]))[thing.id]
    held = await values.holders(field.id, at.sight)
    people = (await friends.count(at.sight))[0]
    lines = [f"記入: {held:,}人（友だち {people:,}人のうち）", *await _counted(at, field)]
    buttons = (cards.Tap("表示", f"項目 表示 #K{field.id}"), cards.Tap("一覧", "項目 一覧"))
    return cards.Say("", card=cards.panel(f"📊 項目「{field.name}」の集計", lines, buttons=buttons))


async def _counted(at: desk.Desk, field: fields.Kept) -> list[str]:
    match field.kind:
        case "number":
            return await _summed(at, field)
        case "date" if field.yearly:
            months = await values.months(field.id, at.sight)
            return [f"・{month}月 … {count:,}人" for month, count in months.items()]
        case "choice" | "yes_no":
            found = dict(await values.tally(field.id, at.sight, fields.MOST_CHOICES * 2))
            known = {one: found.pop(one, 0) for one in (field.choices or ("1", "0"))}
            return [f"・{kinds.shown(at, field, text)} … {count:,}人" for text, count in (known | found).items()]
        case "image" | "long_text":
            return []
    if field.masked:
        return ["伏字の項目のため、内容は集計しません。"]
    found_ = await values.tally(field.id, at.sight, ROWS)
    return [f"・{kinds.shown(at, field, text)} … {count:,}人" for text, count in found_]


async def _summed(at: desk.Desk, field: fields.Kept) -> list[str]:
    found = await values.summary(field.id, at.sight)
    if found is None:
        return []
    if field.masked:
        return ["伏字の項目のため、数は集計しません。"]
    told = {
        "合計": found.total,
        "平均": found.mean,
        "中央": found.middle,
        "最小": found.least,
        "最大": found.most,
    }
    return [f"{word}: {noted.figure(values.number(number))}" for word, number in told.items()]


async def of_friend(at: desk.Desk, friend: int, *, full: bool = False) -> list[str]:
    """`誕生日: 5月3日`: what is noted of a friend, a line for each field."""
    found = await values.of_friend(friend)
    known = await fields.get(list(found))
    return [f"{one.name}: {shown}" for one, shown in (await _each(at, known, found, full=full))]


async def _each(
    at: desk.Desk, known: Mapping[int, fields.Kept], found: Mapping[int, str], *, full: bool
) -> list[tuple[fields.Kept, str]]:
    pictures = await picture_names([int(text) for number, text in found.items() if known[number].kind == "image"])
    tell = kinds.told if full else kinds.shown
    return [(known[number], tell(at, known[number], text, pictures)) for number, text in found.items()]


async def picture_names(numbers: Sequence[int]) -> dict[int, str]:
    return {number: one.name for number, one in (await media.get(list(numbers))).items()} if numbers else {}


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All fields as the commands that make them, then what they do by themselves."""
    found = await fields.everything()
    made = [canonical(Said("field", "new", args=(_name(one), _word(one)), options=_options(one))) for one in found]
    acting = [one for one in found if one.on_change_source]
    shown = await reactions.told([one.on_change_source for one in acting], elsewhere=True)
    return made + [
        canonical(Said("field", "set", args=(_name(one),), options=(Option("変わった時", text),)))
        for one, text in zip(acting, shown, strict=True)
    ]


def _name(field: fields.Kept) -> Argument:
    return Argument((words.Name(field.name),))


def _word(field: fields.Kept) -> Argument:
    return Argument((words.Name(kinds.word(field.kind)),))


def _options(field: fields.Kept) -> tuple[Option, ...]:
    """All that a name could be guessed to mean, spelled out."""
    given = [Option("選択肢", ",".join(field.choices))] if field.choices else []
    if field.kind == "date":
        given.append(Option("毎年", "はい" if field.yearly else "いいえ"))
    return (*given, Option("表示", "伏字" if field.masked else "通常"))

"""Looking at links: the list, one link with who has opened it, its days; all of them as commands."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from admin_commands import cards, desk, lists, objects, places, reactions
from admin_commands.grammar import canonical, numbers, words
from admin_commands.grammar.commands import Argument, Option
from admin_commands.grammar.commands import Command as Said
from admin_commands.links import making
from storage import friends, links, names
from storage.links import clicks

DAYS, MOST_DAYS = 7, 31
WIDTH = 10  # of the longest bar
WEEKDAYS = "月火水木金土日"


def called(name: str) -> str:
    """A name for a heading: that of an automatic link is its address."""
    return cards.shortened(name, 40)


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    key = names.name_key(wanted)
    found = [one for one in await links.everything() if key in names.name_key(one.name)]
    shown = found[lists.offset(page) : lists.offset(page) + lists.ROWS]
    counted = await clicks.counted([one.id for one in shown], at.sight)
    rows = [
        cards.Row(
            f"{called(one.name)} #L{one.id} … {counted[one.id].clicks:,}回・{counted[one.id].clickers:,}人",
            f"リンク 表示 #L{one.id}",
        )
        for one in shown
    ]
    listing = f"リンク 一覧 {words.show(words.Name(wanted))}" if wanted else "リンク 一覧"
    empty = (
        f"「{wanted}」の付くリンクはありません。"
        if wanted
        else "まだありません。「リンク 作成 春クーポン https://…」で作れます。"
    )
    return await lists.say(at, "🔗 リンク（クリック）", rows, len(found), page, listing, empty=empty)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """Where it leads, how many of those who got it have opened it, and who."""
    thing = await objects.thing(at, "links", said)
    kept = (await links.get([thing.id]))[thing.id]
    page = objects.page_of(said)
    notes = [
        *await making.lines_of(kept),
        *(await _counts(at, kept)),
        f"使用先: {places.told(await links.uses(kept.id)) or 'なし'}",
    ]
    if kept.automatic:
        notes.append("このアドレスを開くボタンのクリックを、自動で数えています。")
    if not making.measured(at):
        notes.append(f"⚠ {making.UNMEASURED}")
    elif kept.id in at.config.as_typed:
        notes.append("⚠ 「設定 リンク計測 なし」のため、今は数えていません。")
    found, total = await clicks.page(kept.id, lists.ROWS, lists.offset(page), at.sight)
    by_friend = {row["friend"]: row for row in found}
    seen = {one.id: one for one in await friends.seen(list(by_friend), at.sight)}
    rows = [
        cards.Row(
            f"{objects.friend_line(at, seen[number])} … {row['times']:,}回",
            f"友だち 表示 #F{number}",
            f"#F{number}",
            f"最後に {at.moment(row['at'])}",
        )
        for number, row in by_friend.items()
        if number in seen
    ]
    taps = (
        cards.Tap("日ごとの結果", f"リンク 結果 #L{kept.id}"),
        cards.Tap("使用先", f"リンク 使用先 #L{kept.id}"),
        cards.Tap("一覧", "リンク 一覧"),
    )
    return await lists.say(
        at,
        f"🔗 リンク「{called(kept.name)}」#L{kept.id}",
        rows,
        total,
        page,
        f"リンク 表示 #L{kept.id}",
        taps=taps,
        notes=notes,
        empty="クリックした人はまだいません。",
    )


async def _counts(at: desk.Desk, kept: links.Kept) -> list[str]:
    one = (await clicks.counted([kept.id], at.sight))[kept.id]
    rate = f"（{min(100, round(100 * one.clickers / one.people))}%）" if one.people else ""
    return [
        f"送った人: {one.people:,}人（LINEが受け付けた人数）",
        f"クリックした人: {one.clickers:,}人{rate}・{one.clicks:,}回",
    ]


async def result(at: desk.Desk, said: Said) -> cards.Say:
    """Clicks by the day, the latest last."""
    thing = await objects.thing(at, "links", said)
    kept = (await links.get([thing.id]))[thing.id]
    days = _days(said, thing.name)
    today = at.local(at.now).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time(0), at.zone)
    found = await clicks.by_day(kept.id, since, str(at.zone), at.sight)
    most = max((count for count, _ in found.values()), default=0)
    lines = []
    for place in range(days):
        day = first + timedelta(days=place)
        count, people = found.get(day, (0, 0))
        bar = "▇" * max(1, round(WIDTH * count / most)) if count else "－"
        told = f" {count:,}回・{people:,}人" if count else ""
        lines.append(f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]}): {bar}{told}")
    buttons = [cards.Tap("クリックした人", f"リンク 表示 #L{kept.id}"), cards.Tap("一覧", "リンク 一覧")]
    if days < MOST_DAYS:
        buttons.append(cards.Tap(f"{MOST_DAYS}日間", f"リンク 結果 #L{kept.id} {MOST_DAYS}日"))
    notes = await _counts(at, kept)
    return cards.Say(
        "", card=cards.panel(f"📊 リンク「{called(kept.name)}」の{days}日間", lines, notes=notes, buttons=buttons)
    )


def _days(said: Said, name: str) -> int:
    text = objects.text_of(said, 1).removesuffix("間").removesuffix("日")
    number = numbers.number(text) if text else DAYS
    if number is None or not 0 < number <= MOST_DAYS:
        raise desk.Declined(
            f"日数は1〜{MOST_DAYS}日で書いてください。例: リンク 結果 {words.show(words.Name(name))} {DAYS}日"
        )
    return number


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "links", said)
    return await places.list_of(at, f"リンク「{called(thing.name)}」", await links.uses(thing.id))


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All links as the commands that make them, then what their clicks do, which may name anything."""
    living = await links.everything()
    made = [
        canonical(Said("link", "new", args=tuple(map(_named, [one.name, one.address][one.automatic :]))))
        for one in living
    ]
    acting = [one for one in living if one.on_click_source]
    told = await reactions.told([one.on_click_source for one in acting], elsewhere=True)
    given = [
        canonical(Said("link", "set", args=(_named(one.name),), options=(Option(making.ON_CLICK, does),)))
        for one, does in zip(acting, told, strict=True)
    ]
    return [*made, *given]


def _named(text: str) -> Argument:
    return Argument((words.Name(text),))

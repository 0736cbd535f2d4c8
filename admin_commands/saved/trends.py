"""セグメント 推移: how many fitted a segment, day by day, in words and as a picture."""

from datetime import date, timedelta

from admin_commands import cards, desk, objects, pictures
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from jobs import charts
from storage import segments as stored
from storage import versions
from storage.segments import saved

DAYS = 30
TOLD = 14  # days told one by one
CHANGES = 3  # of the condition, told at most


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """Today as it is now, the days before as they were counted soon after midnight."""
    segment = await objects.thing(at, "segments", said)
    today = at.local(at.now).date()
    kept = await saved.trend(segment.id, today - timedelta(days=DAYS))
    [now] = await stored.counts([(await saved.get(segment.id)).condition], at.sight)
    days = sorted((kept | {today: now}).items())
    lines = [f"{_called(day)}({'月火水木金土日'[day.weekday()]}): {people:,}人" for day, people in days[-TOLD:]]
    first, people = days[0]
    since = f"{_called(first)}から: {now - people:+,}人" if len(days) > 1 else "毎晩、人数を記録します。"
    noted = [since, *await _changes(at, segment.id, first)]
    name = words.show(words.Name(segment.name))
    buttons = (cards.Tap("条件を見る", f"セグメント 表示 {name}"), cards.Tap("10人見る", f"友だち 検索 @{name}"))
    title = f"📈 セグメント「{segment.name}」#G{segment.id} の推移"
    before: tuple[cards.Message, ...] = ()
    if len(days) > 1:
        points = tuple(charts.Point(day.toordinal(), _called(day), people) for day, people in days)
        drawn = charts.Line(f"{segment.name} の人数", since, points, "人", f"{at.moment(at.now)} 現在")
        before = await pictures.of(at, drawn)
    return cards.Say("", before=before, card=cards.panel(title, [*lines, *noted], buttons=buttons))


async def _changes(at: desk.Desk, number: int, since: date) -> list[str]:
    """Since when another condition is counted."""
    kept, _ = await versions.page(versions.owner("segments", number), CHANGES, 0)
    return [
        f"{at.day(one.created_at)}に条件を変更（版{one.number}）"
        for one in reversed(kept)
        if one.number > 1 and at.local(one.created_at).date() >= since
    ]


def _called(day: date) -> str:
    return f"{day.month}/{day.day}"

"""セグメント 推移: how many fitted a segment, day by day."""

from datetime import timedelta

from admin_commands import cards, desk, objects
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import segments as stored
from storage.segments import saved

DAYS = 30
TOLD = 14  # days told one by one


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """Today as it is now, the days before as they were counted soon after midnight."""
    segment = await objects.thing(at, "segments", said)
    today = at.local(at.now).date()
    kept = await saved.trend(segment.id, today - timedelta(days=DAYS))
    [now] = await stored.counts([(await saved.get(segment.id)).condition], at.sight)
    days = sorted((kept | {today: now}).items())
    lines = [f"{day.month}/{day.day}({'月火水木金土日'[day.weekday()]}): {people:,}人" for day, people in days[-TOLD:]]
    first, people = days[0]
    lines.append(f"{first.month}/{first.day}から: {now - people:+,}人" if len(days) > 1 else "毎晩、人数を記録します。")
    buttons = (cards.Tap("条件を見る", f"セグメント 表示 {words.show(words.Name(segment.name))}"),)
    title = f"📈 セグメント「{segment.name}」#G{segment.id} の推移"
    return cards.Say("", card=cards.panel(title, lines, buttons=buttons))

"""シナリオ 確認: what would come when, to anybody or to one friend, from now or from a moment of one's choice."""

import re
from dataclasses import replace
from datetime import datetime

from admin_commands import cards, command, desk, objects
from admin_commands.grammar import canonical, normalise, schedules, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import dated, views
from jobs import configuration, recurrence, timing
from storage import friends, segments, tags
from storage import scenarios as kept

BEGUN = re.compile(r"\s?(?:に|から)?\s?(?:開始|始め|スタート)(?:する|した|る)?(?:なら|たら|ば|だと)?$")
EXAMPLES = ("12/24 18:00開始なら", "明日 9:00開始なら")


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """The draft before the live version."""
    scenario, version = await views.newest(at, said)
    place, start = _start(at, said)
    friend = await objects.friend(at, command.one_name(said, 1, place - 1), 1) if place > 1 else None
    lines: list[cards.Line] = [*await dated.timeline(at, version, friend, start)]
    if friend is not None:
        lines += await obstacles(at, friend, version, start)
    name = words.show(words.Name(scenario.name))
    buttons = [cards.Tap("試す", f"シナリオ 試す {name}"), cards.Tap("書出", f"シナリオ 書出 {name}")]
    if scenario.draft_version_id is not None:
        buttons.insert(0, cards.Tap("公開", f"シナリオ 公開 {name}"))
    return cards.Say("", card=cards.panel(f"🪜 シナリオ「{scenario.name}」版{version.number}", lines, buttons=buttons))


def _start(at: desk.Desk, said: Said) -> tuple[int, datetime | None]:
    """At which argument the moment begins, and when it is; behind all of them and None where no moment is given."""
    for place in range(1, len(said.args)):
        text = normalise.lookup(said.after(place - 1).partition("\n")[0]).text
        begun = BEGUN.sub("", text)
        schedule = schedules.whole(begun)
        if isinstance(schedule, schedules.Problem) and (begun == text or place + 1 < len(said.args)):
            continue  # a friend, or the friend who stands before it
        settled = schedule if isinstance(schedule, schedules.Problem) else schedules.settle(schedule, at.now, at.zone)
        if isinstance(settled, recurrence.Schedule) and isinstance(settled.rule, recurrence.Once):
            return place, timing.on_the_clock(settled.rule.day, settled.rule.at, at.zone)
        what = settled.what if isinstance(settled, schedules.Problem) else "は1回の日時ではありません"
        instead = f"{canonical(replace(said, args=said.args[:place], text=None))} {cards.DAY}"
        raise desk.Declined(f"「{text}」{what}。\n例: {'、'.join(EXAMPLES)}", cards.calendar(instead, "datetime"))
    return len(said.args), None


async def obstacles(
    at: desk.Desk, friend: friends.Seen, version: kept.KeptVersion, start: datetime | None = None
) -> list[str]:
    """Why this friend would not be let in."""
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    told = []
    if friend.blocked_us or friend.blocked_by_us:
        told.append("⚠ ブロック中のため届きません。")
    if ready.period is not None and not ready.period.holds(at.local(start or at.now).date()):
        told.append("⚠ 「期間:」の外のため始まりません。")
    judged = [one for one in (ready.target, ready.ends_when) if one is not None]
    fits = await segments.fitting_each([(one, [friend.id]) for one in judged], at.sight)
    found = dict(zip(map(id, judged), map(bool, fits), strict=True))
    if ready.target is not None and not found[id(ready.target)]:
        word = "「対象:」" if version.definition["target"] is not None else "「追加日:」"
        told.append(f"⚠ {word}に当てはまらないため始まりません。")
    if ready.ends_when is not None and found[id(ready.ends_when)]:
        told.append("⚠ 「終了:」の条件に当てはまるため始まりません。")
    if await tags.held([friend.id], sorted(ready.end_tags)):
        told.append("⚠ 「終了:」のタグが付いているため始まりません。")
    if version.scenario in {where.scenario for where in await kept.whereabouts(friend.id)}:
        told.append("⚠ もう入っています。")
    if ready.cap is not None and await kept.begun(version.scenario) >= ready.cap:
        told.append(f"⚠ 上限の{ready.cap:,}人に達しています。")
    return told

"""シナリオ 結果: how many began, where they stand, how many came to the end."""

from collections import Counter

from admin_commands import cards, desk
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import steps, views
from storage import scenarios as kept


async def show(at: desk.Desk, said: Said) -> cards.Say:
    scenario, version = await views.shown(at, said)
    name = words.show(words.Name(scenario.name))
    walked = await kept.walked(scenario.id, at.sight)
    begun = sum(walked.values())
    if not begun:
        return cards.Say(f"📊 シナリオ「{scenario.name}」は、まだだれも始めていません。")
    told = [f"始めた回数: {begun:,}回"]
    on_the_way = sum(walked[state] for state in ("active", "paused", "parked"))
    told.append(f"途中: {on_the_way:,}人{_held(walked)}")
    told += await _waiting(at, scenario, version)
    for state, word in (("finished", "最後まで届いた"), ("stopped", "途中で外れた")):
        told.append(f"{word}: {walked[state]:,}人（{walked[state] * 100 // begun}%）")
    buttons = (cards.Tap("確認", f"シナリオ 確認 {name}"), cards.Tap("版", f"シナリオ 版 {name}"))
    return cards.Say(
        "", card=cards.panel(f"📊 シナリオ「{scenario.name}」#S{scenario.id} の結果", told, buttons=buttons)
    )


def _held(walked: Counter[str]) -> str:
    held = [
        f"{word}{walked[state]:,}人"
        for state, word in (("paused", "ブロック中"), ("parked", "エラー"))
        if walked[state]
    ]
    return f"（うち{'・'.join(held)}）" if held else ""


async def _waiting(at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion) -> list[str]:
    """For which step of the version in force those on their way wait; who waits for one it does not have, together."""
    standing = await kept.standing(scenario.id, at.sight)
    keys = await kept.keys_of(sorted({version.id, *(one.version for one in standing)}))
    places = {key: place for place, key in enumerate(keys[version.id])}
    waiting: Counter[int] = Counter()
    for one in standing:
        ahead = keys[one.version][one.position : one.position + 1]
        waiting[places.get(ahead[0], -1) if ahead else -1] += one.friends
    told = [f"　{steps.mark(place)}待ち: {waiting[place]:,}人" for place in sorted(waiting) if place >= 0]
    return told + ([f"　前の版の通を待つ人: {waiting[-1]:,}人"] if waiting[-1] else [])

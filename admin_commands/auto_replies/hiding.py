"""Rules that never answer because another above them always does: told before one comes into force."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from admin_commands import desk
from jobs import facts
from jobs.keywords import matching, rules
from storage import named
from storage.drafted import Kept

MOST_TOLD = 3


async def warnings(at: desk.Desk, one: Kept, stored: Mapping[str, Any]) -> list[str]:
    """What the rule, once in force, hides, and what hides it."""
    rule = rules.read(one.id, stored)
    others = [other for other in at.config.auto_replies.all if other.id != one.id]
    above = [other for other in others if matching.order(other) < matching.order(rule) and hides(other, rule)]
    below = [other for other in others if matching.order(rule) < matching.order(other) and hides(rule, other)]
    called = await named.by_ids("auto_replies", [other.id for other in (*above, *below)])
    told = []
    if rule.until is not None and rule.until < at.local(at.now).date():
        told.append("期間がもう終わっているため、この自動応答は働きません。")
    if rule.business is not None and at.config.business is None:
        does = "働きません" if rule.business == "closed" else "いつでも働きます"
        told.append(f"営業時間がまだ決まっていないため、{does}。例: 設定 営業時間 火-日 10:00-19:00")
    if above:
        told.append(
            f"上にある{_names(above, called)}がいつも先に答えるため、この自動応答は働きません。"
            f"「優先: {above[0].priority + 1}」にすると働きます。"
        )
    if below:
        told.append(f"これより下の{_names(below, called)}は、働かなくなります。")
    return told


def _names(found: Sequence[rules.Rule], called: Mapping[int, named.Named]) -> str:
    shown = "".join(f"「{called[one.id].name}」" for one in found[:MOST_TOLD] if one.id in called)
    return shown + (f"ほか{len(found) - MOST_TOLD}件" if len(found) > MOST_TOLD else "")


def hides(upper: rules.Rule, lower: rules.Rule) -> bool:
    """Whether whatever the lower one waits for is always answered by the upper one first."""
    timed = upper.hours or upper.business or upper.weekdays or upper.since or upper.until
    if timed or upper.target is not None or upper.turns or upper.goes_on or lower.fallback:
        return False
    if upper.kinds is not None and (lower.kinds is None or not lower.kinds <= upper.kinds):
        return False
    if upper.wordless:
        return True
    covered = [any(_covers(upper, one, lower, parts) for one in upper.words) for parts in lower.words]
    return bool(covered) and all(covered)


def _covers(upper: rules.Rule, one: Sequence[str], lower: rules.Rule, parts: Sequence[str]) -> bool:
    """Whether every text that has all `parts` as the lower rule wants them has `one` as the upper wants it."""
    if upper.match == "contains":
        return all(any(word in part for part in parts) for word in one)
    if upper.match == "prefix":
        return lower.match in ("prefix", "exact") and parts[0].startswith(one[0])
    return upper.match == "exact" and lower.match == "exact" and parts[0] == one[0]


def known(rule: rules.Rule, phrases: Iterable[str]) -> list[str]:
    """Which of these folded phrases it knows."""
    alone = matching.Rules([rule])
    return [one for one in phrases if alone.fitting(facts.Said("text", one))[1]]

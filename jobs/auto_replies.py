"""Answering what friends say by rules: matched in memory for a whole set, the database asked only where a rule asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobs import configuration, consequences, entering, facts, plans
from jobs.keywords import folding
from jobs.keywords.rules import Rule
from storage import auto_replies as kept
from storage import unmatched

Reason = Literal["hour", "target", "turn", "above"]

LONGEST = 40  # characters of a phrase that is kept to make a rule of; whatever is longer is a letter to somebody
PERSONAL = re.compile(r"[0-9]{4}|[0-9](?:[- ]?[0-9]){5}|@|http|\bwww\.")  # numbers of people, addresses


@dataclass(slots=True)
class Case:
    """What one friend said, the rules for it that answer at that hour, those that do not, and whether any rule knows
    its words."""

    fact: facts.Fact
    said: facts.Said
    rules: list[Rule]
    closed: list[Rule]
    known: bool


@dataclass(slots=True)
class Outcome:
    """`rules` answer, in order. `passed` have words for it too, with why they do not: hour, target, turn, above."""

    rules: list[Rule] = field(default_factory=list)
    passed: list[tuple[Rule, Reason]] = field(default_factory=list)


async def answer(plan: plans.Plan, given: Sequence[facts.Fact]) -> consequences.Consequences:
    """The action lists of the rules that these friends' words call for; what no rule knows is counted."""
    rules = plan.config.auto_replies
    if not rules:
        return consequences.NONE
    cases = [
        heard(plan.config, fact, fact.what)
        for fact in given
        if isinstance(fact.what, facts.Said) and not plan.people[fact.friend].blocked_by_us
    ]
    found = await outcomes(plan, cases)
    lists = []
    for case, outcome in zip(cases, found, strict=True):
        for rule in outcome.rules:
            plan.record(case.fact.friend, kept.ANSWERED, rule.id, case.fact.at)
            lists.append((case.fact, rule.actions))
    strange = [written for case in cases if not case.known if (written := _written(case)) is not None]
    if strange:
        await unmatched.note(strange)
    return consequences.Consequences(lists=lists)


def heard(config: configuration.Configuration, fact: facts.Fact, said: facts.Said) -> Case:
    """The rules whose words were said, by whether they answer at that hour."""
    fitting, known = config.auto_replies.fitting(said)
    local = fact.at.astimezone(config.zone)
    found = Case(fact, said, [], [], known)
    for rule in fitting:
        (found.rules if rule.open_at(local, config.business) else found.closed).append(rule)
    return found


async def outcomes(plan: plans.Plan, cases: Sequence[Case]) -> list[Outcome]:
    """Which rules answer each case; each condition and all turns are looked at once for the whole set."""
    wanted = {rule.id: rule for case in cases for rule in case.rules}
    aimed = {
        rule.id: (rule.target, sorted({case.fact.friend for case in cases if rule in case.rules}))
        for rule in wanted.values()
        if rule.target is not None
    }
    judged = await entering.fitting(plan, list(aimed.values())) if aimed else []
    fit = dict(zip(aimed, judged, strict=True))
    turns = [rule.id for rule in wanted.values() if rule.turns]
    asked = sorted({case.fact.friend for case in cases if any(rule.turns for rule in case.rules)})
    before = await kept.answered(asked, turns) if turns else {}
    found = []
    for case in cases:
        outcome, friend = Outcome(passed=[(rule, "hour") for rule in case.closed]), case.fact.friend
        held = over = False
        for rule in case.rules:
            last = before.get((friend, rule.id))
            if over or (rule.fallback and (outcome.rules or held)):
                outcome.passed.append((rule, "above"))
            elif rule.target is not None and friend not in fit[rule.id]:
                outcome.passed.append((rule, "target"))
            elif last is not None and (rule.once or (rule.rest is not None and case.fact.at - last < rule.rest)):
                outcome.passed.append((rule, "turn"))
                held = True
            else:
                outcome.rules.append(rule)
                over = not rule.goes_on
        found.append(outcome)
    return found


def _written(case: Case) -> unmatched.Written | None:
    """What was written, if it may be kept: a short phrase without what looks like somebody's number or address."""
    text = " ".join(case.said.text.split()) if case.said.kind == "text" else ""
    folded = folding.fold(text)
    key = folding.bare(folded)
    if len(text) > 2 * LONGEST or len(key) > LONGEST or PERSONAL.search(folded) or not any(map(str.isalnum, key)):
        return None
    return unmatched.Written(case.fact.friend, key, text, case.fact.at)

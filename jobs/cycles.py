"""Chains of actions that do not end: what went round is found and told to staff by name."""

import dataclasses
from collections.abc import Sequence

import structlog

from jobs import consequences, facts
from storage import named, outbox

FEW = 4  # facts that are told where none came back
TOLD: dict[type[facts.What], tuple[named.Kind, str]] = {
    facts.FormAnswered: ("forms", "フォーム「{}」に回答"),
    facts.TagAdded: ("tags", "タグ「{}」が付く"),
    facts.TagRemoved: ("tags", "タグ「{}」が外れる"),
    facts.TagFull: ("tags", "タグ「{}」が上限"),
    facts.FieldChanged: ("fields", "項目「{}」が変わる"),
    facts.ScenarioStarted: ("scenarios", "シナリオ「{}」が始まる"),
    facts.ScenarioStopped: ("scenarios", "シナリオ「{}」が止まる"),
    facts.ScenarioFinished: ("scenarios", "シナリオ「{}」が終わる"),
}
CUT = (
    "⚠️ 動作が終わらずに回り続けたため、途中で止めました。\n{}\n"
    "どれかの動作を外すか、「もし … なら」や「一度だけ」を付けると止まります。"
)
SLOW = (
    "⚠️ 時間をおいた動作が次の動作を呼ぶことが短い間に続いたため、途中で止めました。\n{}\n"
    "どれかの動作を外すか、「もし … なら」や「一度だけ」を付けるか、間を1日以上あけると止まりません。"
)

log = structlog.get_logger()


async def tell_slow(friend: int, trail: Sequence[Sequence[facts.Fact]]) -> None:
    """Say that delays followed each other too often: `trail` is what happened behind the last one."""
    log.warning("chain of delays cut off", friend=friend)
    seen = [fact.what for facts_ in trail for fact in facts_ if fact.friend == friend and type(fact.what) in TOLD]
    await outbox.notice("delays", SLOW.format(" → ".join(await _words(seen[-FEW:])) or "時間をおいた動作"))


async def tell(left: consequences.Consequences, trail: Sequence[Sequence[facts.Fact]]) -> None:
    """Say what went round: `trail` is what happened in each round, `left` what was still to come and is given up."""
    log.warning("chain of actions cut off", rounds=len(trail), facts=len(left.facts), lists=len(left.lists))
    friend = next(fact.friend for fact in [*left.facts, *(fact for fact, _ in left.lists)])
    happened = [fact.what for facts_ in [*trail, left.facts] for fact in facts_ if fact.friend == friend]
    went_round = _period([what for what in happened if type(what) in TOLD])
    await outbox.notice("rounds", CUT.format(" → ".join(await _words(went_round))))


def _period(happened: Sequence[facts.What]) -> Sequence[facts.What]:
    """From the last thing that happened back to where it happened before; the last few where it had not."""
    if not happened:
        return ()
    before = [place for place, what in enumerate(happened[:-1]) if what == happened[-1]]
    return happened[before[-1] :] if before else happened[-FEW:]


async def _words(happened: Sequence[facts.What]) -> list[str]:
    """Each thing by today's name; what has been deleted by its number."""
    numbers: dict[named.Kind, set[int]] = {}
    for what in happened:
        numbers.setdefault(TOLD[type(what)][0], set()).add(_number(what))
    known = {
        (kind, number): thing.name
        for kind, wanted in numbers.items()
        for number, thing in (await named.by_ids(kind, sorted(wanted))).items()
    }
    told = [(*TOLD[type(what)], _number(what)) for what in happened]
    return [words.format(known.get((kind, number), f"#{number}")) for kind, words, number in told]


def _number(what: facts.What) -> int:
    """Of what a fact that is told is: its only field."""
    return int(getattr(what, dataclasses.fields(what)[0].name))

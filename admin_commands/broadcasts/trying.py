"""A/B in words: what is stored of it, and who would get what, for the cards before sending."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from admin_commands import content, previews
from admin_commands import desk as desks
from admin_commands.grammar import definitions, variants
from jobs import chances, messages
from storage import broadcasts as kept
from storage import friends, named
from storage.broadcasts import trials
from storage.segments import drawn

MOST_SHOWN = 4  # messages above a card

COUNTED = re.compile(r'\{#L\d|"(?:data|trackingId)":"b=\d')  # a measured link, a button of ours
METRICS = {"clicked": "クリック", "replied": "返信"}


def stored(
    definition: definitions.Broadcast, number: int, actions: Sequence[list[dict[str, Any]]], links: content.Links
) -> dict[str, Any]:
    """The action list of each friend, and what is tried; `actions` has one list for each variant, or a single one."""
    if not definition.variants and definition.held is None:
        return {"actions": actions[0]}
    ends = variants.ends(definition.variants, drawn.WHOLE)
    lots = [
        {"letter": one.letter, "from": first, "below": last}
        for one, first, last in zip(definition.variants, [0, *ends], ends, strict=False)
    ]
    metric: Any = definition.metric or "clicked"
    if isinstance(metric, definitions.Worn):
        metric = {"tag": links.of("tags", metric.tag)}
    wins = definition.wins if definition.wins is not None else variants.BY_HAND if definition.test else None
    trial = {"variants": lots, "test": definition.test, "wins": wins, "held": definition.held, "metric": metric}
    split = (
        [trials.for_variant(done, number, lot) for done, lot in zip(actions, lots, strict=True)] if lots else actions
    )
    return {"actions": [action for each in split for action in each], "trial": trial}


def wordings(definition: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each variant's letter and messages; of a broadcast without any a single one without a letter."""
    actions, given = definition.get("actions", ()), trials.of(definition).variants
    said = [
        (one["letter"], [message for action in trials.only(actions, one) for message in action.get("messages", ())])
        for one in given
    ]
    return said or [("", [message for action in actions for message in action.get("messages", ())])]


def alt_text(definition: Mapping[str, Any], most: int) -> str:
    """What it says in a few words; of variants each."""
    given = wordings(definition)
    return " / ".join(f"{letter} {messages.alt_text(said, most)}".strip() for letter, said in given)


async def shown(at: desks.Desk, one: kept.Kept, friend: friends.Seen | None = None) -> list[dict[str, Any]]:
    """What it says as one friend would get it; of variants each one's beginning, under its letter as the sender."""
    given = wordings(one.definition)
    if len(given) == 1:
        return await previews.of(at, given[0][1], friend)
    most = max(1, MOST_SHOWN // len(given))
    found = []
    for letter, said in given:
        found += [{**message, "sender": {"name": letter}} for message in await previews.of(at, said[:most], friend)]
    return found


async def told(one: kept.Kept, heads: trials.Heads) -> list[str]:
    """`送らない: 41人…`, `テスト: 82人 → A 41人・B 41人`, `残り: 289人…`."""
    trial = trials.of(one.definition)
    lines = [f"送らない: {heads.held:,}人（{trial.held}%。効果をくらべるため。通数に入りません）"] if trial.held else []
    if not trial.variants:
        return lines
    each = "・".join(f"{letter} {count:,}人" for letter, count in heads.variants)
    if trial.test is None:
        lines.append(f"A/B: {each}")
    else:
        lines.append(f"テスト: {heads.tested:,}人（{trial.test}%） → {each}")
        when = "勝者を選んでから" if not trial.wins else f"{variants.span(trial.wins)}に勝った方を"
        lines.append(f"残り: {heads.rest:,}人へ、{when}送ります")
    return [*lines, f"指標: {await metric(trial.metric)}"]


async def metric(given: Any) -> str:
    """クリック, or the tag that somebody gets."""
    if not isinstance(given, Mapping):
        return METRICS[given]
    found = (await named.by_ids("tags", [given["tag"]])).get(given["tag"])
    return f"タグ「{found.name}」が付いた人" if found is not None else "タグ（削除済み）"


def doubts(one: kept.Kept, heads: trials.Heads) -> list[str]:
    """What makes the comparison worth nothing."""
    trial = trials.of(one.definition)
    warnings = []
    if trial.variants and trial.metric == "clicked":
        dumb = [letter for letter, said in wordings(one.definition) if not counted(said)]
        if dumb:
            warnings.append(f"{'・'.join(dumb)}にはクリックを数えられるリンクやボタンがありません。")
    few = [letter for letter, count in heads.variants if count < chances.SMALLEST]
    if few:
        warnings.append(f"{'・'.join(few)}の人数が少ないため、差は分からないことが多いです。")
    return warnings


def counted(said: Sequence[dict[str, Any]]) -> bool:
    """Whether it holds anything of which a click is noted."""
    return COUNTED.search(orjson.dumps(list(said)).decode()) is not None

"""シナリオ 結果: how many began, how far each step came, where they stand, how many came to the end."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from admin_commands import cards, desk, objects, pictures, variables
from admin_commands.grammar import numbers, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import steps, views
from jobs import charts, timing
from storage import scenarios as kept
from storage.outbox import ledger

MOST_WALKS = 20_000  # walks over which steps are counted: the latest
MOST_STEPS = 12  # in one picture


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
    first = _first(said, len(version.definition["steps"]), scenario.name)
    lately, ever = await ledger.of_source(f"scenario:{scenario.id}", f"{at.local(at.now):%Y-%m}")
    told.append(f"通数: 今月{lately:,}通・これまで{ever:,}通（返信の分は除く）")
    rows = await _funnel(at, scenario, version, begun, first)
    if begun > MOST_WALKS:
        told.append(f"各通は、新しい{MOST_WALKS:,}回で数えています。")
    told += [f"　{line}" for line in charts.words(rows)]
    taps: tuple[cards.Tap, ...] = ()
    if (left := len(version.definition["steps"]) - first - len(rows)) > 0:
        told.append(f"　… ほか{left}通")
        more = f"{first + MOST_STEPS + 1}通目から"
        taps = (cards.Tap(more, f"シナリオ 結果 {name} {more}"),)
    told += await _waiting(at, scenario, version)
    for state, word in (("finished", "最後まで届いた"), ("stopped", "途中で外れた")):
        told.append(f"{word}: {walked[state]:,}人（{walked[state] * 100 // begun}%）")
    buttons = (cards.Tap("確認", f"シナリオ 確認 {name}"), cards.Tap("版", f"シナリオ 版 {name}"))
    title = f"📊 シナリオ「{scenario.name}」#S{scenario.id} の結果"
    before: tuple[cards.Message, ...] = ()
    if rows:
        through = f"最後まで {walked['finished']:,}（{walked['finished'] * 100 // begun}%）"
        below = f"始めた {begun:,}回・途中 {on_the_way:,}・{through}"
        foot = f"{at.moment(at.now)} 現在" + (f"・各通は新しい{MOST_WALKS:,}回" if begun > MOST_WALKS else "")
        funnel = charts.Funnel(f"{scenario.name} の結果", below, tuple(rows), foot)
        before = await pictures.of(at, funnel)
    return cards.Say("", taps, before=before, card=cards.panel(title, told, buttons=buttons))


def _first(said: Said, count: int, name: str) -> int:
    """13通目から: the step the picture begins with, from zero."""
    if len(said.args) < 2:
        return 0
    number = numbers.nth(objects.text_of(said, 1))
    if not number or number > count:
        raise desk.Declined(f"何通目から見るかが読めません（全部で{count}通です）。例: シナリオ 結果 {name} 2通目から")
    return number - 1


async def _funnel(
    at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion, begun: int, first: int
) -> list[charts.Row]:
    """A row for each step of the version in force from `first` on, over the latest walks where they are very many."""
    stored = version.definition["steps"][first : first + MOST_STEPS]
    buttons = await kept.buttons_of(scenario.id)
    found = await kept.came(scenario.id, [step["key"] for step in stored], buttons, MOST_WALKS, at.sight)
    of = min(begun, MOST_WALKS)
    says = await variables.told([step["messages"] for step in stored], 12)
    rows = []
    for place, step in enumerate(stored, first):
        came = found.get(step["key"], kept.Came())
        said = f"「{says[place - first]}」" if step["messages"] else "（送信なし）"
        when = timing.describe(timing.from_json(step["timing"]))
        rows.append(
            charts.Row(
                f"{steps.mark(place)} {when}{said}",
                came.reached / of,
                f"{came.reached:,}人 {came.reached * 100 // of}%",
                "・".join(f"{word} {number:,}" for word, number in _became(came, step) if number),
            )
        )
    return rows


def _became(came: kept.Came, step: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [
        ("送った", came.sent),
        ("動作だけ", came.acted),
        ("送信待ち", came.waiting),
        ("送れず", came.failed),
        ("対象外", came.left_out if _for_some(step) else 0),
        ("ボタン", came.pressed),
    ]


def _for_some(step: Mapping[str, Any]) -> bool:
    return "when" in step or bool(step.get("otherwise")) or step["timing"]["kind"] == "date"


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

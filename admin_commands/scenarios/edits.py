"""One thing of a scenario changed by a line: a step's time or text, one step more or less, a line of its head."""

from dataclasses import replace

from admin_commands import bodies, cards, content, desk, lifecycle, objects
from admin_commands.grammar import definitions, normalise, numbers, timings, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import drafts, steps
from jobs import timing
from storage import scenarios as kept

HEADS = tuple(steps.HEADS.values())
CLOCKED = ("day", "weekday", "clock", "date")
EXAMPLES = "例: シナリオ 変更 {name} 2通目 時刻 13:00"


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`2通目 時刻 13:00`, `2通目 本文` with the text below it, `配信可能 9:00〜20:00`, `名前 …`."""
    scenario, base = await _latest(at, said)
    what = objects.text_of(said, 1)
    if what == "名前":
        return await lifecycle.rename(at, replace(said, args=(said.args[0], *said.args[2:3])), "scenarios")
    definition = drafts.definition_of(base)
    if what in HEADS:
        return await _define(at, said, scenario, base, _with_head(definition, what, _behind(said, 1)))
    place = _place(scenario, definition, what)
    part = objects.text_of(said, 2)
    if part == "時刻":
        wanted = replace(
            definition.steps[place], timing=_timing(definition.steps[place].timing, _behind(said, 2), place)
        )
    elif part == "本文":
        if not (said.text or "").strip():
            command = f"シナリオ 変更 #S{scenario.id} {place + 1}通目 本文"
            what = f"シナリオ「{scenario.name}」{steps.mark(place)}"
            return await bodies.ask(at, what, definition.steps[place].pieces, command)
        wanted = replace(
            definition.steps[place], pieces=bodies.exchanged(definition.steps[place].pieces, said.text or "")
        )
    else:
        raise desk.Declined(f"{steps.mark(place)}の何を変えるかを書いてください（時刻・本文）。\n{_example(scenario)}")
    changed = (*definition.steps[:place], wanted, *definition.steps[place + 1 :])
    return await _define(at, said, scenario, base, replace(definition, steps=changed))


async def add(at: desk.Desk, said: Said) -> cards.Say:
    """`3通目の後 5日後 12:00`, the text below it."""
    if len(said.args) < 2:
        raise desk.Declined(
            "シナリオは、質問に答えるか（「シナリオ 作成」だけを送る）、ブロックを貼り付けて作ります。",
            cards.Tap("質問に答えて作る", "シナリオ 作成"),
            cards.Tap("ヘルプ シナリオ", "ヘルプ シナリオ"),
        )
    scenario, base = await _latest(at, said)
    definition = drafts.definition_of(base)
    where = objects.text_of(said, 1)
    place = 0 if where == "最初" else _place(scenario, definition, where.removesuffix("の後")) + 1
    if not (said.text or "").strip():
        raise desk.Declined(
            "入れる本文を、2行目から書いて送ってください。\n"
            f"例:\nシナリオ 追加 {_name(scenario)} {where} {_behind(said, 1)}\nここに本文".replace("  ", " ")
        )
    [step] = bodies.scenario(f"▼{_behind(said, 1)}\n{bodies.below(said.text or '')}").steps
    changed = (*definition.steps[:place], step, *definition.steps[place:])
    return await _define(at, said, scenario, base, replace(definition, steps=changed))


async def take_out(at: desk.Desk, said: Said) -> cards.Say:
    """One step less."""
    scenario, base = await _latest(at, said)
    definition = drafts.definition_of(base)
    place = _place(scenario, definition, objects.text_of(said, 1))
    if len(definition.steps) == 1:
        name = _name(scenario)
        raise desk.Declined(
            f"1通だけなので外せません。全体を消すには「シナリオ 削除 {name}」です。",
            cards.Tap("シナリオ 削除", f"シナリオ 削除 {name}"),
        )
    changed = (*definition.steps[:place], *definition.steps[place + 1 :])
    return await _define(at, said, scenario, base, replace(definition, steps=changed))


def _behind(said: Said, place: int) -> str:
    """The rest of the command's own line."""
    return said.after(place).partition("\n")[0]


async def _latest(at: desk.Desk, said: Said) -> tuple[kept.Kept, kept.KeptVersion]:
    """What a change goes on from: the draft, or the live version where there is none."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    number = scenario.draft_version_id or scenario.live_version_id
    if number is None:
        raise desk.Declined(f"シナリオ「{scenario.name}」にはまだ中身がありません。ブロックを貼り付けてください。")
    return scenario, await kept.version_of(number)


async def _define(
    at: desk.Desk, said: Said, scenario: kept.Kept, base: kept.KeptVersion, definition: definitions.Scenario
) -> cards.Say:
    """As if the block had been printed, changed by hand and pasted."""
    pasted = bodies.pasted(replace(definition, name=scenario.name, version=base.number))
    with bodies.as_typed(said):
        return await drafts.define(at, pasted, scenario.id, await content.link(at, [pasted]))


def _place(scenario: kept.Kept, definition: definitions.Scenario, given: str) -> int:
    number = numbers.nth(given) or 0
    if not number:
        raise desk.Declined(f"「{given}」が読めません。何通目かを書いてください。\n{_example(scenario)}")
    if number > len(definition.steps):
        raise desk.Declined(f"シナリオ「{scenario.name}」は全部で{len(definition.steps)}通です。")
    return number - 1


def _name(scenario: kept.Kept) -> str:
    return words.show(words.Name(scenario.name))


def _example(scenario: kept.Kept) -> str:
    return EXAMPLES.format(name=_name(scenario))


def _timing(old: timing.Timing, given: str, place: int) -> timing.Timing:
    """A whole timing, or only another time of day."""
    text = normalise.lookup(given).text
    whole = timings.read(text)
    if not isinstance(whole, str) and not text[whole[1] :].strip():
        return whole[0]
    clock = numbers.clock(text)
    if clock is None or text[clock[1] :].strip():
        raise desk.Declined(f"「{given}」という時間が読めません。例: 時刻 13:00、時刻 3時間後、時刻 1日後 12:00")
    if old.kind == "elapsed" and old.unit == "day":
        return replace(old, kind="day", at=clock[0])
    if old.kind not in CLOCKED:
        raise desk.Declined(
            f"{steps.mark(place)}は「{timing.describe(old)}」なので、日から書いてください。"
            f"例: 時刻 1日後 {timing.clock_text(clock[0])}"
        )
    return replace(old, at=clock[0])


def _with_head(definition: definitions.Scenario, key: str, given: str) -> definitions.Scenario:
    value = given.strip().lstrip("=:＝：").strip()
    if not value:
        raise desk.Declined(f"「{key}」を何にするかを書いてください。なくすには「なし」です。")
    line = f"＋終了後 {value}" if key == "終了後" else f"{key}: {value}"
    if key == "超過時" and definition.cap is not None:
        line = f"上限: {definition.cap}人\n{line}"
    got = bodies.scenario("▼すぐ\nx", *([] if value in ("なし", "無し") else [line]))
    fields = [name for name, word in (*steps.HEADS.items(), ("ends_when", "終了")) if word == key]
    changed = replace(definition, **{name: getattr(got, name) for name in fields})
    return changed if changed.cap is not None else replace(changed, over=None)

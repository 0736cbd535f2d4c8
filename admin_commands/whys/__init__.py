"""なぜ: why a friend got a message of a scenario or did not, step by step, from the record alone."""

import re

from admin_commands import cards, command, desk, lists, objects
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, numbers, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.whys import sendings, telling, walked
from storage import friends, named, traces
from storage import scenarios as kept

DAY = re.compile(r"(\d{1,4})日(?:目|後)$")
MOST_TAPS = 4
MOST_REFUSED = 3


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """Of one scenario, of one step of it, or where there are several of each in a line."""
    count, which = _which(said)
    friend = await objects.friend(at, command.one_name(said, 0, count), 0)
    broadcast = await _broadcast(said, friend)
    if broadcast is not None:
        return await sendings.told(at, friend, broadcast)
    scenario = await _scenario(said, friend)
    if scenario is not None:
        return await _one(at, friend, scenario, which)
    found = await traces.walks(friend.id)
    refused = await traces.refused(friend.id, MOST_REFUSED)
    concerned = list(dict.fromkeys([*(one.scenario for one in found), *(one for one, _ in refused)]))
    if not concerned:
        name = friend.name or "名前なし"
        raise desk.Declined(
            f"{name}さんがシナリオに入った記録も、入れなかった記録もありません。\n"
            f"シナリオの名前を書くと、今なら始まるかを確かめます。例: なぜ #F{friend.id} シナリオ:ようこそ",
            cards.Tap("シナリオ 一覧", "シナリオ 一覧"),
        )
    if len(concerned) == 1 or which:
        return await _one(at, friend, concerned[0], which, concerned[1:])
    return await _all(at, friend, found, refused)


def _which(said: Said) -> tuple[int, str]:
    """How many of the arguments name the friend, and the 3通目 or 3日目 behind them."""
    for place in range(1, len(said.args)):
        word = _plain(objects.text_of(said, place))
        if numbers.nth(word) or DAY.match(word):
            return place, word
    return len(said.args), ""


def _plain(word: str) -> str:
    return normalise.lookup(word).text


async def _scenario(said: Said, friend: friends.Seen) -> int | None:
    given = said.option("シナリオ")
    if given is None:
        return None
    wanted = words.names_in(given)
    found = (await objects.lookup("scenarios", wanted[:1]))[0] if len(wanted) == 1 else None
    if found is None:
        raise await objects.unknown(
            "scenarios",
            wanted[0] if wanted else words.Name(given),
            lambda name: f"なぜ #F{friend.id} シナリオ:{words.show(words.Name(name))}",
        )
    return found.id


async def _broadcast(said: Said, friend: friends.Seen) -> int | None:
    given = said.option("配信")
    if given is None:
        return None
    wanted = words.names_in(given)
    found = (await objects.lookup("broadcasts", wanted[:1]))[0] if len(wanted) == 1 else None
    if found is None:
        raise await objects.unknown(
            "broadcasts",
            wanted[0] if wanted else words.Name(given),
            lambda name: f"なぜ #F{friend.id} 配信:{words.show(words.Name(name))}",
        )
    return found.id


async def _one(
    at: desk.Desk, friend: friends.Seen, scenario_id: int, which: str, others: list[int] | None = None
) -> cards.Say:
    scenario = await kept.get(scenario_id)
    trace = next(iter(await traces.walks(friend.id, scenario_id)), None)
    notes = await traces.noted(friend.id, scenario_id, telling.MOST_NOTES)
    if trace is None:
        lines = await telling.never_begun(at, friend, scenario, notes)
    else:
        places = await _places(at, trace, which)
        lines = await walked.told(at, friend, scenario, trace, notes, places)
    name = words.show(words.Name(scenario.name))
    buttons = [
        cards.Tap("今始めたら", f"シナリオ 確認 {name} #F{friend.id}"),
        cards.Tap("シナリオ", f"シナリオ 表示 {name}"),
    ]
    if trace is not None and walked.unblocked(friend, trace) and at.may("manager"):
        buttons.insert(0, cards.Tap("続きから再開", f"シナリオ 再開 {name} #F{friend.id}"))
    if which:
        buttons.insert(0, cards.Tap("全部の通", f"なぜ #F{friend.id} シナリオ:{name}"))
    titles = await named.by_ids("scenarios", others or [])
    taps = tuple(
        cards.Tap(one.name, f"なぜ #F{friend.id} シナリオ:{words.show(words.Name(one.name))}")
        for one in list(titles.values())[:MOST_TAPS]
    )
    title = f"🔎 {friend.name or '名前なし'}さん × シナリオ「{scenario.name}」"
    return cards.Say("", taps, card=cards.panel(title, lines, buttons=buttons))


async def _places(at: desk.Desk, trace: traces.Traced, which: str) -> list[int] | None:
    """The steps asked for, from zero; None for all."""
    if not which:
        return None
    stops = await walked.stops(at, trace)
    nth, day = numbers.nth(which), DAY.match(which)
    if nth:
        if nth > len(stops):
            raise desk.Declined(f"このシナリオは全部で{len(stops)}通です。")
        return [nth - 1]
    wanted = int(day[1]) if day else 0
    begun = at.local(trace.started_at).date()
    days = [(at.local(stop.wanted).date() - begun).days for stop in stops]
    # 3日目 is 3日後 where there is such a step, else the third day counted from the first
    found = [place for place, one in enumerate(days) if one == wanted]
    found = found or [place for place, one in enumerate(days) if one == wanted - 1]
    if not found:
        told = "、".join(dict.fromkeys("当日" if one == 0 else f"{one}日後" for one in days))
        raise desk.Declined(f"このシナリオに{which}の通はありません（あるのは: {told}）。")
    return found


async def _all(
    at: desk.Desk, friend: friends.Seen, found: list[traces.Traced], refused: list[tuple[int, traces.Noted]]
) -> cards.Say:
    """A line for each scenario they began, and for each that did not let them in."""
    walked_through = {one.scenario for one in found}
    outside = {one: note for one, note in reversed(refused) if one not in walked_through}
    names = await named.by_ids("scenarios", [*walked_through, *outside])
    keys = await kept.keys_of([one.version for one in found])
    rows = []
    for one in found:
        waits = walked.unblocked(friend, one)
        state = telling.WAITS if waits else telling.STATES.get(one.state, one.state)
        told = f"{names[one.scenario].name} … {one.position}/{len(keys[one.version])}通・{state}"
        rows.append((told, one.scenario))
    for one_id, note in outside.items():
        rows.append((f"{names[one_id].name} … {at.moment(note.at)} {telling.refusal(note)}", one_id))
    lines = [
        cards.Row(told, f"なぜ #F{friend.id} シナリオ:{words.show(words.Name(names[number].name))}")
        for told, number in rows
    ]
    title = f"🔎 {friend.name or '名前なし'}さんのシナリオ"
    return await lists.say(at, title, lines[: lists.ROWS], len(lines), 1, f"なぜ #F{friend.id}")


NOUN = command.Noun(
    "why",
    "メッセージが届いた・届かなかった理由を、記録から説明します。",
    (
        Command(
            "why",
            "show",
            "シナリオの1通ずつと、配信に、送った・送らなかった理由と時刻",
            (
                "なぜ {friend} シナリオ:{scenario}",
                "なぜ {friend} 2通目",
                "なぜ {friend} 配信:{broadcast}",
                "なぜ {friend}",
            ),
            "viewer",
            0,
            show,
            (Argument("友だち", takes="friend"), Argument("3通目・3日目", optional=True, rest=True)),
            options=("シナリオ", "配信"),
        ),
    ),
    bare="show",
)

"""シナリオ 試す: step after step as free answers, with their times; アクションも carries them out on a test friend."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import cards, crowds, desk, objects, places, previews
from admin_commands.grammar import normalise, numbers, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import checking, dated, steps, views
from jobs import action_lists, configuration, timelines
from storage import friends
from storage import scenarios as kept

WITH_ACTIONS = ("アクションも", "actions")


async def test(at: desk.Desk, said: Said) -> cards.Say:
    """The step asked for, the first if none is; whoever taps goes on to the next, so no time has to pass."""
    scenario, version = await views.newest(at, said)
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    place, acting = _wanted(said, len(ready.steps), scenario.name)
    tester = await friends.of_user(at.actor.user_id) if at.actor.user_id else None
    if acting:
        tester = test_friend(tester)
    stored = version.definition["steps"][place]
    shown = await _shown(at, stored, tester)
    deeds = [one for one in stored["actions"] if one["do"] not in action_lists.WRITING]
    stop = timelines.of(at.config, ready, at.now)[place]
    moment, which = at.moment(stop.at), f"{place + 1}/{len(ready.steps)}通目"
    told = [f"👆 {steps.mark(place)} {moment} に届きます（{which}・送信数は0です）"]
    if not shown:
        told = [f"{steps.mark(place)} {moment} 送信なし（{which}）"]
    if stop.missed:
        told.append("※この日時はもう過ぎています。これから始める人には届きません。")
    told += await _for_whom(at, version, place, tester)
    if len(shown) > cards.MOST_OBJECTS - 1:
        told.append(f"※はじめの{cards.MOST_OBJECTS - 1}個を表示しています（全部で{len(shown)}個）。")
    if deeds:
        told.append(await _told(version, place, done=acting))
    if place == 0 and tester is not None:
        told += await checking.obstacles(at, tester, version)
    if acting and tester is not None and deeds:
        await _act(at, scenario, tester, deeds)
    taps = _taps(scenario, version.definition["steps"], place, acting=acting)
    return cards.Say("\n".join(told), taps, before=tuple(shown[: cards.MOST_OBJECTS - 1]))


async def _for_whom(at: desk.Desk, version: kept.KeptVersion, place: int, tester: friends.Seen | None) -> list[str]:
    """Whom a step is for, if not for all, and whether the tester is one of them."""
    stored = version.definition["steps"]
    told = []
    if stored[place].get("otherwise"):
        first = max(one for one in range(place) if not stored[one].get("otherwise"))
        told.append(f"※{''.join(map(steps.mark, range(first, place)))}に当てはまらない人に届きます。")
    if "when" in stored[place]:
        asides = (await dated.branches_of(at, version, tester)).asides[place]
        condition = next(one for one in asides if one.startswith(dated.IF)).removeprefix(dated.IF)
        fits = asides[-1].replace("今は", "今のあなたは") if tester is not None else ""
        told.append(f"※「{condition}」の人だけに届きます。{fits}")
    return told


def _wanted(said: Said, count: int, name: str) -> tuple[int, bool]:
    """Which step, from zero, and whether its actions are carried out: the words behind the scenario in any order."""
    place, acting = 0, False
    for index in range(1, len(said.args)):
        word = objects.text_of(said, index)
        nth = numbers.nth(word)
        if normalise.fold(word) in map(normalise.fold, WITH_ACTIONS):
            acting = True
        elif nth and nth <= count:
            place = nth - 1
        elif nth:
            raise desk.Declined(f"シナリオ「{name}」は全部で{count}通です。")
        else:
            raise desk.Declined(
                f"「{word}」の意味が分かりません。\n例: シナリオ 試す {name} 2通目、シナリオ 試す {name} アクションも"
            )
    return place, acting


def test_friend(tester: friends.Seen | None) -> friends.Seen:
    if tester is None:
        raise desk.Declined("アクションまで試すには、まずこのアカウントを友だち追加してください。")
    if not tester.is_test:
        raise desk.Declined(
            "アクションまで試せるのは、テスト友だちだけです（お客様の記録と混ざらないように）。",
            cards.Tap("自分をテスト友だちにする", "友だち テスト 自分 追加"),
        )
    return tester


async def _shown(at: desk.Desk, stored: dict[str, Any], tester: friends.Seen | None) -> list[dict[str, Any]]:
    """The step's messages and those its actions send, as this person would see them."""
    said = list(stored["messages"])
    for action in stored["actions"]:
        if action["do"] in action_lists.WRITING:
            said += await previews.said_by(action)
    return await previews.of(at, said, tester) if said else []


async def _told(version: kept.KeptVersion, place: int, *, done: bool) -> str:
    """The step's actions in the words of the block."""
    shown = (await dated.deeds_of(version)).get(place, "")
    return f"✅ アクションを動かしました: {shown}" if done else f"＋アクション: {shown}（動かしていません）"


async def _act(at: desk.Desk, scenario: kept.Kept, tester: friends.Seen, deeds: list[dict[str, Any]]) -> None:
    """Carry out all that does not send, and keep how to take it back."""
    done = await crowds.do_reversibly(at, crowds.Crowd([tester.id], "テスト友だち"), deeds)
    at.record(
        "scenario.test",
        {"scenario": scenario.id, "friend": tester.id},
        f"シナリオ「{scenario.name}」をアクションまで試した（テスト友だち {tester.name or '名前なし'}さん）",
        done.inverse,
    )


def _taps(
    scenario: kept.Kept, stored: Sequence[Mapping[str, Any]], place: int, *, acting: bool
) -> tuple[cards.Tap, ...]:
    """On to the next step; where it is for some only, whoever taps chooses whether they are one of them."""
    command = f"シナリオ 試す {words.show(words.Name(scenario.name))}"
    rest = " アクションも" if acting else ""
    following = next((one for one in range(place + 1, len(stored)) if not stored[one].get("otherwise")), None)
    taps = []
    if following is None:
        taps.append(cards.Tap("はじめから", f"{command}{rest}"))
    elif "when" not in stored[following]:
        taps.append(cards.Tap("次の通へ", f"{command} {following + 1}通目{rest}"))
    else:
        taps.append(cards.Tap(f"次: {steps.mark(following)}に当てはまる人", f"{command} {following + 1}通目{rest}"))
        if following + 1 < len(stored):
            taps.append(cards.Tap("次: 当てはまらない人", f"{command} {following + 2}通目{rest}"))
    if not acting:
        taps.append(cards.Tap("アクションも試す", f"{command} {place + 1}通目 アクションも"))
    if scenario.draft_version_id is not None:
        taps.append(cards.Tap("公開", f"シナリオ 公開 {words.show(words.Name(scenario.name))}"))
    return (*taps, *places.undo_tap(acting))

"""Looking at broadcasts: the list, where one stands, what it would do, as free answers to oneself, as a block."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from admin_commands import (
    cards,
    content,
    crowds,
    desk,
    lifecycle,
    lists,
    objects,
    places,
    segments,
    variables,
)
from admin_commands.broadcasts import glances, opening, reckoning, trying
from admin_commands.grammar import definitions, normalise, print_block, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import moments, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.kinds.dates import Dated
from admin_commands.scenarios import trial
from jobs import broadcasts, recurrence
from storage import broadcasts as kept
from storage import friends
from storage.broadcasts import runs, trials

STATES: dict[runs.State, str] = {
    "draft": "下書き",
    "scheduled": "予約中",
    "holding": "まもなく送信",
    "testing": "テスト中",
    "sending": "送信中",
    "stopped": "停止中",
    "done": "送信済み",
    "asked": "確認待ち",
}
# What 配信 一覧 may be narrowed to.
LISTED: dict[str, tuple[runs.State, ...]] = {
    "予約中": ("scheduled", "holding"),
    "予約": ("scheduled", "holding"),
    "済": ("done", "stopped"),
    "送信済み": ("done", "stopped"),
    "送信済": ("done", "stopped"),
    "送信中": ("sending", "testing"),
    "テスト中": ("testing",),
    "下書き": ("draft", "asked"),
}


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    states = LISTED.get(wanted)
    word = "" if states is not None else wanted
    found, total = await kept.page(word, states or tuple(STATES), lists.ROWS, lists.offset(page))
    rows = [cards.Row(f"{one.name} #B{one.id} … {_short(at, one)}", f"配信 表示 #B{one.id}") for one in found]
    listing = f"配信 一覧 {words.show(words.Name(wanted))}" if wanted else "配信 一覧"
    empty = "まだありません。「配信 作成」と送ると、質問に答えて作れます。" if not wanted else "ありません。"
    taps = [
        cards.Tap("質問に答えて作る", "配信 作成"),
        cards.Tap("予約中", "配信 一覧 予約中"),
        cards.Tap("送信済み", "配信 一覧 済"),
    ]
    return await lists.say(at, "📣 配信", rows, total, page, listing, empty=empty, taps=taps)


def _short(at: desk.Desk, one: kept.Kept) -> str:
    told = STATES[one.state]
    if one.run is not None and one.state in ("scheduled", "holding"):
        return f"{told} {at.moment(one.run.at)}・{one.run.confirmed:,}人"
    if one.run is not None and one.state == "testing":
        return f"{told} 残り{one.run.confirmed:,}人"
    if one.run is not None and one.state in ("sending", "stopped", "done"):
        return f"{told} {at.moment(one.run.at)}・{one.run.counted or 0:,}人"
    return told


async def show(at: desk.Desk, said: Said) -> cards.Say:
    """Where it stands, with honest numbers."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    written(one)
    one = replace(one, state=await stands(one))
    told: list[cards.Line] = [f"状態: {STATES[one.state]}", *await _head(at, one)]
    wordings = trying.wordings(one.definition)
    words_ = await variables.told([said for _, said in wordings], 100)
    told += [f"内容{letter}: {said}" for (letter, _), said in zip(wordings, words_, strict=True)]
    run = one.run
    if run is not None and one.state == "testing":
        told += await _testing(at, run)
    if run is not None and run.reason is not None and one.state == "asked":
        told.append(f"⚠ {broadcasts.why(run.reason, run.confirmed, run.counted)}、送っていません。")
    if one.state == "scheduled" and (missed := await runs.passed_over(one.id)) is not None and missed.reason:
        why = broadcasts.why(missed.reason, missed.confirmed, missed.counted)
        told.append(f"⚠ {at.moment(missed.at)} の分は、{why}、送っていません。")
    ways = _ways(one)
    begun = next(iter(await runs.of_broadcast(one.id)), None)
    if begun is not None and begun.operation is not None:
        if run is None or (run.id not in (begun.id, begun.test) and run.test != begun.id):
            told.append(f"前回: {at.moment(begun.at)}")
        told += tallied(await runs.tally(*await runs.together(begun)))
        ways.insert(1, cards.Tap("結果", f"配信 結果 #B{one.id}"))
    return cards.Say("", card=cards.panel(f"📣 配信「{one.name}」#B{one.id}", told, buttons=ways))


async def _head(at: desk.Desk, one: kept.Kept) -> list[str]:
    lines = [f"対象: {await segments.told(one.definition['target'])}"]
    moment = one.run.at if one.run is not None else planned(at, one)
    lines += [f"日時: {at.moment(moment)}"] if moment is not None else []
    return [*lines, *repeats(at, one), *reckoning.how(one)]


def _ways(one: kept.Kept) -> list[cards.Tap]:
    """What may be done with it as it stands."""
    number = f"#B{one.id}"
    stop = cards.Tap("停止", f"配信 停止 {number}")
    ways: dict[runs.State, list[cards.Tap]] = {
        "draft": [check_tap(one), cards.Tap("試す", f"配信 試す {number}")],
        "asked": [check_tap(one)],
        "scheduled": [stop, check_tap(one)],
        "holding": [stop],
        "sending": [stop],
        "testing": [*winners(one), stop],
        "stopped": [
            cards.Tap("続きを送る", f"配信 再開 {number}"),
            cards.Tap("おわび", f"配信 おわび {number}"),
        ],
        "done": [
            cards.Tap("未クリックの人へ", f"配信 複製 {number} 対象: 配信:{number} 未クリック"),
            cards.Tap("複製", f"配信 複製 {number}"),
        ],
    }
    return [*ways[one.state], cards.Tap("書出", f"配信 書出 {number}")]


def winners(one: kept.Kept) -> list[cards.Tap]:
    """A tap for each variant that may be sent to the rest."""
    if one.run is None or trials.of(one.run.definition).winner is not None:
        return []
    letters = [variant["letter"] for variant in trials.of(one.run.definition).variants]
    return [cards.Tap(f"{letter}に決める", f"配信 勝者 #B{one.id} {letter}") for letter in letters]


async def _testing(at: desk.Desk, run: runs.Run) -> list[cards.Line]:
    """What the rest waits for."""
    trial = trials.of(run.definition)
    if run.reason not in (None, "winner"):
        return [f"⚠ {broadcasts.why(run.reason, run.confirmed, run.counted)}、残りの方には送っていません。"]
    if trial.winner is not None:
        return [f"勝者: {trial.winner}", f"残り: {run.confirmed:,}人へ {at.moment(run.at)} に送ります"]
    if run.reason == "winner":
        return [f"残り: {run.confirmed:,}人（勝者を選ぶと送ります）"]
    return [f"残り: {run.confirmed:,}人（{at.moment(run.at)} に、{await trying.metric(trial.metric)}で決めて送ります）"]


def tallied(tally: runs.Tally) -> list[str]:
    """`送信済み: 200人`, and each other number that is not nought."""
    found = [
        ("送信済み", tally.sent),
        ("送信の途中", tally.under_way),
        ("これから", tally.waiting),
        ("止めた分", tally.stopped),
        ("届いたか不明", tally.unknown),
        ("届けられない", tally.left_out),
    ]
    return [f"{word}: {count:,}人" for word, count in found if count or word == "送信済み"]


async def stands(one: kept.Kept) -> runs.State:
    """Its state; of one that is planned to its end it is being sent as long as something has still to leave."""
    if one.state != "done" or one.run is None or one.run.operation is None:
        return one.state
    tally = await runs.tally(*await runs.together(one.run))
    return "sending" if tally.waiting or tally.under_way else "done"


def written(one: kept.Kept) -> None:
    """Refuse one that has no content yet."""
    if not one.source:
        raise desk.Declined(f"配信「{one.name}」にはまだ中身がありません。ブロックを貼り付けてください。")


def planned(at: desk.Desk, one: kept.Kept) -> datetime | None:
    """Its 日時; of one that is repeated the next."""
    moment = one.definition.get("at")
    if moment is not None:
        return datetime.fromisoformat(moment)
    coming = recurrence.runs(rule, at.now, at.zone, 1) if (rule := recurs(one)) is not None else []
    return coming[0] if coming else None


def recurs(one: kept.Kept) -> recurrence.Schedule | None:
    """The rule of one that is sent again and again."""
    stored = one.definition.get("repeats")
    return recurrence.from_json(stored) if stored is not None else None


def repeats(at: desk.Desk, one: kept.Kept) -> list[str]:
    """`くり返し: 毎週水曜 10:00`, and when that is."""
    rule = recurs(one)
    if rule is None:
        return []
    return [f"くり返し: {recurrence.describe(rule)}", recurrence.echo(rule, at.now, at.zone), *recurrence.notes(rule)]


def check_tap(one: kept.Kept) -> cards.Tap:
    return cards.Tap("確認", f"配信 確認 #B{one.id}")


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """The real messages and the card: what would happen if it were sent."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    written(one)
    if len(said.args) > 1 and glances.asked(objects.text_of(said, 1)):
        return await glances.show(at, one)
    friend = await objects.friend(at, said, 1) if len(said.args) > 1 else None
    moment = one.run.at if one.run is not None and one.state == "scheduled" else planned(at, one)
    found = await reckoning.of(at, one, moment if moment is not None and moment > at.now else None, friend)
    opens, dead = opening.told(at, one)
    found.warnings.extend(dead)
    lines = [f"状態: {STATES[one.state]}", *found.lines, *opens, *repeats(at, one)]
    if moment is not None and moment <= at.now and one.state in ("draft", "asked"):
        found.warnings.append(f"日時 {at.moment(moment)} は過ぎています。「配信 変更 #B{one.id} 日時 …」で直せます。")
    if one.run is not None and one.run.reason is not None and one.state == "asked":
        why = broadcasts.why(one.run.reason, one.run.confirmed, one.run.counted)
        found.warnings.insert(0, f"{why}、送っていません。もう一度、予約するか送ってください。")
    title = f"📣 配信「{one.name}」#B{one.id}（{STATES[one.state]}）"
    panel = cards.panel(title, lines, warnings=found.warnings, buttons=_ways_on(at, one, found.recent > 0))
    return cards.Say("", (glances.tap(one),) if found.total else (), before=found.shown, card=panel)


def _ways_on(at: desk.Desk, one: kept.Kept, lately: bool) -> list[cards.Tap]:
    if one.state not in ("draft", "asked"):
        return _ways(one)
    number = f"#B{one.id}"
    sends = [cards.Tap("今すぐ送る", f"配信 送信 {number}"), cards.Tap("書出", f"配信 書出 {number}")]
    reserve = [cards.Tap("予約する", f"配信 予約 {number}")] if planned(at, one) is not None else []
    split = [] if trials.of(one.definition).variants else [cards.Tap("A/Bにする", f"配信 分割 {number}")]
    rid = [cards.Tap("最近届いた人を除く", f"配信 変更 {number} 除く {_besides_lately(one)}")] if lately else []
    return [*reserve, *rid, cards.Tap("試す", f"配信 試す {number}"), *sends[:1], *split, *sends[1:]]


def _besides_lately(one: kept.Kept) -> str:
    """除く as it stands, and whoever has been written to within seven days."""
    lately: trees.Tree = Dated("delivered", moments.Within(7, "day"))
    definition = content.reread(one.source)
    besides = definition.besides if isinstance(definition, definitions.Broadcast) else None
    if besides is None or besides.tree is None:
        return printing.show(lately)
    others = besides.tree.of if isinstance(besides.tree, trees.Some) else (besides.tree,)
    return printing.show(trees.Some((*others, lately)))


async def preview(at: desk.Desk, one: kept.Kept, note: str) -> cards.Say:
    """A draft that has just been written; counts are for those who see all friends."""
    shown = tuple(await trying.shown(at, one))[: reckoning.SHOWN]
    told: list[cards.Line] = [*([note] if note else []), *await _head(at, one), "まだ送っていません。"]
    title = f"📝 配信「{one.name}」#B{one.id} 下書き（版{one.number}）"
    panel = cards.panel(title, told, buttons=[check_tap(one), cards.Tap("試す", f"配信 試す #B{one.id}")])
    return cards.Say("", places.undo_tap(), before=shown, card=panel)


async def test(at: desk.Desk, said: Said) -> cards.Say:
    """As the asker would get it, for nothing; with アクションも its actions too, on a test friend."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    written(one)
    acting = len(said.args) > 1 and _is_acting(said)
    tester = await friends.of_user(at.actor.user_id) if at.actor.user_id else None
    if acting:
        tester = trial.test_friend(tester)
    shown = await trying.shown(at, one, tester)
    deeds = [action for action in one.definition["actions"] if action["do"] != "send"]
    told = [f"👆 配信「{one.name}」#B{one.id}（0通・返信で表示）"]
    if deeds and not acting:
        told.append(f"※続けて{len(deeds)}件の動作があります（今は動かしていません）。")
    if acting and tester is not None and deeds:
        await _act(at, one, tester, deeds)
        told.append(f"✅ {len(deeds)}件の動作をしました（テスト友だち {tester.name or '名前なし'}さん）。")
    taps = [check_tap(one)]
    if deeds and not acting:
        taps.append(cards.Tap("アクションも試す", f"配信 試す #B{one.id} アクションも"))
    return cards.Say(
        "\n".join(told),
        (*taps, *places.undo_tap(acting and bool(deeds))),
        before=tuple(shown[: cards.MOST_OBJECTS - 1]),
    )


def _is_acting(said: Said) -> bool:
    word = objects.text_of(said, 1)
    if normalise.fold(word) in map(normalise.fold, trial.WITH_ACTIONS):
        return True
    if word.removeprefix("@") == "自分":
        return False
    raise desk.Declined("試した結果は、試した方だけに見せます。ほかの方の見え方は「配信 確認 #B1 田中」で見られます。")


async def _act(at: desk.Desk, one: kept.Kept, tester: friends.Seen, deeds: list[dict[str, Any]]) -> None:
    """Carry out all that does not send, and keep how to take it back."""
    done = await crowds.do_reversibly(at, crowds.Crowd([tester.id], "テスト友だち"), deeds)
    at.record(
        "broadcast.test",
        {"broadcast": one.id, "friend": tester.id},
        f"配信「{one.name}」をアクションまで試した（テスト友だち {tester.name or '名前なし'}さん）",
        done.inverse,
    )


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    written(one)
    try:
        definition = await content.unlinked(content.reread(one.source))
    except content.Outdated:
        return cards.Say(one.source, whole=True)
    if not isinstance(definition, definitions.Broadcast):
        raise TypeError("a broadcast's source is no broadcast")
    return cards.Say(print_block(replace(definition, name=one.name, version=one.number)), whole=True)


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """What has not been sent yet, as blocks: what has is the record, and no part of the configuration."""
    waiting = [one for one in await kept.everything() if one.source and one.state in ("draft", "scheduled", "asked")]
    return await content.dumped([(one.source, {"name": one.name}) for one in waiting])


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    return await lifecycle.list_versions(
        at,
        said,
        owner=kept.owner(one.id),
        now=one.number,
        title=f"配信「{one.name}」の版",
        command=f"配信 版 #B{one.id}",
        opens=f"配信 元に戻す #B{one.id}",
        told=lambda stored: trying.alt_text(stored["definition"], 24),
    )


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    return await places.list_of(at, f"配信「{thing.name}」", await kept.uses(thing.id))

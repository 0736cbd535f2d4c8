"""配信 勝者: staff say which variant of an A/B test the rest gets."""

from datetime import timedelta

from admin_commands import cards, desk, objects, places
from admin_commands.broadcasts import looks, results, trying
from admin_commands.broadcasts.sending import SMALL
from admin_commands.grammar.commands import Command as Said
from jobs import broadcasts
from jobs import trials as tests
from storage import broadcasts as kept
from storage import changes
from storage.broadcasts import runs, trials


async def choose(at: desk.Desk, said: Said) -> cards.Say:
    """How the test stands; with a letter, that variant for the rest, once it is confirmed."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    if one.run is None or one.state != "testing":
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} は{looks.STATES[one.state]}です。勝者を選べるのは、テスト中だけです。",
            looks.check_tap(one),
        )
    run = await runs.lock(one.run.id)
    found = await tests.judged(run, at.config)
    letters = [each.letter for each in found.did]
    figures = await figures_of(found)
    wanted = objects.text_of(said, 1).upper() if len(said.args) > 1 else ""
    if wanted not in letters:
        told = [*figures, tests.told(found)]
        taps = looks.winners(one)
        return cards.Say("", card=cards.panel(f"🔀 配信「{one.name}」#B{one.id} のテスト", told, buttons=taps))
    if run.state not in ("waiting", "asked"):
        raise desk.Declined(f"配信「{one.name}」#B{one.id} は、たった今残りの送信を始めました。")
    if (left := await broadcasts.room(at.zone.key)) < run.confirmed:
        raise desk.Declined(
            f"残りの{run.confirmed:,}人に送るには、今月の残りが{run.confirmed - int(left):,}通足りません。",
            cards.Tap("使用量", "使用量"),
        )
    tally = await runs.tally(*await runs.together(run, begun=True))
    going = [f"テストの{tally.waiting + tally.under_way:,}人は、まだ送っている途中です。"]
    at.confirm(
        f"🏁 配信「{one.name}」#B{one.id} の残り{run.confirmed:,}人へ{wanted}を送ります",
        [*figures, tests.told(found)],
        holds={"broadcast": one.id, "row": one.version, "letter": wanted},
        label=f"{wanted}を送る",
        warnings=going if tally.waiting or tally.under_way else [],
        typed=str(run.confirmed) if run.confirmed > SMALL else None,
    )
    moment = tests.awake(at.config, at.now)
    moment = moment if moment > at.now else at.now + broadcasts.HOLD
    await trials.decide(run, wanted, moment)
    at.record(
        "broadcast.winner",
        {"broadcast": one.id, "run": run.id, "variant": wanted},
        f"配信「{one.name}」の残り{run.confirmed:,}人へ{wanted}を送ることにした",
        [changes.undecide(run.id, run.version + 1, run.at, run.reason)],
    )
    soon = moment - at.now <= timedelta(seconds=broadcasts.HOLD.total_seconds())
    when = f"{int(broadcasts.HOLD.total_seconds())}秒後" if soon else f"夜間のため、{at.moment(moment)} "
    return cards.Say(
        f"⏳ 配信「{one.name}」#B{one.id} の残り{run.confirmed:,}人へ、{when}に{wanted}を送ります。"
        "選び直す時は「取消」、送らない時は「配信 停止」です。",
        (
            *places.undo_tap(),
            cards.Tap("中止", f"配信 停止 #B{one.id}"),
            cards.Tap("表示", f"配信 表示 #B{one.id}"),
        ),
    )


async def figures_of(found: tests.Judged) -> list[cards.Line]:
    """`A: 205人中 24人（11.7%）` of each variant, under what it is judged by."""
    lines: list[cards.Line] = [f"指標: {await trying.metric(found.metric)}"]
    for one in found.did:
        did = one.by(found.metric)
        lines.append(f"{one.letter}: {one.sent:,}人中{did:,}人（{results.rate(did, one.sent)}）")
    return lines

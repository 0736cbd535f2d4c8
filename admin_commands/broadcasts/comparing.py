"""配信 結果 of an A/B test: the variants side by side, how sure the better one is, and what the sending has brought."""

from admin_commands import cards, desk
from admin_commands.broadcasts import results, trying
from jobs import chances, charts
from jobs import trials as tests
from storage import broadcasts as kept
from storage.broadcasts import runs, trials

POINTS = 100  # of a share


async def of(at: desk.Desk, one: kept.Kept, number: int) -> results.Beside:
    """Of one run; nothing where nothing is tried."""
    [run] = await runs.get(number)
    trial = trials.of(run.definition)
    rows: list[charts.Row] = []
    told: list[cards.Line] = []
    notes: list[str] = []
    if trial.variants:
        found = await tests.judged(run, at.config)
        what = await trying.metric(trial.metric)
        rows = [_row(each, found.metric, what) for each in found.did]
        told = [tests.told(found), *await _rest(at, one, run)]
    if trial.held is not None:
        told += await _lift(at, run, trial)
        notes.append(f"送らない人との比較は、送信から{trials.LIFT_DAYS}日以内の数です（クリックは比べられません）。")
    part = f"（残り・{trial.winner}）" if run.test is not None else "（テスト）" if trial.decides else ""
    return results.Beside(rows, told, notes, part)


def _row(each: trials.Did, metric: object, what: str) -> charts.Row:
    did = each.by(metric)
    others = [("クリック", each.clicked), ("返信", each.replied), ("ブロック", each.blocked)]
    notes = [f"{each.sent:,}人中", *(f"{word} {count:,}" for word, count in others if count and word != what)]
    share = did / each.sent if each.sent else 0.0
    return charts.Row(f"{each.letter} {what}", share, f"{did:,}人 {results.rate(did, each.sent)}", "・".join(notes))


async def _rest(at: desk.Desk, one: kept.Kept, run: runs.Run) -> list[cards.Line]:
    """Where those are who were not in the test, and both together."""
    rest = one.run
    if rest is None or rest.test is None or run.id not in (rest.id, rest.test):
        return []
    trial = trials.of(rest.definition)
    lines: list[cards.Line] = []
    if rest.state == "begun" and trial.winner is not None:
        cause = runs.cause(rest.operation or 0)
        tag = tests.tag_of(trial.metric, at.config)
        for each in await trials.did(one.id, cause, trials.whole(trial.winner), tag):
            did = each.by(trial.metric)
            lines.append(f"残りに送った{each.letter}: {each.sent:,}人中{did:,}人（{results.rate(did, each.sent)}）")
    else:
        lines.append(f"残り: {rest.confirmed:,}人（まだ送っていません）")
    tally = await runs.tally(*await runs.together(rest))
    return [*lines, f"テストと残りの全体: {tally.total:,}人中{tally.sent:,}人に送信済み"]


async def _lift(at: desk.Desk, run: runs.Run, trial: trials.Trial) -> list[cards.Line]:
    """Who got it against who did not: what both can do, so no clicks."""
    got, held = await trials.lift(run, tests.tag_of(trial.metric, at.config))
    both = chances.Sample(got.people, got.replied), chances.Sample(held.people, held.replied)
    lines: list[cards.Line] = [
        f"送らない人との比較: 送った{got.people:,}人・送らない{held.people:,}人",
        f"メッセージをくれた人: {_apart(*both)}",
    ]
    if isinstance(trial.metric, dict):
        samples = chances.Sample(got.people, got.worn), chances.Sample(held.people, held.worn)
        lines.append(f"{await trying.metric(trial.metric)}: {_apart(*samples)}")
    return lines


def _apart(got: chances.Sample, held: chances.Sample) -> str:
    """`12.0%と8.0%。差は+4.0ポイント（95%の確かさで−2.9〜+8.8）。まだ効果があるとは言えません。`"""
    low, high = chances.apart(got, held)
    shares = f"{results.rate(got.did, got.people)}と{results.rate(held.did, held.people)}"
    span = f"差は{_points(got.share - held.share)}ポイント（95%の確かさで{_points(low)}〜{_points(high)}）"
    if not chances.enough([got, held]):
        return f"{shares}。{span}。人数か反応が少ないため、まだ何も言えません。"
    if low > 0:
        return f"{shares}。{span}。送った効果があると言えます。"
    if high < 0:
        return f"{shares}。{span}。送らない方が多かったと言えます。"
    return f"{shares}。{span}。まだ効果があるとは言えません。"


def _points(share: float) -> str:
    value = round(POINTS * share, 1)
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{abs(value):.1f}"

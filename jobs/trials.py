"""A/B tests of broadcasts: the test begins, the winner is found once when its time has come, the rest gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs import chances, configuration, hours
from storage import broadcasts, outbox
from storage.broadcasts import runs
from storage.broadcasts import trials as kept

SURE = 99  # percent that no sentence goes beyond


@dataclass(frozen=True, slots=True)
class Judged:
    """What the test has shown: `best` is the variant that is ahead, or the first of those that are `tied`."""

    did: Sequence[kept.Did]
    metric: Any
    best: str
    tied: bool

    @property
    def samples(self) -> list[chances.Sample]:
        return [chances.Sample(one.sent, one.by(self.metric)) for one in self.did]


async def begun(run: runs.Run, operation: int, now: datetime) -> tuple[int, int]:
    """Divide the friends frozen for a run that begins now; the operation to begin, and how many get any of it.

    Those who wait for the winner have a run of their own, planned in the same transaction.
    """
    first, rest, people = await kept.divided(run, operation, now)
    if rest is not None:
        await kept.wait(run, rest, now + timedelta(minutes=kept.of(run.definition).wins or 0), now)
    return first, people


async def unready(run: runs.Run) -> runs.Reason | None:
    """Why a winner cannot be found yet: somebody of the test still waits for the message."""
    if run.test is None or kept.of(run.definition).winner is not None:
        return None
    tally = await runs.tally(*await runs.together(run, begun=True))
    return "untested" if tally.waiting or tally.under_way else None


async def settled(run: runs.Run, config: configuration.Configuration, now: datetime) -> bool:
    """Find the winner of a test whose time has come; whether it was still to be found.

    The run, whose row is locked, waits on with the winner in it: it leaves with the next look, or behind the night.
    """
    if run.test is None or kept.of(run.definition).winner is not None:
        return False
    found = await judged(run, config)
    at = awake(config, now)
    await kept.decide(run, found.best, at)
    one = await broadcasts.get(run.broadcast)
    local = at.astimezone(config.zone)
    when = "" if at == now else f"夜間のため、{local.month}/{local.day} {local.hour}:{local.minute:02d} に"
    rest = f"残りの{run.confirmed:,}人へ{when}送ります。" if run.confirmed else ""
    told_ = f"🏁 配信「{one.name}」#B{one.id} は{found.best}に決まりました。{rest}{told(found)}"
    await outbox.notice(f"broadcast:{one.id}", f"{told_}くわしくは「配信 結果 #B{one.id}」")
    return True


async def go_on(run: runs.Run, now: datetime) -> None:
    """Take up the wait for a winner that was stopped: at its moment, or a full test's time behind what begins again."""
    if run.test is None or run.state != "cancelled":
        return
    [test] = await runs.get(run.test)
    tally = await runs.tally(test.operation or 0)
    trial = kept.of(run.definition)
    again = timedelta(minutes=trial.wins or 0) if tally.waiting and trial.winner is None else timedelta(0)
    await kept.wait_again(run, max(run.at, now + again))


def awake(config: configuration.Configuration, now: datetime) -> datetime:
    """Now, or the end of the shop's quiet hours."""
    return now if config.awake is None else hours.next_open(config.awake, now, config.zone)


async def judged(run: runs.Run, config: configuration.Configuration) -> Judged:
    """What the test of this run has shown until now."""
    trial = kept.of(run.definition)
    [test] = await runs.get(run.test or run.id)
    tag = tag_of(trial.metric, config)
    did = await kept.did(run.broadcast, runs.cause(test.operation or 0), trial.variants, tag)
    return of(did, trial.metric)


def tag_of(metric: Any, config: configuration.Configuration) -> int | None:
    """The tag that 指標 means by now."""
    return config.meaning.tags.get(metric["tag"], metric["tag"]) if isinstance(metric, dict) else None


def of(did: Sequence[kept.Did], metric: Any) -> Judged:
    place, tied = chances.leader([chances.Sample(one.sent, one.by(metric)) for one in did])
    return Judged(did, metric, did[place].letter, tied)


def told(found: Judged) -> str:
    """Bの方が良い可能性は93%です, and whether that is enough to call it better."""
    samples = found.samples
    if found.tied:
        nobody = not any(one.did for one in samples)
        why = "まだだれも反応していない" if nobody else "数字が同じ"
        return f"{why}ため、先に書いた{found.best}です（差があるとは言えません）。"
    place = [one.letter for one in found.did].index(found.best)
    percent = min(SURE, int(100 * chances.best(samples)[place]))
    word = f"{found.best}の方が良い" if len(samples) == 2 else f"{found.best}がいちばん良い"
    chance = f"{word}可能性は{percent}%{'以上' if percent == SURE else ''}です。"
    if chances.certain(samples):
        return f"{chance}偶然とは考えにくい差です。"
    more = chances.lacking(samples)
    enough = f"（見分けるには、あと約{more:,}人必要です）" if more is not None else ""
    return f"{chance}まだ差があるとは言えません{enough}。"

"""配信停止: a friend who writes so is asked, gets no promotions any more, and can have them again."""

from collections.abc import Sequence
from dataclasses import replace

from jobs import facts, messages, plans
from jobs.keywords import folding
from storage import opting_out

STOP, KEEP = "配信を停止する", "このまま受け取る"  # what the buttons say for whoever presses them
ASKING = ("配信停止", "配信停止希望", "配信を停止", "配信停止して", "配信停止してください", "配信を止めて")
AGAIN = ("配信再開", "配信を再開", "配信再開希望", "配信を再開する", "配信再開してください")
LONGEST = 30  # characters of what is looked at
# What may mean something else, where a rule of the shop knows the word.
LOOSELY = ("停止", "受け取らない", "受け取りません", "受け取りたくない", "配信不要", "送らないで")

ASK = messages.compile(
    [
        messages.confirm(
            "お知らせやクーポンの配信を停止しますか？\nご予約の確認など、大切なお知らせは停止のあともお届けします。",
            messages.say("停止する", STOP),
            messages.say("受け取る", KEEP),
        )
    ]
)
DONE = messages.compile(
    [
        messages.text(
            "配信を停止しました。ご予約などの大切なお知らせは、これまでどおりお届けします。\n"
            "もう一度受け取る時は「配信再開」とお送りください。"
        )
    ]
)
ALREADY = messages.compile([messages.text("配信は停止しています。もう一度受け取る時は「配信再開」とお送りください。")])
KEPT = messages.compile([messages.text("かしこまりました。これからもお届けします。")])
RESUMED = messages.compile([messages.text("配信を再開しました。これからまた、お知らせをお届けします。")])


def _keys(*spelled: str) -> frozenset[str]:
    return frozenset(folding.bare(folding.fold(one)) for one in spelled)


_STOP, _KEEP, _ASKING, _AGAIN, _LOOSELY = _keys(STOP), _keys(KEEP), _keys(*ASKING), _keys(*AGAIN), _keys(*LOOSELY)


async def answer(plan: plans.Plan, given: Sequence[facts.Fact]) -> list[facts.Fact]:
    """Carry out what of this is about getting promotions; what is about something else."""
    rest: list[facts.Fact] = []
    for fact in given:
        friend = plan.people[fact.friend]
        key = _key(plan, fact)
        if key is None or friend.blocked_by_us:
            rest.append(fact)
        elif key in _STOP and not friend.opted_out:
            await _choose(plan, fact, out=True)
            plan.send_by_action(fact.friend, DONE, fact.origin)
        elif key in _AGAIN and friend.opted_out:
            await _choose(plan, fact, out=False)
            plan.send_by_action(fact.friend, RESUMED, fact.origin)
        else:
            if friend.opted_out and key in _STOP | _ASKING:  # staff's doing until now: their own wish from here on
                plan.record(fact.friend, opting_out.STOPPED, None, fact.at)
            wants = KEPT if key in _KEEP | _AGAIN else ASK
            plan.send_by_action(fact.friend, ALREADY if friend.opted_out else wants, fact.origin)
    return rest


def _key(plan: plans.Plan, fact: facts.Fact) -> str | None:
    """What was written, if it is one of our words."""
    said = fact.what
    if not isinstance(said, facts.Said) or said.kind != "text" or len(said.text) > LONGEST:
        return None
    key = folding.bare(folding.fold(said.text))
    if key in _STOP | _KEEP | _ASKING | _AGAIN:
        return key
    if key in _LOOSELY and not (plan.config.auto_replies and plan.config.auto_replies.fitting(said)[1]):
        return key
    return None


async def _choose(plan: plans.Plan, fact: facts.Fact, *, out: bool) -> None:
    await opting_out.choose([fact.friend], out=out)
    plan.people[fact.friend] = replace(plan.people[fact.friend], opted_out=out)
    plan.record(fact.friend, opting_out.STOPPED if out else opting_out.BEGUN, None, fact.at)

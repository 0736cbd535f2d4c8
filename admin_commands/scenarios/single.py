"""One friend's walk by staff's hand: the next step let go by, or on again from where they stopped."""

from admin_commands import cards, crowds, desk, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import publishing, steps, views, walks
from jobs import configuration, scenarios
from storage import changes, friends, named
from storage import scenarios as kept


async def skip(at: desk.Desk, said: Said) -> cards.Say:
    """What comes after it keeps its time; where it was the last, the scenario is over for them."""
    thing, friend, name = await _of(at, said)
    walk = await _latest(thing, friend)
    if walk is None or walk.state not in kept.OPEN:
        raise desk.Declined(
            f"{name}はシナリオ「{thing.name}」の途中ではありません。飛ばす1通がありません。", _why(thing, friend)
        )
    if walk.state == "parked":
        raise desk.Declined(f"{name}の次の1通はエラーで止まっています。", cards.Tap("エラー", "エラー"))
    version = await kept.version_of(walk.version)
    ready = configuration.read_version(version.id, thing.id, version.definition)
    gone = range(walk.position, walk.position + len(scenarios.branches_from(ready, walk.position)))
    action = {"do": "scenario_skip", "scenario": thing.id}
    done = await crowds.do_reversibly(at, crowds.Crowd([friend.id], name), [action])
    [stands] = await kept.walks_by_id([walk.id])
    told = "".join(map(steps.mark, gone))
    at.record(
        "scenario.skip",
        {"scenario": thing.id, "friend": friend.id},
        f"シナリオ「{thing.name}」の{told}を{name}だけ飛ばした",
        [
            changes.walk_back([publishing.place_of(walk)], [publishing.place_of(stands)]),
            *(one for one in done.inverse if not _of_walk(one, walk.id)),
        ],
    )
    lines = [f"⏭ {name}だけ、シナリオ「{thing.name}」の{told}を飛ばしました。"]
    lines += await walks.next_of(at, friend.id, thing.id) or ["最後の1通だったので、このシナリオは終わりになりました。"]
    return cards.Say("\n".join(lines), (*places.undo_tap(), _why(thing, friend)))


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    """From the step at which they were taken off, or at which a block holds them."""
    thing, friend, name = await _of(at, said)
    scenario = await kept.get(thing.id)
    shown = words.show(words.Name(thing.name))
    walk = await _latest(thing, friend)
    if walk is None or walk.state == "finished":
        was = "最後まで進んでいます" if walk is not None else "始めたことがありません"
        raise desk.Declined(
            f"{name}は、シナリオ「{thing.name}」を{was}。止まった所がありません。",
            cards.Tap("はじめから入れる", f"シナリオ 付ける {shown} #F{friend.id}"),
        )
    if scenario.state != "live":
        raise desk.Declined(
            f"シナリオ「{thing.name}」は{views.STATES[scenario.state]}です。先に公開してください。",
            cards.Tap("公開", f"シナリオ {'再開' if scenario.state == 'paused' else '公開'} {shown}"),
        )
    if friend.blocked_us or friend.blocked_by_us:
        raise desk.Declined(f"{name}はブロック中のため、再開できません。")
    if walk.state == "active":
        return cards.Say(
            "\n".join([f"{name}はもう配信中です。変更はありません。", *await walks.next_of(at, friend.id, thing.id)])
        )
    if walk.state == "parked":
        raise desk.Declined(f"{name}の次の1通はエラーで止まっています。", cards.Tap("エラー", "エラー"))
    done = await crowds.do_reversibly(
        at, crowds.Crowd([friend.id], name), [{"do": "scenario_resume", "scenario": thing.id}]
    )
    at.record(
        "scenario.go_on",
        {"scenario": thing.id, "friend": friend.id},
        f"シナリオ「{thing.name}」を{name}だけ続きから再開した",
        [*done.inverse, *([changes.stop_walks([walk.id])] if walk.state == "paused" else [])],
    )
    lines = [
        f"▶ {name}だけ、シナリオ「{thing.name}」を続きから再開しました。",
        *await walks.next_of(at, friend.id, thing.id),
    ]
    return cards.Say("\n".join(lines), (*places.undo_tap(), _why(thing, friend)))


async def _of(at: desk.Desk, said: Said) -> tuple[named.Named, friends.Seen, str]:
    """The scenario, and the friend, locked, with what they are called."""
    thing = await objects.thing(at, "scenarios", said)
    friend = await objects.friend(at, said, 1)
    await friends.lock([friend.id])
    return thing, friend, f"{friend.name or '名前なし'}さん"


async def _latest(thing: named.Named, friend: friends.Seen) -> kept.Walk | None:
    return next(iter(await kept.walks([friend.id], thing.id)), None)


def _of_walk(change: changes.Change, walk: int) -> bool:
    """Whether an undo would only let this walk go on again, which is put back to its place anyway."""
    return change["do"] == "walks_on" and [one[0] for one in change["walks"]] == [walk]


def _why(thing: named.Named, friend: friends.Seen) -> cards.Tap:
    return cards.Tap("なぜ", f"なぜ #F{friend.id} シナリオ:{words.show(words.Name(thing.name))}")

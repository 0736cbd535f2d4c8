"""もし始めたら: every step of a scenario with the moment it would come on, for anybody or for one friend."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from admin_commands import cards, content, desk, previews, segments, variables
from admin_commands.grammar import actions, definitions
from admin_commands.scenarios import steps
from jobs import configuration, hours, messages, timelines, timing
from storage import friends
from storage import scenarios as kept
from storage import segments as conditions

MOST_SHOWN = 12  # steps in a preview
OTHERWISE = "そうでなければ"
IF = "もし "


async def timeline(
    at: desk.Desk,
    version: kept.KeptVersion,
    friend: friends.Seen | None = None,
    start: datetime | None = None,
    first: int = 0,
) -> list[cards.Line]:
    """Each step, from `first` on, with the date it would come on; to one friend in the words they would get, as far as
    it is for them."""
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    branches = await branches_of(at, version, friend)
    passed = branches.passed.union(range(first))
    stops = timelines.of(at.config, ready, start or at.now, passed=passed)
    who = f"、{friend.name or '名前なし'}さんが" if friend else ""
    when = f"{at.moment(start)}に" if start is not None else "今"
    told: list[cards.Line] = [f"🗓 もし{when}{who}始めたら（まだ何も送りません）"]
    deeds = await deeds_of(version)
    says = await variables.told([step["messages"] for step in version.definition["steps"]], 24)
    for place, (step, stop) in enumerate(zip(ready.steps, stops, strict=True)):
        if place < first:
            continue
        if place == first + MOST_SHOWN:
            told.append(f"… ほか{len(ready.steps) - place}通")
            break
        shown = version.definition["steps"][place]["messages"]
        if friend is not None and shown:
            says[place] = messages.alt_text(await previews.of(at, shown, friend), 24)
        said = f"「{says[place]}」" if shown else "（送信なし）"
        if stop.missed:
            said = "（この日時を過ぎてから始めた人には届きません）"
        elif place in branches.not_for:
            said = "（この方には届きません）"
        elif deeds.get(place):
            said += f"\n→ {deeds[place]}"
        notes = [timing.describe(step.timing), *branches.asides[place], *moved(at, ready, stop)]
        told.append(cards.Step(steps.mark(place), at.day(stop.at), at.clock(stop.at), said, " ".join(notes)))
    missed = [place for place, stop in enumerate(stops) if stop.missed]
    told.append(_total(version, branches.not_for.union(missed, range(first)), known=friend is not None))
    return [*told, *_at_night(at, ready, stops), *_on_dates(ready, missed)]


@dataclass(frozen=True, slots=True)
class Branches:
    """Whom each step is for, if not for all; of one friend which are not for them, and which are `passed` over for
    another."""

    asides: list[list[str]]
    not_for: frozenset[int]
    passed: frozenset[int]


async def branches_of(at: desk.Desk, version: kept.KeptVersion, friend: friends.Seen | None) -> Branches:
    """Of a friend, as their conditions stand now."""
    stored = version.definition["steps"]
    asides = [[OTHERWISE] if step.get("otherwise") else [] for step in stored]
    places = [place for place, step in enumerate(stored) if "when" in step]
    asked = [stored[place]["when"] for place in places]
    for place, told in zip(places, await segments.told_all(asked) if asked else (), strict=True):
        asides[place].append(f"{IF}{told}")
    if friend is None:
        return Branches(asides, frozenset(), frozenset())
    found = await conditions.fitting_each([(one, [friend.id]) for one in asked], at.sight)
    fit = dict(zip(places, map(bool, found), strict=True))
    not_for, passed = _taken(stored, fit)
    for place in places:
        if place not in passed:
            asides[place].append("（今は当てはまる）" if fit[place] else "（今は当てはまらない）")
    return Branches(asides, frozenset(not_for), frozenset(passed))


def _taken(stored: list[Mapping[str, object]], fit: Mapping[int, bool]) -> tuple[set[int], set[int]]:
    """The steps that do not come, and those of them that one before has put out of the way."""
    not_for: set[int] = set()
    passed: set[int] = set()
    done = False
    for place, step in enumerate(stored):
        if step.get("otherwise") and done:
            passed.add(place)
        else:
            done = fit.get(place, True)
            if not done:
                not_for.add(place)
    return not_for | passed, passed


async def deeds_of(version: kept.KeptVersion) -> dict[int, str]:
    """Place of a step -> its actions in the words of the block, with today's names."""
    stored = version.definition["steps"]
    try:
        definition = await content.unlinked(content.reread(version.source))
    except content.Outdated:
        return {place: f"アクション{len(step['actions'])}つ" for place, step in enumerate(stored) if step["actions"]}
    if not isinstance(definition, definitions.Scenario):
        raise TypeError("a scenario's source is no scenario")
    return {
        place: " → ".join(actions.show(one.actions) for one in step.pieces if isinstance(one, definitions.Run))
        for place, step in enumerate(definition.steps)
        if any(isinstance(one, definitions.Run) for one in step.pieces)
    }


def moved(at: desk.Desk, ready: configuration.Version, stop: timelines.Stop) -> list[str]:
    """That a step waits for the hours in which customers may be written to."""
    if not stop.held:
        return []
    why = "配信可能" if ready.window is not None else "静音"
    return [f"⏰{at.moment(stop.wanted)}から（{why}のため）"]


def _on_dates(ready: configuration.Version, missed: Sequence[int]) -> list[str]:
    """Whom the steps on a date of the calendar come to; those that are `missed` come to nobody who starts then."""
    dates = [steps.mark(place) for place, step in enumerate(ready.steps) if step.timing.kind == "date"]
    if not dates:
        return []
    over = f"（{'・'.join(map(steps.mark, missed))}はもう過ぎています）" if missed else ""
    return [f"⚠ {'・'.join(dates)}は、その日時より前に始めた人だけに届きます{over}。"]


def _total(version: kept.KeptVersion, not_for: Collection[int], *, known: bool) -> str:
    """How many messages one friend gets: of several branches that with most, and that with least; `known` which."""
    most = least = 0
    group: list[tuple[bool, bool]] = []  # (sends, only under a condition) of the branches of one place
    for place, step in enumerate([*version.definition["steps"], {"messages": []}]):
        if group and not step.get("otherwise"):
            most += max(sends for sends, _ in group)
            least += 0 if all(held for _, held in group) else min(sends for sends, _ in group)
            group = []
        if place not in not_for:
            group.append((bool(step["messages"]), "when" in step and not known))
    shown = f"{most}" if most == least else f"{least}〜{most}"
    return f"合計: {shown}通/人"


def _at_night(at: desk.Desk, ready: configuration.Version, stops: list[timelines.Stop]) -> list[str]:
    """What 配信可能 lets come while customers sleep (設定 静音); すぐ answers what they have just done themselves."""
    quiet, awake = hours.quiet(at.config.chosen), at.config.awake
    late = [
        f"{steps.mark(place)} {at.clock(stops[place].at)}"
        for place, step in enumerate(ready.steps)
        if awake and step.messages and step.timing.kind != "immediate" and not stops[place].missed
        if hours.next_open(awake, stops[place].at, at.zone) > stops[place].at
    ]
    if quiet is None or not late:
        return []
    told = "、".join(late[:MOST_SHOWN])
    return [f"⚠ 夜間（{timing.window_text(quiet)}）にも届きます: {told}。「配信可能:」を変えると、朝まで待ちます。"]

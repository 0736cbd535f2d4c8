"""A small shop with every kind of friend, random conditions on them, and a judge who picks by hand who fits."""

import calendar
import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import database, names, segments
from tests.storage import noted

Drawn = TypeVar("Drawn")

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # a Monday, half past ten in Tokyo
TAGS, SCENARIOS = (1, 2, 3), (1, 2)
MERGED = 4  # a tag that means 1
SAVED: dict[int, dict[str, Any]] = {
    1: {"any": [{"tag": 2}, {"reacted": {"within": [30, "day"]}}]},
    2: {"not": {"saved": 1}},
    3: {"all": [{"saved": 2}, {"saved": 8}]},  # 8 is gone
}
MEANING = segments.Meaning({MERGED: 1}, SAVED)
SIGHT = segments.Sight(NOW, TOKYO)
NEW_YORK = ZoneInfo("America/New_York")
# Where a calendar is not even: an hour that is missing, one that comes twice, ends of months, a leap day.
SIGHTS = [
    segments.Sight(now, zone, meaning=MEANING)
    for now, zone in (
        (NOW, TOKYO),
        (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), NEW_YORK),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), NEW_YORK),
        (datetime(2026, 4, 8, 6, 30, tzinfo=UTC), NEW_YORK),
        (datetime(2026, 3, 31, 3, tzinfo=UTC), TOKYO),
        (datetime(2028, 2, 29, 3, tzinfo=UTC), TOKYO),
    )
]
NAMES = ("田中 花子", "ﾀﾅｶ", "山田", "VIPさん", None)
STATES = ("active", "paused", "parked", "finished", "stopped")


def ago(sight: segments.Sight, count: int, unit: str) -> datetime:
    """So long before; a month before the 31st is the last day of a shorter one, at the same time of day there."""
    seconds = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
    if unit in seconds:
        return sight.now - timedelta(seconds=count * seconds[unit])
    local = sight.now.astimezone(sight.zone)
    year, month = divmod(local.year * 12 + local.month - 1 - count * {"month": 1, "year": 12}[unit], 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def midnight(sight: segments.Sight, days: int = 0) -> datetime:
    """The beginning of a day there, so many days ago."""
    day = sight.now.astimezone(sight.zone).date() - timedelta(days=days)
    return datetime.combine(day, time(0), sight.zone).astimezone(UTC)


EDGES = [
    *(
        ago(sight, *span)
        for sight in SIGHTS
        for span in ((0, "day"), (7, "day"), (30, "day"), (1, "month"), (1, "year"))
    ),
    *(midnight(sight, days) for sight in SIGHTS for days in (0, sight.now.astimezone(sight.zone).day - 1)),
]
MOMENTS = (
    *(edge + timedelta(seconds=seconds) for edge in EDGES for seconds in (-1, 0, 1)),
    *(NOW - timedelta(days=days) for days in (0, 6, 7, 8, 29, 30, 31, 400)),
)


@dataclass(slots=True)
class Person:
    id: int
    name: str | None
    blocked: bool
    hidden: bool
    opted_out: bool
    test: bool
    followed: datetime | None
    reacted: datetime | None
    created: datetime
    delivered: datetime | None = None
    tags: set[int] = field(default_factory=set)
    fields: noted.Noted = field(default_factory=dict)
    walks: list[tuple[int, str, int]] = field(default_factory=list)  # scenario, state, steps behind them
    clicks: list[tuple[int, datetime]] = field(default_factory=list)  # on which link


def people(seed: int, count: int = 300) -> list[Person]:
    """A small shop, always the same for a seed."""
    dice = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        person = Person(
            number,
            dice.choice(NAMES),
            blocked=dice.random() < 0.2,
            hidden=dice.random() < 0.2,
            opted_out=dice.random() < 0.1,
            test=dice.random() < 0.2,
            followed=dice.choice([None, *MOMENTS]),
            reacted=dice.choice([None, *MOMENTS]),
            created=dice.choice(MOMENTS),
        )
        person.delivered = dice.choice([None, *MOMENTS])
        person.tags = {tag for tag in TAGS if dice.random() < 0.4}
        person.fields = noted.noted(dice)
        for scenario in SCENARIOS:
            ended = [(scenario, dice.choice(STATES[3:]), dice.randint(0, 4)) for _ in range(dice.randint(0, 2))]
            open_ = [(scenario, dice.choice(STATES[:3]), dice.randint(0, 4))] if dice.random() < 0.3 else []
            person.walks += ended + open_
        person.clicks = [(dice.choice((1, 2)), dice.choice(MOMENTS)) for _ in range(dice.randint(0, 3))]
        made.append(person)
    return made


async def settle(everybody: list[Person]) -> None:
    await database.run("TRUNCATE friends, friend_tags, subscriptions, link_clicks, outbox, deliveries RESTART IDENTITY")
    columns = ("id", "name", "blocked", "hidden", "opted_out", "test", "followed", "reacted", "created")
    await database.run(
        "INSERT INTO friends (id, line_user_id, line_name, blocked_us, hidden, opted_out, is_test,"
        " followed_at, last_reaction_at, created_at)"
        " SELECT n, 'U' || n, name, blocked, hidden, opted_out, test, followed, reacted, created FROM"
        " unnest($1::bigint[], $2::text[], $3::bool[], $4::bool[], $5::bool[], $6::bool[], $7::timestamptz[],"
        " $8::timestamptz[], $9::timestamptz[])"
        " AS x (n, name, blocked, hidden, opted_out, test, followed, reacted, created)",
        *([getattr(person, column) for person in everybody] for column in columns),
    )
    await database.run(
        "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT f, t, now()"
        " FROM unnest($1::bigint[], $2::bigint[]) AS x (f, t)",
        [person.id for person in everybody for _ in person.tags],
        [tag for person in everybody for tag in person.tags],
    )
    await noted.settle({one.id: one.fields for one in everybody}, NOW)
    # what was sent last, something before it, and something later that never left
    sent = [(one.id, one.delivered) for one in everybody if one.delivered is not None]
    await database.run(
        "WITH o AS (INSERT INTO outbox (kind, class, cause, chat, recipients, after, body, state, ready_at, try_at,"
        " created_at)"
        " SELECT 'push', 'promotion', 'x', f || ' ' || n, '{}', '{}', ''::bytea,"
        " (ARRAY['accepted', 'accepted', 'refused'])[n], now(), now(), now()"
        " FROM unnest($1::bigint[]) AS x (f) CROSS JOIN generate_series(1, 3) AS n"
        " RETURNING id, chat)"
        " INSERT INTO deliveries (cause, friend_id, outbox_id, at) SELECT o.id::text, x.f, o.id,"
        " x.at + (right(o.chat, 1)::int - 2) * interval '1 hour'"
        " FROM o JOIN unnest($1::bigint[], $2::timestamptz[]) AS x (f, at) ON o.chat LIKE x.f || ' %'",
        [friend for friend, _ in sent],
        [at for _, at in sent],
    )
    walks = [(person.id, *walk) for person in everybody for walk in person.walks]
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, started_at)"
        " SELECT f, s, s, state, position, now()"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::int[]) AS x (f, s, state, position)",
        *([walk[place] for walk in walks] for place in range(4)),
    )
    clicks = [(person.id, *click) for person in everybody for click in person.clicks]
    await database.run(
        "INSERT INTO link_clicks (friend_id, link_id, at, span, state)"
        " SELECT f, l, at, row_number() OVER (), 'done'"
        " FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS x (f, l, at)",
        *([click[place] for click in clicks] for place in range(3)),
    )


# ---- the judge ----


def judged(segment: Any, one: Person, sight: segments.Sight = SIGHT) -> bool | None:  # noqa: C901 # one case for each
    """Whether somebody fits; None where nobody can know."""
    match segment:
        case {"all": parts}:
            return joined([judged(part, one, sight) for part in parts], False)
        case {"any": parts}:
            return joined([judged(part, one, sight) for part in parts], True)
        case {"not": part}:
            known = judged(part, one, sight)
            return None if known is None else not known
        case {"saved": number}:
            inside = sight.meaning.segments.get(number)
            return None if inside is None else judged(inside, one, sight)
        case {"tag": tag}:
            return sight.meaning.tags.get(tag, tag) in one.tags
        case {"tags": tags, "of": of}:
            meant = {sight.meaning.tags.get(tag, tag) for tag in tags}
            return one.tags.issuperset(meant) if of == "all" else not one.tags.isdisjoint(meant)
        case {"scenario": scenario, "is": "from", "step": step}:
            return any(walk[0] == scenario and walk[2] >= step for walk in one.walks)
        case {"scenario": scenario, "is": state}:
            return judged_walks(state, {walk[1] for walk in one.walks if walk[0] == scenario})
        case {"followed": when}:
            return judged_moment(when, one.followed, sight)
        case {"reacted": when}:
            return judged_moment(when, since(one.reacted, one) if "before" in when else one.reacted, sight)
        case {"delivered": when}:
            return judged_moment(when, since(one.delivered, one) if "before" in when else one.delivered, sight)
        case {"field": _}:
            return noted.judged(segment, one.fields, sight.now, sight.zone)
        case {"link": link, "times": times}:
            when = segment.get("when", {})
            count = sum(one_ == link and judged_moment(when, at, sight) for one_, at in one.clicks)
            return count >= times if times else not count
        case {"name": words}:
            return names.name_key(words) in names.name_key(one.name or "")
        case {"sample": percent}:
            return bool(lots(one)[1] < percent * 2**32 // 100)
        case {"split": [part, of]}:
            return bool(lots(one)[0] * of // 2**32 == part - 1)
        case {"blocked": True}:
            return one.blocked
        case {"hidden": True}:
            return one.hidden
        case {"opted_out": True}:
            return one.opted_out
    assert segment == {"everyone": True}
    return True


def joined(parts: list[bool | None], decides: bool) -> bool | None:
    """What one part decides for all; unknown when none does and one is unknown."""
    return decides if decides in parts else None if None in parts else not decides


def since(last: datetime | None, one: Person) -> datetime:
    """When it was last, or they came."""
    return last or one.followed or one.created


def judged_walks(state: str, states: set[str]) -> bool:
    return {
        "active": bool(states & {"active", "paused", "parked"}),
        "finished": "finished" in states,
        "stopped": states == {"stopped"},
        "never": not states,
    }[state]


def judged_moment(when: Any, at: datetime | None, sight: segments.Sight) -> bool:
    if at is None:
        return False
    day, today = at.astimezone(sight.zone).date(), sight.now.astimezone(sight.zone).date()
    match when:
        case {"within": [count, unit]}:
            return at > ago(sight, count, unit)
        case {"before": [count, unit]}:
            return at <= ago(sight, count, unit)
        case {"in": "today"}:
            return day >= today
        case {"in": "week"}:
            return day >= today - timedelta(days=today.weekday())
        case {"in": "month"}:
            return day >= today.replace(day=1)
    return bool(when.get("from", "0") <= day.isoformat() <= when.get("to", "9"))


def lots(one: Person) -> tuple[int, int]:
    """The two halves of a friend's lot, the one for parts and the one for samples."""
    lot = hashlib.sha256(one.id.to_bytes(8, "big")).digest()[:8]
    return int.from_bytes(lot[:4], "big"), int.from_bytes(lot[4:], "big")


# ---- random conditions ----

SPANS = st.tuples(st.sampled_from([1, 7, 30]), st.sampled_from(["minute", "hour", "day", "week", "month", "year"])).map(
    list
)
ISO = st.dates(date(2025, 10, 1), date(2026, 12, 1)).map(date.isoformat)
WHEN: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"within": SPANS}),
    st.fixed_dictionaries({"before": SPANS}),
    st.fixed_dictionaries({"in": st.sampled_from(["today", "week", "month"])}),
    st.fixed_dictionaries({"from": ISO}, optional={"to": ISO}),
    st.fixed_dictionaries({"to": ISO}),
)
TAG, SCENARIO = st.sampled_from((*TAGS, MERGED)), st.sampled_from(SCENARIOS)
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"tag": TAG}),
    st.fixed_dictionaries({"tags": st.lists(TAG, min_size=2, max_size=3), "of": st.sampled_from(["any", "all"])}),
    st.fixed_dictionaries(
        {"scenario": SCENARIO, "is": st.sampled_from(["active", "finished", "stopped", "never"])},
    ),
    st.fixed_dictionaries({"scenario": SCENARIO, "is": st.just("from"), "step": st.integers(1, 4)}),
    st.fixed_dictionaries({"followed": WHEN}),
    st.fixed_dictionaries({"reacted": WHEN}),
    st.fixed_dictionaries({"delivered": WHEN}),
    st.fixed_dictionaries({"name": st.sampled_from(["田", "たなか", "ｖｉｐ", "%", "花子"])}),
    noted.CONDITIONS,
    st.fixed_dictionaries(
        {"link": st.sampled_from([1, 2]), "times": st.integers(1, 3)},
        optional={"when": WHEN},
    ),
    st.fixed_dictionaries({"link": st.sampled_from([1, 2]), "times": st.just(0)}),
    st.fixed_dictionaries({"sample": st.integers(1, 100)}),
    st.integers(2, 4).flatmap(lambda of: st.integers(1, of).map(lambda part: {"split": [part, of]})),
    st.sampled_from([{"everyone": True}, {"blocked": True}, {"hidden": True}, {"opted_out": True}]),
    st.fixed_dictionaries({"saved": st.sampled_from([*SAVED, 9])}),
)
SEGMENTS = st.recursive(
    CONDITIONS,
    lambda inside: st.one_of(
        st.fixed_dictionaries({"not": inside}),
        st.fixed_dictionaries({"all": st.lists(inside, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inside, min_size=1, max_size=3)}),
    ),
    max_leaves=6,
)


def fitting(segment: Mapping[str, Any], everybody: list[Person]) -> list[int]:
    """Whom a count or a list of this segment means."""
    out = segments.left_out(segment)
    return [one.id for one in everybody if judged(segment, one) and not any(getattr(one, mark) for mark in out)]


def drawn(strategy: st.SearchStrategy[Drawn], count: int) -> list[Drawn]:
    """So many at random."""
    chosen: list[Drawn] = []

    @given(strategy)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    def choose(one: Drawn) -> None:
        chosen.append(one)

    choose()
    return chosen

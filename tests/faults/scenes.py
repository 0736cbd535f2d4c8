"""The pieces of work at whose every point something is killed: a scenario's tick, and a burst of follows."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any, Protocol

from storage import clock, database, friends
from tests.faults.house import House
from tests.jobs import engine

CROWD = 500
NAMED = 25  # every so many friends have a name, and so get a message of their own
FIRST, SECOND, OTHERS = "1通目です", "{名前}さん、会員の2通目です", "お客様、2通目です"

BURST = 24
TWICE = 8  # of these follows LINE tells three times at once
GREETING, STEP = "友だち追加ありがとうございます", "はじめの一歩です"


class Scene(Protocol):
    """`expected` is what each person has seen in the end, and `cost` what a run without harm takes of the quota."""

    expected: dict[str, list[str]]
    cost: int

    async def prepare(self, house: House) -> None:
        """Write the cast into the database."""

    async def begin(self, house: House) -> None:
        """Let it happen; back when the outside has done its part."""

    def enough(self, progress: dict[str, Any]) -> bool:
        """Whether all the work there is to come has come in."""

    async def look(self, house: House) -> None:
        """What else is as it should be in the end."""


class Tick(Scene):
    """Two steps fall due at once for 500 friends: one text for all by multicast, whose action puts on a tag; then, by
    that tag and another, a branch that names some of them and one for all others, each with an action of its own."""

    cost = 2 * CROWD

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}

    async def prepare(self, house: House) -> None:
        people = await house.channel.crowd(CROWD)
        self.names = names = {user: f"客{n}" for n, user in enumerate(people, start=1) if n % NAMED == 0}
        await friends.register([(user, names.get(user), None, None) for user in people], clock.NOW)
        await database.run("UPDATE friends SET following = true")
        at_once = {"kind": "immediate", "base": "previous"}
        member, seen, named, other = [await engine.add_tag(name) for name in ("会員", "見た", "名前あり", "その他")]
        await database.run(
            "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT id, $1, now() FROM friends"
            " WHERE line_user_id = ANY($2::text[])",
            member,
            list(names),
        )
        both = {"all": [{"tag": seen}, {"tag": member}]}
        scenario = await engine.add_scenario(
            "点検",
            [
                engine.step("k1", {"kind": "elapsed", "amount": 1, "unit": "day"}, FIRST, [_tag(seen)]),
                engine.step("k2", at_once, SECOND, [_tag(named)], when=both),
                engine.step("k3", at_once, OTHERS, [_tag(other)], otherwise=True),
            ],
        )
        await database.run(
            "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, started_at, due_at)"
            " SELECT f.id, s.id, s.live_version_id, 'active', 0, now(), now() + interval '1 day'"
            " FROM friends f, scenarios s WHERE s.id = $1",
            scenario,
        )
        second = {user: SECOND.replace("{名前}", names[user]) if user in names else OTHERS for user in people}
        self.expected = {user: [FIRST, second[user]] for user in people}

    async def begin(self, house: House) -> None:
        due = await database.repeated(clock.now) + timedelta(days=1)
        await database.repeated(lambda: clock.move(due))

    def enough(self, progress: dict[str, Any]) -> bool:
        return bool(progress["rows"])

    async def look(self, house: House) -> None:
        """Each has the tags of their way, put on once, and the branch that was for others is noted as left out."""
        found = await database.rows(
            "SELECT t.name, count(*) AS worn FROM friend_tags w JOIN tags t ON t.id = w.tag_id GROUP BY 1"
        )
        few = len(self.names)
        assert {row["name"]: row["worn"] for row in found} == {
            "会員": few,
            "見た": CROWD,
            "名前あり": few,
            "その他": CROWD - few,
        }
        assert await database.value("SELECT count(*) FROM friend_events WHERE kind = 'tag_added'") == 2 * CROWD
        assert await database.value("SELECT count(*) FROM deliveries WHERE state = 'skipped'") == CROWD


def _tag(number: int) -> dict[str, Any]:
    return {"do": "tag_on", "tags": [number]}


class Burst(Scene):
    """24 people follow at once, some told three times over: a greeting and a first step in the free reply."""

    cost = 0

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}

    async def prepare(self, house: House) -> None:
        steps = [
            engine.step("k1", {"kind": "immediate"}, STEP),
            engine.step("k2", {"kind": "elapsed", "amount": 1, "unit": "day"}, "later"),
        ]
        await engine.add_scenario("出会い", steps, start=[{"on": "follow"}])
        await engine.add_greeting("new", [engine.say(GREETING)])
        people = await house.channel.crowd(BURST, follow=False)
        self.expected = {user: [GREETING, STEP] for user in people}

    async def begin(self, house: House) -> None:
        await house.channel.change(redelivery={"on": True, "times": 100, "pause_ms": 200})
        await house.channel.duplicate_webhooks(events=TWICE, times=2, parallel=True)
        await house.channel.all_do(list(self.expected), "follow", concurrency=20)

    def enough(self, progress: dict[str, Any]) -> bool:
        return int(progress["events"]) == BURST


SCENES: dict[str, type[Tick] | type[Burst]] = {"tick": Tick, "burst": Burst}

UNKNOWN = "SELECT id, kind, chat FROM outbox WHERE state = 'unknown'"
BROKEN = """
SELECT 'inbox ' || state AS what, count(*) FROM inbox WHERE state <> 'done' GROUP BY 1
UNION ALL SELECT 'outbox ' || state, count(*) FROM outbox
    WHERE state NOT IN ('accepted', 'unknown') AND class <> 'staff' GROUP BY 1
UNION ALL SELECT 'deliveries ' || coalesce(d.state, 'lost'), count(*) FROM deliveries d
    LEFT JOIN outbox o ON o.id = d.outbox_id
    WHERE d.state IS DISTINCT FROM 'skipped' AND (d.state IS NOT NULL OR o.id IS NULL) GROUP BY 1
UNION ALL SELECT 'subscription ' || state, count(*) FROM subscriptions WHERE state = 'parked' GROUP BY 1
UNION ALL SELECT 'delayed ' || state, count(*) FROM delayed_actions WHERE state = 'parked' GROUP BY 1
UNION ALL SELECT 'walks of one friend', count(*) FROM subscriptions GROUP BY friend_id HAVING count(*) > 1
"""


STORY = """
SELECT 'inbox' AS what, i.id, i.state, i.attempts, i.error, i.received_at AS at, i.event_at AS since FROM inbox i
    WHERE i.chat = $1
UNION ALL SELECT 'outbox ' || o.kind, o.id, o.state, o.attempts, o.error, o.attempted_at, o.ambiguous_at FROM outbox o
    WHERE o.chat = $1 OR $1 = ANY(o.recipients)
UNION ALL SELECT 'delivery ' || d.cause, d.id, coalesce(d.state, o.state), NULL, NULL, d.at, NULL
    FROM deliveries d JOIN friends f ON f.id = d.friend_id LEFT JOIN outbox o ON o.id = d.outbox_id
    WHERE f.line_user_id = $1
UNION ALL SELECT 'friend', id, CASE WHEN following THEN 'following' END, NULL, NULL, state_at, created_at FROM friends
    WHERE line_user_id = $1
"""


async def check(house: House, scene: Scene) -> None:
    """Everybody has seen exactly what they should; only a reply in doubt may be missing, and staff are told of it."""
    unknown = await database.rows(UNKNOWN)
    assert {row["kind"] for row in unknown} <= {"reply"}, unknown
    doubtful = {row["chat"] for row in unknown}
    seen: dict[str, list[str]] = defaultdict(list)
    for one in await house.channel.deliveries():
        if not one.chat.startswith("C"):  # of staff's groups each scene knows itself
            seen[one.chat].append(one.text)
    wrong = {
        user: seen.get(user, [])
        for user in scene.expected.keys() | seen.keys()
        if Counter(seen.get(user, [])) != Counter(scene.expected.get(user, []))
        and not (user in doubtful and user not in seen)
    }
    assert not wrong, await _told(house, wrong)
    assert not await house.channel.undelivered()
    assert not (broken := await database.rows(BROKEN)), broken
    if unknown:
        waiting = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND cause = 'notice:unknown'"
        assert await database.value(waiting) == 1, "nobody is told of what is unknown"
    spent = await database.value("SELECT coalesce(sum(used), 0) FROM quota_months")
    assert spent == await house.channel.used(), "the month's count is not LINE's"
    assert not (complaints := [line for member in house.members for line in member.complaints()]), complaints[:3]
    assert not house.deaths, "\n".join(house.deaths)
    await scene.look(house)


async def _told(house: House, wrong: dict[str, list[str]]) -> str:
    """What everybody knows about one of those who have not seen what they should."""
    user, seen = next(iter(wrong.items()))
    lines = [f"{len(wrong)} people have not seen what they should, such as {user}: {seen}"]
    lines += [str(row) for row in await database.rows(STORY, user)]
    lines += [str(call) for call in (await house.channel.calls()) if call["status"] != 200][:20]
    return "\n".join([*lines, house.said()])


async def claim_group(line_group_id: str = "C" + "0" * 32) -> None:
    """A group of staff, so that there is somebody to tell."""
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ($1, '管理グループ', 'claimed', now())",
        line_group_id,
    )

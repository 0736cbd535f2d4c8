"""A deed on many puts actions off, and they fall due at once: everybody gets them once, whatever dies in between."""

from datetime import timedelta
from typing import Any

from jobs import operations
from storage import clock, database, friends
from tests.faults.house import House
from tests.faults.scenes import Scene
from tests.jobs import engine

NAME = "later"
CROWD = 200
NAMED = 20  # every so many friends have a name, and so get a message of their own
LATER = "{名前|お客様}さん、お忘れものはありませんか"
EVERYBODY = "SELECT id FROM friends ORDER BY id"
IN_AN_HOUR = {"kind": "elapsed", "amount": 1, "unit": "hour"}

ENDED = {
    "done": (2 * CROWD, "SELECT count(*) FROM delayed_actions WHERE state = 'done'"),
    "all": (2 * CROWD, "SELECT count(*) FROM delayed_actions"),
    "once": (CROWD, "SELECT count(*) FROM done_once"),
    "tags": (CROWD, "SELECT count(*) FROM friend_tags"),
    "tagged": (CROWD, "SELECT count(*) FROM friend_events WHERE kind = 'tag_added'"),
}


class Later(Scene):
    """For 200 friends a message and a tag are put off by an hour; the message has a condition and comes once."""

    cost = CROWD

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}

    async def prepare(self, house: House) -> None:
        people = await house.channel.crowd(CROWD)
        names = {user: f"客{n}" for n, user in enumerate(people, start=1) if n % NAMED == 0}
        await friends.register([(user, names.get(user), None, None) for user in people], clock.NOW)
        await database.run("UPDATE friends SET following = true")
        self._tag = await engine.add_tag("確認済")
        self.expected = {user: [LATER.replace("{名前|お客様}", names.get(user, "お客様"))] for user in people}

    async def begin(self, house: House) -> None:
        people = [row["id"] for row in await database.repeated(lambda: database.rows(EVERYBODY))]
        actions = [
            engine.say(LATER) | {"after": IN_AN_HOUR, "if": {"not": {"tag": self._tag}}, "once": "later"},
            {"do": "tag_on", "tags": [self._tag], "after": IN_AN_HOUR},
        ]
        await database.repeated(lambda: operations.begin(people, actions, None))
        await house.comes_to(2 * CROWD, ENDED["all"][1])
        due = await database.repeated(clock.now) + timedelta(hours=1)
        await database.repeated(lambda: clock.move(due))

    def enough(self, progress: dict[str, Any]) -> bool:
        return bool(progress["rows"])

    async def look(self, house: House) -> None:
        for what, (count, sql) in ENDED.items():
            assert await database.value(sql) == count, what

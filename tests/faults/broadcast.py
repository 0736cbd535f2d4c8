"""A broadcast to thousands of friends: begun once, and everybody meant gets it once, whatever dies on the way."""

from typing import Any

from storage import broadcasts, clock, database, friends
from storage.broadcasts import runs
from tests.faults.house import House
from tests.faults.scenes import Scene

NAME, ALIKE = "broadcast", "alike"
CROWD, LARGE = 2_000, 6_000  # the large one is two sets
NAMED = 160  # every so many friends have a name, and so get a message of their own
TEXT, SAME = "{名前|お客様}さん、年末のお知らせです", "年末のお知らせです"
LEFT_OUT = {"blocked_us": 30, "hidden": 20, "is_test": 10}  # the last friends of all


class Broadcast(Scene):
    """Those who have blocked us, are hidden or are test friends are left out; the others have a text or their name."""

    crowd, text = CROWD, TEXT
    cost = CROWD - sum(LEFT_OUT.values())

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}

    async def prepare(self, house: House) -> None:
        people = await house.channel.crowd(self.crowd)
        names = {user: f"客{n}" for n, user in enumerate(people, start=1) if n % NAMED == 0}
        await friends.register([(user, names.get(user), None, None) for user in people], clock.NOW)
        await database.run("UPDATE friends SET following = true")
        meant = list(people)
        for mark, count in LEFT_OUT.items():
            meant, out = meant[:-count], meant[-count:]
            await database.run(f"UPDATE friends SET {mark} = true WHERE line_user_id = ANY($1::text[])", out)
        self.expected = {user: [self.text.replace("{名前|お客様}", names.get(user, "お客様"))] for user in meant}

    async def begin(self, house: House) -> None:
        messages = [{"type": "text", "text": self.text}]
        definition = {
            "target": {"everyone": True},
            "frozen": False,
            "at": None,
            "actions": [{"do": "send", "messages": messages}],
        }

        async def confirm() -> None:
            now = await clock.now()
            number = await broadcasts.make("年末", now)
            await broadcasts.write(number, "■配信 年末", definition, 1, now)
            await runs.plan(
                number,
                at=now,
                immediate=True,
                confirmed=self.cost,
                definition=definition,
                operation=None,
                staff_id=None,
                now=now,
            )

        await database.repeated(confirm)

    def enough(self, progress: dict[str, Any]) -> bool:
        return bool(progress["rows"])

    async def look(self, house: House) -> None:
        [one] = await broadcasts.everything()
        assert one.state == "done"
        assert one.run is not None
        assert one.run.operation is not None
        tally = await runs.tally(one.run.operation)
        assert (tally.sent, tally.total) == (self.cost, self.cost)
        assert await database.value("SELECT count(*) FROM operations") == 1
        assert await database.value("SELECT done FROM operations") == self.cost


class Alike(Broadcast):
    """The same text for all, which is planned as sets."""

    crowd, text = LARGE, SAME
    cost = LARGE - sum(LEFT_OUT.values())

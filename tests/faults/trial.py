"""An A/B test of a broadcast: some are asked first, the winner is found an hour later, and everybody gets it once."""

import hashlib
from datetime import timedelta
from typing import Any

from storage import broadcasts, clock, database, friends
from storage.broadcasts import runs, trials
from storage.segments import drawn
from tests.admin_commands.shop import open_in_the_morning
from tests.faults.house import House
from tests.faults.scenes import Scene

NAME = "trial"
CROWD = 400
HELD, TEST = 10, 30  # percent
HALF = drawn.WHOLE // 2
SENT = "SELECT count(*) FROM deliveries d JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted'"


class Trial(Scene):
    """Of what nobody has answered to the first wording wins; a tenth gets nothing."""

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}
        self.tested = 0

    @property
    def cost(self) -> int:  # type: ignore[override] # of the friends whom it is drawn for
        return len(self.expected)

    async def prepare(self, house: House) -> None:
        people = await house.channel.crowd(CROWD)
        await friends.register([(user, None, None, None) for user in people], clock.NOW)
        await database.run("UPDATE friends SET following = true")
        await open_in_the_morning()
        for row in await database.rows("SELECT id, line_user_id FROM friends"):
            lot = hashlib.sha256(row["id"].to_bytes(8, "big") + (1).to_bytes(8, "big")).digest()
            variant, group = int.from_bytes(lot[:4], "big"), int.from_bytes(lot[4:8], "big")
            if group < drawn.bound(HELD):
                continue
            tested = group < drawn.bound(HELD + TEST)
            self.tested += tested
            self.expected[row["line_user_id"]] = ["B" if tested and variant >= HALF else "A"]

    async def begin(self, house: House) -> None:
        lots = [{"letter": "A", "from": 0, "below": HALF}, {"letter": "B", "from": HALF, "below": drawn.WHOLE}]
        definition: dict[str, Any] = {
            "target": {"everyone": True},
            "frozen": False,
            "at": None,
            "actions": [
                action
                for lot in lots
                for action in trials.for_variant(
                    [{"do": "send", "messages": [{"type": "text", "text": lot["letter"]}]}], 1, lot
                )
            ],
            "trial": {"variants": lots, "test": TEST, "wins": 60, "held": HELD, "metric": "replied"},
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
        await house.comes_to(self.tested, SENT)
        due = await database.repeated(clock.now) + timedelta(minutes=61)
        await database.repeated(lambda: clock.move(due))

    def enough(self, progress: dict[str, Any]) -> bool:
        return bool(progress["rows"])

    async def look(self, house: House) -> None:
        [one] = await broadcasts.everything()
        assert one.state == "done"
        assert one.run is not None
        assert trials.of(one.run.definition).winner == "A"
        tally = await runs.tally(*await runs.together(one.run))
        assert (tally.sent, tally.total) == (self.cost, self.cost)
        assert await database.value("SELECT count(*) FROM broadcast_runs") == 2
        assert await database.value("SELECT count(*) FROM operations") == 3

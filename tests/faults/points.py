"""Which points of the work something is killed at: twelve of them by a fixed seed, or all."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 2
VICTIMS = ("worker", "server", "postgres", "valkey", "all")
EVERY = bool(os.environ.get("AYUMI_TEST_EVERY_FAULT"))

# At least as many points as a clean run has of each kind (the clean runs look after that). A number beyond what a
# run has counts round from its beginning: all are taken, some twice.
AT_MOST = {("tick", "line"): 44, ("tick", "commit"): 10, ("burst", "line"): 120, ("burst", "commit"): 40}


@dataclass(frozen=True, slots=True)
class Point:
    """Where in which scene whom it hits: before or after the number-th LINE call or commit."""

    scene: str
    victim: str
    kind: str
    when: str
    number: int

    def __str__(self) -> str:
        return f"{self.scene}-{self.victim}-{self.when}-{self.kind}-{self.number}"


def chosen() -> list[Point]:
    """The points of this run of the tests."""
    return list(_all()) if EVERY else _seeded()


def _all() -> Iterator[Point]:
    """Each point, its victims taking turns; the broken wire has its turn at commits only."""
    for (scene, kind), count in AT_MOST.items():
        victims = (*VICTIMS, "wire") if kind == "commit" else VICTIMS
        for number in range(1, count + 1):
            for turn, when in enumerate(("before", "after")):
                yield Point(scene, victims[(number + 3 * turn) % len(victims)], kind, when, number)


def _seeded() -> list[Point]:
    """Each victim and a broken wire in each scene, at points that chance has chosen once and for all."""
    chance = random.Random(SEED)
    found = []
    for scene in ("tick", "burst"):
        for victim in (*VICTIMS, "wire"):
            kind = "commit" if victim == "wire" else chance.choice(("line", "commit"))
            number = chance.randint(1, AT_MOST[scene, kind])
            found.append(Point(scene, victim, kind, chance.choice(("before", "after")), number))
    return found

"""Which points of the work something is killed at: some of them by a fixed seed, or all."""

import itertools
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 349  # its points include webhooks not yet stored, an accepted push and an accepted reply
VICTIMS = ("worker", "server", "postgres", "valkey", "all")
EVERY = bool(os.environ.get("AYUMI_TEST_EVERY_FAULT"))

# LINE calls there are as many in every run, but for the names asked for in a burst, which a busy machine asks for
# again or later. Commits gather what comes at the same time: here stand more than a clean run has (the clean runs look
# after both), and a number beyond them counts round from their beginning.
LINE_CALLS = {
    "tick": 22,
    "burst": 48,
    "album": 6,
    "later": 11,
    "broadcast": 16,
    "alike": 12,
    "trial": 3,
    "answers": 8,
}
COMMITS = {"tick": 11, "burst": 22, "album": 28, "later": 11, "broadcast": 18, "alike": 14, "trial": 16, "answers": 24}
BY_CHANCE = ("burst",)  # scenes with more LINE calls in some runs than in others
# Whom the chosen points of a scene hit; what works in other scenes as well need not be hit in all.
HIT = {
    "later": ("worker", "wire"),
    "broadcast": 2 * (*VICTIMS, "wire"),
    "alike": ("worker", "postgres"),
    "trial": ("worker", "wire"),
    "answers": ("server", "postgres", "wire"),
}


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


def at_most(scene: str, kind: str) -> int:
    return (LINE_CALLS if kind == "line" else COMMITS)[scene]


def _all() -> Iterator[Point]:
    """Each point, its victims taking turns; the broken wire has its turn at commits only."""
    for scene, kind in itertools.product(LINE_CALLS, ("line", "commit")):
        victims = (*VICTIMS, "wire") if kind == "commit" else VICTIMS
        for number in range(1, at_most(scene, kind) + 1):
            for turn, when in enumerate(("before", "after")):
                yield Point(scene, victims[(number + 3 * turn) % len(victims)], kind, when, number)


def _seeded() -> list[Point]:
    """Each victim and a broken wire in each scene, or as `HIT` has it, at points chosen once and for all by chance."""
    chance = random.Random(SEED)
    found = []
    for scene in LINE_CALLS:
        for victim in HIT.get(scene, (*VICTIMS, "wire")):
            kind = "commit" if victim == "wire" else chance.choice(("line", "commit"))
            when = chance.choice(("before", "after"))
            found.append(Point(scene, victim, kind, when, chance.randint(1, at_most(scene, kind))))
    return found

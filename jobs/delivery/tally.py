"""What becomes of calls to LINE and how late they start, counted: what /metrics shows of all processes together."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jobs import ports
from storage.outbox import claims

LATE = (0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0)  # seconds; the last place is for all beyond
SENDS, RETRIES, LATER, TOGETHER = "sends", "retries", "late", "late_ms"


@dataclass(frozen=True, slots=True)
class Told:
    """`sends` by (kind, class, end), `retries` by kind; `late`: first attempts by the place in LATE up to which (and
    no longer) they were late, `late_sum` their seconds together."""

    sends: dict[tuple[str, str, str], int]
    retries: dict[str, int]
    late: list[int]
    late_sum: float


class Tally:
    """This process's counts since they were last taken."""

    def __init__(self) -> None:
        self._new: Counter[str] = Counter()

    def started(self, row: claims.Claimed, waited: float) -> None:
        """A call starts, `waited` seconds after it was claimed."""
        if row.attempt > 1:
            self._new[f"{RETRIES}:{row.kind}"] += 1
        else:
            late = max(0.0, row.late + waited)
            self._new[f"{LATER}:{bisect_left(LATE, late)}"] += 1
            self._new[TOGETHER] += round(late * 1000)

    def ended(self, row: claims.Claimed, end: ports.End) -> None:
        self._new[f"{SENDS}:{row.kind}:{row.klass}:{end.value}"] += 1

    def take(self) -> Counter[str]:
        found, self._new = self._new, Counter()
        return found

    def put_back(self, counts: Mapping[str, int]) -> None:
        self._new.update(counts)


def told(counts: Mapping[str, int]) -> Told:
    """Counts of all processes, by name, as `Tally` names them."""
    found = Told({}, {}, [0] * (len(LATE) + 1), counts.get(TOGETHER, 0) / 1000)
    for name, count in counts.items():
        match name.split(":"):
            case [word, kind, klass, end] if word == SENDS:
                found.sends[kind, klass, end] = count
            case [word, kind] if word == RETRIES:
                found.retries[kind] = count
            case [word, place] if word == LATER:
                found.late[int(place)] = count
    return found

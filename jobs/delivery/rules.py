"""The numbers by which delivery goes: LINE's paces, how much at once, how long to wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.outbox import claims, terms

KINDS = ("reply", "push", "multicast")


@dataclass(frozen=True, slots=True)
class Rules:
    """Paces are calls a second of all processes together, a little under LINE's; all times are seconds."""

    paces: Mapping[str, float] = field(default_factory=lambda: {"reply": 1_900, "push": 1_900, "multicast": 190})
    slots: Mapping[str, int] = field(default_factory=lambda: {"reply": 50, "push": 100, "multicast": 10})
    timeout: float = 10.0  # what the port gives a call
    margin: float = 3.0  # by which a lease must outlive a call
    start_within: float = 1.0  # a claimed row not started by then lapses
    ahead: float = 0.5  # no more is claimed than can start within this
    failures: int = 5  # in a row, until only probes go
    first_probe: float = 1.0
    rest: float = 0.5  # an endpoint's first rest after "too fast"
    first_pause: Mapping[str, float] = field(default_factory=lambda: {"reply": 0.5, "push": 1.0, "multicast": 1.0})
    longest_pause: Mapping[str, float] = field(
        default_factory=lambda: {"reply": 8.0, "push": 600.0, "multicast": 600.0}
    )
    busy_pause: tuple[float, float] = (60.0, 3_600.0)  # first and longest after a refusal we do not know
    linger: float = 0.02  # verdicts are gathered so long while calls are on their way
    patience: float = 1.0  # that `send_now` waits for what holds its rows up
    move_patience: float = 10.0  # that a fast-forward waits for rows in doubt
    repeat_certain: float = terms.REPEAT_CERTAIN
    channel_check: float = 60.0  # between two looks whether a refused credential works again

    @property
    def leases(self) -> claims.Leases:
        single = self.timeout + self.margin + self.start_within
        return claims.Leases(single, single + self.timeout)

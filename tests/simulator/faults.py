"""What shall go wrong in a channel's LINE API, for the next calls or at a counted one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

KINDS = (
    "latency",
    "reset",
    "error_before",
    "error_after",
    "drop_after",
    "rate_limit",
    "quota_limit",
    "unauthorized",
    "expired_token",
    "forbidden",
    "bad_request",
)
BEFORE = "before"
AFTER = "after"


@dataclass(slots=True)
class ApiFault:
    """For the next `calls` calls of an endpoint ('*': any) behind the `spared` ones; status is for the error_ kinds."""

    endpoint: str
    kind: str
    calls: int = 1
    status: int = 500
    latency_ms: int = 0
    spared: int = 0


@dataclass(slots=True)
class Stop:
    """Hold the call with this number (counted over all of the channel) before or after acceptance.

    then: "continue" goes on (a call whose client has gone before acceptance is not accepted), "reset" cuts the line.
    """

    id: int
    call: int
    when: str
    endpoint: str | None = None
    request_id: str | None = None
    then: str = "continue"
    client_gone: Callable[[], bool] | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Faults:
    """armed is False in ordinary life, so that a send pays one look."""

    planned: list[ApiFault] = field(default_factory=list)
    stops: dict[int, Stop] = field(default_factory=dict)
    armed: bool = False
    stops_made: int = 0

    def plan(self, fault: ApiFault) -> None:
        self.planned.append(fault)
        self.armed = True

    def add_stop(self, call: int, when: str) -> Stop:
        self.stops_made += 1
        stop = self.stops[self.stops_made] = Stop(self.stops_made, call, when)
        self.armed = True
        return stop

    def clear(self) -> None:
        """Forget all plans and let everything that is held go on."""
        self.planned.clear()
        for stop in self.stops.values():
            stop.released.set()
        self.stops.clear()
        self.armed = False

    @property
    def may_wait(self) -> bool:
        """Whether some call is to be held up, by a stop or by latency."""
        return bool(self.stops) or any(fault.kind == "latency" for fault in self.planned)

    def take(self, endpoint: str) -> list[ApiFault]:
        """All latencies planned for this call, and at most one other fault: the first planned."""
        taken: list[ApiFault] = []
        for fault in self.planned:
            if fault.endpoint not in ("*", endpoint):
                continue
            if fault.spared > 0:
                fault.spared -= 1
                continue
            if fault.kind == "latency" or all(other.kind == "latency" for other in taken):
                taken.append(fault)
        for fault in taken:
            fault.calls -= 1
        self.planned = [fault for fault in self.planned if fault.calls > 0]
        self.armed = bool(self.planned or self.stops)
        return taken

    def stop_at(self, call: int, when: str) -> Stop | None:
        for stop in self.stops.values():
            if stop.call == call and stop.when == when and not stop.reached.is_set():
                return stop
        return None

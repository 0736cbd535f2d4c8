"""Numbers for Prometheus, read at the moment of asking, since workers have no port of their own: what stands, from the
database; what has happened, from the counts that all processes share."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Gauge, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from jobs import delivery
from jobs.delivery import tally
from storage import database, outbox
from storage.outbox import failed

__all__ = ["CONTENT_TYPE", "text"]

COUNTS = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'open') AS inbox_open,
       (SELECT count(*) FROM inbox WHERE state = 'parked') AS inbox_parked,
       (SELECT count(*) FROM subscriptions WHERE state = 'parked') AS steps_parked,
       (SELECT count(*) FROM delayed_actions WHERE state = 'parked') AS delayed_parked,
       (SELECT count(*) FROM operation_friends WHERE state = 'parked') AS operation_friends_parked,
       (SELECT count(*) FROM operations WHERE state = 'running') AS operations_running,
       (SELECT coalesce(extract(epoch FROM now() - heartbeat_at), -1) FROM account) AS heartbeat_age_seconds
"""
HELP = {
    "inbox_open": "events waiting for their lane",
    "inbox_parked": "events put aside after failing twice",
    "steps_parked": "scenario steps put aside after failing",
    "delayed_parked": "delayed actions put aside after failing",
    "operation_friends_parked": "friends put aside by a deed on many after failing",
    "operations_running": "deeds on many friends under way",
    "heartbeat_age_seconds": "since a worker last said it was alive; -1 before the first time",
}


class _Sends(Collector):
    """What has become of calls since the counts began."""

    def __init__(self, counts: tally.Told) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        labels = ["kind", "class", "outcome"]
        sends = CounterMetricFamily("ayumi_sends", "calls to LINE that have ended, by how", labels=labels)
        for names, count in self._counts.sends.items():
            sends.add_metric(names, count)
        yield sends
        retries = CounterMetricFamily("ayumi_send_retries", "calls to LINE that were not the first", labels=["kind"])
        for kind, count in self._counts.retries.items():
            retries.add_metric([kind], count)
        yield retries
        places = [*(str(one) for one in delivery.LATE), "+Inf"]
        late = HistogramMetricFamily("ayumi_send_lateness_seconds", "from when a row was due to its first call")
        buckets = list(zip(places, accumulate(self._counts.late), strict=True))
        late.add_metric([], buckets=buckets, sum_value=self._counts.late_sum)
        yield late


async def text(shared: delivery.Shared | None = None) -> bytes:
    """The page that /metrics shows; without the counts of all processes while these are not to be had."""
    registry = CollectorRegistry()
    [counts] = await database.rows(COUNTS)
    for name, count in counts.items():
        Gauge(f"ayumi_{name}", HELP[name], registry=registry).set(float(count))
    gauges = await outbox.gauges()
    depth = Gauge("ayumi_outbox_rows", "LINE calls not yet at their end", ["state", "class"], registry=registry)
    for (state, klass), rows in gauges.depth.items():
        depth.labels(state, klass).set(rows)
    Gauge("ayumi_outbox_oldest_seconds", "since the oldest open row became ready", registry=registry).set(
        gauges.oldest_ready
    )
    undecided = await failed.standing()
    dead = Gauge("ayumi_outbox_failed", "people of sends that staff have not decided on", ["state"], registry=registry)
    for state, people in (("refused", undecided.refused), ("unknown", undecided.unknown)):
        dead.labels(state).set(people)
    Gauge("ayumi_outbox_unknown", "sends that may or may not have arrived", registry=registry).set(gauges.unknown)
    for name, help, count in (
        ("doubtful", "open rows whose last call may have arrived", gauges.doubtful),
        ("put_off", "open rows that wait for a later attempt", gauges.put_off),
    ):
        Gauge(f"ayumi_outbox_{name}", help, registry=registry).set(count)
    paused = Gauge("ayumi_paused", "what is held back now", ["scope"], registry=registry)
    for scope in gauges.pauses:
        paused.labels(scope).set(1)
    told = await shared.told() if shared is not None else None
    if told is not None:
        registry.register(_Sends(told))
    return generate_latest(registry)

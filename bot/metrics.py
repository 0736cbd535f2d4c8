"""Gauges for Prometheus, read from the database at the moment of asking: workers have no port of their own."""

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from storage import database, outbox

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


async def text() -> bytes:
    """The page that /metrics shows."""
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
    Gauge("ayumi_outbox_unknown", "sends that may or may not have arrived", registry=registry).set(gauges.unknown)
    paused = Gauge("ayumi_paused", "what is held back now", ["scope"], registry=registry)
    for scope in gauges.pauses:
        paused.labels(scope).set(1)
    return generate_latest(registry)

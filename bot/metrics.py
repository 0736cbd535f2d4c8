"""Gauges for Prometheus, read from the database at the moment of asking: workers have no port of their own."""

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from storage import database, outbox

__all__ = ["CONTENT_TYPE", "text"]

COUNTS = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'open') AS inbox_open,
       (SELECT count(*) FROM inbox WHERE state = 'parked') AS inbox_parked,
       (SELECT count(*) FROM subscriptions WHERE state = 'parked') AS steps_parked,
       (SELECT count(*) FROM operations WHERE state = 'running') AS operations_running,
       (SELECT coalesce(extract(epoch FROM now() - heartbeat_at), -1) FROM account) AS heartbeat_age_seconds
"""
HELP = {
    "inbox_open": "events waiting for their lane",
    "inbox_parked": "events put aside after failing twice",
    "steps_parked": "scenario steps put aside after failing",
    "operations_running": "deeds on many friends under way",
    "heartbeat_age_seconds": "since a worker last said it was alive; -1 before the first time",
}


async def text() -> bytes:
    """The page that /metrics shows."""
    registry = CollectorRegistry()
    [counts] = await database.rows(COUNTS)
    for name, count in counts.items():
        Gauge(f"ayumi_{name}", HELP[name], registry=registry).set(float(count))
    for name, number in (await outbox.gauges()).items():
        Gauge(f"ayumi_{name}", name.replace("_", " "), registry=registry).set(number)
    return generate_latest(registry)

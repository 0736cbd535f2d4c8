"""The SQL terms in which the outbox's statements speak of time, of what is held back, and of what may go."""

TOKEN_LIFE = 55  # seconds from `received_at` within which a reply may start; LINE promises a minute
TOKEN_LATEST = 20 * 60 - 5  # seconds from the event, however often it is delivered again
REPEAT_CERTAIN = 25  # seconds from `received_at` within which a repeat's "invalid token" means the first one arrived
LET_PASS = 10  # seconds after which a row that does not get away no longer holds up later ones
KEY_LIFE = 23 * 3600  # seconds of business time a retry key is trusted; LINE keeps it for 24 hours

# Rows of other tables are looked up one by one, in scalar subqueries: as EXISTS the planner would, on a day when that
# table is small, settle on reading the whole of it for every claim.

CLOCK = """clock AS MATERIALIZED (
    SELECT clock_timestamp() + clock_offset_us * interval '1 microsecond' AS now FROM account WHERE id = 1
)"""

HELD = """held AS MATERIALIZED (
    SELECT coalesce(array_agg(scope::text), '{}') AS scopes FROM pauses
    WHERE until IS NULL OR until > now() OR scope LIKE 'outage:%'
)"""

NOW = "(SELECT now FROM clock)"
SCOPES = "(SELECT scopes FROM held)"


def stopped(row: str) -> str:
    """Staff have stopped it: everything, its class or its cause; staff's own replies are never stopped."""
    return (
        f"({SCOPES} <> '{{}}' AND {row}.class <> 'staff'"
        f" AND {SCOPES} && ARRAY['all', 'class:' || {row}.class, 'cause:' || {row}.cause])"
    )


def endpoint_held(row: str) -> str:
    """LINE is not to be asked for it now: bad credentials, the month used up, too fast, or failing."""
    return (
        f"({SCOPES} <> '{{}}' AND {SCOPES} && ARRAY['channel', 'quota:' || {row}.class,"
        f" 'endpoint:' || {row}.kind, 'outage:' || {row}.kind])"
    )


def cause_lives(row: str) -> str:
    """A promotion goes only while its scenario is live or its operation not stopped (law 13)."""
    return f"""({row}.class <> 'promotion' OR CASE
        WHEN {row}.cause LIKE 'scenario:%' THEN coalesce((
            SELECT s.state = 'live' AND s.deleted_at IS NULL FROM scenarios s
            WHERE s.id = substr({row}.cause, 10)::bigint), false)
        WHEN {row}.cause LIKE 'operation:%' THEN coalesce((
            SELECT p.state <> 'stopped' FROM operations p WHERE p.id = substr({row}.cause, 11)::bigint), false)
        ELSE true END)"""


def token_lives(row: str) -> str:
    return f"""coalesce((
        SELECT i.received_at > {NOW} - interval '{TOKEN_LIFE} s' AND i.event_at > {NOW} - interval '{TOKEN_LATEST} s'
        FROM inbox i WHERE i.id = {row}.inbox_id), false)"""


def affordable(row: str) -> str:
    """The month has room for it; what was tried before and may have gone is paid for already."""
    return f"""({row}.cost = 0 OR {row}.ambiguous_at IS NOT NULL OR (SELECT allowed FROM month) IS NULL
        OR {row}.cost <= (
            SELECT allowed - used - CASE WHEN {row}.class = 'promotion' THEN reserve ELSE 0 END FROM month))"""


def may_go(row: str, probing: bool = False) -> str:
    """Everything but the order among rows to the same friend. Wants the CTEs clock, held and month."""
    endpoint = f"NOT {SCOPES} && ARRAY['channel', 'quota:' || {row}.class]" if probing else f"NOT {endpoint_held(row)}"
    return f"""({row}.state = 'open' AND {row}.try_at <= now() AND {endpoint} AND NOT {stopped(row)}
        AND {cause_lives(row)} AND {affordable(row)}
        AND ({row}.ambiguous_at IS NULL OR {row}.ambiguous_at > {NOW} - interval '{KEY_LIFE} s')
        AND ({row}.kind <> 'reply' OR {token_lives(row)}))"""


def binds(earlier: str, later: str) -> str:
    """An unfinished earlier row still holds up a later one to the same friend (DELIVERY 14)."""
    return f"""(greatest({earlier}.ready_at, {later}.ready_at) > now() - interval '{LET_PASS} s'
        OR ({earlier}.state = 'sending' AND {earlier}.attempts <= 1 AND {earlier}.lease_until > now())
        OR ({earlier}.attempts = 0 AND {may_go(earlier)}))"""


def in_turn(row: str) -> str:
    """No earlier row to the same friends binds it; two rows with one reply token never overlap at all."""
    unfinished = "e.state IN ('open', 'sending')"
    return f"""({row}.after = '{{}}' OR NOT EXISTS (
            SELECT 1 FROM outbox e WHERE e.id = ANY({row}.after) AND {unfinished} AND {binds("e", row)})
        AND NOT EXISTS (
            SELECT 1 FROM outbox e WHERE e.parent_id = ANY({row}.after) AND {unfinished} AND {binds("e", row)}))
        AND ({row}.kind <> 'reply' OR NOT EXISTS (
            SELECT 1 FROM outbox e WHERE e.chat = {row}.chat AND e.id < {row}.id AND e.kind = 'reply'
            AND {unfinished} AND (e.inbox_id = {row}.inbox_id OR {binds("e", row)})))"""

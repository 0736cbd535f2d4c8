"""Friends who have had as many broadcasts as they may get in a while (設定 配信上限)."""

from storage.segments.terms import Cap, Terms

# Whoever has got a run of a broadcast, or will get it: what LINE has accepted, may have accepted, or is still to get,
# and those whom a running one has yet to reach. The steps of scenarios are none of it.
_HAD = (
    "SELECT d.friend_id FROM broadcast_runs r JOIN operations p ON p.id = r.operation_id"
    " JOIN deliveries d ON d.cause = 'operation:' || r.operation_id || ':1' JOIN outbox o ON o.id = d.outbox_id"
    " AND (o.state IN ('accepted', 'sending', 'unknown') OR o.state = 'open' AND p.state <> 'stopped') WHERE {of}"
    " UNION ALL SELECT w.friend_id FROM broadcast_runs r JOIN operations p ON p.id = r.operation_id"
    " AND p.state = 'running' JOIN operation_friends w ON w.operation_id = p.id AND w.state = 'open'"
    " WHERE {of}"
)


def _of(terms: Terms, cap: Cap) -> str:
    """True for the runs `r` that have begun in the cap's span."""
    since = terms.within("r.begun_at", {"in": cap.span})
    return f"r.state = 'begun' AND r.begun_at <= {terms.moment(terms.now)} AND {since}"


def where(terms: Terms) -> str:
    """True for who has had as many. Nothing of `f` in its joins: all are counted once, and joined (or hashed); while
    there were fewer runs than that, nobody is."""
    if terms.cap is None:
        return "false"
    most = terms.value(terms.cap.most, "int")
    of = _of(terms, terms.cap)
    return (
        "EXISTS (SELECT 1 FROM (SELECT h.friend_id FROM"
        f" ({_HAD.format(of=of)}) h WHERE (SELECT count(*) FROM broadcast_runs r WHERE {of}) >= {most}"
        f" GROUP BY h.friend_id HAVING count(*) >= {most}) c WHERE c.friend_id = f.id)"
    )

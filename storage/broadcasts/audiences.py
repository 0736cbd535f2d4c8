"""What is to be known of those who would get a broadcast before it is sent."""

from dataclasses import dataclass, replace

from storage import database, segments

RECENT = {"delivered": {"within": [7, "day"]}}


@dataclass(frozen=True, slots=True)
class Noted:
    """How many have no name, and how many have been written to within seven days; None where that was not asked."""

    nameless: int
    recent: int | None


async def noted(segment: segments.Segment, sight: segments.Sight, *, recent: bool) -> Noted:
    """Of those who fit and are not left out. `recent` takes a look at each one's deliveries."""
    statement = segments.Statement(sight)
    meant = segments.meant(segment, sight.meaning)
    fits = statement.among(meant, segments.left_out(meant, promotion=True))
    lately = f"count(*) FILTER (WHERE {statement.where(RECENT)})" if recent else "NULL::bigint"
    found = await database.rows(
        "SELECT count(*) FILTER (WHERE coalesce(f.display_name, f.line_name) IS NULL) AS nameless,"
        f" {lately} AS recent FROM friends f WHERE {fits}",
        *statement.values,
    )
    return Noted(**found[0])


async def capped(friend: int, sight: segments.Sight, run: int | None = None) -> bool:
    """Whether a friend has had as many broadcasts as `sight.cap` allows: by now, or when a run that has begun did."""
    if sight.cap is None:
        return False
    if run is not None:
        begun = await database.value("SELECT begun_at FROM broadcast_runs WHERE id = $1", run)
        sight = replace(sight, now=begun or sight.now)
    statement = segments.Statement(sight)
    found: bool = await database.value(
        f"SELECT EXISTS (SELECT 1 FROM friends f WHERE f.id = {statement.value(friend, 'bigint')}"
        f" AND {statement.marked('capped')})",
        *statement.values,
    )
    return found

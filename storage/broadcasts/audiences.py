"""What is to be known of those who would get a broadcast before it is sent."""

from dataclasses import dataclass

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

"""LINE's count of what runs have brought about, fetched once a day for as long as it may change."""

from datetime import timedelta

import structlog

from jobs import ports
from storage import clock, database
from storage.broadcasts import aggregates

AT_ONCE = 40  # runs asked about in an hour; LINE takes 60 questions
FROM = 4  # o'clock in Japan, when LINE may have worked through the day before
MOST_DAYS = 30  # of one question

log = structlog.get_logger()


async def fetch(line: ports.Line) -> int:
    """Ask LINE about each run it has not been asked about today; how many have been noted."""
    now = await clock.now()
    local = now.astimezone(aggregates.JAPAN)
    if local.hour < FROM:
        return 0
    noted = 0
    for one in await database.repeated(lambda: aggregates.due(now, AT_ONCE)):
        since = one.at.astimezone(aggregates.JAPAN).date()
        until = min(local.date() - timedelta(days=1), since + timedelta(days=MOST_DAYS))
        try:
            said = await line.counted(one.unit, since, until)
        except ports.Later as error:
            log.info("counts not read", run=one.operation, error=type(error).__name__)
            break
        except ports.Never as error:
            log.warning("counts refused", run=one.operation, error=str(error))
            continue
        names = ("uniqueImpression", "uniqueClick", "uniqueMediaPlayed", "uniqueMediaPlayed100Percent")
        figures = aggregates.Figures(*(said.get(name) for name in names))
        await database.repeated(lambda of=one.operation, told=figures: aggregates.note(of, told, now))  # type: ignore[misc] # mypy infers no default
        noted += 1
    return noted

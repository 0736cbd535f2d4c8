"""Days and months as LINE counts them: in Japan's time (UTC+9)."""

from datetime import datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=9))
DAY_MS = 24 * 3_600_000


def day(at_ms: int) -> str:
    """'20261123'"""
    return datetime.fromtimestamp(at_ms / 1000, ZONE).strftime("%Y%m%d")


def month(at_ms: int) -> tuple[str, int, int]:
    """('2026-11', its first ms, the first ms of the next)"""
    start = datetime.fromtimestamp(at_ms / 1000, ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=32)).replace(day=1)
    return start.strftime("%Y-%m"), round(start.timestamp() * 1000), round(end.timestamp() * 1000)


def read_day(text: str) -> int | None:
    """The first ms of that day; None when it is no day in the form yyyyMMdd."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return round(datetime.strptime(text, "%Y%m%d").replace(tzinfo=ZONE).timestamp() * 1000)
    except ValueError:
        return None


def start_of_day(at_ms: int) -> int:
    offset = 9 * 3_600_000
    return (at_ms + offset) // DAY_MS * DAY_MS - offset

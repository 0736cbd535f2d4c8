"""What is noted of friends and shared by all, put into words: for customers in messages, for staff on cards."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from storage.fields.values import YEARLESS

WEEKDAYS = "月火水木金土日"


def told(kind: str, text: str, zone: ZoneInfo, now: datetime, *, yearly: bool = False, full: bool = False) -> str:
    """A value as a careful shop writes it: 5月3日, 12月24日(木) 18:00, 1,200, はい.

    `full` has the year of a birthday, which customers are not told.
    """
    match kind:
        case "number":
            return figure(text)
        case "yes_no":
            return "はい" if text == "1" else "いいえ"
        case "date":
            return _day(date.fromisoformat(text), now.astimezone(zone).date(), yearly=yearly, full=full)
        case "datetime":
            local = datetime.fromisoformat(text).astimezone(zone)
            on = _day(local.date(), now.astimezone(zone).date(), yearly=False, full=full)
            return f"{on} {local.hour}:{local.minute:02d}"
    return text


def figure(text: str) -> str:
    """`1200.5` as 1,200.5."""
    return f"{Decimal(text):,f}" if text else ""


def _day(day: date, today: date, *, yearly: bool, full: bool) -> str:
    if day.year == YEARLESS or (yearly and not full):
        return f"{day.month}月{day.day}日"
    if yearly:
        return f"{day.year}年{day.month}月{day.day}日"
    return on(day, today)


def on(day: date, today: date) -> str:
    """12月24日(木), with the year when it is another one."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"

"""What stands in place of the variables of messages, for a whole set of friends: one statement for each table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jobs import noted, tokens
from jobs.messages import hosting, naming
from storage import shared_values
from storage.fields import values

NAME = "名前"
STARS = "****"
NO_LINKS: Mapping[int, str] = {}
Told = Mapping[str, str | None]
Of = Callable[[int, str | None], Told]  # the values of a friend, by id and name


async def of(
    variables: Collection[str],
    friends: Sequence[int],
    now: datetime,
    zone: ZoneInfo,
    *,
    links: Mapping[int, str] = NO_LINKS,
    as_typed: Collection[int] = (),
    key: str = "",
    discreet: bool = False,
) -> Of:
    """The values of these variables for these friends; nothing is asked where there is only the name.

    `links`: where measured links lead; with `key` each friend gets an address of their own, else all get that one,
    and so they do of those `as_typed`, but where a click does something in this message.
    `discreet`: for the eyes of a group of staff, with stars for what is masked.
    """
    asked = {one: meant for one in variables if (meant := naming.read(one)) is not None}
    if not asked:
        return lambda _, name: {NAME: name}
    fields = {one: meant for one, meant in asked.items() if meant.letter == "K"}
    found = await values.noted(friends, sorted({meant.number for meant in fields.values()})) if fields else {}
    common = await _common(asked, now, zone)
    leading = {one: meant for one, meant in asked.items() if meant.letter == "L"}
    keys = {one: key if _own(meant, as_typed) else "" for one, meant in leading.items()}

    def told(friend: int, name: str | None) -> Told:
        own = {
            one: STARS
            if discreet and found[friend, meant.number].masked
            else _field(found[friend, meant.number], meant, now, zone)
            for one, meant in fields.items()
            if (friend, meant.number) in found
        }
        for one, meant in leading.items():
            own[one] = _address(links.get(meant.number), meant, friend, keys[one])
        return {NAME: name, **common, **own}

    return told


def same_for_all(variables: Collection[str], as_typed: Collection[int], key: str) -> bool:
    """Whether whoever asks at one moment is told the same."""
    asked = [naming.read(one) for one in variables]
    if any(one is None or one.letter == "K" for one in asked):
        return False
    return not key or not links_in(variables, as_typed)


def links_in(variables: Collection[str], as_typed: Collection[int]) -> set[int]:
    """The numbers of the links among these variables of which each friend gets an address of their own."""
    found = (naming.read(one) for one in variables if naming.leads(one))
    return {one.number for one in found if one is not None and one.letter == "L" and _own(one, as_typed)}


def _own(meant: naming.Computed, as_typed: Collection[int]) -> bool:
    return meant.button is not None or meant.number not in as_typed


def _address(target: str | None, meant: naming.Computed, friend: int, key: str) -> str:
    """What is no longer there leads to the page that says so."""
    if target is None:
        return hosting.link("0", "")
    return hosting.link(tokens.of_link(key, meant.number, friend, meant.button), target) if key else target


async def _common(asked: Mapping[str, naming.Computed], now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """What is the same for everybody: days counted from today, shared values, pages of forms."""
    today = now.astimezone(zone).date()
    numbers = sorted({meant.number for meant in asked.values() if meant.letter == "V"})
    shared = await shared_values.get(numbers, now) if numbers else {}
    told = {}
    for one, meant in asked.items():
        if not meant.letter:
            told[one] = _counted(today.toordinal() + naming.DAYS[meant.base], meant, today)
        elif meant.letter == "Q":
            told[one] = hosting.form(meant.number)
        elif meant.number in shared and meant.letter == "V":
            kept = shared[meant.number]
            told[one] = _valued(kept.kind, kept.text, meant, now, zone, yearly=False)
    return told


def _field(found: values.Noted, meant: naming.Computed, now: datetime, zone: ZoneInfo) -> str:
    return _valued(found.kind, found.text, meant, now, zone, yearly=found.yearly)


def _valued(kind: str, text: str, meant: naming.Computed, now: datetime, zone: ZoneInfo, *, yearly: bool) -> str:
    if not text or kind == "image":
        return ""
    if kind == "date" and (meant.days or meant.months):
        return _counted(date.fromisoformat(text).toordinal(), meant, now.astimezone(zone).date())
    return noted.told(kind, text, zone, now, yearly=yearly)


def _counted(ordinal: int, meant: naming.Computed, today: date) -> str:
    try:
        day = meant.from_day(date.fromordinal(ordinal))
    except (OverflowError, ValueError):
        return ""
    return f"{day.month}月{day.day}日" if day.year < values.YEARLESS + 100 else noted.on(day, today)

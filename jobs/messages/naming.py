"""Variables that need no list: a field, shared value or link by its number (`#K3`), days from today (`今日+3日`)."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = {"今日": 0, "本日": 0, "明日": 1, "明後日": 2, "あさって": 2, "昨日": -1}
_COMPUTED = re.compile(
    rf"(?P<base>#[KV]\d{{1,9}}|{'|'.join(DAYS)})"
    r"(?:(?P<sign>[+-])(?P<count>\d{1,4})(?P<unit>日|週間?|[かヶカヵケ]月|年)後?)?"
)
# A link, and behind the dot the button that says what it does here: its row, or its place (b0) until that has an id.
_LINK = re.compile(r"#L(?P<link>\d{1,9})(?:\.(?:(?P<button>\d{1,18})|b\d{1,9}))?")
_FORM = re.compile(r"#Q\d{1,9}")  # the page of a form
FORM = "フォーム:"
LINK = "リンク:"  # what stands before the name of a link where staff write it
_NAME = re.compile(r"[\w][\w・:：+\-./()（）]{0,39}")


@dataclass(frozen=True, slots=True)
class Computed:
    """`base` is #K3, #V2, #L5, #Q2 or a word for a day; days and months are added to it, if it is a day."""

    base: str
    days: int = 0
    months: int = 0
    button: int | None = None  # of a link

    @property
    def letter(self) -> str:
        return self.base[1] if self.base[0] == "#" else ""

    @property
    def number(self) -> int:
        return int(self.base[2:]) if self.letter else 0

    def from_day(self, day: date) -> date:
        """The day so much later or earlier; of a shorter month its last. Raises OverflowError, ValueError."""
        months = day.year * 12 + day.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        whole = day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
        return whole + timedelta(days=self.days)


def read(name: str) -> Computed | None:
    """What a variable's name means by its form; None where it is a name of something else."""
    link = _LINK.fullmatch(_levelled(name))
    if link is not None:
        return Computed(f"#L{link['link']}", button=int(link["button"]) if link["button"] else None)
    if _FORM.fullmatch(_levelled(name)):
        return Computed(_levelled(name))
    found = _COMPUTED.fullmatch(_levelled(name))
    if found is None:
        return None
    count = int(found["count"] or 0) * (-1 if found["sign"] == "-" else 1)
    match (found["unit"] or "日")[0]:
        case "日":
            return Computed(found["base"], days=count)
        case "週":
            return Computed(found["base"], days=7 * count)
        case "年":
            return Computed(found["base"], months=12 * count)
    return Computed(found["base"], months=count)


def canonical(name: str) -> str | None:
    """The name as messages are asked for its value; None where it says nothing by its form."""
    levelled = _levelled(name)
    found = _LINK.fullmatch(levelled) or _FORM.fullmatch(levelled) or _COMPUTED.fullmatch(levelled)
    return found[0] if found else None


def leads(name: str) -> bool:
    """Whether a variable is a whole address."""
    return name.startswith((LINK, "#L", FORM, "#Q"))


def parted(name: str) -> tuple[str, str]:
    """`来店日+30日` as the name and what is counted from it."""
    found = re.fullmatch(r"(.+?)([+-]\d{1,4}(?:日|週間?|[かヶカヵケ]月|年)後?)", _levelled(name))
    return (name[: len(found[1])], found[2]) if found else (name, "")


def may_be_written(name: str) -> bool:
    """Whether a name can stand in braces and means nothing else there."""
    return _NAME.fullmatch(name) is not None and read(name) is None and parted(name)[1] == ""


def _levelled(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace("−", "-").replace("‐", "-")

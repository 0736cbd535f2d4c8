"""Moments and schedules as people write them: 12/24(木) 18:00, 今夜 19時半, 毎週月水金 10:00 祝日は休む."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from admin_commands.grammar import numbers
from jobs import recurrence, timing
from jobs.recurrence import Daily, Holiday, Hourly, Monthly, NthWeekday, Rule, Weekly, Yearly
from jobs.timing import Unit

EXAMPLES = ("12/24 18:00", "明日 10:00", "毎週水曜 10:00", "毎月25日 10:00")
UNREADABLE = "の日時が読めません"
NO_CLOCK = "に時刻がありません"
CLOCKS = (time(10), time(12), time(18), time(20))
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Day:
    """`12/24`, `2026-12-24`, `12/24(木)`; without a year it is this year's."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """今日 is 0, 明日 1, 明後日 2."""

    days: int


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """次の金曜 (`week` is None), 今週の金曜 (0), 来週の金曜 (1)."""

    weekday: int
    week: Literal[0, 1] | None = None


@dataclass(frozen=True, slots=True)
class At:
    day: Day | Ahead | OnWeekday
    at: time


@dataclass(frozen=True, slots=True)
class After:
    """30分後, 3日後 12:00; nothing (今すぐ) when `amount` is 0."""

    amount: int
    unit: Unit = "minute"
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A moment or a rule as it was said; `settle` gives it its dates."""

    when: At | After | Rule
    since: Day | None = None
    until: Day | None = None
    holiday: Holiday = "run"


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to mend what was said: the words on the button and the schedule as it would be written."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is no schedule, and what it was probably meant to be."""

    what: str
    offers: tuple[Offer, ...] = ()


NUMBER = numbers.NUMBER
WEEKDAY = r"(?:[月火水木金土日](?:曜日?)?)"
ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENGLISH_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?"
DAYS = rf"(?:{WEEKDAY}(?: ?[・,と&/] ?)?)*{WEEKDAY}|{ENGLISH_DAY}(?:(?: ?, ?| and | ?& ?){ENGLISH_DAY})*"
DAY = re.compile(
    rf"(?:(?:(?P<year>\d{{4}}) ?[-/年] ?)?(?P<month>{NUMBER}) ?[-/月] ?(?P<day>{NUMBER})日?)"
    rf"(?: ?\( ?(?P<weekday>[月火水木金土日])(?:曜日?)? ?\))?",
    re.IGNORECASE,
)
AHEAD = re.compile(
    r"(?:(?P<half>今夜|今晩|今朝|明朝|明晩|tonight)|(?P<word>今日|本日|明日|あした|あす|明後日|あさって|明々後日|しあさって|today|tomorrow))"
    r"(?:の|、|は)?",
    re.IGNORECASE,
)
AHEAD_DAYS = {
    **dict.fromkeys(("今日", "本日", "today"), 0),
    **dict.fromkeys(("明日", "あした", "あす", "tomorrow"), 1),
    **dict.fromkeys(("明後日", "あさって"), 2),
    **dict.fromkeys(("明々後日", "しあさって"), 3),
}
HALVES = {
    "今夜": (0, "夜"),
    "今晩": (0, "夜"),
    "tonight": (0, "夜"),
    "今朝": (0, "朝"),
    "明朝": (1, "朝"),
    "明晩": (1, "夜"),
}
AHEAD_WORDS = ("今日", "明日", "明後日", "明々後日")
ON_WEEKDAY = re.compile(rf"(?P<week>次|今週|来週|今度|next )の? ?(?P<days>{WEEKDAY}|{ENGLISH_DAY})の?", re.IGNORECASE)
NOW = re.compile(r"今すぐ|すぐ(?:に)?|now\b|immediately", re.IGNORECASE)
AFTER = re.compile(rf"(?P<amount>{NUMBER}|半) ?(?P<unit>分|時間|日|週間)(?P<semi>半)? ?後(?:の|に)?")
AFTER_ENGLISH = re.compile(r"(?:after|in) (?P<amount>\d{1,9}) ?(?P<unit>m|min|h|d|w)\w*", re.IGNORECASE)
LETTERS = {"m": "分", "min": "分", "h": "時間", "d": "日", "w": "週間"}
UNITS: dict[str, Unit] = {"分": "minute", "時間": "hour", "日": "day", "週間": "day"}

EVERY_DAY = re.compile(
    r"(?:(?P<all>毎日|daily|every ?day)|(?P<work>平日|weekdays)|(?P<weekend>土日|週末|weekends))の?", re.IGNORECASE
)
EVERY_WEEK = re.compile(rf"(?P<every>毎週|隔週|weekly|biweekly) ?の? ?(?P<days>{DAYS})の?", re.IGNORECASE)
NTH = re.compile(
    rf"(?:毎月 ?の? ?)?第 ?(?P<nths>{NUMBER}(?: ?[・,と] ?第? ?{NUMBER})*) ?(?P<last>[・,と] ?最終 ?)?"
    rf"の?(?P<days>{WEEKDAY})の?"
)
NTH_ENGLISH = re.compile(
    rf"monthly (?P<nths>\d(?:st|nd|rd|th)(?: ?, ?\d(?:st|nd|rd|th))*) (?P<days>{ENGLISH_DAY})", re.IGNORECASE
)
LAST_DAY = re.compile(
    rf"(?:毎月 ?の? ?)?(?:最終|最後) ?の?(?P<days>{WEEKDAY})の?|monthly last (?P<english>{ENGLISH_DAY})", re.IGNORECASE
)
MONTH_END = re.compile(r"(?:毎月 ?の? ?)?月末の?|毎月末の?|毎月 ?最終日|monthly last(?! [a-z])", re.IGNORECASE)
EVERY_MONTH = re.compile(
    rf"(?:毎月 ?の? ?(?P<day>{NUMBER})日|monthly (?P<english>\d{{1,2}})(?:st|nd|rd|th)?)の?", re.IGNORECASE
)
EVERY_YEAR = re.compile(r"(?:毎年|yearly|annually) ?の? ?", re.IGNORECASE)
EVERY_HOURS = re.compile(
    rf"(?P<hours>{NUMBER}) ?時間(?:ごと|毎|おき)(?:に)?|every (?P<english>\d{{1,2}}) ?h\w*", re.IGNORECASE
)
FROM_TIME = re.compile(r"(?:から|より|at |に)")

PERIOD = re.compile(r"(?:期間|period) ?[:=]? ?", re.IGNORECASE)
UNTIL = re.compile(r" ?(?:~|から|-) ?")
HOLIDAYS = re.compile(
    r"祝日(?:は|なら|の場合は?)? ?"
    r"(?:(?P<skip>休む|休み|お休み|なし|除く)|(?P<after>翌営業日|次の営業日)|(?P<before>前営業日|前の営業日))(?:に|へ)?"
    r"|(?P<e_skip>skip holidays)|(?P<e_after>holidays after)|(?P<e_before>holidays before)",
    re.IGNORECASE,
)


def read(text: str, position: int = 0) -> tuple[Schedule, int] | Problem:
    """The schedule at `position` of a levelled text and the index after it, or what is wrong with it."""
    found = _when(text, _behind_space(text, position))
    if isinstance(found, Problem):
        return found
    when, end = found
    schedule = Schedule(when)
    while True:
        at = _behind_space(text, end)
        more = _period(schedule, text, at) or _holiday(schedule, text, at)
        if more is None:
            return schedule, end
        if isinstance(more, Problem):
            return more
        schedule, end = more


def whole(text: str) -> Schedule | Problem:
    """The schedule that a whole levelled text is."""
    found = read(text)
    if isinstance(found, Problem):
        return found
    return found[0] if not text[found[1] :].strip() else Problem(UNREADABLE)


def begins(text: str, position: int = 0) -> bool:
    """Whether a schedule begins here, even one that lacks its time of day."""
    found = read(text, position)
    return not isinstance(found, Problem) or found.what != UNREADABLE


def _behind_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in " ,":
        position += 1
    return position


# ---- moments and rules ----

Found = tuple[At | After | Rule, int] | Problem


def _when(text: str, position: int) -> Found:
    for reader in (_now, _after, _ahead, _on_weekday, _repeated, _on_day):
        found = reader(text, position)
        if found is not None:
            return found
    return Problem(UNREADABLE)


def _now(text: str, position: int) -> Found | None:
    now = NOW.match(text, position)
    return (After(0), now.end()) if now else None


def _after(text: str, position: int) -> Found | None:
    found = AFTER.match(text, position)
    english = None if found else AFTER_ENGLISH.match(text, position)
    if found is not None:
        unit, amount, semi, end = found["unit"], found["amount"], bool(found["semi"]), found.end()
    elif english is not None:
        unit, amount, semi, end = LETTERS[english["unit"].lower()], english["amount"], False, english.end()
    else:
        return None
    return _elapsed(text, end, amount, unit, semi)


def _elapsed(text: str, end: int, amount: str, unit: str, semi: bool) -> Found:
    count = numbers.number(amount)
    match amount, unit, semi:
        case "半", "時間", False:
            return After(30, "minute"), end
        case "半", "日", False:
            return After(12, "hour"), end
        case _, "時間", True if count is not None:
            return After(count * 60 + 30, "minute"), end
    if count is None or semi:
        return Problem(UNREADABLE)
    count *= 7 if unit == "週間" else 1
    kind = UNITS[unit]
    if count > timing.LIMITS[kind]:
        return Problem(f"は長すぎます（{timing.LIMITS[kind]:,}{timing.UNITS[kind]}後まで）")
    at = _clock(text, end) if kind == "day" else None
    return (After(count, kind, at[0]), at[1]) if at else (After(count, kind), end)


def _ahead(text: str, position: int) -> Found | None:
    """今夜 is looked for before 夜, which is only a part of the day."""
    found = AHEAD.match(text, position)
    if found is None:
        return None
    if found["half"]:
        days, half = HALVES[found["half"].lower()]
        return _timed(text, found.end(), Ahead(days), half)
    return _timed(text, found.end(), Ahead(AHEAD_DAYS[found["word"].lower()]))


def _on_weekday(text: str, position: int) -> Found | None:
    found = ON_WEEKDAY.match(text, position)
    if found is None:
        return None
    weeks: dict[str, Literal[0, 1]] = {"今週": 0, "来週": 1}
    return _timed(text, found.end(), OnWeekday(_weekdays(found["days"])[0], weeks.get(found["week"])))


def _on_day(text: str, position: int) -> Found | None:
    found = _day(text, position)
    if found is None or isinstance(found, Problem):
        return found
    return _timed(text, found[1], found[0])


def _timed(text: str, end: int, day: Day | Ahead | OnWeekday, half: str = "") -> Found:
    at = _clock(text, end, half)
    return (At(day, at[0]), at[1]) if at else _needs_clock(_show_day(day))


def _needs_clock(before: str) -> Problem:
    """A time of day is never guessed; four usual ones are offered."""
    clocks = [timing.clock_text(at) for at in CLOCKS]
    return Problem(NO_CLOCK, tuple(Offer(clock, f"{before} {clock}") for clock in clocks))


def _clock(text: str, position: int, half: str = "") -> tuple[time, int] | None:
    """The time of day behind a day; `half` is the part of the day that the day's word has named (今夜)."""
    position = _behind_space(text, position)
    position = ((found := FROM_TIME.match(text, position)) and found.end()) or position
    if half:
        at = numbers.clock(f"{half}{text[position : position + 24]}")
        if at is not None:
            return at[0], position + at[1] - len(half)
    return numbers.clock(text, position)


def _day(text: str, position: int) -> tuple[Day, int] | Problem | None:
    found = DAY.match(text, position)
    if found is None:
        return None
    month, day = numbers.number(found["month"]), numbers.number(found["day"])
    year = int(found["year"]) if found["year"] else None
    if month is None or day is None or not 1 <= month <= 12:
        return None
    if year is not None and year not in YEARS:
        return Problem(f"の{year}年は使えません（{YEARS[0]}〜{YEARS[-1]}年）")
    weekday = timing.WEEKDAYS.index(found["weekday"]) if found["weekday"] else None
    most = _length(year or 2000, month)
    if not 1 <= day <= most:
        most = min(most, 28) if year is None and month == 2 else most
        written = f"{year}-{month:02d}-" if year else f"{month}/"
        rest = text[found.end() : found.end() + 16].split("期間")[0].strip()
        offers = (Offer(f"{month}月{most}日", f"{written}{most} {rest}".strip()),) if day else ()
        return Problem(f"の{month}月{day}日はありません", offers)
    return Day(month, day, year, weekday), found.end()


def _length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def _weekdays(text: str) -> tuple[int, ...]:
    """`月水金`, `月・水・金曜日`, `mon, wed` -> 0, 2, 4; the 日 of 曜日 is no Sunday."""
    english = re.findall(ENGLISH_DAY, text, re.IGNORECASE)
    if english:
        return tuple(sorted({ENGLISH_DAYS.index(one[:3].lower()) for one in english}))
    return tuple(sorted({timing.WEEKDAYS.index(one) for one in re.sub("曜日?", "", text) if one in timing.WEEKDAYS}))


def _repeated(text: str, position: int) -> Found | None:
    found = _rule(text, position)
    if found is None or isinstance(found, Problem):
        return found
    rule, end = found
    at = _clock(text, end)
    return (replace(rule, at=at[0]), at[1]) if at else _needs_clock(recurrence.rule_text(rule))


def _rule(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    """The rule at `position`, its time of day still unknown."""
    for reader in (_daily, _weekly, _nth, _last_weekday, _month_end, _monthly, _yearly, _hourly):
        found = reader(text, position)
        if found is not None:
            return found
    return None


UNKNOWN = time(0)


def _daily(text: str, position: int) -> tuple[Rule, int] | None:
    found = EVERY_DAY.match(text, position)
    if found is None:
        return None
    return Daily(UNKNOWN, "all" if found["all"] else "workdays" if found["work"] else "weekend"), found.end()


def _weekly(text: str, position: int) -> tuple[Rule, int] | None:
    found = EVERY_WEEK.match(text, position)
    if found is None:
        return None
    every: Literal[1, 2] = 1 if found["every"].lower() in ("毎週", "weekly") else 2
    return Weekly(_weekdays(found["days"]), UNKNOWN, every), found.end()


def _nth(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = NTH.match(text, position) or NTH_ENGLISH.match(text, position)
    if found is None:
        return None
    nths = [numbers.number(one) for one in re.findall(NUMBER, found["nths"])]
    if not all(nth is not None and 1 <= nth <= 5 for nth in nths):
        return Problem("の「第」の後は1〜5で書いてください")
    last = [recurrence.LAST] if "last" in found.groupdict() and found["last"] else []
    counted = sorted({nth for nth in nths if nth is not None})
    return NthWeekday((*counted, *last), _weekdays(found["days"])[0], UNKNOWN), found.end()


def _last_weekday(text: str, position: int) -> tuple[Rule, int] | None:
    found = LAST_DAY.match(text, position)
    if found is None:
        return None
    weekday = _weekdays(found["days"] or found["english"])[0]
    return NthWeekday((recurrence.LAST,), weekday, UNKNOWN), found.end()


def _month_end(text: str, position: int) -> tuple[Rule, int] | None:
    found = MONTH_END.match(text, position)
    return (Monthly(recurrence.LAST, UNKNOWN), found.end()) if found else None


def _monthly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = EVERY_MONTH.match(text, position)
    if found is None:
        return None
    day = numbers.number(found["day"] or found["english"])
    if day is None or not 1 <= day <= 31:
        return Problem("の日は1〜31で書いてください", (Offer("月末", f"月末{text[found.end() : found.end() + 16]}"),))
    return Monthly(day, UNKNOWN), found.end()


def _yearly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    every = EVERY_YEAR.match(text, position)
    if every is None:
        return None
    found = _day(text, every.end())
    if found is None:
        return Problem(UNREADABLE)
    if isinstance(found, Problem):
        return replace(found, offers=tuple(replace(one, text=f"毎年{one.text}") for one in found.offers))
    day, end = found
    return Yearly(day.month, day.day, UNKNOWN), end


def _hourly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = EVERY_HOURS.match(text, position)
    if found is None:
        return None
    hours = numbers.number(found["hours"] or found["english"])
    if hours is None or not 1 <= hours <= 240:
        return Problem("の間隔は1〜240時間で書いてください")
    return Hourly(hours, UNKNOWN), found.end()


# ---- period and holidays ----


def _period(schedule: Schedule, text: str, position: int) -> tuple[Schedule, int] | Problem | None:
    found = PERIOD.match(text, position)
    if found is None:
        return None
    since = _day(text, found.end())
    if isinstance(since, Problem):
        return since
    to = UNTIL.match(text, since[1] if since else found.end())
    until = _day(text, to.end()) if to else None
    if isinstance(until, Problem):
        return until
    if (since is None and until is None) or schedule.since or schedule.until:
        return Problem("の期間が読めません", (Offer("期間 12/1〜12/31", f"{show(schedule)} 期間 12/1〜12/31"),))
    end = until[1] if until else to.end() if to else since[1] if since else position
    return replace(schedule, since=since[0] if since else None, until=until[0] if until else None), end


def span(text: str) -> tuple[Day | None, Day | None] | Problem:
    """`12/1〜12/31`, `〜2026-12-31`, `12/1から`: a first and a last day, one of which may be open."""
    since = _day(text, 0)
    to = UNTIL.match(text, since[1]) if isinstance(since, tuple) else UNTIL.match(text)
    until = _day(text, to.end()) if to else None
    for one in (since, until):
        if isinstance(one, Problem):
            return one
    first, last = (one[0] if isinstance(one, tuple) else None for one in (since, until))
    end = until[1] if isinstance(until, tuple) else to.end() if to else 0
    if (first is None and last is None) or to is None or text[end:].removeprefix("まで").strip():
        return Problem("の期間が読めません", (Offer("12/1〜12/31", "12/1〜12/31"),))
    return first, last


def show_span(since: Day | None, until: Day | None) -> str:
    first, last = (_show_day(day) if day else "" for day in (since, until))
    return f"{first}〜{last}"


def settled_span(since: Day | None, until: Day | None, today: date) -> tuple[date | None, date | None] | Problem:
    """The same with their years: a day without one is this year's, or the next one's when the span would be over."""
    noon = datetime.combine(today, time(12), UTC)
    first, last = (_dated(day, noon) if day else None for day in (since, until))
    if isinstance(first, Problem) or isinstance(last, Problem):
        return first if isinstance(first, Problem) else last if isinstance(last, Problem) else Problem(UNREADABLE)
    over = last is not None and (last < today or (first is not None and last < first))
    if over and last is not None and until is not None and until.year is None and (last.month, last.day) != (2, 29):
        later = first is not None and since is not None and since.year is None and first < last
        last = last.replace(year=last.year + 1)
        if later and first is not None and (first.month, first.day) != (2, 29):
            first = first.replace(year=first.year + 1)
    if first and last and last < first:
        return Problem("の期間は、終わりが始まりより前です")
    return first, last


def day_of(given: date) -> Day:
    return Day(given.month, given.day, given.year)


def _holiday(schedule: Schedule, text: str, position: int) -> tuple[Schedule, int] | None:
    found = HOLIDAYS.match(text, position)
    if found is None:
        return None
    named = next(name for name, said in found.groupdict().items() if said).removeprefix("e_")
    holidays: dict[str, Holiday] = {"skip": "skip", "after": "after", "before": "before"}
    return replace(schedule, holiday=holidays[named]), found.end()


# ---- canonical text ----


def show(schedule: Schedule) -> str:
    """Canonical Japanese; reading it gives the same schedule."""
    pieces = [_show_when(schedule.when)]
    if schedule.since or schedule.until:
        since, until = (_show_day(day) if day else "" for day in (schedule.since, schedule.until))
        pieces.append(f"期間 {since}〜{until}")
    if schedule.holiday != "run":
        pieces.append(recurrence.holiday_text(schedule.holiday))
    return " ".join(pieces)


def _show_when(when: At | After | Rule) -> str:
    match when:
        case At(day, at):
            return f"{_show_day(day)} {timing.clock_text(at)}"
        case After(0):
            return "今すぐ"
        case After(amount, unit, at):
            clock = f" {timing.clock_text(at)}" if at else ""
            return f"{amount}{timing.UNITS[unit]}後{clock}"
        case _:
            return f"{recurrence.rule_text(when)} {timing.clock_text(when.at)}"


def _show_day(day: Day | Ahead | OnWeekday) -> str:
    match day:
        case Ahead(days):
            return AHEAD_WORDS[days]
        case OnWeekday(weekday, week):
            return f"{'次の' if week is None else ('今週の', '来週の')[week]}{timing.WEEKDAYS[weekday]}曜"
        case Day(month, number, year, weekday):
            written = f"{year}-{month:02d}-{number:02d}" if year else f"{month}/{number}"
            return written + (f"({timing.WEEKDAYS[weekday]})" if weekday is not None else "")


# ---- dates ----


def settle(schedule: Schedule, now: datetime, tz: ZoneInfo) -> recurrence.Schedule | Problem:
    """The schedule with its dates as of `now`; what lies in the past or contradicts itself is a Problem."""
    local = now.astimezone(tz)
    since = _dated(schedule.since, local) if schedule.since else None
    until = _dated(schedule.until, local) if schedule.until else None
    if isinstance(since, Problem) or isinstance(until, Problem):
        return since if isinstance(since, Problem) else until if isinstance(until, Problem) else Problem(UNREADABLE)
    if since and until and until < since and schedule.until and not schedule.until.year:
        until = until.replace(year=since.year + 1) if (until.month, until.day) != (2, 29) else until
    if since and until and until < since:
        return Problem("の期間は、終わりが始まりより前です")
    found = _settled(schedule, local, tz, since, until)
    if isinstance(found, Problem) or schedule.when == After(0):
        return found
    if not recurrence.runs(found, now, tz, 1):
        return _past(found, local)
    return found


def _settled(
    schedule: Schedule, local: datetime, tz: ZoneInfo, since: date | None, until: date | None
) -> recurrence.Schedule | Problem:
    when = schedule.when
    if isinstance(when, After):
        once = _once_after(when, local)
        return recurrence.Schedule(once, since, until, schedule.holiday)
    if isinstance(when, At):
        day = _dated(when.day, local, when.at)
        if isinstance(day, Problem):
            return day
        return recurrence.Schedule(recurrence.Once(day, when.at), since, until, schedule.holiday)
    if since is None and (isinstance(when, Hourly) or (isinstance(when, Weekly) and when.every > 1)):
        since = local.date()
        if isinstance(when, Weekly):
            weekly = recurrence.Schedule(replace(when, every=1))
            first = recurrence.runs(weekly, local, tz, 1)
            since = first[0].astimezone(tz).date() if first else since
    return recurrence.Schedule(when, since, until, schedule.holiday)


def _once_after(when: After, local: datetime) -> recurrence.Once:
    """A moment so and so long from now, on the full minute (今すぐ: this very moment)."""
    if when.at is not None:
        return recurrence.Once(local.date() + timedelta(days=when.amount), when.at)
    moment = local + timedelta(**{f"{when.unit}s": when.amount})
    if when.amount and (moment.second or moment.microsecond):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return recurrence.Once(moment.date(), moment.time())


def _dated(day: Day | Ahead | OnWeekday, local: datetime, at: time | None = None) -> date | Problem:
    today = local.date()
    match day:
        case Ahead(days):
            return today + timedelta(days=days)
        case OnWeekday(weekday, None):
            return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
        case OnWeekday(weekday, week):
            return today + timedelta(days=weekday - today.weekday() + 7 * (week or 0))
        case Day():
            return _on_calendar(day, local, at)


def _on_calendar(day: Day, local: datetime, at: time | None) -> date | Problem:
    years = [day.year] if day.year else [local.year, local.year + 1]
    found = [date(year, day.month, day.day) for year in years if day.day <= _length(year, day.month)]
    if not found:
        offers = [date(years[-1], 2, 28), date(years[-1], 3, 1)]
        return Problem(f"の{years[-1]}年2月29日はありません", tuple(_on(one, at) for one in offers))
    if day.weekday is None:
        return found[0]
    fitting = [one for one in found if one.weekday() == day.weekday and (day.year or one >= local.date())]
    return fitting[0] if fitting else _contradiction(found[0], day.weekday, at)


def _contradiction(found: date, weekday: int, at: time | None) -> Problem:
    """A weekday that is not the date's: either may be the slip, so both are offered."""
    nearest = min((found + timedelta(days=n) for n in range(-3, 4)), key=lambda one: one.weekday() != weekday)
    what = f"の{found.month}/{found.day}は{timing.WEEKDAYS[found.weekday()]}曜日です。どちらですか"
    return Problem(what, (_on(found, at), _on(nearest, at)))


def _on(day: date, at: time | None) -> Offer:
    label = f"{day.month}/{day.day}({timing.WEEKDAYS[day.weekday()]})"
    clock = f" {timing.clock_text(at)}" if at else ""
    return Offer(label + clock, f"{day.isoformat()}{clock}")


def _past(schedule: recurrence.Schedule, local: datetime) -> Problem:
    """What is over is refused: tomorrow and a year later are offered, for one of today a week later."""
    rule = schedule.rule
    if not isinstance(rule, recurrence.Once):
        return Problem("の期間は過ぎています" if schedule.until else "は、この先動く日がありません")
    tomorrow = local.date() + timedelta(days=1)
    if rule.day == local.date():
        later, label = rule.day + timedelta(days=7), "来週の同じ時刻"
    else:
        year = local.year + (rule.day.replace(year=2000) <= local.date().replace(year=2000))
        later, label = date(year, rule.day.month, min(rule.day.day, _length(year, rule.day.month))), "来年"
    clock = timing.clock_text(rule.at)
    offers = (Offer("明日の同じ時刻", f"{tomorrow.isoformat()} {clock}"), Offer(label, f"{later.isoformat()} {clock}"))
    return Problem("は過ぎています", offers)

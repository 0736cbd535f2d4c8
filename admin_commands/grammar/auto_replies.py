"""■自動応答: its head lines (語, 一致, 種類, 時間 …) read and printed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from admin_commands.grammar import normalise, numbers, schedules, timings, words
from admin_commands.grammar.definitions import AutoReply
from admin_commands.grammar.schedules import Problem
from admin_commands.grammar.words import Line
from jobs import timing
from jobs.keywords import folding, patterns
from jobs.keywords.rules import KINDS, Business, Match
from jobs.timing import Window
from storage import names
from storage.errors import Refused

FALLBACK = "その他"  # the rule of this name answers when no other does
MOST_WORDS = 100
LONGEST_WORD = 50
MOST_PRIORITY = 1_000
MOST_DAYS = 366

MATCHES: dict[Match, tuple[str, ...]] = {
    "contains": ("含む", "部分", "部分一致", "contains"),
    "exact": ("完全", "完全一致", "exact"),
    "prefix": ("前方", "前方一致", "始まる", "prefix"),
    "regex": ("正規表現", "regex"),
}
ANY = "any"
SAID: dict[str, tuple[str, ...]] = {
    "text": ("文字", "テキスト", "文", "text"),
    "sticker": ("スタンプ", "sticker"),
    "image": ("画像", "写真", "image"),
    "video": ("動画", "video"),
    "audio": ("音声", "ボイス", "audio"),
    "file": ("ファイル", "file"),
    "location": ("位置", "位置情報", "location"),
    ANY: ("何でも", "なんでも", "すべて", "any"),
}
ALWAYS = ("いつでも", "終日", "always")
BUSINESS: dict[Business, tuple[str, ...]] = {
    "closed": ("営業時間外", "時間外", "closed"),
    "open": ("営業時間内", "営業時間中", "営業中", "open"),
}
DAILY = ("毎日", "いつでも", "daily")
GROUPS = {"平日": range(5), "土日": range(5, 7), "週末": range(5, 7), "毎日": range(7)}
RANGE = re.compile(r"([月火水木金土日])(?:曜日?)?~([月火水木金土日])(?:曜日?)?")
WEEKDAY = re.compile(r"([月火水木金土日])(?:曜日?)?")
ONCE = re.compile(r"(?:1人1回|一人一回|1回だけ|1回|1度だけ|一度だけ|一回だけ|一回|once)(?:まで|だけ)?")
EVERY = re.compile(rf"({numbers.NUMBER}) ?(分|時間|日)に ?(?:1|一)回(?:まで|だけ)?")
OFTEN = ("何度でも", "何回でも", "毎回", "always")
MINUTES = {"分": 1, "時間": 60, "日": 1440}
GOES_ON = {"する": True, "はい": True, "yes": True, "しない": False, "いいえ": False, "no": False}

Complain = Callable[..., None]  # (line, what, examples): something is wrong with a line


@dataclass(slots=True)
class Head:
    """What the head lines say; 語 is read last, for 一致 says how."""

    complain: Complain = field(repr=False)
    said: dict[str, Any] = field(default_factory=dict)
    words: tuple[Line, Line] | None = None

    @property
    def setters(self) -> dict[str, Callable[[Line, Line], None]]:
        return {
            "words": self._words,
            "match": self._match,
            "kinds": self._kinds,
            "hours": self._hours,
            "weekdays": self._weekdays,
            "valid": self._valid,
            "priority": self._priority,
            "turns": self._again,
            "goes_on": self._goes_on,
        }

    def _words(self, line: Line, value: Line) -> None:
        self.words = (line, value)

    def _match(self, line: Line, value: Line) -> None:
        found = normalise.key_of(MATCHES, value.text)
        if found is None:
            self.complain(
                line, f"の「{value.text}」が分かりません", tuple(f"一致: {spelled[0]}" for spelled in MATCHES.values())
            )
        else:
            self.said["match"] = found

    def _kinds(self, line: Line, value: Line) -> None:
        given = [one for one in re.split("[,・ ]+", value.text) if one]
        found = [normalise.key_of(SAID, one) for one in given]
        if None in found:
            unknown = given[found.index(None)]
            self.complain(
                line, f"の「{unknown}」が分かりません", ("種類: 文字", "種類: スタンプ, 画像", "種類: 何でも")
            )
        else:
            order = [*KINDS, ANY]
            kinds = tuple(sorted({one for one in found if one is not None}, key=order.index))
            self.said["kinds"] = (ANY,) if ANY in kinds else kinds

    def _hours(self, line: Line, value: Line) -> None:
        if value.text in ALWAYS:
            return
        if (business := normalise.key_of(BUSINESS, value.text)) is not None:
            self.said["business"] = business
            return
        found = [timings.window(one.strip()) for one in value.text.split(",")]
        if any(one is None for one in found):
            self.complain(
                line,
                "の時間帯が読めません",
                ("時間: 10:00〜19:00", "時間: 9:00〜12:00, 13:00〜18:00", "時間: 営業時間外", "時間: いつでも"),
            )
        else:
            self.said["hours"] = tuple(one for one in found if one is not None)

    def _weekdays(self, line: Line, value: Line) -> None:
        if value.text in DAILY:
            return
        found = _weekdays(value.text)
        if found is None:
            self.complain(line, "の曜日が読めません", ("曜日: 月・水・金", "曜日: 平日", "曜日: 火〜日"))
        elif len(found) < 7:
            self.said["weekdays"] = found

    def _valid(self, line: Line, value: Line) -> None:
        found = schedules.span(value.text)
        if isinstance(found, Problem):
            examples = tuple(f"期間: {offer.text}" for offer in found.offers) or ("期間: 12/1〜12/31",)
            self.complain(line, found.what, examples)
        else:
            self.said["since"], self.said["until"] = found

    def _priority(self, line: Line, value: Line) -> None:
        found = numbers.number(value.text)
        if found is None or found > MOST_PRIORITY:
            self.complain(
                line, f"は0〜{MOST_PRIORITY:,}の数字で書いてください（大きいほど先に働きます）", ("優先: 10",)
            )
        else:
            self.said["priority"] = found

    def _again(self, line: Line, value: Line) -> None:
        text = value.text
        every = EVERY.fullmatch(text)
        count = numbers.number(every[1]) if every else None
        if text in OFTEN:
            return
        if ONCE.fullmatch(text):
            self.said["once"] = True
        elif every and count and count * MINUTES[every[2]] <= MOST_DAYS * 1440:
            self.said["rest"] = count * MINUTES[every[2]]
        else:
            self.complain(line, "の回数が読めません", ("回数: 1人1回", "回数: 3時間に1回", "回数: 何度でも"))

    def _goes_on(self, line: Line, value: Line) -> None:
        found = GOES_ON.get(normalise.fold(value.text))
        if found is None:
            self.complain(line, "は「する」か「しない」で書いてください", ("続けて: する",))
        else:
            self.said["goes_on"] = found

    def settle(self, name: str, first: Line) -> dict[str, Any]:
        """All that was said, once every line is read; `first` is the block's first line."""
        match: Match = self.said.get("match", "contains")
        if names.name_key(name) == names.name_key(FALLBACK) and self.words is not None:
            what = f"は、自動応答「{FALLBACK}」には書きません（ほかのどれにも当たらない時に働きます）"
            self.complain(self.words[0], what)
        elif self.words is not None:
            self._settle_words(match, *self.words)
        elif match != "contains":
            self.complain(first, "に「語:」がありません", ("語: 営業時間, 何時まで",))
        return self.said

    def _settle_words(self, match: Match, line: Line, value: Line) -> None:
        if match == "regex":
            self.said["pattern"] = value.raw.strip()
            try:
                patterns.compiled(self.said["pattern"])
            except Refused as refused:
                self.complain(line, f"の正規表現は{refused.message}", ("語: (営業|定休).*(時間|日)",))
            return
        found = read_words(value)
        if isinstance(found, str):
            self.complain(line, found, ("語: 営業時間, 何時まで", "語: 予約+変更"))
        elif match != "contains" and any(len(parts) > 1 for parts in found):
            self.complain(line, "の「+」は、「一致: 含む」の時だけ使えます", ("語: 予約変更",))
        else:
            self.said["words"] = found


def read_words(value: Line) -> tuple[tuple[str, ...], ...] | str:
    """`営業時間, 予約+変更, 「LINE Pay」`: any of these, a + joins what must all be there; or what is wrong."""
    found: list[list[str]] = []
    text, position, joined = value.text, 0, False
    while position < len(text):
        letter = text[position]
        if letter in ", +":
            joined = (joined or letter == "+") and letter != ","
            position += 1
            continue
        close = words.closing(text, position, len(text)) if letter in words.OPENERS else -1
        end = close if close >= 0 else position + 1
        while close < 0 and end < len(text) and text[end] not in ", +":
            end += 1
        word = words.inside(value, position, close) if close >= 0 else value.lookup.carve(position, end)
        if joined and found:
            found[-1].append(word)
        else:
            found.append([word])
        position = end + (close >= 0)
        joined = False
    wrong = _wrong([part for parts in found for part in parts], len(found))
    return wrong or tuple(dict.fromkeys(tuple(parts) for parts in found))


def _wrong(parts: Sequence[str], count: int) -> str:
    if not parts:
        return "に語がありません"
    if count > MOST_WORDS:
        return f"の語が多すぎます（{MOST_WORDS}個まで）"
    empty = next((part for part in parts if not folding.bare(folding.fold(part))), None)
    if empty is not None:
        return "に空の語があります"
    long = next((part for part in parts if len(part) > LONGEST_WORD), None)
    return f"の「{long[:10]}…」が長すぎます（{LONGEST_WORD}文字まで）" if long is not None else ""


def _weekdays(text: str) -> tuple[int, ...] | None:
    found: set[int] = set()
    rest = text
    for word, days in GROUPS.items():
        if word in rest:
            found.update(days)
            rest = rest.replace(word, "")
    for start, end in RANGE.findall(rest):
        first, last = timing.WEEKDAYS.index(start), timing.WEEKDAYS.index(end)
        found.update(day % 7 for day in range(first, last + 1 + 7 * (last < first)))
    rest = RANGE.sub("", rest)
    found.update(timing.WEEKDAYS.index(day) for day in WEEKDAY.findall(rest))
    if WEEKDAY.sub("", rest).strip(" ,・と&/") or not found:
        return None
    return tuple(sorted(found))


# ---- canonical text ----


def show(given: AutoReply) -> list[str]:
    """The head lines, but for 対象 and 版."""
    lines = []
    if given.words or given.pattern:
        lines.append(f"語: {given.pattern or show_words(given.words)}")
    if given.match != "contains":
        lines.append(f"一致: {MATCHES[given.match][0]}")
    if given.kinds != ("text",):
        lines.append(f"種類: {', '.join(SAID[kind][0] for kind in given.kinds)}")
    if given.business or given.hours:
        lines.append(f"時間: {BUSINESS[given.business][0] if given.business else show_hours(given.hours)}")
    if given.weekdays:
        lines.append(f"曜日: {show_weekdays(given.weekdays)}")
    if given.since or given.until:
        lines.append(f"期間: {schedules.show_span(given.since, given.until)}")
    if given.priority:
        lines.append(f"優先: {given.priority}")
    if given.once or given.rest:
        lines.append(f"回数: {show_again(given)}")
    if given.goes_on:
        lines.append("続けて: する")
    return lines


def show_words(given: Sequence[Sequence[str]]) -> str:
    return ", ".join("+".join(map(_quoted, parts)) for parts in given)


def _quoted(word: str) -> str:
    read = read_words(words.line_of(f"{word}, {word}"))
    safe = read == ((word,),) and "//" not in word and not set(word) & {*words.OPENERS, *words.OPENERS.values()}
    return word if safe else words.quote(word)


def show_hours(hours: Sequence[Window]) -> str:
    return ", ".join(map(timing.window_text, hours))


def show_weekdays(days: Sequence[int]) -> str:
    group = next((word for word, range_ in GROUPS.items() if tuple(range_) == tuple(days)), None)
    return group or "・".join(timing.WEEKDAYS[day] for day in days)


def show_again(given: AutoReply) -> str:
    if given.once:
        return "1人1回"
    rest = given.rest or 0
    unit = next(unit for unit in ("日", "時間", "分") if rest % MINUTES[unit] == 0)
    return f"{rest // MINUTES[unit]}{unit}に1回"

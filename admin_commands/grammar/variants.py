"""■配信 with ▼A and ▼B: what is tried on whom, by what it is judged, and who gets nothing to compare with."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from admin_commands.grammar import normalise, segments, words
from admin_commands.grammar.definitions import Broadcast, TemplatePart, Variant, Worn
from admin_commands.grammar.words import Line

LETTERS = "ABCD"
TITLE = re.compile(r"(?:パターン|案|variant)? ?(?P<letter>[A-D])案?(?: ?(?P<share>\d{1,3}) ?%)?$", re.IGNORECASE)
PERCENT = re.compile(r"(\d{1,3}) ?%?$")
SPAN = re.compile(r"(?P<count>\d{1,4}) ?(?P<unit>分|時間|日|min|h|d)後?$")
UNITS = {"分": 1, "min": 1, "時間": 60, "h": 60, "日": 1440, "d": 1440}
SOONEST, LATEST = 10, 14 * 1440  # minutes after which a winner may be found
BY_HAND = 0
HAND = ("手動", "手で", "自分で", "manual")
NONE = ("なし", "無し", "none")
METRICS: dict[Literal["clicked", "replied"], Sequence[str]] = {
    "clicked": ("クリック", "クリック率", "click", "clicks"),
    "replied": ("返信", "返信率", "reply", "replies"),
}
LATER = ("cv", "コンバージョン", "計測", "購入", "予約", "conversion")
MOST_TEST, MOST_HELD = 99, 50
EXAMPLES = {
    "test": ("テスト: 20%",),
    "metric": ("指標: クリック", "指標: 返信", "指標: タグ:購入"),
    "wins": ("勝者: 24時間後", "勝者: 手動"),
    "held": ("送らない: 10%",),
}


class Complain(Protocol):
    def __call__(self, line: Line, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None: ...


@dataclass(slots=True)
class Head:
    """What the head lines say; `lines` are those in which they stand."""

    complain: Complain = field(repr=False)
    test: int | None = None
    metric: Literal["clicked", "replied"] | Worn | None = None
    wins: int | None = None
    held: int | None = None
    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def setters(self) -> dict[str, Callable[[Line, Line], None]]:
        return {"test": self._test, "metric": self._metric, "wins": self._wins, "held": self._held}

    def _test(self, line: Line, value: Line) -> None:
        self.lines["test"] = line
        self.test = self._percent(line, value, MOST_TEST, "test")

    def _held(self, line: Line, value: Line) -> None:
        self.lines["held"] = line
        self.held = self._percent(line, value, MOST_HELD, "held")

    def _percent(self, line: Line, value: Line, most: int, key: str) -> int | None:
        found = PERCENT.match(value.text)
        percent = int(found[1]) if found else 0
        if value.text in NONE:
            return None
        if not 1 <= percent <= most:
            self.complain(line, f"の割合は1%〜{most}%で書いてください", EXAMPLES[key])
            return None
        return percent

    def _metric(self, line: Line, value: Line) -> None:
        self.lines["metric"] = line
        if value.text not in NONE:
            self.metric = self._measured(line, value, "metric")

    def _wins(self, line: Line, value: Line) -> None:
        """`24時間後`, `手動`, or with what it is judged by in front: `クリック 24時間後`."""
        self.lines["wins"] = line
        if value.text in NONE:
            return
        found = SPAN.search(value.text)
        by_hand = next((word for word in HAND if value.text.endswith(word)), "")
        if found is not None:
            self.wins = int(found["count"]) * UNITS[found["unit"]]
            if not SOONEST <= self.wins <= LATEST:
                self.complain(line, "は10分後から14日後までで書いてください", EXAMPLES["wins"])
        elif by_hand:
            self.wins = BY_HAND
        else:
            self.complain(line, "にいつ決めるかがありません", ("勝者: クリック 24時間後", "勝者: 手動"))
            return
        end = found.start() if found is not None else len(value.text) - len(by_hand)
        before = value.lookup.carve(0, end).strip()
        if before:
            self.metric = self._measured(line, words.line_of(before), "wins")

    def _measured(self, line: Line, value: Line, key: str) -> Literal["clicked", "replied"] | Worn | None:
        known = normalise.key_of(METRICS, value.text)
        if known is not None:
            return known
        tokens = [one for one in words.tokens(value) if one.kind == "option"]
        if len(tokens) == 1 and segments.is_tag_word(normalise.fold(tokens[0].key)):
            tags = words.values_of(value, tokens[0])
            if len(tags) == 1:
                return Worn(tags[0])
        if normalise.fold(value.text) in map(normalise.fold, LATER):
            tag = "（買った方などに付けるタグで数えられます）"
            self.complain(line, f"の「{value.text}」は、まだ数えられません{tag}", ("指標: タグ:購入",))
        else:
            self.complain(line, f"の「{value.text}」は指標になりません", EXAMPLES[key])
        return None

    def check(self, given: Sequence[Variant], titles: dict[str, Line]) -> None:
        """What does not go together."""
        for key in ("test", "wins"):
            if key in self.lines and getattr(self, key) is not None and not given:
                self.complain(self.lines[key], "は、▼A と ▼B で本文をくらべる時に使います", ("▼A", "▼B"))
        if self.metric is not None and "metric" in self.lines and not given and self.held is None:
            self.complain(
                self.lines["metric"], "は、▼A と ▼B か「送らない:」と一緒に使います", ("▼A", "▼B", "送らない: 10%")
            )
        if (self.test or 0) + (self.held or 0) > 100:
            self.complain(
                self.lines["test"],
                f"と「送らない: {self.held}%」を合わせると100%を超えます",
                (f"テスト: {100 - (self.held or 0)}%",),
            )
        self._check_titles(given, titles)

    def _check_titles(self, given: Sequence[Variant], titles: dict[str, Line]) -> None:
        if len(given) == 1:
            line = titles[given[0].letter]
            self.complain(line, "だけではくらべられません。▼B も書いてください", ("▼A", "▼B"))
        wanted = LETTERS[: len(given)]
        wrong = next((one for one, letter in zip(given, wanted, strict=True) if one.letter != letter), None)
        if len(given) > 1 and wrong is not None:
            place = given.index(wrong)
            self.complain(
                titles[wrong.letter],
                "の順番が違います。▼A、▼B の順に書いてください",
                (),
                f"▼{title(Variant(wanted[place], wrong.share, 0))}",
            )
        total = sum(one.share or 0 for one in given)
        open_ = sum(one.share is None for one in given)
        if len(given) > 1 and (total >= 100 if open_ else total not in (0, 100)):
            even = " ".join(f"▼{letter} {shares(len(given))[place]}%" for place, letter in enumerate(wanted))
            self.complain(titles[given[0].letter], f"からの割合の合計が{total}%です。100%にしてください", (even,))


def percent(text: str) -> int | None:
    found = PERCENT.match(normalise.lookup(text).text)
    return int(found[1]) if found else None


def key_of_option(key: str) -> str:
    """A, or テスト: what an option of 配信 分割 is about."""
    return normalise.lookup(key).text.upper()


def shares(count: int) -> list[int]:
    """Equal shares in whole percent, the first ones the larger."""
    return [100 // count + (place < 100 % count) for place in range(count)]


def ends(given: Sequence[Variant], whole: int) -> list[int]:
    """Where the share of each variant ends, of so many in all."""
    said = sum(one.share or 0 for one in given)
    open_ = sum(one.share is None for one in given)
    found, places = 0, []
    for one in given:
        found += one.share * open_ if one.share is not None and open_ else one.share or (100 - said)
        places.append(found * whole // (100 * (open_ or 1)))
    return places


def parts_of(given: Broadcast) -> Iterator[tuple[Variant, tuple[TemplatePart, ...]]]:
    """Each variant with what it says."""
    first = 0
    for one in given.variants:
        yield one, given.parts[first : first + one.parts]
        first += one.parts


def title(one: Variant) -> str:
    """`A 30%`."""
    return one.letter + (f" {one.share}%" if one.share is not None else "")


def show(given: Broadcast) -> list[str]:
    """The head lines that say what is tried."""
    lines = [f"テスト: {given.test}%"] if given.test is not None else []
    if given.metric is not None:
        lines.append(f"指標: {metric(given.metric)}")
    if given.wins is not None:
        lines.append(f"勝者: {span(given.wins)}")
    return lines + ([f"送らない: {given.held}%"] if given.held is not None else [])


def metric(given: Literal["clicked", "replied"] | Worn) -> str:
    return words.show_reference("タグ", given.tag) if isinstance(given, Worn) else METRICS[given][0]


def span(minutes: int) -> str:
    """24時間後, 手動."""
    if not minutes:
        return HAND[0]
    if minutes % 60:
        return f"{minutes}分後"
    return f"{minutes // 1440}日後" if minutes % 1440 == 0 and minutes > 1440 else f"{minutes // 60}時間後"

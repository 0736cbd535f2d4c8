"""Blocks of the kinds that have a meaning, with everything that can stand in them."""

from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from admin_commands.grammar import definitions, segments, words
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.moments import Between, Day
from admin_commands.grammar.segments.tree import Some
from admin_commands.grammar.words import Id
from jobs import hours
from jobs.timing import IMMEDIATE, NO_YEAR, Timing
from tests.admin_commands.anything.acts import ACTION_LISTS, CLOCKS
from tests.admin_commands.anything.conditions import trees
from tests.admin_commands.anything.names import LETTERS, OBJECTS, TAGS, THINGS, sayable

SEGMENTS = trees(OBJECTS).map(lambda tree: segments.Segment("", tree))
TEXT_LINES = st.text(
    st.sampled_from(list("あいうえお春夏①㈱½ｶﾞ😊 　{}名前/■▼＋+>・→-:https「」#【】//続く")), min_size=1, max_size=12
)


@st.composite
def texts(draw: st.DrawFn) -> definitions.Text:
    lines = draw(
        st.lists(st.one_of(TEXT_LINES, st.just(""), st.just("続く"), st.just("■シナリオ x")), min_size=1, max_size=5)
    )
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return definitions.Text("\n".join(lines) or "こんにちは")


ADDRESSES = st.sampled_from(["https://example.com/style?a=1,2", "https://例え.jp/{名前}", "http://a.jp"])
LABELS = st.text(st.sampled_from(list("あいうVIP 「」・予約→>-")), min_size=1, max_size=8).filter(
    lambda label: label == label.strip() and sayable(label)
)
TARGETS = st.one_of(
    st.builds(definitions.Open, st.one_of(ADDRESSES, st.just("tel:058-123-4567"))),
    st.builds(definitions.Do, ACTION_LISTS),
)
ATTACHMENTS = st.sampled_from(
    [
        definitions.Attachment("image", "https://example.com/a.jpg"),
        definitions.Attachment("video", "https://example.com/a.mp4 https://example.com/a.jpg"),
        definitions.Attachment("audio", "https://example.com/a.m4a 30秒"),
        definitions.Attachment("sticker", "446/1988"),
        definitions.Attachment("image", "", media=words.Name("外観")),
        definitions.Attachment("video", "", media=words.Name("店の 外観: 夜")),
        definitions.Attachment("audio", "", media=words.Name("https://声")),
        definitions.Attachment("image", "", media=words.Id("I", 5)),
    ]
)
BUTTONS = st.builds(definitions.Button, LABELS, TARGETS)
CHOICES = st.one_of(
    st.builds(definitions.Choice, LABELS, st.none() | TARGETS),
    st.builds(definitions.Choice, LABELS, st.none() | st.builds(definitions.Do, ACTION_LISTS), st.integers(1, 9999)),
)
FIELDS = st.one_of(THINGS, st.builds(Id, st.just("K"), st.integers(1, 999)))
PICKS = st.builds(
    definitions.Pick,
    LABELS,
    st.sampled_from(["date", "datetime"]),
    FIELDS,
    st.sampled_from([None, -3, 0, date(2026, 12, 1)]),
    st.sampled_from([None, 1, 30, date(2026, 12, 31)]),
    st.just(()) | ACTION_LISTS,
)
FILMS = st.builds(
    definitions.Attachment,
    st.just("video"),
    st.just(""),
    media=THINGS,
    actions=st.just(()) | ACTION_LISTS,
)
LINKS = st.builds(
    definitions.Link,
    ADDRESSES,
    st.none()
    | st.builds(
        definitions.Measured,
        st.builds(words.Name, st.text(LETTERS, min_size=1, max_size=6).filter(sayable))
        | st.builds(words.Id, st.just("L"), st.integers(1, 99)),
    ),
)
RUNS = st.builds(definitions.Run, ACTION_LISTS)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[definitions.Piece, ...]:
    found = draw(st.lists(st.one_of(texts(), ATTACHMENTS, BUTTONS, LINKS, RUNS, PICKS, FILMS), min_size=1, max_size=4))
    kept: list[definitions.Piece] = []
    for piece in found:
        if not (kept and isinstance(piece, definitions.Text) and isinstance(kept[-1], definitions.Text)):
            kept.append(piece)
    return tuple(kept)


@st.composite
def question_pieces(draw: st.DrawFn) -> tuple[definitions.Piece, ...]:
    return (draw(texts()), *draw(st.lists(st.one_of(CHOICES, BUTTONS), min_size=1, max_size=3)))


BASES = st.sampled_from(["start", "previous"])
TIMINGS = st.one_of(
    st.just(IMMEDIATE),
    st.builds(
        lambda n, u, b: Timing("elapsed", n, u, base=b),
        st.integers(1, 1000),
        st.sampled_from(["minute", "hour", "day"]),
        BASES,
    ),
    st.builds(lambda n, at, b: Timing("day", n, "day", at=at, base=b), st.integers(0, 1000), CLOCKS, BASES),
    st.builds(lambda w, at, b: Timing("weekday", weekday=w, at=at, base=b), st.integers(0, 6), CLOCKS, BASES),
    st.builds(lambda at, b: Timing("clock", at=at, base=b), CLOCKS, BASES),
    st.builds(lambda day, at: Timing("date", at=at, day=day), st.dates(date(2000, 1, 1), date(2100, 12, 31)), CLOCKS),
    st.builds(
        lambda day, w, at: Timing("date", weekday=w, at=at, day=day),
        st.dates(date(NO_YEAR, 1, 1), date(NO_YEAR, 12, 31)),
        st.none() | st.integers(0, 6),
        CLOCKS,
    ),
)
BLOCK_NAMES = st.text(LETTERS, min_size=1, max_size=10).filter(lambda n: n == n.strip() and sayable(n))
TRIGGERS = st.one_of(st.just(definitions.Trigger("follow")), st.builds(definitions.Trigger, st.just("tag"), TAGS))
ENDS = st.builds(definitions.Trigger, st.just("tag"), TAGS)
WINDOWS = st.tuples(CLOCKS, CLOCKS).filter(lambda w: w[0] != w[1] or w[0] == time(0))
DAYS = st.one_of(
    st.builds(lambda days: (frozenset(days), "as_weekdays"), st.sets(st.integers(0, 6), min_size=1)),
    st.sampled_from([(frozenset(range(5)), "never"), (frozenset((5, 6)), "always")]),
)
OPENINGS = st.lists(st.builds(lambda w, d: hours.Hours(w, *d), WINDOWS, DAYS), min_size=1, max_size=2).map(tuple)
PERIODS = st.builds(
    Between,
    st.just(Day(2026, 2, 28)),
    st.none() | st.builds(Day, st.just(2028), st.integers(1, 12), st.integers(1, 28)),
)


def names_tags(tree: object) -> bool:
    """タグ:A または タグ:B behind 終了: are events, no condition."""
    return isinstance(tree, HasTag) or (isinstance(tree, Some) and all(isinstance(one, HasTag) for one in tree.of))


ENDING = st.one_of(
    st.builds(lambda end: {"end": end}, st.lists(ENDS, max_size=2, unique=True).map(tuple)),
    st.builds(lambda when: {"ends_when": when}, SEGMENTS.filter(lambda one: not names_tags(one.tree))),
)
VERSIONS = st.none() | st.integers(1, 999)


def scenario(
    name: str, steps: tuple[definitions.Step, ...], ending: Any, cap: Any, **head: Any
) -> definitions.Scenario:
    """`ending` and `cap` are some of its fields, since not all of them go together."""
    return definitions.Scenario(name, steps, **ending | cap | head)


SCENARIOS = st.builds(
    scenario,
    BLOCK_NAMES,
    st.lists(st.builds(definitions.Step, TIMINGS, pieces()), min_size=1, max_size=4).map(tuple),
    start=st.lists(TRIGGERS, max_size=2, unique=True).map(tuple),
    target=st.none() | SEGMENTS,
    ending=ENDING,
    window=st.none() | OPENINGS,
    restart=st.sampled_from(["never", "finished", "always", "resume"]),
    added=st.none() | PERIODS,
    period=st.none() | PERIODS,
    cap=st.one_of(st.just({}), st.fixed_dictionaries({"cap": st.integers(1, 10**7), "over": st.none() | RUNS})),
    exclusive=st.booleans(),
    finish=st.lists(RUNS, max_size=2).map(tuple),
    version=VERSIONS,
)
GREETINGS = st.builds(
    definitions.Greeting,
    st.lists(
        st.builds(definitions.GreetingPart, st.sampled_from(["new", "returning"]), pieces()),
        min_size=1,
        max_size=2,
        unique_by=lambda part: part.kind,
    ).map(tuple),
    VERSIONS,
)
TITLES = st.just("") | st.text(st.sampled_from(list("あいうVIP ①")), min_size=1, max_size=6).map(str.strip)
TEMPLATES = st.builds(
    definitions.Template,
    BLOCK_NAMES,
    st.lists(
        st.one_of(
            st.builds(definitions.TemplatePart, st.sampled_from(["body", "card", "flex"]), TITLES, pieces()),
            st.builds(definitions.TemplatePart, st.just("question"), TITLES, question_pieces()),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    once=st.booleans(),
    again=st.none() | LABELS,
    full=st.none() | LABELS,
    version=VERSIONS,
)


ACTION_SETS = st.builds(definitions.ActionSet, BLOCK_NAMES, st.lists(RUNS, min_size=1, max_size=4).map(tuple), VERSIONS)

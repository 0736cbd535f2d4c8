"""Whatever is typed: nothing raises, work grows with the length, and what is printed reads back the same."""

import sys
from dataclasses import replace
from datetime import date, time
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_commands import grammar
from admin_commands.grammar import Context, actions, definitions, lexicon, segments, words
from admin_commands.grammar.commands import Argument, Command, Option
from admin_commands.grammar.readings import Batch, Continued, Conversation, Menu, Paste, SessionWord, Unfinished
from admin_commands.grammar.schedules import After
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.moments import Between, Day
from admin_commands.grammar.segments.tree import every, negated
from admin_commands.grammar.words import Id, Name, Object, This
from jobs import heard, hours
from jobs.actions import arguments
from jobs.actions.kind import Kind
from jobs.timing import IMMEDIATE, Timing
from tests.admin_commands.conditions import trees
from tests.examples import many

WORDS = [word for noun in lexicon.NOUNS for word in noun.words] + [
    word for verb in lexicon.VERBS for word in verb.words
]
SCRAPS = [
    *(
        "/",
        "／",
        "■",
        "■■",
        "▼",
        "▼▼",
        "＋",
        "＋＋",
        "+",
        "・",
        "//",
        "【",
        "】",
        "#",
        "＃Ｓ３",
        ">>",
        "→",
        "->",
        ">",
        "＞",
    ),
    *(
        "「",
        "」",
        "『",
        '"',
        "'",
        "“",
        "”",
        "、",
        ",",
        "。",
        "？",
        "?",
        " ",
        "　",
        "\n",
        "\r\n",
        "\t",
        ":",
        "：",
        "=",
        ";",
    ),
    *(
        "タグ:",
        "対象:",
        "開始: 友だち追加",
        "かつ",
        "または",
        "でない",
        "全員",
        "これ",
        "@",
        "1日後 12:00",
        "すぐ",
        "3-5,7",
    ),
    *(
        "ボタン",
        "リンク https://a.jp",
        "画像",
        "実行",
        "送る",
        "タグ付ける",
        "シナリオ開始",
        "続く",
        "続き",
        "半",
        "十時",
        "0",
    ),
    *(
        "①",
        "㈱",
        "½",
        "ﾊﾞ",
        "か\u3099",
        "\u200b",
        "\ufe0f",
        "\u202e",
        "\ud800",
        "\x00",
        "😊",
        "ß",
        "İ",
        "㍻",
        "x" * 40,
        "99999999999",
    ),
]
MESSY = st.lists(st.one_of(st.sampled_from([*WORDS, *SCRAPS]), st.text(max_size=6)), max_size=30).map("".join)
CONTEXTS = st.builds(
    Context,
    unclaimed=st.booleans(),
    private=st.booleans(),
    quoted=st.booleans(),
    this=st.sampled_from(["", *lexicon.NOUN]),
    recent=st.booleans(),
    waiting=st.booleans(),
    prefix_required=st.booleans(),
    mentions=st.lists(
        st.builds(heard.Mention, st.integers(-5, 60), st.integers(-5, 60), st.none() | st.just("U1"), st.booleans()),
        max_size=3,
    ),
)
READINGS = (Conversation, Menu, SessionWord, Batch, Paste, Unfinished, Continued)


@given(MESSY, CONTEXTS)
@settings(max_examples=many(250), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_it_never_raises(text: str, context: Context) -> None:
    reading = grammar.read(text, context)
    assert isinstance(reading, READINGS)
    if isinstance(reading, (Batch, Paste)):
        grammar.explain(reading.faults)


@given(MESSY)
@settings(max_examples=many(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_it_prints_whatever_it_has_read(text: str) -> None:
    reading = grammar.read(f"/{text}")
    if isinstance(reading, Paste) and not reading.faults:
        for definition in reading.definitions:
            assert grammar.read(grammar.print_block(definition)) == Paste((definition,))
    if isinstance(reading, Batch) and not reading.faults:
        for command in reading.commands:
            assert same_command(command)


def same_command(command: Command) -> bool:
    again = grammar.read(f"/{grammar.canonical(command)}")
    return isinstance(again, Batch) and again.commands == (command,) and not again.faults


# ---- work ----


def steps(text: str, context: Context) -> int:
    """Lines of Python executed while a text is read."""
    count = 0

    def on_line(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return on_line

    before = sys.gettrace()
    sys.settrace(on_line)
    try:
        grammar.read(text, context)
    finally:
        sys.settrace(before)
    return count


LONG = {
    "one word": lambda n: "/" + "あ" * n,
    "a long name": lambda n: "/タグ 作成 " + "い" * n,
    "many names": lambda n: "/タグ 作成 " + "い, " * (n // 3),
    "quotes never closed": lambda n: "/タグ 作成 " + "「" * n,
    "apostrophes": lambda n: "/タグ 作成 " + "'a " * (n // 3),
    "many conditions": lambda n: "/タグ 付ける VIP 対象: " + "タグ:A かつ " * (n // 8),
    "many lines of conditions": lambda n: "/タグ 付ける VIP 対象: タグ:A" + "\nタグ:A" * (n // 5),
    "brackets": lambda n: "/友だち 検索 対象: " + "(" * n,
    "brackets closed": lambda n: "/友だち 検索 対象: タグ:A" + ")" * n,
    "brackets in names": lambda n: "/友だち 検索 タグ:A" + "(" * n,
    "negations": lambda n: "/友だち 検索 タグ:A" + " でない" * (n // 4),
    "not after not": lambda n: "/友だち 検索 対象: " + "not " * (n // 4),
    "unreadable conditions": lambda n: "/友だち 検索 対象: " + "色:赤 かつ " * (n // 7),
    "many tags of one condition": lambda n: "/友だち 検索 タグ:A" + ",い" * (n // 2),
    "a word that may be two": lambda n: "/友だち 検索 対象: " + "かまた" * (n // 3),
    "signs": lambda n: "/友だち 検索 対象: い" + ">" * n,
    "many lines": lambda n: "/x\n" * (n // 3),
    "many commands": lambda n: "タグ 作成 い\n" * (n // 8),
    "spaces": lambda n: "タグ" + " " * n + "一覧",
    "marks piled up": lambda n: "/か" + "\u0301" * n,
    "a block's text": lambda n: "■シナリオ A\n▼すぐ\n" + "こんにちは\n" * (n // 6),
    "a block's buttons": lambda n: "■シナリオ A\n▼すぐ\n" + "＋ボタン い → https://a.jp\n" * (n // 21),
    "a block's unknown lines": lambda n: "■シナリオ A\n" + "か: い\n" * (n // 5),
    "unknown attachments": lambda n: "■テンプレ A\n▼本文\n" + "＋かきく\n" * (n // 5),
    "parts": lambda n: "■シナリオ A\n" + "▼いつか\n" * (n // 5),
    "options": lambda n: "/メニュー 変更 " + "い=う " * (n // 4),
    "a form's lists": lambda n: "■フォーム A\n▼問\n" + "・い → タグ付ける A\n" * (n // 14),
    "hooks": lambda n: "■予約 A\n" + "＋予約時 1日後 12:00 タグ付ける A\n" * (n // 25),
    "unknown lines of a form": lambda n: "■フォーム A\n" + "か: い\n" * (n // 5),
    "settings": lambda n: "■メニュー A\n" + "A: い → 予約:カット\n" * (n // 14),
    "acts": lambda n: "■アクション A\n・" + "スコア +5 → " * (n // 9),
    "conditions of acts": lambda n: "■アクション A\n・もし " + "タグ:A かつ " * (n // 8),
    "a moment that never ends": lambda n: "■配信 A\n日時: 毎週" + "月・" * (n // 2),
    "nth days": lambda n: "■配信 A\n日時: 第" + "1・" * (n // 2),
    "arrows": lambda n: "■シナリオ A\n▼すぐ\n＋実行 " + "→" * n,
    "numbers": lambda n: "3," * (n // 2),
    "digits": lambda n: "登録 " + "1" * n,
    "chatter": lambda n: "予約の件どうする？" * (n // 9),
}


@pytest.mark.parametrize("kind", LONG)
def test_it_works_in_proportion_to_the_length(kind: str) -> None:
    context = Context(waiting=True)
    steps(LONG[kind](200), context)  # fill the lexicon's caches
    short, double = steps(LONG[kind](2500), context), steps(LONG[kind](5000), context)
    assert double <= 2.2 * short + 2000
    assert double <= 1000 * 5000


# ---- round trips ----

LETTERS = st.sampled_from(
    list("あいうかがきくのはをにへとでカタナVIPvip0129一二春客様店前後ーｶﾞＶ１①㈱/・+-.!?「」『』\"'、,→;:=#@ 　()😊ñ")
)
PLAIN = st.text(LETTERS, min_size=1, max_size=8)
NAMES = st.one_of(
    PLAIN,
    st.sampled_from(WORDS),
    st.sampled_from(["これ", "使い方", "#S3", "3通目から", "全部", "すぐ", "を", "A でない", "停止"]),
)


def sayable(name: str) -> bool:
    """A name that some pair of quotes can hold, and that has something to see in it."""
    return bool(name.strip()) and any(closer not in name for closer in words.OPENERS.values())


OBJECTS: st.SearchStrategy[Object] = st.one_of(
    NAMES.filter(sayable).map(Name),
    st.builds(Id, st.sampled_from("STMF"), st.integers(1, 10**9)),
    st.just(This()),
)
TAGS = st.one_of(NAMES.filter(sayable).map(Name), st.builds(Id, st.just("T"), st.integers(1, 999)))
SEGMENTS = trees(OBJECTS).map(lambda tree: segments.Segment("", tree))
WORN = st.builds(lambda tag: HasTag((tag,)), TAGS)
ON_TAGS = st.lists(st.one_of(WORN, WORN.map(negated)), min_size=1, max_size=3).map(
    lambda of: segments.Segment("", every(of))
)
OPTIONS = st.builds(Option, st.sampled_from(["色", "上限", "役割", "期間"]), NAMES.filter(sayable))
ARGUMENTS = st.lists(OBJECTS, min_size=1, max_size=3).map(lambda of: Argument(tuple(of)))


@st.composite
def commands(draw: st.DrawFn) -> Command:
    noun = draw(st.sampled_from([n for n in lexicon.NOUNS if n.key not in ("reply", "note", "autoreply", "claim")]))
    args = tuple(draw(st.lists(ARGUMENTS, max_size=3)))
    arrows = tuple(sorted(draw(st.lists(st.integers(0, len(args)), max_size=2)))) if args else ()
    bare = noun.default is not None and (noun.key, noun.default) not in lexicon.FREE_TEXT
    if bare and args and draw(st.booleans()):
        args = tuple(arg for arg in args if not isinstance(arg.objects[0], This)) or (Argument((Name("田中"),)),)
        return Command(noun.key, noun.default, args, verbless=True)
    verbs = [*noun.own, *(lexicon.VERB[key] for key in noun.verbs)]
    verb = draw(st.sampled_from([one for one in verbs if (noun.key, one.key) not in lexicon.FREE_TEXT]))
    target = draw(st.none() | SEGMENTS)
    if (noun.key, verb.key) in grammar.commands.SEGMENT_AFTER:  # here a word or option may begin the condition
        return Command(noun.key, verb.key, target=target)
    options = tuple(draw(st.lists(OPTIONS, max_size=2)))
    return Command(noun.key, verb.key, args, options, arrows, target)


@given(commands())
@settings(
    max_examples=many(250), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_printed_commands(command: Command) -> None:
    printed = grammar.canonical(command)
    again = grammar.read(f"/{printed}")
    assert isinstance(again, Batch), printed
    assert again.commands == (command,), printed


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


def quotable(text: str) -> bool:
    return bool(text.strip()) and any(closer not in text for closer in words.OPENERS.values())


CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
THINGS = NAMES.filter(sayable).map(Name)
QUOTABLE = st.text(LETTERS, min_size=1, max_size=10).filter(quotable)
AUDIENCES = st.one_of(
    st.builds(actions.To, st.sampled_from(["assigned", "on_duty", "everybody", "group"])),
    st.builds(actions.To, st.sampled_from(["staff", "group"]), THINGS),
)
DIGITS = st.integers(0, 999).map(str)
CHANGES = st.builds(actions.Changed, st.just("="), QUOTABLE) | st.builds(actions.Changed, st.sampled_from("+-"), DIGITS)
DATES = st.builds(After, st.integers(1, 99), st.just("day"), CLOCKS) | st.just(actions.OwnDate("説明会日時"))


def values(argument: arguments.Argument) -> st.SearchStrategy[Any]:
    """Everything that can stand for an argument."""
    match argument:
        case arguments.Thing():
            return st.none() | THINGS if argument.instead or argument.optional else THINGS
        case arguments.Things():
            return st.lists(TAGS, min_size=1, max_size=3, unique=True).map(tuple)
        case arguments.Message() | arguments.Words():
            return QUOTABLE
        case arguments.Step():
            return st.integers(1, 30)
        case arguments.Change():
            return CHANGES
        case arguments.Points():
            return st.builds(actions.Changed, st.sampled_from("+-="), DIGITS)
        case arguments.Moment():
            return DATES
        case arguments.Colleague():
            return THINGS | st.sampled_from(["auto", "nobody"])
        case arguments.Audience():
            return AUDIENCES
    return st.none() | DIGITS | st.just("{料金}")


def acts(kind: Kind) -> st.SearchStrategy[actions.Action]:
    return st.builds(actions.Action, st.just(kind.do), st.tuples(*map(values, kind.arguments)))


ACTS = st.one_of(*map(acts, actions.WRITTEN))
DELAYS = st.one_of(
    st.builds(Timing, st.just("elapsed"), st.integers(1, 999), st.sampled_from(["minute", "hour", "day"])),
    st.builds(lambda n, at: Timing("day", n, "day", at=at), st.integers(1, 99), CLOCKS),
    st.builds(lambda at: Timing("clock", at=at), CLOCKS),
    st.builds(actions.Spread, st.integers(1, 9), st.integers(10, 99)),
)


@st.composite
def qualified(draw: st.DrawFn) -> actions.Action:
    """An action with a condition, a time (which one that is about a moment cannot have) and 一度だけ."""
    act: actions.Action = draw(ACTS)
    timing = None if act.do == "remind" else draw(st.none() | DELAYS)
    return replace(act, when=draw(st.none() | ON_TAGS), timing=timing, once=draw(st.booleans()))


ACTIONS = st.one_of(ACTS, qualified())
ACTION_LISTS = st.lists(ACTIONS, min_size=1, max_size=3).map(tuple)
ADDRESSES = st.sampled_from(["https://example.com/style?a=1,2", "https://例え.jp/{名前}", "http://a.jp"])
LABELS = st.text(st.sampled_from(list("あいうVIP 「」・予約→>-")), min_size=1, max_size=8).filter(
    lambda label: label == label.strip() and quotable(label)
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
FIELDS = st.one_of(NAMES.filter(sayable).map(Name), st.builds(Id, st.just("K"), st.integers(1, 999)))
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
    media=NAMES.filter(sayable).map(Name),
    actions=st.just(()) | ACTION_LISTS,
)
LINKS = st.builds(
    definitions.Link,
    ADDRESSES,
    st.none()
    | st.builds(
        definitions.Measured,
        st.builds(words.Name, st.text(LETTERS, min_size=1, max_size=6).filter(quotable))
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
)


@given(ACTION_LISTS)
@settings(
    max_examples=many(300), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_printed_action_lists(given_: tuple[actions.Action, ...]) -> None:
    printed = actions.show(given_)
    assert actions.read(words.line_of(printed)) == (given_, []), printed


BLOCK_NAMES = st.text(LETTERS, min_size=1, max_size=10).filter(lambda n: n == n.strip() and quotable(n))
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
RUNS = st.builds(definitions.Run, ACTION_LISTS)
ENDING = st.one_of(
    st.builds(lambda end: {"end": end}, st.lists(ENDS, max_size=2, unique=True).map(tuple)),
    st.builds(lambda when: {"ends_when": when}, SEGMENTS.filter(lambda one: not isinstance(one.tree, HasTag))),
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


@given(st.one_of(SCENARIOS, GREETINGS, TEMPLATES, ACTION_SETS))
@settings(
    max_examples=many(250), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_printed_blocks(definition: definitions.Definition) -> None:
    printed = grammar.print_block(definition)
    assert grammar.read(printed) == Paste((definition,)), printed

"""Whatever is typed: nothing raises, and what is printed reads back the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_commands import grammar
from admin_commands.grammar import Context, actions, definitions, lexicon, words
from admin_commands.grammar.commands import Argument, Command, Option
from admin_commands.grammar.readings import Batch, Continued, Conversation, Menu, Paste, SessionWord, Unfinished
from admin_commands.grammar.words import Name, This
from jobs import heard
from tests.admin_commands.anything.acts import ACTION_LISTS
from tests.admin_commands.anything.blocks import ACTION_SETS, GREETINGS, SCENARIOS, SEGMENTS, TEMPLATES
from tests.admin_commands.anything.names import NAMES, OBJECTS, WORDS, sayable
from tests.examples import many

SCRAPS = [
    *("/", "／", "■", "■■", "▼", "▼▼", "＋", "＋＋", "+", "・", "//", "【", "】", "#", "＃Ｓ３", ">>", "→"),
    *("->", ">", "＞", "「", "」", "『", '"', "'", "“", "”", "、", ",", "。", "？", "?", " ", "　", "\n"),
    *(
        "\r\n",
        "\t",
        ":",
        "：",
        "=",
        ";",
        "タグ:",
        "対象:",
        "開始: 友だち追加",
        "かつ",
        "または",
        "でない",
        "全員",
        "これ",
    ),
    *(
        "@",
        "1日後 12:00",
        "すぐ",
        "3-5,7",
        "ボタン",
        "リンク https://a.jp",
        "画像",
        "実行",
        "送る",
        "タグ付ける",
        "シナリオ開始",
    ),
    *("続く", "続き", "半", "十時", "0", "①", "㈱", "½", "ﾊﾞ", "か\u3099", "\u200b", "\ufe0f", "\u202e"),
    *("\ud800", "\x00", "😊", "ß", "İ", "㍻", "x" * 40, "99999999999"),
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


# ---- round trips ----

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


@given(ACTION_LISTS)
@settings(
    max_examples=many(300), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_printed_action_lists(given_: tuple[actions.Action, ...]) -> None:
    printed = actions.show(given_)
    assert actions.read(words.line_of(printed)) == (given_, []), printed


@given(st.one_of(SCENARIOS, GREETINGS, TEMPLATES, ACTION_SETS))
@settings(
    max_examples=many(250), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_printed_blocks(definition: definitions.Definition) -> None:
    printed = grammar.print_block(definition)
    assert grammar.read(printed) == Paste((definition,)), printed

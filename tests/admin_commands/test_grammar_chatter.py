"""What colleagues say to each other is left alone; only what is meant for the bot is answered."""

import re
from pathlib import Path

from admin_commands import grammar
from admin_commands.grammar import Context, lexicon, words
from admin_commands.grammar.commands import Command
from admin_commands.grammar.readings import Batch, Conversation, Menu, Paste, Reading, SessionWord
from jobs import heard

# What colleagues write, a message a line; \\n is a new line inside a message.
CHATTER = [
    line.replace("\\n", "\n") for line in Path(__file__).with_name("chatter.txt").read_text().rstrip("\n").split("\n")
]


def would_run(reading: Reading) -> bool:
    """Whether a reading could change anything."""
    if isinstance(reading, Paste):
        return bool(reading.definitions)
    return isinstance(reading, Batch) and not reading.faults and any(changes(command) for command in reading.commands)


def changes(command: Command) -> bool:
    verb = lexicon.verb_of(lexicon.NOUN[command.noun], command.verb) if command.verb else None
    return command.verbless or (verb is not None and verb.changes)


def test_it_hears_hundreds_of_real_lines() -> None:
    assert len(CHATTER) >= 320
    assert len(set(CHATTER)) == len(CHATTER)
    assert sum("\n" in line for line in CHATTER) >= 25


def test_it_answers_at_most_one_line_of_chatter_in_a_hundred() -> None:
    answered = [line for line in CHATTER if not isinstance(grammar.read(line), Conversation)]
    assert len(answered) <= len(CHATTER) // 100, answered
    assert [line for line in answered if would_run(grammar.read(line))] == []


def test_it_runs_nothing_of_chatter_soon_after_a_command() -> None:
    soon = {line: grammar.read(line, Context(recent=True, waiting=False)) for line in CHATTER}
    assert [line for line, reading in soon.items() if would_run(reading)] == []
    more = [line for line, reading in soon.items() if type(reading) is not type(grammar.read(line))]
    assert all(grammar.commands.head(words.line_of(line), 0, tolerant=False) and len(line) <= 6 for line in more), more


def test_it_does_nothing_when_chatter_quotes_the_bot() -> None:
    quoted = Context(quoted=True)
    told = [line for line in CHATTER if isinstance(grammar.read(line, quoted), (SessionWord, Menu))]
    pasted = [
        line for line in CHATTER if isinstance(reading := grammar.read(line, quoted), Paste) and would_run(reading)
    ]
    assert (told, pasted) == ([], [])


def test_it_ignores_all_but_the_code_in_an_unclaimed_group() -> None:
    heard_ = [line for line in CHATTER if not isinstance(grammar.read(line, Context(unclaimed=True)), Conversation)]
    assert all(re.match(r"登録 0\d{2}", line) for line in heard_), heard_


def test_it_reads_the_code_in_any_width() -> None:
    for line in (
        "登録 4827-1935",
        "登録　４８２７－１９３５",
        "登録 ４８２７ー１９３５",
        "/登録 48271935",
        "登録48271935",
    ):
        for context in (Context(unclaimed=True), Context()):
            reading = grammar.read(line, context)
            assert isinstance(reading, Batch)
            assert grammar.canonical(reading.commands[0]) == "登録 48271935"


def test_it_answers_everything_behind_a_slash() -> None:
    for line in CHATTER:
        assert not isinstance(grammar.read(f"/{line}"), Conversation)
        assert not isinstance(grammar.read(f"／{line}"), Conversation)


def test_it_answers_only_prefixed_lines_in_a_private_talk() -> None:
    private = Context(private=True)
    assert isinstance(grammar.read("タグ 一覧", private), Conversation)
    assert isinstance(grammar.read("■シナリオ A\n▼すぐ\nx", private), Conversation)
    assert isinstance(grammar.read("/タグ 一覧", private), Batch)


def test_it_needs_the_prefix_when_the_shop_says_so() -> None:
    strict = Context(prefix_required=True)
    assert isinstance(grammar.read("タグ 一覧", strict), Conversation)
    assert isinstance(grammar.read("/タグ 一覧", strict), Batch)


def test_it_takes_session_words_only_from_who_is_asked() -> None:
    waiting = Context(waiting=True)
    assert grammar.read("４１２", waiting) == SessionWord("number", (412,))
    assert grammar.read("3", waiting) == SessionWord("number", (3,))
    assert grammar.read("3,5-7 タグ付ける VIP", waiting) == SessionWord("number", (3, 5, 6, 7), "タグ付ける VIP")
    assert grammar.read("はい", waiting) == SessionWord("yes")
    assert grammar.read("やめる", waiting) == SessionWord("no")
    assert grammar.read("次へ", waiting) == SessionWord("next")
    for line in ("3人来ます", "2 名様 ご案内", "12:00", "はい、わかりました"):
        assert isinstance(grammar.read(line, waiting), Conversation)


def mentioned(text: str, name: str, *, is_self: bool, user: str = "U1") -> heard.Mention:
    offset = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return heard.Mention(offset, len(name.encode("utf-16-le")) // 2, user, is_self)


def test_it_hears_its_own_name() -> None:
    text = "@Ayumi タグ 一覧"
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@Ayumi", is_self=True)]))
    assert isinstance(reading, Batch)
    assert reading.prefixed
    alone = Context(mentions=[mentioned("@Ayumi", "@Ayumi", is_self=True)])
    assert grammar.read("@Ayumi", alone) == Menu()
    within = "😊ねえ @Ayumi これ見て"
    assert grammar.read(within, Context(mentions=[mentioned(within, "@Ayumi", is_self=True)])) == Menu()


def test_it_knows_mentioned_staff_by_their_line_id() -> None:
    text = "😊\nスタッフ 追加 @山田 太郎 管理者".removeprefix("😊\n")
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@山田 太郎", is_self=False, user="U77")]))
    assert isinstance(reading, Batch)
    person = reading.commands[0].objects(0)[0]
    assert isinstance(person, grammar.words.Person)
    assert (person.user_id, person.text) == ("U77", "@山田 太郎")
    assert grammar.words.person_name(person) == "山田 太郎"
    assert reading.commands[0].objects(1) == (grammar.words.Name("管理者"),)


def test_it_finds_a_mention_behind_an_emoji_and_on_a_later_line() -> None:
    text = "/タグ 一覧 😊\nスタッフ 停止 @佐藤"
    reading = grammar.read(text, Context(mentions=[mentioned(text, "@佐藤", is_self=False, user="U9")]))
    assert isinstance(reading, Batch)
    person = reading.commands[1].objects(0)[0]
    assert isinstance(person, grammar.words.Person)
    assert person.user_id == "U9"


def test_it_takes_a_quote_for_a_prefix() -> None:
    quoted = Context(quoted=True)
    reading = grammar.read("タグ付ける VIP", quoted)
    assert isinstance(reading, Batch)
    assert reading.commands[0].verb == "attach"
    reading = grammar.read("担当 自分", quoted)
    assert isinstance(reading, Batch)
    assert reading.commands[0].verb == "set"
    assert isinstance(grammar.read("16時空いています。変更しておきますね！", quoted), Conversation)

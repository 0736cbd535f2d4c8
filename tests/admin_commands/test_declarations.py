"""Every command is declared whole: words, examples that read as it, role, risk; the reference is printed from it."""

from pathlib import Path

import pytest

from admin_commands import book, command, desk, reference
from admin_commands.grammar import Context, lexicon, read
from admin_commands.grammar.readings import Batch, Paste

COMMANDS = [one for noun in book.NOUNS for one in noun.commands]
EXAMPLES = [(one, example) for one, example in command.examples_of(book.NOUNS)]
BLOCKS = [noun.block for noun in book.NOUNS if noun.block is not None]


def named(value: object) -> str:
    return value.words if isinstance(value, command.Command) else str(value)


@pytest.mark.parametrize("declared", COMMANDS, ids=named)
def test_it_is_declared_with_all_that_help_and_safety_need(declared: command.Command) -> None:
    noun = lexicon.NOUN[declared.noun]
    verb = lexicon.verb_of(noun, declared.verb)
    assert verb is not None
    assert lexicon.applies(noun, verb) or declared.verb == noun.default
    assert declared.does
    assert declared.examples
    assert declared.role in desk.ROLES
    assert declared.risk in command.LEVELS
    assert declared.most is None or declared.most > declared.risk
    assert not (declared.role == "viewer" and declared.risk > 1)


@pytest.mark.parametrize("declared", COMMANDS, ids=named)
def test_it_has_no_verb_that_changes_at_the_level_of_looking(declared: command.Command) -> None:
    verb = lexicon.verb_of(lexicon.NOUN[declared.noun], declared.verb)
    assert verb is not None
    harmless = {
        ("greeting", "test"),
        ("template", "test"),
        ("claim", "run"),
        ("staff", "request"),
        ("undo", "run"),
        ("autoreply", "test"),
    }
    if (declared.noun, declared.verb) not in harmless:
        assert verb.changes == (declared.risk > 0)


@pytest.mark.parametrize(("declared", "example"), EXAMPLES, ids=named)
def test_its_examples_read_as_the_command_they_show(declared: command.Command, example: str) -> None:
    reading = read(f"/{example}", Context())
    assert isinstance(reading, Batch)
    assert not reading.faults
    [said] = reading.commands
    noun = next(one for one in book.NOUNS if one.key == said.noun)
    assert noun.command(said.verb) is declared
    assert command.misfit(declared, said) is None


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.noun)
def test_its_block_examples_read_without_fault(block: command.Block) -> None:
    reading = read(block.example, Context())
    assert isinstance(reading, Paste)
    assert not reading.faults
    assert len(reading.definitions) == 1


def test_its_nouns_stand_in_the_book_once_and_each_has_a_bare_form() -> None:
    assert len({noun.key for noun in book.NOUNS}) == len(book.NOUNS)
    assert [noun.key for noun in book.NOUNS if noun.command(None) is None] == []
    assert all(one.noun == noun.key for noun in book.NOUNS for one in noun.commands)


def test_its_reference_page_is_in_step_with_the_declarations() -> None:
    page = Path(__file__).parents[2] / "docs" / "commands.md"
    assert page.read_text(encoding="utf-8") == reference.text(), "run ./ayumi fix"

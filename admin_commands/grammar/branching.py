"""Lines that have the shape of a branch: `もし 来店回数>=3 なら`, `そうでなければ`, alone on their line."""

import re

from admin_commands.grammar import segments, words
from admin_commands.grammar.segments.kinds.fields import Word

IF = re.compile(r"もし ?(?P<condition>\S.*?) ?なら ?:?$")
OTHERWISE = re.compile(r"そうでなければ ?:?$")
CONDITION = "来店回数>=3"


def condition(text: str) -> str | None:
    """The condition that such a line asks, empty where it is the other branch; None of what is no such line."""
    line = words.line_of(text)
    if OTHERWISE.match(line.text):
        return ""
    found = IF.match(line.text)
    if found is None:
        return None
    asked, faults = segments.read(line, found.start("condition"), found.end("condition"))
    # a word alone reads as a condition, too, but may be anything that is said to a customer
    return None if faults or asked.tree is None or isinstance(asked.tree, Word) else asked.raw

"""A condition in canonical Japanese: what was understood, which reads back as the same."""

from admin_commands.grammar import words
from admin_commands.grammar.segments import parsing, tree


def show(given: tree.Tree) -> str:
    match given:
        case tree.Every(of):
            return " かつ ".join(map(_inside, of))
        case tree.Some(of):
            return " または ".join(map(_inside, of))
        case tree.Not(of):
            return f"{_inside(of)} でない"
    *ways, last = given.ways()
    return next((way for way in ways if _reads_as(way, given)), last)


def _inside(given: tree.Tree) -> str:
    shown = show(given)
    return f"({shown})" if isinstance(given, tree.Every | tree.Some) else shown


def _reads_as(shown: str, given: tree.Tree) -> bool:
    line = words.line_of(shown)
    return parsing.read([(line, 0, len(line.text))]) == (given, [])

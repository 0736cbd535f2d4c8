"""LINE's own emojis of what customers will get, written into its text so that whatever keeps the text keeps them."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands.grammar import blocks, normalise, words
from jobs import heard
from jobs.messages import emojis

MOST = 200


def written_out(said: heard.Said) -> heard.Said:
    """The same message; in a block every emoji is spelled."""
    return spelled(said) if said.emojis and _is_block(said.text) else said


def below(said: heard.Said) -> heard.Said:
    """The same message with the emojis spelled that stand below its first line: those of a command's text."""
    return spelled(said, behind=len(said.text.partition("\n")[0].encode("utf-16-le", "surrogatepass")) // 2)


def spelled(said: heard.Said, *, behind: int = 0) -> heard.Said:
    """The same message; every emoji stands as `{絵文字:…}`, and mentions move along with their words.

    LINE sends an emoji as some other words with its place beside them, counted in UTF-16 units; what is not `behind`
    so many of them stays as it is.
    """
    units = said.text.encode("utf-16-le", "surrogatepass")
    pieces: list[str] = []
    grown: list[tuple[int, int]] = []  # (after this unit, by so many)
    end = 0
    for one in sorted(said.emojis, key=lambda emoji: emoji.offset)[:MOST]:
        written = emojis.written(one.product_id, one.emoji_id)
        after = one.offset + one.length
        if written is None or one.offset < max(end, behind) or one.length < 1 or 2 * after > len(units):
            continue
        pieces += [_text(units, end, one.offset), written]
        grown.append((after, len(written) - one.length))
        end = after
    pieces.append(_text(units, end, len(units) // 2))
    mentions = tuple(replace(one, offset=_moved(one.offset, grown)) for one in said.mentions)
    return replace(said, text="".join(pieces), mentions=mentions, emojis=())


def told(text: str) -> str:
    """Written text as staff are shown it where they have nothing to copy."""
    return emojis.WRITTEN.sub(emojis.TOLD, text)


def _is_block(text: str) -> bool:
    first = next((line for line in normalise.lines_of(text) if line.strip()), "")
    line = words.line_of(first)
    start = len(line.text) - len(line.text.lstrip("/ "))
    found = blocks.header(line, start)
    return found is not None and (found.kind is not None or found.word == blocks.CONTINUED)


def _text(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def _moved(offset: int, grown: Sequence[tuple[int, int]]) -> int:
    return offset + sum(by for after, by in grown if after <= offset)

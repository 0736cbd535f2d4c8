"""LINE's own emojis of a pasted block, written into its text so that whatever keeps the text keeps them."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands.grammar import blocks, normalise, words
from jobs import heard
from jobs.messages import emojis

MOST = 200


def written_out(said: heard.Said) -> heard.Said:
    """The same message; in a block every emoji stands as `{絵文字:…}`, and mentions move along with their words.

    LINE sends an emoji as some other words with its place beside them, counted in UTF-16 units.
    """
    if not said.emojis or not _is_block(said.text):
        return said
    units = said.text.encode("utf-16-le", "surrogatepass")
    pieces: list[str] = []
    grown: list[tuple[int, int]] = []  # (behind this unit, by so many)
    end = 0
    for one in sorted(said.emojis, key=lambda emoji: emoji.offset)[:MOST]:
        spelled = emojis.written(one.product_id, one.emoji_id)
        behind = one.offset + one.length
        if spelled is None or one.offset < end or one.length < 1 or 2 * behind > len(units):
            continue
        pieces += [_text(units, end, one.offset), spelled]
        grown.append((behind, len(spelled) - one.length))
        end = behind
    pieces.append(_text(units, end, len(units) // 2))
    mentions = tuple(replace(one, offset=_moved(one.offset, grown)) for one in said.mentions)
    return replace(said, text="".join(pieces), mentions=mentions, emojis=())


def _is_block(text: str) -> bool:
    first = next((line for line in normalise.lines_of(text) if line.strip()), "")
    line = words.line_of(first)
    start = len(line.text) - len(line.text.lstrip("/ "))
    found = blocks.header(line, start)
    return found is not None and (found.kind is not None or found.word == blocks.CONTINUED)


def _text(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def _moved(offset: int, grown: Sequence[tuple[int, int]]) -> int:
    return offset + sum(by for behind, by in grown if behind <= offset)

"""A text longer than one bubble takes, cut where a reader would pause: between paragraphs, lines, sentences."""

import re
from collections.abc import Iterator

from jobs.messages import counting

_PAUSES = ("\n\n", "\n", "。")  # the best first; what is cut at stays with the bubble before
_BRACES = re.compile(r"\{[^{}\n]*\Z")  # a variable or an emoji that has begun


def split(text: str, most: int) -> Iterator[tuple[str, int]]:
    """Bubbles of at most so many UTF-16 units, each with how many lines stand before it."""
    lines = 0
    while counting.utf16_len(text) > most:
        head = _within(text, most)
        end = _end(head)
        bubble, text = text[:end], text[end:]
        skipped = len(text) - len(text.lstrip("\n"))
        yield bubble.rstrip("\n"), lines
        lines += bubble.count("\n") + skipped
        text = text[skipped:]
    if text:
        yield text, lines


def _within(text: str, most: int) -> str:
    """The longest beginning that fits, whole characters as people see them."""
    taken: list[str] = []
    room = most
    for cluster in counting.clusters(text):
        room -= counting.utf16_len(cluster)
        if room < 0:
            break
        taken.append(cluster)
    return "".join(taken) or text[:1]


def _end(head: str) -> int:
    """Where to cut: at the last good pause of the second half, never within braces."""
    for pause in _PAUSES:
        at = head.rfind(pause)
        if at >= len(head) // 2:
            return at + len(pause)
    begun = _BRACES.search(head)
    return begun.start() if begun and begun.start() else len(head)

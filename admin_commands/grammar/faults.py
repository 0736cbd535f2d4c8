"""What could not be read, where, and the line that would do."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 5
LONGEST_QUOTE = 40
MOST_GUESSES = 20  # of so many faulty lines it is guessed what they were meant to be: each guess costs time


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that could not be read.

    `line` counts from 1 in the staff's message, `text` is that line as typed, `what` says in polite short
    Japanese what is wrong, `examples` would do, `corrected` is the whole line mended where we can tell.
    """

    line: int
    text: str
    what: str
    examples: tuple[str, ...] = ()
    corrected: str | None = None


def explain(faults: Sequence[Fault], *, lone: bool = False) -> str:
    """All faults of a message in one answer, at most five spelled out; of a `lone` line there is no number to tell."""
    told = [_sentence(fault, "" if lone else f"{fault.line}行目") for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        told.append(f"ほかに{len(faults) - SHOWN}か所あります。")
    return "\n".join(told)


def _sentence(fault: Fault, where: str) -> str:
    lines = [f"❌ {where}「{short(fault.text)}」{fault.what}。"]
    if fault.corrected is not None:
        lines.append(f"もしかして: {fault.corrected}")
    elif fault.examples:
        lines.append("例: " + "　".join(fault.examples))
    return "\n".join(lines)


def short(text: str) -> str:
    """A line short enough to be quoted back."""
    text = text.strip()
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"

"""Two texts compared by their lines, as staff are shown what changes; pure."""

from collections.abc import Sequence
from difflib import unified_diff


def difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines that have gone and those that have come: `－ …`, `＋ …`."""
    signs = {"-": "－ ", "+": "＋ "}
    told = list(unified_diff(list(before), list(after), n=0, lineterm=""))[2:]
    return [signs[line[0]] + line[1:] for line in told if line[0] in signs]

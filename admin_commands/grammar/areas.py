"""Areas drawn with letters, row by row (AAB/AAC): each letter is a rectangle that can be tapped, - is nothing."""

import re
from typing import NamedTuple

LETTERS = "ABCDEFGHIJKLMNOPQRST"
NOTHING = "-"
MOST = 10  # columns, and rows
DRAWN = re.compile(rf"[A-Ta-t{NOTHING}]+(?:/[A-Ta-t{NOTHING}]+)*")


class Area(NamedTuple):
    """In columns and rows from the left and from the top."""

    left: int
    top: int
    width: int
    height: int


def of(drawn: str) -> dict[str, Area] | str:
    """Each letter's rectangle, in the order of the letters; or what is wrong with the drawing."""
    rows = drawn.upper().split("/")
    if len({len(row) for row in rows}) > 1:
        return "の並びは、どの行も同じ文字数にしてください"
    if len(rows) > MOST or len(rows[0]) > MOST:
        return f"の並びは横{MOST}文字・縦{MOST}行までです"
    found: dict[str, Area] = {}
    for letter in sorted({one for row in rows for one in row} - {NOTHING}):
        places = [(at, down) for down, row in enumerate(rows) for at, one in enumerate(row) if one == letter]
        left, top = min(at for at, _ in places), min(down for _, down in places)
        width = max(at for at, _ in places) - left + 1
        height = max(down for _, down in places) - top + 1
        if len(places) != width * height:
            return f"の並びの {letter} は四角にしてください（例: AAB/AAC）"
        found[letter] = Area(left, top, width, height)
    return found or "の並びに、押せる所（A・B…）がありません"

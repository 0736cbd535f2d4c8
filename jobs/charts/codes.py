"""A QR code with the address that it leads to written below."""

from dataclasses import dataclass

import segno

from jobs.charts.paper import HEAD, INK, NOTE, SOFT, WIDTH, Paper, fitting, width

SIDE = 560
QUIET = 4  # modules left white around it, as readers want
BELOW = 60


@dataclass(frozen=True, slots=True)
class Code:
    """`address` is what a phone opens that reads it."""

    title: str
    below: str
    address: str


def drawn(given: Code) -> Paper:
    matrix = [bytes(row) for row in segno.make(given.address, error="m", micro=False).matrix]
    size = SIDE // (len(matrix) + 2 * QUIET)
    side = size * len(matrix)
    paper = Paper(given.title, given.below, side + 2 * QUIET * size + BELOW, "")
    left, top = (WIDTH - side) // 2, HEAD + QUIET * size
    for down, row in enumerate(matrix):
        for right, dark in enumerate(row):
            if dark:
                x, y = left + right * size, top + down * size
                paper.pen.rectangle((x, y, x + size - 1, y + size - 1), INK)
    told = fitting(given.address, NOTE, WIDTH - 80)
    paper.write((WIDTH - width(told, NOTE)) / 2, top + side + QUIET * size, told, NOTE, SOFT)
    return paper

"""A funnel: how many came to each step, a bar for each, and what else became of them in words below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.charts.paper import BAR, HEAD, LABEL, MARGIN, NOTE, NUMBER, SOFT, TRACK, WIDTH, Paper, fitting, width

ROW, BARE = 158, 118  # pixels of a row with a note and without


@dataclass(frozen=True, slots=True)
class Row:
    """`share` of the bar is filled (0 to 1); `number` stands at its right end, `note` below it."""

    label: str
    share: float
    number: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    title: str
    below: str
    rows: tuple[Row, ...]
    foot: str = ""


def drawn(given: Funnel) -> Paper:
    heights = [ROW if row.note else BARE for row in given.rows]
    paper = Paper(given.title, given.below, sum(heights), given.foot)
    for place, row in enumerate(given.rows):
        _row(paper, HEAD + sum(heights[:place]), row)
    return paper


def _row(paper: Paper, top: int, row: Row) -> None:
    right = WIDTH - MARGIN
    wide = width(row.number, NUMBER)
    paper.write(right - wide, top, row.number, NUMBER)
    paper.write(MARGIN, top + 5, fitting(row.label, LABEL, int(right - wide - MARGIN / 2 - MARGIN)), LABEL)
    paper.pen.rounded_rectangle((MARGIN, top + 54, right, top + 82), 8, TRACK)
    filled = round((right - MARGIN) * min(max(row.share, 0), 1))
    if filled:
        paper.pen.rounded_rectangle((MARGIN, top + 54, MARGIN + max(filled, 8), top + 82), 8, BAR)
    if row.note:
        paper.write(MARGIN, top + 92, fitting(row.note, NOTE, right - MARGIN), NOTE, SOFT)


def words(rows: Sequence[Row]) -> list[str]:
    """The same in words, for where pictures cannot be fetched."""
    return [f"{row.label} {row.number}" + (f"（{row.note}）" if row.note else "") for row in rows]

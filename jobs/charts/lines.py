"""A line: a number as it was day by day, the latest in figures at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from jobs.charts.paper import BAR, HEAD, MARGIN, NOTE, NUMBER, SOFT, TRACK, WHITE, WIDTH, Paper, width

HEIGHT = 380  # of the field
BELOW = 60  # for the days
GAP = 16
STEPS = 4  # between the lines, about so many
APART = 32  # two days that are written
SMALL = 20  # numbers that are small enough to be seen from 0 up
STEEPEST = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Point:
    """`day` counts from any day on; `label` is what it is called."""

    day: int
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """At least one point, in the order of the days; days may be missing. `unit` stands behind the latest number."""

    title: str
    below: str
    points: tuple[Point, ...]
    unit: str
    foot: str = ""


def drawn(given: Line) -> Paper:
    paper = Paper(given.title, given.below, HEIGHT + BELOW, given.foot)
    marks = scale([point.number for point in given.points])
    left = MARGIN + max(width(f"{mark:,}", NOTE) for mark in marks) + GAP
    right, top, bottom = WIDTH - MARGIN - GAP, HEAD + NUMBER + GAP, HEAD + HEIGHT
    first, last = given.points[0].day, given.points[-1].day

    def across(day: int) -> float:
        return left + (right - left) * (day - first) / (last - first) if last > first else (left + right) / 2

    def up(number: float) -> float:
        return bottom - (bottom - top) * (number - marks[0]) / (marks[-1] - marks[0])

    for mark in marks:
        paper.pen.line((left, up(mark), WIDTH - MARGIN, up(mark)), TRACK, 3)
        paper.write(left - GAP - width(f"{mark:,}", NOTE), up(mark) - NOTE * 0.6, f"{mark:,}", NOTE, SOFT)
    _days(paper, [(across(point.day), point.label) for point in given.points], bottom + GAP)
    way = [(across(point.day), up(point.number)) for point in given.points]
    paper.pen.line(way, BAR, 6, joint="curve")
    for x, y in way:
        paper.pen.ellipse((x - 6, y - 6, x + 6, y + 6), BAR)
    x, y = way[-1]
    paper.pen.ellipse((x - 12, y - 12, x + 12, y + 12), BAR, WHITE, 3)
    latest = f"{given.points[-1].number:,}{given.unit}"
    paper.write(WIDTH - MARGIN - width(latest, NUMBER), HEAD - GAP, latest, NUMBER)
    return paper


def _days(paper: Paper, days: Sequence[tuple[float, str]], top: float) -> None:
    """What the days are called, from the latest back, as many as stand apart."""
    free = float(WIDTH)
    for x, label in reversed(days):
        wide = width(label, NOTE)
        begin = min(max(x - wide / 2, MARGIN), WIDTH - MARGIN - wide)
        if begin + wide + APART <= free:
            paper.write(begin, top, label, NOTE, SOFT)
            free = begin


def scale(numbers: Sequence[int]) -> list[int]:
    """Round numbers, evenly spaced, the first at or below the least of these and the last at or above the greatest.

    They begin with 0 unless that would press large, steady numbers to the upper edge.
    """
    least, most = min(numbers), max(numbers)
    least = least if 2 * least > most > max(least, SMALL) else 0
    step = _round((most - least) / STEPS)
    begin = least // step * step
    marks = [begin, begin + step]
    while marks[-1] < most:
        marks.append(marks[-1] + step)
    return marks


def _round(step: float) -> int:
    """The next round whole number from here up: 1, 2, 5, 10, 20, 25 …"""
    if step <= 1:
        return 1
    power = 10 ** floor(log10(step))
    return next(int(power * one) for one in STEEPEST if power * one >= step and power * one % 1 == 0)

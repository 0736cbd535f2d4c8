"""Pictures of numbers, drawn to be read on a phone; what is drawn is plain data that can be kept."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jobs.charts import codes, funnels, lines, pages
from jobs.charts.codes import Code as Code
from jobs.charts.funnels import Funnel as Funnel
from jobs.charts.funnels import Row as Row
from jobs.charts.funnels import words as words
from jobs.charts.lines import Line as Line
from jobs.charts.lines import Point as Point
from jobs.charts.pages import Page as Page
from jobs.charts.pages import Part as Part

Chart = Funnel | Line | Code | Page


def to_json(given: Chart) -> dict[str, Any]:
    return asdict(given)


def from_json(data: Mapping[str, Any]) -> Chart:
    """The inverse of `to_json`. KeyError or TypeError when the data was not written by it."""
    if "points" in data:
        points = tuple(Point(**one) for one in data["points"])
        return Line(data["title"], data["below"], points, data["unit"], data["foot"])
    if "address" in data:
        return Code(**data)
    if "parts" in data:
        parts = tuple(Part(**{**one, "options": tuple(one["options"])}) for one in data["parts"])
        return Page(**{**data, "parts": parts})
    return Funnel(data["title"], data["below"], tuple(Row(**row) for row in data["rows"]), data["foot"])


def png(given: Chart) -> bytes:
    """The picture; some fifty milliseconds of work."""
    match given:
        case Funnel():
            return funnels.drawn(given).png()
        case Line():
            return lines.drawn(given).png()
        case Code():
            return codes.drawn(given).png()
        case Page():
            return pages.drawn(given).png()

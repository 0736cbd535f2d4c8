"""A funnel: how many came to each step, a bar for each, and what else became of them in words below it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parent / "ipaexg.ttf"  # IPAex Gothic; its licence stands beside it
WIDTH = 800
MARGIN = 40
HEAD = 150
ROW = 150
FOOT = 70
TITLE, LABEL, NUMBER, NOTE = 42, 34, 40, 29  # sizes of letters; a phone shows the picture at about half its width
PAPER, INK, SOFT, TRACK, BAR = "#ffffff", "#1c2a26", "#5c6b66", "#e7eeeb", "#1f7a5c"


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


def to_json(given: Funnel) -> dict[str, Any]:
    return asdict(given)


def from_json(data: Mapping[str, Any]) -> Funnel:
    """The inverse of `to_json`. KeyError or TypeError when the data was not written by it."""
    return Funnel(data["title"], data["below"], tuple(Row(**row) for row in data["rows"]), data["foot"])


def png(given: Funnel) -> bytes:
    """The picture; some fifty milliseconds of work."""
    height = HEAD + ROW * len(given.rows) + (FOOT if given.foot else MARGIN)
    picture = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((MARGIN, 34), _fitting(given.title, TITLE, WIDTH - 2 * MARGIN), INK, _font(TITLE))
    pen.text((MARGIN, 92), _fitting(given.below, NOTE, WIDTH - 2 * MARGIN), SOFT, _font(NOTE))
    for place, row in enumerate(given.rows):
        _row(pen, HEAD + ROW * place, row)
    if given.foot:
        foot = _fitting(given.foot, NOTE, WIDTH - 2 * MARGIN)
        pen.text((MARGIN, height - FOOT + 14), foot, SOFT, _font(NOTE))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(pen: ImageDraw.ImageDraw, top: int, row: Row) -> None:
    right = WIDTH - MARGIN
    wide = pen.textlength(row.number, _font(NUMBER))
    pen.text((right - wide, top), row.number, INK, _font(NUMBER))
    label = _fitting(row.label, LABEL, int(right - wide - MARGIN / 2 - MARGIN))
    pen.text((MARGIN, top + 5), label, INK, _font(LABEL))
    bar = (MARGIN, top + 54, right, top + 82)
    pen.rounded_rectangle(bar, 8, TRACK)
    filled = round((right - MARGIN) * min(max(row.share, 0), 1))
    if filled:
        pen.rounded_rectangle((MARGIN, top + 54, MARGIN + max(filled, 8), top + 82), 8, BAR)
    if row.note:
        pen.text((MARGIN, top + 92), _fitting(row.note, NOTE, right - MARGIN), SOFT, _font(NOTE))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def _fitting(text: str, size: int, width: int) -> str:
    """As much of a text as there is room for; what the font has no sign for is left out."""
    text = "".join(one for one in text if one.isprintable() and ord(one) < 0x10000)
    if _font(size).getlength(text) <= width:
        return text
    while text and _font(size).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def words(rows: Sequence[Row]) -> list[str]:
    """The same in words, for where pictures cannot be fetched."""
    return [f"{row.label} {row.number}" + (f"（{row.note}）" if row.note else "") for row in rows]

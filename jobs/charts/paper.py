"""The paper that charts are drawn on: its size, colours and letters, the words above and below."""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parent / "ipaexg.ttf"  # IPAex Gothic; its licence stands beside it
WIDTH = 800
MARGIN = 40
HEAD = 150
FOOT = 70
TITLE, LABEL, NUMBER, NOTE = 44, 36, 42, 32  # sizes of letters; a phone shows the picture at about half its width
WHITE, INK, SOFT, TRACK, BAR = "#ffffff", "#1c2a26", "#5c6b66", "#e7eeeb", "#1f7a5c"


class Paper:
    """A sheet with a title, a line below it and one at the foot; `middle` pixels between them are free."""

    def __init__(self, title: str, below: str, middle: int, foot: str) -> None:
        height = HEAD + middle + (FOOT if foot else MARGIN)
        self._picture = Image.new("RGB", (WIDTH, height), WHITE)
        self.pen = ImageDraw.Draw(self._picture)
        room = WIDTH - 2 * MARGIN
        self.write(MARGIN, 34, fitting(title, TITLE, room), TITLE)
        self.write(MARGIN, 92, fitting(below, NOTE, room), NOTE, SOFT)
        if foot:
            self.write(MARGIN, height - FOOT + 14, fitting(foot, NOTE, room), NOTE, SOFT)

    def write(self, left: float, top: float, text: str, size: int, colour: str = INK) -> None:
        self.pen.text((left, top), text, colour, font(size))

    def png(self) -> bytes:
        out = BytesIO()
        self._picture.save(out, "PNG", optimize=True)
        return out.getvalue()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def width(text: str, size: int) -> float:
    return font(size).getlength(text)


def fitting(text: str, size: int, room: float) -> str:
    """As much of a text as there is room for; what the font has no sign for is left out."""
    text = "".join(one for one in text if one.isprintable() and ord(one) < 0x10000)
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"

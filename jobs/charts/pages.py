"""A form as customers see it on their phones, drawn in one long picture: for staff, before anybody else sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from jobs.charts.paper import BAR, INK, LABEL, MARGIN, NOTE, SOFT, TITLE, TRACK, WHITE, WIDTH, font, width

GROUND, RED, LINE = "#f2f4f3", "#c0392b", "#cfd8d4"
PAD = 28
ROOM = WIDTH - 2 * MARGIN - 2 * PAD
BOX = 76
MOST_LINES = 6  # of one text
HIGHEST = 9_000  # pixels


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on the page. `shape`: page, heading, note, line, lines, radio, check, select, stars, scale, file, tick.

    `options` are what can be chosen, or the words that stand in an empty line.
    """

    shape: str
    label: str = ""
    help: str = ""
    required: bool = False
    condition: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    description: str
    colour: str
    button: str
    parts: tuple[Part, ...]


class Phone:
    """A sheet that grows downwards."""

    def __init__(self, colour: str) -> None:
        self.picture = Image.new("RGB", (WIDTH, HIGHEST), GROUND)
        self.pen = ImageDraw.Draw(self.picture)
        self.colour = colour
        self.top = 0

    def words(self, text: str, size: int, colour: str = INK, *, left: int = MARGIN + PAD, room: int = ROOM) -> None:
        for line in wrapped(text, size, room):
            self.pen.text((left, self.top), line, colour, font(size))
            self.top += round(size * 1.35)

    def box(self, height: int = BOX, told: str = "") -> None:
        self.pen.rounded_rectangle(
            (MARGIN + PAD, self.top, WIDTH - MARGIN - PAD, self.top + height), 10, WHITE, LINE, 2
        )
        if told:
            inside = wrapped(told, NOTE, ROOM - 40)[:1]
            self.pen.text((MARGIN + PAD + 20, self.top + 20), inside[0] if inside else "", SOFT, font(NOTE))
        self.top += height + 12

    def png(self) -> bytes:
        out = BytesIO()
        self.picture.crop((0, 0, WIDTH, min(self.top + MARGIN, HIGHEST))).save(out, "PNG", optimize=True)
        return out.getvalue()


def drawn(given: Page) -> Phone:
    phone = Phone(given.colour or BAR)
    phone.pen.rectangle((0, 0, WIDTH, 16), phone.colour)
    phone.top = 52
    phone.words(given.title, TITLE, left=MARGIN, room=WIDTH - 2 * MARGIN)
    if given.description:
        phone.top += 6
        phone.words(given.description, NOTE, SOFT, left=MARGIN, room=WIDTH - 2 * MARGIN)
    phone.top += 24
    for part in given.parts:
        if phone.top > HIGHEST - 1_000:
            phone.words("…", TITLE)
            break
        _part(phone, part)
    wide = width(given.button, LABEL)
    phone.pen.rounded_rectangle((MARGIN, phone.top, WIDTH - MARGIN, phone.top + 96), 16, phone.colour)
    phone.pen.text(((WIDTH - wide) / 2, phone.top + 26), given.button, readable(phone.colour), font(LABEL))
    phone.top += 96
    return phone


def _part(phone: Phone, part: Part) -> None:
    if part.shape == "page":
        phone.top += 12
        phone.pen.rectangle((MARGIN, phone.top, WIDTH - MARGIN, phone.top + 3), phone.colour)
        phone.top += 16
        phone.words(part.label, LABEL, left=MARGIN, room=WIDTH - 2 * MARGIN)
        if part.condition:
            phone.words(part.condition, NOTE, SOFT, left=MARGIN, room=WIDTH - 2 * MARGIN)
        phone.top += 16
        return
    begins, pen = phone.top, phone.pen
    phone.pen = ImageDraw.Draw(Image.new("RGB", (1, 1)))  # measured first: what is drawn on this is seen nowhere
    ends = _inside(phone, part)
    phone.pen = pen
    phone.pen.rounded_rectangle((MARGIN, begins, WIDTH - MARGIN, ends), 16, WHITE)
    phone.top = begins
    _inside(phone, part)
    phone.top = ends + 20


def _inside(phone: Phone, part: Part) -> int:
    """Draw what stands in a card from `phone.top` on; where it ends."""
    phone.top += PAD
    if part.required:
        mark = width("必須", NOTE) + 24
        right = WIDTH - MARGIN - PAD
        phone.pen.rounded_rectangle((right - mark, phone.top, right, phone.top + 46), 10, RED)
        phone.pen.text((right - mark + 12, phone.top + 6), "必須", WHITE, font(NOTE))
        phone.words(part.label, LABEL, room=ROOM - round(mark) - 16)
    elif part.label:
        phone.words(part.label, LABEL)
    if part.condition:
        phone.words(part.condition, NOTE, phone.colour if readable(phone.colour) == WHITE else SOFT)
    if part.help:
        phone.words(part.help, NOTE, SOFT)
    phone.top += 10
    _field(phone, part)
    return phone.top + PAD - 12


def _field(phone: Phone, part: Part) -> None:
    first = "".join(part.options[:1])
    match part.shape:
        case "line":
            phone.box(told=first)
        case "lines":
            phone.box(2 * BOX + 20, first)
        case "select":
            phone.box(told=f"{first or '選んでください'} ▼")
        case "file":
            phone.box(told="＋ ファイルを選ぶ")
        case "radio" | "check" | "tick":
            _choices(phone, part)
        case "stars":
            phone.words("☆ " * len(part.options), TITLE, phone.colour)
            phone.top += 8
        case "scale":
            _steps(phone, part.options)


def _choices(phone: Phone, part: Part) -> None:
    left = MARGIN + PAD
    for option in part.options:
        frame = (left, phone.top + 4, left + 40, phone.top + 44)
        if part.shape == "radio":
            phone.pen.ellipse(frame, WHITE, LINE, 3)
        else:
            phone.pen.rounded_rectangle(frame, 8, WHITE, LINE, 3)
        phone.words(option, LABEL, left=left + 60, room=ROOM - 60)
        phone.top += 16


def _steps(phone: Phone, options: Sequence[str]) -> None:
    """A scale: its steps side by side."""
    wide = ROOM / max(1, len(options))
    for place, option in enumerate(options):
        left = round(MARGIN + PAD + place * wide)
        phone.pen.rounded_rectangle((left, phone.top, left + wide - 6, phone.top + BOX), 8, TRACK)
        inside = (wide - 6 - width(option, NOTE)) / 2
        phone.pen.text((left + inside, phone.top + 20), option, INK, font(NOTE))
    phone.top += BOX + 12


def wrapped(text: str, size: int, room: float) -> Sequence[str]:
    """Lines that fit, a few at most; what the font has no sign for is left out."""
    found: list[str] = []
    for given in text.split("\n"):
        line = ""
        for sign in given:
            if not sign.isprintable() or ord(sign) >= 0x10000:
                continue
            if width(line + sign, size) > room:
                found.append(line)
                line = ""
            line += sign
        found.append(line)
    return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], "…"]


def readable(colour: str) -> str:
    """White or dark, whichever is read better on this colour."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return WHITE if 1.05 / (light + 0.05) >= 3 else INK

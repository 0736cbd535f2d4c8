"""A shop's own colour made readable: as a surface with text on it, and as text, by day and by night (WCAG AA)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Rgb = tuple[float, float, float]  # 0 to 255

LINE_GREEN: Final = "#06C755"
READABLE: Final = 4.5  # contrast of text, WCAG 2.2, 1.4.3
SEEN: Final = 3.0  # contrast of the edge of what can be pressed, 1.4.11
WHITE: Final[Rgb] = (255, 255, 255)
INK: Final[Rgb] = (17, 17, 17)
BLACK: Final[Rgb] = (0, 0, 0)  # some middle tones bear nothing lighter
# The grounds of form.css that such text stands on: --page and --card.
DAY: Final[tuple[Rgb, Rgb]] = ((243, 244, 246), (255, 255, 255))
NIGHT: Final[tuple[Rgb, Rgb]] = ((17, 19, 21), (29, 32, 36))
TINT: Final = 0.1  # how much of the colour lies over a card that is chosen


@dataclass(frozen=True, slots=True)
class Shades:
    """One colour by day or by night, as `#rrggbb`."""

    fill: str  # the colour itself
    on_fill: str  # text on it
    text: str  # the colour as text, on every ground
    tint: str  # the ground of what is chosen
    edge: str  # around what is filled: the fill itself, or the text's colour where it would melt into the page


@dataclass(frozen=True, slots=True)
class Look:
    """What a page needs to know of its colour."""

    day: Shades
    night: Shades


@lru_cache(maxsize=256)
def look(colour: str | None) -> Look:
    """Of `#rrggbb`, or of LINE's green. Raises ValueError."""
    given = _rgb(colour or LINE_GREEN)
    return Look(_shades(given, *DAY, BLACK), _shades(given, *NIGHT, WHITE))


def contrast(one: str, other: str) -> float:
    """1 to 21, of two colours `#rrggbb`."""
    return _contrast(_rgb(one), _rgb(other))


def _shades(given: Rgb, page: Rgb, card: Rgb, towards: Rgb) -> Shades:
    tint = _mixed(card, given, TINT)
    grounds = (page, card, tint)
    steps = (_mixed(given, towards, step / 50) for step in range(51))
    text = next(shade for shade in steps if all(_contrast(shade, ground) >= READABLE for ground in grounds))
    on_fill = next(ink for ink in (WHITE, INK, BLACK) if _contrast(ink, given) >= READABLE)
    edge = given if _contrast(given, page) >= SEEN else text
    return Shades(_hex(given), _hex(on_fill), _hex(text), _hex(tint), _hex(edge))


def _rgb(colour: str) -> Rgb:
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError("a colour is #rrggbb")
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

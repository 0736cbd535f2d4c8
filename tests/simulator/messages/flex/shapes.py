"""How sizes, spaces, colours and ratios are written in Flex messages [G:flex-message-layout]."""

import re

from tests.simulator.messages.places import Place

MOST_SIDE = 100_000
MOST_HEIGHT = 3

_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_STEPS = "none|xs|sm|md|lg|xl|xxl"
_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"

COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?", re.ASCII)
SPACE = re.compile(rf"{_STEPS}|{_NUMBER}px", re.ASCII)
PADDING = re.compile(rf"{_STEPS}|{_NUMBER}(?:px|%)", re.ASCII)
OFFSET = re.compile(rf"{_STEPS}|-?{_NUMBER}(?:px|%)", re.ASCII)
LENGTH = re.compile(rf"{_NUMBER}(?:px|%)", re.ASCII)
PIXELS = re.compile(rf"{_NUMBER}px", re.ASCII)
CORNER = re.compile(rf"{_STEPS}|{_NUMBER}px", re.ASCII)
BORDER = re.compile(rf"none|light|normal|medium|semi-bold|bold|{_NUMBER}px", re.ASCII)
LETTERS = re.compile(rf"{_SIZES}|{_NUMBER}px", re.ASCII)
IMAGE = re.compile(rf"{_SIZES}|full|{_NUMBER}(?:px|%)", re.ASCII)
ANGLE = re.compile(r"(?:[0-2]?\d?\d|3[0-5]\d)(?:\.\d{1,9})?deg", re.ASCII)
WITHIN = re.compile(r"(?:100(?:\.0{1,9})?|\d{1,2}(?:\.\d{1,9})?)%", re.ASCII)
_RATIO = re.compile(rf"({_NUMBER}):({_NUMBER})", re.ASCII)


def check_ratio(place: Place) -> None:
    """width:height, each 1 to 100000, at most three times as high as wide."""
    value = place.string("aspectRatio", required=False)
    if value is None:
        return
    shape = _RATIO.fullmatch(value)
    width, height = (float(shape[1]), float(shape[2])) if shape else (0.0, 0.0)
    if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE and height <= MOST_HEIGHT * width):
        place.wrong("aspectRatio", "invalid property")

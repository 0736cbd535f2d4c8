"""A shop's colour: whatever it is, what stands on it and what is written in it can be read by day and by night."""

import re

from hypothesis import given
from hypothesis import strategies as st

from liff import assets, colours

STYLES = (assets.FOLDER / "page.css").read_text()


def named(name: str) -> list[str]:
    """The values that page.css gives a colour: by day, by night."""
    return [f"#{one}" for one in re.findall(rf"--{name}: #([0-9a-f]+);", STYLES)]


@given(st.integers(0, 0xFFFFFF))
def test_it_keeps_text_readable_on_any_colour_and_in_it(number: int) -> None:
    colour = f"#{number:06x}"
    look = colours.look(colour)
    for shades, page, card in ((look.day, "#f3f4f6", "#ffffff"), (look.night, "#111315", "#1d2024")):
        assert shades.fill == colour
        assert colours.contrast(shades.fill, shades.on_fill) >= 4.5
        assert min(colours.contrast(shades.text, ground) for ground in (page, card, shades.tint)) >= 4.5
        assert colours.contrast(shades.edge, page) >= 3


def test_it_reckons_with_the_grounds_of_the_style_sheet() -> None:
    assert named("page") == ["#f3f4f6", "#111315"]
    assert named("card") == ["#fff", "#1d2024"]


def test_it_has_lines_green_in_the_style_sheet_for_pages_without_a_form() -> None:
    look = colours.look(None)
    assert named("fill") == [look.day.fill]
    assert named("ink") == [look.day.text, look.night.text]
    assert named("tint") == [look.day.tint, look.night.tint]
    assert named("edge") == [look.day.edge, look.night.edge]

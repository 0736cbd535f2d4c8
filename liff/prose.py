"""What people have written, put into a page: escaped, and with the addresses in it to be tapped."""

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s<>\"'「」『』（）、。]*[^\s<>\"'「」『』（）、。.,!?;:)\]]")


def linked(text: str) -> Markup:
    """The text, its addresses as links that open beside the page."""
    pieces: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'
        pieces += [str(escape(text[end : found.start()])), link]
        end = found.end()
    return Markup("".join([*pieces, str(escape(text[end:]))]))  # noqa: S704 - every piece of it is escaped

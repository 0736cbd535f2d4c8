"""When what a customer wrote is a word of a rule: width, kana, case, drawn-out sounds and spaces make no difference."""

import re
import unicodedata

from storage import names

LONGEST = 1_000  # characters of a text that are looked at

# `ら〜めん`, `ら-めん` and `らーめん` are the same; so are `えーー` and `えー`
DRAWN_OUT = re.compile("(?<=[ぁ-ゖー])[〜~‐‑‒–—―−-](?=[ぁ-ゖー]|$)|(?<=ー)ー+")
# Japanese is written without spaces: those that stand between its letters say nothing
SPACED = re.compile("(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def fold(text: str) -> str:
    """A text as rules look at it, cut after its first thousand characters."""
    return SPACED.sub("", DRAWN_OUT.sub(_drawn_out, names.name_key(text[:LONGEST])))


def _drawn_out(found: re.Match[str]) -> str:
    return "" if found[0].startswith("ー") else "ー"


def bare(folded: str) -> str:
    """The same without marks and pictures around it (`営業時間？`, `営業時間😊`); marks alone stay."""
    start, end = 0, len(folded)
    while start < end and unicodedata.category(folded[start])[0] in "PSZ":
        start += 1
    while end > start and unicodedata.category(folded[end - 1])[0] in "PSZ":
        end -= 1
    return folded[start:end] or folded

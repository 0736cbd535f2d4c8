"""Labels and arrows: what stands on a button, and where what it does begins."""

import re

from admin_commands.grammar import words
from admin_commands.grammar.words import Line

ARROW = re.compile(r" ?(?:→|⇒|->|(?<= )>(?= )) ?")
BULLETS = ("・", "•")
PLACES = re.compile(r" ?[(（]?先着 ?(?P<most>[^\s()（）人名]{1,9}) ?[人名]?[)）]?$")  # 先着20人, （先着20名）


def is_bullet(line: Line) -> bool:
    return line.text.startswith(BULLETS) and not line.text.startswith("・・") and len(line.text) > 1


def arrow(line: Line, start: int) -> tuple[int, int] | None:
    """Where the first arrow behind `start` begins and ends; a full-width ＞ is one too."""
    found = ARROW.search(line.text, start)
    wide = line.raw.find("＞")
    if wide >= 0:
        at = next((i for i, raw in enumerate(line.lookup.starts) if raw == wide), None)
        if at is not None and at >= start and (found is None or at < found.start()):
            return at, at + 1
    return (found.start(), found.end()) if found else None


def arrow_behind_label(line: Line, start: int) -> tuple[int, int] | None:
    """The arrow behind a label; one inside a label that is quoted whole belongs to the label."""
    end, behind = behind_quote(line, start)
    return behind if end == start or (behind and not line.text[end : behind[0]].strip()) else arrow(line, start)


def behind_quote(line: Line, start: int) -> tuple[int, tuple[int, int] | None]:
    """Where a label that is quoted whole ends, else `start`; and the first arrow behind that."""
    begin = start + line.text.startswith(" ", start)
    if begin < len(line.text) and line.text[begin] in words.OPENERS:
        end = words.closing(line.text, begin, len(line.text)) + 1
        if end:
            return end, arrow(line, end)
    return start, arrow(line, start)


def choice_parts(line: Line) -> tuple[str, re.Match[str] | None, tuple[int, int] | None]:
    """The label of a choice, how many places it has, and where its arrow stands."""
    text = line.text
    end, behind = behind_quote(line, 1)
    between = text[end : behind[0] if behind else len(text)].strip()
    places = PLACES.fullmatch(between)
    if end > 1 and (places or not between):
        return label(line, 1, end), places, behind
    behind = arrow(line, 1)
    end = behind[0] if behind else len(text)
    places = PLACES.search(text, 1, end)
    return label(line, 1, places.start() if places else end), places, behind


def label(line: Line, start: int, end: int) -> str:
    """The text between, without quotes that hold all of it."""
    found = line.lookup.carve(start, end).strip()
    if len(found) > 2 and words.OPENERS.get(found[0]) == found[-1] and found[-1] not in found[1:-1]:
        return found[1:-1].strip()
    return found

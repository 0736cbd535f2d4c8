"""The one look of all cards: colours, sizes, spacing, and the parts they are put together from.

The paper is always white, with colours that stand out from it, so that a card reads alike in LINE's light and dark.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from admin_commands.cards import saying
from jobs import messages

GREEN, INK, GREY, PAPER = "#1F7A5C", "#2B2B2B", "#6B6B6B", "#FFFFFF"
MIST, SAND, AMBER = "#E3EBE7", "#FFF3DC", "#8A4B00"
FACT = re.compile(r"([^\s:「」（）。、]{1,7}): (.+)", re.DOTALL)  # 友だち: 3人
COUNTED = re.compile(r"([・　].*\S) … ([\d,]+人)", re.DOTALL)  # ・タグ「VIP」あり … 12人
LONGEST = 600  # UTF-16 units of one line
ALT = 300
HALF = 6  # graphemes of a label that half a row has room for

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of a timeline: when, what is said then, and what else is to be known."""

    mark: str
    day: str
    clock: str
    said: str
    note: str

    def __str__(self) -> str:
        return f"{self.mark} {self.day} {self.clock} {self.note}{self.said}"


@dataclass(frozen=True, slots=True)
class Gauge:
    """How full something is, 0 to 1."""

    share: float

    def __str__(self) -> str:
        return f"{self.share:.0%}"


Line = str | Step | Gauge


def body(
    title: str, lines: Sequence[Line], warnings: Sequence[str] = (), notes: Sequence[str] = (), *, below: str = ""
) -> Part:
    """A title with a word `below` it, a rule, facts and sentences, what to beware of, what is good to know."""
    careful = [*(one[1:].strip() for one in lines if isinstance(one, str) and one.startswith("⚠")), *warnings]
    told = [part(one) for one in lines if not (isinstance(one, str) and (one.startswith("⚠") or not one.strip()))]
    contents = [words(title, "md", GREEN, weight="bold")]
    contents += [words(below, "xs", GREY, margin="xs")] if below else []
    contents += [rule()] if told or careful else []
    contents += told
    contents += [_careful(careful)] if careful else []
    contents += map(small, notes)
    return {"type": "box", "layout": "vertical", "spacing": "md", "paddingAll": "16px", "contents": contents}


def part(line: Line) -> Part:
    match line:
        case Step():
            return _step(line)
        case Gauge():
            return _gauge(line)
    if fact := FACT.fullmatch(line):
        return _side_by_side("baseline", words(fact[1], "xs", GREY, flex=4), words(fact[2], "sm", INK, flex=9))
    if counted := COUNTED.fullmatch(line):
        number = words(counted[2], "sm", INK, flex=0, align="end", weight="bold")
        return _side_by_side("horizontal", words(counted[1], "sm", INK, flex=1), number)
    return words(line, "sm", INK)


def _side_by_side(layout: str, *told: Part) -> Part:
    return {"type": "box", "layout": layout, "spacing": "sm", "contents": list(told)}


def words(told: str, size: str, color: str, **more: Any) -> Part:
    text = saying.shortened(told, LONGEST)
    return {"type": "text", "text": text, "wrap": True, "size": size, "color": color, **more}


def strong(told: str) -> Part:
    return words(told, "sm", INK, weight="bold")


def small(told: str) -> Part:
    return words(told, "xs", GREY)


def row(number: int, told: str, note: str) -> Part:
    """A line of a list with its number before it, and what there is to say about it in small beneath."""
    said = [words(told, "sm", INK), *([words(note, "xs", GREY)] if note else [])]
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "sm",
        "paddingTop": "2px",
        "paddingBottom": "2px",
        "contents": [
            {"type": "box", "layout": "vertical", "width": "30px", "flex": 0, "contents": [_number(number)]},
            {"type": "box", "layout": "vertical", "flex": 1, "contents": said},
        ],
    }


def _number(number: int) -> Part:
    return words(f"{number}.", "sm", GREEN, weight="bold")


def rule() -> Part:
    return {"type": "separator", "color": MIST}


def button(action: Part, style: str, color: str) -> Part:
    return {"type": "button", "style": style, "height": "sm", "color": color, "action": action}


def rows_of_two(buttons: Sequence[Part]) -> Part:
    """Buttons side by side where both labels are short; any other has the row to itself."""
    rows: list[list[Part]] = []
    for one in buttons:
        if rows and len(rows[-1]) == 1 and _is_short(one) and _is_short(rows[-1][0]):
            rows[-1].append(one)
        else:
            rows.append([one])
    return footer([{"type": "box", "layout": "horizontal", "spacing": "sm", "contents": row} for row in rows])


def _is_short(button: Part) -> bool:
    return messages.graphemes(button["action"]["label"]) <= HALF


def footer(contents: Sequence[Part]) -> Part:
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "paddingAll": "12px",
        "paddingTop": "0px",
        "contents": list(contents),
    }


def bubble(body: Part, footer: Part | None = None) -> Part:
    parts = {"body": body} | ({"footer": footer} if footer is not None else {})
    return {
        "type": "bubble",
        "size": "mega",
        "styles": {name: {"backgroundColor": PAPER} for name in parts},
        **parts,
    }


def flex(told: Sequence[str], contents: Part) -> Part:
    """`told` is what a notification says and who cannot see the card is read."""
    return messages.flex(saying.shortened(" ".join(filter(None, told)), ALT), contents)


def _careful(told: Sequence[str]) -> Part:
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": "xs",
        "paddingAll": "10px",
        "cornerRadius": "8px",
        "backgroundColor": SAND,
        "contents": [words(f"⚠ {one}", "sm", AMBER) for one in told],
    }


def _step(one: Step) -> Part:
    when = [words(one.day, "xs", GREY, align="end"), words(one.clock, "sm", INK, weight="bold", align="end")]
    what = [words(f"{one.mark} {one.note}", "xs", GREEN), words(one.said, "sm", INK)]
    return {
        "type": "box",
        "layout": "horizontal",
        "spacing": "md",
        "contents": [
            {"type": "box", "layout": "vertical", "width": "66px", "flex": 0, "contents": when},
            _beads(),
            {"type": "box", "layout": "vertical", "flex": 1, "contents": what},
        ],
    }


def _beads() -> Part:
    bead = {
        "type": "box",
        "layout": "vertical",
        "width": "10px",
        "height": "10px",
        "cornerRadius": "5px",
        "backgroundColor": GREEN,
        "contents": [],
    }
    thread = {
        "type": "box",
        "layout": "horizontal",
        "flex": 1,
        "contents": [
            {"type": "filler"},
            {"type": "box", "layout": "vertical", "width": "2px", "backgroundColor": MIST, "contents": []},
            {"type": "filler"},
        ],
    }
    return {
        "type": "box",
        "layout": "vertical",
        "width": "10px",
        "flex": 0,
        "paddingTop": "4px",
        "spacing": "xs",
        "contents": [bead, thread],
    }


def _gauge(one: Gauge) -> Part:
    filled = round(min(1.0, max(0.0, one.share)) * 100)
    color = AMBER if one.share >= 0.9 else GREEN
    inner: list[Part] = []
    if filled:
        inner = [
            {
                "type": "box",
                "layout": "vertical",
                "width": f"{filled}%",
                "height": "10px",
                "cornerRadius": "5px",
                "backgroundColor": color,
                "contents": [],
            }
        ]
    track = {
        "type": "box",
        "layout": "vertical",
        "height": "10px",
        "cornerRadius": "5px",
        "backgroundColor": MIST,
        "contents": inner,
    }
    return {
        "type": "box",
        "layout": "vertical",
        "spacing": "xs",
        "contents": [track, words(str(one), "xs", color, align="end", weight="bold")],
    }

"""How the bot speaks to staff: short texts with taps, and one small card for what has to be confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs import messages

MOST_TAPS = 8
MOST_LABEL = 20  # graphemes LINE shows on a button
MOST_TAPPED = 300  # characters a tap can say
MOST_TEXT = 1_200
MOST_OBJECTS = 5
ALT = 300

REFUSED = "&no"  # behind the token of a button that turns a request down
CHOSEN = "&c="  # between the token of a card with several ways to go on and the one that its button stands for

GREEN, INK, GREY, AMBER, PAPER, MIST = "#1F7A5C", "#2B2B2B", "#7A7A7A", "#A05A00", "#FFFFFF", "#E8EFEC"

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that types the command `says` for whoever taps it: it is seen by all, and teaches.

    It is typed with a slash, so that it is heard in every talk and never taken for a remark. With a `token` it types
    nothing and presses what waits behind the token.
    """

    label: str
    says: str = ""
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to go on from a card, a button of its own."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list; its number runs `opens`."""

    text: str
    opens: str
    object: str = ""  # "#F218": what `3,5-7 …` acts on


@dataclass(frozen=True, slots=True)
class Say:
    """What a command answers: a text, taps under it, and messages to be shown before it as they are.

    `whole` is not cut to what a bubble should hold: 書出.
    """

    text: str
    taps: tuple[Tap, ...] = ()
    before: tuple[Message, ...] = ()
    card: Message | None = None
    whole: bool = False


def objects(said: Say) -> list[Message]:
    """A Say as at most five message objects: what is to be shown as it is, then the words, then the card."""
    told = [text(said.text, said.taps if said.card is None else (), whole=said.whole)] if said.text else []
    told += [with_taps(said.card, said.taps)] if said.card is not None else []
    return [*said.before[: MOST_OBJECTS - len(told)], *told]


def text(body: str, taps: Sequence[Tap] = (), *, whole: bool = False) -> Message:
    """A text message; taps that say too much for LINE are left out, their text is in the body anyway."""
    limit = 5_000 if whole else MOST_TEXT
    return with_taps(messages.text(shortened(body, limit)), taps)


def with_taps(message: Message, taps: Sequence[Tap]) -> Message:
    items = [
        {"type": "action", "action": _tapped(tap)}
        for tap in taps
        if tap.label.strip() and (tap.token or 0 < messages.utf16_len(tap.says) < MOST_TAPPED)
    ]
    return message | {"quickReply": {"items": items[:MOST_TAPS]}} if items else message


def _tapped(tap: Tap) -> dict[str, Any]:
    if tap.token is None:
        return {"type": "message", "label": short(tap.label), "text": f"/{tap.says}"}
    return _press(tap.label, tap.token)


def _press(label: str, data: str) -> dict[str, Any]:
    return {"type": "postback", "label": short(label), "data": f"t={data}", "displayText": short(label)}


def card(
    title: str,
    lines: Sequence[str],
    *,
    token: str,
    label: str,
    refusal: str | None = None,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    taps: Sequence[Tap] = (),
) -> Message:
    """A bubble with a title, what would happen, and the one button that lets it happen.

    `refusal` is what the other button says when somebody else has asked for it; else it is やめる.
    """
    leave = _press(refusal, f"{token}{REFUSED}") if refusal is not None else _LEAVE
    buttons = [_button(leave, "link", GREY), _button(_press(label, token), "primary", GREEN)]
    footer = {"type": "box", "layout": "horizontal", "spacing": "md", "contents": buttons}
    return with_taps(_bubble(title, lines, warnings, notes, footer), taps)


def choices(
    title: str,
    lines: Sequence[str],
    ways: Sequence[Choice],
    *,
    token: str,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Message:
    """A card with several ways to go on, numbered so that they can be typed; the first is the likeliest."""
    buttons = [
        _button(_press(f"{number}. {way.label}", f"{token}{CHOSEN}{way.key}"), *(_OTHER if number > 1 else _LIKELIEST))
        for number, way in enumerate(ways, 1)
    ]
    contents = [*buttons, _button(_LEAVE, "link", GREY)]
    footer = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": contents}
    return _bubble(title, lines, warnings, notes, footer)


def panel(
    title: str,
    lines: Sequence[str],
    *,
    notes: Sequence[str] = (),
    taps: Sequence[Tap] = (),
    link: tuple[str, str] | None = None,
) -> Message:
    """The same look without anything to confirm: an object shown; `link` is the label and address of its button."""
    footer: dict[str, Any] | None = None
    if link is not None:
        button = _button({"type": "uri", "label": short(link[0]), "uri": link[1]}, "primary", GREEN)
        footer = {"type": "box", "layout": "vertical", "contents": [button]}
    return with_taps(_bubble(title, lines, (), notes, footer), taps)


_LEAVE = {"type": "message", "label": "やめる", "text": "/やめる"}
_LIKELIEST = ("primary", GREEN)
_OTHER = ("secondary", MIST)


def _bubble(
    title: str,
    lines: Sequence[str],
    warnings: Sequence[str],
    notes: Sequence[str],
    footer: dict[str, Any] | None,
) -> Message:
    body: list[dict[str, Any]] = [_line(title, "md", GREEN, bold=True)]
    body += [_line(line, "sm", INK) for line in lines if line.strip()]
    body += [_line(f"⚠ {line}", "sm", AMBER) for line in warnings]
    body += [_line(line, "xs", GREY) for line in notes]
    parts = {"body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": body}}
    parts |= {"footer": footer} if footer is not None else {}
    styles = {name: {"backgroundColor": PAPER} for name in parts}
    told = " ".join([title, *lines, *(f"⚠{line}" for line in warnings)])
    return messages.flex(shortened(told, ALT), {"type": "bubble", "size": "mega", "styles": styles, **parts})


def short(label: str) -> str:
    """A label as long as LINE shows it."""
    label = " ".join(label.split())
    if messages.graphemes(label) <= MOST_LABEL:
        return label
    return "".join(list(messages.clusters(label))[: MOST_LABEL - 1]) + "…"


def shortened(body: str, most: int) -> str:
    """At most `most` UTF-16 units, cut between characters."""
    if messages.utf16_len(body) <= most:
        return body
    kept: list[str] = []
    room = most - 1
    for cluster in messages.clusters(body):
        room -= messages.utf16_len(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + "…"


def _line(told: str, size: str, color: str, *, bold: bool = False) -> dict[str, Any]:
    line: dict[str, Any] = {"type": "text", "text": shortened(told, 600), "wrap": True, "size": size, "color": color}
    return line | {"weight": "bold"} if bold else line


def _button(action: dict[str, Any], style: str, color: str) -> dict[str, Any]:
    return {"type": "button", "style": style, "height": "sm", "color": color, "action": action}

"""The kinds of cards: to be confirmed, to choose from, an object, a list, tiles side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_commands.cards import looks, saying
from admin_commands.cards.looks import GREEN, GREY, MIST, Line
from admin_commands.cards.saying import Choice, Copy, Message, Row, Tap
from jobs import messages

MOST_BUTTONS = 4
MOST_COPIED = 1_000  # characters LINE puts on the clipboard
_LEAVE = {"type": "message", "label": "やめる", "text": "/やめる"}


def card(
    title: str,
    lines: Sequence[Line],
    *,
    token: str,
    label: str,
    refusal: str | None = None,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    taps: Sequence[Tap] = (),
) -> Message:
    """What would happen, and the one button that lets it happen.

    `refusal` is what the other button says when somebody else has asked for it; else it is やめる.
    """
    leave = saying.press(refusal, f"{token}{saying.REFUSED}") if refusal is not None else _LEAVE
    buttons = [looks.button(leave, "link", GREY), looks.button(saying.press(label, token), "primary", GREEN)]
    bubble = looks.bubble(looks.body(title, lines, warnings, notes), looks.rows_of_two(buttons))
    return saying.with_taps(looks.flex(_told(title, lines, warnings), bubble), taps)


def typed(
    title: str,
    lines: Sequence[Line],
    asks: str,
    *,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    buttons: Sequence[Tap] = (),
) -> Message:
    """What would happen, and what to type so that it happens: there is no button that could be hit by mistake.

    `buttons` lead to less: a look at where it is used, another way.
    """
    body = looks.body(title, lines, warnings)
    body["contents"] += [looks.strong(asks), *(looks.small(one) for one in notes)]
    shown = [looks.button(_action(one), "secondary", MIST) for one in buttons if _fits(one)]
    footer = looks.rows_of_two([*shown[: MOST_BUTTONS - 1], looks.button(_LEAVE, "link", GREY)])
    return looks.flex([*_told(title, lines, warnings), asks], looks.bubble(body, footer))


def choices(
    title: str,
    lines: Sequence[Line],
    ways: Sequence[Choice],
    *,
    token: str,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Message:
    """A card with several ways to go on, numbered so that they can be typed; the first is the likeliest."""
    likeliest, other = ("primary", GREEN), ("secondary", MIST)
    buttons = [
        looks.button(
            saying.press(f"{number}. {way.label}", f"{token}{saying.CHOSEN}{way.key}"),
            *(other if number > 1 else likeliest),
        )
        for number, way in enumerate(ways, 1)
    ]
    footer = looks.footer([*buttons, looks.button(_LEAVE, "link", GREY)])
    return looks.flex(_told(title, lines, warnings), looks.bubble(looks.body(title, lines, warnings, notes), footer))


def panel(
    title: str,
    lines: Sequence[Line],
    *,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    buttons: Sequence[Tap | Copy] = (),
    link: tuple[str, str] | None = None,
) -> Message:
    """Something shown, with nothing to confirm: at most four buttons, the first the likeliest; taps that fit no button
    are left out. `link` is the label and address of the one button that leads elsewhere."""
    footer = _footer(buttons)
    if link is not None:
        action = {"type": "uri", "label": saying.short(link[0]), "uri": link[1]}
        footer = looks.footer([looks.button(action, "primary", GREEN)])
    return looks.flex(_told(title, lines, warnings), looks.bubble(looks.body(title, lines, warnings, notes), footer))


def listing(
    title: str,
    rows: Sequence[Row],
    first: int,
    *,
    count: str = "",
    notes: Sequence[Line] = (),
    buttons: Sequence[Tap | Copy] = (),
) -> Message:
    """Numbered rows; a tap on one types what its number means. `count` says below the title which of how many."""
    body = looks.body(title, notes, below=count)
    body["contents"].append(looks.rule())
    for number, row in enumerate(rows, first):
        line = looks.row(number, row.text, row.note)
        tap = Tap(row.text, row.opens)
        body["contents"].append(line | ({"action": saying.typed(tap)} if saying.can_be_typed(tap) else {}))
    told = [title, count, *(f"{number}. {row.text}" for number, row in enumerate(rows, first))]
    return looks.flex(told, looks.bubble(body, _footer(buttons)))


@dataclass(frozen=True, slots=True)
class Tile:
    """One of several bubbles side by side: at most four buttons."""

    title: str
    line: str
    buttons: Sequence[Tap]


def tiles(told: str, given: Sequence[Tile]) -> Message:
    """Tiles side by side; `told` is what they say to who cannot see them."""
    bubbles = []
    for one in given:
        buttons = [looks.button(saying.typed(tap), "secondary", MIST) for tap in one.buttons[:MOST_BUTTONS]]
        bubbles.append(looks.bubble(looks.body(one.title, [one.line]), looks.footer(buttons)) | {"size": "kilo"})
    return looks.flex([told], {"type": "carousel", "contents": bubbles})


def _footer(buttons: Sequence[Tap | Copy]) -> looks.Part | None:
    shown = [looks.button(_action(one), "secondary", MIST) for one in buttons if _fits(one)]
    return looks.rows_of_two(shown[:MOST_BUTTONS]) if shown else None


def _told(title: str, lines: Sequence[Line], warnings: Sequence[str]) -> list[str]:
    return [title, *map(str, lines), *(f"⚠{line}" for line in warnings)]


def _fits(one: Tap | Copy) -> bool:
    if isinstance(one, Copy):
        return 0 < messages.utf16_len(one.copies) <= MOST_COPIED
    return saying.can_be_typed(one)


def _action(one: Tap | Copy) -> Message:
    if isinstance(one, Copy):
        return {"type": "clipboard", "label": saying.short(one.label), "clipboardText": one.copies}
    return saying.typed(one)

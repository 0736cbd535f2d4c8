"""Whether what a broadcast's links lead to can be opened, told on its card and never a reason to refuse it."""

import re

from admin_commands import cards, desk, link_addresses
from admin_commands.broadcasts import trying
from jobs.messages import hosting, naming, placeholders
from storage import broadcasts as kept

OPENED = ("uri", "linkUri")  # keys of what a tap opens
WEB = re.compile(r"https?://[^\s<>\"「」『』（）()、。]+", re.IGNORECASE)
GAP = "\ufffd"  # where each friend has something else
MOST_ASKED = 10
SHOWN = 80  # characters of an address on the card


def addresses(at: desk.Desk, one: kept.Kept) -> list[str]:
    """Of the web, as far as they are the same for everybody; those of LINE's own apps and of ours left out."""
    found: dict[str, None] = {}
    for _, messages in trying.wordings(one.definition):
        for place in placeholders.places(messages):
            in_words = place.key == "text" and place.holder.get("type") == "text" and not place.loose
            if place.key not in OPENED and not in_words:
                continue
            pieces = placeholders.parse(place.text, loose=place.loose)
            names = [naming.read(piece.name) for piece in pieces if piece.kind == "value"]
            leading = [at.config.links.get(name.number) for name in names if name is not None and name.letter == "L"]
            said = "".join(piece.raw if piece.kind == "words" else GAP for piece in pieces)
            typed = [each.rstrip(".,;:!?'") for each in WEB.findall(said)] if in_words else [said]
            found |= dict.fromkeys([*(each for each in leading if each), *typed])
    return [each for each in found if _is_asked(each)]


def _is_asked(address: str) -> bool:
    """What has other letters in it may be words that follow; nobody knows where the address ends."""
    ours = address.startswith((f"{hosting.HOST}/", f"{hosting.IN_LINE}/"))
    return bool(WEB.match(address) and address.isascii() and not ours and not link_addresses.LINES_OWN.match(address))


def told(at: desk.Desk, one: kept.Kept) -> tuple[list[cards.Line], list[str]]:
    """Lines and warnings for the card. Raises desk.Unasked once, before they have been asked."""
    asked = at.web(addresses(at, one)[:MOST_ASKED])
    dead = {each: status for each, status in asked.items() if status is None or status in (404, 410) or status >= 500}
    lines: list[cards.Line] = [f"リンク: {len(asked)}件とも開けました"] if asked and not dead else []
    return lines, [
        f"リンク {_short(each)} が開けません（{status or '応答がありません'}）。" for each, status in dead.items()
    ]


def _short(address: str) -> str:
    return address if len(address) <= SHOWN else f"{address[: SHOWN - 1]}…"

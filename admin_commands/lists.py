"""Lists of ten with numbers: shown as one card, kept as what this person may answer with a number, 次 or 前."""

from collections.abc import Sequence
from typing import Any

from admin_commands import cards, desk
from storage import dialogues

ROWS = 10


def offset(page: int) -> int:
    return (page - 1) * ROWS


async def say(
    at: desk.Desk,
    title: str,
    rows: Sequence[cards.Row],
    total: int,
    page: int,
    command: str,
    *,
    taps: Sequence[cards.Tap] = (),
    notes: Sequence[str] = (),
    empty: str = "まだありません。",
) -> cards.Say:
    """A page of a list; `command` is what lists it, to which ページ= is put for another page. `notes` stand above."""
    if not rows:
        told = [title, *notes, empty if page == 1 else "このページには何もありません。"]
        return cards.Say("\n".join(told), tuple(taps))
    first = offset(page) + 1
    count = f"{total:,}件中 {first}–{first + len(rows) - 1}"
    pages = [
        cards.Tap(label, f"{command} ページ={other}")
        for label, other, there in (
            ("前へ", page - 1, page > 1),
            ("次へ", page + 1, first + len(rows) - 1 < total),
        )
        if there
    ]
    await keep(at, rows, first, command, page, total)
    return cards.Say("", (*pages, *taps), card=cards.listing(title, rows, first, count=count, notes=notes))


async def ask(at: desk.Desk, question: str, rows: Sequence[cards.Row]) -> cards.Say:
    """A question with numbered answers, which are taps as well."""
    await keep(at, rows, 1, "", 1, len(rows), once=True)
    taps = [cards.Tap(f"{number}. {row.text}", row.opens) for number, row in enumerate(rows, 1)]
    return cards.Say("", tuple(taps), card=cards.listing(question, rows, 1))


async def keep(
    at: desk.Desk, rows: Sequence[cards.Row], first: int, command: str, page: int, total: int, *, once: bool = False
) -> None:
    """Remember the rows for this person in this chat, and for whoever quotes them; `once`: until one is chosen."""
    data: dict[str, Any] = {
        "rows": {str(number): [row.opens, row.object] for number, row in enumerate(rows, first)},
        "command": command,
        "page": page,
        "pages": -(-total // ROWS),
        "once": once,
    }
    at.listed = data
    if at.actor.user_id is not None:
        await dialogues.keep(at.chat, at.actor.user_id, "list", data, at.now)

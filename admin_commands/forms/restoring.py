"""Forms out of a 控え: a new one as it stood there; of one that is here, the draft at most."""

from typing import Literal

from admin_commands import content, desk
from admin_commands.forms import looks, writing
from admin_commands.grammar import definitions
from storage import changes, versions
from storage import forms as kept


async def make(at: desk.Desk, definition: definitions.Form, number: int, links: content.Links) -> None:
    """One that has just got its number, in force or stopped at once."""
    one = await kept.get(number, lock=True)
    await writing.put_live(at, one, await _written(at, definition, one, links), state=definition.state or "live")
    row = (await kept.get(number)).version
    gone = changes.put_back("forms", number, row, {"deleted_at": "now"})
    at.record("form.apply", {"form": number}, f"フォーム「{one.name}」を作った", [gone])


async def draft(
    at: desk.Desk, definition: definitions.Form, number: int, links: content.Links
) -> Literal["same", "draft", "live"]:
    """Nothing when it is what is in force or waits already; else the draft, over what is in force or not."""
    one = await kept.get(number, lock=True)
    source = writing.source_of(writing.dated(at, definition), one.name, links)
    for there in (await looks.version(one, one.live), await looks.version(one, one.draft)):
        if there is not None and content.same(there.content["source"], source):
            return "same"
    await writing.lay_down(at, one, await _written(at, definition, one, links))
    return "draft" if one.live is None else "live"


async def _written(at: desk.Desk, definition: definitions.Form, one: kept.Kept, links: content.Links) -> versions.Kept:
    stored = await writing.built(at, writing.dated(at, definition), one, links)
    number = await versions.add(kept.owner(one.id), stored, at.actor.staff_id, at.now)
    written = await versions.numbered(kept.owner(one.id), number)
    if written is None:
        raise LookupError(number)
    return written

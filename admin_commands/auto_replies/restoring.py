"""Auto-replies out of a 控え: a new one as it stood there; of one that is here, the draft at most."""

from typing import Literal

from admin_commands import content, desk
from admin_commands.auto_replies import looks, writing
from admin_commands.grammar import definitions
from storage import auto_replies as kept
from storage import changes, versions


async def make(at: desk.Desk, definition: definitions.AutoReply, number: int, links: content.Links) -> None:
    """One that has just got its number, in force or stopped at once."""
    one = await kept.get(number, lock=True)
    await writing.put_live(at, one, await _written(at, definition, one, links), state=definition.state or "live")
    row = (await kept.get(number)).version
    gone = changes.put_back("auto_replies", number, row, {"deleted_at": "now"})
    at.record("autoreply.apply", {"auto_reply": number}, f"自動応答「{one.name}」を作った", [gone])


async def draft(
    at: desk.Desk, definition: definitions.AutoReply, number: int, links: content.Links
) -> Literal["same", "draft", "live"]:
    """Nothing when it is what is in force or waits already; else the draft, over what is in force or not."""
    one = await kept.get(number, lock=True)
    source = writing.source_of(writing.dated(at, definition), one.name, links)
    for there in (await looks.version(one, one.live), await looks.version(one, one.draft)):
        if there is not None and content.same(there.content["source"], source):
            return "same"
    await writing.lay_down(at, one, await _written(at, definition, one, links))
    return "draft" if one.live is None else "live"


async def _written(
    at: desk.Desk, definition: definitions.AutoReply, one: kept.Kept, links: content.Links
) -> versions.Kept:
    definition = writing.dated(at, definition)
    stored = await writing.build(at, definition, one.id, links)
    whole = {"source": writing.source_of(definition, one.name, links), **stored}
    number = await versions.add(kept.owner(one.id), whole, at.actor.staff_id, at.now)
    written = await versions.numbered(kept.owner(one.id), number)
    if written is None:
        raise LookupError(number)
    return written

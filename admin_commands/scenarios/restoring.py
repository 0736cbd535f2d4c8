"""Scenarios out of a 控え: a new one as it stood there; of one that is here, the draft at most."""

from typing import Literal

from admin_commands import content, desk
from admin_commands.grammar import definitions
from admin_commands.scenarios import drafts, publishing
from storage import changes
from storage import scenarios as kept


async def make(at: desk.Desk, definition: definitions.Scenario, number: int, links: content.Links) -> None:
    """A scenario that has just got its number, live or stopped at once."""
    scenario = await kept.get(number, lock=True)
    version = await drafts.write(at, drafts.dated(at, definition), scenario, links, None)
    await publishing.put_live(at, scenario, version, state=definition.state or "live", everyone=False)
    row = (await kept.get(number)).version
    gone = changes.put_back("scenarios", number, row, {"deleted_at": "now"})
    at.record("scenario.apply", {"scenario": number}, f"シナリオ「{scenario.name}」を作った", [gone])


async def draft(
    at: desk.Desk, definition: definitions.Scenario, number: int, links: content.Links
) -> Literal["same", "draft", "live"]:
    """Nothing when it is what is live or waits already; else the draft, over what is `live` or not."""
    scenario = await kept.get(number, lock=True)
    definition = drafts.dated(at, definition)
    source = drafts.source_of(definition, scenario.name, links)
    latest = None
    for number_of in filter(None, (scenario.live_version_id, scenario.draft_version_id)):
        latest = await kept.version_of(number_of)
        if content.same(latest.source, source):
            return "same"
    await drafts.lay_down(at, scenario, await drafts.write(at, definition, scenario, links, latest))
    return "draft" if scenario.live_version_id is None else "live"

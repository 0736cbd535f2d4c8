"""A scenario made of what is there already: a copy, an old version, one out of the bin."""

from dataclasses import replace

from admin_commands import cards, content, desk, lifecycle, objects, places
from admin_commands.grammar import print_block, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import drafts, views
from storage import changes
from storage import scenarios as kept


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same steps as the draft of a new scenario; where the old one names itself, the new one does so too."""
    scenario, version = await views.shown(at, said)
    name = await lifecycle.copy_name(said, "scenarios", scenario.name)
    itself = words.Id("S", scenario.id)

    def renamed(noun: content.Noun, one: words.Object) -> words.Object:
        return words.Name(name) if noun == "scenarios" and one == itself else one

    definition = content.exchanged(drafts.definition_of(version), renamed)
    wanted = replace(definition, name=name, version=None)
    number = await drafts.reserve(at, wanted)
    return await drafts.define(at, wanted, number, await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "scenarios")
    walking = (await kept.walking(found.id, at.sight)).all
    scenario = await kept.get(found.id)
    told = f"✅ シナリオ「{found.name}」#S{found.id}（{views.STATES[scenario.state]}）を元に戻しました。"
    if walking and scenario.state == "live":
        told += f"\n途中の{walking:,}人に続きが届きます。削除中に時刻を過ぎた通は、順にすぐ届きます。"
    return cards.Say(told, (*places.undo_tap(), cards.Tap("表示", f"シナリオ 表示 #S{found.id}")))


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    """The content of an old version becomes the draft, its steps being the same steps as then."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    old = await views.numbered(scenario, said)
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    draft = await kept.version_of(scenario.draft_version_id) if scenario.draft_version_id else None
    latest = draft or live
    if latest is not None and latest.definition == old.definition:
        return cards.Say(f"変更なし（シナリオ「{scenario.name}」は版{old.number}と同じ内容です）。")
    await lifecycle.require_media(at, old.source, f"版{old.number}")
    source = print_block(replace(drafts.definition_of(old), name=scenario.name, version=None))
    version = await kept.add_version(scenario.id, source, old.definition, at.actor.staff_id, at.now)
    row = await kept.change(scenario.id, state=scenario.state, live=scenario.live_version_id, draft=version.id)
    at.record(
        "scenario.revert",
        {"scenario": scenario.id, "version": version.number, "from": old.number},
        f"シナリオ「{scenario.name}」の版{old.number}を下書き（版{version.number}）にした",
        [changes.put_back("scenarios", scenario.id, row, {"draft_version_id": scenario.draft_version_id})],
    )
    note = f"版{old.number}の内容を下書きにしました。"
    return await views.preview(at, await kept.get(scenario.id), version, live, note)

"""Publishing, stopping, going on, deleting."""

from dataclasses import replace
from typing import Any

from admin_commands import cards, desk, drafted, lifecycle, objects
from admin_commands.forms import looks, warnings
from admin_commands.forms.looks import FORMS
from admin_commands.forms.writing import WAY
from admin_commands.grammar import definitions, print_block
from admin_commands.grammar.commands import Command as Said
from storage import versions
from storage.drafted import Kept
from storage.forms import results

EMPTY = cards.Choice("empty", "空欄の人だけ")
ALWAYS = cards.Choice("always", "上書き")
OVER = "今ある値をどうするかを選ぶと、公開します（「項目の上書き:」に書き込みます）。"


async def publish(at: desk.Desk, said: Said) -> cards.Say:
    """Put the draft in force; where answers would take the place of values, it is asked what becomes of these."""
    one, written = await FORMS.draft_of(at, said)
    if written is None:
        return FORMS.nothing_to_publish(one)
    live = await FORMS.version(one, one.live)
    lines = [*await looks.described(at, one, written), *await FORMS.difference(one, live, written)]
    definition = FORMS.definition_of(written)
    over = await warnings.overwriting(at, written.content["form"]) if definition.overwrite is None else []
    told = await warnings.of(at, one, written, live)
    title, holds = f"フォーム「{one.name}」版{written.number} を公開します", FORMS.holds(one, written)
    if over:
        ways = [EMPTY, ALWAYS]
        chosen: Any = at.choose("overwrite", title, lines, ways, holds=holds, warnings=told, notes=[OVER])
        written = await _with_policy(at, one, written, replace(definition, overwrite=chosen))
    else:
        at.confirm(title, lines, holds=holds, label="公開する", warnings=told)
    await WAY.put_live(at, one, written, "live")
    return WAY.published(at, one, written, "お客様が回答できます。" if at.config.liff else "")


async def _with_policy(at: desk.Desk, one: Kept, written: versions.Kept, definition: definitions.Form) -> versions.Kept:
    """The next version, in which is said what becomes of values that are there already."""
    form = written.content["form"] | {"overwrite": definition.overwrite}
    return await FORMS.add(at, one, dict(written.content) | {"source": print_block(definition), "form": form})


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    told = "開いた方には、受付終了とお伝えします。これまでの回答は残ります。"
    return await WAY.set_state(at, said, "paused", told)


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    return await WAY.set_state(at, said, "live", "また回答できます。")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    """Into the bin with its answers, which come back with it."""
    thing = await objects.thing(at, "forms", said)
    one = await FORMS.rows.get(thing.id, lock=True)
    tally = await results.tally(one.id, at.sight)
    return await lifecycle.delete(
        at,
        "forms",
        thing,
        loss="開いた方には、受付終了とお伝えします。条件や送信で使っている所も働かなくなります。",
        told=[f"状態: {drafted.STATES[one.state]}", f"回答: {tally.submissions:,}件（{tally.friends:,}人）"],
        holds={"row": one.version, "answers": tally.submissions},
        kept="。回答も一緒に残ります",
        always=bool(tally.submissions) or one.state == "live",
    )

"""Publishing, stopping, going on, copying, old versions, deleting."""

from dataclasses import replace
from typing import Any

from admin_commands import cards, content, desk, lifecycle, objects, places
from admin_commands.forms import looks, warnings, writing
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, versions
from storage import forms as kept
from storage.forms import results

EMPTY = cards.Choice("empty", "空欄の人だけ")
ALWAYS = cards.Choice("always", "上書き")
OVER = "今ある値をどうするかを選ぶと、公開します（「項目の上書き:」に書き込みます）。"


async def publish(at: desk.Desk, said: Said) -> cards.Say:
    """Put the draft in force; where answers would take the place of values, it is asked what becomes of these."""
    thing = await objects.thing(at, "forms", said)
    one = await kept.get(thing.id, lock=True)
    written, live = await looks.version(one, one.draft), await looks.version(one, one.live)
    if written is None:
        if one.state == "live":
            return cards.Say(f"フォーム「{one.name}」はもう公開中です。変更はありません。")
        resume_tap = cards.Tap("再開", f"フォーム 再開 #Q{one.id}")
        raise desk.Declined(f"フォーム「{one.name}」に公開する下書きがありません。", *([resume_tap] if live else []))
    form = written.content["form"]
    lines = [*await looks.head(at, form), *looks.listed(form)]
    if live is not None:
        lines += await looks.difference(one, live, written)
    definition = looks.definition_of(written)
    over = await warnings.overwriting(at, form) if definition.overwrite is None else []
    told = await warnings.of(at, one, written, live)
    title = f"フォーム「{one.name}」版{written.number} を公開します"
    if over:
        ways = [EMPTY, ALWAYS]
        holds = writing.holds(one, written)
        chosen: Any = at.choose("overwrite", title, lines, ways, holds=holds, warnings=told, notes=[OVER])
        written = await _with_policy(at, one, written, replace(definition, overwrite=chosen))
    else:
        holds = writing.holds(one, written)
        at.confirm(title, lines, holds=holds, label="公開する", warnings=told)
    await writing.put_live(at, one, written, state="live")
    return writing.published(at, one, written, "お客様が回答できます。" if at.config.liff else "")


async def _with_policy(
    at: desk.Desk, one: kept.Kept, written: versions.Kept, definition: definitions.Form
) -> versions.Kept:
    """The next version, in which is said what becomes of values that are there already."""
    form = written.content["form"] | {"overwrite": definition.overwrite}
    whole = dict(written.content) | {"source": print_block(definition), "form": form}
    number = await versions.add(kept.owner(one.id), whole, at.actor.staff_id, at.now)
    found = await versions.numbered(kept.owner(one.id), number)
    if found is None:
        raise LookupError(number)
    return found


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    return await _set_state(at, said, "paused")


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    return await _set_state(at, said, "live")


async def _set_state(at: desk.Desk, said: Said, state: str) -> cards.Say:
    thing = await objects.thing(at, "forms", said)
    one = await kept.get(thing.id, lock=True)
    live = await looks.version(one, one.live)
    if live is None:
        tap = cards.Tap("公開", f"フォーム 公開 #Q{one.id}")
        raise desk.Declined(f"フォーム「{one.name}」はまだ公開していません。", tap)
    if one.state == state:
        return cards.Say(f"フォーム「{one.name}」はもう{looks.STATES[state]}です。変更はありません。")
    if state == "live":
        form = live.content["form"]
        at.confirm(
            f"フォーム「{one.name}」を再開します",
            [*await looks.head(at, form), *looks.listed(form)],
            holds={"form": one.id, "row": one.version},
            label="再開する",
            warnings=await warnings.of(at, one, live),
        )
    row = await kept.change(one.id, state=state, live=one.live, draft=one.draft)
    await account.configuration_changed()
    deed, other, verb = ("再開", "停止", "resume") if state == "live" else ("停止", "再開", "stop")
    at.record(
        f"form.{verb}",
        {"form": one.id},
        f"フォーム「{one.name}」を{deed}した",
        [changes.put_back("forms", one.id, row, {"state": one.state})],
    )
    stopped = "開いた方には、受付終了とお伝えします。これまでの回答は残ります。"
    told = "また回答できます。" if state == "live" else stopped
    return cards.Say(
        f"{'▶' if state == 'live' else '⏸'} フォーム「{one.name}」を{deed}しました。{told}",
        (cards.Tap(other, f"フォーム {other} #Q{one.id}"), *places.undo_tap()),
    )


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same content as the draft of a new one."""
    one, written = await looks.latest(at, said)
    name = await lifecycle.copy_name(said, "forms", one.name)
    wanted = replace(looks.definition_of(written), name=name, version=None)
    return await writing.define(at, wanted, await writing.reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or an old version as the next one."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "forms")
    one = await kept.get(found.id)
    return cards.Say(
        f"✅ フォーム「{found.name}」#Q{found.id}（{looks.STATES[one.state]}）を元に戻しました。",
        (*places.undo_tap(), cards.Tap("表示", f"フォーム 表示 #Q{found.id}")),
    )


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    one, latest = await looks.latest(at, said, lock=True)
    listed = f"フォーム 版 {words.show(words.Name(one.name))}"
    old = await lifecycle.version_named(said, 1, kept.owner(one.id), f"フォーム「{one.name}」", listed)
    if content.same(latest.content["source"], old.content["source"]):
        return cards.Say(f"変更なし（フォーム「{one.name}」は版{old.number}と同じ内容です）。")
    await lifecycle.require_media(at, old.content["source"], f"版{old.number}")
    live = await looks.version(one, one.live)
    again = old.content | {"keys": await writing.keys(one)}
    return await writing.put_down(at, one, again, live, f"版{old.number}の内容に戻します。")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    """Into the bin with its answers, which come back with it."""
    thing = await objects.thing(at, "forms", said)
    one = await kept.get(thing.id, lock=True)
    tally = await results.tally(one.id, at.sight)
    return await lifecycle.delete(
        at,
        "forms",
        thing,
        loss="開いた方には、受付終了とお伝えします。条件や送信で使っている所も働かなくなります。",
        told=[f"状態: {looks.STATES[one.state]}", f"回答: {tally.submissions:,}件（{tally.friends:,}人）"],
        holds={"row": one.version, "answers": tally.submissions},
        kept="。回答も一緒に残ります",
        always=bool(tally.submissions) or one.state == "live",
    )

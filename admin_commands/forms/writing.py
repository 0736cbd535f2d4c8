"""A pasted ■フォーム becomes a draft; over one in force it changes only as is chosen on the card."""

from dataclasses import replace
from datetime import date
from typing import Any

from admin_commands import cards, content, desk, places
from admin_commands.drafted import writing as drafting
from admin_commands.forms import building, fields, looks, warnings
from admin_commands.forms.looks import FORMS
from admin_commands.grammar import definitions, schedules
from admin_commands.grammar.forms import head
from storage import versions
from storage.drafted import Kept


async def reserve(at: desk.Desk, definition: definitions.Form) -> int:
    """The form of this name, made if there is none yet, and with it the fields that its answers are saved to."""
    await fields.make_missing(at, definition)
    return await WAY.reserve(at, definition)


async def keys(one: Kept) -> building.Families:
    """The keys that labels have had so far."""
    latest, _ = await versions.page(FORMS.rows.owner(one.id), 1, 0)
    found: building.Families = latest[0].content["keys"] if latest else {}
    return found


async def built(
    at: desk.Desk,
    definition: definitions.Form,
    one: Kept,
    links: content.Links,
    known: building.Families | None = None,
) -> dict[str, Any]:
    """The content of a version; `known` are the keys so far where they are not those of the last version."""
    made = await building.build(at, definition, one.id, links, await keys(one) if known is None else known)
    return {"form": made.form, "keys": made.keys}


async def _again(one: Kept, old: versions.Kept) -> dict[str, Any]:
    return old.content | {"keys": await keys(one)}


def _noted(at: desk.Desk, links: content.Links) -> str:
    return "\n".join(filter(None, (content.made_note(links), fields.made_note(at))))


def published(at: desk.Desk, one: Kept, written: versions.Kept, told: str) -> cards.Say:
    """That it is in force, and how customers come to it."""
    opened = looks.address(at, one.id)
    lines = [told] if told else []
    lines.append(f"リンク: {opened}" if opened else f"⚠ {looks.NO_LIFF}")
    buttons: list[cards.Tap | cards.Copy] = [cards.Tap("表示（QR）", f"フォーム 表示 #Q{one.id}")]
    if opened and one.state != "paused":
        buttons = [cards.Tap("配信で送る", f"フォーム 送る #Q{one.id}"), cards.Copy("リンクをコピー", opened), *buttons]
    buttons.append(cards.Tap("停止", f"フォーム 停止 #Q{one.id}"))
    title = f"✅ フォーム「{one.name}」#Q{one.id} 版{written.number}を公開しました"
    return cards.Say("", places.undo_tap(), card=cards.panel(title, lines, buttons=buttons))


def dated(at: desk.Desk, definition: definitions.Form) -> definitions.Form:
    """With years to its dates and to those of its conditions."""
    since, until = _settled(at, definition.since, definition.until)
    _, edited = _settled(at, None, definition.edit_until)
    return content.dated(at, replace(definition, since=since, until=until, edit_until=edited))


def _settled(
    at: desk.Desk, since: definitions.FormMoment | None, until: definitions.FormMoment | None
) -> tuple[definitions.FormMoment | None, definitions.FormMoment | None]:
    """The same with their years."""
    first, last = (one.day if one is not None else None for one in (since, until))
    span = schedules.settled_span(first, last, at.local(at.now).date())
    if isinstance(span, schedules.Problem):
        raise desk.Declined(f"「{head.show_moment(since)}〜{head.show_moment(until)}」{span.what}。")
    return _with_year(since, span[0]), _with_year(until, span[1])


def _with_year(given: definitions.FormMoment | None, day: date | None) -> definitions.FormMoment | None:
    return replace(given, day=schedules.day_of(day)) if given is not None and day is not None else given


WAY = drafting.Way(
    FORMS,
    dated=dated,
    built=built,
    described=looks.described,
    warned=warnings.of,
    published=published,
    put_live=FORMS.put_live,
    noted=_noted,
    looks=("確認", "書出"),
    again=_again,
)

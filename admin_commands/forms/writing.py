"""A pasted ■フォーム becomes a draft; over one in force it changes only as is chosen on the card."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from admin_commands import cards, content, desk, lifecycle, places
from admin_commands.forms import building, fields, looks, warnings
from admin_commands.grammar import definitions, print_block, schedules
from admin_commands.grammar.forms import head
from storage import account, changes, versions
from storage import forms as kept

NOW = cards.Choice("live", "反映する")
DRAFT = cards.Choice("draft", "下書きに置く")


async def reserve(at: desk.Desk, definition: definitions.Form) -> int:
    """The form of this name, made if there is none yet, and with it the fields that its answers are saved to."""
    await fields.make_missing(at, definition)
    return await lifecycle.reserve(definition.name, "forms", lambda name: kept.make(name, at.now))


async def define(
    at: desk.Desk,
    definition: definitions.Form,
    number: int,
    links: content.Links,
    known: building.Families | None = None,
) -> cards.Say:
    """Keep a block as the draft; over one in force, managers choose whether it holds at once.

    `known` are the keys of its labels where a question has just got another one.
    """
    at.concerns("form", f"#Q{number}")
    one = await kept.get(number, lock=True)
    definition = dated(at, definition)
    source = source_of(definition, one.name, links)
    live, draft = await looks.version(one, one.live), await looks.version(one, one.draft)
    latest = draft or live
    if latest is not None and content.same(latest.content["source"], source):
        if draft is None:
            return cards.Say(f"変更なし（フォーム「{one.name}」版{latest.number}と同じ内容です）。")
        return await preview(at, one, latest, live, "変更なし（下書きと同じ内容です）。")
    if live is not None and content.same(live.content["source"], source):
        await kept.change(number, state=one.state, live=one.live, draft=None)
        return cards.Say(f"公開中の版{live.number}と同じ内容です。下書きは片付けました。")
    if latest is not None and (definition.version is not None or draft is not None):
        what = f"フォーム「{one.name}」"
        lifecycle.mind_the_other(at, what, f"フォーム 書出 #Q{number}", definition.version, latest)
    stored = await built(at, definition, one, links, known)
    note = "\n".join(filter(None, (content.made_note(links), fields.made_note(at))))
    return await put_down(at, one, stored, live, note)


async def built(
    at: desk.Desk,
    definition: definitions.Form,
    one: kept.Kept,
    links: content.Links,
    known: building.Families | None = None,
) -> dict[str, Any]:
    """The content of a version; `known` are the keys so far where they are not those of the last version."""
    if known is None:
        known = await keys(one)
    made = await building.build(at, definition, one.id, links, known)
    return {"source": source_of(definition, one.name, links), "form": made.form, "keys": made.keys}


async def keys(one: kept.Kept) -> building.Families:
    """The keys that labels have had so far."""
    latest, _ = await versions.page(kept.owner(one.id), 1, 0)
    found: building.Families = latest[0].content["keys"] if latest else {}
    return found


async def put_down(
    at: desk.Desk, one: kept.Kept, stored: Mapping[str, Any], live: versions.Kept | None, note: str
) -> cards.Say:
    """The next version: the draft, or in force at once where that is chosen."""
    number = await versions.add(kept.owner(one.id), dict(stored), at.actor.staff_id, at.now)
    written = await versions.numbered(kept.owner(one.id), number)
    if written is None:
        raise LookupError(number)
    if live is not None and at.may("manager"):
        chosen = at.choose(
            "policy",
            f"フォーム「{one.name}」#Q{one.id} を変更します",
            [*([note] if note else []), *await looks.difference(one, live, written)],
            [NOW, DRAFT],
            holds={"form": one.id, "row": one.version},
            warnings=await warnings.of(at, one, written, live),
        )
        if chosen == "live":
            await put_live(at, one, written, state=one.state)
            return published(at, one, written, "停止中のままです。" if one.state == "paused" else "")
    await lay_down(at, one, written)
    return await preview(at, await kept.get(one.id), written, live, note)


async def lay_down(at: desk.Desk, one: kept.Kept, written: versions.Kept) -> None:
    """Make a version the draft."""
    fresh = one.live is None and one.draft is None
    row = await kept.change(one.id, state=one.state, live=one.live, draft=written.number)
    at.record(
        "form.apply",
        {"form": one.id, "version": written.number},
        f"フォーム「{one.name}」の下書き（版{written.number}）を{'作った' if fresh else '書き直した'}",
        [changes.put_back("forms", one.id, row, {"deleted_at": "now"} if fresh else {"draft": one.draft})],
    )


async def put_live(at: desk.Desk, one: kept.Kept, written: versions.Kept, *, state: str) -> None:
    """Put a version in force; who has the page of the one before open is told when sending it."""
    row = await kept.change(one.id, state=state, live=written.number, draft=None)
    await account.configuration_changed()
    before = {"state": one.state, "live": one.live, "draft": one.draft}
    at.record(
        "form.publish",
        {"form": one.id, "version": written.number},
        f"フォーム「{one.name}」版{written.number}を公開した",
        [changes.put_back("forms", one.id, row, before)],
    )


async def preview(
    at: desk.Desk, one: kept.Kept, written: versions.Kept, live: versions.Kept | None, note: str
) -> cards.Say:
    """The draft and the button that puts it in force."""
    form = written.content["form"]
    lines: list[cards.Line] = [note] if note else []
    lines += [*await looks.head(at, form), *looks.listed(form)]
    if live is not None:
        lines += await looks.difference(one, live, written)
    token, until = await at.ask(f"フォーム 公開 #Q{one.id}", {"0": holds(one, written)}, policy="asker_or_manager")
    who = f"{at.actor.name}さんか管理者の方" if at.may("manager") else "管理者の方"
    made = cards.card(
        f"📝 フォーム「{one.name}」#Q{one.id} 下書き（版{written.number}）",
        lines,
        token=token,
        label="公開する",
        notes=[f"{who}が押せます・{until}まで有効。あとからは「フォーム 公開 #Q{one.id}」"],
        warnings=await warnings.of(at, one, written, live),
    )
    taps = (
        cards.Tap("確認", f"フォーム 確認 #Q{one.id}"),
        cards.Tap("書出", f"フォーム 書出 #Q{one.id}"),
        *places.undo_tap(),
    )
    return cards.Say("", taps, card=made)


def published(at: desk.Desk, one: kept.Kept, written: versions.Kept, told: str) -> cards.Say:
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


def holds(one: kept.Kept, written: versions.Kept) -> dict[str, Any]:
    """What must not have changed between showing a draft and publishing it."""
    return {"form": one.id, "row": one.version, "draft": written.number}


def source_of(definition: definitions.Form, name: str, links: content.Links) -> str:
    """A block as it is kept: linked, without what only its print says."""
    return print_block(content.linked(replace(definition, name=name, version=None, state=None), links))


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

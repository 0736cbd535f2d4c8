"""Making shared values, changing them now or from a set time on, deleting them and taking them out of the bin."""

import re
from dataclasses import replace
from datetime import datetime

from admin_commands import cards, desk, lifecycle, objects, places
from admin_commands.fields import making
from admin_commands.grammar import canonical, normalise, values, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.shared_values import looks
from storage import changes, named, names, shared_values

LONGEST = 500
EXAMPLE = "共通情報 作成 営業時間 10時〜19時"
FROM = re.compile(r"(?P<when>.{3,40}?)[ \u3000]*(?:から|より)[ \u3000]*(?P<text>.+)", re.DOTALL)
CLOCK_OF_DAY = re.compile(r"(?P<day>.+?)(?: |の)*\d{1,2}(?::\d{1,2}|時(?:\d{1,2}分?|半)?)")  # also 25:00
COUNTED = re.compile(r"[+-]\d{1,12}")


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """A value of a kind that is named, or a text; of one that is there the text changes, if it is another."""
    name = objects.new_name(said.objects(0)[0], "shared_values")
    kind, text = _kind(_after_sign(said))
    known = (await named.by_names("shared_values", [name])).get(names.name_key(name))
    if known is not None:
        return await _made_already(at, said, known.id, kind, text)
    making.fit(name, "共通情報", EXAMPLE)
    await making.free_in_texts(name, "shared_values")
    if len(await shared_values.everything(at.now)) >= shared_values.MOST:
        raise desk.Declined(f"共通情報は{shared_values.MOST}個までです。使っていないものを削除してください。")
    kind = kind or "text"
    value = _read(at, said, name, kind, text)
    number = await shared_values.make(name, kind, value, at.now)
    at.concerns("shared_value", f"#V{number}")
    at.record(
        "shared_value.new",
        {"value": number},
        f"共通情報「{name}」を作った",
        [changes.put_back("shared_values", number, 1, {"deleted_at": "now"})],
    )
    told = f"✅ 共通情報「{name}」#V{number}（{looks.KINDS[kind]}）を作りました: {looks.told(at, kind, value)}"
    taps = (*places.undo_tap(), cards.Tap("表示", f"共通情報 表示 #V{number}"))
    return cards.Say(f"{told}\n文の中では {{{name}}} と書きます。", taps)


async def _made_already(
    at: desk.Desk, said: Said, number: int, kind: shared_values.Kind | None, text: str
) -> cards.Say:
    """A kind stays what it is; another text takes the place of the one that holds now."""
    await named.lock("shared_values", [number])
    kept = (await shared_values.get([number], at.now))[number]
    at.concerns("shared_value", f"#V{number}")
    there = f"共通情報「{kept.name}」#V{number} はもうあります"
    if kind is not None and kind != kept.kind:
        raise desk.Declined(
            f"{there}（種類: {looks.KINDS[kept.kind]}）。種類は「{looks.KINDS[kind]}」に変えられません。",
            cards.Tap("表示", f"共通情報 表示 #V{number}"),
        )
    value = _read(at, said, kept.name, kept.kind, text)
    if not text or value == kept.text:
        tap = cards.Tap("表示", f"共通情報 表示 #V{number}")
        return cards.Say(f"{there}。変える時は「共通情報 変更」です。", (tap,))
    at.confirm(
        f"{there}。内容を変えますか？",
        [
            f"今: {looks.told(at, kept.kind, kept.text)}",
            f"これから: {looks.told(at, kept.kind, value)}",
            f"使用先: {places.told(await shared_values.uses(number)) or 'なし'}",
        ],
        holds={"value": number, "version": kept.version},
        label="変える",
    )
    return await _done(at, kept, value, await shared_values.write(number, value, at.now))


def _after_sign(said: Said) -> str:
    """What is typed behind the name, be it behind a = or a space."""
    return (said.text or "").strip().removeprefix("=").removeprefix("＝").strip()


def _kind(text: str) -> tuple[shared_values.Kind | None, str]:
    first, _, _ = normalise.lookup(text).text.partition(" ")
    named_kind = next((kind for kind, word in looks.KINDS.items() if word == first), None)
    if named_kind is not None:
        return named_kind, text.strip()[len(first) :].strip()
    return None, text


def _read(at: desk.Desk, said: Said, name: str, kind: shared_values.Kind, text: str) -> str:
    """The value in its one spelling; empty for nothing. Raises Declined."""
    text = _unquoted(text)
    if not text:
        return ""
    if kind == "text" and len(text) > LONGEST:
        raise desk.Declined(f"共通情報「{name}」の内容が長すぎます（{LONGEST}字まで。今 {len(text)}字）。")
    try:
        return text if kind == "text" else values.read(text, values.Wanted(kind), at.now, at.zone)
    except values.Wrong as wrong:
        examples = f"\n例: {'、'.join(wrong.examples)}" if wrong.examples else ""
        instead = canonical(replace(said, text=(said.text or "").replace(text, cards.DAY, 1)))
        taps = [cards.calendar(instead, kind)] if kind == "date" else []
        raise desk.Declined(f"共通情報「{name}」: {wrong.of(text)}。{examples}", *taps) from None


def _unquoted(text: str) -> str:
    text = text.strip().replace(looks.BREAK, "\n")
    closer = words.OPENERS.get(text[:1])
    return text[1:-1] if closer and len(text) > 1 and text.endswith(closer) else text


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """Now, counted up or down, or from a time on (12/1 0:00から …)."""
    thing = await objects.thing(at, "shared_values", said)
    await named.lock("shared_values", [thing.id])
    kept = (await shared_values.get([thing.id], at.now))[thing.id]
    text = _after_sign(said)
    if not text:
        raise desk.Declined(
            f"共通情報「{kept.name}」をどう変えるかを書いてください。\n"
            f"例: 共通情報 変更 {words.show(words.Name(kept.name))} 11時〜18時"
        )
    planned = _planned(at, text)
    if planned is None:
        _refuse_no_moment(at, said, text)
        planned = _meant_to_plan(at, kept, text)
    if planned is not None:
        return await _plan(at, said, kept, *planned)
    plain = (said.text or "").strip() == text
    counted = COUNTED.fullmatch(normalise.lookup(text).text.replace(" ", "")) if kept.kind == "number" else None
    if counted and plain:
        added = await shared_values.add(kept.id, values.number(counted[0].removeprefix("+")), at.now)
        if added is None:
            raise desk.Declined(f"共通情報「{kept.name}」の数が大きくなりすぎます。")
        return await _done(at, kept, added[1], (await named.by_ids("shared_values", [kept.id]))[kept.id].version)
    value = _read(at, said, kept.name, kept.kind, text)
    if value == kept.text:
        return cards.Say(f"変更なし（共通情報「{kept.name}」は今と同じです）。")
    return await _done(at, kept, value, await shared_values.write(kept.id, value, at.now))


async def _done(at: desk.Desk, kept: shared_values.Kept, value: str, version: int) -> cards.Say:
    used = await shared_values.uses(kept.id)
    before = looks.told(at, kept.kind, kept.text)
    at.record(
        "shared_value.set",
        {"value": kept.id},
        f"共通情報「{kept.name}」を「{looks.told(at, kept.kind, value)}」に変えた（前: {before}）",
        [changes.put_back("shared_values", kept.id, version, {"text": kept.text})],
    )
    told = [f"✅ 共通情報「{kept.name}」: {looks.told(at, kept.kind, value)}（前: {before}）"]
    told += [f"これから送る分が変わります: {places.told(used)}"] if used else []
    return cards.Say("\n".join(told), (*places.undo_tap(), cards.Tap("表示", f"共通情報 表示 #V{kept.id}")))


def _planned(at: desk.Desk, text: str) -> tuple[datetime, str] | None:
    """A moment (of a day alone, its beginning) with what holds from then on; None where the text is a value itself."""
    found = FROM.fullmatch(text)
    if found is None or text[:1] in words.OPENERS:
        return None
    for written in (found["when"], f"{found['when']} 0:00"):
        try:
            when = values.read(written, values.Wanted("datetime"), at.now, at.zone)
        except values.Wrong:
            continue
        return datetime.fromisoformat(when), found["text"]
    return None


def _refuse_no_moment(at: desk.Desk, said: Said, text: str) -> None:
    """A day that is none (2月30日 0:00から …), or a day's time that is none, would be read by customers as it stands.

    Raises Declined.
    """
    found = FROM.fullmatch(text)
    when = found["when"] if found else " ".join(text.removesuffix("から").split()[-2:]) if text.endswith("から") else ""
    if not when or text[:1] in words.OPENERS:
        return
    written = [when] if found else [when, when.split()[-1]]
    wrong = next((why for one in written if (why := _no_moment(at, one)) is not None), None)
    if wrong is None:
        return
    instead = canonical(replace(said, text=(said.text or "").replace(when, cards.DAY, 1)))
    raise desk.Declined(
        f"{wrong}。これからの日時を書いてください。例: 12/24 18:00から 休業\n"
        f"日時ではなく、この文そのものにする時は「」で囲みます: 「{cards.shortened(text, 40)}」",
        *([cards.calendar(instead, "datetime")] if found else []),
    )


def _no_moment(at: desk.Desk, when: str) -> str | None:
    """Why what looks like a day or a moment is none; None for one that is, and for what looks like neither."""
    try:
        values.read(when, values.Wanted("datetime"), at.now, at.zone)
    except values.Wrong as wrong:
        if wrong.whole:
            return wrong.of(when)
        timed = CLOCK_OF_DAY.fullmatch(normalise.lookup(when).text)
        try:
            values.day(timed["day"] if timed else "", at.local(at.now).date())
        except values.Wrong:
            return None
        return wrong.of(when)
    return None


def _meant_to_plan(at: desk.Desk, kept: shared_values.Kept, text: str) -> tuple[datetime, str] | None:
    """A moment behind the text (毎週火曜 12/1 9:00) may be part of it, or the time from which it holds: who wrote it is
    asked."""
    words_ = text.removesuffix("から").split()
    for count in (2, 1):
        behind, rest = " ".join(words_[-count:]), " ".join(words_[:-count])
        planned = _planned(at, f"{behind}から {rest}") if rest else None
        if planned is None or planned[0] <= at.now:
            continue
        chosen = at.choose(
            "moment",
            f"共通情報「{kept.name}」をいつから変えますか",
            [
                f"今: {looks.told(at, kept.kind, kept.text)}",
                f"{at.moment(planned[0])}から: {rest}",
                f"今すぐ: {text}",
            ],
            [cards.Choice("then", f"{at.moment(planned[0])}から"), cards.Choice("now", "今すぐ")],
            holds={"value": kept.id, "version": kept.version, "at": planned[0].isoformat()},
        )
        return planned if chosen == "then" else None
    return None


async def _plan(at: desk.Desk, said: Said, kept: shared_values.Kept, when: datetime, text: str) -> cards.Say:
    if when <= at.now:
        raise desk.Declined(
            f"{at.moment(when)} は過ぎています。これからの日時を書いてください。\n"
            f"すぐ変える時: 共通情報 変更 {words.show(words.Name(kept.name))} {text[:30]}"
        )
    planned = await shared_values.planned(kept.id, at.now)
    if len(planned) >= shared_values.MOST_CHANGES:
        raise desk.Declined(f"これからの変更は{shared_values.MOST_CHANGES}個までです。")
    value = _read(at, said, kept.name, kept.kind, text)
    if any((one.at, one.text) == (when, value) for one in planned):
        return cards.Say(f"変更なし（共通情報「{kept.name}」のその予定は、もうあります）。")
    number = await shared_values.plan(kept.id, when, value)
    shown = looks.told(at, kept.kind, value)
    at.record(
        "shared_value.plan",
        {"value": kept.id},
        f"共通情報「{kept.name}」を{at.moment(when)}から「{shown}」にすると決めた",
        [changes.put_back("shared_changes", number, 1, {"state": "cancelled"})],
    )
    now = looks.told(at, kept.kind, kept.text)
    told = f"⏰ 共通情報「{kept.name}」は {at.moment(when)} から「{shown}」になります（今は「{now}」）。"
    return cards.Say(told, (*places.undo_tap(), cards.Tap("表示", f"共通情報 表示 #V{kept.id}")))


def come(at: desk.Desk, said: Said) -> Said:
    """The same command where what it plans should hold by now: without the time."""
    text = _after_sign(said)
    planned = _planned(at, text)
    return replace(said, text=f"= {planned[1]}") if planned is not None and planned[0] <= at.now else said


async def cancel(at: desk.Desk, said: Said) -> cards.Say:
    """The change of this place among those to come; the only one needs no number."""
    thing = await objects.thing(at, "shared_values", said)
    await named.lock("shared_values", [thing.id])
    kept = (await shared_values.get([thing.id], at.now))[thing.id]
    planned = await shared_values.planned(thing.id, at.now)
    wanted = objects.text_of(said, 1) or ("1" if len(planned) == 1 else "")
    place = int(wanted) if wanted.isdigit() and len(wanted) < 4 else 0
    if not 0 < place <= len(planned):
        told = (
            f"これからの変更は{len(planned)}個です。番号を書いてください。"
            if planned
            else "これからの変更はありません。"
        )
        raise desk.Declined(f"共通情報「{kept.name}」の{told}", cards.Tap("表示", f"共通情報 表示 #V{thing.id}"))
    one = planned[place - 1]
    version = await shared_values.cancel(one.id)
    at.record(
        "shared_value.cancel",
        {"value": kept.id},
        f"共通情報「{kept.name}」の{at.moment(one.at)}からの変更を取りやめた",
        [changes.put_back("shared_changes", one.id, version, {"state": "open"})],
    )
    return cards.Say(f"✅ {at.moment(one.at)} からの変更を取りやめました。", places.undo_tap())


async def rename(at: desk.Desk, said: Said) -> cards.Say:
    given = said.objects(1)[0]
    if isinstance(given, words.Name):
        making.fit(objects.new_name(given, "shared_values"), "共通情報", "共通情報 改名 営業時間 → 受付時間")
        await making.free_in_texts(given.text, "shared_values")
    return await lifecycle.rename(at, said, "shared_values")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "shared_values", said)
    loss = "使われている文では、既定の言葉（なければ空）になります。"
    return await lifecycle.delete(at, "shared_values", thing, loss=loss)

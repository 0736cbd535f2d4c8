"""Noting what is known of friends: one by name, or all who fit 対象:."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from admin_commands import cards, crowds, desk, objects, places
from admin_commands.fields import assignments, kinds, looks
from admin_commands.fields.assignments import Assignment
from admin_commands.grammar import canonical, values, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from storage import changes, fields, friends, media, named, names
from storage.fields import values as stored

EXAMPLE = "項目 田中 誕生日=5/3"
SIGNED = tuple("=＝+＋-－−")


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall become of one field; `value` is None where nothing shall be noted any more."""

    field: fields.Kept
    sign: str
    value: str | None

    @property
    def action(self) -> dict[str, Any]:
        if self.value is None:
            return {"do": "field_clear", "field": self.field.id}
        return {"do": "field", "field": self.field.id, "change": {"sign": self.sign, "value": self.value}}

    def told(self, at: desk.Desk) -> str:
        if self.value is None:
            return f"{self.field.name}: （なし）"
        sign = self.sign if self.sign != "=" else ""
        return f"{self.field.name}: {sign}{kinds.shown(at, self.field, self.value)}"


async def note(at: desk.Desk, said: Said) -> cards.Say:
    """項目 田中 誕生日=5/3, 項目 来店回数 +1 対象: …, 項目 田中: what is noted of 田中."""
    if said.target is not None:
        return await _note_many(at, said)
    known = await fields.everything()
    said, text = _who_and_what(at, said, known)
    field = _named(known, said.objects(0)[0])
    if not text and field is not None and not await _is_somebody(at, said):
        at.found_something = True
        at.concerns("field", f"#K{field.id}")
        return await looks.card(at, field)
    if field is not None and text[:1] in SIGNED:
        raise desk.Declined(
            f"どなたの「{field.name}」かを書いてください。\n例: 項目 田中 {kinds.typed(field.name)}{text}"
            f"\n大勢は: 項目 {kinds.typed(field.name)}{text} 対象: タグ:VIP"
        )
    one = await objects.friend(at, said, 0)
    if not text:
        return await _of(at, one, known)
    wishes = await _wishes(at, said, text, known)
    crowd = crowds.Crowd([one.id], f"{one.name or '名前なし'}さん")
    done = await _do(at, crowd, wishes)
    return await _answer(at, one, wishes, done)


def _who_and_what(at: desk.Desk, said: Said, known: Sequence[fields.Kept]) -> tuple[Said, str]:
    """The command with the whole name of the friend, and what is to be noted."""
    text = (said.text or "").strip()
    about = at.quoted or {}
    first = said.objects(0)
    if first and about.get("noun") == "friend" and _named(known, first[0]) is not None and text[:1] in SIGNED:
        number = words.ID.match(about.get("object", ""))
        if number:
            meant = Argument((words.Id("F", int(number[2])),))
            return replace(said, args=(meant,), text=f"{words.show(first[0])} {text}"), f"{words.show(first[0])} {text}"
    pieces = text.split(" ")
    for place in range(1, min(len(pieces), 4)):
        rest = " ".join(pieces[place:])
        if not _reads(known, text) and _reads(known, rest) and first and isinstance(first[0], words.Name):
            whole = words.Name(" ".join([first[0].text, *pieces[:place]]))
            return replace(said, args=(Argument((whole,)),), text=rest), rest
    return said, text


def _reads(known: Sequence[fields.Kept], text: str) -> bool:
    return bool(assignments.read(text, lambda name: _named(known, words.Name(name)) is not None))


def _named(known: Sequence[fields.Kept], given: words.Object) -> fields.Kept | None:
    if isinstance(given, words.Id):
        return next((one for one in known if given.letter == "K" and one.id == given.number), None)
    key = names.name_key(given.text) if isinstance(given, words.Name) else ""
    return next((one for one in known if names.name_key(one.name) == key), None)


async def _is_somebody(at: desk.Desk, said: Said) -> bool:
    name = words.person_name(said.objects(0)[0])
    return bool(name) and bool((await friends.search(name, 1, at.sight))[1])


async def _of(at: desk.Desk, one: friends.Seen, known: Sequence[fields.Kept]) -> cards.Say:
    lines = await looks.of_friend(at, one.id)
    if not known:
        raise desk.Declined(
            "項目がまだありません。例: 項目 作成 誕生日 日付", cards.Tap("項目 作成", "ヘルプ 項目 作成")
        )
    notes = [f"書く時: 項目 #F{one.id} {kinds.typed(known[0].name)}=…（空にする時は「=空」）"]
    buttons = (cards.Tap("カード", f"友だち 表示 #F{one.id}"), cards.Tap("項目 一覧", "項目 一覧"))
    title = f"🗒 {one.name or '名前なし'} #F{one.id} の項目"
    return cards.Say("", card=cards.panel(title, lines or ["まだ何も書かれていません。"], notes=notes, buttons=buttons))


async def _wishes(at: desk.Desk, said: Said, text: str, known: Sequence[fields.Kept]) -> list[Wish]:
    found = assignments.read(text, lambda name: _named(known, words.Name(name)) is not None)
    if not found:
        at_all = f"今ある項目: {'・'.join(one.name for one in known[:10])}" if known else "項目がまだありません。"
        raise desk.Unknown(
            f"「{text[:30]}」が読めません。「項目名=値」の形で書いてください。\n例: {EXAMPLE}\n{at_all}", 0.0
        )
    at.found_something = True
    wishes = [await _wish(at, said, one, known) for one in found]
    twice = [one.field.name for place, one in enumerate(wishes) if one.field in [w.field for w in wishes[:place]]]
    if twice:
        raise desk.Declined(f"「{twice[0]}」が2回書かれています。1つだけにしてください。")
    return wishes


async def _wish(at: desk.Desk, said: Said, one: Assignment, known: Sequence[fields.Kept]) -> Wish:
    number = words.ID.match(one.name)
    given: words.Object = words.Id(number[1].upper(), int(number[2])) if number else words.Name(one.name)
    field = _named(known, given)
    if field is None:
        raise await objects.unknown("fields", given, lambda name: _corrected(said, one.name, name))
    wanted = kinds.wanted(field)
    if one.sign == "=" and values.clears(one.value, wanted):
        return Wish(field, "=", None)
    if one.sign != "=" and field.kind != "number":
        raise desk.Declined(
            f"項目「{field.name}」は{kinds.word(field.kind)}のため、{one.sign}{one.value} はできません。"
            f"\n例: 項目 田中 {kinds.typed(field.name)}={looks.example(field)}"
        )
    if field.kind == "image":
        return Wish(field, "=", await _picture(field, one.value))
    try:
        return Wish(field, one.sign, values.read(one.value, wanted, at.now, at.zone))
    except values.Wrong as wrong:
        raise refused(field, one.value, wrong, lambda value: _corrected(said, one.value, value)) from None


def refused(field: fields.Kept, value: str, wrong: values.Wrong, corrected: Any) -> desk.Declined:
    """What is wrong with a value, where, and how it could be written."""
    told = wrong.of(value)
    told = told if told.endswith(("。", "）")) else f"{told}。"
    examples = (
        f"\n例: {'、'.join(f'{kinds.typed(field.name)}={one}' for one in wrong.examples)}" if wrong.examples else ""
    )
    taps = [cards.Tap(f"{field.name}={one}", corrected(one)) for one in wrong.examples if field.kind == "choice"]
    if field.kind == "date" or field.kind == "datetime":
        taps.append(cards.calendar(corrected(cards.DAY), field.kind))
    return desk.Declined(f"項目「{field.name}」: {told}{examples}", *taps)


def _corrected(said: Said, was: str, instead: str) -> str:
    if said.text is None:
        return canonical(said).replace(was, instead, 1)
    return canonical(replace(said, text=said.text.replace(was, instead, 1)))


async def _picture(field: fields.Kept, value: str) -> str:
    [given] = words.names_in(value)[:1] or [words.Name(value)]
    [thing] = await objects.lookup("media", [given])
    kept = (await media.get([thing.id])).get(thing.id) if thing is not None else None
    if kept is None or kept.kind != "image":
        raise desk.Declined(
            f"項目「{field.name}」: 画像「{value[:30]}」が見つかりません。\n"
            f"先に写真を引用して「メディア 作成 名前」で登録し、「{kinds.typed(field.name)}=名前」と書いてください。",
            cards.Tap("メディア 一覧", "メディア 一覧"),
        )
    return str(kept.id)


@dataclass(frozen=True, slots=True)
class Did:
    """What has really changed, and how many friends had it so already; an operation has only begun."""

    changed: Sequence[stored.Changed]
    operation: int | None = None


async def _do(at: desk.Desk, crowd: crowds.Crowd, wishes: Sequence[Wish]) -> Did:
    actions = [one.action for one in wishes]
    numbers = [one.field.id for one in wishes]
    shown = "・".join(f"「{one.field.name}」" for one in wishes)
    if not crowd.at_once:
        begun = await crowds.do(at, crowd, actions)
        back = [_opposite(one) for one in wishes] if all(one.sign != "=" for one in wishes) else []
        at.record(
            "field.many",
            {"fields": numbers, "friends": crowd.size},
            f"項目{shown}を{crowd.told}に書いた",
            [{"do": "operation", "operation": begun.operation, "actions": back}],
        )
        return Did((), begun.operation)
    await friends.lock(crowd.ids)
    before = await stored.of(crowd.ids, numbers)
    await crowds.do(at, crowd, actions)
    after = await stored.of(crowd.ids, numbers)
    changed = [
        stored.Changed(*pair, before.get(pair), after.get(pair))
        for pair in sorted(before.keys() | after.keys())
        if before.get(pair) != after.get(pair)
    ]
    people = len({one.friend for one in changed})
    if changed:
        who = crowd.told if crowd.condition is None else f"{people:,}人"
        at.record(
            "field.note",
            {"fields": numbers, "friends": people},
            f"{who}の項目{shown}を書いた{_plainly(at, wishes, changed)}",
            [changes.note(changed)],
        )
    return Did(changed)


def _plainly(at: desk.Desk, wishes: Sequence[Wish], changed: Sequence[stored.Changed]) -> str:
    """What the record tells of the values: never words or dates, which would outlive a friend who is erased."""
    told = []
    for wish in wishes:
        if wish.field.masked or wish.field.kind not in ("number", "yes_no", "choice"):
            continue
        after = {one.after for one in changed if one.field == wish.field.id}
        [value] = after if len(after) == 1 else [None]
        if value is not None:
            told.append(f"{wish.field.name}: {kinds.shown(at, wish.field, value)}")
        elif after:
            told.append(wish.told(at))
    return f"（{'、'.join(told)}）" if told else ""


def _opposite(wish: Wish) -> dict[str, Any]:
    sign = {"+": "-", "-": "+"}[wish.sign]
    return {"do": "field", "field": wish.field.id, "change": {"sign": sign, "value": wish.value}, "quietly": True}


async def _answer(at: desk.Desk, one: friends.Seen, wishes: Sequence[Wish], done: Did) -> cards.Say:
    name = f"{one.name or '名前なし'}さん"
    changed = {each.field: each for each in done.changed}
    if not changed:
        shown = "・".join(f"「{wish.field.name}」" for wish in wishes)
        return cards.Say(f"変更なし（{name}の{shown}は今と同じです）。")
    pictures = await looks.picture_names(
        [
            int(text)
            for wish in wishes
            if wish.field.kind == "image" and wish.field.id in changed
            for text in (changed[wish.field.id].before, changed[wish.field.id].after)
            if text is not None
        ]
    )
    lines = [f"✅ {name} #F{one.id} の項目を書きました。"]
    for wish in wishes:
        each = changed.get(wish.field.id)
        if each is None:
            lines.append(f"{wish.field.name}: 今と同じです")
            continue
        before, after = (
            kinds.shown(at, wish.field, text, pictures) if text is not None else "なし"
            for text in (each.before, each.after)
        )
        lines.append(f"{wish.field.name}: {after}（前: {before}）")
    return cards.Say("\n".join(lines), (*places.undo_tap(), cards.Tap("カード", f"友だち 表示 #F{one.id}")))


async def _note_many(at: desk.Desk, said: Said) -> cards.Say:
    """The same value, or the same count, for all who fit."""
    known = await fields.everything()
    given = [f"{words.show(one)}" for argument in said.args for one in argument.objects]
    given += [words.show_option(option.key, option.value) for option in said.options]
    if not given:
        raise desk.Declined("何を書くかを足してください。\n例: 項目 来店回数 +1 対象: タグ:VIP")
    wishes = await _wishes(at, said, " ".join(given), known)
    crowd = await crowds.of(at, said, 0)
    _confirm_many(at, wishes, crowd)
    done = await _do(at, crowd, wishes)
    shown = "・".join(wish.told(at) for wish in wishes)
    if done.operation is not None:
        return cards.Say(f"✅ {crowd.told}に書く作業を始めました（{shown}）。順番に進めます。", places.undo_tap())
    people = len({one.friend for one in done.changed})
    if not people:
        return cards.Say(f"{crowd.told}とも今と同じです（{shown}）。変更はありません。")
    same = f"（{crowd.size - people:,}人は今と同じ）" if people < crowd.size else ""
    return cards.Say(f"✅ {people:,}人の項目を書きました{same}。\n{shown}{crowd.note}", places.undo_tap())


def _confirm_many(at: desk.Desk, wishes: Sequence[Wish], crowd: crowds.Crowd) -> None:
    if crowd.size <= crowds.SMALL:
        return
    acting = [wish.field.name for wish in wishes if wish.field.id in at.config.changed_fields]
    if acting:
        at.permit("manager", f"動作の付いた項目を{crowds.SMALL + 1}人以上に書く")
    warnings = [f"「{name}」が変わった時の動作が、人数分始まります。" for name in acting]
    if not crowd.at_once:
        warnings.append("人数が多いため、少しずつ進めます。")
        if any(wish.sign == "=" for wish in wishes):
            warnings.append(f"{crowd.size:,}人の前の値は残りません。取消では残りを止めるだけで、書いた分は戻りません。")
    at.confirm(
        f"{crowd.told}の項目を書きます",
        [*(wish.told(at) for wish in wishes), *crowd.lines],
        holds={
            "fields": [at.held_as("fields", named.Named(w.field.id, w.field.name, w.field.version)) for w in wishes],
            "friends": crowd.size,
        },
        label="書く",
        warnings=warnings,
        typed=str(crowd.size) if acting else None,
    )

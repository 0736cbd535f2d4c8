"""Making fields, changing them, deleting them and taking them out of the bin again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from admin_commands import cards, command, desk, lifecycle, objects, places, reactions
from admin_commands.fields import kinds
from admin_commands.grammar import canonical, normalise, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from jobs.messages import naming
from storage import account, changes, fields, named, names
from storage.fields import values

MOST_MADE = 20
IN_TEXTS: tuple[named.Kind, ...] = ("fields", "shared_values")  # what stands in {brackets} by its mere name
CHANGED = "変わった時"
NOTHING = ("なし", "無し", "解除", "none")
RESERVED = tuple(map(names.name_key, ("名前", "なまえ", "お名前", "name", "対象", "ページ")))
CHOICES = ("選択肢", "選択")
SHOWN = {"伏字": True, "伏せ字": True, "通常": False, "表示": False}
YES, NO = ("はい", "する", "yes", "on"), ("いいえ", "しない", "no", "off")


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """Fields of one kind; of one that is there changes what is typed of it and is not so yet."""
    given = [objects.new_name(one, "fields") for one in said.objects(0)]
    wanted = list({names.name_key(name): name for name in given}.values())
    if len(wanted) > MOST_MADE:
        raise desk.Declined(f"一度に作れる項目は{MOST_MADE}個までです。")
    for name in wanted:
        fit(name, "項目", "項目 作成 誕生日 日付")
        await free_in_texts(name, "fields")
    there = await named.by_names("fields", wanted)
    before = len(at.deeds)
    again = await _made_already(at, said, [one.id for one in there.values()])
    new = [name for name in wanted if names.name_key(name) not in there]
    told = []
    if new:
        kind, choices = _kind(said, new[0])
        if len(await fields.everything()) + len(new) > fields.MOST:
            raise desk.Declined(f"項目は{fields.MOST}個までです。使っていないものを削除してください。")
        made = [await _make(at, said, name, kind, choices) for name in new]
        at.record(
            "field.new",
            {"fields": [one.id for one in made]},
            f"項目{'・'.join(f'「{one.name}」' for one in made)}を作った",
            [changes.put_back("fields", one.id, 1, {"deleted_at": "now"}) for one in made],
        )
        told = [f"✅ 項目「{one.name}」#K{one.id}（{_told(one)}）を作りました。" for one in made]
        example = made[0].choices[0] if made[0].choices else "…"
        typed = command.typed(f"項目 田中 {kinds.typed(made[0].name)}={example}")
        told.append(f"書き方: {typed}　文の中: {{{made[0].name}}}")
    numbers = [one.id for one in made] if new else [one.id for one in there.values()]
    if len(wanted) == 1:
        at.concerns("field", f"#K{numbers[0]}")
    told += again
    taps = (cards.Tap("表示", f"項目 表示 #K{numbers[0]}"), cards.Tap("一覧", "項目 一覧"))
    return cards.Say("\n".join(told), (*places.undo_tap(len(at.deeds) > before), *taps))


def fit(name: str, noun: str, example: str) -> None:
    """A name stands in {brackets} in messages and before a = in commands."""
    if names.name_key(name) in RESERVED or not naming.may_be_written(name) or re.search(r"[:：+＋]", name):
        raise desk.Declined(
            f"{noun}の名前に「{name[:30]}」は使えません。\n"
            f"文の中で {{{name[:30]}}} と書くため、空白や記号、「名前」「今日」は使えません。\n例: {example}"
        )


async def free_in_texts(name: str, of: named.Kind, besides: int | None = None) -> None:
    """A name in {brackets} means one thing only."""
    for kind in IN_TEXTS:
        noun, _ = objects.KINDS[kind]
        found = (await named.by_names(kind, [name])).get(names.name_key(name))
        if found is not None and kind != of and found.id != besides:
            raise desk.Declined(
                f"{noun}「{found.name}」がもうあります。文の中で区別できないため、別の名前にしてください。"
            )


def _kind(said: Said, name: str) -> tuple[fields.Kind, list[str]]:
    choices = _choices(said)
    word = objects.text_of(said, 1) or said.option("種類") or ""
    if not word and choices:
        return "choice", choices
    if not word:
        raise _asked(said, name)
    kind = kinds.find(word)
    if kind is None:
        known = "・".join(kinds.word(one) for one in kinds.WORDS)
        raise desk.Declined(
            f"「{word}」という種類はありません。\n使える種類: {known}\n例: 項目 作成 {kinds.typed(name)} 日付",
            *(cards.Tap(kinds.word(one), _with_kind(said, one)) for one in (kinds.guessed(name), "text")),
        )
    if kind != "choice" and choices:
        raise desk.Declined(f"選択肢は種類「選択」の項目だけに付けられます。例: 項目 作成 {kinds.typed(name)} 選択=A,B")
    if kind == "choice" and not choices:
        raise desk.Declined(f"選択肢を書いてください。例: 項目 作成 {kinds.typed(name)} 選択=直毛,くせ毛,不明")
    return kind, choices


def _asked(said: Said, name: str) -> objects.Ambiguous:
    first = kinds.guessed(name)
    known = sorted((one for one in kinds.WORDS if one != "choice"), key=lambda one: one != first)
    rows = [cards.Row(f"{kinds.word(one)} … {kinds.TELLS[one]}", _with_kind(said, one)) for one in known]
    question = f"項目「{name}」の種類を選んでください（選択肢にする時は「項目 作成 {kinds.typed(name)} 選択=A,B」）"
    return objects.Ambiguous(question, rows)


def _with_kind(said: Said, kind: fields.Kind) -> str:
    return canonical(replace(said, args=(said.args[0], Argument((words.Name(kinds.word(kind)),)))))


def _choices(said: Said) -> list[str]:
    given = next((text for key in CHOICES if (text := said.option(key)) is not None), None)
    if given is None:
        return []
    found = [" ".join(one.split()) for one in re.split(r"[,、，]", given)]
    unique = list({names.name_key(one): one for one in found if one}.values())
    if len(unique) < 1 or len(unique) > fields.MOST_CHOICES:
        raise desk.Declined(
            f"選択肢は1〜{fields.MOST_CHOICES}個を「,」で区切って書いてください。例: 選択=直毛,くせ毛,不明"
        )
    if any(len(each) > named.LONGEST for each in unique):
        raise desk.Declined(f"選択肢は1つ{named.LONGEST}字までです。短くしてください。")
    return unique


def _masked(said: Said) -> bool | None:
    given = said.option("表示")
    if given is None:
        return None
    if normalise.lookup(given).text not in SHOWN:
        raise desk.Declined(f"「表示={given}」は使えません。使えるのは: 表示=伏字・表示=通常")
    return SHOWN[normalise.lookup(given).text]


def _yearly(said: Said, kind: fields.Kind) -> bool | None:
    given = said.option("毎年")
    if given is None:
        return None
    word = normalise.fold(normalise.lookup(given).text)
    if kind != "date" or word not in (*YES, *NO):
        what = "日付の項目だけに付けられます" if kind != "date" else "「はい」か「いいえ」で書いてください"
        raise desk.Declined(f"「毎年={given}」は使えません。{what}。例: 毎年=はい")
    return word in YES


async def _made_already(at: desk.Desk, said: Said, numbers: Sequence[int]) -> list[str]:
    """What is told of those that are there; a kind stays what it is."""
    word = objects.text_of(said, 1)
    kind = (kinds.find(word) if word else None) or ("choice" if _choices(said) else None)
    told = []
    for field in (await fields.get(numbers)).values():
        there = f"項目「{field.name}」#K{field.id} はもうあります"
        if kind is not None and kind != field.kind:
            raise desk.Declined(
                f"{there}（種類: {kinds.word(field.kind)}）。種類は「{kinds.word(kind)}」に変えられません。",
                cards.Tap("表示", f"項目 表示 #K{field.id}"),
            )
        wanted = _changed(said, field) if said.options else field
        if wanted == field:
            told.append(f"{there}。")
            continue
        at.confirm(
            f"{there}。変えますか？",
            [f"今: {_told(field)}", f"これから: {_told(wanted)}"],
            holds={"field": field.id, "version": field.version},
            label="変える",
            stage=f"there {field.id}",
        )
        told.append((await _change(at, field, wanted)).text)
    return told


async def _make(at: desk.Desk, said: Said, name: str, kind: fields.Kind, choices: list[str]) -> fields.Kept:
    masked, yearly = _masked(said), _yearly(said, kind)
    number = await fields.make(
        name,
        kind,
        at.now,
        choices=choices,
        masked=kinds.masked(at, name) if masked is None else masked,
        yearly=(kind == "date" and kinds.yearly(name)) if yearly is None else yearly,
    )
    return (await fields.get([number]))[number]


def _told(field: fields.Kept) -> str:
    parts = [kinds.word(field.kind) + (f": {'・'.join(field.choices)}" if field.choices else "")]
    parts += [word for word, so in (("毎年", field.yearly), ("伏字", field.masked)) if so]
    return "、".join(parts)


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """表示=伏字, 選択肢=…, 毎年=はい; what is not named stays as it is."""
    thing = await objects.thing(at, "fields", said)
    await named.lock("fields", [thing.id])
    field = (await fields.get([thing.id]))[thing.id]
    wanted = await _acting(at, said, _changed(said, field))
    if wanted == field:
        return cards.Say(f"変更なし（項目「{field.name}」は今と同じです）。")
    return await _change(at, field, wanted)


async def _change(at: desk.Desk, field: fields.Kept, wanted: fields.Kept) -> cards.Say:
    await _confirm_choices(at, field, wanted)
    version = await fields.change(field.id, wanted)
    await account.configuration_changed()
    before = {key: getattr(field, key) for key in ("choices", "masked", "yearly", "on_change_source", "on_change")}
    at.record(
        "field.set",
        {"field": field.id},
        f"項目「{field.name}」を変えた（{_told(wanted)}）",
        [changes.put_back("fields", field.id, version, before)],
    )
    return cards.Say(
        f"✅ 項目「{field.name}」#K{field.id} を変えました（{_told(wanted)}）。",
        (*places.undo_tap(), cards.Tap("表示", f"項目 表示 #K{field.id}")),
    )


def _changed(said: Said, field: fields.Kept) -> fields.Kept:
    name = kinds.typed(field.name)
    if not said.options:
        raise desk.Declined(
            f"項目「{field.name}」の何を変えるかを書いてください。\n"
            f"例: 項目 変更 {name} 表示=伏字、項目 変更 {name} 選択肢=A,B"
        )
    wanted = field
    masked, yearly, choices = _masked(said), _yearly(said, field.kind), _choices(said)
    if choices and field.kind != "choice":
        raise desk.Declined(f"項目「{field.name}」は{kinds.word(field.kind)}のため、選択肢を付けられません。")
    if masked is not None:
        wanted = replace(wanted, masked=masked)
    if yearly is not None:
        wanted = replace(wanted, yearly=yearly)
    return replace(wanted, choices=choices) if choices else wanted


async def _acting(at: desk.Desk, said: Said, field: fields.Kept) -> fields.Kept:
    """変わった時=…: what is done for whom the value has changed; it may not change the field itself."""
    text = said.option(CHANGED)
    if text is None:
        return field
    if normalise.lookup(text).text in NOTHING:
        return replace(field, on_change_source="", on_change=[])
    new = await reactions.kept(at, f"field:{field.id}", reactions.read(text, said.line))
    if any(one.get("field") == field.id and one["do"] in ("field", "field_clear") for one in new.actions):
        raise desk.Declined(
            f"項目「{field.name}」が変わった時に「{field.name}」を変えると、終わらなくなるため使えません。"
        )
    return replace(field, on_change_source=new.source, on_change=list(new.actions))


async def _confirm_choices(at: desk.Desk, field: fields.Kept, wanted: fields.Kept) -> None:
    """Choices that are noted of somebody stay noted when they are taken out; that is said before."""
    gone = [one for one in field.choices if one not in wanted.choices]
    left = await values.outside(field.id, wanted.choices) if gone else 0
    if left:
        at.confirm(
            f"項目「{field.name}」の選択肢を変えます",
            [f"なくなる選択肢: {'・'.join(gone)}", f"{left:,}人の記入はそのまま残り、新しくは選べなくなります。"],
            holds={"field": field.id, "version": field.version, "friends": left},
            label="変える",
            taps=[cards.Tap("集計を見る", f"項目 集計 #K{field.id}")],
        )


async def rename(at: desk.Desk, said: Said) -> cards.Say:
    """References follow, in texts too, since they go by number."""
    given = said.objects(1)[0]
    if isinstance(given, words.Name):
        fit(objects.new_name(given, "fields"), "項目", "項目 改名 誕生日 → お誕生日")
        await free_in_texts(given.text, "fields")
    return await lifecycle.rename(at, said, "fields")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "fields", said)
    held = await values.holders(thing.id, at.sight)
    return await lifecycle.delete(
        at,
        "fields",
        thing,
        loss="使われている所では、文の中は既定の言葉になり、動作と条件は働かなくなります。",
        told=[f"記入: {held:,}人"],
        holds={"friends": held},
        kept="（記入した内容も）",
        did=f"（記入{held:,}人）",
    )


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, with all that was noted."""
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "fields")
    return lifecycle.restored("fields", found, f"（記入{await values.holders(found.id, at.sight):,}人）")

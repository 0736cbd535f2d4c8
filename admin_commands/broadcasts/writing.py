"""Writing broadcasts: pasted, changed by a line, copied, an old version again; one that is reserved becomes a draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from admin_commands import bodies, cards, content, desk, lifecycle, objects, places, segments
from admin_commands.broadcasts import looks, trying
from admin_commands.grammar import broadcasts as grammar
from admin_commands.grammar import (
    definitions,
    explain,
    heads,
    normalise,
    print_block,
    read,
    schedules,
    variants,
    words,
)
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Paste
from admin_commands.grammar.segments.kinds.broadcasts import Received
from jobs import action_lists, messages, recurrence
from storage import account, changes, named, names, versions
from storage import broadcasts as kept
from storage.broadcasts import runs

BODY, NAME = "本文", "名前"
UNTOUCHED = ("draft", "scheduled", "holding", "asked")  # nothing of it has been sent
# Which fields of the definition a head line sets.
FIELDS: dict[str, str] = {
    "target": "target",
    "besides": "besides",
    "at": "at",
    "judged": "frozen",
    "sender": "sender",
    "quiet": "quiet",
    "uncapped": "uncapped",
} | {key: key for key in variants.EXAMPLES}
# What one of these is when it is taken away; a broadcast without 対象 there is not.
NOTHING: dict[str, Any] = {"besides": None, "at": None, "sender": None}
EXAMPLE = """■配信 年末クーポン
対象: タグ:VIP
日時: 明日 18:00
▼本文
{名前|お客様}さん、年末のクーポンです。
＋ボタン 使う → https://example.com/coupon"""


async def reserve(at: desk.Desk, definition: definitions.Broadcast) -> int:
    """The broadcast of this name, made if there is none yet."""
    name = objects.new_name(words.Name(definition.name), "broadcasts")
    known = (await named.by_names("broadcasts", [name])).get(names.name_key(name))
    return known.id if known else await kept.make(name, at.now)


async def define(at: desk.Desk, definition: definitions.Broadcast, number: int, links: content.Links) -> cards.Say:
    """Keep a block as the draft; nothing is sent by it."""
    at.concerns("broadcast", f"#B{number}")
    one = await kept.get(number, lock=True)
    if one.state not in UNTOUCHED:
        raise touched(one)
    definition = content.dated(at, _settled(at, definition))
    source = source_of(definition, one.name, links)
    if content.same(one.source, source):
        return cards.Say(f"変更なし（配信「{one.name}」は今と同じ内容です）。", (looks.check_tap(one),))
    latest = await versions.numbered(kept.owner(number), one.number)
    if latest is not None:
        what = f"配信「{one.name}」"
        lifecycle.mind_the_other(at, what, f"配信 書出 #B{number}", definition.version, latest)
    stored = await _built(at, definition, number, links)
    return await _put_down(at, one, source, stored, content.made_note(links))


def touched(one: kept.Kept) -> desk.Declined:
    """That something of it has been sent, so that it stays as it is."""
    return desk.Declined(
        f"配信「{one.name}」#B{one.id} は{looks.STATES[one.state]}のため、変えられません。\n"
        "複製すると、同じ内容の新しい配信を作れます。",
        cards.Tap("複製", f"配信 複製 #B{one.id}"),
    )


def source_of(definition: definitions.Broadcast, name: str, links: content.Links) -> str:
    """A block as it is kept: linked, without what only its print says."""
    return print_block(content.linked(replace(definition, name=name, version=None), links))


def _settled(at: desk.Desk, definition: definitions.Broadcast) -> definitions.Broadcast:
    """With the year to its moment, or to the ends of its rule, so that it says the same tomorrow."""
    if definition.at is None:
        return definition
    if grammar.is_rule(definition.at):
        if definition.frozen:
            raise desk.Declined("「対象の判定: 確認時」は、くり返す配信には使えません（毎回、送る時に判定します）。")
        rule = rule_of(at, definition.at)
        since, until = (schedules.day_of(day) if day is not None else None for day in (rule.since, rule.until))
        return replace(definition, at=replace(definition.at, since=since, until=until))
    local = at.local(moment_of(at, definition.at))
    day = schedules.Day(local.month, local.day, local.year)
    return replace(definition, at=schedules.Schedule(schedules.At(day, local.time().replace(tzinfo=None))))


def without_past(at: desk.Desk, definition: definitions.Broadcast) -> definitions.Broadcast:
    """The same; a moment that is over is left out, where nobody has just typed it."""
    if definition.at is None or not isinstance(schedules.settle(definition.at, at.now, at.zone), schedules.Problem):
        return definition
    return replace(definition, at=None)


def moment_of(at: desk.Desk, given: schedules.Schedule) -> datetime:
    """The moment that a 日時 means next, which must be to come."""
    return recurrence.runs(rule_of(at, given), at.now, at.zone, 1)[0]


def rule_of(at: desk.Desk, given: schedules.Schedule) -> recurrence.Schedule:
    """A 日時 with its dates; it must have a moment to come."""
    found = schedules.settle(given, at.now, at.zone)
    if isinstance(found, schedules.Problem):
        offers = "".join(f"\n日時: {offer.text}（{offer.label}）" for offer in found.offers)
        raise desk.Declined(f"「日時: {schedules.show(given)}」{found.what}。{offers}")
    return found


async def _built(at: desk.Desk, definition: definitions.Broadcast, number: int, links: content.Links) -> dict[str, Any]:
    """The stored form: what is sent, and then what is done."""
    builder = content.Builder(at, kept.owner(number), links, definition)
    wordings = [parts for _, parts in variants.parts_of(definition)] or [definition.parts]
    composed = [
        builder.composed([builder.part(one.pieces, one.kind, one.title, one.line) for one in parts])
        for parts in wordings
    ]
    acts = [[action for one in parts for action in builder.run(one.pieces)] for parts in wordings]
    deeds = [action for each in acts for action in each]
    if definition.sender is not None:
        sender = builder.sender(definition.sender)
        composed = [[one | {"sender": sender} for one in each] for each in composed]
    numbered = await builder.numbered()
    said = [messages.fill_buttons(one, numbered) for one in composed]
    if not all(said):
        raise desk.Declined(f"配信「{definition.name}」に送る内容がありません。▼本文 の下に書いてください。")
    if any(action["do"] in (*action_lists.WRITING, "run") for action in deeds):
        raise desk.Declined(
            "配信の ＋実行 では「送る」と「実行」は使えません（通数を正しくお伝えできなくなるため）。\n"
            "送る内容は ▼本文 に書いてください。"
        )
    today = at.local(at.now).date()
    tree = definition.target.tree if definition.target is not None else None
    if tree is None:
        raise ValueError("a broadcast without 対象")
    rule = rule_of(at, definition.at) if definition.at is not None else None
    repeats = rule is not None and definition.at is not None and grammar.is_rule(definition.at)
    if repeats and (definition.test is not None or definition.wins):
        raise desk.Declined("「テスト」と「勝者」は、くり返す配信には使えません（▼A と ▼B、「送らない」は使えます）。")
    leaves = recurrence.runs(rule, at.now, at.zone, 1)[0] if rule is not None and not repeats else None
    target = segments.stored(tree, links.of, today, links.noted)
    if definition.besides is not None and definition.besides.tree is not None:
        target = {"all": [target, {"not": segments.stored(definition.besides.tree, links.of, today, links.noted)}]}
    how = {"quiet": True} if definition.quiet else {}
    lists = [[{"do": "send", "messages": one, **how}, *done] for one, done in zip(said, acts, strict=True)]
    return {
        "target": target,
        "frozen": definition.frozen,
        **({"uncapped": True} if definition.uncapped else {}),
        "at": leaves.isoformat() if leaves is not None else None,
        "repeats": recurrence.to_json(rule) if rule is not None and repeats else None,
        **trying.stored(definition, number, lists, links),
    }


async def _put_down(
    at: desk.Desk, one: kept.Kept, source: str, stored: Mapping[str, Any], note: str, did: str = "書き直し"
) -> cards.Say:
    """The next version; a reservation is given up, which is confirmed."""
    if one.run is not None:
        at.confirm(
            f"配信「{one.name}」#B{one.id} は{looks.STATES[one.state]}です",
            ["内容を変えると、下書きに戻ります。送るには、もう一度予約してください。"],
            holds={"broadcast": one.id, "row": one.version},
            label="下書きに戻して変える",
        )
        if not await runs.cancel(one.run.id):
            raise desk.Declined(
                f"配信「{one.name}」#B{one.id} はたった今、送り始めました。変えられません。",
                cards.Tap("停止", f"配信 停止 #B{one.id}"),
            )
    number = await versions.add(
        kept.owner(one.id), {"source": source, "definition": dict(stored)}, at.actor.staff_id, at.now
    )
    version = await kept.write(one.id, source, stored, number, at.now)
    fresh = not one.source
    before = {"source": one.source, "definition": one.definition, "number": one.number}
    at.record(
        "broadcast.apply",
        {"broadcast": one.id, "version": number},
        f"配信「{one.name}」の下書き（版{number}）を{'作った' if fresh else f'{did}た'}",
        [changes.put_back("broadcasts", one.id, version, {"deleted_at": "now"} if fresh else before)],
    )
    return await looks.preview(at, await kept.get(one.id), note)


def definition_of(one: kept.Kept) -> definitions.Broadcast:
    """The block as it was kept. Raises content.Outdated."""
    definition = content.reread(one.source)
    if not isinstance(definition, definitions.Broadcast):
        raise TypeError("a broadcast's source is no broadcast")
    return definition


async def new(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    """How one is written: a block to be copied, with the name that was said."""
    name = await lifecycle.free_name(said.objects(0)[0], "broadcasts")
    block = EXAMPLE.replace("年末クーポン", words.show(words.Name(name)), 1)
    told = ["下の形で送ると、下書きができます（まだ送りません）。", block]
    return cards.Say(
        "\n\n".join(told),
        (cards.Tap("質問に答えて作る", "配信 作成"), cards.Tap("書き方", "ヘルプ 配信 定義")),
        whole=True,
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`日時 12/2 10:00`, `対象: タグ:VIP`, `除く タグ:VIP`, `通知 なし`, `本文` with the text below it, `名前 …`."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    what = objects.text_of(said, 1) if len(said.args) > 1 else "対象" if said.target is not None else ""
    if what == NAME:
        return await lifecycle.rename(at, replace(said, args=(said.args[0], *said.args[2:3])), "broadcasts")
    definition = definition_of(one)
    place = _body(one, definition, what)
    if place is not None:
        part = definition.parts[place]
        if not (said.text or "").strip():
            letter = what.upper() if definition.variants else ""
            command = f"配信 変更 #B{one.id} {letter} {BODY}" if letter else f"配信 変更 #B{one.id} {BODY}"
            return await bodies.ask(at, f"配信「{one.name}」" + (f"の{letter}" if letter else ""), part.pieces, command)
        pieces = bodies.exchanged(part.pieces, said.text or "")
        parts = (*definition.parts[:place], replace(part, pieces=pieces), *definition.parts[place + 1 :])
        wanted = replace(definition, parts=parts)
    elif said.target is not None:
        wanted = replace(definition, target=said.target)
    else:
        wanted = with_head(definition, what, said.after(1).partition("\n")[0])
    return await rewritten(at, one, without_past(at, wanted) if place is not None else wanted)


def _body(one: kept.Kept, definition: definitions.Broadcast, what: str) -> int | None:
    """The place of the part whose text is to be changed: 本文, or of variants A, B …."""
    if definition.variants and what == BODY:
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} にはA/Bがあります。どれの本文を変えるかを書いてください。",
            *(cards.Tap(f"{v.letter}の本文", f"配信 変更 #B{one.id} {v.letter} {BODY}") for v in definition.variants),
        )
    first = 0
    for variant in definition.variants:
        if variant.letter == what.upper():
            return first
        first += variant.parts
    return 0 if what == BODY else None


async def rewritten(at: desk.Desk, one: kept.Kept, wanted: definitions.Broadcast) -> cards.Say:
    """Keep a block of which a part was changed; what does not go together is told as of a pasted one."""
    pasted = replace(wanted, name=one.name, version=one.number)
    reading = read(print_block(pasted))
    if isinstance(reading, Paste) and reading.faults:
        raise desk.Declined(explain(reading.faults).removeprefix("❌ "))
    return await define(at, pasted, one.id, await content.link(at, [pasted]))


def with_head(definition: definitions.Broadcast, what: str, given: str) -> definitions.Broadcast:
    folded = normalise.fold(what)
    keys = {key: spelled for key, spelled in heads.BLOCK_KEYS["broadcast"].items() if key in FIELDS}
    key = next((key for key, spelled in keys.items() if folded in map(normalise.fold, spelled)), None)
    if key is None:
        known = "・".join([*(spelled[0] for spelled in keys.values()), BODY, NAME])
        raise desk.Declined(
            f"配信の何を変えるかを書いてください。変えられるもの: {known}"
            if not what
            else f"配信の「{what}」は変えられません。変えられるもの: {known}"
        )
    value = given.strip().lstrip("=:＝：").strip()
    word = keys[key][0]
    if key in NOTHING and (value in ("なし", "無し") or (key == "at" and value == "今すぐ")):
        return replace(definition, **{FIELDS[key]: NOTHING[key]})
    if key in variants.EXAMPLES and value in variants.NONE:
        nothing: dict[str, Any] = {FIELDS[key]: None}
        return replace(definition, **nothing)
    lines = [f"■配信 {words.show(words.Name(definition.name))}", *([f"{word}: {value}"] if value else [])]
    lines += ["対象: 全員"] if key != "target" else []
    reading = read("\n".join([*lines, "▼A", "x", "▼B", "x"]))
    if not value or not isinstance(reading, Paste) or reading.faults:
        example = grammar.EXAMPLES.get(key) or variants.EXAMPLES[key][0]
        told = f"\n{explain(reading.faults)}" if isinstance(reading, Paste) and reading.faults else ""
        raise desk.Declined(f"「{word}」を何にするかが読めませんでした。例: {example}{told}")
    [got] = reading.definitions
    found = {FIELDS[key]: getattr(got, FIELDS[key])}
    if key == "wins" and isinstance(got, definitions.Broadcast) and got.metric is not None:
        found["metric"] = got.metric
    return replace(definition, **found)


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same as a draft without its moment, for others where 対象: is said."""
    thing = await objects.thing(at, "broadcasts", said)
    if len(said.args) > 2:
        raise desk.Declined("複製する名前は → の後に1つだけ書いてください。")
    one = await kept.get(thing.id)
    name = await lifecycle.copy_name(said, "broadcasts", one.name)
    wanted = replace(definition_of(one), name=name, version=None, at=None)
    if said.target is not None:
        wanted = replace(wanted, target=said.target)
    return await define(at, wanted, await reserve(at, wanted), await content.link(at, [wanted]))


# The broadcast's name is staff's own; customers never see it.
SORRY = "先ほどお送りしたメッセージに誤りがありました。失礼いたしました。正しい内容は、あらためてお知らせいたします。"


async def apologise(at: desk.Desk, said: Said) -> cards.Say:
    """A draft for those whom a broadcast has reached, and nobody else; however many they have had."""
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    if one.state not in ("testing", "sending", "stopped", "done"):
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} はまだ送っていません。おわびは要りません。", looks.check_tap(one)
        )
    end = " のおわび"
    name = await lifecycle.free_name(words.Name(one.name[: named.LONGEST - len(end)] + end), "broadcasts")
    part = definitions.TemplatePart("body", "", (definitions.Text(SORRY),))
    reached = conditions.Segment("", Received(words.Id("B", one.id), "received"))
    wanted = definitions.Broadcast(name, (part,), reached, uncapped=True)
    return await define(at, wanted, await reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or the content of an old version again."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "broadcasts")
    one = await kept.get(found.id)
    return cards.Say(
        f"✅ 配信「{found.name}」#B{found.id}（{looks.STATES[one.state]}）を元に戻しました。",
        (*places.undo_tap(), cards.Tap("表示", f"配信 表示 #B{found.id}")),
    )


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    old = await lifecycle.version_named(said, 1, kept.owner(one.id), f"配信「{one.name}」", f"配信 版 #B{one.id}")
    if content.same(one.source, old.content["source"]):
        return cards.Say(f"変更なし（配信「{one.name}」は版{old.number}と同じ内容です）。")
    await lifecycle.require_media(at, old.content["source"], f"版{old.number}")
    again = content.reread(old.content["source"])
    if not isinstance(again, definitions.Broadcast):
        raise TypeError("a broadcast's source is no broadcast")
    wanted = replace(without_past(at, again), name=one.name, version=one.number)
    return await define(at, wanted, one.id, await content.link(at, [wanted]))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id, lock=True)
    if (state := await looks.stands(one)) in ("scheduled", "holding", "testing", "sending"):
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} は{looks.STATES[state]}です。先に止めてください。",
            cards.Tap("停止", f"配信 停止 #B{one.id}"),
        )
    used = await kept.uses(one.id)
    at.confirm(
        f"🗑 配信「{one.name}」#B{one.id} を削除します",
        [
            f"状態: {looks.STATES[one.state]}",
            f"使用先: {places.told(used) or 'なし'}",
            "ごみ箱に30日残ります。もう送ったメッセージは消えません。",
        ],
        holds={"broadcast": one.id, "row": one.version, "uses": len(used)},
        label="削除する",
        warnings=["使われている条件には、だれも当てはまらなくなります。"] if used else [],
        typed=one.name if used else None,
    )
    row = await kept.delete(one.id, at.now)
    await account.configuration_changed()
    at.record(
        "broadcast.delete",
        {"broadcast": one.id},
        f"配信「{one.name}」を削除した",
        [changes.put_back("broadcasts", one.id, row, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 配信「{one.name}」を削除しました。30日以内なら戻せます。", places.undo_tap())

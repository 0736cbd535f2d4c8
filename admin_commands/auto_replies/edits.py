"""One thing of an auto-reply changed by a line (語, 時間, 優先 …, 本文), and one made of a phrase."""

from dataclasses import replace

from admin_commands import bodies, cards, content, desk, later, lifecycle, objects
from admin_commands.auto_replies.looks import REPLIES
from admin_commands.auto_replies.writing import WAY
from admin_commands.grammar import auto_replies as grammar
from admin_commands.grammar import definitions, explain, heads, normalise, read, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Paste
from jobs.keywords import folding

BODY, NAME = "本文", "名前"
ADD, TAKE = ("追加", "足す"), ("削除", "外す")
NONE = ("なし", "無し")
# Which fields of the definition a head line sets.
FIELDS: dict[str, tuple[str, ...]] = {
    "words": ("words", "pattern", "match"),
    "match": ("words", "pattern", "match"),
    "kinds": ("kinds",),
    "hours": ("hours", "business"),
    "weekdays": ("weekdays",),
    "valid": ("since", "until"),
    "target": ("target",),
    "priority": ("priority",),
    "turns": ("once", "rest"),
    "goes_on": ("goes_on",),
}


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`語 追加 何時迄`, `時間 10:00〜19:00`, `優先 20`, `本文` with the text below it, `名前 …`."""
    one, latest = await REPLIES.latest(at, said, lock=True)
    what = objects.text_of(said, 1)
    if what == NAME:
        return await lifecycle.rename(at, replace(said, args=(said.args[0], *said.args[2:3])), "auto_replies")
    definition = REPLIES.definition_of(latest)
    if what == BODY:
        [part] = definition.parts
        if not (said.text or "").strip():
            return await bodies.ask(at, f"自動応答「{one.name}」", part.pieces, f"自動応答 変更 #A{one.id} {BODY}")
        pieces = bodies.exchanged(part.pieces, said.text or "")
        wanted = replace(definition, parts=(replace(part, pieces=pieces),))
    else:
        wanted = _with_head(definition, _key(what), said.after(1).partition("\n")[0])
    pasted = bodies.pasted(replace(wanted, name=one.name, version=latest.number))
    with bodies.as_typed(said):
        return await WAY.define(at, pasted, one.id, await content.link(at, [pasted]))


def _key(what: str) -> str:
    keys = {key: spelled for key, spelled in heads.BLOCK_KEYS["autoreply"].items() if key not in ("version", "state")}
    folded = normalise.fold(what)
    found = next((key for key, spelled in keys.items() if folded in map(normalise.fold, spelled)), None)
    if found is None:
        known = "・".join([*(spelled[0] for spelled in keys.values()), BODY, NAME])
        raise desk.Declined(f"自動応答の「{what}」は変えられません。変えられるもの: {known}")
    return found


def _with_head(definition: definitions.AutoReply, key: str, given: str) -> definitions.AutoReply:
    value = given.strip().lstrip("=:＝：").strip()
    word = heads.BLOCK_KEYS["autoreply"][key][0]
    if not value:
        raise desk.Declined(f"「{word}」を何にするかを書いてください。なくすには「なし」です。")
    if key == "words" and (changed := _some_words(definition, value)) is not None:
        return replace(definition, words=changed)
    lines = [] if value in NONE else [f"{word}: {value}"]
    if key == "words" and definition.match != "contains":
        lines.append(f"一致: {grammar.MATCHES[definition.match][0]}")
    if key == "match":
        lines.append(f"語: {definition.pattern or grammar.show_words(definition.words)}")
    got = _block(definition.name, lines)
    return replace(definition, **{field: getattr(got, field) for field in FIELDS[key]})


def _some_words(definition: definitions.AutoReply, value: str) -> tuple[tuple[str, ...], ...] | None:
    """The words with some more or less (`追加 何時迄`, `削除 何時まで`); None when all are written anew."""
    verb, _, rest = value.partition(" ")
    if verb not in (*ADD, *TAKE) or not rest.strip() or definition.match == "regex":
        return None
    given = _block("x", [f"語: {rest.strip()}", f"一致: {grammar.MATCHES[definition.match][0]}"]).words
    if verb in ADD:
        return tuple(dict.fromkeys((*definition.words, *given)))
    left = tuple(parts for parts in definition.words if parts not in given)
    if len(left) == len(definition.words):
        raise desk.Declined(f"「{rest.strip()}」という語はありません。今の語: {grammar.show_words(definition.words)}")
    if not left:
        raise desk.Declined("語がなくなると、何を書かれても答えてしまいます。全体を止めるには「自動応答 停止」です。")
    return left


def _block(name: str, head: list[str], body: str = "。") -> definitions.AutoReply:
    """A block of these lines, which must be without fault."""
    reading = read("\n".join([f"■自動応答 {words.quote(name)}", *head, "▼返信", body]))
    found = reading.definitions if isinstance(reading, Paste) else ()
    faults = list(reading.faults) if isinstance(reading, Paste) else []
    whole = found[0] if len(found) == 1 and isinstance(found[0], definitions.AutoReply) else None
    faults += later.faults(whole) if whole is not None else []
    if faults:
        raise desk.Declined(explain([replace(fault, line=max(1, fault.line - 1)) for fault in faults])[2:])
    if whole is None:
        raise desk.Declined("内容が読めませんでした。")
    return whole


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """A rule of one phrase: its answer stands below 本文, or is what is said next."""
    given = said.objects(0)[0]
    objects.refuse_this(given)
    phrase = given.text if isinstance(given, words.Name) else words.show(given)
    name = await lifecycle.free_name(words.Name(phrase), "auto_replies")
    shown = words.show(words.Name(name))
    if not (said.text or "").strip():
        return await bodies.ask(at, f"「{name}」への返信", (), f"自動応答 作成 {shown} {BODY}")
    made = _block(name, [f"語: {words.quote(folding.bare(phrase))}"], bodies.below(said.text or ""))
    with bodies.as_typed(said):
        return await WAY.define(at, made, await WAY.reserve(at, made), await content.link(at, [made]))

"""What all kinds of things share: another name, the way into the bin and out of it, and versions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from admin_commands import cards, content, desk, lists, objects, places, variables
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, bin, changes, media, named, names, uses, versions


async def rename(at: desk.Desk, said: Said, kind: named.Kind) -> cards.Say:
    """References follow, since they go by number."""
    thing = await objects.thing(at, kind, said)
    name = await free_name(said.objects(1)[0], kind, besides=thing.id)
    noun, letter = objects.KINDS[kind]
    if name == thing.name:
        return cards.Say(f"{noun}「{name}」のままです。変更はありません。")
    version = await named.rename(kind, thing.id, name)
    await account.configuration_changed()
    before = {"name": thing.name, "name_key": names.name_key(thing.name)}
    at.record(
        f"{objects.NOUNS[kind]}.rename",
        {objects.NOUNS[kind]: thing.id, "from": thing.name, "to": name},
        f"{noun}「{thing.name}」を「{name}」に改名した",
        [changes.put_back(kind, thing.id, version, before)],
    )
    return cards.Say(
        f"✅ {noun}「{thing.name}」を「{name}」に改名しました。使っている所もそのまま働きます。",
        (*places.undo_tap(), cards.Tap("表示", f"{noun} 表示 #{letter}{thing.id}")),
    )


async def free_name(given: words.Object, kind: named.Kind, besides: int | None = None) -> str:
    """A name for something new; one that another living thing has is refused."""
    name = objects.new_name(given, kind)
    noun, letter = objects.KINDS[kind]
    taken = (await named.by_names(kind, [name])).get(names.name_key(name))
    if taken is not None and taken.id != besides:
        raise desk.Declined(
            f"{noun}「{taken.name}」#{letter}{taken.id} がもうあります。別の名前にしてください。",
            cards.Tap("表示", f"{noun} 表示 #{letter}{taken.id}"),
        )
    return name


async def reserve(name: str, kind: named.Kind, make: Callable[[str], Awaitable[int]]) -> int:
    """The number of the thing of this name, made if there is none yet."""
    name = objects.new_name(words.Name(name), kind)
    known = (await named.by_names(kind, [name])).get(names.name_key(name))
    return known.id if known else await make(name)


async def copy_name(said: Said, kind: named.Kind, original: str) -> str:
    """The name behind the arrow, or one that tells what it is a copy of."""
    if len(said.args) > 1:
        return await free_name(said.objects(1)[0], kind)
    end = " のコピー"
    return await free_name(words.Name(original[: named.LONGEST - len(end)] + end), kind)


async def delete(
    at: desk.Desk,
    kind: named.Kind,
    thing: named.Named,
    *,
    loss: str,
    told: Sequence[str] = (),
    holds: Mapping[str, Any] | None = None,
    kept: str = "",
    always: bool = False,
    ways: Sequence[cards.Tap] = (),
    did: str = "",
) -> cards.Say:
    """Into the bin after a press, or after its name where it is used: then there is a `loss`, or `always`.

    `kept` says what stays with it, `ways` are other ways than to delete what is used, `did` is told in the history.
    """
    noun, letter = objects.KINDS[kind]
    used = await uses.of(kind, [thing.id])
    at.confirm(
        f"🗑 {noun}「{thing.name}」#{letter}{thing.id} を削除します",
        [*told, f"使用先: {places.told(used) or 'なし'}", f"ごみ箱に30日残ります{kept}。"],
        holds={objects.NOUNS[kind]: thing.id, "version": thing.version, "uses": len(used), **(holds or {})},
        label="削除する",
        warnings=[loss] if used or always else [],
        typed=thing.name if used else None,
        taps=[*ways, cards.Tap("使用先を見る", f"{noun} 使用先 #{letter}{thing.id}")] if used else [],
    )
    return await into_bin(at, kind, thing.id, thing.name, did)


async def into_bin(at: desk.Desk, kind: named.Kind, number: int, name: str, did: str = "") -> cards.Say:
    """Deleted, as the history keeps it; `did` is told there behind it."""
    noun, _ = objects.KINDS[kind]
    version = await bin.put_in(kind, number, at.now)
    await account.configuration_changed()
    at.record(
        f"{objects.NOUNS[kind]}.delete",
        {objects.NOUNS[kind]: number},
        f"{noun}「{name}」を削除した{did}",
        [changes.put_back(kind, number, version, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 {noun}「{name}」を削除しました。30日以内なら戻せます。", places.undo_tap())


async def revert(at: desk.Desk, said: Said, kind: named.Kind) -> cards.Say:
    return restored(kind, await out_of_bin(at, said.objects(0)[0], kind))


def restored(kind: named.Kind, found: bin.Deleted, told: str = "", look: str = "表示") -> cards.Say:
    """That a thing is back; `look` is the verb by which it is looked at."""
    noun, letter = objects.KINDS[kind]
    return cards.Say(
        f"✅ {noun}「{found.name}」#{letter}{found.id} を元に戻しました{told}。",
        (*places.undo_tap(), cards.Tap(look, f"{noun} {look} #{letter}{found.id}")),
    )


async def out_of_bin(at: desk.Desk, given: words.Object, kind: named.Kind) -> bin.Deleted:
    """Alive again, by name or number, as the history keeps it."""
    noun, letter = objects.KINDS[kind]
    if isinstance(given, words.Id) and given.letter == letter:
        found = await bin.get(kind, given.number, at.now)
    else:
        found = await bin.find(kind, objects.new_name(given, kind), at.now)
    if found is None:
        raise desk.Declined(
            f"ごみ箱に{noun}「{words.show(given)}」はありません（30日以内に削除したものだけ戻せます）。",
            cards.Tap(f"{noun} 一覧", f"{noun} 一覧"),
        )
    at.found_something = True
    at.concerns(objects.NOUNS[kind], f"#{letter}{found.id}")
    if await named.by_names(kind, [found.name]):
        raise desk.Declined(f"同じ名前の{noun}「{found.name}」が今あります。先にそちらを改名してください。")
    version = await bin.take_out(kind, found.id)
    await account.configuration_changed()
    at.record(
        f"{objects.NOUNS[kind]}.revert",
        {objects.NOUNS[kind]: found.id},
        f"{noun}「{found.name}」をごみ箱から戻した",
        [changes.put_back(kind, found.id, version, {"deleted_at": "now"})],
    )
    return found


async def version_named(said: Said, place: int, owner: str, what: str, listed: str) -> versions.Kept:
    """The version that an argument names (版5)."""
    shown = objects.text_of(said, place).removeprefix("版")
    number = int(shown) if shown.isdigit() and len(shown) < 9 else 0
    found = await versions.numbered(owner, number)
    if found is None:
        raise desk.Declined(f"{what}に版{shown}はありません。", cards.Tap("版の一覧", listed))
    return found


async def require_media(at: desk.Desk, source: str, what: str) -> None:
    """Refuse to bring back an old block that shows what has been deleted since."""
    named_in_it = content.mentioned(content.reread(source))
    wanted = {one.number for noun, one in named_in_it if noun == "media" and isinstance(one, words.Id)}
    gone = wanted - (await media.get(list(wanted))).keys()
    if not gone:
        return
    number = min(gone)
    found = await bin.get("media", number, at.now)
    if found is None:
        raise desk.Declined(f"{what}で使っている写真・動画・音声（#I{number}）は、もうないため戻せません。")
    raise desk.Declined(
        f"{what}で使っているメディア「{found.name}」は削除されています。先にごみ箱から戻してください。",
        cards.Tap("メディアを戻す", f"下書き 元に戻す #I{number}"),
    )


async def list_versions(
    at: desk.Desk,
    said: Said,
    *,
    owner: str,
    now: int,
    title: str,
    command: str,
    opens: str,
    told: Callable[[dict[str, Any]], str],
) -> cards.Say:
    """Versions of a block, each to be taken back to by its number; `now` is the one in force."""
    page = objects.page_of(said)
    found, total = await versions.page(owner, lists.ROWS, lists.offset(page))
    rows = []
    for one, says in zip(found, await variables.in_words([told(one.content) for one in found]), strict=True):
        by = f" {one.staff}さん" if one.staff else ""
        state = "・今の内容" if one.number == now else ""
        shown = f"版{one.number} {at.moment(one.created_at)}{by}{state}「{says}」"
        rows.append(cards.Row(shown, f"{opens} 版{one.number}"))
    return await lists.say(at, title, rows, total, page, command)


class Written(Protocol):
    """A version, as one who is about to write over it must know it."""

    @property
    def number(self) -> int: ...
    @property
    def staff_id(self) -> int | None: ...
    @property
    def staff(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...


def of_another(at: desk.Desk, given: int | None, latest: Written) -> str | None:
    """Who wrote what stands there, told to one who has not seen it; a block was printed from version `given`."""
    seen = given >= latest.number if given is not None else latest.staff_id in (None, at.actor.staff_id)
    if seen:
        return None
    writer = f"{latest.staff}さんが" if latest.staff else ""
    return f"{at.moment(latest.created_at)}に{writer}版{latest.number}に変更しています"


def mind_the_other(at: desk.Desk, what: str, shows: str, given: int | None, latest: Written) -> None:
    """Nobody writes over what another has written without having been shown that it is there (`shows` shows it)."""
    told = of_another(at, given, latest)
    if told is None:
        return
    at.confirm(
        f"{what}は、{'書き出した後に、' if given is not None else ''}版{latest.number}になっています",
        [f"{told}。", f"上書きして版{latest.number + 1}にしますか？"],
        holds={"what": what, "latest": latest.number},
        label="上書きする",
        taps=[cards.Tap(f"版{latest.number}を見る", shows)],
        stage="other",
    )

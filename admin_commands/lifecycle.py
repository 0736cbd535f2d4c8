"""What tags, scenarios and templates share: another name, and the way out of the bin."""

from admin_commands import cards, desk, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, bin, changes, named, names


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
        f"{kind[:-1]}.rename",
        {kind[:-1]: thing.id, "from": thing.name, "to": name},
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


async def copy_name(said: Said, kind: named.Kind, original: str) -> str:
    """The name behind the arrow, or one that tells what it is a copy of."""
    if len(said.args) > 1:
        return await free_name(said.objects(1)[0], kind)
    end = " のコピー"
    return await free_name(words.Name(original[: named.LONGEST - len(end)] + end), kind)


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
        f"{kind[:-1]}.revert",
        {kind[:-1]: found.id},
        f"{noun}「{found.name}」をごみ箱から戻した",
        [changes.put_back(kind, found.id, version, {"deleted_at": "now"})],
    )
    return found

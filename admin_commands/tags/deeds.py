"""Making tags, deleting them and taking them out of the bin again."""

from collections.abc import Sequence

from admin_commands import cards, desk, lifecycle, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, named, names, tags

MOST_MADE = 20


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """Make the tags that are missing; one that exists is shown, which is no error."""
    given = [objects.new_name(one, "tags") for one in said.objects(0)]
    wanted = list({names.name_key(name): name for name in given}.values())
    if len(wanted) > MOST_MADE:
        raise desk.Declined(f"一度に作れるタグは{MOST_MADE}個までです。")
    made = await tags.make(wanted, at.now)
    told = []
    if made:
        told.append(
            f"✅ タグ{'・'.join(f'「{name}」#T{made[name]}' for name in wanted if name in made)} を作りました。"
        )
        at.record(
            "tag.new",
            {"tags": list(made.values())},
            f"タグ{quoted(made)}を作った",
            [changes.put_back("tags", number, 1, {"deleted_at": "now"}) for number in made.values()],
        )
    there = await named.by_names("tags", [name for name in wanted if name not in made])
    if len(wanted) == 1:
        at.concerns("tag", f"#T{[*made.values(), *(one.id for one in there.values())][0]}")
    told += [f"タグ「{one.name}」#T{one.id} はもうあります。" for one in there.values()]
    return cards.Say("\n".join(told), (*places.undo_tap(bool(made)), cards.Tap("一覧", "タグ 一覧")))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    wearers = await tags.wearers(tag.id, at.sight)
    used = await tags.uses(tag.id)
    lines = [f"友だち: {wearers:,}人", f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"]
    at.confirm(
        f"🗑 タグ「{tag.name}」#T{tag.id} を削除します",
        lines,
        holds={"tag": tag.id, "version": tag.version, "friends": wearers, "uses": len(used)},
        label="削除する",
        warnings=["使われている所では、このタグは働かなくなります。"] if used else [],
        typed=tag.name if used else None,
        taps=ways_out(tag, used),
    )
    version = await tags.delete(tag.id, at.now)
    await account.configuration_changed()
    at.record(
        "tag.delete",
        {"tag": tag.id},
        f"タグ「{tag.name}」を削除した（友だち{wearers:,}人）",
        [changes.put_back("tags", tag.id, version, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 タグ「{tag.name}」を削除しました。30日以内なら戻せます。", places.undo_tap())


def ways_out(tag: named.Named, used: Sequence[named.Use]) -> tuple[cards.Tap, ...]:
    """What may be done with a tag in use instead of letting its uses come to nothing."""
    if not used:
        return ()
    return (
        cards.Tap("置き換えて削除", f"タグ 統合 #T{tag.id}"),
        cards.Tap("使用先を見る", f"タグ 使用先 {words.show(words.Name(tag.name))}"),
    )


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, with everybody who wore it."""
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "tags")
    wearers = await tags.wearers(found.id, at.sight)
    return cards.Say(
        f"✅ タグ「{found.name}」#T{found.id} を元に戻しました（友だち{wearers:,}人）。",
        (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 #T{found.id}")),
    )


def quoted(given: Sequence[str] | dict[str, int]) -> str:
    return "・".join(f"「{name}」" for name in given)

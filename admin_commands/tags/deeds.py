"""Making tags, deleting them and taking them out of the bin again."""

from collections.abc import Sequence

from admin_commands import cards, desk, lifecycle, objects, places
from admin_commands.grammar.commands import Command as Said
from storage import changes, named, names, tags

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
    return await lifecycle.delete(
        at,
        "tags",
        tag,
        loss="使われている所では、このタグは働かなくなります。",
        told=[f"友だち: {wearers:,}人"],
        holds={"friends": wearers},
        ways=[cards.Tap("置き換えて削除", f"タグ 統合 #T{tag.id}")],
        did=f"（友だち{wearers:,}人）",
    )


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, with everybody who wore it."""
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "tags")
    return lifecycle.restored("tags", found, f"（友だち{await tags.wearers(found.id, at.sight):,}人）")


def quoted(given: Sequence[str] | dict[str, int]) -> str:
    return "・".join(f"「{name}」" for name in given)

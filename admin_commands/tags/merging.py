"""Two tags made one, and one tag made two: their friends go along, and so does everything that names them."""

from admin_commands import cards, crowds, desk, lifecycle, lists, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import rules
from storage import account, changes, friends, named, tags


async def merge(at: desk.Desk, said: Said) -> cards.Say:
    """The first tag becomes another word for the second, for friends and wherever it is named."""
    tag = await objects.thing(at, "tags", said)
    if len(said.args) < 2:
        return await _ask(at, tag)
    into = (await objects.things(at, "tags", said, 1))[0]
    if into.id == tag.id:
        raise desk.Declined(f"タグ「{tag.name}」どうしは統合できません。2つの名前を書いてください。")
    wearing = await tags.wearing(tag.id, at.sight)
    _refuse_too_many(into, await tags.rules(into.id), {*wearing, *await tags.wearing(into.id, at.sight)})
    own = await rules.told(await tags.rules(tag.id))
    used = await tags.uses(tag.id)
    follows = f"（これからは「{into.name}」で働きます）" if used else ""
    at.confirm(
        f"タグ「{tag.name}」を「{into.name}」に統合します",
        [
            f"友だち: {len(wearing):,}人に「{into.name}」が付きます。",
            f"使用先: {places.told(used) or 'なし'}{follows}",
            f"「{tag.name}」はなくなります。",
            *([f"「{tag.name}」の決まり（{'・'.join(own)}）は使われなくなります。"] if own else []),
        ],
        holds={"tags": [at.held_as("tags", tag), at.held_as("tags", into)], "friends": len(wearing), "uses": len(used)},
        label="統合する",
    )
    inverse = await _put_on(at, wearing, into.id)
    for one in await tags.merge(tag.id, into.id, at.now):
        before = {"merged_into": one.meant} | ({"deleted_at": None} if one.lived else {})
        inverse.append(changes.put_back("tags", one.id, one.version, before))
    await account.configuration_changed()
    at.record(
        "tag.merge",
        {"tag": tag.id, "into": into.id, "friends": len(wearing)},
        f"タグ「{tag.name}」を「{into.name}」に統合した（友だち{len(wearing):,}人）",
        inverse,
    )
    slowly = "" if crowds.Crowd(wearing, "").at_once else "多いため、友だちには順番に付けていきます。"
    return cards.Say(
        f"✅ タグ「{tag.name}」を「{into.name}」#T{into.id} に統合しました（友だち{len(wearing):,}人）。{slowly}",
        (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 #T{into.id}")),
    )


def _refuse_too_many(into: named.Named, its: tags.Rules, together: set[int]) -> None:
    if its.limit is None or len(together) <= its.limit:
        return
    corrected = f"タグ 変更 #T{into.id} 上限={len(together)}"
    raise desk.Declined(
        f"統合すると、タグ「{into.name}」が{len(together):,}人になり、上限（{its.limit:,}人）を超えます。\n"
        f"先に上限を変えてください: {corrected}",
        cards.Tap(f"上限を{len(together):,}人に", corrected),
    )


async def _ask(at: desk.Desk, tag: named.Named) -> cards.Say:
    """Which one it shall become."""
    found, total = await tags.page("", objects.MOST_CHOICES + 1, 0, at.sight)
    rows = [
        cards.Row(f"{one.name} #T{one.id} … {one.friends:,}人", f"タグ 統合 #T{tag.id} → #T{one.id}")
        for one in found
        if one.id != tag.id
    ]
    if not rows:
        raise desk.Declined(f"ほかのタグがまだないため、「{tag.name}」を統合できません。")
    more = f"（ほかの名前は「タグ 統合 #T{tag.id} → 名前」）" if total > len(found) else ""
    question = f"タグ「{tag.name}」をどのタグに置き換えますか？ 番号で選んでください。{more}"
    return await lists.ask(at, question, rows[: objects.MOST_CHOICES])


async def _put_on(at: desk.Desk, wearing: list[int], tag: int) -> list[changes.Change]:
    """Nothing starts by it: nobody has become anything new."""
    crowd = crowds.Crowd(wearing, "")
    action = {"do": "tag_on", "tags": [tag], "quietly": True}
    if not crowd.at_once:
        done = await crowds.do(at, crowd, [action])
        opposite = {"do": "tag_off", "tags": [tag], "quietly": True}
        return [{"do": "operation", "operation": done.operation, "actions": [opposite]}]
    await friends.lock(wearing)
    before = await tags.links(wearing, [tag])
    await crowds.do(at, crowd, [action])
    after = await tags.links(wearing, [tag])
    return [changes.take_off(sorted(link for pair, link in after.items() if pair not in before))]


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """A new tag on the same friends."""
    tag = await objects.thing(at, "tags", said)
    name = await lifecycle.copy_name(said, "tags", tag.name)
    wearing = await tags.wearing(tag.id, at.sight)
    if len(wearing) > crowds.SMALL:
        at.confirm(
            f"タグ「{tag.name}」を「{name}」に複製します",
            [f"友だち: 同じ{len(wearing):,}人に付けます。"],
            holds={"tag": at.held_as("tags", tag), "friends": len(wearing)},
            label="複製する",
        )
    number = (await tags.make([name], at.now))[name]
    await _put_on(at, wearing, number)
    at.record(
        "tag.copy",
        {"tag": tag.id, "copy": number, "friends": len(wearing)},
        f"タグ「{tag.name}」を「{name}」に複製した（友だち{len(wearing):,}人）",
        [changes.put_back("tags", number, 1, {"deleted_at": "now"})],
    )
    left = "上限や付いた時の動作は引き継いでいません。" if tag.id in at.config.tag_rules else ""
    return cards.Say(
        f"✅ タグ「{name}」#T{number} を作り、「{tag.name}」と同じ{len(wearing):,}人に付けました。{left}",
        (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 {words.show(words.Name(name))}")),
    )

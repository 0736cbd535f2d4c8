"""タグ: making, listing, putting on and taking off, renaming, deleting."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from admin_commands import cards, command, crowds, desk, lists, objects, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, friends, named, names, tags

BIN = timedelta(days=30)
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
        told.append(f"✅ タグ{'・'.join(f'「{name}」#T{made[name]}' for name in wanted if name in made)}を作りました。")
        at.record(
            "tag.new",
            {"tags": list(made.values())},
            f"タグ{quoted(made)}を作った",
            [changes.put_back("tags", number, 1, {"deleted_at": "now"}) for number in made.values()],
        )
    there = await named.by_names("tags", [name for name in wanted if name not in made])
    told += [f"タグ「{one.name}」#T{one.id} はもうあります。" for one in there.values()]
    return cards.Say("\n".join(told), (*places.undo_tap(bool(made)), cards.Tap("一覧", "タグ 一覧")))


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await tags.page(wanted, lists.ROWS, lists.offset(page))
    rows = [cards.Row(f"{one.name} #T{one.id} … {one.friends:,}人", f"タグ 表示 #T{one.id}") for one in found]
    listing = f"タグ 一覧 {words.show(words.Name(wanted))}" if wanted else "タグ 一覧"
    empty = f"「{wanted}」の付くタグはありません。" if wanted else "まだありません。「タグ 作成 VIP」で作れます。"
    return await lists.say(at, "🏷 タグ", rows, total, page, listing, empty=empty)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    wearers = await tags.wearers(tag.id)
    used = await tags.uses(tag.id)
    name = words.show(words.Name(tag.name))
    told = [f"🏷 タグ「{tag.name}」#T{tag.id}", f"友だち: {wearers:,}人", f"使用先: {places.told(used) or 'なし'}"]
    taps = (
        cards.Tap("付いている人", f"友だち 検索 タグ:{name}"),
        cards.Tap("使用先", f"タグ 使用先 {name}"),
        cards.Tap("一覧", "タグ 一覧"),
    )
    return cards.Say("\n".join(told), taps)


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    used = await tags.uses(tag.id)
    if not used:
        return cards.Say(f"タグ「{tag.name}」は、シナリオ・あいさつ・テンプレのどこでも使われていません。")
    return await lists.say(
        at, f"タグ「{tag.name}」の使用先", [places.row(use) for use in used[: lists.ROWS]], len(used), 1, ""
    )


async def attach(at: desk.Desk, said: Said) -> cards.Say:
    wanted = await objects.things(at, "tags", said, 0)
    crowd = await crowds.of(at, said, 1)
    _confirm_many(at, said, wanted, crowd, "付けます", "付ける")
    numbers = [tag.id for tag in wanted]
    if not crowd.at_once:
        return await _begin(at, wanted, crowd, "付ける", {"do": "tag_on", "tags": numbers}, "tag_off")
    await friends.lock(crowd.ids)
    before = await tags.links(crowd.ids, numbers)
    await crowds.do(at, crowd, [{"do": "tag_on", "tags": numbers}])
    new = {pair: link for pair, link in (await tags.links(crowd.ids, numbers)).items() if pair not in before}
    shown = quoted([tag.name for tag in wanted])
    if not new:
        return cards.Say(f"{crowd.told}には、タグ{shown}がもう付いています。変更はありません。")
    people = len({friend for friend, _ in new})
    at.record(
        "tag.attach",
        {"tags": numbers, "friends": people},
        f"タグ{shown}を{_of(crowd, people)}に付けた",
        [changes.take_off(sorted(new.values()))],
    )
    told = [f"✅ タグ{shown}を{_of(crowd, people)}に付けました。"]
    if people < crowd.size:
        told.append(f"（{crowd.size - people:,}人にはもう付いていました）")
    return cards.Say("".join(told), (*places.undo_tap(), cards.Tap("タグを見る", f"タグ 表示 #T{numbers[0]}")))


async def detach(at: desk.Desk, said: Said) -> cards.Say:
    wanted = await objects.things(at, "tags", said, 0)
    crowd = await crowds.of(at, said, 1)
    _confirm_many(at, said, wanted, crowd, "外します", "外す")
    numbers = [tag.id for tag in wanted]
    if not crowd.at_once:
        return await _begin(at, wanted, crowd, "外す", {"do": "tag_off", "tags": numbers}, "tag_on")
    await friends.lock(crowd.ids)
    before = await tags.links(crowd.ids, numbers)
    shown = quoted([tag.name for tag in wanted])
    if not before:
        return cards.Say(f"{crowd.told}に、タグ{shown}は付いていません。変更はありません。")
    await crowds.do(at, crowd, [{"do": "tag_off", "tags": numbers}])
    people = len({friend for friend, _ in before})
    at.record(
        "tag.detach",
        {"tags": numbers, "friends": people},
        f"タグ{shown}を{_of(crowd, people)}から外した",
        [changes.put_on(sorted(before))],
    )
    return cards.Say(f"✅ タグ{shown}を{_of(crowd, people)}から外しました。", places.undo_tap())


def _confirm_many(
    at: desk.Desk, said: Said, wanted: Sequence[named.Named], crowd: crowds.Crowd, will: str, label: str
) -> None:
    """Many at once are confirmed; if the tag makes messages go to many, by typing how many."""
    starts = [at.config.scenarios[one].name for tag in wanted for one in at.config.started_by_tag.get(tag.id, ())]
    sends = bool(starts) and said.verb == "attach"
    if crowd.size <= crowds.SMALL:
        return
    particle = "に" if said.verb == "attach" else "から"
    warnings = [f"シナリオ{quoted(starts)}が始まり、メッセージが届きます"] if sends else []
    if not crowd.at_once:
        warnings.append("人数が多いため、少しずつ進めます")
    at.confirm(
        f"タグ{quoted([tag.name for tag in wanted])}を{crowd.told}{particle}{will}",
        [f"対象: {crowd.condition}"],
        holds={"tags": [[tag.id, tag.version] for tag in wanted], "friends": crowd.size},
        label=label,
        warnings=warnings,
        typed=str(crowd.size) if sends else None,
    )


async def _begin(
    at: desk.Desk, wanted: Sequence[named.Named], crowd: crowds.Crowd, verb: str, action: dict[str, Any], undo: str
) -> cards.Say:
    done = await crowds.do(at, crowd, [action])
    shown = quoted([tag.name for tag in wanted])
    particle = "に" if undo == "tag_off" else "から"
    opposite = {"do": undo, "tags": action["tags"], "quietly": True}
    back = {"do": "operation", "operation": done.operation, "actions": [opposite]}
    did = "付けた" if undo == "tag_off" else "外した"
    at.record("tag.many", {"friends": crowd.size}, f"タグ{shown}を{crowd.told}{particle}{did}", [back])
    return cards.Say(
        f"✅ タグ{shown}を{crowd.told}{particle}{verb}作業を始めました。順番に進めます。", places.undo_tap()
    )


async def rename(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    name = objects.new_name(said.objects(1)[0], "tags")
    if name == tag.name:
        return cards.Say(f"タグ「{name}」のままです。変更はありません。")
    taken = (await named.by_names("tags", [name])).get(names.name_key(name))
    if taken is not None and taken.id != tag.id:
        raise desk.Declined(f"タグ「{taken.name}」#T{taken.id} がもうあります。別の名前にしてください。")
    version = await tags.rename(tag.id, name)
    await account.configuration_changed()
    at.record(
        "tag.rename",
        {"tag": tag.id, "from": tag.name, "to": name},
        f"タグ「{tag.name}」を「{name}」に改名した",
        [changes.put_back("tags", tag.id, version, {"name": tag.name, "name_key": names.name_key(tag.name)})],
    )
    return cards.Say(
        f"✅ タグ「{tag.name}」を「{name}」に改名しました。使っている所もそのまま働きます。",
        (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 #T{tag.id}")),
    )


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    tag = await objects.thing(at, "tags", said)
    wearers = await tags.wearers(tag.id)
    used = await tags.uses(tag.id)
    lines = [f"友だち: {wearers:,}人", f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"]
    at.confirm(
        f"🗑 タグ「{tag.name}」#T{tag.id} を削除します",
        lines,
        holds={"tag": tag.id, "version": tag.version, "friends": wearers, "uses": len(used)},
        label="削除する",
        warnings=["使われている所では、このタグは働かなくなります"] if used else [],
        typed=tag.name if used else None,
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


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, with everybody who wore it."""
    name = objects.new_name(said.objects(0)[0], "tags")
    found = await tags.in_bin(name, at.now - BIN)
    if found is None:
        raise desk.Declined(f"ごみ箱にタグ「{name}」はありません（30日以内に削除したものだけ戻せます）。")
    number, was, _ = found
    if await named.by_names("tags", [name]):
        raise desk.Declined(f"同じ名前のタグ「{name}」が今あります。先にそちらを改名してください。")
    version = await tags.restore(number)
    await account.configuration_changed()
    at.record(
        "tag.revert",
        {"tag": number},
        f"タグ「{was}」を元に戻した",
        [changes.put_back("tags", number, version, {"deleted_at": "now"})],
    )
    wearers = await tags.wearers(number)
    return cards.Say(
        f"✅ タグ「{was}」#T{number} を元に戻しました（友だち{wearers:,}人）。",
        (*places.undo_tap(), cards.Tap("表示", f"タグ 表示 #T{number}")),
    )


def quoted(given: Sequence[str] | dict[str, int]) -> str:
    return "・".join(f"「{name}」" for name in given)


def _of(crowd: crowds.Crowd, people: int) -> str:
    return crowd.told if crowd.condition is None else f"{people:,}人"


TAG = Argument("タグ")
TAGS = Argument("タグ", many=True)
CROWD = Argument("友だち", many=True, crowd=True)

NOUN = command.Noun(
    "tag",
    "友だちに付ける目印です。",
    (
        Command(
            "tag",
            "list",
            "タグの一覧と人数",
            ("タグ 一覧", "タグ 一覧 {tag}"),
            "viewer",
            0,
            show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "tag",
            "new",
            "タグを作る",
            ("タグ 作成 {tag}", "タグ 作成 {tag}, 休眠, 興味/カラー"),
            "operator",
            1,
            make,
            (Argument("名前", many=True),),
        ),
        Command(
            "tag",
            "attach",
            "友だちにタグを付ける",
            ("タグ 付ける {tag} {friend}", "タグ 付ける {tag} 対象: タグ:常連 かつ タグ:休眠 でない"),
            "operator",
            1,
            attach,
            (TAGS, CROWD),
            most=3,
        ),
        Command(
            "tag",
            "detach",
            "友だちからタグを外す",
            ("タグ 外す {tag} {friend}",),
            "operator",
            1,
            detach,
            (TAGS, CROWD),
            most=2,
        ),
        Command("tag", "show", "1つのタグの人数と使用先", ("タグ 表示 {tag}",), "viewer", 0, show, (TAG,)),
        Command("tag", "uses", "タグを使っている所", ("タグ 使用先 {tag}",), "viewer", 0, show_uses, (TAG,)),
        Command(
            "tag",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("タグ 改名 {tag} → プレミアム",),
            "manager",
            1,
            rename,
            (TAG, Argument("新しい名前", arrow=True)),
        ),
        Command("tag", "delete", "ごみ箱へ（30日）", ("タグ 削除 {tag}",), "manager", 2, delete, (TAG,), most=3),
        Command("tag", "revert", "ごみ箱から戻す", ("タグ 元に戻す {tag}",), "manager", 1, revert, (TAG,)),
    ),
    bare="list",
)

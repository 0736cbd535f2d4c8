"""テンプレ: messages kept under a name; pasted, looked at, printed, deleted."""

from dataclasses import replace
from functools import partial

from admin_commands import cards, command, content, desk, lifecycle, lists, objects, places
from admin_commands.command import Argument, Block, Command
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.wizards import messages as wizards
from jobs import messages
from storage import account, changes, named, names, templates

EXAMPLE = """■テンプレ 料金表
▼本文
カット 4,400円〜
カラー 6,600円〜
＋ボタン 予約する → https://example.com"""


async def reserve(at: desk.Desk, definition: definitions.Template) -> int:
    """The template of this name, made if there is none yet."""
    name = objects.new_name(words.Name(definition.name), "templates")
    known = (await named.by_names("templates", [name])).get(names.name_key(name))
    return known.id if known else await templates.make(name, at.now)


async def define(at: desk.Desk, definition: definitions.Template, number: int, links: content.Links) -> cards.Say:
    """Keep a template; one that is sent from somewhere changes there too, which is confirmed."""
    at.concerns("template", f"#M{number}")
    await named.lock("templates", [number])
    kept = await templates.get(number)
    source = print_block(content.linked(replace(definition, name=kept.name, version=None), links))
    if content.same(kept.source, source):
        return cards.Say(f"変更なし（テンプレ「{kept.name}」は今と同じ内容です）。")
    builder = content.Builder(links, definition)
    composed = builder.composed(
        [builder.part(part.pieces, part.kind, part.title, part.line) for part in definition.parts]
    )
    if not composed and not builder.faults:
        raise desk.Declined(f"テンプレ「{kept.name}」に送る内容がありません。▼本文 の下に書いてください。")
    said = messages.fill_buttons(composed, await builder.numbered(f"template:{number}", at))
    shown = tuple(messages.render(said, {"名前": at.actor.name or None}))
    fresh = not kept.source
    used = await templates.uses(number)
    if used and not fresh:
        _confirm_change(at, kept, definition, used, shown)
    version = await templates.write(number, source, said, at.now)
    await account.configuration_changed()
    before = {"deleted_at": "now"} if fresh else {"source": kept.source, "messages": kept.messages}
    at.record(
        "template.apply",
        {"template": number},
        f"テンプレ「{kept.name}」を{'作った' if fresh else '書き直した'}",
        [changes.put_back("templates", number, version, before)],
    )
    told = [f"✅ テンプレ「{kept.name}」#M{number} を{'作りました' if fresh else '書き直しました'}。"]
    told += filter(None, [content.new_tags_note(links)])
    name = words.show(words.Name(kept.name))
    return cards.Say(
        "\n".join(told), (cards.Tap("確認", f"テンプレ 確認 {name}"), *places.undo_tap()), before=shown[:3]
    )


def _confirm_change(
    at: desk.Desk,
    kept: templates.Kept,
    definition: definitions.Template,
    used: list[named.Use],
    shown: tuple[cards.Message, ...],
) -> None:
    if not at.may("manager"):
        raise desk.Declined(f"🔒 使用中のテンプレ「{kept.name}」の変更は管理者以上の方ができます。")
    stale = definition.version is not None and definition.version < kept.version
    at.confirm(
        f"テンプレ「{kept.name}」を書き直します",
        [f"使用先: {places.told(used)}", "これから送る分が新しい内容になります。"],
        holds={"template": kept.id, "version": kept.version},
        label="反映する",
        warnings=["書き出した後に、ほかの方が変更しています"] if stale else [],
        before=shown[:3],
    )


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await templates.page(wanted, lists.ROWS, lists.offset(page))
    rows = [cards.Row(f"{one.name} #M{one.id} … {_content(at, one, 24)}", f"テンプレ 確認 #M{one.id}") for one in found]
    listing = f"テンプレ 一覧 {words.show(words.Name(wanted))}" if wanted else "テンプレ 一覧"
    empty = "まだありません。「テンプレ 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "テンプレ 作成")]
    return await lists.say(at, "📄 テンプレ", rows, total, page, listing, empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    used = await templates.uses(thing.id)
    told = [
        f"📄 テンプレ「{kept.name}」#M{kept.id}",
        f"内容: {_content(at, kept, 200)}",
        f"使用先: {places.told(used) or 'なし'}",
    ]
    name = words.show(words.Name(kept.name))
    return cards.Say(
        "\n".join(told), (cards.Tap("確認", f"テンプレ 確認 {name}"), cards.Tap("書出", f"テンプレ 書出 {name}"))
    )


def _content(at: desk.Desk, kept: templates.Kept, most: int) -> str:
    if ("template", kept.id) in at.config.unreadable:
        return "⚠ 保存された内容を今は読めないため、送っていません。貼り直してください。"
    return messages.alt_text(kept.messages, most)


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """The template as one friend would see it, as a free answer."""
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    name: str | None = at.actor.name or None
    if len(said.args) > 1:
        name = (await objects.friend(at, said, 1)).name
    shown = messages.render(kept.messages, {"名前": name})
    more = f"（はじめの{cards.MOST_OBJECTS - 1}つ）" if len(shown) > cards.MOST_OBJECTS - 1 else ""
    note = f"👆 テンプレ「{kept.name}」#M{kept.id}（0通・返信で表示）{more}"
    tap = cards.Tap("書出", f"テンプレ 書出 {words.show(words.Name(kept.name))}")
    return cards.Say(note, (tap,), before=tuple(shown[: cards.MOST_OBJECTS - 1]))


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    return await places.list_of(at, f"テンプレ「{thing.name}」", await templates.uses(thing.id))


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same content under another name."""
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    name = await lifecycle.copy_name(said, "templates", kept.name)
    definition = content.reread(kept.source)
    if not isinstance(definition, definitions.Template):
        raise TypeError("a template's source is no template")
    wanted = replace(definition, name=name, version=None)
    return await define(at, wanted, await reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "templates")
    return cards.Say(
        f"✅ テンプレ「{found.name}」#M{found.id} を元に戻しました。",
        (*places.undo_tap(), cards.Tap("確認", f"テンプレ 確認 #M{found.id}")),
    )


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    try:
        definition = await content.unlinked(content.reread(kept.source))
    except content.Outdated:
        return cards.Say(kept.source, whole=True)
    if not isinstance(definition, definitions.Template):
        raise TypeError("a template's source is no template")
    return cards.Say(print_block(replace(definition, name=kept.name, version=kept.version)), whole=True)


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    used = await templates.uses(thing.id)
    at.confirm(
        f"🗑 テンプレ「{kept.name}」#M{kept.id} を削除します",
        [f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"],
        holds={"template": kept.id, "version": kept.version, "uses": len(used)},
        label="削除する",
        warnings=["使われている所では、何も送られなくなります"] if used else [],
        typed=kept.name if used else None,
        taps=[cards.Tap("使用先を見る", f"テンプレ 使用先 #M{kept.id}")] if used else [],
    )
    version = await templates.delete(kept.id, at.now)
    await account.configuration_changed()
    at.record(
        "template.delete",
        {"template": kept.id},
        f"テンプレ「{kept.name}」を削除した",
        [changes.put_back("templates", kept.id, version, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 テンプレ「{kept.name}」を削除しました。30日以内なら戻せます。", places.undo_tap())


TEMPLATE = Argument("テンプレ", takes="template")

BLOCK = Block("template", "送る時に名前で使えます", EXAMPLE, "operator", 1, most=2)

NOUN = command.Noun(
    "template",
    "名前を付けて取っておくメッセージです。",
    (
        Command(
            "template",
            "list",
            "テンプレの一覧",
            ("テンプレ 一覧",),
            "viewer",
            0,
            show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "template",
            "find",
            "名前の一部で探す",
            ("テンプレ 検索 {template}",),
            "viewer",
            0,
            show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command("template", "show", "内容と使用先", ("テンプレ 表示 {template}",), "viewer", 0, show, (TEMPLATE,)),
        Command(
            "template",
            "check",
            "届く形で見る（0通）",
            ("テンプレ 確認 {template}", "テンプレ 確認 {template} {friend}"),
            "viewer",
            0,
            check,
            (TEMPLATE, Argument("友だち", optional=True, takes="friend")),
        ),
        Command(
            "template",
            "dump",
            "貼り付けられる形で書き出す",
            ("テンプレ 書出 {template}",),
            "viewer",
            0,
            dump,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "uses",
            "送っている所",
            ("テンプレ 使用先 {template}",),
            "viewer",
            0,
            show_uses,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("テンプレ 改名 {template} → 料金案内",),
            "manager",
            1,
            partial(lifecycle.rename, kind="templates"),
            (TEMPLATE, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "template",
            "copy",
            "同じ内容の新しいテンプレを作る",
            ("テンプレ 複製 {template} → 料金案内",),
            "operator",
            1,
            copy,
            (TEMPLATE, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "template",
            "revert",
            "ごみ箱から戻す",
            ("テンプレ 元に戻す {template}",),
            "manager",
            1,
            revert,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "delete",
            "ごみ箱へ（30日）",
            ("テンプレ 削除 {template}",),
            "manager",
            2,
            delete,
            (TEMPLATE,),
            most=3,
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=wizards.TEMPLATE,
)

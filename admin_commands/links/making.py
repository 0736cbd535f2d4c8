"""Making links, changing where they lead and what a click does, deleting them and taking them out of the bin again."""

import re
from dataclasses import replace

from admin_commands import cards, desk, lifecycle, objects, places, reactions
from admin_commands import link_addresses as addresses
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from jobs.messages import naming
from storage import account, changes, links, named, names

ON_CLICK = "クリック時"
NOTHING = ("なし", "無し", "解除", "none")
UNMEASURED = (
    "公開アドレス（PUBLIC_URL）が未設定のため、今は元のアドレスがそのまま届き、クリックは数えられません。"
    "設置した方にお伝えください。"
)
_ADDRESS = re.compile(r"[「『\"“](?P<quoted>[^」』\"”]+)[」』\"”]|(?P<bare>\S+)")


async def make(at: desk.Desk, said: Said) -> cards.Say:
    """A new link; of one that is there the address changes, if it is another."""
    given = said.objects(0)[0]
    if len(said.args) == 1 and isinstance(given, words.Name) and "://" in given.text:
        return await _of_address(at, said, given.text)
    name = objects.new_name(given, "links")
    addresses.fit(name)
    address = _address(said, f"リンク 作成 {words.show(words.Name(name))}")
    if address is None:
        raise desk.Declined(_how(name, "アドレスを https:// から書いてください。"))
    there = (await named.by_names("links", [name])).get(names.name_key(name))
    if there is not None:
        return await _changed(at, said, there.id, address)
    number = await addresses.new(at, name, address)
    warnings = []
    if said.option(ON_CLICK) is not None:
        kept = (await links.get([number]))[number]
        reaction = await _reaction(at, said, number)
        if reaction is not None:
            warnings = [f"⚠ {one}" for one in reaction.warnings]
            await links.change(replace(kept, on_click_source=reaction.source, on_click=reaction.actions))
            await account.configuration_changed()
    kept = (await links.get([number]))[number]
    at.record(
        "link.new",
        {"link": number},
        f"リンク「{name}」を作った",
        [changes.put_back("links", number, kept.version, {"deleted_at": "now"})],
    )
    at.concerns("link", f"#L{number}")
    shown, said_in = words.show(words.Name(name)), f"{naming.LINK}{name}"
    told = [
        f"✅ リンク「{name}」#L{number} を作りました。",
        *await lines_of(kept),
        f"使い方: ＋ボタン 見る → リンク:{shown}"
        + (f"　文の中: {{{said_in}}}" if naming.may_be_written(said_in) else ""),
        *warnings,
        *([] if measured(at) else [f"⚠ {UNMEASURED}"]),
    ]
    return cards.Say("\n".join(told), (*places.undo_tap(), cards.Tap("表示", f"リンク 表示 #L{number}")))


async def _of_address(at: desk.Desk, said: Said, typed: str) -> cards.Say:
    """The link of buttons with this address, before there are any, so that conditions can name it."""
    address = addresses.counted(typed)
    if address is None:
        raise desk.Declined(
            f"「{typed[:60]}」は数えられないアドレスです。\n例: リンク 作成 春クーポン https://example.com/"
        )
    kept = (await addresses.automatic(at, [address]))[address]
    if kept.id not in at.config.links:
        back = [changes.put_back("links", kept.id, kept.version, {"deleted_at": "now"})]
        at.record("link.new", {"link": kept.id}, f"アドレス {address[:200]} のクリックを数えるようにした", back)
    at.concerns("link", f"#L{kept.id}")
    if said.option(ON_CLICK) is not None:
        return await _changed(at, said, kept.id, None)
    told = f"✅ #L{kept.id}: このアドレスを開くボタンのクリックを数えます。\n行き先: {kept.address}"
    return cards.Say(told, (cards.Tap("表示", f"リンク 表示 #L{kept.id}"),))


def measured(at: desk.Desk) -> bool:
    """Whether friends get addresses of their own."""
    return at.config.public and bool(at.config.key)


def _address(said: Said, begins: str) -> str | None:
    """What is typed as an address; None where there is none."""
    found = _ADDRESS.match(said.after(0))
    typed = (found["quoted"] or found["bare"]) if found else ""
    if not typed or normalise.lookup(typed).text.startswith(ON_CLICK):
        return None
    if not re.match(r"https?://", typed, re.IGNORECASE):
        raise desk.Declined(f"「{typed[:60]}」はアドレスとして読めません。\n例: {begins} https://example.com/coupon")
    return addresses.clean(typed)


def _how(name: str, what: str) -> str:
    shown = words.show(words.Name(name))
    return (
        f"リンク「{name}」の{what}\n例: リンク 変更 {shown} https://example.com/new\n"
        f"　 リンク 変更 {shown} {ON_CLICK}=タグ付ける 関心"
    )


async def _reaction(at: desk.Desk, said: Said, number: int) -> reactions.Reaction | None:
    """What a click shall do; None for nothing any more."""
    text, line = said.option(ON_CLICK), said.line
    if text is None:
        text, line = said.text or "", said.line + 1
    if not text.strip():
        shown = words.show(said.objects(0)[0])
        raise desk.Declined(
            f"{ON_CLICK}の動作を、次の行から1行に1つ書いてください。\n例:\nリンク 変更 {shown} {ON_CLICK}\n"
            f"・タグ付ける 関心\n・送る 「ありがとうございます」\n（なくす時は「リンク 変更 {shown} {ON_CLICK}=なし」）"
        )
    if normalise.lookup(text).text.strip() in NOTHING:
        return None
    return await reactions.kept(at, f"link:{number}", reactions.read(text, line))


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """Another address, or other actions; what is not named stays as it is."""
    thing = await objects.thing(at, "links", said)
    return await _changed(at, said, thing.id, _address(said, f"リンク 変更 {words.show(words.Name(thing.name))}"))


async def _changed(at: desk.Desk, said: Said, number: int, address: str | None) -> cards.Say:
    await named.lock("links", [number])
    kept = (await links.get([number]))[number]
    acts = said.option(ON_CLICK) is not None or (address is None and len(said.args) > 1)
    if address is None and not acts:
        raise desk.Declined(_how(kept.name, "何を変えるかを書いてください。"))
    if kept.automatic and address not in (None, kept.address):
        raise desk.Declined(
            f"#L{number} は、このアドレスを開くボタンを数えるためのものです。"
            f"行き先は、ボタンのあるブロックで変えてください（リンク 使用先 #L{number}）。",
            cards.Tap("使用先", f"リンク 使用先 #L{number}"),
        )
    wanted = replace(kept, address=address or kept.address)
    warnings: list[str] = []
    if acts:
        reaction = await _reaction(at, said, number)
        source, actions = (reaction.source, reaction.actions) if reaction is not None else ("", [])
        wanted = replace(wanted, on_click_source=source, on_click=actions)
        warnings = list(reaction.warnings) if reaction is not None else []
    if wanted == kept:
        return cards.Say(f"変更なし（リンク「{kept.name}」は今と同じです）。")
    lines = await lines_of(wanted)
    used = await links.uses(number)
    if used or said.verb == "new":
        moved = ["すでに届いたボタンや文も、新しい行き先を開きます。"] if wanted.address != kept.address else []
        at.confirm(
            f"リンク「{kept.name}」#L{number} を変えます",
            [*lines, f"使用先: {places.told(used) or 'なし'}", *moved],
            holds={"link": number, "version": kept.version},
            label="変える",
            warnings=warnings,
        )
    version = await links.change(wanted)
    await account.configuration_changed()
    before = {key: getattr(kept, key) for key in ("address", "on_click_source", "on_click")}
    at.record(
        "link.set",
        {"link": number},
        f"リンク「{kept.name}」を変えた（{'・'.join(lines)}）"[:300],
        [changes.put_back("links", number, version, before)],
    )
    return cards.Say(
        "\n".join([f"✅ リンク「{kept.name}」#L{number} を変えました。", *lines]),
        (*places.undo_tap(), cards.Tap("表示", f"リンク 表示 #L{number}")),
    )


async def lines_of(kept: links.Kept) -> list[str]:
    """Where a link leads and what a click does."""
    does = (await reactions.told([kept.on_click_source]))[0] if kept.on_click_source else "なし"
    return [f"行き先: {kept.address}", f"{ON_CLICK}: {does}"]


async def rename(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "links", said)
    if (await links.get([thing.id]))[thing.id].automatic:
        raise desk.Declined(
            f"#L{thing.id} はアドレスから自動でできたもので、名前は付けられません。"
            f"名前で使う時は、ブロックに「＋リンク {thing.name} 名前=…」と書いてください。"
        )
    addresses.fit(objects.new_name(said.objects(1)[0], "links"))
    return await lifecycle.rename(at, said, "links")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "links", said)
    used = await links.uses(thing.id)
    if used and (await links.get([thing.id]))[thing.id].automatic:
        raise desk.Declined(
            f"#L{thing.id} は使っている所があるため削除できません: {places.told(used)}\n"
            "数えたくない時は、ボタンの行の終わりに「計測なし」と書いてください。"
        )
    loss = "届いたボタンや文のリンクは30日間は開けますが、クリックは数えません。その後は開けなくなります。"
    return await lifecycle.delete(at, "links", thing, loss=loss, kept="（クリックの記録も）", always=True)

"""あいさつ: what a new friend and a returning one are told; pasted, confirmed, tried for nothing."""

from dataclasses import replace
from typing import Any

from admin_commands import cards, command, content, desk, places
from admin_commands.command import Block, Command
from admin_commands.grammar import definitions, print_block
from admin_commands.grammar.commands import Command as Said
from admin_commands.wizards import messages as wizards
from jobs import messages
from storage import account, changes, greetings

KINDS: dict[str, str] = {"new": "新規", "returning": "ブロック解除"}
EXAMPLE = """■あいさつ 友だち追加
▼新規
{名前|お客様}さん、はじめまして！
▼ブロック解除
おかえりなさい😊"""


async def define(at: desk.Desk, definition: definitions.Greeting, links: content.Links) -> cards.Say:
    """Put new greetings in force; parts that the block does not have stay as they are."""
    at.concerns("greeting")
    kept = {
        part.kind: await greetings.lock(part.kind, at.now) for part in sorted(definition.parts, key=lambda p: p.kind)
    }
    written = {part.kind: await _build(at, definition, part, links) for part in definition.parts}
    changed = {kind: new for kind, new in written.items() if kept[kind].source != new[0]}
    if not changed:
        return cards.Say("変更なし（あいさつは今と同じ内容です）。")
    names = "・".join(KINDS[kind] for kind in changed)
    shown = [message for _, actions in changed.values() for action in actions for message in action.get("messages", ())]
    lines = [f"{KINDS[kind]}: {_told(actions)}" for kind, (_, actions) in changed.items()]
    at.confirm(
        f"あいさつ（{names}）を反映します",
        [*lines, *filter(None, [content.new_tags_note(links)])],
        holds={kind: kept[kind].version for kind in sorted(changed)},
        label="反映する",
        before=_tried(at, shown)[:3],
    )
    inverse = []
    for kind, (source, actions) in changed.items():
        version = await greetings.write(kind, source, actions, at.now)
        before = {"source": kept[kind].source, "actions": kept[kind].actions}
        inverse.append(changes.put_back("greetings", kind, version, before))
    await account.configuration_changed()
    at.record("greeting.apply", {"kinds": list(changed)}, f"あいさつ（{names}）を変えた", inverse)
    return cards.Say(
        f"✅ あいさつ（{names}）を反映しました。これからの方に届きます。",
        (cards.Tap("試す", "あいさつ 試す"), *places.undo_tap()),
    )


async def _build(
    at: desk.Desk, definition: definitions.Greeting, part: definitions.GreetingPart, links: content.Links
) -> tuple[str, list[dict[str, Any]]]:
    """The part's source, linked, and its action list: first what is said, then what is done."""
    alone = replace(definition, parts=(part,), version=None)
    builder = content.Builder(links, definition)
    composed = builder.composed([builder.part(part.pieces, line=part.line)])
    deeds = builder.run(part.pieces)
    said = messages.fill_buttons(composed, await builder.numbered(f"greeting:{part.kind}", at))
    actions = ([{"do": "send", "messages": said}] if said else []) + deeds
    return print_block(content.linked(alone, links)), actions


def _told(actions: list[dict[str, Any]]) -> str:
    said = [message for action in actions for message in action.get("messages", ())]
    deeds = sum("messages" not in action for action in actions)
    told = f"「{messages.alt_text(said, 40)}」" if said else "（送信なし）"
    return told + (f" ＋アクション{deeds}" if deeds else "")


def _tried(at: desk.Desk, said: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Messages as a friend of the asker's name would see them."""
    return tuple(messages.render(said, {"名前": at.actor.name or None})) if said else ()


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    at.concerns("greeting")
    kept = await greetings.all_kept()
    if not kept:
        return cards.Say(
            f"あいさつはまだありません。「あいさつ 作成」で質問に答えるか、次の形を貼り付けると作れます。\n\n{EXAMPLE}",
            (cards.Tap("質問に答えて作る", "あいさつ 作成"),),
        )
    told = ["👋 あいさつ（友だち追加時）"]
    for kind, word in KINDS.items():
        if ("greeting", kind) in at.config.unreadable:
            told.append(f"{word}: ⚠ 保存された内容を今は読めないため、送っていません。貼り直してください。")
        else:
            told.append(f"{word}: {_told(kept[kind].actions) if kind in kept else 'なし'}")
    return cards.Say(
        "\n".join(told),
        (cards.Tap("試す", "あいさつ 試す"), cards.Tap("変更", "あいさつ 変更"), cards.Tap("書出", "あいさつ 書出")),
    )


async def dump(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    at.concerns("greeting")
    kept = await greetings.all_kept()
    sources = [kept[kind].source for kind in KINDS if kind in kept and kept[kind].source]
    try:
        found = [content.reread(source) for source in sources]
    except content.Outdated:
        return cards.Say("\n".join(sources), whole=True)
    parts = tuple(part for one in found if isinstance(one, definitions.Greeting) for part in one.parts)
    if not parts:
        raise desk.Declined("あいさつはまだありません。", cards.Tap("ヘルプ", "ヘルプ あいさつ"))
    return cards.Say(print_block(await content.unlinked(definitions.Greeting(parts))), whole=True)


async def test(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    """What a new friend would see, as a free answer; nothing is done to anybody."""
    at.concerns("greeting")
    kept = await greetings.all_kept()
    if "new" not in kept:
        raise desk.Declined("新規のあいさつはまだありません。", cards.Tap("ヘルプ", "ヘルプ あいさつ"))
    shown: list[dict[str, Any]] = []
    for action in kept["new"].actions:
        shown += await content.said_by(action)
    deeds = sum(action["do"] not in ("send", "send_template") for action in kept["new"].actions)
    note = "👆 新しい友だちにはこう届きます（0通・返信で表示）。"
    if len(shown) > cards.MOST_OBJECTS - 1:
        note += f"\nはじめの{cards.MOST_OBJECTS - 1}つだけ表示しています（全部で{len(shown)}つ）。"
    if deeds:
        note += f"\n続けて{deeds}つのアクションが動きます（今は動かしていません）。"
    return cards.Say(note, before=_tried(at, shown[: cards.MOST_OBJECTS - 1]))


BLOCK = Block("greeting", "確認ボタンのあと、これからの方に届きます", EXAMPLE, "manager", 2)

NOUN = command.Noun(
    "greeting",
    "友だちになった方、戻ってきた方へのあいさつです。",
    (
        Command("greeting", "show", "今のあいさつ", ("あいさつ 表示",), "viewer", 0, show),
        Command("greeting", "test", "新しい友だちに届く形で見る（0通）", ("あいさつ 試す",), "viewer", 0, test),
        Command("greeting", "dump", "貼り付けられる形で書き出す", ("あいさつ 書出",), "viewer", 0, dump),
    ),
    bare="show",
    block=BLOCK,
    wizard=wizards.GREETING,
)

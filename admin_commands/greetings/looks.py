"""Looking at greetings: what they say, as a friend would get them, as a block."""

from typing import Any
from zoneinfo import ZoneInfo

from admin_commands import cards, content, desk, previews, variables
from admin_commands.grammar import definitions, print_block
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.printing import GREETINGS
from jobs import action_lists
from storage import greetings

KINDS: dict[str, str] = GREETINGS
EXAMPLE = """■あいさつ 友だち追加
▼新規
{名前|お客様}さん、はじめまして！
▼ブロック解除
おかえりなさい😊"""


async def tried(at: desk.Desk, said: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Messages as a friend of the asker's name would see them."""
    return tuple(await previews.of(at, said)) if said else ()


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    at.concerns("greeting")
    kept = await greetings.all_kept()
    if not kept:
        return cards.Say(
            f"あいさつはまだありません。「あいさつ 作成」で質問に答えるか、次の形を貼り付けると作れます。\n\n{EXAMPLE}",
            (cards.Tap("質問に答えて作る", "あいさつ 作成"),),
        )
    told: list[cards.Line] = []
    for kind, word in KINDS.items():
        if ("greeting", kind) in at.config.unreadable:
            told.append(f"⚠ {word}: 保存された内容を今は読めないため、送っていません。貼り直してください。")
        else:
            stopped = "⏸ 停止中 " if kind in kept and kept[kind].stopped else ""
            told.append(f"{word}: {stopped}{await variables.told_of(kept[kind].actions) if kind in kept else 'なし'}")
    taps = [cards.Tap("試す", "あいさつ 試す"), cards.Tap("変更", "あいさつ 変更"), cards.Tap("書出", "あいさつ 書出")]
    if any(one.stopped for one in kept.values()):
        taps.insert(0, cards.Tap("公開", "あいさつ 公開"))
    return cards.Say("", card=cards.panel("👋 あいさつ（友だち追加時）", told, buttons=taps))


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
    number = max(kept[kind].number for kind in kept) or None
    return cards.Say(print_block(await content.unlinked(definitions.Greeting(parts, number))), whole=True)


async def test(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    """What a new friend would see, as a free answer; nothing is done to anybody."""
    at.concerns("greeting")
    kept = await greetings.all_kept()
    if "new" not in kept:
        raise desk.Declined("新規のあいさつはまだありません。", cards.Tap("ヘルプ", "ヘルプ あいさつ"))
    shown: list[dict[str, Any]] = []
    for action in kept["new"].actions:
        shown += await previews.said_by(action)
    deeds = sum(action["do"] not in action_lists.WRITING for action in kept["new"].actions)
    note = "👆 新しい友だちにはこう届きます（0通・返信で表示）。"
    if len(shown) > cards.MOST_OBJECTS - 1:
        note += f"\nはじめの{cards.MOST_OBJECTS - 1}個だけ表示しています（全部で{len(shown)}個）。"
    if deeds:
        note += f"\n続けて{deeds}件のアクションが動きます（今は動かしていません）。"
    return cards.Say(note, before=await tried(at, shown[: cards.MOST_OBJECTS - 1]))


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """The greetings as one block, or as two where one of them is held back."""
    kept = await greetings.all_kept()
    found = []
    for stopped in (False, True):
        sources = [kept[kind].source for kind in KINDS if kind in kept and kept[kind].stopped == stopped]
        if sources:
            parts = [source.partition("\n")[2] for source in sources[1:]]
            found.append(("\n".join([sources[0], *parts]), {"state": "paused" if stopped else None}))
    return await content.dumped(found)

"""Looking at auto-replies: the list in their order, one of them, as a block, its versions, how often it answered."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from admin_commands import cards, desk, drafted, lists, objects, places, previews, variables
from admin_commands.grammar import definitions, words
from admin_commands.grammar.commands import Command as Said
from jobs import messages
from jobs.keywords import matching, rules
from storage import auto_replies as kept
from storage import names, versions
from storage.drafted import Kept, Whole

SPAN = timedelta(days=30)
EVER = timedelta(days=36_500)

REPLIES = drafted.Drafts("auto_replies", kept.ROWS, definitions.AutoReply)


async def tried(at: desk.Desk, actions: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """What it says, as a friend of the asker's name would see it."""
    said = [message for action in actions for message in action.get("messages", ())]
    return tuple(await previews.of(at, said)) if said else ()


async def head(one: Kept, written: versions.Kept) -> list[str]:
    """語, 一致, 時間 … as the block says them, with today's names."""
    lines = (await REPLIES.printed(one, written)).split("\n▼")[0].split("\n")[1:]
    if names.name_key(one.name) == names.name_key("その他"):
        return [*lines, "ほかのどれにも当たらない時に働きます。"]
    return lines if any(line.startswith("語:") for line in lines) else ["語: （何と書かれても）", *lines]


async def described(_: desk.Desk, one: Kept, written: versions.Kept) -> list[cards.Line]:
    """The rule and what it does, as a card says them."""
    return [*await head(one, written), f"返信: {await variables.told_of(written.content['actions'])}"]


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    """In the order in which they are tried, with how often each has answered within thirty days."""
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    every = sorted(await kept.ROWS.everything(wanted), key=_order)
    found = every[lists.offset(page) : lists.offset(page) + lists.ROWS]
    hits = await kept.hits([one.kept.id for one in found], at.now - SPAN)
    rows = []
    for one in found:
        times = hits[one.kept.id].times if one.kept.id in hits else 0
        draft = "・下書きあり" if one.kept.draft is not None and one.kept.live is not None else ""
        state = f"{drafted.STATES[one.kept.state]}・優先{_priority(one)}・{times:,}回{draft}"
        told = f"{one.kept.name} #A{one.kept.id} … {state}"
        rows.append(cards.Row(told, f"自動応答 表示 #A{one.kept.id}"))
    listing = f"自動応答 一覧 {words.show(words.Name(wanted))}" if wanted else "自動応答 一覧"
    empty = "まだありません。「自動応答 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "自動応答 作成"), cards.Tap("漏れ", "自動応答 漏れ")]
    notes = ["上から順に見て、最初に当てはまったものが答えます。回数は30日分です。"] if rows else []
    return await lists.say(at, "💬 自動応答", rows, len(every), page, listing, empty=empty, taps=taps, notes=notes)


def _order(one: Whole) -> tuple[bool, tuple[bool, int, int]]:
    stored = (one.live or one.draft or {"rule": {}})["rule"]
    rank = rules.Rule(one.kept.id, (), priority=stored.get("priority", 0), fallback=stored.get("fallback", False))
    return one.kept.state != "live", matching.order(rank)


def _priority(one: Whole) -> int:
    return int((one.live or one.draft or {"rule": {}})["rule"].get("priority", 0))


async def show(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await REPLIES.latest(at, said)
    shown = await REPLIES.version(one, one.live) or written
    hits = (await kept.hits([one.id], at.now - SPAN)).get(one.id)
    draft = "・下書きあり" if one.draft is not None and one.live is not None else ""
    told: list[cards.Line] = [f"状態: {drafted.STATES[one.state]}（版{shown.number}{draft}）"]
    if ("auto_reply", one.id) in at.config.unreadable:
        told.append("⚠ 保存された内容を今は読めないため、止めています。貼り直してください。")
    told += await described(at, one, shown)
    told.append(f"答えた回数: 30日で{hits.times if hits else 0:,}回")
    name = words.show(words.Name(one.name))
    buttons = [cards.Tap("書出", f"自動応答 書出 {name}"), cards.Tap("結果", f"自動応答 結果 {name}")]
    if one.draft is not None:
        buttons.insert(0, cards.Tap("公開", f"自動応答 公開 {name}"))
    if one.state != "draft":
        verb = "停止" if one.state == "live" else "再開"
        buttons.append(cards.Tap(verb, f"自動応答 {verb} {name}"))
    return cards.Say("", card=cards.panel(f"💬 自動応答「{one.name}」#A{one.id}", told, buttons=buttons))


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    return await REPLIES.show_versions(at, said, _told)


def _told(stored: dict[str, Any]) -> str:
    said = [message for action in stored["actions"] for message in action.get("messages", ())]
    return messages.alt_text(said, 24)


async def show_result(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "auto_replies", said)
    lines: list[cards.Line] = []
    last = "まだありません"
    for word, span in (("7日", timedelta(days=7)), ("30日", SPAN), ("これまで", EVER)):
        hits = (await kept.hits([thing.id], at.now - span)).get(thing.id)
        lines.append(f"{word}: {hits.times if hits else 0:,}回（{hits.friends if hits else 0:,}人）")
        last = at.moment(hits.last_at) if hits and hits.last_at else last
    lines.append(f"最後に答えた時: {last}")
    taps = [cards.Tap("表示", f"自動応答 表示 #A{thing.id}"), cards.Tap("漏れ", "自動応答 漏れ")]
    return cards.Say("", card=cards.panel(f"📊 自動応答「{thing.name}」の結果", lines, buttons=taps))


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    """Nothing names an auto-reply by itself; told with what it names."""
    one, written = await REPLIES.latest(at, said)
    used = await kept.uses(one.id)
    if used:
        return await places.list_of(at, REPLIES.called(one), used)
    told = f"自動応答「{one.name}」を名前で使っている所はありません。\n{await REPLIES.names(written)}"
    return cards.Say(told.strip())

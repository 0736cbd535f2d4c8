"""Looking at auto-replies: the list in their order, one of them, as a block, its versions, how often it answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from admin_commands import (
    cards,
    colleagues,
    comparing,
    content,
    desk,
    lifecycle,
    lists,
    objects,
    places,
    previews,
    variables,
)
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from jobs import messages
from jobs.keywords import matching, rules
from storage import auto_replies as kept
from storage import names, versions

STATES = {"draft": "下書き", "live": "公開中", "paused": "停止中"}
SPAN = timedelta(days=30)
EVER = timedelta(days=36_500)
MOST_SHOWN = 12  # lines of a difference


async def version(one: kept.Kept, number: int | None) -> versions.Kept | None:
    return await versions.numbered(kept.owner(one.id), number) if number is not None else None


async def latest(at: desk.Desk, said: Said, *, lock: bool = False) -> tuple[kept.Kept, versions.Kept]:
    """The auto-reply named and its draft, or what is in force where there is none."""
    thing = await objects.thing(at, "auto_replies", said)
    one = await kept.get(thing.id, lock=lock)
    found = await version(one, one.draft or one.live)
    if found is None:
        raise desk.Declined(f"自動応答「{one.name}」にはまだ中身がありません。ブロックを貼り付けてください。")
    return one, found


async def tried(at: desk.Desk, actions: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """What it says, as a friend of the asker's name would see it."""
    said = [message for action in actions for message in action.get("messages", ())]
    return tuple(await previews.of(at, said)) if said else ()


async def printed(one: kept.Kept, written: versions.Kept, *, numbered: bool = False) -> str:
    """A version as a block with today's names; one that is not in today's language, as it is kept."""
    source = written.content["source"]
    try:
        definition = await content.unlinked(definition_of(written))
    except content.Outdated:
        return str(source)
    return print_block(replace(definition, name=one.name, version=written.number if numbered else None))


def definition_of(written: versions.Kept) -> definitions.AutoReply:
    """A version as it was pasted, with numbers in place of names. Raises content.Outdated."""
    definition = content.reread(written.content["source"])
    if not isinstance(definition, definitions.AutoReply):
        raise TypeError("an auto-reply's source is no auto-reply")
    return definition


async def head(one: kept.Kept, written: versions.Kept) -> list[str]:
    """語, 一致, 時間 … as the block says them, with today's names."""
    lines = (await printed(one, written)).split("\n▼")[0].split("\n")[1:]
    if names.name_key(one.name) == names.name_key("その他"):
        return [*lines, "ほかのどれにも当たらない時に働きます。"]
    return lines if any(line.startswith("語:") for line in lines) else ["語: （何と書かれても）", *lines]


async def difference(one: kept.Kept, live: versions.Kept, written: versions.Kept) -> list[str]:
    before, after = (await printed(one, live)).split("\n"), (await printed(one, written)).split("\n")
    found = comparing.difference(before, after)
    more = [f"… ほか{len(found) - MOST_SHOWN}行"] if len(found) > MOST_SHOWN else []
    return [f"版{live.number}→{written.number}の変更点", *(found[:MOST_SHOWN] or ["内容は同じです。"]), *more]


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    """In the order in which they are tried, with how often each has answered within thirty days."""
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    every = sorted(await kept.everything(wanted), key=_order)
    found = every[lists.offset(page) : lists.offset(page) + lists.ROWS]
    hits = await kept.hits([one.kept.id for one in found], at.now - SPAN)
    rows = []
    for one in found:
        times = hits[one.kept.id].times if one.kept.id in hits else 0
        draft = "・下書きあり" if one.kept.draft is not None and one.kept.live is not None else ""
        told = f"{one.kept.name} #A{one.kept.id} … {STATES[one.kept.state]}・優先{_priority(one)}・{times:,}回{draft}"
        rows.append(cards.Row(told, f"自動応答 表示 #A{one.kept.id}"))
    listing = f"自動応答 一覧 {words.show(words.Name(wanted))}" if wanted else "自動応答 一覧"
    empty = "まだありません。「自動応答 作成」と送ると、質問に答えて作れます。"
    taps = [cards.Tap("質問に答えて作る", "自動応答 作成"), cards.Tap("漏れ", "自動応答 漏れ")]
    notes = ["上から順に見て、最初に当てはまったものが答えます。回数は30日分です。"] if rows else []
    return await lists.say(at, "💬 自動応答", rows, len(every), page, listing, empty=empty, taps=taps, notes=notes)


def _order(one: kept.Whole) -> tuple[bool, tuple[bool, int, int]]:
    stored = (one.live or one.draft or {"rule": {}})["rule"]
    rank = rules.Rule(one.kept.id, (), priority=stored.get("priority", 0), fallback=stored.get("fallback", False))
    return one.kept.state != "live", matching.order(rank)


def _priority(one: kept.Whole) -> int:
    return int((one.live or one.draft or {"rule": {}})["rule"].get("priority", 0))


async def show(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await latest(at, said)
    shown = await version(one, one.live) or written
    hits = (await kept.hits([one.id], at.now - SPAN)).get(one.id)
    draft = "・下書きあり" if one.draft is not None and one.live is not None else ""
    told: list[cards.Line] = [f"状態: {STATES[one.state]}（版{shown.number}{draft}）"]
    if ("auto_reply", one.id) in at.config.unreadable:
        told.append("⚠ 保存された内容を今は読めないため、止めています。貼り直してください。")
    told += await head(one, shown)
    told.append(f"返信: {await variables.told_of(shown.content['actions'])}")
    told.append(f"答えた回数: 30日で{hits.times if hits else 0:,}回")
    name = words.show(words.Name(one.name))
    buttons = [cards.Tap("書出", f"自動応答 書出 {name}"), cards.Tap("結果", f"自動応答 結果 {name}")]
    if one.draft is not None:
        buttons.insert(0, cards.Tap("公開", f"自動応答 公開 {name}"))
    if one.state != "draft":
        verb = "停止" if one.state == "live" else "再開"
        buttons.append(cards.Tap(verb, f"自動応答 {verb} {name}"))
    return cards.Say("", card=cards.panel(f"💬 自動応答「{one.name}」#A{one.id}", told, buttons=buttons))


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await latest(at, said)
    if len(said.args) > 1:
        listed = f"自動応答 版 #A{one.id}"
        written = await lifecycle.version_named(said, 1, kept.owner(one.id), f"自動応答「{one.name}」", listed)
    return cards.Say(await printed(one, written, numbered=True), whole=True)


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All as blocks with their state: the version in force, and behind it a draft that waits."""
    found: list[tuple[str, dict[str, Any]]] = []
    for one in await kept.everything():
        if one.live is not None:
            found.append((one.live["source"], {"name": one.kept.name, "state": one.kept.state}))
        if one.draft is not None:
            found.append((one.draft["source"], {"name": one.kept.name, "state": "draft"}))
    return await content.dumped(found)


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    one, _ = await latest(at, said)
    return await lifecycle.list_versions(
        at,
        said,
        owner=kept.owner(one.id),
        now=one.live or 0,
        title=f"自動応答「{one.name}」の版",
        command=f"自動応答 版 #A{one.id}",
        opens=f"自動応答 元に戻す #A{one.id}",
        told=lambda stored: messages.alt_text(
            [message for action in stored["actions"] for message in action.get("messages", ())], 24
        ),
    )


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
    one, written = await latest(at, said)
    used = await kept.uses(one.id)
    if used:
        return await places.list_of(at, f"自動応答「{one.name}」", used)
    numbers: dict[content.Noun, list[int]] = defaultdict(list)
    for noun, given in content.mentioned(definition_of(written)):
        if isinstance(given, words.Id):
            numbers[noun].append(given.number)
    found = []
    for noun in sorted(numbers):
        known = await colleagues.called(noun, sorted(set(numbers[noun])))
        found += [f"{colleagues.WORDS[noun][0]}「{known[one].name}」" for one in sorted(known)]
    told = f"この自動応答が使っているもの: {'・'.join(found[: places.MOST])}" if found else ""
    return cards.Say(f"自動応答「{one.name}」を名前で使っている所はありません。\n{told}".strip())

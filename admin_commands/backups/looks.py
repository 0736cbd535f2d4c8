"""Looking at what is kept: how it is handed over, the list, and what has changed since a day."""

import re
from collections.abc import Sequence
from datetime import timedelta

from admin_commands import cards, comparing, desk, history, lists, objects
from admin_commands.backups import printing, things
from admin_commands.command import Noun
from admin_commands.grammar import heads, lexicon, read_file
from admin_commands.grammar.commands import Command as Said
from jobs import messages
from jobs.messages import hosting
from storage import backups

LIFE = timedelta(minutes=10)
BUBBLE = 5_000  # UTF-16 units of a text message
BUBBLES = cards.MOST_OBJECTS - 1
# a line of the text that customers get begins with none of these words: it is escaped
BETWEEN = re.compile(rf"\n\n(?=■(?:{'|'.join(lexicon.NOUN[kind].words[0] for kind in heads.BLOCK_KINDS)}) )")
MOST_THINGS = 12
MOST_LINES = 4  # of a change
LONGEST_LINE = 60


async def handed_over(at: desk.Desk, kept: backups.Kept, told: str) -> cards.Say:
    """With a link to its file; where nobody can reach us from outside, as text, if it fits."""
    taps = (cards.Tap("一覧", "控え 一覧"), cards.Tap("比較", f"控え 比較 {kept.id}"))
    if not at.config.public:
        return _as_text(at, kept, told, taps)
    token = await backups.issue(kept.id, at.now + LIFE)
    until = at.clock(at.now + LIFE)
    made = cards.panel(
        told,
        [f"ファイルは、下のボタンから受け取れます（{until}まで・1回だけ）。"],
        notes=["お店の設定がすべて入っています。お店の外の方に見せないようご注意ください。"],
        link=("ファイルを受け取る", hosting.download(token)),
    )
    return cards.Say("", taps, card=made)


def _as_text(at: desk.Desk, kept: backups.Kept, told: str, taps: tuple[cards.Tap, ...]) -> cards.Say:
    pieces = in_bubbles(printing.head(kept.at, at.zone) + "\n" + kept.text)
    if pieces is None:
        return cards.Say(
            f"{told}\n長いため、トークには表示できません。このサーバーの公開アドレス（PUBLIC_URL）を設定すると、ファイルで受け取れます。設置した方にお伝えください。",
            taps,
        )
    return cards.Say(told, taps, before=tuple(messages.text(one) for one in pieces))


def in_bubbles(text: str) -> list[str] | None:
    """Cut between blocks into texts that LINE takes; None when they are too many, or a block is too long."""
    pieces: list[str] = []
    for one in BETWEEN.split(text.strip("\n")):
        if pieces and messages.utf16_len(pieces[-1]) + messages.utf16_len(one) + 2 <= BUBBLE:
            pieces[-1] += f"\n\n{one}"
        else:
            pieces.append(one)
    fits = len(pieces) <= BUBBLES and all(messages.utf16_len(one) <= BUBBLE for one in pieces)
    return pieces if fits else None


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    found, total = await backups.page(lists.ROWS, lists.offset(page))
    rows = [cards.Row(_line(at, one), f"控え 表示 {one.id}") for one in found]
    empty = "まだありません。「控え 作成」で今の設定を控えられます。毎晩、変わった時だけ自動でも控えます。"
    taps = [cards.Tap("控え 作成", "控え 作成")]
    return await lists.say(at, "🗂 控え", rows, total, page, "控え 一覧", taps=taps, empty=empty)


def _line(at: desk.Desk, one: backups.Kept) -> str:
    return f"控え{one.id} {at.moment(one.at)} {f'{one.staff}さん' if one.staff else '自動'}"


async def show(at: desk.Desk, said: Said) -> cards.Say:
    kept = await _numbered(said)
    told = (
        f"🗂 {_line(at, kept)}\n{things.counted(list(things.of(read_file(kept.text)).values())) or '中身はありません'}"
    )
    return await handed_over(at, kept, told)


async def _numbered(said: Said) -> backups.Kept:
    shown = objects.text_of(said, 0).removeprefix("控え").removeprefix("#").strip()
    kept = await backups.get(int(shown)) if shown.isdecimal() and len(shown) < 10 else None
    if kept is None:
        raise desk.Declined(
            f"控え「{cards.shortened(shown, 20)}」はありません（新しい{backups.MOST}個まで残ります）。",
            cards.Tap("控え 一覧", "控え 一覧"),
        )
    return kept


async def compare(at: desk.Desk, said: Said, nouns: Sequence[Noun]) -> cards.Say:
    """What is new, changed and gone since the last one kept by that day, or since the one of that number."""
    plain = objects.text_of(said, 0)
    span = history.span(at, plain) if plain else None
    if span is not None and span[1] - span[0] <= timedelta(days=1, hours=1):
        kept = await backups.last_before(span[1])
        if kept is None:
            raise desk.Declined(f"{at.day(span[0])}までの控えはありません。", cards.Tap("控え 一覧", "控え 一覧"))
    elif plain:
        kept = await _numbered(said)
    else:
        kept = await backups.latest()
        if kept is None:
            raise desk.Declined("控えはまだありません。", cards.Tap("控え 作成", "控え 作成"))
    before = things.of(read_file(kept.text))
    after = things.of(read_file(await printing.whole(nouns, at.zone)))
    told = _changes(before, after)
    title = f"🗂 {_line(at, kept)}からの変更"
    taps = (cards.Tap("このファイル", f"控え 表示 {kept.id}"), cards.Tap("一覧", "控え 一覧"))
    return cards.Say("\n".join([title, *(told or ["変更はありません。"])]), taps)


def _changes(before: dict[things.Key, things.Thing], after: dict[things.Key, things.Thing]) -> list[str]:
    new = [one for key, one in after.items() if key not in before]
    gone = [one for key, one in before.items() if key not in after]
    changed = [(before[key], one) for key, one in after.items() if key in before and before[key].lines != one.lines]
    told = []
    for word, some in (("＋ 新しい", new), ("－ なくなった", gone)):
        if some:
            more = f" ほか{len(some) - MOST_THINGS}" if len(some) > MOST_THINGS else ""
            told.append(f"{word}: {'・'.join(one.shown for one in some[:MOST_THINGS])}{more}")
    for old, one in changed[:MOST_THINGS]:
        lines = comparing.difference(old.lines, one.lines)
        told.append(f"～ {one.shown}")
        told += [f"　{cards.shortened(line, LONGEST_LINE)}" for line in lines[:MOST_LINES]]
        told += [f"　… ほか{len(lines) - MOST_LINES}行"] if len(lines) > MOST_LINES else []
    if len(changed) > MOST_THINGS:
        told.append(f"～ ほか{len(changed) - MOST_THINGS}件が変わっています")
    return told

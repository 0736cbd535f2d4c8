"""配信 確認 #B12 10人: what ten of those who would get it read, each with their own name and what is noted of them."""

from admin_commands import cards, desk, objects, previews, segments
from admin_commands.broadcasts import trying
from admin_commands.grammar import normalise
from jobs import messages
from storage import broadcasts as kept
from storage import friends
from storage import segments as stored

TEN = 10
WORDS = ("10人", "10人見る", "10名", "十人")
MOST_TOLD = 120  # characters of what one of them gets


def asked(word: str) -> bool:
    """Whether ten friends are to be shown rather than the one of this name."""
    return normalise.fold(word) in map(normalise.fold, WORDS)


def tap(one: kept.Kept) -> cards.Tap:
    return cards.Tap("10人見る", f"配信 確認 #B{one.id} {WORDS[0]}")


async def show(at: desk.Desk, one: kept.Kept) -> cards.Say:
    """The first on the list of those meant now; of an A/B test what the first variant says."""
    target = one.definition["target"]
    linked = await segments.linked_again(target, at.local(at.now).date())
    sight = one.sight(at.sight)
    echo = await segments.echo(at, linked, promotion=sight)
    found = await stored.page(target, echo.found, sight, TEN) if echo.total else []
    people = [objects.discreet(at, each) for each in await friends.seen(found, at.sight)]
    check = cards.Tap("確認", f"配信 確認 #B{one.id}")
    if not people:
        raise desk.Declined(f"配信「{one.name}」#B{one.id} の対象の友だちがいません。", check)
    letter, said = trying.wordings(one.definition)[0]
    lines: list[cards.Line] = [
        f"・{each.name or '名前なし'}さん\n{messages.alt_text(got, MOST_TOLD)}"
        for each, got in zip(people, await previews.of_each(at, said, people), strict=True)
    ]
    notes = [f"対象 {echo.total:,}人のうち{len(people)}人です。まだ送っていません。"]
    if letter:
        notes.append(f"{letter}の本文で表示しています。")
    title = f"👀 配信「{one.name}」#B{one.id} の届き方"
    return cards.Say("", card=cards.panel(title, lines, notes=notes, buttons=[check]))

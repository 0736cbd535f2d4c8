"""What a link must be before it is kept: a name that texts can say, an address of the web; which need no name."""

import re
from collections.abc import Sequence

from admin_commands import desk
from jobs.messages import builders, limits, placeholders
from storage import account, errors, links

# They open LINE's own pages and apps, which they do only where they are tapped themselves
LINES_OWN = re.compile(r"https?://(?:[^/?#]*\.)?(?:line\.me|lin\.ee|line\.naver\.jp)(?:[:/?#]|$)", re.IGNORECASE)


def fit(name: str) -> None:
    """A name stands in {リンク:…} in messages. Raises Declined."""
    wrong = re.search(r"[{}｛｝|｜#＃\n]|://", name)
    if wrong:
        raise desk.Declined(
            f"リンクの名前に「{wrong[0]}」は使えません。例: リンク 作成 春クーポン https://example.com/coupon"
        )


def clean(typed: str) -> str:
    """An address of the web as it is kept and sent. Raises Refused."""
    if any(piece.kind != "words" for piece in placeholders.parse(typed)):
        raise desk.Declined(
            "クリックを数えるリンクのアドレスに { } は使えません。https:// から始まるアドレスだけを書いてください。"
        )
    return builders.web_address(typed, limits.LINK_ROOM)


def counted(typed: str) -> str | None:
    """The address that a button with this one opens when its clicks are counted; None where it must stay as typed."""
    try:
        address = clean(typed)
    except errors.Refused:  # a telephone, an address with {…} in it, or one that the check of messages refuses
        return None
    return None if LINES_OWN.match(address) else address


async def automatic(at: desk.Desk, addresses: Sequence[str]) -> dict[str, links.Kept]:
    """The links of buttons with these addresses, made where there are none yet."""
    found = await links.automatic(addresses, at.now)
    if len(found) < len(set(addresses)):
        raise desk.Declined(
            f"クリックを数えるアドレスは{links.MOST_AUTOMATIC:,}個までです。「リンク 一覧」で使っていないものを"
            "削除するか、数えないボタンの行の終わりに「計測なし」と書いてください。"
        )
    if any(one.id not in at.config.links for one in found.values()):
        await account.configuration_changed()
    return found


async def new(at: desk.Desk, name: str, address: str) -> int:
    """A link of a name that is free; its number."""
    if sum(not one.automatic for one in await links.everything()) >= links.MOST:
        raise desk.Declined(f"リンクは{links.MOST:,}個までです。使っていないものを削除してください。")
    number = await links.make(name, address, at.now)
    await account.configuration_changed()
    return number

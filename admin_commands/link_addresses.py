"""What a link must be before it is kept: a name that texts can say, an address of the web."""

import re

from admin_commands import desk
from jobs.messages import builders, limits, placeholders
from storage import account, links


def fit(name: str) -> None:
    """A name stands in {リンク:…} in messages. Raises Declined."""
    wrong = re.search(r"[{}｛｝|｜#＃\n]", name)
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


async def new(at: desk.Desk, name: str, address: str) -> int:
    """A link of a name that is free; its number."""
    if len(await links.everything()) >= links.MOST:
        raise desk.Declined(f"リンクは{links.MOST:,}個までです。使っていないものを削除してください。")
    number = await links.make(name, address, at.now)
    await account.configuration_changed()
    return number

"""The whole configuration as text: what every noun prints of itself, and the file it makes."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from admin_commands.command import Noun
from storage import backups

HEAD = """\
// 控え {at}（歩み Ayumi）
// お店の設定を文字にしたものです。取り込む時は、このファイルを管理グループに送り、
// 10分以内に「控え 取込」と送ってください。
// 入っていないもの: 友だちとその記録、スタッフとグループの権限（LINEのIDのため）、写真・動画・音声そのもの。
"""


async def whole(nouns: Sequence[Noun], zone: ZoneInfo) -> str:
    """Commands first, then blocks, in the order of the book; always the same for the same configuration."""
    found = [one for noun in nouns if noun.dumps is not None for one in await noun.dumps(zone)]
    lines = [one for one in found if not one.startswith("■")]
    blocks = [one for one in found if one.startswith("■")]
    return "\n\n".join(filter(None, ["\n".join(lines), *blocks])) + "\n"


def file(kept: backups.Kept, zone: ZoneInfo) -> bytes:
    """What is downloaded; with a byte order mark, without which phones and old editors guess the encoding wrong."""
    return (head(kept.at, zone) + "\n" + kept.text).encode("utf-8-sig")


def head(at: datetime, zone: ZoneInfo) -> str:
    return HEAD.format(at=at.astimezone(zone).strftime("%Y-%m-%d %H:%M"))


def file_name(at: datetime, zone: ZoneInfo) -> str:
    return f"ayumi-{at.astimezone(zone).strftime('%Y%m%d-%H%M')}.txt"

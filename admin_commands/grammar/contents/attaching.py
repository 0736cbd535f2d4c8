"""Pictures, films, voices and stickers: by a name of ours, by an address, or by LINE's numbers."""

import re
from dataclasses import replace
from typing import Literal

from admin_commands.grammar import actions, blocks, words
from admin_commands.grammar.contents import labels
from admin_commands.grammar.definitions import Attachment
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.words import Line, Object

PICTURE_EXAMPLES = ("＋画像 https://example.com/a.jpg",)
NAMED = ("image", "video", "audio")  # these may be given by a name of ours
WEB = re.compile("https?://", re.IGNORECASE)
Kind = Literal["image", "video", "audio", "sticker"]
# By the keys of blocks.DIRECTIVES, what is attached and what is enclosed.
ATTACHED: dict[str, Kind] = {"image": "image", "video": "video", "audio": "audio", "sticker": "sticker"}
ENCLOSED: dict[str, Literal["location", "coupon", "imagemap"]] = {
    "location": "location",
    "coupon": "coupon",
    "imagemap": "imagemap",
}


def attached(line: Line, start: int, kind: Kind) -> tuple[Attachment, list[Fault]]:
    """What stands behind ＋画像 and the like, and what is wrong with it; a film may have actions behind an arrow."""
    arrow = labels.behind_quote(line, start)[1] if kind == "video" else None
    ahead = words.line_of(line.lookup.carve(0, arrow[0]), line.number) if arrow else line
    fault = media_fault(ahead, start, kind)
    found = attachment(ahead, start, kind)
    faults = [replace(fault, text=line.raw, corrected=None if arrow else fault.corrected)] if fault else []
    if arrow is None:
        return found, faults
    follows, wrong = actions.read(line, arrow[1])
    return replace(found, actions=follows), [*faults, *wrong]


def attachment(line: Line, start: int, kind: Kind) -> Attachment:
    """What stands behind ＋画像: the address or number as typed, or the name of one of ours."""
    media = media_named(line, start) if kind in NAMED else None
    value = "" if media else line.lookup.carve_from(start).strip()
    return Attachment(kind, value, line.number, media)


def media_named(line: Line, start: int, end: int | None = None) -> Object | None:
    """A name or number alone; an address is none."""
    found = words.tokens(line, start, end)
    if len(found) != 1 or isinstance(found[0].object, words.Person) or WEB.match(line.text, found[0].start):
        return None
    return found[0].object


def media_fault(line: Line, start: int, kind: Kind) -> Fault | None:
    """What is wrong with a picture that is neither an address nor a name, or not given at all."""
    rest = line.text[start:].strip()
    if kind == "sticker":
        if re.fullmatch(r"\d{1,20} ?/ ?\d{1,20}", rest):
            return None
        return Fault(line.number, line.raw, "のスタンプの番号が読めません", ("＋スタンプ 446/1988",))
    if not rest:
        return Fault(
            line.number,
            line.raw,
            "に、登録した名前か https:// から始まるアドレスがありません",
            (f"＋{blocks.DIRECTIVES[kind][0]} 外観", *PICTURE_EXAMPLES),
        )
    if WEB.match(rest) or media_named(line, start) is not None:
        return None
    typed = line.lookup.carve_from(start).strip()
    corrected = line.raw.replace(typed, words.quote(typed), 1)
    return Fault(line.number, line.raw, "の名前が読めません。空白などのある名前は「」で囲んでください", (), corrected)

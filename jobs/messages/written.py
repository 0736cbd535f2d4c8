"""What staff have written behind a ＋: the button, picture, film, sound, sticker or place that it becomes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.messages import builders, hosting, parts, rendering
from storage import errors

# 35.4233,136.7607, as such or within the address of a map
_COORDINATES = re.compile(
    r"(?<![\d.])(?P<north>-?\d{1,3}(?:\.\d{1,9})?) ?[,、，] ?(?P<east>-?\d{1,3}(?:\.\d{1,9})?)(?!\d)"
)
_UNFILLED_LINK = re.compile(r"(\{#L\d{1,9}\.)b(\d{1,9})(?=\|)")
_DURATION = re.compile(r"(?:(\d{1,3})分)?(?:(\d{1,4})秒)?\Z")


def picture(given: parts.Attachment | None) -> str:
    """The address of a card's picture, if it has one, as small as a card takes it."""
    if given is None:
        return ""
    address: str = attached(given)["originalContentUrl"]
    return hosting.for_card(address)


def action(button: parts.Button) -> builders.Action:
    target = button.target
    if isinstance(target, parts.Link):
        return builders.link(button.label, target.address)
    if isinstance(target, parts.Say):
        return builders.say(button.label, target.text)
    if isinstance(target, parts.Pick):
        return builders.pick(button.label, f"b=?{target.number}", target.mode, target.least, target.most, target.first)
    return builders.postback(button.label, f"b=?{target.number}")


def attached(attachment: parts.Attachment) -> builders.Message:
    given = attachment.value.split()
    if attachment.kind == "image":
        if len(given) not in (1, 2):
            raise errors.Refused("画像は「＋画像 https://…」と書いてください")
        return builders.image(*given)
    if attachment.kind == "video":
        if len(given) != 2:
            raise errors.Refused("動画は「＋動画 https://動画 https://見出し画像」と書いてください")
        watched = f"b=?{attachment.watched.number}" if attachment.watched is not None else None
        return builders.video(given[0], given[1], watched)
    if attachment.kind == "audio":
        return _audio(given)
    if attachment.kind == "location":
        return _location(attachment.value)
    if attachment.kind == "coupon":
        return builders.coupon(attachment.value)
    numbers = re.fullmatch(r"(\d{1,20})\s*/\s*(\d{1,20})", attachment.value.strip())
    if numbers is None:
        raise errors.Refused("スタンプは「＋スタンプ 446/1988」のように番号で書いてください")
    return builders.sticker(numbers[1], numbers[2])


def _location(value: str) -> builders.Message:
    """`名称|住所|緯度,経度`; LINE takes no place without the last."""
    given = [one.strip() for one in re.split(r"[|｜]", value)]
    place = _COORDINATES.search(given[-1]) if len(given) == 3 else None
    if place is None:
        raise errors.Refused(
            "位置は「＋位置 名称|住所|緯度,経度」と書いてください。緯度と経度は、Googleマップで場所を長押しすると出る"
            "数字です（例: ＋位置 本店|岐阜市神田町1-2|35.4233,136.7607）"
        )
    return builders.location(given[0], given[1], float(place["north"]), float(place["east"]))


def _audio(given: Sequence[str]) -> builders.Message:
    found = _DURATION.match(given[1]) if len(given) == 2 else None
    if found is None:
        raise errors.Refused("音声は「＋音声 https://… 30秒」のように長さも書いてください")
    return builders.audio(given[0], (int(found[1] or 0) * 60 + int(found[2] or 0)) * 1000)


def fill_buttons(messages: list[builders.Message], ids: Mapping[int, int]) -> list[builders.Message]:
    """New messages in which each `Run(number)` button names its row: `b=<id>`, and a link what it does: `{#L3.<id>|…}`.

    Refused for a number that has no id: somebody has written such data into Flex.
    """

    def filled(tree: Any, key: str = "") -> Any:
        if isinstance(tree, list):
            return [filled(each) for each in tree]
        if isinstance(tree, dict):
            return {name: filled(each, name) for name, each in tree.items()}
        names_row = key in ("data", "trackingId") and isinstance(tree, str)
        found = rendering.UNFILLED.match(tree) if names_row else None
        opens = _UNFILLED_LINK.match(tree) if key == "uri" and isinstance(tree, str) else None
        if opens is not None and int(opens[2]) in ids:
            return f"{opens[1]}{ids[int(opens[2])]}{tree[opens.end() :]}"
        if found is None:
            return tree
        if int(found[1]) not in ids:
            raise errors.Refused(f"ボタンのdataに「{tree}」は使えません。別の値にしてください")
        return f"b={ids[int(found[1])]}"

    result: list[builders.Message] = filled(messages)
    return result

"""Checking the messages of one send against LINE's documented limits: every fault at once."""

import re
from collections.abc import Mapping
from typing import Any

from jobs.messages import action_limits, counting, flex_limits, limits, placeholders, template_limits

MOST_MESSAGES = 5
TEXT_ROOM = 5000

_TRACKING = re.compile(r"[a-zA-Z0-9\-.=,+*()%$&;:@{}!?<>\[\]]{1,100}\Z")
_NUMBER = re.compile(r"[0-9]{1,20}\Z")
_RESERVED = re.compile("line|ＬＩＮＥ", re.IGNORECASE)  # LINE refuses its own name


def check(messages: object, known: Mapping[str, str] = placeholders.KNOWN) -> list[limits.Fault]:
    """Every fault of the messages of one send, in order; none means that LINE's documented limits are kept.

    A variable counts as long as its default: a friend's longer value is cut when the message is rendered.
    """
    return survey(messages, known).faults


def survey(messages: object, known: Mapping[str, str]) -> limits.Survey:
    """The faults of messages, together with the limit that stands at each string's path."""
    found = limits.Survey(known)
    if not isinstance(messages, list):
        found.fault("messages", "メッセージの形が正しくありません")
        return found
    if not 1 <= len(messages) <= MOST_MESSAGES:
        limit = MOST_MESSAGES if messages else 1
        found.fault(
            "messages",
            f"一度に送れるメッセージは1〜{MOST_MESSAGES}つです（今 {len(messages)}つ）",
            limit,
            len(messages),
        )
    for index, message in enumerate(messages):
        path = f"messages[{index}]"
        if not isinstance(message, dict):
            found.fault(path, "メッセージの形が正しくありません")
        elif found.sendable(message, path):
            _message(found, message, path)
            if message.get("quickReply") is not None and index < len(messages) - 1:
                found.fault(f"{path}.quickReply", "クイック返信は最後のメッセージにだけ付けられます")
    return found


def _message(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    if not survey.choice(message, "type", path, "メッセージの種類", _KINDS, required=True):
        return
    _KINDS[message["type"]](survey, message, path)
    if message.get("quickReply") is not None:
        _quick_reply(survey, message, path)
    if message.get("sender") is not None:
        _sender(survey, message, path)


def _text(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.words(message, "text", path, "本文", TEXT_ROOM)
    if message.get("emojis") is not None and isinstance(message.get("text"), str):
        _emojis(survey, message, path)


def _emojis(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    starts = _dollar_starts(message["text"], survey.known)
    seen: set[int] = set()
    for emoji, where in survey.items(message, "emojis", path, "絵文字", 0, 20):
        index = emoji.get("index")
        if isinstance(index, bool) or not isinstance(index, int) or index not in starts or index in seen:
            survey.fault(f"{where}.index", "絵文字の位置（index）に、本文の $ がありません")
        else:
            seen.add(index)
        survey.code(emoji, "productId", where, "絵文字のproductId", 100)
        survey.code(emoji, "emojiId", where, "絵文字のemojiId", 100)


def _dollar_starts(text: str, known: Mapping[str, str]) -> set[int]:
    """Where `$` stands as plain text, in UTF-16 units."""
    starts, at = set(), 0
    for piece in placeholders.parse(text, known):
        for stretch in re.split(r"(\$)", piece.raw):
            if stretch == "$" and piece.kind == "words":
                starts.add(at)
            at += counting.utf16_len(stretch)
    return starts


def _sticker(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    for key in ("packageId", "stickerId"):
        value = message.get(key)
        if not isinstance(value, str) or not _NUMBER.match(value):
            survey.fault(f"{path}.{key}", "スタンプは 446/1988 のように番号で書いてください")


def _image(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.address(message, "originalContentUrl", path, "画像")
    survey.address(message, "previewImageUrl", path, "見出し画像")


def _video(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.address(message, "originalContentUrl", path, "動画")
    survey.address(message, "previewImageUrl", path, "動画の見出し画像")
    tracking = message.get("trackingId")
    if tracking is not None and not (isinstance(tracking, str) and _TRACKING.match(tracking)):
        survey.fault(f"{path}.trackingId", "trackingId は英数字と一部の記号で100字までです", 100)


def _audio(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.address(message, "originalContentUrl", path, "音声")
    survey.number(message, "duration", path, "音声の長さ（ミリ秒）", 1, 86_400_000, whole=True)


def _location(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.words(message, "title", path, "場所の名前", 100)
    survey.words(message, "address", path, "住所", 100)
    survey.number(message, "latitude", path, "緯度", -90, 90, whole=False)
    survey.number(message, "longitude", path, "経度", -180, 180, whole=False)


def _coupon(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.code(message, "couponId", path, "クーポンのID", 100)


def _imagemap(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    survey.address(message, "baseUrl", path, "画像")
    survey.words(message, "altText", path, "通知に出る文", 1500)
    size = survey.inner(message, "baseSize", path, "画像の大きさ")
    if size is not None:
        survey.number(size, "width", f"{path}.baseSize", "画像の幅", 1040, 1040, whole=True)
        survey.number(size, "height", f"{path}.baseSize", "画像の高さ", 1, 100_000, whole=True)
    for action, where in survey.items(message, "actions", path, "押せる所", 0, 50):
        if survey.choice(action, "type", where, "押した時の動き", ("uri", "message"), required=True):
            if action["type"] == "uri":
                survey.link(action, "linkUri", where, "リンク先")
            else:
                survey.words(action, "text", where, "押したときに送る文", 400)
        survey.words(action, "label", where, "押せる所の言葉", 100, required=False)
        if survey.inner(action, "area", where, "押せる所の位置") is not None:
            for key in ("x", "y", "width", "height"):
                survey.number(action["area"], key, f"{where}.area", "押せる所の位置", 0, 100_000, whole=True)


def _quick_reply(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    quick_reply = survey.inner(message, "quickReply", path, "クイック返信")
    if quick_reply is None:
        return
    for item, where in survey.items(quick_reply, "items", f"{path}.quickReply", "クイック返信のボタン", 1, 13):
        survey.choice(item, "type", where, "クイック返信の種類", ("action",), required=True)
        survey.address(item, "imageUrl", where, "アイコン", required=False)
        action_limits.check(survey, item, "action", where, action_limits.QUICK_REPLY)


def _sender(survey: limits.Survey, message: dict[str, Any], path: str) -> None:
    sender = survey.inner(message, "sender", path, "送信者")
    if sender is None:
        return
    if sender.get("name") is not None:
        survey.code(sender, "name", f"{path}.sender", "送信者の名前", 20)
        if _RESERVED.search(str(sender["name"])):
            survey.fault(f"{path}.sender.name", "送信者の名前に「LINE」は使えません")
    survey.address(sender, "iconUrl", f"{path}.sender", "送信者のアイコン", required=False)


_KINDS = {
    "text": _text,
    "sticker": _sticker,
    "image": _image,
    "video": _video,
    "audio": _audio,
    "location": _location,
    "imagemap": _imagemap,
    "coupon": _coupon,
    "template": template_limits.check,
    "flex": flex_limits.check,
}

"""What failed, in the words that staff read: which heap it is, why, and how much of it there is."""

from collections.abc import Sequence

from jobs import parked as verbs
from storage import parked

WORDS: dict[parked.Kind, str] = {
    "event": "受信",
    "scenario": "シナリオ",
    "delayed": "予定",
    "operation": "一括",
    "click": "クリック",
    "refused": "不達",
    "unknown": "不明",
    "held": "保留",
}
SENDS: tuple[parked.Kind, ...] = ("refused", "unknown", "held")
SHOWN = 8  # heaps on a card
# What an event was, by its class in jobs.heard.
EVENTS = {
    "Followed": "友だち追加",
    "Unfollowed": "ブロック",
    "Said": "メッセージ",
    "SentMedia": "写真などの送信",
    "SentSticker": "スタンプ",
    "Pressed": "ボタンの操作",
    "Joined": "グループへの招待",
    "Left": "グループからの退出",
    "MembersJoined": "メンバーの参加",
    "MembersLeft": "メンバーの退出",
}
# Why something did not arrive, by the word of storage.outbox.failed.
REASONS = {
    "restored": "控えから戻したか長く止まっていたため、届いたかどうか分かりません",
    "moved": "時計を動かしたため、届いたかどうか分かりません",
    "doubt": "通信の障害などで、LINEが受け取ったかどうか確かめられませんでした",
    "size": "メッセージ全体が大きすぎて、LINEが受け付けませんでした",
    "person": "この相手には送れないと、LINEが断りました（退会した方などです）",
    "address": "画像・動画・リンクのアドレスを、LINEが受け付けませんでした",
    "length": "文字数や個数が上限を超えていて、LINEが受け付けませんでした",
    "content": "メッセージの内容を、LINEが受け付けませんでした",
    "body": "メッセージの内容をLINEが受け付けないため、この送信を止めています",
}
ENDS = {"refused": "届いていません", "unknown": "届いたか不明", "held": "止めています"}


def told(one: parked.Heap) -> str:
    if one.kind in SENDS:
        return f"{_sent_by(one)} {one.friends:,}人（{ENDS[one.kind]}）"
    if one.kind == "scenario":
        return f"シナリオ「{one.name}」の続き {one.friends:,}人"
    if one.kind == "delayed":
        return f"{f'シナリオ「{one.name}」の' if one.name else ''}予定の動作 {one.friends:,}件"
    if one.kind == "click":
        return f"リンク「{one.name}」のクリック {one.friends:,}件"
    if one.kind == "operation":
        return f"{_deed(one.name or str(one.id))}の{one.friends:,}人"
    what = EVENTS.get(one.what or "", "操作")
    if one.in_group:
        return f"グループ「{one.name or '名前なし'}」の{what}"
    return f"{one.name or 'まだ名前の分からない方'}{'さん' if one.name else ''}の{what}"


def reason(one: parked.Heap) -> str:
    """Why what was sent did not arrive; `what` of such a heap is the kind of its cause and the reason."""
    return REASONS[(one.what or "").partition(":")[2]]


def _deed(name: str) -> str:
    """一括操作「…」 by what staff did, or the broadcast it carries out."""
    return name if name.startswith("配信「") and name.endswith("」") else f"一括操作「{name}」"


def _sent_by(one: parked.Heap) -> str:
    match (one.what or "").partition(":")[0]:
        case "scenario":
            return f"シナリオ「{one.name or '削除済み'}」の送信"
        case "form":
            return f"フォーム「{one.name or '削除済み'}」への回答で送るもの"
        case "operation":
            return f"{_deed(one.name or 'その他')}の送信"
    return "自動返信などの送信"


def key(one: parked.Heap) -> str:
    return f"{WORDS[one.kind]}{one.id}"


def together(heaps: Sequence[parked.Heap]) -> str:
    return told(heaps[0]) if len(heaps) == 1 else f"{told(heaps[0])} ほか{len(heaps) - 1}件"


def lines(heaps: Sequence[parked.Heap]) -> list[str]:
    more = [f"… ほか{len(heaps) - SHOWN}件"] if len(heaps) > SHOWN else []
    return [f"・{told(one)}" for one in heaps[:SHOWN]] + more


def doubted(heaps: Sequence[parked.Heap]) -> str:
    """How many of them may have been done before a restore: 3人の次の1通は; nothing when there are none."""
    steps = sum(one.doubted for one in heaps if one.kind == "scenario")
    late = sum(one.doubted for one in heaps if one.kind == "delayed")
    opened = sum(one.doubted for one in heaps if one.kind == "click")
    people = sum(one.doubted for one in heaps if one.kind == "operation")
    found = [
        f"{steps:,}人の次の1通" if steps else "",
        f"予定の動作{late:,}件" if late else "",
        f"クリック{opened:,}件" if opened else "",
        f"一括操作や配信の{people:,}人" if people else "",
    ]
    return f"{'と'.join(filter(None, found))}は" if any(found) else ""


def in_parts(heaps: Sequence[parked.Heap]) -> list[str]:
    parted: tuple[parked.Kind, ...] = ("scenario", "delayed", "refused")
    most = max(sum(one.friends for one in heaps if one.kind == kind) for kind in parted)
    if most <= verbs.MOST_AT_ONCE:
        return []
    return [f"一度に{verbs.MOST_AT_ONCE:,}人までです。残りは、もう一度送ってください。"]

"""The kinds of block and the keys of their head lines, in every spelling."""

from functools import cache

from admin_commands.grammar import normalise

# The kinds of block with their head keys; the first spelling is canonical.
BLOCK_KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "scenario": {
        "start": ("開始", "start", "きっかけ"),
        "target": ("対象", "target"),
        "end": ("終了", "end"),
        "window": ("配信可能", "window", "配信時間", "配信可能時間"),
        "added": ("追加日", "added", "友だち追加日"),
        "period": ("期間", "period", "有効期間"),
        "cap": ("上限", "cap", "人数上限", "上限人数"),
        "over": ("超過時", "over", "上限後", "満員時"),
        "exclusive": ("同時", "exclusive", "排他"),
        "restart": ("再開始", "restart"),
        "version": ("版", "version"),
        "state": ("状態", "state"),
    },
    "greeting": {"version": ("版", "version"), "state": ("状態", "state")},
    "template": {
        "once": ("回答", "answers", "回答回数"),
        "again": ("2回目", "again", "回答済み", "回答済"),
        "full": ("満員", "full", "満員の時", "満員時"),
        "version": ("版", "version"),
    },
    "broadcast": {
        "target": ("対象", "target"),
        "at": ("日時", "at", "送信日時", "予約日時"),
        "judged": ("対象の判定", "judged", "判定"),
        "test": ("テスト", "test", "先に送る", "テスト対象"),
        "metric": ("指標", "metric", "くらべる", "比べる"),
        "wins": ("勝者", "winner", "勝ち"),
        "held": ("送らない", "holdout", "送らない人"),
        "besides": ("除く", "except", "除外"),
        "sender": ("送信者", "sender", "差出人"),
        "quiet": ("通知", "notification"),
        "uncapped": ("上限", "cap", "配信上限"),
        "version": ("版", "version"),
    },
    "action": {"version": ("版", "version")},
    "form": {
        "title": ("題名", "title", "タイトル"),
        "description": ("説明", "description"),
        "colour": ("色", "color", "colour"),
        "picture": ("画像", "picture", "ヘッダー画像", "見出し画像"),
        "turns": ("回答", "turns", "回答回数"),
        "period": ("期間", "period", "受付期間"),
        "until": ("締切", "until", "〆切", "締め切り", "締切り"),
        "places": ("定員", "places", "先着"),
        "target": ("対象", "target"),
        "confirm": ("確認", "confirm", "確認画面"),
        "restore": ("前回の回答", "restore"),
        "overwrite": ("項目の上書き", "overwrite", "上書き"),
        "thanks": ("お礼", "thanks", "サンクス"),
        "thanks_picture": ("お礼画像", "thanks_picture"),
        "thanks_link": ("お礼リンク", "thanks_link"),
        "thanks_then": ("お礼後", "thanks_then"),
        "closed": ("受付終了", "closed"),
        "full": ("満員", "full"),
        "outside": ("対象外", "outside"),
        "version": ("版", "version"),
        "state": ("状態", "state"),
    },
    "autoreply": {
        "words": ("語", "words", "キーワード"),
        "match": ("一致", "match"),
        "kinds": ("種類", "kinds"),
        "hours": ("時間", "hours", "時間帯"),
        "weekdays": ("曜日", "weekdays"),
        "valid": ("期間", "valid"),
        "target": ("対象", "target"),
        "priority": ("優先", "priority"),
        "turns": ("回数", "turns"),
        "goes_on": ("続けて", "goes_on"),
        "version": ("版", "version"),
        "state": ("状態", "state"),
    },
}
# Head keys of the kinds still to come; canonical word, then other spellings.
OUTLINE_KEYS: dict[str, tuple[str, ...]] = {
    "menu": ("サイズ", "並び", "画像", "配色", "バー", "切替", "切替タブ", "期間", *"ABCDEFGHIJKLMNOPQRST"),
    "booking": (
        *("営業", "定休", "休業", "枠", "同時", "担当", "受付", "変更", "キャンセル", "確定", "空き待ち", "質問"),
    ),
    "event": ("会場", "申込締切", "キャンセル", "空き待ち", "質問"),
    "reminder": ("基準",),
    "schedule": ("日時", "対象"),
    "score": ("しきい値",),
    "route": ("追加時",),
}
BLOCK_KINDS = (*BLOCK_KEYS, *OUTLINE_KEYS)


@cache
def folded(kind: str | None) -> frozenset[str]:
    """All spellings of the head keys of one kind of block, or of any, folded."""
    if kind is None:
        return frozenset().union(*map(folded, BLOCK_KINDS))
    if kind in OUTLINE_KEYS:
        return frozenset(map(normalise.fold, (*OUTLINE_KEYS[kind], "版")))
    return frozenset(normalise.fold(word) for spelled in BLOCK_KEYS[kind].values() for word in spelled)

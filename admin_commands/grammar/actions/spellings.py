"""The words of all acts, and those that have a meaning of their own behind an act."""

import re

from admin_commands.grammar import normalise, numbers

# Canonical word -> all its spellings.
SPELLINGS = {
    "送る": "送る 送信 送信する send おくる",
    "タグ付ける": "タグ付ける タグつける タグ付与 タグ追加 +tag",
    "タグ外す": "タグ外す タグはずす タグ削除 タグ解除 -tag",
    "項目": "項目 友だち情報 field",
    "項目消す": "項目消す 項目けす 項目削除 clear",
    "シナリオ開始": "シナリオ開始 シナリオ始める start",
    "シナリオ停止": "シナリオ停止 シナリオ止める stop",
    "シナリオ再開": "シナリオ再開 resume",
    "シナリオ切替": "シナリオ切替 シナリオ切り替え シナリオ切替え switch",
    "メニュー": "メニュー リッチメニュー menu",
    "リマインド": "リマインド リマインダ remind",
    "リマインド解除": "リマインド解除 リマインド外す unremind",
    "マーク": "マーク 対応マーク mark",
    "非表示": "非表示 非表示にする hide",
    "表示": "表示 再表示 unhide",
    "担当": "担当 assign",
    "通知": "通知 notify",
    "予約キャンセル": "予約キャンセル 予約取消",
    "予約案内": "予約案内",
    "イベント申込": "イベント申込 イベント申し込み",
    "イベント取消": "イベント取消 イベントキャンセル",
    "空き待ち": "空き待ち waitlist",
    "スコア": "スコア 点数 score",
    "計測": "計測 コンバージョン cv conversion",
    "アクション": "アクション action",
}
ACTS = {normalise.fold(word): act for act, spelled in SPELLINGS.items() for word in spelled.split()}
MOST_WORDS = 3  # an act is written in at most three words (タグ を 付ける)

ALL = ("全部", "すべて", "全て", "all")
OFF = ("解除", "なし", "外す", "off", "none")
ONCE = ("一度だけ", "1度だけ", "一回だけ", "1回だけ", "once")
SPREAD = re.compile(rf"({numbers.NUMBER}) ?(?:分)? ?~ ?({numbers.NUMBER}) ?分後")
AFTER_ENGLISH = re.compile(r"(?:after|in) (\d{1,9}) ?(m|min|h|d)\w*")
TIMED = re.compile(rf"(?:今すぐ|すぐ|(?:{numbers.NUMBER}|半) ?(?:分|時間|日|週間)半? ?後|次の)")
ASSIGNED = {
    **dict.fromkeys(("自動", "auto"), "auto"),
    **dict.fromkeys(("なし", "外す", "nobody", "none"), "nobody"),
}
AUDIENCES = {
    **dict.fromkeys(("担当", "assigned"), "assigned"),
    **dict.fromkeys(("当番", "duty"), "on_duty"),
    **dict.fromkeys(("全員", "everyone", "all"), "everybody"),
    **dict.fromkeys(("ぐるーぷ", "group"), "group"),
}
TEMPLATE_KEYS = ("てんぷれ", "てんぷれーと", "template")
ACTION_KEYS = ("あくしょん", "action")

# Names that must stand in quotes behind any act, lest they be read as a time or a word of the language.
RESERVED = {
    normalise.fold(word) for word in (*ALL, *OFF, *ONCE, *ASSIGNED, "を", "の", "もし", "なら", "after", "in")
} | set(AUDIENCES)

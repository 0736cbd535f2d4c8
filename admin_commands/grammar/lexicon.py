"""Every noun and verb of the command language with its spellings, in one visible list."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from admin_commands.grammar import normalise


@dataclass(frozen=True, slots=True)
class Verb:
    """`words[0]` is canonical; `readings` are its kana; `slips` are wrong conversions, only ever suggested.

    `changes` says whether the verb creates, sets or changes anything (risk L1 and up).
    """

    key: str
    words: tuple[str, ...]
    readings: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Noun:
    """`verbs` are the common verbs that apply, `own` the closed list of its own, `default` what noun + object
    without a verb means. `letter` begins its ids (#S3)."""

    key: str
    words: tuple[str, ...]
    letter: str | None = None
    readings: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    own: tuple[Verb, ...] = ()
    default: str | None = None


def _verb(key: str, words: str, readings: str = "", slips: str = "", changes: bool = True) -> Verb:
    return Verb(key, _split(words), _split(readings), _split(slips), changes)


def _noun(
    key: str,
    words: str,
    letter: str | None = None,
    *,
    readings: str = "",
    slips: str = "",
    verbs: str = "",
    own: tuple[Verb, ...] = (),
    default: str | None = None,
) -> Noun:
    return Noun(key, _split(words), letter, _split(readings), _split(slips), _split(verbs), own, default)


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


VERBS: tuple[Verb, ...] = (
    _verb("list", "一覧 list ls 一らん", "いちらん", changes=False),
    _verb("show", "表示 show 見る 表示する 詳細", "ひょうじ みる", "標示 評示", changes=False),
    _verb("find", "検索 find search 探す", "けんさく さがす", "献策", changes=False),
    _verb("check", "確認 check preview プレビュー", "かくにん", "確任", changes=False),
    _verb("result", "結果 result 集計", "けっか しゅうけい", "決果", changes=False),
    _verb("dump", "書出 dump 書き出し 書出し 書き出す", "かきだし", changes=False),
    _verb("test", "試す test テスト", "ためす"),
    _verb("new", "作成 new 追加 作る 新規 add create", "さくせい ついか つくる", "作製 造る"),
    _verb("apply", "定義 apply", "ていぎ", "提議 定儀"),
    _verb("set", "変更 set 編集 change edit", "へんこう へんしゅう", "偏光 編修"),
    _verb("rename", "改名 rename 名前変更", "かいめい なまえへんこう", "解明"),
    _verb("copy", "複製 copy コピー", "ふくせい", "復製 復成"),
    _verb("attach", "付ける attach つける 付け", "", "着ける 点ける 就ける"),
    _verb("detach", "外す detach はずす 外し", ""),
    _verb("publish", "公開 publish on オン", "こうかい", "後悔 航海 公海 更改"),
    _verb("stop", "停止 stop off オフ 止める", "ていし とめる", "提示 呈示 定時"),
    _verb("resume", "再開 resume", "さいかい", "再会 再回 際会"),
    _verb("run", "実行 run 実施", "じっこう じっし", "実効 執行"),
    _verb("send", "送信 send 送る", "そうしん おくる", "送身 贈る"),
    _verb("import", "取込 import 取り込み 取込み 取り込む", "とりこみ"),
    _verb("export", "出力 export", "しゅつりょく", "出量"),
    _verb("delete", "削除 delete 消す remove 取り消す", "さくじょ けす", "削徐 索除"),
    _verb("revert", "元に戻す revert 戻す", "もとにもどす もどす", "基に戻す 元に戻る"),
    _verb("versions", "版 versions 変更履歴", "はん へんこうりれき", "判 班", changes=False),
    _verb("uses", "使用先 uses 参照", "しようさき さんしょう", "仕様先", changes=False),
    _verb("merge", "統合 merge まとめる", "とうごう", "投合 等号"),
    _verb("approve", "承認 approve", "しょうにん", "証人 商人 昇任"),
    _verb("reject", "却下 reject 断る", "きゃっか", "脚下"),
)

# 開始 is deliberately no verb: it could mean 公開 or 付ける, and is asked about.
TWO_MEANINGS = ("開始", "始める", "かいし", "start")

_LOOK = "list show find check result"
_MAKE = "new apply set rename copy delete revert versions uses dump"
_LIVE = "test publish stop resume"

NOUNS: tuple[Noun, ...] = (
    _noun(
        "friend",
        "友だち friend friends 友達 顧客 お客様 ともだち",
        "F",
        readings="こきゃく おきゃくさま",
        slips="友立ち 供達",
        verbs=_LOOK + " set delete merge import export",
        own=(
            _verb("hide", "非表示 hide", "ひひょうじ"),
            _verb("block", "ブロック block"),
            _verb("unblock", "ブロック解除 unblock", "ぶろっくかいじょ"),
            _verb("opt_out", "配信停止 opt_out", "はいしんていし"),
            _verb("test_friend", "テスト"),
            _verb("reveal", "全表示 reveal", "ぜんひょうじ", changes=False),
        ),
        default="show",
    ),
    _noun("tag", "タグ tag tags", "T", verbs=_LOOK + " " + _MAKE + " attach detach merge export"),
    _noun(
        "field",
        "項目 field fields 友だち情報",
        "K",
        readings="こうもく ともだちじょうほう",
        verbs=_LOOK + " " + _MAKE,
        own=(_verb("note", "記入 note 入力", "きにゅう"),),
        default="note",
    ),
    _noun(
        "shared_value",
        "共通情報 shared 共通の情報",
        "V",
        readings="きょうつうじょうほう",
        verbs="list show new set rename delete revert uses",
        own=(_verb("cancel", "予定取消 予定取り消し", "よていとりけし"),),
    ),
    _noun("template", "テンプレ template テンプレート", "M", verbs=_LOOK + " " + _MAKE + " test send"),
    _noun(
        "media",
        "メディア media 画像 写真",
        "I",
        readings="がぞう しゃしん",
        verbs=_LOOK + " new rename delete revert uses",
    ),
    _noun(
        "greeting",
        "あいさつ greeting 挨拶 友だち追加時",
        readings="ともだちついかじ",
        verbs="show check dump test new apply set publish stop resume versions revert",
    ),
    _noun(
        "scenario",
        "シナリオ scenario scenarios ステップ",
        "S",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " attach detach",
        own=(_verb("skip", "スキップ skip 飛ばす", "とばす"),),
    ),
    _noun(
        "broadcast",
        "配信 broadcast bc 一斉配信",
        "B",
        readings="はいしん いっせいはいしん",
        slips="背信 拝診 配診 拝信",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " send approve reject",
        own=(
            _verb("reserve", "予約 reserve schedule", "よやく"),
            _verb("apologise", "おわび apologise お詫び", "おわび"),
            _verb("split", "分割 split", "ぶんかつ"),
            _verb("winner", "勝者 winner", "しょうしゃ"),
            _verb("errors", "エラー errors", changes=False),
            _verb("retry", "再送 retry", "さいそう"),
        ),
    ),
    _noun(
        "segment",
        "セグメント segment 条件 絞り込み 絞込み",
        "G",
        readings="じょうけん しぼりこみ",
        verbs=_LOOK + " " + _MAKE,
        own=(
            _verb("trend", "推移 trend", "すいい", changes=False),
            _verb("extend", "足す extend", "たす", changes=False),
        ),
    ),
    _noun(
        "autoreply",
        "自動応答 autoreply 応答 キーワード応答",
        "A",
        readings="じどうおうとう おうとう",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE,
        own=(_verb("unmatched", "漏れ unmatched", "もれ", changes=False),),
    ),
    _noun(
        "menu",
        "メニュー menu リッチメニュー",
        "R",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " attach detach",
    ),
    _noun(
        "form",
        "フォーム form アンケート",
        "Q",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " export send",
        own=(_verb("answers", "回答 answers", "かいとう", changes=False),),
    ),
    _noun(
        "reminder",
        "リマインド reminder リマインダ リマインダー",
        "N",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " attach detach",
    ),
    _noun(
        "booking",
        "予約 booking",
        "Y",
        readings="よやく",
        slips="与薬 予訳",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " approve reject export",
        own=(
            _verb("availability", "空き availability", "あき", changes=False),
            _verb("book", "入れる book", "いれる"),
            _verb("cancel", "キャンセル cancel"),
            _verb("arrived", "来店 arrived", "らいてん"),
            _verb("no_show", "無断 no-show", "むだん"),
            _verb("close_day", "休み", "やすみ"),
            _verb("slot", "枠 slot", "わく"),
            _verb("waitlist", "空き待ち waitlist", "あきまち", changes=False),
        ),
        default="show",
    ),
    _noun(
        "event",
        "イベント event セミナー",
        "E",
        verbs=_LOOK + " " + _MAKE + " " + _LIVE + " approve reject export",
        own=(
            _verb("roster", "名簿 roster", "めいぼ", changes=False),
            _verb("check_in", "受付 check-in", "うけつけ"),
            _verb("call_off", "中止", "ちゅうし"),
        ),
    ),
    _noun(
        "score",
        "スコア score 点数",
        "P",
        readings="てんすう",
        verbs=_LOOK + " " + _MAKE + " publish stop resume",
        own=(
            _verb("top", "上位 top", "じょうい", changes=False),
            _verb("histogram", "分布", "ぶんぷ", changes=False),
            _verb("simulate", "試算 simulate", "しさん", changes=False),
        ),
        default="show",
    ),
    _noun(
        "route",
        "流入 route 流入経路",
        "U",
        readings="りゅうにゅう りゅうにゅうけいろ",
        slips="流入路",
        verbs=_LOOK + " " + _MAKE + " publish stop resume",
        own=(_verb("qr", "QR", changes=False),),
    ),
    _noun("link", "リンク link url 短縮", "L", readings="たんしゅく", verbs=_LOOK + " " + _MAKE),
    _noun(
        "conversion",
        "計測 conversion cv コンバージョン",
        "C",
        readings="けいそく",
        verbs=_LOOK + " " + _MAKE,
        own=(_verb("record", "記録 record", "きろく"),),
    ),
    _noun("action", "アクション action", "X", verbs=_LOOK + " " + _MAKE + " run test"),
    _noun(
        "schedule",
        "予定 schedule スケジュール 定期",
        "D",
        readings="よてい ていき",
        verbs=_LOOK + " " + _MAKE + " publish stop resume run",
        own=(_verb("skip", "スキップ skip"),),
    ),
    _noun(
        "notify",
        "通知 notify",
        readings="つうち",
        slips="通地",
        verbs="list show set publish stop resume test",
        own=(
            _verb("mode", "方式", "ほうしき"),
            _verb("bundle", "まとめ"),
            _verb("quiet", "静音", "せいおん"),
            _verb("urgent", "緊急語", "きんきゅうご"),
        ),
    ),
    _noun(
        "mark",
        "マーク mark 対応マーク",
        "H",
        readings="たいおうまーく",
        verbs="list show new set rename delete attach detach",
        own=(_verb("auto", "自動 auto", "じどう"),),
        default="set",
    ),
    _noun(
        "assign",
        "担当 assign",
        readings="たんとう",
        verbs="list show set attach detach",
        own=(_verb("auto", "自動 auto", "じどう"), _verb("hand_over", "引き継ぎ 引継ぎ 引継", "ひきつぎ")),
        default="set",
    ),
    _noun(
        "inbox",
        "未対応 inbox 未読 受信箱",
        readings="みたいおう みどく じゅしんばこ",
        verbs="list show",
        default="list",
    ),
    _noun(
        "talk",
        "トーク talk 会話",
        readings="かいわ",
        verbs="show",
        own=(_verb("begin", "開始", "かいし"), _verb("end", "終了 end", "しゅうりょう", changes=False)),
        default="begin",
    ),
    _noun(
        "reply",
        "返信 reply re",
        readings="へんしん",
        slips="変身 返身 変心",
        verbs="send",
        own=(_verb("recall", "取消 取り消し", "とりけし"),),
        default="send",
    ),
    _noun(
        "staff",
        "スタッフ staff 権限",
        "W",
        readings="けんげん",
        verbs="list show new set stop resume delete approve reject",
        own=(_verb("request", "申請 request", "しんせい"),),
    ),
    _noun("group", "グループ group groups", "J", verbs="list show new set rename delete stop"),
    _noun(
        "stats",
        "統計 stats 分析",
        readings="とうけい ぶんせき",
        slips="統系",
        verbs="list show",
        own=(_verb("auto", "自動 auto", "じどう"),),
        default="show",
    ),
    _noun("cross", "クロス cross クロス集計", readings="くろすしゅうけい", verbs="show result", default="show"),
    _noun(
        "file",
        "ファイル file csv",
        verbs="list show import export",
        own=(_verb("header", "ひな形 雛形 ひながた", changes=False),),
    ),
    _noun(
        "draft",
        "下書き draft 下書",
        readings="したがき",
        verbs="list show delete revert",
        own=(_verb("bin", "ごみ箱 ゴミ箱 trash", "ごみばこ", changes=False),),
    ),
    _noun("log", "履歴 log 監査", "Z", readings="りれき かんさ", verbs="list show find", default="list"),
    _noun("why", "なぜ why どうして", verbs="show", default="show"),
    _noun(
        "undo",
        "取消 undo もどす 取り消し 取消し 取り消す",
        readings="とりけし とりけす",
        slips="取り削し",
        verbs="run",
        default="run",
    ),
    _noun(
        "quota",
        "使用量 quota 通数",
        readings="しようりょう つうすう",
        slips="使用料 仕様量",
        verbs="show",
        own=(_verb("cap", "上限 cap", "じょうげん"), _verb("breakdown", "内訳 breakdown", "うちわけ", changes=False)),
        default="show",
    ),
    _noun(
        "error",
        "エラー error errors",
        verbs="list show delete",
        own=(_verb("retry", "再送 retry", "さいそう"),),
        default="show",
    ),
    _noun("config", "設定 config", readings="せってい", slips="接定", verbs="list show set", default="set"),
    _noun(
        "help",
        "ヘルプ help 使い方 ?",
        readings="つかいかた",
        slips="遣い方",
        verbs="list show find",
        default="show",
    ),
    _noun("start", "はじめる start 始める", verbs="run", default="run"),
    _noun("note", "メモ note", verbs="list show new set delete", default="new"),
    _noun(
        "backup",
        "控え backup バックアップ",
        readings="ひかえ",
        verbs="list show new import",
        own=(_verb("diff", "比較 diff", "ひかく", changes=False),),
    ),
    _noun("claim", "登録 claim", readings="とうろく", slips="当録 統録", verbs="run", default="run"),
)

NOUN = {noun.key: noun for noun in NOUNS}
VERB = {verb.key: verb for verb in VERBS}
NOUN_BY_LETTER = {noun.letter: noun for noun in NOUNS if noun.letter}
PARTICLES = "をのにへは"

# What ヘルプ explains besides nouns and verbs.
TOPICS = ("動作", "分岐")
BRANCHES = ("分岐", "条件分岐", "もし", "そうでなければ")  # what it is asked by in full, or searched for
# Nouns that answer when they stand alone without a prefix.
ANSWER_ALONE = ("help", "inbox", "quota")

# (noun, verb): how many arguments stand before free text that is taken verbatim, over all further lines.
FREE_TEXT = {
    ("reply", "send"): 1,
    ("note", "new"): 1,
    ("autoreply", "test"): 0,
    ("field", "note"): 1,
    ("shared_value", "new"): 1,
    ("shared_value", "set"): 1,
}
GLUED = ("shared_value",)  # of these, a name may have its text behind a = without a space
# Of these, the ones that are a list of options where 対象: follows.
FREE_UNLESS_MANY = (("field", "note"),)

# (noun, verb): the words behind 本文 are a text for customers, and so are all further lines.
TEXT_BEHIND = (
    *(("scenario", "set"), ("template", "set"), ("broadcast", "set"), ("broadcast", "split")),
    *(("autoreply", "set"), ("autoreply", "new")),
)

# (noun, verb): what follows is what a customer may write, and mostly a question.
CUSTOMERS_WORDS = (("autoreply", "test"),)

FREE_NOUNS = ("reply", "note", "autoreply")


@cache
def noun_spellings() -> dict[str, Noun]:
    """Folded spelling -> noun, canonical words, aliases and English."""
    return {normalise.fold(word): noun for noun in NOUNS for word in noun.words}


@cache
def noun_readings() -> dict[str, Noun]:
    return {normalise.fold(word): noun for noun in NOUNS for word in noun.readings}


@cache
def verb_spellings(noun_key: str) -> dict[str, Verb]:
    """Folded spelling -> verb as this noun understands it; its own verbs win over the common ones."""
    verbs = (*VERBS, *NOUN[noun_key].own)
    return {normalise.fold(word): verb for verb in verbs for word in verb.words}


@cache
def verb_readings(noun_key: str) -> dict[str, Verb]:
    verbs = (*VERBS, *NOUN[noun_key].own)
    return {normalise.fold(word): verb for verb in verbs for word in verb.readings}


@cache
def longest(noun_key: str | None = None) -> int:
    """Length of the longest noun, or of the longest verb of a noun."""
    if noun_key is None:
        return max(map(len, (*noun_spellings(), *noun_readings())))
    return max(map(len, (*verb_spellings(noun_key), *verb_readings(noun_key))))


def verb_of(noun: Noun, key: str) -> Verb | None:
    """The noun's own verb or the common one with this key."""
    return next((verb for verb in noun.own if verb.key == key), VERB.get(key))


def nouns_nearby() -> Iterator[tuple[str, str]]:
    """(spelling, noun key) of all spellings, readings and slips, for did-you-mean."""
    for noun in NOUNS:
        for word in (*noun.words, *noun.readings, *noun.slips):
            yield normalise.fold(word), noun.key


def verbs_nearby(noun: Noun) -> Iterator[tuple[str, str]]:
    """(spelling, verb key) of the verbs that make sense for a noun, for did-you-mean."""
    for verb in (*noun.own, *(VERB[key] for key in noun.verbs)):
        for word in (*verb.words, *verb.readings, *verb.slips):
            yield normalise.fold(word), verb.key


def applies(noun: Noun, verb: Verb) -> bool:
    """Whether the verb makes sense for the noun at all."""
    return verb in noun.own or verb.key in noun.verbs

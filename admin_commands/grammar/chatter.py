"""Prose is not a command: what an unprefixed line must look like before the bot says anything."""

import re
from typing import Literal

from admin_commands.grammar import lexicon, normalise, segments, words
from admin_commands.grammar.lexicon import Noun, Verb
from admin_commands.grammar.words import Line, Name, Token

Manner = Literal["bare", "plain", "glued", "verbless"]

SENTENCE_MARKS = set("、。！？!?…｡､♪")
LAUGHTER = re.compile(r"(?:w+|\(?笑+\)?|草+|汗|\.{2,}|~+)$")

# Endings of Japanese sentences as they follow an object; a name that ends so needs 「」 or a prefix.
ENDINGS = re.compile(
    r"(?:です|ます|でした|ました|ません|ましょう|でしょう|ください|下さい|お願い|おねがい|お願いします|頼む|頼んだ|頼みます|よろしく|宜しく"
    r"|って|した|てた|いた|きた|った|んだ|だよ|だね|だな|だわ|だって|だけど|けど|から|ので|のに|ため|とき"
    r"|よね|かな|かも|かね|っけ|っす|だろう|だろ|じゃん|ない|なくて|大丈夫|無理|だめ|ダメ|不要|たい|ほしい|欲しい|いい|良い|よい|おっけー|ok"
    r"|する|して|しといて|といて|やる|やり方|してる|しとく|しとき|おいて|おく|みて|見て|みる|くれ|なー|ねー|よー|さー"
    r"|できる|出来る|できん|ある|いる|あり|いらん|要る|まだ|もう|どう|なに|何|誰|いつ|どこ"
    r"|ありがと|ありがとう|有難う|おつかれ|お疲れ|お疲れ様|了解|らしい|しい|すぎ|過ぎ|しよう|ましょ|ったで|したで|といて|ちゃう"
    r"|やん|やで|やわ|やろ|やけど|ねん|ばい|けん|とる|っぺ|のこと|との事|そうで|っぽい|みたい|[いきしちけせてねべめれげえぎびみり]た|[へひ]ん|[ァ-ヶ]い)$"
)
# How a sentence goes on behind a verb: 停止 中の…, 受付 は山田さん, 回答 してくれた人.
RUNNING_ON = re.compile(
    r"(?:(?:して|した|しま|しよう|しない|しなく|しとい|しとく|する|すれ|され|させ|できる|できた|でき[なまん])"
    r"|(?:[はがのでにをもへと]|まで|から|より)[おご]?[一-鿿ァ-ヶ]|中(?:の|です|で|に|は|$))"
)
# How matters stand, said behind a verb with nothing else: 作成 完了, 削除 禁止, 追加 3枚.
STANDING = re.compile(
    r"(?:完了|終了|終わり|おわり|済み?|ずみ|中|禁止|厳禁|待ち|なし|無し|あり|有り|ゼロ|不可|可能|可|決定|延期|未定|未|希望者?|依頼|手伝い"
    r"|[約計]?\d{1,5}(?:枚|名|人|件|個|本|回|組|卓|席|部)(?:様|分)?)$"
)
# One kana ends a sentence only behind a word of some length: こども and ひと are names.
LAST_KANA = re.compile(r"(?:^|.{3})[てでねよわぞのはがをにともへやか]$")
# Names that only look like a sentence.
STEP = re.compile(r"\d{1,4}通目(?:から|の後)$")
INNOCENT = ("はじめて", "初めて", "おもてなし", "いもうと", "おとうと", "ひとりで")

# A question of a form may end with one; フォーム:診断.くせは？=はい is said to nobody else.
ANSWER = re.compile(r"(?:フォーム|アンケート|form):[^=<>!≠]{1,60}\.[^=<>≠]{1,200}[=<>≠]", re.IGNORECASE)

ORDER = r"(?:古い|新しい|長い|短い)順"
DAY = r"(?:今日|昨日|明日|明後日|今週|来週|先週|今月|先月|来月|今年|去年)"
DATE = r"(?:\d{4}[-/])?\d{1,2}[-/月]\d{1,2}日?(?:\([月火水木金土日]\))?"
PERIOD = rf"(?:{DAY}|\d{{1,4}}日|\d{{4}}[-/年]\d{{1,2}}月?|{DATE})"
ONE = r"(?:「[^」]{1,40}」|[^\s「」]{1,30})"
# What may follow a noun without a verb and without a prefix.
VERBLESS = {
    "friend": re.compile(rf"{ONE}(?: {ONE})?$"),
    "stats": re.compile(rf"(?:{PERIOD}|友だち|スタッフ|配信(?: {ONE})?|シナリオ(?: {ONE})?)(?: {PERIOD})?$"),
    "inbox": re.compile(rf"(?:自分|全員|@\S{{1,30}}|{ORDER}|\d{{1,3}})$"),
    "log": re.compile(rf"(?:{PERIOD}|自分|#\w\d+|@\S{{1,30}}|\S{{1,20}}:{ONE})(?: @\S{{1,30}})?$"),
    # what names a step or a scenario; なぜ 田中 alone may as well be said to a colleague
    "why": re.compile(rf"{ONE}(?: {ONE})?(?: (?:(?:シナリオ|配信):{ONE}|\d{{1,4}}[日通]目))+$"),
    "help": re.compile(rf"{ONE}(?: {ONE})?$"),
    "booking": re.compile(rf"(?:{DAY}|{DATE})$"),
    "undo": re.compile(r"#[Zz]\d{1,18}$"),  # nobody says this to a colleague
    "config": re.compile(r"緊急停止(?: 解除)?$"),  # stopping must never fail for want of a slash
    "start": re.compile(r"[^\s「」ぁ-ん]{1,12}$"),  # はじめる 美容室 is what a new shop is told to send
}
LISTED = re.compile(r"[\w・ー]{1,12}$")  # one of several names to be made
# These are shown by their name to whoever has just given a command.
SHOWN = re.compile(rf"{ONE}$")
SHOWN_SOON = ("scenario", "tag", "template", "media", "action")


def is_conversation(
    line: Line, start: int, noun: Noun, verb: Verb | None, manner: Manner, end: int, recent: bool
) -> bool:
    """Whether an unprefixed line is left alone, although it begins like a command.

    `end` is where its arguments begin, `recent` says that this person gave a command here a moment ago.
    """
    if start == 0 and line.lookup.folded.startswith("?"):
        return True
    if manner == "bare":
        return not (recent or noun.key in lexicon.ANSWER_ALONE)
    rest = line.text[end:].strip()
    if manner == "verbless":
        shape = VERBLESS.get(noun.key) or (SHOWN if recent and noun.key in SHOWN_SOON else None)
        if shape is None or not shape.match(rest):
            return True
        if noun.key == "help" and not recent and not _is_topic(rest):
            return True
    elif verb is None or not lexicon.applies(noun, verb) or (verb.changes and manner != "plain"):
        return True
    if verb is not None and (noun.key, verb.key) in lexicon.CUSTOMERS_WORDS and rest and rest[0] != "の":
        return False
    if verb is not None and verb.key == "new" and _is_list(rest):
        return False
    body = customers_text(line, end) if (noun.key, verb.key if verb else "") in lexicon.TEXT_BEHIND else None
    if body is not None:
        return bool(RUNNING_ON.match(line.text, body[1]) or ENDINGS.match(line.text, body[1]))
    return _is_sentence(line, end)


def _is_list(rest: str) -> bool:
    """Names parted as one writes them (常連、VIP), none of which ends like a sentence."""
    names = rest.split(",")
    return (
        len(names) > 1
        and not any(ENDINGS.search(one) or LAST_KANA.search(one) for one in names)
        and (all(map(LISTED.match, names)))
    )


def customers_text(line: Line, start: int) -> tuple[int, int] | None:
    """Behind how many arguments and where a new text begins (`ようこそ 2通目 本文 …`): mostly it is sentences."""
    found = words.tokens(line, start)[:4]
    for place in (1, 2):
        if len(found) > place + 1 and line.text[found[place].start : found[place].end] == "本文":
            return place + 1, found[place + 1].start
    return None


def _is_topic(rest: str) -> bool:
    """Whether help is asked for something we know; ヘルプ is also what shops call a borrowed hand."""
    word = normalise.fold(rest.split(" ")[0])
    verbs = (spelled for verb in lexicon.VERBS for spelled in verb.words)
    return word in lexicon.noun_spellings() or word in map(normalise.fold, (*lexicon.TOPICS, *verbs))


def is_prose(line: Line, start: int) -> bool:
    """Whether the words from `start` on end or are parted like a sentence (for text under a quote)."""
    return _is_sentence(line, start)


def _is_sentence(line: Line, start: int) -> bool:
    found = words.tokens(line, start)
    if not found:
        return False
    if any(_marked(line, token) for token in found if not _is_quoted(token)):
        return True
    if not _is_quoted(found[0]) and RUNNING_ON.match(line.text, found[0].start):
        return True
    if len(found) == 1 and not _is_quoted(found[0]) and STANDING.match(line.text, found[0].start):
        return True
    last = found[-1]
    if _is_quoted(last) or last.kind != "object" or not isinstance(last.object, Name):
        return last.kind == "unclosed"
    if words.URL.match(line.text, last.start):
        return False
    word = line.text[last.start : last.end].lower()
    if LAUGHTER.search(word):
        return True
    if word in segments.ENDINGS and any(_begins_condition(line, token) for token in found[:-1]):
        return False  # タグ:休眠 でない ends a condition, not a remark
    return bool(ENDINGS.search(word) or LAST_KANA.search(word)) and word not in INNOCENT and not STEP.match(word)


def _begins_condition(line: Line, token: Token) -> bool:
    """Whether a condition begins with this word, or behind it (対象: …)."""
    behind = token.start + len(token.key) + 1 if token.kind == "option" else token.start
    behind += line.text.startswith(" ", behind)
    return any(segments.begins(line, start, loosely=True) for start in {token.start, behind})


def _marked(line: Line, token: Token) -> bool:
    """Whether sentence punctuation stands in the word; commas between names are typed as , and carry on a list, and
    what stands in an address or in a question of a form is no punctuation."""
    if words.URL.match(line.text, token.start) or ANSWER.match(line.text, token.start):
        return False
    raw = line.lookup.carve(token.start, token.end)
    return any(mark in SENTENCE_MARKS for mark in raw) or "..." in raw


def _is_quoted(token: Token) -> bool:
    return isinstance(token.object, Name) and token.object.quoted

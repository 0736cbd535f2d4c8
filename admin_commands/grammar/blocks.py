"""A pasted block cut up: ■ what it is, head lines, ▼ parts, ＋ attachments, // comments, and the customer's text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from admin_commands.grammar import heads, lexicon, nearness, normalise, timings, words
from admin_commands.grammar.words import Line

Style = Literal["■", "【", "#"]
Sort = Literal["block", "part", "directive", "comment", "body"]

NAMED = re.compile(r"■ ?(?P<kind>[^\s:]{1,24})(?: |:|$)")
BRACKETED = re.compile(r"【 ?(?P<kind>[^】]{1,24}?) ?】 ?")
HASHED = re.compile(r"# ?(?P<kind>[^\s:#]{1,24})(?: |:|$)")
KEY = re.compile(r"(?P<key>[^\s:]{1,12}) ?: ?")
SIGNS = ("////", "//", ">>>>", ">>", "▼▼", "▼", "++", "+", "■■")
DOUBLED = {"////": 2, ">>>>": 2, "▼▼": 1, "++": 1, "■■": 1}  # how many characters of an escape are dropped
TO_BE_CONTINUED = "続く"
CONTINUED = "続き"

# ＋ words that are understood now, with their English; the first is canonical.
DIRECTIVES: dict[str, tuple[str, ...]] = {
    "button": ("ボタン", "button"),
    "quick": ("クイック", "quick", "クイック返信", "クイックリプライ"),
    "link": ("リンク", "link"),
    "image": ("画像", "image", "写真"),
    "video": ("動画", "video"),
    "audio": ("音声", "audio"),
    "sticker": ("スタンプ", "sticker"),
    "date": ("日付", "date", "日にち"),
    "datetime": ("日時", "datetime"),
    "run": ("実行", "run", "アクション"),
    "menu": ("メニュー", "menu"),
    "only": ("条件", "only"),
    "location": ("位置", "location"),
    "coupon": ("クーポン", "coupon"),
    "imagemap": ("画像マップ", "imagemap"),
}
# ＋ words that belong to the whole block, wherever they stand.
HOOKS = ("予約時", "変更時", "キャンセル時", "来店時", "無断時", "回答後", "申込時", "取消時", "終了後")
_FOLDED_HOOKS = {normalise.fold(hook): hook for hook in HOOKS}
TITLES = (
    "返信",
    "新規",
    "ブロック解除",
    "本文",
    "カード",
    "画像カード",
    "質問",
    "画像",
    "動画",
    "音声",
    "スタンプ",
    "位置",
    "クーポン",
    "画像マップ",
    "flex",
)


@dataclass(frozen=True, slots=True)
class Header:
    """`■シナリオ ようこそ`; `kind` is the noun's key, None when the word is no kind of block."""

    style: Style
    kind: str | None
    word: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One ▼: its title line, where the title begins in the lookup copy, and the lines below."""

    title: Line
    start: int
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """One ■ with everything below it, nothing understood yet."""

    header: Header
    line: Line
    head: list[Line] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The block as it was typed."""
        return "\n".join(line.raw for line in [self.line, *self.lines]).rstrip()


def header(line: Line, start: int = 0) -> Header | None:
    """The header that a line is, if it begins like one."""
    text = line.text
    if text.startswith("■■", start):
        return None
    forms: tuple[tuple[Style, re.Pattern[str]], ...] = (("■", NAMED), ("【", BRACKETED), ("#", HASHED))
    for style, pattern in forms:
        found = pattern.match(text, start)
        if found:
            noun = lexicon.noun_spellings().get(normalise.fold(found["kind"]))
            kind = noun.key if noun and noun.key in heads.BLOCK_KINDS else None
            word = line.lookup.carve(found.start("kind"), found.end("kind"))
            return Header(style, kind, word, _unquoted(line.lookup.carve_from(found.end()).strip()))
    return None


def _unquoted(name: str) -> str:
    if len(name) > 2 and words.OPENERS.get(name[0]) == name[-1] and name[-1] not in name[1:-1]:
        return name[1:-1]
    return name


def sort(line: Line, style: Style = "■") -> Sort:
    """What a line below a header is; everything that carries no sign is the customer's."""
    sign = sign_of(line)
    if sign in DOUBLED:
        return "body"
    if sign == "//":
        return "comment"
    if sign in ("▼", ">>"):
        return "part"
    if sign == "+":
        return "directive"
    found = header(line)
    return "block" if found and found.kind and found.style == style else "body"


def sign_of(line: Line) -> str:
    """The sign or escape a line begins with, as the lookup copy has it."""
    return next((sign for sign in SIGNS if line.text.startswith(sign)), "")


def literal(line: Line) -> str:
    """A body line verbatim, an escaped sign single again."""
    dropped = DOUBLED.get(sign_of(line), 0)
    if not dropped:
        return line.raw
    starts, ends = line.lookup.starts, line.lookup.ends
    return line.raw[: starts[0]] + line.raw[ends[dropped - 1] :]


def escaped(raw: str) -> str:
    """A body line as a block must carry it, so that it is read as body again."""
    line = words.line_of(raw)
    sign = sign_of(line)
    if sort(line) == "body" and sign not in DOUBLED:
        return raw
    single = {"////": 2, "//": 2, ">>>>": 2, ">>": 2}.get(sign, 1)
    at, end = line.lookup.starts[0], line.lookup.ends[single - 1]
    return raw[:end] + raw[at:]


def split(lines: Sequence[Line], start: int = 0) -> list[Block]:
    """The blocks of a message whose first line is a header (from `start` on)."""
    first = header(lines[0], start)
    blocks: list[Block] = []
    for index, line in enumerate(lines):
        found = first if index == 0 else None
        sorted_ = "block" if found else sort(line, first.style if first else "■")
        if sorted_ == "block":
            found = found or header(line)
            if found:
                blocks.append(Block(found, line))
            continue
        block = blocks[-1]
        block.lines.append(line)
        if sorted_ == "part":
            block.parts.append(Part(line, len(sign_of(line))))
        elif sorted_ != "comment":
            (block.parts[-1].lines if block.parts else block.head).append(line)
    return blocks


def key_of(line: Line) -> tuple[str, Line] | None:
    """The key of a head line, levelled, and its value as a line of its own, without a comment behind it."""
    found = KEY.match(line.text)
    if found is None or found["key"].startswith(("http", "・")):
        return None
    value = line.lookup.carve(found.end(), _before_comment(line.text, found.end()))
    return found["key"], words.line_of(value, line.number)


def _before_comment(text: str, start: int) -> int:
    """Where the value that begins at `start` ends; // in a quoted name is part of it."""
    position = start
    while position < len(text):
        if text.startswith("//", position) and (position == start or text[position - 1] == " "):
            return position
        closed = words.closing(text, position, len(text)) if text[position] in words.BREAKING else -1
        position = max(closed, position) + 1
    return position


def directive_of(line: Line) -> tuple[str | None, str, int]:
    """A ＋ line: the key of its word (None when unknown), the word as typed, where its arguments begin."""
    text = line.text
    start = 1 + text.startswith(" ", 1)
    end = start
    while end < len(text) and text[end] not in " :" and text[end] not in words.OPENERS:
        end += 1
    key = normalise.key_of(DIRECTIVES, text[start:end])
    behind = end + 1 if end < len(text) and text[end] in " :" else end
    return key, line.lookup.carve(start, end), behind


def hook_of(word: str) -> str | None:
    """The hook that the word of a ＋ line names."""
    folded = normalise.fold(normalise.lookup(word).text)
    return _FOLDED_HOOKS.get(folded)


def looks_like_block(lines: Sequence[Line], kind: str | None = None) -> tuple[bool, bool]:
    """Whether lines below a header have the shape of a block (of this kind), and whether they surely are one."""
    shaped = sure = False
    for line in lines:
        sorted_ = sort(line)
        if sorted_ == "part":
            shaped, sure = True, sure or _is_title(line)
        elif sorted_ == "directive":
            key, word, _ = directive_of(line)
            shaped, sure = True, sure or key is not None or hook_of(word) is not None
        elif sorted_ == "body":
            found = key_of(line)
            shaped = shaped or bool(found and is_key(found[0], kind))
    return shaped, sure


def _is_title(line: Line) -> bool:
    start = len(sign_of(line))
    start += line.text.startswith(" ", start)
    known = normalise.fold(line.text[start:]).split(" ")[0] in map(normalise.fold, TITLES)
    return known or not isinstance(timings.read(line.text, start), str)


def is_key(key: str, kind: str | None = None) -> bool:
    """Whether this kind of block, or any, has this head key."""
    return normalise.fold(key) in heads.folded(kind)


def nearest_kinds(word: str) -> list[str]:
    """The kinds (noun keys) that an unknown word was probably meant to be."""
    folded = normalise.fold(word)
    kinds = [(spelled, noun.key) for spelled, noun in lexicon.noun_spellings().items() if noun.key in heads.BLOCK_KINDS]
    glued = [key for spelled, key in kinds if folded.startswith(spelled)]
    slips = [(normalise.fold(w), k) for k in heads.BLOCK_KINDS for w in lexicon.NOUN[k].slips]
    return glued[:1] or nearness.nearest(folded, [*kinds, *slips])

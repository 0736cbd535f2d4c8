"""The words of all actions, gathered from their declarations, and those that have a meaning of their own behind one."""

import re
from collections import defaultdict

from admin_commands.grammar import normalise, numbers
from jobs import actions
from jobs.actions.arguments import Points, Thing
from jobs.actions.kind import Kind

WRITTEN = tuple(kind for kind in actions.KINDS.values() if kind.word)
BY_WORD: dict[str, list[Kind]] = defaultdict(list)
for _kind in WRITTEN:
    BY_WORD[_kind.word].append(_kind)
# Every spelling -> the canonical word.
ACTS = {normalise.fold(spelled): kind.word for kind in WRITTEN for spelled in (kind.word, *kind.spellings)}
MOST_WORDS = 3  # a word is written in at most three (タグ を 付ける)
# Keys that begin an action by themselves (テンプレ:料金表).
KEYS = {
    normalise.fold(by): kind
    for kind in WRITTEN
    for argument in kind.arguments
    if isinstance(argument, Thing)
    for by in argument.by
}


def _glued() -> dict[str, re.Pattern[str]]:
    """Words that a sign may follow at once (スコア+5)."""
    found = {}
    for kind in WRITTEN:
        if any(isinstance(argument, Points) for argument in kind.arguments):
            spelled = "|".join(map(re.escape, (kind.word, *kind.spellings)))
            found[kind.word] = re.compile(rf"(?:{spelled}) ?[:=+\-]", re.IGNORECASE)
    return found


GLUED = _glued()

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
INSTEAD = [
    word for kind in WRITTEN for argument in kind.arguments if isinstance(argument, Thing) for word in argument.instead
]
# Names that must stand in quotes behind any act, lest they be read as a time or a word of the language.
RESERVED = {
    normalise.fold(word) for word in (*INSTEAD, *ONCE, *ASSIGNED, "を", "の", "もし", "なら", "after", "in")
} | set(AUDIENCES)

"""What a button does: it opens an address, calls, goes to a page of ours, or runs actions."""

import re
from typing import Literal

from admin_commands.grammar import actions, normalise, words
from admin_commands.grammar.contents import labels
from admin_commands.grammar.definitions import Bullet, Do, Goto, Measured, Open, OpenForm, Rebook, Target
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.words import Line

JAPANESE_CALL = re.compile(r"(0\d{9,10}|0\d{1,4}-\d{1,4}-\d{3,4})$")  # 03-1234-5678 can be nothing else
TEL = re.compile(r"(?:tel|電話) ?: ?(\+?[\d()*# -]{3,24})$", re.IGNORECASE)
UNCOUNTED = ("計測なし", "計測無し", "計測しない")
ADDRESS = re.compile(r"(?:https?|line)://[^\s→⇒「」『』]+", re.IGNORECASE)
BUTTON_EXAMPLES = ("＋ボタン 予約する → https://…", "＋ボタン 電話 → tel:0581234567", "＋ボタン はい → タグ付ける 興味")
QUICK_EXAMPLES = ("＋クイック 営業時間", "＋クイック 予約する → https://…", "＋クイック はい → タグ付ける 興味")
# Pages of ours behind an arrow; everything else there is an address, a telephone number or an action list.
PAGES: dict[str, Literal["booking", "event"]] = {
    **dict.fromkeys(("予約", "booking"), "booking"),
    **dict.fromkeys(("イベント", "event"), "event"),
}
PAGE_WORDS = {"booking": "予約", "event": "イベント"}
FORM_WORDS = ("フォーム", "アンケート", "form")
LINK_WORDS = ("リンク", "link")
REBOOK = "予約変更"


def bullet_of(line: Line, start: int) -> tuple[Bullet, list[Fault]]:
    """`label → target` from `start` on; the target may be missing."""
    arrow = labels.arrow_behind_label(line, start)
    if arrow is None:
        return Bullet(line.lookup.carve_from(start).strip(), None, line.number), []
    label = labels.label(line, start, arrow[0])
    target = target_of(line, arrow[1])
    if isinstance(target, list):
        return Bullet(label, None, line.number), target
    return Bullet(label, target, line.number), []


def target_of(line: Line, start: int) -> Target | list[Fault]:
    """What a button does: an address, a telephone number, a template, actions."""
    while start < len(line.text) and line.text[start] == " ":
        start += 1
    address = ADDRESS.match(line.text, start)
    if address and address.end() == len(line.text):
        return Open(line.lookup.carve(start, address.end()))
    if address and line.text[address.end() :].strip() in UNCOUNTED:
        return Open(line.lookup.carve(start, address.end()), uncounted=True)
    call = TEL.match(line.text, start) or JAPANESE_CALL.match(line.text, start)
    if call:
        return Open("tel:" + "".join(c for c in call[1] if c not in "() "))
    first = words.first(line, start)
    if first is None:
        return [
            Fault(line.number, line.raw, "の → の後に、押した時に開くアドレスか動作を書いてください", BUTTON_EXAMPLES)
        ]
    page = _page(line, start)
    if page is not None:
        return page
    if line.text[start:] == REBOOK:
        return Rebook()
    found, faults = actions.read(line, start)
    return faults or Do(found)


def _page(line: Line, start: int) -> OpenForm | Goto | Measured | None:
    """`フォーム:来店アンケート`, `リンク:春クーポン` alone."""
    found = words.tokens(line, start)
    key = normalise.fold(found[0].key) if len(found) == 1 and found[0].kind == "option" else ""
    kind = {normalise.fold(word): kind for word, kind in PAGES.items()}.get(key)
    named = key in map(normalise.fold, (*FORM_WORDS, *LINK_WORDS))
    objects = words.values_of(line, found[0]) if kind is not None or named else ()
    if len(objects) != 1:
        return None
    if kind is not None:
        return Goto(kind, objects[0])
    return Measured(objects[0]) if key in map(normalise.fold, LINK_WORDS) else OpenForm(objects[0])

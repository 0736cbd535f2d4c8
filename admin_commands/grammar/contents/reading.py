"""The lines below a ▼ read one by one: text grows until a ＋ line or a ・ ends it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from admin_commands.grammar import actions, blocks, nearness, normalise, numbers, periods, segments, words
from admin_commands.grammar.contents import attaching, labels, targets
from admin_commands.grammar.definitions import (
    Button,
    Choice,
    Do,
    Enclosure,
    Link,
    Measured,
    Only,
    Open,
    Pick,
    Piece,
    Run,
    Text,
)
from admin_commands.grammar.faults import MOST_GUESSES, Fault
from admin_commands.grammar.words import Id, Line, Name

LINK_NUMBER = re.compile(r"#L(\d{1,18})", re.IGNORECASE)
LINK_EXAMPLES = ("＋リンク https://example.com/style 名前=スタイル一覧",)
CHOICE_EXAMPLES = ("・カット → タグ付ける カット", "・カット 先着20人 → タグ付ける カット")
ENCLOSED = {"location": "本店|岐阜市神田町1-2|35.4233,136.7607", "coupon": "春の割引", "imagemap": "春の案内 2x1"}
PERIOD = re.compile(r" ?期間 ?[:=] ?(?P<days>[^\s→⇒]+)$")
FIELD_KEYS = tuple(normalise.fold(word) for word in ("項目", "友だち情報", "field"))
SPELLED = [(normalise.fold(word), key) for key, spelled in blocks.DIRECTIVES.items() for word in spelled]


class Reader:
    """Collects the pieces of one part, and all that is wrong with them in the `faults` of the whole block."""

    def __init__(self, faults: list[Fault], *, bullets: bool = False, lists: bool = False) -> None:
        self.bullets = bullets  # whether `・はい → …` is a choice, as below ▼質問
        self.lists = lists  # whether every ・ is one of a list, as in a form
        self.pieces: list[Piece] = []
        self.faults = faults
        self.text: list[str] = []
        self.text_line = 0

    def take(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if blocks.sort(line) == "directive":
                self.close()
                self._directive(line)
            elif self.lists and labels.is_bullet(line):
                self.close()
                self._bullet(line)
            elif self.bullets and labels.is_bullet(line):
                self.close()
                self._choice(line)
            else:
                self._body(line)
        self.close()

    def close(self) -> None:
        """End the text that is open, without the blank lines around it."""
        while self.text and not self.text[-1].strip():
            self.text.pop()
        if self.text:
            self.pieces.append(Text("\n".join(self.text), self.text_line))
        self.text = []

    def _body(self, line: Line) -> None:
        raw = blocks.literal(line)
        if (self.bullets or self.lists) and line.text.startswith("・・"):
            raw = line.raw.replace("・", "", 1)
        if not self.text and not raw.strip():
            return
        if not self.text:
            self.text_line = line.number
        self.text.append(raw)

    def _directive(self, line: Line) -> None:
        key, word, start = blocks.directive_of(line)
        if key is None:
            self.faults.append(_unknown(line, word, guessed=len(self.faults) < MOST_GUESSES))
        elif key == "button":
            self._button(line, start)
        elif key == "quick":
            self._quick(line, start)
        elif key == "link":
            self._link(line, start)
        elif key == "run":
            found, faults = actions.read(line, start)
            self._found(line, Run(found, line.number), faults)
        elif key == "menu":
            self._menu(line, start)
        elif key == "date" or key == "datetime":
            self._pick(line, start, "date" if key == "date" else "datetime")
        elif key == "only":
            found_, wrong = segments.read(words.line_of(line.lookup.carve_from(start), line.number))
            self._found(line, Only(found_, line.number), wrong)
        elif key in attaching.ENCLOSED:
            self._enclosure(line, start, key)
        else:
            self._attachment(line, start, attaching.ATTACHED[key])

    def _enclosure(self, line: Line, start: int, key: str) -> None:
        value = line.lookup.carve_from(start).strip()
        word = blocks.DIRECTIVES[key][0]
        missing = (
            []
            if value
            else [Fault(line.number, line.raw, f"の{word}が書かれていません", (f"＋{word} {ENCLOSED[key]}",))]
        )
        self._found(line, Enclosure(attaching.ENCLOSED[key], value, line.number), missing)

    def _menu(self, line: Line, start: int) -> None:
        """`＋メニュー 通常` is short for ＋実行 メニュー 通常."""
        found, faults = actions.read(words.line_of(f"メニュー {line.lookup.carve_from(start)}", line.number))
        self._found(line, Run(found, line.number), faults)

    def _bullet(self, line: Line) -> None:
        bullet, faults = targets.bullet_of(line, 1)
        self._found(line, bullet, faults)

    def _attachment(self, line: Line, start: int, kind: attaching.Kind) -> None:
        piece, faults = attaching.attached(line, start, kind)
        self._found(line, piece, faults)

    def _pick(self, line: Line, start: int, mode: Literal["date", "datetime"]) -> None:
        """`label 期間:12/1〜12/31 → 項目:name → actions`."""
        word = blocks.DIRECTIVES[mode][0]
        examples = (f"＋{word} 選ぶ → 項目:ご希望日", f"＋{word} 選ぶ 期間:明日〜30日後 → 項目:ご希望日")
        behind, arrow = labels.behind_quote(line, start)
        first = words.first(line, arrow[1]) if arrow else None
        named_ = words.values_of(line, first) if first is not None and first.kind == "option" else []
        if arrow is None or first is None or normalise.fold(first.key) not in FIELD_KEYS or len(named_) != 1:
            what = "に、答えを入れる項目がありません（→ 項目:名前）"
            self.faults.append(Fault(line.number, line.raw, what, examples))
            return
        bounds = PERIOD.search(line.text, behind, arrow[0])
        label = labels.label(line, start, bounds.start() if bounds else arrow[0])
        least, most = periods.days(bounds["days"]) if bounds else (None, None)
        faults: list[Fault] = []
        if bounds and least is None and most is None:
            faults.append(Fault(line.number, line.raw, "の期間が読めません", examples))
        if periods.turned(least, most):
            faults.append(Fault(line.number, line.raw, "の期間は、初めの日を終わりの日より前にしてください", examples))
        if not label:
            faults.append(Fault(line.number, line.raw, "のボタンに文字がありません", examples))
        after = labels.arrow(line, first.end)
        more: tuple[actions.Action, ...] = ()
        if after is not None:
            more, wrong = actions.read(line, after[1])
            faults += wrong
        self._found(line, Pick(label, mode, named_[0], least, most, more, line.number), faults)

    def _button(self, line: Line, start: int) -> None:
        arrow = labels.arrow_behind_label(line, start)
        if arrow is None:
            self.faults.append(Fault(line.number, line.raw, "に → がありません", targets.BUTTON_EXAMPLES))
            return
        label = labels.label(line, start, arrow[0])
        if not label:
            self.faults.append(Fault(line.number, line.raw, "のボタンに文字がありません", targets.BUTTON_EXAMPLES))
            return
        target = targets.target_of(line, arrow[1])
        if isinstance(target, list):
            self._found(line, Button(label, Do(()), line.number), target)
        else:
            self.pieces.append(Button(label, target, line.number))

    def _quick(self, line: Line, start: int) -> None:
        """As a button; what has no → is said by who taps it."""
        bullet, faults = targets.bullet_of(line, start)
        if not bullet.label:
            self.faults.append(Fault(line.number, line.raw, "に文字がありません", targets.QUICK_EXAMPLES))
            return
        self._found(line, Button(bullet.label, bullet.target, line.number, quick=True), faults)

    def _choice(self, line: Line) -> None:
        """`label 先着20人 → target`; the target may be missing, and so may the number of places."""
        label, places, arrow = labels.choice_parts(line)
        most = numbers.number(places["most"]) if places else None
        target = targets.target_of(line, arrow[1]) if arrow else None
        faults = target if isinstance(target, list) else []
        wrong = ""
        if not label:
            wrong = "の選択肢に文字がありません"
        elif places and not most:
            wrong = "の人数が読めません"
        elif places and isinstance(target, Open):
            wrong = "の「先着」は、アドレスを開くだけの選択肢には付けられません"
        faults = [*faults, *([Fault(line.number, line.raw, wrong, CHOICE_EXAMPLES)] if wrong else [])]
        kept = None if isinstance(target, list) else target
        self._found(line, Choice(label, kept, most, line.number), faults)

    def _link(self, line: Line, start: int) -> None:
        name: Measured | None = None
        clicked: tuple[actions.Action, ...] = ()
        uncounted = False
        faults: list[Fault] = []
        address = targets.ADDRESS.match(line.text, start)
        if address is None:
            self.faults.append(
                Fault(line.number, line.raw, "に https:// から始まるアドレスがありません", LINK_EXAMPLES)
            )
            return
        for token in words.tokens(line, address.end()):
            if token.kind == "option" and normalise.fold(token.key) in ("名前", "name") and token.value.strip():
                number = LINK_NUMBER.fullmatch(token.value)
                name = Measured(Id("L", int(number[1])) if number else Name(token.value))
            elif token.kind == "arrow":
                clicked, faults = actions.read(line, token.end)
                break
            elif line.text[token.start : token.end] in targets.UNCOUNTED:
                uncounted = True
            else:
                typed = line.lookup.carve(token.start, token.end)
                faults.append(Fault(line.number, line.raw, f"の「{typed}」はまだ使えません", LINK_EXAMPLES))
                break
        opened = line.lookup.carve(start, address.end())
        if uncounted and (name is not None or clicked):
            what = "の「計測なし」は、「名前=」やクリックした時の動作とは一緒に使えません"
            faults = [*faults, Fault(line.number, line.raw, what, LINK_EXAMPLES)]
        self._found(line, Link(opened, name, line.number, clicked, uncounted), faults)

    def _found(self, line: Line, piece: Piece, faults: Sequence[Fault]) -> None:
        self.faults += [replace(fault, text=line.raw) for fault in faults]
        if not faults:
            self.pieces.append(piece)


def _unknown(line: Line, word: str, *, guessed: bool) -> Fault:
    if blocks.hook_of(word) is not None:
        return Fault(line.number, line.raw, f"の「＋{word}」は、この種類のブロックでは使えません")
    near = nearness.nearest(normalise.fold(normalise.lookup(word).text), SPELLED, 1) if word and guessed else []
    if near:
        _, _, start = blocks.directive_of(line)
        corrected = f"＋{blocks.DIRECTIVES[near[0]][0]} {line.lookup.carve_from(start)}".rstrip()
        return Fault(line.number, line.raw, f"の「＋{word}」が分かりません", (), corrected)
    run, faults = actions.read(line, 1) if guessed else ((), [])
    if run and not faults:
        corrected = f"＋実行 {line.lookup.carve_from(1).strip()}"
        return Fault(line.number, line.raw, "の動作は「＋実行」の後に書いてください", (), corrected)
    return Fault(
        line.number,
        line.raw,
        f"の「＋{word}」が分かりません。本文なら「＋＋」と書いてください",
        ("＋ボタン 予約する → https://…", "＋画像 https://…", "＋実行 タグ付ける VIP"),
    )

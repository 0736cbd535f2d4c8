"""What stands below a ▼: the customer's text and the ＋ lines, as pieces in their order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from admin_commands.grammar import actions, blocks, nearness, normalise, numbers, periods, segments, words
from admin_commands.grammar.definitions import (
    Attachment,
    Bullet,
    Button,
    Choice,
    Do,
    Enclosure,
    Goto,
    Imagemap,
    Link,
    Measured,
    Only,
    Open,
    Pick,
    Piece,
    Rebook,
    Run,
    Target,
    Text,
)
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.words import Id, Line, Name, Object

ARROW = re.compile(r" ?(?:→|⇒|->|(?<= )>(?= )) ?")
JAPANESE_CALL = re.compile(r"(0\d{9,10}|0\d{1,4}-\d{1,4}-\d{3,4})$")  # 03-1234-5678 can be nothing else
TEL = re.compile(r"(?:tel|電話) ?: ?(\+?[\d()*# -]{3,24})$", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?|line)://[^\s→⇒「」『』]+", re.IGNORECASE)
BULLETS = ("・", "•")
BUTTON_EXAMPLES = ("＋ボタン 予約する → https://…", "＋ボタン 電話 → tel:0581234567", "＋ボタン はい → タグ付ける 興味")
LINK_NUMBER = re.compile(r"#L(\d{1,18})", re.IGNORECASE)
LINK_EXAMPLES = ("＋リンク https://example.com/style 名前=スタイル一覧",)
CHOICE_EXAMPLES = ("・カット → タグ付ける カット", "・カット 先着20人 → タグ付ける カット")
PLACES = re.compile(r" ?[(（]?先着 ?(?P<most>[^\s()（）人名]{1,9}) ?[人名]?[)）]?$")  # 先着20人, （先着20名）
PERIOD = re.compile(r" ?期間 ?[:=] ?(?P<days>[^\s→⇒]+)$")
FIELD_KEYS = tuple(normalise.fold(word) for word in ("項目", "友だち情報", "field"))
PICTURE_EXAMPLES = ("＋画像 https://example.com/a.jpg",)
# Pages of ours behind an arrow; everything else there is an address, a telephone number or an action list.
PAGES: dict[str, Literal["form", "booking", "event"]] = {
    **dict.fromkeys(("フォーム", "アンケート", "form"), "form"),
    **dict.fromkeys(("予約", "booking"), "booking"),
    **dict.fromkeys(("イベント", "event"), "event"),
}
PAGE_WORDS = {"form": "フォーム", "booking": "予約", "event": "イベント"}
LINK_WORDS = ("リンク", "link")
REBOOK = "予約変更"

NAMED = ("image", "video", "audio")  # these may be given by a name of ours
WEB = re.compile("https?://", re.IGNORECASE)

Kind = Literal["image", "video", "audio", "sticker"]


class Reader:
    """Collects the pieces of one part and all that is wrong with them."""

    def __init__(self, *, bullets: bool = False, lists: bool = False) -> None:
        self.bullets = bullets  # whether `・はい → …` is a choice, as below ▼質問
        self.lists = lists  # whether every ・ is one of a list, as in a form
        self.pieces: list[Piece] = []
        self.faults: list[Fault] = []
        self.text: list[str] = []
        self.text_line = 0

    def take(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if blocks.sort(line) == "directive":
                self.close()
                self._directive(line)
            elif self.lists and _is_bullet(line):
                self.close()
                self._bullet(line)
            elif self.bullets and _is_bullet(line):
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
            self.faults.append(_unknown(line, word))
        elif key == "button":
            self._button(line, start)
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
        elif key in ENCLOSED:
            self._enclosure(line, start, key)
        else:
            self._attachment(line, start, ATTACHMENTS[key])

    def _enclosure(self, line: Line, start: int, key: str) -> None:
        value = line.lookup.carve_from(start).strip()
        word = blocks.DIRECTIVES[key][0]
        missing = [] if value else [Fault(line.number, line.raw, f"の{word}が書かれていません", (f"＋{word} 本店",))]
        self._found(line, Enclosure(ENCLOSED[key], value, line.number), missing)

    def _menu(self, line: Line, start: int) -> None:
        """`＋メニュー 通常` is short for ＋実行 メニュー 通常."""
        found, faults = actions.read(words.line_of(f"メニュー {line.lookup.carve_from(start)}", line.number))
        self._found(line, Run(found, line.number), faults)

    def _bullet(self, line: Line) -> None:
        bullet, faults = bullet_of(line, 1)
        self._found(line, bullet, faults)

    def _attachment(self, line: Line, start: int, kind: Kind) -> None:
        piece, faults = attached(line, start, kind)
        self._found(line, piece, faults)

    def _pick(self, line: Line, start: int, mode: Literal["date", "datetime"]) -> None:
        """`label 期間:12/1〜12/31 → 項目:name → actions`."""
        word = blocks.DIRECTIVES[mode][0]
        examples = (f"＋{word} 選ぶ → 項目:ご希望日", f"＋{word} 選ぶ 期間:明日〜30日後 → 項目:ご希望日")
        behind, arrow = _behind_quote(line, start)
        first = words.first(line, arrow[1]) if arrow else None
        named_ = _named_by(line, first) if first is not None and first.kind == "option" else []
        if arrow is None or first is None or normalise.fold(first.key) not in FIELD_KEYS or len(named_) != 1:
            what = "に、答えを入れる項目がありません（→ 項目:名前）"
            self.faults.append(Fault(line.number, line.raw, what, examples))
            return
        bounds = PERIOD.search(line.text, behind, arrow[0])
        label = _label(line, start, bounds.start() if bounds else arrow[0])
        least, most = periods.days(bounds["days"]) if bounds else (None, None)
        faults: list[Fault] = []
        if bounds and least is None and most is None:
            faults.append(Fault(line.number, line.raw, "の期間が読めません", examples))
        if periods.turned(least, most):
            faults.append(Fault(line.number, line.raw, "の期間は、初めの日を終わりの日より前にしてください", examples))
        if not label:
            faults.append(Fault(line.number, line.raw, "のボタンに文字がありません", examples))
        after = _arrow(line, first.end)
        more: tuple[actions.Action, ...] = ()
        if after is not None:
            more, wrong = actions.read(line, after[1])
            faults += wrong
        self._found(line, Pick(label, mode, named_[0], least, most, more, line.number), faults)

    def _button(self, line: Line, start: int) -> None:
        arrow = _arrow_behind_label(line, start)
        if arrow is None:
            self.faults.append(Fault(line.number, line.raw, "に → がありません", BUTTON_EXAMPLES))
            return
        label = _label(line, start, arrow[0])
        if not label:
            self.faults.append(Fault(line.number, line.raw, "のボタンに文字がありません", BUTTON_EXAMPLES))
            return
        target = target_of(line, arrow[1])
        if isinstance(target, list):
            self._found(line, Button(label, Do(()), line.number), target)
        else:
            self.pieces.append(Button(label, target, line.number))

    def _choice(self, line: Line) -> None:
        """`label 先着20人 → target`; the target may be missing, and so may the number of places."""
        label, places, arrow = _choice_parts(line)
        most = numbers.number(places["most"]) if places else None
        target = target_of(line, arrow[1]) if arrow else None
        faults = target if isinstance(target, list) else []
        wrong = ""
        if not label:
            wrong = "の選択肢に文字がありません"
        elif places and not most:
            wrong = "の人数が読めません"
        elif places and isinstance(target, Open):
            wrong = "の先着は、開くだけのボタンには付けられません"
        faults = [*faults, *([Fault(line.number, line.raw, wrong, CHOICE_EXAMPLES)] if wrong else [])]
        kept = None if isinstance(target, list) else target
        self._found(line, Choice(label, kept, most, line.number), faults)

    def _link(self, line: Line, start: int) -> None:
        name: Measured | None = None
        clicked: tuple[actions.Action, ...] = ()
        faults: list[Fault] = []
        address = ADDRESS.match(line.text, start)
        if address is None:
            self.faults.append(Fault(line.number, line.raw, "に https:// から始まる住所がありません", LINK_EXAMPLES))
            return
        for token in words.tokens(line, address.end()):
            if token.kind == "option" and normalise.fold(token.key) in ("名前", "name") and token.value.strip():
                number = LINK_NUMBER.fullmatch(token.value)
                name = Measured(Id("L", int(number[1])) if number else Name(token.value))
            elif token.kind == "arrow":
                clicked, faults = actions.read(line, token.end)
                break
            else:
                typed = line.lookup.carve(token.start, token.end)
                faults.append(Fault(line.number, line.raw, f"の「{typed}」はまだ使えません", LINK_EXAMPLES))
                break
        opened = line.lookup.carve(start, address.end())
        self._found(line, Link(opened, name, line.number, clicked), faults)

    def _found(self, line: Line, piece: Piece, faults: Sequence[Fault]) -> None:
        self.faults += [replace(fault, text=line.raw) for fault in faults]
        if not faults:
            self.pieces.append(piece)


ATTACHMENTS: dict[str, Kind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "sticker": "sticker",
}
ENCLOSED: dict[str, Literal["location", "coupon", "imagemap"]] = {
    "location": "location",
    "coupon": "coupon",
    "imagemap": "imagemap",
}


def bullet_of(line: Line, start: int) -> tuple[Bullet, list[Fault]]:
    """`label → target` from `start` on; the target may be missing."""
    arrow = _arrow_behind_label(line, start)
    if arrow is None:
        return Bullet(line.lookup.carve_from(start).strip(), None, line.number), []
    label = _label(line, start, arrow[0])
    target = target_of(line, arrow[1])
    if isinstance(target, list):
        return Bullet(label, None, line.number), target
    return Bullet(label, target, line.number), []


def _is_bullet(line: Line) -> bool:
    return line.text.startswith(BULLETS) and not line.text.startswith("・・") and len(line.text) > 1


def attached(line: Line, start: int, kind: Kind) -> tuple[Attachment, list[Fault]]:
    """What stands behind ＋画像 and the like, and what is wrong with it; a film may have actions behind an arrow."""
    arrow = _behind_quote(line, start)[1] if kind == "video" else None
    ahead = words.line_of(line.lookup.carve(0, arrow[0]), line.number) if arrow else line
    fault = media_fault(ahead, start, kind)
    found = attachment(ahead, start, kind)
    faults = [replace(fault, text=line.raw, corrected=None if arrow else fault.corrected)] if fault else []
    if arrow is None:
        return found, faults
    follows, wrong = actions.read(line, arrow[1])
    return replace(found, actions=follows), [*faults, *wrong]


def attachment(line: Line, start: int, kind: Kind) -> Attachment:
    """What stands behind ＋画像: the address or number as typed, or the name of one of ours."""
    media = media_named(line, start) if kind in NAMED else None
    value = "" if media else line.lookup.carve_from(start).strip()
    return Attachment(kind, value, line.number, media)


def media_named(line: Line, start: int, end: int | None = None) -> Object | None:
    """A name or number alone; an address is none."""
    found = words.tokens(line, start, end)
    if len(found) != 1 or isinstance(found[0].object, words.Person) or WEB.match(line.text, found[0].start):
        return None
    return found[0].object


def media_fault(line: Line, start: int, kind: Kind) -> Fault | None:
    """What is wrong with a picture that is neither an address nor a name, or not given at all."""
    rest = line.text[start:].strip()
    if kind == "sticker":
        if re.fullmatch(r"\d{1,20} ?/ ?\d{1,20}", rest):
            return None
        return Fault(line.number, line.raw, "のスタンプの番号が読めません", ("＋スタンプ 446/1988",))
    if not rest:
        return Fault(
            line.number,
            line.raw,
            "に、登録した名前か https:// から始まる住所がありません",
            (f"＋{blocks.DIRECTIVES[kind][0]} 外観", *PICTURE_EXAMPLES),
        )
    if WEB.match(rest) or media_named(line, start) is not None:
        return None
    typed = line.lookup.carve_from(start).strip()
    corrected = line.raw.replace(typed, words.quote(typed), 1)
    return Fault(line.number, line.raw, "の名前が読めません。空白などのある名前は「」で囲んでください", (), corrected)


def _unknown(line: Line, word: str) -> Fault:
    if blocks.hook_of(word) is not None:
        return Fault(line.number, line.raw, f"の「＋{word}」は、この種類のブロックでは使えません")
    spelled = [(normalise.fold(w), key) for key, all_ in blocks.DIRECTIVES.items() for w in all_]
    near = nearness.nearest(normalise.fold(normalise.lookup(word).text), spelled, 1) if word else []
    if near:
        _, _, start = blocks.directive_of(line)
        corrected = f"＋{blocks.DIRECTIVES[near[0]][0]} {line.lookup.carve_from(start)}".rstrip()
        return Fault(line.number, line.raw, f"の「＋{word}」が分かりません", (), corrected)
    run, faults = actions.read(line, 1)
    if run and not faults:
        corrected = f"＋実行 {line.lookup.carve_from(1).strip()}"
        return Fault(line.number, line.raw, "の動作の前に「実行」が要ります", (), corrected)
    return Fault(
        line.number,
        line.raw,
        f"の「＋{word}」が分かりません。本文なら「＋＋」と書いてください",
        ("＋ボタン 予約する → https://…", "＋画像 https://…", "＋実行 タグ付ける VIP"),
    )


def _arrow(line: Line, start: int) -> tuple[int, int] | None:
    """Where the first arrow behind `start` begins and ends; a full-width ＞ is one too."""
    found = ARROW.search(line.text, start)
    wide = line.raw.find("＞")
    if wide >= 0:
        at = next((i for i, raw in enumerate(line.lookup.starts) if raw == wide), None)
        if at is not None and at >= start and (found is None or at < found.start()):
            return at, at + 1
    return (found.start(), found.end()) if found else None


def _arrow_behind_label(line: Line, start: int) -> tuple[int, int] | None:
    """The arrow behind a label; one inside a label that is quoted whole belongs to the label."""
    text = line.text
    begin = start + text.startswith(" ", start)
    if begin < len(text) and text[begin] in words.OPENERS:
        end = words.closing(text, begin, len(text))
        arrow = _arrow(line, end + 1) if end >= 0 else None
        if arrow is not None and not text[end + 1 : arrow[0]].strip():
            return arrow
    return _arrow(line, start)


def _behind_quote(line: Line, start: int) -> tuple[int, tuple[int, int] | None]:
    """Where a label that is quoted whole ends, else `start`; and the first arrow behind that."""
    begin = start + line.text.startswith(" ", start)
    if begin < len(line.text) and line.text[begin] in words.OPENERS:
        end = words.closing(line.text, begin, len(line.text)) + 1
        if end:
            return end, _arrow(line, end)
    return start, _arrow(line, start)


def _choice_parts(line: Line) -> tuple[str, re.Match[str] | None, tuple[int, int] | None]:
    """The label of a choice, how many places it has, and where its arrow stands."""
    text = line.text
    begin = 1 + text.startswith(" ", 1)
    if begin < len(text) and text[begin] in words.OPENERS:
        end = words.closing(text, begin, len(text)) + 1
        arrow = _arrow(line, end) if end else None
        between = text[end : arrow[0] if arrow else len(text)].strip()
        places = PLACES.fullmatch(between)
        if end and (places or not between):
            return _label(line, 1, end), places, arrow
    arrow = _arrow(line, 1)
    end = arrow[0] if arrow else len(text)
    places = PLACES.search(text, 1, end)
    return _label(line, 1, places.start() if places else end), places, arrow


def _label(line: Line, start: int, end: int) -> str:
    label = line.lookup.carve(start, end).strip()
    if len(label) > 2 and words.OPENERS.get(label[0]) == label[-1] and label[-1] not in label[1:-1]:
        label = label[1:-1].strip()
    return label


def target_of(line: Line, start: int) -> Target | list[Fault]:
    """What a button does: an address, a telephone number, a template, actions."""
    while start < len(line.text) and line.text[start] == " ":
        start += 1
    address = ADDRESS.match(line.text, start)
    if address and address.end() == len(line.text):
        return Open(line.lookup.carve(start, address.end()))
    call = TEL.match(line.text, start) or JAPANESE_CALL.match(line.text, start)
    if call:
        return Open("tel:" + "".join(c for c in call[1] if c not in "() "))
    first = words.first(line, start)
    if first is None:
        return [Fault(line.number, line.raw, "の → の後に行き先がありません", BUTTON_EXAMPLES)]
    page = _page(line, start)
    if page is not None:
        return page
    if line.text[start:] == REBOOK:
        return Rebook()
    found, faults = actions.read(line, start)
    return faults or Do(found)


def _named_by(line: Line, option: words.Token) -> Sequence[Object]:
    """What `項目:名前` names."""
    if line.text[option.end - 1] in words.OPENERS.values():
        return [Name(option.value, quoted=True)]
    return words.names_in(option.value)


def _page(line: Line, start: int) -> Goto | Measured | None:
    """`フォーム:来店アンケート`, `リンク:春クーポン` alone."""
    found = words.tokens(line, start)
    key = normalise.fold(found[0].key) if len(found) == 1 and found[0].kind == "option" else ""
    kind = {normalise.fold(word): kind for word, kind in PAGES.items()}.get(key)
    if kind is None and key not in map(normalise.fold, LINK_WORDS):
        return None
    objects = _named_by(line, found[0])
    if len(objects) != 1:
        return None
    return Measured(objects[0]) if kind is None else Goto(kind, objects[0])


def show(pieces: Sequence[Piece], *, bullets: bool = False, lists: bool = False) -> list[str]:
    """The lines of a part in canonical form; `bullets` and `lists` as the Reader has them."""
    lines: list[str] = []
    for piece in pieces:
        if isinstance(piece, Text):
            lines += [_escaped(line, bullets, lists) for line in piece.text.split("\n")]
        else:
            lines.append(_shown(piece))
    return lines


def show_imagemap(piece: Imagemap) -> str:
    return f"{words.show(piece.media)} {piece.columns}x{piece.rows}"


def _shown(piece: Piece) -> str:
    match piece:
        case Imagemap():
            return show_imagemap(piece)
        case Attachment(kind, value, _, media, follows):
            shown = f"＋{blocks.DIRECTIVES[kind][0]} {_shown_media(media) if media else value}"
            return f"{shown} → {actions.show(follows)}" if follows else shown
        case Enclosure(enclosed, value):
            return f"＋{blocks.DIRECTIVES[enclosed][0]} {value}"
        case Link(address, name, _, clicked):
            link = name.link if name else None
            named = f" 名前={words.show(link)}" if isinstance(link, Id) else ""
            named = f" {words.show_option('名前', link.text)}" if isinstance(link, Name) else named
            return f"＋リンク {address}{named}" + (f" → {actions.show(clicked)}" if clicked else "")
        case Run(found):
            return f"＋実行 {actions.show(found)}"
        case Only(segment):
            return f"＋条件 {segments.show(segment)}"
        case Text(text):
            return text
        case _:
            return _shown_button(piece)


def _shown_button(piece: Button | Choice | Pick | Bullet) -> str:
    match piece:
        case Button(label, target):
            return f"＋ボタン {_shown_label(label)} → {_shown_target(target)}"
        case Choice():
            return f"・{_shown_choice(piece)}"
        case Pick():
            return _shown_pick(piece)
        case Bullet():
            return f"・{show_bullet(piece)}"


def _shown_choice(choice: Choice) -> str:
    label = _shown_label(choice.label)
    label = words.quote(choice.label) if label == choice.label and "先着" in label else label
    most = f" 先着{choice.most}人" if choice.most is not None else ""
    return f"{label}{most} → {_shown_target(choice.target)}" if choice.target is not None else f"{label}{most}"


def _shown_pick(pick: Pick) -> str:
    label = _shown_label(pick.label)
    label = words.quote(pick.label) if label == pick.label and "期間" in label else label
    within = f" 期間:{periods.show(pick.least, pick.most)}" if (pick.least, pick.most) != (None, None) else ""
    more = f" → {actions.show(pick.actions)}" if pick.actions else ""
    return f"＋{blocks.DIRECTIVES[pick.mode][0]} {label}{within} → {words.show_reference('項目', pick.to)}{more}"


def show_bullet(bullet: Bullet) -> str:
    if bullet.target is None:
        return bullet.label
    return f"{_shown_label(bullet.label)} → {_shown_target(bullet.target)}"


def _shown_media(media: Object) -> str:
    """A name that begins like an address is quoted, so that it is read as a name again."""
    if isinstance(media, Name) and WEB.match(media.text):
        return words.quote(media.text)
    return words.show(media)


def _escaped(raw: str, bullets: bool, lists: bool) -> str:
    line = words.line_of(raw)
    if (lists or bullets) and line.text.startswith(BULLETS) and len(line.text) > 1:
        return raw.replace("・", "・・", 1) if line.text.startswith("・") else raw
    return blocks.escaped(raw)


def _shown_label(label: str) -> str:
    line = words.line_of(f"＋ボタン {label} → x")
    _, _, start = blocks.directive_of(line)
    arrow = _arrow_behind_label(line, start)
    bare = arrow is not None and _label(line, start, arrow[0]) == label and label[0] not in (*BULLETS, *words.OPENERS)
    return label if bare else words.quote(label)


def _shown_target(target: Target) -> str:
    match target:
        case Open(address):
            return address
        case Do(found):
            return actions.show(found)
        case Goto(kind, name):
            return words.show_reference(PAGE_WORDS[kind], name)
        case Measured(link):
            return words.show_reference(LINK_WORDS[0], link)
        case Rebook():
            return REBOOK

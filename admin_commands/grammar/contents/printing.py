"""Pieces as the lines of a part, in canonical form."""

from collections.abc import Sequence

from admin_commands.grammar import actions, blocks, periods, segments, words
from admin_commands.grammar.contents import attaching, labels, targets
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
    OpenForm,
    Pick,
    Piece,
    Rebook,
    Run,
    Target,
    Text,
)
from admin_commands.grammar.words import Id, Name, Object


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
    return f"{words.show(piece.media)} {piece.drawn or f'{piece.columns}x{piece.rows}'}"


def _shown(piece: Piece) -> str:
    match piece:
        case Imagemap():
            return show_imagemap(piece)
        case Attachment(kind, value, _, media, follows):
            shown = f"＋{blocks.DIRECTIVES[kind][0]} {_shown_media(media) if media else value}"
            return f"{shown} → {actions.show(follows)}" if follows else shown
        case Enclosure(enclosed, value):
            return f"＋{blocks.DIRECTIVES[enclosed][0]} {value}"
        case Link(address, name, _, clicked, uncounted):
            link = name.link if name else None
            named = f" 名前={words.show(link)}" if isinstance(link, Id) else ""
            named = f" {words.show_option('名前', link.text)}" if isinstance(link, Name) else named
            named += f" {targets.UNCOUNTED[0]}" if uncounted else ""
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
            word = blocks.DIRECTIVES["quick" if piece.quick else "button"][0]
            return (
                f"＋{word} {_shown_label(label)} → {_shown_target(target)}"
                if target is not None
                else f"＋{word} {label}"
            )
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
    if isinstance(media, Name) and attaching.WEB.match(media.text):
        return words.quote(media.text)
    return words.show(media)


def _escaped(raw: str, bullets: bool, lists: bool) -> str:
    line = words.line_of(raw)
    if (lists or bullets) and line.text.startswith(labels.BULLETS) and len(line.text) > 1:
        return raw.replace("・", "・・", 1) if line.text.startswith("・") else raw
    return blocks.escaped(raw)


def _shown_label(label: str) -> str:
    line = words.line_of(f"＋ボタン {label} → x")
    _, _, start = blocks.directive_of(line)
    arrow = labels.arrow_behind_label(line, start)
    bare = (
        arrow is not None
        and labels.label(line, start, arrow[0]) == label
        and label[0] not in (*labels.BULLETS, *words.OPENERS)
    )
    return label if bare else words.quote(label)


def _shown_target(target: Target) -> str:
    match target:
        case Open(address, uncounted):
            return f"{address} {targets.UNCOUNTED[0]}" if uncounted else address
        case Do(found):
            return actions.show(found)
        case OpenForm(form):
            return words.show_reference(targets.FORM_WORDS[0], form)
        case Goto(kind, name):
            return words.show_reference(targets.PAGE_WORDS[kind], name)
        case Measured(link):
            return words.show_reference(targets.LINK_WORDS[0], link)
        case Rebook():
            return targets.REBOOK

"""The line of a ▼ in a form and the ・ lines below it: `お名前 [短文] 必須 もし … → 項目:氏名 → actions`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from admin_commands.grammar import actions, asked, blocks, normalise, words
from admin_commands.grammar.contents import labels
from admin_commands.grammar.definitions import FormOption, FormQuestion
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.words import Line, Object
from jobs.forms.kinds import KINDS

BRACKET = re.compile(r"\[ ?(?P<word>[^\[\]]{1,24}?) ?\]")
IF = re.compile(r"(?:^| )もし ?(?=\S)")
TOPPED = re.compile(r"(?P<word>\D+?) ?(?P<top>\d{1,2})(?:段階)?")
PAGE, RESULT = ("ページ", "page", "改ページ"), ("結果", "result", "診断結果")
FIELD_KEYS = tuple(normalise.fold(word) for word in ("項目", "友だち情報", "field"))
SUFFIX = re.compile(
    r" ?(?:[(（]? ?先着 ?(?P<most>\d{1,7}) ?[人名]? ?[)）]?|(?P<points>-?\d{1,6})点|(?P<right>正解|◎)"
    r"|[(（] ?(?P<other>記入|自由記入|記述) ?[)）])$"
)
EXAMPLES = ("▼お名前 [短文] 必須", "▼ご希望 [単一]", "▼お客様について [ページ]")
SPELLED = {normalise.fold(word): kind.key for kind in KINDS.values() for word in (kind.word, *kind.spellings)}


@dataclass(frozen=True, slots=True)
class Title:
    """What a ▼ line says. `kind` is a question's, `page` or `result`; `top` what stands behind 評価."""

    label: str
    kind: str
    said: str
    top: int | None
    when: asked.Asked | None
    to: Object | None
    actions: tuple[actions.Action, ...]


def read(line: Line, start: int) -> tuple[Title | None, list[Fault]]:
    """The ▼ line, its title from `start` on."""
    behind, _ = labels.behind_quote(line, start)
    bracket = BRACKET.search(line.text, behind)
    if bracket is None:
        label = line.lookup.carve_from(start).strip()
        told = "に種類がありません（[短文] のように、質問の後に書いてください）"
        return None, [Fault(line.number, line.raw, told, EXAMPLES[:2], f"▼{label} [短文]" if label else None)]
    label = labels.label(line, start, bracket.start())
    kind, top = _kind(bracket["word"])
    if kind is None:
        known = "・".join(one.word for one in KINDS.values())
        return None, [Fault(line.number, line.raw, f"の種類「{bracket['word']}」が分かりません（{known}）")]
    arrow = _arrow(line, bracket.end())
    end = arrow[0] if arrow else len(line.text)
    middle = line.text[bracket.end() : end]
    begins = IF.search(middle)
    faults: list[Fault] = []
    when = None
    if begins is not None:
        said = words.line_of(line.lookup.carve(bracket.end() + begins.end(), end), line.number)
        found = asked.read(said)
        if isinstance(found, asked.Problem):
            faults.append(Fault(line.number, line.raw, found.what, asked.EXAMPLES[:1]))
        else:
            when = found
    to, given, wrong = _behind(line, arrow[1]) if arrow else (None, (), [])
    faults += wrong
    flags = middle[: begins.start()] if begins else middle
    return Title(label, kind, flags.strip(), top, when, to, given), faults


def _arrow(line: Line, start: int) -> tuple[int, int] | None:
    """The first arrow that stands in no quotes."""
    found = words.tokens(line, start)
    if found and found[-1].kind == "unclosed":
        return labels.arrow(line, start)
    return next(((token.start, token.end) for token in found if token.kind == "arrow"), None)


def _kind(word: str) -> tuple[str | None, int | None]:
    folded = normalise.fold(word)
    if folded in map(normalise.fold, PAGE):
        return "page", None
    if folded in map(normalise.fold, RESULT):
        return "result", None
    if folded in SPELLED:
        return SPELLED[folded], None
    topped = TOPPED.fullmatch(word)
    kind = SPELLED.get(normalise.fold(topped["word"])) if topped else None
    if topped is None or kind is None or KINDS[kind].counts != "top":
        return None, None
    return kind, int(topped["top"])


def _behind(line: Line, start: int) -> tuple[Object | None, tuple[actions.Action, ...], list[Fault]]:
    """`項目:氏名 → actions`, either of which may be missing."""
    first = words.first(line, start)
    if first is None or first.kind != "option" or normalise.fold(first.key) not in FIELD_KEYS:
        found, faults = actions.read(line, start)
        return None, found, faults
    named = words.values_of(line, first)
    if len(named) != 1:
        return None, (), [Fault(line.number, line.raw, "の項目の名前が読めません", ("→ 項目:氏名",))]
    after = labels.arrow(line, first.end)
    if after is None:
        return named[0], (), []
    found, faults = actions.read(line, after[1])
    return named[0], found, faults


def option(line: Line) -> tuple[FormOption, list[Fault]]:
    """`・カット 先着10人 3点 正解 (記入) → actions`."""
    end, arrow = labels.behind_quote(line, 1)
    if end == 1:
        arrow = labels.arrow(line, 1)
    limit = arrow[0] if arrow else len(line.text)
    most = points = None
    right = other = False
    while (found := SUFFIX.search(line.text, end if end > 1 else 1, limit)) is not None and found.start() > 1:
        most = int(found["most"]) if found["most"] else most
        points = int(found["points"]) if found["points"] else points
        right, other = right or bool(found["right"]), other or bool(found["other"])
        limit = found.start()
    given, faults = actions.read(line, arrow[1]) if arrow else ((), [])
    made = FormOption(labels.label(line, 1, limit), given, most, points, right, other, line.number)
    if not made.label:
        faults = [*faults, Fault(line.number, line.raw, "の選択肢に文字がありません", ("・カット",))]
    if most == 0:
        faults = [*faults, Fault(line.number, line.raw, "の先着は1人からです", ("・カット 先着10人",))]
    return made, faults


# ---- canonical text ----


def show(label: str, kind: str, flags: Sequence[str], when: asked.Asked | None) -> str:
    """`▼お名前 [短文] 必須 もし …`."""
    bare = labels.label(line := words.line_of(f"▼{label} [短文]"), 1, len(line.text) - 5)
    safe = (
        bare == label
        and blocks.sort(line) == "part"
        and not set(label) & {*"[]［］【】", *words.OPENERS, *words.OPENERS.values()}
    )
    told = [f"▼{label if safe else words.quote(label)} [{kind}]", *flags]
    return " ".join([*told, *([f"もし {asked.show(when)}"] if when is not None else [])])


def show_option(one: FormOption) -> str:
    told = [f"先着{one.most}人"] if one.most is not None else []
    told += [f"{one.points}点"] if one.points is not None else []
    told += ["正解"] if one.right else []
    label = one.label if _bare(one.label) else words.quote(one.label)
    shown = " ".join([f"・{label}" + ("(記入)" if one.other else ""), *told])
    return f"{shown} → {actions.show(one.actions)}" if one.actions else shown


def _bare(label: str) -> bool:
    found, _ = option(words.line_of(f"・{label}"))
    return found == FormOption(label) and label[0] not in (*labels.BULLETS, *words.OPENERS)


def word_of(one: FormQuestion) -> str:
    """短文, 評価5."""
    kind = KINDS[one.kind]
    return f"{kind.word}{one.most}" if kind.counts == "top" and one.most is not None else kind.word

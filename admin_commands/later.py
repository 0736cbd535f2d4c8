"""What blocks can say and the shop cannot do yet: each place of it, told with its line before anything is kept."""

from collections.abc import Iterator, Sequence

from admin_commands import segments
from admin_commands.grammar import actions, branching, contents, definitions, heads, lexicon
from admin_commands.grammar.definitions import Deeds, Outline, Usable
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import Segment, printing
from jobs import timing
from jobs.actions import KINDS

Found = tuple[int, str]
Targeted = definitions.Scenario | definitions.AutoReply | definitions.Broadcast | definitions.Form


def faults(definition: Usable | Deeds) -> list[Fault]:
    """Parts of a block without an effect yet, conditions that do not say one thing only, branches written as text."""
    found = [Fault(line, text_at(definition, line), f"の{what}はまだ使えません") for line, what in _in(definition)]
    target = _of_target(definition) if isinstance(definition, Targeted) else ()
    steps = _of_conditions(definition) if isinstance(definition, definitions.Scenario) else ()
    return [*target, *steps, *_of_actions(definition), *_of_branches(definition), *found]


def _of_actions(definition: Usable | Deeds) -> Iterator[Fault]:
    """What the conditions of single actions do not say clearly."""
    for piece in pieces(definition):
        for action in _acts(piece):
            if action.when is not None:
                yield from _unclear(definition, action.when, piece.line)


def pieces(definition: Usable | Deeds) -> Iterator[definitions.Piece]:
    """All that stands below its ▼, and what a scenario does of its own accord."""
    for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
        yield from getattr(part, "pieces", ())
    if isinstance(definition, definitions.Scenario):
        yield from (*definition.finish, *([definition.over] if definition.over else []))
    if isinstance(definition, definitions.Form):
        yield from _of_form(definition)


def _of_form(form: definitions.Form) -> Iterator[definitions.Run]:
    """What answers do: of a question, of each choice, of the whole."""
    for part in form.parts:
        if isinstance(part, definitions.FormQuestion):
            yield definitions.Run(part.actions, part.line)
            yield from (definitions.Run(option.actions, option.line) for option in part.options)
    yield definitions.Run(form.actions, form.line)


def _acts(piece: definitions.Piece) -> Sequence[actions.Action]:
    match piece:
        case definitions.Button(target=definitions.Do(found)) | definitions.Choice(target=definitions.Do(found)):
            return found
        case definitions.Link(actions=found):
            return found
        case definitions.Run(found) | definitions.Attachment(actions=found) | definitions.Pick(actions=found):
            return found
    return ()


def _of_target(definition: Targeted) -> Iterator[Fault]:
    """What 対象 and 除く do not say clearly."""
    besides = definition.besides if isinstance(definition, definitions.Broadcast) else None
    for one in (definition.target, besides):
        if one is not None:
            yield from _unclear(definition, one, _line_with(definition, one.raw.split("\n")[0]))


def _of_conditions(scenario: definitions.Scenario) -> Iterator[Fault]:
    """What 終了, もし and ＋条件 do not say clearly, and an そうでなければ without its もし."""
    if scenario.ends_when is not None:
        line = _line_with(scenario, scenario.ends_when.raw.split("\n")[0])
        yield from _unclear(scenario, scenario.ends_when, line)
    conditional = False
    for step in scenario.steps:
        only = [one for one in step.pieces if isinstance(one, definitions.Only)]
        if step.otherwise and not conditional:
            yield Fault(step.line, text_at(scenario, step.line), "の前に「もし」の付いた ▼ がありません")
        if step.when is not None:
            yield from _unclear(scenario, step.when, step.line)
        for one in only:
            yield from _unclear(scenario, one.segment, one.line)
        conditional = (conditional and step.otherwise) or step.when is not None or bool(only)


def _unclear(definition: definitions.Holder, given: Segment, line: int) -> Iterator[Fault]:
    text = text_at(definition, line)
    for one, why, ways in segments.doubts(given.tree) if given.tree is not None else ():
        shown = tuple(printing.show(way) for way in ways)
        asked = printing.show(one)
        mended = text.replace(asked, shown[0]) if len(shown) == 1 else text
        what = f"の{asked if asked.startswith('「') else f'「{asked}」'}{why}"
        yield Fault(line, text, what, shown, mended if mended != text else None)


def _of_branches(definition: Usable | Deeds) -> Iterator[Fault]:
    """Lines of the customers' text that were meant to be a branch; 、 at their end makes them text."""
    asked = branching.CONDITION
    for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
        for piece in getattr(part, "pieces", ()):
            given = piece.text.split("\n") if isinstance(piece, definitions.Text) else ()
            for place, text in enumerate(given):
                found = branching.condition(text)
                if found is None:
                    continue
                asked = found or asked
                line = _line_of(definition, piece.line + place, text)
                yield Fault(line, text_at(definition, line), *_branched(definition, part, asked))


def _branched(definition: Usable | Deeds, part: object, asked: str) -> tuple[str, tuple[str, ...]]:
    """Where a branch is written, and how."""
    as_text = "。文字のまま送るなら、行の終わりに「、」を付けてください"
    if isinstance(part, definitions.Step):
        when = timing.describe(part.timing)
        return (
            f"は本文では分岐になりません。シナリオの ▼ の行の、時間の後に書いてください{as_text}",
            (f"▼{when} もし {asked}", f"▼{when} そうでなければ"),
        )
    if isinstance(definition, definitions.Broadcast):
        return f"は本文では分岐になりません。「対象:」で、送る方ごとに配信を分けてください{as_text}", (
            f"対象: {asked}",
        )
    return (
        f"は本文では分岐になりません。「＋実行」の行に書いてください{as_text}",
        (f"＋実行 もし {asked} なら 送る 「本文」",),
    )


def _line_of(definition: Usable | Deeds, least: int, text: str) -> int:
    """The line of the message in which this text stands: comments may have moved it down from where it would be."""
    lines = definition.source.split("\n")
    start = max(0, least - definition.line)
    return next((definition.line + at for at in range(start, len(lines)) if lines[at].strip() == text.strip()), least)


def _line_with(definition: Usable, text: str) -> int:
    """The line of the message, in the head of a block, where this stands; else the block's first."""
    for place, line in enumerate(definition.source.split("\n")):
        if text in line:
            return definition.line + place
    return definition.line


def text_at(definition: definitions.Holder, line: int) -> str:
    """A line of the message that a block was typed in, as far as it belongs to the block."""
    lines = definition.source.split("\n")
    place = line - definition.line
    return lines[place].strip() if 0 <= place < len(lines) else ""


def unusable(outline: Outline) -> str:
    """That a kind of block cannot be used yet, and which can."""
    known = "・".join(f"■{lexicon.NOUN[kind].words[0]}" for kind in heads.BLOCK_KEYS)
    word = lexicon.NOUN[outline.kind].words[0]
    return f"{outline.line}行目の「■{word}」はまだ使えません。何も変えていません。\n今使えるブロック: {known}"


def _in(definition: Usable | Deeds) -> Iterator[Found]:
    if isinstance(definition, definitions.Greeting):
        yield from ((way.line, "流入経路ごとのあいさつ") for way in definition.routes)
    for piece in pieces(definition):
        if isinstance(piece, definitions.Only) and not isinstance(definition, definitions.Scenario):
            yield piece.line, "「＋条件」"
        quick = isinstance(piece, definitions.Button) and piece.quick
        if quick and not isinstance(definition, definitions.Broadcast):
            yield piece.line, "「＋クイック」（■配信なら使えます）"
        yield from ((piece.line, what) for what in _in_piece(piece))


def _in_piece(piece: definitions.Piece) -> Iterator[str]:
    match piece:
        case definitions.Enclosure("imagemap"):
            yield "「＋画像マップ」（■テンプレの「▼画像マップ 名前 2x1」なら使えます）"
        case definitions.Link(actions=clicked):
            yield from filter(None, map(_without_effect, clicked))
        case definitions.Button(target=target) | definitions.Choice(target=target):
            yield from _in_target(target)
        case definitions.Run(found) | definitions.Attachment(actions=found) | definitions.Pick(actions=found):
            yield from filter(None, map(_without_effect, found))


def _in_target(target: definitions.Target | None) -> Iterator[str]:
    match target:
        case definitions.Goto(kind):
            yield f"「{contents.PAGE_WORDS[kind]}:」"
        case definitions.Rebook():
            yield f"「{contents.REBOOK}」"
        case definitions.Do(found):
            yield from filter(None, map(_without_effect, found))


def _without_effect(given: actions.Action) -> str:
    kind = KINDS[given.do]
    return "" if kind.effect else f"動作「{kind.word}」"

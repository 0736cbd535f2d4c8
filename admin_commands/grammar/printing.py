"""A definition as the block staff would write: what 書出 prints and what a diff compares."""

from collections.abc import Iterator, Mapping, Sequence

from admin_commands.grammar import (
    actions,
    areas,
    auto_replies,
    broadcasts,
    contents,
    outlines,
    segments,
    variants,
    words,
)
from admin_commands.grammar.blocks import TO_BE_CONTINUED
from admin_commands.grammar.building import builder, greetings, scenarios, templates
from admin_commands.grammar.building.triggers import BECOMES
from admin_commands.grammar.definitions import (
    ActionSet,
    AutoReply,
    Broadcast,
    Bullet,
    Definition,
    Form,
    Greeting,
    Imagemap,
    Outline,
    Piece,
    Scenario,
    State,
    Step,
    Template,
    TemplatePart,
    Trigger,
)
from admin_commands.grammar.forms import head
from admin_commands.grammar.forms import printing as forms
from admin_commands.grammar.segments import moments
from admin_commands.grammar.words import Name
from jobs import hours, timing

RESTARTS = {key: spelled[0] for key, spelled in scenarios.RESTARTS.items()}
STATES = {key: spelled[0] for key, spelled in builder.STATES.items()}
GREETINGS: dict[str, str] = {key: spelled[0] for key, spelled in greetings.GREETINGS.items()}
FORMS: Mapping[str, str] = {key: spelled[0] for key, spelled in templates.FORMS.items()}


def print_block(definition: Definition) -> str:
    """Canonical Japanese; reading it gives the same definition."""
    match definition:
        case Scenario():
            lines = _scenario(definition)
        case Greeting():
            lines = _greeting(definition)
        case Template():
            lines = _template(definition)
        case Broadcast():
            lines = _broadcast(definition)
        case ActionSet():
            lines = _action_set(definition)
        case AutoReply():
            lines = _auto_reply(definition)
        case Form():
            lines = _form(definition)
        case Outline():
            lines = outlines.show(definition, _name(definition.name))
    if lines[-1].strip() == TO_BE_CONTINUED:
        lines.append("//")
    return "\n".join(lines)


def _scenario(scenario: Scenario) -> list[str]:
    lines = [f"■シナリオ {_name(scenario.name)}", *_state(scenario.state)]
    lines += [f"{key}: {value}" for key, value in _head(scenario) if value]
    lines += _version(scenario.version)
    lines += [f"＋{scenarios.FINISH} {actions.show(run.actions)}" for run in scenario.finish]
    for step in scenario.steps:
        lines.append(f"▼{timing.describe(step.timing)}{_branch(step)}")
        lines += contents.show(step.pieces)
    return lines


def _head(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Key and value of each head line, empty for what is not said."""
    yield "開始", ", ".join(map(_trigger, scenario.start))
    yield "対象", segments.show(scenario.target) if scenario.target is not None else ""
    yield "追加日", moments.show(scenario.added) if scenario.added is not None else ""
    yield "期間", moments.show(scenario.period) if scenario.period is not None else ""
    yield "上限", f"{scenario.cap}人" if scenario.cap is not None else ""
    yield "超過時", actions.show(scenario.over.actions) if scenario.over is not None else ""
    yield "終了", ", ".join(map(_trigger, scenario.end))
    yield "終了", segments.show(scenario.ends_when) if scenario.ends_when is not None else ""
    yield "配信可能", hours.show(scenario.window) if scenario.window is not None else ""
    yield "同時", "1つ" if scenario.exclusive else ""
    yield "再開始", RESTARTS[scenario.restart] if scenario.restart != "never" else ""


def _branch(step: Step) -> str:
    if step.otherwise:
        return " そうでなければ"
    return f" もし {segments.show(step.when)}" if step.when is not None else ""


def _greeting(greeting: Greeting) -> list[str]:
    lines = ["■あいさつ 友だち追加", *_state(greeting.state), *_version(greeting.version)]
    for part in greeting.parts:
        lines.append(f"▼{GREETINGS[part.kind]}")
        lines += contents.show(part.pieces)
    for way in greeting.routes:
        lines.append(f"▼{words.show_reference('流入', way.route)}")
        lines += contents.show(way.pieces)
    return lines


def _template(template: Template) -> list[str]:
    lines = [f"■テンプレ {_name(template.name)}"]
    lines += ["回答: 1回"] if template.once else []
    lines += [f"2回目: {template.again}"] if template.again is not None else []
    lines += [f"満員: {template.full}"] if template.full is not None else []
    lines += _version(template.version)
    return [*lines, *_parts(template.parts)]


def _broadcast(given: Broadcast) -> list[str]:
    lines = [f"■配信 {_name(given.name)}"]
    if given.target is not None:
        lines.append(f"対象: {segments.show(given.target)}")
    lines += [*broadcasts.show(given), *variants.show(given), *_version(given.version)]
    if not given.variants:
        return [*lines, *_parts(given.parts)]
    for variant, parts in variants.parts_of(given):
        own = _parts(parts)
        lines.append(f"▼{variants.title(variant)}")
        lines += own[1:] if own[:1] == [f"▼{FORMS['body']}"] else own  # its first text needs no line of its own
    return lines


def _parts(parts: Sequence[TemplatePart]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if part.pieces and isinstance(part.pieces[0], Imagemap):
            lines.append(f"▼画像マップ {contents.show_imagemap(part.pieces[0])}")
            lines += _areas(part.pieces[0], part.pieces[1:])
            continue
        lines.append(f"▼{_title(part)}")
        lines += contents.show(part.pieces, bullets=part.kind == "question")
    return lines


def _areas(picture: Imagemap, pieces: Sequence[Piece]) -> list[str]:
    """The lines below ▼画像マップ, those of a drawn one under its letters."""
    fields = areas.of(picture.drawn) if picture.drawn else ""
    if isinstance(fields, str):
        return contents.show(pieces, lists=True)
    bullets = [piece for piece in pieces if isinstance(piece, Bullet)]
    return [f"{letter}: {contents.show_bullet(one)}" for letter, one in zip(fields, bullets, strict=True)]


def _action_set(given: ActionSet) -> list[str]:
    lines = [f"■アクション {_name(given.name)}", *_version(given.version)]
    return lines + [f"・{actions.show(piece.actions)}" for piece in given.pieces]


def _auto_reply(given: AutoReply) -> list[str]:
    lines = [f"■自動応答 {_name(given.name)}", *_state(given.state), *auto_replies.show(given)]
    if given.target is not None:
        lines.append(f"対象: {segments.show(given.target)}")
    lines += _version(given.version)
    for part in given.parts:
        lines += ["▼返信", *contents.show(part.pieces)]
    return lines


def _form(given: Form) -> list[str]:
    lines = [f"■フォーム {_name(given.name)}", *_state(given.state), *head.show(given), *_version(given.version)]
    return [*lines, *forms.below(given)]


def _title(part: TemplatePart) -> str:
    return f"{FORMS[part.kind]} {part.title}".rstrip()


def _state(state: State | None) -> list[str]:
    return [] if state is None else [f"状態: {STATES[state]}"]


def _version(version: int | None) -> list[str]:
    return [] if version is None else [f"版: {version}"]


def _trigger(trigger: Trigger) -> str:
    if trigger.tag is None:
        return "友だち追加"
    if isinstance(trigger.tag, Name) and trigger.tag.text.endswith(BECOMES):
        return f"タグ:{words.quote(trigger.tag.text)} が付いたら"
    return f"{words.show_reference('タグ', trigger.tag)} が付いたら"


def _name(name: str) -> str:
    """The name of a block, in quotes where its ends would be lost."""
    return words.quote(name) if name[:1] in words.OPENERS or name != words.verbatim(name) else name

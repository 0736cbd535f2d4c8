"""What a condition asks about a form, beside what the form asks: its questions and choices by their own names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from admin_commands.grammar import nearness
from admin_commands.grammar.segments.kinds.forms import Answer
from storage import names

SHOWN = 6  # labels that are told


@dataclass(frozen=True, slots=True)
class Strange:
    """The form has no such question or choice: why, and what was probably meant."""

    why: str
    near: Sequence[Answer]


def called(one: Answer, asked: Mapping[str, Sequence[str]]) -> Answer | Strange:
    """The condition with the labels as they stand in the form; `asked` are its questions with their choices."""
    question = _same(one.question, list(asked))
    if question is None:
        near = [replace(one, question=label) for label in _near(one.question, list(asked))]
        return Strange(f"の質問「{one.question}」はこのフォームにありません。{_told('質問', list(asked))}", near)
    options = asked[question]
    if not options or one.sign != "=":
        return replace(one, question=question)
    value = _same(one.value, options)
    if value is None:
        near = [replace(one, question=question, value=label) for label in _near(one.value, options)]
        return Strange(f"の選択肢「{one.value}」はこの質問にありません。{_told('選択肢', options)}", near)
    return replace(one, question=question, value=value)


def _same(given: str, labels: Sequence[str]) -> str | None:
    key = names.name_key(given)
    return next((one for one in labels if one == given or names.name_key(one) == key), None)


def _near(given: str, labels: Sequence[str]) -> list[str]:
    return nearness.nearest(names.name_key(given), [(names.name_key(one), one) for one in labels], 2)


def _told(what: str, labels: Sequence[str]) -> str:
    return f"{what}: {'・'.join(labels[:SHOWN])}{' ほか' if len(labels) > SHOWN else ''}" if labels else ""

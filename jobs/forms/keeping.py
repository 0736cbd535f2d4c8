"""An answer as the rows that are kept, as the value of a field, and back as what a page shows."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from jobs.forms.answers import OTHER, Answer, Answers, address_parts
from jobs.forms.definition import CHOICES, UPLOADS, Form, Question
from storage import fields, names
from storage.fields import values
from storage.forms import submissions

NUMBERS = frozenset({"number", "rating", "scale", "consent"})
BETWEEN = "、"  # of several choices in one text


def rows(form: Form, answers: Answers) -> list[submissions.Value]:
    """One row for each value, in the order of the form."""
    found = []
    for question in form.questions():
        answer = answers.get(question.key)
        if answer is None:
            continue
        if question.kind in CHOICES:
            found += [
                submissions.Value(question.key, one.key, answer.other if one.other else one.label)
                for one in question.options
                if one.key in answer.chosen
            ]
        else:
            number = Decimal(answer.text) if question.kind in NUMBERS else None
            found.append(submissions.Value(question.key, None, answer.text, number))
    return found


def answers_of(form: Form, kept: Sequence[submissions.Value]) -> dict[str, Answer]:
    """The answers that these rows are, to questions that this version of the form still has in that way."""
    found: dict[str, Answer] = {}
    for question in form.questions():
        own = [one for one in kept if one.question == question.key]
        if question.kind in CHOICES:
            options = {one.key: one for one in question.options}
            known = [one for one in own if one.option in options]
            other = next((one.text for one in known if one.option and options[one.option].other), "")
            if known:
                found[question.key] = Answer(chosen=tuple(one.option for one in known if one.option), other=other)
        elif own and _is_one(question, own[0]):
            found[question.key] = Answer(own[0].text)
    return found


def _is_one(question: Question, value: submissions.Value) -> bool:
    """Whether this was kept for a question of such a kind; under the same key there may have been one of another."""
    if value.option is not None or (value.number is None) is (question.kind in NUMBERS):
        return False
    if question.kind in UPLOADS:
        return value.text.isdecimal() and len(value.text) < 19
    if question.kind in ("date", "datetime"):
        try:
            return (datetime.fromisoformat(value.text).tzinfo is None) is (question.kind == "date")
        except ValueError:
            return False
    return True


def shown(question: Question, answer: Answer, zone: ZoneInfo) -> dict[str, str | list[str]]:
    """What a page's inputs hold for it, as a page sends it again."""
    key = question.key
    match question.kind:
        case "multiple":
            return {key: list(answer.chosen), f"{key}.{OTHER}": answer.other}
        case "single" | "pulldown":
            return {key: answer.chosen[0], f"{key}.{OTHER}": answer.other} if answer.chosen else {}
        case "address":
            return {f"{key}.{part}": text for part, text in address_parts(answer.text).items()}
        case "datetime":
            return {key: datetime.fromisoformat(answer.text).astimezone(zone).strftime("%Y-%m-%dT%H:%M")}
    return {key: answer.text}


def worded(question: Question, answer: Answer, zone: ZoneInfo) -> str:
    """In plain words on a line: the labels of what was chosen, a moment by the shop's clock."""
    if question.kind in CHOICES:
        told = [answer.other if one.other else one.label for one in question.options if one.key in answer.chosen]
        return BETWEEN.join(told)
    if question.kind == "datetime":
        return datetime.fromisoformat(answer.text).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return "はい" if question.kind == "consent" else answer.text


def for_field(question: Question, answer: Answer, field: fields.Kept, zone: ZoneInfo) -> str | None:
    """The value a field gets, in the spelling of its kind; None where this answer is none of that kind."""
    if question.kind in UPLOADS:
        return None
    words = worded(question, answer, zone)
    match field.kind:
        case "text" | "long_text":
            return words
        case "number":
            fits = re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", words, re.ASCII)
            return values.number(Decimal(words)) if question.kind != "phone" and fits else None
        case "choice":
            return next((one for one in field.choices if names.name_key(one) == names.name_key(words)), None)
        case "date":
            return words[:10] if question.kind in ("date", "datetime") else None
        case "datetime":
            return answer.text if question.kind == "datetime" else None
        case "yes_no":
            return {"はい": "1", "いいえ": "0"}.get(words)
    return None


def from_field(question: Question, kept: str, field_kind: str, zone: ZoneInfo) -> Answer | None:
    """What a question begins with where this is known already; None where it is of no use to it."""
    if question.kind in UPLOADS or not kept:
        return None
    if question.kind in CHOICES:
        wanted = [names.name_key(one) for one in kept.split(BETWEEN)]
        chosen = tuple(one.key for one in question.options if names.name_key(one.label) in wanted and not one.other)
        return Answer(chosen=chosen[: None if question.kind == "multiple" else 1]) if chosen else None
    if question.kind == "consent":
        return None  # given anew each time
    if question.kind == "date":
        return Answer(kept) if field_kind == "date" and int(kept[:4]) != values.YEARLESS else None
    if question.kind == "datetime":
        return Answer(kept) if field_kind == "datetime" else None
    if field_kind == "datetime":
        return Answer(datetime.fromisoformat(kept).astimezone(zone).strftime("%Y-%m-%d %H:%M"))
    return Answer(kept) if question.kind != "address" or address_parts(kept) else None


def prefilled(form: Form, known: Mapping[str, Answer], zone: ZoneInfo) -> dict[str, str | list[str]]:
    """What a page's inputs begin with: what is known, else what the form says."""
    found: dict[str, str | list[str]] = {}
    for question in form.questions():
        if question.key in known:
            found |= shown(question, known[question.key], zone)
        elif question.default:
            found |= _default(question)
    return found


def _default(question: Question) -> dict[str, str | list[str]]:
    if question.kind not in CHOICES:
        return {question.key: question.default}
    wanted = {names.name_key(one) for one in re.split("[、・,]", question.default)} | {names.name_key(question.default)}
    chosen = [one.key for one in question.options if names.name_key(one.label) in wanted]
    if not chosen:
        return {}
    return {question.key: chosen if question.kind == "multiple" else chosen[0]}

"""Checking what a page sends: what is asked, what of it can be taken, and what is wrong with the rest.

A page sends one flat object: the key of a question with its text, the key of the option (single, pulldown), a list of
such keys (multiple), `1` (consent) or the token of an upload; `q2.other` is the line behind その他, `q5.postcode`,
`q5.prefecture`, `q5.city` and `q5.rest` are an address. Whatever else it says is passed over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.forms import reaching, reading
from jobs.forms.answers import Answer, Fault, Raw, Wrong
from jobs.forms.definition import Form, Question
from jobs.forms.reading.at import At


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers to what is asked that can be taken, and what is wrong with the others, by the question's key."""

    values: Mapping[str, Answer]
    faults: Mapping[str, Fault]


def check(form: Form, raw: Raw, now: datetime, zone: ZoneInfo, questions: Collection[str] | None = None) -> Checked:
    """Read everything that is asked; faults are told of these questions, or of all.

    What is asked depends on the answers that can be taken; an answer to what is not asked is passed over.
    """
    at = At(now, zone)
    taken: dict[str, Answer] = {}
    faults: dict[str, Fault] = {}
    for page in form.pages:
        if not reaching.page_asked(page, taken):
            continue
        for question in page.questions:
            if not question.asks or not reaching.question_asked(question, taken):
                continue
            try:
                answer = _read(question, raw, at)
            except Wrong as wrong:
                if questions is None or question.key in questions:
                    faults[question.key] = wrong.fault
            else:
                if answer is not None:
                    taken[question.key] = answer
    return Checked(taken, faults)


def _read(question: Question, raw: Raw, at: At) -> Answer | None:
    answer = reading.READERS[question.kind](question, raw, at)
    if answer is None and question.required and question.kind != "hidden":
        raise Wrong("consent" if question.kind == "consent" else "required")
    return answer

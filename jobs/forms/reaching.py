"""What of a form is reached with some answers: pages and questions, points, the result, what was right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jobs.forms.answers import Answer, Answers
from jobs.forms.definition import Form, Page, Question, Result, When
from jobs.keywords import folding


def holds(when: When | None, answers: Answers) -> bool:
    """Whether a condition on answers is true; of a question without an answer only `filled: false` is."""
    if when is None:
        return True
    if "all" in when:
        return all(holds(one, answers) for one in when["all"])
    if "any" in when:
        return any(holds(one, answers) for one in when["any"])
    if "not" in when:
        return not holds(when["not"], answers)
    answer = answers.get(when["q"])
    if "filled" in when:
        return (answer is not None) is when["filled"]
    if answer is None:
        return False
    if "is" in when:
        return any(one in answer.chosen for one in when["is"])
    if "text" in when:
        return folding.fold(answer.text) == folding.fold(when["text"])
    return _between(answer.text, when.get("from"), when.get("to"))


def _between(text: str, least: float | None, most: float | None) -> bool:
    try:
        value = Decimal(text)
        return (least is None or value >= Decimal(str(least))) and (most is None or value <= Decimal(str(most)))
    except ArithmeticError:  # no number, or NaN
        return False


def page_asked(page: Page, answers: Answers) -> bool:
    return holds(page.when, answers)


def question_asked(question: Question, answers: Answers) -> bool:
    """Within a page that is reached."""
    return not question.hidden and holds(question.when, answers)


def asked(form: Form, answers: Answers) -> list[Question]:
    """The questions that these answers lead to, in their order.

    An answer to what is not asked counts for nothing: what depends on it is not asked either. A condition looks at
    what stands above it.
    """
    counting: dict[str, Answer] = {}
    found = []
    for page in form.pages:
        if not page_asked(page, counting):
            continue
        for question in page.questions:
            if question_asked(question, counting):
                found.append(question)
                if question.asks and question.key in answers:
                    counting[question.key] = answers[question.key]
    return found


def counting(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers to what is asked, in the order of the form."""
    return {one.key: answers[one.key] for one in asked(form, answers) if one.asks and one.key in answers}


@dataclass(frozen=True, slots=True)
class Marked:
    """One question of a quiz: `right` is whether the answer was, `solution` what would have been."""

    question: Question
    answer: Answer | None
    right: bool
    solution: tuple[str, ...]


def marked(form: Form, answers: Answers) -> list[Marked]:
    """The questions asked that have a right answer."""
    return [
        Marked(question, answers.get(question.key), is_right(question, answers.get(question.key)), solution(question))
        for question in asked(form, answers)
        if solution(question)
    ]


def solution(question: Question) -> tuple[str, ...]:
    """The labels of the right options, or the right text; empty where nothing is."""
    options = tuple(one.label for one in question.options if one.right)
    return options or ((question.right,) if question.right else ())


def is_right(question: Question, answer: Answer | None) -> bool:
    """All the right options and no other; of several right ones where one is chosen, any."""
    if answer is None:
        return False
    options = {one.key for one in question.options if one.right}
    if options:
        chosen = set(answer.chosen)
        return chosen == options if question.kind == "multiple" else bool(chosen & options)
    if question.right is None:
        return False
    if question.kind in ("number", "rating", "scale"):
        try:
            return Decimal(answer.text) == Decimal(question.right)
        except ArithmeticError:
            return False
    return folding.bare(folding.fold(answer.text)) == folding.bare(folding.fold(question.right))


def score(form: Form, answers: Answers) -> Decimal | None:
    """The points of what was chosen and of questions answered rightly (or at all, where nothing is right).

    None where the form counts no points.
    """
    if not _counts(form.questions()):
        return None
    total = 0
    for question in asked(form, answers):
        answer = answers.get(question.key)
        if answer is None or not question.asks:
            continue
        total += sum(one.points or 0 for one in question.options if one.key in answer.chosen)
        if question.points is not None and (not solution(question) or is_right(question, answer)):
            total += question.points
    return Decimal(total)


def _counts(questions: Iterable[Question]) -> bool:
    return any(
        question.points is not None or any(one.points is not None for one in question.options) for question in questions
    )


def result(form: Form, answers: Answers, points: Decimal | None) -> Result | None:
    """The first result that fits."""
    return next((one for one in form.results if _fits(one, counting(form, answers), points)), None)


def _fits(one: Result, answers: Answers, points: Decimal | None) -> bool:
    if one.least is not None and (points is None or points < one.least):
        return False
    if one.most is not None and (points is None or points > one.most):
        return False
    return holds(one.when, answers)


def options_of(question: Question, answer: Answer) -> Sequence[str]:
    """The labels of what was chosen."""
    return [one.label for one in question.options if one.key in answer.chosen]

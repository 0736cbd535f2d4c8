"""What the pages of a form show: the form to be filled in, the thank-you, and why it cannot be answered now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jobs.forms import checking, keeping, reaching
from jobs.forms.answers import Fault
from jobs.forms.definition import Form, Page, Question
from jobs.forms.opening import Opening
from jobs.forms.submitting import Outcome
from liff import colours, dates, questions, words
from liff import faults as wording

HIDDEN_VALUE: Final = 500  # characters taken from an address
# What form.js says by itself.
SCRIPT: Final = (
    *("page_of", "next", "confirm", "send", "save", "sending", "checking", "again", "unanswered", "change"),
    *(
        "change_of",
        "faults_text",
        "offline",
        "busy",
        "often",
        "renewed",
        "agree",
        "stars_of",
        "pick_image",
        "pick_file",
    ),
    *("pick_again", "uploading", "upload_kept", "too_large", "wait_upload", "postcode_found"),
    "postcode_later",
    "postcode_unknown",
)
SIGNS: Final = {"soon": "wait", "answered": "done"}


@dataclass(frozen=True, slots=True)
class Looking:
    """When, by which clock and in which language a page is looked at."""

    now: datetime
    zone: ZoneInfo
    language: str

    def say(self, key: str, **values: object) -> str:
        return words.say(self.language, key, **values)

    def moment(self, given: datetime) -> str:
        return dates.moment(given.astimezone(self.zone), self.language)


def page(
    number: int,
    form: Form,
    opened: Opening,
    query: Mapping[str, str],
    looking: Looking,
    *,
    draft: str = "",
    preview: bool = False,
) -> dict[str, Any]:
    """What form.html needs of a form that may be answered.

    query: of the address; draft: under which name the phone keeps what is not sent yet; preview: nothing is asked of
    the server, and the thank-you is on the page already.
    """
    raw = {**opened.prefill, **_from_address(form, query)}
    pages = [(one, _visible(one)) for one in form.pages if _visible(one)]
    asked = {one.key for one in reaching.asked(form, checking.check(form, raw, looking.now, looking.zone).values)}
    banners = [looking.say("preview_notice")] if preview else []
    banners += [looking.say("editing")] if opened.revision else []
    return {
        "form": form,
        "look": colours.look(form.color),
        "pages": [
            (one, [_shown(question, one, raw, opened, question.key in asked, looking) for question in visible])
            for one, visible in pages
        ],
        "notes": _notes(form, opened, looking),
        "banners": banners,
        "names": {one.token: one.name for one in opened.handed.values()},
        "prefectures": questions.prefectures,
        "preview": preview,
        **(_thanks(form, looking.say("thanks_text")) if preview else {}),
        "about": {
            "id": number,
            "version": opened.version,
            "attempt": opened.attempt,
            "revision": opened.revision,
            "edits": bool(opened.revision),
            "confirm": form.confirm,
            "draft": draft,
            "preview": preview,
            "pages": [_outline(one) for one, _ in pages],
            "words": {key: words.WORDS[looking.language][key] for key in SCRIPT},
        },
    }


def _shown(
    question: Question, within: Page, raw: Mapping[str, Any], opened: Opening, asked: bool, looking: Looking
) -> questions.Shown:
    left = {option: places for (key, option), places in opened.options_left.items() if key == question.key}
    today = looking.now.astimezone(looking.zone).date()
    return questions.shown(
        question, raw, left, today, looking.language, asked=asked, level="h3" if within.title else "h2"
    )


def _outline(one: Page) -> dict[str, Any]:
    """What the script judges by."""
    return {"key": one.key, "when": one.when, "questions": [_judged(question) for question in _visible(one)]}


def _judged(question: Question) -> dict[str, Any]:
    told = {"key": question.key, "kind": question.kind}
    return told if question.when is None else told | {"when": question.when}


def _visible(one: Page) -> list[Question]:
    return [question for question in one.questions if not question.hidden]


def _from_address(form: Form, query: Mapping[str, str]) -> dict[str, str]:
    """Values of questions that nobody sees: fixed ones, and those that the address brings along."""
    found = {}
    for question in form.questions():
        if question.kind == "hidden" and question.value is not None:
            named = question.value.startswith("?")
            found[question.key] = query.get(question.value[1:], "")[:HIDDEN_VALUE] if named else question.value
    return found


def _notes(form: Form, opened: Opening, looking: Looking) -> list[str]:
    notes = []
    if form.until is not None:
        notes.append(looking.say("closes", until=looking.moment(form.until)))
    if opened.left is not None and not opened.revision:
        notes.append(looking.say("places_left", count=opened.left))
    return notes


def thanks(form: Form, outcome: Outcome, looking: Looking) -> dict[str, Any]:
    """What thanks.html needs once an answer has been taken."""
    points = reaching.score(form, outcome.answers) if form.quiz else None
    return _thanks(form, looking.say("edited_text" if outcome.state == "edited" else "thanks_text")) | {
        "closes": form.thanks.close,
        "score": looking.say("points", score=f"{points:f}") if points is not None else None,
        "result": outcome.result,
        "review": [_reviewed(one, looking.zone) for one in outcome.marked],
    }


def _thanks(form: Form, text: str) -> dict[str, Any]:
    return {"thanks": form.thanks, "text": text, "closes": False, "score": None, "result": None, "review": []}


def _reviewed(one: reaching.Marked, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "label": one.question.label,
        "right": one.right,
        "given": keeping.worded(one.question, one.answer, zone) if one.answer is not None else "",
        "wanted": keeping.BETWEEN.join(one.solution),
        "explanation": one.question.explanation,
    }


def shut(state: str, form: Form | None, looking: Looking) -> dict[str, Any]:
    """What words.html needs: why a form cannot be answered now, as the shop says it where it does."""
    own = {"closed": form.closed, "full": form.full, "outside": form.outside}.get(state) if form is not None else None
    since = looking.moment(form.since) if form is not None and form.since is not None else ""
    return {
        "title": looking.say(f"{state}_title"),
        "text": own or looking.say(f"{state}_text", since=since),
        "sign": SIGNS.get(state, "quiet"),
        "reloads": state in ("moved", "changed"),
        "closes": True,
    }


def faults(form: Form, found: Mapping[str, Fault], language: str) -> dict[str, str]:
    """What is wrong, in words, by question."""
    return {one.key: wording.told(found[one.key], one, language) for one in form.questions() if one.key in found}

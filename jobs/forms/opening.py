"""Whether a friend can answer a form now, and what the page begins with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from jobs import configuration
from jobs.forms import definition, keeping
from jobs.forms.answers import Answer
from jobs.forms.definition import CHOICES, UPLOADS, Form
from storage import clock, forms, segments
from storage.fields import values
from storage.forms import submissions, uploads

State = Literal["open", "soon", "closed", "full", "outside", "answered", "gone"]


@dataclass(frozen=True, slots=True)
class Opening:
    """`state` is open for a friend who may answer, else why not; without a `form` there is none to show.

    The page sends `attempt`, `revision` (0, or that of the answer being edited) and `version` with the answers.
    """

    state: State
    form: Form | None = None
    version: int = 0
    attempt: int = 1
    revision: int = 0
    prefill: Mapping[str, str | list[str]] = field(default_factory=dict)
    handed: Mapping[str, uploads.Upload] = field(default_factory=dict)  # by token, of the answer being edited
    left: int | None = None  # places of the form
    options_left: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by (question, option), of those limited
    given: submissions.Given | None = None  # the friend's last answer


async def version(cache: configuration.Cache, form_id: int, number: int) -> Form | None:
    """A version of a form ready to use; None for one that nobody ever made, or that cannot be read."""
    return await cache.content(forms.ROWS.owner(form_id), number, lambda content: definition.read(content["form"]))


async def shown(cache: configuration.Cache, form_id: int, number: int) -> Form | None:
    """A version that pages may have been made of: not one of a form that is gone, nor what staff still write at."""
    kept = await forms.ROWS.find(form_id)
    if kept is None or kept.live is None or number > kept.live:
        return None
    return await version(cache, form_id, number)


async def opening(cache: configuration.Cache, form_id: int, friend_id: int) -> Opening:
    """As it stands at this moment; nothing is locked, so that `submit` judges anew."""
    kept = await forms.ROWS.find(form_id)
    form = await version(cache, form_id, kept.live) if kept is not None and kept.live is not None else None
    if kept is None or kept.live is None or form is None:
        return Opening("gone")
    moment = await clock.read()
    config = await cache.at(moment)
    given = await submissions.latest(form_id, friend_id)
    editing = given is not None and may_edit(form, kept.state, moment.now)
    count = await taken(form_id, form, given.id if given and editing else None)
    state: State = "open" if editing else judged(form, kept.state, moment.now, given)
    if state == "open" and not editing:
        if not await in_target(form, friend_id, config, moment.now):
            state = "outside"
        elif is_full(form, count):
            state = "full"
    if state != "open":
        return Opening(state, form, kept.live, given=given)
    handed = await uploads.of_submission(given.id) if given and editing else {}
    known = await _known(form, friend_id, given, config, editing=editing)
    for key in [one.key for one in form.questions() if one.kind in UPLOADS and one.key in known]:
        upload = handed.get(int(known.pop(key).text))
        known |= {key: Answer(upload.token)} if upload is not None else {}
    return Opening(
        "open",
        form,
        kept.live,
        attempt=given.attempt if given and editing else (given.attempt if given else 0) + 1,
        revision=given.revision if given and editing else 0,
        prefill=keeping.prefilled(form, known, config.zone),
        handed={one.token: one for one in handed.values()},
        left=None if form.places is None else max(0, form.places - count.form),
        options_left={
            (question, option): max(0, places - count.options[question, option])
            for (question, option), places in limited_options(form).items()
        },
        given=given,
    )


async def _known(
    form: Form, friend_id: int, given: submissions.Given | None, config: configuration.Configuration, *, editing: bool
) -> dict[str, Answer]:
    """What the friend has answered before, where the form wants it back, or what is noted of them."""
    known: dict[str, Answer] = {}
    saved = {one.key: one.field for one in form.questions() if one.field is not None}
    noted = await values.noted([friend_id], sorted(set(saved.values()))) if saved else {}
    for key, number in saved.items():
        question, value = form.question(key), noted.get((friend_id, number))
        if question is not None and value is not None:
            answer = keeping.from_field(question, value.text, value.kind, config.zone)
            known |= {key: answer} if answer is not None else {}
    if given is not None and (editing or form.restore):
        before = keeping.answers_of(form, (await submissions.values([given.id])).get(given.id, []))
        if not editing:  # a consent is given anew, an upload belongs to the answer it came with
            again = {one.key for one in form.questions() if one.kind not in {"consent", *UPLOADS}}
            return known | {key: one for key, one in before.items() if key in again}
        return before
    return known


def judged(form: Form, state: str, now: datetime, given: submissions.Given | None) -> State:
    """For whoever does not edit: as far as it needs no look at the database."""
    if given is not None and form.turns != "many":
        return "answered"
    if form.since is not None and now < form.since:
        return "soon"
    return "open" if _within(form, state, now) else "closed"


def _within(form: Form, state: str, now: datetime) -> bool:
    begun = form.since is None or form.since <= now
    return state == "live" and begun and (form.until is None or now < form.until)


def may_edit(form: Form, state: str, now: datetime) -> bool:
    if form.turns != "edit" or state != "live":
        return False
    return now < form.edit_until if form.edit_until is not None else _within(form, state, now)


async def in_target(form: Form, friend_id: int, config: configuration.Configuration, now: datetime) -> bool:
    if form.target is None:
        return True
    return bool(
        await segments.fitting(form.target, [friend_id], segments.Sight(now, config.zone, meaning=config.meaning))
    )


def limited_options(form: Form) -> dict[tuple[str, str], int]:
    """(question, option) -> places, of the options that have a limit."""
    return {
        (question.key, option.key): option.places
        for question in form.questions()
        if question.kind in CHOICES
        for option in question.options
        if option.places is not None
    }


async def taken(form_id: int, form: Form, but: int | None) -> submissions.Taken:
    """How many places are taken; nothing is asked where there is no limit."""
    options = limited_options(form)
    if form.places is None and not options:
        return submissions.Taken(0, {})
    return await submissions.taken(form_id, form.places, options, but)


def is_full(form: Form, count: submissions.Taken) -> bool:
    return form.places is not None and count.form >= form.places

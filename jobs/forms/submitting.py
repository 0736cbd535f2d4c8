"""Taking an answer to a form: once, while there is room, with all that it sets going, in one transaction."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from jobs import action_lists, configuration, facts, plans, triggers
from jobs.forms import checking, keeping, opening, reaching
from jobs.forms.answers import Answer, Fault, Raw
from jobs.forms.definition import UPLOADS, Form, Question, Result
from storage import clock, fields, forms, friends, once
from storage.drafted import Kept
from storage.fields import values
from storage.forms import submissions, uploads

# fmt: off
State = Literal[
    "kept", "edited", "again", "faults",
    "soon", "closed", "full", "outside", "answered", "moved", "often", "gone", "preview",
]
# fmt: on
DAY = 20  # answers of one friend to one form: whoever sends them by a script fills no table and spends no messages
EDITS = 50  # of one answer
TAKEN: frozenset[State] = frozenset({"kept", "edited", "again", "preview"})  # the thank-you page follows


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sends, of a friend whom the door knows; attempt, revision and version are those of its opening."""

    form: int
    friend: int
    attempt: int
    revision: int
    version: int
    raw: Raw


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `rows` of the outbox are to be sent after the commit.

    again: it had been taken before, and this is what was said then. moved: the friend has answered or edited
    elsewhere meanwhile. often: more often than people do. faults with `changed`: the form itself is another one by now
    and is to be shown anew.
    """

    state: State
    form: Form | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    changed: bool = False
    result: Result | None = None
    marked: Sequence[reaching.Marked] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    given: submissions.Given | None = None
    rows: Sequence[int] = ()


async def submit(cache: configuration.Cache, sent: Sent) -> Outcome:
    """Take an answer. Within the porch's transaction: nothing has been kept unless the state is kept or edited.

    The friend is locked first, so that taps and tabs come one after the other; then the form, where places are
    counted.
    """
    people = await friends.lock([sent.friend])
    kept = await forms.ROWS.find(sent.form)
    form = await _live(cache, kept)
    if form is not None and form.limited:
        kept = await forms.ROWS.find(sent.form, lock=True)
        form = await _live(cache, kept)
    if not people or kept is None or kept.live is None or form is None:
        return Outcome("gone")
    moment = await clock.read()
    config = await cache.at(moment)
    given = await submissions.latest(sent.form, sent.friend)
    taking = _Taking(cache, config, moment, sent, kept, form, given, people)
    return await taking.edit() if sent.revision else await taking.first()


async def preview(cache: configuration.Cache, form: Form, raw: Raw) -> Outcome:
    """What would come of it, for staff who try a form; nothing is kept and nothing sent."""
    moment = await clock.read()
    config = await cache.at(moment)
    checked = checking.check(form, raw, moment.now, config.zone)
    if checked.faults:
        return Outcome("faults", form, checked.faults)
    return _ended("preview", form, checked.values)


async def _live(cache: configuration.Cache, kept: Kept | None) -> Form | None:
    return await opening.version(cache, kept.id, kept.live) if kept is not None and kept.live is not None else None


def _ended(state: State, form: Form, answers: Mapping[str, Answer]) -> Outcome:
    points = reaching.score(form, answers)
    marked = reaching.marked(form, answers) if form.quiz else ()
    return Outcome(state, form, result=reaching.result(form, answers, points), marked=marked, answers=answers)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One answer under way: who sent it and what stands at that moment."""

    cache: configuration.Cache
    config: configuration.Configuration
    moment: clock.Moment
    sent: Sent
    kept: Kept
    form: Form
    given: submissions.Given | None  # the friend's last answer before this one
    people: dict[int, friends.Known]

    async def first(self) -> Outcome:
        """An answer of its own, the friend's first or next."""
        before = self.given.attempt if self.given else 0
        if self.sent.attempt <= before:
            return await self._again()
        if self.sent.attempt > before + 1:
            return Outcome("moved", self.form)
        state = opening.judged(self.form, self.kept.state, self.moment.now, self.given)
        if state != "open":
            return Outcome(state, self.form, given=self.given)
        if not await opening.in_target(self.form, self.sent.friend, self.config, self.moment.now):
            return Outcome("outside", self.form)
        if before >= DAY and await self._often(before):
            return Outcome("often", self.form)
        return await self._take(None)

    async def _often(self, before: int) -> bool:
        """Whether so many have been taken within a day."""
        first = await submissions.attempted(self.sent.form, self.sent.friend, before - DAY + 1)
        return first is not None and self.moment.now - first.at < timedelta(days=1)

    async def edit(self) -> Outcome:
        """The same answer with other values."""
        given = self.given
        if given is None or self.sent.attempt != given.attempt:
            return Outcome("moved", self.form, given=given)
        if not opening.may_edit(self.form, self.kept.state, self.moment.now):
            return Outcome("answered", self.form, given=given)
        if self.sent.revision != given.revision:
            return await self._edited_already(given)
        return Outcome("often", self.form, given=given) if given.revision > EDITS else await self._take(given)

    async def _again(self) -> Outcome:
        """A second tap, the other tab, an answer that was lost on the way: what was said the first time."""
        given = await submissions.attempted(self.sent.form, self.sent.friend, self.sent.attempt)
        form = await opening.version(self.cache, self.sent.form, given.version) if given is not None else None
        if given is None or form is None:
            return Outcome("answered", self.form, given=self.given)
        answers = keeping.answers_of(form, (await submissions.values([given.id])).get(given.id, []))
        return replace(_ended("again", form, answers), given=given)

    async def _edited_already(self, given: submissions.Given) -> Outcome:
        """The same edit once more is taken as done; another one would write over what was said since."""
        before = (await submissions.values([given.id])).get(given.id, [])
        checked = checking.check(self.form, self.sent.raw, self.moment.now, self.config.zone)
        answers, faults, _ = await self._with_uploads(checked.values, given)
        same = not checked.faults and not faults and keeping.rows(self.form, answers) == before
        if same and self.sent.revision == given.revision - 1:
            return replace(_ended("again", self.form, answers), given=given)
        return Outcome("moved", self.form, given=given)

    async def _take(self, given: submissions.Given | None) -> Outcome:
        """Check it, keep it as a new answer or in place of `given`, and do what follows."""
        checked = checking.check(self.form, self.sent.raw, self.moment.now, self.config.zone)
        answers, lacking, handed = await self._with_uploads(checked.values, given)
        count = await opening.taken(self.sent.form, self.form, given.id if given else None)
        if given is None and opening.is_full(self.form, count):
            return Outcome("full", self.form)
        faults = {**checked.faults, **lacking, **_without_place(self.form, answers, count)}
        if faults:
            return Outcome("faults", self.form, faults, changed=self.sent.version != self.kept.live)
        outcome = _ended("kept" if given is None else "edited", self.form, answers)
        new = submissions.New(
            self.sent.form,
            self.kept.live or 0,
            self.sent.friend,
            self.sent.attempt,
            reaching.score(self.form, answers),
            outcome.result.key if outcome.result else None,
            keeping.rows(self.form, answers),
        )
        before: Mapping[str, Answer] = {}
        if given is None:
            number, revision = await submissions.keep(new, self.moment.now), 1
        else:
            before = keeping.answers_of(self.form, (await submissions.values([given.id])).get(given.id, []))
            number, revision = given.id, await submissions.rewrite(given.id, new, self.moment.now)
        if handed or given is not None:
            await uploads.attach([one.id for one in handed], number)
        chosen = self._acting(answers) - self._acting(before)
        if given is not None:
            chosen &= await self._never_chosen(number, answers, before)
        actions = await self._actions(answers, outcome.result, before, chosen, edited=given is not None)
        return replace(outcome, rows=await self._follow(number, revision, actions))

    async def _with_uploads(
        self, answers: Mapping[str, Answer], given: submissions.Given | None
    ) -> tuple[dict[str, Answer], dict[str, Fault], list[uploads.Upload]]:
        """The answers with uploads by their numbers; tokens that are not this friend's for this question are faults."""
        asking = [one for one in self.form.questions() if one.kind in UPLOADS and one.key in answers]
        tokens = [answers[one.key].text for one in asking]
        found = (
            await uploads.of_tokens(self.sent.form, self.sent.friend, tokens, given.id if given else None)
            if tokens
            else {}
        )
        own = {one.key: upload for one in asking if (upload := _own(one, answers[one.key], found)) is not None}
        whole = {
            key: Answer(str(own[key].id)) if key in own else one
            for key, one in answers.items()
            if key in own or key not in {asked.key for asked in asking}
        }
        return whole, {one.key: Fault("upload") for one in asking if one.key not in own}, list(own.values())

    def _acting(self, answers: Mapping[str, Answer]) -> set[tuple[str, str]]:
        """The options with actions that these answers choose, by (question, option)."""
        return {
            (question.key, option.key)
            for question in self.form.questions()
            for option in question.options
            if option.actions and question.key in answers and option.key in answers[question.key].chosen
        }

    async def _never_chosen(
        self, number: int, answers: Mapping[str, Answer], before: Mapping[str, Answer]
    ) -> set[tuple[str, str]]:
        """Of the options that an edit takes or leaves, those that no edit of this answer has taken or left; now it has.
        One that was taken and left has acted: choosing it again does nothing more."""
        changed = {f"submission:{number} {key}": key for key in self._acting(answers) ^ self._acting(before)}
        new = await once.first([(self.sent.friend, text) for text in changed]) if changed else set()
        return {changed[text] for _, text in new}

    async def _actions(
        self,
        answers: Mapping[str, Answer],
        result: Result | None,
        before: Mapping[str, Answer],
        chosen: Set[tuple[str, str]],
        *,
        edited: bool,
    ) -> action_lists.ActionList:
        """All that these answers do, as one list; an edit notes fields anew and does what options chosen anew do."""
        found = list(await self._noting(answers, before))
        asked = [one for one in reaching.asked(self.form, answers) if one.key in answers]
        for question in asked:
            for option in question.options:
                if (question.key, option.key) in chosen:
                    found += option.actions
        if not edited:
            for question in asked:
                found += question.actions
            found += result.actions if result else ()
            found += self.form.actions
        return tuple(found)

    async def _noting(self, answers: Mapping[str, Answer], before: Mapping[str, Answer]) -> action_lists.ActionList:
        """What of the answers is noted in fields. What the form has noted itself follows an edit; what somebody else
        has noted since is written over only where the form says so."""
        saved = {one.field: one for one in self.form.questions() if one.field is not None}
        there = await fields.get(sorted(saved)) if saved else {}
        noted, had = self._values(saved, there, answers), self._values(saved, there, before)
        now = await values.of([self.sent.friend], sorted(had)) if had else {}
        own = {number for number, value in had.items() if now.get((self.sent.friend, number)) == value}
        over = {one: value for one, value in noted.items() if one in own or self.form.overwrite == "always"}
        rest = {one: value for one, value in noted.items() if one not in over}
        found = [
            action_lists.Action("note", {"values": [list(one) for one in given.items()], "over": given is over})
            for given in (over, rest)
            if given
        ]
        gone = [action_lists.Action("field_clear", {"field": one}) for one in sorted(own - noted.keys())]
        return (*found, *gone)

    def _values(
        self, saved: Mapping[int, Question], there: Mapping[int, fields.Kept], answers: Mapping[str, Answer]
    ) -> dict[int, str]:
        """By field: the values that answers are."""
        found: dict[int, str] = {}
        for number, question in sorted(saved.items()):
            if number in there and question.key in answers:
                value = keeping.for_field(question, answers[question.key], there[number], self.config.zone)
                found |= {number: value} if value is not None else {}
        return found

    async def _follow(self, number: int, revision: int, actions: action_lists.ActionList) -> list[int]:
        plan = plans.Plan(moment=self.moment, cache=self.cache, config=self.config, people=self.people)
        what = facts.FormAnswered(self.sent.form, number, revision > 1, actions)
        origin = facts.of_submission(self.sent.form, number, revision)
        await triggers.happened([facts.Fact(self.sent.friend, self.moment.now, what, origin)], plan)
        return await plan.write()


def _own(question: Question, answer: Answer, found: Mapping[str, uploads.Upload]) -> uploads.Upload | None:
    upload = found.get(answer.text)
    return upload if upload is not None and upload.question == question.key else None


def _without_place(form: Form, answers: Mapping[str, Answer], count: submissions.Taken) -> dict[str, Fault]:
    """Questions of which an option was chosen that others have filled."""
    faults = {}
    for (key, option_key), places in opening.limited_options(form).items():
        question = form.question(key)
        option = question.option(option_key) if question else None
        if option and key in answers and option_key in answers[key].chosen and count.options[key, option_key] >= places:
            faults[key] = Fault("places", {"label": option.label, "option": option.key})
    return faults

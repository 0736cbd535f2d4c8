"""`/f/{id}`: a form is shown to a friend, checked page by page, its uploads kept, and its answers taken once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from jobs.forms import checking, opening, submitting, uploads
from jobs.forms.answers import Fault, Wrong
from jobs.forms.definition import Form
from liff import bodies, faults, filling, rates
from liff.reception import Reception
from liff.visitor import Visitor
from storage import database

FORM: Final = "/f/{id:[1-9][0-9]{0,17}}"
NAME: Final = "X-Ayumi-Name"  # what an upload is called on the phone, percent-encoded
LARGEST: Final = 512 * 1024  # bytes of answers: thirty of 5,000 Japanese characters
HANDED: Final = 3  # uploads of one friend at the same time: each takes its size in memory, however slowly it comes,
HANDED_BY_ALL: Final = 30  # and of all together
PATIENCE: Final = 10.0  # seconds a customer waits while the database is in trouble


@dataclass(frozen=True, slots=True)
class _Room:
    reception: Reception
    handing: rates.AtOnce = field(default_factory=lambda: rates.AtOnce(HANDED, HANDED_BY_ALL))

    async def show(self, request: web.Request, visitor: Visitor) -> web.Response:
        number = _id(request)
        opened = await opening.opening(self.reception.door.cache, number, visitor.friend)
        looking = self._looking(visitor)
        if opened.state != "open" or opened.form is None:
            values = filling.shut(opened.state, opened.form, looking)
            status = 404 if opened.state == "gone" else 200
            return self.reception.show(request, "message.html", visitor=visitor, status=status, **values)
        values = filling.page(number, opened.form, opened, request.query, looking, draft=visitor.key)
        return self.reception.show(request, "form.html", visitor=visitor, **values)

    async def check(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Whether one page of it can be left; nothing is kept."""
        sent = await bodies.json(request, LARGEST)
        form = await opening.shown(self.reception.door.cache, _id(request), _number(sent, "version"))
        page = next((one for one in form.pages if one.key == sent.get("page")), None) if form is not None else None
        if form is None or page is None:
            return self._shut(request, visitor, "gone", None)
        keys = [one.key for one in page.questions]
        looking = self._looking(visitor)
        found = checking.check(form, _values(sent), looking.now, looking.zone, keys).faults
        return self._faults(form, found, visitor) if found else self.reception.json({})

    async def answer(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Take the answers; what comes in the place of the form is rendered here."""
        sent = await bodies.json(request, LARGEST)
        given = submitting.Sent(
            form=_id(request),
            friend=visitor.friend,
            attempt=_number(sent, "attempt"),
            revision=_number(sent, "revision"),
            version=_number(sent, "version"),
            raw=_values(sent),
        )
        door = self.reception.door
        outcome = await database.repeated(lambda: submitting.submit(door.cache, given), PATIENCE)
        door.send_soon(outcome.rows)
        form = outcome.form
        if form is not None and outcome.state in submitting.TAKEN:
            values = filling.thanks(form, outcome, self._looking(visitor))
            return self.reception.json({"html": self.reception.text(request, "thanks.html", visitor=visitor, **values)})
        if form is not None and outcome.state == "faults" and not outcome.changed:
            return self._faults(form, outcome.faults, visitor)
        return self._shut(request, visitor, "changed" if outcome.state == "faults" else outcome.state, form)

    async def upload(self, request: web.Request, visitor: Visitor) -> web.Response:
        """Keep one picture or file for a question, `q`, until the answers are sent; its token."""
        number, key, door = _id(request), request.query.get("q", ""), self.reception.door
        question = await uploads.asking(door.cache, number, key)
        if question is None:
            return self._shut(request, visitor, "gone", None)
        opened = await opening.opening(door.cache, number, visitor.friend)
        if opened.state != "open":
            return self._shut(request, visitor, opened.state, opened.form)
        try:
            with self.handing.place(str(visitor.friend)):
                data = await bodies.raw(request, uploads.most_bytes(question))
                fitted = await uploads.fit_apart(question, unquote(request.headers.get(NAME, "")), data)
            token = await database.repeated(
                lambda: uploads.keep(door.cache, number, visitor.friend, key, fitted), PATIENCE
            )
        except Wrong as wrong:
            words = faults.told(wrong.fault, question, visitor.language)
            return self.reception.json({"words": words}, status=422)
        return self.reception.json({"token": token})

    def _looking(self, visitor: Visitor) -> filling.Looking:
        return filling.Looking(visitor.now, self.reception.door.zone, visitor.language)

    def _faults(self, form: Form, found: Mapping[str, Fault], visitor: Visitor) -> web.Response:
        return self.reception.json({"faults": filling.faults(form, found, visitor.language)}, status=422)

    def _shut(self, request: web.Request, visitor: Visitor, state: str, form: Form | None) -> web.Response:
        values = filling.shut(state, form, self._looking(visitor))
        html = self.reception.text(request, "words.html", visitor=visitor, **values)
        return self.reception.json({"html": html}, status=409)


def routes(reception: Reception) -> list[web.RouteDef]:
    room = _Room(reception)
    return [
        web.get(FORM, reception.page(room.show)),
        web.post(f"{FORM}/check", reception.deed(room.check)),
        web.post(f"{FORM}/answers", reception.deed(room.answer)),
        web.post(f"{FORM}/uploads", reception.deed(room.upload)),
    ]


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _number(sent: Mapping[str, object], name: str) -> int:
    """A count the page was rendered with. Raises HTTPBadRequest for anything else."""
    given = sent.get(name)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 2**31:
        raise web.HTTPBadRequest
    return given


def _values(sent: Mapping[str, object]) -> Mapping[str, object]:
    given = sent.get("values")
    if not isinstance(given, dict):
        raise web.HTTPBadRequest
    return given

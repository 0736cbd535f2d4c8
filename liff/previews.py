"""`/preview/{token}`: a form as staff try it, draft or not: drawn as for a customer, and nothing of it is kept."""

from aiohttp import web

from jobs.forms import opening
from liff import filling, words
from liff.reception import Reception
from storage import clock
from storage.forms import tickets


def routes(reception: Reception) -> list[web.RouteDef]:
    async def show(request: web.Request) -> web.Response:
        """The version that the ticket names, as often as one likes while it is good; whoever has it is no visitor."""
        now = await clock.now()
        found = await tickets.find(request.match_info["token"], now)
        if found is None or found.kind != "preview":
            return reception.words(request, "gone", status=404)
        form = await opening.version(reception.door.cache, found.form, found.number)
        if form is None or not found.open:
            return reception.words(request, "gone", status=410)
        opened = opening.Opening("open", form, found.number)
        looking = filling.Looking(now, reception.door.zone, words.of(request))
        values = filling.page(found.form, form, opened, request.query, looking, preview=True)
        return reception.show(request, "form.html", **values)

    return [web.get(f"/preview/{{token:{tickets.TICKET}}}", reception.opened(show))]

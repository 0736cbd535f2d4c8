"""`/t/{token}`: answers to a form as a CSV file, or one upload: a page with one button, behind it the file, once."""

from datetime import datetime
from html import escape
from urllib.parse import quote

from aiohttp import web

from admin_commands.forms import exporting
from bot import settings
from bot.downloads import HEADERS, page
from storage import clock
from storage.forms import tickets, uploads

FORM = """<p>{what}<br>{until}まで、1回だけ受け取れます。</p>
<form method="post"><button type="submit">ファイルを受け取る</button></form>
<p>お客様の個人情報が入っています。お店の外の方に渡さないようご注意ください。</p>"""
OVER = "<p>このリンクは、もう使われたか期限が切れています。<br>LINEで、もう一度受け取り直してください。</p>"
NOWHERE = "<p>リンクが途中で切れていないか、もう一度お確かめください。</p>"


def routes(given: settings.Settings) -> list[web.RouteDef]:
    async def look(request: web.Request) -> web.Response:
        """Whether it can be fetched, and the button that does; nothing is used up."""
        found = await tickets.find(request.match_info["token"], await clock.now())
        if found is None or found.kind == "preview":
            return page(404, "ページが見つかりません", NOWHERE)
        if not found.open:
            return page(410, "受け取れませんでした", OVER)
        until = found.expires_at.astimezone(given.zone)
        many = f"フォームの回答（CSV）{found.number:,}件です。"
        what = many if found.kind == "answers" else "お客様が送ったものです。"
        return page(200, "ファイルの受け取り", FORM.format(what=escape(what), until=f"{until.hour}:{until:%M}"))

    async def take(request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        now = await clock.now()
        there = await tickets.find(token, now)
        if there is None or there.kind == "preview":
            return page(404, "ページが見つかりません", NOWHERE)
        found = await tickets.take(token, now)
        if found is None:
            return page(410, "受け取れませんでした", OVER)
        if found.kind == "upload":
            return await _upload(found.number)
        return await _answers(request, given, found.form, now)

    address = f"/t/{{token:{tickets.TICKET}}}"
    return [web.get(address, look), web.post(address, take)]


async def _upload(number: int) -> web.Response:
    """What a customer has sent; whatever it is, it is a file to be kept and never a page."""
    kept = await uploads.content(number)
    if kept is None:
        return page(410, "受け取れませんでした", OVER)
    upload, content = kept
    headers = HEADERS | {
        "Content-Type": upload.content_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.name, safe='')}",
    }
    return web.Response(body=content, headers=headers)


async def _answers(request: web.Request, given: settings.Settings, form: int, now: datetime) -> web.StreamResponse:
    """In pieces, so that many answers take no more memory than few."""
    name = exporting.file_name(form, now, given.zone)
    headers = HEADERS | {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    async for piece in exporting.rows(form, now, given.zone):
        await response.write(piece)
    await response.write_eof()
    return response

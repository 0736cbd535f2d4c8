"""`/d/{token}`: a page with one button, and behind the button a 控え as a file, once."""

from html import escape

from aiohttp import web

from admin_commands.backups import printing
from bot import settings
from storage import backups, clock

# LINE's preview robot and others fetch every address they see: looking changes nothing, only the button does.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
PAGE = """<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 17px/1.7 system-ui, sans-serif; margin: 0 auto; max-width: 30em; padding: 2.5em 1.25em; }}
h1 {{ font-size: 1.3em; margin: 0 0 .6em; }}
button {{ font: inherit; font-weight: bold; width: 100%; padding: .9em; border: 0; border-radius: .6em;
  color: #fff; background: #1f7a5c; }}
button:focus-visible {{ outline: 3px solid currentColor; outline-offset: 3px; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
FORM = """<p>{what}<br>{until}まで、1回だけ受け取れます。</p>
<form method="post"><button type="submit">ファイルを受け取る</button></form>
<p>お店の設定がすべて入っています。お店の外の方に渡さないようご注意ください。</p>"""
OVER = (
    "<p>このリンクは、もう使われたか期限が切れています。<br>LINEで「控え 一覧」と送り、もう一度受け取ってください。</p>"
)
NOWHERE = "<p>リンクが途中で切れていないか、もう一度お確かめください。</p>"


def routes(given: settings.Settings) -> list[web.RouteDef]:
    async def look(request: web.Request) -> web.Response:
        """Whether it can be fetched, and the button that does; nothing is used up."""
        found = await backups.ticket(request.match_info["token"], await clock.now())
        if found is None:
            return page(404, "ページが見つかりません", NOWHERE)
        if not found.open:
            return page(410, "受け取れませんでした", OVER)
        made, until = found.backup_at.astimezone(given.zone), found.expires_at.astimezone(given.zone)
        what = f"{made.year}年{made.month}月{made.day}日 {made:%H:%M} の控えです。"
        return page(200, "控えの受け取り", FORM.format(what=escape(what), until=f"{until.hour}:{until:%M}"))

    async def take(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        now = await clock.now()
        kept = await backups.take(token, now)
        if kept is not None:
            headers = HEADERS | {
                "Content-Type": "text/plain; charset=utf-8",
                "Content-Disposition": f'attachment; filename="{printing.file_name(kept.at, given.zone)}"',
            }
            return web.Response(body=printing.file(kept, given.zone), headers=headers)
        if await backups.ticket(token, now) is None:
            return page(404, "ページが見つかりません", NOWHERE)
        return page(410, "受け取れませんでした", OVER)

    address = f"/d/{{token:{backups.TICKET}}}"
    return [web.get(address, look), web.post(address, take)]


def page(status: int, title: str, body: str) -> web.Response:
    """A page of a few words that nothing may frame, index or keep."""
    text = PAGE.format(title=title, body=body)
    return web.Response(status=status, text=text, content_type="text/html", charset="utf-8", headers=HEADERS)

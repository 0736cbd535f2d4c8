"""The phones page at GET /phones: customers' and staff's phones in a browser, moved by the desk and its live stream.

/phones shows the channel "sandbox", or the only one there is; /phones?channel=ID shows another. The page is plain
HTML, CSS and JavaScript under static/; it asks nothing but the desk under /sim and the two routes here.

For stories in a browser, by data-testid (wait with expect(locator): the page's policy forbids evaluated strings):
    phone-customer, phone-staff     a phone (also .phone, with data-holder the holder's name); inside it:
    holder, phone-remove            who holds it (opens people), and away with it; phone-add stands beside the phones
    people, people-search, person, people-new   the dialog in which somebody is chosen or made
    talks, talk-row, unread         its talk list; group-new; back leads there from a room
    room                            its talk room, with friend-state (data-state: stranger, friend, blocked; 1:1 only),
                                    friend-add, friend-unblock, bot-invite, member-return
    room-menu                       opens menu: menu-inspect, friend-block, member-add, bot-remove, member-leave
    talk                            the talk (role log, data-chat is its id); in it, in order:
        date, note, bubble, undelivered, unread-line, typing
    bubble                          one message: data-from bot, me or other; data-type text, template, flex, ...;
                                    data-message-id, data-how (reply, push, multicast; of the bot), data-at (ms)
    bubble-text                     the words of a text bubble; buttons are found by role and visible label
    quotation, coupon, imagemap, imagemap-area, audio, strip    in bubbles; strip says what cannot be drawn
    picture-open, video-open        open the viewer: film, film-skip (counts as watched), viewer-close
    read                            既読 beside an own bubble; bubble-menu (its menu, seen on hover): bubble-quote,
                                    bubble-copy, bubble-edit, bubble-unsend, bubble-inspect
    quick-replies                   the row of quick replies; each is a button by its label
    input, send, bot-mention        the input, its button, the one that puts @bot there; mention-choices (role option)
    quoting, quoting-stop           what is quoted or edited, above the input
    sticker-toggle, sticker, keyboard-line, keyboard-emoji, emoji   the keyboard's stickers, LINE emoji and emoji
    attach, attach-photo, attach-video, attach-audio, attach-file, attach-place (place), attach-sample
    picker, picker-value, picker-done   a date picker that a button has opened
    rich-menu, menu-area, menu-bar, menu-keyboard, menu-back   the rich menu, its areas, its bar; to the input and back
    liff, liff-frame                a LIFF page or an account link in its sheet (data-size); sheet-close
    jump                            「新着メッセージ」, shown while one reads further up
    inspector-toggle, inspector, wire, wire-copy, inspector-close   what went over the wire for the talk shown
    phone-tab                       on a narrow screen: which phone is shown
    clock                           text is the virtual date and time; data-now (ISO), data-driving true or false
    advance-1m, advance-1h, advance-1d, advance-3d, advance-next, clock-speed, clock-to, clock-go
    clock-status                    what the clock is doing; data-steps; data-trouble true when the bot did not follow
    scene-open, scene-new-salon, scene-busy-saturday; start-over, question, dialog-yes, dialog-no
    theme, language                 light and dark; Japanese and English
    usage                           messages used this month: data-used, data-limit (empty: no limit)
    connection                      data-state live or lost; bot-state: data-state unknown, ok or failing
    log-toggle, log, log-row        requests to the bot and LINE calls (data-kind webhook or call)
    toast                           what could not be done
"""

from pathlib import Path

from aiohttp import web

from tests.simulator.channel import Platform
from tests.simulator.people import Impossible
from tests.simulator.webhooks.post import Postman

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
}
FONT_SECONDS = 86_400
SHOWN_AS_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "img-src 'self' http: https:",
        "media-src 'self' http: https: blob:",
        "frame-src 'self' http: https:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    """postman is part of how the server adds rooms; the page's deeds go through the desk."""

    async def picture(request: web.Request) -> web.StreamResponse:
        """A photo that somebody sent, for the page's own eyes."""
        try:
            channel = platform.find(request.match_info["channel"])
        except Impossible:
            raise web.HTTPNotFound from None
        content = channel.ledger.contents.get(request.match_info["message"])
        if content is None or content.content_type not in SHOWN_AS_PICTURES:
            raise web.HTTPNotFound
        headers = {
            **guarded("default-src 'none'; sandbox"),
            "Cache-Control": "no-store",
            "Content-Type": content.content_type,
        }
        return web.Response(body=content.data, headers=headers)

    app.router.add_get("/phones", page)
    app.router.add_get(r"/phones/static/{name:[a-z]+\.(?:css|js|svg)}", asset)
    app.router.add_get(r"/phones/static/{name:fonts/[A-Za-z0-9_.]+\.(?:ttf|txt)}", asset)
    app.router.add_get(r"/phones/{channel}/pictures/{message:\d+}", picture)


async def page(request: web.Request) -> web.StreamResponse:
    return file("phones.html", "no-cache", guarded(POLICY))


async def asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    keep = f"max-age={FONT_SECONDS}" if name.startswith("fonts/") else "no-cache"
    return file(name, keep, guarded("default-src 'none'"))


def file(name: str, keep: str, headers: dict[str, str]) -> web.StreamResponse:
    path = STATIC / name
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={**headers, "Cache-Control": keep, "Content-Type": TYPES[path.suffix]})


def guarded(policy: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }

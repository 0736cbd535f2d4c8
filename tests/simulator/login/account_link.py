"""The page of access.line.me where people link their LINE account with a shop's own: dialog/bot/accountLink.

What it takes and what follows is LINE's [G:linking-accounts]; how it looks is ours. In a phone it is known who looks at
it; a browser is asked, those first for whom the link token was issued.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

from tests.simulator import people
from tests.simulator.channel import Channel, Platform
from tests.simulator.deeds import linking
from tests.simulator.login import pages, screens
from tests.simulator.login.requests import with_query
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks.post import Postman

PATH = "/dialog/bot/accountLink"
HOLDER = "simulator"
TITLE = "アカウント連携"


def in_line(platform: Platform, url: str, person: Person) -> str | None:
    """Where this address leads on that person's phone; None when it is no account link."""
    for host in (f"{platform.base_url}/access", "https://access.line.me"):
        address, _, query = url.partition("?")
        if address == host + PATH:
            return with_query(f"{platform.base_url}/access{PATH}?{query.partition('#')[0]}", {HOLDER: person.id})
    return None


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    async def opened(request: web.Request) -> web.StreamResponse:
        return asks(platform, request.query)

    async def pressed(request: web.Request) -> web.StreamResponse:
        platform.dirty = True
        return answered(platform, postman, await request.post())

    app.router.add_get(f"/access{PATH}", opened)
    app.router.add_post(f"/access{PATH}", pressed)


def asks(platform: Platform, query: Mapping[str, str]) -> web.Response:
    """To look at the page costs nothing: the token is used by the press on it."""
    token, nonce = query.get("linkToken", ""), query.get("nonce", "")
    try:
        channel = channel_of(platform, token)
        owner = linking.check(channel, token, nonce)
    except Impossible as problem:
        return failed(problem)
    holder = channel.people.get(query.get(HOLDER, ""))
    question = asks_who(channel, owner) if holder is None else asks_to_link(channel, holder)
    kept = "".join(hidden(name, value) for name, value in (("linkToken", token), ("nonce", nonce)))
    form = f'<form method="post" action="/access{PATH}">{kept}{question}</form>'
    return pages.shown(screens.page(TITLE, f'<div class="badge">{screens.face(channel.name)}</div>', form))


def answered(platform: Platform, postman: Postman, fields: Mapping[str, Any]) -> web.Response:
    deed, _, user_id = str(fields.get("do", "")).partition(" ")
    token, nonce = str(fields.get("linkToken", "")), str(fields.get("nonce", ""))
    if deed != "person":
        return pages.shown(screens.closes())
    try:
        channel = channel_of(platform, token)
        event = linking.link(channel, channel.person(user_id), token, nonce)
    except Impossible as problem:
        return failed(problem)
    postman.beside(postman.deliver(channel, event))
    if event["link"]["result"] == "failed":
        return pages.shown(screens.says("連携できませんでした", "この連携用URLは、別の人のために発行されたものです。"))
    return pages.shown(
        screens.says("連携しました", f"{channel.name} とアカウントを連携しました。トークにお戻りください。")
    )


def channel_of(platform: Platform, token: str) -> Channel:
    """The one that issued the token."""
    for channel in platform.channels.values():
        if token in channel.link_tokens.open:
            return channel
    raise linking.no_good()


def asks_to_link(channel: Channel, holder: Person) -> str:
    return (
        f"<h1>{escape(channel.name)} とアカウントを連携しますか</h1>"
        f'<p class="note">{escape(holder.name)} さんのLINEと、お店のアカウントを結びます。</p>'
        + screens.press("person", "連携する", "strong", holder.id)
        + screens.press("cancel", "キャンセル", "plain")
    )


def asks_who(channel: Channel, owner: str) -> str:
    everybody = [person for person in channel.people.values() if person.state != people.DELETED]
    everybody.sort(key=lambda person: person.id != owner)
    rows = "".join(screens.person_row(person) for person in everybody[: screens.SHOWN_PEOPLE])
    return (
        "<h1>だれのLINEと連携しますか</h1>"
        f'<p class="note">{escape(channel.name)} のアカウントと連携します。</p><div class="people">{rows}</div>'
    )


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def failed(problem: Impossible) -> web.Response:
    """The user sees an error, and the bot hears nothing [R#issue-link-token]."""
    words = problem.japanese or str(problem)
    return pages.shown(screens.says("連携できませんでした", words, "お店のページから、もう一度お試しください。"), 400)

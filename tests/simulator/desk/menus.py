"""Rich menus as they stand on phones: looked at, opened and closed, tapped."""

from typing import Any

from aiohttp import web

from tests.simulator.deeds import showing, tapping
from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible


async def looked_at(asked: Asked) -> dict[str, Any]:
    """menu: null where there is none. Who has not looked before opens the talk by this."""
    channel, person = asked.channel, asked.person
    there = showing.look(channel, person)
    return {"menu": showing.described(channel, person, there)}


async def reopened(asked: Asked) -> dict[str, Any]:
    """Leave the talk and come back."""
    channel, person = asked.channel, asked.person
    there = showing.reopen(channel, person)
    return {"menu": showing.described(channel, person, there)}


async def bar_turned(asked: Asked) -> dict[str, Any]:
    channel, person = asked.channel, asked.person
    there = showing.turn_bar(channel, person)
    return {"menu": showing.described(channel, person, there)}


async def tapped(asked: Asked) -> dict[str, Any]:
    """area (an index) or label; value for a date picker."""
    area = asked.whole("area") if "area" in asked.body else None
    label = asked.text("label", None)
    if (area is None) == (label is None):
        raise Impossible("give the label or the area")
    done, made = tapping.tap(asked.channel, asked.person, label, area, asked.text("value", None))
    for event in made[:-1]:
        await asked.tell_bot(event)
    return {**done, **await asked.tell_bot(made[-1] if made else None)}


async def picture(asked: Asked) -> web.StreamResponse:
    """Also of a deleted menu that a phone still shows."""
    kept = asked.channel.menus
    menu_id = asked.request.match_info["menu"]
    menu = kept.menus.get(menu_id) or kept.gone.get(menu_id)
    if menu is None or menu.picture is None:
        raise Impossible("this menu has no picture", "このリッチメニューには画像がありません。")
    headers = {"Content-Type": menu.picture.content_type, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=menu.picture.data, headers=headers)

"""Rich menus themselves: created, checked, looked at and deleted."""

import secrets
from typing import Any

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.deeds import showing
from tests.simulator.limits import Rate
from tests.simulator.menus import MENU_ID, MENUS, Menu
from tests.simulator.messages import richmenus


def create(channel: Channel, call: Call) -> Answer:
    content = checked(channel, call)
    if len(channel.menus.menus) >= MENUS:
        raise answers.refuse(400, f"The maximum number of rich menus ({MENUS}) has been reached")
    menu_id = f"richmenu-{secrets.token_hex(16)}"
    channel.menus.menus[menu_id] = Menu(menu_id, richmenus.as_kept(content))
    return answers.ok({"richMenuId": menu_id})


def validate(channel: Channel, call: Call) -> Answer:
    checked(channel, call)
    return answers.ok()


def checked(channel: Channel, call: Call) -> dict[str, Any]:
    content = call.body()
    details = richmenus.problems(content, ())
    if details:
        raise answers.in_body(details)
    return content


def listed(channel: Channel, call: Call) -> Answer:
    return answers.ok({"richmenus": [given_back(menu) for menu in channel.menus.menus.values()]})


def looked_at(channel: Channel, call: Call) -> Answer:
    return answers.ok(given_back(menu_in(channel, call)))


def delete(channel: Channel, call: Call) -> Answer:
    """Phones that show it do so until they open the talk again [G:rich-menus-overview]."""
    showing.settle(channel)
    channel.menus.delete(menu_in(channel, call).id)
    return answers.ok()


def menu_in(channel: Channel, call: Call) -> Menu:
    """The menu in the path."""
    menu = channel.menus.menus.get(call.parts["menu_id"])
    if menu is None:
        raise answers.not_found()
    return menu


def id_in_body(body: dict[str, Any], key: str = "richMenuId") -> str:
    """A well-formed menu id, or LINE's words for another."""
    menu_id = body.get(key)
    if menu_id is None:
        raise answers.in_body([{"message": "must be specified", "property": key}])
    if not is_menu_id(menu_id):
        raise answers.in_body([{"message": "invalid richMenuId", "property": key}])
    return str(menu_id)


def is_menu_id(value: object) -> bool:
    return isinstance(value, str) and MENU_ID.fullmatch(value) is not None


def given_back(menu: Menu) -> dict[str, Any]:
    return {"richMenuId": menu.id, **menu.content}


ENDPOINTS = [
    Endpoint("richmenu_create", "POST", "/v2/bot/richmenu", create, rate=Rate(100, 3_600)),
    Endpoint("richmenu_validate", "POST", "/v2/bot/richmenu/validate", validate),
    Endpoint("richmenu_list", "GET", "/v2/bot/richmenu/list", listed, rate=Rate(10)),
    Endpoint("richmenu", "GET", "/v2/bot/richmenu/{menu_id}", looked_at),
    Endpoint("richmenu_delete", "DELETE", "/v2/bot/richmenu/{menu_id}", delete, rate=Rate(100, 3_600)),
]

"""Rich menu aliases: the names that tabs switch to [R#create-rich-menu-alias]."""

import re
from typing import Any

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.richmenus import objects
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate
from tests.simulator.menus import ALIASES, Alias

ALIAS_ID = re.compile(r"[a-z0-9_-]{1,32}", re.ASCII)


def create(channel: Channel, call: Call) -> Answer:
    body = call.body()
    alias_id = body.get("richMenuAliasId")
    if alias_id is None:
        raise answers.in_body([{"message": "must be specified", "property": "richMenuAliasId"}])
    if not isinstance(alias_id, str) or not ALIAS_ID.fullmatch(alias_id):
        raise answers.in_body([{"message": "invalid richMenuAliasId", "property": "richMenuAliasId"}])
    menu_id = usable(channel, body)
    if alias_id in channel.menus.aliases:
        raise answers.refuse(400, "conflict richmenu alias id", [])
    if len(channel.menus.aliases) >= ALIASES:
        raise answers.refuse(400, f"The maximum number of rich menu aliases ({ALIASES}) has been reached")
    channel.menus.name_alias(alias_id, menu_id, channel.clock.now_ms())
    return answers.ok()


def update(channel: Channel, call: Call) -> Answer:
    alias_id, _ = alias_in(channel, call)
    channel.menus.name_alias(alias_id, usable(channel, call.body()), channel.clock.now_ms())
    return answers.ok()


def delete(channel: Channel, call: Call) -> Answer:
    alias_id, _ = alias_in(channel, call)
    del channel.menus.aliases[alias_id]
    return answers.ok()


def looked_at(channel: Channel, call: Call) -> Answer:
    return answers.ok(given_back(*alias_in(channel, call)))


def listed(channel: Channel, call: Call) -> Answer:
    return answers.ok({"aliases": [given_back(alias_id, one) for alias_id, one in channel.menus.aliases.items()]})


def usable(channel: Channel, body: dict[str, Any]) -> str:
    """A menu of this channel with a picture; LINE says of both that it is not found."""
    menu_id = objects.id_in_body(body)
    menu = channel.menus.menus.get(menu_id)
    if menu is None or menu.picture is None:
        raise answers.refuse(400, "richmenu not found", [])
    return menu_id


def alias_in(channel: Channel, call: Call) -> tuple[str, Alias]:
    alias_id = call.parts["alias_id"]
    if not ALIAS_ID.fullmatch(alias_id):
        raise answers.bad_parameter("richMenuAliasId")
    alias = channel.menus.aliases.get(alias_id)
    if alias is None:
        raise answers.refuse(404, "richmenu alias not found", [])
    return alias_id, alias


def given_back(alias_id: str, alias: Alias) -> dict[str, str]:
    return {"richMenuAliasId": alias_id, "richMenuId": alias.menu_id}


ENDPOINTS = [
    Endpoint("richmenu_alias_create", "POST", "/v2/bot/richmenu/alias", create),
    Endpoint("richmenu_alias_list", "GET", "/v2/bot/richmenu/alias/list", listed),
    Endpoint("richmenu_alias_update", "POST", "/v2/bot/richmenu/alias/{alias_id}", update),
    Endpoint("richmenu_alias", "GET", "/v2/bot/richmenu/alias/{alias_id}", looked_at),
    Endpoint("richmenu_alias_delete", "DELETE", "/v2/bot/richmenu/alias/{alias_id}", delete, rate=Rate(100, 3_600)),
]

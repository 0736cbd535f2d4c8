"""Who sees which rich menu: the default for all, one person's own, and up to 500 at once."""

from typing import Any

from tests.simulator import ids
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.profiles import user_id_in
from tests.simulator.api.richmenus import objects
from tests.simulator.channel import Channel
from tests.simulator.deeds import showing
from tests.simulator.limits import RECIPIENTS
from tests.simulator.menus import Bulk, Menu

NO_PICTURE = "must upload richmenu image before applying it to user"


def set_default(channel: Channel, call: Call) -> Answer:
    menu = with_picture(objects.menu_in(channel, call))
    channel.menus.set_default(menu.id, channel.clock.now_ms())
    return answers.ok()


def default(channel: Channel, call: Call) -> Answer:
    """The API sees no menu that was made in the manager; it may say that one is there."""
    menu_id = channel.menus.default_id
    if menu_id is not None:
        return answers.ok({"richMenuId": menu_id})
    if channel.settings.manager_menu_is_403:
        raise answers.refuse(403, "the richmenu is owned by another channel", [])
    raise answers.refuse(404, "no default richmenu", [])


def clear_default(channel: Channel, call: Call) -> Answer:
    channel.menus.set_default(None, channel.clock.now_ms())
    return answers.ok()


def link(channel: Channel, call: Call) -> Answer:
    """200 without effect for who is no friend [R#link-rich-menu-to-user]."""
    user_id = user_id_in(call)
    menu = with_picture(objects.menu_in(channel, call))
    showing.settle(channel)
    showing.link(channel, user_id, menu.id)
    return answers.ok()


def unlink(channel: Channel, call: Call) -> Answer:
    user_id = user_id_in(call)
    showing.settle(channel)
    showing.link(channel, user_id, None)
    return answers.ok()


def linked(channel: Channel, call: Call) -> Answer:
    user_id = user_id_in(call)
    showing.settle(channel)
    menu_id = channel.menus.links.get(user_id) if showing.may_be_linked(channel, user_id) else None
    if menu_id is None:
        raise answers.refuse(404, "the user has no richmenu", [])
    return answers.ok({"richMenuId": menu_id})


def bulk_link(channel: Channel, call: Call) -> Answer:
    body = call.body()
    menu_id = objects.id_in_body(body)
    users = users_in(body)
    menu = channel.menus.menus.get(menu_id)
    if menu is None:
        raise answers.refuse(404, "richmenu not found", [])
    return later(channel, users, with_picture(menu).id)


def bulk_unlink(channel: Channel, call: Call) -> Answer:
    return later(channel, users_in(call.body()), None)


def later(channel: Channel, users: list[str], menu_id: str | None) -> Answer:
    """LINE does it in the background, within seconds."""
    due_ms = channel.clock.now_ms() + channel.settings.menu_bulk_ms
    channel.menus.bulks.append(Bulk(due_ms, users, menu_id))
    showing.settle(channel)
    return answers.ok(status=202)


def users_in(body: dict[str, Any]) -> list[str]:
    users = body.get("userIds")
    if users is None:
        raise answers.in_body([{"message": "must be specified", "property": "userIds"}])
    if not isinstance(users, list) or not 1 <= len(users) <= RECIPIENTS:
        raise answers.in_body([{"message": f"Size must be between 1 and {RECIPIENTS}", "property": "userIds"}])
    for index, user_id in enumerate(users):
        if not isinstance(user_id, str) or not ids.USER_ID.fullmatch(user_id):
            raise answers.bad_property(f"'userIds[{index}]'")
    return users


def with_picture(menu: Menu) -> Menu:
    if menu.picture is None:
        raise answers.refuse(400, NO_PICTURE, [])
    return menu


ENDPOINTS = [
    Endpoint("richmenu_default_set", "POST", "/v2/bot/user/all/richmenu/{menu_id}", set_default),
    Endpoint("richmenu_default", "GET", "/v2/bot/user/all/richmenu", default),
    Endpoint("richmenu_default_clear", "DELETE", "/v2/bot/user/all/richmenu", clear_default),
    Endpoint("richmenu_link", "POST", "/v2/bot/user/{user_id}/richmenu/{menu_id}", link),
    Endpoint("richmenu_unlink", "DELETE", "/v2/bot/user/{user_id}/richmenu", unlink),
    Endpoint("richmenu_linked", "GET", "/v2/bot/user/{user_id}/richmenu", linked),
    Endpoint("richmenu_bulk_link", "POST", "/v2/bot/richmenu/bulk/link", bulk_link),
    Endpoint("richmenu_bulk_unlink", "POST", "/v2/bot/richmenu/bulk/unlink", bulk_unlink),
]

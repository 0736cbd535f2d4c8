"""Tapping an area of the rich menu on the screen; a tab switches the person's own menu."""

from typing import Any

from tests.simulator import japan
from tests.simulator.channel import Channel
from tests.simulator.deeds import acting, showing, talking
from tests.simulator.menus import Menu
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event

NAMES = ("label", "text", "displayText", "richMenuAliasId", "uri", "data")


def tap(
    channel: Channel, person: Person, label: str | None, area: int | None, value: str | None = None
) -> tuple[dict[str, Any], list[Event]]:
    """One area, by its index or by what its action is called; what happened, and the events it made, in order."""
    talking.talk_of(channel, person, None)
    there = showing.look(channel, person)
    menu = showing.on_screen(channel, there)
    if menu is None:
        raise Impossible(f"{person.name} has no rich menu", "リッチメニューは、いま表示されていません。")
    if not there.open:
        raise Impossible(
            f"the rich menu of {person.name} is closed; its bar says {menu.content.get('chatBarText')}",
            "リッチメニューは閉じています。バーを押して開いてください。",
        )
    index = found(menu, label, area)
    count(channel, person, menu, index)
    action = menu.areas[index]["action"]
    if action["type"] == "richmenuswitch":
        done, made = switch(channel, person, action)
    else:
        done, made = acting.carry_out(channel, person, None, action, value)
    return {**done, "area": index, "menu_id": menu.id, "menu": showing.described(channel, person, there)}, made


def found(menu: Menu, label: str | None, area: int | None) -> int:
    """The index of the area that is meant; the first action with that name."""
    if area is not None:
        if 0 <= area < len(menu.areas):
            return area
        raise Impossible(
            f"the menu has {len(menu.areas)} areas, counted from 0",
            "リッチメニューが変わりました。もう一度選んでください。",
        )
    for name in NAMES:
        for index, one in enumerate(menu.areas):
            if label is not None and one["action"].get(name) == label:
                return index
    raise Impossible(
        f"no area is called {label}; there are: {[called(one['action']) for one in menu.areas]}",
        "その項目は、リッチメニューにありません。",
    )


def called(action: dict[str, Any]) -> str | None:
    return next((str(action[name]) for name in NAMES if action.get(name)), None)


def count(channel: Channel, person: Person, menu: Menu, index: int) -> None:
    if menu.id not in channel.menus.menus:
        return
    day = channel.menus.day(menu.id, japan.day(channel.clock.now_ms()))
    day.taps[index] = day.taps.get(index, 0) + 1
    day.tappers.setdefault(index, set()).add(person.id)


def switch(channel: Channel, person: Person, action: dict[str, Any]) -> tuple[dict[str, Any], list[Event]]:
    """Link the alias's menu to the person, and tell the bot how that went [R#richmenu-switch-action].

    Who is no friend can have no menu of their own; that such a tap fails is not told [?].
    """
    alias_id = action["richMenuAliasId"]
    now = channel.clock.now_ms()
    menu_id = channel.menus.named(alias_id, now, channel.settings.menu_alias_ms)
    if menu_id is None:
        status = "RICHMENU_ALIAS_ID_NOTFOUND"
    elif menu_id not in channel.menus.menus:
        status = "RICHMENU_NOTFOUND"
    elif channel.settings.menu_switches_fail or not showing.may_be_linked(channel, person.id):
        channel.settings.menu_switches_fail = max(0, channel.settings.menu_switches_fail - 1)
        status = "FAILED"
    else:
        status = "SUCCESS"
        showing.link(channel, person.id, menu_id, stays_open=True)
    params = {"newRichMenuAliasId": alias_id} if status == "SUCCESS" else {}
    event = events.postback(channel, person, None, action["data"], {**params, "status": status})
    return {"action": "richmenuswitch", "params": event["postback"]["params"]}, [event]

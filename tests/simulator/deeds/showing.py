"""What a phone shows below the talk: the rich menu it was given when it looked, opened or closed by its bar."""

from typing import Any

from tests.simulator import japan, menus, people
from tests.simulator.channel import Channel
from tests.simulator.menus import MANAGER, Batch, Menu, Shown
from tests.simulator.people import Impossible, Person


def look(channel: Channel, person: Person) -> Shown:
    """What the person's phone shows now; one who has never looked opens the talk by this."""
    if person.id in channel.screens.closed:
        raise Impossible(f"{person.name} has closed the talk", f"{person.name}さんはトークを閉じています。")
    settle(channel)
    there = channel.menus.on_phones.get(person.id)
    return reopen(channel, person) if there is None else there


def reopen(channel: Channel, person: Person) -> Shown:
    """Leave the talk and come back: only now changes of the default and deleted menus are seen."""
    if person.state == people.BLOCKED:
        raise Impossible(
            f"{person.name} has blocked the bot and has no talk with it",
            f"{person.name}さんはボットをブロックしています。",
        )
    people.check_account(person)
    settle(channel)
    channel.screens.closed.pop(person.id, None)
    channel.screens.finished.pop(person.id, None)
    made = channel.menus.on_phones[person.id] = Shown(menu_given(channel, person))
    channel.menus.forget_gone()
    show(channel, person, made, opened=selected(channel, made))
    return made


def menu_given(channel: Channel, person: Person) -> str | None:
    """Per user before the default before the manager's, and nothing on LINE for PC [G:rich-menus-overview]."""
    if not person.on_phone:
        return None
    kept = channel.menus
    linked = kept.links.get(person.id) if person.state == people.FRIEND else None
    given = linked or kept.default_at(channel.clock.now_ms(), channel.settings.menu_default_ms)
    if given is not None:
        return given
    return None if channel.settings.manager_menu is None else MANAGER


def may_be_linked(channel: Channel, user_id: str) -> bool:
    """Friends only [3.2]."""
    person = channel.people.get(user_id)
    return person is not None and person.state == people.FRIEND


def link(channel: Channel, user_id: str, menu_id: str | None, *, stays_open: bool = False) -> None:
    """Link or unlink one user, seen at once in an open talk; without effect on who is no friend."""
    if not may_be_linked(channel, user_id):
        return
    person = channel.people[user_id]
    if menu_id is None:
        channel.menus.links.pop(user_id, None)
    else:
        channel.menus.links[user_id] = menu_id
    there = channel.menus.on_phones.get(user_id)
    if there is not None:
        there.menu_id = menu_given(channel, person)
        channel.menus.forget_gone()
        show(channel, person, there, opened=stays_open or selected(channel, there))


def left(channel: Channel, person: Person, *, for_good: bool) -> None:
    """The talk is gone from the phone, for good with the link; whether that outlives a block is not told [?]."""
    channel.menus.on_phones.pop(person.id, None)
    channel.menus.forget_gone()
    if for_good:
        channel.menus.links.pop(person.id, None)


def show(channel: Channel, person: Person, there: Shown, *, opened: bool) -> None:
    """Open or close the menu; each time it comes into sight is an impression."""
    there.open = opened and there.menu_id is not None
    if there.open and there.menu_id in channel.menus.menus:
        day = channel.menus.day(there.menu_id, japan.day(channel.clock.now_ms()))
        day.views += 1
        day.viewers.add(person.id)
    if channel.watchers.queues:
        channel.watchers.tell("menu", {"user": person.id, "menu": described(channel, person, there)})


def turn_bar(channel: Channel, person: Person) -> Shown:
    """Tap the bar: what was open closes, what was closed opens."""
    there = look(channel, person)
    if there.menu_id is None:
        raise Impossible(f"{person.name} has no rich menu", "リッチメニューは、いま表示されていません。")
    show(channel, person, there, opened=not there.open)
    return there


def obey(channel: Channel, person: Person, option: str | None) -> None:
    """What a postback's inputOption does to the menu [R#postback-action]."""
    there = channel.menus.on_phones.get(person.id)
    if there is None or there.menu_id is None:
        return
    if option in ("closeRichMenu", "openKeyboard", "openVoice") and there.open:
        show(channel, person, there, opened=False)
    elif option == "openRichMenu" and not there.open:
        show(channel, person, there, opened=True)


def on_screen(channel: Channel, there: Shown) -> Menu | None:
    """The menu behind a screen: a present one, a deleted one that is still shown, or the manager's."""
    if there.menu_id is None:
        return None
    if there.menu_id == MANAGER:
        content = channel.settings.manager_menu
        return None if content is None else Menu(MANAGER, content)
    return channel.menus.menus.get(there.menu_id) or channel.menus.gone.get(there.menu_id)


def selected(channel: Channel, there: Shown) -> bool:
    menu = on_screen(channel, there)
    return menu is not None and bool(menu.content.get("selected"))


def described(channel: Channel, person: Person, there: Shown) -> dict[str, Any] | None:
    """How pages and tests see it. source: user, default or manager; picture: where the desk has its image."""
    menu = on_screen(channel, there)
    if menu is None:
        return None
    linked = channel.menus.links.get(person.id) == menu.id
    return {
        "id": menu.id,
        "name": menu.content.get("name"),
        "bar": menu.content.get("chatBarText"),
        "size": menu.content.get("size"),
        "areas": menu.areas,
        "open": there.open,
        "source": MANAGER if menu.id == MANAGER else "user" if linked else "default",
        "deleted": menu.id in channel.menus.gone,
        "picture": None if menu.picture is None else f"/sim/channels/{channel.id}/menus/{menu.id}/picture",
    }


def settle(channel: Channel) -> None:
    """Do what LINE does in the background and is due by the channel's clock: bulks and batches, oldest first."""
    kept = channel.menus
    now = channel.clock.now_ms()
    due = sorted((bulk for bulk in kept.bulks if bulk.due_ms <= now), key=lambda bulk: bulk.due_ms)
    if due:
        kept.bulks = [bulk for bulk in kept.bulks if bulk.due_ms > now]
    for bulk in due:
        if bulk.menu_id is None or bulk.menu_id in kept.menus:
            for user_id in bulk.users:
                link(channel, user_id, bulk.menu_id)
    for batch in kept.batches.values():
        if batch.phase == "ongoing" and batch.due_ms <= now:
            finish(channel, batch)
    for request_id in [one for one, batch in kept.batches.items() if now - batch.accepted_ms >= menus.KEPT_MS]:
        del kept.batches[request_id]


def finish(channel: Channel, batch: Batch) -> None:
    """A batch that fails has done half of its work; whoever was linked anew meanwhile is left alone."""
    stop = len(batch.todo) // 2 if batch.will_fail else len(batch.todo)
    for change in batch.todo[:stop]:
        if channel.menus.links.get(change.user_id) == change.before:
            link(channel, change.user_id, change.after if change.after in channel.menus.menus else None)
    del batch.todo[:stop]
    batch.phase = "failed" if batch.will_fail else "succeeded"
    batch.completed_ms = batch.due_ms

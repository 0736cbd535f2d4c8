"""What an action does when a person presses what it stands behind, in a bubble or in a rich menu."""

from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.deeds import showing, talking
from tests.simulator.messages import actions
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event


def carry_out(
    channel: Channel, person: Person, group: Group | None, action: dict[str, Any], value: str | None = None
) -> tuple[dict[str, Any], list[Event]]:
    """What happened, and the events it made, in order. value: the date or time chosen in a picker."""
    chat_id = talking.talk_of(channel, person, group)
    kind = str(action.get("type"))
    done: dict[str, Any] = {"action": kind}
    params = {action["mode"]: picked(action, value)} if kind == "datetimepicker" else None
    if kind == "message":
        said, event = talking.say(channel, person, group, action["text"])
        return {**done, "said": said.id}, told(event)
    if kind in ("postback", "datetimepicker"):
        spoken = show_text(channel, chat_id, person, group, action)
        event = posted(channel, person, group, action, params)
        if group is None:
            showing.obey(channel, person, action.get("inputOption"))
        more = {"params": params, "input": action.get("inputOption"), "fill_in": action.get("fillInText")}
        return {**done, **more}, told(spoken) + told(event)
    address = action.get("uri") or action.get("linkUri")
    person.opened.append(str(address or action.get("clipboardText") or kind))
    return {**done, "uri": address, "clipboard": action.get("clipboardText")}, []


def told(event: Event | None) -> list[Event]:
    return [] if event is None else [event]


def posted(
    channel: Channel, person: Person, group: Group | None, action: dict[str, Any], params: dict[str, str] | None
) -> Event | None:
    """A postback, if the bot is in that talk."""
    if group is not None and not group.bot_in:
        return None
    return events.postback(channel, person, group, action["data"], params)


def show_text(
    channel: Channel, chat_id: str, person: Person, group: Group | None, action: dict[str, Any]
) -> Event | None:
    """displayText stands in the talk as the person's own words but is no message; the older text is one."""
    if action.get("text"):
        return talking.say(channel, person, group, action["text"])[1]
    if action.get("displayText"):
        message_id = str(channel.ledger.take_message_ids(1))
        message = {"type": "text", "id": message_id, "text": action["displayText"]}
        talking.show(channel, chat_id, person, message_id, message, only=True)
    return None


def picked(action: dict[str, Any], value: str | None) -> str:
    """The chosen moment in the picker's own format, within its bounds; else what the picker opens at."""
    mode = action["mode"]
    chosen = value or action.get("initial") or action.get("min")
    if chosen is None:
        raise Impossible("choose a date or time for this picker", "日時を選んでください。")
    try:
        moment = actions.moment(chosen, mode)
    except ValueError:
        raise Impossible(f"{chosen} is no {mode}", f"日時として読めません: {chosen}") from None
    if any(
        key in action and (actions.moment(action[key], mode) - moment).total_seconds() * sign > 0
        for key, sign in (("min", 1), ("max", -1))
    ):
        raise Impossible(f"{chosen} is outside what the picker offers", "選べる範囲の外の日時です。")
    return str(chosen).replace("t", "T")

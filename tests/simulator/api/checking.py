"""Whether a send is one LINE would take: its messages, and where they go."""

from typing import Any

from tests.simulator import ids
from tests.simulator.api import answers
from tests.simulator.api.calls import Call
from tests.simulator.channel import Channel
from tests.simulator.messages import destinations, sends
from tests.simulator.messages.places import Problems


def checked(channel: Channel, call: Call) -> dict[str, Any]:
    """The body of a send with its messages checked against LINE's limits."""
    body = call.body()
    messages = body.get("messages")
    if channel.settings.load:
        if not isinstance(messages, list):
            raise answers.bad_property("messages")
        return body
    if channel.settings.check_messages:
        found = sends.problems(body, channel.origins())
        if found is not None:
            raise refusal(found)
    elif not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise answers.bad_property("messages")
    return body


def refusal(found: Problems) -> answers.Refusal:
    """Flex is refused by message number and JSON pointer, everything else by property path [3.6]."""
    if found.flex_message is not None and all(one["property"].startswith("/") for one in found.details):
        wording = f"A message (messages[{found.flex_message}]) in the request body is invalid"
        return answers.refuse(400, wording, found.details)
    return answers.in_body(found.details)


def check_in_chat(channel: Channel, messages: list[Any], chat_id: str | None) -> None:
    """What depends on where it goes: quotes, tracked videos, mentions; chat_id None: to many at once."""
    if not channel.settings.check_messages or channel.settings.load:
        return
    group = None if chat_id is None else channel.groups.get(chat_id)
    members = None if group is None else group.members

    def quotable(token: str) -> bool:
        return chat_id is not None and ids.quote_token_belongs(token, chat_id)

    details = destinations.problems(messages, members, quotable) + unknown_coupons(channel, messages)
    if details:
        raise answers.in_body(details)


def unknown_coupons(channel: Channel, messages: list[Any]) -> list[dict[str, str]]:
    """Only a coupon of this account that still runs can be sent [?]."""
    return [
        {"message": "The coupon does not exist or is closed", "property": f"messages[{index}].couponId"}
        for index, message in enumerate(messages)
        if message.get("type") == "coupon" and not channel.coupons.runs(message.get("couponId"))
    ]


def check_units_allowed(channel: Channel, body: dict[str, Any]) -> None:
    if channel.settings.units_forbidden and body.get("customAggregationUnits"):
        raise answers.Refusal(answers.forbidden())

"""reply, push, multicast and their validation (LINE_PLATFORM sections 2 and 3)."""

from collections.abc import Sequence
from typing import Any

import orjson

from tests.simulator import ids, ledger, people
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.limits import RECIPIENTS, TALKED_TO_US_MS, Accepted, Rate
from tests.simulator.messages import sends
from tests.simulator.messages.places import Problems
from tests.simulator.people import Group, Person

QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})


def reply(channel: Channel, call: Call) -> Answer:
    body = checked(channel, call)
    token = body.get("replyToken")
    if not isinstance(token, str) or not token:
        raise answers.bad_property("replyToken")
    now = channel.clock.now_ms()
    chat_id = channel.reply_tokens.chat_of(token, now)
    if chat_id is None:
        raise answers.refuse(400, "Invalid reply token")
    group = channel.groups.get(chat_id)
    if group is not None and not group.bot_in:
        raise answers.refuse(400, "Failed to send messages")
    check_in_chat(channel, body["messages"], chat_id)
    channel.reply_tokens.use(token)
    send = accept(channel, call, "reply", chat_id, body["messages"], now)
    person = channel.people.get(chat_id)
    if person is not None and person.state == people.BLOCKED:
        send.missed.append((chat_id, "blocked"))
    else:
        reach(channel, send, [chat_id], [person])
    finish(channel, send)
    return Answer(200, sent_messages(send, chat_id))


def push(channel: Channel, call: Call) -> Answer:
    now = channel.clock.now_ms()
    again = already_accepted(channel, "push", call, now)
    if again is not None:
        return again
    body = checked(channel, call)
    to = body.get("to")
    if not isinstance(to, str) or not ids.CHAT_ID.fullmatch(to):
        raise answers.bad_property("to")
    group = channel.groups.get(to)
    person = channel.people.get(to)
    if person is None and (group is None or not group.bot_in):
        raise answers.refuse(400, "Failed to send messages")
    check_in_chat(channel, body["messages"], to)
    missed, cost = push_reach(person, group, now)
    check_quota(channel, cost, now)
    send = accept(channel, call, "push", to, body["messages"], now)
    if missed is None:
        reach(channel, send, [to], [person])
    else:
        send.missed.append((to, missed))
    spend(channel, send, cost, now)
    finish(channel, send)
    return remembered(channel, "push", call, sent_messages(send, to), now)


def push_reach(person: Person | None, group: Group | None, now: int) -> tuple[str | None, int]:
    """(why it reaches nobody, or None; what it costs). A group costs one per member [G:pricing]."""
    if group is not None:
        return None, len(group.members)
    if person is None:
        return "unknown", 0
    if person.state == people.FRIEND:
        return None, 1
    if person.state == people.BLOCKED:
        return "blocked", 0
    if person.wrote_ms is not None and now - person.wrote_ms <= TALKED_TO_US_MS:
        return None, 1
    return "not_friend", 0


def multicast(channel: Channel, call: Call) -> Answer:
    now = channel.clock.now_ms()
    again = already_accepted(channel, "multicast", call, now)
    if again is not None:
        return again
    body = checked(channel, call)
    recipients = checked_recipients(channel, body.get("to"))
    check_in_chat(channel, body["messages"], None)
    found, missed = multicast_reach(channel, recipients)
    check_quota(channel, len(found), now)
    send = accept(channel, call, "multicast", None, body["messages"], now)
    reach(channel, send, [person.id for person in found], found)
    send.missed.extend(missed)
    spend(channel, send, len(found), now)
    finish(channel, send)
    return remembered(channel, "multicast", call, b"{}", now)


def multicast_reach(channel: Channel, recipients: list[str]) -> tuple[list[Person], list[tuple[str, str]]]:
    """Friends, and (user id, why not) of the others; no seven-day rule here [3.2]."""
    found: list[Person] = []
    missed: list[tuple[str, str]] = []
    for user_id in recipients:
        person = channel.people.get(user_id)
        if person is None:
            missed.append((user_id, "unknown"))
        elif person.state == people.FRIEND:
            found.append(person)
        else:
            missed.append((user_id, "blocked" if person.state == people.BLOCKED else "not_friend"))
    return found, missed


def checked_recipients(channel: Channel, to: Any) -> list[str]:
    """1 to 500 user ids; a malformed one is named by its place."""
    if not isinstance(to, list) or not 1 <= len(to) <= RECIPIENTS:
        problem = {"message": f"Size must be between 1 and {RECIPIENTS}", "property": "to"}
        raise answers.in_body([problem])
    known = channel.people
    for index, user_id in enumerate(to):
        if not isinstance(user_id, str) or (user_id not in known and not ids.USER_ID.fullmatch(user_id)):
            raise answers.bad_property(f"to[{index}]")
    if channel.settings.unknown_in_multicast_is_400 and any(one not in channel.people for one in to):
        raise answers.refuse(400, "Failed to send messages")
    return to


def validate(channel: Channel, call: Call) -> Answer:
    checked(channel, call)
    return answers.ok()


def checked(channel: Channel, call: Call) -> dict[str, Any]:
    """The body of a send with its messages checked against LINE's limits."""
    body = call.body()
    messages = body.get("messages")
    if channel.settings.load:
        if not isinstance(messages, list):
            raise answers.bad_property("messages")
        return body
    if channel.settings.check_messages:
        found = sends.problems(body, http_origins(channel))
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


def http_origins(channel: Channel) -> tuple[str, ...]:
    """Plain http is accepted for the bot's own origin only."""
    own = () if channel.webhook_url is None else ("/".join(channel.webhook_url.split("/")[:3]),)
    return own + tuple(channel.settings.http_origins)


def check_in_chat(channel: Channel, messages: list[Any], chat_id: str | None) -> None:
    """What depends on where it goes: quote tokens of another chat, tracked videos in groups."""
    if not channel.settings.check_messages or channel.settings.load:
        return
    details: list[dict[str, str]] = []
    for index, message in enumerate(messages):
        quote = message.get("quoteToken")
        if quote is not None and (chat_id is None or not ids.quote_token_belongs(quote, chat_id)):
            details.append({"message": "Invalid quote token", "property": f"messages[{index}].quoteToken"})
        if message.get("trackingId") is not None and chat_id is not None and not chat_id.startswith("U"):
            problem = {"message": "May not be used in groups", "property": f"messages[{index}].trackingId"}
            details.append(problem)
    if details:
        raise answers.in_body(details)


def check_quota(channel: Channel, cost: int, now: int) -> None:
    if not channel.quota.allows(cost, now):
        raise answers.refuse(429, answers.QUOTA_LIMIT)


def already_accepted(channel: Channel, endpoint: str, call: Call, now: int) -> Answer | None:
    """409 with the first request's id, and for push its sentMessages [R#retry-api-request]."""
    if call.retry_key is None:
        return None
    accepted = channel.retry_keys.find(endpoint, call.retry_key.lower(), now)
    if accepted is None:
        return None
    body = {"message": "The retry key is already accepted", **orjson.loads(accepted.body)}
    headers = {"x-line-accepted-request-id": accepted.request_id}
    return Answer(409, orjson.dumps(body), headers, note="the retry key is already accepted")


def remembered(channel: Channel, endpoint: str, call: Call, body: bytes, now: int) -> Answer:
    if call.retry_key is not None:
        channel.retry_keys.keep(endpoint, call.retry_key.lower(), Accepted(now, call.request_id, body))
    return Answer(200, body)


def accept(channel: Channel, call: Call, how: str, to: str | None, messages: list[dict[str, Any]], now: int) -> Send:
    kept = channel.ledger
    return Send(
        seq=kept.next_seq(),
        how=how,
        at_ms=now,
        request_id=call.request_id,
        retry_key=call.retry_key,
        to=to,
        messages=messages,
        first_id=kept.take_message_ids(len(messages)),
    )


def reach(channel: Channel, send: Send, chat_ids: list[str], persons: Sequence[Person | None]) -> None:
    """Let these phones (or one group's phones: no person) have seen it."""
    send.delivered.extend(chat_ids)
    bubbles = len(send.messages)
    for person in persons:
        if person is not None:
            person.received += bubbles
    if not channel.settings.load:
        for chat_id in chat_ids:
            channel.ledger.add(chat_id, send)


def spend(channel: Channel, send: Send, cost: int, now: int) -> None:
    if cost:
        send.cost = cost
        channel.quota.spend(cost, now)
        if channel.watchers.queues:
            channel.watchers.tell("usage", {"used": channel.quota.used_now(now), "limit": channel.quota.limit})


def finish(channel: Channel, send: Send) -> None:
    """Count it, keep it, show it."""
    counts = channel.ledger.counts
    counts["delivered"] += len(send.delivered)
    counts["undelivered"] += len(send.missed)
    counts["bubbles"] += len(send.delivered) * len(send.messages)
    if channel.settings.load:
        return
    channel.ledger.sends.append(send)
    channel.watchers.wake()
    if channel.watchers.queues:
        for chat_id in send.delivered:
            channel.watchers.tell("message", ledger.shown(send, chat_id))
        for chat_id, why in send.missed:
            channel.watchers.tell("undelivered", {"chat": chat_id, "why": why, "request_id": send.request_id})


def sent_messages(send: Send, chat_id: str) -> bytes:
    """{sentMessages:[{id, quoteToken?}]} in the order of the messages [3.1].

    Put together by hand: it is kept with the retry key, and orjson's bytes hold on to 4 KB each.
    """
    sent = []
    for index, message in enumerate(send.messages):
        message_id = send.message_id(index)
        quotable = message.get("type") in QUOTABLE
        quote = f',"quoteToken":"{ids.quote_token(chat_id, message_id)}"' if quotable else ""
        sent.append(f'{{"id":"{message_id}"{quote}}}')
    return f'{{"sentMessages":[{",".join(sent)}]}}'.encode()


ENDPOINTS = [
    Endpoint("reply", "POST", "/v2/bot/message/reply", reply),
    Endpoint("push", "POST", "/v2/bot/message/push", push, retry_key=True),
    Endpoint("multicast", "POST", "/v2/bot/message/multicast", multicast, retry_key=True, rate=Rate(200)),
    Endpoint("validate_reply", "POST", "/v2/bot/message/validate/reply", validate),
    Endpoint("validate_push", "POST", "/v2/bot/message/validate/push", validate),
    Endpoint("validate_multicast", "POST", "/v2/bot/message/validate/multicast", validate),
]

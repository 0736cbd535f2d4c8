"""reply, push and multicast (LINE_PLATFORM sections 2 and 3)."""

from typing import Any

from tests.simulator import acceptance, ids, people
from tests.simulator.api import answers, checking, retrying
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.limits import RECIPIENTS, TALKED_TO_US_MS, Rate
from tests.simulator.people import Group, Person

FLOOD_MS = 60_000
WITH_UNITS = ("push", "multicast")
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})


def reply(channel: Channel, call: Call) -> Answer:
    body = checking.checked(channel, call)
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
    checking.check_in_chat(channel, body["messages"], chat_id)
    channel.reply_tokens.use(token)
    send = accepted(channel, call, "reply", chat_id, body, now)
    person = channel.people.get(chat_id)
    if person is not None and person.state in (people.BLOCKED, people.DELETED):
        send.missed.append((chat_id, person.state))
        reached = 0
    else:
        acceptance.reach(channel, send, [chat_id], [person])
        reached = 1 if group is None else len(group.members)
    acceptance.finish(channel, send, reached)
    return Answer(200, sent_messages(send, chat_id))


def push(channel: Channel, call: Call) -> Answer:
    now = channel.clock.now_ms()
    again = retrying.already_accepted(channel, "push", call, now)
    if again is not None:
        return again
    body = checking.checked(channel, call)
    checking.check_units_allowed(channel, body)
    to = body.get("to")
    if not isinstance(to, str) or not ids.CHAT_ID.fullmatch(to):
        raise answers.bad_property("to")
    group = channel.groups.get(to)
    person = channel.people.get(to)
    if person is None and (group is None or not group.bot_in):
        raise answers.refuse(400, "Failed to send messages")
    checking.check_in_chat(channel, body["messages"], to)
    missed, cost = push_reach(person, group, now)
    retrying.check_quota(channel, cost, now)
    check_flood(channel, to, now)
    send = accepted(channel, call, "push", to, body, now)
    if missed is None:
        acceptance.reach(channel, send, [to], [person])
    else:
        send.missed.append((to, missed))
    acceptance.spend(channel, send, cost, now)
    acceptance.finish(channel, send, cost)
    return retrying.remembered(channel, "push", call, sent_messages(send, to), now)


def push_reach(person: Person | None, group: Group | None, now: int) -> tuple[str | None, int]:
    """(why it reaches nobody, or None; what it costs). A group costs one per member [G:pricing]."""
    if group is not None:
        return None, len(group.members)
    if person is None:
        return "unknown", 0
    if person.state == people.FRIEND:
        return None, 1
    if person.state in (people.BLOCKED, people.DELETED):
        return person.state, 0
    if person.wrote_ms is not None and now - person.wrote_ms <= TALKED_TO_US_MS:
        return None, 1
    return "not_friend", 0


def multicast(channel: Channel, call: Call) -> Answer:
    now = channel.clock.now_ms()
    again = retrying.already_accepted(channel, "multicast", call, now)
    if again is not None:
        return again
    body = checking.checked(channel, call)
    checking.check_units_allowed(channel, body)
    recipients = checked_recipients(channel, body.get("to"))
    checking.check_in_chat(channel, body["messages"], None)
    found, missed = multicast_reach(channel, recipients)
    retrying.check_quota(channel, len(found), now)
    send = accepted(channel, call, "multicast", None, body, now)
    acceptance.reach(channel, send, [person.id for person in found], found)
    send.missed.extend(missed)
    acceptance.spend(channel, send, len(found), now)
    acceptance.finish(channel, send, len(found))
    return retrying.remembered(channel, "multicast", call, b"{}", now)


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
            missed.append((user_id, "not_friend" if person.state == people.STRANGER else person.state))
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


def accepted(channel: Channel, call: Call, how: str, to: str | None, body: dict[str, Any], now: int) -> Send:
    """The send, counted under its aggregation unit where the API takes one."""
    units = body.get("customAggregationUnits") if how in WITH_UNITS else None
    return acceptance.accept(
        channel,
        how,
        to,
        body["messages"],
        now,
        request_id=call.request_id,
        retry_key=call.retry_key,
        quiet=body.get("notificationDisabled") is True,
        unit=units[0] if isinstance(units, list) and units else None,
    )


def check_flood(channel: Channel, to: str, now: int) -> None:
    """Too many messages to one user: 429 too; LINE says neither how many nor in how long [R#send-push-message, ?]."""
    most = channel.settings.pushes_to_one_in_a_minute
    if most is None:
        return
    since = now - FLOOD_MS
    recent = [send for send in channel.ledger.talk(to) if isinstance(send, Send) and send.at_ms > since]
    if sum(send.how == "push" for send in recent) >= most:
        raise answers.refuse(429, answers.FLOOD)


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
]

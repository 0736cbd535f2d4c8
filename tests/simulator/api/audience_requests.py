"""What requests about audiences say, and LINE's refusals when they say it wrong [R#manage-audience-group]."""

import re
from typing import Any

from tests.simulator import audiences, ids, japan
from tests.simulator.api import answers
from tests.simulator.audiences import Audience
from tests.simulator.channel import Channel
from tests.simulator.ledger import Send
from tests.simulator.messages import counting

NAME, UPLOAD_DESCRIPTION = 120, 300
IDS_A_REQUEST, IDS_A_FILE = 10_000, 1_500_000
RETARGETED_MS = 60 * japan.DAY_MS
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
IFA = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def found(channel: Channel, audience_id: str) -> Audience:
    audience = channel.audiences.by_id.get(int(audience_id)) if re.fullmatch(r"\d{1,18}", audience_id) else None
    if audience is None:
        raise wrong("audience group not found", "AUDIENCE_GROUP_NOT_FOUND")
    return audience


def name_in(channel: Channel, fields: dict[str, Any], but: Audience | None = None) -> str:
    """1 to 120 characters, unlike any other's in upper and lower case; and there is room for a new one.

    The codes are LINE's list [R#manage-audience-group]; it has none for a name that is taken [?].
    """
    name = fields.get("description")
    if not isinstance(name, str) or not name.strip():
        raise wrong("audience group name is empty", "AUDIENCE_GROUP_NAME_EMPTY")
    if counting.utf16(name) > NAME:
        raise wrong("audience group name is too long", "AUDIENCE_GROUP_NAME_SIZE_OVER")
    if CONTROL.search(name):
        raise wrong("audience group name is wrong", "AUDIENCE_GROUP_NAME_WRONG")
    other = channel.audiences.named(name)
    if other is not None and other is not but:
        raise wrong("audience group name is used already", "AUDIENCE_GROUP_NAME_DUPLICATED")
    if but is None and len(channel.audiences.by_id) >= audiences.MOST:
        raise wrong("too many audience groups", "AUDIENCE_GROUP_COUNT_MAX_OVER")
    return name


def upload_description(fields: dict[str, Any]) -> str:
    text = fields.get("uploadDescription", "")
    if not isinstance(text, str) or counting.utf16(text) > UPLOAD_DESCRIPTION:
        raise wrong("upload description is too long", "AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER")
    return text


def ids_in(body: dict[str, Any], *, required: bool) -> list[str]:
    given = body.get("audiences")
    if given is None and not required:
        return []
    if not isinstance(given, list) or len(given) > IDS_A_REQUEST:
        raise answers.in_body([{"message": f"Size must be between 0 and {IDS_A_REQUEST}", "property": "audiences"}])
    return [str(one.get("id", "")) if isinstance(one, dict) else "" for one in given]


def ids_in_file(lines: list[str]) -> list[str]:
    if len(lines) > IDS_A_FILE:
        raise wrong("too many ids", "UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS")
    return lines


def check_ids(given: list[str], ifa: bool) -> None:
    """One wrong id and the whole request is refused."""
    shape = IFA if ifa else ids.USER_ID
    if not all(map(shape.fullmatch, given)):
        raise wrong("audience group is invalid", "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT")


def wrong(message: str, code: str) -> answers.Refusal:
    return answers.refuse(400, message, [{"message": code}])


def send_of(channel: Channel, request_id: Any, now: int) -> Send:
    """A broadcast or narrowcast of the last sixty days, never a push, multicast or reply."""
    for send in channel.ledger.sends:
        if send.request_id == request_id and send.how in ("broadcast", "narrowcast"):
            if now - send.at_ms <= RETARGETED_MS:
                return send
            raise wrong("message is too old", "TOO_OLD_MESSAGES")
    raise wrong("request not found", "REQUEST_NOT_FOUND")

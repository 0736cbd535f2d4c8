"""What depends on where a message goes: quotes of another chat, tracked videos in groups, mentions of strangers."""

from collections.abc import Callable, Collection
from typing import Any

from tests.simulator.messages import texts

Detail = dict[str, str]


def problems(
    messages: list[dict[str, Any]], members: Collection[str] | None, quotable: Callable[[str], bool]
) -> list[Detail]:
    """members: of the group or room it goes to, None when it goes to none; quotable: a quote token is of that chat."""
    found: list[Detail] = []
    for index, message in enumerate(messages):
        path = f"messages[{index}]"
        token = message.get("quoteToken")
        if token is not None and not quotable(str(token)):
            found.append({"message": "Invalid quote token", "property": f"{path}.quoteToken"})
        if message.get("trackingId") is not None and members is not None:
            found.append({"message": "May not be used in groups", "property": f"{path}.trackingId"})
        if message.get("type") == "textV2":
            found += mentions(message, f"{path}.substitution", members)
    return found


def mentions(message: dict[str, Any], path: str, members: Collection[str] | None) -> list[Detail]:
    """Mentions are for groups and rooms, of their members, never of a bot [R#text-message-v2-mention-object]."""
    used = set(texts.placeholders(message["text"]) or ())
    found: list[Detail] = []
    for key, substitution in (message.get("substitution") or {}).items():
        if key not in used or substitution.get("type") != "mention":
            continue
        mentionee = substitution["mentionee"]
        if members is None:
            found.append({"message": "May be used in groups and rooms only", "property": f"{path}.{key}"})
        elif mentionee["type"] == "user" and mentionee["userId"] not in members:
            found.append({"message": "must be a member", "property": f"{path}.{key}.mentionee.userId"})
    return found

"""What a person does with what is on the screen besides pressing it: scrolling, following links, playing."""

from typing import Any

from tests.simulator.deeds import looking
from tests.simulator.desk.asking import Asked


async def looked_at(asked: Asked) -> dict[str, Any]:
    """open: the 1:1 talk is before the person's eyes; loading: for how many seconds still the bot seems to write.

    tapped: the message whose quick replies are gone (null: none).
    """
    screens, user_id = asked.channel.screens, asked.person.id
    left = screens.loading.get(user_id, 0) - asked.channel.clock.now_ms()
    return {
        "open": user_id not in screens.closed,
        "loading": max(0, left) / 1000,
        "tapped": screens.tapped.get(user_id),
    }


async def opened(asked: Asked) -> dict[str, Any]:
    looking.open_talk(asked.channel, asked.person)
    return {}


async def closed(asked: Asked) -> dict[str, Any]:
    looking.close_talk(asked.channel, asked.person)
    return {}


async def displayed_again(asked: Asked) -> dict[str, Any]:
    """message_id, with in (group id): scrolled back to."""
    looking.display_again(asked.channel, asked.person, asked.group(), asked.need("message_id"))
    return {}


async def link_followed(asked: Asked) -> dict[str, Any]:
    """message_id and url, with in (group id)."""
    looking.follow_link(asked.channel, asked.person, asked.group(), asked.need("message_id"), asked.need("url"))
    return {}


async def played(asked: Asked) -> dict[str, Any]:
    """message_id and percent (100: to the end), with in (group id)."""
    event = looking.play(
        asked.channel, asked.person, asked.group(), asked.need("message_id"), asked.whole("percent", 100)
    )
    return await asked.tell_bot(event)

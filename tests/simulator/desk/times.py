"""The channel's clock, looked at and moved."""

from typing import Any

from tests.simulator import clock, driving
from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible


async def looked_at(asked: Asked) -> dict[str, Any]:
    channel = asked.channel
    return {"now": clock.iso(channel.clock.now_ms()), "driving": channel.driving.locked()}


async def advanced(asked: Asked) -> dict[str, Any]:
    """{seconds} or {to: ISO}; {wait: false} answers at once and tells its progress in the stream.

    {"next": true} with seconds: to what falls due next in the bot, if that is within these seconds.
    """
    channel, postman = asked.channel, asked.postman
    to, seconds = asked.text("to", None), asked.body.get("seconds")
    if (to is None) == (seconds is None):
        raise Impossible("give seconds, or an instant under to")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0):
        raise Impossible("seconds must be a number, and time only goes forward")
    to_ms = None if to is None else instant(to)
    if asked.flag("next") and seconds is not None:
        to_ms = await driving.next_due(channel, postman, round(seconds * 1000))
        seconds = None
    work = driving.advance(channel, postman, seconds=seconds, to_ms=to_ms)
    if not asked.flag("wait", True):
        postman.beside(asked.told(work))
        return {"driving": True}
    return await work


def instant(text: str) -> int:
    try:
        return clock.from_iso(text)
    except ValueError as problem:
        raise Impossible(f"to: {problem}") from None

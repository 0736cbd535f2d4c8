"""LINE asked for the shop's coupons, for as long as somebody who has pasted a block may wait."""

import asyncio

from jobs import coupons, ports

PATIENCE = 3.0  # seconds, between two tries of the event's transaction


async def told(line: ports.Line) -> coupons.Told:
    try:
        async with asyncio.timeout(PATIENCE):
            return await line.coupons()
    except (ports.Later, ports.Never, TimeoutError):
        return "unreachable"

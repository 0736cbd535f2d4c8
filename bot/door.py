"""Gives the customers' door (`liff`) what it asks of the bot."""

from bot import wiring
from liff.door import Door


def of(house: wiring.House) -> Door:
    given = house.settings
    asked: list[str | None] = []

    async def basic_id() -> str | None:
        """Asked of LINE once; raises Later and Never."""
        if not asked:
            asked.append((await house.line.bot_info()).get("basicId"))
        return asked[0]

    return Door(
        zone=given.zone,
        keys=given.secret_key,
        public_url=given.public_url,
        liff_id=given.liff_id,
        liff_url=given.liff_url,
        sdk_url=given.liff_sdk_url,
        api_url=given.line_api_url,
        sandbox=given.sandbox,
        identity=house.identity,
        cache=house.cache,
        send_soon=house.sender.send_soon,
        profile=house.line.profile,
        basic_id=basic_id,
        outside=given.liff_login,
        proxies=given.trusted_proxies,
    )

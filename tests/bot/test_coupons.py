"""The shop's coupons asked for at LINE when a block names one, and sent to friends."""

from datetime import datetime
from typing import Any

import aiohttp
import pytest

from bot import wiring
from storage import database
from tests.kinds import stage
from tests.simulator import control


async def made(channel: control.Channel, title: str, *, closed: bool = False) -> str:
    """A coupon as the shop makes one."""
    now: datetime = await channel.now()
    wanted = {
        "title": title,
        "startTimestamp": int(now.timestamp()),
        "endTimestamp": int(now.timestamp()) + 86_400,
        "maxUseCountPerTicket": 1,
        "visibility": "UNLISTED",
        "timezone": "ASIA_TOKYO",
        "acquisitionCondition": {"type": "normal"},
    }
    headers = {"Authorization": f"Bearer {channel.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(f"{channel.api_url}/v2/bot/coupon", json=wanted) as answer:
            said: dict[str, Any] = await answer.json()
            number: str = said["couponId"]
        if closed:
            async with session.put(f"{channel.api_url}/v2/bot/coupon/{number}/close") as answer:
                assert answer.status == 200
    return number


@pytest.mark.usefixtures("bot")
async def test_a_coupon_named_in_the_group_reaches_a_friend(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    spring = await made(channel, "春の割引")
    await made(channel, "冬の割引", closed=True)
    assert "終了しています" in await shop.asks("■テンプレ 券\n▼クーポン 冬の割引")
    await channel.fault("error_before", "coupon_list", calls=2)
    assert "今LINEに確認できません" in await shop.asks("■テンプレ 券\n▼クーポン 春の割引")
    assert await database.value("SELECT count(*) FROM templates") == 0
    assert spring in await shop.asks("■テンプレ 券\n▼クーポン 春の割引")
    anna = await shop.customer("杏奈", "送る テンプレ:券")
    assert {"type": "coupon", "couponId": spring} in [one.message for one in await anna.seen()]


async def test_it_reads_more_coupons_than_line_lists_at_once(house: wiring.House, channel: control.Channel) -> None:
    made_here = [await made(channel, f"券 {number}") for number in range(101)]
    closed = await made(channel, "おわり", closed=True)
    found = await house.line.coupons()
    assert {one.id for one in found if one.running} == set(made_here)
    assert [(one.id, one.title) for one in found if not one.running] == [(closed, "おわり")]

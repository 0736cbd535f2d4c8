"""`/c/…`: the funnel of a scenario is drawn for whoever knows its address, and for nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from bot import server, wiring, work
from jobs import charts
from storage import charts as kept
from storage import clock, database

FUNNEL = charts.Funnel(
    "ようこそ の結果",
    "始めた 200回・途中 20・最後まで 100（50%）",
    (
        charts.Row("① すぐ「はじめまして」", 1.0, "200人 100%", "送った 198・送れず 2・ボタン 60"),
        charts.Row("② 1日後 12:00「とても長い題名のついた、人気のスタイルのご紹介です」", 0.5, "100人 50%"),
        charts.Row("③ 3日後 19:00（送信なし）", 0.0, "0人 0%"),
    ),
    "11/24(火) 9:41 現在",
)


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}/c"


async def test_it_draws_a_kept_chart_and_forgets_it_after_thirty_days(origin: str) -> None:
    public_id = await kept.keep(charts.to_json(FUNNEL), await clock.now())
    async with aiohttp.ClientSession() as web:
        async with web.get(f"{origin}/{public_id}") as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            picture = Image.open(BytesIO(await answer.read())).convert("RGB")
        assert _filled(picture) == pytest.approx([1.0, 0.5, 0.0], abs=0.01)
        async with web.get(f"{origin}/{'x' * 22}") as answer:
            assert answer.status == 404
        await clock.move(await clock.now() + timedelta(days=31))
        assert await work.forget_charts() == 1
        async with web.get(f"{origin}/{public_id}") as answer:
            assert answer.status == 404
    assert await database.value("SELECT count(*) FROM charts") == 0


def _filled(picture: Image.Image) -> list[float]:
    """How much of each bar is filled, as the eye sees it."""
    shares, run = [], 0
    for y in range(picture.height):
        line = [picture.getpixel((x, y)) for x in range(50, picture.width - 50, 5)]
        filled, track = line.count((0x1F, 0x7A, 0x5C)), line.count((0xE7, 0xEE, 0xEB))
        run = run + 1 if filled + track == len(line) else 0
        if run == 10:
            shares.append(filled / len(line))
    return shares

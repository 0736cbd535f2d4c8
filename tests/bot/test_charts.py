"""`/c/…`: a picture of numbers is drawn for whoever knows its address, and for nobody else."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot import server, wiring, work
from jobs import charts
from jobs.charts import lines
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
LINE = charts.Line(
    "休眠VIP の人数",
    "10/25から: +12人",
    tuple(charts.Point(10 + day, f"11/{day + 1}", number) for day, number in ((0, 30), (3, 50), (4, 10), (9, 42))),
    "人",
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


def test_it_draws_each_day_where_its_number_stands() -> None:
    picture = Image.open(BytesIO(charts.png(charts.from_json(charts.to_json(LINE))))).convert("RGB")
    there = [
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (0x1F, 0x7A, 0x5C)
    ]
    left, right = min(x for x, _ in there) + 6, max(x for x, _ in there) - 8
    wide = right - left
    heights = []
    for point in LINE.points:
        x = left + wide * (point.day - 10) / 9
        heights.append(sum(y for at, y in there if abs(at - x) <= 1) / sum(abs(at - x) <= 1 for at, _ in there))
    numbers = [point.number for point in LINE.points]
    unit = (heights[2] - heights[1]) / (numbers[1] - numbers[2])
    assert [heights[1] + unit * (numbers[1] - number) for number in numbers] == pytest.approx(heights, abs=6)


@given(st.lists(st.integers(0, 2_000_000), min_size=1))
def test_it_chooses_round_numbers_around_all_that_is_drawn(numbers: list[int]) -> None:
    marks = lines.scale(numbers)
    assert marks[0] <= min(numbers)
    assert marks[-1] >= max(numbers)
    assert len({later - mark for mark, later in itertools.pairwise(marks)}) == 1
    assert 2 <= len(marks) <= 7

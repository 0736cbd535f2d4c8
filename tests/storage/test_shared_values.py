"""Shared values: what holds at a moment, whether or not anybody has written it down."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storage import shared_values

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.mark.usefixtures("db")
async def test_it_holds_a_planned_value_from_its_moment_on_before_anybody_has_settled_it() -> None:
    hours = await shared_values.make("営業時間", "text", "10時〜19時", NOW)
    await shared_values.plan(hours, LATER, "休業中")
    back = await shared_values.plan(hours, LATER + timedelta(days=5), "9時〜18時")

    async def holds(at: datetime) -> str:
        return (await shared_values.get([hours], at))[hours].text

    assert await holds(LATER - timedelta(microseconds=1)) == "10時〜19時"
    assert await holds(LATER) == "休業中"
    assert await holds(LATER + timedelta(days=6)) == "9時〜18時"
    assert await shared_values.settle(LATER) == 1
    assert await holds(LATER) == "休業中"
    assert [one.id for one in await shared_values.planned(hours, LATER)] == [back]
    await shared_values.cancel(back)
    assert await shared_values.next_at() is None
    assert await holds(LATER + timedelta(days=6)) == "休業中"


@pytest.mark.usefixtures("db")
async def test_it_adds_to_what_holds_now() -> None:
    left = await shared_values.make("残り", "number", "", NOW)
    assert await shared_values.add(left, Decimal(3), NOW) == ("", "3")
    await shared_values.plan(left, LATER, "50")
    assert await shared_values.add(left, Decimal(-1), LATER) == ("50", "49")
    text = await shared_values.make("お知らせ", "text", "なし", NOW)
    assert await shared_values.add(text, Decimal(1), NOW) is None
    await shared_values.write(text, "あり", NOW)
    assert (await shared_values.get([text], NOW))[text].text == "あり"

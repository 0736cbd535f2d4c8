"""Steps on a date of the calendar: their year, whom they come to, what is said of those who come too late."""

from datetime import datetime, timedelta

from jobs import due, timing
from storage import clock, database
from tests.admin_commands.shop import TOKYO, Shop, befriend


async def days_ahead(days: int) -> datetime:
    """18:00 of a day to come."""
    day = (await clock.now()).astimezone(TOKYO) + timedelta(days=days)
    return day.replace(hour=18, minute=0, second=0, microsecond=0)


def written(day: datetime) -> str:
    return f"{day.month}/{day.day} 18:00"


async def live(shop: Shop, block: str) -> str:
    card = await shop.ask(block)
    assert "公開しました" in (await shop.press(card)).text
    return card.text


async def let_come(shop: Shop, at: datetime) -> None:
    await clock.move(at)
    while (await due.run_set(shop.cache)).friends:
        pass


async def had(friend: int) -> list[str]:
    """What became of each step of theirs, in order: `sent`, `skipped`."""
    found = await database.rows(
        "SELECT coalesce(d.state, 'sent') AS what FROM deliveries d WHERE friend_id = $1 ORDER BY id", friend
    )
    return [row["what"] for row in found]


async def test_it_comes_at_its_moment_to_all_who_began_before(shop: Shop) -> None:
    day = await days_ahead(10)
    early, late = await befriend("田中 花子", "佐藤 次郎")
    card = await live(shop, f"■シナリオ 聖夜\n▼すぐ\nはじめまして\n▼{written(day)}\n今夜です\n▼20日後 12:00\nその後")
    assert f"{timing.describe(timing.Timing('date', at=day.time(), day=day.date()))}" in card
    assert "②は、その日時より前に始めた人だけに届きます" in card
    await shop.ask("シナリオ 付ける 聖夜 田中")
    await let_come(shop, day - timedelta(minutes=1))
    assert await had(early) == ["sent"]
    await let_come(shop, day)
    assert await had(early) == ["sent", "sent"]
    await shop.pass_time(minutes=1)
    told = (await shop.ask("シナリオ 確認 聖夜 佐藤")).text
    assert "（この日時を過ぎてから始めた人には届きません）" in told
    assert "合計: 2通/人" in told
    await shop.ask("シナリオ 付ける 聖夜 佐藤")
    await let_come(shop, await clock.now())
    assert await had(late) == ["sent", "skipped"]
    assert "決めた日時を過ぎていたため" in (await shop.ask("なぜ 佐藤 2通目")).text


async def test_it_does_not_come_when_its_day_is_long_over(shop: Shop) -> None:
    day = await days_ahead(3)
    [friend] = await befriend("田中")
    await live(shop, f"■シナリオ 聖夜\n▼{written(day)}\n今夜です\n▼20日後 12:00\nその後")
    await shop.ask("シナリオ 付ける 聖夜 田中")
    await shop.ask("シナリオ 停止 聖夜")
    await let_come(shop, day + timedelta(days=2))
    await shop.press(await shop.ask("シナリオ 再開 聖夜"))
    await let_come(shop, await clock.now())
    assert await had(friend) == ["skipped"]
    assert "決めた日時を過ぎていたため" in (await shop.ask("/なぜ 田中")).text


async def test_it_waits_for_the_morning_and_is_late_by_then_to_nobody(shop: Shop) -> None:
    night = (await days_ahead(3)).replace(hour=22)
    [friend] = await befriend("田中")
    await live(
        shop, f"■シナリオ 聖夜\n▼{night.month}/{night.day} 22:00\n今夜です\n▼{night.month}/{night.day} 22:00\n二通目"
    )
    await shop.ask("シナリオ 付ける 聖夜 田中")
    await let_come(shop, night)
    assert await had(friend) == []
    await let_come(shop, night + timedelta(hours=10, minutes=5))
    assert await had(friend) == ["sent", "sent"]


async def test_it_asks_when_a_weekday_is_not_that_of_the_date(shop: Shop) -> None:
    day = await days_ahead(10)
    wrong = timing.WEEKDAYS[(day.weekday() + 1) % 7]
    told = (await shop.ask(f"■シナリオ 聖夜\n▼{day:%Y-%m-%d}({wrong}) 18:00\n今夜です")).text
    assert f"{timing.WEEKDAYS[day.weekday()]}曜日です。どちらですか" in told
    assert f"▼{day:%Y-%m-%d} 18:00" in told
    assert await database.value("SELECT count(*) FROM scenario_versions") == 0
    right = timing.WEEKDAYS[day.weekday()]
    assert "下書き" in (await shop.ask(f"■シナリオ 聖夜\n▼{written(day).replace(' ', f'({right}) ')}\n今夜です")).text


async def test_a_date_without_a_year_is_the_next_one_and_one_that_is_over_says_so(shop: Shop) -> None:
    day = await days_ahead(-10)
    coming = (await shop.ask(f"■シナリオ 聖夜\n▼{written(day)}\n今夜です")).text
    assert f"{day.year + 1}-{day:%m-%d}" in coming
    over = (await shop.ask(f"■シナリオ 過去\n▼{day:%Y-%m-%d} 18:00\n今夜です")).text
    assert "①はもう過ぎています" in over
    assert "合計: 0通/人" in over
    moved = (await shop.ask(f"シナリオ 変更 過去 1通目 時刻 {written(await days_ahead(5))}")).text
    assert "もう過ぎています" not in moved


async def test_whoever_goes_over_to_a_new_version_is_not_sent_what_is_over(shop: Shop) -> None:
    day = await days_ahead(5)
    [friend] = await befriend("田中")
    block = "■シナリオ 聖夜\n▼すぐ\n一\n▼20日後 12:00\n二"
    await live(shop, block)
    await shop.ask("シナリオ 付ける 聖夜 田中")
    await let_come(shop, day + timedelta(days=2))
    card = await shop.ask(block.replace("▼20日後", f"▼{day:%Y-%m-%d} 18:00\n間\n▼20日後"))
    assert "すぐ届く人" not in card.text
    await shop.press(card, way="all")
    await let_come(shop, await clock.now())
    assert await had(friend) == ["sent"]
    await let_come(shop, await days_ahead(15))
    assert await had(friend) == ["sent", "sent"]

"""使用量 内訳: what has taken a month's messages, by kind and by name, and what others have sent."""

from datetime import datetime, timedelta

import orjson
import pytest

from jobs import charts, usage
from storage import clock, database, quota
from storage.outbox import ends
from tests.admin_commands.shop import SATO, TOKYO, Answer, Shop
from tests.jobs import posting, statements
from tests.storage import claiming

ZONE = "Asia/Tokyo"


async def taken(cause: str, count: int) -> None:
    await posting.multicast([f"U{n:032x}" for n in range(count)], cause=cause)
    await claiming.end(await claiming.claim(), ends.ACCEPTED)


async def broadcast(name: str) -> tuple[int, str]:
    """A broadcast that is being sent: its number, and the cause of what it sends."""
    cause = await posting.add_operation()
    found = await database.value(
        "INSERT INTO broadcasts (name, name_key, source, definition, updated_at)"
        " VALUES ($1, $1, '', '{}', now()) RETURNING id",
        name,
    )
    await database.run(
        "INSERT INTO broadcast_runs (broadcast_id, at, immediate, state, confirmed, definition, operation_id,"
        " created_at) VALUES ($1, now(), true, 'begun', 1, '{}', $2, now())",
        found,
        int(cause.removeprefix("operation:")),
    )
    return found, cause


async def drawn(answer: Answer) -> charts.Funnel:
    public_id = answer.messages[0]["originalContentUrl"].rpartition("/")[2]
    found = await database.value("SELECT drawn FROM charts WHERE public_id = $1", public_id)
    chart = charts.from_json(orjson.loads(found))
    assert isinstance(chart, charts.Funnel)
    return chart


async def test_it_tells_what_took_the_month_by_kind_and_by_name(shop: Shop) -> None:
    await quota.record(ZONE, 5000, 0)
    _, new_year = await broadcast("年末のご案内")
    _, spring = await broadcast("春")
    await taken(new_year, 40)
    await taken(spring, 12)
    await taken(await posting.add_scenario(), 30)
    await taken("command:815:0", 3)
    await taken("notice:refused", 1)
    await taken("event:1", 2)
    await quota.record(ZONE, 5000, 118)

    answer = await shop.ask("/使用量 内訳")

    told = answer.text
    assert "使った通数: 118通（上限 5,000通）" in told
    kinds = ("配信: 52通", "シナリオ: 30通", "友だちへの操作: 3通", "ほかの受け答え: 2通")
    assert "\n".join((*kinds, "急ぎのお知らせ: 1通", "他で使われた分: 30通")) in told
    assert "配信「年末のご案内」#B1" in told
    assert told.index("「年末のご案内」") < told.index("「シナリオ1」") < told.index("「春」") < told.index("#Z815")
    assert "グループへのお知らせは" in told
    assert answer.taps["多い配信の結果"] == "/配信 結果 #B1"
    picture = await drawn(answer)
    assert [(row.label, row.number) for row in picture.rows] == [
        ("配信", "52通"),
        ("シナリオ", "30通"),
        ("友だちへの操作", "3通"),
        ("ほかの受け答え", "2通"),
        ("急ぎのお知らせ", "1通"),
        ("他で使われた分", "30通"),
    ]
    assert picture.rows[0].note == "配信「年末のご案内」#B1 40通・ほか1件"
    assert picture.rows[1].note == "シナリオ「シナリオ1」#S1"
    assert sum(row.share for row in picture.rows) == pytest.approx(1)


async def test_a_month_is_named_in_many_ways_and_keeps_its_account(shop: Shop) -> None:
    now = (await clock.now()).astimezone(TOKYO)
    year = now.year + 1
    await clock.move(datetime(year, 12, 20, 12, tzinfo=TOKYO))
    _, cause = await broadcast("歳末")
    await taken(cause, 9)
    await clock.move(datetime(year + 1, 1, 20, 12, tzinfo=TOKYO))
    await database.run("DELETE FROM outbox")
    await database.run("DELETE FROM broadcast_runs")
    await database.run("DELETE FROM broadcasts")
    for words in ("先月", "12月", f"{year}-12", f"{year}年12月", "１２月分"):
        told = (await shop.ask(f"/使用量 内訳 {words}")).text
        assert f"{year}年12月の通数の内訳" in told
        assert "配信: 9通" in told
        assert "消した配信 #B1" in told
    assert "1月に使った通数はありません" in (await shop.ask("/使用量 内訳")).text
    assert "1月に使った通数はありません" in (await shop.ask("/quota breakdown 今月")).text


async def test_it_says_what_is_no_month_and_what_is_still_to_come(shop: Shop) -> None:
    now = (await clock.now()).astimezone(TOKYO)
    for wrong in ("13月", "きのう", "0月", "2026-99"):
        answer = await shop.ask(f"/使用量 内訳 {wrong}")
        assert "どの月か読めません" in answer.text
        assert answer.taps["先月の内訳"] == "/使用量 内訳 先月"
    assert "まだ先の月です" in (await shop.ask(f"/使用量 内訳 {now.year + 1}-01")).text


async def test_anybody_on_the_staff_may_look(shop: Shop) -> None:
    await shop.employ(SATO, "viewer")
    assert "使った通数はありません" in (await shop.ask("/使用量 内訳", SATO)).text


async def test_what_is_on_its_way_or_unknown_is_told_beside_the_sum(shop: Shop) -> None:
    await posting.multicast([f"U{n:032x}" for n in range(4)])
    await claiming.end(await claiming.claim(), ends.DOUBT)
    told = (await shop.ask("/使用量 内訳")).text
    assert "使った通数: 0通" in told
    assert "送信中・不明: 4通" in told


async def test_the_month_says_how_much_others_took_and_what_is_kept(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    told = (await shop.ask("/使用量")).text
    assert "取り置き: なし" in told
    assert "他で" not in told
    await quota.record(ZONE, 200, 25)
    await quota.keep(ZONE, 20)
    told = (await shop.ask("/使用量")).text
    assert "他で使われた分: 25通" in told
    assert "180通まで（20通は受け答え用）" in told


async def waiting() -> list[str]:
    found = await database.rows("SELECT body FROM outbox WHERE state = 'waiting' AND cause = 'notice:usage:others'")
    return [bytes(row["body"]).decode() for row in found]


async def tell() -> None:
    await database.repeated(lambda: usage.tell(ZONE))


async def test_staff_hear_when_others_have_sent_much(shop: Shop) -> None:
    await quota.record(ZONE, 5000, 1880)  # what was there when we came is no news
    await tell()
    assert await waiting() == []
    await quota.record(ZONE, 5000, 2129)
    await tell()
    assert await waiting() == []
    await quota.record(ZONE, 5000, 2130)
    await tell()
    await tell()
    [told] = await waiting()
    assert "このBot以外から2,130通が送られています（LINEの集計より、前のお知らせから250通増）" in told
    await clock.move(await clock.now() + timedelta(days=32))
    await quota.record(ZONE, None, 0)
    await quota.record(ZONE, None, 100)
    await tell()
    [told] = await waiting()
    assert "100通が送られています（LINEの集計より）" in told


async def test_what_we_send_is_never_told_as_others(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    await taken("command:1:0", 60)
    await quota.record(ZONE, 200, 60)
    await tell()
    assert await waiting() == []
    assert (await quota.usage(ZONE)).others == 0


async def test_it_asks_no_more_of_the_database_for_many_causes_than_for_one(shop: Shop) -> None:
    await taken(await posting.add_scenario(), 1)
    await shop.ask("/使用量 内訳")
    with statements.counted() as few:
        await shop.ask("/使用量 内訳")
    for n in range(12):
        await taken(await posting.add_scenario(), 1)
        await taken((await broadcast(f"第{n}号"))[1], 1)
    with statements.counted() as many:
        told = (await shop.ask("/使用量 内訳")).text
    assert "… ほか20件" in told
    assert len(few) == len(many)

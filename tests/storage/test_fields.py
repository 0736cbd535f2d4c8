"""Values of friends' fields: what a set of writes really changes, what compares, what goes back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from storage import bin, changes, database, erasure, fields, segments
from storage import bin as rubbish
from storage.fields import values

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SIGHT = segments.Sight(NOW, UTC)


async def friends(count: int) -> list[int]:
    found = await database.rows(
        "INSERT INTO friends (line_user_id, line_name, created_at)"
        " SELECT 'U' || n, '田中' || n, $2 FROM generate_series(1, $1::int) AS n RETURNING id",
        count,
        NOW,
    )
    return [row["id"] for row in found]


@pytest.mark.usefixtures("db")
async def test_it_writes_a_set_at_once_and_tells_who_really_changed() -> None:
    people = await friends(3)
    text = await fields.make("氏名", "text", NOW)
    born = await fields.make("誕生日", "date", NOW, yearly=True)
    first = await values.put([(people[0], text, "田中 花子"), (people[0], born, "0004-02-29")], NOW)
    assert [(one.friend, one.field, one.before) for one in first] == [(people[0], text, None), (people[0], born, None)]
    again = await values.put(
        [(people[0], text, "田中 花子"), (people[1], text, "佐藤"), (people[0], born, "1990-05-03")], NOW
    )
    assert again == [
        values.Changed(people[0], born, "0004-02-29", "1990-05-03"),
        values.Changed(people[1], text, None, "佐藤"),
    ]
    rows = await database.rows("SELECT day, month_day FROM field_values WHERE field_id = $1", born)
    assert [dict(row) for row in rows] == [{"day": date(1990, 5, 3), "month_day": 503}]
    assert await values.put_where_empty([(people[1], text, "鈴木"), (people[2], text, "高橋")], NOW) == [
        values.Changed(people[2], text, None, "高橋")
    ]


@pytest.mark.usefixtures("db")
async def test_it_counts_up_from_nothing_and_stops_at_the_greatest_number() -> None:
    people = await friends(2)
    visits = await fields.make("来店回数", "number", NOW)
    await values.put([(people[0], visits, "9.5")], NOW)
    assert [one.after for one in await values.add(people, visits, Decimal("0.5"), NOW)] == ["10", "0.5"]
    assert await values.add(people, visits, values.GREATEST, NOW) == []
    assert [one.after for one in await values.add(people, visits, Decimal(-2), NOW)] == ["8", "-1.5"]
    summary = await values.summary(visits, SIGHT)
    assert summary is not None
    assert summary.friends == 2
    assert [str(one.normalize()) for one in (summary.total, summary.least, summary.most)] == ["6.5", "-1.5", "8"]
    assert values.number(Decimal("-0.00001")) == "0"
    assert values.number(Decimal(100)) == "100"


@pytest.mark.usefixtures("db")
async def test_it_takes_back_only_what_still_is_what_it_became() -> None:
    people = await friends(3)
    hair = await fields.make("髪質", "choice", NOW, choices=["直毛", "くせ毛"])
    await values.put([(people[0], hair, "直毛")], NOW)
    done = await values.put([(one, hair, "くせ毛") for one in people], NOW)
    await values.put([(people[1], hair, "直毛")], NOW)
    [applied] = await changes.apply([changes.note(done)], NOW)
    assert (applied.done, applied.kept) == (2, 1)
    assert await values.of(people, [hair]) == {(people[0], hair): "直毛", (people[1], hair): "直毛"}
    [forward] = await changes.apply(applied.reverse, NOW)
    assert forward.done == 2
    assert await values.tally(hair, SIGHT, 9) == [("くせ毛", 2), ("直毛", 1)]
    cleared = {one.friend: one.before for one in await values.clear(people, [hair])}
    assert [cleared[one] for one in people] == ["くせ毛", "直毛", "くせ毛"]


@pytest.mark.usefixtures("db")
async def test_it_keeps_a_long_text_and_forgets_it_with_the_friend_or_the_field() -> None:
    people = await friends(2)
    note = await fields.make("カルテ", "long_text", NOW)
    await values.put([(one, note, "あ" * 5_000) for one in people], NOW)
    await erasure.erase(people[0], "U1", [])
    assert await values.holders(note, SIGHT) == 1
    await bin.put_in("fields", note, NOW)
    assert await values.of(people, [note]) == {}
    assert await fields.acting() == {}
    assert await values.put([(people[1], note, "い")], NOW) == []
    while await rubbish.clear(NOW + rubbish.KEPT * 2, 100):
        pass
    assert await database.value("SELECT count(*) FROM field_values") == 0

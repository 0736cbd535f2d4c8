"""What is noted of friends in what they are sent: read for all at once, and who gets the same words shares a call."""

import orjson
import pytest

from jobs import configuration, operations
from storage import clock, database, fields
from storage.fields import values
from tests.jobs import engine, statements


@pytest.mark.usefixtures("db")
async def test_it_reads_values_in_one_statement_and_keeps_the_same_words_together() -> None:
    people = await engine.add_friends(5)
    now = await clock.now()
    rank = await fields.make("会員", "choice", now, choices=["金", "銀"])
    await values.put([(one, rank, "金") for one in people[:3]] + [(people[3], rank, "銀")], now)
    cache = configuration.Cache(engine.TOKYO)

    async def work() -> None:
        said = [engine.say(f"{{#K{rank}|一般}}会員の皆さまへ"), engine.say("全員へ")]
        await operations.apply(cache, people, said, "operation:1")

    with statements.counted() as said:
        await database.repeated(work)
    assert len([one for one in said if "field_values" in one]) == 1
    sent = await database.rows("SELECT kind, body, recipients, cost FROM outbox ORDER BY id")
    told = [(row["kind"], orjson.loads(row["body"])[0]["text"], row["cost"]) for row in sent]
    assert sorted(told) == [
        ("multicast", "全員へ", 5),
        ("multicast", "金会員の皆さまへ", 3),
        ("push", "一般会員の皆さまへ", 1),
        ("push", "銀会員の皆さまへ", 1),
    ]

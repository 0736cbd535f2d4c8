"""配信停止: asked kindly, promotions stop and nothing else does, undone by a word."""

from typing import Any

import orjson
import pytest

from jobs import configuration, facts, opting_out
from storage import database, outbox
from tests.jobs import engine


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def says(cache: configuration.Cache, friend: int, text: str) -> list[dict[str, Any]]:
    """The messages that answer this friend's word."""
    rows = await engine.let_happen(cache, [(friend, facts.Said("text", text))], with_tokens=True)
    found = await database.rows("SELECT body FROM outbox WHERE id = ANY($1::bigint[]) ORDER BY id", rows)
    return [message for row in found for message in orjson.loads(row["body"])]


async def out(friend: int) -> bool:
    found: bool = await database.value("SELECT opted_out FROM friends WHERE id = $1", friend)
    return found


@pytest.mark.parametrize("text", ["配信停止", "配信停止。", " 配信 停止 ", "停止", "受け取らない"])
async def test_who_writes_so_is_asked_and_nothing_is_changed_yet(
    db: str, cache: configuration.Cache, text: str
) -> None:
    [friend] = await engine.add_friends(1)
    [asked] = await says(cache, friend, text)
    labels = [one["text"] for one in asked["template"]["actions"]]
    assert labels == [opting_out.STOP, opting_out.KEEP]
    assert not await out(friend)
    [kept] = await says(cache, friend, opting_out.KEEP)
    assert "これからもお届けします" in kept["text"]
    assert not await out(friend)


async def test_promotions_stop_what_answers_goes_on_and_a_word_brings_them_back(
    db: str, cache: configuration.Cache
) -> None:
    friend, other = await engine.add_friends(2)
    [done] = await says(cache, friend, opting_out.STOP)
    assert "配信再開" in done["text"]
    assert await out(friend)
    await engine.do(cache, [friend, other], [engine.say("年末のご案内")], "operation:7")
    found = await database.rows(
        "SELECT friend_id, state FROM deliveries WHERE cause LIKE 'operation:7:%' ORDER BY friend_id"
    )
    assert [(row["friend_id"], row["state"]) for row in found] == [(friend, "cancelled"), (other, None)]
    await engine.add_auto_reply("時間", "営業時間", actions=[engine.say("10時からです")])
    assert [one["text"] for one in await says(cache, friend, "営業時間")] == ["10時からです"]
    assert "停止しています" in (await says(cache, friend, "配信停止"))[0]["text"]
    assert "再開しました" in (await says(cache, friend, "配信再開"))[0]["text"]
    assert not await out(friend)
    await engine.do(cache, [friend], [engine.say("新春のご案内")], "operation:8")
    assert await database.value("SELECT state FROM deliveries WHERE cause LIKE 'operation:8:%'") is None
    told = await database.rows("SELECT kind FROM friend_events WHERE kind LIKE 'opted%' ORDER BY id")
    assert [row["kind"] for row in told] == ["opted_out", "opted_out", "opted_in"]


async def test_a_word_with_other_meanings_is_the_shops_where_a_rule_knows_it(
    db: str, cache: configuration.Cache
) -> None:
    [friend] = await engine.add_friends(1)
    await engine.add_auto_reply("乗り物", "停止", actions=[engine.say("運転停止の時は払い戻します")])
    assert [one["text"] for one in await says(cache, friend, "停止")] == ["運転停止の時は払い戻します"]
    assert "template" in (await says(cache, friend, "配信停止"))[0]
    assert await says(cache, friend, "配信停止について教えてください") == [
        {"type": "text", "text": "運転停止の時は払い戻します"}
    ]


async def test_its_own_messages_are_fit_for_line() -> None:
    for content in (opting_out.ASK, opting_out.DONE, opting_out.ALREADY, opting_out.KEPT, opting_out.RESUMED):
        assert not content.personal
        assert content.count == 1


async def test_promotions_that_have_not_begun_to_leave_are_called_off_and_nothing_else_is(
    db: str, cache: configuration.Cache
) -> None:
    friend, other = await engine.add_friends(2)
    await engine.do(cache, [friend, other], [engine.say("皆さまへ")], "operation:1")
    await engine.do(cache, [friend], [engine.say("あなたへ")], "operation:2")
    await engine.do(cache, [friend], [engine.say("ご予約の確認")], "operation:3")
    await engine.do(cache, [friend], [engine.say("もう始まった")], "operation:4")
    await database.run("UPDATE outbox SET class = 'transactional' WHERE cause = 'operation:3'")
    await database.run("UPDATE outbox SET attempts = 1, ambiguous_at = now() WHERE cause = 'operation:4'")
    await says(cache, friend, opting_out.STOP)
    rows = await database.rows(
        "SELECT cause, state, cardinality(recipients) AS people FROM outbox WHERE cause LIKE 'operation:%' ORDER BY id"
    )
    assert [(row["cause"], row["state"], row["people"]) for row in rows] == [
        ("operation:1", "open", 1),
        ("operation:2", "cancelled", 0),
        ("operation:3", "open", 0),
        ("operation:4", "open", 0),
    ]


async def test_what_was_stopped_goes_on_without_who_has_opted_out_since(db: str, cache: configuration.Cache) -> None:
    friend, other, third = await engine.add_friends(3)
    await engine.do(cache, [friend, other, third], [engine.say("皆さまへ")], "operation:1")
    await engine.do(cache, [friend], [engine.say("あなたへ")], "operation:2")
    await outbox.cancel("operation:1")
    await outbox.cancel("operation:2")
    await says(cache, friend, opting_out.STOP)

    async def go_on() -> None:
        await outbox.go_on(["operation:1:1", "operation:2:1"])

    await database.repeated(go_on)
    rows = await database.rows(
        "SELECT state, error, cardinality(recipients) AS people FROM outbox WHERE cause LIKE 'operation:%' ORDER BY id"
    )
    assert [(row["state"], row["error"], row["people"]) for row in rows] == [
        ("open", None, 2),
        ("cancelled", "blocked", 0),
    ]

"""The same message for very many: what is written is what each friend by themselves would have brought about."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from jobs import alike, configuration, operations, plans
from storage import account, clock, database, fields, shared_values, templates
from storage import operations as deeds
from tests.jobs import engine
from tests.jobs.elsewhere import held, somebody_waits

pytestmark = pytest.mark.usefixtures("db")

SHUT = 9  # of the crowd are not to be written to
HELLO = [engine.say("お知らせです")]


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO, key="0123456789abcdef")


async def crowd(reachable: int) -> list[int]:
    """Friends of every kind who were there when the audience was frozen; so many of them can be written to."""
    people = await engine.add_friends(reachable + SHUT)
    for marks, some in {
        "blocked_us = true": people[:3],  # since they were counted
        "blocked_by_us = true": people[3:5],
        "blocked_us = true, blocked_by_us = true, hidden = true": people[5:7],
        "hidden = true": people[10:13],
        "is_test = true": people[13:15],
        "following = false": people[15:18],  # has only ever written to us
        "line_name = NULL": people[18:20],
        "display_name = '山田さま'": people[20:22],
        "opted_out = true": people[7:SHUT],
    }.items():
        await database.run(f"UPDATE friends SET {marks} WHERE id = ANY($1::bigint[])", some)
    return people


async def leave_unfinished(cache: configuration.Cache, people: Sequence[int]) -> None:
    """Earlier sends to some of them: over, waiting, on their way, in parts; and answers, whose order is their own."""
    [over, waiting, sending, split] = [people[at : at + 4] for at in (22, 26, 28, 34)]
    for number, (some, state) in enumerate(
        [(over, "accepted"), (waiting, "open"), (sending, "sending"), (split, "split"), (people[:2], "open")]
    ):
        before = await database.value("SELECT coalesce(max(id), 0) FROM outbox")
        await engine.do(cache, some, [engine.say("前の便り")], f"operation:{900 + number}")
        await database.run("UPDATE outbox SET state = $2 WHERE id > $1", before, state)
    await engine.do(cache, people[40:42], [engine.say("もう一通")], "operation:905")
    await engine.press(cache, people[42:44], [engine.say("お返事です")])


async def snapshot(operation: int, first: int) -> dict[str, list[dict[str, Any]]]:
    """All that an operation has written, its own numbers and those of its rows put aside; `first`: of its rows."""
    cause = f"operation:{operation}"
    found = {
        "outbox": await database.rows(
            "SELECT to_jsonb(o) - '{cause,ready_at,try_at,created_at}'::text[] AS row FROM outbox o"
            " WHERE cause = $1 ORDER BY id",
            cause,
        ),
        "deliveries": await database.rows(
            "SELECT to_jsonb(d) - '{at,cause}'::text[] AS row FROM deliveries d WHERE cause = $1 ORDER BY friend_id",
            f"{cause}:1",
        ),
        "friends": await database.rows(
            "SELECT friend_id, state FROM operation_friends WHERE operation_id = $1 ORDER BY 1", operation
        ),
        "operation": await database.rows("SELECT done, total, state FROM operations WHERE id = $1", operation),
        "events": await database.rows("SELECT friend_id, kind, subject FROM friend_events ORDER BY id"),
        "later": await database.rows("SELECT friend_id FROM delayed_actions ORDER BY id"),
    }
    keys = set()
    for row in found["outbox"]:
        row["row"] = orjson.loads(row["row"])
        keys.add(row["row"].pop("retry_key"))
        row["row"]["id"] -= first
        row["row"]["after"] = [("own", one - first) if one > first else one for one in row["row"]["after"]]
        if row["row"]["parts"]:
            [[delivery, count]] = row["row"]["parts"]
            row["row"]["parts"] = [
                await database.row("SELECT friend_id FROM deliveries WHERE id = $1", delivery),
                count,
            ]
    assert None not in keys
    assert len(keys) == len(found["outbox"])
    for row in found["deliveries"]:
        row["row"] = orjson.loads(row["row"])
        del row["row"]["id"]
        if row["row"]["outbox_id"] is not None:
            row["row"]["outbox_id"] -= first
    return found


async def both_ways(
    cache: configuration.Cache, people: Sequence[int], actions: list[dict[str, Any]]
) -> list[dict[str, list[dict[str, Any]]]]:
    """What the same operation writes as a set, and friend by friend; the first one's rows are over by then."""
    found = []
    for as_set in (True, False):
        operation = await operations.begin(people, actions, None)
        before: int = await database.value("SELECT coalesce(max(id), 0) FROM outbox")
        if as_set:
            assert alike.parts(actions, await cache.at(await clock.read())) is not None
            assert await operations.run_chunk(cache)
        else:

            async def friend_by_friend() -> None:
                [one] = await deeds.running()
                await operations.apply(cache, people, one.actions, f"operation:{one.id}")
                assert await deeds.done(one.id, people)

            await database.repeated(friend_by_friend)
        assert await operations.run_chunk(cache) == []
        found.append(await snapshot(operation, before))
        await database.run("UPDATE outbox SET state = 'accepted' WHERE cause = $1", f"operation:{operation}")
    return found


@pytest.mark.parametrize("reachable", [plans.MULTICAST_PEOPLE - 1, plans.MULTICAST_PEOPLE + 1])
async def test_it_writes_what_each_friend_by_themselves_would_have_brought_about(
    cache: configuration.Cache, reachable: int
) -> None:
    people = await crowd(reachable)
    await leave_unfinished(cache, people)
    as_set, one_by_one = await both_ways(cache, people, HELLO)
    assert as_set == one_by_one
    assert [row["row"]["kind"] for row in as_set["outbox"]] == ["multicast", "push"][: len(as_set["outbox"])]
    assert sum(row["row"]["cost"] for row in as_set["outbox"]) == reachable
    assert len(as_set["outbox"][0]["row"]["after"]) == 3
    assert sum(row["row"]["state"] == "cancelled" for row in as_set["deliveries"]) == SHUT


async def test_it_says_what_holds_for_everybody_now(cache: configuration.Cache) -> None:
    people = await crowd(30)
    now = await clock.now()
    value = await shared_values.make("席数", "number", "12", now)
    template = await templates.make("料金表", now)
    said = [{"type": "text", "text": f"残り{{#V{value}}}席、{{今日+3日}}まで"}]
    await templates.write(template, "", said, [], 1, now)
    await account.configuration_changed()
    as_set, one_by_one = await both_ways(cache, people, [{"do": "send_template", "template": template}])
    assert as_set == one_by_one
    [sent] = as_set["outbox"]
    assert "残り12席" in bytes.fromhex(sent["row"]["body"][2:]).decode()


async def test_it_tells_those_apart_who_get_different_texts(cache: configuration.Cache) -> None:
    """And whoever gets two of them gets both, in their order."""
    people = await crowd(80)
    await leave_unfinished(cache, people)
    one, other = await engine.add_tag("A"), await engine.add_tag("B")
    await engine.do(cache, people[4:30], [{"do": "tag_on", "tags": [one]}], "operation:906")
    await engine.do(cache, people[2:3] + people[-1:], [{"do": "tag_on", "tags": [other]}], "operation:907")
    variants = [engine.say(text) | {"if": {"tag": tag}} for text, tag in (("Aです", one), ("Bです", other))]
    as_set, one_by_one = await both_ways(cache, people, variants)
    assert as_set == one_by_one
    assert [row["row"]["kind"] for row in as_set["outbox"]] == ["multicast", "push"]
    assert len(as_set["deliveries"]) == 28
    await engine.do(cache, people[10:12], [{"do": "tag_on", "tags": [other]}], "operation:908")
    as_set, one_by_one = await both_ways(cache, people, variants)
    assert as_set == one_by_one
    assert len(as_set["deliveries"]) == 28
    assert await database.value("SELECT count(*) FROM deliveries WHERE cause LIKE 'operation:%:2'") == 4


async def test_it_leaves_everything_else_to_the_way_friend_by_friend(cache: configuration.Cache) -> None:
    rank = await fields.make("会員", "text", await clock.now())
    config = await cache.at(await clock.read())
    assert alike.parts(HELLO, config) is not None
    for actions in (
        [engine.say("{名前}さん")],
        [engine.say(f"{{#K{rank}|一般}}会員の方へ")],
        [engine.say("{#L3|https://shop.example/}")],
        [HELLO[0] | {"once": "お知らせ"}],
        [HELLO[0] | {"after": {"spread": [15, 20]}}],
        [*HELLO, *HELLO],
        [*HELLO, HELLO[0] | {"if": {"tag": 3}}],
        [HELLO[0] | {"if": {"tag": 3}}, {"do": "tag_on", "tags": [3]}],
        [{"do": "tag_on", "tags": [3]}],
        [{"do": "send_template", "template": 3}],  # is no longer there
        [],
    ):
        assert alike.parts(actions, config) is None, actions


async def test_it_writes_nothing_once_it_has_been_stopped(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    operation = await operations.begin(people, HELLO, None)
    now = await clock.now()
    async with held(lambda: deeds.stop(operation, now)):
        chunk = asyncio.create_task(operations.run_chunk(cache))
        await somebody_waits()
    assert await chunk == []
    assert await database.value("SELECT count(*) FROM deliveries") == 0
    assert await engine.outgoing() == []
    states = await database.rows("SELECT DISTINCT state FROM operation_friends")
    assert [row["state"] for row in states] == ["open"]


async def test_it_leaves_out_the_one_friend_who_has_had_it(cache: configuration.Cache) -> None:
    """A second delivery of one cause breaks the set: it would be a second send."""
    people = await engine.add_friends(6)
    operation = await operations.begin(people, HELLO, None)
    await database.run(
        "INSERT INTO deliveries (cause, friend_id, at) VALUES ($1, $2, now())", f"operation:{operation}:1", people[4]
    )
    while await operations.run_chunk(cache) is not None:
        pass
    states = await database.rows("SELECT state FROM operation_friends ORDER BY friend_id")
    assert [row["state"] for row in states] == ["done", "done", "done", "done", "parked", "done"]
    assert sum(row["cost"] for row in await engine.outgoing()) == 5
    assert await database.value("SELECT done FROM operations") == 5


async def test_it_plans_several_sets_at_a_time_and_nobody_twice(
    cache: configuration.Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "PEOPLE", 20)
    people = await engine.add_friends(90)
    await operations.begin(people, HELLO, None)

    async def worker() -> None:
        while await operations.run_chunks(cache) is not None:
            pass

    await asyncio.gather(worker(), worker())
    while await operations.run_chunk(cache) is not None:
        pass
    sent = await engine.outgoing()
    assert sorted(row["heads"] for row in sent) == [10, 20, 20, 20, 20]
    assert await database.value("SELECT count(DISTINCT friend_id) FROM deliveries") == 90
    found = await database.row("SELECT done, state FROM operations")
    assert found == {"done": 90, "state": "done"}

"""What tags do by themselves: limits that hold whoever is at work, actions for who gets one, loses one, is too late."""

import asyncio

import orjson
import pytest

from jobs import configuration, facts, operations
from storage import account, changes, clock, database, tags
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def a_button(*actions: dict[str, object]) -> facts.Pressed:
    button = await database.value(
        "INSERT INTO buttons (label, actions, owner, created_at) VALUES ('申込', $1::jsonb, 'a test', now())"
        " RETURNING id",
        orjson.dumps(list(actions)).decode(),
    )
    return facts.Pressed(button)


async def wearers(tag: int) -> list[int]:
    found = await database.rows("SELECT friend_id FROM friend_tags WHERE tag_id = $1 ORDER BY friend_id", tag)
    return [row["friend_id"] for row in found]


async def texts() -> list[str]:
    return [text for row in await engine.outgoing() for text in row["texts"]]


async def test_it_acts_when_a_tag_is_put_on_and_taken_off_and_the_first_time_only(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    tag = await engine.add_tag("VIP")
    await engine.set_rules(tag, on=[engine.say("VIPです")], off=[engine.say("VIPが終わりました")])
    on, off = await a_button({"do": "tag_on", "tags": [tag]}), await a_button({"do": "tag_off", "tags": [tag]})
    for what in (on, on, off, on, off):
        await engine.let_happen(cache, [(friend, what)])
    assert await texts() == ["VIPです", "VIPが終わりました"]
    await engine.set_rules(tag, again=True, on=[engine.say("またVIPです")])
    await engine.let_happen(cache, [(friend, on)])
    await engine.let_happen(cache, [(friend, off)])
    await engine.let_happen(cache, [(friend, on)])
    assert await texts() == ["VIPです", "VIPが終わりました", "またVIPです", "またVIPです"]


async def test_it_gives_a_limited_tag_to_exactly_as_many_however_many_come_at_once() -> None:
    people = await engine.add_friends(200)
    tag = await engine.add_tag("先着")
    await engine.set_rules(tag, limit=50, on=[engine.say("当選")], full=[engine.say("満員")])
    apply = await a_button({"do": "tag_on", "tags": [tag]})
    workers = [configuration.Cache(engine.TOKYO) for _ in range(4)]
    await asyncio.gather(
        *(
            engine.let_happen(workers[place % 4], [(friend, apply) for friend in people[place * 20 : place * 20 + 20]])
            for place in range(10)
        )
    )
    worn = await wearers(tag)
    assert len(worn) == 50
    found = await database.rows(
        "SELECT convert_from(o.body, 'utf8')::jsonb #>> '{0,text}' AS text,"
        " array_agg(d.friend_id ORDER BY d.friend_id) AS friends"
        " FROM deliveries d JOIN outbox o ON o.id = d.outbox_id GROUP BY 1"
    )
    told = {row["text"]: row["friends"] for row in found}
    assert told == {"当選": worn, "満員": sorted(set(people) - set(worn))}


async def test_it_keeps_a_limit_that_a_worker_has_not_heard_of_yet(cache: configuration.Cache) -> None:
    people = await engine.add_friends(5)
    tag = await engine.add_tag("先着")
    put = await tags.put_on([(friend, tag) for friend in people[:2]], await clock.now())
    assert (len(put.new), put.full) == (2, [])
    await tags.set_rules(tag, tags.Rules(limit=3))  # no process has read it
    put = await tags.put_on([(friend, tag) for friend in reversed(people)], await clock.now())
    assert [friend for friend, _ in put.new] == [people[4]]  # the first who was named
    assert [friend for friend, _ in put.full] == [people[3], people[2]]


async def test_it_keeps_the_limit_in_an_operation_and_in_an_undo(cache: configuration.Cache) -> None:
    people = await engine.add_friends(8)
    tag = await engine.add_tag("先着")
    await engine.set_rules(tag, limit=3, full=[engine.say("満員")])
    now = await clock.now()

    async def begin() -> None:
        await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)

    await database.repeated(begin)
    while await operations.run_chunk(cache) is not None:
        pass
    assert await wearers(tag) == people[:3]
    assert await texts() == ["満員"]
    gone = await tags.take_off(people[:1], [tag])
    await tags.put_on([(people[7], tag)], now)
    [undone] = await changes.apply([changes.put_on(gone)], now)
    assert (undone.done, undone.kept) == (0, 1)
    assert await wearers(tag) == [*people[1:3], people[7]]


async def test_it_starts_nothing_for_what_is_taken_back(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    tag = await engine.add_tag("VIP")
    await engine.set_rules(tag, again=True, on=[engine.say("付いた")], off=[engine.say("外れた")])
    quietly = {"tags": [tag], "quietly": True}

    async def work() -> None:
        await operations.apply(cache, [friend], [{"do": "tag_on"} | quietly, {"do": "tag_off"} | quietly], "undo:1")

    await database.repeated(work)
    assert await texts() == []


async def test_it_cuts_off_a_tag_that_keeps_bringing_itself_back(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    one, other = await engine.add_tag("一"), await engine.add_tag("二")
    swap = [{"do": "tag_off", "tags": [one]}, {"do": "tag_on", "tags": [other]}]
    back = [{"do": "tag_off", "tags": [other]}, {"do": "tag_on", "tags": [one]}]
    await engine.set_rules(one, again=True, on=[engine.say("一"), *swap])
    await engine.set_rules(other, again=True, on=[engine.say("二"), *back])
    await engine.let_happen(cache, [(friend, await a_button({"do": "tag_on", "tags": [one]}))])
    assert 2 < len(await texts()) <= 12


async def test_it_does_for_a_merged_tag_what_the_other_one_does(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    old, new = await engine.add_tag("vip"), await engine.add_tag("VIP")
    await engine.set_rules(old, on=[engine.say("古い")])
    await engine.set_rules(new, limit=2, on=[engine.say("新しい")], full=[engine.say("満員")])
    await tags.merge(old, new, await clock.now())
    await account.configuration_changed()
    press = await a_button({"do": "tag_on", "tags": [old]})
    await engine.let_happen(cache, [(friend, press) for friend in people])
    assert await wearers(new) == people[:2]
    assert sorted(await texts()) == ["新しい", "新しい", "満員"]

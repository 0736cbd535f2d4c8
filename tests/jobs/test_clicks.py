"""Clicks on measured links: addresses of one's own, carried out once, put aside alone where one fails."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jobs import configuration, due, operations, parked
from storage import account, buttons, clock, database, links, settings, tags
from storage import parked as heaps
from storage.links import clicks
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

TARGET = "https://example.com/spring"
KEY = "k" * 32


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO, key=KEY)


async def add_link(*on_click: dict[str, Any]) -> int:
    number = await links.make("春", TARGET, await clock.now())
    kept = (await links.get([number]))[number]
    await links.change(replace(kept, on_click=list(on_click)))
    await account.configuration_changed()
    return number


async def send(cache: configuration.Cache, people: list[int], text: str) -> list[dict[str, Any]]:
    """Staff have this said to all of them."""
    await database.run("TRUNCATE outbox, deliveries, link_sends")
    await database.repeated(lambda: operations.apply(cache, people, [engine.say(text)], "command:1:0"))
    return await engine.outgoing()


async def test_it_gives_each_friend_an_address_only_where_one_can_be_served(cache: configuration.Cache) -> None:
    link = await add_link()
    people = await engine.add_friends(3)
    own = await send(cache, people, f"見る {{#L{link}}}")
    assert [row["kind"] for row in own] == ["push"] * 3
    assert len({row["texts"][0] for row in own}) == 3
    assert all(f"https://media.invalid/l/{link}." in row["texts"][0] for row in own)
    assert await database.value("SELECT count(*) FROM link_sends") == 3
    [plain] = await send(configuration.Cache(engine.TOKYO, public=False, key=KEY), people, f"見る {{#L{link}}}")
    assert (plain["kind"], plain["heads"], plain["texts"]) == ("multicast", 3, [f"見る {TARGET}"])
    assert await database.value("SELECT count(*) FROM link_sends") == 0


async def test_it_sends_many_at_once_what_the_shop_does_not_want_counted(cache: configuration.Cache) -> None:
    [link] = [one.id for one in (await links.automatic([TARGET], await clock.now())).values()]
    assert (await links.automatic([TARGET], await clock.now()))[TARGET].id == link
    await settings.choose("measured", False)
    await account.configuration_changed()
    people = await engine.add_friends(3)
    [plain] = await send(cache, people, f"見る {{#L{link}}}")
    assert (plain["kind"], plain["texts"]) == ("multicast", [f"見る {TARGET}"])
    assert await database.value("SELECT count(*) FROM link_sends") == 0
    own = await send(cache, people, f"見る {{#L{link}.7}}")  # a click does something here
    assert [row["kind"] for row in own] == ["push"] * 3
    assert await database.value("SELECT count(*) FROM link_sends") == 3


async def test_it_counts_no_more_of_one_friend_in_a_day_than_people_tap() -> None:
    link = await add_link()
    people = await engine.add_friends(2)
    start = await clock.now()
    for number in range(clicks.DAY + 2):
        await clock.move(start + timedelta(minutes=number))
        found = await clicks.opened(link, people[0], None, count=True)
        assert found == (TARGET, number < clicks.DAY)
    assert await clicks.opened(link, people[1], None, count=True) == (TARGET, True)
    await clock.move(start + timedelta(days=1, seconds=10))
    assert await clicks.opened(link, people[0], None, count=True) == (TARGET, True)


async def test_it_does_what_follows_once_and_puts_aside_what_fails_alone(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("関心")
    link = await add_link({"do": "tag_on", "tags": [tag]}, engine.say("どうも"))
    [button] = await buttons.make("test:1", [buttons.Wanted("見る", [engine.say("ここから")])], await clock.now())
    people = await engine.add_friends(3)
    for friend in people:
        assert await clicks.opened(link, friend, button if friend == people[2] else None, count=True)
    await database.run(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.friend_id = {people[0]} THEN RAISE 'broken'; END IF; RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER fault BEFORE INSERT ON friend_tags FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        await work_off(cache)
    finally:
        await database.run("DROP FUNCTION fault CASCADE")
    told = sorted((row["class"], *row["texts"]) for row in await engine.outgoing())
    assert told == [("transactional", "ここから"), *[("transactional", "どうも")] * 2]
    [heap], _ = await heaps.page(10, 0)
    assert (heap.kind, heap.id, heap.name, heap.friends) == ("click", link, "春", 1)
    await database.repeated(lambda: again([heap]))
    await work_off(cache)
    assert {friend for friend, _ in await tags.links(people, [tag])} == set(people)
    assert await database.value("SELECT count(*) FROM link_clicks WHERE state = 'done'") == 3
    assert await due.next_at() is None


async def test_it_waits_for_no_click_of_somebody_who_was_erased_at_that_moment() -> None:
    link = await add_link()
    [friend] = await engine.add_friends(1)
    assert await clicks.opened(link, friend, None, count=True)
    assert await due.next_at() is not None
    await database.run("DELETE FROM friends")
    assert (await clicks.with_due(), await due.next_at()) == ([], None)


async def work_off(cache: configuration.Cache) -> None:
    while (await due.run_set(cache)).friends:
        pass


async def again(found: list[heaps.Heap]) -> None:
    await parked.again(found, await clock.now())

"""Stored rules that can no longer be read put only themselves aside; all others go on."""

from datetime import timedelta

import pytest

from jobs import configuration, due, facts
from storage import account, clock, database, parked
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

NOW = {"kind": "immediate"}
IN_AN_HOUR = {"kind": "elapsed", "amount": 1, "unit": "hour"}


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def newcomer() -> int:
    [friend] = await engine.add_friends(1)
    await database.run("UPDATE friends SET following = false")
    return friend


async def break_scenario(scenario: int) -> None:
    """Its live version is no longer what this version of ours understands."""
    await database.run(
        "UPDATE scenario_versions SET definition = jsonb_set(definition, '{steps,0,timing}', $2::jsonb)"
        " WHERE scenario_id = $1",
        scenario,
        '{"kind": "lunar", "at": 7}',
    )
    await account.configuration_changed()


async def current(cache: configuration.Cache) -> configuration.Configuration:
    return await database.repeated(lambda: _read(cache))


async def _read(cache: configuration.Cache) -> configuration.Configuration:
    return await cache.at(await clock.read())


async def test_it_greets_and_starts_what_is_sound_when_a_scenario_is_broken(cache: configuration.Cache) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say("ようこそ")])
    follow = [{"on": "follow"}]
    broken = await engine.add_scenario("こわれた", [engine.step("a", NOW, "こわれた通")], start=follow)
    await engine.add_scenario("無事", [engine.step("a", NOW, "無事な通")], start=follow)
    await break_scenario(broken)
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    [reply] = await engine.outgoing()
    assert reply["texts"] == ["ようこそ", "無事な通"]
    assert (await current(cache)).unreadable == {("scenario", broken)}


async def test_it_starts_nobody_by_hand_on_a_broken_scenario(cache: configuration.Cache) -> None:
    friend = await newcomer()
    broken = await engine.add_scenario("こわれた", [engine.step("a", NOW, "一通目")])
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": broken}, engine.say("ようこそ")])
    await break_scenario(broken)
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    assert [row["texts"] for row in await engine.outgoing()] == [["ようこそ"]]
    assert await database.value("SELECT count(*) FROM subscriptions") == 0


@pytest.mark.parametrize(
    ("messages", "actions"),
    [('"x"', '[{"do": "send", "messages": 7}]'), ("7", '[{"does": "send"}]'), ("{}", "3")],
)
async def test_it_leaves_broken_greetings_and_templates_aside(
    cache: configuration.Cache, messages: str, actions: str
) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say("ようこそ")])
    await engine.add_scenario("無事", [engine.step("a", NOW, "無事な通")], start=[{"on": "follow"}])
    await database.run("UPDATE greetings SET actions = $1::jsonb", actions)
    await database.run(
        "INSERT INTO templates (name, name_key, source, messages, updated_at)"
        " VALUES ('表', '表', '', $1::jsonb, now())",
        messages,
    )
    await account.configuration_changed()
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    assert [row["texts"] for row in await engine.outgoing()] == [["無事な通"]]
    assert (await current(cache)).unreadable == {("greeting", "new"), ("template", 1)}


async def test_it_parks_only_the_walks_of_a_broken_scenario_and_ends_looking(cache: configuration.Cache) -> None:
    people = await engine.add_friends(4)
    await database.run("UPDATE friends SET following = false")
    follow = [{"on": "follow"}]
    broken = await engine.add_scenario("こわれた", [engine.step("a", IN_AN_HOUR, "こわれた通")], start=follow)
    await engine.add_scenario("無事", [engine.step("a", IN_AN_HOUR, "無事な通")], start=follow)
    await engine.let_happen(cache, [(friend, facts.Followed(f"e{friend}")) for friend in people])
    await break_scenario(broken)
    later = configuration.Cache(engine.TOKYO)  # a process that was started since
    await clock.move(await clock.now() + timedelta(hours=1))
    assert (await due.run_set(later)).friends == 4
    assert (await due.run_set(later)).friends == 0
    [sent] = await engine.outgoing()
    assert (sent["texts"], sent["heads"]) == (["無事な通"], 4)
    [heap], _ = await parked.page(10, 0)
    assert (heap.kind, heap.id, heap.friends, heap.error) == ("scenario", broken, 4, "unreadable")


async def test_it_answers_the_press_of_a_broken_button_as_that_of_an_unknown_one(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    await database.run(
        "INSERT INTO buttons (id, owner, label, actions, created_at) VALUES (7, 'scenario:1', 'A', '3', now())"
    )
    await engine.let_happen(cache, [(friend, facts.Pressed(7))])
    [answer] = await engine.outgoing()
    assert "このボタンは今は使えません" in answer["texts"][0]


async def test_it_tells_staff_once_what_it_leaves_aside(cache: configuration.Cache) -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '会議', 'claimed', now())"
    )
    broken = await engine.add_scenario("こわれた", [engine.step("a", NOW, "一通目")])
    await break_scenario(broken)
    await current(cache)
    [notice] = await database.rows("SELECT convert_from(body, 'UTF8') AS body FROM outbox")
    assert f"シナリオ #S{broken}" in notice["body"]
    await database.run("UPDATE outbox SET state = 'folded'")
    await account.configuration_changed()
    await current(cache)
    assert await database.value("SELECT count(*) FROM outbox") == 1

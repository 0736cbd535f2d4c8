"""What happens to friends: greetings, tags, scenarios, and how much of it fits into one free reply."""

from datetime import timedelta

import pytest

from jobs import configuration, due, facts, operations
from storage import clock, database
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

NOW = {"kind": "immediate"}
IN_AN_HOUR = {"kind": "elapsed", "amount": 1, "unit": "hour"}
IN_TWO_HOURS = {"kind": "elapsed", "amount": 2, "unit": "hour"}


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def pass_time(cache: configuration.Cache, **time: float) -> None:
    await clock.move(await clock.now() + timedelta(**time))
    while (await due.run_set(cache)).friends:
        pass


async def newcomer() -> int:
    [friend] = await engine.add_friends(1)
    await database.run("UPDATE friends SET following = false")
    return friend


async def test_it_greets_and_starts_the_scenario_inside_one_free_reply(cache: configuration.Cache) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say("ようこそ、{名前}さん")])
    await engine.add_scenario(
        "ようこそ", [engine.step("a", NOW, "一通目"), engine.step("b", IN_AN_HOUR, "二通目")], start=[{"on": "follow"}]
    )
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    [reply] = await engine.outgoing()
    assert (reply["kind"], reply["cost"], reply["texts"]) == ("reply", 0, ["ようこそ、友だち1さん", "一通目"])
    await pass_time(cache, minutes=59)
    assert len(await engine.outgoing()) == 1
    await pass_time(cache, minutes=1)
    later = (await engine.outgoing())[1]
    assert (later["kind"], later["class"], later["texts"]) == ("push", "promotion", ["二通目"])


async def test_it_greets_a_friend_who_comes_back_as_such_and_does_not_begin_anew(cache: configuration.Cache) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say("はじめまして")])
    await engine.add_greeting("returning", [engine.say("おかえりなさい")])
    await engine.add_scenario("ようこそ", [engine.step("a", IN_AN_HOUR, "一通目")], start=[{"on": "follow"}])
    now = await clock.now()
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], at=now)
    await engine.let_happen(cache, [(friend, facts.Unfollowed("e2"))], at=now + timedelta(seconds=1))
    await pass_time(cache, hours=3)
    await engine.let_happen(cache, [(friend, facts.Followed("e3"))], at=now + timedelta(hours=3))
    await pass_time(cache, hours=3)
    assert [row["texts"] for row in await engine.outgoing()] == [["はじめまして"], ["おかえりなさい"]]


async def test_it_takes_an_older_state_for_history(cache: configuration.Cache) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say("はじめまして")])
    now = await clock.now()
    await engine.let_happen(cache, [(friend, facts.Unfollowed("e2"))], at=now)
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], at=now - timedelta(seconds=5))
    assert await engine.outgoing() == []
    assert await database.value("SELECT blocked_us FROM friends")


async def test_it_pushes_after_the_reply_what_does_not_fit_into_it(cache: configuration.Cache) -> None:
    friend = await newcomer()
    await engine.add_greeting("new", [engine.say(f"挨拶{n}") for n in range(7)])
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    reply, first, second = await engine.outgoing()
    assert reply["texts"] == [f"挨拶{n}" for n in range(5)]
    assert (first["texts"], first["after"]) == (["挨拶5"], [reply["id"]])
    assert (second["texts"], second["after"]) == (["挨拶6"], [first["id"]])


async def test_it_sends_the_same_text_by_multicast_and_a_personal_one_by_push(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    scenario = await engine.add_scenario(
        "案内", [engine.step("a", IN_AN_HOUR, "皆さまへ"), engine.step("b", IN_TWO_HOURS, "{名前}さんへ")]
    )
    start = [{"do": "scenario_start", "scenario": scenario}]
    await engine.add_greeting("new", start)
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed(f"e{friend}")) for friend in people])
    await pass_time(cache, hours=1)
    await pass_time(cache, hours=1)
    many, *each = await engine.outgoing()
    assert (many["kind"], many["heads"], many["cost"]) == ("multicast", 3, 3)
    assert [(row["kind"], row["texts"]) for row in each] == [("push", [f"友だち{n}さんへ"]) for n in (1, 2, 3)]
    assert all(row["after"] == [many["id"]] for row in each)


async def test_it_starts_and_ends_scenarios_by_tags(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begin, bought = await engine.add_tag("体験"), await engine.add_tag("購入済")
    await engine.add_scenario(
        "体験後",
        [engine.step("a", IN_AN_HOUR, "いかがでしたか"), engine.step("b", IN_TWO_HOURS, "またどうぞ")],
        start=[{"on": "tag", "tag": begin}],
        end=[{"on": "tag", "tag": bought}],
    )
    await engine.add_greeting("new", [{"do": "tag_on", "tags": [begin]}])
    await engine.add_greeting("returning", [{"do": "tag_on", "tags": [bought]}])
    await database.run("UPDATE friends SET following = false")
    now = await clock.now()
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], at=now)
    await pass_time(cache, hours=1)
    await engine.let_happen(cache, [(friend, facts.Followed("e2"))], at=now + timedelta(hours=1))
    await pass_time(cache, hours=3)
    assert [row["texts"] for row in await engine.outgoing()] == [["いかがでしたか"]]


async def test_it_carries_out_overdue_steps_one_after_another_within_the_hours(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario(
        "昼だけ",
        [
            engine.step("a", IN_AN_HOUR, "一"),
            engine.step("b", IN_TWO_HOURS, "二"),
            engine.step("c", IN_TWO_HOURS, "三"),
        ],
        window=["09:00", "20:00"],
    )
    night = (await clock.now()).astimezone(engine.TOKYO).replace(hour=21, minute=0, second=0) + timedelta(days=1)
    await clock.move(night)
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": scenario}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    await pass_time(cache, hours=11)
    assert await engine.outgoing() == []
    await pass_time(cache, hours=2)
    sent = await engine.outgoing()
    assert [row["texts"] for row in sent] == [["一"], ["二"], ["三"]]
    assert [row["after"] for row in sent] == [[], [sent[0]["id"]], [sent[1]["id"]]]


async def test_it_waits_for_the_morning_with_what_nobody_was_there_to_send(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("昼だけ", [engine.step("a", IN_AN_HOUR, "一通目")], window=["09:00", "20:00"])
    afternoon = (await clock.now()).astimezone(engine.TOKYO).replace(hour=18, minute=0, second=0) + timedelta(days=1)
    await clock.move(afternoon)
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": scenario}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    await pass_time(cache, hours=4)  # due at 19:00, and it is 22:00 when somebody looks
    assert await engine.outgoing() == []
    await pass_time(cache, hours=12)
    assert [row["texts"] for row in await engine.outgoing()] == [["一通目"]]


async def test_it_runs_a_steps_actions_and_lets_things_follow(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    tag = await engine.add_tag("体験")
    second = await engine.add_scenario("後", [engine.step("a", NOW, "後の一通")], start=[{"on": "tag", "tag": tag}])
    first = await engine.add_scenario("先", [engine.step("a", NOW, "先の一通", [{"do": "tag_on", "tags": [tag]}])])
    assert first != second
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": first}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    [reply] = await engine.outgoing()
    assert reply["texts"] == ["先の一通", "後の一通"]


async def test_it_sends_nothing_that_the_step_before_has_ended(cache: configuration.Cache) -> None:
    friend = await newcomer()
    done = await engine.add_tag("購入済み")
    await engine.add_scenario(
        "案内",
        [engine.step("a", NOW, "一通目", [{"do": "tag_on", "tags": [done]}]), engine.step("b", NOW, "二通目")],
        start=[{"on": "follow"}],
        end=[{"on": "tag", "tag": done}],
    )
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    assert [row["texts"] for row in await engine.outgoing()] == [["一通目"]]
    assert await database.value("SELECT state FROM subscriptions") == "stopped"


async def test_it_goes_on_in_the_same_free_reply_after_a_steps_actions(cache: configuration.Cache) -> None:
    friend = await newcomer()
    tag = await engine.add_tag("見た")
    steps = [engine.step(f"k{n}", NOW, f"{n}通目", [{"do": "tag_on", "tags": [tag]}]) for n in range(1, 5)]
    await engine.add_scenario("案内", steps, start=[{"on": "follow"}])
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))], with_tokens=True)
    assert [row["texts"] for row in await engine.outgoing()] == [["1通目", "2通目", "3通目", "4通目"]]
    assert await database.value("SELECT state FROM subscriptions") == "finished"


async def test_it_sends_one_friends_overdue_steps_in_due_order_whatever_scenario_they_belong_to(
    cache: configuration.Cache,
) -> None:
    friend = await newcomer()
    in_three = {"kind": "elapsed", "amount": 3, "unit": "hour"}
    hours = [engine.step("a", IN_AN_HOUR, "1時間後"), engine.step("b", IN_TWO_HOURS, "2時間後")]
    await engine.add_scenario("甲", hours, start=[{"on": "follow"}])
    await engine.add_scenario("乙", [engine.step("c", in_three, "3時間後")], start=[{"on": "follow"}])
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    await pass_time(cache, hours=5)
    assert [row["texts"] for row in await engine.outgoing()] == [["1時間後"], ["2時間後"], ["3時間後"]]


async def test_it_starts_nobody_who_blocks_us(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    await database.run("UPDATE friends SET blocked_us = true")
    scenario = await engine.add_scenario("案内", [engine.step("a", NOW, "一通目")])

    async def by_hand() -> None:
        await operations.apply(cache, [friend], [{"do": "scenario_start", "scenario": scenario}], "command:1:0")

    await database.repeated(by_hand)
    assert await database.value("SELECT count(*) FROM subscriptions") == 0


async def test_it_cuts_a_chain_of_actions_that_never_ends(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    tag = await engine.add_tag("輪")
    again = [{"do": "tag_off", "tags": [tag]}, {"do": "tag_on", "tags": [tag]}]
    await engine.add_scenario(
        "輪", [engine.step("a", NOW, None, again)], start=[{"on": "tag", "tag": tag}], restart="always"
    )
    await engine.add_greeting("new", [{"do": "tag_on", "tags": [tag]}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    assert await database.value("SELECT count(*) FROM subscriptions") < 20


async def test_it_tells_staff_by_name_what_went_round(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '本部', 'claimed', now())"
    )
    begin, left, right = [await engine.add_tag(name) for name in ("始", "左", "右")]
    await engine.set_rules(begin, again=True, on=[{"do": "tag_on", "tags": [left]}])
    to_right = [{"do": "tag_off", "tags": [left]}, {"do": "tag_on", "tags": [right]}]
    to_left = [{"do": "tag_off", "tags": [right]}, {"do": "tag_on", "tags": [left]}]
    await engine.set_rules(left, again=True, on=to_right)
    await engine.set_rules(right, again=True, on=to_left)

    async def work() -> None:
        await operations.apply(cache, people, [{"do": "tag_on", "tags": [begin]}], "command:1:0")

    for _ in range(2):
        await database.repeated(work)
        await database.run("DELETE FROM friend_tags")
    [told] = await database.rows("SELECT cause, body FROM outbox WHERE state = 'waiting'")
    assert told["cause"] == "notice:rounds"
    round_trip = ("タグ「左」が付く", "タグ「右」が付く", "タグ「左」が外れる", "タグ「右」が外れる")
    text = told["body"].decode()
    assert all(one in text for one in round_trip)
    assert "始" not in text
    assert text.count(" → ") <= 4


async def test_it_answers_a_button_nobody_made_politely(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    await engine.let_happen(cache, [(friend, facts.Pressed(999))], with_tokens=True)
    [reply] = await engine.outgoing()
    assert "このボタンは今は使えません" in reply["texts"][0]


async def test_it_makes_one_call_for_all_who_are_due_though_two_sets_are_taken_at_a_time(
    cache: configuration.Cache,
) -> None:
    people = await engine.add_friends(400)
    await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "皆さまへ")], start=[{"on": "follow"}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed(f"e{friend}")) for friend in people])
    await clock.move(await clock.now() + timedelta(hours=1))
    # the second set may lock some whom the first has just done, and finds nothing due for them
    assert (await due.run_sets(cache)).friends >= 400
    assert [row["heads"] for row in await engine.outgoing()] == [400]


async def test_it_parks_the_one_step_that_fails_and_carries_out_the_others(cache: configuration.Cache) -> None:
    people = await engine.add_friends(9)
    scenario = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "皆さまへ")])
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": scenario}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed(f"e{friend}")) for friend in people])
    # a delivery of this cause stands already: a second one must break whatever transaction tries it
    await database.run(
        "INSERT INTO deliveries (cause, friend_id, state, at)"
        " SELECT 'step:' || id || ':a', friend_id, 'none', now() FROM subscriptions WHERE friend_id = $1",
        people[4],
    )
    await pass_time(cache, hours=1)
    sent = await engine.outgoing()
    assert sum(max(1, row["heads"]) for row in sent) == 8
    states = await database.rows("SELECT state, count(*) AS n FROM subscriptions GROUP BY 1 ORDER BY 1")
    assert states == [{"state": "finished", "n": 8}, {"state": "parked", "n": 1}]


async def test_it_parks_the_one_step_that_takes_the_database_too_long(
    cache: configuration.Cache, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database.SESSION, "statement_timeout", "1000")
    people = await engine.add_friends(4)
    await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "一通目")], start=[{"on": "follow"}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed(f"e{friend}")) for friend in people])
    await database.run(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.friend_id = {people[1]} THEN PERFORM pg_sleep(3); END IF; RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER slow BEFORE INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION slow()")
    await database.disconnect()
    await database.connect(db)  # now with the short patience
    try:
        await pass_time(cache, hours=1)
    finally:
        await database.run("DROP FUNCTION slow CASCADE")
    found = await database.rows("SELECT friend_id, state FROM subscriptions ORDER BY friend_id")
    assert [row["state"] for row in found] == ["finished", "parked", "finished", "finished"]


async def test_it_leaves_a_paused_scenario_alone_and_keeps_everyones_place(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "一通目")])
    await engine.add_greeting("new", [{"do": "scenario_start", "scenario": scenario}])
    await database.run("UPDATE friends SET following = false")
    await engine.let_happen(cache, [(friend, facts.Followed("e1"))])
    await database.run("UPDATE scenarios SET state = 'paused'")
    await pass_time(cache, hours=2)
    assert await engine.outgoing() == []
    await database.run("UPDATE scenarios SET state = 'live'")
    await pass_time(cache, seconds=1)
    assert [row["texts"] for row in await engine.outgoing()] == [["一通目"]]


async def test_it_takes_a_message_and_a_press_for_a_reaction(cache: configuration.Cache) -> None:
    said, pressed, silent = await engine.add_friends(3)
    at = await clock.now() - timedelta(minutes=5)
    await engine.let_happen(cache, [(said, facts.Said("text")), (pressed, facts.Pressed(None))], at=at)
    await engine.let_happen(cache, [(pressed, facts.Pressed(None))], at=at - timedelta(hours=1))  # late news
    found = await database.rows("SELECT id, last_reaction_at FROM friends ORDER BY id")
    assert {row["id"]: row["last_reaction_at"] for row in found} == {said: at, pressed: at, silent: None}

"""Steps for some only: judged when they are due, the others get what is for them, and nobody's walk ends by it."""

import pytest

from jobs import configuration, facts
from storage import database
from tests.jobs import engine
from tests.jobs.test_triggers import IN_AN_HOUR, IN_TWO_HOURS, pass_time

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def begin(cache: configuration.Cache, friends: list[int], tag: int) -> None:
    await engine.let_happen(cache, [(friend, facts.TagAdded(tag)) for friend in friends])


async def told() -> dict[int, list[str]]:
    """Friend -> the texts sent to them, in order."""
    found = await database.rows(
        "SELECT d.friend_id, convert_from(o.body, 'UTF8')::jsonb -> 0 ->> 'text' AS text FROM deliveries d"
        " JOIN outbox o ON o.id = d.outbox_id ORDER BY o.id, d.friend_id"
    )
    texts: dict[int, list[str]] = {}
    for row in found:
        texts.setdefault(row["friend_id"], []).append(row["text"])
    return texts


async def wears(friend: int, tag: int) -> None:
    await database.run("INSERT INTO friend_tags (friend_id, tag_id, at) VALUES ($1, $2, now())", friend, tag)


async def test_it_sends_each_friend_the_branch_that_is_true_when_it_is_due(cache: configuration.Cache) -> None:
    one, other, third = await engine.add_friends(3)
    begins, vip = await engine.add_tag("開始"), await engine.add_tag("VIP")
    await engine.add_scenario(
        "道",
        [
            engine.step("a", IN_AN_HOUR, "VIPの方へ", when={"tag": vip}),
            engine.step("b", IN_AN_HOUR, "みなさまへ", otherwise=True),
            engine.step("c", IN_TWO_HOURS, "おわり"),
        ],
        start=[{"on": "tag", "tag": begins}],
    )
    await begin(cache, [one, other, third], begins)
    await wears(one, vip)
    await pass_time(cache, hours=1)
    assert await told() == {one: ["VIPの方へ"], other: ["みなさまへ"], third: ["みなさまへ"]}
    await wears(other, vip)
    await pass_time(cache, hours=1)
    assert [texts[1:] for texts in (await told()).values()] == [["おわり"]] * 3
    assert await database.value("SELECT count(*) FROM subscriptions WHERE state = 'finished'") == 3
    found = await database.rows("SELECT friend_id, cause FROM deliveries WHERE state = 'skipped' ORDER BY friend_id")
    assert [(row["friend_id"], row["cause"][-1]) for row in found] == [(one, "b"), (other, "a"), (third, "a")]


async def test_it_takes_one_branch_only_though_its_actions_change_the_condition(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begins, vip = await engine.add_tag("開始"), await engine.add_tag("VIP")
    leave = {"do": "tag_off", "tags": [vip]}
    await engine.add_scenario(
        "道",
        [
            engine.step("a", IN_AN_HOUR, "VIPの方へ", [leave], when={"tag": vip}),
            engine.step("b", IN_AN_HOUR, "みなさまへ", otherwise=True),
        ],
        start=[{"on": "tag", "tag": begins}],
    )
    await wears(friend, vip)
    await begin(cache, [friend], begins)
    await pass_time(cache, hours=1)
    assert await told() == {friend: ["VIPの方へ"]}
    assert await database.value("SELECT state FROM subscriptions") == "finished"


async def test_it_passes_over_what_is_for_others_with_its_actions_and_ends_nothing(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begins, vip, seen = [await engine.add_tag(name) for name in ("開始", "VIP", "見た")]
    mark = {"do": "tag_on", "tags": [seen]}
    await engine.add_scenario(
        "道",
        [
            engine.step("a", IN_AN_HOUR, "VIPの方へ", [mark], when={"tag": vip}),
            engine.step("b", IN_TWO_HOURS, "おわり"),
        ],
        start=[{"on": "tag", "tag": begins}],
    )
    await begin(cache, [friend], begins)
    await pass_time(cache, hours=1)
    assert await told() == {}
    assert await database.value("SELECT state FROM subscriptions") == "active"
    await pass_time(cache, hours=1)
    assert await told() == {friend: ["おわり"]}
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", seen) == 0


async def test_it_chooses_the_first_of_several_branches_that_is_true(cache: configuration.Cache) -> None:
    friends = await engine.add_friends(3)
    begins, vip, old = [await engine.add_tag(name) for name in ("開始", "VIP", "常連")]
    await engine.add_scenario(
        "道",
        [
            engine.step("a", IN_AN_HOUR, "VIP", when={"tag": vip}),
            engine.step("b", IN_AN_HOUR, "常連", when={"tag": old}, otherwise=True),
            engine.step("c", IN_AN_HOUR, "はじめて", otherwise=True),
        ],
        start=[{"on": "tag", "tag": begins}],
    )
    await begin(cache, friends, begins)
    for tag in (vip, old):
        await wears(friends[0], tag)
    await wears(friends[1], old)
    await pass_time(cache, hours=1)
    assert list((await told()).values()) == [["VIP"], ["常連"], ["はじめて"]]

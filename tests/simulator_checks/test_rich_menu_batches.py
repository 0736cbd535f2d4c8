"""Batches of rich menus: checked, run in the background, followed, resumed [R#batch-control-rich-menus-of-users]."""

from typing import Any

import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Json, Line, Reply

BATCH = "/v2/bot/richmenu/batch"
VALIDATE = "/v2/bot/richmenu/validate/batch"
NOWHERE = "richmenu-" + "0" * 32


def link(before: str, after: str) -> Json:
    return {"type": "link", "from": before, "to": after}


async def run(line: Line, *operations: Json, key: str | None = None) -> str:
    """The request id of an accepted batch."""
    more = {} if key is None else {"resumeRequestKey": key}
    answer = await line.post(BATCH, {"operations": list(operations), **more})
    assert (answer.status, answer.body) == (202, {}), answer.body
    return answer.headers["x-line-request-id"]


async def progress(line: Line, request_id: str) -> Reply:
    return await line.get(f"/v2/bot/richmenu/progress/batch?requestId={request_id}")


async def phase(line: Line, request_id: str) -> str:
    return str((await progress(line, request_id)).body["phase"])


@pytest.fixture
async def three(line: Line) -> list[str]:
    """Three menus with pictures."""
    return [await menus.made(line) for _ in range(3)]


async def friends(channel: Channel, line: Line, *linked: str) -> list[str]:
    """A friend for each of these menus, linked to it."""
    people = await channel.crowd(len(linked))
    for user_id, menu_id in zip(people, linked, strict=True):
        await menus.link(line, user_id, menu_id)
    return people


async def links(line: Line, people: list[str]) -> list[str | None]:
    return [await menus.linked(line, user_id) for user_id in people]


async def test_it_exchanges_menus_in_the_background(channel: Channel, line: Line, three: list[str]) -> None:
    """202; ongoing with acceptedTime, then succeeded with completedTime, in UTC with ms"""
    one, two, _ = three
    people = await friends(channel, line, one, two, one)
    request_id = await run(line, link(one, two))
    body = (await progress(line, request_id)).body
    assert body.keys() == {"phase", "acceptedTime"}
    assert body["phase"] == "ongoing"
    assert await links(line, people) == [one, two, one]
    await channel.advance(seconds=60)
    done = (await progress(line, request_id)).body
    assert (done["phase"], done["acceptedTime"]) == ("succeeded", body["acceptedTime"])
    assert done["completedTime"] > done["acceptedTime"]
    assert done["completedTime"].endswith("Z")
    assert await links(line, people) == [two, two, two]


async def test_it_acts_on_what_was_before_the_request(channel: Channel, line: Line, three: list[str]) -> None:
    """in parallel: A to B and B to C moves nobody twice; exchanging two menus works"""
    one, two, third = three
    people = await friends(channel, line, one, two, third)
    await run(line, link(one, two), link(two, third), link(third, one))
    await channel.advance(seconds=60)
    assert await links(line, people) == [two, third, one]


async def test_it_unlinks_the_users_of_one_menu_or_of_all(channel: Channel, line: Line, three: list[str]) -> None:
    one, two, _ = three
    people = await friends(channel, line, one, two)
    await run(line, {"type": "unlink", "from": one})
    await channel.advance(seconds=60)
    assert await links(line, people) == [None, two]
    await run(line, {"type": "unlinkAll"})
    await channel.advance(seconds=60)
    assert await links(line, people) == [None, None]


async def test_it_is_seen_at_once_in_an_open_talk(channel: Channel, line: Line, tanaka: User, three: list[str]) -> None:
    await menus.link(line, tanaka.id, three[0])
    await tanaka.menu()
    await run(line, link(three[0], three[1]))
    await channel.advance(seconds=60)
    menu = await tanaka.menu()
    assert menu is not None
    assert menu.id == three[1]


async def test_it_leaves_alone_who_was_linked_meanwhile(channel: Channel, line: Line, three: list[str]) -> None:
    people = await friends(channel, line, three[0])
    await run(line, link(three[0], three[1]))
    await menus.link(line, people[0], three[2])
    await channel.advance(seconds=60)
    assert await links(line, people) == [three[2]]


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 202), (1_000, 202), (1_001, 400)])
async def test_it_takes_a_thousand_operations(channel: Channel, line: Line, count: int, status: int) -> None:
    """<= 1,000"""
    await channel.change(rate_scale=None)
    target = await menus.made(line)
    froms = [await menus.created(line) for _ in range(min(count, 999))] + [target]
    operations = [{"type": "unlink", "from": menu_id} for menu_id in froms][:count]
    if count > len(operations):
        operations.append({"type": "unlink", "from": NOWHERE})
    for path, good in ((VALIDATE, 200), (BATCH, 202)):
        answer = await line.post(path, {"operations": operations})
        assert answer.status == (good if status == 202 else 400)
        assert answer.properties == ([] if status == 202 else ["operations"])


@pytest.mark.parametrize(
    ("key", "good"),
    [("a", True), ("a" * 100, True), ("a" * 101, False), ("", False), ("Az09-_", True), ("a b", False), (5, False)],
)
async def test_it_takes_these_keys(line: Line, three: list[str], key: Any, good: bool) -> None:
    """[0-9a-zA-Z-_]{1,100}"""
    body = {"operations": [{"type": "unlinkAll"}], "resumeRequestKey": key}
    for path, status in ((VALIDATE, 200), (BATCH, 202)):
        answer = await line.post(path, body)
        assert answer.status == (status if good else 400)
        assert answer.properties == ([] if good else ["resumeRequestKey"])


@pytest.mark.parametrize("path", [VALIDATE, BATCH])
async def test_it_refuses_what_does_not_fit_together(channel: Channel, line: Line, three: list[str], path: str) -> None:
    """unlinkAll stands alone; each `from` once; ids of a menu's form"""
    await channel.change(rate_scale=None)
    one, two, third = three
    answer = await line.post(path, {"operations": [{"type": "unlinkAll"}, {"type": "unlink", "from": one}]})
    wording = "'unlinkAll' type can't be combined with other type"
    assert answer.body["details"] == [{"message": wording, "property": "operations[].type"}]
    answer = await line.post(path, {"operations": [link(one, two), link(one, third)]})
    wording = f"from richmenu ({one[:15]}...) is duplicated"
    assert answer.body["details"] == [{"message": wording, "property": "operations[].from"}]
    answer = await line.post(path, {"operations": [{"type": "unlink", "from": "menu"}]})
    assert answer.body["details"] == [{"message": "invalid richMenuId", "property": "operations[0].from"}]
    for wrong in ({"type": "link", "from": one}, {"type": "link", "to": one}, {"type": "unlink"}, {"type": "move"}, {}):
        assert (await line.post(path, {"operations": [wrong]})).status == 400
    assert (await line.post(path, {})).status == 400


@pytest.mark.parametrize("path", [VALIDATE, BATCH])
async def test_it_refuses_menus_that_are_not_there_or_have_no_picture(
    channel: Channel, line: Line, three: list[str], path: str
) -> None:
    """404 and 400, each with its place"""
    await channel.change(rate_scale=None)
    bare = await menus.created(line)
    answer = await line.post(path, {"operations": [link(three[0], NOWHERE)]})
    details = [{"message": f"Richmenu ({NOWHERE[:15]}...) is not found", "property": "operations[0].to"}]
    assert (answer.status, answer.body["details"]) == (404, details)
    assert (await line.post(path, {"operations": [link(NOWHERE, three[0])]})).status == 404
    answer = await line.post(path, {"operations": [link(three[0], bare)]})
    wording = f"'to' richmenu ({bare[:15]}...) must have image but it doesn't"
    assert (answer.status, answer.body["details"]) == (400, [{"message": wording, "property": "operations[0].to"}])
    assert (await line.post(path, {"operations": [link(bare, three[0])]})).status in (200, 202)


async def test_it_goes_on_with_what_a_failed_batch_has_left(channel: Channel, line: Line, three: list[str]) -> None:
    """phase failed: some are done; the same key does the others, and nobody twice"""
    one, two, third = three
    await channel.change(menu_batches_fail=1)
    people = await friends(channel, line, one, one, one, two)
    operations = [link(one, two), link(two, third)]
    first = await run(line, *operations, key="once")
    await channel.advance(seconds=60)
    assert await phase(line, first) == "failed"
    half = await links(line, people)
    assert half[:3].count(two) == 2
    assert half.count(one) == 1
    second = await run(line, *operations, key="once")
    await channel.advance(seconds=60)
    assert (await phase(line, first), await phase(line, second)) == ("failed", "succeeded")
    assert await links(line, people) == [two, two, two, third]


async def test_it_does_a_batch_anew_without_its_key(channel: Channel, line: Line, three: list[str]) -> None:
    """why the key is there: those who were moved to B are moved on to C"""
    one, two, third = three
    people = await friends(channel, line, one)
    for _ in range(2):
        await run(line, link(one, two), link(two, third))
        await channel.advance(seconds=60)
    assert await links(line, people) == [third]


async def test_it_does_nothing_twice_under_one_key(channel: Channel, line: Line, three: list[str]) -> None:
    """not sure whether the first was accepted: the second changes nothing, while it runs and afterwards"""
    one, two, third = three
    await channel.change(rate_scale=None)
    people = await friends(channel, line, one)
    for seconds in (0, 60, 60):
        await run(line, link(one, two), link(two, third), key="once")
        await channel.advance(seconds=seconds)
    assert await links(line, people) == [two]


@pytest.mark.parametrize(("hours", "after"), [(335.9, "two"), (336.1, "third")])
async def test_it_keeps_a_key_for_fourteen_days(
    channel: Channel, line: Line, three: list[str], hours: float, after: str
) -> None:
    """336 hours; then it is a new request"""
    one, two, third = three
    people = await friends(channel, line, one)
    await run(line, link(one, two), link(two, third), key="once")
    await channel.advance(hours=hours)
    await run(line, link(one, two), link(two, third), key="once")
    await channel.advance(seconds=61)
    assert await links(line, people) == [{"two": two, "third": third}[after]]


@pytest.mark.parametrize(("hours", "status"), [(335.9, 200), (336.1, 404)])
async def test_it_tells_the_progress_for_fourteen_days(channel: Channel, line: Line, hours: float, status: int) -> None:
    """336 hours after acceptedTime [R#get-batch-control-rich-menus-progress-status]"""
    request_id = await run(line, {"type": "unlinkAll"})
    await channel.advance(hours=hours)
    assert (await progress(line, request_id)).status == status


async def test_it_tells_no_progress_of_what_is_no_batch(bot: Bot, line: Line) -> None:
    """400 for what is no request id, 404 for one that was no batch"""
    other = (await line.get("/v2/bot/info")).headers["x-line-request-id"]
    answer = await progress(line, other)
    assert (answer.status, answer.body) == (404, {"message": "Not found"})
    assert (await progress(line, "x")).status == 400
    assert (await line.get("/v2/bot/richmenu/progress/batch")).status == 400

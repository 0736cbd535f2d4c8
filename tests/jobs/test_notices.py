"""What action lists tell staff: who hears it, in how few messages, and what a kept group never hears."""

import orjson
import pytest

from jobs import configuration, notices, operations
from storage import clock, database, staff
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def add_group(name: str, role: str = "owner", scope: object = None) -> str:
    chat = f"C{name}"
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, role, scope, joined_at)"
        " VALUES ($1, $2, 'claimed', $3, $4::jsonb, now())",
        chat,
        name,
        role,
        None if scope is None else orjson.dumps(scope).decode(),
    )
    return chat


async def tell(cache: configuration.Cache, people: list[int], to: str, who: int | None, text: str, root: str) -> None:
    action = {"do": "notify", "to": to, "who": who, "text": text}
    await database.repeated(lambda: operations.apply(cache, people, [action], root))


async def waiting() -> dict[str, list[str]]:
    """What each group will be told, message by message."""
    found: dict[str, list[str]] = {}
    for row in await database.rows("SELECT chat, body FROM outbox WHERE state = 'waiting' ORDER BY id"):
        found.setdefault(row["chat"], []).append(orjson.loads(row["body"])[0]["text"])
    return found


async def test_it_tells_the_groups_that_are_meant(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    managing, shop, other = (
        await add_group("本部"),
        await add_group("岐阜", "operator"),
        await add_group("大垣", "viewer"),
    )
    await tell(cache, [friend], "group", None, "{名前}さんが相談", "command:1:0")
    assert [list(told) for told in [await waiting()]] == [[managing]]
    ours = {room.name: room.id for room in await staff.rooms()}
    yamada = (await staff.appoint("U1", "山田", "owner", await clock.now())).id
    await tell(cache, [friend], "group", ours["岐阜"], "来店です", "command:2:0")
    await tell(cache, [friend], "everybody", None, "どなたか", "command:3:0")
    await tell(cache, [friend], "staff", yamada, "電話してください", "command:4:0")
    await tell(cache, [friend], "group", 99, "予約です", "command:5:0")
    told = await waiting()
    assert all(len(messages) == 1 for messages in told.values())
    words = {chat: [line.split(" ", 3)[3] for line in messages[0].split("\n")] for chat, messages in told.items()}
    at_friend = f"（友だち #F{friend}）"
    assert words == {
        managing: [
            f"友だち1さんが相談{at_friend}",
            f"どなたか{at_friend}",
            f"@山田さんへ: 電話してください{at_friend}",
            f"予約です{at_friend}",
        ],
        shop: [f"来店です{at_friend}", f"どなたか{at_friend}"],
        other: [f"どなたか{at_friend}"],
    }


async def test_it_tells_a_kept_group_of_its_own_friends_only(cache: configuration.Cache) -> None:
    inside, outside = await engine.add_friends(2)
    tag = await engine.add_tag("岐阜店")
    chat = await add_group("岐阜", "operator", {"tag": tag})
    await database.run("INSERT INTO friend_tags (friend_id, tag_id, at) VALUES ($1, $2, now())", inside, tag)
    await tell(cache, [inside, outside], "everybody", None, "来店", "command:1:0")
    [told] = (await waiting())[chat]
    assert f"#F{inside}" in told
    assert f"#F{outside}" not in told


async def test_it_counts_what_is_too_much_to_tell_and_fills_one_message_after_the_other(
    cache: configuration.Cache,
) -> None:
    people = await engine.add_friends(30)
    chat = await add_group("本部")
    await tell(cache, people, "group", None, "一斉", "command:1:0")
    [told] = (await waiting())[chat]
    assert told.count("一斉") == notices.AT_ONCE
    assert told.endswith("ほか20件")
    for number in range(2, 9):
        await tell(cache, people, "group", None, "あ" * 500, f"command:{number}:0")
    messages = (await waiting())[chat]
    assert len(messages) > 1
    assert max(map(len, messages)) <= 5_000
    assert sum(message.count("ほか20件") for message in messages) == 8


def test_it_says_what_nobody_would_hear() -> None:
    assert [notices.fault(notices.Audience(to)) for to in ("group", "everybody")] == ["", ""]
    assert "担当" in notices.fault(notices.Audience("assigned"))
    assert "当番" in notices.fault(notices.Audience("on_duty"))

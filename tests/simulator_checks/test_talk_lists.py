"""What phones show before a talk is opened: talk lists, what is unread, who there is; and starting over."""

from pathlib import Path

import pytest

from tests.simulator import control
from tests.simulator.control import Channel, Group, User
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.contract import process as watched


async def unread(channel: Channel, user: User) -> list[int]:
    """Of each of their talks: with the bot, then groups."""
    return [one["unread"] for one in await channel.ask("GET", f"/people/{user.id}/talks")]


async def read(channel: Channel, user: User, message_id: str, group: Group | None = None) -> None:
    body = {"message_id": message_id, **({"in": group.id} if group else {})}
    await channel.ask("POST", f"/people/{user.id}/read", body)


async def test_it_counts_what_is_unread_in_each_talk(channel: Channel, line: Line, group: Group) -> None:
    yamada, sato = await channel.user("山田 太郎"), await channel.user("佐藤 美咲")
    await yamada.follow()
    await line.push(yamada.id, text("一"), text("二"))
    await sato.says("おはよう", in_group=group)
    said = await sato.says("きょうも", in_group=group)
    assert await unread(channel, yamada) == [2, 2]
    assert await unread(channel, sato) == [0, 0]
    first, second = [seen.id for seen in await yamada.seen()]
    await read(channel, yamada, first)
    assert await unread(channel, yamada) == [1, 2]
    await read(channel, yamada, second)
    await read(channel, yamada, first)
    assert await unread(channel, yamada) == [0, 2]
    await sato.unsends(said.message_id, in_group=group)
    assert await unread(channel, yamada) == [0, 1]
    await yamada.says("はい", in_group=group)
    assert await unread(channel, yamada) == [0, 0]
    marks = (await channel.ask("GET", f"/talks/{group.id}"))["read"]
    assert marks[yamada.id] > marks[sato.id]


async def test_it_reads_for_the_bot_what_is_said_to_it_alone(channel: Channel, tanaka: User) -> None:
    said = await tanaka.says("読みましたか")
    assert (await channel.ask("GET", f"/talks/{tanaka.id}"))["read"][channel.bot_user_id] == said.message_id


async def test_it_shows_the_newest_of_each_talk(channel: Channel, line: Line, group: Group) -> None:
    yamada = await channel.user("山田 太郎")
    await line.push(group.id, text("お知らせ"))
    alone, together = await channel.ask("GET", f"/people/{yamada.id}/talks")
    assert (alone["chat"], alone["last"]) == (yamada.id, None)
    assert (together["chat"], together["last"]["messages"]) == (group.id, [text("お知らせ")])


@pytest.mark.parametrize("message_id", ["x", "", None])
async def test_it_reads_no_messages_that_cannot_be(channel: Channel, tanaka: User, message_id: object) -> None:
    with pytest.raises(control.Declined, match="message_id"):
        await channel.ask("POST", f"/people/{tanaka.id}/read", {"message_id": message_id})


async def test_it_finds_people_by_name_and_kind(channel: Channel, tanaka: User, group: Group) -> None:
    await channel.crowd(60, prefix="客")

    async def found(query: str) -> tuple[list[str], int]:
        answer = await channel.ask("GET", f"/people?{query}")
        return [person["name"] for person in answer["people"]], answer["total"]

    assert await found("kind=staff") == (["山田 太郎", "佐藤 美咲"], 2)
    assert await found("search=花") == (["田中 花子"], 1)
    names, total = await found("kind=customer")
    assert (len(names), total) == (50, 61)
    assert await found(f"ids={tanaka.id},Unobody") == (["田中 花子"], 1)


async def test_it_starts_over_with_new_customers_and_the_same_staff(
    channel: Channel, bot: Bot, line: Line, tanaka: User, group: Group
) -> None:
    yamada = await channel.user("山田 太郎")
    sato = await channel.user("佐藤 美咲")
    await tanaka.says("こんにちは")
    await line.push(tanaka.id, text("一"))
    await sato.says("おはよう", in_group=group)
    await group.leaves(sato)
    newest = (await tanaka.seen())[-1].id
    await channel.ask("POST", "/start-over")
    assert [event["source"]["userId"] for event in bot.events if event["type"] == "unfollow"] == [tanaka.id]
    overview = await channel.overview()
    states = {person["name"]: (person["id"], person["state"]) for person in overview["people"]}
    assert set(states) == {"山田 太郎", "佐藤 美咲", "田中 花子", "鈴木 一郎"}
    assert states["山田 太郎"][0] == yamada.id
    assert states["田中 花子"] != (tanaka.id, "friend")
    assert overview["usage"]["used"] == 0
    assert overview["groups"][0]["bot_in"]
    assert await group.talk() == []
    again = await channel.user("田中 花子")
    await again.follow()
    assert (again.id, bot.last()["follow"]) == (states["田中 花子"][0], {"isUnblocked": False})
    await line.push(again.id, text("二"))
    assert int((await again.seen())[0].id) > int(newest)


async def test_it_keeps_what_was_read_and_who_came_after_a_start_over(tmp_path: Path, bot: Bot) -> None:
    state = str(tmp_path / "state.json")
    process = watched.start("--state", state)
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.new_channel(webhook=bot.url, channel_id="kept")
        before = await channel.user("田中 花子")
        await channel.ask("POST", "/start-over")
        tanaka = await channel.user("田中 花子")
        said = await tanaka.says("読んでね")
    assert process.stop() == 0
    process = watched.start("--state", state)
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.channel("kept")
        assert (await channel.user("田中 花子")).id == tanaka.id != before.id
        assert (await channel.ask("GET", f"/talks/{tanaka.id}"))["read"][tanaka.id] == said.message_id
    assert process.stop() == 0

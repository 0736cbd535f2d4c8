"""Groups and rooms: who is told what, what they cost, and that a group has one official account at most."""

import pytest

from tests.simulator.control import Channel, Declined, Group, User
from tests.simulator_checks.bots import Bot, Line, text


async def members(channel: Channel, count: int) -> list[User]:
    return [await channel.user(f"会員{number}") for number in range(count)]


@pytest.fixture
async def room(channel: Channel, bot: Bot) -> Group:
    """Two people and the bot, which has not been told yet."""
    room = await channel.room("三人", await members(channel, 2))
    await room.invite_bot()
    return room


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_it_lists_members_for_verified_accounts_only(channel: Channel, line: Line, kind: str) -> None:
    """403 otherwise; 100 a page [R#get-group-member-user-ids, R#get-room-member-user-ids]"""
    people = await members(channel, 101)
    talk = await (channel.group if kind == "group" else channel.room)("多い", people)
    await talk.invite_bot()
    path = f"/v2/bot/{kind}/{talk.id}/members/ids"
    assert (await line.get(path)).status == 403
    await channel.change(verified=True)
    first = (await line.get(path)).body
    assert first["memberIds"] == [one.id for one in people[:100]]
    assert (await line.get(f"{path}?start={first['next']}")).body == {"memberIds": [people[100].id]}
    await talk.leaves(people[100])
    assert "next" not in (await line.get(path)).body


async def test_it_tells_of_a_room_with_the_first_event_in_it(bot: Bot, channel: Channel, room: Group) -> None:
    """join in a room: at the first event after being added [R#join-event]"""
    assert bot.events == []
    one = await channel.user("会員0")
    await one.says("はじめまして", in_group=room)
    assert [event["type"] for event in bot.events] == ["join", "message"]
    assert bot.events[0]["source"] == {"type": "room", "roomId": room.id}
    assert bot.events[1]["source"] == {"type": "room", "roomId": room.id, "userId": one.id}
    await one.says("もう一度", in_group=room)
    assert [event["type"] for event in bot.events] == ["join", "message", "message"]


async def test_it_replies_and_pushes_into_a_room(bot: Bot, channel: Channel, line: Line, room: Group) -> None:
    """a push costs one per member [G:pricing]"""
    one = await channel.user("会員0")
    await one.says("質問", in_group=room)
    assert (await line.reply(bot.events[0]["replyToken"], text("参加しました"))).status == 200
    assert (await line.reply(bot.last()["replyToken"], text("返事"))).status == 200
    assert (await line.push(room.id, text("お知らせ"))).status == 200
    assert await room.texts() == ["参加しました", "返事", "お知らせ"]
    assert await channel.used() == 2


async def test_it_tells_about_a_room_all_but_a_summary(channel: Channel, line: Line, room: Group) -> None:
    """room: same as group minus summary [section 8]"""
    one = await channel.user("会員0")
    at = f"/v2/bot/room/{room.id}"
    assert (await line.get(f"{at}/members/count")).body == {"count": 2}
    assert (await line.get(f"{at}/member/{one.id}")).body == {"userId": one.id, "displayName": "会員0"}
    assert (await line.get(f"{at}/summary")).status == 404
    assert (await line.get(f"/v2/bot/group/{room.id}/members/count")).status == 400
    assert (await line.get(f"/v2/bot/room/{'R' + '0' * 32}/members/count")).status == 404


async def test_it_lets_the_bot_leave_a_room_known_or_not(bot: Bot, channel: Channel, line: Line, room: Group) -> None:
    """leaving an unknown room gives 200 [R#leave-room]; a leave event follows where it was"""
    await (await channel.user("会員0")).says("はい", in_group=room)
    seq = (await channel.webhook_answers())[-1]["seq"]
    assert (await line.post(f"/v2/bot/room/{room.id}/leave")).status == 200
    while not await channel.webhook_answers(after=seq):
        pass
    assert (bot.last()["type"], bot.last()["source"]) == ("leave", {"type": "room", "roomId": room.id})
    told = len(bot.events)
    assert (await line.post(f"/v2/bot/room/{room.id}/leave")).status == 200
    assert (await line.post(f"/v2/bot/room/{'R' + '0' * 32}/leave")).status == 200
    assert (await line.post("/v2/bot/room/nowhere/leave")).status == 400
    assert (await line.push(room.id, text())).status == 400
    assert len(bot.events) == told


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_it_tells_who_came_and_who_went(bot: Bot, channel: Channel, kind: str) -> None:
    """several at once; a reply token with memberJoined only [R#member-joined-event, R#member-left-event]"""
    people = await members(channel, 3)
    talk = await (channel.group if kind == "group" else channel.room)("出入り", people[:1])
    await talk.invite_bot()
    await talk.joins(people[1], people[2])
    joined = bot.last()
    assert joined["joined"]["members"] == [{"type": "user", "userId": one.id} for one in people[1:]]
    assert "replyToken" in joined
    assert joined["source"] == {"type": kind, f"{kind}Id": talk.id}
    await talk.leaves(people[1], people[2])
    left = bot.last()
    assert left["left"]["members"] == joined["joined"]["members"]
    assert "replyToken" not in left


async def test_it_has_one_official_account_in_a_group(channel: Channel, group: Group) -> None:
    """[G:group-chats]"""
    with pytest.raises(Declined, match="only be one"):
        await group.invite_other_bot()
    await group.remove_bot()
    await group.invite_other_bot()
    with pytest.raises(Declined, match="only be one"):
        await group.invite_bot()
    await group.remove_other_bot()
    await group.invite_bot()
    assert (await group.about())["bot_in"]


async def test_it_comes_into_no_group_unless_allowed(channel: Channel) -> None:
    """the console's switch, off by default on LINE [G:group-chats]"""
    group = await channel.group("断る", [])
    await channel.change(may_join_groups=False)
    with pytest.raises(Declined):
        await group.invite_bot()


async def test_it_shows_a_groups_picture(line: Line, group: Group) -> None:
    """[R#get-group-summary]"""
    await group.change(name="新しい名前", picture_url="https://example.com/g.png")
    assert (await line.get(f"/v2/bot/group/{group.id}/summary")).body == {
        "groupId": group.id,
        "groupName": "新しい名前",
        "pictureUrl": "https://example.com/g.png",
    }


async def test_it_names_in_a_group_only_people_with_phones(bot: Bot, channel: Channel, group: Group) -> None:
    """source.userId only for users of LINE on iOS and Android [R#source-group]"""
    yamada = await channel.user("山田 太郎")
    await yamada.change(app="others")
    await yamada.says("パソコンから", in_group=group)
    assert bot.last()["source"] == {"type": "group", "groupId": group.id}
    assert bot.last()["replyToken"]


async def test_it_tells_of_an_edited_text_in_a_group(bot: Bot, channel: Channel, line: Line, group: Group) -> None:
    """the same id, a new quote token, a new reply token, no markAsReadToken [R#edit-event]"""
    yamada = await channel.user("山田 太郎")
    said = await yamada.says("タグ一覧", in_group=group)
    first = bot.last()
    await yamada.edits(said.message_id, "@Ayumi タグ一覧 2", in_group=group, mentions=["Ayumi"])
    edited = bot.last()
    assert edited["type"] == "messageEdited"
    assert edited["replyToken"] != first["replyToken"]
    message = edited["message"]
    assert (message["id"], message["text"]) == (said.message_id, "@Ayumi タグ一覧 2")
    assert message["quoteToken"] != first["message"]["quoteToken"]
    assert set(message) == {"type", "id", "text", "quoteToken", "mention"}
    assert (await line.reply(edited["replyToken"], text() | {"quoteToken": message["quoteToken"]})).status == 200


async def test_it_lets_nothing_be_edited_but_ones_own_text_in_a_group(
    bot: Bot, channel: Channel, group: Group, room: Group, tanaka: User
) -> None:
    """groups only [G:receiving-messages]"""
    yamada, sato = await channel.user("山田 太郎"), await channel.user("佐藤 美咲")
    said = await yamada.says("原文", in_group=group)
    sticker = await yamada.sends("sticker", in_group=group, packageId="1", stickerId="1", stickerResourceType="STATIC")
    alone = await tanaka.says("一対一")
    member = await channel.user("会員0")
    in_room = await member.says("部屋", in_group=room)
    for person, message_id, where in (
        (sato, said.message_id, group),
        (yamada, sticker.message_id, group),
        (tanaka, alone.message_id, group),
        (member, in_room.message_id, room),
    ):
        with pytest.raises(Declined):
            await person.edits(message_id, "書きかえ", in_group=where)
    await yamada.unsends(said.message_id, in_group=group)
    assert (bot.last()["type"], bot.last()["unsend"]) == ("unsend", {"messageId": said.message_id})
    with pytest.raises(Declined):
        await yamada.edits(said.message_id, "書きかえ", in_group=group)

"""What the bot can ask: profiles, groups, quota, itself; and what is answered to strangers' questions."""

import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks.bots import Bot, Line


async def test_it_shows_the_profile_of_a_friend(line: Line, tanaka: User) -> None:
    """[R#get-profile]; properties without a value are left out"""
    answer = await line.get(f"/v2/bot/profile/{tanaka.id}")
    assert answer.body == {"userId": tanaka.id, "displayName": "田中 花子", "language": "ja"}
    await tanaka.change(picture_url="https://example.com/p.png", status_message="元気", language=None)
    answer = await line.get(f"/v2/bot/profile/{tanaka.id}")
    assert answer.body["pictureUrl"] == "https://example.com/p.png"
    assert answer.body["statusMessage"] == "元気"
    assert "language" not in answer.body


async def test_it_shows_no_profile_of_strangers_and_blockers(channel: Channel, line: Line, tanaka: User) -> None:
    """friends, or non-friends who wrote to us and have not blocked us; else 404 [section 8]"""
    kimura = await channel.user("木村 健")
    assert (await line.get(f"/v2/bot/profile/{kimura.id}")).status == 404
    await kimura.says("質問です")
    assert (await line.get(f"/v2/bot/profile/{kimura.id}")).status == 200
    await tanaka.block()
    assert (await line.get(f"/v2/bot/profile/{tanaka.id}")).status == 404
    answer = await line.get("/v2/bot/profile/nobody")
    assert (answer.status, answer.message) == (400, "The value for the 'userId' parameter is invalid")


async def test_it_shows_the_bot_itself(channel: Channel, line: Line) -> None:
    """[R#get-bot-info]"""
    assert (await line.get("/v2/bot/info")).body == {
        "userId": channel.bot_user_id,
        "basicId": channel.basic_id,
        "displayName": "Ayumi",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }


async def test_it_shows_the_bots_premium_id_and_picture(channel: Channel, line: Line) -> None:
    """premiumId?, pictureUrl? [R#get-bot-info]"""
    await channel.change(premium_id="@ayumi", picture_url="https://example.com/ayumi.png")
    info = (await line.get("/v2/bot/info")).body
    assert (info["premiumId"], info["pictureUrl"]) == ("@ayumi", "https://example.com/ayumi.png")


async def test_it_shows_the_quota(channel: Channel, line: Line) -> None:
    """[R#get-quota]"""
    assert (await line.get("/v2/bot/message/quota")).body == {"type": "none"}
    await channel.change(quota=200)
    assert (await line.get("/v2/bot/message/quota")).body == {"type": "limited", "value": 200}
    assert (await line.get("/v2/bot/message/quota/consumption")).body == {"totalUsage": 0}


async def test_it_shows_a_group_and_its_members(channel: Channel, line: Line, group: Group) -> None:
    """the count leaves out the bot; members need not be friends [section 8]"""
    yamada = await channel.user("山田 太郎")
    at = f"/v2/bot/group/{group.id}"
    assert (await line.get(f"{at}/summary")).body == {"groupId": group.id, "groupName": "管理グループ"}
    assert (await line.get(f"{at}/members/count")).body == {"count": 2}
    member = {"userId": yamada.id, "displayName": "山田 太郎"}
    assert (await line.get(f"{at}/member/{yamada.id}")).body == member
    outsider = await channel.user("木村 健")
    assert (await line.get(f"{at}/member/{outsider.id}")).status == 404


async def test_it_shows_nothing_of_groups_the_bot_is_not_in(channel: Channel, line: Line) -> None:
    group = await channel.group("よそ", [])
    for path in ("summary", "members/count", "member/U" + "0" * 32):
        assert (await line.get(f"/v2/bot/group/{group.id}/{path}")).status == 404
    assert (await line.get("/v2/bot/group/nowhere/summary")).status == 400
    assert (await line.post(f"/v2/bot/group/{group.id}/leave")).status == 404
    assert (await line.post("/v2/bot/group/nowhere/leave")).status == 400


async def test_it_lets_the_bot_leave_a_group(bot: Bot, channel: Channel, line: Line, group: Group) -> None:
    """200, then a leave event [section 8, 1.5]"""
    seq = (await channel.webhook_answers())[-1]["seq"]
    assert (await line.post(f"/v2/bot/group/{group.id}/leave")).status == 200
    while not await channel.webhook_answers(after=seq):
        pass
    assert bot.last()["type"] == "leave"
    assert not (await group.about())["bot_in"]


@pytest.mark.parametrize(("seconds", "status"), [(5, 202), (60, 202), (4, 400), (65, 400), (7, 400), ("5", 400)])
async def test_it_starts_the_loading_animation(line: Line, tanaka: User, seconds: object, status: int) -> None:
    """5 to 60 in steps of 5 [section 8]"""
    body = {"chatId": tanaka.id, "loadingSeconds": seconds}
    assert (await line.post("/v2/bot/chat/loading/start", body)).status == status


async def test_it_loads_in_no_group(line: Line, group: Group, tanaka: User) -> None:
    """userId only [section 8]"""
    assert (await line.post("/v2/bot/chat/loading/start", {"chatId": group.id})).status == 400
    assert (await line.post("/v2/bot/chat/loading/start", {"chatId": tanaka.id})).status == 202


@pytest.mark.parametrize("path", ["/v2/bot/nothing", "/data/v2/bot/info", "/v2/bot/message/1/content"])
async def test_it_has_nothing_at_other_places(line: Line, path: str) -> None:
    """404; content is at the data host only [R#domain-name]"""
    answer = await line.get(path)
    assert (answer.status, answer.body) == (404, {"message": "Not found"})
    assert answer.headers["x-line-request-id"]

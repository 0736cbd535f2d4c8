"""Who is a friend, and what LINE tells of it: lists of ids, profiles, accounts that are gone."""

import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator_checks.bots import Bot, Line, text

FOLLOWERS = "/v2/bot/followers/ids"


async def test_it_lists_friends_for_verified_accounts_only(channel: Channel, line: Line, tanaka: User) -> None:
    """else 403 [R#get-follower-ids]"""
    answer = await line.get(FOLLOWERS)
    assert (answer.status, answer.message) == (403, "Access to this API is not available for your account")
    await channel.change(verified=True)
    suzuki, kimura = await channel.user("鈴木 一郎"), await channel.user("木村 健")
    await suzuki.follow()
    await suzuki.block()
    await kimura.says("友だちではない")
    assert (await line.get(FOLLOWERS)).body == {"userIds": [tanaka.id]}


async def test_it_lists_300_friends_at_a_time_unless_asked_for_more(channel: Channel, line: Line) -> None:
    """limit default 300, next token [R#get-follower-ids]"""
    await channel.change(verified=True)
    ids = await channel.crowd(301)
    first = (await line.get(FOLLOWERS)).body
    assert first["userIds"] == ids[:300]
    second = (await line.get(f"{FOLLOWERS}?start={first['next']}")).body
    assert second == {"userIds": ids[300:]}
    assert (await line.get(f"{FOLLOWERS}?limit=301")).body == {"userIds": ids}


@pytest.mark.parametrize(("limit", "status"), [("0", 400), ("1", 200), ("1000", 200), ("1001", 400), ("x", 400)])
async def test_it_lists_at_most_1000_friends_at_once(
    channel: Channel, line: Line, tanaka: User, limit: str, status: int
) -> None:
    """limit max 1000 [R#get-follower-ids]"""
    await channel.change(verified=True)
    answer = await line.get(f"{FOLLOWERS}?limit={limit}")
    assert answer.status == status
    if status == 400:
        assert answer.message == "The value for the 'limit' parameter is invalid"


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 400)])
async def test_it_keeps_a_continuation_token_for_a_day(channel: Channel, line: Line, hours: float, status: int) -> None:
    """24 h [R#get-follower-ids]"""
    await channel.change(verified=True)
    await channel.crowd(2)
    token = (await line.get(f"{FOLLOWERS}?limit=1")).body["next"]
    await channel.advance(hours=hours)
    assert (await line.get(f"{FOLLOWERS}?start={token}")).status == status


async def test_it_knows_continuation_tokens_of_its_own_only(channel: Channel, line: Line) -> None:
    await channel.change(verified=True)
    await channel.crowd(2)
    for token in ("x", "MTox", "6Zs="):
        assert (await line.get(f"{FOLLOWERS}?start={token}")).status == 400
    token = (await line.get(f"{FOLLOWERS}?limit=1")).body["next"]
    assert (await line.get(f"/v2/bot/message/aggregation/list?start={token}")).status == 400


async def test_it_names_no_friend_who_has_line_on_a_computer_only(channel: Channel, line: Line, tanaka: User) -> None:
    """only users of LINE for iOS and Android are included [O]"""
    await channel.change(verified=True)
    await tanaka.change(app="others")
    assert (await line.get(FOLLOWERS)).body == {"userIds": []}


async def test_it_delivers_nothing_to_a_deleted_account(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """200, not delivered, not counted; profile 404 [R#send-push-message, section 8]"""
    token, told = bot.last()["replyToken"], len(bot.events)
    await tanaka.deletes_account()
    assert len(bot.events) == told
    assert (await line.push(tanaka.id, text())).status == 200
    assert (await line.multicast([tanaka.id], text())).status == 200
    assert (await line.reply(token, text())).status == 200
    assert [one.why for one in await channel.undelivered()] == ["deleted"] * 3
    assert await channel.used() == 0
    assert (await line.get(f"/v2/bot/profile/{tanaka.id}")).status == 404
    with pytest.raises(Declined):
        await tanaka.follow()
    with pytest.raises(Declined, match="no LINE account"):
        await tanaka.says("もしもし")


async def test_it_ends_the_logins_of_a_deleted_account(channel: Channel, line: Line, tanaka: User) -> None:
    login = await channel.login_channel()
    app = await login.liff_app(endpoint="https://salon.example.com/app")
    token = (await login.tokens(tanaka, app=app))["access_token"]
    assert (await line.get("/v2/profile", token=token)).status == 200
    await tanaka.deletes_account()
    assert (await line.get("/v2/profile", token=token)).status == 401
    async with line.session.get(await app.opened_by(tanaka), allow_redirects=False) as answer:
        assert answer.status == 404


async def test_it_ends_the_logins_of_customers_who_are_gone_after_a_start_over(
    channel: Channel, line: Line, tanaka: User
) -> None:
    login = await channel.login_channel()
    token = (await login.tokens(tanaka))["access_token"]
    await channel.ask("POST", "/start-over")
    assert (await line.get("/v2/profile", token=token)).status == 401


async def test_it_tells_of_memberships(bot: Bot, tanaka: User) -> None:
    """joined, left, renewed, with a reply token [R#membership-event]"""
    for what in ("joined", "renewed", "left"):
        await tanaka.membership(what, 3189)
        assert bot.last()["membership"] == {"type": what, "membershipId": 3189}
        assert bot.last()["replyToken"]


async def test_it_gives_no_reply_token_in_standby(channel: Channel, bot: Bot, tanaka: User) -> None:
    """mode standby, nothing to answer with [R#common-properties]"""
    await channel.change(standby=True)
    await tanaka.says("もしもし")
    assert bot.last()["mode"] == "standby"
    assert "replyToken" not in bot.last()

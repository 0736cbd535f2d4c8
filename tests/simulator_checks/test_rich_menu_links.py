"""Which rich menu a person sees: their own before the default before the manager's, and when a change is seen."""

import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Bot, Json, Line

STRANGER = "U" + "0" * 32
NOWHERE = "richmenu-" + "0" * 32
NO_PICTURE = {"message": "must upload richmenu image before applying it to user", "details": []}


async def seen(person: User) -> tuple[str, str] | None:
    """The id and the source of the menu on the screen."""
    menu = await person.menu()
    return None if menu is None else (menu.id, menu.source)


async def seen_anew(person: User) -> tuple[str, str] | None:
    await person.reopens_talk()
    return await seen(person)


# --- the default


async def test_it_sets_gives_and_clears_the_default(line: Line) -> None:
    """404 `no default richmenu` without one [R#set-default-rich-menu, #get-default-rich-menu-id]"""
    missing = (404, {"message": "no default richmenu", "details": []})
    answer = await line.get("/v2/bot/user/all/richmenu")
    assert (answer.status, answer.body) == missing
    menu_id = await menus.made(line)
    answer = await line.post(f"/v2/bot/user/all/richmenu/{menu_id}")
    assert (answer.status, answer.body) == (200, {})
    assert (await line.get("/v2/bot/user/all/richmenu")).body == {"richMenuId": menu_id}
    assert (await line.ask("DELETE", "/v2/bot/user/all/richmenu")).status == 200
    assert (await line.ask("DELETE", "/v2/bot/user/all/richmenu")).status == 200
    answer = await line.get("/v2/bot/user/all/richmenu")
    assert (answer.status, answer.body) == missing


async def test_it_sets_no_default_without_a_picture(line: Line) -> None:
    """400; 404 for a menu that is not there [R#set-default-rich-menu]"""
    answer = await line.post(f"/v2/bot/user/all/richmenu/{await menus.created(line)}")
    assert (answer.status, answer.body) == (400, NO_PICTURE)
    answer = await line.post(f"/v2/bot/user/all/richmenu/{NOWHERE}")
    assert (answer.status, answer.body) == (404, {"message": "Not found"})


async def test_it_says_403_when_the_default_is_somebody_elses(channel: Channel, line: Line) -> None:
    """set by another channel, such as the manager [R#get-default-rich-menu-id]"""
    await channel.change(manager_menu_is_403=True)
    answer = await line.get("/v2/bot/user/all/richmenu")
    assert (answer.status, answer.body) == (403, {"message": "the richmenu is owned by another channel", "details": []})
    menu_id = await menus.made(line)
    await menus.set_default(line, menu_id)
    assert (await line.get("/v2/bot/user/all/richmenu")).body == {"richMenuId": menu_id}


async def test_it_forgets_a_default_that_is_deleted(line: Line) -> None:
    menu_id = await menus.made(line)
    await menus.set_default(line, menu_id)
    await menus.delete(line, menu_id)
    assert (await line.get("/v2/bot/user/all/richmenu")).status == 404


# --- what is seen, and when


async def test_it_shows_the_persons_own_before_the_default_before_the_managers(
    channel: Channel, line: Line, tanaka: User
) -> None:
    """[G:rich-menus-overview]"""
    own, default = await menus.made(line), await menus.made(line)
    assert await seen(tanaka) is None
    await channel.change(manager_menu=menus.menu(name="管理画面の"))
    assert await seen_anew(tanaka) == ("manager", "manager")
    assert (await line.get("/v2/bot/richmenu/list")).body["richmenus"][0]["richMenuId"] == own
    assert (await line.get("/v2/bot/user/all/richmenu")).status == 404
    await menus.set_default(line, default)
    assert await seen_anew(tanaka) == (default, "default")
    assert await menus.linked(line, tanaka.id) is None
    await menus.link(line, tanaka.id, own)
    assert await seen_anew(tanaka) == (own, "user")
    assert await menus.linked(line, tanaka.id) == own
    assert (await line.ask("DELETE", f"/v2/bot/user/{tanaka.id}/richmenu")).status == 200
    assert await seen_anew(tanaka) == (default, "default")
    await line.ask("DELETE", "/v2/bot/user/all/richmenu")
    assert await seen_anew(tanaka) == ("manager", "manager")
    await channel.change(manager_menu=None)
    assert await seen_anew(tanaka) is None


async def test_it_shows_a_persons_own_menu_at_once(line: Line, tanaka: User) -> None:
    """immediately, in the open talk; the default too once it is unlinked [G:use-per-user-rich-menus]"""
    one, two, default = await menus.made(line), await menus.made(line), await menus.made(line)
    await menus.set_default(line, default)
    assert await seen(tanaka) == (default, "default")
    await menus.link(line, tanaka.id, one)
    assert await seen(tanaka) == (one, "user")
    await menus.link(line, tanaka.id, two)
    assert await seen(tanaka) == (two, "user")
    await line.ask("DELETE", f"/v2/bot/user/{tanaka.id}/richmenu")
    assert await seen(tanaka) == (default, "default")


async def test_it_shows_a_changed_default_when_the_talk_is_opened_again(line: Line, tanaka: User) -> None:
    """on re-open [G:rich-menus-overview]"""
    old, new = await menus.made(line), await menus.made(line)
    await menus.set_default(line, old)
    assert await seen(tanaka) == (old, "default")
    await menus.set_default(line, new)
    assert await seen(tanaka) == (old, "default")
    assert await seen_anew(tanaka) == (new, "default")
    await line.ask("DELETE", "/v2/bot/user/all/richmenu")
    assert await seen(tanaka) == (new, "default")
    assert await seen_anew(tanaka) is None


@pytest.mark.parametrize(("seconds", "fresh"), [(50, False), (60, True)])
async def test_it_may_take_a_minute_over_a_changed_default(
    channel: Channel, line: Line, tanaka: User, seconds: int, fresh: bool
) -> None:
    """up to a minute; how long is a knob [G:rich-menus-overview]"""
    await channel.change(menu_default_ms=60_000)
    menu_id = await menus.made(line)
    await menus.set_default(line, menu_id)
    await channel.advance(seconds=seconds)
    assert await seen_anew(tanaka) == ((menu_id, "default") if fresh else None)


async def test_it_shows_a_deleted_menu_until_the_talk_is_opened_again(line: Line, tanaka: User) -> None:
    """[G:rich-menus-overview]; meanwhile its areas still work"""
    default, own = (
        await menus.made(line),
        await menus.made(line, {"type": "message", "label": "値段", "text": "値段は"}),
    )
    await menus.set_default(line, default)
    await menus.link(line, tanaka.id, own)
    await tanaka.menu()
    await menus.delete(line, own)
    assert await menus.linked(line, tanaka.id) is None
    menu = await tanaka.menu()
    assert menu is not None
    assert (menu.id, menu.deleted, menu.picture is not None) == (own, True, True)
    assert (await tanaka.taps("値段")).event is not None
    assert await seen_anew(tanaka) == (default, "default")


async def test_it_shows_the_default_to_those_who_are_no_friends(channel: Channel, line: Line) -> None:
    """[G:rich-menus-overview]"""
    menu_id = await menus.made(line)
    await menus.set_default(line, menu_id)
    suzuki = await channel.user("鈴木 一郎")
    assert await seen(suzuki) == (menu_id, "default")


@pytest.mark.parametrize(("outlives", "after"), [(False, None), (True, "own")])
async def test_it_shows_nothing_to_those_who_have_blocked_us(
    channel: Channel, line: Line, tanaka: User, outlives: bool, after: str | None
) -> None:
    """whether a link outlives the block is not told: a knob [?]"""
    await channel.change(menu_outlives_block=outlives)
    own = await menus.made(line)
    await menus.link(line, tanaka.id, own)
    await tanaka.block()
    assert await menus.linked(line, tanaka.id) is None
    await tanaka.unblock()
    assert await menus.linked(line, tanaka.id) == (own if after else None)
    assert await seen(tanaka) == ((own, "user") if after else None)


async def test_it_shows_no_menu_while_the_talk_is_closed(line: Line, tanaka: User) -> None:
    """opening the talk again is what shows a changed default"""
    one, two = await menus.made(line), await menus.made(line)
    await menus.set_default(line, one)
    assert await seen(tanaka) == (one, "default")
    await menus.set_default(line, two)
    await tanaka.closes_talk()
    with pytest.raises(Declined, match="has closed the talk"):
        await tanaka.menu()
    await tanaka.opens_talk()
    assert await seen(tanaka) == (two, "default")


async def test_it_shows_no_menus_on_line_for_pc(line: Line, tanaka: User) -> None:
    """[G:rich-menus-overview]; the API links it all the same"""
    menu_id = await menus.made(line)
    await tanaka.change(app="others")
    await menus.set_default(line, menu_id)
    await menus.link(line, tanaka.id, menu_id)
    assert await seen(tanaka) is None
    assert await menus.linked(line, tanaka.id) == menu_id
    await tanaka.change(app="android")
    assert await seen_anew(tanaka) == (menu_id, "user")


async def test_it_unlinks_a_deleted_account(line: Line, tanaka: User) -> None:
    """200 without effect on who has deleted the account [R#link-rich-menu-to-user]"""
    menu_id = await menus.made(line)
    await menus.link(line, tanaka.id, menu_id)
    await tanaka.deletes_account()
    assert await menus.linked(line, tanaka.id) is None
    await menus.link(line, tanaka.id, menu_id)
    assert await menus.linked(line, tanaka.id) is None
    with pytest.raises(Declined, match="no LINE account"):
        await tanaka.reopens_talk()


# --- one person


async def test_it_links_friends_only_and_says_200_to_all(channel: Channel, line: Line, tanaka: User) -> None:
    """strangers, blockers, unknown ids: 200 without effect [R#link-rich-menu-to-user, 3.2]"""
    menu_id = await menus.made(line)
    suzuki = await channel.user("鈴木 一郎")
    await menus.link(line, tanaka.id, menu_id)
    await tanaka.block()
    for user_id in (tanaka.id, suzuki.id, STRANGER):
        answer = await line.post(f"/v2/bot/user/{user_id}/richmenu/{menu_id}")
        assert (answer.status, answer.body) == (200, {})
        assert await menus.linked(line, user_id) is None
        assert (await line.ask("DELETE", f"/v2/bot/user/{user_id}/richmenu")).status == 200


async def test_it_refuses_ids_that_are_none(line: Line, tanaka: User) -> None:
    """400 for a malformed user, 404 for a menu that is not there, 400 without a picture [R#link-rich-menu-to-user]"""
    menu_id, bare = await menus.made(line), await menus.created(line)
    for user_id in ("U123", "C" + "0" * 32, "U" + "G" * 32):
        for method, path in [("POST", f"/{menu_id}"), ("GET", ""), ("DELETE", "")]:
            answer = await line.ask(method, f"/v2/bot/user/{user_id}/richmenu{path}")
            assert (answer.status, answer.message) == (400, "The value for the 'userId' parameter is invalid")
    answer = await line.post(f"/v2/bot/user/{tanaka.id}/richmenu/{NOWHERE}")
    assert (answer.status, answer.body) == (404, {"message": "Not found"})
    answer = await line.post(f"/v2/bot/user/{tanaka.id}/richmenu/{bare}")
    assert (answer.status, answer.body) == (400, NO_PICTURE)


# --- many


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 202), (500, 202), (501, 400)])
@pytest.mark.parametrize("kind", ["link", "unlink"])
async def test_it_takes_500_users_at_once(line: Line, kind: str, count: int, status: int) -> None:
    """<= 500 [R#link-rich-menu-to-users, #unlink-rich-menu-from-users]"""
    body: Json = {"userIds": [f"U{number:032x}" for number in range(count)]}
    if kind == "link":
        body["richMenuId"] = await menus.made(line)
    answer = await line.post(f"/v2/bot/richmenu/bulk/{kind}", body)
    assert answer.status == status
    assert answer.properties == ([] if status == 202 else ["userIds"])


async def test_it_links_many_a_little_later(channel: Channel, line: Line, bot: Bot) -> None:
    """202, then in the background within seconds; friends only [R#link-rich-menu-to-users]"""
    await channel.change(menu_bulk_ms=5_000)
    menu_id = await menus.made(line)
    friends = await channel.crowd(3)
    suzuki = await channel.user("鈴木 一郎")
    everybody = [*friends, suzuki.id, STRANGER]
    answer = await line.post("/v2/bot/richmenu/bulk/link", {"richMenuId": menu_id, "userIds": everybody})
    assert (answer.status, answer.body) == (202, {})
    assert [await menus.linked(line, one) for one in everybody] == [None] * 5
    await channel.advance(seconds=5)
    assert [await menus.linked(line, one) for one in everybody] == [menu_id] * 3 + [None] * 2
    customer = await channel.user("客1")
    assert await seen(customer) == (menu_id, "user")
    answer = await line.post("/v2/bot/richmenu/bulk/unlink", {"userIds": everybody})
    assert (answer.status, answer.body) == (202, {})
    assert await seen(customer) == (menu_id, "user")
    await channel.advance(seconds=5)
    assert await seen(customer) is None
    assert await menus.linked(line, friends[2]) is None


async def test_it_does_many_in_the_order_they_were_asked_for(channel: Channel, line: Line) -> None:
    one, two = await menus.made(line), await menus.made(line)
    friends = await channel.crowd(2)
    await line.post("/v2/bot/richmenu/bulk/link", {"richMenuId": one, "userIds": friends})
    await line.post("/v2/bot/richmenu/bulk/link", {"richMenuId": two, "userIds": friends[:1]})
    await channel.advance(seconds=10)
    assert [await menus.linked(line, one) for one in friends] == [two, one]


async def test_it_refuses_many_whole(channel: Channel, line: Line) -> None:
    """a bad user id by its place, a menu that is malformed, not there, without picture [R#link-rich-menu-to-users]"""
    await channel.change(menu_bulk_ms=0)
    good, bare = await menus.made(line), await menus.created(line)
    friends = await channel.crowd(1)
    link = "/v2/bot/richmenu/bulk/link"
    answer = await line.post(link, {"richMenuId": good, "userIds": [*friends, "U1"]})
    wording = "The property, 'userIds[1]', in the request body is invalid (line: -, column: -)"
    assert (answer.status, answer.message) == (400, wording)
    answer = await line.post(link, {"richMenuId": "menu", "userIds": friends})
    assert answer.body["details"] == [{"message": "invalid richMenuId", "property": "richMenuId"}]
    answer = await line.post(link, {"richMenuId": NOWHERE, "userIds": friends})
    assert (answer.status, answer.body) == (404, {"message": "richmenu not found", "details": []})
    answer = await line.post(link, {"richMenuId": bare, "userIds": friends})
    assert (answer.status, answer.body) == (400, NO_PICTURE)
    for body in ({"userIds": friends}, {"richMenuId": good}, {"richMenuId": good, "userIds": "all"}):
        assert (await line.post(link, body)).status == 400
    answer = await line.post("/v2/bot/richmenu/bulk/unlink", {"userIds": [*friends, 5]})
    assert answer.status == 400
    assert await menus.linked(line, friends[0]) is None

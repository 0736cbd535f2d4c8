"""Rich menus are made, given their picture, and refused for what LINE refuses: each number, and one beyond it."""

import re
from typing import Any

import pytest

from tests.simulator.control import Channel
from tests.simulator_checks import menus
from tests.simulator_checks.bots import Json, Line

NOT_FOUND = {"message": "Not found"}
NOWHERE = "richmenu-" + "0" * 32


async def test_it_makes_a_menu_and_gives_it_back(line: Line) -> None:
    """richMenuId, and the object as it was sent [R#create-rich-menu, #get-rich-menu]"""
    wanted = menus.menu(menus.postback("予約", "b=1", displayText="予約したい"), menus.switch("次へ", "tab-b"))
    menu_id = (await line.post("/v2/bot/richmenu", wanted)).body["richMenuId"]
    assert re.fullmatch(r"richmenu-[0-9a-f]{32}", menu_id)
    kept = {"richMenuId": menu_id, **wanted}
    assert (await line.get(f"/v2/bot/richmenu/{menu_id}")).body == kept
    assert (await line.get("/v2/bot/richmenu/list")).body == {"richmenus": [kept]}


async def test_it_checks_a_menu_without_making_it(line: Line) -> None:
    """[R#validate-rich-menu-object]"""
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu())
    assert (answer.status, answer.body) == (200, {})
    assert (await line.get("/v2/bot/richmenu/list")).body == {"richmenus": []}
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu(name=None))
    details = [{"message": "must be specified", "property": "name"}]
    assert (answer.status, answer.body) == (400, {"message": "The request body has 1 error(s)", "details": details})


async def test_it_deletes_a_menu(line: Line) -> None:
    """404 `Not found` afterwards, also for its picture [R#delete-rich-menu]"""
    menu_id = await menus.made(line)
    answer = await line.ask("DELETE", f"/v2/bot/richmenu/{menu_id}")
    assert (answer.status, answer.body) == (200, {})
    for method, path in [("GET", ""), ("DELETE", "")]:
        answer = await line.ask(method, f"/v2/bot/richmenu/{menu_id}{path}")
        assert (answer.status, answer.body) == (404, NOT_FOUND)
    assert (await line.get(f"/data/v2/bot/richmenu/{menu_id}/content")).status == 404


@pytest.mark.parametrize(
    ("width", "height", "status"),
    [
        (800, 250, 200),
        (799, 250, 400),
        (2500, 250, 200),
        (2501, 250, 400),
        (800, 249, 400),
        (800, 551, 200),  # 1.4519
        (800, 552, 400),  # 1.4493
        (1450, 1000, 200),  # 1.45 to the point
        (1450, 1001, 400),
        (2500, 1724, 200),
        (2500, 1725, 400),
        (2500, 1686, 200),
        (1200, 810, 200),
        (800.5, 500, 400),
        ("800", 500, 400),
        (True, 500, 400),
    ],
)
async def test_it_takes_these_sizes(line: Line, width: Any, height: int, status: int) -> None:
    """width 800-2500, height >= 250, width / height >= 1.45 [R#size-object]"""
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu(size={"width": width, "height": height}))
    assert answer.status == status
    assert all(path in ("size.width", "size.height") for path in answer.properties)


FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("name", "あ" * 300, 200),
        ("name", "あ" * 301, 400),
        ("name", FAMILY * 300, 200),
        ("name", "", 400),
        ("name", 5, 400),
        ("chatBarText", "あ" * 14, 200),
        ("chatBarText", "あ" * 15, 400),
        ("chatBarText", FAMILY * 14, 200),
        ("chatBarText", FAMILY * 15, 400),
        ("chatBarText", "", 400),
        ("selected", False, 200),
        ("selected", "yes", 400),
        ("areas", {}, 400),
        ("areas", [], 200),
        ("areas", [menus.area()] * 20, 200),
        ("areas", [menus.area()] * 21, 400),
        ("areas", ["x"], 400),
    ],
)
async def test_it_takes_these_names_bars_and_areas(line: Line, key: str, value: Any, status: int) -> None:
    """name <= 300, chatBarText <= 14, both in graphemes; areas <= 20 [R#rich-menu-object, G:text-character-count]"""
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu(**{key: value}))
    assert answer.status == status
    assert all(path.startswith(key) for path in answer.properties)


@pytest.mark.parametrize("key", ["size", "selected", "name", "chatBarText", "areas"])
async def test_it_needs_every_property(line: Line, key: str) -> None:
    """[R#rich-menu-object]"""
    wanted = menus.menu()
    del wanted[key]
    answer = await line.post("/v2/bot/richmenu", wanted)
    assert (answer.status, answer.body["details"]) == (400, [{"message": "must be specified", "property": key}])


@pytest.mark.parametrize(
    ("bounds", "status"),
    [
        ({"x": 0, "y": 0, "width": 1, "height": 1}, 200),
        ({"x": -1, "y": 0, "width": 1, "height": 1}, 400),
        ({"x": 0, "y": -1, "width": 1, "height": 1}, 400),
        ({"x": 0, "y": 0, "width": 0, "height": 1}, 400),
        ({"x": 0, "y": 0, "width": 1, "height": 0}, 400),
        ({"x": 0, "y": 0, "width": 1}, 400),
        ({"x": 400, "y": 0, "width": 401, "height": 1}, 200),
        ({"x": 2**31 - 1, "y": 0, "width": 1, "height": 1}, 200),
        ({"x": 2**31, "y": 0, "width": 1, "height": 1}, 400),
        (None, 400),
    ],
)
async def test_it_takes_these_bounds(line: Line, bounds: Json | None, status: int) -> None:
    """x, y >= 0; width, height >= 1 [O]; LINE's own example stands over the edge [G:switch-rich-menus]"""
    one = {"bounds": bounds, "action": menus.postback(None, "a")}
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu(areas=[one]))
    assert answer.status == status
    assert all(path.startswith("areas[0].bounds") for path in answer.properties)


@pytest.mark.parametrize(
    ("action", "wrong"),
    [
        (menus.postback(None, "x" * 300), None),
        (menus.postback(None, "x" * 301), "data"),
        (menus.postback("あ" * 20, "x"), None),
        (menus.postback("あ" * 21, "x"), "label"),
        ({"type": "message", "text": "あ" * 300}, None),
        ({"type": "message", "text": "あ" * 301}, "text"),
        ({"type": "uri", "uri": "https://example.com/" + "x" * 980}, None),
        ({"type": "uri", "uri": "https://example.com/" + "x" * 981}, "uri"),
        ({"type": "uri", "uri": "ftp://example.com/"}, "uri"),
        ({"type": "uri", "uri": "tel:0312345678"}, None),
        ({"type": "datetimepicker", "data": "d", "mode": "date"}, None),
        ({"type": "datetimepicker", "data": "d", "mode": "year"}, "mode"),
        ({"type": "clipboard", "clipboardText": "x" * 1000}, None),
        ({"type": "clipboard", "clipboardText": "x" * 1001}, "clipboardText"),
        ({"type": "richmenuswitch", "richMenuAliasId": "a" * 32, "data": "x" * 300}, None),
        ({"type": "richmenuswitch", "richMenuAliasId": "a" * 33, "data": "x"}, "richMenuAliasId"),
        ({"type": "richmenuswitch", "richMenuAliasId": "a", "data": "x" * 301}, "data"),
        ({"type": "richmenuswitch", "data": "x"}, "richMenuAliasId"),
        ({"type": "camera", "label": "撮る"}, "type"),
        ({"type": "location", "label": "場所"}, "type"),
        ({"type": "dance"}, "type"),
    ],
)
async def test_it_takes_these_actions(line: Line, action: Json, wrong: str | None) -> None:
    """label <= 20 and optional; all kinds but camera, cameraRoll and location [R#action-objects]"""
    answer = await line.post("/v2/bot/richmenu/validate", menus.menu(action))
    assert answer.properties == ([] if wrong is None else [f"areas[0].action.{wrong}"])
    assert answer.status == (200 if wrong is None else 400)


async def test_it_says_invalid_uri_where_it_stands(line: Line) -> None:
    """[R#create-rich-menu]"""
    answer = await line.post("/v2/bot/richmenu", menus.menu({"type": "uri", "uri": "ftp://example.com/"}))
    assert answer.body["details"] == [{"message": "invalid uri", "property": "areas[0].action.uri"}]


async def test_it_keeps_a_thousand_menus(channel: Channel, line: Line) -> None:
    """<= 1,000 per account; the next is 400 until one is deleted [R#create-rich-menu]"""
    await channel.change(rate_scale=None)
    first = await menus.created(line)
    for _ in range(999):
        await menus.created(line)
    assert (await line.post("/v2/bot/richmenu", menus.menu())).status == 400
    assert len((await line.get("/v2/bot/richmenu/list")).body["richmenus"]) == 1_000
    await menus.delete(line, first)
    assert (await line.post("/v2/bot/richmenu", menus.menu())).status == 200


@pytest.mark.parametrize(
    ("method", "path", "calls", "seconds"),
    [
        ("POST", "/v2/bot/richmenu", 100, 3_600),
        ("DELETE", f"/v2/bot/richmenu/{NOWHERE}", 100, 3_600),
        ("DELETE", "/v2/bot/richmenu/alias/a", 100, 3_600),
        ("GET", "/v2/bot/richmenu/progress/batch?requestId=00000000-0000-0000-0000-000000000000", 100, 3_600),
        ("POST", "/v2/bot/richmenu/batch", 3, 3_600),
        ("GET", f"/v2/bot/insight/richmenu/{NOWHERE}/summary?from=20261101&to=20261101", 60, 3_600),
        ("GET", f"/v2/bot/insight/richmenu/{NOWHERE}/daily?from=20261101&to=20261101", 60, 3_600),
    ],
)
async def test_it_limits_calls_by_the_hour(
    channel: Channel, line: Line, method: str, path: str, calls: int, seconds: int
) -> None:
    """create, delete, alias delete, progress 100/h; batch 3/h; insight 60/h each [R#rate-limits]"""
    body: Json | None = {} if method == "POST" else None
    for _ in range(calls):
        assert (await line.ask(method, path, body)).status != 429
    answer = await line.ask(method, path, body)
    assert (answer.status, answer.message) == (429, "The API rate limit has been exceeded. Try again later.")
    await channel.advance(seconds=seconds)
    assert (await line.ask(method, path, body)).status != 429


async def test_it_lists_menus_ten_times_a_second(channel: Channel, line: Line) -> None:
    """10/s [R#rate-limits]; the bucket is slowed down, so that a busy machine does not refill it meanwhile"""
    await channel.change(rate_scale=0.001)
    assert (await line.get("/v2/bot/richmenu/list")).status == 200
    assert (await line.get("/v2/bot/richmenu/list")).status == 429
    await channel.advance(seconds=99)
    assert (await line.get("/v2/bot/richmenu/list")).status == 429
    await channel.advance(seconds=1)
    assert (await line.get("/v2/bot/richmenu/list")).status == 200


# --- the picture


@pytest.mark.parametrize(("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
async def test_it_takes_a_picture_once(line: Line, kind: str, content_type: str) -> None:
    """JPEG or PNG; cannot be replaced [R#upload-rich-menu-image]"""
    menu_id = await menus.created(line)
    path = f"/data/v2/bot/richmenu/{menu_id}/content"
    assert ((await line.get(path)).status, (await line.get(path)).body) == (404, NOT_FOUND)
    data = menus.picture(kind=kind)
    answer = await line.post(path, data=data, content_type=content_type)
    assert (answer.status, answer.body) == (200, {})
    again = await line.post(path, data=data, content_type=content_type)
    assert (again.status, again.message) == (400, "An image has already been uploaded to the richmenu")
    fetched = await line.get(path)
    assert (fetched.status, fetched.raw, fetched.headers["content-type"]) == (200, data, content_type)


async def test_it_knows_pictures_on_the_other_host_only(line: Line) -> None:
    """api-data.line.me [R#domain-name]"""
    menu_id = await menus.created(line)
    wrong = f"/v2/bot/richmenu/{menu_id}/content"
    assert (await line.post(wrong, data=menus.PNG, content_type="image/png")).status == 404
    await menus.pictured(line, menu_id)
    assert (await line.get(wrong)).status == 404
    assert (await line.get(f"/data/v2/bot/richmenu/{menu_id}")).status == 404
    assert (await line.post("/data/v2/bot/richmenu", menus.menu())).status == 404
    assert (await line.get("/data/v2/bot/richmenu/list")).status == 404


@pytest.mark.parametrize(
    ("width", "height", "status"),
    [
        (800, 250, 200),
        (799, 250, 400),
        (2500, 250, 200),
        (2501, 250, 400),
        (800, 249, 400),
        (1450, 1000, 200),
        (1450, 1001, 400),
        (2500, 1724, 200),
        (2500, 1725, 400),
        (1600, 1080, 200),  # another size than the menu's own
    ],
)
async def test_it_takes_pictures_of_these_pixels(line: Line, width: int, height: int, status: int) -> None:
    """the same rules as for the size [R#upload-rich-menu-image-requirements]"""
    menu_id = await menus.created(line)
    data = menus.picture(width, height)
    answer = await line.post(f"/data/v2/bot/richmenu/{menu_id}/content", data=data, content_type="image/png")
    assert answer.status == status
    if status == 400:
        assert answer.body == {"message": "The image size is not allowed for richmenu"}


def padded(size: int) -> bytes:
    """A JPEG of so many bytes: what follows its end does not belong to the picture."""
    data = menus.picture(kind="JPEG")
    return data + b"\0" * (size - len(data))


@pytest.mark.parametrize(("size", "status"), [(2**20, 200), (2**20 + 1, 400), (2 * 2**20, 400), (2 * 2**20 + 1, 413)])
async def test_it_takes_a_picture_up_to_a_megabyte(line: Line, size: int, status: int) -> None:
    """<= 1 MB [R#upload-rich-menu-image]; 413 over 2 MB [R#status-codes]"""
    menu_id = await menus.created(line)
    path = f"/data/v2/bot/richmenu/{menu_id}/content"
    assert (await line.post(path, data=padded(size), content_type="image/jpeg")).status == status


@pytest.mark.parametrize("content_type", ["image/gif", "application/octet-stream", "application/json", "image/webp"])
async def test_it_takes_no_other_content_type(line: Line, content_type: str) -> None:
    """415 [R#upload-rich-menu-image]"""
    menu_id = await menus.created(line)
    path = f"/data/v2/bot/richmenu/{menu_id}/content"
    answer = await line.post(path, data=menus.PNG, content_type=content_type)
    assert (answer.status, answer.message) == (415, f"The content type, {content_type}, is not supported")


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", menus.PNG[:200], menus.picture(kind="JPEG"), menus.picture(kind="GIF")]
)
async def test_it_really_reads_the_picture(line: Line, data: bytes) -> None:
    """empty, cut off, of another kind than its type says: 400, and the menu can still have its picture"""
    menu_id = await menus.created(line)
    path = f"/data/v2/bot/richmenu/{menu_id}/content"
    assert (await line.post(path, data=data, content_type="image/png")).status == 400
    await menus.pictured(line, menu_id)


async def test_it_takes_no_picture_for_a_menu_that_is_not_there(line: Line) -> None:
    """404 [R#upload-rich-menu-image]"""
    path = f"/data/v2/bot/richmenu/{NOWHERE}/content"
    assert (await line.post(path, data=menus.PNG, content_type="image/png")).status == 404
    assert (await line.get(path)).status == 404


# --- aliases


@pytest.mark.parametrize(
    ("alias", "status"),
    [
        ("a", 200),
        ("a" * 32, 200),
        ("a" * 33, 400),
        ("", 400),
        ("tab_b-2", 200),
        ("Tab", 400),
        ("タブ", 400),
        ("a b", 400),
        ("a\n", 400),
        (5, 400),
        (None, 400),
    ],
)
async def test_it_takes_these_alias_ids(line: Line, alias: Any, status: int) -> None:
    """[a-z0-9_-]{1,32} [R#create-rich-menu-alias]"""
    menu_id = await menus.made(line)
    answer = await line.post("/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
    assert answer.status == status
    assert answer.properties == ([] if status == 200 else ["richMenuAliasId"])


async def test_it_names_a_menu_by_an_alias(line: Line) -> None:
    """create, get, list, update, delete [R#create-rich-menu-alias ff.]"""
    one, two = await menus.made(line), await menus.made(line)
    assert (await line.get("/v2/bot/richmenu/alias/list")).body == {"aliases": []}
    await menus.named(line, "tab-a", one)
    again = await line.post("/v2/bot/richmenu/alias", {"richMenuAliasId": "tab-a", "richMenuId": two})
    assert (again.status, again.body) == (400, {"message": "conflict richmenu alias id", "details": []})
    kept = {"richMenuAliasId": "tab-a", "richMenuId": one}
    assert (await line.get("/v2/bot/richmenu/alias/tab-a")).body == kept
    assert (await line.post("/v2/bot/richmenu/alias/tab-a", {"richMenuId": two})).status == 200
    kept = {"richMenuAliasId": "tab-a", "richMenuId": two}
    assert (await line.get("/v2/bot/richmenu/alias/list")).body == {"aliases": [kept]}
    await menus.delete(line, two)
    assert (await line.get("/v2/bot/richmenu/alias/tab-a")).body == kept
    assert (await line.ask("DELETE", "/v2/bot/richmenu/alias/tab-a")).status == 200
    missing = {"message": "richmenu alias not found", "details": []}
    for method, body in [("GET", None), ("DELETE", None), ("POST", {"richMenuId": one})]:
        answer = await line.ask(method, "/v2/bot/richmenu/alias/tab-a", body)
        assert (answer.status, answer.body) == (404, missing)
    assert (await line.get("/v2/bot/richmenu/alias/Tab")).status == 400


async def test_it_names_only_menus_that_can_be_shown(line: Line) -> None:
    """`richmenu not found` also without a picture; `invalid richMenuId` [R#create-rich-menu-alias]"""
    bare, good = await menus.created(line), await menus.made(line)
    await menus.named(line, "there", good)
    for path, more in [("/v2/bot/richmenu/alias", {"richMenuAliasId": "new"}), ("/v2/bot/richmenu/alias/there", {})]:
        for menu_id in (bare, NOWHERE):
            answer = await line.post(path, {**more, "richMenuId": menu_id})
            assert (answer.status, answer.body) == (400, {"message": "richmenu not found", "details": []})
        answer = await line.post(path, {**more, "richMenuId": "menu-1"})
        assert answer.body["details"] == [{"message": "invalid richMenuId", "property": "richMenuId"}]


async def test_it_knows_no_menus_of_another_channel(line: Line, other_line: Line) -> None:
    """rich menus belong to one channel [R#create-rich-menu-alias]"""
    menu_id = await menus.made(line)
    assert (await other_line.get(f"/v2/bot/richmenu/{menu_id}")).status == 404
    answer = await other_line.post("/v2/bot/richmenu/alias", {"richMenuAliasId": "a", "richMenuId": menu_id})
    assert (answer.status, answer.message) == (400, "richmenu not found")


async def test_it_keeps_a_thousand_aliases(channel: Channel, line: Line) -> None:
    """<= 1,000 per account [R#create-rich-menu-alias]"""
    await channel.change(rate_scale=None)
    menu_id = await menus.made(line)
    for number in range(1_000):
        await menus.named(line, f"tab-{number}", menu_id)
    answer = await line.post("/v2/bot/richmenu/alias", {"richMenuAliasId": "one-more", "richMenuId": menu_id})
    assert answer.status == 400
    assert (await line.ask("DELETE", "/v2/bot/richmenu/alias/tab-7")).status == 200
    await menus.named(line, "one-more", menu_id)

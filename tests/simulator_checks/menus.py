"""Rich menus as these tests make them: objects, pictures, and a maker that does the whole set-up by hand."""

import io
from typing import Any

from PIL import Image

from tests.simulator_checks.bots import Json, Line


def postback(label: str | None, data: str, **more: Any) -> Json:
    named = {} if label is None else {"label": label}
    return {"type": "postback", **named, "data": data, **more}


def switch(label: str, alias: str) -> Json:
    return {"type": "richmenuswitch", "label": label, "richMenuAliasId": alias, "data": f"to={alias}"}


def area(action: Json | None = None, x: int = 0, y: int = 0, width: int = 800, height: int = 270) -> Json:
    return {"bounds": {"x": x, "y": y, "width": width, "height": height}, "action": action or postback(None, "a=1")}


def menu(*actions: Json, **changes: Any) -> Json:
    """An object LINE takes: one area per action, from top to bottom."""
    areas = [area(action, y=100 * index, height=100) for index, action in enumerate(actions)] or [area()]
    return {
        "size": {"width": 800, "height": 540},
        "selected": True,
        "name": "通常",
        "chatBarText": "メニュー",
        "areas": areas,
        **changes,
    }


def picture(width: int = 800, height: int = 540, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(data, kind)
    return data.getvalue()


PNG = picture()


async def created(line: Line, *actions: Json, **changes: Any) -> str:
    """The id of a new menu without a picture."""
    answer = await line.post("/v2/bot/richmenu", menu(*actions, **changes))
    assert answer.status == 200, answer.body
    return str(answer.body["richMenuId"])


async def made(line: Line, *actions: Json, **changes: Any) -> str:
    """The id of a new menu with its picture."""
    menu_id = await created(line, *actions, **changes)
    await pictured(line, menu_id)
    return menu_id


async def pictured(line: Line, menu_id: str) -> None:
    answer = await line.post(f"/data/v2/bot/richmenu/{menu_id}/content", data=PNG, content_type="image/png")
    assert answer.status == 200, answer.body


async def named(line: Line, alias: str, menu_id: str) -> None:
    answer = await line.post("/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
    assert answer.status == 200, answer.body


async def set_default(line: Line, menu_id: str) -> None:
    assert (await line.post(f"/v2/bot/user/all/richmenu/{menu_id}")).status == 200


async def link(line: Line, user_id: str, menu_id: str) -> None:
    assert (await line.post(f"/v2/bot/user/{user_id}/richmenu/{menu_id}")).status == 200


async def linked(line: Line, user_id: str) -> str | None:
    """The menu the API says a user is linked to."""
    answer = await line.get(f"/v2/bot/user/{user_id}/richmenu")
    if answer.status == 404:
        assert answer.body == {"message": "the user has no richmenu", "details": []}
        return None
    return str(answer.body["richMenuId"])


async def delete(line: Line, menu_id: str) -> None:
    assert (await line.ask("DELETE", f"/v2/bot/richmenu/{menu_id}")).status == 200

"""Rich menus: made, pictured, named, shown to all, one and many, exchanged in the background, and counted."""

import base64

from tests.simulator_checks import menus
from tests.simulator_checks.scenarios.steps import Call, Deed, Json, Scenario, Stage, call, refused

MENU: Json = {
    "size": {"width": 800, "height": 540},
    "selected": True,
    "name": "春",
    "chatBarText": "メニュー",
    "areas": [
        {
            "bounds": {"x": 0, "y": 0, "width": 400, "height": 540},
            "action": {"type": "postback", "label": "予約", "data": "a=book"},
        },
        {
            "bounds": {"x": 400, "y": 0, "width": 400, "height": 540},
            "action": {"type": "richmenuswitch", "richMenuAliasId": "summer", "data": "a=tab"},
        },
    ],
}
PICTURE = {"$file": base64.b64encode(menus.PNG).decode(), "type": "image/png"}
NO_MENU = "richmenu-" + "0" * 32
NOT_FOUND = refused("Not found")
NO_DETAILS: Json = {"details": []}  # some refusals of rich menus carry an empty list [3.6]
MADE = {"richMenuId": "<rich menu>"}


def made(name: str, *, pictured: bool = True) -> list[Call]:
    steps = [call("createRichMenu", MENU, answer=MADE, keep=name)]
    return [*steps, call("setRichMenuImage", f"${name}.richMenuId", PICTURE)] if pictured else steps


async def a_minute_later(on: Stage) -> Json:
    await on.channel.advance(minutes=2)
    return {}


async def next_day(on: Stage) -> Json:
    await on.channel.advance(days=1, hours=12)
    return {}


SCENARIOS = [
    Scenario(
        "a rich menu from the object to the picture",
        [
            call("validateRichMenuObject", MENU),
            call(
                "validateRichMenuObject",
                {**MENU, "size": {"width": 799, "height": 540}},
                status=400,
                answer=refused("The request body has 1 error(s)", ("must be between 800 and 2500", "size.width")),
            ),
            call("getRichMenuList", answer={"richmenus": []}),
            *made("menu", pictured=False),
            call("getRichMenu", "$menu.richMenuId", answer={"richMenuId": "$menu.richMenuId", **MENU}),
            call(
                "setDefaultRichMenu",
                "$menu.richMenuId",
                status=400,
                answer=refused("must upload richmenu image before applying it to user") | NO_DETAILS,
            ),
            call("getRichMenuImage", "$menu.richMenuId", status=404, answer=NOT_FOUND),
            call("setRichMenuImage", "$menu.richMenuId", PICTURE),
            call(
                "setRichMenuImage",
                "$menu.richMenuId",
                PICTURE,
                status=400,
                answer=refused("An image has already been uploaded to the richmenu"),
            ),
            call("getRichMenuImage", "$menu.richMenuId", answer={"$file": PICTURE["$file"]}),
            call("getRichMenuList", answer={"richmenus": [{"richMenuId": "$menu.richMenuId", **MENU}]}),
            call("deleteRichMenu", "$menu.richMenuId"),
            call("getRichMenu", "$menu.richMenuId", status=404, answer=NOT_FOUND),
        ],
    ),
    Scenario(
        "rich menus for all and for one",
        [
            *made("menu"),
            call("getDefaultRichMenuId", status=404, answer=refused("no default richmenu") | NO_DETAILS),
            call("setDefaultRichMenu", "$menu.richMenuId"),
            call("getDefaultRichMenuId", answer={"richMenuId": "$menu.richMenuId"}),
            call("cancelDefaultRichMenu"),
            call("setDefaultRichMenu", NO_MENU, status=404, answer=NOT_FOUND),
            call("getRichMenuIdOfUser", "$tanaka", status=404, answer=refused("the user has no richmenu") | NO_DETAILS),
            call("linkRichMenuIdToUser", "$tanaka", "$menu.richMenuId"),
            call("getRichMenuIdOfUser", "$tanaka", answer={"richMenuId": "$menu.richMenuId"}),
            call("unlinkRichMenuIdFromUser", "$tanaka"),
            call("linkRichMenuIdToUser", "$suzuki", "$menu.richMenuId"),
            call("getRichMenuIdOfUser", "$suzuki", status=404, answer=refused("the user has no richmenu") | NO_DETAILS),
            call(
                "linkRichMenuIdToUser",
                "somebody",
                "$menu.richMenuId",
                status=400,
                answer=refused("The value for the 'userId' parameter is invalid"),
            ),
        ],
    ),
    Scenario(
        "rich menus for many",
        [
            *made("menu"),
            *made("other"),
            call("linkRichMenuIdToUsers", {"richMenuId": "$menu.richMenuId", "userIds": ["$tanaka"]}, status=202),
            Deed("", a_minute_later),
            call("getRichMenuIdOfUser", "$tanaka", answer={"richMenuId": "$menu.richMenuId"}),
            call(
                "validateRichMenuBatchRequest",
                {"operations": [{"type": "link", "from": "$menu.richMenuId", "to": "$other.richMenuId"}]},
            ),
            call(
                "validateRichMenuBatchRequest",
                {"operations": [{"type": "unlinkAll"}, {"type": "unlink", "from": "$menu.richMenuId"}]},
                status=400,
                answer=refused(
                    "The request body has 1 error(s)",
                    ("'unlinkAll' type can't be combined with other type", "operations[].type"),
                ),
            ),
            call(
                "richMenuBatch",
                {"operations": [{"type": "link", "from": "$menu.richMenuId", "to": "$other.richMenuId"}]},
                status=202,
                keep="batch",
            ),
            call(
                "getRichMenuBatchProgress",
                "$batch.request",
                answer={"phase": "ongoing", "acceptedTime": "<time>"},
            ),
            Deed("", a_minute_later),
            call(
                "getRichMenuBatchProgress",
                "$batch.request",
                answer={"phase": "succeeded", "acceptedTime": "<time>", "completedTime": "<time>"},
            ),
            call("getRichMenuIdOfUser", "$tanaka", answer={"richMenuId": "$other.richMenuId"}),
            call("unlinkRichMenuIdFromUsers", {"userIds": ["$tanaka"]}, status=202),
            Deed("", a_minute_later),
            call("getRichMenuIdOfUser", "$tanaka", status=404, answer=refused("the user has no richmenu") | NO_DETAILS),
            call(
                "getRichMenuBatchProgress",
                "123e4567-e89b-12d3-a456-426614174000",
                status=404,
                answer=NOT_FOUND,
            ),
        ],
    ),
    Scenario(
        "names for rich menus",
        [
            *made("menu"),
            *made("other"),
            call("createRichMenuAlias", {"richMenuAliasId": "summer", "richMenuId": "$menu.richMenuId"}),
            call(
                "createRichMenuAlias",
                {"richMenuAliasId": "summer", "richMenuId": "$menu.richMenuId"},
                status=400,
                answer=refused("conflict richmenu alias id") | NO_DETAILS,
            ),
            call("updateRichMenuAlias", "summer", {"richMenuId": "$other.richMenuId"}),
            call(
                "updateRichMenuAlias",
                "summer",
                {"richMenuId": NO_MENU},
                status=400,
                answer=refused("richmenu not found") | NO_DETAILS,
            ),
            call(
                "getRichMenuAlias",
                "summer",
                answer={"richMenuAliasId": "summer", "richMenuId": "$other.richMenuId"},
            ),
            call(
                "getRichMenuAliasList",
                answer={"aliases": [{"richMenuAliasId": "summer", "richMenuId": "$other.richMenuId"}]},
            ),
            call("deleteRichMenuAlias", "summer"),
            call("getRichMenuAlias", "summer", status=404, answer=refused("richmenu alias not found") | NO_DETAILS),
        ],
    ),
    Scenario(
        "how often a rich menu was seen",
        [
            *made("menu"),
            call(
                "getRichMenuInsightSummary",
                "$menu.richMenuId",
                "$today",
                "$today",
                answer={"richMenuId": "$menu.richMenuId"},
            ),
            call(
                "getRichMenuInsightDaily",
                "$menu.richMenuId",
                "$today",
                "$today",
                answer={"richMenuId": "$menu.richMenuId"},
            ),
            call(
                "getRichMenuInsightDaily",
                "$menu.richMenuId",
                "$today",
                "$yesterday",
                status=400,
                answer=refused("Parameter to must be the same date as, or after parameter from."),
            ),
        ],
        without={"Node": "these calls are newer than the last SDK for Node 20"},
    ),
]

"""The rich menu object [R#rich-menu-object] and the pixels it and its picture may have."""

from typing import Any

from tests.simulator.messages import actions, counting
from tests.simulator.messages.places import Place, Problems

AREAS = 20
NAME = 300
BAR = 14
LEAST_WIDTH, MOST_WIDTH = 800, 2500
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45
MOST_PIXELS = 2**31 - 1


def problems(content: dict[str, Any], http_origins: tuple[str, ...]) -> list[dict[str, str]]:
    """What LINE would refuse in this rich menu object."""
    found = Problems(http_origins)
    menu = Place(found, content, "")
    size = menu.inner("size")
    if size is not None:
        check_size(size)
    if content.get("selected") is None:
        menu.wrong("selected", "must be specified")
    menu.flag("selected")
    menu.string("name", NAME, count=counting.graphemes)
    menu.string("chatBarText", BAR, count=counting.graphemes)
    for area in menu.items("areas", 0, AREAS):
        check_area(area)
    return found.details


def check_size(size: Place) -> None:
    before = len(size.problems.details)
    size.number("width", LEAST_WIDTH, MOST_WIDTH, whole=True)
    size.number("height", LEAST_HEIGHT, MOST_PIXELS, whole=True)
    if len(size.problems.details) == before and not right_ratio(size.value["width"], size.value["height"]):
        size.wrong("height", f"width / height must be at least {LEAST_RATIO}")


def check_area(area: Place) -> None:
    """An area may stand over the edge: an example of LINE's own does [G:switch-rich-menus]."""
    bounds = area.inner("bounds")
    if bounds is not None:
        for key, least in (("x", 0), ("y", 0), ("width", 1), ("height", 1)):
            bounds.number(key, least, MOST_PIXELS, whole=True)
    action = area.inner("action")
    if action is not None:
        actions.check(action, actions.RICH_MENU)


def right_pixels(width: int, height: int) -> bool:
    return LEAST_WIDTH <= width <= MOST_WIDTH and height >= LEAST_HEIGHT and right_ratio(width, height)


def right_ratio(width: int, height: int) -> bool:
    """width / height >= 1.45, in whole numbers."""
    return width * 100 >= height * 145


def as_kept(content: dict[str, Any]) -> dict[str, Any]:
    """The object as LINE gives it back: what it knows and nothing else."""
    size, areas = content["size"], content["areas"]
    return {
        "size": {key: size[key] for key in ("width", "height")},
        "selected": content["selected"],
        "name": content["name"],
        "chatBarText": content["chatBarText"],
        "areas": [
            {"bounds": {key: area["bounds"][key] for key in ("x", "y", "width", "height")}, "action": area["action"]}
            for area in areas
        ],
    }

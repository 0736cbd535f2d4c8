"""Template messages: buttons, confirm, carousel, image carousel [R#template-messages]."""

import re
from collections.abc import Callable

from tests.simulator.messages import actions, counting
from tests.simulator.messages.places import Place

COLUMNS = 10
COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


def check(template: Place) -> None:
    kind = template.choice("type", CHECKS)
    if kind is not None:
        CHECKS[kind](template)


def check_picture(place: Place) -> None:
    place.url("thumbnailImageUrl", required=False)
    place.pattern("imageBackgroundColor", COLOUR)
    place.string("title", 40, required=False, least=1, count=counting.graphemes)
    default = place.inner("defaultAction", required=False)
    if default is not None:
        actions.check(default, actions.TEMPLATE_DEFAULT)


def illustrated(place: Place) -> bool:
    return bool(place.value.get("thumbnailImageUrl") or place.value.get("title"))


def check_buttons(template: Place) -> None:
    check_picture(template)
    check_look(template)
    template.string("text", 60 if illustrated(template) else 160, count=counting.graphemes)
    for action in template.items("actions", 1, 4):
        actions.check(action, actions.TEMPLATE)


def check_look(template: Place) -> None:
    template.choice("imageAspectRatio", ("rectangle", "square"), required=False)
    template.choice("imageSize", ("cover", "contain"), required=False)


def check_confirm(template: Place) -> None:
    template.string("text", 240, count=counting.graphemes)
    for action in template.items("actions", 2, 2):
        actions.check(action, actions.TEMPLATE)


def check_carousel(template: Place) -> None:
    check_look(template)
    columns = template.items("columns", 1, COLUMNS)
    for column in columns:
        check_picture(column)
        column.string("text", 60 if illustrated(column) else 120, count=counting.graphemes)
        for action in column.items("actions", 1, 3):
            actions.check(action, actions.TEMPLATE)
    if len({len(column.value.get("actions") or ()) for column in columns}) > 1:
        template.wrong("columns", "the number of actions must be the same in all columns")
    for key in ("thumbnailImageUrl", "title"):
        if len({column.value.get(key) is None for column in columns}) > 1:
            template.wrong("columns", f"{key} must be in all columns or in none")


def check_image_carousel(template: Place) -> None:
    for column in template.items("columns", 1, COLUMNS):
        column.url("imageUrl")
        action = column.inner("action")
        if action is not None:
            actions.check(action, actions.IMAGE_CAROUSEL)


CHECKS: dict[str, Callable[[Place], None]] = {
    "buttons": check_buttons,
    "confirm": check_confirm,
    "carousel": check_carousel,
    "image_carousel": check_image_carousel,
}

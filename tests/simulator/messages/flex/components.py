"""The components of Flex messages: what may stand in what, and each one's own properties [R#flex-component]."""

import re
from collections.abc import Callable

from tests.simulator.messages import actions
from tests.simulator.messages.flex import shapes
from tests.simulator.messages.places import Place

IN_BOX = ("box", "button", "image", "text", "separator", "filler")
IN_BASELINE = ("icon", "text", "filler")
ALIGNS = ("start", "end", "center")
GRAVITIES = ("top", "bottom", "center")
SPREADS = ("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly")
MOST = 2**31 - 1

# The optional properties that are strings of one shape, by component.
STRINGS: dict[str, dict[str, re.Pattern[str]]] = {
    "box": {
        "spacing": shapes.SPACE,
        "backgroundColor": shapes.COLOUR,
        "borderColor": shapes.COLOUR,
        "borderWidth": shapes.BORDER,
        "cornerRadius": shapes.CORNER,
        "width": shapes.LENGTH,
        "maxWidth": shapes.LENGTH,
        "height": shapes.LENGTH,
        "maxHeight": shapes.LENGTH,
        "paddingAll": shapes.PADDING,
        "paddingTop": shapes.PADDING,
        "paddingBottom": shapes.PADDING,
        "paddingStart": shapes.PADDING,
        "paddingEnd": shapes.PADDING,
    },
    "text": {"lineSpacing": shapes.PIXELS},
    "image": {"size": shapes.IMAGE, "backgroundColor": shapes.COLOUR},
    "icon": {"size": shapes.LETTERS},
    "button": {"color": shapes.COLOUR},
    "separator": {"color": shapes.COLOUR},
}
OFFSETS = ("offsetTop", "offsetBottom", "offsetStart", "offsetEnd")


def check(place: Place, kinds: tuple[str, ...]) -> None:
    kind = place.choice("type", kinds)
    if kind is None:
        return
    if kind not in ("icon", "separator", "video"):
        place.number("flex", 0, MOST, required=False, whole=True)
    if kind not in ("filler", "video"):
        place.pattern("margin", shapes.SPACE)
    if kind not in ("filler", "video", "separator"):
        place.choice("position", ("relative", "absolute"), required=False)
        for key in OFFSETS:
            place.pattern(key, shapes.OFFSET)
    for key, shape in STRINGS.get(kind, {}).items():
        place.pattern(key, shape)
    if kind in COMPONENTS:
        COMPONENTS[kind](place)


def check_box(box: Place) -> None:
    layout = box.choice("layout", ("horizontal", "vertical", "baseline"))
    for item in box.items("contents", 0, None):
        check(item, IN_BASELINE if layout == "baseline" else IN_BOX)
    box.choice("justifyContent", SPREADS, required=False)
    box.choice("alignItems", ("center", "flex-start", "flex-end"), required=False)
    background = box.inner("background", required=False)
    if background is not None:
        check_background(background)
    check_action(box, actions.FLEX_OTHER, required=False)


def check_background(background: Place) -> None:
    background.choice("type", ("linearGradient",))
    background.pattern("angle", shapes.ANGLE, required=True)
    background.pattern("startColor", shapes.COLOUR, required=True)
    background.pattern("endColor", shapes.COLOUR, required=True)
    background.pattern("centerColor", shapes.COLOUR)
    background.pattern("centerPosition", shapes.WITHIN)


def check_text(text: Place) -> None:
    """Either text or spans; beside spans the text is ignored."""
    if text.value.get("contents"):
        for span in text.items("contents", 1, None):
            span.choice("type", ("span",))
            span.string("text", required=False)
            check_letters(span)
    else:
        text.string("text")
    check_letters(text)
    text.choice("align", ALIGNS, required=False)
    text.choice("gravity", GRAVITIES, required=False)
    text.flag("wrap")
    text.number("maxLines", 0, MOST, required=False, whole=True)
    check_fitting(text)
    check_action(text, actions.FLEX_OTHER, required=False)


def check_letters(place: Place) -> None:
    place.pattern("size", shapes.LETTERS)
    place.pattern("color", shapes.COLOUR)
    place.choice("weight", ("regular", "bold"), required=False)
    place.choice("style", ("normal", "italic"), required=False)
    place.choice("decoration", ("none", "underline", "line-through"), required=False)


def check_fitting(place: Place) -> None:
    place.choice("adjustMode", ("shrink-to-fit",), required=False)
    place.flag("scaling")


def check_image(image: Place) -> None:
    image.url("url")
    image.choice("align", ALIGNS, required=False)
    image.choice("gravity", GRAVITIES, required=False)
    image.choice("aspectMode", ("cover", "fit"), required=False)
    image.flag("animated")
    shapes.check_ratio(image)
    check_action(image, actions.FLEX_OTHER, required=False)


def check_video(video: Place) -> None:
    video.url("url")
    video.url("previewUrl")
    shapes.check_ratio(video)
    other = video.inner("altContent")
    if other is not None:
        check(other, ("box", "image"))
    check_action(video, actions.FLEX_VIDEO, required=False)


def check_icon(icon: Place) -> None:
    icon.url("url")
    icon.flag("scaling")
    shapes.check_ratio(icon)


def check_button(button: Place) -> None:
    check_action(button, actions.FLEX_BUTTON, required=True)
    button.choice("style", ("link", "primary", "secondary"), required=False)
    button.choice("height", ("sm", "md"), required=False)
    button.choice("gravity", GRAVITIES, required=False)
    check_fitting(button)


def check_action(place: Place, where: actions.Where, *, required: bool) -> None:
    action = place.inner("action", required=required)
    if action is not None:
        actions.check(action, where)


COMPONENTS: dict[str, Callable[[Place], None]] = {
    "box": check_box,
    "text": check_text,
    "image": check_image,
    "video": check_video,
    "icon": check_icon,
    "button": check_button,
}

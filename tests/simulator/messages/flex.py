"""Flex messages: sizes, and the nesting and properties of their components."""

import re
from collections.abc import Callable

import orjson

from tests.simulator.messages import actions
from tests.simulator.messages.places import Place

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
BUBBLES = 12
ANIMATIONS = 10
BUBBLE_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
VIDEO_BUBBLES = ("kilo", "mega", "giga")
IN_BOX = ("box", "button", "image", "text", "separator", "filler", "spacer")
IN_BASELINE = ("icon", "text", "filler", "spacer")
ALIGNS = ("start", "end", "center")
GRAVITIES = ("top", "bottom", "center")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?")
RATIO = re.compile(r"(\d{1,6}):(\d{1,6})")
SPACE = re.compile(r"none|xs|sm|md|lg|xl|xxl|\d+(?:\.\d+)?(?:px|%)")
TEXT_SIZE = re.compile(r"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|\d+(?:\.\d+)?px")
IMAGE_SIZE = re.compile(r"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|\d+(?:\.\d+)?(?:px|%)")


def check(contents: Place, index: int) -> None:
    """A bubble or a carousel; problems are named by JSON pointers into it."""
    before = len(contents.problems.details)
    container = Place(contents.problems, contents.value, "", pointer=True)
    kind = container.choice("type", ("bubble", "carousel"))
    if kind == "bubble":
        check_bubble(container, alone=True)
    elif kind == "carousel":
        check_carousel(container)
    if kind is not None and animations(contents.value) > ANIMATIONS:
        container.wrong("contents", f"at most {ANIMATIONS} animated images")
    if len(contents.problems.details) > before and contents.problems.flex_message is None:
        contents.problems.flex_message = index


def check_carousel(carousel: Place) -> None:
    if len(orjson.dumps(carousel.value)) > CAROUSEL_BYTES:
        carousel.wrong("", f"the carousel must be at most {CAROUSEL_BYTES} bytes")
    bubbles = carousel.items("contents", 1, BUBBLES)
    for bubble in bubbles:
        bubble.choice("type", ("bubble",))
        check_bubble(bubble, alone=False)
    if len({bubble.value.get("size", "mega") for bubble in bubbles}) > 1:
        carousel.wrong("contents", "all bubbles must have the same size")


def check_bubble(bubble: Place, *, alone: bool) -> None:
    if len(orjson.dumps(bubble.value)) > BUBBLE_BYTES:
        bubble.wrong("", f"the bubble must be at most {BUBBLE_BYTES} bytes")
    bubble.choice("size", BUBBLE_SIZES, required=False)
    bubble.choice("direction", ("ltr", "rtl"), required=False)
    if not any(bubble.value.get(block) for block in ("header", "hero", "body", "footer")):
        bubble.wrong("", "At least one block must be specified")
    for block in ("header", "body", "footer"):
        part = bubble.inner(block, required=False)
        if part is not None:
            check_component(part, ("box",))
    hero = bubble.inner("hero", required=False)
    if hero is not None:
        check_component(hero, ("box", "image", "video"))
        if hero.value.get("type") == "video" and not (alone and bubble.value.get("size", "mega") in VIDEO_BUBBLES):
            hero.wrong("type", "a video stands in a single kilo, mega or giga bubble only")
    check_action(bubble, actions.FLEX_OTHER, required=False)


def check_component(place: Place, kinds: tuple[str, ...]) -> None:
    kind = place.choice("type", kinds)
    place.number("flex", 0, 2**31, required=False)
    place.pattern("margin", SPACE)
    place.choice("position", ("relative", "absolute"), required=False)
    if kind is not None:
        COMPONENTS[kind](place)


def check_box(box: Place) -> None:
    layout = box.choice("layout", ("horizontal", "vertical", "baseline"))
    for item in box.items("contents", 0, None):
        check_component(item, IN_BASELINE if layout == "baseline" else IN_BOX)
    box.pattern("spacing", SPACE)
    box.pattern("backgroundColor", COLOUR)
    box.pattern("borderColor", COLOUR)
    for side in ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"):
        box.pattern(side, SPACE)
    check_action(box, actions.FLEX_OTHER, required=False)


def check_text(text: Place) -> None:
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
    text.number("maxLines", 0, 2**31, required=False, whole=True)
    check_action(text, actions.FLEX_OTHER, required=False)


def check_letters(place: Place) -> None:
    place.pattern("size", TEXT_SIZE)
    place.pattern("color", COLOUR)
    place.choice("weight", ("regular", "bold"), required=False)
    place.choice("style", ("normal", "italic"), required=False)
    place.choice("decoration", ("none", "underline", "line-through"), required=False)


def check_image(image: Place) -> None:
    image.url("url")
    image.pattern("size", IMAGE_SIZE)
    image.choice("align", ALIGNS, required=False)
    image.choice("gravity", GRAVITIES, required=False)
    image.choice("aspectMode", ("cover", "fit"), required=False)
    image.flag("animated")
    check_ratio(image)
    check_action(image, actions.FLEX_OTHER, required=False)


def check_ratio(place: Place) -> None:
    """width:height, each 1 to 100000, at most three times as high as wide."""
    value = place.string("aspectRatio", required=False)
    if value is None:
        return
    shape = RATIO.fullmatch(value)
    width, height = (int(shape[1]), int(shape[2])) if shape else (0, 0)
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        place.wrong("aspectRatio", "invalid property")


def check_video(video: Place) -> None:
    video.url("url")
    video.url("previewUrl")
    check_ratio(video)
    other = video.inner("altContent")
    if other is not None:
        check_component(other, ("box", "image"))
    check_action(video, actions.FLEX_OTHER, required=False)


def check_icon(icon: Place) -> None:
    icon.url("url")
    icon.pattern("size", TEXT_SIZE)
    check_ratio(icon)


def check_button(button: Place) -> None:
    check_action(button, actions.FLEX_BUTTON, required=True)
    button.choice("style", ("link", "primary", "secondary"), required=False)
    button.choice("height", ("sm", "md"), required=False)
    button.choice("gravity", GRAVITIES, required=False)
    button.pattern("color", COLOUR)


def check_line(separator: Place) -> None:
    separator.pattern("color", COLOUR)


def check_nothing(place: Place) -> None:
    """Fillers and spacers have nothing of their own to check."""


def check_action(place: Place, where: actions.Where, *, required: bool) -> None:
    action = place.inner("action", required=required)
    if action is not None:
        actions.check(action, where)


def animations(value: object) -> int:
    """How many images in there are animated."""
    if isinstance(value, list):
        return sum(animations(item) for item in value)
    if isinstance(value, dict):
        own = 1 if value.get("type") == "image" and value.get("animated") is True else 0
        return own + sum(animations(item) for item in value.values())
    return 0


COMPONENTS: dict[str, Callable[[Place], None]] = {
    "box": check_box,
    "text": check_text,
    "image": check_image,
    "video": check_video,
    "icon": check_icon,
    "button": check_button,
    "separator": check_line,
    "filler": check_nothing,
    "spacer": check_nothing,
}

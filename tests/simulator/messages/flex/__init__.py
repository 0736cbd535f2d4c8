"""Flex messages: the container, its size, its blocks; problems are named by JSON pointers into it [R#flex-message]."""

import orjson

from tests.simulator.messages import actions
from tests.simulator.messages.flex import components, shapes
from tests.simulator.messages.places import Place

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
BUBBLES = 12
ANIMATIONS = 10
BUBBLE_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
VIDEO_BUBBLES = ("kilo", "mega", "giga")
BLOCKS = ("header", "hero", "body", "footer")


def check(message: Place) -> None:
    contents = message.inner("contents")
    if contents is None:
        return
    container = Place(message.problems, contents.value, "", pointer=True)
    kind = container.choice("type", ("bubble", "carousel"))
    if kind == "bubble":
        check_bubble(container, alone=True)
    elif kind == "carousel":
        check_carousel(container)
    if kind is not None and animations(contents.value) > ANIMATIONS:
        container.wrong("contents", f"at most {ANIMATIONS} animated images")


def check_carousel(carousel: Place) -> None:
    if len(orjson.dumps(carousel.value)) > CAROUSEL_BYTES:
        carousel.wrong("", f"the carousel must be at most {CAROUSEL_BYTES} bytes")
    bubbles = carousel.items("contents", 1, BUBBLES)
    for bubble in bubbles:
        if bubble.choice("type", ("bubble",)):
            check_bubble(bubble, alone=False)
    if len({str(bubble.value.get("size") or "mega") for bubble in bubbles}) > 1:
        carousel.wrong("contents", "all bubbles must have the same size")


def check_bubble(bubble: Place, *, alone: bool) -> None:
    if len(orjson.dumps(bubble.value)) > BUBBLE_BYTES:
        bubble.wrong("", f"the bubble must be at most {BUBBLE_BYTES} bytes")
    size = bubble.choice("size", BUBBLE_SIZES, required=False) or "mega"
    bubble.choice("direction", ("ltr", "rtl"), required=False)
    if all(bubble.value.get(block) is None for block in BLOCKS):
        bubble.wrong("", "At least one block must be specified")
    for block in ("header", "body", "footer"):
        part = bubble.inner(block, required=False)
        if part is not None:
            components.check(part, ("box",))
    hero = bubble.inner("hero", required=False)
    if hero is not None:
        components.check(hero, ("box", "image", "video"))
        if hero.value.get("type") == "video" and not (alone and size in VIDEO_BUBBLES):
            hero.wrong("type", "a video stands in a single kilo, mega or giga bubble only")
    check_styles(bubble)
    components.check_action(bubble, actions.FLEX_OTHER, required=False)


def check_styles(bubble: Place) -> None:
    styles = bubble.inner("styles", required=False)
    if styles is None:
        return
    for block in BLOCKS:
        style = styles.inner(block, required=False)
        if style is not None:
            style.pattern("backgroundColor", shapes.COLOUR)
            style.flag("separator")
            style.pattern("separatorColor", shapes.COLOUR)


def animations(value: object) -> int:
    """How many images in there are animated."""
    if isinstance(value, list):
        return sum(animations(item) for item in value)
    if isinstance(value, dict):
        own = 1 if value.get("type") == "image" and value.get("animated") is True else 0
        return own + sum(animations(item) for item in value.values())
    return 0

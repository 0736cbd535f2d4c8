"""Imagemaps: one picture with areas to tap, and a video on it [R#imagemap-message]."""

from tests.simulator.messages.places import Place

WIDTH = 1040
ACTIONS = 50
MOST_PIXELS = 2**31 - 1


def check(message: Place) -> None:
    message.url("baseUrl")
    size = message.inner("baseSize")
    if size is not None:
        size.number("width", WIDTH, WIDTH, whole=True)
        size.number("height", 1, MOST_PIXELS, whole=True)
    for action in message.items("actions", 0, ACTIONS):
        check_action(action)
    video = message.inner("video", required=False)
    if video is not None:
        check_video(video)


def check_action(action: Place) -> None:
    kind = action.choice("type", ("uri", "message", "clipboard"))
    action.string("label", 100, required=False)
    if kind == "uri":
        action.link("linkUri")
    elif kind == "message":
        action.string("text", 400)
    elif kind == "clipboard":
        action.string("clipboardText", 1000, least=1)
    check_area(action)


def check_area(holder: Place) -> None:
    area = holder.inner("area")
    if area is None:
        return
    for key, least in (("x", 0), ("y", 0), ("width", 1), ("height", 1)):
        area.number(key, least, MOST_PIXELS, whole=True)


def check_video(video: Place) -> None:
    video.url("originalContentUrl")
    video.url("previewImageUrl")
    check_area(video)
    link = video.inner("externalLink", required=False)
    if link is not None:
        link.link("linkUri")
        link.string("label", 30)

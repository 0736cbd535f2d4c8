"""The one picture of a rich menu, on LINE's host for files [R#upload-rich-menu-image]."""

import io

from PIL import Image

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.richmenus import objects
from tests.simulator.channel import Channel
from tests.simulator.menus import Picture
from tests.simulator.messages import richmenus

MOST_BYTES = 1024 * 1024
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def upload(channel: Channel, call: Call) -> Answer:
    """Once only; a new picture needs a new menu."""
    menu = objects.menu_in(channel, call)
    content_type = call.content_type.partition(";")[0].strip().lower()
    if content_type not in FORMATS:
        raise answers.refuse(415, f"The content type, {call.content_type}, is not supported")
    if menu.picture is not None:
        raise answers.refuse(400, "An image has already been uploaded to the richmenu")
    if len(call.raw) > MOST_BYTES or not fits(call.raw, FORMATS[content_type]):
        raise answers.refuse(400, "The image size is not allowed for richmenu")
    menu.picture = Picture(content_type, call.raw)
    return answers.ok()


def fits(data: bytes, kind: str) -> bool:
    """A whole picture of that format with pixels that are allowed; they need not be the menu's own [?]."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if not richmenus.right_pixels(*picture.size):
                return False
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def download(channel: Channel, call: Call) -> Answer:
    picture = objects.menu_in(channel, call).picture
    if picture is None:
        raise answers.not_found()
    return Answer(200, picture.data, content_type=picture.content_type)


ENDPOINTS = [
    Endpoint("richmenu_picture_set", "POST", "/data/v2/bot/richmenu/{menu_id}/content", upload),
    Endpoint("richmenu_picture", "GET", "/data/v2/bot/richmenu/{menu_id}/content", download),
]

"""Pictures as LINE takes them: upright, without what cameras write into them, in the sizes each place asks for."""

import io
import struct
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, ImageOps

from storage import errors

Form = Literal["JPEG", "PNG"]

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")  # what is read; LINE itself shows JPEG and PNG
MIME: dict[Form, str] = {"JPEG": "image/jpeg", "PNG": "image/png"}
MOST_PIXELS = 60_000_000  # a phone's photo has twelve to fifty million; more is a bomb
LONGEST_SIDE = 4096
MOST_BYTES = 10 * 1024 * 1024  # LINE_PLATFORM 3.7: of an original
PREVIEW_SIDE, PREVIEW_BYTES = 720, 1024 * 1024
ICON_SIDE, ICON_BYTES = 400, 1024 * 1024  # LINE_PLATFORM 3.7: a square PNG
CARD_SIDE = 1024  # at most, in a template or Flex
IMAGEMAP_WIDTHS = (240, 300, 460, 700, 1040)  # exactly
TALLEST = 10  # times its width
QUALITIES = (90, 80, 65, 50)
# What Pillow raises at bytes that are no picture, or only begin as one.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)


class Unfit(errors.Refused):
    """These bytes cannot be kept, and the sentence says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    mime: str
    data: bytes
    width: int
    height: int


def read(data: bytes) -> Picture:
    """The picture as it is kept, whatever it came as. Raises Unfit."""
    with _opened(data) as opened:
        form: Form = "PNG" if opened.format in ("PNG", "GIF") or _see_through(opened) else "JPEG"
        return _fitted(_upright(opened, LONGEST_SIDE), form, MOST_BYTES)


def preview(data: bytes) -> Picture:
    """Small enough for a talk's list. Raises Unfit."""
    with _opened(data) as opened:
        form: Form = "PNG" if _see_through(opened) else "JPEG"
        return _fitted(_upright(opened, PREVIEW_SIDE), form, PREVIEW_BYTES)


def within(data: bytes, side: int, most_pixels: int = MOST_PIXELS) -> Picture:
    """No side longer than `side`, for cards. Raises Unfit."""
    with _opened(data, most_pixels) as opened:
        return _fitted(_upright(opened, side), _form(opened), MOST_BYTES)


def of_width(data: bytes, width: int) -> Picture:
    """Exactly as wide as an imagemap asks for. Raises Unfit for what would be a ribbon."""
    with _opened(data) as opened:
        form, found = _form(opened), _upright(opened, LONGEST_SIDE)
        height = max(1, round(found.height * width / found.width))
        if height > TALLEST * width:
            raise Unfit("この画像は細長すぎるため、画像マップには使えません")
        return _fitted(found.resize((width, height), Image.Resampling.LANCZOS), form, MOST_BYTES)


def icon(data: bytes) -> Picture:
    """The middle of it, square, for who a message says it comes from. Raises Unfit."""
    with _opened(data) as opened:
        square = ImageOps.fit(_upright(opened, LONGEST_SIDE), (ICON_SIDE, ICON_SIDE), Image.Resampling.LANCZOS)
        return _fitted(square, "PNG", ICON_BYTES)


def blank() -> Picture:
    """What stands for a film of which LINE has no picture: a sign to play it."""
    drawn = Image.new("RGB", (PREVIEW_SIDE, PREVIEW_SIDE * 9 // 16), "#2B2B2B")
    middle, half = drawn.width // 2, drawn.height // 2
    ImageDraw.Draw(drawn).polygon(
        [(middle - 40, half - 60), (middle - 40, half + 60), (middle + 64, half)], fill="#FFFFFF"
    )
    return _fitted(drawn, "JPEG", PREVIEW_BYTES)


def _opened(data: bytes, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """Nothing is unpacked before its size is known."""
    try:
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("画像が大きすぎます。縮めて送ってください") from None
    except BROKEN:
        raise Unfit("画像として読めません。JPEGかPNGで送ってください") from None
    if opened.width * opened.height > most_pixels:
        raise Unfit(f"画像が大きすぎます（{opened.width:,}×{opened.height:,}）。縮めて送ってください")
    return opened


def _upright(opened: Image.Image, side: int) -> Image.Image:
    """Turned as the camera was held, no side longer than `side`; nothing but pixels is left of it."""
    see_through = _see_through(opened)
    try:
        opened.draft("RGB", (side, side))
        opened.load()
        mode = "RGBA" if see_through else "RGB"
        plain = opened if opened.mode == mode else opened.convert(mode)
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)  # before it is turned: a copy of all of it is large
        ImageOps.exif_transpose(plain, in_place=True)
    except BROKEN:
        raise Unfit("画像が途中で切れているか、壊れています。もう一度送ってください") from None
    plain.info = {}
    return plain


def _see_through(opened: Image.Image) -> bool:
    return opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info


def _form(opened: Image.Image) -> Form:
    return "PNG" if opened.format == "PNG" or _see_through(opened) else "JPEG"


def _fitted(found: Image.Image, form: Form, most: int) -> Picture:
    """Written so that it takes at most so many bytes: first with less quality, then smaller."""
    while True:
        if form == "PNG":
            data = _png(found)
            if len(data) <= most:
                return Picture(MIME["PNG"], data, found.width, found.height)
            form = "JPEG"
        flat = _on_white(found)
        for quality in QUALITIES:
            data = _jpeg(flat, quality)
            if len(data) <= most:
                return Picture(MIME["JPEG"], data, found.width, found.height)
        found = found.resize((max(1, found.width * 3 // 4), max(1, found.height * 3 // 4)), Image.Resampling.LANCZOS)


def _on_white(found: Image.Image) -> Image.Image:
    if found.mode != "RGBA":
        return found
    ground = Image.new("RGB", found.size, "#FFFFFF")
    ground.paste(found, mask=found.getchannel("A"))
    return ground


def _png(found: Image.Image) -> bytes:
    out = io.BytesIO()
    found.save(out, "PNG")
    return out.getvalue()


def _jpeg(found: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    found.save(out, "JPEG", quality=quality)
    return out.getvalue()

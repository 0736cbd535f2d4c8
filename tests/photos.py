"""Photos, films and sounds as phones make them, drawn small for tests."""

import io
import struct

from PIL import Image

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def photo(width: int = 1280, height: int = 960, *, form: str = "JPEG", orientation: int = 1) -> bytes:
    """A photo whose left half is red, with the camera's maker and a place in it."""
    drawn = Image.new("RGB", (width, height), "#2030C0")
    drawn.paste("#C02020", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "Secret Camera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (35.0, 41.0, 22.0)
    out = io.BytesIO()
    drawn.save(out, form, **({"exif": exif} if form == "JPEG" else {}))
    return out.getvalue()


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def film(*, seconds: int = 3, picture: bool = True, ballast: int = 0) -> bytes:
    """The boxes of an MP4 with the place it was made at in its notes, and as many bytes of pictures as asked for."""
    head = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000), b"\0" * 80)
    handler = box(b"hdlr", b"\0" * 8, b"vide" if picture else b"soun", b"\0" * 12)
    place = box(b"udta", box(b"\xa9xyz", b"+35.6895+139.6917/"))
    moov = box(b"moov", head, place, box(b"trak", box(b"mdia", handler)))
    return box(b"ftyp", b"mp42" if picture else b"M4A ", b"\0\0\0\0mp42isom") + moov + box(b"mdat", b"\x07" * ballast)

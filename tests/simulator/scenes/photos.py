"""Pictures people of a scene send: small, drawn here, the same each time."""

import colorsys
import struct
import zlib

WIDTH, HEIGHT = 240, 180


def photo(shade: int) -> bytes:
    """A PNG: a wall and a floor in a colour (0 to 359), a lamp and a mirror, as of a room."""
    wall = colour(shade, 0.28, 0.93)
    floor = colour(shade, 0.35, 0.62)
    frame = colour((shade + 30) % 360, 0.5, 0.45)
    glass = colour((shade + 180) % 360, 0.12, 0.98)
    lamp = colour(48, 0.45, 1.0)
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in range(WIDTH):
            rows += pixel(x, y, wall, floor, frame, glass, lamp)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND")
    )


def pixel(x: int, y: int, wall: bytes, floor: bytes, frame: bytes, glass: bytes, lamp: bytes) -> bytes:
    if (x - 190) ** 2 + (y - 34) ** 2 < 18**2:
        return lamp
    mirror = ((x - 92) / 46) ** 2 + ((y - 84) / 60) ** 2
    if mirror < 0.82:
        return glass
    if mirror < 1:
        return frame
    return wall if y < 138 else floor


def colour(hue: int, saturation: float, value: float) -> bytes:
    return bytes(round(part * 255) for part in colorsys.hsv_to_rgb(hue / 360, saturation, value))


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""Films and sounds in MP4 boxes: how long they last, whether there is a picture, and their notes blotted out.

A phone writes where and when it filmed into boxes of their own. Renamed `free` they are skipped by every player, and
nothing else in the file moves.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

NOTES = (b"udta", b"meta", b"uuid")
INSIDE = (b"moov", b"trak", b"mdia")
MOST_BOXES = 2_000
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Film:
    has_picture: bool
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int  # where it begins in the file
    body: int  # where its content begins
    end: int


def clean(file: BinaryIO, size: int) -> Film:
    """Blot the notes out in the file itself, and say what it is. What is no MP4 is left as it is."""
    has_picture, duration = False, None
    for box in _boxes(file, 0, size, 0):
        if box.kind in NOTES:
            file.seek(box.start + 4)
            file.write(b"free")
        elif box.kind == b"hdlr":
            file.seek(box.body + 8)
            has_picture = has_picture or file.read(4) == b"vide"
        elif box.kind == b"mvhd":
            duration = _duration(file, box)
    return Film(has_picture, duration)


def _boxes(file: BinaryIO, start: int, end: int, depth: int) -> Iterator[_Box]:
    """Every box, those that hold others before what they hold; a file that lies about sizes ends the walk."""
    for _ in range(MOST_BOXES):
        box = _box(file, start, end)
        if box is None:
            return
        yield box
        if box.kind in INSIDE and depth < DEEPEST:
            yield from _boxes(file, box.body, box.end, depth + 1)
        start = box.end


def _box(file: BinaryIO, start: int, end: int) -> _Box | None:
    file.seek(start)
    head = file.read(min(16, max(0, end - start)))
    if len(head) < 8:
        return None
    size, kind = struct.unpack(">I4s", head[:8])
    body = 8
    if size == 1 and len(head) == 16:
        size, body = struct.unpack(">Q", head[8:])[0], 16
    elif size == 0:
        size = end - start
    if size < body or start + size > end:
        return None
    return _Box(kind, start, start + body, start + size)


def _duration(file: BinaryIO, box: _Box) -> int | None:
    file.seek(box.body)
    head = file.read(min(32, box.end - box.body))
    if len(head) < 32:
        return None
    scale, length = struct.unpack(">IQ", head[20:32]) if head[0] == 1 else struct.unpack(">II", head[12:20])
    return int(length * 1000 // scale) or None if scale else None

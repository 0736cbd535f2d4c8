"""What people send, made fit to be kept and shown: its kind read from its bytes, whatever it was called."""

import hashlib
from io import BufferedRandom
from pathlib import Path

from jobs.media import films, pictures
from jobs.media.pictures import Unfit as Unfit
from storage.media import contents

# What is taken at all, in bytes; LINE sends films and sounds of up to 200 MB (LINE_PLATFORM 3.7).
MOST: dict[str, int] = {
    "image": 40 * 1024 * 1024,
    "video": 200 * 1024 * 1024,
    "audio": 200 * 1024 * 1024,
    "file": contents.IN_DATABASE,
}
HEAD = 16  # bytes that show what a file is
MOST_PREVIEW = 4 * 1024 * 1024
ICON = "icon"
WIDTHS = (*pictures.IMAGEMAP_WIDTHS, pictures.CARD_SIDE)


def sniffed(head: bytes) -> str:
    """The MIME type that the first bytes of a file show; application/octet-stream for whatever we do not show."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    return "application/octet-stream"


def _boxed(brand: bytes) -> str:
    if brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"):
        return "image/heif"
    if brand == b"qt  ":
        return "video/quicktime"
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") else "video/mp4"


def read(path: Path, duration_ms: int | None, film_preview: bytes | None, keep_as: str) -> contents.Made:
    """A file just copied, made fit in its place; slow, for a thread of its own. Raises Unfit.

    What is too large for the database stays where it is, and its version names the file `keep_as`.
    """
    with path.open("r+b") as file:
        mime = sniffed(file.read(HEAD))
        if mime == "image/heif":
            raise Unfit("HEIC形式の写真は使えません。JPEGかPNGで送ってください")
        if mime.startswith("image/"):
            return _picture(path.read_bytes())
        if mime == "video/quicktime":
            raise Unfit("MOV形式の動画は使えません。MP4で送ってください")
        if mime in ("video/mp4", "audio/mp4"):
            return _film(path, file, duration_ms, film_preview, keep_as)
        kind: contents.Kind = "audio" if mime == "audio/mpeg" and duration_ms else "file"
        return contents.Made(kind, None, None, duration_ms, [_whole(path, file, mime, keep_as)])


def version(original: bytes, variant: str) -> contents.Version:
    """A picture for one place: a preview, a card, an icon, or a width of an imagemap. Slow. Raises Unfit."""
    if variant == contents.PREVIEW:
        made = pictures.preview(original)
    elif variant == ICON:
        made = pictures.icon(original)
    elif int(variant) == pictures.CARD_SIDE:
        made = pictures.within(original, pictures.CARD_SIDE)
    else:
        made = pictures.of_width(original, int(variant))
    return contents.version(variant, made.mime, made.data)


def _picture(data: bytes) -> contents.Made:
    made = pictures.read(data)
    kept = contents.version(contents.ORIGINAL, made.mime, made.data)
    return contents.Made("image", made.width, made.height, None, [kept])


def _film(
    path: Path, file: BufferedRandom, duration_ms: int | None, film_preview: bytes | None, keep_as: str
) -> contents.Made:
    found = films.clean(file, path.stat().st_size)
    file.flush()
    duration = duration_ms or found.duration_ms
    if not found.has_picture:
        kept = _whole(path, file, "audio/mp4", keep_as)
        return contents.Made("audio" if duration else "file", None, None, duration, [kept])
    preview = _film_preview(film_preview)
    return contents.Made(
        "video",
        None,
        None,
        duration,
        [_whole(path, file, "video/mp4", keep_as), contents.version(contents.PREVIEW, preview.mime, preview.data)],
    )


def _film_preview(given: bytes | None) -> pictures.Picture:
    try:
        return pictures.preview(given) if given else pictures.blank()
    except Unfit:
        return pictures.blank()


def _whole(path: Path, file: BufferedRandom, mime: str, keep_as: str) -> contents.Version:
    size = path.stat().st_size
    if size <= contents.IN_DATABASE:
        return contents.version(contents.ORIGINAL, mime, path.read_bytes())
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return contents.Version(contents.ORIGINAL, mime, size, digest, file=keep_as)

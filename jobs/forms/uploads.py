"""What friends hand in with a form: pictures written anew, files of a few kinds, kept until they are sent."""

import asyncio
import io
import re
import secrets
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from jobs import configuration
from jobs.forms import opening
from jobs.forms.answers import Wrong
from jobs.forms.definition import UPLOADS, Question
from jobs.media import pictures
from storage import clock, forms, friends, names
from storage.forms import uploads

APART = ThreadPoolExecutor(2, "uploads")  # so many at a time: a large picture takes memory

MB = 1024 * 1024
MOST = 10  # MB of one, unless the form takes less
SIDE = 2048  # pixels of a picture's longer side
LONGEST = 80  # characters of a name
UNSHRUNK = 24_000_000  # pixels of what is unpacked whole before it is made smaller: up to 20 bytes each
JPEG = b"\xff\xd8\xff"
PICTURES = (JPEG, b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
PDF = "application/pdf"
OFFICE = {  # by the folder that such a file has
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
MOST_PARTS = 5_000  # of such a file; its list alone is read
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", PDF: "pdf"} | {mime: end for end, mime in OFFICE.values()}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Bytes as they are kept, whatever they came as."""

    name: str
    content_type: str
    content: bytes


def most_bytes(question: Question) -> int:
    """How large an upload for this question may be."""
    given = question.most
    return int((min(given, MOST) if isinstance(given, int | float) else MOST) * MB)


def fit(question: Question, name: str, data: bytes) -> Fitted:
    """Pictures upright, of a phone's size and without what cameras write into them; of others only what it says it is.

    Slow. Raises Wrong: size{most}, picture or file.
    """
    most = most_bytes(question)
    if not data or len(data) > most:
        raise Wrong("size", most=most // MB)
    kept = _picture(data) if data.startswith(PICTURES) else None if question.kind == "image" else _file(data)
    if kept is None:
        raise Wrong("picture" if question.kind == "image" else "file")
    content_type, content = kept
    return Fitted(called(name, content_type), content_type, content)


async def fit_apart(question: Question, name: str, data: bytes) -> Fitted:
    """The same beside the loop. Raises Wrong."""
    return await asyncio.get_running_loop().run_in_executor(APART, fit, question, name, data)


def _picture(data: bytes) -> tuple[str, bytes] | None:
    """Of what moves, the first picture; nothing is unpacked before its size is known."""
    try:
        made = pictures.within(data, SIDE, pictures.MOST_PIXELS if data.startswith(JPEG) else UNSHRUNK)
    except pictures.Unfit:
        return None
    return made.mime, made.data


def _file(data: bytes) -> tuple[str, bytes] | None:
    if data.startswith(b"%PDF-"):
        return PDF, data
    if not data.startswith(b"PK\x03\x04") or data.count(b"PK\x01\x02") > MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            inside = opened.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" not in inside or any("vbaProject" in one for one in inside):
        return None
    kinds = [mime for folder, (_, mime) in OFFICE.items() if any(one.startswith(folder) for one in inside)]
    return (kinds[0], data) if kinds else None


def called(name: str, content_type: str) -> str:
    """A name for people, without folders or signs that mean something to machines; its end is that of its kind."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name[-1_000:])[-1])
    plain = "".join(one for one in last if not names.invisible(one) and one not in '<>:"|?*')
    stem = plain.rpartition(".")[0] or plain
    stem = stem.strip(". ")[:LONGEST].strip() or "ファイル"
    return f"{stem}.{EXTENSIONS[content_type]}"


async def keep(cache: configuration.Cache, form_id: int, friend_id: int, key: str, fitted: Fitted) -> str:
    """Keep it for this friend's answer to this question, in the porch's transaction; its token.

    Raises Wrong: uploads (too much already) or gone (no such question, form or friend).
    """
    people = await friends.lock([friend_id])
    if not people or await asking(cache, form_id, key) is None:
        raise Wrong("gone")
    token = secrets.token_urlsafe(32)
    new = uploads.New(token, form_id, friend_id, key, fitted.name, fitted.content_type, fitted.content)
    if not await uploads.keep(new, await clock.now()):
        raise Wrong("uploads")
    return token


async def asking(cache: configuration.Cache, form_id: int, key: str) -> Question | None:
    """The question of the form in force that takes uploads under this key."""
    kept = await forms.ROWS.find(form_id)
    form = await opening.version(cache, form_id, kept.live) if kept is not None and kept.live is not None else None
    question = form.question(key) if form is not None else None
    return question if question is not None and question.kind in UPLOADS and not question.hidden else None

"""What is handed in with a form: written anew, or only what it says it is, and kept for who gave it."""

import io
import zipfile
import zlib

import pytest
from PIL import Image

from jobs import configuration
from jobs.forms import definition, uploads
from jobs.forms.answers import Wrong
from storage import database
from tests import photos
from tests.jobs import engine, forms

IMAGE = forms.form(forms.question("q1", "image", most=5)).pages[0].questions[0]
FILE = forms.form(forms.question("q1", "file")).pages[0].questions[0]


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def bomb() -> bytes:
    """A picture of a few bytes that would take gigabytes."""
    head = (50_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b""))
    made = (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def plain(width: int, height: int) -> bytes:
    """A picture of one colour, a few kilobytes that are a hundred megabytes when they are unpacked."""
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def test_it_writes_a_photo_anew_upright_and_without_its_place() -> None:
    fitted = uploads.fit(IMAGE, "C:\\写真\\IMG_1.HEIC.jpeg", photos.photo(3000, 1500, orientation=6))
    assert (fitted.name, fitted.content_type) == ("IMG_1.HEIC.jpg", "image/jpeg")
    assert b"Secret Camera" not in fitted.content
    assert Image.open(io.BytesIO(fitted.content)).size == (1024, 2048)


def test_it_keeps_the_first_picture_of_what_moves() -> None:
    fitted = uploads.fit(FILE, "動く.gif", moving())
    assert (fitted.name, fitted.content_type) == ("動く.jpg", "image/jpeg")
    assert getattr(Image.open(io.BytesIO(fitted.content)), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("question", "data", "code"),
    [
        (IMAGE, b"", "size"),
        (IMAGE, b"\xff\xd8\xff" + b"x" * (5 * uploads.MB), "size"),
        (FILE, b"%PDF-1.7" + b"x" * (10 * uploads.MB), "size"),
        (IMAGE, b"%PDF-1.7", "picture"),
        (IMAGE, b"\xff\xd8\xff broken", "picture"),
        (IMAGE, bomb(), "picture"),
        (FILE, bomb(), "file"),
        (IMAGE, plain(5_000, 5_000), "picture"),
        (FILE, archive("[Content_Types].xml", *(f"word/{n}" for n in range(5_001))), "file"),
        (FILE, b"MZ\x90\x00", "file"),
        (FILE, b"<html><script>", "file"),
        (FILE, b"<svg onload=alert(1)>", "file"),
        (FILE, b"PK\x03\x04broken", "file"),
        (FILE, archive("evil.exe"), "file"),
        (FILE, archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file"),
    ],
)
def test_it_refuses_what_is_too_large_or_not_what_was_asked_for(
    question: definition.Question, data: bytes, code: str
) -> None:
    with pytest.raises(Wrong) as found:
        uploads.fit(question, "x", data)
    assert found.value.fault.code == code


@pytest.mark.parametrize(
    ("data", "name", "kept"),
    [
        (b"%PDF-1.7 ...", "../../履歴書.pdf.exe", "履歴書.pdf.pdf"),
        (b"%PDF-1.7 ...", '\x00<b>"\u202e.pdf', "b.pdf"),
        (b"%PDF-1.7 ...", "", "ファイル.pdf"),
        (b"%PDF-1.7 ...", "x" * 5_000, "x" * 80 + ".pdf"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", "表.xlsx"),
    ],
)
def test_it_takes_papers_under_a_harmless_name(data: bytes, name: str, kept: str) -> None:
    fitted = uploads.fit(FILE, name, data)
    assert (fitted.name, fitted.content) == (kept, data)


async def test_it_keeps_what_a_question_of_the_form_in_force_asks_for(db: str) -> None:
    cache = configuration.Cache(engine.TOKYO)
    number = await forms.add("写真", forms.stored(forms.question("q1", "image"), forms.question("q2", "text")))
    [friend] = await engine.add_friends(1)
    fitted = await uploads.fit_apart(IMAGE, "a.jpg", photos.photo(20, 10))

    async def keep(form: int, person: int, key: str) -> str:
        return await database.repeated(lambda: uploads.keep(cache, form, person, key, fitted))

    token = await keep(number, friend, "q1")
    assert len(token) == 43
    assert await database.value("SELECT name FROM form_uploads WHERE token = $1", token) == "a.jpg"
    for form, person, key in ((number, friend, "q2"), (number + 1, friend, "q1"), (number, friend + 1, "q1")):
        with pytest.raises(Wrong) as found:
            await keep(form, person, key)
        assert found.value.fault.code == "gone"

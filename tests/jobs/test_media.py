"""Bytes as people send them become pictures, films and sounds as LINE takes them, or are refused with a reason."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jobs import media
from jobs.media import films, pictures
from storage.media import contents
from tests import photos
from tests.examples import many


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def kept(folder: Path, data: bytes, duration_ms: int | None = None, preview: bytes | None = None) -> contents.Made:
    path = folder / "part"
    path.write_bytes(data)
    return media.read(path, duration_ms, preview, "name")


def test_it_turns_a_photo_upright_and_forgets_where_it_was_taken(tmp_path: Path) -> None:
    data = photos.photo(1280, 960, orientation=8)
    assert b"Secret Camera" in data
    made = kept(tmp_path, data)
    [original] = made.versions
    assert (made.kind, made.width, made.height, original.mime) == ("image", 960, 1280, "image/jpeg")
    assert original.data is not None
    assert b"Secret Camera" not in original.data
    picture = opened(original.data)
    assert not picture.getexif()
    assert "exif" not in picture.info
    red, _, blue = picture.getpixel((480, 1200))  # type: ignore[misc] # RGB
    assert red > 150 > blue


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_it_makes_what_line_shows_of_other_pictures(tmp_path: Path, form: str) -> None:
    made = kept(tmp_path, photos.photo(200, 100, form=form))
    assert (made.kind, made.width, made.height) == ("image", 200, 100)
    assert made.versions[0].mime in ("image/jpeg", "image/png")


def test_it_keeps_a_see_through_picture_see_through() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (2000, 50), (255, 0, 0, 0)).save(out, "PNG")
    made = pictures.read(out.getvalue())
    assert made.mime == "image/png"
    assert opened(made.data).mode == "RGBA"
    assert opened(pictures.preview(out.getvalue()).data).size == (720, 18)


def test_it_keeps_pictures_within_lines_sizes_whatever_is_in_them() -> None:
    noise = Image.effect_noise((4200, 3000), 200).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG", compress_level=1)
    assert len(out.getvalue()) > 10 * 1024 * 1024
    whole = pictures.read(out.getvalue())
    assert len(whole.data) <= 10 * 1024 * 1024
    assert max(whole.width, whole.height) <= 4096
    small = pictures.preview(whole.data)
    assert len(small.data) <= 1024 * 1024
    assert max(small.width, small.height) == 720


@pytest.mark.parametrize("width", pictures.IMAGEMAP_WIDTHS)
@pytest.mark.parametrize("size", [(1280, 960), (100, 75)])
def test_it_makes_a_picture_of_exactly_an_imagemaps_width(width: int, size: tuple[int, int]) -> None:
    made = media.version(photos.photo(*size), str(width))
    assert made.data is not None
    assert opened(made.data).size == (width, width * 3 // 4)


def test_it_makes_no_ribbons() -> None:
    with pytest.raises(media.Unfit):
        media.version(photos.photo(10, 2000), "1040")


def test_it_makes_a_card_no_larger_than_line_takes_it() -> None:
    made = media.version(photos.photo(900, 3000), "1024")
    assert made.data is not None
    assert opened(made.data).size == (307, 1024)


def test_it_refuses_a_bomb_before_unpacking_it() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000))
    with pytest.raises(media.Unfit, match="大きすぎます"):
        pictures.read(bomb + chunk(b"IEND", b""))


def test_it_refuses_a_photo_that_breaks_off() -> None:
    with pytest.raises(media.Unfit, match="途中で切れている"):
        pictures.read(photos.photo()[:3000])


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")  # Pillow remarks on notes that are damaged
@settings(max_examples=many(60), deadline=None)
@given(st.data())
def test_it_refuses_what_it_cannot_read_and_never_breaks(data: st.DataObject) -> None:
    base = data.draw(
        st.sampled_from([photos.photo(64, 48), photos.photo(64, 48, form="PNG"), photos.photo(8, 8, form="GIF")])
    )
    spoilt = bytearray(base)
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = pictures.read(bytes(spoilt))
    except media.Unfit:
        return
    assert opened(made.data).size == (made.width, made.height)


def test_it_blots_the_place_out_of_a_film_and_moves_nothing_else(tmp_path: Path) -> None:
    data = photos.film(seconds=4, ballast=1000)
    made = kept(tmp_path, data)
    original, preview = made.versions
    assert (made.kind, made.duration_ms, original.mime) == ("video", 4000, "video/mp4")
    assert original.data is not None
    assert len(original.data) == len(data)
    assert b"udta" not in original.data
    assert original.data.replace(b"free", b"udta") == data
    assert preview.data is not None
    assert opened(preview.data).size == (720, 405)


def test_it_shows_a_film_by_the_picture_line_has_of_it(tmp_path: Path) -> None:
    made = kept(tmp_path, photos.film(), preview=photos.photo(1440, 720))
    assert made.versions[1].data is not None
    assert opened(made.versions[1].data).size == (720, 360)
    spoilt = kept(tmp_path, photos.film(), preview=b"no picture")
    assert [one.variant for one in spoilt.versions] == ["original", "preview"]


def test_it_tells_a_sound_from_a_film_by_its_tracks(tmp_path: Path) -> None:
    made = kept(tmp_path, photos.film(picture=False), 2500)
    assert (made.kind, made.duration_ms, made.versions[0].mime) == ("audio", 2500, "audio/mp4")
    assert kept(tmp_path, b"ID3\x04" + b"\0" * 100, 900).kind == "audio"
    assert kept(tmp_path, b"%PDF-1.7", 900).kind == "file"


def test_it_names_the_file_of_a_film_too_large_for_the_database(tmp_path: Path) -> None:
    data = photos.film(ballast=11 * 1024 * 1024)
    made = kept(tmp_path, data)
    assert (made.versions[0].file, made.versions[0].data, made.versions[0].size) == ("name", None, len(data))


@pytest.mark.parametrize(
    "data", [photos.box(b"ftyp", b"heic\0\0\0\0"), photos.box(b"ftyp", b"qt  \0\0\0\0"), b"\xff\xd8\xff", b"GIF89a"]
)
def test_it_says_what_to_send_instead(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(media.Unfit, match="送ってください"):
        kept(tmp_path, data)


@settings(max_examples=many(100), deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300))
def test_it_reads_boxes_that_lie_to_their_end(noise: bytes, at: int) -> None:
    data = bytearray(photos.film(ballast=50))
    data[at : at + len(noise)] = noise
    file = io.BytesIO(bytes(data))
    films.clean(file, len(data))
    assert len(file.getvalue()) == len(data)

"""The phones page's door in plain HTTP: its files and policy, photos, and nothing beside them."""

import aiohttp
from yarl import URL

from tests.simulator import control, phones


async def test_it_serves_the_page_with_a_policy_that_runs_only_its_own_scripts(channel: control.Channel) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{channel.api_url}/phones") as answer:
        words = await answer.text()
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"] == phones.POLICY
        assert "unsafe" not in phones.POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "シミュレーター：本物のLINEではありません" in words


async def test_it_serves_every_file_it_has_and_nothing_beside_them(channel: control.Channel) -> None:
    files = [path.relative_to(phones.STATIC).as_posix() for path in phones.STATIC.rglob("*") if path.is_file()]
    async with aiohttp.ClientSession() as session:
        for name in files:
            path = "/phones" if name == "phones.html" else f"/phones/static/{name}"
            async with session.get(channel.api_url + path) as answer:
                assert answer.status == 200, name
                assert await answer.read() == (phones.STATIC / name).read_bytes()
        for name in ("../phones.py", "..%2fphones.py", "fonts/..%2fphones.html", "none.js", "fonts/", ""):
            url = URL(f"{channel.api_url}/phones/static/{name}", encoded=True)
            async with session.get(url) as answer:
                assert answer.status == 404, name


async def test_it_ships_the_font_with_its_licence() -> None:
    fonts = phones.STATIC / "fonts"
    assert (fonts / "ipaexg.ttf").stat().st_size == 6_099_900
    assert "IPAフォントライセンスv1.0" in (fonts / "IPA_Font_License_Agreement_v1.0.txt").read_text("utf-8-sig")


async def test_it_gives_out_photos_and_no_other_bytes(channel: control.Channel, cast: list[control.User]) -> None:
    photo = await cast[0].sends("image", content=b"\x89PNG photo")
    script = await cast[0].sends("file", content=b"<script>", fileName="a.html", contentType="text/html")
    async with aiohttp.ClientSession() as session:
        base = f"{channel.api_url}/phones/{channel.id}/pictures"
        async with session.get(f"{base}/{photo.message_id}") as answer:
            assert (answer.status, await answer.read()) == (200, b"\x89PNG photo")
        for path in (f"{base}/{script.message_id}", f"{base}/1", f"{channel.api_url}/phones/none/pictures/1"):
            async with session.get(path) as answer:
                assert answer.status == 404

"""`/t/…`: answers to a form and their uploads are fetched once, by a button, and never shown as a page."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot import server, wiring
from storage import clock
from storage.forms import tickets, uploads
from tests.jobs import engine, forms

PAGE = b"<script>alert(1)</script>"


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}/t"


async def issued(kind: tickets.Kind, number: int) -> str:
    form = await forms.add("来店", forms.stored(forms.question("q1", "file", field=None), results=[]))
    now = await clock.now()
    if kind == "upload":
        [friend] = await engine.add_friends(1)
        new = uploads.New("u" * 43, form, friend, "q1", "証明 書.pdf", "application/pdf", PAGE)
        assert await uploads.keep(new, now)
        found = await uploads.of_tokens(form, friend, ["u" * 43])
        number = next(iter(found.values())).id
    return await tickets.issue(kind, form, number, now + timedelta(minutes=10))


async def test_all_answers_are_given_once(origin: str) -> None:
    address = f"{origin}/{await issued('answers', 12)}"
    async with aiohttp.ClientSession() as web:
        for _ in range(2):
            async with web.get(address) as looked:
                assert looked.status == 200
                assert "12件" in await looked.text()
        async with web.post(address) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="form-1-')
            assert answer.headers["Cache-Control"] == "no-store"
            assert (await answer.read()).startswith(b"\xef\xbb\xbf")
        async with web.post(address) as answer:
            assert answer.status == 410
        async with web.post(f"{origin}/{'x' * 43}") as answer:
            assert answer.status == 404


async def test_an_upload_is_a_file_whatever_it_is(origin: str) -> None:
    address = f"{origin}/{await issued('upload', 0)}"
    async with aiohttp.ClientSession() as web, web.post(address) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert await answer.read() == PAGE

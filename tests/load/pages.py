"""`./ayumi bench pages`: how soon a customer's form comes and what it weighs, in shops of 10,000 and 100,000 friends.

All of them have answered the form, which has a question of nearly every kind on three pages and fills in what the shop
knows. Each visit is another friend's, with a session; the time is from the request until the first byte of the answer,
and since the visitors live in the server's process, their part is in it. The weight is what one visit brings over the
net for the first time, without LINE's SDK.
"""

import argparse
import asyncio
import re
import statistics
import time
from typing import Any

from aiohttp import web

from bot import door, memory, server, wiring
from liff import visitor
from storage import clock, database
from tests.load import _ground as grounds
from tests.load import forms
from tests.simulator import control

GOAL_MS, GOAL_KB = 20.0, 60.0
VISITS = 400
ABREAST = (1, 10)
KINDS = (
    *("text", "long", "number", "date", "datetime", "time", "phone", "mail", "postcode", "address", "prefecture"),
    *("kana", "rating", "scale", "image", "consent", "heading", "note"),
)
CHOICES = [{"key": f"o{number}", "label": f"選択肢{number}"} for number in range(1, 9)]


def questions() -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = [
        {"key": f"k{number}", "label": f"質問{number}", "kind": kind} for number, kind in enumerate(KINDS)
    ]
    chosen = [
        {"key": f"c{number}", "label": f"お選びください{number}", "kind": kind, "options": CHOICES}
        for number, kind in enumerate(("single", "multiple", "pulldown"))
    ]
    for one in plain:
        one["help"] = "ご存じの範囲でお答えください。"
        if one["kind"] in ("rating", "scale"):
            one["most"] = 5
    known: list[Any] = forms.QUESTIONS
    return [*known, *plain, *chosen]


async def first_byte(port: int, cookie: str, form: int) -> tuple[float, bytes]:
    """Milliseconds, and the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    writer.write(
        f"GET /f/{form} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    first = await reader.read(1)
    taken = 1e3 * (time.perf_counter() - began)
    whole = first + await reader.read()
    writer.close()
    return taken, whole


async def weight(port: int, page: bytes) -> list[tuple[str, int]]:
    """(what, bytes over the net) of a page's whole answer and all files of ours that it names."""
    found = [("page", len(page))]
    for address in re.findall(r'(?:src|href)="(/liff/static/[^"]+)"', page.decode()):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET {address} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        found.append((address.rpartition("/")[2], len(await reader.read())))
        writer.close()
    return found


async def measure(friends: int) -> None:
    memory.calm()
    url = await grounds.fresh_database("ayumi_load_pages")
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            channel = await simulator.new_channel(load=True)
            login = await channel.login_channel()
            app = await login.liff_app(endpoint="http://127.0.0.1/")
            given = grounds.sandbox(channel, url).model_copy(
                update={"line_login_channel_id": login.id, "liff_id": app.id, "secret_key": ["b" * 32]}
            )
            async with wiring.house(given, intake=True) as house:
                await forms.prepare(friends)
                form = await forms.add_form("ご来店アンケート", turns="many", restore=True, pages=paged())
                await database.run(forms.FILLED, form, friends)
                await database.run("ANALYZE")
                async with server.serving(house) as served:
                    await visit(house, served.port, form, friends)
    finally:
        process.stop()


def paged() -> list[dict[str, Any]]:
    asked = questions()
    return [{"key": f"p{at}", "title": f"{at + 1}", "questions": asked[at * 9 : at * 9 + 9]} for at in range(3)]


async def visit(house: wiring.House, port: int, form: int, friends: int) -> None:
    print(f"{friends:,} friends have answered", flush=True)
    now = await clock.now()
    cookies = []
    for friend in range(1, VISITS * (len(ABREAST) + 1) + 1):
        answer = web.Response()
        visitor.begin(door.of(house), answer, friend, now)
        [morsel] = answer.cookies.values()
        cookies.append(f"{morsel.key}={morsel.value}")
    page = b""
    for cookie in cookies[:VISITS]:  # warms up
        page = (await first_byte(port, cookie, form))[1]
    if b'id="form-data"' not in page:
        raise SystemExit(f"this is no form: {page[:200]!r}")
    for round_, abreast in enumerate(ABREAST, 1):
        waiting = iter(cookies[round_ * VISITS : (round_ + 1) * VISITS])
        taken: list[float] = []

        async def some(waiting: Any = waiting, taken: list[float] = taken) -> None:
            taken.extend([(await first_byte(port, cookie, form))[0] for cookie in waiting])

        began = time.perf_counter()
        await asyncio.gather(*(some() for _ in range(abreast)))
        rate = VISITS / (time.perf_counter() - began)
        cut = statistics.quantiles(taken, n=20)
        goal = f" (goal {GOAL_MS:.0f} ms)" if abreast == 1 else ""
        print(f"{abreast} at once: median {cut[9]:.1f} ms, p95 {cut[18]:.1f} ms{goal}, {rate:,.0f} a second")
    parts = await weight(port, page)
    told = ", ".join(f"{name} {size / 1024:.1f}" for name, size in parts)
    print(f"weight {sum(size for _, size in parts) / 1024:.1f} KB (goal {GOAL_KB:.0f} KB): {told}", flush=True)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("friends", type=int, nargs="*", default=[10_000, 100_000])
    for friends in given.parse_args().friends:
        asyncio.run(measure(friends))


if __name__ == "__main__":
    main()

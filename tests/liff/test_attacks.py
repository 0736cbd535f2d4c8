"""Attacks on customers' pages, made over HTTP as somebody would who means harm."""

import asyncio
import base64
import dataclasses
import hmac
import io
import json
import logging
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from structlog.testing import capture_logs

from bot import door, settings
from jobs import tokens
from jobs.forms.definition import KINDS
from liff import forms as form_pages
from liff import headers, visitor
from storage import clock, database, forms
from tests import photos
from tests.jobs import engine
from tests.jobs import forms as made
from tests.liff.conftest import PHONE, Site, Visit
from tests.simulator import control

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256's points
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PLACES, RUSH = 30, 200


async def befriended(channel: control.Channel, name: str) -> control.User:
    person = await channel.user(name)
    await person.follow()
    return person


@pytest.fixture
async def tanaka(site: Site, channel: control.Channel) -> control.User:
    return await befriended(channel, "田中 花子")


@pytest.fixture
async def suzuki(site: Site, channel: control.Channel) -> control.User:
    return await befriended(channel, "鈴木 一郎")


async def cookie(site: Site, friend: int) -> str:
    """What a browser holds in which this friend is logged in."""
    answer = web.Response()
    visitor.begin(door.of(site.house), answer, friend, await clock.now())
    return "; ".join(f"{one.key}={one.value}" for one in answer.cookies.values())


async def number_of(person: control.User) -> int:
    return int(await database.value("SELECT id FROM friends WHERE line_user_id = $1", person.id))


def sent(visit: Visit, values: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    about = visit.island("form-data")
    return {name: about[name] for name in ("attempt", "revision", "version")} | {"values": dict(values)} | rest


async def count(table: str) -> int:
    return int(await database.value(f"SELECT count(*) FROM {table}"))


def signed(key: str, said: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), said.encode(), "sha256")).decode().rstrip("=")


def spelled_otherwise(id_token: str) -> list[str]:
    """The same token, as valid as before, in other letters: the other half of the curve, unused bits, stray signs."""
    said, _, signature = id_token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    other = (ORDER - int.from_bytes(raw[32:])).to_bytes(32)
    mirrored = base64.urlsafe_b64encode(raw[:32] + other).decode().rstrip("=")
    unused = LETTERS[LETTERS.index(signature[-1]) ^ 1]
    return [f"{said}.{one}" for one in (mirrored, signature[:-1] + unused, f"{signature[:9]}!!!!{signature[9:]}")]


async def test_a_stolen_id_token_opens_nothing_in_another_spelling_either(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    thief = await site.arrives(tanaka, "/here")
    for token in (visit.id_token, *spelled_otherwise(visit.id_token)):
        thief.id_token = token
        status, told = await thief.log_in()
        assert (status, told.get("code") in ("replayed", "malformed")) == (401, True)
        assert (await thief.get()).at_the_door
    for part in (f"{'[' * 3_000}", '{"a":' * 600, '{"alg":"ES256","kid":"\\ud800"}', '["ES256"]'):
        header = base64.urlsafe_b64encode(part.encode()).decode().rstrip("=")
        thief.id_token = f"{header}.e30.AAAA"
        assert (await thief.log_in())[0] == 401, part[:9]


async def test_nothing_else_that_we_have_signed_is_a_session(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    mine, key = visit.cookie("visit"), site.house.settings.secret_key[0]
    said, friend = mine.rpartition(".")[0], await number_of(tanaka)
    link = tokens.of_link(key, friend, int(mine.split(".")[1]))
    forged = [
        link,
        f"{said}.{link.rpartition('.')[2]}",
        f"{said}.{visit.token}",  # signed for deeds, with the same key
        f"{said}.{signed(key, f'draft:{said}')}",
        f"{said}.{signed('', f'visit:{said}')}",
        f"{said}.{signed('z' * 32, f'visit:{said}')}",
        mine[:-1],
        f"{mine}A",
        f"{mine}\n",
        mine.replace(".", "。"),
        f"0{mine}",
        f"{friend}.99999999999.{'A' * 16}.{mine.rpartition('.')[2]}",
    ]
    for one in forged:
        async with site.browser() as browser:
            held = {"Cookie": f"ayumi-visit={quote(one, safe='.-_')}"}
            async with browser.get(f"{site.origin}/here", headers=held) as answer:
                assert 'id="door-data"' in await answer.text(), one
    held = {"Cookie": f"ayumi-visit={mine}"}
    async with site.browser() as browser, browser.get(f"{site.origin}/here", headers=held) as answer:
        assert f"#F{friend}" in await answer.text()
        assert mine not in await answer.text()


class TestUnderHttps:
    @pytest.fixture
    def bot_settings(self, bot_settings: settings.Settings) -> settings.Settings:
        return bot_settings.model_copy(update={"public_url": "https://shop.example/"})

    async def test_cookies_and_deeds_are_those_of_this_very_host(self, site: Site) -> None:
        friend = (await engine.add_friends(1))[0]
        held = {"Cookie": await cookie(site, friend)}
        assert held["Cookie"].startswith("__Host-ayumi-visit=")
        browser = site.browser()
        async with browser.get(f"{site.origin}/here") as answer:
            told = answer.headers["Set-Cookie"]
        assert re.fullmatch(
            r"__Host-ayumi-browser=[\w-]{22}; HttpOnly; Max-Age=\d+; Path=/; SameSite=Lax; Secure", told
        )
        unsafe = {"Cookie": held["Cookie"].removeprefix("__Host-")}  # as another host, or http, could set it
        async with browser.get(f"{site.origin}/here", headers=unsafe) as answer:
            assert 'id="door-data"' in await answer.text()
        async with browser.get(f"{site.origin}/here", headers=held | {"Host": "evil.example"}) as answer:
            page = await answer.text()
        assert "evil.example" not in page
        found = re.search(r'"token":"([\w-]{43})"', page)
        assert found
        own = held | {"X-Ayumi-Token": found[1]}
        for origin in (
            *("http://shop.example", "https://shop.example:8443", "https://shop.example.evil.example", "null", ""),
            *("https://evil-shop.example", "https://shop.example@evil.example", "https://evil.example#shop.example"),
            *(
                "https://shop.example/",
                "https://shop.example, https://evil.example",
                site.origin,
                "https://evil.example",
            ),
        ):
            for host in ("shop.example", origin.rpartition("/")[2].partition(",")[0] or "evil.example"):
                headers = own | {"Origin": origin, "Host": host, "Referer": "https://shop.example/here"}
                async with browser.post(f"{site.origin}/here", json={}, headers=headers) as answer:
                    assert (answer.status, await answer.json()) == (403, {"code": "origin"}), (origin, host)
        headers = own | {"Referer": "https://shop.example/here"}
        async with browser.post(f"{site.origin}/here", json={}, headers=headers) as answer:
            assert answer.status == 403  # a Referer alone is not enough
        async with browser.post(
            f"{site.origin}/here", json={}, headers=own | {"Origin": "https://shop.example"}
        ) as answer:
            assert await answer.json() == {"friend": friend}


class TestWithoutLineLogin:
    @pytest.fixture
    def bot_settings(self, bot_settings: settings.Settings) -> settings.Settings:
        return bot_settings.model_copy(update={"liff_login": False})

    async def test_no_first_landing_leads_astray(self, site: Site) -> None:
        browser = site.browser()
        for state in (
            *("//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "https://evil.example"),
            *(
                "/\r\nSet-Cookie: a=b",
                "/" + "あ" * 800,
                "/\x00",
                '/"><script>alert(1)</script>',
                "?//evil.example",
                "@e",
            ),
        ):
            for path in (f"/?liff.state={quote(state)}", f"/here?back={quote(state)}", "/?liff.state=/%ED%A0%80%FF"):
                async with browser.get(site.origin + path, allow_redirects=False) as answer:
                    text = await answer.text()
                    assert (answer.status, answer.headers.get("Location")) == (200, None), path
                    assert set(answer.headers.getall("Set-Cookie", [""])) != {"a=b"}
                assert "<script>alert" not in text
                links = re.findall(r'href="([^"]*)"', text)
                assert [
                    one for one in links if not one.startswith((f"{site.app.address}", "/liff/static/", "data:,"))
                ] == []


async def test_whatever_goes_wrong_runs_nothing_and_is_kept_by_nobody(site: Site, tanaka: control.User) -> None:
    number = await made.add("お礼", made.stored(made.question("q1", "text")))
    visit = await site.visit(tanaka, f"/f/{number}")
    nonces: set[str] = set()
    for path, status in (
        *((f"/f/{number}", 200), (f"/f/{number}", 200), ("/f/999999", 404), ("/f/999999999999999999", 404)),
        *(("/", 200), ("/?liff.state=%2Ff%2F3", 200), ("/here", 200)),
    ):
        await visit.get(path)
        policy = visit.headers["Content-Security-Policy"]
        assert (visit.status, visit.headers["Cache-Control"]) == (status, "no-store"), path
        assert visit.headers["X-Content-Type-Options"] == "nosniff"
        assert all(part in policy for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors "))
        assert "unsafe" not in policy
        own = set(re.findall(r"nonce-([\w-]+)", policy))
        assert set(re.findall(r'nonce="([\w-]+)"', visit.text)) == own
        assert len(own) == 1
        assert not own & nonces
        nonces |= own
        for element in re.findall(r"<(?:script|style|link rel=.stylesheet.)[^>]*>", visit.text):
            assert "nonce=" in element or "application/json" in element
    visit = await site.visit(tanaka, f"/f/{number}")
    for given in (b"{", b"x" * 700_000, b'{"attempt":1}'):
        assert (await visit.post(f"/f/{number}/answers", given))[0] in (400, 413)
        assert visit.headers["Cache-Control"] == "no-store"
        assert visit.headers["Content-Type"].startswith("application/json")
    outside = dataclasses.replace(door.of(site.house), sandbox=False, sdk_url="https://static.line-scdn.net/sdk.js")
    said = headers.of_page(outside, "n")
    assert said["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
    assert "http://" not in said["Content-Security-Policy"]


CLOSED: Mapping[str, dict[str, Any]] = {
    "closed": {"until": "2000-01-01T00:00:00+09:00"},
    "soon": {"since": "2100-01-01T00:00:00+09:00"},
    "outside": {"target": {"all": [{"tag": 1}, {"not": {"tag": 1}}]}},
    "full": {"places": 0},
}


async def test_a_form_that_is_not_open_takes_nothing_however_it_is_asked(site: Site, tanaka: control.User) -> None:
    asked = made.question("q1", "text"), made.question("q2", "image")
    numbers = {name: await made.add(name, made.stored(*asked, **rules)) for name, rules in CLOSED.items()}
    numbers["paused"] = await made.add("paused", made.stored(*asked), state="paused")
    numbers["deleted"] = await made.add("deleted", made.stored(*asked))
    await database.run("UPDATE forms SET deleted_at = now() WHERE id = $1", numbers["deleted"])
    numbers["draft"] = await made.add("draft", made.stored(*asked), state="draft")
    await forms.ROWS.change(numbers["draft"], state="draft", live=None, draft=1)
    visit = await site.visit(tanaka, "/here")
    body = {"attempt": 1, "revision": 0, "version": 1, "values": {"q1": "はい"}}
    for name, number in numbers.items():
        assert (await visit.post(f"/f/{number}/answers", body))[0] == 409, name
        assert (await visit.post(f"/f/{number}/answers", body | {"revision": 1}))[0] == 409, name
        assert (await visit.post(f"/f/{number}/uploads?q=q2", photos.photo(20, 20)))[0] == 409, name
    for name in ("draft", "deleted"):  # nobody learns what is in them, or whether they are there
        checked = await visit.post(f"/f/{numbers[name]}/check", body | {"page": "p1"})
        assert checked == await visit.post("/f/999999/check", body | {"page": "p1"})
        page = (await visit.get(f"/f/{numbers[name]}")).text
        assert (visit.status, "アンケート" in page) == (404, False)
        await visit.get("/here")
    for table in ("submissions", "form_answers", "form_uploads"):
        assert await count(table) == 0


async def test_nobody_reads_edits_or_sends_what_is_anothers(
    site: Site, tanaka: control.User, suzuki: control.User
) -> None:
    asked = made.question("q1", "text"), made.question("q2", "image")
    number = await made.add("名簿", made.stored(*asked, turns="edit"))
    other = await made.add("別", made.stored(*asked))
    mine, theirs = [await site.visit(person, f"/f/{number}") for person in (tanaka, suzuki)]
    _, handed = await mine.post(f"/f/{number}/uploads?q=q2", photos.photo(20, 20))
    assert (await mine.post(f"/f/{number}/answers", sent(mine, {"q1": "ひみつ", "q2": handed["token"]})))[0] == 200
    friend = await number_of(tanaka)
    body = {"attempt": 1, "revision": 1, "version": 1, "friend": friend, "submission": 1, "values": {"q1": "消す"}}
    status, told = await theirs.post(f"/f/{number}/answers?friend={friend}", body)
    assert (status, "ひみつ" in json.dumps(told, ensure_ascii=False)) == (409, False)
    for where in (number, other):
        body = {"attempt": 1, "revision": 0, "version": 1, "values": {"q2": handed["token"]}}
        assert (await theirs.post(f"/f/{where}/answers", body))[0] == 422
    assert (await mine.post(f"/f/{other}/answers", body))[0] == 422  # sent already, with another form
    assert "ひみつ" not in (await theirs.get(f"/f/{number}?friend={friend}&id=1&attempt=1")).text
    assert [row["text"] for row in await database.rows("SELECT text FROM form_answers WHERE question = 'q1'")] == [
        "ひみつ"
    ]
    assert await database.value("SELECT count(DISTINCT friend_id) FROM submissions") == 1


async def test_a_page_cannot_answer_what_it_was_not_asked(site: Site, tanaka: control.User) -> None:
    number = await made.add(
        "条件",
        made.stored(
            made.question("q1", "single", "はい", "いいえ"),
            made.question("q2", "single", {"label": "割引", "points": 90}, when={"q": "q1", "is": ["o2"]}),
            made.question("q3", "text", hidden=True),
            made.question("q4", "hidden", value="店頭"),
            made.question("q5", "hidden"),
            made.question("q6", "rating", most=5),
        ),
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    for wrong in ({"q1": "o9"}, {"q1": ["o1", "o2"]}, {"q1": "o2", "q2": "o2"}, {"q6": "6"}, {"q6": 0}, {"q6": "-1"}):
        assert (await visit.post(f"/f/{number}/answers", sent(visit, wrong)))[0] == 422, wrong
    values = {"q1": "o1", "q2": "o1", "q3": "見えない", "q4": "裏口", "q5": "裏口", "q6": "５", "q7": "x", "score": 90}
    assert (await visit.post(f"/f/{number}/answers", sent(visit, values, result="r1", score=90)))[0] == 200
    found = await database.rows("SELECT question, text FROM form_answers ORDER BY id")
    assert [tuple(row.values()) for row in found] == [("q1", "はい"), ("q4", "店頭"), ("q6", "5")]
    assert await database.value("SELECT score FROM submissions") == 0


NASTY: tuple[Any, ...] = (
    *(
        "1e999",
        "NaN",
        "sNaN",
        "-Infinity",
        "１２",
        "0x10",
        "1_000",
        "٣",
        "\x00a\x00",
        "\u202eabc\u2066",
        "'; DROP TABLE",
    ),
    *("=1+1", "{名前}", "{{ 7*7 }}", "%s%n", "<script>alert(1)</script>", "\ufdfa" * 9_000, "a" * 39_000),
    *("1:" + " " * 9_000 + "x", "2026-12-24 1:" + "\u3000" * 9_000 + "x", "a@" + "a." * 4_900, "〒" + "-" * 9_000),
    *(10**30, -1, 1.5, True, None, [], {}, [[]], ["o1"] * 900, {"chosen": ["o1"]}, [None, 5, {"a": 1}]),
)


async def test_no_value_breaks_the_door_or_comes_back_as_anything_but_text(site: Site, tanaka: control.User) -> None:
    asked = [made.question(f"q{place}", kind, "A", "B") for place, kind in enumerate(KINDS)]
    asked.append(made.question("last", "text", when={"q": "q0", "from": 1, "to": 5}))
    number = await made.add("全部", made.stored(*asked, turns="edit"))
    visit = await site.visit(tanaka, f"/f/{number}")
    keys = [f"{key}{end}" for key in (one["key"] for one in asked) for end in ("", ".other", ".postcode", ".city")]
    long = [one["key"] for one in asked if one["kind"] in ("long", "datetime", "time", "mail", "postcode")]
    for value in NASTY:
        many = len(json.dumps(value)) * len(keys) > 60_000
        for values in [{key: value} for key in long] if many else [dict.fromkeys(keys, value)]:
            body = json.dumps(sent(visit, values, page="p1")).encode()
            status, _ = await visit.post(f"/f/{number}/check", body)
            assert status in (200, 422), value
            if status == 200:
                assert (await visit.post(f"/f/{number}/answers", body))[0] == 200, value
                assert (await visit.get()).status == 200, value
                assert "<script>alert" not in visit.text
    assert await count("submissions") == 1
    address = f"/f/{number}/answers"
    for raw, status in (
        (b'{"attempt":1,"values":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001, 400),
        (b"[" * 60_000, 400),
        (b'{"attempt":1,"revision":0,"version":1,"values":{"q0":"\\ud800"}}', 400),
        (b'{"attempt":NaN,"revision":0,"version":1,"values":{}}', 400),
        (b'{"attempt":1e999,"revision":0,"version":1,"values":{}}', 400),
        (b'{"attempt":1,"revision":0,"version":9223372036854775807,"values":{}}', 400),
        (b"x" * 1_000_000, 413),
    ):
        assert (await visit.post(address, raw))[0] == status, raw[:60]
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded"):
        assert (await visit.post(address, b"{}", headers={"Content-Type": kind}))[0] == 415

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 8_192

    headers = {"X-Ayumi-Token": visit.token, "Origin": site.origin, "Content-Type": "application/json"}
    async with visit.browser.post(site.origin + address, data=pieces(), headers=headers) as answer:
        assert answer.status == 413  # without a length told before


async def test_long_answers_to_many_questions_are_taken_whole(site: Site, tanaka: control.User) -> None:
    keys = [f"q{place}" for place in range(25)]
    number = await made.add("作文", made.stored(*(made.question(key, "long", most=5_000) for key in keys)))
    visit = await site.visit(tanaka, f"/f/{number}")
    values = dict.fromkeys(keys, "あ" * 5_000)
    assert (await visit.post(f"/f/{number}/check", sent(visit, values, page="p1"))) == (200, {})
    assert (await visit.post(f"/f/{number}/answers", sent(visit, values)))[0] == 200
    assert await database.value("SELECT sum(length(text)) FROM form_answers") == 125_000


async def test_a_question_of_another_kind_under_the_same_name_shows_nothing_of_the_old_answer(
    site: Site, tanaka: control.User
) -> None:
    kinds = ("text", "datetime", "image", "date", "number", "rating", "single", "address", "text")
    number = await made.add("変更", made.stored(made.question("q1", "text"), turns="edit"))
    visit = await site.visit(tanaka, f"/f/{number}")
    assert (await visit.post(f"/f/{number}/answers", sent(visit, {"q1": "あした"})))[0] == 200
    for kind in kinds:
        await made.publish(
            number, made.stored(made.question("q1", kind, "A"), made.question("q2", "text"), turns="edit")
        )
        assert (await visit.get()).status == 200, kind
    await made.publish(number, made.stored(made.question("q1", "datetime", field=1), turns="edit"))
    assert (await visit.post(f"/f/{number}/answers", sent(await visit.get(), {"q1": "2026-12-24 18:30"})))[0] == 200


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def drawn(width: int, height: int, form: str) -> bytes:
    out = io.BytesIO()
    Image.new("L" if form == "PNG" else "RGB", (width, height)).save(out, form)
    return out.getvalue()


async def test_uploads_are_what_they_say_under_names_that_mean_nothing(site: Site, tanaka: control.User) -> None:
    number = await made.add(
        "写真", made.stored(made.question("q1", "image"), made.question("q2", "file"), made.question("q3", "text"))
    )
    visit = await site.visit(tanaka, f"/f/{number}")
    script = b"<script>alert(1)</script>"
    for key, data in (
        ("q1", drawn(6_000, 5_000, "PNG")),  # unpacked, it would take what a hundred photos take
        ("q1", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("q1", b"GIF89a/*" + script + b"*/=1;"),
        ("q1", b"\xff\xd8\xff" + script),
        ("q1", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + photos.photo(20, 20) + b"\r\n--x--"),
        ("q2", b"<html>" + script),
        ("q2", packed("[Content_Types].xml", "word/document.xml", *(f"word/{n}" for n in range(5_001)))),
        ("q2", packed("../../etc/passwd")),
    ):
        assert (await visit.post(f"/f/{number}/uploads?q={key}", data))[0] == 422, data[:20]
    for key in ("q3", "", "q1%00", "%ED%A0%80", "../q1"):
        assert (await visit.post(f"/f/{number}/uploads?q={key}", photos.photo(20, 20)))[0] == 409, key
    assert await count("form_uploads") == 0
    hidden = photos.photo(20, 20) + script  # a picture with a page behind it
    names = (
        "../../x.html",
        "..\\x.exe",
        "a\r\nSet-Cookie: a=b",
        "\u202egpj.exe",
        "\x00",
        "." * 300,
        "長" * 300,
        "<b>|",
    )
    for name in names:
        headers = {"X-Ayumi-Name": quote(name), "Content-Type": "text/html"}
        assert (await visit.post(f"/f/{number}/uploads?q=q1", hidden, headers=headers))[0] == 200, name
    headers = {"X-Ayumi-Name": "%FF%ED%A0%80.svg"}
    assert (await visit.post(f"/f/{number}/uploads?q=q2", hidden, headers=headers))[0] == 200
    for row in await database.rows("SELECT name, content_type, content FROM form_uploads"):
        assert row["content_type"] == "image/jpeg"
        assert row["name"].isprintable()
        assert re.fullmatch(r'[^/\\<>:"|?*\r\n\u202e]{1,80}\.jpg', row["name"]), row["name"]
        assert script not in row["content"]
        assert b"Secret Camera" not in row["content"]
    for _ in range(20 - len(names) - 1):
        assert (await visit.post(f"/f/{number}/uploads?q=q1", hidden))[0] == 200
    assert (await visit.post(f"/f/{number}/uploads?q=q1", hidden))[0] == 422  # enough of what is never sent
    assert await count("form_uploads") == 20


async def test_slow_uploads_hold_few_places(site: Site, tanaka: control.User) -> None:
    number = await made.add("写真", made.stored(made.question("q1", "image")))
    visit = await site.visit(tanaka, f"/f/{number}")
    go_on, picture = asyncio.Event(), photos.photo(20, 20)

    async def slowly() -> AsyncIterator[bytes]:
        yield picture[:50]
        await go_on.wait()
        yield picture[50:]

    async def hand_in() -> int:
        headers = {"X-Ayumi-Token": visit.token, "Origin": site.origin, "Content-Type": "image/jpeg"}
        address = f"{site.origin}/f/{number}/uploads?q=q1"
        async with visit.browser.post(address, data=slowly(), headers=headers) as answer:
            return answer.status

    under_way = {asyncio.create_task(hand_in()) for _ in range(form_pages.HANDED + 3)}
    refused: list[int] = []
    while len(refused) < 3:  # those that have a place do not end before they may
        done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        refused += [task.result() for task in done]
    assert refused == [429] * 3
    go_on.set()
    assert await asyncio.gather(*under_way) == [200] * form_pages.HANDED
    assert (await visit.post(f"/f/{number}/uploads?q=q1", picture))[0] == 200


async def test_two_hundred_friends_at_once_get_exactly_the_places_there_are(site: Site) -> None:
    number = await made.add(
        "先着", made.stored(made.question("q1", "single", {"label": "午前", "places": 20}, "午後"), places=PLACES)
    )
    people = await engine.add_friends(RUSH)
    gate = asyncio.Event()

    async with aiohttp.ClientSession(
        headers=PHONE, cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
    ) as browser:

        async def comes(place: int, friend: int) -> tuple[int, int]:
            held = {"Cookie": await cookie(site, friend), "Origin": site.origin}
            async with browser.get(f"{site.origin}/f/{number}", headers=held) as answer:
                found = re.search(r'"token":"([\w-]{43})"', await answer.text())
                assert found
            opened.release()
            await gate.wait()
            chosen = "o1" if place % 2 else "o2"
            body = {"attempt": 1, "revision": 0, "version": 1, "values": {"q1": chosen}}
            held |= {"X-Ayumi-Token": found[1]}
            async with browser.post(f"{site.origin}/f/{number}/answers", json=body, headers=held) as answer:
                return friend, answer.status

        opened = asyncio.Semaphore(0)
        coming = [asyncio.create_task(comes(place, friend)) for place, friend in enumerate(people)]
        for _ in coming:
            await opened.acquire()
        gate.set()
        answers = dict(await asyncio.gather(*coming))
    assert set(answers.values()) <= {200, 409, 422}
    taken = sorted(friend for friend, status in answers.items() if status == 200)
    kept = await database.rows("SELECT friend_id FROM submissions ORDER BY friend_id")
    assert [row["friend_id"] for row in kept] == taken
    assert len(taken) == PLACES
    assert await database.value("SELECT count(*) FROM form_answers WHERE option = 'o1'") <= 20


async def test_taps_tabs_and_going_back_are_one_answer(site: Site, tanaka: control.User) -> None:
    number = await made.add("来店", made.stored(made.question("q1", "text"), actions=[engine.say("ありがとう")]))
    visit = await site.visit(tanaka, f"/f/{number}")
    tab = Visit(site, visit.browser, visit.path)
    await tab.get()
    first, second = sent(visit, {"q1": "一"}), sent(tab, {"q1": "二"})
    address = f"/f/{number}/answers"
    answers = await asyncio.gather(*(one.post(address, body) for one, body in ((visit, first), (tab, second)) * 5))
    assert {status for status, _ in answers} == {200}
    assert await count("submissions") == 1
    assert await count("form_answers") == 1
    assert await database.value("SELECT count(*) FROM outbox") == 1
    assert (await visit.post(address, first | {"attempt": 3}))[0] == 409
    assert (await visit.post(address, first | {"attempt": 2}))[0] == 409
    assert await count("submissions") == 1


async def test_another_address_in_a_header_gives_no_further_calls(site: Site, tanaka: control.User) -> None:
    visit = await site.visit(tanaka, "/here")
    statuses = []
    for turn in range(130):
        told = {
            "X-Forwarded-For": f"198.51.100.{turn}",
            "X-Real-IP": f"198.51.100.{turn}",
            "Forwarded": f"for=1.2.3.{turn}",
        }
        statuses.append((await visit.post("/here", {}, headers=told))[0])
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert int(visit.headers["Retry-After"]) > 0


async def test_no_line_of_the_log_says_who_it_was_or_what_was_said(
    site: Site, tanaka: control.User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    number = await made.add(
        "名簿", made.stored(made.question("q1", "text"), made.question("q2", "image"), made.question("q3", "mail"))
    )
    with caplog.at_level(logging.INFO), capture_logs() as logs:
        visit = await site.visit(tanaka, f"/f/{number}?from=himitsu-no-michi")
        secrets = [visit.id_token, visit.access_token, visit.cookie("visit"), visit.cookie("browser"), visit.token]
        _, handed = await visit.post(f"/f/{number}/uploads?q=q2", photos.photo(20, 20))
        for values in ({"q1": "himitsu-answer", "q3": "himitsu@"}, {"q1": "himitsu-answer", "q2": handed["token"]}):
            await visit.post(f"/f/{number}/answers", sent(visit, values))
        thief = await site.arrives(tanaka, "/here")
        for token in (visit.id_token, visit.id_token[:-9], "himitsu.himitsu.himitsu"):
            thief.id_token = token
            assert (await thief.log_in())[0] == 401
        await visit.post(f"/f/{number}/answers", b"himitsu{")
        await visit.get("/f/999999?himitsu=1")
    assert await count("submissions") == 1
    assert any(line["event"] == "visitor not proven" for line in logs)  # something was logged, and would be seen
    told = repr(logs) + caplog.text + "".join(capfd.readouterr())
    for secret in (*secrets, handed["token"], "himitsu", "花子", tanaka.id):
        assert secret not in told, secret

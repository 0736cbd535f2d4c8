"""Calls to LINE go out as LINE wants them, and every way they can end is told apart."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot import line
from jobs import ports
from jobs.ports import End
from tests.simulator.control import Channel

HELLO = orjson.dumps([{"type": "text", "text": "こんにちは😊"}])
KEY = UUID("123e4567-e89b-12d3-a456-426614174000")
SECRETIVE = "channel-token-nobody-may-see"
USER = "U" + "1" * 32
GROUP = "C" + "2" * 32

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Call = Callable[[line.Client], Awaitable[Any]]


class Wire:
    """LINE's end of the wire, played by hand: what came in, and what goes back."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.status, self.body, self.headers = 200, b"{}", {"x-line-request-id": "r-1"}

    async def answer(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((request.method, request.raw_path, headers, await request.read()))
        return web.Response(status=self.status, body=self.body, headers=self.headers)

    def says(self, status: int, message: str = "", **headers: str) -> None:
        self.status, self.body = status, orjson.dumps({"message": message})
        self.headers = {"x-line-request-id": "r-1"} | {name.replace("_", "-"): text for name, text in headers.items()}


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def client(channel: Channel, wire: Wire) -> AsyncIterator[line.Client]:
    """Of a channel of the simulator, whose webhooks arrive somewhere: their reply tokens live."""
    async with served(wire.answer) as url, line.Client(channel.api_url, channel.token) as client:
        await channel.set_webhook(f"{url}/line/webhook")
        yield client


@pytest.fixture
async def wired(wire: Wire) -> AsyncIterator[line.Client]:
    async with served(wire.answer) as url, line.Client(url, SECRETIVE) as client:
        yield client


@asynccontextmanager
async def raw(speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A server below HTTP."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await speak(reader, writer)
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


async def push(client: line.Client) -> ports.Outcome:
    return await client.push(USER, HELLO, KEY)


async def reply(client: line.Client) -> ports.Outcome:
    return await client.reply("t" * 32, HELLO)


async def multicast(client: line.Client) -> ports.Outcome:
    return await client.multicast([USER], HELLO, KEY)


SENDS = [push, reply, multicast]


async def test_it_is_what_the_verbs_ask_for(client: line.Client) -> None:
    port: ports.Line = client
    assert port is client


# The wire


async def test_it_sends_frozen_bytes_as_they_are(wire: Wire, wired: line.Client) -> None:
    odd = b'[ {"text":"\\u3042", "type" : "text"} ]'
    await wired.push(USER, odd, KEY)
    await wired.multicast([USER, "U2"], odd, KEY)
    await wired.reply("tok", odd)
    await wired.validate("push", odd)
    assert [(path, body) for _, path, _, body in wire.requests] == [
        ("/v2/bot/message/push", b'{"to":"' + USER.encode() + b'","messages":' + odd + b"}"),
        ("/v2/bot/message/multicast", b'{"to":["' + USER.encode() + b'","U2"],"messages":' + odd + b"}"),
        ("/v2/bot/message/reply", b'{"replyToken":"tok","messages":' + odd + b"}"),
        ("/v2/bot/message/validate/push", b'{"messages":' + odd + b"}"),
    ]
    assert all(headers["content-type"] == "application/json" for _, _, headers, _ in wire.requests)
    assert all(headers["authorization"] == f"Bearer {SECRETIVE}" for _, _, headers, _ in wire.requests)


async def test_it_sends_a_retry_key_with_pushes_and_multicasts_only(wire: Wire, wired: line.Client) -> None:
    await wired.push(USER, HELLO, KEY)
    await wired.multicast([USER], HELLO, KEY)
    assert [headers.pop("x-line-retry-key") for _, _, headers, _ in wire.requests] == [str(KEY)] * 2
    wire.requests.clear()
    await wired.reply("t", HELLO)
    await wired.validate("reply", HELLO)
    await wired.show_loading(USER, 20)
    await wired.leave_group(GROUP)
    await wired.bot_info()
    assert len(wire.requests) == 5
    assert not any("x-line-retry-key" in headers for _, _, headers, _ in wire.requests)


async def test_it_speaks_with_another_token_from_the_next_call_on(wire: Wire, wired: line.Client) -> None:
    await wired.bot_info()
    wired.use_token("another")
    await wired.bot_info()
    assert [headers["authorization"] for _, _, headers, _ in wire.requests] == [f"Bearer {SECRETIVE}", "Bearer another"]


@pytest.mark.parametrize("token", ["", "two words", "new\r\nline", "ｔ", "a\0"])
async def test_it_refuses_a_token_that_cannot_stand_in_a_header(wired: line.Client, token: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as refused:
        wired.use_token(token)
    assert not token or token not in str(refused.value)


async def test_it_keeps_one_connection_for_calls_after_one_another(wired: line.Client) -> None:
    ports_seen: set[int] = set()

    async def note(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports_seen.add(request.transport.get_extra_info("peername")[1])
        return web.json_response({})

    async with served(note) as url, line.Client(url, SECRETIVE) as client:
        for _ in range(5):
            await push(client)
    assert len(ports_seen) == 1


async def test_it_looks_at_no_proxy_and_no_netrc(
    wire: Wire, wired: line.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await push(wired)).end is End.ACCEPTED


async def test_it_carries_its_token_to_no_other_address(wire: Wire, wired: line.Client) -> None:
    other = Wire()
    async with served(other.answer) as url:
        wire.says(307, location=url)
        assert (await push(wired)).end is End.AMBIGUOUS
        with pytest.raises(ports.Later):
            await wired.bot_info()
    assert other.requests == []


# Every end of a send, with LINE


async def test_it_replies_pushes_and_multicasts(channel: Channel, client: line.Client) -> None:
    hanako = await channel.user("田中 花子")
    event = (await hanako.follow()).event
    assert event is not None
    replied = await client.reply(event["replyToken"], HELLO)
    pushed = await client.push(hanako.id, HELLO, uuid4())
    cast = await client.multicast([hanako.id], HELLO, uuid4())
    assert [one.end for one in (replied, pushed, cast)] == [End.ACCEPTED] * 3
    seen = await hanako.seen()
    assert [one.how for one in seen] == ["reply", "push", "multicast"]
    assert [one.text for one in seen] == ["こんにちは😊"] * 3
    assert [one.request_id for one in seen] == [one.request_id for one in (replied, pushed, cast)]
    assert (replied.sent_ids, pushed.sent_ids, cast.sent_ids) == ((seen[0].id,), (seen[1].id,), ())


async def test_it_takes_a_known_retry_key_for_accepted(channel: Channel, client: line.Client) -> None:
    hanako = await channel.user("田中 花子")
    await hanako.follow()
    first = await client.push(hanako.id, HELLO, KEY)
    again = await client.push(hanako.id, HELLO, KEY)
    assert (again.end, again.status) == (End.ACCEPTED, 409)
    assert again.request_id == first.request_id
    assert again.sent_ids == first.sent_ids
    assert len(await hanako.seen()) == 1


async def test_it_knows_a_reply_token_that_is_used_up(channel: Channel, client: line.Client) -> None:
    hanako = await channel.user("田中 花子")
    event = (await hanako.follow()).event
    assert event is not None
    assert (await client.reply(event["replyToken"], HELLO)).end is End.ACCEPTED
    again = await client.reply(event["replyToken"], HELLO)
    assert (again.end, again.status, again.detail) == (End.BAD_TOKEN, 400, "Invalid reply token")


async def test_it_tells_a_refused_message_from_a_refused_token(channel: Channel, client: line.Client) -> None:
    hanako = await channel.user("田中 花子")
    event = (await hanako.follow()).event
    assert event is not None
    refused = await client.reply(event["replyToken"], b'[{"type":"text","text":""}]')
    assert (refused.end, refused.status) == (End.REFUSED, 400)
    assert "messages[0].text" in refused.detail


async def test_it_asks_line_whether_messages_are_fit(client: line.Client) -> None:
    assert (await client.validate("multicast", HELLO)).end is End.ACCEPTED
    assert (await client.validate("multicast", b'[{"type":"text","text":""}]')).end is End.REFUSED


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("rate_limit", End.RATE),
        ("quota_limit", End.QUOTA),
        ("unauthorized", End.FORBIDDEN),
        ("forbidden", End.FORBIDDEN),
        ("bad_request", End.REFUSED),
        ("error_before", End.AMBIGUOUS),
        ("error_after", End.AMBIGUOUS),
        ("drop_after", End.AMBIGUOUS),
        ("reset", End.AMBIGUOUS),
    ],
)
async def test_it_knows_how_a_push_ended(channel: Channel, client: line.Client, fault: str, end: End) -> None:
    hanako = await channel.user("田中 花子")
    await hanako.follow()
    await channel.fault(fault, "push")
    assert (await client.push(hanako.id, HELLO, KEY)).end is end
    assert (await client.push(hanako.id, HELLO, KEY)).end is End.ACCEPTED
    assert len(await hanako.seen()) == 1


# Every end of a send, by hand


@pytest.mark.parametrize("send", SENDS)
@pytest.mark.parametrize(
    ("status", "message", "end"),
    [
        (200, "", End.ACCEPTED),
        (202, "", End.ACCEPTED),
        (400, "The request body has 1 error(s)", End.REFUSED),
        (401, "Authentication failed", End.FORBIDDEN),
        (403, "Access to this API is not available for your account", End.FORBIDDEN),
        (404, "Not found", End.REFUSED),
        (408, "", End.AMBIGUOUS),
        (410, "", End.REFUSED),
        (413, "", End.REFUSED),
        (415, "", End.REFUSED),
        (429, "The API rate limit has been exceeded. Try again later.", End.RATE),
        (429, "You have reached your monthly limit.", End.QUOTA),
        (429, "Too many messages to one user", End.BUSY),
        (429, "", End.BUSY),
        (302, "", End.AMBIGUOUS),
        (500, "", End.AMBIGUOUS),
        (503, "", End.AMBIGUOUS),
    ],
)
async def test_it_tells_the_statuses_apart(
    wire: Wire, wired: line.Client, send: Call, status: int, message: str, end: End
) -> None:
    wire.says(status, message)
    outcome = await send(wired)
    assert (outcome.end, outcome.status, outcome.request_id, outcome.detail) == (end, status, "r-1", message)


async def test_it_trusts_no_409_where_no_key_was_sent(wire: Wire, wired: line.Client) -> None:
    wire.says(409, "The retry key is already accepted", x_line_accepted_request_id="r-0")
    assert (await push(wired)).request_id == "r-0"
    assert (await reply(wired)).end is End.AMBIGUOUS


async def test_it_takes_invalid_reply_token_for_itself_only_in_a_reply(wire: Wire, wired: line.Client) -> None:
    wire.says(400, "Invalid reply token")
    assert (await reply(wired)).end is End.BAD_TOKEN
    assert (await push(wired)).end is End.REFUSED


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"sentMessages":5}', b'{"sentMessages":[5,{"id":[]}]}'])
async def test_it_lets_a_strange_body_change_no_end(wire: Wire, wired: line.Client, body: bytes) -> None:
    wire.body = body
    assert await push(wired) == ports.Outcome(End.ACCEPTED, 200, "r-1")
    wire.status = 502
    assert await push(wired) == ports.Outcome(End.AMBIGUOUS, 502, "r-1")


async def test_it_takes_message_ids_as_numbers_too(wire: Wire, wired: line.Client) -> None:
    wire.body = b'{"sentMessages":[{"id":461230966842064897},{"id":"7"}]}'
    assert (await push(wired)).sent_ids == ("461230966842064897", "7")


async def test_it_cuts_short_what_line_says_and_never_repeats_its_token(wire: Wire, wired: line.Client) -> None:
    wire.says(400, "x" * 1000)
    assert len((await push(wired)).detail) == line.DETAIL_LENGTH
    wire.says(400, f"Bearer {SECRETIVE} is no good")
    assert (await push(wired)).detail == ""


@pytest.mark.parametrize("send", SENDS)
async def test_it_knows_that_nothing_left_when_nobody_listens(send: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused for certain, and nobody else gets the port
        async with line.Client(f"http://127.0.0.1:{taken.getsockname()[1]}", SECRETIVE) as client:
            outcome = await send(client)
    assert (outcome.end, outcome.status) == (End.UNSENT, None)


async def test_it_knows_that_nothing_left_when_the_name_is_unknown() -> None:
    async with line.Client("http://line.invalid", SECRETIVE) as client:
        assert (await push(client)).end is End.UNSENT


async def test_it_knows_that_nothing_left_when_tls_fails(wire: Wire) -> None:
    async with served(wire.answer) as url, line.Client(url.replace("http:", "https:"), SECRETIVE) as client:
        assert (await push(client)).end is End.UNSENT
    assert wire.requests == []


async def test_it_knows_that_nothing_left_while_waiting_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "TIMEOUT", aiohttp.ClientTimeout(total=10, connect=0.2))
    came, go = asyncio.Event(), asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        came.set()
        await go.wait()
        return web.json_response({})

    async with served(hold) as url, line.Client(url, SECRETIVE, connections=1) as client:
        first = asyncio.create_task(push(client))
        await came.wait()
        assert (await push(client)).end is End.UNSENT
        go.set()
        assert (await first).end is End.ACCEPTED


async def test_it_does_not_know_when_no_answer_comes_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "TIMEOUT", aiohttp.ClientTimeout(total=0.3, connect=3))
    go = asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        await go.wait()
        return web.json_response({})

    async with served(hold) as url, line.Client(url, SECRETIVE) as client:
        outcome = await push(client)
        go.set()
    assert (outcome.end, outcome.status) == (End.AMBIGUOUS, None)


@pytest.mark.parametrize("send", SENDS)
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200", b"no HTTP at all\r\n\r\n"])
async def test_it_does_not_know_when_the_line_is_cut(send: Call, said: bytes) -> None:
    connections = 0

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.write(said)

    async with raw(cut) as url, line.Client(url, SECRETIVE) as client:
        outcome = await send(client)
    assert (outcome.end, outcome.status) == (End.AMBIGUOUS, None)
    assert connections == 1  # nothing below us sends a second time


@pytest.mark.parametrize(
    ("status", "end"),
    [(200, End.ACCEPTED), (409, End.ACCEPTED), (400, End.AMBIGUOUS), (401, End.FORBIDDEN), (429, End.BUSY)],
)
async def test_it_goes_by_the_status_when_the_body_breaks_off(status: int, end: End) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 500\r\nx-line-request-id: r\r\n\r\n{{".encode())
        await writer.drain()

    async with raw(cut) as url, line.Client(url, SECRETIVE) as client:
        outcome = await push(client)
    assert (outcome.end, outcome.status, outcome.request_id) == (end, status, "r")


async def test_it_reads_no_endless_body(wire: Wire, wired: line.Client) -> None:
    wire.body = b"x" * (line.LARGEST_ANSWER + 1)
    assert (await push(wired)).end is End.ACCEPTED
    wire.status = 400
    assert (await push(wired)).end is End.AMBIGUOUS


# Questions


async def test_it_asks_for_profiles_names_and_counts(channel: Channel, client: line.Client) -> None:
    hanako, taro = await channel.user("田中 花子"), await channel.user("山田 太郎")
    await hanako.change(picture_url="https://example.com/h.png", language="ja")
    await hanako.follow()
    group = await channel.group("管理グループ", [taro])
    await group.invite_bot()
    assert await client.profile(hanako.id) == ports.Profile(hanako.id, "田中 花子", "https://example.com/h.png", "ja")
    assert await client.group_name(group.id) == "管理グループ"
    assert (await client.member(group.id, taro.id)).name == "山田 太郎"
    assert await client.member_count(group.id) == 1
    await client.leave_group(group.id)
    assert (await group.about())["bot_in"] is False
    assert (await client.bot_info())["userId"] == channel.bot_user_id
    await client.show_loading(hanako.id, 7)
    (call,) = await channel.calls("loading")
    assert call["status"] == 202


async def test_it_leaves_rooms_and_groups_where_line_wants_it(wire: Wire, wired: line.Client) -> None:
    await wired.leave_group(GROUP)
    await wired.leave_group("R" + "3" * 32)
    assert [path for _, path, _, _ in wire.requests] == [
        f"/v2/bot/group/{GROUP}/leave",
        f"/v2/bot/room/R{'3' * 32}/leave",
    ]


async def test_it_takes_from_a_profile_only_what_can_be_stored(wire: Wire, wired: line.Client) -> None:
    name = "山田\0\n\u202e取消 " + "あ" * 999
    hostile = {"displayName": name, "pictureUrl": "https://x/\0", "language": "x-" + "y" * 99}
    wire.body = orjson.dumps(hostile)
    profile = await wired.profile(USER)
    assert profile.name.startswith("山田 取消 あ")
    assert len(profile.name) == line.NAME_LENGTH
    assert (profile.picture_url, profile.language) == (None, None)


async def test_it_asks_for_the_quota_and_what_is_used_of_it(channel: Channel, client: line.Client) -> None:
    hanako = await channel.user("田中 花子")
    await hanako.follow()
    assert await client.quota() is None
    await channel.change(quota=200)
    await client.push(hanako.id, HELLO, KEY)
    assert (await client.quota(), await client.consumption()) == (200, 1)


async def test_it_says_never_of_what_line_does_not_know(client: line.Client) -> None:
    for question in (client.profile(USER), client.group_name(GROUP), client.member(GROUP, USER)):
        with pytest.raises(ports.Never):
            await question


@pytest.mark.parametrize("id", ["../bot/info", "U1?x=1", "U1/../..", "", "Ｕ", "U\0"])
async def test_it_asks_for_nothing_but_an_id(wire: Wire, wired: line.Client, id: str) -> None:
    for question in (wired.profile(id), wired.group_name(id), wired.member(GROUP, id), wired.leave_group(id)):
        with pytest.raises(ports.Never):
            await question
    assert wire.requests == []


@pytest.mark.parametrize("status", [401, 408, 429, 500, 503])
async def test_it_says_later_of_what_line_cannot_answer_now(wire: Wire, wired: line.Client, status: int) -> None:
    wire.says(status, "not now")
    with pytest.raises(ports.Later, match=f"{status} not now"):
        await wired.profile(USER)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"displayName":5,"value":true,"totalUsage":"7"}'])
async def test_it_says_later_of_an_answer_it_cannot_read(wire: Wire, wired: line.Client, body: bytes) -> None:
    wire.body = body
    for question in (wired.profile(USER), wired.quota(), wired.consumption()):
        with pytest.raises(ports.Later):
            await question


async def test_it_names_no_person_and_no_token_when_it_fails(wire: Wire) -> None:
    async with served(wire.answer) as url, line.Client(url, SECRETIVE) as client:
        wire.says(404, "Not found")
        with pytest.raises(ports.Never) as told:
            await client.profile(USER)
        shown = "".join(traceback.format_exception(told.value))
    with pytest.raises(ports.Later) as unheard:
        async with line.Client("http://line.invalid", SECRETIVE) as client:
            await client.profile(USER)
    shown += "".join(traceback.format_exception(unheard.value))
    assert USER not in shown
    assert SECRETIVE not in shown


@pytest.mark.parametrize(("asked", "shown"), [(1, 5), (5, 5), (6, 10), (59, 60), (600, 60)])
async def test_it_shows_loading_for_a_span_line_knows(wire: Wire, wired: line.Client, asked: int, shown: int) -> None:
    await wired.show_loading(USER, asked)
    assert orjson.loads(wire.requests[0][3]) == {"chatId": USER, "loadingSeconds": shown}

"""LINE's own description: unchanged, understood, covering every call of the simulator, and able to find fault."""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from aiohttp import web

from tests.simulator import server
from tests.simulator.channel import Platform
from tests.simulator.control import Channel, Simulator, User
from tests.simulator.webhooks import events
from tests.simulator_checks.bots import Line, text
from tests.simulator_checks.contract import operations, overlay, process, walker
from tests.simulator_checks.contract.calls import Answer, Call, Contract, place
from tests.simulator_checks.contract.shapes import Document, Raw, Shape
from tests.simulator_checks.contract.witness import WatchedPostman, Witness

PUSH = "/v2/bot/message/push"
USER = "U" + "0" * 32
REQUEST_ID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def test_it_keeps_lines_files_as_they_are() -> None:
    lines = (operations.OFFICIAL / "SHA256SUMS").read_text().splitlines()
    told = {name: digest for digest, name in map(str.split, lines)}
    files = [*operations.OFFICIAL.glob("*.yml"), operations.OFFICIAL / "LICENSE"]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == told


def test_it_reads_every_schema_of_lines_files(contract: Contract) -> None:
    """Each schema is resolved to its last leaf: a reference or a kind that does not exist would be an error here."""
    seen: set[int] = set()

    def look_into(shape: Shape) -> None:
        if id(shape) in seen:
            return
        seen.add(id(shape))
        inner = [*shape.properties.values(), *shape.kinds.values(), *shape.choices, shape.items, shape.others]
        for one in inner:
            if one is not None:
                look_into(one)

    named = 0
    for document in contract.documents.values():
        for name in document.raw["components"].get("schemas", {}):
            look_into(document.shape({"$ref": f"#/components/schemas/{name}"}))
            named += 1
    assert named > 330
    assert len(seen) > named


def test_it_needs_every_correction(contract: Contract) -> None:
    """A correction that LINE has made meanwhile is taken off the list."""
    for correction in overlay.CORRECTIONS:
        raw: Any = operations.parsed(operations.OFFICIAL / f"{correction.document}.yml").raw
        for key in correction.pointer:
            raw = raw.get(key, {})
        assert raw != correction.value, correction.pointer


def examples(document: Document) -> Iterator[tuple[Shape, Any]]:
    for path, item in document.raw["paths"].items():
        for method, raw in item.items():
            if method in operations.METHODS:
                for content in contents(raw):
                    given = [one["value"] for one in content.get("examples", {}).values()]
                    for value in [*given, *([content["example"]] if "example" in content else [])]:
                        yield document.shape(content["schema"]), (path, value)


def contents(raw: Raw) -> Iterator[Raw]:
    for side in (raw.get("requestBody", {}), *raw["responses"].values()):
        yield from side.get("content", {}).values()


def test_it_finds_no_fault_with_lines_own_examples(contract: Contract) -> None:
    """Except with two that are older than their schema."""
    looked = 0
    wrong = set()
    for document in contract.documents.values():
        for shape, (path, value) in examples(document):
            looked += 1
            wrong |= {(path, str(problem)) for problem in walker.walk(shape, value)}
    assert looked > 40
    audience = "/v2/bot/audienceGroup"
    old = "jobs[0].status is not declared in AudienceGroupJob"
    assert wrong == {(f"{audience}/{{audienceGroupId}}", old), (f"{audience}/shared/{{audienceGroupId}}", old)}


# --- the walker finds fault ---------------------------------------------------------------------------------


def event(**fields: Any) -> Raw:
    message = {"type": "text", "id": "1", "text": "こんにちは", "quoteToken": "q"}
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_780_000_000_000,
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": USER},
        "replyToken": "r",
        "message": message,
    } | fields


BAD_EVENTS = {
    "missing below a kind": (
        {"message": {"type": "text", "id": "1", "text": "a"}},
        "events[0].message.quoteToken is missing",
    ),
    "missing in a base": ({"mode": None}, "events[0].mode is null"),
    "unknown kind": ({"type": "wave"}, "events[0] has a type that Event does not know"),
    "unknown kind below": ({"source": {"type": "planet"}}, "events[0].source has a type that Source does not know"),
    "no such value": ({"mode": "asleep"}, "events[0].mode is none of active, standby"),
    "undeclared": ({"mood": 1}, "events[0].mood is not declared in MessageEvent"),
    "undeclared for its kind": ({"postback": {"data": "a"}}, "events[0].postback is not declared in MessageEvent"),
    "another type": ({"timestamp": "now"}, "events[0].timestamp is no integer"),
    "true for a number": ({"timestamp": True}, "events[0].timestamp is no integer"),
    "too big": ({"timestamp": 2**63}, f"events[0].timestamp has {2**63} as an int64, not {-(2**63)} to {2**63 - 1}"),
}


@pytest.mark.parametrize(("fields", "told"), [pytest.param(*one, id=name) for name, one in BAD_EVENTS.items()])
def test_it_finds_what_is_wrong_with_an_event(contract: Contract, fields: Raw, told: str) -> None:
    good = {"destination": USER, "events": [event()]}
    assert contract.webhook(good) == []
    assert [str(one) for one in contract.webhook({**good, "events": [event(**fields)]})] == [told]


def test_it_finds_a_destination_that_is_no_users(contract: Contract) -> None:
    found = [str(one) for one in contract.webhook({"destination": "C" + "0" * 32, "events": []})]
    assert found == ["destination does not match ^U[0-9a-f]{32}$"]


SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
REFUSED = b'{"message":"The request body has 1 error(s)"}'


def pushed(body: Any, *, status: int = 200, answer: bytes = SENT, key: str = "") -> tuple[Call, Answer]:
    """A push and its answer as they came over the wire."""
    given = {"Content-Type": "application/json"} | ({"X-Line-Retry-Key": key} if key else {})
    back = {"content-type": "application/json", "x-line-request-id": REQUEST_ID}
    return Call("POST", PUSH, {}, {}, given, orjson.dumps(body)), Answer(status, back, answer)


def button(**fields: Any) -> Raw:
    action = {"type": "postback", "label": "はい", "data": "a=1", **fields}
    return {"type": "template", "altText": "a", "template": {"type": "buttons", "text": "a", "actions": [action]}}


BAD_PUSHES = {
    "no recipient": ({"messages": [text()]}, "request.to is missing"),
    "no messages": ({"to": USER, "messages": []}, "request.messages has 0 items, not 1 to 5"),
    "six messages": ({"to": USER, "messages": [text()] * 6}, "request.messages has 6 items, not 1 to 5"),
    "unknown message": (
        {"to": USER, "messages": [{"type": "dance"}]},
        "request.messages[0] has a type that Message does not know",
    ),
    "too long within a template within a message": (
        {"to": USER, "messages": [button(data="x" * 301)]},
        "request.messages[0].template.actions[0].data has 301 characters, not 0 to 300",
    ),
    "no such option": (
        {"to": USER, "messages": [button(inputOption="openDoor")]},
        "request.messages[0].template.actions[0].inputOption is none of"
        " closeRichMenu, openRichMenu, openKeyboard, openVoice",
    ),
}


@pytest.mark.parametrize(("body", "told"), [pytest.param(*one, id=name) for name, one in BAD_PUSHES.items()])
def test_it_finds_what_should_not_have_been_accepted(contract: Contract, body: Raw, told: str) -> None:
    assert [str(one) for one in contract.call(*pushed(body)).violations] == [told]
    assert contract.call(*pushed(body, status=400, answer=REFUSED)).violations == []


def test_it_remarks_on_properties_of_a_request_that_line_does_not_declare(contract: Contract) -> None:
    found = contract.call(*pushed({"to": USER, "messages": [{**text(), "mood": 1}], "too": USER}))
    assert found.violations == []
    assert [one.at for one in found.remarks] == ["request.messages[0].mood", "request.too"]


BAD_ANSWERS = {
    "an undeclared property": (200, b'{"sentMessages":[{"id":"1","color":1}]}', "answer.sentMessages[0].color"),
    "a number for an id": (200, b'{"sentMessages":[{"id":1}]}', "answer.sentMessages[0].id"),
    "a missing property": (200, b"{}", "answer.sentMessages"),
    "another success": (202, b"{}", "answer"),
    "no JSON": (200, b"ok", "answer"),
    "a refusal without words": (400, b"{}", "answer.message"),
    "an undeclared refusal without words": (418, b"{}", "answer.message"),
    "a conflict without the first request": (409, b'{"message":"a"}', "header x-line-accepted-request-id"),
}


@pytest.mark.parametrize(("status", "body", "at"), [pytest.param(*one, id=name) for name, one in BAD_ANSWERS.items()])
def test_it_finds_what_should_not_have_been_answered(contract: Contract, status: int, body: bytes, at: str) -> None:
    good = {"to": USER, "messages": [text()]}
    assert contract.call(*pushed(good)).violations == []
    assert [one.at for one in contract.call(*pushed(good, status=status, answer=body)).violations] == [at]


def test_it_looks_at_headers_paths_queries_and_forms(contract: Contract) -> None:
    given = {"to": USER, "messages": [text()]}
    found = contract.call(*pushed(given, key="again"))
    assert [str(one) for one in found.violations] == ["header X-Line-Retry-Key is no uuid"]

    route = "/v2/bot/followers/ids"
    back = {"content-type": "application/json", "x-line-request-id": REQUEST_ID}
    answer = Answer(200, back, b'{"userIds":[]}')
    asked = Call("GET", route, {}, {"limit": ["1001"], "page": ["2"]}, {}, b"")
    found = contract.call(asked, answer)
    assert [str(one) for one in found.violations] == ["query limit has 1001 as a value, not None to 1000"]
    assert [str(one) for one in found.remarks] == ["?page is not declared"]

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    call = Call("POST", "/oauth2/v3/token", {}, {}, form, b"grant_type=client_credentials&client_id=1")
    issued = Answer(200, back, b'{"token_type":"Bearer","access_token":"t","expires_in":900}')
    assert [one.at for one in contract.call(call, issued).violations] == ["request"]


def test_it_lets_two_uses_of_one_address_each_have_their_own_answer(contract: Contract) -> None:
    """POST /oauth2/v2.1/token: channel tokens by assertion, and LINE Login by code."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    raw = b"grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.example&client_id=1&client_secret=s"
    call = Call("POST", "/oauth2/v2.1/token", {}, {}, form, raw)
    back = {"content-type": "application/json"}
    of_login = b'{"access_token":"a","expires_in":1,"scope":"openid","token_type":"Bearer","id_token":"a.b.c"}'
    of_channel = b'{"access_token":"a","expires_in":1,"token_type":"Bearer","key_id":"k"}'
    assert contract.call(call, Answer(200, back, of_login)).violations == []
    assert contract.call(call, Answer(200, back, of_channel)).violations != []


# --- the simulator under watch ------------------------------------------------------------------------------


class Watched:
    """An application with one channel, and a LINE that answers a push as it is told."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.channel = self.platform.open()
        self.witness = Witness(self.platform)
        self.app = web.Application()
        self.body = b"{}"
        self.app.router.add_post(PUSH, self.push)
        self.app.router.add_get("/v2/bot/nonsense", self.push)
        self.witness.attend(self.app)
        self.witness.answer_in(self.app)

    async def push(self, request: web.Request) -> web.Response:
        headers = {"x-line-request-id": REQUEST_ID}
        return web.Response(body=self.body, content_type="application/json", headers=headers)


async def test_it_tells_once_of_what_was_wrong(aiohttp_client: Any) -> None:
    line = Watched()
    client = await aiohttp_client(line.app)
    line.body = b'{"mood":"good",' + SENT[1:]
    await client.post(PUSH, json={"to": USER, "messages": [text()]})
    await client.get("/v2/bot/nonsense")
    told = await (await client.get("/sim/violations")).json()
    assert told["violations"] == [
        f"POST {PUSH} (200): answer.mood is not declared in PushMessageResponse",
        "GET /v2/bot/nonsense (200): the whole is no call that LINE describes",
    ]
    assert (await (await client.get("/sim/violations")).json())["violations"] == []


async def test_it_looks_away_where_a_channel_is_told_not_to_check(aiohttp_client: Any) -> None:
    line = Watched()
    line.body = SENT
    client = await aiohttp_client(line.app)
    headers = {"Authorization": f"Bearer {line.channel.token}"}
    line.channel.settings.check_messages = False
    await client.post(PUSH, json={"messages": "?"}, headers=headers)
    assert line.witness.violations == []
    line.body = b"{}"
    await client.post(PUSH, json={"messages": "?"}, headers=headers)
    assert line.witness.violations == [f"POST {PUSH} (200): answer.sentMessages is missing"]
    line.channel.settings.load = True
    await client.post(PUSH, json={"messages": "?"}, headers=headers)
    assert len(line.witness.violations) == 1


async def test_it_looks_at_every_webhook_that_leaves() -> None:
    line = Watched()
    postman = WatchedPostman(line.witness)
    person = line.channel.add_person("田中 花子")
    good = events.follow(line.channel, person, unblocked=False)
    await postman.send(line.channel, [good])
    assert line.witness.violations == []
    await postman.send(line.channel, [good, {**good, "referrer": "qr"}])
    assert line.witness.violations == ["webhook (follow, follow): events[1].referrer is not declared in FollowEvent"]
    await postman.close()


async def test_the_simulator_of_these_tests_is_watched(
    simulator: Simulator, channel: Channel, line: Line, tanaka: User
) -> None:
    assert (await line.push(tanaka.id, {**text(), "mood": 1})).status == 200
    with pytest.raises(AssertionError, match=r"messages\[0\]\.mood is not declared in TextMessage"):
        await process.ask(simulator, remarks=True)


async def test_a_violation_that_nobody_read_ends_the_simulator_with_3() -> None:
    one = process.start()
    async with Simulator(one.base_url) as simulator:
        channel = await simulator.new_channel(webhook="http://127.0.0.1:1/")
        tanaka = await channel.user("田中 花子")
        await tanaka.sends("location", latitude="north", longitude=1.0)
    assert one.stop() == 3


# --- coverage -----------------------------------------------------------------------------------------------


def played() -> dict[str, operations.Place]:
    """Every route of the simulator that stands for a call of LINE's."""
    app = server.parts(Platform()).app
    found = {}
    for route in app.router.routes():
        resource = route.resource
        if resource is None or resource.canonical.startswith(tuple(overlay.UNDESCRIBED)):
            continue
        if route.method not in ("*", "HEAD", "OPTIONS"):
            found[f"{route.method} {resource.canonical}"] = place(route.method, resource.canonical)
    return found


def test_it_plays_nothing_that_line_does_not_describe(contract: Contract) -> None:
    assert [name for name, where in played().items() if where not in contract.operations] == []


def test_it_excuses_no_place_that_is_not_there() -> None:
    resources = [route.resource.canonical for route in server.parts(Platform()).app.router.routes() if route.resource]
    unused = [start for start in overlay.UNDESCRIBED if not any(one.startswith(start) for one in resources)]
    assert unused == []


def test_it_plays_every_call_that_line_describes(contract: Contract) -> None:
    assert {
        f"{method} {host}{path}" for host, method, path in contract.operations.keys() - set(played().values())
    } == set()

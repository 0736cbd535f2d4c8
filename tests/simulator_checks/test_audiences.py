"""Audiences: their numbers, their states by the clock, and how they are found again."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.bots import Line, Reply, text

HERE = "/v2/bot/audienceGroup"
FILE = f"/data{HERE}/upload/byFile"
SITE = "https://example.com/shop"
BUTTONS = {
    "type": "template",
    "altText": "店",
    "template": {"type": "buttons", "text": "店", "actions": [{"type": "uri", "label": "見る", "uri": SITE}]},
}


async def create(line: Line, ids: Sequence[str] = (), name: str | None = None, **more: Any) -> Reply:
    body = {"description": name or f"対象 {uuid4()}", "audiences": [{"id": one} for one in ids], **more}
    return await line.post(f"{HERE}/upload", body)


async def made(line: Line, ids: Sequence[str] = (), name: str | None = None) -> int:
    answer = await create(line, ids, name)
    assert answer.status == 202
    return int(answer.body["audienceGroupId"])


async def about(line: Line, audience: int) -> Any:
    answer = await line.get(f"{HERE}/{audience}")
    assert answer.status == 200
    return answer.body


def code(answer: Reply) -> str:
    return str(answer.body["details"][0]["message"])


def nobodies(count: int) -> list[str]:
    return [f"U{number:032x}" for number in range(count)]


async def upload(line: Line, method: str, file: bytes, content_type: str = "text/plain", **fields: str) -> Reply:
    """The ids in a file, to the host for files."""
    form = aiohttp.FormData(fields)
    form.add_field("file", io.BytesIO(file), filename="ids.txt", content_type=content_type)
    headers = {"Authorization": f"Bearer {line.channel.token}"}
    url = line.channel.api_url + FILE
    async with line.session.request(method, url, data=form, headers=headers) as answer:
        raw = await answer.read()
        return Reply(answer.status, orjson.loads(raw), {}, raw)


async def test_it_makes_an_audience_ready_in_a_while(channel: Channel, line: Line) -> None:
    """202; IN_PROGRESS, then READY; kept for 180 days [R#create-upload-audience-group]"""
    ids = await channel.crowd(3)
    answer = await create(line, ids, "常連", uploadDescription="一回目")
    now = int((await channel.now()).timestamp())
    body = answer.body
    assert answer.status == 202
    assert abs(body["created"] - now) <= 5
    assert body["expireTimestamp"] - body["created"] == 180 * 86_400
    assert {key: body[key] for key in ("createRoute", "type", "description", "permission", "isIfaAudience")} == {
        "createRoute": "MESSAGING_API",
        "type": "UPLOAD",
        "description": "常連",
        "permission": "READ_WRITE",
        "isIfaAudience": False,
    }
    audience = int(body["audienceGroupId"])
    shown = await about(line, audience)
    assert (shown["audienceGroup"]["status"], shown["audienceGroup"]["audienceCount"]) == ("IN_PROGRESS", 0)
    [job] = shown["jobs"]
    assert (job["jobStatus"], job["description"], job["type"]) == ("QUEUED", "一回目", "DIFF_ADD")
    await channel.advance(seconds=31)
    assert (await about(line, audience))["jobs"][0]["jobStatus"] == "WORKING"
    await channel.advance(seconds=30)
    shown = await about(line, audience)
    assert (shown["audienceGroup"]["status"], shown["audienceGroup"]["audienceCount"]) == ("READY", 3)
    assert (shown["jobs"][0]["jobStatus"], shown["jobs"][0]["audienceCount"]) == ("FINISHED", 3)


@pytest.mark.parametrize(("days", "status"), [(179.9, "READY"), (180, "EXPIRED")])
async def test_it_keeps_an_audience_for_180_days(channel: Channel, line: Line, days: float, status: str) -> None:
    """retention 180 days [R#manage-audience-group]"""
    ids = await channel.crowd(1)
    audience = await made(line, ids)
    await channel.advance(days=days)
    assert (await about(line, audience))["audienceGroup"]["status"] == status
    answer = await line.put(f"{HERE}/upload", {"audienceGroupId": audience, "audiences": [{"id": ids[0]}]})
    assert answer.status == (202 if status == "READY" else 400)


async def test_it_leaves_an_empty_audience_in_progress(channel: Channel, line: Line) -> None:
    """[R#manage-audience-group]"""
    audience = await made(line)
    await channel.advance(days=1)
    assert (await about(line, audience))["audienceGroup"]["status"] == "IN_PROGRESS"
    assert (await about(line, audience))["jobs"] == []


async def test_it_adds_ids_to_an_audience(channel: Channel, line: Line) -> None:
    """the audience stays READY, the job tells how far it is [R#update-upload-audience-group]"""
    ids = await channel.crowd(5)
    audience = await made(line, ids[:2])
    await channel.advance(minutes=1)
    body = {"audienceGroupId": audience, "audiences": [{"id": one} for one in ids[1:]], "uploadDescription": "追加"}
    answer = await line.put(f"{HERE}/upload", body)
    assert (answer.status, answer.body) == (202, {})
    shown = await about(line, audience)
    assert (shown["audienceGroup"]["status"], shown["audienceGroup"]["audienceCount"]) == ("READY", 2)
    assert shown["jobs"][-1]["jobStatus"] == "QUEUED"
    await channel.advance(minutes=1)
    assert (await about(line, audience))["audienceGroup"]["audienceCount"] == 5


async def test_it_can_fail_to_make_an_audience(channel: Channel, line: Line) -> None:
    """FAILED [R#get-audience-group]: a knob"""
    ids = await channel.crowd(1)
    await channel.change(audience_jobs_fail=True)
    audience = await made(line, ids)
    await channel.advance(minutes=1)
    shown = await about(line, audience)
    assert (shown["audienceGroup"]["status"], shown["audienceGroup"]["failedType"]) == ("FAILED", "INTERNAL_ERROR")
    assert shown["jobs"][0]["jobStatus"] == "FAILED"


async def test_it_drops_who_has_not_accepted_the_privacy_policy(channel: Channel, line: Line) -> None:
    """silently [section 6]; ids of nobody too"""
    ids = await channel.crowd(2)
    shy = await channel.crowd(1, prefix="内気", profile={"consents": False})
    audience = await made(line, [*ids, *shy, *nobodies(1)])
    await channel.advance(minutes=1)
    assert (await about(line, audience))["audienceGroup"]["audienceCount"] == 2


@pytest.mark.parametrize(("count", "status"), [(10_000, 202), (10_001, 400)])
async def test_it_takes_10000_ids_in_a_request(line: Line, count: int, status: int) -> None:
    """upload JSON <= 10,000 IDs per request [R#create-upload-audience-group]"""
    ids = nobodies(count)
    assert (await create(line, ids)).status == status
    audience = await made(line)
    body = {"audienceGroupId": audience, "audiences": [{"id": one} for one in ids]}
    assert (await line.put(f"{HERE}/upload", body)).status == status


@pytest.mark.parametrize(("count", "status"), [(1_500_000, 202), (1_500_001, 400)])
async def test_it_takes_1500000_ids_in_a_file(line: Line, count: int, status: int) -> None:
    """file <= 1,500,000, one per line, text/plain, on the host for files [R#create-upload-audience-group-by-file]"""
    file = b"\n".join(b"U%032x" % (number % 1000) for number in range(count))
    answer = await upload(line, "POST", file, description="大勢")
    assert answer.status == status


async def test_it_takes_ids_by_file(channel: Channel, line: Line) -> None:
    """create and add by file [R#update-upload-audience-group-by-file]"""
    ids = await channel.crowd(4)
    answer = await upload(line, "POST", "\r\n".join(ids[:2]).encode(), description="ファイル", uploadDescription="a")
    assert answer.status == 202
    audience = answer.body["audienceGroupId"]
    added = await upload(line, "PUT", "\n".join(ids[2:]).encode() + b"\n", audienceGroupId=str(audience))
    assert (added.status, added.body) == (202, {})
    await channel.advance(minutes=1)
    shown = await about(line, audience)
    assert shown["audienceGroup"]["audienceCount"] == 4
    assert [job["description"] for job in shown["jobs"]] == ["a", ""]
    assert (await upload(line, "POST", b"U1", description="だめ")).status == 400
    assert (await upload(line, "POST", ids[0].encode(), "text/csv", description="だめ")).status == 400
    assert (await line.post(FILE, {"description": "JSON"})).status == 415
    assert (await line.post(f"{HERE}/upload/byFile", {"description": "JSON"})).status in (404, 405)


@pytest.mark.parametrize("wrong", ["", "U1", "U" + "G" * 32, "u" + "0" * 32, "C" + "0" * 32])
async def test_it_refuses_the_whole_request_for_one_wrong_id(line: Line, tanaka: User, wrong: str) -> None:
    """400 UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT [R#create-upload-audience-group]"""
    answer = await create(line, [tanaka.id, wrong])
    assert (answer.status, code(answer)) == (400, "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT")
    assert (await line.get(f"{HERE}/list?page=1")).body["totalCount"] == 0


@pytest.mark.parametrize(("length", "status"), [(0, 400), (1, 202), (120, 202), (121, 400)])
async def test_it_names_an_audience_in_120_characters(line: Line, length: int, status: int) -> None:
    """name <= 120 [R#create-upload-audience-group]"""
    assert (await line.post(f"{HERE}/upload", {"description": "あ" * length})).status == status
    audience = await made(line)
    answer = await line.put(f"{HERE}/{audience}/updateDescription", {"description": "い" * length})
    assert answer.status == (200 if status == 202 else 400)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"description": " "}, "AUDIENCE_GROUP_NAME_EMPTY"),
        ({"description": "a" * 121}, "AUDIENCE_GROUP_NAME_SIZE_OVER"),
        ({"description": "a\nb"}, "AUDIENCE_GROUP_NAME_WRONG"),
        ({"description": "a", "uploadDescription": "b" * 301}, "AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER"),
    ],
)
async def test_it_says_what_is_wrong_by_lines_own_codes(line: Line, fields: dict[str, Any], said: str) -> None:
    """details[].message [R#manage-audience-group]"""
    answer = await line.post(f"{HERE}/upload", fields)
    assert (answer.status, code(answer)) == (400, said)


@pytest.mark.parametrize(("length", "status"), [(300, 202), (301, 400)])
async def test_it_describes_an_upload_in_300_characters(line: Line, length: int, status: int) -> None:
    """uploadDescription <= 300 [R#create-upload-audience-group]"""
    assert (await create(line, uploadDescription="あ" * length)).status == status


async def test_it_knows_names_apart_but_not_by_case(line: Line) -> None:
    """case-insensitively unique [R#create-upload-audience-group]"""
    first, second = await made(line, name="Campaign"), await made(line, name="Other")
    assert (await create(line, name="CAMPAIGN")).status == 400
    assert (await line.put(f"{HERE}/{second}/updateDescription", {"description": "campaign"})).status == 400
    answer = await line.put(f"{HERE}/{first}/updateDescription", {"description": "CAMPAIGN"})
    assert (answer.status, answer.body) == (200, {})
    assert (await about(line, first))["audienceGroup"]["description"] == "CAMPAIGN"


async def test_it_keeps_a_thousand_audiences(channel: Channel, line: Line) -> None:
    """<= 1,000 per channel [R#manage-audience-group]"""
    await channel.change(rate_scale=None)
    audience = 0
    for number in range(1_000):
        audience = await made(line, name=f"a{number}")
    assert (await create(line, name="one more")).status == 400
    assert (await line.delete(f"{HERE}/{audience}")).status == 202
    assert (await create(line, name="one more")).status == 202


async def test_it_works_on_ten_uploads_to_an_audience_at_once(channel: Channel, line: Line) -> None:
    """max 10 concurrent operations per audienceGroupId => 429 [3.4]"""
    ids = await channel.crowd(1)
    audience = await made(line, ids)
    body = {"audienceGroupId": audience, "audiences": [{"id": ids[0]}]}
    statuses = [(await line.put(f"{HERE}/upload", body)).status for _ in range(10)]
    assert statuses == [202] * 9 + [429]
    await channel.advance(minutes=1)
    assert (await line.put(f"{HERE}/upload", body)).status == 202


async def test_it_deletes_an_audience(line: Line) -> None:
    """202 {}, then 400 AUDIENCE_GROUP_NOT_FOUND [R#delete-audience-group]"""
    audience = await made(line)
    answer = await line.delete(f"{HERE}/{audience}")
    assert (answer.status, answer.body) == (202, {})
    for gone in (
        await line.delete(f"{HERE}/{audience}"),
        await line.get(f"{HERE}/{audience}"),
        await line.get(f"{HERE}/shared/{audience}"),
        await line.put(f"{HERE}/{audience}/updateDescription", {"description": "x"}),
        await line.put(f"{HERE}/upload", {"audienceGroupId": audience, "audiences": []}),
        await line.get(f"{HERE}/nonsense"),
    ):
        assert (gone.status, code(gone)) == (400, "AUDIENCE_GROUP_NOT_FOUND")


async def test_it_lists_audiences_in_pages(channel: Channel, line: Line) -> None:
    """page >= 1, size default 20, max 40 [R#get-audience-groups]"""
    await channel.change(rate_scale=None)
    for number in range(41):
        await made(line, name=f"Group {number}")
    first = (await line.get(f"{HERE}/list?page=1")).body
    assert (len(first["audienceGroups"]), first["hasNextPage"], first["totalCount"]) == (20, True, 41)
    assert (first["page"], first["size"], first["readWriteAudienceGroupTotalCount"]) == (1, 20, 41)
    last = (await line.get(f"{HERE}/list?page=2&size=40")).body
    assert ([one["description"] for one in last["audienceGroups"]], last["hasNextPage"]) == (["Group 0"], False)
    found = (await line.get(f"{HERE}/list?page=1&description=GROUP%204")).body
    assert {one["description"] for one in found["audienceGroups"]} == {"Group 4", "Group 40"}
    assert (await line.get(f"{HERE}/list?page=1&status=READY")).body["totalCount"] == 0
    assert (await line.get(f"{HERE}/list?page=1&createRoute=OA_MANAGER")).body["totalCount"] == 0
    assert (await line.get(f"{HERE}/shared/list?page=1")).body["totalCount"] == 0
    assert (await line.get(f"{HERE}/shared/list?page=1&includesOwnedAudienceGroups=true")).body["totalCount"] == 41


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=1", 200),
        ("page=0", 400),
        ("", 400),
        ("page=1&size=40", 200),
        ("page=1&size=41", 400),
        ("page=1&size=0", 400),
        ("page=1&status=NEW", 400),
        ("page=1&createRoute=MINE", 400),
    ],
)
async def test_it_lists_forty_at_once(line: Line, query: str, status: int) -> None:
    """page >= 1, size max 40 [R#get-audience-groups]"""
    assert (await line.get(f"{HERE}/list?{query}")).status == status
    assert (await line.get(f"{HERE}/shared/list?{query}")).status == status


async def broadcast(line: Line, *messages: Any) -> str:
    answer = await line.post("/v2/bot/message/broadcast", {"messages": list(messages)})
    return answer.headers["x-line-request-id"]


@pytest.mark.parametrize(("count", "status"), [(49, "FAILED"), (50, "READY")])
@pytest.mark.parametrize("kind", ["click", "imp"])
async def test_it_gathers_who_clicked_or_saw(channel: Channel, line: Line, kind: str, count: int, status: str) -> None:
    """from broadcasts, min 50 users [R#create-click-audience-group, R#create-imp-audience-group]"""
    ids = await channel.crowd(count + 5)
    request_id = await broadcast(line, BUTTONS)
    await channel.all_do(ids[:count], "read" if kind == "imp" else "press", label="見る")
    answer = await line.post(f"{HERE}/{kind}", {"description": "反応", "requestId": request_id})
    assert answer.status == 202
    assert (answer.body["type"], answer.body["requestId"]) == (kind.upper(), request_id)
    await channel.advance(minutes=1)
    shown = await about(line, answer.body["audienceGroupId"])
    group = shown["audienceGroup"]
    assert (group["status"], group["audienceCount"], shown["jobs"]) == (status, count, [])
    assert group.get("failedType") == (None if status == "READY" else "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT")


@pytest.mark.parametrize(("count", "shown"), [(19, 0), (20, 20)])
async def test_it_tells_no_count_below_twenty(channel: Channel, line: Line, count: int, shown: int) -> None:
    """audienceCount shows 0 below 20 except uploaded [R#get-audience-group]"""
    ids = await channel.crowd(count)
    request_id = await broadcast(line, text())
    await channel.all_do(ids, "read")
    answer = await line.post(f"{HERE}/imp", {"description": "見た", "requestId": request_id})
    await channel.advance(minutes=1)
    assert (await about(line, answer.body["audienceGroupId"]))["audienceGroup"]["audienceCount"] == shown
    uploaded = await made(line, ids[:1])
    await channel.advance(minutes=1)
    assert (await about(line, uploaded))["audienceGroup"]["audienceCount"] == 1


async def test_it_gathers_by_one_address(channel: Channel, line: Line) -> None:
    """clickUrl: that address only [R#create-click-audience-group]"""
    ids = await channel.crowd(60)
    request_id = await broadcast(line, BUTTONS)
    await channel.all_do(ids, "press", label="見る")
    for url, status in ((SITE, "READY"), ("https://example.com/other", "FAILED")):
        body = {"description": url, "requestId": request_id, "clickUrl": url}
        answer = await line.post(f"{HERE}/click", body)
        assert answer.body["clickUrl"] == url
        await channel.advance(minutes=1)
        assert (await about(line, answer.body["audienceGroupId"]))["audienceGroup"]["status"] == status


@pytest.mark.parametrize(("length", "status"), [(2_000, 202), (2_001, 400)])
async def test_it_takes_addresses_of_2000_characters(line: Line, tanaka: User, length: int, status: int) -> None:
    """clickUrl <= 2,000 [R#create-click-audience-group]"""
    request_id = await broadcast(line, text())
    body = {"description": "長い", "requestId": request_id, "clickUrl": "https://e.jp/".ljust(length, "x")}
    assert (await line.post(f"{HERE}/click", body)).status == status


@pytest.mark.parametrize(("days", "status"), [(59.9, 202), (60.1, 400)])
async def test_it_gathers_from_the_last_sixty_days(
    channel: Channel, line: Line, tanaka: User, days: float, status: int
) -> None:
    """within 60 days; from broadcast and narrowcast only [R#create-imp-audience-group]"""
    request_id = await broadcast(line, text())
    pushed = (await line.push(tanaka.id, text())).headers["x-line-request-id"]
    await channel.advance(days=days)
    assert (await line.post(f"{HERE}/imp", {"description": "見た", "requestId": request_id})).status == status
    assert (await line.post(f"{HERE}/imp", {"description": "単独", "requestId": pushed})).status == 400
    assert (await line.post(f"{HERE}/click", {"description": "何か", "requestId": "nothing"})).status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/upload"),
        ("PUT", "/upload"),
        ("POST", "/click"),
        ("POST", "/imp"),
        ("PUT", "/1/updateDescription"),
        ("DELETE", "/1"),
        ("GET", "/1"),
        ("GET", "/list?page=1"),
        ("GET", "/shared/list?page=1"),
        ("GET", "/shared/1"),
    ],
)
async def test_it_takes_sixty_calls_a_minute(channel: Channel, line: Line, method: str, path: str) -> None:
    """60/minute each [R#rate-limits]"""
    await channel.change(rate_refills=False)
    body: Any = None if method in ("GET", "DELETE") else {}
    statuses = [(await line.ask(method, HERE + path, body)).status for _ in range(61)]
    assert 429 not in statuses[:60]
    assert statuses[60] == 429
    await channel.change(rate_refills=True)
    await channel.advance(seconds=1)
    assert (await line.ask(method, HERE + path, body)).status == statuses[0]

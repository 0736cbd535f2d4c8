"""Narrowcasts: whom they reach, how they get on, what they keep back of the quota, how they fail."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.simulator.control import Channel
from tests.simulator_checks.bots import Line, Reply, text

SEND, PROGRESS = "/v2/bot/message/narrowcast", "/v2/bot/message/progress/narrowcast"
KNOWN = {"gender": "female", "age": 34, "area": "jp_13"}
Json = dict[str, Any]


async def send(line: Line, key: str | None = None, **more: Any) -> Reply:
    return await line.post(SEND, {"messages": [text("絞り込み")], **more}, key=key)


async def progress(line: Line, sent: Reply) -> Any:
    answer = await line.get(f"{PROGRESS}?requestId={sent.headers['x-line-request-id']}")
    assert answer.status == 200
    return answer.body


async def outcome(channel: Channel, line: Line, sent: Reply) -> Any:
    """How it ended, a little later."""
    assert sent.status == 202
    await channel.advance(seconds=5)
    return await progress(line, sent)


async def reached(channel: Channel) -> set[str]:
    return {one.chat for one in await channel.deliveries()}


async def audience(channel: Channel, line: Line, ids: list[str]) -> Json:
    """A recipient: these people, uploaded and ready."""
    body = {"description": f"対象 {uuid4()}", "audiences": [{"id": one} for one in ids]}
    answer = await line.post("/v2/bot/audienceGroup/upload", body)
    assert answer.status == 202
    await channel.advance(minutes=1)
    return {"type": "audience", "audienceGroupId": answer.body["audienceGroupId"]}


def demographic(rule: Json) -> Json:
    return {"demographic": rule}


async def test_it_narrowcasts_in_three_phases(channel: Channel, line: Line) -> None:
    """202 {}; waiting, sending, succeeded [R#get-narrowcast-progress-status]"""
    await channel.change(narrowcast_waits_ms=60_000, narrowcast_sends_ms=60_000)
    ids = await channel.crowd(3)
    sent = await send(line)
    assert (sent.status, sent.body) == (202, {})
    first = await progress(line, sent)
    assert set(first) == {"phase", "acceptedTime"}
    assert first["phase"] == "waiting"
    await channel.advance(seconds=61)
    assert (await progress(line, sent))["phase"] == "sending"
    assert await channel.deliveries() == []
    await channel.advance(seconds=60)
    last = await progress(line, sent)
    assert last == {
        "phase": "succeeded",
        "successCount": 3,
        "failureCount": 0,
        "targetCount": 3,
        "acceptedTime": first["acceptedTime"],
        "completedTime": last["completedTime"],
    }
    took = datetime.fromisoformat(last["completedTime"]) - datetime.fromisoformat(last["acceptedTime"])
    assert took.total_seconds() == 120
    assert await reached(channel) == set(ids)
    assert {one.how for one in await channel.deliveries()} == {"narrowcast"}
    assert await channel.used() == 3


async def test_it_arrives_by_itself(channel: Channel, line: Line) -> None:
    """in real time too"""
    await channel.change(narrowcast_waits_ms=1, narrowcast_sends_ms=1)
    user = await channel.user("田中 花子")
    await user.follow()
    await send(line)
    assert (await user.sees("絞り込み")).how == "narrowcast"


@pytest.mark.parametrize(("days", "status"), [(13.9, 200), (14.1, 404)])
async def test_it_tells_of_progress_for_two_weeks(channel: Channel, line: Line, days: float, status: int) -> None:
    """available 14 days [R#get-narrowcast-progress-status]"""
    await channel.crowd(1)
    sent = await send(line)
    await channel.advance(days=days)
    path = f"{PROGRESS}?requestId={sent.headers['x-line-request-id']}"
    assert (await line.get(path)).status == status
    assert (await line.get(f"{PROGRESS}?requestId=nothing")).status == 404


async def test_it_knows_no_narrowcast_that_a_start_over_has_overtaken(channel: Channel, line: Line) -> None:
    await channel.change(narrowcast_waits_ms=3_600_000)
    sent = await send(line)
    assert (await progress(line, sent))["phase"] == "waiting"
    await channel.ask("POST", "/start-over")
    assert (await line.get(f"{PROGRESS}?requestId={sent.headers['x-line-request-id']}")).status == 404


async def test_it_accepts_a_narrowcast_once_per_retry_key(channel: Channel, line: Line) -> None:
    """409 with the first request's id [R#retry-api-request]"""
    await channel.crowd(1)
    key = str(uuid4())
    first, again = await send(line, key), await send(line, key)
    assert (first.status, again.status) == (202, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    await channel.advance(seconds=5)
    assert len(await channel.deliveries()) == 1


async def test_it_leaves_out_who_is_no_friend(channel: Channel, line: Line) -> None:
    """blocked, strangers, unknown: excluded [3.2]"""
    ids = await channel.crowd(3)
    await channel.all_do(ids[:1], "block")
    kimura = await channel.user("木村 健")
    await kimura.says("友だちではない")
    recipient = await audience(channel, line, [*ids, kimura.id, "U" + "0" * 32])
    body = await outcome(channel, line, await send(line, recipient=recipient))
    assert (body["phase"], body["successCount"]) == ("succeeded", 2)
    assert await reached(channel) == set(ids[1:])


async def test_it_combines_audiences(channel: Channel, line: Line) -> None:
    """and, or, not [R#send-narrowcast-message]"""
    ids = await channel.crowd(6)
    first = await audience(channel, line, ids[:4])
    second = await audience(channel, line, ids[2:])
    for operator, wanted in (
        ({"and": [first, second]}, ids[2:4]),
        ({"or": [first, second]}, ids),
        ({"not": first}, ids[4:]),
        ({"and": [first, {"type": "operator", "not": second}]}, ids[:2]),
    ):
        seq = max([0, *(one.seq for one in await channel.deliveries())])
        sent = await send(line, recipient={"type": "operator", **operator})
        assert (await outcome(channel, line, sent))["phase"] == "succeeded"
        assert {one.chat for one in await channel.deliveries(after=seq)} == set(wanted)


async def test_it_sends_again_to_those_reached_before(channel: Channel, line: Line) -> None:
    """a redelivery object: who got that narrowcast, or with not, who did not [R#send-narrowcast-message]"""
    ids = await channel.crowd(120)
    first = await send(line, recipient=await audience(channel, line, ids[:60]))
    await outcome(channel, line, first)
    again = {"type": "redelivery", "requestId": first.headers["x-line-request-id"]}
    body = await outcome(channel, line, await send(line, recipient=again))
    assert body["successCount"] == 60
    body = await outcome(channel, line, await send(line, recipient={"type": "operator", "not": again}))
    assert body["successCount"] == 60
    assert await reached(channel) == set(ids)


@pytest.mark.parametrize(("days", "status"), [(13.9, 202), (14.1, 400)])
async def test_it_sends_again_within_two_weeks(channel: Channel, line: Line, days: float, status: int) -> None:
    """redelivery within 14 days of a succeeded narrowcast [R#send-narrowcast-message]"""
    await channel.crowd(1)
    first = await send(line)
    again = {"type": "redelivery", "requestId": first.headers["x-line-request-id"]}
    assert (await send(line, recipient=again)).status == 400
    await channel.advance(days=days)
    assert (await send(line, recipient=again)).status == status
    pushed = await line.post("/v2/bot/message/broadcast", {"messages": [text()]})
    other = {"type": "redelivery", "requestId": pushed.headers["x-line-request-id"]}
    assert (await send(line, recipient=other)).status == 400


@pytest.mark.parametrize(("count", "status"), [(10, 202), (11, 400)])
async def test_it_takes_ten_recipients(channel: Channel, line: Line, count: int, status: int) -> None:
    """audiences + redelivery objects <= 10 combined [R#send-narrowcast-message]"""
    recipient = await audience(channel, line, await channel.crowd(1))
    first = await send(line)
    await channel.advance(seconds=5)
    again = {"type": "redelivery", "requestId": first.headers["x-line-request-id"]}
    many = {"type": "operator", "or": [again, *[recipient] * (count - 1)]}
    assert (await send(line, recipient=many)).status == status


@pytest.mark.parametrize(("count", "status"), [(10, 202), (11, 400)])
async def test_it_takes_ten_filters(channel: Channel, line: Line, count: int, status: int) -> None:
    """demographic filters <= 10 [R#send-narrowcast-message]"""
    await channel.crowd(100, profile=KNOWN)
    rule = {"type": "gender", "oneOf": ["female"]}
    many = {"type": "operator", "and": [rule] * count}
    assert (await send(line, filter=demographic(many))).status == status


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ({"type": "gender", "oneOf": ["female"]}, 60),
        ({"type": "gender", "oneOf": ["male", "female"]}, 120),
        ({"type": "age", "gte": "age_30", "lt": "age_35"}, 60),
        ({"type": "age", "gte": "age_70"}, 60),
        ({"type": "appType", "oneOf": ["android"]}, 60),
        ({"type": "area", "oneOf": ["jp_13", "jp_01"]}, 60),
        ({"type": "subscriptionPeriod", "lt": "day_7"}, 120),
        ({"type": "operator", "not": {"type": "gender", "oneOf": ["male"]}}, 60),
        ({"type": "operator", "or": [{"type": "area", "oneOf": ["jp_13"]}, {"type": "area", "oneOf": ["jp_47"]}]}, 120),
    ],
)
async def test_it_chooses_by_attributes(channel: Channel, line: Line, rule: Json, count: int) -> None:
    """gender, age, app, area, length of friendship; nobody unknown [R#send-narrowcast-message]"""
    await channel.crowd(60, profile=KNOWN)
    await channel.crowd(60, prefix="男", profile={"gender": "male", "age": 70, "area": "jp_47", "app": "android"})
    await channel.crowd(60, prefix="未知")
    body = await outcome(channel, line, await send(line, filter=demographic(rule)))
    assert (body["phase"], body["successCount"]) == ("succeeded", count)


@pytest.mark.parametrize(("known", "status"), [(99, 403), (100, 202)])
async def test_it_filters_from_a_hundred_known_friends(channel: Channel, line: Line, known: int, status: int) -> None:
    """attribute filters need target reach >= 100, else 403 [R#send-narrowcast-message]"""
    await channel.crowd(known, profile=KNOWN)
    await channel.crowd(20, prefix="未知")
    assert (await send(line, filter=demographic({"type": "gender", "oneOf": ["female"]}))).status == status


@pytest.mark.parametrize(("men", "phase", "error"), [(49, "failed", 2), (50, "succeeded", None)])
async def test_it_reaches_fifty_or_nobody(
    channel: Channel, line: Line, men: int, phase: str, error: int | None
) -> None:
    """final recipients >= 50, fails asynchronously with errorCode 2 [R#get-narrowcast-progress-status]"""
    await channel.crowd(100, profile=KNOWN)
    await channel.crowd(men, prefix="男", profile={**KNOWN, "gender": "male"})
    body = await outcome(channel, line, await send(line, filter=demographic({"type": "gender", "oneOf": ["male"]})))
    assert (body["phase"], body.get("errorCode")) == (phase, error)
    assert ("failedDescription" in body) == (error is not None)
    assert len(await channel.deliveries()) == (men if error is None else 0)


@pytest.mark.parametrize(("uploaded", "phase"), [(1, "succeeded"), (0, "failed")])
async def test_it_reaches_few_by_uploaded_ids(channel: Channel, line: Line, uploaded: int, phase: str) -> None:
    """uploaded-ID audiences are exempt from the 50 minimum [R#send-narrowcast-message]"""
    ids = await channel.crowd(2)
    recipient = await audience(channel, line, ids[:1])
    if not uploaded:
        await channel.all_do(ids[:1], "block")
    body = await outcome(channel, line, await send(line, recipient=recipient))
    assert (body["phase"], body.get("errorCode")) == (phase, None if uploaded else 2)


async def test_it_fails_with_a_small_audience_of_clicks(channel: Channel, line: Line) -> None:
    """an audience of less than 50: errorCode 4 [R#get-narrowcast-progress-status]"""
    ids = await channel.crowd(100)
    broadcast = await line.post("/v2/bot/message/broadcast", {"messages": [text()]})
    await channel.all_do(ids[:49], "read")
    body = {"description": "見た", "requestId": broadcast.headers["x-line-request-id"]}
    small = await line.post("/v2/bot/audienceGroup/imp", body)
    await channel.advance(minutes=1)
    recipient = {"type": "audience", "audienceGroupId": small.body["audienceGroupId"]}
    done = await outcome(channel, line, await send(line, recipient=recipient))
    assert (done["phase"], done["errorCode"]) == ("failed", 4)


@pytest.mark.parametrize("error", [1, 3])
async def test_it_can_fail_for_other_reasons(channel: Channel, line: Line, error: int) -> None:
    """errorCode 1 internal, 3 conflict [R#get-narrowcast-progress-status]: a knob"""
    await channel.crowd(1)
    await channel.change(narrowcast_error=error)
    body = await outcome(channel, line, await send(line))
    assert (body["phase"], body["errorCode"]) == ("failed", error)
    assert await channel.deliveries() == []


@pytest.mark.parametrize("most", [1, 2, 3, 4])
async def test_it_sends_to_so_many_at_most(channel: Channel, line: Line, most: int) -> None:
    """limit.max, chosen at random [R#send-narrowcast-message]"""
    ids = await channel.crowd(3)
    body = await outcome(channel, line, await send(line, limit={"max": most}))
    assert body["successCount"] == min(most, 3)
    assert await reached(channel) <= set(ids)


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ({"max": 1}, 202),
        ({"max": 0}, 400),
        ({"max": "1"}, 400),
        ({"upToRemainingQuota": True}, 202),
        ({"upToRemainingQuota": "yes"}, 400),
        ({"upToRemainingQuota": True, "forbidPartialDelivery": True}, 202),
        ({"upToRemainingQuota": False, "forbidPartialDelivery": True}, 400),
        ({"forbidPartialDelivery": True}, 400),
    ],
)
async def test_it_forbids_part_only_with_what_is_left(channel: Channel, line: Line, limit: Json, status: int) -> None:
    """forbidPartialDelivery only with upToRemainingQuota, else 400 [R#send-narrowcast-message]"""
    await channel.crowd(1)
    assert (await send(line, limit=limit)).status == status


@pytest.mark.parametrize(("quota", "status"), [(2, 429), (3, 202)])
async def test_it_needs_quota_for_everybody(channel: Channel, line: Line, quota: int, status: int) -> None:
    """429 `You have reached your monthly limit.` [3.5]"""
    await channel.crowd(3)
    await channel.change(quota=quota)
    answer = await send(line)
    assert answer.status == status
    assert (await send(line, limit={"max": 1})).status == (202 if status == 429 else 429)


async def test_it_sends_as_far_as_the_quota_goes(channel: Channel, line: Line) -> None:
    """upToRemainingQuota: at random within what is left [R#send-narrowcast-message]"""
    await channel.crowd(5)
    await channel.change(quota=2)
    body = await outcome(channel, line, await send(line, limit={"upToRemainingQuota": True}))
    assert (body["phase"], body["successCount"]) == ("succeeded", 2)
    assert await channel.used() == 2


async def test_it_sends_to_all_or_none_if_wished(channel: Channel, line: Line) -> None:
    """forbidPartialDelivery: succeeds as a request, fails asynchronously, errorCode 5 [R#send-narrowcast-message]"""
    await channel.crowd(5)
    await channel.change(quota=4)
    limit = {"upToRemainingQuota": True, "forbidPartialDelivery": True}
    body = await outcome(channel, line, await send(line, limit=limit))
    assert (body["phase"], body["errorCode"]) == ("failed", 5)
    assert await channel.deliveries() == []
    await channel.change(quota=5)
    assert (await outcome(channel, line, await send(line, limit=limit)))["successCount"] == 5


async def test_it_keeps_back_its_whole_reach_while_under_way(channel: Channel, line: Line) -> None:
    """reserves the whole target reach at start: parallel sends run dry [R#send-narrowcast-message]"""
    ids = await channel.crowd(10)
    await channel.change(quota=10, narrowcast_waits_ms=60_000)
    sent = await send(line, limit={"max": 2})
    assert (await line.push(ids[0], text())).status == 429
    assert await channel.used() == 0
    await channel.advance(seconds=70)
    assert (await progress(line, sent))["successCount"] == 2
    assert await channel.used() == 2
    assert (await line.multicast(ids[:8], text())).status == 200
    assert (await line.push(ids[0], text())).status == 429


@pytest.mark.parametrize(
    "recipient",
    [
        {"type": "somebody"},
        {"type": "audience"},
        {"type": "audience", "audienceGroupId": 1},
        {"type": "redelivery"},
        {"type": "operator"},
        {"type": "operator", "and": []},
        {"type": "operator", "and": [{"type": "audience", "audienceGroupId": 1}]},
        {"type": "operator", "not": {"type": "nobody"}},
        "everybody",
    ],
)
async def test_it_refuses_recipients_it_does_not_understand(channel: Channel, line: Line, recipient: Any) -> None:
    await channel.crowd(1)
    assert (await send(line, recipient=recipient)).status == 400


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "mood"},
        {"type": "gender"},
        {"type": "gender", "oneOf": []},
        {"type": "gender", "oneOf": ["other"]},
        {"type": "age"},
        {"type": "age", "gte": "age_16"},
        {"type": "area", "oneOf": ["jp_48"]},
        {"type": "subscriptionPeriod", "gte": "day_8"},
        {"type": "operator", "and": [], "or": []},
    ],
)
async def test_it_refuses_filters_it_does_not_understand(channel: Channel, line: Line, rule: Json) -> None:
    await channel.crowd(100, profile=KNOWN)
    assert (await send(line, filter=demographic(rule))).status == 400


@pytest.mark.parametrize("what", ["filter", "recipient"])
@pytest.mark.parametrize("floors", [217, 900])
async def test_it_refuses_operators_nested_too_deeply(channel: Channel, line: Line, what: str, floors: int) -> None:
    """how deep they may be is not told [?]"""
    await channel.crowd(100, profile=KNOWN)
    tree = '{"type": "operator", "not": ' * floors + '{"type": "gender", "oneOf": ["male"]}' + "}" * floors
    inner = f'{{"demographic": {tree}}}' if what == "filter" else tree
    answer = await line.post(
        SEND, data=f'{{"messages": [{{"type": "text", "text": "x"}}], "{what}": {inner}}}'.encode()
    )
    assert answer.status == 400


@pytest.mark.parametrize(("floors", "count"), [(10, 0), (11, 100)])
async def test_it_understands_a_tall_tree_of_operators(channel: Channel, line: Line, floors: int, count: int) -> None:
    """not female, not not female, and so on"""
    await channel.crowd(100, profile=KNOWN)
    rule: Json = {"type": "gender", "oneOf": ["male"]}
    for _ in range(floors):
        rule = {"type": "operator", "not": rule}
    sent = await send(line, filter=demographic(rule))
    assert (await outcome(channel, line, sent)).get("successCount", 0) == count


async def test_it_waits_for_an_audience_to_be_ready(channel: Channel, line: Line) -> None:
    """an audience in progress cannot be used [?]"""
    ids = await channel.crowd(1)
    body = {"description": "まだ", "audiences": [{"id": ids[0]}]}
    made = await line.post("/v2/bot/audienceGroup/upload", body)
    recipient = {"type": "audience", "audienceGroupId": made.body["audienceGroupId"]}
    assert (await send(line, recipient=recipient)).status == 400


async def test_it_has_statistics_of_a_narrowcast(channel: Channel, line: Line) -> None:
    """by its request id; delivered is null until all is sent [O, R#get-message-event]"""
    await channel.change(narrowcast_waits_ms=60_000)
    ids = await channel.crowd(20)
    sent = await send(line, notificationDisabled=True)
    path = f"/v2/bot/insight/message/event?requestId={sent.headers['x-line-request-id']}"
    assert (await line.get(path)).body["overview"]["delivered"] is None
    await channel.advance(minutes=2)
    await channel.all_do(ids, "read")
    await channel.advance(days=1)
    overview = (await line.get(path)).body["overview"]
    assert (overview["delivered"], overview["uniqueImpression"]) == (20, 20)


@pytest.mark.parametrize("how", ["narrowcast", "broadcast"])
async def test_it_sends_to_many_sixty_times_an_hour(channel: Channel, line: Line, how: str) -> None:
    """60/h [R#rate-limits]"""
    await channel.change(rate_refills=False)
    path = f"/v2/bot/message/{how}"
    statuses = [(await line.post(path, {"messages": [text()]})).status for _ in range(61)]
    assert set(statuses[:60]) == {202 if how == "narrowcast" else 200}
    assert statuses[60] == 429
    await channel.change(rate_refills=True)
    await channel.advance(minutes=1)
    assert (await line.post(path, {"messages": [text()]})).status == statuses[0]

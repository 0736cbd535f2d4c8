"""The door of the LINE API: token, size, faults, rates, then the endpoint, then the ledger."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.simulator import ids, narrowcasting
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel, Platform
from tests.simulator.deeds import fetching
from tests.simulator.faults import AFTER, BEFORE, ApiFault
from tests.simulator.ledger import CallRecord
from tests.simulator.webhooks.post import Postman

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LINE_CUT = Answer(0, note="the line was cut")


def guard(platform: Platform, postman: Postman, endpoint: Endpoint) -> Handler:
    """The aiohttp handler of one endpoint."""

    async def handle(request: web.Request) -> web.StreamResponse:
        request_id = ids.request_id()
        headers = request.headers
        bearer = headers.get("Authorization", "")
        channel = platform.by_bearer.get(bearer) or platform.by_issued_token(bearer)
        if channel is None:
            return respond(answers.unauthorized(), request_id)
        raw = await request.read() if request.body_exists else b""
        call = Call(
            request.path,
            request.rel_url,
            request.match_info,
            headers.get("Content-Type", ""),
            raw,
            request_id,
            headers.get("X-Line-Retry-Key"),
            postman,
        )
        return await passed(platform, channel, endpoint, call, request)

    return handle


async def called(request: web.Request, postman: Postman) -> Call:
    """A call whose channel is not known by its Authorization header."""
    return Call(
        path=request.path,
        url=request.url,
        parts=request.match_info,
        content_type=request.headers.get("Content-Type", ""),
        raw=await request.read() if request.body_exists else b"",
        request_id=ids.request_id(),
        retry_key=request.headers.get("X-Line-Retry-Key"),
        postman=postman,
    )


async def passed(
    platform: Platform, channel: Channel, endpoint: Endpoint, call: Call, request: web.Request
) -> web.Response:
    """One call of a channel that is known: numbered, troubled as planned, judged, put down and answered."""
    channel.ledger.calls_started += 1
    number = channel.ledger.calls_started
    if channel.faults.armed:
        answer = await judge_with_faults(channel, endpoint, call, number, request)
    else:
        answer = judge(channel, endpoint, call)
    if call.answer_later is not None and answer.status == 200:
        answer = await call.answer_later()
    record(channel, endpoint, call, number, answer)
    platform.dirty = True
    if channel.fetches.due:
        fetching.begin(channel, call.postman)
    if call.after_answer is not None:
        call.after_answer()
    if answer is LINE_CUT:
        cut(request.transport)
    return respond(answer, call.request_id)


def passed_at_once(platform: Platform, channel: Channel, endpoint: Endpoint, call: Call) -> Answer:
    """The same for a call that nothing holds up: no fault makes it wait, the endpoint leaves nothing for later."""
    channel.ledger.calls_started += 1
    planned = channel.faults.take(endpoint.name) if channel.faults.armed else []
    answer = judge_troubled(channel, endpoint, call, planned[0]) if planned else judge(channel, endpoint, call)
    record(channel, endpoint, call, channel.ledger.calls_started, answer)
    platform.dirty = True
    return answer


def judge(channel: Channel, endpoint: Endpoint, call: Call) -> Answer:
    """What LINE would answer; whatever is accepted is in the ledger when this returns."""
    if channel.narrowcasts.open:
        narrowcasting.settle(channel)
    try:
        if not channel.rates.allows(endpoint.name, endpoint.rate, channel.clock.now_ms()):
            return answers.error(429, answers.RATE_LIMIT)
        if len(call.raw) > endpoint.most_bytes:
            return answers.error(413, "Request entity too large")
        if call.retry_key is not None:
            check_retry_key(endpoint, call.retry_key)
        return endpoint.act(channel, call)
    except answers.Refusal as refusal:
        return refusal.answer


def check_retry_key(endpoint: Endpoint, key: str) -> None:
    if not endpoint.retry_key:
        raise answers.refuse(400, "The X-Line-Retry-Key header is not supported by this API")
    if not ids.RETRY_KEY.fullmatch(key):
        raise answers.refuse(400, "The value for the 'X-Line-Retry-Key' header is invalid")


async def judge_with_faults(
    channel: Channel, endpoint: Endpoint, call: Call, number: int, request: web.Request
) -> Answer:
    fault: ApiFault | None = None
    for planned in channel.faults.take(endpoint.name):
        await asyncio.sleep(planned.latency_ms / 1000)
        fault = planned if planned.kind != "latency" else fault
    if not await passes_stop(channel, endpoint, call, number, BEFORE, request):
        return LINE_CUT
    instead = None if fault is None else before_acceptance(fault)
    if instead is not None:
        return instead
    answer = judge(channel, endpoint, call)
    if not await passes_stop(channel, endpoint, call, number, AFTER, request):
        return LINE_CUT
    return answer if fault is None else after_acceptance(fault)


def judge_troubled(channel: Channel, endpoint: Endpoint, call: Call, fault: ApiFault) -> Answer:
    instead = before_acceptance(fault)
    if instead is not None:
        return instead
    judge(channel, endpoint, call)
    return after_acceptance(fault)


async def passes_stop(
    channel: Channel, endpoint: Endpoint, call: Call, number: int, when: str, request: web.Request
) -> bool:
    """Wait at a stop planned for this call; False when the line is to be cut, or the client has gone."""
    stop = channel.faults.stop_at(number, when)
    if stop is None:
        return True
    stop.endpoint, stop.request_id = endpoint.name, call.request_id
    stop.client_gone = lambda: request.transport is None or request.transport.is_closing()
    stop.reached.set()
    await stop.released.wait()
    return stop.then == "continue" and not stop.client_gone()


def before_acceptance(fault: ApiFault) -> Answer | None:
    """The answer given instead of looking at the request; None when the fault comes later."""
    if fault.kind == "reset":
        return LINE_CUT
    if fault.kind == "error_before":
        return answers.error(fault.status, "Internal server error")
    if fault.kind == "rate_limit":
        return answers.error(429, answers.RATE_LIMIT)
    if fault.kind == "quota_limit":
        return answers.error(429, answers.QUOTA_LIMIT)
    if fault.kind == "unauthorized":
        return answers.unauthorized()
    if fault.kind == "expired_token":
        return answers.expired()
    if fault.kind == "forbidden":
        return answers.forbidden()
    if fault.kind == "bad_request":
        return answers.error(400, "Failed to send messages")
    return None


def after_acceptance(fault: ApiFault) -> Answer:
    if fault.kind == "error_after":
        return answers.error(fault.status, "Internal server error")
    return LINE_CUT


def cut(transport: asyncio.Transport | None) -> None:
    """Reset the connection, so that the client sees neither a status nor an orderly end."""
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def record(channel: Channel, endpoint: Endpoint, call: Call, number: int, answer: Answer) -> None:
    status = answer.status or None
    channel.ledger.counts[f"{endpoint.name} {answer.status or 'cut'}"] += 1
    if channel.settings.load:
        return
    made = CallRecord(
        number,
        channel.clock.now_ms(),
        endpoint.name,
        f"{endpoint.method} {call.path}",
        status,
        call.request_id,
        call.retry_key,
        answer.note,
    )
    channel.ledger.calls.append(made)
    channel.watchers.wake()
    if channel.watchers.queues:
        channel.watchers.tell("call", shown(made))


def shown(made: CallRecord) -> dict[str, object]:
    return {
        "number": made.number,
        "at_ms": made.at_ms,
        "endpoint": made.endpoint,
        "path": made.path,
        "status": made.status,
        "request_id": made.request_id,
        "retry_key": made.retry_key,
        "note": made.note,
    }


def respond(answer: Answer, request_id: str) -> web.Response:
    headers = {"x-line-request-id": request_id, "Content-Type": answer.content_type, **answer.headers}
    return web.Response(body=answer.body, status=answer.status or 500, headers=headers)

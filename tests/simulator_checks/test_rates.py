"""How often each call may be made: every endpoint of the simulator against the table of LINE_PLATFORM 3.4."""

import re

import pytest

from tests.simulator.api import routes, tokens
from tests.simulator.api.calls import Endpoint
from tests.simulator.api.tokens import TokenEndpoint
from tests.simulator.control import Channel
from tests.simulator_checks.bots import Line

SECOND, MINUTE, HOUR = 1, 60, 3_600
# (calls, seconds), and which calls they are: METHOD path [R#rate-limits]
TABLE: list[tuple[tuple[int, int], str]] = [
    ((60, HOUR), r"POST /v2/bot/message/(narrowcast|broadcast)"),
    ((60, HOUR), r"GET /v2/bot/insight/.*"),
    ((60, HOUR), r"POST /v2/bot/channel/webhook/test"),
    ((60, MINUTE), r"\w+ (/data)?/v2/bot/audienceGroup/.*"),
    ((1_000, MINUTE), r"(GET|PUT) /v2/bot/channel/webhook/endpoint"),
    ((100, HOUR), r"POST /v2/bot/richmenu"),
    ((100, HOUR), r"DELETE /v2/bot/richmenu/\{\w+\}"),
    ((100, HOUR), r"DELETE /v2/bot/richmenu/alias/\{\w+\}"),
    ((100, HOUR), r"GET /v2/bot/richmenu/progress/batch"),
    ((3, HOUR), r"POST /v2/bot/richmenu/batch"),
    ((10, SECOND), r"GET /v2/bot/richmenu/list"),
    ((200, SECOND), r"POST /v2/bot/message/multicast"),
    ((200, SECOND), r"GET /v2/bot/membership/(list|subscription/.*)"),
    ((200, SECOND), r"\w+ /v2/bot/coupon.*"),
    ((100, SECOND), r"POST /v2/bot/chat/loading/start"),
    ((370, SECOND), r"POST /v2/oauth/accessToken"),
    ((2_000, SECOND), r".*"),
]
ENDPOINTS: list[Endpoint | TokenEndpoint] = [*routes.ENDPOINTS, *tokens.ENDPOINTS]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: f"{one.method} {one.path}")
def test_it_has_the_rate_of_the_contract(endpoint: Endpoint | TokenEndpoint) -> None:
    """[R#rate-limits]"""
    name = f"{endpoint.method} {endpoint.path}"
    rate = next(rate for rate, calls in TABLE if re.fullmatch(calls, name))
    assert (endpoint.rate.calls, endpoint.rate.seconds) == rate


def test_it_plays_the_calls_of_every_line_of_the_table() -> None:
    names = [f"{one.method} {one.path}" for one in ENDPOINTS]
    assert [calls for _, calls in TABLE if not any(re.fullmatch(calls, name) for name in names)] == []


def test_it_counts_each_method_and_path_by_itself() -> None:
    """per endpoint = HTTP method + path template [R#rate-limits]"""
    names = [one.name for one in ENDPOINTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "scale", "most"),
    [("/v2/bot/info", 0.01, 20), ("/v2/bot/richmenu/list", 0.5, 5), ("/v2/bot/message/quota", 0.0025, 5)],
)
async def test_it_refuses_the_call_after_the_last(
    channel: Channel, line: Line, path: str, scale: float, most: int
) -> None:
    """429 `The API rate limit has been exceeded. Try again later.`, whatever the parameters [R#rate-limits]"""
    await channel.change(rate_scale=scale, rate_refills=False)
    answers = [await line.get(f"{path}?n={number}") for number in range(most + 1)]
    assert [answer.status for answer in answers] == [200] * most + [429]
    assert answers[-1].message == "The API rate limit has been exceeded. Try again later."
    assert "retry-after" not in answers[-1].headers
    await channel.change(rate_refills=True)
    await channel.advance(seconds=1)
    assert (await line.get(path)).status == 200


async def test_it_counts_refused_calls_and_those_of_other_endpoints_apart(channel: Channel, line: Line) -> None:
    """[R#rate-limits]"""
    await channel.change(rate_scale=0.001, rate_refills=False)
    path = "/v2/bot/profile/nobody"
    assert [(await line.get(path)).status for _ in range(3)] == [400, 400, 429]
    assert (await line.get("/v2/bot/info")).status == 200

"""Every official SDK makes the same calls and reads the same answers, and they are those of the scenarios."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator import server
from tests.simulator.channel import Platform
from tests.simulator.control import Simulator
from tests.simulator_checks import scenarios
from tests.simulator_checks.bots import Bot
from tests.simulator_checks.contract.calls import Contract, place
from tests.simulator_checks.scenarios import playing
from tests.simulator_checks.scenarios.node_sdk import Node, Program
from tests.simulator_checks.scenarios.python_sdk import Asynchronous, Waiting
from tests.simulator_checks.scenarios.steps import Call, Scenario


def by(*sdks: type) -> pytest.MarkDecorator:
    """Every scenario with every SDK that can play it."""
    pairs = [(sdk, one) for sdk in sdks for one in scenarios.ALL if sdk.__name__ not in one.without]
    names = [f"{sdk.__name__}, {one.name}" for sdk, one in pairs]
    return pytest.mark.parametrize(("sdk", "scenario"), pairs, ids=names)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="module")
def node_program() -> Iterator[Program]:
    program = Program()
    yield program
    assert program.close() == 0


@by(Waiting, Asynchronous)
async def test_the_python_sdk_reads_what_line_answers(
    sdk: type[Waiting], scenario: Scenario, contract: Contract, simulator: Simulator, bot: Bot, tmp_path: Path
) -> None:
    python = sdk(simulator.base_url, await simulator.data_host(), tmp_path)
    assert await playing.play(scenario, python, simulator, bot.url) == playing.expected(scenario, contract)


@by(Node)
@pytest.mark.node
async def test_the_node_sdk_reads_the_same(
    sdk: type[Node], scenario: Scenario, contract: Contract, simulator: Simulator, bot: Bot, node_program: Program
) -> None:
    node = sdk(node_program, simulator.base_url, await simulator.data_host())
    assert await playing.play(scenario, node, simulator, bot.url) == playing.expected(scenario, contract)


def test_the_scenarios_leave_out_no_call_of_the_simulator(contract: Contract) -> None:
    app = server.parts(Platform()).app
    places = {
        place(route.method, route.resource.canonical) for route in app.router.routes() if route.resource is not None
    }
    played = {operation.name for where in places for operation in contract.operations.get(where, [])}
    called = {step.operation for one in scenarios.ALL for step in one.steps if isinstance(step, Call)}
    assert played - called - scenarios.NOT_CALLED.keys() == set()

"""A watched simulator for a test session, and the question each test ends with."""

from tests.simulator import control

MODULE = "tests.simulator_checks.contract"


def start(*arguments: str) -> control.Process:
    """With LINE's host for files on a port of its own, too."""
    return control.Process.start("--data-port", "0", *arguments, module=MODULE)


async def ask(simulator: control.Simulator, *, remarks: bool = False) -> None:
    """AssertionError when the simulator did what LINE's description does not allow, or with remarks the bot."""
    findings = await simulator.findings()
    wrong = [*findings.violations, *(findings.remarks if remarks else ())]
    assert not wrong, "\n".join(wrong)

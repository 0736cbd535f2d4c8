"""python -m tests.recorder: record an exchange with the real LINE, and compare it with the simulator."""

import argparse
import os
import sys
from pathlib import Path

from aiohttp import web

from tests.recorder import comparison, tape
from tests.recorder.door import WEBHOOK, Door
from tests.recorder.masks import Masks
from tests.simulator_checks.contract.calls import Contract

REFERENCE = Path(__file__).parent / "reference.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.recorder")
    ways = parser.add_subparsers(dest="way", required=True)
    recording = ways.add_parser("record", help="stand between LINE and a bot")
    recording.add_argument("--host", default="127.0.0.1")
    recording.add_argument("--port", type=int, default=8090)
    recording.add_argument("--bot", default="http://127.0.0.1:8000", help="where the bot listens")
    recording.add_argument("--api", default="https://api.line.me")
    recording.add_argument("--data", default="https://api-data.line.me")
    recording.add_argument("--out", type=Path, required=True, help="the tape; it must not exist yet")
    comparing = ways.add_parser("compare", help="hold a tape against LINE's description and the simulator's tape")
    comparing.add_argument("live", type=Path)
    comparing.add_argument("reference", type=Path, nargs="?", default=REFERENCE)
    given = parser.parse_args()
    try:
        record(given) if given.way == "record" else compare(given.live, given.reference)
    except (OSError, ValueError) as problem:
        sys.exit(str(problem))


def record(given: argparse.Namespace) -> None:
    descriptor = os.open(given.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out:
        door = Door(given.bot.rstrip("/"), given.api.rstrip("/"), given.data.rstrip("/"), out, Masks())
        here = f"http://{given.host}:{given.port}"
        print(f"Webhooks: let https lead to {here}{WEBHOOK}")
        print(f"The bot: LINE_API_URL={here}/api LINE_DATA_API_URL={here}/data")
        print("End with Ctrl-C.", flush=True)
        web.run_app(door.application(), host=given.host, port=given.port, print=None, access_log=None)


def compare(live: Path, reference: Path) -> None:
    """Ends with 1 when there is anything to say."""
    contract = Contract()
    told = list(tape.read(live))
    found = comparison.problems(told, contract)
    found += comparison.differences(
        comparison.shapes(told, contract), comparison.shapes(tape.read(reference), contract)
    )
    print("\n".join(found) or f"{len(told)} exchanges, all as the simulator does it and as LINE describes it.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

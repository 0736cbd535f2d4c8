"""python -m tests.simulator: LINE in one process, on a port of your choice."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

import orjson

from tests.simulator import keeping, sandbox, server
from tests.simulator.channel import Platform


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--data-port", type=int, help="LINE's host for files on a port of its own, too; 0: any free")
    parser.add_argument("--state", type=Path, help="keep everything in this JSON file")
    parser.add_argument("--sandbox", action="store_true", help="open the channel 'sandbox' with its cast")
    parser.add_argument("--secret", help="the sandbox's channel secret")
    parser.add_argument("--token", help="the sandbox's channel access token")
    parser.add_argument("--webhook", help="the bot's webhook address")
    parser.add_argument("--liff", help="the id of the sandbox's LIFF app; --endpoint: the page it opens")
    parser.add_argument("--endpoint", default="")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when whoever started it is gone")
    given = parser.parse_args()
    if given.sandbox and not (given.secret and given.token and given.webhook):
        parser.error("--sandbox needs --secret, --token and --webhook")
    return given


def main(build: server.Build = server.parts) -> None:
    """build: the application and the postman, if they are to be others than usual."""
    given = arguments()
    try:
        platform = Platform() if given.state is None else keeping.load(given.state)
    except (ValueError, KeyError, TypeError, orjson.JSONDecodeError) as problem:
        sys.exit(f"The simulator's state cannot be read: {problem}")
    if given.sandbox:
        sandbox.open_in(platform, given.secret, given.token, given.webhook, given.liff, given.endpoint)
    try:
        asyncio.run(
            server.serve(platform, given.host, given.port, given.state, given.end_with_stdin, given.data_port, build)
        )
    except OSError as problem:
        sys.exit(f"The simulator cannot listen on {given.host}:{given.port}: {os.strerror(problem.errno or 0)}")


if __name__ == "__main__":
    main()

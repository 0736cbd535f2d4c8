"""LINE's Node SDK, driven by a program of ours that reads calls and writes answers, a line each."""

import asyncio
import subprocess
from typing import Any

import orjson

from tests.simulator_checks.node import PROGRAMS
from tests.simulator_checks.scenarios.playing import Answer


class Program:
    """`driver.mjs`, started once for many tests."""

    def __init__(self) -> None:
        command = ["node", str(PROGRAMS / "driver.mjs")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> int:
        """Its exit code, once it has read to the end."""
        with self.process:
            pass
        return self.process.returncode

    async def ask(self, question: dict[str, Any]) -> Any:
        """AssertionError with the stack of what the SDK threw, when that was no answer of LINE's."""
        told = await asyncio.to_thread(self.asked, orjson.dumps(question) + b"\n")
        assert "problem" not in told, told["problem"]
        return told

    def asked(self, line: bytes) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the Node program has ended; is LINE's SDK installed? ./ayumi test does that"
        return orjson.loads(answer)


class Node:
    def __init__(self, program: Program, api_url: str, data_url: str) -> None:
        self.program = program
        self.hosts = {"api": api_url, "data": data_url}

    async def call(self, token: str, operation: str, args: list[Any]) -> Answer:
        told = await self.program.ask({**self.hosts, "token": token, "call": operation, "args": args})
        return Answer(told["status"], told["body"], told["headers"])

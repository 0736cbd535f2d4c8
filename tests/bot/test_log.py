"""Logs: what must never stand in them."""

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    log.configure("DEBUG")
    yield written
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_it_writes_one_line_of_json_per_event(lines: io.StringIO) -> None:
    structlog.get_logger("bot.lanes").warning("event parked", inbox=12)
    [line] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["event"], line["inbox"], line["level"], line["logger"]) == ("event parked", 12, "warning", "bot.lanes")


@pytest.mark.parametrize("key", ["token", "body", "text", "display_name", "Authorization", "messages"])
def test_it_withholds_what_is_private(lines: io.StringIO, key: str) -> None:
    structlog.get_logger().info("something", **{key: "山田花子"})
    assert "山田" not in lines.getvalue()
    assert key in lines.getvalue()


def test_it_keeps_words_of_customers_out_of_tracebacks(lines: io.StringIO) -> None:
    try:
        try:
            raise ValueError("山田花子 090-1234-5678")
        except ValueError as error:
            raise RuntimeError("cannot read 山田花子") from error
    except RuntimeError:
        structlog.get_logger().exception("failed", inbox=3)
        logging.getLogger("aiohttp.server").exception("Error handling request")
    assert "山田" not in lines.getvalue()
    assert "090" not in lines.getvalue()
    first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    for line in (first, second):
        assert line["error"][0] == "builtins.RuntimeError"
        assert any("test_log.py" in part for part in line["error"])
        assert "builtins.ValueError" in line["error"]


async def test_it_keeps_words_of_customers_out_of_what_asyncio_says(lines: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError("山田花子 090-1234-5678")

    def call(user: str) -> None:
        raise KeyError(user)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(call, "山田花子")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    assert "山田" not in lines.getvalue()
    assert first["event"] == "Task exception was never retrieved"
    assert first["error"][0] == "builtins.ValueError"
    assert second["event"].startswith("Exception in callback")


@pytest.mark.parametrize(
    "name", ["tortoise.db_client", "asyncpg", "aiohttp.access", "arq.worker", "PIL.TiffImagePlugin"]
)
def test_libraries_that_log_statements_stay_quiet_even_at_debug(lines: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("INSERT INTO messages VALUES ('山田花子')")
    logging.getLogger(name).debug("INSERT INTO messages VALUES ('山田花子')")
    assert lines.getvalue() == ""

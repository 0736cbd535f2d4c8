"""Structured logs that hold no token, no secret, no message and nothing about a person."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

# Keys under which something private could be handed over by mistake: the key stays, the value goes.
PRIVATE = (
    "token", "secret", "password", "authorization", "signature", "cookie", "body", "text", "message", "messages",
    "name", "display_name", "picture", "email", "phone", "url", "payload", "raw", "answer",
)  # fmt: skip

# At DEBUG these write statements, parameters, job arguments, whole requests or what a camera wrote into a photo.
LOUD = (
    "PIL",
    "tortoise",
    "tortoise.db_client",
    "asyncpg",
    "arq",
    "aiohttp.access",
    "aiohttp.client",
    "asyncio",
    "redis",
)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(level: str) -> None:
    """Lines of JSON on stderr, or readable ones on a terminal; the libraries' logs go the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold_private,
        without_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def withhold_private(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if key.lower() in PRIVATE:
            event[key] = "(withheld)"
    return event


def without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception by its kinds and places: its words may quote what a customer wrote, and asyncio puts them, and the
    arguments of a call, into its own."""
    if event.get("logger") == "asyncio":
        event["event"] = re.split(r"[\n(]", str(event["event"]), maxsplit=1)[0]
    given = event.pop("exc_info", None)
    if given:
        error = given if isinstance(given, BaseException) else (_current(given))
        if error is not None:
            event["error"] = _described(error)
    return event


def _current(given: Any) -> BaseException | None:
    found = given[1] if isinstance(given, tuple) else sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def _described(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < 60:
        lines.append(_kind(seen))
        frames = traceback.extract_tb(seen.__traceback__)[-12:]
        lines.extend(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


def _kind(error: BaseException) -> str:
    """The class, with what the system or the database calls the trouble, never what the message says."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind} errno={error.errno}"
    state = getattr(error, "sqlstate", None)
    return f"{kind} sqlstate={state}" if isinstance(state, str) else kind

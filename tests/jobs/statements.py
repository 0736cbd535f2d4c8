"""Counting what a piece of work asks of the database: statement budgets are held by tests, not by times."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Listener(logging.Handler):
    """What the database's client logs of every statement."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and record.args:
            self.statements.append(str(record.args[0]))


@contextmanager
def counted() -> Iterator[list[str]]:
    """All statements of this process while the block lasts; the beginnings and ends of transactions are none."""
    log, listener = logging.getLogger("tortoise.db_client"), _Listener()
    level, propagate = log.level, log.propagate
    log.addHandler(listener)
    log.propagate = False
    log.setLevel(logging.DEBUG)
    try:
        yield listener.statements
    finally:
        log.setLevel(level)
        log.propagate = propagate
        log.removeHandler(listener)

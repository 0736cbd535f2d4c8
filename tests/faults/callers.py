"""The connections that a listening place of the tests has open: none is left behind when it closes."""

import asyncio
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Callers:
    """`accept` is what asyncio's servers call; `serve` is ended by its connection, or when all is over."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._over = False

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._over:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._attend(reader, writer))
        self._open[task] = writer
        task.add_done_callback(self._open.pop)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def end(self) -> None:
        """Whoever calls from now on is turned away."""
        self._over = True
        going = dict(self._open)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        for writer in going.values():  # a task that was cancelled before it began has closed nothing
            writer.transport.abort()
        await asyncio.sleep(0)

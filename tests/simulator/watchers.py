"""Those who look on live: SSE streams of a channel, and requests that wait for something to change."""

import asyncio
from typing import Any

import orjson

QUEUED = 10_000
RESYNC = b"event: resync\ndata: {}\n\n"


class Watchers:
    """tell() costs nothing while nobody looks."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[bytes]] = set()
        self._waiting: asyncio.Event | None = None
        self._number = 0

    def watch(self) -> asyncio.Queue[bytes]:
        queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUED)
        self.queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[bytes]) -> None:
        self.queues.discard(queue)

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Send one SSE event; a stream that has fallen too far behind is told to start again, and ends."""
        self.wake()
        if not self.queues:
            return
        self._number += 1
        frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (self._number, kind.encode(), orjson.dumps(data))
        for queue in list(self.queues):
            if queue.full():
                self.queues.discard(queue)
                queue.get_nowait()
                queue.put_nowait(RESYNC)
            else:
                queue.put_nowait(frame)

    def wake(self) -> None:
        if self._waiting is not None:
            self._waiting.set()
            self._waiting = None

    async def changed(self, seconds: float) -> bool:
        """Wait until anything happens in the channel; False after that many seconds of silence."""
        if self._waiting is None:
            self._waiting = asyncio.Event()
        try:
            await asyncio.wait_for(self._waiting.wait(), seconds)
        except TimeoutError:
            return False
        return True

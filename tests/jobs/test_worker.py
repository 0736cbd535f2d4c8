"""The worker: its duties run without the queue, a wake-up cuts a pause short, and a lost queue comes back."""

import asyncio
import contextlib
import gc
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from arq.connections import create_pool
from structlog.testing import capture_logs

from bot import embedded
from bot.embedded import valkey
from jobs import worker
from tests.conftest import Addresses


async def forever() -> float:
    return 3600.0


@asynccontextmanager
async def running(loop: worker.Loop) -> AsyncIterator[None]:
    task = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        loop.stop()
        await task


class Bell:
    """A duty that counts how often it was attended to."""

    def __init__(self) -> None:
        self.rung = 0
        self.changed = asyncio.Event()

    async def ring(self) -> bool:
        self.rung += 1
        self.changed.set()
        return False

    async def reaches(self, count: int) -> None:
        async with asyncio.timeout(15):
            while self.rung < count:
                self.changed.clear()
                await self.changed.wait()


async def test_it_attends_to_a_duty_at_once_and_again_when_woken() -> None:
    bell = Bell()
    loop = worker.Loop([worker.Duty("bell", bell.ring, forever)])
    async with running(loop):
        await bell.reaches(1)
        loop.wake()
        await bell.reaches(2)


async def test_it_lets_a_duty_rest_though_it_is_woken_and_ends_it_when_stopped() -> None:
    bell, resting = Bell(), Bell()
    duties = [worker.Duty("resting", resting.ring, forever, 3000.0), worker.Duty("bell", bell.ring, forever)]
    loop = worker.Loop(duties)
    async with running(loop):
        await resting.reaches(1)
        for count in range(1, 4):
            await bell.reaches(count)
            loop.wake()
    assert resting.rung == 1


async def test_it_attends_after_its_rest_to_a_duty_that_was_woken_meanwhile() -> None:
    bell = Bell()
    loop = worker.Loop([worker.Duty("bell", bell.ring, forever, 0.05)])
    async with running(loop):
        await bell.reaches(1)
        loop.wake()
        await bell.reaches(2)


async def test_it_goes_on_with_a_duty_that_fails() -> None:
    bell = Bell()

    async def stumble() -> bool:
        await bell.ring()
        if bell.rung == 1:
            raise RuntimeError
        return False

    async with running(worker.Loop([worker.Duty("stumbling", stumble, forever)])):
        await bell.reaches(2)


@asynccontextmanager
async def queued(redis_url: str, loop: worker.Loop) -> AsyncIterator[worker.Waker]:
    """A worker that listens to a queue of its own, and who can wake it through that."""
    prefix = f"{uuid.uuid4()}:"
    listening = asyncio.create_task(worker.listen(redis_url, prefix, loop.wake, []))
    waker = worker.Waker(redis_url, prefix)
    waker.start()
    try:
        yield waker
    finally:
        await waker.stop()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_it_is_woken_through_the_queue_by_another_process(addresses: Addresses) -> None:
    bell = Bell()
    loop = worker.Loop([worker.Duty("bell", bell.ring, forever)])
    async with queued(addresses.redis_url, loop) as waker, running(loop):
        await bell.reaches(1)
        for count in (2, 3):
            waker.wake()
            await bell.reaches(count)


async def test_it_ends_a_task_that_takes_a_cancellation_for_something_else() -> None:
    """So may a client of the queue: for the timeout of what it was at."""
    begun = asyncio.Event()

    async def deaf(times: int) -> None:
        for _ in range(times):
            begun.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    task = asyncio.create_task(deaf(2))
    await begun.wait()
    async with asyncio.timeout(20):
        await worker.end(task)
    assert task.cancelled()


async def test_it_leaves_no_error_behind_of_jobs_that_fail_together(addresses: Addresses) -> None:
    """One ends the conversation with the queue, which begins anew; nobody asks for the others'."""
    left: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: left.append(context))
    prefix = f"{uuid.uuid4()}:"
    pool = await create_pool(worker.redis_settings(addresses.redis_url), job_serializer=orjson.dumps)
    for _ in range(3):
        job = await pool.enqueue_job(worker.WAKE, _queue_name=prefix + worker.QUEUE)
        assert job is not None
        await pool.set(f"arq:retry:{job.job_id}", "no number")  # which the queue then cannot count up
    with capture_logs() as told:
        listening = asyncio.create_task(worker.listen(addresses.redis_url, prefix, lambda: None, []))
        async with asyncio.timeout(15):
            while not any(one["event"] == "queue lost" for one in told):
                await asyncio.sleep(0.05)
        await worker.end(listening)
    await pool.aclose()
    gc.collect()
    assert left == []


async def test_it_finds_back_to_a_queue_that_was_killed_and_emptied(tmp_path: Path) -> None:
    servers = await asyncio.to_thread(embedded.start, tmp_path, durable=False)
    try:
        bell = Bell()
        loop = worker.Loop([worker.Duty("bell", bell.ring, forever)])
        async with queued(servers.redis_url, loop) as waker, running(loop):
            waker.wake()
            await bell.reaches(2)
            await asyncio.to_thread(valkey.stop, servers.cache)
            loop.wake()
            await bell.reaches(3)
            servers.cache = await asyncio.to_thread(valkey.start, servers.place, durable=False)
            async with asyncio.timeout(30):
                while bell.rung < 4:
                    waker.wake()
                    await asyncio.sleep(0.1)
    finally:
        await asyncio.to_thread(servers.stop)

"""The worker: duties that look for due work by themselves; arq, known only here, brings wake-ups and crons."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from arq import cron
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

QUEUE = "ayumi:wake"
WAKE = "wake"
JOB_TIMEOUT = 20  # seconds
COMPLETION = 5  # seconds jobs under way get when the worker stops
STOPPING = 10  # seconds a duty may take to end when the worker stops
LONGEST_PAUSE = 15.0  # seconds between attempts to reach the queue

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a worker does again and again: `once` says whether there may be more to do at once; `pause` how long
    to wait at most, in seconds, when there is not. A wake-up cuts the pause short, but not the `rest`:
    so many seconds lie between two looks at least."""

    name: str
    once: Callable[[], Awaitable[bool]]
    pause: Callable[[], Awaitable[float]]
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class Cron:
    """Housekeeping at fixed minutes of the hour; nothing depends on it being in time."""

    name: str
    work: Callable[[], Awaitable[None]]
    minutes: set[int]


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task that talks with the queue, and wait until it is over; what it raises is nothing to us.

    More than once: the queue's client may take a cancellation for the timeout of what it was at.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.1)


class Loop:
    """Runs duties side by side until stopped, whatever the queue does."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._alarms = [asyncio.Event() for _ in duties]
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        for alarm in self._alarms:
            alarm.set()

    async def run(self) -> None:
        tasks = [
            asyncio.create_task(self._serve(duty, alarm), name=duty.name)
            for duty, alarm in zip(self._duties, self._alarms, strict=True)
        ]
        await self._stopping.wait()
        self.wake()
        _, late = await asyncio.wait(tasks, timeout=STOPPING)
        for task in late:
            task.cancel()

    def stop(self) -> None:
        self._stopping.set()
        self.wake()

    async def _serve(self, duty: Duty, alarm: asyncio.Event) -> None:
        trouble = 0.0
        while not self._stopping.is_set():
            alarm.clear()
            try:
                more = await duty.once()
                pause = 0.0 if more else await duty.pause()
                trouble = 0.0
            except Exception as error:
                trouble = min(max(0.2, trouble * 2), 5.0)
                pause = trouble
                log.warning("duty failed", duty=duty.name, error=type(error).__name__, exc_info=error)
            if pause > 0 and not await _set(self._stopping, duty.rest):
                await _set(alarm, pause - duty.rest)


async def _set(event: asyncio.Event, seconds: float) -> bool:
    """Wait until it is set, so long at most; whether it is."""
    if seconds > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def listen(redis_url: str, prefix: str, wake: Callable[[], None], crons: Sequence[Cron]) -> None:
    """Serve wake-ups and crons from the queue for ever; when the queue is lost, try again until it is back."""
    pause = 0.5
    while True:
        try:
            await _serve(redis_url, prefix, wake, crons)
            pause = 0.5
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the queue's door: the worker's own loop runs without it
            log.warning("queue lost", error=type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _serve(redis_url: str, prefix: str, wake: Callable[[], None], crons: Sequence[Cron]) -> None:
    async def woken(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - as arq calls it
        wake()

    pool = await _pool(redis_url)
    worker = Worker(
        functions=[func(woken, name=WAKE)],
        cron_jobs=[
            cron(_cron_job(one), name=f"cron:{one.name}", minute=one.minutes, timeout=JOB_TIMEOUT) for one in crons
        ],
        queue_name=prefix + QUEUE,
        redis_pool=pool,
        job_timeout=JOB_TIMEOUT,
        keep_result=0,
        max_tries=1,
        max_jobs=20,
        poll_delay=0.2,
        queue_read_limit=100,
        health_check_interval=10,
        health_check_key=f"{prefix}{QUEUE}:health",
        handle_signals=False,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        log_results=False,
    )
    try:
        await worker.async_run()
    finally:
        await _end(worker, pool)


async def _end(worker: Worker, pool: ArqRedis) -> None:
    """Let jobs under way finish for a moment. arq's own `close` asks a lost queue for permission first.

    Of jobs that ended badly arq looks at one and stops: what the others raise is that the queue is lost, too.
    """
    for task in worker.tasks.values():
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    if worker.tasks:
        _, late = await asyncio.wait(worker.tasks.values(), timeout=COMPLETION)
        for task in late:
            task.cancel()
    with contextlib.suppress(RedisError, OSError):
        await pool.aclose()


async def _pool(redis_url: str) -> ArqRedis:
    return await create_pool(redis_settings(redis_url), job_serializer=orjson.dumps, job_deserializer=orjson.loads)


def _cron_job(one: Cron) -> WorkerCoroutine:
    async def job(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 - as arq calls it
        await one.work()

    return job


def redis_settings(url: str) -> RedisSettings:
    """arq dies on a restart of the queue unless its client also tries again after an OSError."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = 2
    settings.conn_retries = 3
    settings.retry_on_timeout = True
    settings.retry_on_error = [RedisConnectionError, RedisTimeoutError, OSError]
    settings.retry = Retry(ExponentialBackoff(cap=2, base=0.1), 10)
    return settings


class Waker:
    """Tells some worker that there is new work; many calls in a moment become one, and a lost queue is no failure."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        self._url = redis_url
        self._prefix = prefix
        self._pool: ArqRedis | None = None
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="waker")

    def wake(self) -> None:
        self._wanted.set()

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
        if self._pool is not None:
            await self._pool.aclose()

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                if self._pool is None:
                    self._pool = await _pool(self._url)
                await self._pool.enqueue_job(WAKE, _queue_name=self._prefix + QUEUE)
            except (RedisError, OSError) as error:
                log.info("wake-up not sent", error=type(error).__name__)
            await asyncio.sleep(0.05)

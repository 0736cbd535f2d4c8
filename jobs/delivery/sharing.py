"""What all processes share of delivery, kept in Valkey: for each endpoint of LINE a line of places; their counts.

Nothing rests on it but that LINE is not asked too fast. While Valkey is away or slow, each process goes on with a part
of the pace.
"""

import asyncio
import contextlib
import uuid
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from jobs.delivery import pace, tally

REACH = 0.2  # seconds Valkey may take to answer
BEAT = 5.0  # seconds between two signs of life of a process
AWAY = 1.0  # seconds between two attempts to reach Valkey again
GONE = 15.0  # seconds after its last sign of life a process counts no more
USING = 1.0  # seconds after its last share a process no longer counts as using an endpoint
UNKNOWN = 2  # processes before Valkey has told: a server and a worker
SHARE = 0.05  # seconds of the whole pace that are given at once
PATIENCE = 0.025  # seconds of the line that must be free ahead before what is not urgent gets a share
LONGEST = 2.0  # seconds: a longer line is none, but Valkey's clock was set back

log = structlog.get_logger()

# Times in microseconds. `line` is where the next share begins; `part` and `slowed` are the pace after LINE's complaint.
_READ = f"""
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function present(key, id, seconds)
    local at = math.floor(now / 1000)
    redis.call('ZADD', key, at, id)
    redis.call('ZREMRANGEBYSCORE', key, '-inf', at - seconds * 1000)
    redis.call('ZREMRANGEBYSCORE', key, '(' .. string.format('%.0f', at), '+inf')
    redis.call('PEXPIRE', key, 60000)
    return redis.call('ZCARD', key)
end
local function pace_of(key)
    local had = redis.call('HMGET', key, 'part', 'slowed')
    local part, slowed = tonumber(had[1] or 1), tonumber(had[2] or 0)
    return math.min(1, part * math.pow({pace.RECOVERY}, math.max(0, now - slowed) / 1000000)), slowed
end
"""
_TAKE = f"""{_READ}
local rate, most, urgent, id = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', ARGV[4]
local using = present(KEYS[2], id, {USING})
local pace = rate * pace_of(KEYS[1])
local line = tonumber(redis.call('HGET', KEYS[1], 'line') or now)
if line > now + {LONGEST * 1_000_000:.0f} then line = now end
line = math.max(line, now - {pace.BURST * 1_000_000:.0f})
local given = math.min(most, math.max(1, math.floor(pace * {SHARE})))
if not urgent and line > now + {PATIENCE * 1_000_000:.0f} then
    return {{0, math.ceil(line - now - {PATIENCE * 1_000_000:.0f}), math.floor(pace * 1000), using}}
end
redis.call('HSET', KEYS[1], 'line', string.format('%.0f', line + given * 1000000 / pace))
redis.call('PEXPIRE', KEYS[1], 120000)
return {{given, math.floor(line - now), math.floor(pace * 1000), using}}
"""
_SLOWER = f"""{_READ}
local part, slowed = pace_of(KEYS[1])
if now - slowed >= 500000 or slowed > now then
    local less = math.max({pace.SLOWEST}, part / 2)
    redis.call('HSET', KEYS[1], 'part', tostring(less), 'slowed', string.format('%.0f', now))
    redis.call('PEXPIRE', KEYS[1], 120000)
end
"""
_BEAT = f"{_READ} return present(KEYS[1], ARGV[1], {GONE})"


@dataclass(frozen=True, slots=True)
class Share:
    """`count` calls one after another at `pace` calls a second, the first of them in `wait` seconds (or so long ago).

    With a count of 0: to be asked for again in `wait` seconds. `using`: how many processes use the endpoint now.
    """

    count: int
    wait: float
    pace: float
    using: int


class Shared:
    """One process's connection to the lines of places; installs on one Valkey are kept apart by `prefix`."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        self.near = False  # Valkey answers
        self.processes = UNKNOWN  # alive when last heard of, this one too
        self.tally = tally.Tally()
        self._id = uuid.uuid4().hex
        self._prefix = f"{prefix}ayumi:pace:"
        self._client: Redis = Redis.from_url(
            redis_url, socket_timeout=REACH, socket_connect_timeout=REACH, retry=Retry(NoBackoff(), 0)
        )
        self._take = self._client.register_script(_TAKE)
        self._slower = self._client.register_script(_SLOWER)
        self._beat = self._client.register_script(_BEAT)
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="shared pace")

    async def stop(self) -> None:
        while self._task is not None and not self._task.done():
            self._task.cancel()  # more than once: the client may take it for the timeout of what it was at
            await asyncio.wait([self._task], timeout=0.1)
        with contextlib.suppress(RedisError, OSError):
            if self.near:
                await self._add()
                await self._client.zrem(self._prefix + "processes", self._id)
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()

    async def take(self, endpoint: str, rate: float, most: int, urgent: bool) -> Share | None:
        """Up to `most` places in the line of an endpoint that takes `rate` calls a second of all processes together;
        None while Valkey is away. What is urgent need not wait until the line is short."""
        if not self.near:
            return None
        key = self._prefix + endpoint
        try:
            found = await self._take([key, f"{key}:using"], [rate, most, int(urgent), self._id])
            count, wait, thousandth, using = (int(one) for one in found)
        except (RedisError, OSError, ValueError, TypeError) as error:
            self._lose(error)
            return None
        return Share(count, wait / 1_000_000, thousandth / 1_000, using) if thousandth > 0 else None

    async def slower(self, endpoint: str) -> None:
        """LINE found us too fast: half the pace for all processes, slowly full again."""
        if not self.near:
            return
        try:
            await self._slower([self._prefix + endpoint])
        except (RedisError, OSError) as error:
            self._lose(error)

    async def told(self) -> tally.Told | None:
        """The counts of all processes, some seconds old; None while Valkey is away."""
        if not self.near:
            return None
        try:
            # redis types the answers of both its clients as one
            found = await self._client.hgetall(self._prefix + "counts")  # type: ignore[misc]
        except (RedisError, OSError) as error:
            self._lose(error)
            return None
        return tally.told({name.decode(): int(count) for name, count in found.items()})

    async def _add(self) -> None:
        """Add this process's counts to those of all."""
        counts = self.tally.take()
        if not counts:
            return
        try:
            async with self._client.pipeline(transaction=True) as pipe:
                for name, count in counts.items():
                    pipe.hincrby(self._prefix + "counts", name, count)
                await pipe.execute()
        except (RedisError, OSError):
            self.tally.put_back(counts)
            raise

    async def _run(self) -> None:
        while True:
            try:
                if not self.near:  # connections that the last Valkey has left behind
                    await self._client.connection_pool.disconnect(inuse_connections=False)
                alive = int(await self._beat([self._prefix + "processes"], [self._id]))
                self.processes = alive if self.near else max(alive, self.processes)  # the others may come back as well
                self._lost.clear()
                self.near = True
                await self._add()
            except (RedisError, OSError) as error:
                self._lose(error)
            if self.near:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._lost.wait(), BEAT)
            if not self.near:
                await asyncio.sleep(AWAY)

    def _lose(self, error: Exception) -> None:
        if self.near:
            log.info("paces not shared", error=type(error).__name__, processes=self.processes)
        self.near = False
        self._lost.set()

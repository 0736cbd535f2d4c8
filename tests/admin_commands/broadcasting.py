"""Broadcasts in tests: a block, its card confirmed, begun, planned, and whom it reaches."""

from typing import Any

from jobs import broadcasts, operations
from storage import broadcasts as kept
from storage import clock, database, erasure, friends, segments
from tests.admin_commands.shop import TOKYO, Answer, Shop
from tests.jobs import delivering

TEXT = "年末のクーポンです"

BLOCK = f"""■配信 年末
対象: 全員
▼本文
{TEXT}"""


async def state(shop: Shop) -> str:
    [one] = await kept.everything()
    return one.state


async def begin(shop: Shop) -> bool:
    return await broadcasts.begin_due(shop.cache)


async def plan(shop: Shop) -> None:
    """Let the operation be planned to its end."""
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def confirmed(shop: Shop, card: Answer, count: int) -> Answer:
    """What is typed to a card that asks for the number."""
    assert f"「{count}」と送ってください" in card.text
    return await shop.ask(str(count))


async def people(stage: delivering.Stage, count: int) -> list[str]:
    """So many friends of the account at LINE and with us."""
    users = await stage.channel.crowd(count)
    await friends.register([(user, f"客{n}", None, None) for n, user in enumerate(users, 1)], "now()")
    await database.run("UPDATE friends SET following = true")
    return users


async def erase(user: str) -> None:
    friend: int = await database.value("SELECT id FROM friends WHERE line_user_id = $1", user)
    await database.repeated(lambda: erasure.erase(friend, user, ()))


async def count(shop: Shop, condition: Any) -> int:
    """How many friends it is true for."""
    moment = await clock.read()
    return await segments.count(condition, segments.Sight(moment.now, TOKYO))


async def crowd_more(count: int) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Ud' || lpad(to_hex(n), 31, '0'), '新' || n, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )

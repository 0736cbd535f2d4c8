"""A small cast for engine tests: friends, tags and scenarios written straight into the database, facts let happen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from jobs import configuration, due, facts, operations, plans, triggers
from storage import account, action_sets, buttons, changes, clock, database, friends, tags

TOKYO = ZoneInfo("Asia/Tokyo")
IN_AN_HOUR = {"kind": "elapsed", "amount": 1, "unit": "hour"}
ROOT = "command:1:0"


def say(text: str) -> dict[str, Any]:
    return {"do": "send", "messages": [{"type": "text", "text": text}]}


def step(
    key: str, timing: dict[str, Any], text: str | None = None, actions: Sequence[dict[str, Any]] = (), **rest: Any
) -> dict[str, Any]:
    messages = [{"type": "text", "text": text}] if text else []
    return {"key": key, "timing": timing, "messages": messages, "actions": list(actions)} | rest


async def add_friends(count: int, first: int = 1) -> list[int]:
    """Friends who follow us; their names are 友だち1, 友だち2, ..."""
    numbers = range(first, first + count)
    await friends.register([(f"U{n:032x}", f"友だち{n}", None, None) for n in numbers], clock.NOW)
    found = await database.rows(
        "UPDATE friends SET following = true WHERE line_user_id = ANY($1::text[]) RETURNING id",
        [f"U{n:032x}" for n in numbers],
    )
    return sorted(row["id"] for row in found)


async def add_tag(name: str) -> int:
    found: int = await database.value(
        "INSERT INTO tags (name, name_key, created_at) VALUES ($1, $1, now()) RETURNING id", name
    )
    return found


async def set_rules(
    tag: int,
    limit: int | None = None,
    again: bool = False,
    **lists: Sequence[dict[str, Any]],
) -> None:
    """`on`, `off`, `full`: what the tag does by itself."""
    rules = {moment: tags.Rule("", list(actions)) for moment, actions in lists.items()}
    await tags.set_rules(tag, tags.Rules(limit, rules.get("on"), rules.get("off"), rules.get("full"), again))
    await account.configuration_changed()


async def add_scenario(name: str, steps: Sequence[dict[str, Any]], state: str = "live", **rest: Any) -> int:
    scenario: int = await database.value(
        "INSERT INTO scenarios (name, name_key, state, created_at) VALUES ($1, $1, $2, now()) RETURNING id", name, state
    )
    definition = {
        "start": [],
        "target": None,
        "end": [],
        "window": ["00:00", "00:00"],  # the shop's quiet hours hold nothing up, whatever time it is
        "restart": "never",
        "steps": list(steps),
    } | rest
    version = await database.value(
        "INSERT INTO scenario_versions (scenario_id, number, source, definition, created_at, published_at)"
        " VALUES ($1, 1, '', $2::jsonb, now(), now()) RETURNING id",
        scenario,
        orjson.dumps(definition).decode(),
    )
    await database.run("UPDATE scenarios SET live_version_id = $2 WHERE id = $1", scenario, version)
    await account.configuration_changed()
    return scenario


async def add_greeting(kind: str, actions: Sequence[dict[str, Any]]) -> None:
    await database.run(
        "INSERT INTO greetings (kind, source, actions, updated_at) VALUES ($1, '', $2::jsonb, now())",
        kind,
        orjson.dumps(list(actions)).decode(),
    )
    await account.configuration_changed()


async def add_set(name: str, actions: Sequence[dict[str, Any]]) -> int:
    """A saved action set; its number."""
    number = await action_sets.make(name, await clock.now())
    await action_sets.write(number, "", actions, 1, await clock.now())
    await account.configuration_changed()
    return number


async def add_auto_reply(name: str, *words: str, actions: Sequence[dict[str, Any]], **rule: Any) -> int:
    """A rule in force: any of `words`; what else it says as it is stored."""
    number: int = await database.value(
        "INSERT INTO auto_replies (name, name_key, state, live, created_at) VALUES ($1, $1, 'live', 1, now())"
        " RETURNING id",
        name,
    )
    content = {
        "source": "",
        "rule": {"words": [[word] for word in words], "kinds": ["text"], **rule},
        "actions": list(actions),
    }
    await database.run(
        "INSERT INTO block_versions (owner, number, content, created_at)"
        " VALUES ('auto_reply:' || $1::bigint, 1, $2::jsonb, now())",
        number,
        orjson.dumps(content).decode(),
    )
    await account.configuration_changed()
    return number


async def let_happen(
    cache: configuration.Cache,
    given: Sequence[tuple[int, facts.What]],
    *,
    with_tokens: bool = False,
    at: datetime | None = None,
) -> list[int]:
    """One event for each (friend, what) in one transaction; the outbox rows written."""

    async def work() -> list[int]:
        people = await friends.lock([friend for friend, _ in given])
        moment = await clock.read()
        plan = plans.Plan(moment=moment, cache=cache, config=await cache.at(moment), people=people)
        told = []
        for number, (friend, what) in enumerate(given, start=1_000 + int(moment.now.timestamp() * 1e6) % 10**12):
            told.append(facts.Fact(friend, at or moment.now, what, facts.of_event(number)))
            if with_tokens:
                plan.tokens[number] = plans.Token(friend, number, f"token{number}", moment.now)
        await triggers.happened(told, plan)
        return await plan.write()

    return await database.repeated(work)


async def do(
    cache: configuration.Cache, people: Sequence[int], actions: Sequence[dict[str, Any]], root: str = ROOT
) -> operations.Applied:
    """A deed of staff's hand."""
    return await database.repeated(lambda: operations.apply(cache, people, actions, root))


async def press(cache: configuration.Cache, people: Sequence[int], actions: list[dict[str, Any]]) -> None:
    """A button of theirs, with their reply tokens alive."""
    [button] = await buttons.make("test:1", [buttons.Wanted("押す", actions)], await clock.now())
    await let_happen(cache, [(one, facts.Pressed(button)) for one in people], with_tokens=True)


async def work_off(cache: configuration.Cache) -> int:
    """Everything that is due; how many pieces it was."""
    count = 0
    while done := (await due.run_set(cache)).friends:
        count += done
    return count


async def pass_time(cache: configuration.Cache, **time: float) -> int:
    await clock.move(await clock.now() + timedelta(**time))
    return await work_off(cache)


async def undo(change: changes.Change) -> changes.Applied:
    async def work() -> changes.Applied:
        await friends.lock(await changes.friends_of([change]))
        return (await changes.apply([change], await clock.now()))[0]

    return await database.repeated(work)


async def outgoing() -> list[dict[str, Any]]:
    """All outbox rows in order, with their texts."""
    found = await database.rows(
        "SELECT id, kind, class, cause, chat, cardinality(recipients) AS heads, body, after, cost, state, reply_token"
        " FROM outbox ORDER BY id"
    )
    for row in found:
        row["texts"] = [message.get("text") for message in orjson.loads(row.pop("body"))]
    return found

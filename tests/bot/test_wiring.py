"""What a process looks at before it begins: the schema, the account it belongs to, and whether time was lost."""

from datetime import timedelta
from typing import Any

import pytest

from bot import settings, wiring
from jobs import broadcasts, configuration, operations, parked
from storage import account, changes, clock, database, outbox, pauses, segments
from storage import broadcasts as kept
from storage import operations as deeds
from storage import parked as heaps
from storage.broadcasts import results, runs
from tests.conftest import Addresses, named
from tests.jobs import engine
from tests.simulator import control


@pytest.fixture
async def waiting(db: str) -> None:
    """One message that was about to leave when everything stopped."""
    [friend] = await engine.add_friends(1)
    await database.run(
        "INSERT INTO outbox (id, kind, class, priority, cause, chat, recipients, after, body, retry_key, cost, state,"
        " ready_at, try_at, created_at) VALUES (1, 'push', 'promotion', 5, 'event:1', 'U1', '{}', '{}', '[]',"
        " gen_random_uuid(), 1, 'open', now(), now(), now())"
    )
    await database.run("INSERT INTO deliveries (cause, friend_id, outbox_id, at) VALUES ('e', $1, 1, now())", friend)


async def begin(given: settings.Settings) -> None:
    await database.disconnect()
    async with wiring.house(given):
        pass
    await database.connect(given.database_url)


def real(given: settings.Settings) -> settings.Settings:
    return given.model_copy(update={"ayumi_sandbox": False})


async def test_it_holds_everything_back_after_a_long_silence(waiting: None, bot_settings: settings.Settings) -> None:
    await database.run("UPDATE account SET heartbeat_at = now() - interval '24 hours'")
    await begin(real(bot_settings))
    assert [one.scope for one in await pauses.held()] == ["all"]
    assert await outbox.unknown_by_cause() == {"event:1": 1}


async def test_it_goes_on_after_a_short_one(waiting: None, bot_settings: settings.Settings) -> None:
    await database.run("UPDATE account SET heartbeat_at = now() - interval '22 hours'")
    await begin(real(bot_settings))
    assert await pauses.held() == []
    assert await outbox.unknown_by_cause() == {}


async def test_it_lets_a_sandbox_rest_but_not_after_a_restore(waiting: None, bot_settings: settings.Settings) -> None:
    await database.run("UPDATE account SET heartbeat_at = now() - interval '30 days'")
    await begin(bot_settings)
    assert await pauses.held() == []
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await begin(bot_settings)
    assert [one.reason for one in await pauses.held()] == ["restored"]
    assert await outbox.unknown_by_cause() == {"event:1": 1}


async def test_it_doubts_once_for_all_processes_that_begin_after_a_restore(
    waiting: None, bot_settings: settings.Settings
) -> None:
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await begin(bot_settings)
    await outbox.resume("all")
    await begin(bot_settings)
    assert await pauses.held() == []


async def planned(at: str, actions: list[dict[str, Any]]) -> int:
    """The run of a broadcast to everybody that begins then; its number."""
    now = await clock.now()
    number = await kept.make("年末", now)
    definition = {"target": {"everyone": True}, "frozen": False, "actions": actions}
    begins = await database.value(f"SELECT now() + interval '{at}'")
    return await runs.plan(
        number,
        at=begins,
        immediate=False,
        confirmed=3,
        definition=definition,
        operation=None,
        staff_id=None,
        now=now,
    )


async def test_it_writes_to_nobody_again_whom_a_broadcast_has_reached_since_the_backup(
    bot_settings: settings.Settings, db: str
) -> None:
    """The backup was taken when one of three had been planned; the other two have got theirs since."""
    cache = configuration.Cache(engine.TOKYO)
    people = await engine.add_friends(3)
    await planned("-1 minute", [engine.say("年末です")])
    assert await broadcasts.begin_due(cache)
    [running] = await deeds.running()
    await database.run("UPDATE operation_friends SET state = 'late' WHERE friend_id <> $1", people[0])
    await operations.run_chunk(cache)
    await database.run("UPDATE operation_friends SET state = 'open' WHERE state = 'late'")
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await begin(bot_settings)
    await outbox.resume("all")
    while await operations.run_chunk(cache) is not None:
        pass
    assert [row["state"] for row in await database.rows("SELECT state FROM outbox WHERE class = 'promotion'")] == [
        "unknown"
    ]
    tally = await runs.tally(running.id)
    assert (tally.total, tally.unknown, tally.stopped) == (3, 3, 0)
    [run] = await results.begun(1)
    sight = segments.Sight(await clock.now(), bot_settings.zone)
    assert (await results.of(run, kept.owner(1), (), sight)).unknown == {"restored": 3}
    [heap] = [one for one in (await heaps.page(10, 0))[0] if one.kind == "operation"]
    assert (heap.friends, heap.doubted, heap.running) == (2, 2, False)
    back = await database.repeated(lambda: clear([heap]))
    await database.repeated(lambda: put_back(back))
    assert (await heaps.these([("operation", running.id)])) == [heap]
    await database.repeated(lambda: again([heap]))
    assert await operations.run_chunk(cache)
    assert await deeds.doubted() == 0
    assert (await runs.tally(running.id)).waiting == 2


async def clear(found: list[heaps.Heap]) -> list[changes.Change]:
    return await parked.clear(found, await clock.now())


async def put_back(back: list[changes.Change]) -> None:
    await changes.apply(back, await clock.now())


async def again(found: list[heaps.Heap]) -> None:
    await parked.again(found, await clock.now())


async def test_it_asks_about_a_broadcast_that_was_due_before_the_restore(
    bot_settings: settings.Settings, db: str
) -> None:
    cache = configuration.Cache(engine.TOKYO)
    await engine.add_friends(3)
    due = await planned("-5 minutes", [engine.say("年末です")])
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await begin(bot_settings)
    await outbox.resume("all")
    assert await broadcasts.begin_due(cache)
    assert await database.value("SELECT count(*) FROM operations") == 0
    found = await database.row("SELECT state, reason FROM broadcast_runs WHERE id = $1", due)
    assert found == {"state": "asked", "reason": "restored"}
    assert "もう送っているかもしれない" in broadcasts.why("restored", 3, 3)


async def test_it_sends_a_broadcast_whose_time_had_not_come_before_the_restore(
    bot_settings: settings.Settings, db: str
) -> None:
    cache = configuration.Cache(engine.TOKYO)
    await engine.add_friends(3)
    await planned("5 minutes", [engine.say("年末です")])
    await database.run("UPDATE account SET heartbeat_at = 'epoch'")
    await begin(bot_settings)
    await outbox.resume("all")
    await clock.move(await clock.now() + timedelta(minutes=6))
    assert await broadcasts.begin_due(cache)
    assert await database.value("SELECT state FROM broadcast_runs") == "begun"


async def test_it_refuses_an_old_schema_in_one_sentence(bot_settings: settings.Settings, db: str) -> None:
    await database.run("ALTER TABLE tortoise_migrations RENAME TO put_aside")
    await database.disconnect()
    try:
        with pytest.raises(settings.Wrong, match=r"another version of Ayumi: run \./ayumi migrate first"):
            async with wiring.house(bot_settings):
                pass
    finally:
        await database.connect(db)
        await database.run("ALTER TABLE put_aside RENAME TO tortoise_migrations")


async def test_it_says_of_an_empty_database_that_it_is_empty(
    bot_settings: settings.Settings, addresses: Addresses
) -> None:
    empty = bot_settings.model_copy(update={"database_url": named(addresses.database_url, "postgres")})
    with pytest.raises(settings.Wrong, match=r"^The database is empty: run \./ayumi migrate first"):
        async with wiring.house(empty):
            pass


async def test_it_keeps_the_accounts_identity_and_refuses_another(
    house: wiring.House, simulator: control.Simulator
) -> None:
    known = await wiring.recognise(house)
    assert await account.bot() == known
    await database.run("UPDATE account SET bot_user_id = $1", f"U{'f' * 32}")
    with pytest.raises(wiring.NotReady, match="another LINE official account"):
        await wiring.recognise(house)


async def test_it_says_what_to_do_about_a_wrong_token(house: wiring.House) -> None:
    house.line.use_token("wrong")
    with pytest.raises(wiring.NotReady, match="LINE_CHANNEL_ACCESS_TOKEN"):
        await wiring.recognise(house)


async def test_it_keeps_business_time_over_a_restart(waiting: None, bot_settings: settings.Settings) -> None:
    ahead = await clock.move(await clock.now() + timedelta(days=3))
    await begin(bot_settings)
    assert await clock.now() >= ahead

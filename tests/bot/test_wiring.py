"""What a process looks at before it begins: the schema, the account it belongs to, and whether time was lost."""

from datetime import timedelta

import pytest

from bot import settings, wiring
from storage import account, clock, database, outbox, pauses
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

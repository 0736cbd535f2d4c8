"""`./ayumi claim-code`: a code at the terminal, and none unasked once there is an owner."""

import re
from typing import Any

import pytest

from bot import claim, settings
from storage import clock, database, staff
from tests.conftest import WORKER, Addresses, make_database, named


@pytest.fixture
async def url(addresses: Addresses) -> str:
    return await make_database(addresses, f"ayumi_claim_{WORKER}")


async def inside(url: str, work: Any) -> Any:
    await database.connect(url, 1)
    try:
        return await database.repeated(work)
    finally:
        await database.disconnect()


async def test_a_code_from_the_terminal_makes_an_owner_once(url: str) -> None:
    code = await claim.new_code(url, only_if_unowned=True)
    assert code is not None
    assert re.fullmatch(r"\d{4}-\d{4}", code)

    async def use() -> str | None:
        await staff.joined("C1", "", None, await clock.now(), await clock.now())
        room = await staff.room("C1")
        assert room is not None
        given, _ = await staff.try_code(room.id, code.replace("-", ""), await clock.now())
        return given.role if given else None

    assert await inside(url, use) == "owner"
    assert await inside(url, use) is None


async def test_unasked_there_is_no_code_once_there_is_an_owner(url: str) -> None:
    async def appoint() -> None:
        await database.run(
            "INSERT INTO staff (line_user_id, name, role, state, created_at)"
            " VALUES ('U1', 'x', 'owner', 'active', now())"
        )

    await inside(url, appoint)
    assert await claim.new_code(url, only_if_unowned=True) is None
    assert await claim.new_code(url, only_if_unowned=False) is not None


async def test_an_empty_database_is_one_sentence(addresses: Addresses) -> None:
    with pytest.raises(settings.Wrong, match=r"is empty: run \./ayumi migrate"):
        await claim.new_code(named(addresses.database_url, "postgres"), only_if_unowned=True)

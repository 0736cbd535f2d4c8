"""The shop on an empty database, its group claimed by 山田."""

import pytest

from tests.admin_commands.shop import Shop


@pytest.fixture
async def stranger_shop(db: str) -> Shop:
    """A shop whose group nobody has claimed."""
    return Shop()


@pytest.fixture
async def shop(stranger_shop: Shop) -> Shop:
    await stranger_shop.claim()
    return stranger_shop

"""The shop on an empty database, its group claimed by 山田."""

import pytest

from tests.admin_commands.shop import Shop, open_in_the_morning


@pytest.fixture
async def stranger_shop(db: str) -> Shop:
    """A shop whose group nobody has claimed; it is the morning, so that for thirteen hours nothing is held up."""
    await open_in_the_morning()
    return Shop()


@pytest.fixture
async def shop(stranger_shop: Shop) -> Shop:
    await stranger_shop.claim()
    return stranger_shop

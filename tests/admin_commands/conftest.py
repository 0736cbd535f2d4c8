"""The shop on an empty database, its group claimed by 山田."""

import pytest

from storage import staff
from tests.admin_commands.shop import Shop, open_in_the_morning


@pytest.fixture
async def stranger_shop(db: str, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose group nobody has claimed; it is the morning, so that for thirteen hours nothing is held up.

    Its codes are quickly guessed: to make and to take one at full cost is a third of what a whole test takes.
    """
    monkeypatch.setattr(staff, "COST", 2)
    await open_in_the_morning()
    return Shop()


@pytest.fixture
async def shop(stranger_shop: Shop) -> Shop:
    await stranger_shop.claim()
    return stranger_shop

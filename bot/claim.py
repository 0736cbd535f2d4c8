"""The one-time code by which staff claim their LINE group, asked for at the terminal."""

from bot import trouble
from storage import clock, database, staff


async def new_code(database_url: str, *, only_if_unowned: bool) -> str | None:
    """A fresh owner's code as 1234-5678, older ones void; None when it was for the first owner and there is one."""

    async def make() -> str | None:
        if only_if_unowned and await staff.owned():
            return None
        return await staff.new_code("owner", await clock.now())

    await database.connect(database_url, 1)
    try:
        await trouble.require_schema()
        code = await database.repeated(make)
    finally:
        await database.disconnect()
    return None if code is None else f"{code[:4]}-{code[4:]}"

"""Row changes are applied only to what is as expected, and know their own way back."""

from datetime import UTC, datetime

import pytest

from storage import bin, changes, clock, database, friends, named, tags

NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def tag(name: str) -> int:
    return (await tags.make([name], NOW))[name]


async def names() -> list[str]:
    return [row["name"] for row in await database.rows("SELECT name FROM tags WHERE deleted_at IS NULL ORDER BY id")]


@pytest.mark.usefixtures("db")
async def test_it_puts_a_row_back_and_knows_the_way_forward_again() -> None:
    number = await tag("VIP")
    version = await named.rename("tags", number, "特別")
    back = changes.put_back("tags", number, version, {"name": "VIP", "name_key": "vip"})
    [applied] = await changes.apply([back], NOW)
    assert (applied.done, applied.kept) == (1, 0)
    assert await names() == ["VIP"]
    [again] = await changes.apply(applied.reverse, NOW)
    assert again.done == 1
    assert await names() == ["特別"]


@pytest.mark.usefixtures("db")
async def test_it_leaves_a_row_of_another_version() -> None:
    number = await tag("VIP")
    await named.rename("tags", number, "特別")
    back = changes.put_back("tags", number, 1, {"name": "VIP", "name_key": "vip"})
    [applied] = await changes.apply([back], NOW)
    assert (applied.done, applied.kept, applied.reverse) == (0, 1, [])
    assert await names() == ["特別"]


@pytest.mark.usefixtures("db")
async def test_it_does_not_make_two_living_things_of_one_name() -> None:
    number = await tag("VIP")
    version = await bin.put_in("tags", number, NOW)
    await tag("vip")
    [applied] = await changes.apply([changes.put_back("tags", number, version, {"deleted_at": None})], NOW)
    assert (applied.done, applied.kept) == (0, 1)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "change",
    [
        {"do": "set", "table": "tags", "key": 1, "version": 1, "values": {"id": 9}},
        {"do": "set", "table": "tags", "key": 1, "version": 1, "values": {"name = 'x' --": 9}},
    ],
)
async def test_it_writes_no_column_that_is_not_on_its_list(change: changes.Change) -> None:
    await tag("VIP")
    with pytest.raises(ValueError, match="not to be put back"):
        await changes.apply([change], NOW)


@pytest.mark.usefixtures("db")
async def test_it_writes_no_table_that_is_not_on_its_list() -> None:
    with pytest.raises(KeyError):
        await changes.apply([{"do": "set", "table": "account", "key": 1, "version": 1, "values": {}}], NOW)
    with pytest.raises(ValueError, match="no such column"):
        changes.put_back("staff", 1, 1, {"line_user_id": "U1"})


@pytest.mark.usefixtures("db")
async def test_it_takes_off_only_the_very_links_it_was_told() -> None:
    number = await tag("VIP")
    await friends.register([("U1", "田中", None, None), ("U2", "鈴木", None, None)], clock.NOW)
    ids = [row["id"] for row in await database.rows("SELECT id FROM friends ORDER BY id")]
    await tags.put_on([(one, number) for one in ids], NOW)
    links = await tags.links(ids, [number])
    await tags.take_off(ids[:1], [number])
    await tags.put_on([(ids[0], number)], NOW)
    [applied] = await changes.apply([changes.take_off(sorted(links.values()))], NOW)
    assert (applied.done, applied.kept) == (1, 1)
    assert list(await tags.links(ids, [number])) == [(ids[0], number)]
    [again] = await changes.apply(applied.reverse, NOW)
    assert again.done == 1
    assert set(await tags.links(ids, [number])) == {(one, number) for one in ids}

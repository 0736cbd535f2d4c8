"""Friends are found by a part of their name, however it is written."""

from datetime import UTC, datetime

import pytest

from storage import clock, database, friends, names, segments

SIGHT = segments.Sight(datetime(2026, 11, 23, tzinfo=UTC), UTC)
NAMES = ["田中 花子", "ﾀﾅｶ ﾊﾅｺ", "Ｔａｎａｋａ", "VIPさん", "やまだ", "山田 太郎", "カラー好き"]


@pytest.fixture
async def everybody(db: str) -> None:
    people = [(f"U{place:032x}", name, None, None) for place, name in enumerate(NAMES)]
    await friends.register(people, clock.NOW)


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("田中", {"田中 花子"}),
        ("たなか", {"ﾀﾅｶ ﾊﾅｺ"}),
        ("タナカ", {"ﾀﾅｶ ﾊﾅｺ"}),
        ("tanaka", {"Ｔａｎａｋａ"}),
        ("ｖｉｐ", {"VIPさん"}),
        ("からー", {"カラー好き"}),
        ("%", set()),
        ("' OR 1=1", set()),
    ],
)
async def test_it_finds_a_name_in_any_spelling(words: str, found: set[str]) -> None:
    seen, total = await friends.search(words, 10, SIGHT)
    assert {one.name for one in seen} == found
    assert total == len(found)


@pytest.mark.usefixtures("everybody")
async def test_it_keeps_names_as_the_names_module_compares_them() -> None:
    kept = await database.rows("SELECT line_name, name_key FROM friends")
    assert {row["line_name"]: row["name_key"].strip() for row in kept} == {name: names.name_key(name) for name in NAMES}


@pytest.mark.usefixtures("everybody")
async def test_it_searches_what_staff_call_a_friend_as_well() -> None:
    await database.run("UPDATE friends SET display_name = '常連の田中さん' WHERE line_name = 'VIPさん'")
    seen, total = await friends.search("田中", 10, SIGHT)
    assert {one.name for one in seen} == {"田中 花子", "常連の田中さん"}
    assert total == 2


@pytest.mark.usefixtures("everybody")
async def test_it_counts_all_and_shows_a_page() -> None:
    seen, total = await friends.search("", 3, SIGHT)
    assert (len(seen), total) == (3, len(NAMES))

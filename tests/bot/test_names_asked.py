"""Whose names LINE is asked for before a turn."""

import pytest

from bot import lanes


@pytest.mark.parametrize("said", ["登録 1234-5678", "とうろく　1234 5678", "Claim 12345678", "スタッフ 申請"])
def test_it_knows_who_sends_a_code_however_it_is_written(said: str) -> None:
    assert lanes.COMMAND_LIKE.search(said)


def test_it_asks_for_nobody_in_small_talk() -> None:
    assert not lanes.COMMAND_LIKE.search("おはようございます。1234番のお客様です")

"""Names compare without regard to width, case or kana."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VIP", "ｖｉｐ"),
        ("カラー", "からー"),
        ("ｶﾞｰﾃﾞﾝ", "がーでん"),
        ("春の　客", " 春の 客 "),
        ("V\u200bIP\ufe0f", "vip"),
        ("ヴィラ", "ゔぃら"),
    ],
)
def test_it_sees_one_name_in_two_spellings(one: str, other: str) -> None:
    assert names.name_key(one) == names.name_key(other)


@pytest.mark.parametrize(("one", "other"), [("カラー", "カラ"), ("VIP", "VIP2"), ("はは", "ばば")])
def test_it_keeps_different_names_apart(one: str, other: str) -> None:
    assert names.name_key(one) != names.name_key(other)


@given(st.text())
def test_it_gives_the_key_of_a_key_unchanged(name: str) -> None:
    key = names.name_key(name)
    assert names.name_key(key) == key

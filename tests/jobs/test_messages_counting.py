"""Lengths as LINE counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import messages

PIECES = "aあ \r\n\u0301\u3099\uff76\uff9e\u200d\u200c\ufe0f👩👦🏽🇯🇵ᄒ\u1161\u11ab한\u0e33\u0600\u0903"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("日本語です。", 6),
        ("\r\n", 1),
        ("\n\r", 2),
        ("か\u3099", 1),
        ("ｶﾞ", 1),
        ("e\u0301\u0323", 1),
        ("👩🏽", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👩‍❤️‍💋‍👨", 1),
        ("❤️", 1),
        ("1️⃣", 1),
        ("🇯🇵", 1),
        ("🇯🇵🇺🇸🇫", 3),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("각", 1),
        ("\u1100\u1161\u11a8", 1),
        ("\u1100\u1161\u1100\u1161", 2),
        ("a\u200db", 2),
        ("กำ", 1),
        ("नि", 1),
        ("\u0600\u0661", 1),
        ("👩\u200d\u200d👩", 2),
        ("𠮷野家", 3),
        ("①㈱Ⅲ", 3),
    ],
)
def test_it_counts_what_a_person_sees(text: str, count: int) -> None:
    assert messages.graphemes(text) == count
    assert len(list(messages.clusters(text))) == count


@given(st.text(st.one_of(st.sampled_from(PIECES), st.characters())))
def test_it_counts_utf16_units(text: str) -> None:
    assert messages.utf16_len(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(st.one_of(st.sampled_from(PIECES), st.characters())))
def test_it_splits_without_losing_a_thing(text: str) -> None:
    clusters = list(messages.clusters(text))
    assert "".join(clusters) == text
    assert all(clusters)
    assert messages.graphemes(text) == len(clusters) <= len(text)


@given(st.text(st.sampled_from(PIECES)), st.text(st.sampled_from(PIECES)))
def test_it_never_finds_more_characters_in_the_whole_than_in_its_parts(left: str, right: str) -> None:
    assert messages.graphemes(left + right) <= messages.graphemes(left) + messages.graphemes(right)

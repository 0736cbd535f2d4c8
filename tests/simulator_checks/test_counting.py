"""How LINE counts characters: UTF-16 code units, or what a reader sees as one [G:text-character-count]."""

import pytest

from tests.simulator.messages import counting
from tests.simulator_checks.specimens import FAMILY


@pytest.mark.parametrize(
    ("words", "units", "graphemes"),
    [
        ("あいう", 3, 3),
        ("🙂", 2, 1),
        (FAMILY, 8, 1),
        ("👍🏽", 4, 1),
        ("🇯🇵🇫🇷", 8, 2),
        ("🇯🇵🇫", 6, 2),
        ("か\u3099", 2, 1),
        ("ｶﾞ", 2, 1),
        ("❤️‍🔥", 5, 1),
        ("1️⃣", 3, 1),
        ("\r\n", 2, 1),
        ("\n\r", 2, 2),
        ("\u1100\u1161\u11a8", 3, 1),
        ("각\u11a8", 2, 1),
        ("a\u200db", 3, 2),
        ("→\u200d→", 3, 2),
        ("↔\u200d↔", 3, 1),
        ("↔\u200d\u200d↔", 4, 2),
        ("\u0600a", 2, 1),
        ("葛\U000e0100", 3, 1),
        ("🏴\U000e0067\U000e0062\U000e007f", 8, 1),
        ("\u0e01\u0e33", 2, 1),
        ("", 0, 0),
    ],
)
def test_it_counts_as_line_counts(words: str, units: int, graphemes: int) -> None:
    assert counting.utf16(words) == units
    assert counting.graphemes(words) == graphemes

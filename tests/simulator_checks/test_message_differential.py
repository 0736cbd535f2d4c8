"""The product's checks against the simulator's on one corpus: what the product lets out, LINE would take."""

from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from jobs import messages as ours
from jobs.messages import counting as our_counting
from tests.examples import many
from tests.simulator.messages import counting, sends
from tests.simulator_checks import corpora

MANY = settings(
    max_examples=many(400),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
NAMES = st.sampled_from([None, "", "田中", "🙂" * 20, "x" * 5000, '"\\\n', "👨‍👩‍👧" * 300, "&?#/%", "\u200b", "$$$"])


def refused(messages: Any) -> list[dict[str, str]]:
    """What the simulator would answer, in short."""
    found = sends.problems({"messages": messages}, ())
    return [] if found is None else found.details


def agree(messages: Any, name: str | None) -> None:
    """If the product finds no fault, what it writes for a friend of that name is taken."""
    if ours.check(messages):
        event("refused by the product")
        return
    event("accepted by the product")
    assert refused(ours.render(messages, {"名前": name})) == []


@MANY
@given(corpora.messages(), NAMES)
def test_it_takes_whatever_the_product_lets_out(message: corpora.Json, name: str | None) -> None:
    agree([message], name)


@MANY
@given(corpora.spoiled(), NAMES)
def test_it_takes_whatever_the_product_lets_out_of_spoiled_ones(message: Any, name: str | None) -> None:
    agree([message], name)


@MANY
@given(
    st.text(
        alphabet=st.sampled_from([*"aあ🙂👨👩👍🏽🇯🇵❤1→★©\r\n", "\u200d", "\ufe0f", "\u3099", "\u1161", "각", "\u0600"])
    )
)
def test_both_count_alike(words: str) -> None:
    assert counting.graphemes(words) == our_counting.graphemes(words)
    assert counting.utf16(words) == our_counting.utf16_len(words)

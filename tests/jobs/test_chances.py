"""How sure a comparison is: against simulation by brute force, and how often chance alone is called a difference."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import chances
from jobs.chances import Sample

SAMPLES = st.integers(1, 3_000).flatmap(lambda n: st.builds(Sample, st.just(n), st.integers(0, n)))


@pytest.mark.parametrize(
    "samples",
    [
        [Sample(10, 3), Sample(10, 1)],
        [Sample(200, 20), Sample(200, 31)],
        [Sample(50, 0), Sample(40, 0)],
        [Sample(1_000, 100), Sample(50, 6), Sample(300, 20)],
        [Sample(90, 9), Sample(91, 10), Sample(92, 11), Sample(93, 3)],
        [Sample(5, 5), Sample(400, 390)],
    ],
)
def test_it_is_as_probable_as_in_a_simulation_by_brute_force(samples: list[Sample]) -> None:
    dice, rounds = random.Random(7), 15_000
    wins = [0] * len(samples)
    for _ in range(rounds):
        drawn = [dice.betavariate(1 + one.did, 1 + one.people - one.did) for one in samples]
        wins[drawn.index(max(drawn))] += 1
    assert chances.best(samples) == pytest.approx([one / rounds for one in wins], abs=0.015)


@settings(deadline=None, max_examples=40)
@given(st.lists(SAMPLES, min_size=2, max_size=4))
def test_probabilities_are_those_of_one_winner_whatever_the_order(samples: list[Sample]) -> None:
    found = chances.best(samples)
    assert sum(found) == pytest.approx(1)
    assert all(0 <= one <= 1 for one in found)
    assert chances.best(samples[::-1]) == pytest.approx(found[::-1], abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 500), st.integers(1, 500), st.floats(0.001, 0.999))
def test_the_distribution_is_that_of_so_many_of_uniform_numbers(a: int, b: int, x: float) -> None:
    """Beta(a, b) below x is the chance that at least a of a + b - 1 uniform numbers are."""
    n = a + b - 1
    pmf, total = (1 - x) ** n, 0.0
    if pmf < 1e-250:
        return
    for k in range(n + 1):
        total += pmf if k >= a else 0.0
        pmf *= (n - k) / (k + 1) * x / (1 - x)
    assert chances.below(x, a, b) == pytest.approx(total, abs=1e-8)


@pytest.mark.parametrize(("share", "people", "count"), [(0.1, 200, 2), (0.3, 80, 2), (0.02, 900, 2), (0.15, 150, 4)])
def test_chance_alone_is_seldom_called_a_difference(share: float, people: int, count: int) -> None:
    dice, rounds = random.Random(11), 200
    called = sum(
        chances.certain([Sample(people, sum(dice.random() < share for _ in range(people))) for _ in range(count)])
        for _ in range(rounds)
    )
    assert called <= 0.08 * rounds  # 5 %, and what 200 rounds may be off


def test_nothing_is_certain_of_a_handful() -> None:
    assert not chances.certain([Sample(40, 9), Sample(40, 0)])
    assert not chances.certain([Sample(20, 19), Sample(20, 1)])
    assert chances.certain([Sample(400, 90), Sample(400, 40)])


def test_so_many_more_as_are_named_do_show_the_difference() -> None:
    now = [Sample(100, 14), Sample(100, 10)]
    more = chances.lacking(now)
    assert more is not None
    each = 100 + more // 2
    dice, found = random.Random(3), 0
    for _ in range(200):
        found += chances.certain([Sample(each, sum(dice.random() < p for _ in range(each))) for p in (0.14, 0.10)])
    assert 0.7 <= found / 200 <= 0.9  # 80 % are aimed at
    assert chances.lacking([Sample(100, 10), Sample(100, 10)]) is None


def test_the_first_of_equals_leads_and_says_so() -> None:
    assert chances.leader([Sample(100, 5), Sample(200, 10)]) == (0, True)
    assert chances.leader([Sample(100, 0), Sample(90, 0)]) == (0, True)
    assert chances.leader([Sample(100, 5), Sample(100, 6)]) == (1, False)
    assert chances.leader([Sample(0, 0), Sample(100, 6)]) == (1, False)


@pytest.mark.parametrize(("p", "q", "n", "m"), [(0.1, 0.1, 900, 100), (0.05, 0.02, 450, 50), (0.4, 0.3, 60, 60)])
def test_the_interval_holds_the_true_difference_as_often_as_it_says(p: float, q: float, n: int, m: int) -> None:
    dice, rounds, held = random.Random(5), 500, 0
    for _ in range(rounds):
        one = Sample(n, sum(dice.random() < p for _ in range(n)))
        other = Sample(m, sum(dice.random() < q for _ in range(m)))
        low, high = chances.apart(one, other)
        held += low <= p - q <= high
    assert held / rounds >= 0.92


def test_an_interval_of_nobody_says_nothing() -> None:
    low, high = chances.apart(Sample(0, 0), Sample(0, 0))
    assert (low, high) == (-1.0, 1.0)

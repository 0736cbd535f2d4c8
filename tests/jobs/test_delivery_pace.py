"""How fast and how much at once: an endpoint's pace and places, by a clock of the test's own."""

import pytest

from jobs.delivery import endpoints, pace
from storage.outbox import claims


def starts(bucket: pace.Pace, count: int, now: float = 0.0) -> list[float]:
    """When each of `count` calls may start that are asked for at `now`."""
    return [now + bucket.reserve(now) for _ in range(count)]


def test_it_starts_no_more_than_its_pace_in_any_second() -> None:
    bucket = pace.Pace(100)
    found = starts(bucket, 300, now=1000.0)

    assert found[0] == 1000.0
    for first in found:
        assert sum(first <= one < first + 1 for one in found) <= 100 + 100 * pace.BURST + 1
    assert found[-1] == pytest.approx(1000.0 + 3.0, abs=0.1)


def test_it_saves_no_more_than_a_moment_of_unused_pace() -> None:
    bucket = pace.Pace(100)
    starts(bucket, 1, now=0.0)
    found = starts(bucket, 50, now=60.0)
    assert sum(one == 60.0 for one in found) <= 100 * pace.BURST


def test_it_halves_its_pace_when_line_complains_and_grows_back() -> None:
    bucket = pace.Pace(1000)
    bucket.slower(10.0)
    bucket.slower(10.1)
    assert bucket.current(10.1) == pytest.approx(500, rel=0.02)
    bucket.slower(11.0)
    assert bucket.current(11.0) == pytest.approx(275, rel=0.01)
    for second in range(12, 30):
        bucket.slower(float(second))
    assert bucket.current(29.0) >= 1000 * pace.SLOWEST
    assert bucket.current(80.0) == 1000


def test_it_claims_no_more_than_can_start_in_the_time_ahead() -> None:
    by_pace = endpoints.Endpoint("push", 100, 1000)
    assert by_pace.places(0.0, 0.5) == 50
    by_latency = endpoints.Endpoint("push", 2000, 100)
    assert by_latency.places(0.0, 0.5) == 100
    by_latency.took(0.1)
    assert by_latency.places(0.0, 0.5) == 600
    for _ in range(100):
        by_latency.took(5.0)
    assert by_latency.places(0.0, 0.5) == pytest.approx(110, abs=1)
    by_latency.running = 100
    assert by_latency.places(0.0, 0.5) == pytest.approx(10, abs=1)


def test_it_claims_nothing_while_its_outage_is_being_written_down() -> None:
    endpoint = endpoints.Endpoint("push", 100, 10)
    endpoint.closed = True
    assert endpoint.places(0.0, 0.5) == 0


def claimed(number: int, klass: str) -> claims.Claimed:
    return claims.Claimed(
        number,
        "push",
        klass,
        "event:1",
        "U1",
        [],
        b"[]",
        [],
        None,
        None,
        attempt=1,
        ambiguous=False,
        split=False,
        late=0.0,
    )


def test_it_starts_what_is_urgent_before_promotions_that_were_claimed_earlier() -> None:
    endpoint = endpoints.Endpoint("push", 100, 10)
    endpoint.add([claimed(1, "promotion"), claimed(2, "promotion")], 1.0)
    endpoint.add([claimed(3, "transactional"), claimed(4, "reply")], 1.0)
    assert endpoint.waiting == 4
    assert [endpoint.first()[0].id for _ in range(4)] == [3, 4, 1, 2]


def test_it_takes_only_its_part_of_the_pace_among_several() -> None:
    bucket = pace.Pace(100)
    bucket.among = 4
    found = starts(bucket, 50, now=1000.0)
    assert found[-1] == pytest.approx(1002.0, abs=0.1)

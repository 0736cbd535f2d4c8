"""How sure a comparison of shares is: which of several is probably the best, and how far two are apart.

Each share has the posterior Beta(1 + did, 1 + did not) of a uniform prior (Gelman et al., Bayesian Data Analysis,
2.4); that one of them is the highest is the integral of its density times the others' distribution functions. The
regularised incomplete beta function is Lentz' continued fraction (Numerical Recipes, 6.4). The interval of a difference
is Newcombe's hybrid of two Wilson scores (Statistics in Medicine 17, 1998, method 10).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, lgamma, log, log1p, log10, sqrt

FEWEST = 10  # friends who must have done it, in all, before anything is called certain
SMALLEST = 30  # friends in each sample, likewise
WRONG = 0.05  # how often chance alone may be called a difference
Z, POWER = 1.959964, 0.841621  # normal quantiles: of 97.5 %, and of the 80 % of differences that are to be found
STEPS = 200  # of Simpson's rule, even
SPREAD = 10  # standard deviations to either side that are integrated
MOST = 1_000_000  # of more friends than that nobody is told


@dataclass(frozen=True, slots=True)
class Sample:
    """So many friends, of whom so many did what is compared."""

    people: int
    did: int

    @property
    def share(self) -> float:
        return self.did / self.people if self.people else 0.0


def leader(samples: Sequence[Sample]) -> tuple[int, bool]:
    """The place of the highest share, the first of several, and whether it shares that with another."""
    shares = [Fraction(one.did, one.people) if one.people else Fraction(0) for one in samples]
    place = shares.index(max(shares))
    return place, shares.count(shares[place]) > 1


def best(samples: Sequence[Sample]) -> list[float]:
    """How probable it is of each that its true share is the highest; together 1."""
    found = [_is_best(place, samples) for place in range(len(samples))]
    total = sum(found)
    return [one / total for one in found]


def _is_best(place: int, samples: Sequence[Sample]) -> float:
    a, b = _posterior(samples[place])
    others = [_posterior(one) for at, one in enumerate(samples) if at != place]
    mean, deviation = a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    low, high = max(0.0, mean - SPREAD * deviation), min(1.0, mean + SPREAD * deviation)
    width = (high - low) / STEPS
    total = 0.0
    for step in range(STEPS + 1):
        x = low + step * width
        weight = 1 if step in (0, STEPS) else 4 if step % 2 else 2
        value = _density(x, a, b)
        for other in others:
            value *= below(x, *other)
        total += weight * value
    return total * width / 3


def _posterior(one: Sample) -> tuple[float, float]:
    return 1.0 + one.did, 1.0 + one.people - one.did


def _density(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return exp(lgamma(a + b) - lgamma(a) - lgamma(b)) if (x <= 0 and a == 1) or (x >= 1 and b == 1) else 0.0
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log1p(-x))


def below(x: float, a: float, b: float) -> float:
    """The distribution function of Beta(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    found, m = d, 0
    while True:
        m += 1
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 + numerator * d, 1 + numerator / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            found *= d * c
        if abs(d * c - 1) < 1e-12 or m > 100_000:
            return found


def enough(samples: Sequence[Sample]) -> bool:
    """Whether there are friends enough to say anything."""
    return sum(one.did for one in samples) >= FEWEST and min(one.people for one in samples) >= SMALLEST


def certain(samples: Sequence[Sample]) -> bool:
    """Whether the highest share may be called that: by chance alone it is so called no oftener than WRONG."""
    if not enough(samples):
        return False
    place, tied = leader(samples)
    return not tied and best(samples)[place] >= 1 - WRONG / 2 / (len(samples) - 1)


def lacking(samples: Sequence[Sample]) -> int | None:
    """About how many friends more would show the difference that is there now, if it is one; two leading digits."""
    first, second = sorted(samples, key=lambda one: -one.share)[:2]
    apart = first.share - second.share
    if not apart:
        return None
    spread = sum(one.share * (1 - one.share) for one in (first, second))
    each = (Z + POWER) ** 2 * spread / apart**2
    more = ceil(each * len(samples)) - sum(one.people for one in samples)
    if not 0 < more <= MOST:
        return None
    step = int(10 ** max(0, int(log10(more)) - 1))
    return -(-more // step) * step


def apart(one: Sample, other: Sample) -> tuple[float, float]:
    """Between which two values the first share less the second lies, with 95 %."""
    (low, high), (least, most) = _wilson(one), _wilson(other)
    difference = one.share - other.share
    return (
        difference - sqrt((one.share - low) ** 2 + (most - other.share) ** 2),
        difference + sqrt((high - one.share) ** 2 + (other.share - least) ** 2),
    )


def _wilson(one: Sample) -> tuple[float, float]:
    if not one.people:
        return 0.0, 1.0
    n, p = one.people, one.share
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return middle - reach, middle + reach

"""How near a mistyped word is to one we know: Damerau-Levenshtein with thresholds and a prefix bonus."""

from collections.abc import Iterable

MOST_EDITS = 3
LONGEST = 16  # longer words are compared by their beginning only, so that one comparison has a fixed price


def distance(one: str, other: str) -> int:
    """Edits between two words, a swap of neighbours counting as one."""
    one, other = one[:LONGEST], other[:LONGEST]
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


def apart(word: str, known: str) -> float | None:
    """The distance less a bonus for a common beginning; None beyond half the length (1 to 3)."""
    most = max(1, min(MOST_EDITS, len(known) // 2))
    if abs(len(word) - len(known)) > most or set(word).isdisjoint(known):
        return None
    edits = distance(word, known)
    if edits > most or edits >= max(len(word[:LONGEST]), len(known)):
        return None
    common = 0
    while common < min(len(word), len(known), 3) and word[common] == known[common]:
        common += 1
    return edits and edits - 0.1 * common


def holds(known: str, word: str) -> bool:
    """Whether a known name holds a word that is said for short; one letter says nothing."""
    return len(word) > 1 and word in known


def similarity(one: str, other: str) -> float:
    """1 for equal words, 0 for words without anything in common."""
    longest = max(len(one[:LONGEST]), len(other[:LONGEST]))
    return 1 - distance(one, other) / longest if longest else 1.0


def nearest(word: str, known: Iterable[tuple[str, str]], most: int = 3) -> list[str]:
    """The keys of the known (spelling, key) pairs nearest to a folded word, best first; an exact hit stands alone."""
    best: dict[str, float] = {}
    for spelling, key in known:
        away = apart(word, spelling)
        if away is not None and away < best.get(key, 9.0):
            best[key] = away
    sure = min(best.values(), default=1) == 0
    return [key for key in sorted(best, key=lambda key: best[key]) if not sure or best[key] == 0][:most]

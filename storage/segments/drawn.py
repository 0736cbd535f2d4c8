"""Drawn by lot for one thing: a part of everybody that has nothing to do with any other draw, and stays the same."""

from storage.segments.terms import Segment, Terms

WHOLE = 1 << 32  # a half of a lot is one of so many
# One half says to which group a friend belongs, the other which variant: neither says anything about the other.
HALVES = {"group": "0", "variant": "32"}


def half(friend: str, by: str, of: str) -> str:
    """SQL of one half of a friend's lot in the draw `by`; all three are SQL, `of` one of HALVES."""
    drawn = f"('x' || left(encode(sha256(int8send({friend}) || int8send({by})), 'hex'), 16))::bit(64)::bigint"
    return f"({drawn} >> {of} & {WHOLE - 1})"


def bound(percent: int) -> int:
    """Where so many percent of a half end."""
    return percent * WHOLE // 100


def got_variant(friend: str, letter: str) -> str:
    """SQL over a run `r` of a broadcast: what it sends this friend is the variant of this letter."""
    lot = half(friend, "r.broadcast_id", HALVES["variant"])
    return (
        f"CASE WHEN r.test_id IS NOT NULL THEN r.definition#>>'{{trial,winner}}' = {letter} ELSE EXISTS"
        f" (SELECT 1 FROM jsonb_array_elements(r.definition#>'{{trial,variants}}') v WHERE v->>'letter' = {letter}"
        f" AND {lot} >= (v->>'from')::bigint AND {lot} < (v->>'below')::bigint) END"
    )


def where(terms: Terms, segment: Segment) -> str:
    """`{"drawn": 12, "of": "group", "from": 0, "below": 429496729}`: whose half lies there in the draw 12."""
    lot = half("f.id", terms.value(segment["drawn"], "bigint"), HALVES[segment["of"]])
    least, end = (terms.value(segment[key], "bigint") for key in ("from", "below"))
    return f"({lot} >= {least} AND {lot} < {end})"

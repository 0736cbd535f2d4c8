"""Conditions on forms in SQL: who has answered one, when, and what."""

from decimal import Decimal, InvalidOperation

from storage.segments.terms import Segment, Terms

SCORE, RESULT = "点数", "結果"  # what conditions call what has come of the answers
SIGNS = ("=", ">", ">=", "<", "<=")


def where(terms: Terms, segment: Segment) -> str:
    """Has answered it, in that time, or never has; or has given that answer to a question."""
    form = terms.value(segment["form"], "bigint")
    if "question" in segment:
        return _said(terms, segment, form)
    given = f"SELECT 1 FROM submissions s WHERE s.friend_id = f.id AND s.form_id = {form}"
    match segment["is"]:
        case "answered":
            when = f" AND {terms.within('s.at', segment['when'])}" if "when" in segment else ""
            return f"EXISTS ({given}{when})"
        case "never":
            return f"(NOT EXISTS ({given}))"
    raise ValueError(f"no such state: {segment['is']}")


def _said(terms: Terms, segment: Segment, form: str) -> str:
    """The question and its options are named by their labels, whichever version of the form has them so: a rename
    leaves nobody out."""
    sign, value = segment["is"], segment["value"]
    if sign not in SIGNS:
        raise ValueError(f"no such sign: {sign}")
    asked = (
        "SELECT q ->> 'key' FROM block_versions v CROSS JOIN LATERAL"
        " jsonb_path_query(v.content, '$.form.pages[*].questions[*]') AS q"
        f" WHERE v.owner = 'form:' || {form} AND q ->> 'label' = {terms.value(segment['question'], 'text')}"
    )
    given = f"SELECT 1 FROM form_answers a WHERE a.friend_id = f.id AND a.form_id = {form}"
    fits = _given(terms, f"{given} AND a.question = ANY(ARRAY({asked}))", asked, sign, value)
    if segment["question"] not in (SCORE, RESULT):
        return fits
    return f"({fits} OR (NOT EXISTS ({asked}) AND {_came(terms, segment, form)}))"


def _given(terms: Terms, given: str, asked: str, sign: str, value: str) -> str:
    if sign != "=":
        return f"EXISTS ({given} AND a.number {sign} {terms.value(Decimal(value), 'numeric')})"
    told = terms.value(value, "text")
    options = asked.replace("SELECT q ->> 'key'", "SELECT o ->> 'key'").replace(
        " WHERE ", f" CROSS JOIN LATERAL jsonb_path_query(q, '$.options[*]') AS o WHERE o ->> 'label' = {told} AND "
    )
    number = _number(value)
    counted = f" OR a.number = {terms.value(number, 'numeric')}" if number is not None else ""
    return f"EXISTS ({given} AND (a.option = ANY(ARRAY({options})) OR a.text = {told}{counted}))"


def _came(terms: Terms, segment: Segment, form: str) -> str:
    """The points that answers came to, or the result they led to, of a form without a question called so."""
    came = f"SELECT 1 FROM submissions s WHERE s.friend_id = f.id AND s.form_id = {form}"
    if segment["question"] == SCORE:
        points = _number(segment["value"])
        return f"EXISTS ({came} AND s.score {segment['is']} {terms.value(points, 'numeric')})"
    titled = (
        "SELECT r ->> 'key' FROM block_versions v CROSS JOIN LATERAL jsonb_path_query(v.content, '$.form.results[*]')"
        f" AS r WHERE v.owner = 'form:' || {form} AND r ->> 'title' = {terms.value(segment['value'], 'text')}"
    )
    return f"EXISTS ({came} AND s.result = ANY(ARRAY({titled})))"


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None

"""Conditions on forms in SQL: who has answered one, when, and what."""

from decimal import Decimal, InvalidOperation

from storage.segments.terms import Segment, Terms

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
    given += f" AND a.question = ANY(ARRAY({asked}))"
    if sign != "=":
        return f"EXISTS ({given} AND a.number {sign} {terms.value(Decimal(value), 'numeric')})"
    told = terms.value(value, "text")
    options = asked.replace("SELECT q ->> 'key'", "SELECT o ->> 'key'").replace(
        " WHERE ", f" CROSS JOIN LATERAL jsonb_path_query(q, '$.options[*]') AS o WHERE o ->> 'label' = {told} AND "
    )
    number = _number(value)
    counted = f" OR a.number = {terms.value(number, 'numeric')}" if number is not None else ""
    return f"EXISTS ({given} AND (a.option = ANY(ARRAY({options})) OR a.text = {told}{counted}))"


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None

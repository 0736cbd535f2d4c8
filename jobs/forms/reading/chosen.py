"""What was chosen or handed in: options, a consent, an upload."""

import re

from jobs.forms.answers import OTHER, Answer, Raw, Wrong
from jobs.forms.definition import Question
from jobs.forms.reading import typed
from jobs.forms.reading.at import At

SHORT = 200  # characters of what is written behind その他
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def read_chosen(question: Question, raw: Raw, _: At) -> Answer | None:
    given = raw.get(question.key)
    keys = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    wanted = {one for one in keys[: 2 * len(question.options) + 1] if isinstance(one, str) and one}
    if not wanted:
        return None
    options = [one for one in question.options if one.key in wanted]
    several = question.kind == "multiple"
    if len(options) < len(wanted) or (len(wanted) > 1 and not several):
        raise Wrong("option")
    least, most = (typed.number(question.least), typed.number(question.most)) if several else (None, None)
    if least is not None and len(options) < least:
        raise Wrong("few", least=int(least))
    if most is not None and len(options) > most:
        raise Wrong("many", most=int(most))
    other = typed.line(raw, f"{question.key}.{OTHER}") if any(one.other for one in options) else ""
    if any(one.other for one in options) and not other:
        raise Wrong("other")
    if len(other) > SHORT:
        raise Wrong("long", most=SHORT, given=len(other))
    return Answer(chosen=tuple(one.key for one in options), other=other)


def read_consent(question: Question, raw: Raw, _: At) -> Answer | None:
    return Answer("1") if raw.get(question.key) in ("1", "on", True) else None


def read_upload(question: Question, raw: Raw, _: At) -> Answer | None:
    """The token alone: whether there is such an upload is for the database."""
    token = raw.get(question.key)
    if token in (None, "", []):
        return None
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise Wrong("upload")
    return Answer(token)

"""Forms for tests: written as they are stored, put in force, and answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.forms import definition
from storage import clock, forms, versions


def question(key: str, kind: str, *options: Mapping[str, Any] | str, **rest: Any) -> dict[str, Any]:
    """A question; options are their labels, or whole, with keys o1, o2 … in their order."""
    given = [
        {"key": f"o{place}"} | (dict(one) if isinstance(one, Mapping) else {"label": one})
        for place, one in enumerate(options, start=1)
    ]
    return {"key": key, "label": f"問い{key}", "kind": kind, "options": given} | rest


def stored(*questions: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """A form of one page, or of `pages`."""
    return {"title": "アンケート", "pages": [{"key": "p1", "title": "", "questions": list(questions)}]} | rest


def form(*questions: Mapping[str, Any], **rest: Any) -> definition.Form:
    return definition.read(stored(*questions, **rest))


async def add(name: str, content: Mapping[str, Any], state: str = "live") -> int:
    """A form in force; its number."""
    now = await clock.now()
    number = await forms.ROWS.make(name, now)
    await publish(number, content, state)
    return number


async def publish(number: int, content: Mapping[str, Any], state: str = "live") -> int:
    """The next version, in force; its number."""
    version = await versions.add(
        forms.ROWS.owner(number), {"source": "", "form": dict(content)}, None, await clock.now()
    )
    await forms.ROWS.change(number, state=state, live=version, draft=None)
    return version


def pages(*given: tuple[str, Sequence[Mapping[str, Any]], Mapping[str, Any] | None]) -> list[dict[str, Any]]:
    """(key, questions, when) of each page."""
    return [{"key": key, "title": "", "questions": list(asked), "when": when} for key, asked, when in given]

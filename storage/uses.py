"""Where things of any kind stand: whatever is live or in draft and names them, itself or on a button."""

from collections.abc import Awaitable, Callable, Sequence

from storage import (
    action_sets,
    auto_replies,
    broadcasts,
    fields,
    forms,
    links,
    media,
    named,
    scenarios,
    shared_values,
    tags,
    templates,
)
from storage.segments import saved

_OF: dict[named.Kind, Callable[..., Awaitable[list[named.Use]]]] = {
    "tags": tags.uses,
    "scenarios": scenarios.uses,
    "templates": templates.uses,
    "fields": fields.uses,
    "shared_values": shared_values.uses,
    "auto_replies": auto_replies.uses,
    "action_sets": action_sets.uses,
    "segments": saved.uses,
    "links": links.uses,
    "broadcasts": broadcasts.uses,
    "forms": forms.uses,
}
# What the rows of a table are called where they use something.
_CALLED: dict[str, named.Kind] = {
    "tag": "tags",
    "scenario": "scenarios",
    "template": "templates",
    "field": "fields",
    "auto_reply": "auto_replies",
    "action": "action_sets",
    "segment": "segments",
    "link": "links",
    "broadcast": "broadcasts",
    "form": "forms",
}


async def of(kind: named.Kind, numbers: Sequence[int]) -> list[named.Use]:
    """Everything that names at least one of these, be they living or in the bin."""
    if kind == "media":
        return await media.uses(*await media.addresses(numbers))
    return await _OF[kind](*numbers)


async def by(rows: Sequence[tuple[str, int | str]]) -> set[named.Use]:
    """These rows, by table and key, as what may use something."""
    found = {named.Use("greeting", str(key)) for table, key in rows if table == "greetings"}
    for called, table in _CALLED.items():
        ids = [int(key) for of, key in rows if of == table]
        found |= {named.Use(called, one.name) for one in (await named.by_ids(table, ids)).values()} if ids else set()
    return found

"""Every kind of condition, declared once each, in one visible list."""

import re
from collections.abc import Mapping

from admin_commands.grammar.segments import places
from admin_commands.grammar.segments.declaring import Backwards, BehindKey, Kind
from admin_commands.grammar.segments.kinds import (
    broadcasts,
    coming,
    dates,
    fields,
    forms,
    links,
    noted,
    people,
    saved,
    scenarios,
    shares,
    tags,
)
from admin_commands.grammar.segments.tree import Condition

# In the order in which they are tried where no key tells which it is, and told.
KINDS: tuple[Kind, ...] = (
    tags.KIND,
    scenarios.KIND,
    saved.KIND,
    *people.KINDS,
    dates.KIND,
    *shares.KINDS,
    links.KIND,
    broadcasts.KIND,
    forms.KIND,
    *coming.KINDS,
    fields.KIND,
    noted.KIND,
)
OF: Mapping[type[Condition], Kind] = {one: kind for kind in KINDS for one in kind.types}
BACK: Mapping[str, tuple[Kind, Backwards]] = {
    key: (kind, kind.back) for kind in KINDS if kind.back for key in kind.kept
}
BEHIND_KEY: Mapping[str, BehindKey] = {kind.key: kind.behind_key for kind in KINDS if kind.behind_key}
KEYS: re.Pattern[str] = places.keys(*BEHIND_KEY)


def usable() -> str:
    """タグ・シナリオ・…: what can be judged today."""
    return "・".join(kind.word for kind in KINDS if not kind.later)

"""Every kind of action, each declared once: its words, what stands behind them, what it does to a set of friends."""

from jobs.actions import fields, friends, later, questions, scenarios, sending, sets, tags
from jobs.actions.kind import Kind

# The one visible list of all kinds, in the order of the reference.
KINDS: dict[str, Kind] = {
    one.do: one
    for family in (sending, tags, scenarios, fields, friends, sets, questions, later)
    for one in family.KINDS
}

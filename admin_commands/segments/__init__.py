"""Conditions as staff write them, linked to what exists: their stored form, counts for every line, back into words."""

from admin_commands.segments.linking import doubts, link, of
from admin_commands.segments.storing import Linked, dated, linked_again, stored, told, told_all, trees_of
from admin_commands.segments.telling import Echo, echo

__all__ = [
    "Echo",
    "Linked",
    "dated",
    "doubts",
    "echo",
    "link",
    "linked_again",
    "of",
    "stored",
    "told",
    "told_all",
    "trees_of",
]

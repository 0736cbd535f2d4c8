"""Conditions as staff write them, linked to what exists: their stored form, counts for every line, back into words."""

from admin_commands.segments.linking import link, of
from admin_commands.segments.storing import Linked, told, told_all
from admin_commands.segments.telling import Echo, echo

__all__ = ["Echo", "Linked", "echo", "link", "of", "told", "told_all"]

"""Moments and schedules as people write them: 12/24(木) 18:00, 今夜 19時半, 毎週月水金 10:00 祝日は休む.

`whole` reads one as it was `said`, `show` prints it, `settle` gives it its dates; `span` and its sisters do the same
for a period.
"""

from admin_commands.grammar.schedules.printing import show, show_span
from admin_commands.grammar.schedules.reading import whole
from admin_commands.grammar.schedules.said import EXAMPLES, After, Ahead, At, Day, Offer, OnWeekday, Problem, Schedule
from admin_commands.grammar.schedules.settling import dated, settle
from admin_commands.grammar.schedules.spans import day_of, settled_span, span

__all__ = [
    "EXAMPLES",
    "After",
    "Ahead",
    "At",
    "Day",
    "Offer",
    "OnWeekday",
    "Problem",
    "Schedule",
    "dated",
    "day_of",
    "settle",
    "settled_span",
    "show",
    "show_span",
    "span",
    "whole",
]

"""Conditions on friends as they are stored, and the friends who fit them: counted, listed, looked up.

A segment is JSON, names already exchanged for numbers:
    {"all": [...]}, {"any": [...]}, {"not": {...}}, {"everyone": true}
    {"tag": 3}, {"tags": [3, 4], "of": "any" | "all"}
    {"saved": 4}: a saved segment, whose condition is put in when it is judged
    {"scenario": 5, "is": "active" | "finished" | "stopped" | "never"}
    {"scenario": 5, "is": "from" | "received", "step": 3}
    {"followed": when}, {"reacted": when}, {"delivered": when}
        when: {"within": [7, "day"]}, {"before": [30, "day"]}, {"in": "today" | "week" | "month"},
              {"from": "2026-11-01", "to": "2026-11-30"}, either of which may be missing
    {"field": 3, "there": true}, {"field": 3, "holds": "犬"}
    {"field": 3, "is": sign, and one of "text": "くせ毛", "number": "3", "flag": true, "on": "2026-11-23" | "today+3",
        "yearly": {"from": "05-03", "to": "05-03"}}
    {"field": 3, "day" | "moment": when}, {"field": 3, "yearly": when} of what comes round every year: its days have no
        year (05-31), {"within": …} is ahead of now; when may be {"ahead": [7, "day"]} and {"in": "birth_month"} too
    {"link": 3, "times": 2, "when": when} (opened; with 0 times never; any time without `when`)
    {"broadcast": 12, "is": "received" | "clicked" | "not_clicked"} (clicked: a measured link or a button of it)
    {"form": 3, "is": "answered", "when": when}, {"form": 3, "is": "never"}
    {"form": 3, "question": "性別", "is": "=" | ">" | ">=" | "<" | "<=", "value": "女性"}: as the form calls them
    {"name": "田中"} (is part of the name), {"blocked": true}, {"hidden": true}, {"opted_out": true}
    {"sample": 10} (of a hundred), {"split": [1, 3]} (the first of three parts); always the same friends
"""

from storage.segments.conditions import EVERYONE as EVERYONE
from storage.segments.conditions import Mark as Mark
from storage.segments.conditions import Statement as Statement
from storage.segments.conditions import checked as checked
from storage.segments.conditions import left_out as left_out
from storage.segments.conditions import meant as meant
from storage.segments.conditions import walk as walk
from storage.segments.surveys import ACTIVE as ACTIVE
from storage.segments.surveys import FEW as FEW
from storage.segments.surveys import Order as Order
from storage.segments.surveys import Survey as Survey
from storage.segments.surveys import count as count
from storage.segments.surveys import counts as counts
from storage.segments.surveys import fitting as fitting
from storage.segments.surveys import fitting_each as fitting_each
from storage.segments.surveys import ids as ids
from storage.segments.surveys import page as page
from storage.segments.surveys import survey as survey
from storage.segments.terms import Cap as Cap
from storage.segments.terms import Meaning as Meaning
from storage.segments.terms import Segment as Segment
from storage.segments.terms import Sight as Sight

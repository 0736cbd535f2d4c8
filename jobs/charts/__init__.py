"""Pictures of numbers, drawn to be read on a phone; what is drawn is plain data that can be kept."""

from jobs.charts.funnels import Funnel as Funnel
from jobs.charts.funnels import Row as Row
from jobs.charts.funnels import from_json as from_json
from jobs.charts.funnels import png as png
from jobs.charts.funnels import to_json as to_json
from jobs.charts.funnels import words as words

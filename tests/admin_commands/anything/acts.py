"""Action lists: every kind of action with everything that can stand behind its word, in front of it and at its end."""

from dataclasses import replace
from datetime import time
from typing import Any

from hypothesis import strategies as st

from admin_commands.grammar import actions, segments
from admin_commands.grammar.schedules import After
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.tree import every, negated
from jobs.actions import arguments
from jobs.actions.kind import Kind
from jobs.timing import Timing
from tests.admin_commands.anything.names import QUOTABLE, TAGS, THINGS

CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
WORN = st.builds(lambda tag: HasTag((tag,)), TAGS)
ON_TAGS = st.lists(st.one_of(WORN, WORN.map(negated)), min_size=1, max_size=3).map(
    lambda of: segments.Segment("", every(of))
)
AUDIENCES = st.one_of(
    st.builds(actions.To, st.sampled_from(["assigned", "on_duty", "everybody", "group"])),
    st.builds(actions.To, st.sampled_from(["staff", "group"]), THINGS),
)
DIGITS = st.integers(0, 999).map(str)
CHANGES = st.builds(actions.Changed, st.just("="), QUOTABLE) | st.builds(actions.Changed, st.sampled_from("+-"), DIGITS)
DATES = st.builds(After, st.integers(1, 99), st.just("day"), CLOCKS) | st.just(actions.OwnDate("説明会日時"))


def values(argument: arguments.Argument) -> st.SearchStrategy[Any]:
    """Everything that can stand for an argument."""
    match argument:
        case arguments.Thing():
            return st.none() | THINGS if argument.instead or argument.optional else THINGS
        case arguments.Things():
            return st.lists(TAGS, min_size=1, max_size=3, unique=True).map(tuple)
        case arguments.Message() | arguments.Words():
            return QUOTABLE
        case arguments.Step():
            return st.integers(1, 30)
        case arguments.Change():
            return CHANGES
        case arguments.Points():
            return st.builds(actions.Changed, st.sampled_from("+-="), DIGITS)
        case arguments.Moment():
            return DATES
        case arguments.Colleague():
            return THINGS | st.sampled_from(["auto", "nobody"])
        case arguments.Audience():
            return AUDIENCES
    return st.none() | DIGITS | st.just("{料金}")


def acts(kind: Kind) -> st.SearchStrategy[actions.Action]:
    return st.builds(actions.Action, st.just(kind.do), st.tuples(*map(values, kind.arguments)))


ACTS = st.one_of(*map(acts, actions.WRITTEN))
DELAYS = st.one_of(
    st.builds(Timing, st.just("elapsed"), st.integers(1, 999), st.sampled_from(["minute", "hour", "day"])),
    st.builds(lambda n, at: Timing("day", n, "day", at=at), st.integers(1, 99), CLOCKS),
    st.builds(lambda at: Timing("clock", at=at), CLOCKS),
    st.builds(actions.Spread, st.integers(1, 9), st.integers(10, 99)),
)


@st.composite
def qualified(draw: st.DrawFn) -> actions.Action:
    """An action with a condition, a time (which one that is about a moment cannot have) and 一度だけ."""
    act: actions.Action = draw(ACTS)
    timing = None if act.do == "remind" else draw(st.none() | DELAYS)
    return replace(act, when=draw(st.none() | ON_TAGS), timing=timing, once=draw(st.booleans()))


ACTIONS = st.one_of(ACTS, qualified())
ACTION_LISTS = st.lists(ACTIONS, min_size=1, max_size=3).map(tuple)

"""Random conditions for property tests."""

from hypothesis import strategies as st

from admin_commands.grammar.segments import moments, tree
from admin_commands.grammar.segments.kinds import (
    broadcasts,
    coming,
    dates,
    fields,
    forms,
    links,
    people,
    saved,
    scenarios,
    shares,
    tags,
)
from admin_commands.grammar.segments.tree import Tree
from admin_commands.grammar.words import Name, Object
from tests.admin_commands.anything.names import sayable

LETTERS = st.sampled_from(
    list("あいうかかつまたでない以外VIP0129一か月客様前後ーｶ①・+-.!?「」『』'、,=:<>≧#@()（） 　%/")
)
SPELLED = (
    *("かつ", "または", "でない", "全員", "ブロック", "最終反応", "友だち追加", "30日以上前", "今月", "なし", "あり"),
    *("タグ:A", "含む", "列", "並び", "スコア", "配信中", "not", "and", "使い方", "A でない", "3通目以降", "1/2"),
)
SIGNS = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
UNITS = st.sampled_from(["minute", "hour", "day", "week", "month", "year"])
SPANS = (st.integers(1, 100), UNITS)


TEXTS = st.one_of(st.text(LETTERS, min_size=1, max_size=6), st.sampled_from(SPELLED)).filter(sayable)
DAYS = st.builds(moments.Day, st.none() | st.integers(1990, 2030), st.integers(1, 12), st.integers(1, 28))
WHEN: st.SearchStrategy[moments.When] = st.one_of(
    st.builds(moments.Within, *SPANS),
    st.builds(moments.Before, *SPANS),
    st.builds(moments.In, st.sampled_from(["today", "week", "month", "birth_month"])),
    st.builds(moments.Between, DAYS, st.none() | DAYS),
    st.builds(moments.Between, st.none(), DAYS),
    st.builds(moments.Unclear, st.none() | SIGNS, *SPANS),
)
TESTS = st.one_of(
    st.builds(fields.Compares, SIGNS, st.one_of(TEXTS, st.integers(-99, 9999).map(str))),
    st.builds(fields.Contains, TEXTS),
    st.builds(fields.Exists, st.booleans()),
    WHEN,
)


def conditions(objects: st.SearchStrategy[Object]) -> st.SearchStrategy[Tree]:
    worn = st.lists(objects, min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(lambda names, every: tags.HasTag(names, every and len(names) > 1), worn, st.booleans()),
        st.builds(fields.Field, TEXTS.map(Name), TESTS),
        st.builds(dates.Dated, st.sampled_from(["followed", "reacted", "delivered"]), WHEN),
        st.builds(scenarios.InScenario, objects, st.sampled_from(["active", "finished", "stopped", "never"])),
        st.builds(scenarios.InScenario, objects, st.sampled_from(["from", "received"]), st.integers(1, 1000)),
        st.builds(forms.Answered, objects, st.just(True), st.none() | WHEN),
        st.builds(forms.Answered, objects, st.just(False)),
        st.builds(forms.Answer, objects, TEXTS, TEXTS),
        st.builds(forms.Answer, objects, TEXTS, st.integers(-99, 99).map(str), st.sampled_from([">", ">=", "<", "<="])),
        st.builds(links.Clicked, objects, st.integers(1, 99), st.none() | WHEN),
        st.builds(links.Clicked, objects, st.just(0)),
        st.builds(broadcasts.Received, objects, st.sampled_from(["received", "clicked", "not_clicked"])),
        st.builds(coming.Booked, objects, st.sampled_from(["upcoming", "cancelled", "none"])),
        st.builds(coming.Booked, objects, st.just("visited"), st.integers(1, 99)),
        st.builds(coming.Attends, objects, st.sampled_from(["applied", "attended", "absent", "waiting"])),
        st.builds(coming.Scores, st.none() | objects, SIGNS, st.integers(-999, 999)),
        st.builds(coming.CameBy, objects),
        st.builds(coming.Converted, objects, st.integers(0, 99)),
        st.builds(coming.Marked, objects),
        st.builds(coming.Assigned, st.none() | objects),
        st.builds(coming.ShowsMenu, objects),
        st.builds(saved.Saved, objects),
        st.builds(fields.Word, TEXTS),
        st.builds(shares.Sampled, st.integers(1, 100)),
        st.integers(2, 100).flatmap(lambda of: st.builds(shares.Split, st.integers(1, of), st.just(of))),
        st.sampled_from([people.Everyone(), people.Blocked(), people.Hidden()]),
    )


def trees(objects: st.SearchStrategy[Object]) -> st.SearchStrategy[Tree]:
    """Whole conditions, joined as they can be written."""
    return st.recursive(
        conditions(objects),
        lambda inside: st.one_of(
            inside.map(tree.negated),
            st.lists(inside, min_size=2, max_size=3).map(tree.every),
            st.lists(inside, min_size=2, max_size=3).map(tree.some),
        ),
        max_leaves=6,
    )

"""Random conditions for property tests."""

from hypothesis import strategies as st

from admin_commands.grammar.segments import tree
from admin_commands.grammar.segments.tree import Tree
from admin_commands.grammar.words import Object

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


def quotable(text: str) -> bool:
    """Whether some pair of quotes can hold the text, and there is something to see in it."""
    return bool(text.strip()) and any(closer not in text for closer in "」』”\"'’")


TEXTS = st.one_of(st.text(LETTERS, min_size=1, max_size=6), st.sampled_from(SPELLED)).filter(quotable)
DAYS = st.builds(tree.Day, st.none() | st.integers(1990, 2030), st.integers(1, 12), st.integers(1, 28))
WHEN: st.SearchStrategy[tree.When] = st.one_of(
    st.builds(tree.Within, *SPANS),
    st.builds(tree.Before, *SPANS),
    st.builds(tree.In, st.sampled_from(["today", "week", "month", "birth_month"])),
    st.builds(tree.Between, DAYS, st.none() | DAYS),
    st.builds(tree.Between, st.none(), DAYS),
    st.builds(tree.Unclear, st.none() | SIGNS, *SPANS),
)
TESTS = st.one_of(
    st.builds(tree.Compares, SIGNS, st.one_of(TEXTS, st.integers(-99, 9999).map(str))),
    st.builds(tree.Contains, TEXTS),
    st.builds(tree.Exists, st.booleans()),
    WHEN,
)


def conditions(objects: st.SearchStrategy[Object]) -> st.SearchStrategy[Tree]:
    tags = st.lists(objects, min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(lambda names, every: tree.HasTag(names, every and len(names) > 1), tags, st.booleans()),
        st.builds(tree.Field, TEXTS, TESTS),
        st.builds(tree.Dated, st.sampled_from(["followed", "reacted", "delivered"]), WHEN),
        st.builds(tree.InScenario, objects, st.sampled_from(["active", "finished", "stopped", "never"])),
        st.builds(tree.InScenario, objects, st.just("from"), st.integers(1, 1000)),
        st.builds(tree.Answered, objects, st.booleans()),
        st.builds(tree.Answer, objects, TEXTS, TEXTS),
        st.builds(tree.Clicked, objects, st.integers(1, 99), st.none() | WHEN),
        st.builds(tree.Clicked, objects, st.just(0)),
        st.builds(tree.Received, objects, st.sampled_from(["received", "clicked", "not_clicked"])),
        st.builds(tree.Booked, objects, st.sampled_from(["upcoming", "cancelled", "none"])),
        st.builds(tree.Booked, objects, st.just("visited"), st.integers(1, 99)),
        st.builds(tree.Attends, objects, st.sampled_from(["applied", "attended", "absent", "waiting"])),
        st.builds(tree.Scores, st.none() | objects, SIGNS, st.integers(-999, 999)),
        st.builds(tree.CameBy, objects),
        st.builds(tree.Converted, objects, st.integers(0, 99)),
        st.builds(tree.Marked, objects),
        st.builds(tree.Assigned, st.none() | objects),
        st.builds(tree.ShowsMenu, objects),
        st.builds(tree.Saved, objects),
        st.builds(tree.Word, TEXTS),
        st.builds(tree.Sampled, st.integers(1, 100)),
        st.integers(2, 100).flatmap(lambda of: st.builds(tree.Split, st.integers(1, of), st.just(of))),
        st.sampled_from([tree.Everyone(), tree.Blocked(), tree.Hidden()]),
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

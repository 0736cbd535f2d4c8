"""What can be answered: every kind of question with good and bad answers, what is asked at all, points and results."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.forms import answers, checking, definition, reaching
from tests.jobs import forms

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)  # noon of the 1st in Japan
TOKEN = "t" * 43

# kind, what else the question says, what the page sends (q without a key), what is kept
GOOD: list[tuple[str, dict[str, Any], Any, str]] = [
    ("text", {}, "　山田　太郎 ", "山田　太郎"),
    ("text", {}, "一\n二\x00三\u202e", "一 二三"),
    ("text", {"most": 3}, "あいう", "あいう"),
    ("long", {}, "一\r\n二", "一\n二"),
    ("number", {}, "１，２００", "1200"),
    ("number", {"least": 0, "most": 120}, "120", "120"),
    ("number", {}, "−３．５０", "-3.5"),
    ("number", {}, 12, "12"),
    ("date", {}, "2026-12-24", "2026-12-24"),
    ("date", {}, "２０２６年１２月４日", "2026-12-04"),
    ("date", {}, "20261224", "2026-12-24"),
    ("date", {"least": 0, "most": 30}, "2026/12/31", "2026-12-31"),
    ("datetime", {}, "2026-12-24T18:30", "2026-12-24T09:30:00+00:00"),
    ("datetime", {}, "2026年12月24日18時", "2026-12-24T09:00:00+00:00"),
    ("time", {}, "９：０５", "09:05"),
    ("time", {}, "18時30分", "18:30"),
    ("phone", {}, "０９０ー１２３４−５６７８", "09012345678"),
    ("phone", {}, "090-1234-567", "0901234567"),  # ten digits: a number on land may look so
    ("phone", {}, "+81 (0)58-123-4567", "0581234567"),
    ("mail", {}, "Taro.@ＥＸＡＭＰＬＥ.jp", "Taro.@example.jp"),
    ("postcode", {}, "〒５００８００１", "500-8001"),
    ("prefecture", {}, "岐阜", "岐阜県"),
    ("prefecture", {}, "北海道", "北海道"),
    ("kana", {}, "やまだ ﾀﾛｳ", "ヤマダ タロウ"),
    ("rating", {"most": 5}, "５", "5"),
    ("scale", {"most": 10}, "0", "0"),
    ("image", {}, TOKEN, TOKEN),
    ("file", {}, TOKEN, TOKEN),
    ("consent", {}, "1", "1"),
    ("consent", {}, True, "1"),
    ("hidden", {"value": "チラシ"}, "別", "チラシ"),
    ("hidden", {"value": "?from"}, "x" * 900, "x" * 500),
    ("time", {}, "18 \u3000 : \u3000 30" + " " * 9_000 + "分", "18:30"),
]
# the same with the code of what is wrong
BAD: list[tuple[str, dict[str, Any], Any, str]] = [
    ("text", {"required": True}, " 　\u200b", "required"),
    ("text", {"required": True}, {"a": [1]}, "required"),
    ("text", {"most": 3}, "あいうえ", "long"),
    ("text", {"least": 2}, "あ", "short"),
    ("text", {}, "x" * 201, "long"),
    ("long", {"most": 99_999}, "x" * 10_001, "long"),
    ("long", {}, "x" * 5_000_000, "long"),
    ("number", {}, "三", "number"),
    ("number", {}, "1e5", "number"),
    ("number", {}, "NaN", "number"),
    ("number", {}, "9999999999999", "number"),
    ("number", {}, "1.23456", "number"),
    ("number", {"least": 0}, "-1", "small"),
    ("number", {"most": 120}, "121", "great"),
    ("date", {}, "2026-02-30", "date"),
    ("date", {}, "12/24", "date"),
    ("date", {"least": 0}, "2026-11-30", "early"),
    ("date", {"most": "2026-12-20"}, "2026-12-21", "late"),
    ("datetime", {}, "2026-12-24", "datetime"),
    ("datetime", {"least": 1}, "2026-12-01T23:59", "early"),
    ("time", {}, "25:00", "time"),
    ("time", {}, "18:60", "time"),
    ("phone", {}, "1234", "phone"),
    ("phone", {}, "電話なし", "phone"),
    ("mail", {}, "taro@example", "mail"),
    ("mail", {}, "taro@exa mple..jp", "mail"),
    ("mail", {}, "x" * 300 + "@example.jp", "mail"),
    ("postcode", {}, "500-800", "postcode"),
    ("prefecture", {}, "江戸", "prefecture"),
    ("kana", {}, "山田", "kana"),
    ("rating", {"most": 5}, "6", "great"),
    ("rating", {}, "0", "small"),
    ("rating", {}, "2.5", "number"),
    ("scale", {}, "11", "great"),
    ("image", {}, "../../etc/passwd", "upload"),
    ("image", {"required": True}, [], "required"),
    ("consent", {"required": True}, "0", "consent"),
]


def check(question: dict[str, Any], raw: dict[str, Any]) -> checking.Checked:
    return checking.check(forms.form(question), raw, NOW, TOKYO)


@pytest.mark.parametrize(("kind", "rest", "sent", "kept"), GOOD)
def test_it_keeps_what_was_meant_in_one_spelling(kind: str, rest: dict[str, Any], sent: Any, kept: str) -> None:
    found = check(forms.question("q", kind, **rest), {"q": sent})
    assert found.faults == {}
    assert found.values["q"].text == kept


@pytest.mark.parametrize(("kind", "rest", "sent", "code"), BAD)
def test_it_says_what_is_wrong_and_takes_nothing(kind: str, rest: dict[str, Any], sent: Any, code: str) -> None:
    found = check(forms.question("q", kind, **rest), {"q": sent})
    assert (found.faults["q"].code, dict(found.values)) == (code, {})


def test_it_reads_an_address_in_its_parts_and_names_the_one_that_is_missing() -> None:
    question = forms.question("q", "address", required=True)
    sent = {"q.postcode": "５００８００１", "q.prefecture": "岐阜", "q.city": "岐阜市 鏡岩", "q.rest": "１−２　歩ビル"}
    [kept] = check(question, sent).values.values()
    assert kept.text == "〒500-8001 岐阜県 岐阜市鏡岩 １−２　歩ビル"
    assert answers.address_parts(kept.text)["rest"] == "１−２　歩ビル"
    lacking = check(question, sent | {"q.city": " "}).faults["q"]
    assert (lacking.code, lacking.params) == ("part", {"part": "city"})
    assert check(question, sent | {"q.postcode": "1"}).faults["q"].code == "postcode"
    assert check(question, {}).faults["q"].code == "required"


def test_it_takes_as_many_choices_as_may_be_made_and_what_is_written_behind_the_last() -> None:
    options = ("カット", "カラー", {"label": "その他", "other": True})
    several = forms.question("q", "multiple", *options, least=2, most=2)
    kept = check(several, {"q": ["o3", "o1", "o1"], "q.other": "着付け"}).values["q"]
    assert (kept.chosen, kept.other) == (("o1", "o3"), "着付け")
    for sent, code in (
        ({"q": ["o1"]}, "few"),
        ({"q": ["o1", "o2", "o3"], "q.other": "x"}, "many"),
        ({"q": ["o1", "o3"], "q.other": " "}, "other"),
        ({"q": ["o1", "o9"]}, "option"),
        ({"q": ["o1", "o3"], "q.other": "x" * 201}, "long"),
    ):
        assert check(several, sent).faults["q"].code == code
    single = forms.question("q", "single", *options)
    assert check(single, {"q": "o2", "q.other": "消える"}).values["q"] == answers.Answer(chosen=("o2",))
    assert check(single, {"q": ["o1", "o2"]}).faults["q"].code == "option"
    assert dict(check(single, {"q": ""}).values) == {}


def branching() -> definition.Form:
    first = forms.question("a", "single", "紹介", "広告", required=True)
    second = forms.question("b", "text", required=True, when={"q": "a", "is": ["o1"]})
    third = forms.question("c", "text", when={"q": "b", "filled": True}, required=True)
    away = forms.question("d", "text", hidden=True, required=True)
    last = forms.question("e", "number", required=True)
    return forms.form(
        pages=forms.pages(("p1", [first, second, third, away], None), ("p2", [last], {"not": {"q": "a", "is": ["o1"]}}))
    )


def test_it_asks_only_what_the_answers_lead_to_and_drops_the_rest() -> None:
    form = branching()
    other_way = checking.check(form, {"a": "o2", "b": "友人", "c": "x", "e": "3"}, NOW, TOKYO)
    assert (set(other_way.values), dict(other_way.faults)) == ({"a", "e"}, {})
    one_way = checking.check(form, {"a": "o1", "b": "友人", "e": "x"}, NOW, TOKYO)
    assert (set(one_way.values), {key: one.code for key, one in one_way.faults.items()}) == (
        {"a", "b"},
        {"c": "required"},
    )
    assert [one.key for one in reaching.asked(form, {"a": answers.Answer(chosen=("o2",))})] == ["a", "e"]
    page = checking.check(form, {"a": "o1"}, NOW, TOKYO, questions=["a"])
    assert dict(page.faults) == {}


@pytest.mark.parametrize(
    ("when", "true"),
    [
        ({"q": "a", "is": ["o1", "o2"]}, True),
        ({"q": "a", "is": ["o9"]}, False),
        ({"q": "x", "filled": False}, True),
        ({"q": "n", "from": 10, "to": None}, True),
        ({"q": "n", "from": 10.5}, False),
        ({"q": "t", "to": 3}, False),
        ({"q": "t", "text": "ﾔﾏﾀﾞ"}, True),
        ({"any": [{"q": "x", "filled": True}, {"all": [{"q": "n", "to": 10}, {"q": "a", "filled": True}]}]}, True),
        ({"not": {"q": "x", "is": ["o1"]}}, True),
    ],
)
def test_it_judges_conditions_on_answers(when: dict[str, Any], true: bool) -> None:
    given_ = {
        "a": answers.Answer(chosen=("o1",)),
        "n": answers.Answer("10"),
        "t": answers.Answer("やまだ"),
    }
    assert reaching.holds(when, given_) is true


def test_it_adds_up_points_and_finds_the_first_result_that_fits() -> None:
    quiz = forms.form(
        forms.question(
            "a",
            "single",
            {"label": "東京", "right": True, "points": 10},
            {"label": "大阪", "points": 2},
            explanation="首都",
        ),
        forms.question("b", "multiple", {"label": "一", "right": True}, {"label": "二", "right": True}, "三", points=5),
        forms.question("c", "text", right="ふじさん", points=20),
        results=[
            {"key": "r1", "title": "名人", "least": 35},
            {"key": "r2", "title": "大阪の人", "when": {"q": "a", "is": ["o2"]}},
            {"key": "r3", "title": "まだまだ", "most": 34},
        ],
        quiz=True,
    )
    best = {
        "a": answers.Answer(chosen=("o1",)),
        "b": answers.Answer(chosen=("o1", "o2")),
        "c": answers.Answer("フジサン！"),
    }
    assert reaching.score(quiz, best) == Decimal(35)
    assert (found := reaching.result(quiz, best, Decimal(35))) is not None
    assert found.key == "r1"
    some = best | {"a": answers.Answer(chosen=("o2",)), "b": answers.Answer(chosen=("o1",))}
    assert reaching.score(quiz, some) == Decimal(22)
    assert (found := reaching.result(quiz, some, Decimal(22))) is not None
    assert found.key == "r2"
    assert [(one.right, one.solution) for one in reaching.marked(quiz, some)] == [
        (False, ("東京",)),
        (False, ("一", "二")),
        (True, ("ふじさん",)),
    ]
    assert reaching.score(forms.form(forms.question("a", "text")), {}) is None


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["o1", "2026-12-24"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
ALL = forms.form(
    *(
        forms.question(kind, kind, "一", {"label": "その他", "other": True})
        for kind in definition.KINDS
        if kind not in definition.SILENT
    )
)
KEYS = [*(one.key for one in ALL.questions()), "single.other", "address.postcode", "address.prefecture", "address.city"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=12))
def test_it_takes_whatever_a_page_sends_and_keeps_only_what_can_be_stored(raw: dict[str, Any]) -> None:
    found = checking.check(ALL, raw, NOW, TOKYO)
    assert not set(found.values) & set(found.faults)
    for key, answer in found.values.items():
        text = answer.text + answer.other
        text.encode()  # no half of a pair
        assert "\x00" not in text
        assert len(text) <= 10_000
        # what is kept is read as the same again, as when an answer is edited
        if key not in ("address", "single", "multiple", "pulldown", "datetime"):
            assert checking.check(ALL, {key: answer.text}, NOW, TOKYO).values[key] == answer


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "x"},
        {"title": "x", "pages": [{"key": "p1", "questions": [{"key": "a", "label": "a", "kind": "odd"}]}]},
        {"title": "x", "pages": [], "turns": "twice"},
        {"title": "x", "pages": [], "since": "2026-12-01T00:00"},
        {"title": "x", "pages": [{"key": "p1", "when": {"q": "a"}, "questions": []}]},
        {"title": "x", "pages": [], "target": {"odd": 1}},
    ],
)
def test_it_reads_no_form_that_we_have_not_stored(wrong: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        definition.read(wrong)

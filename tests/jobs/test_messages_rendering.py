"""Messages personalised: who is named how, and LINE's limits kept whatever a friend is called."""

import re
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import messages
from storage import errors
from tests.examples import many

WEB = "https://example.com/"
KNOWN = {"名前": "お客様", "予約日時": "", "field_1": "-"}


def said(text: str, name: str | None) -> str:
    (message,) = messages.render([messages.text(text)], {"名前": name})
    shown: str = message["text"]
    return shown


@pytest.mark.parametrize(
    ("written", "name", "shown"),
    [
        ("{名前}さん", "花子", "花子さん"),
        ("｛名前｝さん", "花子", "花子さん"),
        ("{ 名前　}さん", "花子", "花子さん"),
        ("{名前|あなた}へ", "花子", "花子へ"),
        ("{名前|あなた}へ", None, "あなたへ"),
        ("｛名前｜あなた｝へ", "", "あなたへ"),
        ("{名前|}へ", None, "お客様へ"),
        ("{名前}へ", " \u3164\u200b", "お客様へ"),
        ("{名前}と{名前}", "花", "花と花"),
        ("{{名前}}と書く", "花子", "{名前}と書く"),
        ("｛｛名前｝｝", "花子", "｛名前｝"),
        ("{{{名前}}}", "花子", "{{名前}}"),
        ("{{笑}}", "花子", "{笑}"),
        ("{{(>_<)}}", "花子", "{{(>_<)}}"),
        ("{ } {", "花子", "{ } {"),
        ("{名前}", "{名前}", "{名前}"),
        ("{名前}", '花"子\\', '花"子\\'),
        ("①㈱½ {名前}", "Ⅲ①", "①㈱½ Ⅲ①"),
        ("{名前}", "a\x00b\ud800c", "a b c"),
    ],
)
def test_it_puts_the_name_in_and_leaves_the_rest_alone(written: str, name: str | None, shown: str) -> None:
    assert said(written, name) == shown


def test_it_leaves_no_words_empty_when_no_character_of_the_name_fits() -> None:
    written = messages.buttons("a", [messages.say("b", "b")], alt="{名前|お}" * 1500)
    assert messages.check([written]) == []
    (message,) = messages.render([written], {"名前": "👨‍👩‍👧" * 300})
    assert message["altText"] == "お" * 1500


def test_it_puts_the_name_in_the_address_of_a_senders_icon() -> None:
    written = messages.text("a") | {"sender": {"iconUrl": WEB + "{名前}.png"}}
    (message,) = messages.render([written], {"名前": "花"})
    assert message["sender"]["iconUrl"] == WEB + "%E8%8A%B1.png"


def test_it_knows_who_is_personal() -> None:
    plain = messages.compile([messages.text("{{名前}} $")])
    assert not plain.personal
    assert not plain.variables
    deep = messages.buttons("a", [messages.say("{名前}です", "はい")])
    compiled = messages.compile([messages.text("a"), deep])
    assert (compiled.personal, set(compiled.variables), compiled.count) == (True, {"名前"}, 2)
    assert messages.is_personal([deep])
    assert messages.variables([deep]) == {"名前"}
    assert not messages.is_personal([messages.text("{{名前}}")])


def test_it_takes_other_variables_as_they_come() -> None:
    compiled = messages.compile([messages.text("{予約日時}・{ＦＩＥＬＤ_1}・{予約日時|未定}")], KNOWN)
    assert compiled.variables == {"予約日時", "field_1"}
    assert compiled.render({"予約日時": "明日"})[0]["text"] == "明日・-・明日"
    assert compiled.render()[0]["text"] == "・-・未定"


def test_it_leaves_what_machines_read_alone() -> None:
    button = {"type": "postback", "label": "{名前}", "data": "{名前}"}
    (message,) = messages.render([messages.buttons("a", [button])], {"名前": "花子"})
    assert message["template"]["actions"][0] == {"type": "postback", "label": "花子", "data": "{名前}"}


def test_it_encodes_values_in_addresses() -> None:
    written = messages.buttons("a", [messages.link("見る", WEB + "?q={名前}&r={名前|無 名}")])
    assert messages.check([written]) == []
    (message,) = messages.render([written], {"名前": "花 子/&"})
    encoded = "%E8%8A%B1%20%E5%AD%90%2F%26"
    assert message["template"]["actions"][0]["uri"] == f"{WEB}?q={encoded}&r={encoded}"


def test_it_cuts_a_long_name_on_a_button_and_shares_the_room() -> None:
    message = messages.buttons("a", [messages.say("{名前}さんの予約", "{名前}/{予約日時}")])
    (shown,) = messages.render([message], {"名前": "あ" * 60, "予約日時": "明日"}, KNOWN)
    action = shown["template"]["actions"][0]
    assert action["label"] == "あ" * 14 + "…さんの予約"
    assert action["text"] == "あ" * 60 + "/明日"
    family = "👨‍👩‍👧‍👦"
    (shown,) = messages.render([message], {"名前": family * 60}, KNOWN)
    assert shown["template"]["actions"][0]["label"] == family * 14 + "…さんの予約"


def test_it_cuts_a_name_in_an_address_that_is_nearly_full() -> None:
    message = messages.buttons("a", [messages.link("見る", WEB + "a" * 900 + "?q={名前}")])
    assert messages.check([message]) == []
    (shown,) = messages.render([message], {"名前": "😀" * 20})
    address = shown["template"]["actions"][0]["uri"]
    assert address.endswith("?q=" + "%F0%9F%98%80" * 6)
    assert len(address) <= 1000


def test_it_cuts_names_that_would_make_flex_too_large() -> None:
    parts = [{"type": "text", "text": "{名前}"}, {"type": "text", "text": "a" * 29_600}]
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": parts}}
    message = messages.flex("a", bubble)
    assert messages.check([message]) == []
    (shown,) = messages.render([message], {"名前": "あ" * 2000})
    assert len(orjson.dumps(shown["contents"])) <= 30_000
    assert shown["contents"]["body"]["contents"][0]["text"].startswith("あ" * 30)


def test_it_counts_each_side_of_a_variable_for_itself() -> None:
    label = "あ" * 18 + "👩{名前|\u200d}👩"  # nineteen characters with the default, twenty-one with a name
    message = messages.buttons("a", [messages.say(label, "はい")])
    assert [(fault.limit, fault.found) for fault in messages.check([message])] == [(20, 21)]


def test_it_moves_line_emojis_with_the_text_before_them() -> None:
    text = "{名前}さん$と{{名前}}$"
    places = [text.index("$"), text.rindex("$")]
    emojis = [{"index": at, "productId": "p", "emojiId": "1"} for at in places]
    message = {"type": "text", "emojis": emojis, "text": text}
    assert messages.check([message]) == []
    for name in ("花子", "😀𠮷$", None):
        (shown,) = messages.render([message], {"名前": name})
        units = shown["text"].encode("utf-16-le")
        for emoji in shown["emojis"]:
            at = emoji["index"] * 2
            assert units[at : at + 2].decode("utf-16-le") == "$"
        assert shown["emojis"][1]["index"] == len(units) // 2 - 1


def test_it_renders_bytes_that_say_the_same_every_time() -> None:
    compiled = messages.compile([messages.text("{名前}さん")])
    assert compiled.render_bytes({"名前": "花子"}) == orjson.dumps([messages.text("花子さん")])
    first = compiled.render({"名前": "花子"})
    first[0]["text"] = "changed"
    assert compiled.render({"名前": "花子"})[0]["text"] == "花子さん"


def test_it_refuses_to_send_buttons_that_have_no_row_yet() -> None:
    written = [messages.buttons("a", [messages.postback("押す", "b=?3")])]
    with pytest.raises(errors.Refused, match="ボタンの準備"):
        messages.compile(written)
    filled = messages.fill_buttons(written, {3: 77})
    assert messages.compile(filled).render()[0]["template"]["actions"][0]["data"] == "b=77"
    assert written[0]["template"]["actions"][0]["data"] == "b=?3"


KEYS = st.sampled_from(
    re.findall(
        r"\w+",
        """type text altText template contents actions columns action label data uri body url hero size title emojis
        index quickReply items sender name layout mode min max aspectRatio thumbnailImageUrl originalContentUrl altUri
        desktop imageUrl""",
    )
)
KINDS = re.findall(
    r"\w+", "text flex template buttons carousel bubble box image video uri postback message datetimepicker vertical"
)
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(KINDS),
    st.sampled_from(["{名前}", "{名前|$}", "$", "b=?1", "https://[", "2026-12-24"]),
)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.binary(max_size=2)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=6),
        st.dictionaries(st.one_of(st.integers(), st.text(max_size=2)), inner, max_size=2),
    ),
    max_leaves=25,
)


@settings(max_examples=many(400), deadline=None)
@given(TREES)
def test_it_raises_nothing_but_refusals_whatever_it_is_given(tree: Any) -> None:
    faults = messages.check(tree)
    assert isinstance(tree, list) or faults
    messages.alt_text(tree)
    try:
        compiled = messages.compile(tree)
    except errors.Refused:
        return
    assert isinstance(compiled.render({"名前": "花子"}), list)


@pytest.mark.parametrize("given_", [[7], ["こんにちは"], [None], [[]], [{"type": "text", "text": "a"}, 1], {}, "a"])
def test_it_refuses_what_is_no_list_of_messages(given_: object) -> None:
    assert messages.check(given_)
    with pytest.raises(errors.Refused):
        messages.compile(given_)


@pytest.mark.parametrize("levels", [61, 300, 5000])
def test_it_refuses_trees_without_end(levels: int) -> None:
    deep: list[Any] = []
    for _ in range(levels):
        deep = [deep]
    assert messages.check([{"type": "flex", "altText": "a", "contents": deep}])
    with pytest.raises(errors.Refused):
        messages.compile([deep])


NAMES = st.text(
    st.one_of(
        st.sampled_from('花子a"\\\n😀👩\u200d👦🏽🇯🇵か\u3099ｶﾞ$%&/ '),
        st.characters(exclude_characters="{}｛｝"),
    ),
    max_size=120,
)
FRAGMENTS = st.lists(
    st.sampled_from(
        ["{名前}", "{名前|あなた}", "{予約日時|明日}", "さん", "😀", "👩‍👦", "\u3099", "{{名前}}", "🇯", "\n"]
    ),
    min_size=1,
    max_size=8,
).map("".join)
PATHS = st.lists(st.sampled_from(["{名前}", "{名前|あなた}", "{予約日時|明日}", "a", "/"]), max_size=6).map("".join)


def every_kind(words: str, path: str, filler: int) -> list[dict[str, Any]]:
    button = messages.say(words, words) | {"text": words + "い" * filler}
    link = {"type": "uri", "label": words, "uri": WEB + path + "a" * filler}
    part = {"type": "text", "text": words + "a" * filler * 90}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [part, part]}}
    return [
        messages.text(words + "あ" * filler * 16),
        messages.buttons(words, [button, link], title=words, picture=WEB),
        messages.carousel([messages.card(words + "う" * (filler // 3), [button])]),
        messages.flex(words, {"type": "carousel", "contents": [bubble, bubble]}),
        {"type": "location", "title": words, "address": words, "latitude": 1.5, "longitude": 2},
    ]


@settings(max_examples=many(300), deadline=None)
@given(FRAGMENTS, PATHS, st.integers(0, 310), NAMES, NAMES)
def test_it_stays_within_every_limit_whatever_a_friend_is_called(
    words: str, path: str, filler: int, name: str, when: str
) -> None:
    for message in every_kind(words, path, filler):
        if messages.check([message], KNOWN):
            continue
        rendered = messages.compile([message], KNOWN).render({"名前": name, "予約日時": when})
        faults = messages.check(rendered, {})
        assert [fault for fault in faults if not fault.message_ja.startswith("差し込み")] == []


@given(NAMES, NAMES)
def test_it_keeps_a_short_visible_name_whole(before: str, name: str) -> None:
    before = re.sub("[\0\ud800-\udfff]", "", before)
    if name.isprintable() and any(character.isalnum() for character in name):
        assert said(before + "{名前}さん", name).endswith(name + "さん")

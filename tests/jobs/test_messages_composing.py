"""What the parts of a block become: bubbles, cards, carousels, and faults by line."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import messages
from jobs.messages import Attachment, Button, Link, Part, Run, Say, Words
from storage import errors
from tests.examples import many

PICTURE = Attachment("image", "https://example.com/a.jpg", 3)
BOOK = Button("予約する", Run(0), 5)


def composed(*parts: Part) -> list[dict[str, Any]]:
    found = messages.compose(parts)
    assert found.faults == []
    assert messages.check(found.messages) == []
    return found.messages


def body(*items: Words | Attachment | Button) -> Part:
    return Part(items, line=1)


def card(*items: Words | Attachment | Button, title: str = "") -> Part:
    return Part(items, "card", title, 1)


def lines(*parts: Part) -> list[int | None]:
    return [fault.line for fault in messages.compose(parts).faults]


def test_it_sends_what_was_written_top_to_bottom() -> None:
    sent = composed(
        body(
            Words("\nこんにちは\n\n①番 \n\n", 2),
            PICTURE,
            Attachment("sticker", "446/1988"),
            Attachment("audio", "https://example.com/a.m4a 1分30秒"),
            Attachment("video", "https://example.com/v.mp4 https://example.com/v.jpg"),
        )
    )
    assert sent == [
        messages.text("こんにちは\n\n①番 "),
        messages.image("https://example.com/a.jpg"),
        messages.sticker("446", "1988"),
        messages.audio("https://example.com/a.m4a", 90_000),
        messages.video("https://example.com/v.mp4", "https://example.com/v.jpg"),
    ]


def test_it_puts_buttons_under_the_words() -> None:
    (sent,) = composed(body(Words("どうぞ", 2), BOOK, Button("聞く", Say("質問です")), Button("見る", Link("tel:058"))))
    assert sent["altText"] == sent["template"]["text"] == "どうぞ"
    assert sent["template"]["actions"] == [
        {"type": "postback", "label": "予約する", "data": "b=?0", "displayText": "予約する"},
        {"type": "message", "label": "聞く", "text": "質問です"},
        {"type": "uri", "label": "見る", "uri": "tel:058"},
    ]


@pytest.mark.parametrize(("length", "bubbles"), [(160, ["template"]), (161, ["text", "template"])])
def test_it_gives_long_words_a_bubble_of_their_own(length: int, bubbles: list[str]) -> None:
    sent = composed(body(Words("あ" * length, 2), BOOK))
    assert [message["type"] for message in sent] == bubbles
    if length > 160:
        assert sent[1]["template"]["text"] == "こちらからどうぞ"


@pytest.mark.parametrize(("length", "bubbles"), [(140, 1), (141, 2)])
def test_it_leaves_room_for_a_name(length: int, bubbles: int) -> None:
    sent = composed(body(Words("{名前}" + "あ" * length, 2), BOOK))
    assert len(sent) == bubbles


@pytest.mark.parametrize("items", [(Words("短い", 2), PICTURE, BOOK), (PICTURE, Words("短い", 2), BOOK)])
def test_it_makes_one_card_of_a_picture_short_words_and_buttons(items: tuple[Any, ...]) -> None:
    (sent,) = composed(body(*items))
    assert sent["template"]["thumbnailImageUrl"] == "https://example.com/a.jpg"
    assert sent["template"]["text"] == "短い"


def test_it_keeps_the_picture_apart_when_the_words_are_long() -> None:
    after = composed(body(Words("あ" * 61, 2), PICTURE, BOOK))
    assert [message["type"] for message in after] == ["text", "image", "template"]
    before = composed(body(PICTURE, Words("あ" * 61, 2), BOOK))
    assert [message["type"] for message in before] == ["image", "template"]
    assert before[1]["template"]["text"] == "あ" * 61


def test_it_asks_a_question_of_two_answers_as_a_confirm() -> None:
    yes, no = Button("はい", Run(0)), Button("いいえ", Run(1))
    (sent,) = composed(Part((Words("来ますか", 2), yes, no), "question"))
    assert sent["template"]["type"] == "confirm"
    (sent,) = composed(Part((Words("来ますか", 2), yes, no, BOOK), "question"))
    assert sent["template"]["type"] == "buttons"


def test_it_makes_a_carousel_of_cards_in_a_row() -> None:
    first, second = card(PICTURE, Words("一", 2), BOOK), card(Words("二", 7), PICTURE, BOOK)
    sent = composed(first, second, body(Words("以上", 9)))
    assert [column["text"] for column in sent[0]["template"]["columns"]] == ["一", "二"]
    assert sent[1] == messages.text("以上")
    (alone,) = composed(card(PICTURE, Words("一", 2), BOOK, title="見出し"))
    assert (alone["template"]["type"], alone["template"]["title"]) == ("buttons", "見出し")


def test_it_makes_flex_of_cards_that_no_template_takes() -> None:
    phone = Button("{名前}の電話", Link("tel:0581234567"))
    uneven = composed(card(PICTURE, Words("{{笑}} 一", 2), BOOK, phone), card(Words("二", 7)))
    bubbles = uneven[0]["contents"]["contents"]
    assert bubbles[0]["body"]["contents"][0]["text"] == "{笑} 一"
    assert [part["action"]["label"] for part in bubbles[0]["footer"]["contents"]] == ["予約する", "{名前}の電話"]
    assert "footer" not in bubbles[1]
    assert messages.is_personal(uneven)


def test_it_takes_flex_from_json() -> None:
    json = '{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [%s]}}'
    written = json % '{"type": "text", "text": "{名前} {x}"}'
    (sent,) = composed(Part((Words(written, 2),), "flex", "お知らせ"))
    assert (sent["type"], sent["altText"]) == ("flex", "お知らせ")
    (sent,) = composed(Part((Words(f'{{"type": "flex", "altText": "a", "contents": {written}}}', 2),), "flex"))
    assert (sent["contents"]["type"], sent["altText"]) == ("bubble", "a")
    (sent,) = composed(Part((Words(written, 2),), "flex"))
    assert sent["altText"] == "{名前} {x}"
    broken = messages.compose([Part((Words('{"type":\n “bubble”}', 2),), "flex")])
    assert [fault.line for fault in broken.faults] == [2]
    assert "2行目" in broken.faults[0].message_ja


def test_it_names_the_line_of_every_fault() -> None:
    found = messages.compose(
        [
            body(
                Words("こんにちは\n{お名前}さん", 2),
                Button("あ" * 21, Run(0), 5),
                Button("見る", Link("ftp://a"), 6),
                Attachment("audio", "https://example.com/a.mp3", 7),
                Attachment("image", "外観", 8),
                Attachment("sticker", "x", 9),
                Attachment("video", "https://example.com/v.mp4", 10),
            )
        ]
    )
    assert [fault.line for fault in found.faults] == [3, 5, 6, 7, 8, 9, 10]


def test_it_asks_to_split_what_is_too_much() -> None:
    five = [Button("押す", Run(n), 10 + n) for n in range(5)]
    (fault,) = messages.compose([body(Words("a", 2), *five)]).faults
    assert (fault.line, fault.limit, fault.found) == (14, 4, 5)
    assert fault.message_ja == "ボタンは1つの▼に4つまでです（今 5つ）。▼を分けてください"
    six = messages.compose([Part((Words("a", 2 * n),), line=2 * n - 1) for n in range(1, 7)])
    assert [(fault.path, fault.line) for fault in six.faults] == [("messages", 12)]


def test_it_refuses_cards_that_are_none() -> None:
    fine = card(Words("a", 2), BOOK)
    assert lines(card(BOOK), fine) == [1]
    assert lines(Part((), "card"), Part((), "card")) == [0]
    assert lines(card(Words("a", 2), Attachment("image", "", 4)), fine) == [4]
    assert lines(body(Words("a", 2), Attachment("image", "", 4), BOOK)) == [4]
    assert lines(card(Words("a", 2), PICTURE, PICTURE), fine) == [1]
    assert lines(card(Words("a", 2), Attachment("sticker", "1/1", 4)), fine) == [1]
    assert lines(card(Words("{お名前}", 2), BOOK), card(Words("b", 8))) == [2]


def test_it_has_nothing_to_say_about_nothing() -> None:
    found = messages.compose([body(Words(" \n\u3000\n", 2))])
    assert (found.messages, found.faults) == ([], [])


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (
            " https://example.com/スタイル 集.jpg ",
            "https://example.com/%E3%82%B9%E3%82%BF%E3%82%A4%E3%83%AB%20%E9%9B%86.jpg",
        ),
        ("HTTPS://例え.jp/?q=%E3%81%82&r=100%", "https://xn--r8jz45g.jp/?q=%E3%81%82&r=100%25"),
        ("https://example.com/?n={名前}#あ", "https://example.com/?n={名前}#%E3%81%82"),
        ("https://example.com/a{b c}", "https://example.com/a%7Bb%20c%7D"),
    ],
)
def test_it_encodes_addresses_as_line_wants_them(written: str, address: str) -> None:
    assert messages.web_address(written) == address
    assert messages.check([messages.image(written)]) == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example.com",
        "ftp://a",
        "https://",
        "https://u@a.jp/",
        "https://{名前}/",
        "https://a{名前}/",
        "https://a�/",
        "https://例え..jp/",
        "https://a.jp/" + "あ" * 221,
    ],
)
def test_it_refuses_addresses_that_lead_nowhere(written: str) -> None:
    with pytest.raises(errors.Refused):
        messages.web_address(written)


def test_it_wants_https_for_pictures_only() -> None:
    assert messages.link("見る", "http://example.com/")["uri"] == "http://example.com/"
    with pytest.raises(errors.Refused):
        messages.image("http://example.com/a.jpg")


def test_it_tells_messages_in_a_line() -> None:
    sent = composed(body(Words("こんにちは\n{名前}さん", 2), Attachment("sticker", "1/2"), Words("どう？"), BOOK))
    assert messages.alt_text(sent) == "こんにちは {名前}さん / [スタンプ] / どう？［予約する］"
    assert messages.alt_text(sent, 9) == "こんにちは …"
    assert messages.alt_text([]) == "メッセージ"


ITEMS = st.lists(
    st.one_of(
        st.builds(Words, st.one_of(st.text(max_size=40), st.sampled_from(["{名前}さん", "{x}", "{{x}}", "あ" * 170]))),
        st.builds(
            Attachment,
            st.sampled_from(["image", "video", "audio", "sticker"]),
            st.one_of(st.text(max_size=20), st.sampled_from(["https://a.jp/1", "1/2", "https://a.jp/1 3秒"])),
        ),
        st.builds(
            Button,
            st.text(max_size=25),
            st.one_of(
                st.builds(Link, st.text(max_size=20)), st.builds(Say, st.text()), st.builds(Run, st.integers(0, 9))
            ),
        ),
    ),
    max_size=8,
).map(tuple)
PARTS = st.lists(
    st.builds(Part, ITEMS, st.sampled_from(["body", "card", "question", "flex"]), st.text(max_size=3)), max_size=4
)


@settings(max_examples=many(300), deadline=None)
@given(PARTS)
def test_it_composes_anything_and_what_has_no_fault_can_be_sent(parts: list[Part]) -> None:
    found = messages.compose(parts)
    if found.messages and not found.faults:
        assert messages.check(found.messages) == []
        messages.compile(messages.fill_buttons(found.messages, dict.fromkeys(range(10), 1))).render({"名前": "花子"})

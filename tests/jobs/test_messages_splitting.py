"""Texts longer than a bubble: cut where a reader would pause, nothing lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import messages
from jobs.messages import counting, splitting


def test_it_cuts_between_paragraphs_and_else_between_lines_and_sentences() -> None:
    assert list(splitting.split("あ" * 6 + "\n\n" + "い" * 6, 10)) == [("あ" * 6, 0), ("い" * 6, 2)]
    assert list(splitting.split("ああああ\nいいい\nうううう", 10)) == [("ああああ\nいいい", 0), ("うううう", 2)]
    assert list(splitting.split("あああ。いいい。ううう", 9)) == [("あああ。いいい。", 0), ("ううう", 0)]
    assert list(splitting.split("あああああ{名前}さん", 8)) == [("あああああ", 0), ("{名前}さん", 0)]


@given(st.text(st.sampled_from("あa\n。{}👨‍👩‍👧"), max_size=60), st.integers(12, 20))
@settings(max_examples=60, deadline=None)
def test_it_loses_nothing_but_line_breaks_at_the_cuts(text: str, most: int) -> None:
    found = [bubble for bubble, _ in splitting.split(text, most)]
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    assert all(counting.utf16_len(bubble) <= most for bubble in found)


def test_it_sends_a_long_text_as_several_bubbles_of_one_message() -> None:
    paragraph = "本日のお知らせです。" * 200
    text = "\n\n".join([paragraph] * 4)
    made = messages.compose([messages.Part((messages.Words(text, 3),))])
    assert (made.faults, [len(one["text"]) for one in made.messages]) == ([], [4002, 4002])
    made = messages.compose([messages.Part((messages.Words("\n\n".join([paragraph] * 12), 3),))])
    assert "1〜5つ" in made.faults[0].message_ja

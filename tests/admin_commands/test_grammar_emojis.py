"""LINE's own emojis of a pasted block reach the message, wherever LINE lets a message have them."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from admin_commands.grammar import emojis as grammar_emojis
from jobs import heard, messages
from jobs.messages import emojis
from storage import database
from tests.admin_commands.shop import YAMADA, Answer, Shop
from tests.examples import many

BROWN = "5ac1bfd5040ab15980c9b435"
OTHER = "5ac21a13031a6752fb806d57"


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def said(text: str, *found: tuple[str, str, str]) -> heard.Said:
    """A message as LINE sends it; each (words, product, emoji) is an emoji in place of its words."""
    places = []
    start = 0
    for words, product, emoji in found:
        start = text.index(words, start)
        places.append(heard.Emoji(utf16(text[:start]), utf16(words), product, emoji))
        start += len(words)
    return heard.Said(text, emojis=tuple(places))


async def paste(shop: Shop, what: heard.Said) -> Answer:
    answered = await shop.hear(what, YAMADA)
    assert answered is not None
    return answered


async def stored() -> list[dict[str, object]]:
    kept = await database.value("SELECT messages FROM templates ORDER BY id DESC LIMIT 1")
    found: list[dict[str, object]] = orjson.loads(kept)
    return found


async def test_it_carries_emojis_of_a_block_into_the_text_message(shop: Shop) -> None:
    block = "■テンプレ お礼\n▼本文\n😊ありがとう(brown)！$100\n{名前}さん(moon)"
    await paste(shop, said(block, ("(brown)", BROWN, "001"), ("(moon)", OTHER, "012")))
    (text,) = await stored()
    assert text == {
        "type": "text",
        "text": "😊ありがとう$！$100\n{名前}さん$",
        "emojis": [
            {"index": utf16("😊ありがとう"), "productId": BROWN, "emojiId": "001"},
            {"index": utf16("😊ありがとう$！$100\n{名前}さん"), "productId": OTHER, "emojiId": "012"},
        ],
    }
    (shown,) = messages.render([text], {"名前": "田中"})
    assert shown["text"] == "😊ありがとう$！$100\n田中さん$"
    assert [shown["text"].encode("utf-16-le")[2 * one["index"]] for one in shown["emojis"]] == [ord("$")] * 2


async def test_it_prints_emojis_so_that_the_block_pasted_back_is_the_same(shop: Shop) -> None:
    await paste(shop, said("■テンプレ お礼\n▼本文\nどうも(brown)", ("(brown)", BROWN, "001")))
    printed = (await shop.ask("テンプレ 書出 お礼")).text
    assert f"どうも{{絵文字:{BROWN}.001}}" in printed
    assert "変更なし" in (await shop.ask(printed)).text


async def test_it_sends_emojis_in_a_text_of_their_own_when_buttons_follow(shop: Shop) -> None:
    block = "■テンプレ お礼\n▼本文\nどうも(brown)\n＋ボタン 見る → https://example.com"
    await paste(shop, said(block, ("(brown)", BROWN, "001")))
    text, panel = await stored()
    assert (text["type"], panel["type"]) == ("text", "template")
    assert text["emojis"] == [{"index": 3, "productId": BROWN, "emojiId": "001"}]


async def test_it_says_where_emojis_cannot_be(shop: Shop) -> None:
    for block in (
        "■テンプレ A\n▼カード\nどうも(brown)\n▼カード\nx",
        "■テンプレ A\n▼本文\nどうも\n＋ボタン (brown) → https://example.com",
        "■テンプレ A(brown)\n▼本文\nどうも",
    ):
        told = await paste(shop, said(block, ("(brown)", BROWN, "001")))
        assert "LINEの絵文字" in told.text
        assert "使えません" in told.text
    assert await database.value("SELECT count(*) FROM templates WHERE source <> ''") == 0


async def step() -> list[dict[str, object]]:
    """The messages of the newest version's second step."""
    found: list[dict[str, object]] = orjson.loads(
        await database.value(
            "SELECT definition->'steps'->1->>'messages' FROM scenario_versions ORDER BY id DESC LIMIT 1"
        )
    )
    return found


async def test_it_carries_emojis_of_a_commands_text_into_the_step(shop: Shop) -> None:
    await shop.ask("■シナリオ 便り\n▼すぐ\n一\n▼1日後 10:00\n二")
    await paste(shop, said("シナリオ 変更 便り 2通目 本文\n😊どうも(brown)", ("(brown)", BROWN, "001")))
    (text,) = await step()
    assert (text["text"], text["emojis"]) == ("😊どうも$", [{"index": 5, "productId": BROWN, "emojiId": "001"}])
    await shop.ask("シナリオ 変更 便り 2通目 本文")
    await paste(shop, said("(moon)またどうぞ", ("(moon)", OTHER, "012")))
    (text,) = await step()
    assert (text["text"], text["emojis"]) == ("$またどうぞ", [{"index": 0, "productId": OTHER, "emojiId": "012"}])
    assert "[絵文字]またどうぞ" in (await shop.ask("シナリオ 確認 便り")).text


async def test_it_leaves_emojis_above_a_commands_text_as_they_were_typed(shop: Shop) -> None:
    await shop.ask("■シナリオ 便り(moon)\n▼すぐ\n一\n▼1日後 10:00\n二")
    command = said("シナリオ 変更 便り(moon) 2通目 本文\nどうも", ("(moon)", OTHER, "012"))
    assert "どうも" in (await paste(shop, command)).text


def test_it_moves_mentions_along_and_leaves_commands_alone() -> None:
    block = said("■アクション A\n・送る 「(brown)」\n・通知 @山田 「x」", ("(brown)", BROWN, "001"))
    at = utf16(block.text[: block.text.index("@山田")])
    mention = heard.Mention(at, 3, "U7", False)
    moved = grammar_emojis.written_out(heard.Said(block.text, mentions=(mention,), emojis=block.emojis))
    place = moved.mentions[0].offset
    assert moved.text.encode("utf-16-le")[2 * place : 2 * (place + 3)].decode("utf-16-le") == "@山田"
    assert moved.emojis == ()
    command = said("タグ 作成 VIP(brown)", ("(brown)", BROWN, "001"))
    assert grammar_emojis.written_out(command) is command


@given(
    st.text(st.sampled_from(list("あA😊\n{}$(brown)①")), max_size=30),
    st.lists(
        st.builds(
            heard.Emoji,
            st.integers(-3, 60),
            st.integers(-3, 20),
            st.sampled_from([BROWN, "", "x.y", "{絵文字:a.b}"]),
            st.sampled_from(["001", "}", ""]),
        ),
        max_size=5,
    ),
)
@settings(max_examples=many(200), deadline=None)
def test_it_takes_any_places_of_emojis_without_raising(body: str, found: list[heard.Emoji]) -> None:
    what = heard.Said(f"■テンプレ A\n{body}", emojis=tuple(found))
    written = grammar_emojis.written_out(what)
    text, places = emojis.for_line(written.text)
    units = text.encode("utf-16-le", "surrogatepass")
    assert all(units[2 * one["index"] : 2 * one["index"] + 2] == "$".encode("utf-16-le") for one in places)


def test_it_tells_staff_that_an_emoji_stands_there() -> None:
    text = {"type": "text", "text": "$😊$$x", "emojis": [{"index": 3, "productId": BROWN, "emojiId": "001"}]}
    assert messages.alt_text([text]) == "$😊[絵文字]$x"
    assert messages.alt_text([text | {"emojis": [{"index": 90}, {"index": "0"}, {"index": -1}, 7]}]) == "$😊$$x"
    assert messages.alt_text([{"type": "text", "emojis": []}]) == "メッセージ"

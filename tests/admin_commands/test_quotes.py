"""Answers quoted: これ, commands that leave out what is quoted, lists, undoing; and all that is only talk."""

from pathlib import Path

import pytest

from admin_commands.grammar import Context, lexicon, read
from admin_commands.grammar.readings import Conversation
from storage import clock, database, quotable
from tests.admin_commands.shop import GROUP, SATO, Answer, Shop, befriend, crowd, worn

CHATTER = Path(__file__).with_name("chatter.txt").read_text().rstrip("\n").split("\n")
STORY = "■シナリオ ようこそ\n開始: 友だち追加\n▼すぐ\nこんにちは\n▼1日後 12:00\nまた来てね"

# What colleagues say to each other under an answer of the bot.
REMARKS = (
    "停止していいですか",
    "停止して",
    "停止お願いします",
    "停止 お願いします",
    "停止しました",
    "停止中？",
    "停止 中です",
    "停止 したほうがいい？",
    "停止…",
    "削除していい？",
    "削除 いいですか",
    "削除しといて",
    "削除 よろしく",
    "確認しました",
    "確認お願いします",
    "確認 お願いします",
    "確認済み",
    "確認中",
    "確認 済みです",
    "確認！",
    "公開まだ？",
    "公開 まだです",
    "公開は来週",
    "公開 来週でお願い",
    "付ける？",
    "付けるのはVIPだけ",
    "付ける 薬がないね",
    "外す？",
    "外しておきました",
    "変更ありがとう",
    "変更 了解です",
    "試すね",
    "試してみます",
    "見た",
    "見ました！",
    "見て〜",
    "これ誰ですか",
    "これ見て",
    "これ、誰か対応お願い",
    "これなに？",
    "この人よく来るよね",
    "VIPだ",
    "田中さんだ",
    "ありがとう",
    "了解です",
    "いいね！",
    "OK",
    "よし",
    "すごい",
    "😊",
    "！？",
    "追加",
    "作成",
    "一覧ありがとう",
    "書き出しって何",
    "版って何？",
    "再開は明日",
    "再開 明日",
    "送る？",
    "送信済み",
    "改名した",
    "統合したい",
    "テストしたよ",
    "タグ",
    "シナリオ",
    "友だち",
    "結果どうだった",
    "結果 よかったね",
    "はい",
    "次",
    "3",
    "3番さんどうぞ",
    "12",
)


async def scenario(shop: Shop) -> Answer:
    """A published one, its card."""
    await shop.press(await shop.ask(STORY))
    return await shop.ask("シナリオ 表示 ようこそ")


async def said(shop: Shop, answer: Answer, text: str) -> str:
    found = await shop.quote(answer, text)
    assert found is not None, f"silence to {text!r}"
    return found.text


async def test_it_says_what_each_answer_is_about(shop: Shop) -> None:
    [tanaka] = await befriend("田中 花子")
    made = await shop.ask("タグ 作成 VIP")
    assert made.about is not None
    assert (made.about["noun"], made.about["object"]) == ("tag", "#T1")
    assert made.about["entry"] == await database.value("SELECT max(id) FROM audit_entries")
    assert (await shop.ask("友だち 田中")).about == {"noun": "friend", "object": f"#F{tanaka}"}
    assert (await scenario(shop)).about == {"noun": "scenario", "object": "#S1"}
    assert (await shop.ask("■テンプレ 料金\n▼本文\nカット")).about is not None
    assert (await shop.ask("/ヘルプ 打ち上げ花火")).about is None
    several = await shop.ask("/タグ 表示 VIP\n/シナリオ 表示 ようこそ")
    assert several.about is None


async def test_it_takes_the_quoted_thing_for_a_command_without_an_object(shop: Shop) -> None:
    card = await scenario(shop)
    assert "シナリオ「ようこそ」" in await said(shop, card, "確認")
    assert "停止しました" in await said(shop, card, "停止")
    assert await database.value("SELECT state FROM scenarios") == "paused"
    assert "■シナリオ ようこそ" in await said(shop, card, "/書出")
    assert "を「はじめて」に改名" in await said(shop, card, "改名 → はじめて")
    assert "のコピー" in await said(shop, card, "シナリオ 複製")


async def test_it_puts_friends_and_tags_together_from_either_side(shop: Shop) -> None:
    [tanaka] = await befriend("田中 花子")
    tag = await shop.ask("タグ 作成 VIP")
    friend = await shop.ask("友だち 田中")
    assert "付けました" in await said(shop, friend, "付ける VIP")
    assert await worn(tanaka) == ["VIP"]
    assert "外しました" in await said(shop, tag, "外す 田中")
    assert await worn(tanaka) == []
    assert "付けました" in await said(shop, friend, "タグ付ける VIP")
    assert "外しました" in await said(shop, friend, "タグ 外す VIP これ")
    assert "付けました" in await said(shop, tag, "/タグ 付ける これ 田中")
    assert await worn(tanaka) == ["VIP"]


async def test_it_puts_the_quoted_friend_into_a_scenario(shop: Shop) -> None:
    await befriend("田中 花子")
    await scenario(shop)
    friend = await shop.ask("友だち 田中")
    assert "を入れました" in await said(shop, friend, "シナリオ 付ける ようこそ")
    assert "を外しました" in await said(shop, friend, "シナリオ 外す ようこそ これ")


async def test_it_refuses_a_quote_of_another_kind_kindly(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await scenario(shop)
    refused = await said(shop, card, "タグ 表示 これ")
    assert "#S1 はシナリオです。ここにはタグの名前か番号" in refused
    assert "#S1 はシナリオです。ここには友だち" in await said(shop, card, "/友だち これ")
    assert "引用（長押し→リプライ）" in (await shop.ask("タグ 表示 これ")).text


async def test_it_keeps_the_whole_command_for_the_confirmation(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await befriend("田中 花子")
    tag = await shop.ask("タグ 付ける VIP 田中")
    card = await shop.quote(tag, "削除")
    assert card is not None
    assert "「VIP」#T1 を削除します" in card.text
    assert await database.value("SELECT command FROM confirmations ORDER BY created_at DESC LIMIT 1") == "タグ 削除 #T1"
    assert "削除しました" in (await shop.press(card)).text


async def test_it_asks_managers_with_the_whole_command(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    card = await scenario(shop)
    offer = await shop.quote(card, "停止", SATO)
    assert offer is not None
    asked = await shop.press(offer, SATO)
    assert "シナリオ 停止 #S1" in asked.text


async def test_it_takes_back_just_what_is_quoted(shop: Shop) -> None:
    first = await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 作成 常連")
    assert "タグ「VIP」を作った" in await said(shop, first, "取消")
    assert await database.value("SELECT array_agg(name) FROM tags WHERE deleted_at IS NULL") == ["常連"]
    looked = await shop.ask("タグ 表示 常連")
    assert "取り消せる操作がありません" in await said(shop, looked, "取消")
    entry = await shop.ask("/履歴 #Z3")
    assert "タグ「常連」を作った" in await said(shop, entry, "取消")


async def test_it_answers_numbers_of_a_quoted_list(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await crowd(15)
    first = await shop.ask("友だち 一覧")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 一覧")
    assert first.about is not None
    row = first.about["list"]["rows"]["3"][1]
    shown = await shop.quote(first, "3", SATO)
    assert shown is not None
    assert shown.about == {"noun": "friend", "object": row}
    assert "\n15件中 11–15\n" in await said(shop, first, "次")
    assert "番号は 1〜10 です" in await said(shop, first, "11")
    assert "2人に付けました" in await said(shop, first, "2,3 タグ付ける VIP")
    await shop.pass_time(minutes=11)
    assert row in await said(shop, first, "3")
    assert await shop.say("3") is None


async def test_it_is_silent_to_talk_under_a_quote(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    cards = [await scenario(shop), await shop.ask("友だち 田中"), await shop.ask("タグ 表示 VIP")]
    await shop.pass_time(minutes=11)
    before = await database.value("SELECT count(*) FROM audit_entries")
    heard = [line for card in cards for line in REMARKS if await shop.quote(card, line) is not None]
    assert heard == []
    assert await database.value("SELECT count(*) FROM audit_entries") == before


@pytest.mark.parametrize("noun", ["scenario", "tag", "friend", "template", "greeting", "staff"])
def test_it_takes_no_chatter_for_a_command_under_a_quote(noun: str) -> None:
    context = Context(quoted=True, this=noun)
    verbs = {word for verb in (*lexicon.VERBS, *lexicon.NOUN[noun].own) for word in verb.words}
    heard = [
        line
        for line in CHATTER
        if not isinstance(read(line, context), Conversation) and isinstance(read(line), Conversation)
        if line.split(" ")[0] not in verbs
    ]
    assert [line for line in heard if isinstance(read(line, Context(quoted=True)), Conversation)] == []


async def test_it_always_answers_a_slash_under_a_quote(shop: Shop) -> None:
    card = await scenario(shop)
    for text in ("/停止して", "/なにこれ", "/付ける", "/ていし", "/結果", "/これ"):
        assert await shop.quote(card, text) is not None, text


async def test_it_knows_a_quote_only_in_its_own_talk_and_for_thirty_days(shop: Shop) -> None:
    now = await clock.now()
    await quotable.Quotable.create(message_id="m1", chat=GROUP, about={"noun": "tag", "object": "#T1"}, at=now)
    assert await quotable.find(GROUP, "m1") == {"noun": "tag", "object": "#T1"}
    assert await quotable.find("C" + "9" * 32, "m1") is None
    assert await quotable.purge(now + quotable.KEPT, 10) == 0
    await shop.pass_time(days=30, seconds=1)
    assert await quotable.purge(await clock.now(), 10) == 1
    assert await quotable.find(GROUP, "m1") is None

"""Wizards: one question at a time, every answer kept, nobody else's words taken, the end through the paste's door."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given, strategies

from admin_commands import book
from admin_commands.grammar import Context, print_block, read
from admin_commands.grammar.definitions import Template, Text
from admin_commands.grammar.readings import Batch, Paste
from admin_commands.wizards import answers, drafts
from admin_commands.wizards.messages import TEMPLATE
from admin_commands.wizards.questions import END, Wizard
from jobs import configuration, heard
from storage import audit, database
from tests.admin_commands.shop import GROUP, SATO, SUZUKI, YAMADA, Answer, Shop

MOON = "5ac21a13031a6752fb806d57"
WIZARDS = [noun.wizard for noun in book.NOUNS if noun.wizard is not None]
BLOCK = "■テンプレ 料金表\n▼本文\nカット 4,400円〜"


async def answered(shop: Shop, *texts: str, who: str = YAMADA) -> Answer:
    """Each said in turn; the last answer."""
    for text in texts:
        last = await shop.ask(text, who)
    return last


async def source_of(name: str) -> str:
    found: str = await database.value(
        "SELECT v.source FROM scenarios s JOIN scenario_versions v ON v.id = s.draft_version_id WHERE s.name = $1", name
    )
    return found


async def test_it_makes_a_scenario_from_answers_and_publishes_it(shop: Shop) -> None:
    first = await shop.ask("シナリオ 作成")
    assert first.text.startswith("@山田 シナリオの作成 1/6")
    assert list(first.presses) == ["ようこそ", "ご来店のお礼", "やめる"]
    start = await shop.ask("はじめまして便")
    assert "2/6 ・ ここまでの内容:\n■シナリオ はじめまして便" in start.text
    when = await shop.tap(start, "友だち追加されたら")
    body = await shop.ask("1")
    assert "3/6" in when.text
    assert "4/6" in body.text
    button = await shop.ask("{名前}さん😊\n\nはじめまして！\n▼店内のようす\n■メニュー\n続く")
    assert "5/6" in button.text
    more = await shop.tap(button, "とばす")
    assert "6/6" in more.text
    again = await shop.ask("もう1通足す")
    assert "7/10" in again.text
    assert "2通目は、いつ" in again.text
    preview = await answered(shop, "明日の次", "翌日 10時", "またどうぞ", "予約 → https://example.com/y", "1")
    assert "下書き（版1）" in preview.text
    published = await shop.press(preview)
    assert "公開しました" in published.text
    found: str = await database.value("SELECT source FROM scenario_versions")
    reading = read(found, Context())
    assert isinstance(reading, Paste)
    assert print_block(reading.definitions[0]).split("\n") == [
        "■シナリオ はじめまして便",
        "開始: 友だち追加",
        "▼すぐ",
        "{名前}さん😊",
        "",
        "はじめまして！",
        "▼▼店内のようす",
        "■■メニュー",
        "続く",
        "▼1日後 10:00",
        "またどうぞ",
        "＋ボタン 予約 → https://example.com/y",
    ]
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'wizard'") == 0


async def test_it_ends_in_a_draft_that_one_undo_takes_back(shop: Shop) -> None:
    await answered(shop, "テンプレ 作成", "道案内", "駅から歩いて5分です", "とばす", "これで完成")
    assert await database.value("SELECT count(*) FROM templates WHERE deleted_at IS NULL") == 1
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb = 'template.apply'") == 1
    await shop.ask("取消")
    assert await database.value("SELECT count(*) FROM templates WHERE deleted_at IS NULL") == 0


async def test_it_takes_more_parts_of_a_template_in_the_order_asked_for(shop: Shop) -> None:
    await answered(
        shop, "テンプレ 作成", "案内", "ひとつめ", "電話 → tel:0312345678", "2", "地図 → https://example.com"
    )
    await answered(shop, "本文をもう1つ", "ふたつめ", "とばす", "1")
    source = await database.value("SELECT source FROM templates")
    assert source.split("\n")[1:] == [
        "▼本文",
        "ひとつめ",
        "＋ボタン 電話 → tel:0312345678",
        "＋ボタン 地図 → https://example.com",
        "▼本文",
        "ふたつめ",
    ]


async def test_it_shows_a_greeting_to_be_confirmed_and_changes_nothing_before(shop: Shop) -> None:
    card = await answered(shop, "あいさつ 変更", "はじめまして！", "とばす", "とばす")
    assert "反映します" in card.text
    assert await database.value("SELECT count(*) FROM greetings WHERE actions <> '[]'") == 0
    await shop.pass_time(hours=2)
    assert "期限切れ" in (await shop.press(card)).text
    fresh = await shop.ask("続ける")
    assert "反映しました" in (await shop.press(fresh)).text
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'wizard'") == 0


async def test_it_tells_what_is_said_in_greeting_now(shop: Shop) -> None:
    assert "今の内容" not in (await shop.ask("あいさつ 変更")).text
    await shop.press(await shop.ask("■あいさつ\n▼新規\nようこそ、花の店です"))
    assert "今の内容: 「ようこそ、花の店です」" in (await shop.ask("あいさつ 変更")).text


async def test_it_leaves_out_the_greeting_that_is_skipped(shop: Shop) -> None:
    await answered(shop, "あいさつ 作成", "とばす")
    card = await shop.ask("おかえりなさい😊")
    await shop.press(card)
    assert [row["kind"] for row in await database.rows("SELECT kind FROM greetings WHERE actions <> '[]'")] == [
        "returning"
    ]


async def test_it_asks_once_more_when_both_greetings_are_skipped(shop: Shop) -> None:
    told = await answered(shop, "あいさつ 変更", "とばす", "とばす")
    assert "▼ の行がありません" in told.text
    assert "戻ってきた方" in told.text


async def test_it_makes_tags_from_one_answer(shop: Shop) -> None:
    assert "1/1" in (await shop.ask("タグ 作成")).text
    assert "VIP" in (await shop.ask("VIP, 春の休眠")).text
    found = await database.rows("SELECT name FROM tags ORDER BY id")
    assert [row["name"] for row in found] == ["VIP", "春の休眠"]


async def test_it_asks_again_when_the_house_turns_the_whole_down(shop: Shop) -> None:
    told = await answered(shop, "タグ 作成", "あ" * 61)
    assert "60字まで" in told.text
    assert "1/1" in told.text
    assert "「短い名前」" in (await shop.ask("短い名前")).text


@pytest.mark.parametrize(
    ("before", "wrong", "told"),
    [
        ((), "一行目\n二行目", "1行で"),
        (("便り",), "雨が降ったら", "始まり方が読めません"),
        (("便り", "1"), "そのうち", "「そのうち」の時間が読めません"),
        (("便り", "1"), "9", "番号は 1〜4"),
        (("便り", "1", "1"), "{名まえ}さん", "差し込み {名まえ}"),
        (("便り", "1", "1"), "とばす", "とばせません"),
        (("便り", "1", "1", "本文"), "予約する", "→ がありません"),
        (("便り", "1", "1", "本文"), "見る → テンプレ:無い", "見つかりません"),
        (("便り", "1", "1", "本文", "とばす"), "どうしよう", "番号かボタン"),
    ],
)
async def test_it_says_what_is_wrong_asks_again_and_keeps_all(
    shop: Shop, before: tuple[str, ...], wrong: str, told: str
) -> None:
    asked = await answered(shop, "シナリオ 作成", *before)
    again = await shop.ask(wrong)
    assert told in again.text
    assert again.text.split("\n")[0] == asked.text.split("\n")[0].removesuffix(" ・ ここまでの内容:")
    assert asked.text.split("\n")[-2:] == again.text.split("\n")[-2:]
    assert "行目" not in again.text


async def test_it_refuses_a_name_that_exists(shop: Shop) -> None:
    await shop.ask(BLOCK)
    first = await shop.ask("テンプレ 作成")
    assert "料金表" not in first.presses
    again = await shop.ask("料金表")
    assert "もうあります" in again.text
    assert "カット" in await database.value("SELECT source FROM templates")


async def test_it_goes_back_answer_by_answer(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    when = await shop.ask("戻る")
    assert "3/6" in when.text
    start = await shop.tap(when, "戻る")
    assert "2/6" in start.text
    assert "開始" not in start.text.split("\n\n")[0]
    name = await shop.ask("もどる")
    assert "1/6" in name.text
    assert "戻る" not in name.presses


async def test_it_is_stopped_without_a_trace_before_the_first_answer(shop: Shop) -> None:
    await shop.ask("シナリオ 作成")
    assert "やめました" in (await shop.ask("やめる")).text
    assert await shop.say("続ける") is None


async def test_it_keeps_what_was_answered_when_stopped_and_drops_it_when_told(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    left = await shop.ask("やめる")
    assert "取っておきます" in left.text
    assert await shop.say("お昼いってきます") is None
    assert "2/6" in (await shop.ask("続ける")).text
    left = await shop.ask("やめる")
    assert "消しました" in (await shop.tap(left, "消す")).text
    assert await shop.say("続ける") is None


async def test_it_carries_out_a_command_and_waits(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    told = await shop.ask("タグ 作成 VIP")
    assert "「VIP」" in told.text
    assert "続きは「続ける」" in told.text
    assert await shop.say("友だち追加") is None
    assert "2/6" in (await shop.ask("続ける")).text
    assert "3/6" in (await shop.ask("タグ:VIP が付いたら")).text


async def test_it_takes_a_pasted_block_meanwhile_and_waits(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    told = await shop.ask(BLOCK)
    assert "作りました" in told.text
    assert "続きは「続ける」" in told.text
    assert "2/6" in (await shop.ask("続ける")).text


async def test_it_gives_a_number_to_a_list_that_was_asked_for_meanwhile(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await answered(shop, "シナリオ 作成", "便り")
    await shop.ask("タグ 一覧")
    assert "タグ「VIP」" in (await shop.ask("1")).text
    assert "2/6" in (await shop.ask("続ける")).text
    assert "3/6" in (await shop.ask("1")).text


async def test_it_takes_a_word_that_is_also_a_noun_for_an_answer(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("シナリオ 作成")
    assert "■シナリオ 予約" in (await shop.ask("予約")).text


async def test_it_obeys_a_slash_whatever_it_asks(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    told = await shop.ask("/そんな命令はない")
    assert "分かりません" in told.text
    assert "4/6" in (await shop.ask("続ける")).text


async def test_it_says_how_to_stop_when_cancelling_is_meant(shop: Shop) -> None:
    again = await answered(shop, "シナリオ 作成", "取消")
    assert "「やめる」" in again.text
    assert "1/6" in again.text


async def test_it_is_not_what_a_card_asks_to_be_typed_while_a_question_is_open(shop: Shop) -> None:
    """The name that confirms a deletion is an ordinary answer to the question asked after it."""
    await shop.press(await shop.ask("■シナリオ 便り\n開始: タグ:VIP が付いたら\n▼すぐ\nこんにちは"))
    assert "「VIP」と送ってください" in (await shop.ask("タグ 削除 VIP")).text
    await answered(shop, "タグ 作成")
    assert "もうあります" in (await shop.ask("VIP")).text
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 1


async def test_it_tells_a_slash_that_the_questions_rest(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    await shop.pass_time(hours=1)
    told = await shop.ask("/戻る")
    assert told.taps["続ける"] == "/続ける"


async def test_it_does_not_take_words_to_a_colleague_for_an_answer(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    to_sato = heard.Said("@佐藤 文面どうする", mentions=(heard.Mention(0, 3, SATO, False),))
    assert await shop.hear(to_sato) is None
    assert "5/6" in (await shop.ask("ようこそ")).text


@pytest.mark.parametrize("slash", ["", "/"])
async def test_it_gives_customers_the_emojis_of_lines_own_in_an_answer(shop: Shop, slash: str) -> None:
    for text in ("テンプレ 作成", "便り"):
        await shop.ask(f"{slash}{text}", private=bool(slash))
    said = heard.Said(f"{slash}😊(moon)こんばんは", emojis=(heard.Emoji(len(slash) + 2, 6, MOON, "012"),))
    told = await shop.hear(said, private=bool(slash))
    assert told is not None
    assert "😊[絵文字]こんばんは" in told.text
    for text in ("とばす", "1"):
        await shop.ask(f"{slash}{text}", private=bool(slash))
    [text] = orjson.loads(await database.value("SELECT messages FROM templates"))
    assert (text["text"], text["emojis"]) == (
        "😊$こんばんは",
        [{"index": 2, "productId": MOON, "emojiId": "012"}],
    )


async def test_it_has_no_place_for_emojis_of_lines_own_but_in_what_customers_get(shop: Shop) -> None:
    await shop.ask("シナリオ 作成")
    again = await shop.hear(heard.Said("(moon)便り", emojis=(heard.Emoji(0, 6, MOON, "012"),)))
    assert again is not None
    assert "お客様に届く本文でだけ" in again.text
    assert "1/6" in again.text


async def test_it_falls_asleep_after_a_quarter_of_an_hour_and_is_woken(shop: Shop) -> None:
    asked = await answered(shop, "シナリオ 作成", "便り")
    await shop.pass_time(minutes=16)
    assert await shop.say("友だち追加") is None
    assert await shop.say("1") is None
    assert await shop.say("やめる") is None
    assert "3/6" in (await shop.tap(asked, "友だち追加されたら")).text
    await shop.pass_time(days=7)
    assert await shop.say("1") is None
    assert "3/6" in (await shop.ask("続ける")).text
    assert "4/6" in (await shop.ask("1")).text


async def test_it_is_kept_thirty_days_and_no_longer(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    await shop.pass_time(days=29)
    assert "2/6" in (await shop.ask("続ける")).text
    await shop.pass_time(days=31)
    assert await shop.say("続ける") is None
    await shop.claim(SATO, chat="C" + "0" * 31 + "2")
    await answered(shop, "シナリオ 作成", "別の", who=SATO)
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'wizard'") == 1


async def test_it_survives_a_restart_of_everything(shop: Shop, database_url: str) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    await database.disconnect()
    await database.connect(database_url)
    after = Shop(configuration.Cache(ZoneInfo("Asia/Tokyo")))
    assert "5/6" in (await after.ask("おはようございます")).text
    preview = await answered(after, "とばす", "1")
    assert "下書き" in preview.text
    assert "おはようございます" in await source_of("便り")


async def test_it_goes_on_where_it_can_when_its_questions_have_changed(shop: Shop) -> None:
    """A new version of the house may have other questions than those that were answered."""
    await answered(shop, "シナリオ 作成", "便り", "1")
    await database.run("UPDATE dialogues SET data = replace(data::text, '\"start\"', '\"begins\"')::jsonb")
    asked = await shop.ask("続ける")
    assert "いつ始めますか" in asked.text
    assert "■シナリオ 便り" in asked.text


async def test_it_keeps_what_another_version_of_the_house_has_asked(shop: Shop) -> None:
    await answered(shop, "テンプレ 作成", "道案内")
    await database.run("UPDATE dialogues SET data = replace(data::text, '\"template\"', '\"hologram\"')::jsonb")
    assert await shop.say("続ける") is None
    await answered(shop, "シナリオ 作成", "便り")
    kept = await database.value("SELECT data::text FROM dialogues WHERE kind = 'wizard'")
    assert "hologram" in kept
    assert "2/6" in (await shop.ask("続ける")).text


async def test_it_parks_the_first_when_another_is_begun_and_asks_which_to_go_on_with(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り")
    second = await shop.ask("テンプレ 作成")
    assert "取っておきました" in second.text
    await shop.ask("道案内")
    which = await shop.ask("続ける")
    assert "1. テンプレの作成 ■テンプレ 道案内" in which.text
    assert "2. シナリオの作成 ■シナリオ 便り" in which.text
    assert "2/6" in (await shop.ask("2")).text
    which = await shop.ask("続ける")
    assert "2/4" in (await shop.tap(which, "2. テンプレの作成")).text
    await answered(shop, "駅から5分", "とばす", "1")
    assert "2/6" in (await shop.ask("続ける")).text


async def test_it_holds_five_at_most_and_says_so(shop: Shop) -> None:
    for number in range(5):
        await answered(shop, "シナリオ 作成", f"便り{number}")
    assert "5件あります" in (await shop.ask("テンプレ 作成")).text


async def test_it_answers_each_of_two_people_in_one_group(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    mine = await shop.ask("シナリオ 作成")
    theirs = await shop.ask("テンプレ 作成", SATO)
    assert mine.text.startswith("@山田 ")
    assert theirs.text.startswith("@佐藤 ")
    mine, theirs = await asyncio.gather(shop.ask("便り"), shop.ask("道案内", SATO))
    assert "■シナリオ 便り" in mine.text
    assert "■テンプレ 道案内" in theirs.text
    assert "佐藤さん用です" in (await shop.tap(theirs, "やめる")).text
    assert "3/4" in (await shop.ask("駅から5分", SATO)).text
    assert "3/6" in (await shop.ask("1")).text


async def test_it_is_not_disturbed_by_a_colleague_who_pastes_and_talks(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    assert await shop.say("その文面いいですね", SATO) is None
    assert await shop.say("1", SATO) is None
    assert await shop.say("続ける", SATO) is None
    assert await shop.say("やめる", SUZUKI) is None
    assert "作りました" in (await shop.ask(BLOCK, SATO)).text
    preview = await answered(shop, "こんにちは", "とばす", "1")
    assert "下書き" in preview.text
    assert await source_of("便り") == "■シナリオ 便り\n開始: 友だち追加\n▼すぐ\nこんにちは"
    entries, _ = await audit.search()
    assert [(one.staff, one.verb) for one in entries[:2]] == [("山田", "scenario.apply"), ("佐藤", "template.apply")]


async def test_it_shows_the_question_of_now_to_whoever_presses_an_old_button(shop: Shop) -> None:
    first = await shop.ask("シナリオ 作成")
    await answered(shop, "便り", "1")
    told = await shop.tap(first, "ようこそ")
    assert "古くなりました" in told.text
    assert "■シナリオ 便り" in told.text
    assert "3/6" in told.text
    left = await shop.ask("やめる")
    left = await shop.tap(left, "消す")
    assert "消しました" in left.text
    assert "もう使えません" in (await shop.tap(first, "ようこそ")).text


async def test_it_prints_the_block_so_far_to_go_on_with_by_hand(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    printed = await answered(shop, "こんにちは", "ブロックで続ける")
    block = printed.messages[-1]["text"]
    assert block == "■シナリオ 便り\n開始: 友だち追加\n▼すぐ\nこんにちは"
    preview = await shop.ask(block.replace("こんにちは", "こんばんは"))
    assert "下書き" in preview.text
    assert "5/6" in (await shop.ask("続ける")).text


async def test_it_is_forgotten_when_its_block_is_pasted_as_it_is(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1", "こんにちは")
    printed = await shop.ask("ブロックで続ける")
    await shop.ask(printed.messages[-1]["text"])
    assert await shop.say("続ける") is None


async def test_it_is_for_those_who_may_make_such_a_thing(shop: Shop) -> None:
    await shop.employ(SATO, "viewer")
    await shop.employ(SUZUKI, "operator")
    assert "🔒" in (await shop.ask("シナリオ 作成", SATO)).text
    assert "🔒" in (await shop.ask("あいさつ 変更", SUZUKI)).text
    assert "🔒" in (await shop.ask("/シナリオ 作成", None)).text
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'wizard'") == 0


async def test_it_is_silent_to_one_whose_rights_have_been_stopped(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    asked = await answered(shop, "シナリオ 作成", "便り", who=SATO)
    await shop.ask("スタッフ 停止 佐藤")
    assert await shop.say("友だち追加", SATO) is None
    assert "🔒" in (await shop.tap(asked, "友だち追加されたら", SATO)).text


async def test_it_is_answered_with_a_slash_in_a_talk_of_two(shop: Shop) -> None:
    asked = await shop.ask("/シナリオ 作成", private=True)
    assert "「/」を付けて" in asked.text
    assert "2/6" in (await shop.ask("/便り", private=True)).text
    assert "3/6" in (await shop.ask("/1", private=True)).text
    assert "4/6" in (await shop.ask("／すぐ", private=True)).text
    assert "▼すぐ\nはじめまして\n2行目" in (await shop.ask("/はじめまして\n2行目", private=True)).text
    assert await shop.say("続ける", chat=GROUP) is None


async def test_it_is_offered_where_help_tells_of_making(shop: Shop) -> None:
    told = await shop.ask("ヘルプ シナリオ")
    assert told.taps["質問に答えて作る"] == "/シナリオ 作成"
    told = await shop.ask("/シナリオ 作成 ようこそ")
    assert told.taps["質問に答えて作る"] == "/シナリオ 作成"


async def test_it_takes_hostile_words_for_words(shop: Shop) -> None:
    hostile = "'; DROP TABLE friends; --\u202e$jndi\t■■続き\u200b"
    await answered(shop, "シナリオ 作成", "便り", "1", "1", hostile, "とばす", "1")
    assert (await source_of("便り")).split("\n")[3] == hostile
    for data in ("t=&v=&c=", "t=%s&v=9&c=-1", "t=a&c=99999999999", "t=&&&", "t=x&t=y&v=1&c=back"):
        assert "使えません" in (await shop.hear(heard.Pressed(data)) or Answer([], [])).text


async def test_it_stops_taking_more_than_a_block_may_hold(shop: Shop) -> None:
    await answered(shop, "シナリオ 作成", "便り", "1", "1")
    for _ in range(4):
        await answered(shop, "あ" * 4_900, "とばす", "2", "1")
    assert "長すぎて" in (await shop.ask("あ" * 4_900)).text


@given(text=strategies.text("▼■＋+/続く\u3000 \nあ😊{}:→「」>#【】\r\u200b", min_size=1, max_size=40))
def test_its_customers_words_are_read_back_as_they_were_said(text: str) -> None:
    draft = drafts.Draft("t", "template", datetime.now(UTC), [drafts.Answer("name", "■テンプレ 便り")])
    body = answers.lines(next(one for one in TEMPLATE.questions if one.key == "text"), text)
    reading = read(draft.text(TEMPLATE, drafts.Answer("text", body)), Context())
    assert isinstance(reading, Paste)
    templates = [one for one in reading.definitions if isinstance(one, Template)]
    said = [piece.text for one in templates for piece in one.parts[0].pieces if isinstance(piece, Text)]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    assert said == (["\n".join(lines)] if lines else [])


@pytest.mark.parametrize("wizard", WIZARDS, ids=lambda one: one.noun)
def test_it_is_declared_so_that_every_way_leads_to_a_question_or_the_end(wizard: Wizard) -> None:
    keys = [one.key for one in wizard.questions]
    assert len(set(keys)) == len(keys)
    for question in wizard.questions:
        leads = [choice.then for choice in question.choices] + [question.skip_to]
        assert set(leads) <= {*keys, END, ""}
        assert question.written or question.choices
    for begins in wizard.begins:
        reading = answers.reread(begins)
        assert isinstance(reading, Batch)
        assert reading.commands[0].verb in wizard.verbs

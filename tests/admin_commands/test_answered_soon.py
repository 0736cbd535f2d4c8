"""Somebody who is giving commands is never met with silence; small talk between two of them still is."""

import pytest

from tests.admin_commands.shop import YAMADA, Shop, befriend, worn

STEPS = """■シナリオ ご来店のお礼
開始: タグ:来店 が付いたら
▼1日後 12:00
昨日はありがとうございました。
▼3日後 12:00
その後いかがですか。"""
SMALL_TALK = (
    "シナリオ 明日見ます",
    "シナリオ 明日",
    "タグ 落ちてたよ",
    "はじめる 前に手洗い",
    "始める まえに",
    "シナリオ案は明日",
    "友だち が来たので休憩もらいます",
    "ヘルプに入れる人いますか",
    "タグ けしといて",
    "シナリオ 変更 ご来店のお礼 2通目 本文 を直しておいて",
    "シナリオ 変更 ご来店のお礼 2通目 本文 お願いします",
)


async def test_it_prepares_a_trade_without_a_slash(shop: Shop) -> None:
    assert "下書きを用意しました" in (await shop.ask("はじめる 美容室")).text


async def test_it_takes_a_new_text_in_the_line_of_its_command(shop: Shop) -> None:
    await shop.ask(STEPS)
    changed = await shop.ask("シナリオ 変更 ご来店のお礼 2通目 本文 お変わりありませんか？ お待ちしています。")
    assert "お変わりありませんか？ お待ちしています。" in changed.text
    await shop.ask("シナリオ 変更 ご来店のお礼 1通目 本文 ありがとうございました！\nまたどうぞ。")
    exported = (await shop.ask("シナリオ 書出 ご来店のお礼")).text
    assert "▼1日後 12:00\nありがとうございました！\nまたどうぞ。\n▼3日後" in exported


async def test_it_shows_what_is_named_right_after_a_command(shop: Shop) -> None:
    assert await shop.say("シナリオ ご来店のお礼") is None
    await shop.ask(STEPS)
    shown = await shop.ask("シナリオ ご来店のお礼")
    assert "状態: 下書き" in shown.text
    assert (await shop.ask("シナリオ 詳細 ご来店のお礼")).text == shown.text
    assert "もしかして: ご来店のお礼" in (await shop.ask("シナリオ お礼")).text
    assert "来店" in (await shop.ask("タグ 来店")).text


async def test_it_offers_the_name_that_is_said_for_short(shop: Shop) -> None:
    await shop.ask(STEPS)
    refused = await shop.ask("シナリオ 公開 お礼")
    assert refused.taps["ご来店のお礼"] == "/シナリオ 公開 ご来店のお礼"


async def test_it_answers_a_name_that_fits_nobody_right_after_a_command(shop: Shop) -> None:
    await befriend("田中 花子")
    assert await shop.say("友だち たなか") is None
    await shop.ask("友だち 一覧")
    assert "「たなか」は見つかりません" in (await shop.ask("友だち たなか")).text


async def test_it_reads_kana_right_after_a_command(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    assert "取り消しました" in (await shop.ask("とりけし")).text
    await shop.ask("タグ つくる 常連")
    assert "常連" in (await shop.ask("タグ いちらん")).text


async def test_it_searches_help_for_any_words_right_after_a_command(shop: Shop) -> None:
    await shop.ask("ヘルプ")
    assert "「予約を受ける」についての使い方は見つかりません" in (await shop.ask("ヘルプ 予約を受ける")).text


@pytest.mark.parametrize("said", SMALL_TALK)
async def test_it_leaves_small_talk_alone_right_after_a_command(shop: Shop, said: str) -> None:
    await shop.ask(STEPS)
    assert await shop.say(said) is None


@pytest.mark.parametrize("typed", ["田中花子", "田中 花子", "タナカハナコ", "「田中 花子」"])
async def test_it_finds_a_friend_with_and_without_the_space_in_the_name(shop: Shop, typed: str) -> None:
    [hanako] = await befriend("田中 花子") if "タナカ" not in typed else await befriend("たなか はなこ")
    await shop.ask("タグ 作成 VIP")
    assert "付けました" in (await shop.ask(f"タグ 付ける VIP {typed}")).text
    assert await worn(hanako) == ["VIP"]


async def test_it_puts_a_tag_on_several_friends_with_spaces_in_their_names(shop: Shop) -> None:
    hanako, ichiro = await befriend("田中 花子", "鈴木 一郎")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 鈴木, 田中 花子")
    assert [await worn(hanako), await worn(ichiro)] == [["VIP"], ["VIP"]]


async def test_it_puts_somebody_into_a_scenario_by_the_whole_name(shop: Shop) -> None:
    await befriend("田中 花子", "田中 美穂")
    await shop.press(await shop.ask(STEPS))
    assert "田中 花子さん" in (await shop.ask("シナリオ 付ける ご来店のお礼 田中 花子")).text
    assert "田中 美穂さん" in (await shop.ask("シナリオ 付ける ご来店のお礼 田中 美穂 2通目から")).text


async def test_it_says_what_a_block_without_its_mark_lacks(shop: Shop) -> None:
    told = await shop.ask("シナリオ:誕生日\n▼すぐ\nおめでとうございます🎂")
    assert "先頭に ■ を付けてください" in told.text
    assert told.taps["直した全文をコピー"] == "■シナリオ 誕生日\n▼すぐ\nおめでとうございます🎂"
    assert await shop.say("シナリオの案です\n▼すぐ\nどうでしょう", YAMADA) is None


async def test_it_says_how_somebody_is_picked_whom_it_does_not_know(shop: Shop) -> None:
    for said in ("スタッフ 追加 高橋 オペレーター", "スタッフ 追加 高橋 一郎 オペレーター", "スタッフ 追加 @高橋 一郎"):
        assert "「@」を打つと出るお名前から選" in (await shop.ask(f"/{said}")).text


async def test_it_understands_looking_only_as_a_role(shop: Shop) -> None:
    told = await shop.mention("スタッフ 追加 @高橋 閲覧のみ", "高橋", "U" + "f" * 32)
    assert "閲覧にします" in told.text

"""Answers that are nearly right: a wizard says so first, offers what would do, and lets commands through."""

import pytest

from storage import database
from tests.admin_commands.shop import Shop


async def test_it_tells_what_is_wrong_first_and_offers_the_answer_that_would_do(shop: Shop) -> None:
    await shop.ask("シナリオ 作成")
    await shop.ask("カラーのあとに")
    told = await shop.ask("タグ カラー が付いたら")
    assert told.text.split("\n")[1].startswith("❌ 「タグ カラー が付いたら」")
    assert "ここまでの内容" not in told.text
    when = await shop.tap(told, "タグ:カラー が付いたら")
    assert "開始: タグ:カラー が付いたら" in when.text
    noon = await shop.ask("3日後のお昼")
    assert "▼" not in noon.text
    assert "▼3日後 12:00" in (await shop.ask("1")).text
    assert noon.presses["3日後 12:00"]


async def test_it_takes_a_part_of_a_choice_for_the_choice(shop: Shop) -> None:
    await shop.ask("シナリオ 作成")
    for said in ("お礼", "友だち追加されたら", "すぐ", "ありがとうございます。", "電話する → 03-1234-5678"):
        last = await shop.ask(said)
    assert "続きの1通を足しますか" in last.text
    assert "2通目は、いつ" in (await shop.ask("もう1通")).text
    for said in ("1日後 12:00", "またどうぞ。", "とばす"):
        await shop.ask(said)
    assert "番号かボタンで" in (await shop.ask("足")).text
    assert "下書き（版1）" in (await shop.ask("完成")).text


async def test_it_lets_a_question_for_help_through(shop: Shop) -> None:
    await shop.ask("シナリオ 作成")
    await shop.ask("お礼")
    told = await shop.ask("ヘルプ あいさつ")
    assert "あいさつでできること" in told.text
    assert "待っています" in told.text


async def test_it_counts_a_refused_command_as_one_given(shop: Shop) -> None:
    assert await shop.say("友だち") is None
    assert "書かれていません" in (await shop.ask("シナリオ 変更")).text
    assert "友だち" in (await shop.ask("友だち")).text


async def test_it_answers_how_a_thing_is_done_in_kana(shop: Shop) -> None:
    assert "シナリオでできること" in (await shop.ask("/シナリオの作り方おしえて")).text


@pytest.mark.parametrize(
    "said", ["次へ", "次", "なし", "スキップ", "とばす", "とばします。", "特になし", "いいえ", "不要"]
)
async def test_it_takes_a_word_that_passes_for_no_text_that_customers_read(shop: Shop, said: str) -> None:
    for text in ("フォーム 作成", "来店", "1人1回"):
        await shop.ask(text)
    asked = await shop.ask(said)
    assert "1問目は、何を聞きますか" in asked.text
    assert "お礼" not in asked.text


@pytest.mark.parametrize("said", ["次へ", "スキップ", "なし", "いいえ"])
async def test_it_asks_again_kindly_where_there_must_be_an_answer(shop: Shop, said: str) -> None:
    for text in ("テンプレ 作成", "案内"):
        await shop.ask(text)
    again = await shop.ask(said)
    assert f"とばせません。「{said}」という言葉そのものを入れるなら、「{said}」とかぎかっこ" in again.text
    assert "本文を送ってください" in again.text


async def test_it_tells_of_brackets_only_where_the_word_could_be_an_answer(shop: Shop) -> None:
    for text in ("シナリオ 作成", "便り"):
        await shop.ask(text)
    assert "❌ この質問は、とばせません。\n" in (await shop.ask("次へ")).text


async def test_it_takes_such_a_word_in_brackets_for_the_text_itself(shop: Shop) -> None:
    for text in ("テンプレ 作成", "「次へ」", "「なし」", "とばす", "これで完成"):
        await shop.ask(text)
    assert await database.value("SELECT source FROM templates") == "■テンプレ 次へ\n▼本文\nなし"


async def test_it_leaves_other_brackets_to_customers(shop: Shop) -> None:
    for text in ("テンプレ 作成", "案内"):
        await shop.ask(text)
    assert "\n「春の会」\n" in (await shop.ask("「春の会」")).text


async def test_it_offers_customers_a_choice_of_nothing(shop: Shop) -> None:
    for text in ("フォーム 作成", "来店", "1人1回", "なし", "アレルギー [単一]", "あり"):
        await shop.ask(text)
    more = await shop.ask("なし")
    assert "▼アレルギー [単一]\n・あり\n・なし\n" in more.text
    await shop.tap(more, "選択肢を足す")
    assert "・あり\n・なし\n\n続きの質問" in (await shop.ask("次へ")).text


async def test_it_hears_a_word_that_passes_behind_a_slash(shop: Shop) -> None:
    for text in ("/フォーム 作成", "/来店", "/1人1回"):
        await shop.ask(text, private=True)
    assert "1問目は" in (await shop.ask("/次へ", private=True)).text


@pytest.mark.parametrize(
    "said", ["お名前 [短文] 必須", "ご希望 [単一]", "電話番号 [電話]", "来店日 [日付]", "満足度 [評価5]"]
)
async def test_it_asks_for_choices_only_where_there_must_be_some(shop: Shop, said: str) -> None:
    for text in ("フォーム 作成", "来店", "1人1回", "なし"):
        await shop.ask(text)
    told = await shop.ask(said)
    assert f"\n▼{said}\n" in told.text
    assert ("選択肢を1つ送ってください" if "単一" in said else "続きの質問を足しますか") in told.text


async def test_it_says_what_is_wrong_with_a_question_of_a_form(shop: Shop) -> None:
    for text in ("フォーム 作成", "来店", "1人1回", "なし"):
        await shop.ask(text)
    told = await shop.ask("お名前 [短分]")
    assert "❌" in told.text
    assert "選択肢" not in told.text.partition("何を聞きますか")[0]

"""Every trigger in a short story through the house: staff set it up, a customer does it, LINE gets what follows.

A new one has its story in STORIES, by the fact of `jobs/facts.py` that it is.
"""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from jobs import configuration, facts, triggers
from jobs.forms import submitting
from storage import database
from tests.kinds import stage
from tests.kinds.stage import Stage
from tests.simulator import control

Story = Callable[[Stage], Awaitable[None]]


async def confirmed(shop: Stage, text: str, label: str) -> None:
    """Staff write something and press what is asked."""
    await shop.asks(text)
    await shop.presses(label)


async def comes_and_comes_back(shop: Stage) -> None:
    greeting = "■あいさつ 友だち追加\n▼新規\nはじめまして\n▼ブロック解除\nおかえりなさい"
    await confirmed(shop, greeting, "反映する")
    customer = await shop.channel.user("新規")
    await customer.follow()
    await customer.sees("はじめまして")
    await customer.block()
    await customer.unblock()
    await customer.sees("おかえりなさい")
    assert (await customer.texts()).count("はじめまして") == 1


async def blocks_us(shop: Stage) -> None:
    await confirmed(shop, "■あいさつ 友だち追加\n▼ブロック\n＋実行 タグ付ける 離脱", "反映する")
    await confirmed(shop, "■シナリオ 毎朝\n▼すぐ\n一日目\n▼1日後 9:00\n二日目", "公開する")
    customer = await shop.customer("遮断", "シナリオ開始 毎朝")
    await customer.sees("一日目")
    await customer.block()
    await shop.channel.advance(days=2)
    assert "二日目" not in await customer.texts()
    assert "遮断" in await shop.asks("/友だち 検索 タグ:離脱 かつ ブロック")


async def says_something(shop: Stage) -> None:
    """A text, a sticker and a picture, each answered in a reply; what no rule knows is answered by その他."""
    await confirmed(shop, "■自動応答 時間\n語: 何時まで\n▼返信\n19時までです\n＋実行 タグ付ける 質問", "公開する")
    await confirmed(shop, "■自動応答 札\n種類: スタンプ\n▼返信\nかわいいですね", "公開する")
    await confirmed(shop, "■自動応答 絵\n種類: 画像\n▼返信\nお写真ですね", "公開する")
    await confirmed(shop, "■自動応答 その他\n▼返信\n担当よりご返事します", "公開する")
    customer = await shop.customer("質問", "タグ付ける 来店")
    pushed = await shop.channel.used()
    await customer.says("今日はナンジまで…じゃなくて何時まで？")
    await customer.sees("19時までです")
    await customer.sends("sticker", packageId="446", stickerId="1988", stickerResourceType="STATIC")
    await customer.sees("かわいいですね")
    await customer.sends("image")
    await customer.sees("お写真ですね")
    await customer.says("駐車場は？")
    await customer.sees("担当よりご返事します")
    assert await shop.channel.used() == pushed
    assert "質問" in await shop.asks("友だち 表示 質問")
    assert "駐車場は？" in await shop.asks("自動応答 漏れ")


async def presses_a_button(shop: Stage) -> None:
    text = "■あいさつ 友だち追加\n▼新規\nこんにちは\n＋ボタン はい → 送る 「押しました」"
    await confirmed(shop, text, "反映する")
    customer = await shop.channel.user("押す")
    await customer.follow()
    await customer.sees("こんにちは")
    await customer.presses("はい")
    await customer.sees("押しました")


async def watches_a_film_to_its_end(shop: Stage) -> None:
    film = "＋動画 https://example.com/a.mp4 https://example.com/a.jpg → 送る 「ご視聴ありがとうございます」"
    await shop.asks(f"■テンプレ 動画\n▼本文\n{film}")
    customer = await shop.customer("視聴", "送る テンプレ:動画")
    seen = await customer.sees(lambda one: one.message["type"] == "video")
    await customer.plays(seen.id)
    await customer.sees("ご視聴ありがとうございます")


async def opens_a_link(shop: Stage) -> None:
    text = "■あいさつ 友だち追加\n▼新規\nご案内\n＋リンク https://example.com/a 名前=型録 → 送る 「ご覧くださり感謝」"
    await confirmed(shop, text, "反映する")
    customer = await shop.channel.user("開く")
    await customer.follow()
    address = (await customer.sees("ご案内")).message["template"]["actions"][0]["uri"]
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari Line/15.0.0"}
    async with aiohttp.ClientSession(headers=phone) as web, web.get(address, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "https://example.com/a"
    await customer.sees("ご覧くださり感謝")


async def gets_a_tag(shop: Stage) -> None:
    await shop.asks("タグ 作成 常連")
    await confirmed(shop, "タグ 変更 常連 付いた時=送る 「常連になりました」", "反映する")
    customer = await shop.customer("札付", "タグ付ける 常連")
    await customer.sees("常連になりました")


async def loses_a_tag(shop: Stage) -> None:
    await shop.asks("タグ 作成 見込み")
    await confirmed(shop, "タグ 変更 見込み 外れた時=送る 「またどうぞ」", "反映する")
    customer = await shop.customer("札無", "タグ付ける 見込み → タグ外す 見込み")
    await customer.sees("またどうぞ")


async def comes_too_late_for_a_tag(shop: Stage) -> None:
    await shop.asks("タグ 作成 先着")
    await confirmed(shop, "タグ 変更 先着 上限=1 超過時=送る 「満員です」", "反映する")
    first = await shop.customer("一番", "タグ付ける 先着")
    late = await shop.channel.user("二番")
    await late.follow()
    await late.sees("満員です")
    assert "満員です" not in await first.texts()


async def has_a_field_changed(shop: Stage) -> None:
    await shop.asks("項目 作成 来店回数 数値")
    customer = await shop.customer("来店", "タグ付ける 来店")
    await confirmed(shop, "項目 変更 来店回数 変わった時=送る 「ご来店ありがとうございます」", "反映する")
    await shop.asks("/項目 来店 来店回数 +1")
    await customer.sees("ご来店ありがとうございます")


async def finishes_a_scenario(shop: Stage) -> None:
    await confirmed(shop, "■シナリオ 短い\n＋終了後 送る 「これで終わりです」\n▼すぐ\nはじめの通", "公開する")
    customer = await shop.customer("完了", "シナリオ開始 短い")
    await customer.sees("はじめの通")
    await customer.sees("これで終わりです")


async def answers_a_form(shop: Stage) -> None:
    form = (
        "■フォーム 感想\n▼いかがでしたか [単一]\n・よい → 送る 「うれしいです」\n＋回答後 送る 「ご回答に感謝します」"
    )
    await confirmed(shop, form, "公開する")
    customer = await shop.customer("回答", "タグ付ける 来店")
    friend = await database.value("SELECT id FROM friends WHERE line_name = '回答'")
    sent = submitting.Sent(1, friend, 1, 0, 1, {"q1": "o1"})
    cache = configuration.Cache(ZoneInfo("Asia/Tokyo"))
    for state in ("kept", "again"):
        assert (await database.repeated(lambda: submitting.submit(cache, sent))).state == state
    await customer.sees("うれしいです")
    await customer.sees("ご回答に感謝します")
    assert (await customer.texts()).count("うれしいです") == 1


STORIES: dict[type[facts.What], Story] = {
    facts.Followed: comes_and_comes_back,
    facts.Unfollowed: blocks_us,
    facts.Said: says_something,
    facts.Pressed: presses_a_button,
    facts.VideoCompleted: watches_a_film_to_its_end,
    facts.LinkClicked: opens_a_link,
    facts.FormAnswered: answers_a_form,
    facts.TagAdded: gets_a_tag,
    facts.TagRemoved: loses_a_tag,
    facts.TagFull: comes_too_late_for_a_tag,
    facts.FieldChanged: has_a_field_changed,
    facts.ScenarioFinished: finishes_a_scenario,
}


def test_it_has_a_story_for_every_trigger() -> None:
    assert STORIES.keys() == triggers.RULES.keys()


def test_it_is_told_with_its_words_and_an_example() -> None:
    assert all(one.word and one.does.endswith("。") and one.example for one in triggers.RULES.values())


@pytest.mark.usefixtures("bot")
async def test_it_sets_going_what_each_trigger_says(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    for story in STORIES.values():
        await story(shop)

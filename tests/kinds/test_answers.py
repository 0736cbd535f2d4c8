"""What customers answer, through the house: choices, days, films watched to their end, tags for the first to come."""

import asyncio

import pytest

from storage import database
from tests.kinds import stage
from tests.simulator import control

ASKED = """\
■テンプレ お尋ね
回答: 1回
▼質問
どちらがお好みですか？
・カット 先着1人 → 送る 「カットですね」
・カラー → 送る 「カラーですね」
▼本文
ご希望の日は？
＋日付 日を選ぶ → 項目:希望日
▼本文
＋動画 https://example.com/a.mp4 https://example.com/a.jpg → 送る 「最後までありがとうございます」"""


@pytest.mark.usefixtures("bot")
async def test_it_takes_what_customers_choose_pick_and_watch(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    await shop.asks("項目 作成 希望日 日付")
    assert "❌" not in await shop.asks(ASKED)
    first = await shop.customer("一人目", "送る テンプレ:お尋ね")
    await first.sees("ご希望の日は？")
    await first.presses("カット")
    await first.sees("カットですね")
    await first.presses("カラー")
    await first.sees("すでにお答えいただいています。ありがとうございます。")
    await first.presses("日を選ぶ", value="2026-12-24")
    await first.sees("2026年12月24日(木)で承りました。")
    film = await first.sees(lambda seen: seen.message["type"] == "video")
    await first.plays(film.id)
    await first.sees("最後までありがとうございます")
    second = await channel.user("二人目")
    await second.follow()
    await second.sees("ご希望の日は？")
    await second.presses("カット")
    await second.sees("申し訳ありません。「カット」は定員に達したため、受付を終わりました。")
    told = await shop.asks("テンプレ 結果 お尋ね")
    assert "カット … 1人（先着1人・満員）" in told
    assert "12月24日(木)" in await shop.asks("友だち 表示 一人目")


@pytest.mark.usefixtures("bot")
async def test_it_gives_the_tag_to_fifty_of_two_hundred_who_come_at_once(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    await shop.asks("タグ 作成 先着")
    await shop.asks("タグ 変更 先着 上限=50")
    await shop.asks("タグ 変更 先着 付いた時=送る 「当選です」")
    await shop.asks("タグ 変更 先着 超過時=送る 「満員です」")
    await shop.greets_with("タグ付ける 先着")
    await channel.crowd(200, webhooks=True)
    told = await _told(200)
    assert told == {"当選です": 50, "満員です": 150}
    assert await database.value("SELECT count(*) FROM friend_tags") == 50


async def _told(people: int) -> dict[str, int]:
    """How many were sent what about the tag, once so many have been sent anything about it."""
    for _ in range(300):
        found = await database.rows(
            "SELECT m ->> 'text' AS text, count(*) AS friends"
            " FROM outbox o, jsonb_array_elements(convert_from(o.body, 'utf8')::jsonb) m"
            " WHERE m ->> 'text' IN ('当選です', '満員です') GROUP BY 1"
        )
        told = {row["text"]: row["friends"] for row in found}
        if sum(told.values()) >= people:
            break
        await asyncio.sleep(0.1)
    return told

"""＋クイック of a 配信: read, printed, told on the card, and below the last message of whoever gets it."""

import orjson
import pytest

from admin_commands import grammar
from storage import database
from tests.admin_commands.broadcasting import people
from tests.admin_commands.shop import Shop
from tests.admin_commands.test_broadcast_kinds import leave, read
from tests.jobs import delivering

BLOCK = """■配信 年末
対象: 全員
▼本文
年末のお知らせです
＋クイック 営業時間
＋クイック 予約する → https://example.com/y 計測なし
▼本文
くわしくはこちら
＋クイック 興味あり → タグ付ける 関心高"""


def test_it_is_read_and_printed_back() -> None:
    found = read(BLOCK)
    assert grammar.print_block(found) == BLOCK
    assert grammar.print_block(read(BLOCK.replace("クイック", "quick"))) == BLOCK


async def test_it_goes_below_the_last_message_and_does_what_it_says(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 2)
    await shop.ask(BLOCK)
    card = await shop.ask("配信 確認 年末")
    assert "クイック返信: 営業時間・予約する・興味あり" in card.text
    assert [one for one in card.messages[:-1] if "quickReply" in one] == []
    await leave(shop, stage)
    got = [one.message for one in await stage.channel.deliveries()]
    assert [one["text"] for one in got] == ["年末のお知らせです", "くわしくはこちら"] * 2
    button = await database.value("SELECT id FROM buttons WHERE label = '興味あり'")
    for first, last in (got[:2], got[2:]):
        assert "quickReply" not in first
        assert [one["action"] for one in last["quickReply"]["items"]] == [
            {"type": "message", "label": "営業時間", "text": "営業時間"},
            {"type": "uri", "label": "予約する", "uri": "https://example.com/y"},
            {"type": "postback", "label": "興味あり", "data": f"b={button}", "displayText": "興味あり"},
        ]
    actions = orjson.loads(await database.value("SELECT actions FROM buttons WHERE id = $1", button))
    assert [one["do"] for one in actions] == ["tag_on"]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("■配信 年末\n対象: 全員\n▼本文\nこんにちは\n＋クイック", "5行目「＋クイック」に文字がありません"),
        ("■配信 年末\n対象: 全員\n▼本文\n＋クイック はい", "本文を書いてください"),
        (f"■配信 年末\n対象: 全員\n▼本文\nこんにちは\n＋クイック {'長' * 21}", "5行目"),
        ("■配信 年末\n対象: 全員\n▼本文\nこんにちは" + "\n＋クイック はい" * 14, "13"),
        ("■テンプレ 年末\n▼本文\nこんにちは\n＋クイック はい", "■配信なら使えます"),
    ],
)
async def test_it_says_what_is_wrong_with_it_and_keeps_nothing(shop: Shop, block: str, told: str) -> None:
    assert told in (await shop.ask(block)).text
    assert await database.value("SELECT count(*) FROM buttons") == 0

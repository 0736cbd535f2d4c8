"""Lines of customers' text that were meant to be a branch: told where they stand and how a branch is written."""

import pytest

from storage import database
from tests.admin_commands.shop import Shop

MEANT = "もし 来店回数>=3 なら\nいつもありがとうございます\nそうでなければ\nまたお待ちしています"


async def test_it_tells_how_a_scenario_branches_instead_of_sending_the_words(shop: Shop) -> None:
    told = (await shop.ask(f"■シナリオ 道\n// 分ける\n▼1日後 10:00\n// 常連\n{MEANT}")).text
    assert "5行目「もし 来店回数>=3 なら」は本文では分岐になりません" in told
    assert "7行目「そうでなければ」は本文では分岐になりません" in told
    assert "▼1日後 10:00 もし 来店回数>=3　▼1日後 10:00 そうでなければ" in told
    assert await database.value("SELECT count(*) FROM scenarios") == 0
    told = (await shop.ask("■シナリオ 道\n▼すぐ\nx\n▼もし 来店回数>=3 なら\ny\n▼そうでなければ\nz")).text
    assert "4行目「▼もし 来店回数>=3 なら」に時間がありません" in told
    assert "▼1日後 10:00 もし 来店回数>=3" in told
    assert "6行目「▼そうでなければ」に時間がありません" in told


@pytest.mark.parametrize(
    ("head", "way"),
    [
        ("■あいさつ 友だち追加\n▼新規", "＋実行 もし 来店回数>=3 なら 送る 「本文」"),
        ("■自動応答 あ\n語: あ\n▼返信", "＋実行 もし 来店回数>=3 なら 送る 「本文」"),
        ("■テンプレ あ\n▼本文", "＋実行 もし 来店回数>=3 なら 送る 「本文」"),
        ("■配信 あ\n対象: 全員\n▼本文", "対象: 来店回数>=3"),
    ],
)
async def test_it_tells_it_of_every_kind_of_message(shop: Shop, head: str, way: str) -> None:
    told = (await shop.ask(f"{head}\n{MEANT}")).text
    assert "「もし 来店回数>=3 なら」は本文では分岐になりません" in told
    assert "「そうでなければ」は本文では分岐になりません" in told
    assert way in told
    assert await database.value("SELECT count(*) FROM greetings WHERE actions::text <> '[]'") == 0


async def test_it_tells_it_of_a_text_that_is_changed(shop: Shop) -> None:
    await shop.ask("■テンプレ 案内\n▼本文\nこんにちは")
    assert "分岐になりません" in (await shop.ask("テンプレ 変更 案内 本文\nそうでなければ")).text
    assert "こんにちは" in (await shop.ask("テンプレ 表示 案内")).text


@pytest.mark.parametrize(
    "text",
    [
        "もしよろしければ ご予約なら こちら",
        "もし お時間がある なら",
        "もし雨なら",
        "もし 来店回数>=3 なら、",
        "そうでなければ、",
        "そうでなければ またの機会に",
        "お得です。もし 来店回数>=3 なら",
        "▼▼そうでなければ",
    ],
)
async def test_it_leaves_sentences_as_they_are(shop: Shop, text: str) -> None:
    await shop.ask(f"■テンプレ 案内\n▼本文\n{text}")
    assert await database.value("SELECT count(*) FROM templates") == 1


@pytest.mark.parametrize("asked", ["分岐", "探す もし", "検索 もし", "もし"])
async def test_it_explains_branches_when_asked(shop: Shop, asked: str) -> None:
    told = (await shop.ask(f"/ヘルプ {asked}")).text
    assert "▼1日後 10:00 もし 来店回数>=3" in told
    assert "▼1日後 10:00 そうでなければ" in told


async def test_it_shows_the_branch_in_the_help_on_scenarios(shop: Shop) -> None:
    assert "▼1日後 10:00 もし 来店回数>=3" in (await shop.ask("ヘルプ シナリオ")).text

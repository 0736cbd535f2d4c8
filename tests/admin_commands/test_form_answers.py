"""What customers have answered, as staff read it: counts, averages, one answer, a word looked for, all as a file."""

import csv
import io
from typing import Any

import pytest

from admin_commands.forms import exporting
from jobs import configuration
from jobs.forms import submitting
from storage import clock, database
from storage.forms import tickets
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend

LIFF = "https://liff.line.me/1234567890-AbCdEfGh"
SURVEY = """■フォーム 来店
回答: 何度でも
▼お名前 [短文] 必須
▼メニュー [複数]
・カット 5点
・カラー
・その他(記入)
▼満足度 [評価5]
▼年齢 [数値]
▼電話番号 [電話]
▼また来る [結果] 5点以上
はい"""


@pytest.fixture
async def shop(db: str) -> Shop:
    shop = Shop(configuration.Cache(TOKYO, liff=LIFF))
    await shop.claim()
    await shop.press(await shop.ask(SURVEY))
    return shop


async def answer(shop: Shop, friend: int, attempt: int = 1, **raw: Any) -> None:
    sent = submitting.Sent(1, friend, attempt, 0, 1, {key.replace("_", "."): one for key, one in raw.items()})
    outcome = await database.repeated(lambda: submitting.submit(shop.cache, sent))
    assert outcome.state == "kept", outcome


@pytest.fixture
async def three(shop: Shop) -> list[int]:
    people = await befriend("田中", "鈴木", "佐々木")
    tanaka, suzuki, sasaki = people
    await answer(shop, tanaka, q1="田中太郎", q2=["o1", "o3"], q2_other="ヘッドスパ", q3="5", q4="30", q5="09012345678")
    await answer(shop, suzuki, q1="鈴木", q2=["o1"], q3="4", q4="41")
    await answer(shop, sasaki, q1="=1+2", q2=["o2"], q3="4")
    return people


async def test_nobody_has_answered_yet(shop: Shop) -> None:
    assert "まだ回答がありません" in (await shop.ask("フォーム 結果 来店")).text
    assert "まだ回答がありません" in (await shop.ask("フォーム 回答 来店")).text


@pytest.mark.usefixtures("three")
async def test_counts_and_averages_are_told_and_drawn(shop: Shop) -> None:
    told = await shop.ask("フォーム 結果 来店")
    assert "回答: 3件（3人）" in told.text
    assert "問2 メニュー: 3件 100%（カット 2件・カラー 1件・その他 1件）" in told.text
    assert "平均 4.3" in told.text
    assert "平均 35.5" in told.text
    assert "結果「また来る」: 2件" in told.text
    assert told.messages[0]["type"] == "image"
    one = await shop.ask("フォーム 結果 来店 問2")
    assert "カット: 2件 66.6%" in one.text
    stars = await shop.ask("フォーム 結果 来店 満足度")
    assert "★4: 2件 66.6%" in stars.text
    assert "★1: 0件 0%" in stars.text
    assert "どの質問かが分かりません" in (await shop.ask("/フォーム 結果 来店 問9")).text


@pytest.mark.usefixtures("three")
async def test_answers_are_listed_the_latest_first_and_masked(shop: Shop) -> None:
    told = await shop.ask("フォーム 回答 来店 最新2")
    assert told.text.index("佐々木さん") < told.text.index("鈴木さん")
    assert "田中さん" not in told.text
    assert "次へ" not in told.taps
    mine = await shop.ask("フォーム 回答 来店 田中")
    assert "メニュー: カット・その他（ヘッドスパ）" in mine.text
    assert "鈴木" not in mine.text
    found = await shop.ask("フォーム 回答 来店 検索 ヘッド")
    assert "田中さん" in found.text
    assert "鈴木さん" not in found.text
    one = await shop.ask("/フォーム 回答 来店 1番")
    assert "電話番号: 090-****" in one.text or "電話番号: 090****" in one.text
    assert "09012345678" not in one.text
    assert "点数: 5点" in one.text


@pytest.mark.usefixtures("three")
async def test_a_masked_answer_is_shown_alone_with_the_bot_only(shop: Shop) -> None:
    asked = await shop.ask("/フォーム 回答 来店 1番 全表示")
    assert "09012345678" not in asked.text
    assert "1対1" in asked.text
    alone = await shop.ask("/フォーム 回答 来店 1番 全表示", private=True)
    assert "09012345678" in alone.text
    await shop.employ(SATO, "viewer")
    viewer = await shop.ask("/フォーム 回答 来店 1番 全表示", SATO, private=True)
    assert "09012345678" not in viewer.text


@pytest.mark.usefixtures("three")
async def test_all_answers_leave_as_a_file_alone_with_the_bot_only(shop: Shop) -> None:
    assert "1対1" in (await shop.ask("フォーム 出力 来店")).text
    assert await database.value("SELECT count(*) FROM form_tickets") == 0
    told = await shop.ask("/フォーム 出力 来店", private=True)
    assert "https://media.invalid/t/" in str(told.messages)
    await shop.employ(SATO, "operator")
    assert "🔒" in (await shop.ask("/フォーム 出力 来店", SATO, private=True)).text
    data = b"".join([piece async for piece in exporting.rows(1, await clock.now(), TOKYO)])
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert head[-5:] == ["お名前", "メニュー", "満足度", "年齢", "電話番号"]
    assert [row[-5:] for row in rows] == [
        ["田中太郎", "カット・その他（ヘッドスパ）", "5", "30", "09012345678"],
        ["鈴木", "カット", "4", "41", ""],
        ["'=1+2", "カラー", "4", "", ""],
    ]
    assert [row[head.index("結果")] for row in rows] == ["また来る", "また来る", ""]


@pytest.mark.parametrize("cell", ["=1+2", "+81 90", "-1+2", "@SUM(A1)", "\tx", "＝1", "\r=1"])
def test_no_cell_is_reckoned_with(cell: str) -> None:
    assert exporting.harmless(cell) == f"'{cell}"


def test_plain_cells_stay_as_they_are() -> None:
    assert [exporting.harmless(cell) for cell in ("-5", "3.5", "田中", "", "090-1234")] == [
        "-5",
        "3.5",
        "田中",
        "",
        "090-1234",
    ]


@pytest.mark.usefixtures("db")
async def test_a_ticket_is_good_once_and_for_a_time() -> None:
    now = await clock.now()
    token = await tickets.issue("answers", 1, 3, now + exporting.LIFE)
    assert (found := await tickets.find(token, now)) is not None
    assert found.open
    assert await tickets.take(token, now) is not None
    assert await tickets.take(token, now) is None
    late = await tickets.issue("answers", 1, 3, now + exporting.LIFE)
    assert await tickets.take(late, now + exporting.LIFE) is None
    assert await tickets.find("x" * 43, now) is None


@pytest.mark.usefixtures("three")
async def test_answers_of_others_friends_do_not_exist(shop: Shop) -> None:
    await shop.ask("タグ 作成 担当")
    await shop.ask("タグ 付ける 担当 鈴木")
    await shop.employ(SATO, "operator")
    await shop.press(await shop.ask("/スタッフ 変更 佐藤 範囲=タグ:担当"))
    told = await shop.ask("フォーム 回答 来店", SATO)
    assert "鈴木さん" in told.text
    assert "田中" not in told.text
    none = (await shop.ask("/フォーム 回答 来店 1番", SATO)).text
    assert "1番の回答はありません" in none
    assert "行の左の番号（「1」など）だけを送ると" in none
    assert "回答: 1件（1人）" in (await shop.ask("フォーム 結果 来店", SATO)).text


@pytest.mark.usefixtures("three")
async def test_a_friend_shows_the_forms_answered_last(shop: Shop) -> None:
    assert "フォームの回答: 「来店」" in (await shop.ask("友だち 表示 田中")).text


@pytest.mark.usefixtures("three")
async def test_deleting_a_form_takes_its_answers_along_and_back(shop: Shop) -> None:
    card = await shop.ask("フォーム 削除 来店")
    assert "回答: 3件（3人）" in card.text
    await shop.press(card)
    await shop.ask("フォーム 元に戻す 来店")
    assert "回答: 3件（3人）" in (await shop.ask("フォーム 結果 来店")).text


async def test_a_notice_of_an_answer_tells_how_to_read_it(shop: Shop) -> None:
    acts = SURVEY.replace("はい", "はい\n＋回答後 通知 グループ「{名前}さんが回答しました」")
    await shop.press(await shop.ask(acts), way="live")
    [friend] = await befriend("田中")
    sent = submitting.Sent(1, friend, 1, 0, 2, {"q1": "田中"})
    assert (await database.repeated(lambda: submitting.submit(shop.cache, sent))).state == "kept"
    told = await database.value("SELECT convert_from(body, 'UTF8') FROM outbox WHERE cause = 'notice:told'")
    assert "田中さんが回答しました" in told
    assert "見るには: /フォーム 回答 #Q1 1番" in told
    assert "電話番号" not in (await shop.ask("/フォーム 回答 #Q1 1番")).text

"""What a 配信 is made of and how it comes: sender, sound, who is left out; read, printed, shown, sent for real."""

from pathlib import Path

import pytest

from admin_commands import grammar
from admin_commands.grammar import definitions
from admin_commands.grammar.readings import Paste
from jobs.messages import hosting
from storage import database
from tests import photos
from tests.admin_commands.broadcasting import begin, people, plan
from tests.admin_commands.shop import Shop, befriend
from tests.admin_commands.test_media import quote, send
from tests.jobs import delivering

BLOCK = "■配信 年末\n対象: 全員\n▼本文\n年末のクーポンです"


def head(*lines: str) -> str:
    return BLOCK.replace("▼", "\n".join([*lines, "▼"]), 1)


def read(text: str) -> definitions.Broadcast:
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    [found] = reading.definitions
    assert isinstance(found, definitions.Broadcast)
    return found


async def leave(shop: Shop, stage: delivering.Stage) -> None:
    """Sent to up to ten friends, after the minute."""
    await shop.press(await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await stage.work()


@pytest.mark.parametrize(
    "line",
    [
        "除く: タグ:購入済み",
        "送信者: 店長さくら",
        "送信者: 店長 さくら アイコン=さくら",
        "送信者: さくら アイコン=「店の 外観」",
        "通知: なし",
    ],
)
def test_it_reads_how_it_comes_and_prints_it_back(line: str) -> None:
    found = read(head(line))
    assert line in grammar.print_block(found).split("\n")
    assert read(grammar.print_block(found)) == found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("送信者: アイコン=さくら", "送信者が読めません"),
        ("送信者: さくら アイコン=さくら さん", "送信者が読めません"),
        ("通知: 夜だけ", "の値が分かりません"),
        ("送信者: LINE公式", "「LINE」は使えません"),
        (f"送信者: {'長' * 21}", "送信者の名前は20字までです"),
        (
            "送信者: さくら アイコン=さくら",
            "4行目「送信者: さくら アイコン=さくら」のメディア「さくら」が見つかりません",
        ),
    ],
)
async def test_it_says_what_is_wrong_with_it(shop: Shop, line: str, told: str) -> None:
    if told.startswith("4行目"):
        told = told.replace("4", "3", 1)
    assert told in (await shop.ask(head(line))).text
    assert await database.value("SELECT count(*) FROM broadcasts WHERE source <> ''") == 0


async def test_it_comes_from_whom_it_says_and_without_a_sound(
    shop: Shop, stage: delivering.Stage, tmp_path: Path
) -> None:
    await people(stage, 2)
    await quote(shop, await send(tmp_path, photos.photo()), "メディア 作成 さくら")
    await shop.ask(head("送信者: 店長さくら アイコン=さくら", "通知: なし"))
    card = await shop.ask("配信 確認 年末")
    assert "送信者: 店長さくら" in card.text
    assert "通知: なし" in card.text
    public = await database.value("SELECT public_id FROM media")
    sender = {"name": "店長さくら", "iconUrl": f"{hosting.HOST}/m/{public}/icon"}
    assert card.messages[0]["sender"] == sender
    assert "配信「年末」" in (await shop.ask("メディア 使用先 さくら")).text
    stage.sender.public_url = "https://shop.example"
    await leave(shop, stage)
    got = await stage.channel.deliveries()
    assert [(one.message["sender"]["name"], one.quiet) for one in got] == [("店長さくら", True)] * 2
    assert got[0].message["sender"]["iconUrl"] == f"https://shop.example/m/{public}/icon"


async def test_a_personal_one_is_quiet_too_and_others_are_heard(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 1)
    await shop.ask(head("通知: なし").replace("年末のクーポンです", "{名前}さんへ"))
    await leave(shop, stage)
    await shop.ask("配信 複製 年末")
    await shop.ask("配信 変更 「年末 のコピー」 通知 あり")
    assert "通知" not in (await shop.ask("配信 書出 「年末 のコピー」")).text
    await shop.press(await shop.ask("配信 送信 「年末 のコピー」"))
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await stage.work()
    assert [one.quiet for one in await stage.channel.deliveries()] == [True, False]


async def test_who_is_left_out_by_name_gets_none_and_the_card_says_how_many(shop: Shop) -> None:
    await befriend("田中", "花子", "次郎")
    await shop.ask("タグ 作成 購入済み")
    await shop.ask("タグ 付ける 購入済み 花子")
    await shop.ask(head("除く: タグ:購入済み"))
    card = (await shop.ask("配信 確認 年末")).text
    assert "対象: 2人" in card
    assert "購入済み" in card
    await shop.ask("タグ 改名 購入済み → 購入者")
    assert "除く: タグ:購入者" in (await shop.ask("配信 書出 年末")).text
    assert "使用先" in (await shop.ask("タグ 表示 購入者")).text
    await shop.ask("配信 変更 年末 除く なし")
    assert "対象: 3人" in (await shop.ask("配信 確認 年末")).text


async def test_who_has_been_written_to_lately_is_left_out_by_a_tap(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 3)
    await shop.ask("タグ 作成 常連")
    await shop.ask("タグ 付ける 常連 客1")
    await shop.ask(BLOCK.replace("対象: 全員", "対象: タグ:常連"))
    await leave(shop, stage)
    await shop.ask("タグ 作成 購入済み")
    await shop.ask("タグ 付ける 購入済み 客2")
    await shop.ask(head("除く: タグ:購入済み").replace("年末", "新春"))
    card = await shop.ask("配信 確認 新春")
    assert "対象: 2人" in card.text
    assert "届いた人が1人" in card.text
    await shop.ask(card.taps["最近届いた人を除く"])
    again = await shop.ask("配信 確認 新春")
    assert "対象: 1人" in again.text
    assert "最近届いた人を除く" not in again.taps
    assert "除く: タグ:購入済み または 最終配信 7日以内" in (await shop.ask("配信 書出 新春")).text


async def test_who_has_opted_out_is_left_out_and_counted_on_the_card(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 3)
    await database.run("UPDATE friends SET opted_out = true WHERE line_name = '客2'")
    await shop.ask(BLOCK)
    card = (await shop.ask("配信 確認 年末")).text
    assert "対象: 2人" in card
    assert "配信停止 1" in card
    assert "🔕 配信停止" in (await shop.ask("友だち 表示 客2")).text
    assert "3件中" in (await shop.ask("友だち 検索 全員")).text  # of other crowds they stay a part
    assert "配信停止を希望しています" in (await shop.ask("なぜ 客2 配信:年末")).text
    await leave(shop, stage)
    assert len(await stage.channel.deliveries()) == 2


@pytest.mark.parametrize(
    "line", ["対象: タグ:VIIP", "対象: 全員\n除く: タグ:VIIP", "対象: タグ:VIP でない かつ タグ:VIIP でない"]
)
async def test_a_tag_that_is_not_there_is_asked_about_and_not_made(shop: Shop, line: str) -> None:
    await befriend("田中")
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask(BLOCK.replace("対象: 全員", line))
    assert "のタグ「VIIP」が見つかりません" in card.text
    assert line.split("\n")[-1] in card.text
    assert card.taps["タグ「VIIP」を作る"].endswith("タグ 作成 VIIP")
    assert [row["name"] for row in await database.rows("SELECT name FROM tags")] == ["VIP"]
    assert await database.value("SELECT count(*) FROM broadcasts") == 0
    await shop.ask(BLOCK)
    assert "見つかりません" in (await shop.ask("配信 変更 年末 除く タグ:VIIP")).text
    await shop.ask(card.taps["タグ「VIIP」を作る"])
    await shop.ask("配信 変更 年末 除く タグ:VIIP")
    assert "除く: タグ:VIIP" in (await shop.ask("配信 書出 年末")).text


async def test_a_tag_that_its_own_button_puts_on_is_made_with_it(shop: Shop) -> None:
    await befriend("田中")
    card = await shop.ask(head("除く: タグ:使った") + "\n＋ボタン 使った → タグ付ける 使った")
    assert "新しく作ったタグ: 使った" in card.text


async def test_ten_of_them_are_shown_what_each_would_read(shop: Shop) -> None:
    await befriend(*(f"客{n}さま" for n in range(1, 13)))
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("/項目 客12さま 誕生日=1990/5/3")
    await shop.ask(BLOCK.replace("年末のクーポンです", "{名前}へ {誕生日|未登録}"))
    card = await shop.ask("配信 確認 年末")
    ten = await shop.ask(card.taps["10人見る"])
    assert "対象 12人のうち10人です" in ten.text
    assert ten.text.count("客") == 20
    assert ten.text.count("未登録") == 9
    assert "****年5月3日" in ten.text
    assert "1990" not in ten.text
    assert "対象の友だちがいません" in (await (await _nobody(shop)).ask("配信 確認 無人 10人")).text


async def _nobody(shop: Shop) -> Shop:
    await shop.ask("タグ 作成 だれも")
    await shop.ask("■配信 無人\n対象: タグ:だれも\n▼本文\nx")
    return shop

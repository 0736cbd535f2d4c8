"""配信 作成: questions that end in a draft, whose head is put in front of its text whenever it was asked for."""

from jobs import heard
from storage import database
from tests.admin_commands.shop import SATO, Answer, Shop, befriend


async def answered(shop: Shop, *texts: str) -> Answer:
    """Each said in turn; the last answer."""
    for text in texts:
        last = await shop.ask(text)
    return last


async def pick(shop: Shop, asked: Answer, moment: str) -> Answer:
    """A moment chosen on the question's calendar, as LINE hands it on."""
    [action] = [
        one["action"] for one in asked.messages[-1]["quickReply"]["items"] if one["action"]["type"] == "datetimepicker"
    ]
    assert action["mode"] == "datetime"
    found = await shop.hear(heard.Pressed(action["data"], {"datetime": moment}))
    assert found is not None
    return found


async def source() -> list[str]:
    found: str = await database.value("SELECT source FROM broadcasts")
    return found.split("\n")


async def test_it_makes_a_draft_of_a_broadcast_and_sends_nothing(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP, 休眠")
    await shop.ask("セグメント 作成 上客 タグ:VIP")
    first = await shop.ask("配信 作成")
    assert first.text.startswith("@山田 配信の作成 1/5")
    whom = await shop.ask("冬のお知らせ")
    assert list(whom.presses)[:4] == ["友だち全員", "＠上客", "タグ:休眠", "タグ:VIP"]
    await shop.tap(whom, "タグ:休眠")
    await shop.ask("戻る")
    assert "3/5" in (await shop.ask("2")).text
    await answered(shop, "{名前}さん、冬の\n日時: 未定のご案内です。", "予約 → https://example.com/y")
    card = await shop.ask("12/24 18:00")
    assert "下書き（版1）" in card.text
    assert "まだ送っていません" in card.text
    assert (await source())[2].endswith("-12-24 18:00")
    told = await shop.ask("配信 書出 冬のお知らせ")
    assert told.text.split("\n")[0] == "■配信 冬のお知らせ"
    assert "対象: @上客" in told.text
    assert told.text.endswith(
        "▼本文\n{名前}さん、冬の\n日時: 未定のご案内です。\n＋ボタン 予約 → https://example.com/y"
    )
    assert await database.value("SELECT count(*) FROM broadcast_runs") == 0
    assert await database.value("SELECT count(*) FROM dialogues WHERE kind = 'wizard'") == 0
    await shop.ask("取消")
    assert await database.value("SELECT count(*) FROM broadcasts WHERE deleted_at IS NULL") == 0


async def test_it_takes_the_moment_from_a_calendar_and_asks_again_for_one_that_is_over(shop: Shop) -> None:
    asked = await answered(shop, "配信 作成", "お知らせ", "1", "こんにちは", "とばす")
    assert "5/5" in asked.text
    again = await pick(shop, asked, "2020-01-01T10:00")
    assert "❌" in again.text
    assert "5/5" in again.text
    assert "下書き（版1）" in (await pick(shop, again, "2030-12-24T18:30")).text
    assert "日時: 2030-12-24 18:30" in await source()


async def test_it_has_no_moment_when_it_is_to_be_sent_at_once(shop: Shop) -> None:
    card = await answered(shop, "配信 作成", "お知らせ", "友だち全員", "こんにちは", "とばす", "今すぐ")
    assert "下書き（版1）" in card.text
    assert await source() == ["■配信 お知らせ", "対象: 全員", "▼本文", "こんにちは"]


async def test_it_takes_no_calendar_of_an_older_question_and_none_where_no_moment_is_asked_for(shop: Shop) -> None:
    asked = await answered(shop, "配信 作成", "お知らせ", "1", "こんにちは", "とばす")
    button = await shop.ask("戻る")
    assert "4/5" in button.text
    assert "古くなりました" in (await pick(shop, asked, "2030-12-24T18:30")).text
    press = button.presses["とばす"].replace("c=skip", "c=pick")
    told = await shop.hear(heard.Pressed(press, {"datetime": "2030-12-24T18:30"}))
    assert told is not None
    assert "4/5" in told.text


async def test_it_asks_again_for_whom_when_the_condition_is_not_understood(shop: Shop) -> None:
    asked = await answered(shop, "配信 作成", "お知らせ")
    told = await shop.ask("たぶん常連さんに")
    assert "❌" in told.text
    assert told.text.split("\n")[-2:] == asked.text.split("\n")[-2:]
    assert "3/5" in (await shop.ask("最終反応 60日以内")).text


async def test_it_refuses_a_name_that_exists_and_viewers(shop: Shop) -> None:
    await shop.ask("■配信 お知らせ\n対象: 全員\n▼本文\nこんにちは")
    assert "もうあります" in (await answered(shop, "配信 作成", "お知らせ")).text
    await shop.employ(SATO, "viewer")
    assert "🔒" in (await shop.ask("配信 作成", SATO)).text

"""はじめる: what is there is ticked, a trade's pack is put down whole, nothing that exists is overwritten."""

import pytest

from admin_commands.grammar import Context, print_block, read
from admin_commands.grammar.definitions import Form, Greeting, Scenario, Template
from admin_commands.grammar.readings import Paste
from admin_commands.setup import trades
from jobs import configuration
from storage import database
from tests.admin_commands.shop import SATO, SUZUKI, TOKYO, YAMADA, Shop, befriend

TRADES = list(trades.TRADES)


def word(trade: trades.Trade) -> str:
    return trade.key


async def counted(kind: str) -> int:
    found: int = await database.value(f"SELECT count(*) FROM {kind} WHERE deleted_at IS NULL")
    return found


@pytest.mark.parametrize("trade", TRADES, ids=word)
def test_its_pack_reads_without_fault_and_holds_what_a_shop_begins_with(trade: trades.Trade) -> None:
    reading = read((trades.PACKS / f"{trade.key}.txt").read_text(encoding="utf-8"), Context())
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    kinds = [type(one) for one in reading.definitions]
    assert kinds.count(Greeting) == 1
    assert kinds.count(Scenario) == 3
    assert kinds.count(Template) == 3
    assert kinds.count(Form) == 1


def test_every_pack_belongs_to_a_trade() -> None:
    assert sorted(path.stem for path in trades.PACKS.iterdir()) == sorted(one.key for one in TRADES)


@pytest.mark.parametrize("trade", TRADES, ids=word)
def test_its_scenarios_say_nothing_that_a_shop_would_have_to_fill_in_first(trade: trades.Trade) -> None:
    """A placeholder stands in templates only, which no message of the pack sends."""
    blanks = [one.name for one in trades.pack(trade) if isinstance(one, Template) and "（ここに" in print_block(one)]
    for one in trades.pack(trade):
        if not isinstance(one, Template):
            printed = print_block(one)
            assert "（ここに" not in printed
            assert [name for name in blanks if f"テンプレ:{name}" in printed] == []


@pytest.mark.parametrize("trade", TRADES, ids=word)
async def test_it_puts_a_pack_down_as_drafts_and_shows_the_greeting(shop: Shop, trade: trades.Trade) -> None:
    told = await shop.ask(f"/はじめる {trade.word}")
    assert "お客様にはまだ何も届きません" in told.text
    assert "反映します" in told.text
    states = await database.rows("SELECT state FROM scenarios WHERE deleted_at IS NULL")
    assert [one["state"] for one in states] == ["draft"] * 3
    assert await counted("templates") == 3
    assert await database.value("SELECT count(*) FROM greetings WHERE actions <> '[]'") == 0
    for name in [one.name for one in trades.pack(trade) if isinstance(one, Scenario)]:
        assert "公開しました" in (await shop.press(await shop.ask(f"/シナリオ 公開 {name}"))).text


@pytest.mark.parametrize("trade", TRADES, ids=word)
async def test_its_form_is_a_draft_that_can_be_published_without_a_warning(db: str, trade: trades.Trade) -> None:
    shop = Shop(configuration.Cache(TOKYO, liff="https://liff.line.me/1234567890-AbCdEfGh"))
    await shop.claim()
    [form] = [one.name for one in trades.pack(trade) if isinstance(one, Form)]
    told = (await shop.ask(f"/はじめる {trade.word}")).text
    assert f"フォーム（下書き）: {form}" in told
    assert "LIFF_ID" not in told
    assert await database.value("SELECT state FROM forms WHERE deleted_at IS NULL") == "draft"
    card = await shop.ask(f"/フォーム 公開 {form}")
    assert "⚠" not in card.text
    assert "公開しました" in (await shop.press(card)).text


async def test_it_tells_that_nobody_can_open_the_form_as_long_as_there_is_no_liff_app(shop: Shop) -> None:
    told = await shop.ask("/はじめる 美容室")
    assert "⚠ フォームは、LIFFの設定（LIFF_ID）がまだないため、お客様は開けません" in told.text


async def test_it_puts_the_greeting_in_force_by_a_press_alone(shop: Shop) -> None:
    card = await shop.ask("/はじめる 美容室")
    assert "反映しました" in (await shop.press(card)).text
    kinds = await database.rows("SELECT kind FROM greetings WHERE actions <> '[]' ORDER BY kind")
    assert [one["kind"] for one in kinds] == ["new", "returning"]
    assert "☑ あいさつ" in (await shop.ask("/はじめる")).text


async def test_it_is_taken_back_by_one_undo(shop: Shop) -> None:
    await shop.ask("/はじめる 整体")
    assert await counted("tags") > 3
    told = await shop.ask("/取消")
    assert "整体の下書き（7件）を用意した" in told.text
    kinds = ("scenarios", "templates", "forms", "tags", "fields")
    assert [await counted(kind) for kind in kinds] == [0, 0, 0, 0, 0]
    assert "☐ 業種を選ぶ" in (await shop.ask("/はじめる")).text


async def test_it_means_the_greeting_by_yes_and_nothing_that_was_not_shown(shop: Shop) -> None:
    await shop.ask("/はじめる 飲食")
    assert "あいさつ" in (await shop.ask("はい")).text
    assert await database.value("SELECT count(*) FROM scenarios WHERE state = 'live'") == 0
    assert await shop.say("はい") is None


async def test_it_overwrites_nothing_of_the_same_name(shop: Shop) -> None:
    await shop.ask("■シナリオ ようこそ\n▼すぐ\nうちのようこそ")
    await shop.ask("■テンプレ ご予約について\n▼本文\nうちの予約")
    await shop.press(await shop.ask("■あいさつ\n▼新規\nうちのあいさつ"))
    told = await shop.ask("/はじめる 美容室")
    assert "もうあったもの（そのままです）: ようこそ・ご予約について" in told.text
    source = "SELECT v.source FROM scenarios s JOIN scenario_versions v ON v.id = s.draft_version_id WHERE s.name = $1"
    assert "うちのようこそ" in await database.value(source, "ようこそ")
    assert "うちの予約" in await database.value("SELECT source FROM templates WHERE name = 'ご予約について'")
    assert "新規" not in told.text.split("反映します")[1]
    await shop.press(told)
    assert "うちのあいさつ" in await database.value("SELECT source FROM greetings WHERE kind = 'new'")
    again = await shop.ask("/はじめる 美容室")
    assert "もうすべてあります" in again.text
    assert not again.tokens


async def test_it_brings_two_trades_together_without_a_clash(shop: Shop) -> None:
    await shop.press(await shop.ask("/はじめる 教室"))
    told = await shop.ask("/はじめる 通販")
    assert "もうあったもの（そのままです）: ようこそ" in told.text
    assert await counted("scenarios") == 5


@pytest.mark.parametrize(
    ("said", "trade"),
    [("美容院", "美容室"), ("カフェ", "飲食"), ("ｅｃ", "EC"), ("ネットショップ", "EC"), ("税理士", "士業")],
)
async def test_it_knows_a_trade_by_its_other_names(shop: Shop, said: str, trade: str) -> None:
    assert f"{trade}の下書きを用意しました" in (await shop.ask(f"/はじめる {said}")).text


async def test_it_offers_the_trades_it_knows_for_one_it_does_not(shop: Shop) -> None:
    told = await shop.ask("/はじめる 宇宙旅行")
    assert "「宇宙旅行」の用意はありません" in told.text
    assert told.taps["士業"] == "/はじめる 士業"
    assert await counted("scenarios") == 0


async def test_it_ticks_what_is_really_there_and_names_the_next_step(shop: Shop) -> None:
    first = await shop.ask("/はじめる")
    assert "🌱 はじめる（0/7）" in first.text
    assert "次は「業種を選ぶ」です" in first.text
    assert first.taps["美容室"] == "/はじめる 美容室"
    card = await shop.ask(first.taps["美容室"])
    second = await shop.ask("/はじめる")
    assert "☑ 業種を選ぶ … 美容室" in second.text
    assert "☑ シナリオ・テンプレ … シナリオ3・テンプレ3" in second.text
    assert second.taps["質問に答えて作る"] == "/あいさつ 作成"
    await shop.press(card)
    await shop.employ(SATO, "operator")
    third = await shop.ask("/はじめる")
    assert "☑ スタッフ … 2人" in third.text
    assert "次は「テスト」です" in third.text
    [friend] = await befriend("山田")
    await database.run("UPDATE friends SET line_user_id = $1 WHERE id = $2", YAMADA, friend)
    assert "テスト友だちにしました" in (await shop.ask(third.taps["自分をテスト友だちに"])).text
    assert "次は「公開」です" in (await shop.ask("/はじめる")).text
    await shop.press(await shop.ask("シナリオ 公開 ようこそ"))
    assert "準備は整っています" in (await shop.ask("/はじめる")).text


async def test_it_needs_no_second_person_to_be_complete(shop: Shop) -> None:
    assert "☐ スタッフ … お一人なら不要です" in (await shop.ask("/はじめる")).text


async def test_it_lets_an_operator_have_drafts_and_asks_a_manager_for_the_greeting(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    told = await shop.ask("/はじめる 士業", SATO)
    assert "士業の下書きを用意しました" in told.text
    assert "🔒" in told.text
    assert await counted("scenarios") == 3
    await shop.employ(SUZUKI, "viewer")
    assert "🔒" in (await shop.ask("/はじめる 教室", SUZUKI)).text
    assert await counted("scenarios") == 3

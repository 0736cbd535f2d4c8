"""Every kind of action in a short story through the house: staff write it, a customer comes by, LINE gets what follows.

A new kind has its story in STORIES, by the name under which it is stored; one whose noun comes later is refused.
"""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import pytest

from admin_commands.grammar import actions, words
from jobs.actions.kind import Kind
from storage import clock
from tests.kinds import stage
from tests.kinds.stage import Stage
from tests.simulator import control

Story = Callable[[Stage], Awaitable[None]]

WELCOME = "■シナリオ ようこそ\n▼すぐ\n一通目です\n▼1日後 12:00\n二通目です"


async def sends_words(shop: Stage) -> None:
    customer = await shop.customer("送る", "送る 「{名前}さん、ようこそ」")
    await customer.sees("送るさん、ようこそ")


async def sends_a_template(shop: Stage) -> None:
    await shop.asks("■テンプレ 料金表\n▼本文\nカット 4,400円")
    customer = await shop.customer("雛形", "送る テンプレ:料金表")
    await customer.sees("カット 4,400円")


async def puts_tags_on(shop: Stage) -> None:
    await shop.customer("札付", "タグ付ける VIP, 常連")
    told = await shop.asks("友だち 表示 札付")
    assert "VIP" in told
    assert "常連" in told


async def takes_tags_off(shop: Stage) -> None:
    await shop.customer("札無", "タグ付ける 見込み, 会員 → タグ外す 見込み")
    told = await shop.asks("友だち 表示 札無")
    assert "会員" in told
    assert "見込み" not in told


async def scenario(shop: Stage) -> None:
    """ようこそ is there and live, whoever needed it first."""
    if "下書き" in await shop.asks(WELCOME):
        await shop.asks("シナリオ 公開 ようこそ")
        await shop.presses("公開する")


async def starts_a_scenario(shop: Stage) -> None:
    await scenario(shop)
    customer = await shop.customer("開始", "シナリオ開始 ようこそ")
    await customer.sees("一通目です")
    late = await shop.customer("途中", "シナリオ開始 ようこそ 2通目から")
    await shop.channel.advance(days=1, hours=12)
    await customer.sees("二通目です")
    await late.sees("二通目です")
    assert "一通目です" not in await late.texts()


async def stops_a_scenario(shop: Stage) -> None:
    await scenario(shop)
    customer = await shop.customer("停止", "シナリオ開始 ようこそ → シナリオ停止 全部")
    await shop.channel.advance(days=2)
    assert "二通目です" not in await customer.texts()


async def resumes_a_scenario(shop: Stage) -> None:
    await scenario(shop)
    customer = await shop.customer("再開", "シナリオ開始 ようこそ")
    await shop.asks("■あいさつ 友だち追加\n▼ブロック解除\nおかえりなさい\n＋実行 シナリオ再開 ようこそ")
    await shop.presses("反映する")
    await customer.block()
    await shop.channel.advance(hours=1)
    await customer.unblock()
    await customer.sees("おかえりなさい")
    await shop.channel.advance(days=2)
    await customer.sees("二通目です")


async def notes_in_fields(shop: Stage) -> None:
    await shop.asks("項目 作成 来店回数 数値\n項目 作成 最終来店日 日付\n項目 作成 髪質 選択=直毛,くせ毛")
    await shop.customer("記入", "項目 来店回数 +1 → 項目 来店回数 +2 → 項目 最終来店日=今日 → 項目 髪質=くせ毛")
    today = (await clock.now()).astimezone(ZoneInfo("Asia/Tokyo"))
    told = await shop.asks("友だち 表示 記入")
    assert f"最終来店日: {today.month}月{today.day}日" in told
    assert "来店回数: 3" in told
    assert "髪質: くせ毛" in told
    wrong = await shop.asks("■あいさつ 友だち追加\n▼新規\nこんにちは\n＋実行 項目 最終来店日=2月30日 → 項目 髪質 +1")
    assert "2月30日はありません" in wrong
    assert "数値の項目だけ" in wrong


async def empties_fields(shop: Stage) -> None:
    await shop.asks("項目 作成 あだ名 文字")
    await shop.customer("消去", "項目 あだ名=ももちゃん → 項目消す あだ名")
    assert "ももちゃん" not in await shop.asks("友だち 表示 消去")


async def switches_scenarios(shop: Stage) -> None:
    await scenario(shop)
    if "下書き" in await shop.asks("■シナリオ 購入後\n▼すぐ\nお買い上げありがとうございます\n▼1日後 9:00\n使い方です"):
        await shop.asks("シナリオ 公開 購入後")
        await shop.presses("公開する")
    customer = await shop.customer("切替", "シナリオ開始 ようこそ → シナリオ切替 購入後")
    await customer.sees("お買い上げありがとうございます")
    await shop.channel.advance(days=2)
    await customer.sees("使い方です")
    assert "二通目です" not in await customer.texts()


async def hides(shop: Stage) -> None:
    await shop.customer("隠密", "非表示")
    assert "隠密" not in await shop.asks("友だち 一覧")
    assert "隠密" in await shop.asks("友だち 検索 非表示")


async def shows_again(shop: Stage) -> None:
    await shop.customer("再登場", "非表示 → 表示")
    assert "再登場" in await shop.asks("友だち 一覧")


async def blocks(shop: Stage) -> None:
    await scenario(shop)
    customer = await shop.customer("迷惑", "シナリオ開始 ようこそ → 送る 「お引き取りください」 → ブロック")
    await customer.sees("お引き取りください")
    await shop.channel.advance(days=2)
    await customer.says("おーい")
    assert "二通目です" not in await customer.texts()
    assert "こちらでブロック中" in await shop.asks("友だち 表示 迷惑")


async def blocks_no_more(shop: Stage) -> None:
    await scenario(shop)
    customer = await shop.customer("和解", "シナリオ開始 ようこそ → ブロック → ブロック解除")
    await shop.channel.advance(days=2)
    await customer.sees("二通目です")


async def tells_staff(shop: Stage) -> None:
    to = "通知 @山田 「{名前}さんです」 → 通知 グループ 「相談です」 → 通知 全員 「どなたか」"
    await shop.customer("通知", to)
    told = await shop.asks("友だち 表示 通知")
    assert "@山田 太郎さんへ: 通知さんです（友だち #F" in told
    assert "相談です" in told
    assert "どなたか" in told


async def runs_a_saved_set(shop: Stage) -> None:
    await shop.asks("■アクション 歓迎\n・タグ付ける 会員\n・送る 「会員になりました」")
    customer = await shop.customer("束", "アクション 歓迎 → もし タグ:会員 なら 送る 「ようこそ会員」")
    await customer.sees("会員になりました")
    await customer.sees("ようこそ会員")


async def changes_what_all_share(shop: Stage) -> None:
    await shop.asks("共通情報 作成 残席 数値 5")
    first = await shop.customer("先着", "共通情報 残席 -1 → 送る 「残り{残席}席です」")
    await first.sees("残り4席です")
    second = await shop.customer("次着", "共通情報 残席 -1 → 送る 「あと{残席}席です」")
    await second.sees("あと3席です")
    assert "数字として読めません" in await shop.asks("■あいさつ 友だち追加\n▼新規\nはい\n＋実行 共通情報 残席=たくさん")


STORIES: dict[str, Story] = {
    "run": runs_a_saved_set,
    "send": sends_words,
    "send_template": sends_a_template,
    "tag_on": puts_tags_on,
    "tag_off": takes_tags_off,
    "scenario_start": starts_a_scenario,
    "scenario_stop": stops_a_scenario,
    "scenario_resume": resumes_a_scenario,
    "field": notes_in_fields,
    "field_clear": empties_fields,
    "shared": changes_what_all_share,
    "scenario_switch": switches_scenarios,
    "hide": hides,
    "unhide": shows_again,
    "block": blocks,
    "unblock": blocks_no_more,
    "notify": tells_staff,
}
LATER = [kind for kind in actions.WRITTEN if kind.effect is None]


def test_it_has_a_story_for_every_kind_that_does_something() -> None:
    assert STORIES.keys() == {kind.do for kind in actions.WRITTEN if kind.effect is not None}


@pytest.mark.usefixtures("bot")
async def test_it_does_to_customers_what_each_kind_says(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    for story in STORIES.values():
        await story(shop)


@pytest.mark.usefixtures("bot")
async def test_it_minds_the_condition_the_time_and_once_for_ever_around_an_action(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    await shop.asks(
        "■あいさつ 友だち追加\n▼新規\nこんにちは\n＋ボタン 押す → 送る 「一度です」 一度だけ → 送る 「押しました」\n"
        "＋実行 タグ付ける 会員 → もし タグ:会員 なら 送る 「会員の方へ」 → もし タグ:VIP なら 送る 「VIPの方へ」\n"
        "＋実行 送る 「後ほど」 15分後"
    )
    assert "反映しました" in await shop.presses("反映する")
    customer = await channel.user("田中 花子")
    await customer.follow()
    await customer.sees("会員の方へ")
    await channel.advance(minutes=16)
    await customer.sees("後ほど")
    await customer.presses("押す")
    pressed = await customer.sees("押しました")
    await customer.presses("押す")
    await customer.sees("押しました", after=pressed.seq)
    texts = await customer.texts()
    assert (texts.count("一度です"), texts.count("押しました"), "VIPの方へ" in texts) == (1, 2, False)


@pytest.mark.usefixtures("bot")
async def test_it_refuses_by_name_what_has_no_noun_yet(channel: control.Channel) -> None:
    shop = await stage.opened(channel)
    runs = "\n".join(f"＋実行 {kind.examples[0]}" for kind in LATER)
    told = await shop.asks(f"■あいさつ 友だち追加\n▼新規\nこんにちは\n{runs}")
    assert [kind.word for kind in LATER[:3] if f"の動作「{kind.word}」はまだ使えません" not in told] == []


@pytest.mark.parametrize("kind", actions.WRITTEN, ids=lambda kind: kind.do)
def test_it_reads_and_prints_the_examples_of_each_kind(kind: Kind) -> None:
    assert kind.tells
    for example in kind.examples:
        found, faults = actions.read(words.line_of(example))
        assert faults == []
        assert [one.do for one in found] == [kind.do]
        assert actions.show(found) == example


@pytest.mark.parametrize("kind", actions.WRITTEN, ids=lambda kind: kind.do)
def test_it_reads_every_spelling_of_each_kind(kind: Kind) -> None:
    for example in kind.examples:
        for spelled in kind.spellings:
            found, faults = actions.read(words.line_of(example.replace(kind.word, spelled, 1)))
            assert faults == []
            assert actions.show(found) == example

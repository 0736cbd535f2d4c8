"""ヘルプ: tiles, examples with the shop's own names, one command in full, a search; numbers do what taps do."""

import pytest

from admin_commands import book
from admin_commands.broadcasts import lines
from admin_commands.command import Noun
from admin_commands.forms import lines as form_lines
from admin_commands.grammar import Context, heads, read
from admin_commands.grammar.building import templates
from admin_commands.grammar.readings import Conversation, Paste
from admin_commands.help import finding, menus
from jobs.forms import kinds
from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

STORY = "■シナリオ 春の話\n開始: 友だち追加\n▼すぐ\nこんにちは"


def test_it_puts_every_noun_into_one_tile() -> None:
    shown = [noun.key for _, _, nouns in menus.tiles_of(book.NOUNS) for noun in nouns]
    assert sorted(shown) == sorted(noun.key for noun in book.NOUNS if noun.key != "help")
    assert all(1 <= len(nouns) <= 4 for _, _, nouns in menus.tiles_of(book.NOUNS))


async def test_it_opens_a_kind_by_its_button_and_by_its_number(shop: Shop) -> None:
    menu = await shop.ask("ヘルプ")
    assert menu.messages[-1]["contents"]["type"] == "carousel"
    assert menu.taps["6. シナリオ"] == "/ヘルプ シナリオ"
    assert "6. シナリオ" in menu.messages[-1]["altText"]
    assert "シナリオでできること" in (await shop.ask("6")).text


async def test_it_shows_a_few_examples_with_own_names_and_the_ways_to_make_one(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask(STORY)
    told = await shop.ask("シナリオ ?")
    assert "シナリオ 検索 春の話" in told.text
    assert len((told.about or {})["list"]["rows"]) == 5
    assert "内容と状態" in told.text
    assert told.taps["質問に答えて作る"] == "/シナリオ 作成"
    assert told.taps["ひな形をコピー"].startswith("■シナリオ ようこそ\n")
    more = await shop.tap_typed(told, next(label for label in told.taps if label.startswith("もっと")))
    assert "件中 1–10\n" in more.text
    assert "件中 11–" in (await shop.ask("次")).text


async def test_it_runs_what_looks_and_explains_what_changes(shop: Shop) -> None:
    await shop.press(await shop.ask(STORY))
    found = await shop.ask("ヘルプ 探す 止める")
    rows = (found.about or {})["list"]["rows"]
    assert ["ヘルプ シナリオ 停止", ""] in rows.values()
    number = next(number for number, row in rows.items() if row[0] == "ヘルプ シナリオ 停止")
    page = await shop.ask(number)
    assert "管理者以上の方" in page.text
    assert "シナリオ 停止 春の話" in page.text
    assert page.taps["例1をコピー"] == "シナリオ 停止 春の話"
    assert await database.value("SELECT state FROM scenarios") == "live"
    await shop.ask("ヘルプ シナリオ")
    assert "🪜 シナリオ\n1件中" in (await shop.ask("1")).text


async def test_it_shows_no_example_that_would_pass_for_talk(shop: Shop) -> None:
    assert "/はじめる 美容室" in (await shop.ask("/はじめる")).text
    copied = [
        text
        for noun in book.NOUNS
        for one in noun.commands
        for label, text in (await shop.ask(f"/ヘルプ {one.words}")).taps.items()
        if label.startswith("例")
    ]
    assert len(copied) > 100
    assert [one for one in copied if isinstance(read(one, Context()), Conversation)] == []


@pytest.mark.parametrize(
    "text", ["シナリオ 停止 ?", "/シナリオ 停止 ？", "ヘルプ シナリオ 停止", "/ヘルプ シナリオ 止める"]
)
async def test_it_explains_one_command(shop: Shop, text: str) -> None:
    told = (await shop.ask(text)).text
    assert "❓ シナリオ 停止" in told
    assert "書き方: シナリオ 停止 シナリオ" in told


async def test_it_tells_who_may_do_what_one_may_not(shop: Shop) -> None:
    await shop.employ(SATO, "viewer")
    assert "（あなた: 閲覧）" in (await shop.ask("ヘルプ シナリオ 停止", SATO)).text


async def test_it_finds_by_words_and_says_so_when_there_is_nothing(shop: Shop) -> None:
    assert "友だち 非表示" in (await shop.ask("ヘルプ 探す 隠す")).text
    assert "見つかりません" in (await shop.ask("ヘルプ 探す 打ち上げ花火")).text
    assert "「メニュー」はまだ使えません" in (await shop.ask("ヘルプ メニュー")).text
    assert "配信 予約" in (await shop.ask("ヘルプ 予約")).text
    near = await shop.ask("/ヘルプ シナリヲ")
    assert near.taps["シナリオ"] == "/ヘルプ シナリオ"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("文章を直す", "テンプレ 変更"),
        ("間違えた", "取消"),
        ("バイトを追加", "スタッフ 追加"),
        ("お客さんを消す", "友だち 削除"),
        ("バックアップ", "控え"),
        ("いつ 届く", "シナリオ 確認"),
    ],
)
async def test_it_finds_by_everyday_words(shop: Shop, asked: str, found: str) -> None:
    assert found in (await shop.ask(f"/ヘルプ {asked}")).text


def test_it_finds_every_command_by_what_it_does() -> None:
    def lost(noun: Noun) -> list[str]:
        return [
            one.words
            for one in noun.commands
            if one not in [found for _, found in finding.search(book.NOUNS, one.does)]
        ]

    assert [words for noun in book.NOUNS for words in lost(noun)] == []


async def test_it_tells_all_faults_of_a_block_with_the_mended_text_to_copy(shop: Shop) -> None:
    told = await shop.ask("■シナリオ A\n開始: 友だち追加\nしゅうりょう: タグ:B が付いたら\n▼１日ご 12:00\nこんにちは")
    assert "読めない所が2か所あります" in told.text
    assert "3行目" in told.text
    assert "4行目" in told.text
    assert "まだ何も変えていません" in told.text
    assert await database.value("SELECT count(*) FROM scenarios") == 0


async def test_it_lists_what_actions_can_do(shop: Shop) -> None:
    told = (await shop.ask("ヘルプ 動作")).text
    assert "・タグ付ける VIP … タグを付けます" in told
    assert "まだ使えない動作: " in told


async def test_it_tells_how_a_block_is_written_line_by_line(shop: Shop) -> None:
    told = (await shop.ask((await shop.ask("配信 作成 春")).taps["書き方"])).text
    assert "■配信 年末クーポン" in told
    for line, does in lines.LINES:
        assert f"{line}\n　{does}" in told
    assert "■シナリオ ようこそ" in (await shop.ask("ヘルプ シナリオ 書き方")).text


def test_each_line_that_help_tells_of_can_be_read_and_none_is_missing() -> None:
    below = {
        "▼本文": "こんにちは",
        "▼カード カット": "4,400円\n＋ボタン 予約 → https://example.com",
        "▼画像カード": "＋画像 外観\n＋ボタン 見る → https://example.com",
        "▼画像マップ 春の案内 2x1": "・予約 → https://example.com\n・料金",
        "▼Flex お知らせ": '{"type": "bubble"}',
    }
    for line, _ in lines.PARTS:
        block = f"■配信 春\n対象: 全員\n{line}\n{below.get(line, '')}"
        if line.startswith("▼A"):
            block += "こんにちは\n▼B\nお元気ですか"
        reading = read(block)
        assert isinstance(reading, Paste), line
        assert reading.faults == (), line
    tried = "▼A\nこんにちは\n▼B\nお元気ですか\n" + "\n".join(line for line, _ in lines.BELOW)
    head = "\n".join(line for line, _ in lines.HEAD)
    reading = read(f"■配信 春\n{head}\n{tried}")
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    told = {line.split(":")[0] for line, _ in lines.HEAD}
    assert told == {spelled[0] for key, spelled in heads.BLOCK_KEYS["broadcast"].items() if key != "version"}
    titles = {line.removeprefix("▼").split(" ")[0] for line, _ in lines.PARTS}
    forms = {spelled[0] for form, spelled in templates.FORMS.items() if form != "question"}
    assert titles == {*forms, *(spelled[0] for spelled in templates.DIRECTIVES.values()), "A"}


async def test_it_tells_of_forms_line_by_line_and_finds_them_by_what_they_are_for(shop: Shop) -> None:
    told = (await shop.ask("ヘルプ フォーム 書き方")).text
    for line, does in form_lines.LINES:
        assert f"{line}\n　{does}" in told
    assert "フォーム" in (await shop.ask("ヘルプ 診断")).text


def test_each_line_of_a_form_that_help_tells_of_can_be_read_and_none_is_missing() -> None:
    choices = "\n・カット\n・カラー"
    below = {"[単一]": choices, "[複数]": choices, "[写真]": "\n画像: 外観", "[隠し]": "\n値: ちらし"}
    head = "\n".join(line for line, _ in form_lines.HEAD)
    asked = "▼ご希望 [単一]\n・カット\n・カラー"
    parts = "\n".join(
        line + next((more for kind, more in below.items() if kind in line), "")
        for line, _ in form_lines.PARTS
        if not line.startswith("▼ご希望 ")
    )
    options = "\n".join(line for line, _ in form_lines.BELOW if line.startswith("・"))
    texts = [line for line, _ in form_lines.BELOW if not line.startswith("・")]
    more = f"▼選ぶ [単一]\n{options}\n▼書く [短文]\n{texts[0]}\n▼段階 [段階10]\n{texts[1]}"
    result = "▼別 [結果]\n今のままで。\n" + "\n".join(line for line, _ in form_lines.RESULT)
    reading = read("\n".join(["■フォーム 診断", head, asked, parts, "ぱさつきに。", more, result]))
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    told = {line.split(":")[0] for line, _ in form_lines.HEAD}
    keys = heads.BLOCK_KEYS["form"].items()
    assert told == {spelled[0] for key, spelled in keys if key not in ("version", "state")}
    everything = "".join(f"{line} {does}" for line, does in form_lines.PARTS)
    assert [kind.word for kind in kinds.KINDS.values() if f"[{kind.word}" not in everything] == []

"""控え: the whole configuration as text, kept, compared, and taken in so that it is the same again."""

import itertools
from pathlib import Path

import pytest

from admin_commands import book, choices
from admin_commands.backups import decoding, dropped, looks, printing
from admin_commands.grammar import normalise, print_block, read_file
from admin_commands.grammar.actions import Action
from admin_commands.grammar.definitions import Button, Do, Run, Template, TemplatePart, Text
from admin_commands.grammar.words import Name
from admin_commands.setup import trades
from jobs import configuration, heard
from jobs import media as reading
from jobs.messages import hosting
from storage import backups, clock, database
from storage.media import received
from tests import photos
from tests.admin_commands.shop import GROUP, SATO, TOKYO, YAMADA, Answer, Shop

SCENARIO = """\
■シナリオ ようこそ
開始: 友だち追加, タグ:「春の 客」 が付いたら
対象: タグ:常連 かつ タグ:削除 でない
終了: タグ:購入済 が付いたら
配信可能: 9:00〜20:00
再開始: 終わったら
▼すぐ
{名前}さん、①㈱あゆみです😊
＋＋ プラスで始まる行
▼▼ 三角で始まる行
■■シナリオ と書いた行
//// 斜線で始まる行

空行のあと
＋ボタン 「→ 矢印」 → タグ付ける VIP; シナリオ停止 全部
▼1日後 12:00
続きです {リンク:一覧を見る}
＋リンク https://example.com/style 名前=一覧を見る → タグ付ける VIP
＋ボタン クーポン → リンク:「春の クーポン」
＋ボタン 地図 → https://example.com/Map?a=1,2#here
＋ボタン 会員証 → https://example.com/card 計測なし
＋実行 シナリオ開始 「公開 停止」
＋実行 送る テンプレ:「料金 'A\\"表」
▼3日後 19:00 もし リンク:一覧を見る クリック 2回以上 7日以内
続く
//"""

STOPPED = (
    """\
■シナリオ 公開 停止
▼すぐ
"""
    + "長い本文です。" * 400
)

TEMPLATE = """\
■テンプレ 料金 'A\\"表
▼本文
カット 4,400円〜
＋ボタン はい → タグ付ける 一覧
▼質問 どちらにしますか
・朝 → タグ付ける 朝
・夜 → タグ付ける 夜"""

ACTIONS = """\
■アクション 「表示 → 実行」
・もし タグ:VIP または タグ:「春の 客」 なら タグ付ける 😊 一度だけ
・送る 「①㈱ → です」 15〜20分後 → アクション 中
■アクション 中
・シナリオ停止 全部"""

GREETING = """\
■あいさつ 友だち追加
▼新規
{名前|お客様}さん、はじめまして！
＋ボタン 料金 → テンプレ:「料金 'A\\"表」
＋実行 アクション 「表示 → 実行」
▼ブロック解除
おかえりなさい😊
＋実行 タグ付ける 復帰"""

numbers = itertools.count(1)


async def drop(folder: Path, data: bytes, who: str = YAMADA) -> None:
    """A file that has come in the shop's group and has been copied."""
    name = f"file{next(numbers)}"
    await received.note([received.Arrival(name, GROUP, who, "file", None, 1)])
    path = folder / name
    path.write_bytes(data)
    for one in await received.claim(5):
        assert await received.copied(one.id, reading.read(path, None, None, name))


async def drop_picture(folder: Path) -> str:
    """The same with a photo; its message."""
    name = f"photo{next(numbers)}"
    await received.note([received.Arrival(name, GROUP, YAMADA, "image", None, 1)])
    path = folder / name
    path.write_bytes(photos.photo())
    for one in await received.claim(5):
        assert await received.copied(one.id, reading.read(path, None, None, name))
    return name


ANSWERS = {
    "「時間 「何時」」": """■自動応答 『時間 「何時」』
語: 何時まで, 「LINE Pay」, 予約+変更
種類: 文字, 画像
時間: 22:00〜6:00
曜日: 平日
期間: 2026-01-01〜2031-12-31
優先: 10
回数: 3時間に1回
続けて: する
対象: タグ:VIP でない
▼返信
「{名前}」さん、10時からです
＋実行 タグ付ける VIP → 送る テンプレ:「料金 'A\\"表」""",
    "その他": "■自動応答 その他\n種類: 何でも\n▼返信\n担当よりご返事します",
    "式": "■自動応答 式\n語: (営業|定休).*日\n一致: 正規表現\n▼返信\n月曜です",
}


FORM = """■フォーム お申し込み「春」
説明: 1分で終わります
すぐです

どうぞ
色: #06C755
回答: 2031-12-20 18:00まで書き直せる
期間: 2026-01-01〜2031-12-31 18:00
定員: 30
対象: タグ:VIP でない
項目の上書き: 空欄だけ
お礼: ありがとうございました
お礼後: フォーム:次
▼「[大切] お名前」 [短文] 必須 → 項目:髪質の希望
例: 山田
▼希望 [複数]
・「→ 先」 先着10人 → タグ付ける 「春の 客」
・その他(記入) 3点
▼つぎ [ページ] もし 希望=「→ 先」
▼年齢 [数値] 0〜120 もし 希望 回答あり
▼よくできました [結果] 3点以上
はい
＋実行 タグ付ける 😊
＋回答後 タグ付ける VIP"""


async def text() -> str:
    return await printing.whole(book.NOUNS, TOKYO)


async def furnish(shop: Shop) -> None:
    """A shop with everything that a 控え can hold, under names that are hard to write."""
    await shop.ask("タグ 作成 VIP, 「春の 客」, 一覧, 「作成」, 「タグ 削除」, 興味/カラー, 「a'b」, 😊, ①㈱, 「設定」")
    await shop.ask("タグ 作成 " + ", ".join(f"{n}番" for n in range(20)))
    await shop.ask("タグ 変更 「春の 客」 上限=30")
    await shop.ask("/設定 静音 22:30-7:15")
    await shop.ask("/リンク 作成 「春の クーポン」 https://example.com/a?b=1,c=2#春")
    await shop.ask("/項目 作成 髪質 選択=直毛,くせ毛\n項目 作成 誕生日 日付")
    await shop.ask("/共通情報 作成 住所 岐阜市\n「神田町」1-1")
    await shop.ask("/共通情報 作成 合言葉 『「春」』")
    await shop.ask("/共通情報 変更 合言葉 明日 0:00から ＝夏")
    await shop.ask("/共通情報 作成 残席 数値")
    for block in (STOPPED, TEMPLATE, ACTIONS, SCENARIO):
        assert "❌" not in (await shop.ask(block)).text
    await shop.press(await shop.ask("シナリオ 公開 ようこそ"))
    on = """タグ 変更 VIP 付いた時\n・シナリオ開始 ようこそ\n・送る テンプレ:「料金 'A\\"表」"""
    await shop.press(await shop.ask(on))
    await shop.ask("タグ 変更 VIP 2回目以降=する")
    acts = "リンク 変更 「春の クーポン」 クリック時=タグ付ける 😊 → シナリオ開始 ようこそ"
    await shop.press(await shop.ask(acts))
    await shop.ask("タグ 変更 「春の 客」 超過時=送る 「満員です」 → タグ付ける 😊")
    await shop.press(await shop.ask("シナリオ 公開 「公開 停止」"))
    await shop.ask("シナリオ 停止 「公開 停止」")
    await shop.press(await shop.ask(SCENARIO.replace("続きです", "書き直した続きです")), way="draft")
    await shop.ask("/セグメント 作成 「外の 人」 タグ:VIP\nセグメント 作成 内側 タグ:「春の 客」")
    await shop.ask("/セグメント 変更 「外の 人」 対象: @内側 または シナリオ:「公開 停止」 未経験")
    await shop.ask("■シナリオ まだ\n対象: @「外の 人」\n▼すぐ\nこんにちは")
    for name in ("「時間 「何時」」", "その他", "式"):
        await shop.press(await shop.ask(ANSWERS[name]))
    await shop.press(await shop.ask(ANSWERS["その他"].replace("担当より", "店より")), way="draft")
    await shop.ask("自動応答 停止 式")
    await shop.press(await shop.ask("■フォーム 次\n▼お名前 [短文]"))
    await shop.press(await shop.ask(FORM))
    await shop.press(await shop.ask(FORM.replace("1分で", "2分で")), way="draft")
    await shop.press(await shop.ask(GREETING))
    await shop.ask("あいさつ 停止")
    await shop.press(await shop.ask(GREETING.replace("はじめまして", "ようこそ").partition("▼ブロック")[0]))
    await database.run("UPDATE greetings SET stopped = false WHERE kind = 'new'")


async def empty_again(shop: Shop) -> Shop:
    """Another shop on an empty database, its group claimed."""
    tables = await database.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'account'"
    )
    names = [row["tablename"] for row in tables if not row["tablename"].startswith("tortoise")]
    await database.run(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
    await database.run("UPDATE account SET config_version = config_version + 1")
    fresh = Shop(numbers=shop.numbers)
    await fresh.claim()
    return fresh


async def take(shop: Shop, folder: Path, data: str | bytes) -> Answer:
    await drop(folder, data if isinstance(data, bytes) else data.encode())
    return await shop.ask("/控え 取込")


async def confirm(shop: Shop, card: Answer) -> Answer:
    """The press, or the words that the card asks for."""
    if card.tokens:
        return await shop.press(card)
    typed = card.text.split("確認のため「")[1].split("」")[0]
    return await shop.ask(typed.removesuffix("件"))


async def test_it_is_the_same_again_in_an_empty_shop(shop: Shop, tmp_path: Path) -> None:
    await furnish(shop)
    before = await text()
    assert before.count("状態: 停止") == 3, "a scenario, an auto-reply and a greeting that are held back"
    assert before.count("■自動応答 ") == 4, "three, and a draft"
    assert before.count("■シナリオ ようこそ\n状態: 公開") == before.count("■シナリオ ようこそ\n状態: 下書き") == 1
    assert "U0000" not in before
    assert GROUP not in before
    kept, _ = await backups.keep(before, None, await clock.now())
    file = printing.file(kept, TOKYO)
    fresh = await empty_again(shop)
    card = await take(fresh, tmp_path, file)
    assert "＋ 新しいもの: タグ" in card.text
    assert "⚠ シナリオ1件は、取り込むとすぐ公開されます" in card.text
    assert "■" not in await text(), "nothing is put down before it is confirmed"
    assert "✅ 控えを取り込みました" in (await fresh.press(card)).text
    assert await text() == before
    assert await database.value("SELECT stopped FROM greetings WHERE kind = 'returning'")
    again = await fresh.ask("/控え 取込")
    assert "変更なし" in again.text
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb = 'backup.import'") == 1


async def test_it_takes_all_of_it_back_at_once(shop: Shop, tmp_path: Path) -> None:
    await furnish(shop)
    file = await text()
    fresh = await empty_again(shop)
    nothing = await text()
    await fresh.press(await take(fresh, tmp_path, file))
    undone = await fresh.ask("取消")
    assert "その後に変更された" not in undone.text
    assert await text() == nothing
    await fresh.ask(undone.taps["やり直す"])
    assert await text() == file


@pytest.mark.parametrize("trade", [one.word for one in trades.TRADES])
async def test_it_gives_every_trades_pack_again(shop: Shop, tmp_path: Path, trade: str) -> None:
    await shop.press(await shop.ask(f"/はじめる {trade}"))
    before = await text()
    assert before.count("■") > 2
    fresh = await empty_again(shop)
    assert "✅" in (await confirm(fresh, await take(fresh, tmp_path, before))).text
    assert await text() == before


NAMES = (
    *("「かぎ」", "『二重』", '"引用"', "'単'", "a'b", "「半端", "半端」", "一覧", "削除", "タグ 削除", "全部", "これ"),
    *(
        "→ 先",
        "a->b",
        "x, y",
        "x、y",
        "#T3",
        "T:3",
        "色=赤",
        "http://a.jp",
        "😊👨‍👩‍👧",
        "①㈱½",
        "ﾊﾟﾝ",
        "か\u3099",
        "//",
        "■",
        "▼すぐ",
    ),
    *("でない", "かつ", "が付いたら", "1", "0", "９", "@山田", "続く", "...", "　全角　空白　", "x" * 60),
)


async def test_it_gives_every_name_again(shop: Shop, tmp_path: Path) -> None:
    for place, name in enumerate(NAMES):
        await database.run(
            "INSERT INTO tags (name, name_key, created_at) VALUES ($1, $2, now())", name, f"{place} {name}"
        )
    before = await text()
    file = read_file(before)
    assert file.faults == ()
    told = [one.text for said in file.commands for one in said.objects(0)]  # type: ignore[union-attr]
    assert told == list(NAMES)
    fresh = await empty_again(shop)
    made = await confirm(fresh, await take(fresh, tmp_path, before))
    assert "✅" in made.text
    assert len({normalise.lookup(name).text for name in NAMES}) - 1 <= await database.value("SELECT count(*) FROM tags")


@pytest.mark.parametrize("name", [name for name in NAMES if "　" not in name])
def test_it_gives_every_name_in_a_block_again(name: str) -> None:
    tagged, sent = Action("tag_on", ((Name(name),),)), Action("send_template", (Name(name),))
    pieces = (Text(name), Button("はい", Do((tagged,))), Run((sent,)))
    one = Template(name, (TemplatePart("body", "", pieces),))
    whole = f"タグ 作成 x\n\n{print_block(one)}\n\n{print_block(Template('次', one.parts))}\n"
    file = read_file(whole)
    assert file.faults == ()
    assert file.definitions == (one, Template("次", one.parts))


@pytest.mark.parametrize("choice", choices.CHOICES, ids=lambda one: one.key)
def test_it_writes_every_setting_as_it_is_read(choice: choices.Choice) -> None:
    for example in choice.examples:
        value = choice.read(normalise.lookup(example.split(" ", 2)[2]).text)
        written = (choice.types or choice.show)(value)
        assert choice.read(normalise.lookup(written).text) == value


async def test_it_leaves_what_is_live_alone_and_makes_it_a_draft(shop: Shop, tmp_path: Path) -> None:
    await furnish(shop)
    file = (await text()).replace("続きです", "別の続きです").replace("カット 4,400円", "カット 5,000円")
    before = await database.rows("SELECT name, state, live_version_id FROM scenarios ORDER BY id")
    card = await take(shop, tmp_path, file.replace("ようこそ！", "お久しぶり！"))
    assert "📝 下書きになるもの（今のものはそのまま）: シナリオ" in card.text
    assert "確認のため「" in card.text
    assert "このあと別に確認するもの: あいさつ・テンプレ「料金" in card.text
    assert card.tokens == []
    done = await confirm(shop, card)
    assert "✅ 控えを取り込みました" in done.text
    assert await database.rows("SELECT name, state, live_version_id FROM scenarios ORDER BY id") == before
    assert "別の続きです" in await text()
    assert "カット 4,400円" in await text(), "what is sent from somewhere asks by a card of its own"
    last = done
    for _ in range(2):
        assert last.tokens, "the cards of what is in use follow by themselves"
        last = await shop.press(last)
    assert "カット 5,000円" in await text()
    assert "お久しぶり！" in await text()


async def test_it_tells_a_field_or_shared_value_of_the_same_name_from_the_same_one(shop: Shop, tmp_path: Path) -> None:
    await shop.ask("/項目 作成 髪質 選択=直毛,くせ毛")
    await shop.ask("/共通情報 作成 営業時間 10時〜\n")
    await shop.ask("/共通情報 変更 営業時間 明日 0:00から 休業")
    kept = await text()
    refused = await take(shop, tmp_path, kept.replace("営業時間 文字 10時〜", "営業時間 数値 10"))
    assert "種類は「数値」に変えられません" in refused.text
    refused = await take(shop, tmp_path, kept.replace("選択 選択肢=直毛,くせ毛", "文字"))
    assert "種類は「文字」に変えられません" in refused.text
    assert "変更なし" in (await take(shop, tmp_path, kept)).text
    card = await take(shop, tmp_path, kept.replace("くせ毛", "くせ毛,不明").replace("10時〜", "9時〜"))
    assert "～ 変わるもの: 項目 1・共通情報 1（髪質・営業時間）" in card.text
    assert "✅" in (await confirm(shop, card)).text
    assert await text() == kept.replace("くせ毛", "くせ毛,不明").replace("10時〜", "9時〜")
    await shop.ask("取消")
    assert await text() == kept
    await shop.pass_time(days=2)
    assert "変更なし" in (await take(shop, tmp_path, kept.replace("10時〜", "休業"))).text, "its time has come"


async def test_it_asks_again_when_the_shop_has_changed_meanwhile(shop: Shop, tmp_path: Path) -> None:
    await shop.ask("/セグメント 作成 「外の 人」 タグ:VIP\nセグメント 作成 内側 タグ:「春の 客」")
    await shop.ask("/セグメント 変更 「外の 人」 対象: @内側 または シナリオ:「公開 停止」 未経験")
    await shop.ask("■シナリオ まだ\n対象: @「外の 人」\n▼すぐ\nこんにちは")
    card = await take(shop, tmp_path, "■シナリオ まだ\n状態: 公開\n▼すぐ\nこんばんは")
    await shop.ask("■シナリオ まだ\n▼すぐ\nおはよう")
    again = await shop.press(card)
    assert "古くなりました" in again.text
    assert "おはよう" in await text()
    assert "✅" in (await shop.press(again)).text
    assert "状態: 下書き\n▼すぐ\nこんばんは" in await text(), "what was there is no new one, and is not published"


async def test_it_tells_all_faults_with_their_lines_and_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    before = await text()
    file = """// 控え
タグ 作成 VIP
友だち 削除 田中
設定 緊急停止
シナリオ 公開 #S1
■シナリオ 一
状態: たぶん
▼すぐ
こんにちは
■シナリオ 二
▼いつか
こんにちは
■テンプレ 三
▼本文
＋実行 タグ付ける #T3
■テンプレ 三
▼本文
二度目"""
    told = await take(shop, tmp_path, file)
    assert "何も変えていません" in told.text
    for line in (3, 4, 5, 7, 11):
        assert f"{line}行目" in told.text
    assert "ほかに" in told.text
    assert await text() == before
    named = await take(shop, tmp_path, "■テンプレ 三\n▼本文\nはい\n＋ボタン 次 → テンプレ:ない")
    assert "4行目" in named.text
    assert "見つかりません" in named.text
    assert await text() == before


async def test_it_goes_on_without_what_was_deleted_elsewhere(shop: Shop, tmp_path: Path) -> None:
    await shop.ask("■テンプレ 料金\n▼本文\n4,400円\n■テンプレ お礼\n▼本文\nありがとうございます")
    await shop.ask("■シナリオ 案内\n終了: タグ:済 が付いたら\n▼すぐ\nはい\n＋実行 送る テンプレ:料金")
    await shop.press(await shop.ask("シナリオ 公開 案内"))
    await shop.ask("テンプレ 削除 料金")
    await shop.ask("料金")
    await shop.press(await shop.ask("■あいさつ 友だち追加\n▼新規\nはじめまして\n＋実行 送る テンプレ:お礼"))
    await shop.ask("テンプレ 削除 お礼")
    await shop.ask("お礼")
    await shop.ask("/タグ 削除 済")
    await shop.ask("済")
    before = await text()
    assert "タグ:#T0" in before
    assert "テンプレ:#M0" in before
    fresh = await empty_again(shop)
    assert "✅" in (await confirm(fresh, await take(fresh, tmp_path, before))).text
    assert await text() == before
    assert "案内" in (await fresh.ask("シナリオ 表示 案内")).text
    assert "はじめまして" in (await fresh.ask("あいさつ 試す")).text
    assert (await fresh.ask("シナリオ 試す 案内")).text


async def test_it_takes_only_ones_own_file_and_only_for_ten_minutes(shop: Shop, tmp_path: Path) -> None:
    await shop.employ(SATO, "owner")
    await drop(tmp_path, "タグ 作成 VIP".encode())
    assert "5分以内に" in (await shop.ask("/控え 取込", SATO)).text
    card = await shop.ask("/控え 取込")
    assert "山田さん用" in (await shop.press(card, SATO)).text
    await shop.pass_time(minutes=11)
    assert "✅" in (await shop.press(card)).text, "a card that has been shown holds for half an hour"
    assert "5分以内に" in (await shop.ask("/控え 取込")).text
    await database.run("UPDATE staff SET role = 'manager' WHERE line_user_id = $1", SATO)
    refused = await shop.ask("/控え 取込", SATO)
    assert "🔒" in refused.text


async def test_it_is_read_as_shift_jis_too(shop: Shop, tmp_path: Path) -> None:
    card = await take(shop, tmp_path, "// 控え\r\nタグ 作成 常連, ①㈱\r\n".encode("cp932"))
    assert "✅" in (await confirm(shop, card)).text
    assert await text() == "タグ 作成 常連, ①㈱\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        bytes(range(256)),
        "タグ 作成 VIP".encode("utf-16"),
        "タグ 作成 V\0IP".encode(),
        b"a" * (decoding.MOST + 1),
        b"\x81",
    ],
    ids=["picture", "binary", "utf-16", "nul", "large", "half a letter"],
)
async def test_it_takes_nothing_that_is_no_text(shop: Shop, tmp_path: Path, data: bytes) -> None:
    before = await text()
    path = tmp_path / "x"
    path.write_bytes(data)
    try:
        reading.read(path, None, None, "x")
    except reading.Unfit:
        await received.note([received.Arrival("unfit", GROUP, YAMADA, "file", None, 1)])
        [one] = await received.claim(1)
        await received.lost(one.id, "unfit")
    else:
        await drop(tmp_path, data)
    told = await shop.ask("/控え 取込")
    assert "❌" in told.text
    assert await text() == before


async def test_it_takes_a_pasted_state_for_a_draft_with_its_card(shop: Shop) -> None:
    card = await shop.ask("■シナリオ まだ\n状態: 公開\n▼すぐ\nこんにちは")
    assert "下書き" in card.text
    assert "状態: 下書き" in await text()
    await shop.press(card)
    assert "状態: 公開" in await text()


async def test_it_is_kept_listed_shown_and_compared(shop: Shop) -> None:
    assert "まだありません" in (await shop.ask("控え 一覧")).text
    made = await shop.ask("/控え")
    assert "🗂 控え1を作りました" in made.text
    await furnish(shop)
    await shop.ask("■シナリオ 消える\n▼すぐ\nはい")
    second = await shop.ask("控え 作成")
    assert "控え2を作りました" in second.text
    assert "シナリオ 4" in second.text
    assert "から変わっていません" in (await shop.ask("控え 作成")).text
    await shop.press(await shop.ask("シナリオ 削除 消える"))
    await shop.ask("タグ 作成 新顔")
    await shop.ask("■シナリオ まだ\n▼すぐ\nこんばんは")
    told = await shop.ask("控え 比較 2")
    assert "＋ 新しい: タグ「新顔」" in told.text
    assert "－ なくなった: シナリオ「消える」" in told.text
    assert "～ シナリオ「まだ」" in told.text
    assert "－ こんにちは" in told.text
    assert "＋ こんばんは" in told.text
    now = (await clock.now()).astimezone(TOKYO)
    assert "控え2" in (await shop.ask(f"控え 比較 {now.month}/{now.day}")).text
    await shop.pass_time(days=3)
    assert "控え2" in (await shop.ask("/控え 比較 昨日")).text
    assert "までの控えはありません" in (await shop.ask("/控え 比較 2020-01-01")).text
    assert "1. 控え2" in (await shop.ask("控え 一覧")).text
    assert "控え2" in (await shop.ask("1")).text
    assert "はありません" in (await shop.ask("控え 表示 99")).text
    await shop.employ(SATO, "operator")
    assert "🔒" in (await shop.ask("控え 作成", SATO)).text


async def test_it_keeps_thirty(shop: Shop) -> None:
    now = await clock.now()
    for number in range(33):
        await backups.keep(f"タグ 作成 {number}番\n", None, now)
    assert await database.row("SELECT count(*), min(id) FROM backups") == {"count": 30, "min": 4}


async def test_it_gives_a_link_that_only_its_button_holds(shop: Shop) -> None:
    made = await shop.ask("/控え")
    button = made.messages[-1]["contents"]["footer"]["contents"][0]["action"]
    assert button["uri"].startswith(f"{hosting.HOST}/d/")
    token = button["uri"].removeprefix(f"{hosting.HOST}/d/").partition("?")[0]
    assert await backups.ticket(token, await clock.now()) is not None
    sent = hosting.placed(f'{{"uri":"{button["uri"]}"}}'.encode(), "https://shop.example", "")
    assert sent.startswith(b'{"uri":"https://shop.example/d/')


def test_it_is_cut_between_blocks_only() -> None:
    block = "■テンプレ {}\n▼本文\n" + "長" * 3_000 + "\n\n■■テンプレ と書いた行\n\n■お知らせ\n■■ はい"
    pieces = looks.in_bubbles("タグ 作成 VIP\n\n" + "\n\n".join(block.format(name) for name in "abc"))
    assert pieces is not None
    assert [one.split("\n")[0] for one in pieces] == ["タグ 作成 VIP", "■テンプレ b", "■テンプレ c"]
    assert looks.in_bubbles("■テンプレ a\n▼本文\n" + "😊" * 2_600) is None


async def test_it_is_printed_in_the_talk_where_no_address_is_set(shop: Shop) -> None:
    await furnish(shop)
    nowhere = Shop(configuration.Cache(TOKYO, public=False), shop.numbers)
    told = await nowhere.ask("/控え")
    printed = [message["text"] for message in told.messages[:-1]]
    assert 1 <= len(printed) <= looks.BUBBLES
    assert "\n\n".join(printed).partition("\n\n")[2] == (await text()).rstrip("\n")
    await shop.ask("■シナリオ 長い" + "".join(f"\n▼{n}日後 9:00\n" + "長" * 1_000 for n in range(1, 25)))
    assert "長いため" in (await nowhere.ask("/控え")).text


async def test_it_goes_straight_to_the_card_of_the_only_thing_that_differs(shop: Shop, tmp_path: Path) -> None:
    await shop.press(await shop.ask("■あいさつ 友だち追加\n▼新規\nはじめまして\n▼ブロック解除\nおかえりなさい"))
    card = await take(shop, tmp_path, (await text()).replace("おかえりなさい", "お待ちしていました"))
    assert "あいさつ（ブロック解除）を反映します" in card.text
    await shop.press(card)
    assert "お待ちしていました" in await text()


async def test_it_takes_a_managers_file_in_when_the_owner_grants_it(shop: Shop, tmp_path: Path) -> None:
    await shop.employ(SATO, "manager")
    await drop(tmp_path, "タグ 作成 VIP".encode(), SATO)
    refused = await shop.ask("/控え 取込", SATO)
    request = await shop.tap(refused, "オーナーに依頼", SATO)
    card = await shop.press(request)
    assert "＋ 新しいもの: タグ 1" in card.text
    done = await shop.press(card)
    assert "✅" in done.text
    assert "（佐藤さんの依頼）" in await database.value(
        "SELECT sentence FROM audit_entries WHERE verb = 'backup.import'"
    )


async def test_it_takes_no_file_that_would_keep_everybody_waiting(shop: Shop, tmp_path: Path) -> None:
    long = "■テンプレ 長い\n▼本文\n" + "長" * dropped.LONGEST_BLOCK
    assert "が長すぎます" in (await take(shop, tmp_path, long)).text
    many = "\n".join(f"■テンプレ t{n}\n▼本文\nx" for n in range(dropped.MOST_BLOCKS + 1))
    assert "大きすぎて" in (await take(shop, tmp_path, many)).text
    tags = "タグ 作成 " + ", ".join(f"t{n}" for n in range(50_000))
    assert "20個まで" in (await take(shop, tmp_path, tags)).text
    assert await text() == "\n"


async def test_it_names_pictures_and_says_which_are_missing(shop: Shop, tmp_path: Path) -> None:
    picture = await drop_picture(tmp_path)
    named = await shop.hear(heard.Said("メディア 作成 外観", quoted_message_id=picture))
    assert named is not None
    await shop.ask("■テンプレ 店\n▼本文\nこちらです\n＋画像 外観")
    before = await text()
    assert "＋画像 外観" in before
    fresh = await empty_again(shop)
    missing = await take(fresh, tmp_path, before)
    assert "メディア「外観」が見つかりません" in missing.text
    picture = await drop_picture(tmp_path)
    await fresh.hear(heard.Said("メディア 作成 外観", quoted_message_id=picture))
    assert "✅" in (await confirm(fresh, await fresh.ask("/控え 取込"))).text
    assert await text() == before

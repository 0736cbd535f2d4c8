"""フォーム in the shop: pasted, looked at, published, changed by a line, copied, deleted, and given again by a 控え."""

from typing import Any

import orjson
import pytest

from admin_commands.grammar import Context, definitions, print_block, read
from admin_commands.grammar.readings import Paste
from jobs import configuration
from jobs.forms import definition
from storage import database
from storage import forms as kept
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend

LIFF = "https://liff.line.me/1234567890-AbCdEfGh"
SURVEY = """■フォーム 来店アンケート
説明: 1分で終わります
回答: 1人1回
お礼: ありがとうございました！
▼お名前 [短文] 必須 → 項目:氏名
▼ご希望のメニュー [複数] 必須
・カット → タグ付ける 希望カット
・カラー 先着10人 → タグ付ける 希望カラー
・その他(記入)
▼きっかけ [単一] もし ご希望のメニュー=カラー
・Instagram
・紹介
▼ご要望 [長文] 500字まで
＋回答後 タグ付ける 回答済"""
EVERYTHING = """■フォーム 診断
題名: お肌診断
説明: 1分で終わります
すぐです

どうぞ
色: #06C755
回答: 12/20 18:00まで書き直せる
期間: 12/1〜12/20 18:00
定員: 30
確認: する
前回の回答: 出す
項目の上書き: 空欄だけ
お礼: ありがとうございました！
クーポンをお送りしました。
お礼リンク: ホームページ https://example.com
お礼後: フォーム:次
満員: 満員になりました
▼お名前 [短文] 必須 → 項目:氏名
例: 山田 花子
ご予約のお名前です
▼お誕生日 [日付] 〜今日 → 項目:誕生日 → タグ付ける 誕生日あり
▼お客様について [ページ] もし お名前 回答あり
▼きっかけ [単一] 非表示 もし お名前=山田・佐藤 かつ お名前 回答あり
・Instagram 3点 正解
・紹介 先着10人
▼年齢 [数値] 必須 0〜120 5点
正解: 20
解説: 大人です
▼満足度 [評価5]
▼おすすめ度 [段階10]
両端: 低い〜高い
▼写真 [画像] 5MBまで
▼経路 [隠し]
値: ?route
▼ご案内 [説明]
お読みください
▼よくできました [結果] 80点以上
おめでとうございます
＋ボタン 見る → https://example.com
▼また今度 [結果] 40〜79点 もし きっかけ=紹介
またどうぞ
＋回答後 タグ付ける 回答済"""


@pytest.fixture
async def shop(db: str) -> Shop:
    shop = Shop(configuration.Cache(TOKYO, liff=LIFF))
    await shop.claim()
    return shop


async def stored(number: int = 1, *, live: bool = False) -> dict[str, Any]:
    """The draft's form, or that of what is in force."""
    one = await kept.ROWS.get(number)
    found = await kept.ROWS.contents([(number, one.live if live or one.draft is None else one.draft)])  # type: ignore[list-item]
    return dict(orjson.loads(next(iter(found.values()))))


def questions(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for page in content["form"]["pages"] for one in page["questions"]]


async def published(shop: Shop, block: str = SURVEY) -> None:
    await shop.press(await shop.ask(block))


# ---- the language ----


@pytest.mark.parametrize("block", [SURVEY, EVERYTHING])
def test_it_prints_what_it_reads(block: str) -> None:
    reading = read(block, Context())
    assert isinstance(reading, Paste)
    assert list(reading.faults) == []
    assert print_block(reading.definitions[0]) == block


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        *((f"低い{sign}高い", "低い〜高い") for sign in ["〜", "~", "～", ",", "、", "，", "/", "／", "・", "→", "-"]),
        *((f"低い{sign}高い", "低い〜高い") for sign in (" - ", "　ー　", " 〜 ", ", ", " – ")),
        ("とても・低い, とても・高い", "とても・低い〜とても・高い"),
        ("スーパー - e-mail", "スーパー〜e-mail"),
    ],
)
def test_the_ends_of_a_scale_are_parted_as_people_part_them(typed: str, printed: str) -> None:
    reading = read(f"■フォーム A\n▼満足度 [段階5]\n両端: {typed}", Context())
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    shown = print_block(reading.definitions[0])
    assert shown == f"■フォーム A\n回答: 1人1回\n▼満足度 [段階5]\n両端: {printed}"
    again = read(shown, Context())
    assert isinstance(again, Paste)
    assert print_block(again.definitions[0]) == shown


@pytest.mark.parametrize("typed", ["低い", "〜高い", "低い〜中〜高い", "1〜3点/4〜5点", "スーパー"])
def test_ends_that_are_not_two_are_told(typed: str) -> None:
    reading = read(f"■フォーム A\n▼満足度 [段階5]\n両端: {typed}", Context())
    assert isinstance(reading, Paste)
    assert [fault.line for fault in reading.faults] == [3]


@pytest.mark.parametrize("label", ["▼ お名前", "[大切] お名前", "もし → なら", "「お名前」", "1~2", "＋回答後"])
def test_any_label_is_printed_so_that_it_is_read_again(label: str) -> None:
    given = definitions.Form("x", (definitions.FormQuestion(label, "text"),))
    reading = read(print_block(given), Context())
    assert isinstance(reading, Paste)
    assert list(reading.definitions) == [given]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("▼お名前", "種類がありません"),
        ("▼お名前 [たんぶん]", "種類「たんぶん」が分かりません"),
        ("▼お名前 [短文] 必須な", "「必須な」が分かりません"),
        ("▼きっかけ [単一]", "下に選択肢がありません"),
        ("▼お名前 [短文]\n・はい", "[短文] では使えません"),
        ("▼お名前 [短文] 20字以上 10字まで", "小さい方を先に"),
        ("▼きっかけ [単一]\n・はい\n・はい", "「はい」は2回書かれています"),
        ("▼お名前 [短文]\n▼お名前 [電話]", "質問「お名前」は2回書かれています"),
        ("▼写真 [画像] → 項目:氏名", "項目に入れられません"),
        ("定員: たくさん\n▼お名前 [短文]", "人数が読めません"),
        ("回答: たまに\n▼お名前 [短文]", "回数が読めません"),
        ("色: きれいな色\n▼お名前 [短文]", "色が読めません"),
        ("▼はじめに [見出し]", "質問がありません"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: str, told: str) -> None:
    reading = read(f"■フォーム 来店\n{line}", Context())
    assert isinstance(reading, Paste)
    assert [fault for fault in reading.faults if told in fault.what and fault.line > 0] != []


# ---- pasted ----


async def test_a_pasted_form_is_a_draft_with_numbers_for_its_names(shop: Shop) -> None:
    answer = await shop.ask(SURVEY)
    assert "下書き（版1）" in answer.text
    assert "新しく作った項目: 氏名" in answer.text
    content = await stored()
    form = definition.read(content["form"])
    name, menu, why, wish = form.questions()
    assert (name.kind, name.required, name.field) == ("text", True, 1)
    assert [option.label for option in menu.options] == ["カット", "カラー", "その他"]
    assert [option.places for option in menu.options] == [None, 10, None]
    assert menu.options[2].other
    assert why.when == {"q": menu.key, "is": [menu.options[1].key]}
    assert wish.most == 500
    assert [action.kind for action in form.actions] == ["tag_on"]
    assert content["source"].startswith("■フォーム 来店アンケート\n説明")
    assert "項目:#K1" in content["source"]


async def test_an_address_on_a_result_is_no_message_and_is_not_counted(shop: Shop) -> None:
    block = "■フォーム 診断\n▼お名前 [短文]\n▼健やか髪 [結果]\nよい髪です\n＋ボタン メニュー → https://example.com/menu"
    answer = await shop.ask(block)
    assert "下書き（版1）" in answer.text
    assert "クリックを数える" not in answer.text
    assert (await stored())["form"]["results"][0]["link"]["address"] == "https://example.com/menu"


async def test_the_card_tells_which_result_is_shown_when(shop: Shop) -> None:
    block = "■フォーム 診断\n▼くせ [単一] 必須\n・ある 4点\n・ない 1点\n▼くせ毛 [結果] もし くせ=ある\nA\n"
    shown = (await shop.ask(block + "▼乾燥 [結果] 4点以上\nB\n▼普通 [結果] 2〜3点\nC\n▼健やか [結果]\nD")).text
    assert "結果「くせ毛」（くせ=ある の時）" in shown
    assert "結果「乾燥」（4点以上）" in shown
    assert "結果「普通」（2〜3点）" in shown
    assert "結果「健やか」（ほかに合わない時）" in shown


async def test_the_card_tells_when_staff_hear_of_an_answer(shop: Shop) -> None:
    block = "■フォーム 声\n▼担当 [単一]\n・山田{}\n・佐藤\n▼また [結果]\nどうぞ\n{}"
    heard = "次にだれかが発言した時に出ます（0通）"
    assert heard not in (await shop.ask(block.format("", ""))).text
    assert heard in (await shop.ask(block.format(" → 通知 グループ 「ご指名です」", ""))).text
    assert heard in (await shop.ask(block.format("", "＋回答後 通知 グループ 「回答です」"))).text


async def test_labels_keep_their_keys_through_all_versions(shop: Shop) -> None:
    await shop.ask(SURVEY)
    before = {one["label"]: one["key"] for one in questions(await stored())}
    await shop.ask(SURVEY.replace("▼きっかけ [単一] もし ご希望のメニュー=カラー\n・Instagram\n・紹介\n", ""))
    await shop.ask(SURVEY.replace("▼お名前", "▼年齢 [数値]\n▼お名前"))
    after = {one["label"]: one["key"] for one in questions(await stored())}
    assert {label: after[label] for label in before} == before
    assert len(set(after.values())) == len(after)


async def test_a_condition_must_name_what_is_asked_before_it(shop: Shop) -> None:
    answer = await shop.ask(SURVEY.replace("もし ご希望のメニュー=カラー", "もし ご希望のメニュー=パーマ"))
    assert "「パーマ」は、質問「ご希望のメニュー」の答えにありません" in answer.text
    answer = await shop.ask(SURVEY.replace("もし ご希望のメニュー=カラー", "もし ご要望 回答あり"))
    assert "「ご要望」という質問は、これより前にありません" in answer.text
    assert await kept.ROWS.everything() == []


async def test_an_answer_that_does_not_fit_its_field_is_refused(shop: Shop) -> None:
    await shop.ask("項目 作成 来店日 日付")
    answer = await shop.ask("■フォーム x\n▼お名前 [短文] → 項目:来店日")
    assert "項目「来店日」（日付）には入れられません" in answer.text
    assert await kept.ROWS.everything() == []


# ---- in force ----


async def test_publishing_tells_the_link(shop: Shop) -> None:
    card = await shop.ask(SURVEY)
    assert "質問: 4問" in card.text
    answer = await shop.press(card)
    assert f"{LIFF}/f/1" in answer.text
    assert (await kept.ROWS.get(1)).state == "live"
    shown = await shop.ask("フォーム 表示 来店アンケート")
    assert "公開中（版1）" in shown.text
    assert "カラー … 残り10" in shown.text
    assert shown.messages[0]["type"] == "image"


async def test_without_a_liff_app_it_says_that_nobody_can_open_it(db: str) -> None:
    shop = Shop()
    await shop.claim()
    card = await shop.ask(SURVEY)
    assert "LIFF_ID" in card.text
    assert "LIFF_ID" in (await shop.press(card)).text


async def test_values_that_would_be_written_over_are_asked_about(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 氏名 文字")
    await shop.ask("/項目 田中 氏名=田中太郎")
    card = await shop.ask(SURVEY)
    assert "氏名 は、今の1人分を上書きします" in card.text
    asked = await shop.press(card)
    assert "今ある値をどうするか" in asked.text
    await shop.press(asked, way="empty")
    content = await stored(live=True)
    assert content["form"]["overwrite"] == "empty"
    assert "項目の上書き: 空欄だけ" in content["source"]
    assert (await kept.ROWS.get(1)).state == "live"


async def test_it_stops_and_goes_on_and_an_operator_may_not_publish(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(SURVEY, SATO)
    assert "🔒" in (await shop.ask("フォーム 公開 来店アンケート", SATO)).text
    await shop.press(await shop.ask("フォーム 公開 来店アンケート"))
    assert "停止しました" in (await shop.ask("フォーム 停止 来店アンケート")).text
    assert (await kept.ROWS.get(1)).state == "paused"
    await shop.press(await shop.ask("フォーム 再開 来店アンケート"))
    assert (await kept.ROWS.get(1)).state == "live"
    await shop.ask("フォーム 停止 来店アンケート")
    await shop.ask("取消")
    assert (await kept.ROWS.get(1)).state == "live"


async def test_a_change_of_what_is_in_force_is_a_choice(shop: Shop) -> None:
    await published(shop)
    asked = await shop.ask("フォーム 変更 来店アンケート 定員=30 締切=12/20 23:59")
    assert "＋ 定員: 30" in asked.text
    await shop.press(asked, way="live")
    form = (await stored(live=True))["form"]
    assert form["places"] == 30
    assert form["until"].endswith("-12-20T23:59:00+09:00")
    await shop.press(await shop.ask("フォーム 変更 来店アンケート 定員 なし"), way="draft")
    assert (await stored())["form"]["places"] is None
    assert (await stored(live=True))["form"]["places"] == 30


async def test_one_question_is_changed_by_its_number(shop: Shop) -> None:
    await shop.ask(SURVEY)
    keys = [one["key"] for one in questions(await stored())]
    await shop.ask("フォーム 変更 来店アンケート 問4 必須")
    await shop.ask("/フォーム 変更 来店アンケート 問4 300字まで")
    await shop.ask("フォーム 変更 来店アンケート 問2 名前 ご希望")
    await shop.ask("/フォーム 変更 来店アンケート 問1 説明\nご予約のお名前です")
    name, menu, why, wish = questions(await stored())
    assert (wish["required"], wish["most"]) == (True, 300)
    assert (menu["label"], name["help"]) == ("ご希望", "ご予約のお名前です")
    assert [one["key"] for one in (name, menu, why, wish)] == keys
    assert why["when"]["q"] == menu["key"]
    await shop.ask("フォーム 変更 来店アンケート 問3 削除")
    assert [one["label"] for one in questions(await stored())] == ["お名前", "ご希望", "ご要望"]
    await shop.ask("/フォーム 変更 来店アンケート 問3 もし お名前 回答あり")
    await shop.ask("/フォーム 変更 来店アンケート 問3 → 項目:氏名")
    wish = questions(await stored())[2]
    assert (wish["field"], wish["when"]) == (1, {"q": keys[0], "filled": True})
    assert "問9 はありません" in (await shop.ask("フォーム 変更 来店アンケート 問9 必須")).text


async def test_thanks_are_written_below_the_command(shop: Shop) -> None:
    await shop.ask(SURVEY)
    await shop.ask("/フォーム 変更 来店アンケート お礼\nありがとうございます。\n\nまたどうぞ")
    assert (await stored())["form"]["thanks"]["text"] == "ありがとうございます。\n\nまたどうぞ"


# ---- looked at ----


async def test_the_page_is_shown_as_a_picture_with_a_link_to_try_it(shop: Shop) -> None:
    await shop.ask(SURVEY)
    answer = await shop.ask("フォーム 確認 来店アンケート")
    assert answer.messages[0]["type"] == "image"
    assert "https://media.invalid/preview/" in str(answer.messages)
    drawn = await database.value("SELECT drawn FROM charts ORDER BY id DESC LIMIT 1")
    assert [part["label"] for part in orjson.loads(drawn)["parts"]] == [
        "お名前",
        "ご希望のメニュー",
        "きっかけ",
        "ご要望",
    ]


async def test_old_versions_copies_and_the_bin(shop: Shop) -> None:
    await published(shop)
    await shop.press(await shop.ask(SURVEY.replace("1分", "2分")), way="live")
    assert "版2" in (await shop.ask("フォーム 版 来店アンケート")).text
    await shop.press(await shop.ask("フォーム 元に戻す 来店アンケート 版1"), way="live")
    assert (await stored(live=True))["form"]["description"] == "1分で終わります"
    await shop.ask("フォーム 複製 来店アンケート → 春のアンケート")
    assert [one.kept.name for one in await kept.ROWS.everything()] == ["来店アンケート", "春のアンケート"]
    await shop.press(await shop.ask("フォーム 削除 春のアンケート"))
    assert [one.kept.name for one in await kept.ROWS.everything()] == ["来店アンケート"]
    await shop.ask("フォーム 元に戻す 春のアンケート")
    assert [one.kept.name for one in await kept.ROWS.everything()] == ["来店アンケート", "春のアンケート"]
    assert "下書き" in (await shop.ask("下書き 一覧")).text
    dumped = await shop.ask("フォーム 書出 来店アンケート")
    assert SURVEY.split("▼")[1].strip() in dumped.text


async def test_a_form_uses_what_it_names(shop: Shop) -> None:
    await published(shop)
    assert "フォーム「来店アンケート」" in (await shop.ask("タグ 使用先 希望カット")).text
    assert "フォーム「来店アンケート」" in (await shop.ask("項目 使用先 氏名")).text


async def test_the_wizard_asks_question_by_question(shop: Shop) -> None:
    await shop.ask("フォーム 作成")
    await shop.ask("ご意見")
    await shop.ask("1")
    await shop.ask("ありがとうございました")
    await shop.ask("ご希望 [単一] 必須 → 項目:ご希望")
    await shop.ask("カット")
    await shop.ask("カラー")
    await shop.ask("とばす")
    answer = await shop.ask("1")
    assert "フォーム「ご意見」" in answer.text
    [one] = questions(await stored())
    assert (one["label"], one["required"], one["field"]) == ("ご希望", True, 1)
    assert [option["label"] for option in one["options"]] == ["カット", "カラー"]


async def test_it_is_sent_as_the_draft_of_a_broadcast(shop: Shop) -> None:
    await shop.ask(SURVEY)
    assert "先に公開してください" in (await shop.ask("フォーム 送る 来店アンケート")).text
    answer = await shop.press(await shop.ask("フォーム 公開 来店アンケート"))
    assert answer.taps["リンクをコピー"] == f"{LIFF}/f/1"
    await befriend("田中")
    made = await shop.ask(answer.taps["配信で送る"])
    assert "来店アンケートのご案内" in made.text
    assert "まだ送っていません" in made.text
    assert await database.value("SELECT count(*) FROM outbox WHERE class = 'promotional'") == 0
    await shop.ask("/フォーム 送る 来店アンケート 対象: 全員")
    assert await database.value("SELECT count(*) FROM broadcasts WHERE deleted_at IS NULL") == 2

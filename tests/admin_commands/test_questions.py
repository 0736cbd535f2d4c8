"""▼質問 in a template: pasted, printed again, answered by friends, counted for staff."""

from jobs import configuration, facts
from storage import database
from tests.admin_commands.shop import TOKYO, Shop, befriend, worn
from tests.jobs import engine

QUESTION = """\
■テンプレ 好み
回答: 1回
2回目: もう伺っています😊
満員: ごめんなさい、満員です
▼質問
どちらがお好みですか？
・・印は選択肢ではありません
・カット 先着1人 → タグ付ける カット
・カラー（先着２０名） → タグ付ける カラー → 送る 「カラーですね」
・まだ決めていない"""


async def press(friend: int, label: str) -> None:
    button = await database.value("SELECT id FROM buttons WHERE label = $1 ORDER BY id DESC LIMIT 1", label)
    await engine.let_happen(configuration.Cache(TOKYO), [(friend, facts.Pressed(button))])


async def said() -> list[str]:
    found = await database.rows(
        "SELECT convert_from(body, 'utf8')::jsonb #>> '{0,text}' AS text FROM outbox ORDER BY id"
    )
    return [row["text"] for row in found]


async def test_it_prints_a_question_as_it_was_pasted(shop: Shop) -> None:
    await shop.ask(QUESTION)
    printed = (await shop.ask("テンプレ 書出 好み")).text
    assert printed.replace("版: 1\n", "") == QUESTION.replace("（先着２０名）", " 先着20人")
    assert "変更なし" in (await shop.ask(printed)).text
    assert "質問: カット・カラー・まだ決めていない（1人1回）" in (await shop.ask("テンプレ 表示 好み")).text
    await shop.ask("テンプレ 変更 好み 本文\nどれになさいますか？")
    printed = (await shop.ask("テンプレ 書出 好み")).text
    assert "▼質問\nどれになさいますか？\n・カット 先着1人 → タグ付ける カット" in printed


async def test_it_counts_answers_and_tells_who_gave_them(shop: Shop) -> None:
    hanako, ichiro, jiro = await befriend("田中 花子", "鈴木 一郎", "佐藤 次郎")
    told = await shop.ask(QUESTION)
    assert "❌" not in told.text
    await press(hanako, "カット")
    await press(hanako, "カラー")
    await press(ichiro, "カット")
    await press(ichiro, "カラー")
    await press(jiro, "まだ決めていない")
    assert (await worn(hanako), await worn(ichiro), await worn(jiro)) == (["カット"], ["カラー"], [])
    assert await said() == ["もう伺っています😊", "ごめんなさい、満員です", "カラーですね"]
    told = await shop.ask("テンプレ 結果 好み")
    assert "答えた人: 3人（1人1回）" in told.text
    assert "カット … 1人（先着1人・満員）" in told.text
    assert "カラー … 1人（先着20人）" in told.text
    assert "まだ決めていない … 1人" in told.text
    assert "田中 花子" in (await shop.ask("1")).text
    assert "鈴木 一郎" in (await shop.ask("テンプレ 結果 好み カラー")).text
    assert "選択肢: カット・カラー・まだ決めていない" in (await shop.ask("テンプレ 結果 好み パーマ")).text


async def test_it_keeps_the_answers_of_a_question_that_is_written_anew(shop: Shop) -> None:
    [hanako, ichiro] = await befriend("田中 花子", "鈴木 一郎")
    await shop.ask(QUESTION)
    await press(hanako, "カット")
    await shop.ask(QUESTION.replace("どちらが", "どれが").replace("・まだ決めていない", "・パーマ"))
    await shop.ask("■テンプレ 好み\n回答: 1回\n▼質問\n朝と夜では？\n・朝\n・夜\n" + QUESTION.partition("です\n")[2])
    told = await shop.ask("テンプレ 結果 好み")
    assert "1つ目に答えた人: 0人" in told.text
    assert "2つ目に答えた人: 1人" in told.text
    await press(ichiro, "カット")
    assert (await said())[-1].startswith("申し訳ありません。「カット」は定員に達した")
    await press(ichiro, "朝")
    assert "鈴木 一郎" in (await shop.ask("テンプレ 結果 好み 朝 質問=1")).text
    await shop.ask("取消")
    assert "答えた人: 1人（1人1回）" in (await shop.ask("テンプレ 結果 好み")).text


async def test_it_says_what_is_wrong_with_a_question(shop: Shop) -> None:
    assert "回答: 何度でも" in (await shop.ask("■テンプレ 好み\n回答: たまに\n▼質問\nどちら？\n・はい")).text
    assert (
        "「先着」は、アドレスを開くだけ"
        in (await shop.ask("■テンプレ 好み\n▼質問\nどちら？\n・見る 先着3人 → https://a.example")).text
    )
    assert "2回書かれています" in (await shop.ask("■テンプレ 好み\n▼質問\nどちら？\n・はい\n・ハイ\n・はい")).text
    assert (
        "▼質問はありません"
        in (await shop.ask("■テンプレ 挨拶\n▼本文\nこんにちは")).text + (await shop.ask("テンプレ 結果 挨拶")).text
    )

"""One evening from the code to the first friend in a scenario, and everything taken back."""

from storage import database
from tests.admin_commands.shop import Shop, befriend, walks, worn

WELCOME = """■シナリオ ようこそ
開始: 友だち追加
終了: タグ:購入済 が付いたら
▼すぐ
{名前}さん、ありがとうございます😊
▼1日後 12:00
人気のスタイルです。
＋ボタン 見る → タグ付ける スタイル閲覧
▼3日後 19:00
＋実行 タグ付ける 関心高
お手入れのコツです。"""


async def test_it_goes_from_the_code_to_the_first_friend(stranger_shop: Shop) -> None:
    shop = stranger_shop
    [tanaka] = await befriend("田中 花子")
    assert "山田さん" in (await shop.claim()).text
    assert "タグ" in (await shop.ask("ヘルプ")).text
    assert "#T1" in (await shop.ask("タグ 作成 VIP")).text
    assert "VIP" in (await shop.ask("タグ 一覧")).text
    assert "田中 花子さんに付けました" in (await shop.ask("タグ 付ける VIP 田中")).text
    assert await worn(tanaka) == ["VIP"]
    preview = await shop.ask(WELCOME)
    assert "下書き" in preview.text
    assert "新しく作ったタグ: スタイル閲覧・関心高・購入済" in preview.text
    published = await shop.press(preview)
    assert "公開しました" in published.text
    put_on = await shop.ask("シナリオ 付ける ようこそ 田中")
    assert put_on.rows
    assert [walk["state"] for walk in await walks()] == ["active"]
    assert "取り消しました" in (await shop.ask("取消")).text
    assert [walk["state"] for walk in await walks()] == ["stopped"]
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await database.value("SELECT state FROM scenarios") == "draft"

"""The whole way of a form: pasted in the group, answered by a customer in LINE, acted upon, told to staff."""

import asyncio

import pytest

from jobs.forms import definition, opening
from storage import database, staff
from tests.admin_commands.shop import Shop
from tests.liff.conftest import Site
from tests.simulator import control

BLOCK = """■フォーム 来店アンケート
説明: 1分で終わります
回答: 1人1回
お礼: ありがとうございました！クーポンをお送りしました。
色: #06C755
▼お名前 [短文] 必須 →項目:氏名
▼ご希望のメニュー [複数] 必須
・カット →タグ付ける 希望カット
・カラー 先着1人 →タグ付ける 希望カラー
・その他(記入)
▼お誕生日 [日付] →項目:誕生日
▼電話番号 [電話] 必須 →項目:電話
▼きっかけ [単一] もし ご希望のメニュー=カラー
・Instagram
・紹介
▼ご要望 [長文] 500字まで
＋回答後 タグ付ける 回答済 → 送る 「{氏名}さま、クーポンです」 → 通知 グループ「{氏名}さんが回答しました」"""


@pytest.fixture
async def shop(site: Site, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(staff, "COST", 2)
    shop = Shop(cache=site.house.cache)
    await shop.claim()
    return shop


async def test_what_staff_paste_is_answered_in_line_and_comes_back_to_them(
    site: Site, shop: Shop, channel: control.Channel
) -> None:
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    await shop.ask(BLOCK)
    published = await shop.press(await shop.ask("/フォーム 公開 来店アンケート"))
    assert "公開" in published.text
    number = await database.value("SELECT id FROM forms WHERE state = 'live'")
    visit = await site.visit(tanaka, f"/f/{number}")
    about = {name: visit.island("form-data")[name] for name in ("attempt", "revision", "version")}
    keys = {one.label: one.key for one in (await form(site, number)).questions()}
    answers = {
        "お名前": "田中　花子",
        "ご希望のメニュー": ["o2", "o3"],
        "お誕生日": "1990-05-03",
        "電話番号": "０９０ー１２３４−５６７８",
    }
    raw = {keys[label]: given for label, given in answers.items()} | {f"{keys['ご希望のメニュー']}.other": "着付け"}
    lacking = await visit.post(f"/f/{number}/answers", about | {"values": raw | {keys["電話番号"]: "1"}})
    assert (lacking[0], list(lacking[1]["faults"])) == (422, [keys["電話番号"]])
    status, told = await visit.post(f"/f/{number}/answers", about | {"values": raw | {keys["きっかけ"]: "o2"}})
    assert (status, "クーポンをお送りしました" in told["html"]) == (200, True)
    friend = await database.value("SELECT friend_id FROM submissions")
    noted = {one: await field(one, friend) for one in ("氏名", "誕生日", "電話")}
    assert noted == {"氏名": "田中　花子", "誕生日": "1990-05-03", "電話": "09012345678"}
    worn = await database.rows("SELECT t.name FROM friend_tags w JOIN tags t ON t.id = w.tag_id ORDER BY t.id")
    assert [row["name"] for row in worn] == ["希望カラー", "回答済"]
    assert await seen(channel) == ["田中　花子さま、クーポンです"]
    notice = await database.value("SELECT convert_from(body, 'UTF8') FROM outbox WHERE state = 'waiting'")
    assert "さんが回答しました" in notice
    for said, shown in (
        ("フォーム 結果 来店アンケート", "問5 きっかけ: 1件 100%（紹介 1件）"),
        ("フォーム 回答 来店アンケート", "ご希望のメニュー: カラー・その他（着付け）"),
        ("フォーム 表示 来店アンケート", "・カラー … 残り0"),
        ("友だち 検索 フォーム:来店アンケート.きっかけ=紹介", "1. 田中 花子 #F1"),
        ("使用量 内訳", f"フォーム「来店アンケート」#Q{number} 1通"),
        ("タグ 使用先 回答済", "フォーム「来店アンケート」"),
    ):
        assert shown in (await shop.ask(f"/{said}")).text, said


async def form(site: Site, number: int) -> definition.Form:
    found = await opening.version(site.house.cache, number, 1)
    assert found is not None
    return found


async def field(name: str, friend: int) -> str | None:
    found: str | None = await database.value(
        "SELECT v.text FROM field_values v JOIN fields k ON k.id = v.field_id WHERE k.name = $1 AND v.friend_id = $2",
        name,
        friend,
    )
    return found


async def seen(channel: control.Channel) -> list[str]:
    """What people have got, once something has come."""
    async with asyncio.timeout(10):
        while not (found := [one.text for one in await channel.deliveries()]):
            await asyncio.sleep(0.05)
    return found
